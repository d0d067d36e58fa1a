#include "server/core/rules/naming.h"

#include <stdlib.h>
#include <string.h>

#include "server/core/names.h"
#include "server/core/rules/bans.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/connections.h"
#include "server/core/rules/known.h"
#include "server/core/rules/owners.h"
#include "server/core/rules/recipients.h"
#include "server/core/rules/watch.h"
#include "server/core/texts.h"

void naming_free(struct hub *hub, struct session *session)
{
    /* Whoever is on the way in may have a nick that he has yet to prove his, and that another holds. */
    if (session->nick != NULL)
        index_remove(&hub->nicks, hub_nick_hash(hub, session_key(session)), session);
}

/* Is called so from now on, and holds the nick only if it is said to. */
static void claim_name(struct hub *hub, struct session *session, const char *nick)
{
    naming_free(hub, session);
    name_key(hub->key, nick);
    if (session->nick == NULL || strcmp(session_key(session), hub->key->data) != 0)
        session->named_ms = hub->now_ms;
    session_set_nick(session, nick, hub->key->data);
}

void naming_hold(struct hub *hub, struct session *session)
{
    uint32_t hash = hub_nick_hash(hub, session_key(session));
    const struct session *holder = hub_holder_of_key(hub, session_key(session));
    if (holder != NULL)
        index_remove(&hub->nicks, hash, holder);
    index_put(&hub->nicks, hash, session);
}

static void take_name(struct hub *hub, struct session *session, const char *nick)
{
    claim_name(hub, session, nick);
    naming_hold(hub, session);
}

void naming_leave(struct step *step, const struct session *session)
{
    const char *texts[] = {session->nick,     session_key(session), session->user,
                           session->realname, session->host,        session->address};
    char *block = texts_pack(texts, sizeof texts / sizeof *texts);
    struct departed departed = {
        .block = block,
        .nick = texts[0],
        .key = texts[1],
        .user = texts[2],
        .realname = texts[3],
        .host = texts[4],
        .address = texts[5],
        .time_ms = step->hub->now_ms,
    };
    struct departed evicted;
    if (ring_push(&step->hub->departed, &departed, &evicted))
        free(evicted.block);
    watch_tell(step, session, EVENT_OFFLINE);
}

/* One who has entered goes by another name from now on. */
static void change_name(struct step *step, struct session *session, const char *nick)
{
    name_key(step->hub->key, nick);
    bool spelling_only = strcmp(step->hub->key->data, session_key(session)) == 0;
    if (!spelling_only)
        naming_leave(step, session);
    confusables_leave(step->hub, session);
    take_name(step->hub, session, nick);
    confusables_enter(step->hub, session);
    if (!spelling_only)
        watch_tell(step, session, EVENT_ONLINE);
}

void naming_lose(struct step *step, enum refusal refusal)
{
    struct session *session = step->session;
    struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
    effect->session = step->connection->id;
    effect->note = (struct note){
        .type = NOTE_REFUSED,
        .refusal = refusal,
        .command = COMMAND_NAME,
        .target = outbox_copy(step->out, session->nick),
    };
    naming_free(step->hub, session);
    session_clear_nick(session);
}

/* Whether it is decided when the session enters if the nick is its own: it is yet to be proved, or it
 * is that of another of the same account, who may have left until then. */
static bool is_decided_later(struct step *step, const struct session *holder, const char *nick)
{
    const struct session *session = step->session;
    if (session->entered || holder == session)
        return false;
    return !owners_allow(step->hub, session, nick) ||
           (holder != NULL && connections_same_person(step->hub, session, holder));
}

/* Why nobody who is like this session may have that nick, whether or not somebody has it. */
static enum refusal nick_refusal(struct step *step, const char *nick)
{
    struct hub *hub = step->hub;
    struct session *session = step->session;
    bool may_prove = step->command->unproven && !session->entered;
    if (!name_is_nick(nick, hub->config.max_nick_bytes))
        return REFUSED_NICK_BAD;
    if (!may_prove && !owners_allow(hub, session, nick))
        return REFUSED_NICK_OWNED;
    if (session->entered && known_refusal(hub, session, nick) == REFUSED_NOT_ADMITTED)
        return REFUSED_NOT_ADMITTED;
    return confusables_imitate(hub, session, nick) ? REFUSED_NICK_ALIKE : REFUSED_NOTHING;
}

/* Why somebody who has entered may not change to that nick, which is free. */
static enum refusal change_refusal(struct step *step, const char *nick)
{
    const struct session *session = step->session;
    if (bans_find_as(step->hub, session, nick) != NULL)
        return REFUSED_NICK_BANNED;
    bool is_stored = step->hub->store_up || session->room_count == 0;
    return is_stored ? REFUSED_NOTHING : REFUSED_NOT_STORED;
}

/* No log tells those who know somebody who is in no room. */
static void tell_new_name(struct step *step, const char *nick)
{
    struct session *session = step->session;
    struct event event = {
        .type = EVENT_NICK,
        .session = step->connection->id,
        .time_ms = step->hub->now_ms,
        .who = step_who(step, session),
        .text = outbox_copy(step->out, nick),
    };
    hub_new_id(step->hub, event.id);
    size_t count;
    const uint64_t *recipients = recipients_person(step, session, &count);
    step_deliver(step, &event, recipients, count, step->connection->id);
    step_note(step, step->connection->id, NOTE_RENAMED, &event);
}

static void rename_person(struct step *step, const char *nick)
{
    struct session *session = step->session;
    if (strcmp(nick, session->nick) == 0)
        return;
    enum refusal refusal = change_refusal(step, nick);
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, nick);
        return;
    }
    if (session->room_count > 0)
        step_append_to_rooms(step, EVENT_NICK, nick);
    else
        tell_new_name(step, nick);
    change_name(step, session, nick);
}

void naming_name(struct step *step)
{
    struct session *session = step->session;
    const char *nick = step->command->text;
    enum refusal refusal = nick_refusal(step, nick);
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, nick);
        return;
    }
    const struct session *holder = hub_holder(step->hub, nick);
    bool later = is_decided_later(step, holder, nick);
    if (!later && holder != NULL && holder != session) {
        step_refuse(step, REFUSED_NICK_TAKEN, nick);
        return;
    }
    if (session->entered) {
        rename_person(step, nick);
        return;
    }
    if (later)
        claim_name(step->hub, session, nick);
    else
        take_name(step->hub, session, nick);
    step_note(step, session_id(session), NOTE_NAMED, NULL);
}
