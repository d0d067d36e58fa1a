/* Who is kept out of the server; and the end of what was set for a time, in rooms too.
 *
 * A ban is looked at when somebody connects (by his address alone), when he enters, when he logs in
 * later, and when it is made. */
#include "server/core/rules/bans.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/cidr.h"
#include "common/text.h"
#include "server/core/names.h"
#include "server/core/rules/ban_list.h"
#include "server/core/rules/connections.h"
#include "server/core/rules/presence.h"
#include "server/core/subject.h"

enum {
    REASON_BYTES = 512,
    PLACE_BITS = 64, /* of an address of IPv6 */
};

/* The ban that is about the session at that address (NULL: its own). */
static const struct ban *find_at(const struct hub *hub, const struct session *session,
                                 const char *address)
{
    if (hub->ban_count == 0)
        return NULL;
    struct subject subject;
    const struct ban *ban;
    struct session there = *session;
    if (address != NULL)
        there.address = address;
    subject_init(&subject, &there);
    for (size_t at = 0; (ban = hub_next_ban(hub, &at)) != NULL;) {
        if (subject_fits(&subject, ban->key, true))
            break;
    }
    subject_release(&subject);
    return ban;
}

const struct ban *bans_find(const struct hub *hub, const struct session *session)
{
    return find_at(hub, session, NULL);
}

const struct ban *bans_find_as(const struct hub *hub, const struct session *session,
                               const char *nick)
{
    struct session renamed = *session;
    renamed.nick = nick;
    return bans_find(hub, &renamed);
}

void bans_refuse(struct step *step, const struct ban *ban)
{
    step_refuse_about(step, REFUSED_SHUT_OUT, ban->mask, ban->reason);
    step->out->effects[step->out->count - 1].note.until_ms = ban->until_ms;
}

/* "Banned (ada (spam))", as others see it. */
static void write_reason(struct str *out, const struct step *step)
{
    str_addf(out, "Banned (%s (%s))", step->session->nick, step->command->text);
}

/* Which of a session's connections are banned now, as many as there is room for. */
static size_t banned_of(const struct hub *hub, const struct session *session,
                        struct connection **banned)
{
    size_t count = 0;
    for (struct connection *one = session->connections; one != NULL; one = one->next) {
        if (find_at(hub, session, connection_address(one)) != NULL)
            banned[count++] = one;
    }
    return count;
}

/* Ends them, and with all of them the session. */
static void send_away(struct step *step, struct session *session, const char *reason)
{
    struct connection **banned = xcalloc(session->connection_count, sizeof(struct connection *));
    size_t count = banned_of(step->hub, session, banned);
    if (count == session->connection_count) {
        presence_end(step, session, reason);
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct step own = *step;
        own.session = session;
        own.connection = banned[i];
        connections_leave(&own, reason);
    }
    free(banned);
}

void bans_send_away(struct step *step)
{
    struct hub *hub = step->hub;
    struct str reason;
    struct table_walk walk = {0};
    size_t count = 0;
    struct session **sessions = xcalloc(hub->nicks.len, sizeof(struct session *));
    for (struct session *session; (session = index_next(&hub->nicks, &walk)) != NULL;) {
        if (session != step->session)
            sessions[count++] = session;
    }
    str_init(&reason, REASON_BYTES + hub->config.max_nick_bytes + 16);
    write_reason(&reason, step);
    for (size_t i = 0; i < count; i++)
        send_away(step, sessions[i], reason.data);
    str_release(&reason);
    free(sessions);
}

static void ban(struct step *step, const char *mask)
{
    const struct command *command = step->command;
    const char *reason = command->text != NULL ? command->text : "";
    const struct ban *made = ban_list_put(
        step->hub,
        (struct ban){
            .mask = xstrdup(mask),
            .by = xstrdup(step->session->nick),
            .reason = xmemdup0(reason, text_cut_bytes(reason, strlen(reason), REASON_BYTES)),
            .set_ms = step->hub->now_ms,
            .until_ms = command->until_ms,
        });
    ban_list_keep(step, made);
    step_audit(step, &(struct audit_record){.did = "KLINE",
                                            .whom = made->mask,
                                            .why = made->reason,
                                            .until_ms = made->until_ms});
}

/* Adds the mask of an address to a list of masks, each with a blank behind it, unless it is there. Whoever
 * has an address of IPv6 has the 2^64 beside it. */
