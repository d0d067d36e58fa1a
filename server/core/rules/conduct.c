/* How a room is run: its modes and ranks, and its name. */
#include "server/core/rules/conduct.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/forwarding.h"

enum {
    MODE_TEXT_BYTES = 350, /* of one entry; more changes make more entries */
    LIMIT_MAX = 1000000,
};

/* The changes of one command that took effect, as they are written into the log. */
struct applied {
    struct str letters;
    struct str arguments;
    char sign;    /* of the last letter */
    bool refused; /* for want of rank, which is said once */
    bool moved;   /* the end of what is there already, or its reach; nobody is shown that */
};

/* One change being made. */
struct changing {
    struct step *step;
    struct room *room;
    const struct member *by;
    const struct mode *mode;
    bool add;
    const char *argument;
    int64_t until_ms;
    struct applied *applied;
};

static void refuse_change(const struct changing *changing, enum refusal refusal, const char *object)
{
    step_refuse_about(changing->step, refusal, changing->room->name, object);
}

/* The argument is missing, or not of the kind that the mode wants: names both. */
static void refuse_argument(const struct changing *changing)
{
    struct str text;
    str_init(&text, MODE_TEXT_BYTES);
    str_addc(&text, changing->mode->letter);
    if (changing->argument != NULL && changing->argument[0] != '\0')
        str_addf(&text, " %s", changing->argument);
    refuse_change(changing, REFUSED_MODE_ARGUMENT, text.data);
    str_release(&text);
}

static bool change_flag(const struct changing *changing)
{
    unsigned before = changing->room->flags;
    if (changing->add)
        changing->room->flags |= changing->mode->bit;
    else
        changing->room->flags &= ~changing->mode->bit;
    return changing->room->flags != before;
}

static bool is_password(const char *text, size_t max_bytes)
{
    size_t len = strlen(text);
    return len > 0 && len <= max_bytes && text[0] != ':' && strpbrk(text, " ,") == NULL &&
           text_is_harmless(text, len);
}

static bool change_password(struct changing *changing)
{
    struct room *room = changing->room;
    if (!changing->add) {
        if (room->password == NULL)
            return false;
        free(room->password);
        room->password = NULL;
        changing->argument = "*";
        return true;
    }
    if (!is_password(changing->argument, changing->step->hub->config.max_key_bytes)) {
        refuse_change(changing, REFUSED_KEY_BAD, changing->argument);
        return false;
    }
    if (room->password != NULL && strcmp(room->password, changing->argument) == 0)
        return false;
    free(room->password);
    room->password = xstrdup(changing->argument);
    return true;
}

static bool change_limit(const struct changing *changing)
{
    struct room *room = changing->room;
    size_t before = room->limit;
    if (!changing->add) {
        room->limit = 0;
        return before != 0;
    }
    char *end;
    long limit = strtol(changing->argument, &end, 10);
    if (*end != '\0' || limit <= 0 || limit > LIMIT_MAX) {
        refuse_argument(changing);
        return false;
    }
    room->limit = (size_t)limit;
    return room->limit != before;
}

static bool lists_full(const struct changing *changing)
{
    size_t count = 0;
    for (size_t list = 0; list < ROOM_LISTS; list++)
        count += changing->room->lists[list].count;
    return count >= changing->step->hub->config.max_list_masks;
}

/* A ban gets another end, also if that is none. */
static void move_end(const struct changing *changing, struct masks *masks, const char *mask)
{
    if (!masks_set_until(masks, mask, changing->until_ms))
        return;
    changing->applied->moved = true;
    if (changing->mode->bit == LIST_BANS)
        step_audit(changing->step, &(struct audit_record){.did = "BAN",
                                                          .whom = mask,
                                                          .where = changing->room->name,
                                                          .until_ms = changing->until_ms});
}

/* An operator of the server. */
static bool is_privileged(const struct changing *changing)
{
    return (changing->step->session->flags & SESSION_OPERATOR) != 0;
}

static bool change_list(struct changing *changing)
{
    struct masks *masks = &changing->room->lists[changing->mode->bit];
    struct str mask;
    str_init(&mask, changing->step->hub->config.max_mask_bytes);
    mask_complete(&mask, changing->argument);
    bool changed = false;
    if (mask.overflow || strchr(mask.data, ' ') != NULL || !text_is_harmless(mask.data, mask.len))
        refuse_argument(changing);
    else if (!changing->add)
        changed = masks_remove(masks, mask.data);
    else if (masks_has(masks, mask.data))
        move_end(changing, masks, mask.data);
    else if (lists_full(changing))
        refuse_change(changing, REFUSED_LIST_FULL, mask.data);
    else
        changed = masks_add(masks, mask.data, changing->step->session->nick,
                            changing->step->hub->now_ms, changing->until_ms);
    if (changing->add && is_privileged(changing) && masks_set_sees_address(masks, mask.data))
        changing->applied->moved = true;
    if (changed)
        changing->argument = outbox_copy(changing->step->out, mask.data);
    str_release(&mask);
    return changed;
}

