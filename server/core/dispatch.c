/* A step: a command finds the rule that carries it out, and an entry of a log the rule that ends it. */
#include <assert.h>

#include "server/core/internal.h"
#include "server/core/rules/bans.h"
#include "server/core/rules/conduct.h"
#include "server/core/rules/describe.h"
#include "server/core/rules/invitation.h"
#include "server/core/rules/known.h"
#include "server/core/rules/marking.h"
#include "server/core/rules/membership.h"
#include "server/core/rules/naming.h"
#include "server/core/rules/owners.h"
#include "server/core/rules/people.h"
#include "server/core/rules/presence.h"
#include "server/core/rules/redaction.h"
#include "server/core/rules/speech.h"
#include "server/core/rules/step.h"
#include "server/core/rules/watch.h"

/* An entry is out of the tail, or will never be: its connection may go on, or be forgotten. */
static void land(struct hub *hub, uint64_t id)
{
    struct connection *connection = hub_connection_by_id(hub, id);
    if (connection == NULL)
        return;
    assert(connection->in_flight > 0 && connection->session->in_flight > 0);
    connection->in_flight--;
    connection->session->in_flight--;
    presence_settle(hub, connection);
}

static void land_kick(struct hub *hub, uint64_t id)
{
    struct session *session = hub_by_id(hub, id);
    if (session == NULL)
        return;
    assert(session->struck > 0 && session->in_flight > 0);
    session->struck--;
    session->in_flight--;
    presence_settle(hub, &session->first);
}

/* A kick is under way for both: who kicks, and who is kicked. */
static void land_all(struct hub *hub, const struct event *event)
{
    land(hub, event->session);
    if (event->type == EVENT_KICK)
        land_kick(hub, event->peer);
}

/* What becomes of each kind of entry once its fate is known. */
static const struct fate {
    void (*tailed)(struct step *step, const struct event *event);
    void (*failed)(struct step *step, const struct event *event);
    enum command_type cause;
} fates[] = {
    [EVENT_SPEECH] = {speech_tailed, speech_failed, COMMAND_SPEAK},
    [EVENT_TOPIC] = {speech_topic_tailed, speech_topic_tailed, COMMAND_TOPIC},
    [EVENT_JOIN] = {membership_join_tailed, membership_join_failed, COMMAND_JOIN},
    /* What has happened to a name cannot be taken back: it is told even where it is not kept. */
    [EVENT_PART] = {membership_part_tailed, membership_part_tailed, COMMAND_PART},
    [EVENT_QUIT] = {presence_tailed, presence_tailed, COMMAND_LEAVE},
    [EVENT_NICK] = {presence_tailed, presence_tailed, COMMAND_NAME},
    /* And so is what has become of a room. */
    [EVENT_KICK] = {membership_kick_tailed, membership_kick_tailed, COMMAND_KICK},
    [EVENT_MODE] = {conduct_tailed, conduct_tailed, COMMAND_MODE},
    [EVENT_RENAME] = {conduct_tailed, conduct_tailed, COMMAND_RENAME},
    [EVENT_REDACT] = {redaction_tailed, redaction_failed, COMMAND_REDACT},
};

static void tailed(struct step *step)
{
    const struct event *event = step->command->event;
    fates[event->type].tailed(step, event);
    land_all(step->hub, event);
}

static void failed(struct step *step)
{
    const struct event *event = step->command->event;
    const struct fate *fate = &fates[event->type];
    fate->failed(step, event);
    /* What has happened all the same was told like any other entry: there is no refusal. */
    bool undone = fate->failed != fate->tailed;
    if (undone && hub_session(step->hub, event->session) != NULL) {
        struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
        effect->session = event->session;
        effect->event = *event;
        effect->note = (struct note){
            .type = NOTE_REFUSED,
            .refusal = REFUSED_NOT_STORED,
            .command = fate->cause,
            .target = outbox_copy(step->out, event->target),
        };
    }
    land_all(step->hub, event);
}

/* To its speaker what was said before is as good as said now. */
static void repeated(struct step *step)
{
    const struct event *event = step->command->event;
    if (event->type == EVENT_SPEECH)
        speech_repeated(step, event, step->command->first);
    land_all(step->hub, event);
}

