/* What people say of themselves, and what operators of the server may do to them. */
#include "server/core/rules/people.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"
#include "server/core/rules/bans.h"
#include "server/core/rules/connections.h"
#include "server/core/rules/describe.h"
#include "server/core/rules/known.h"
#include "server/core/rules/presence.h"
#include "server/core/rules/recipients.h"
#include "server/core/rules/rejoin.h"

enum { HOST_BYTES = 63 };

/* Tells all who share a room with the step's session, itself included, but for the connection
 * `except`, and then those who watch its nick. */
static void tell_witnesses(struct step *step, struct event event, uint64_t except)
{
    event.session = step->connection->id;
    event.time_ms = step->hub->now_ms;
    if (event.who.nick == NULL)
        event.who = session_who(step->session);
    hub_new_id(step->hub, event.id);
    size_t count;
    const uint64_t *recipients = recipients_witnesses(step, step->session, &count);
    step_deliver(step, &event, recipients, count, except);
    recipients = recipients_watchers(step, step->session, &count);
    event.watched = true;
    step_deliver(step, &event, recipients, count, except);
}

void people_away(struct step *step)
{
    struct session *session = step->session;
    struct connection *connection = step->connection;
    const char *text = step->command->text;
    if (text != NULL && text[0] == '\0')
        text = NULL;
    char *before = session_away(session) != NULL ? xstrdup(session_away(session)) : NULL;
    struct connection_aside *aside = connection_open_aside(connection);
    free(aside->away);
    aside->away = text != NULL ? xstrdup(text) : NULL;
    connections_reckon(step->hub, session, connection);
    step_done(step, NULL, aside->away);
    if (session->entered)
        people_tell_away(step, before, connection->id);
    free(before);
}

void people_tell_away(struct step *step, const char *before, uint64_t except)
{
    const char *away = session_away(step->session);
    bool changed =
        (away == NULL) != (before == NULL) || (away != NULL && strcmp(away, before) != 0);
    if (changed)
        tell_witnesses(step, (struct event){.type = EVENT_AWAY, .text = away}, except);
}

void people_realname(struct step *step)
{
    struct session *session = step->session;
    session_describe(session, session->user, step->command->text);
    tell_witnesses(step, (struct event){.type = EVENT_REALNAME, .text = session->realname},
                   SESSION_NONE);
    step_done(step, NULL, NULL);
}

void people_set_flags(struct hub *hub, struct session *session, unsigned flags)
{
    unsigned changed = session->flags ^ flags;
    if ((changed & SESSION_INVISIBLE) != 0)
        hub->invisible += (flags & SESSION_INVISIBLE) != 0 ? 1 : SIZE_MAX;
    if ((changed & SESSION_OPERATOR) != 0)
        hub->operators += (flags & SESSION_OPERATOR) != 0 ? 1 : SIZE_MAX;
    session->flags = (uint16_t)flags;
}

void people_flags(struct step *step)
{
    struct session *session = step->session;
    unsigned before = session->flags;
    /* Nobody makes himself an operator; everybody may cease to be one. */
    unsigned kept = SESSION_OPERATOR | SESSION_SECURE;
    unsigned flags = before | (step->command->set & ~kept);
    people_set_flags(step->hub, session,
                     flags & ~(step->command->clear & ~(unsigned)SESSION_SECURE));
    if (session->flags != before)
        step_done(step, NULL, NULL);
}

void people_account(struct step *step)
{
    struct session *session = step->session;
    const char *text = step->command->text;
    bool same = session->account != NULL && text != NULL && strcmp(session->account, text) == 0;
    if (!same) {
        known_see(step, session);
        known_disentitle(step, text);
        describe_leave_account(step);
    }
    free(session->account);
    session->account = text != NULL ? xstrdup(text) : NULL;
    session->account_made_ms = step->command->made_ms;
    known_see(step, session);
    if (session->entered)
        tell_witnesses(step, (struct event){.type = EVENT_ACCOUNT}, step->connection->id);
    if (!same)
        describe_enter_account(step);
    rejoin_add_all(step);
    step_done(step, NULL, session->account);
    if (session->entered && !presence_check_ban(step))
        known_entitle(step);
}