static bool change_rank(struct changing *changing)
{
    struct room *room = changing->room;
    const struct session *session = hub_holder(changing->step->hub, changing->argument);
    if (session == NULL || !session->entered) {
        refuse_change(changing, REFUSED_NO_SUCH_NICK, changing->argument);
        return false;
    }
    struct member *member = room_member(room, session);
    if (member == NULL || !member->in) {
        refuse_change(changing, REFUSED_THEY_NOT_IN_ROOM, session->nick);
        return false;
    }
    unsigned before = member->ranks;
    /* Nobody takes a room from the one who keeps it; with his rank he lays that down, too. */
    bool keeper = (before & RANK_KEEPER) != 0 && changing->mode->bit == RANK_OPERATOR;
    if (keeper && !changing->add && session != changing->step->session &&
        !is_privileged(changing)) {
        refuse_change(changing, REFUSED_NOT_OPERATOR, NULL);
        return false;
    }
    if (changing->add)
        member->ranks |= changing->mode->bit;
    else
        member->ranks &= ~(changing->mode->bit | (keeper ? RANK_KEEPER : 0u));
    changing->argument = session->nick;
    if (member->ranks != before && session->account != NULL)
        room_set_standing(room, session->account, member->ranks);
    return member->ranks != before;
}

/* Everybody may lay down a rank of his own. */
static bool is_resigning(const struct changing *changing)
{
    return changing->mode->kind == MODE_RANK && !changing->add && changing->argument != NULL &&
           hub_holder(changing->step->hub, changing->argument) == changing->step->session;
}

static bool change(struct changing *changing)
{
    bool privileged = is_privileged(changing);
    unsigned ranks = changing->by != NULL ? changing->by->ranks : 0;
    if (!rank_reaches(ranks, changing->mode->needed) && !privileged && !is_resigning(changing)) {
        if (!changing->applied->refused)
            refuse_change(changing, REFUSED_NOT_OPERATOR, NULL);
        changing->applied->refused = true;
        return false;
    }
    bool needs_argument = changing->mode->kind == MODE_LIST || changing->mode->kind == MODE_RANK ||
                          (changing->add && changing->mode->kind != MODE_FLAG);
    if (needs_argument && (changing->argument == NULL || changing->argument[0] == '\0')) {
        refuse_argument(changing);
        return false;
    }
    switch (changing->mode->kind) {
    case MODE_FLAG:
        changing->argument = NULL;
        return change_flag(changing);
    case MODE_PASSWORD:
        return change_password(changing);
    case MODE_LIMIT:
        if (!changing->add)
            changing->argument = NULL;
        return change_limit(changing);
    case MODE_LIST:
        return change_list(changing);
    case MODE_RANK:
        return change_rank(changing);
    }
    return false;
}

static void append_applied(struct step *step, struct room *room, struct applied *applied)
{
    if (applied->letters.len > 0) {
        str_add(&applied->letters, applied->arguments.data, applied->arguments.len);
        room->in_flight++;
        step_append(step, (struct event){
                              .type = EVENT_MODE,
                              .who = session_who(step->session),
                              .log = room->log,
                              .target = room->name,
                              .text = applied->letters.data,
                          });
    }
    str_reset(&applied->letters);
    str_reset(&applied->arguments);
    applied->sign = '\0';
}

static void note_applied(struct applied *applied, const struct changing *changing)
{
    char sign = changing->add ? '+' : '-';
    size_t more = changing->argument != NULL ? strlen(changing->argument) + 1 : 0;
    if (applied->letters.len + applied->arguments.len + more + 2 > MODE_TEXT_BYTES)
        append_applied(changing->step, changing->room, applied);
    if (applied->sign != sign)
        str_addc(&applied->letters, sign);
    applied->sign = sign;
    str_addc(&applied->letters, changing->mode->letter);
    if (changing->argument != NULL)
        str_addf(&applied->arguments, " %s", changing->argument);
}