/* Who may give which command, and the rule that carries it out. */
static const struct rule {
    void (*run)(struct step *step);
    bool entered; /* only for those who have entered */
    bool stored;  /* proposes something to a log */
} rules[] = {
    [COMMAND_NAME] = {naming_name, false, false},
    [COMMAND_ENTER] = {presence_enter, false, false},
    [COMMAND_JOIN] = {membership_join, true, true},
    [COMMAND_PART] = {membership_part, true, true},
    [COMMAND_SPEAK] = {speech_speak, true, true},
    [COMMAND_SIGN] = {speech_sign, true, false},
    [COMMAND_TOPIC] = {speech_topic, true, true},
    [COMMAND_MODE] = {conduct_mode, true, true},
    [COMMAND_KICK] = {membership_kick, true, true},
    [COMMAND_INVITE] = {invitation_invite, true, false},
    [COMMAND_KNOCK] = {invitation_knock, true, false},
    [COMMAND_RENAME] = {conduct_rename, true, true},
    [COMMAND_AWAY] = {people_away, false, false},
    [COMMAND_REALNAME] = {people_realname, true, false},
    [COMMAND_FLAGS] = {people_flags, true, false},
    [COMMAND_WATCH] = {watch_add, true, false},
    [COMMAND_UNWATCH] = {watch_remove, true, false},
    [COMMAND_ACCOUNT] = {people_account, false, false},
    [COMMAND_EMPOWER] = {people_empower, true, false},
    [COMMAND_KILL] = {people_kill, true, false},
    [COMMAND_HOST] = {people_host, true, false},
    [COMMAND_WALLOPS] = {people_wallops, true, false},
    [COMMAND_BAN] = {bans_ban, true, false},
    [COMMAND_UNBAN] = {bans_unban, true, false},
    [COMMAND_KNOW] = {known_know, true, false},
    [COMMAND_RELEASE] = {known_release_name, true, false},
    [COMMAND_MARK] = {marking_mark, true, false},
    [COMMAND_TRAIT] = {describe_trait, false, false},
    [COMMAND_REDACT] = {redaction_redact, true, true},
    [COMMAND_LEAVE] = {presence_leave, false, false},
};

static void run_rule(struct step *step)
{
    const struct rule *rule = &rules[step->command->type];
    struct connection *connection = hub_connection_by_id(step->hub, step->command->session);
    if (connection == NULL || connection->gone)
        return; /* a late command finds nobody */
    struct session *session = connection->session;
    step->connection = connection;
    step->session = session;
    if (rule->entered && !session->entered)
        step_refuse(step, REFUSED_NOT_ENTERED, step->command->target);
    else if (rule->stored && !step->hub->store_up)
        step_refuse(step, REFUSED_NOT_STORED, step->command->target);
    else
        rule->run(step);
}

/* All is there that was to be brought back from disk. A lobby that was not exists since the first step. */
static void begin(struct hub *hub, int64_t now_ms)
{
    ledger_order(&hub->ledger);
    struct room *lobby = hub->lobby != NULL ? hub_room(hub, hub->lobby) : NULL;
    if (lobby != NULL && lobby->created_ms == 0)
        lobby->created_ms = now_ms;
}

void hub_step(struct hub *hub, int64_t now_ms, const struct command *command, struct outbox *out)
{
    if (hub->now_ms == 0)
        begin(hub, now_ms);
    if (now_ms > hub->now_ms)
        hub->now_ms = now_ms;
    struct step step = {.hub = hub, .command = command, .out = out};
    switch (command->type) {
    case COMMAND_CONNECT:
        presence_connect(&step);
        break;
    case COMMAND_TAILED:
        tailed(&step);
        break;
    case COMMAND_FAILED:
        failed(&step);
        break;
    case COMMAND_REPEATED:
        repeated(&step);
        break;
    case COMMAND_OWN:
        owners_own(&step);
        break;
    case COMMAND_TICK:
        bans_sweep(&step);
        break;
    case COMMAND_KNOW:
    case COMMAND_RELEASE:
        if (command->session == SESSION_NONE) /* whoever has the machine may */
            rules[command->type].run(&step);
        else
            run_rule(&step);
        break;
    case COMMAND_STORE:
        hub->store_up = command->store_up;
        if (hub->store_up)
            presence_seat_all(&step);
        break;
    default:
        run_rule(&step);
        break;
    }
}