static void add_address(struct str *masks, const char *address)
{
    struct cidr network;
    struct str mask;
    str_init(&mask, SIZE_MAX / 4);
    str_adds(&mask, "*!*@");
    if (cidr_parse(&network, address) && !cidr_is_v4(&network) && !cidr_is_loopback(address)) {
        cidr_widen(&network, PLACE_BITS);
        cidr_write(&network, &mask);
    } else {
        str_adds(&mask, address);
    }
    str_addc(&mask, ' ');
    if (strstr(masks->data, mask.data) == NULL)
        str_adds(masks, mask.data);
    str_release(&mask);
}

/* The masks that are about somebody wherever he goes, as far as it can be: his account, without which he
 * would come back at once, and where he is. */
static void masks_of(struct str *masks, const struct session *session)
{
    if (session->account != NULL)
        str_addf(masks, "~a:%s ", session->account);
    for (const struct connection *one = session->connections; one != NULL; one = one->next) {
        const char *address = connection_address(one);
        add_address(masks, address != NULL ? address : session->address);
    }
}

/* No host begins with a colon, but an address such as "::1" does. */
static bool is_host_mask(const char *mask)
{
    const char *at = strrchr(mask, '@');
    struct cidr address;
    return at != NULL && (at[1] != ':' || cidr_parse(&address, at + 1));
}

/* What people mean who type less: a host needs no "*!*@". */
static enum refusal complete(const struct step *step, const char *typed, struct str *masks)
{
    struct str mask;
    str_init(&mask, step->hub->config.max_mask_bytes);
    if (strncmp(typed, "~a:", 3) == 0 || strchr(typed, '!') != NULL)
        str_adds(&mask, typed);
    else
        str_addf(&mask, "%s%s", strchr(typed, '@') != NULL ? "*!" : "*!*@", typed);
    bool good = !mask.overflow && strchr(mask.data, ' ') == NULL &&
                (strncmp(mask.data, "~a:", 3) == 0 ? mask.len > 3 : is_host_mask(mask.data)) &&
                text_is_harmless(mask.data, mask.len);
    if (good)
        str_addf(masks, "%s ", mask.data);
    str_release(&mask);
    return good ? REFUSED_NOTHING : REFUSED_MASK_BAD;
}

/* Appends the masks that are meant, each with a blank behind it. A nick is somebody who is here. */
static enum refusal mean(const struct step *step, const char *typed, struct str *masks)
{
    if (!name_is_nick(typed, step->hub->config.max_nick_bytes))
        return complete(step, typed, masks);
    const struct session *meant = hub_holder(step->hub, typed);
    if (meant == NULL || !meant->entered)
        return REFUSED_NO_SUCH_NICK;
    masks_of(masks, meant);
    return REFUSED_NOTHING;
}

/* Whether the one who bans would be banned himself. */
static bool is_own(const struct step *step, const char *mask)
{
    struct subject subject;
    char *key = name_key_new(mask);
    subject_init(&subject, step->session);
    bool fits = subject_fits(&subject, key, true);
    subject_release(&subject);
    free(key);
    return fits;
}

static enum refusal refusal_of(struct step *step, const char *mask)
{
    if (is_own(step, mask))
        return REFUSED_MASK_YOURS;
    bool full = step->hub->ban_count >= step->hub->config.max_bans;
    return full && ban_list_find(step->hub, mask) == NULL ? REFUSED_LIST_FULL : REFUSED_NOTHING;
}

/* Takes the next mask off a list; NULL at its end. */
static const char *next_mask(char **masks)
{
    char *mask = strsep(masks, " ");
    return mask != NULL && *mask != '\0' ? mask : NULL;
}

/* The first mask must be possible; of the others those that are. Appends those that were. */
static enum refusal ban_all(struct step *step, struct str *masks, struct str *banned)
{
    char *rest = masks->data;
    for (const char *mask; (mask = next_mask(&rest)) != NULL;) {
        enum refusal refusal = refusal_of(step, mask);
        if (refusal != REFUSED_NOTHING && banned->len == 0)
            return refusal;
        if (refusal != REFUSED_NOTHING)
            continue;
        ban(step, mask);
        str_addf(banned, "%s%s", banned->len > 0 ? ", " : "", mask);
    }
    return REFUSED_NOTHING;
}

