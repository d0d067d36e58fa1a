/* The hub's frame: what it holds, made and freed, and what is found in it. */
#include "server/core/hub.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/hash.h"
#include "server/core/internal.h"
#include "server/core/names.h"
#include "server/core/rules/ban_list.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/describe.h"
#include "server/core/rules/known.h"
#include "server/core/rules/marking.h"
#include "server/core/rules/owners.h"
#include "server/core/rules/rejoin.h"
#include "server/core/rules/watch.h"

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
    table_init(&hub->forwarded, config->max_rooms + 1, next_random(hub));
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
    marking_release(hub);
    describe_release(hub);
    rejoin_release(hub);
    owners_release(hub);
    index_release(&hub->skeletons);
    table_release(&hub->owned_skeletons);
    table_release(&hub->room_skeletons);
    table_release(&hub->forwarded);
    ban_list_release(hub);
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
