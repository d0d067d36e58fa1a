/* The hub's frame: what it holds, and the dispatch of a step. */
#include "server/core/hub.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/hash.h"
#include "server/core/hub_internal.h"
#include "server/core/names.h"

struct hub_config hub_config_default(void)
{
    return (struct hub_config){
        .lobby = "#lobby",
        .max_sessions = 65536,
        .max_connections = 10,
        .max_rooms = 16384,
        .max_rooms_per_session = 100,
        .max_nick_bytes = 32,
        .max_room_name_bytes = 64,
        .max_topic_bytes = 300,
        .max_text_bytes = 512,
        .max_multiline_bytes = 4096,
        .max_key_bytes = 32,
        .max_mask_bytes = 200,
        .max_list_masks = 100,
        .max_watches = 100,
        .max_owned_names = 20000,
        .max_redact_ms = INT64_C(24) * 60 * 60 * 1000,
        .max_marks = 500,
        .max_known = 40000,
        .release_after_ms = INT64_C(180) * 24 * 60 * 60 * 1000,
        .max_bans = 1000,
        .max_departed = 1000,
        .max_traits = 20,
        .max_trait_name_bytes = 48,
        .max_trait_bytes = 280,
        .max_trait_changes = 30,
        .founders = true,
    };
}

static uint64_t next_random(struct hub *hub)
{
    return hash_splitmix64(&hub->random_state);
}

static void open_lobby(struct hub *hub)
{
    if (hub->lobby == NULL)
        return;
    name_key(hub->key, hub->lobby);
    struct room *lobby = room_new(&hub->ledger, hub->lobby, hub->key->data, hub->key->data, 0);
    lobby->flags = ROOM_MEMBERS_ONLY;
    lobby->permanent = true;
    table_put(&hub->rooms, lobby->key, strlen(lobby->key), lobby);
    table_put(&hub->logs, lobby->log, strlen(lobby->log), lobby);
    confusables_open(hub, lobby);
}

struct hub *hub_new(const struct hub_config *config, uint64_t seed)
{
    struct hub *hub = xcalloc(1, sizeof *hub);
    hub->config = *config;
    hub->lobby = config->lobby != NULL ? xstrdup(config->lobby) : NULL;
    hub->config.lobby = hub->lobby;
    hub->random_state = seed;
    hub->store_up = true;
    slab_init(&hub->sessions, sizeof(struct session));
    /* Those that have left while entries are in flight share the table with the others. */
    hub->nick_seed = next_random(hub);
    table_init(&hub->rooms, config->max_rooms + 1, next_random(hub));
    table_init(&hub->logs, config->max_rooms + 1, next_random(hub));
    ledger_init(&hub->ledger, next_random(hub));
    table_init(&hub->owners, config->max_owned_names, next_random(hub));
    table_init(&hub->known, config->max_known, next_random(hub));
    table_init(&hub->owned_skeletons, SKELETONS * config->max_owned_names, next_random(hub));
    table_init(&hub->room_skeletons, SKELETONS * (config->max_rooms + 1), next_random(hub));
    hub->skeleton_seed = next_random(hub);
    table_init(&hub->watched, SIZE_MAX, next_random(hub)); /* each session has its own limit */
    table_init(&hub->marks, SIZE_MAX, next_random(hub));
    table_init(&hub->rejoins, SIZE_MAX, next_random(hub)); /* accounts have a limit */
    table_init(&hub->traits, SIZE_MAX, next_random(hub));  /* accounts have a limit */
    ring_init(&hub->departed, sizeof(struct departed), config->max_departed);
    size_t name_bytes = config->max_nick_bytes > config->max_room_name_bytes
                            ? config->max_nick_bytes
                            : config->max_room_name_bytes;
    hub->key = xcalloc(1, sizeof *hub->key);
    str_init(hub->key, name_key_max(name_bytes));
    open_lobby(hub);
    return hub;
}

static void drop_further(struct hub *hub, struct connection *connection)
{
    watch_forget(hub, connection);
    connection->in_flight = 0;
    if (!connection->gone)
        session_detach(connection);
    registry_remove(&hub->connections, connection->id);
    connection_free(connection);
}

static void drop_session(struct hub *hub, struct session *session)
{
    while (session->members != NULL) {
        struct member *member = session->members;
        if (member->in)
            room_dismiss(member);
        member->in_flight = 0;
        room_settle(member);
    }
    watch_forget(hub, &session->first);
    session->in_flight = session->struck = session->first.in_flight = 0;
    session_free(session);
}

/* Frees all sessions, whatever is in flight. */
static void drop_all(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct connection *connection; (connection = registry_next(&hub->connections, &walk));) {
        if (connection != &connection->session->first)
            drop_further(hub, connection);
    }
    walk = (struct table_walk){0};
    for (struct connection *connection; (connection = registry_next(&hub->connections, &walk));)
        drop_session(hub, connection->session);
}