enum refusal bans_ban_session(struct step *step, const struct session *session)
{
    struct str masks;
    struct str banned;
    str_init(&masks, SIZE_MAX / 4);
    str_init(&banned, SIZE_MAX / 4);
    masks_of(&masks, session);
    enum refusal refusal = ban_all(step, &masks, &banned);
    str_release(&masks);
    str_release(&banned);
    return refusal;
}

void bans_ban(struct step *step)
{
    if ((step->session->flags & SESSION_OPERATOR) == 0) {
        step_refuse(step, REFUSED_NOT_PRIVILEGED, step->command->object);
        return;
    }
    struct str masks;
    struct str banned;
    str_init(&masks, SIZE_MAX / 4);
    str_init(&banned, SIZE_MAX / 4);
    enum refusal refusal = mean(step, step->command->object, &masks);
    if (refusal == REFUSED_NOTHING)
        refusal = ban_all(step, &masks, &banned);
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, step->command->object);
    } else {
        step_done(step, banned.data, NULL);
        bans_send_away(step);
    }
    str_release(&masks);
    str_release(&banned);
}

/* Takes off those of them that there are, and appends them. */
static void unban_all(struct step *step, struct str *masks, struct str *unbanned)
{
    char *rest = masks->data;
    for (const char *mask; (mask = next_mask(&rest)) != NULL;) {
        struct ban *found = ban_list_find(step->hub, mask);
        if (found == NULL)
            continue;
        step_audit(step, &(struct audit_record){.did = "UNKLINE", .whom = found->mask});
        str_addf(unbanned, "%s%s", unbanned->len > 0 ? ", " : "", found->mask);
        ban_list_remove(step, found);
    }
}

void bans_unban(struct step *step)
{
    const char *typed = step->command->object;
    if ((step->session->flags & SESSION_OPERATOR) == 0) {
        step_refuse(step, REFUSED_NOT_PRIVILEGED, typed);
        return;
    }
    struct str masks;
    struct str unbanned;
    str_init(&masks, SIZE_MAX / 4);
    str_init(&unbanned, SIZE_MAX / 4);
    if (mean(step, typed, &masks) != REFUSED_NOTHING)
        str_addf(&masks, "%s ", typed);
    unban_all(step, &masks, &unbanned);
    if (unbanned.len > 0)
        step_done(step, unbanned.data, NULL);
    else
        step_refuse(step, REFUSED_NO_SUCH_BAN, typed);
    str_release(&masks);
    str_release(&unbanned);
}

/* A mask that is over is taken off like any other, and by nobody. */
static void lift(struct step *step, struct room *room, const struct mask *mask)
{
    struct str text;
    str_init(&text, SIZE_MAX / 4);
    str_addf(&text, "-b %s", mask->text);
    step_audit(step,
               &(struct audit_record){.did = "UNBAN", .whom = mask->text, .where = room->name});
    step_append_own(step, (struct event){
                              .type = EVENT_MODE,
                              .log = room->log,
                              .target = room->name,
                              .text = text.data,
                          });
    str_release(&text);
    masks_remove(&room->lists[LIST_BANS], mask->text);
}

static void sweep_room(struct step *step, struct room *room)
{
    struct hub *hub = step->hub;
    const struct masks *masks = &room->lists[LIST_BANS];
    size_t before = masks->count;
    for (size_t i = masks->count; i-- > 0;) {
        const struct mask *mask = &masks->items[i];
        if (mask->until_ms != 0 && mask->until_ms <= hub->now_ms)
            lift(step, room, mask);
        else
            hub_note_expiry(hub, mask->until_ms);
    }
    if (masks->count != before)
        step_keep_room(step, room);
}

void bans_sweep(struct step *step)
{
    struct hub *hub = step->hub;
    if (hub->next_expiry_ms == 0 || hub->now_ms < hub->next_expiry_ms || !hub->store_up)
        return;
    hub->next_expiry_ms = 0;
    for (size_t i = hub->ban_count; i-- > 0;) {
        struct ban *ban = &hub->bans[i];
        if (ban_list_is_over(hub, ban)) {
            step_audit(step, &(struct audit_record){.did = "UNKLINE", .whom = ban->mask});
            ban_list_remove(step, ban);
        } else {
            hub_note_expiry(hub, ban->until_ms);
        }
    }
    struct table_walk walk = {0};
    for (struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;)
        sweep_room(step, room);
}