/* What sends people away, and who may do so, is written down. */
static void audit_change(const struct changing *changing)
{
    const struct mode *mode = changing->mode;
    const struct audit_record record = {
        .whom = changing->argument,
        .where = changing->room->name,
        .until_ms = changing->until_ms,
        .did = mode->kind == MODE_RANK ? (changing->add ? "RANK" : "UNRANK")
                                       : (changing->add ? "BAN" : "UNBAN"),
    };
    if (mode->kind == MODE_RANK || (mode->kind == MODE_LIST && mode->bit == LIST_BANS))
        step_audit(changing->step, &record);
}

/* Returns whether it changed anything that the room keeps. */
static bool apply_change(struct changing *changing, const struct mode_change *wanted)
{
    const char letter[2] = {wanted->letter, '\0'};
    changing->mode = modes_find(wanted->letter);
    changing->add = wanted->add;
    changing->argument = wanted->argument;
    changing->until_ms = wanted->until_ms;
    if (changing->mode == NULL)
        refuse_change(changing, REFUSED_UNKNOWN_MODE, letter);
    bool is_changed = changing->mode != NULL && change(changing);
    if (is_changed) {
        note_applied(changing->applied, changing);
        audit_change(changing);
    }
    hub_note_expiry(changing->step->hub, wanted->until_ms);
    return is_changed;
}

void conduct_mode(struct step *step)
{
    const struct command *command = step->command;
    struct room *room = hub_room(step->hub, command->target);
    if (room == NULL || !hub_sees_room(step->session, room)) {
        step_refuse(step, REFUSED_NO_SUCH_ROOM, command->target);
        return;
    }
    const struct member *member = room_member(room, step->session);
    if (member != NULL && !member->in)
        member = NULL;
    struct applied applied = {0};
    str_init(&applied.letters, 4 * MODE_TEXT_BYTES);
    str_init(&applied.arguments, 2 * MODE_TEXT_BYTES);
    bool changed = false;
    for (size_t i = 0; i < command->change_count; i++) {
        struct changing one = {.step = step, .room = room, .by = member, .applied = &applied};
        changed |= apply_change(&one, &command->changes[i]);
    }
    append_applied(step, room, &applied);
    str_release(&applied.letters);
    str_release(&applied.arguments);
    if (changed || applied.moved)
        step_keep_room(step, room);
}

/* Why a room may not be called that; REFUSED_NOTHING if it may. */
static enum refusal room_name_refusal(struct hub *hub, const struct room *room, const char *name)
{
    if (!name_is_room(name, hub->config.max_room_name_bytes))
        return REFUSED_ROOM_NAME_BAD;
    /* The same name in other letters is another name of the same room. */
    const struct room *other = hub_room(hub, name);
    if (other != NULL && (other != room || strcmp(name, room->name) == 0))
        return REFUSED_ROOM_EXISTS;
    bool is_alike = other == NULL && confusables_imitated_room(hub, room, name) != NULL;
    return is_alike ? REFUSED_ROOM_ALIKE : REFUSED_NOTHING;
}

static void call_room(struct hub *hub, struct room *room, const char *name)
{
    table_remove(&hub->rooms, room->key, strlen(room->key));
    confusables_close(hub, room);
    char *former = room->name;
    char *former_key = room->key;
    name_key(hub->key, name);
    room->name = xstrdup(name);
    room->key = xmemdup0(hub->key->data, hub->key->len);
    if (strcmp(former_key, room->key) != 0)
        forwarding_set(hub, room, former, hub->now_ms);
    free(former);
    free(former_key);
    table_put(&hub->rooms, room->key, strlen(room->key), room);
    confusables_open(hub, room);
}

void conduct_rename(struct step *step)
{
    const char *name = step->command->object;
    struct room *room;
    const struct member *member = step_member(step, step->command->target, &room);
    if (member == NULL)
        return;
    if (!rank_reaches(member->ranks, RANK_OPERATOR) || room->permanent) {
        step_refuse(step, REFUSED_NOT_OPERATOR, room->name);
        return;
    }
    enum refusal refusal = room_name_refusal(step->hub, room, name);
    if (refusal != REFUSED_NOTHING) {
        step_refuse_about(step, refusal, room->name, name);
        return;
    }
    room->in_flight++;
    step_append(step, (struct event){
                          .type = EVENT_RENAME,
                          .who = session_who(step->session),
                          .log = room->log,
                          .target = room->name,
                          .object = name,
                          .text = step->command->text,
                      });
    call_room(step->hub, room, name);
    step_keep_room(step, room);
}

void conduct_tailed(struct step *step, const struct event *event)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    if (room == NULL)
        return;
    if (event->session != SESSION_NONE && room->in_flight > 0)
        room->in_flight--;
    step_deliver(step, event, room->roster, room->roster_count, SESSION_NONE);
    step_note_shown(step, event);
}