void hub_free(struct hub *hub)
{
    if (hub == NULL)
        return;
    struct table_walk walk = {0};
    for (struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        while (room->roster_count > 0) {
            struct member *member = room->seats[room->roster_count - 1];
            room_unseat(member);
            room_settle(member);
        }
    }
    drop_all(hub);
    walk = (struct table_walk){0};
    for (struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;)
        room_free(room);
    ledger_release(&hub->ledger);
    registry_release(&hub->connections);
    index_release(&hub->nicks);
    table_release(&hub->rooms);
    table_release(&hub->logs);
    table_release(&hub->watched);
    account_marks_release(hub);
    describe_release(hub);
    rejoin_release(hub);
    owners_release(hub);
    index_release(&hub->skeletons);
    table_release(&hub->owned_skeletons);
    table_release(&hub->room_skeletons);
    bans_release(hub);
    known_release(hub);
    for (size_t i = 0; i < hub->departed.len; i++)
        free(((struct departed *)ring_at(&hub->departed, i))->block);
    ring_release(&hub->departed);
    str_release(hub->key);
    free(hub->key);
    free(hub->lobby);
    free(hub);
}

void hub_set_limits(struct hub *hub, const struct hub_config *config)
{
    const struct hub_config old = hub->config;
    hub->config = *config;
    hub->config.lobby = old.lobby;
    hub->config.max_sessions = old.max_sessions;
    hub->config.max_rooms = old.max_rooms;
    hub->config.max_nick_bytes = old.max_nick_bytes;
    hub->config.max_room_name_bytes = old.max_room_name_bytes;
    hub->config.max_departed = old.max_departed;
    hub->config.max_known = old.max_known;
}

struct connection *hub_connection_by_id(const struct hub *hub, uint64_t id)
{
    return registry_get(&hub->connections, id);
}

void hub_note_expiry(struct hub *hub, int64_t until_ms)
{
    if (until_ms != 0 && (hub->next_expiry_ms == 0 || until_ms < hub->next_expiry_ms))
        hub->next_expiry_ms = until_ms;
}

struct session *hub_by_id(const struct hub *hub, uint64_t id)
{
    const struct connection *connection = hub_connection_by_id(hub, id);
    return connection != NULL ? connection->session : NULL;
}

struct room *hub_room(const struct hub *hub, const char *name)
{
    if (strlen(name) > hub->config.max_room_name_bytes)
        return NULL;
    name_key(hub->key, name);
    return table_get(&hub->rooms, hub->key->data, hub->key->len);
}

struct room *hub_room_of_log(const struct hub *hub, const char *log)
{
    return table_get(&hub->logs, log, strlen(log));
}

uint32_t hub_nick_hash(const struct hub *hub, const char *key)
{
    return (uint32_t)table_siphash(hub->nick_seed, 0, key, strlen(key));
}

struct session *hub_holder_of_key(const struct hub *hub, const char *key)
{
    uint32_t hash = hub_nick_hash(hub, key);
    size_t probe = 0;
    for (struct session *holder; (holder = index_find(&hub->nicks, hash, &probe)) != NULL;) {
        if (strcmp(session_key(holder), key) == 0)
            return holder;
    }
    return NULL;
}

struct session *hub_holder(const struct hub *hub, const char *nick)
{
    if (strlen(nick) > hub->config.max_nick_bytes)
        return NULL;
    name_key(hub->key, nick);
    return hub_holder_of_key(hub, hub->key->data);
}

/* A ULID: 48 bits of time, 80 bits of chance, in Crockford's base 32. Within a millisecond chance only
 * adds, so that ids are in the order in which they were made. */
void hub_new_id(struct hub *hub, char id[EVENT_ID_MAX])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const uint64_t half = UINT64_C(1) << 40;
    uint64_t chance = next_random(hub);
    if (hub->id_ms != hub->now_ms) {
        hub->id_ms = hub->now_ms;
        hub->id_high = chance % (half / 2);
        hub->id_low = next_random(hub) % half;
    } else {
        hub->id_low += 1 + chance % (half - 1);
        hub->id_high += hub->id_low / half;
        hub->id_low %= half;
    }
    uint64_t parts[] = {(uint64_t)hub->now_ms, hub->id_high, hub->id_low};
    static const int lengths[] = {10, 8, 8};
    char *end = id;
    for (int i = 0; i < 3; i++) {
        end += lengths[i];
        for (int at = 1; at <= lengths[i]; at++, parts[i] >>= 5)
            end[-at] = digits[parts[i] & 31];
    }
    *end = '\0';
}

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
    [COMMAND_NAME] = {presence_name, false, false},
    [COMMAND_ENTER] = {presence_enter, false, false},
    [COMMAND_JOIN] = {membership_join, true, true},
    [COMMAND_PART] = {membership_part, true, true},
    [COMMAND_SPEAK] = {speech_speak, true, true},
    [COMMAND_SIGN] = {speech_sign, true, false},
    [COMMAND_TOPIC] = {speech_topic, true, true},
    [COMMAND_MODE] = {conduct_mode, true, true},
    [COMMAND_KICK] = {membership_kick, true, true},
    [COMMAND_INVITE] = {conduct_invite, true, false},
    [COMMAND_KNOCK] = {conduct_knock, true, false},
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
    [COMMAND_MARK] = {marks_mark, true, false},
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