void people_empower(struct step *step)
{
    people_set_flags(step->hub, step->session, step->session->flags | SESSION_OPERATOR);
    step_audit(step, &(struct audit_record){.did = "OPER", .whom = step->command->object});
    step_done(step, NULL, NULL);
}

void people_kill(struct step *step)
{
    const char *nick = step->command->object;
    if ((step->session->flags & SESSION_OPERATOR) == 0) {
        step_refuse(step, REFUSED_NOT_PRIVILEGED, nick);
        return;
    }
    struct session *victim = hub_holder(step->hub, nick);
    if (victim == NULL || !victim->entered) {
        step_refuse(step, REFUSED_NO_SUCH_NICK, nick);
        return;
    }
    enum refusal refusal =
        step->command->until_ms != 0 ? bans_ban_session(step, victim) : REFUSED_NOTHING;
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, nick);
        return;
    }
    struct str reason;
    str_init(&reason, step->hub->config.max_text_bytes + step->hub->config.max_nick_bytes + 16);
    str_addf(&reason, "Killed (%s (%s))", step->session->nick, step->command->text);
    step_audit(step, &(struct audit_record){.did = "KILL",
                                            .whom = step_name(step, victim),
                                            .why = step->command->text});
    presence_end(step, victim, reason.data);
    if (step->command->until_ms != 0)
        bans_send_away(step);
    str_release(&reason);
}

/* Tells it while the old one is still there, since it stands in front of what is told. */
static void change_host(struct step *step, struct session *person, const char *host)
{
    struct step own = *step;
    own.session = person;
    own.connection = person->connections;
    struct event event = {
        .type = EVENT_HOST,
        .who = step_who(step, person),
        .text = outbox_copy(step->out, host),
    };
    tell_witnesses(&own, event, SESSION_NONE);
    session_set_host(person, host);
}

void people_host(struct step *step)
{
    const char *nick = step->command->object;
    const char *host = step->command->text;
    struct session *person = hub_holder(step->hub, nick);
    if ((step->session->flags & SESSION_OPERATOR) == 0) {
        step_refuse(step, REFUSED_NOT_PRIVILEGED, nick);
    } else if (person == NULL || !person->entered) {
        step_refuse(step, REFUSED_NO_SUCH_NICK, nick);
    } else if (!name_is_host(host, HOST_BYTES)) {
        step_refuse_about(step, REFUSED_HOST_BAD, nick, host);
    } else {
        if (strcmp(person->host, host) != 0) {
            const char *whom = step_name(step, person);
            step_audit(step, &(struct audit_record){.did = "CHGHOST", .whom = whom, .why = host});
            change_host(step, person, host);
        }
        step_done(step, person->nick, host);
    }
}

void people_wallops(struct step *step)
{
    struct hub *hub = step->hub;
    if ((step->session->flags & SESSION_OPERATOR) == 0) {
        step_refuse(step, REFUSED_NOT_PRIVILEGED, NULL);
        return;
    }
    uint64_t *recipients = outbox_sessions(step->out, hub->connected);
    size_t count = 0;
    struct table_walk walk = {0};
    for (const struct session *session; (session = hub_next_session(hub, &walk)) != NULL;) {
        for (const struct connection *connection = session->connections;
             (session->flags & SESSION_WALLOPS) != 0 && connection != NULL;
             connection = connection->next)
            recipients[count++] = connection->id;
    }
    struct event event = {
        .type = EVENT_WALLOPS,
        .session = step->connection->id,
        .time_ms = hub->now_ms,
        .who = session_who(step->session),
        .text = step->command->text,
    };
    hub_new_id(hub, event.id);
    step_deliver(step, &event, recipients, count, SESSION_NONE);
}
