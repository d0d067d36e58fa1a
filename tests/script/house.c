#include "tests/script/house.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/account/accounts.h"
#include "server/account/skeletons.h"
#include "server/door/irc/irc.h"
#include "server/door/plain/plain.h"
#include "server/pump/pump.h"
#include "server/run/ownership.h"
#include "tests/script/disk.h"
#include "tests/script/slow_store.h"

#define START_MS INT64_C(1795167660000) /* 2026-11-20T09:41:00Z */

/* House keeps the time of Greenwich. */
static int ahead_s(int64_t time_ms)
{
    (void)time_ms;
    return 0;
}

/* Chance that is the same in every run. */
static void count_up(void *ctx, void *bytes, size_t len)
{
    struct house *house = ctx;
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)bytes)[i] = ++house->chance;
}

static const char *const opers[] = {"root:secret"};

static void on_audit(void *ctx, const struct audit_record *record, int64_t now_ms)
{
    struct house *house = ctx;
    str_addf(&house->audit, "%s by %s", record->did,
             record->by.nick ? record->by.nick : "the server");
    if (record->by.nick)
        str_addf(&house->audit, "@%s", record->by.host);
    if (record->whom)
        str_addf(&house->audit, " whom %s", record->whom);
    if (record->where)
        str_addf(&house->audit, " where %s", record->where);
    if (record->until_ms != 0)
        str_addf(&house->audit, " for %d s", (int)((record->until_ms - now_ms) / 1000));
    if (record->why)
        str_addf(&house->audit, " why %s", record->why);
    str_addc(&house->audit, '\n');
}

/* Starts the server over what is on the disk. */
static void start(struct house *house)
{
    const struct house_config *config = &house->config;
    struct hub_config limits = hub_config_default();
    limits.lobby = config->lobby;
    limits.max_rooms_per_session = 5;
    if (config->max_rooms > 0)
        limits.max_rooms = config->max_rooms;
    limits.max_redact_ms = 60 * 1000;
    limits.max_watches = 4;
    limits.rejoin = config->rejoin;
    limits.founders = !config->no_founders;
    limits.max_connections = 2;
    house->skeletons = skeletons_new();
    limits.skeleton = skeletons_write;
    limits.skeleton_ctx = house->skeletons;
    house->hub = hub_new(&limits, ++house->starts);
    house->pump = pump_new(house->hub, &(struct pump_owner){.ctx = house, .audit = on_audit});
    struct store_listener listener = pump_store_listener(house->pump);
    house->store = slow_store_new(&listener, disk_engine(house->disk));
    bool good = pump_set_store(house->pump, house->store);
    house->accounts = accounts_new(&(struct accounts_config){
        .max_accounts = limits.max_owned_names, .random = count_up, .ctx = house});
    size_t lost;
    good = good && ownership_restore(house->store, house->accounts, house->hub, &lost);
    assert(good && lost == 0);
    (void)good;
    house->irc_config = (struct irc_config){
        .server_name = "house.test",
        .network = "House",
        .motd = config->motd,
        .admin = config->admin,
        .replay = config->replay,
        .accounts = house->accounts,
        .opers = opers,
        .oper_count = 1,
        .started_ms = START_MS,
    };
    house->irc = irc_door_new(&house->irc_config);
    house->plain = plain_door_new(&(struct plain_config){
        .guests = config->plain_guests,
        .earlier_lines = PLAIN_EARLIER_LINES,
        .ahead_s = ahead_s,
    });
}

static void stop(struct house *house)
{
    store_free(house->store);
    pump_free(house->pump);
    hub_free(house->hub);
    skeletons_free(house->skeletons);
    irc_door_free(house->irc);
    accounts_free(house->accounts);
    plain_door_free(house->plain);
}

struct house *house_new(const struct house_config *config)
{
    struct house *house = xcalloc(1, sizeof *house);
    house->now_ms = START_MS;
    house->config = *config;
    str_init(&house->audit, TEXT_MAX_BYTES);
    house->disk = config->on_disk ? disk_new_database() : disk_new_memory();
    for (size_t i = 0; i < HOUSE_PEERS; i++)
        str_init(&house->peers[i].out, TEXT_MAX_BYTES);
    start(house);
    return house;
}

bool house_configure(struct house *house, const char *option, const char *value)
{
    struct irc_config *config = &house->irc_config;
    struct hub_config limits = *hub_limits(house->hub);
    if (strcmp(option, "require") == 0)
        limits.require = strcmp(value, "account") == 0 ? REQUIRE_ACCOUNT
                         : strcmp(value, "known") == 0 ? REQUIRE_KNOWN
                                                       : REQUIRE_NOTHING;
    else if (strcmp(option, "confusables") == 0)
        limits.skeleton = strcmp(value, "on") == 0 ? skeletons_write : NULL;
    else if (strcmp(option, "members") == 0)
        limits.max_members = strtoul(value, NULL, 10);
    else if (strcmp(option, "mask-length") == 0)
        limits.max_mask_bytes = strtoul(value, NULL, 10);
    else if (strcmp(option, "targets") == 0)
        config->targets = strtoul(value, NULL, 10);
    else if (strcmp(option, "history-page") == 0)
        config->history_page = strtoul(value, NULL, 10);
    else if (strcmp(option, "pending") == 0)
        pump_set_patience(house->pump, strtoul(value, NULL, 10), PUMP_STUCK_MS);
    else if (strcmp(option, "release-after") == 0)
        limits.release_after_ms = strtol(value, NULL, 10);
    else if (strcmp(option, "registration") == 0 && strcmp(value, "connected") == 0)
        config->registration = IRC_REGISTER_CONNECTED;
    else if (strcmp(option, "registration") == 0 && strcmp(value, "never") == 0)
        config->registration = IRC_REGISTER_NEVER;
    else if (strcmp(option, "registration") == 0 && strcmp(value, "anytime") == 0)
        config->registration = IRC_REGISTER_ANYTIME;
    else if (strcmp(option, "register-email") == 0)
        config->register_email = strcmp(value, "yes") == 0;
    else if (strcmp(option, "password") == 0)
        config->password = strncpy(house->password, value, sizeof house->password - 1);
    else if (strcmp(option, "line-length") == 0)
        config->line_bytes = strtoul(value, NULL, 10);
    else
        return false;
    irc_door_configure(house->irc, config);
    hub_set_limits(house->hub, &limits);
    return true;
}

void house_free(struct house *house)
{
    stop(house);
    disk_free(house->disk);
    for (size_t i = 0; i < HOUSE_PEERS; i++)
        str_release(&house->peers[i].out);
    str_release(&house->audit);
    free(house);
}

void house_restart(struct house *house)
{
    stop(house);
    disk_reopen(house->disk);
    for (size_t i = 0; i < HOUSE_PEERS; i++) {
        str_reset(&house->peers[i].out);
        house->peers[i].closed = house->peers[i].session != SESSION_NONE;
    }
    start(house);
}

/* Takes what is queued, as far as wanted. */
static void take(struct house *house, struct house_peer *peer, size_t wanted)
{
    struct iovec vec;
    size_t bytes;
    while (wanted > 0 && outq_peek(peer->queue, &vec, 1, &bytes) > 0) {
        size_t taken = bytes < wanted ? bytes : wanted;
        str_add(&peer->out, vec.iov_base, taken);
        outq_consume(peer->queue, taken);
        wanted -= taken;
    }
    pump_sent(house->pump, peer->session);
}

static void drain(struct house *house, const struct pump_dirty *dirty)
{
    struct house_peer *peer = dirty->link;
    peer->queue = dirty->out;
    outq_add(dirty->out, dirty->fresh);
    if (!peer->sleeps)
        take(house, peer, SIZE_MAX);
    if (dirty->fate == PUMP_KEEP)
        return;
    peer->closed = true;
    pump_closed(house->pump, peer->session, house->now_ms);
}

void house_read(struct house *house, struct house_peer *peer, size_t bytes)
{
    if (!peer->closed && peer->queue)
        take(house, peer, bytes);
    house_run(house);
}

void house_run(struct house *house)
{
    do {
        pump_turn(house->pump, house->now_ms);
        struct pump_dirty dirty;
        while (pump_next_dirty(house->pump, &dirty))
            drain(house, &dirty);
        hub_check(house->hub);
    } while (pump_ready(house->pump));
}

static struct house_peer *open_door(struct house *house, const struct origin *origin,
                                    struct door door)
{
    struct house_peer *peer = house->peers;
    while (peer->session != SESSION_NONE) {
        peer++;
        assert(peer < house->peers + HOUSE_PEERS);
    }
    peer->session = pump_open(house->pump, &door, origin, peer, house->now_ms);
    assert(peer->session != SESSION_NONE);
    house_run(house);
    return peer;
}

struct house_peer *house_open(struct house *house, const char *host)
{
    return open_door(house, &(struct origin){.host = host}, irc_door_handle(house->irc));
}

struct house_peer *house_open_secure(struct house *house, const char *host, const char *fingerprint)
{
    const struct origin origin = {.host = host, .secure = true, .fingerprint = fingerprint};
    return open_door(house, &origin, irc_door_handle(house->irc));
}

struct house_peer *house_open_from(struct house *house, const struct origin *origin)
{
    return open_door(house, origin, irc_door_handle(house->irc));
}

struct house_peer *house_open_plain(struct house *house, const char *host)
{
    return open_door(house, &(struct origin){.host = host}, plain_door_handle(house->plain));
}

void house_send(struct house *house, struct house_peer *peer, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0 && !peer->closed) {
        size_t space = pump_space(house->pump, peer->session);
        if (space == 0)
            break; /* the log is held up, and so is whoever fills it */
        size_t part = len < space ? len : space;
        pump_data(house->pump, peer->session, at, part);
        at += part;
        len -= part;
        house_run(house);
    }
}

void house_hang_up(struct house *house, struct house_peer *peer, const char *reason)
{
    pump_eof(house->pump, peer->session, reason);
    house_run(house);
}

void house_wait(struct house *house, int64_t ms)
{
    if (ms < 0) {
        house->now_ms += ms;
        house_run(house);
        return;
    }
    for (int64_t end_ms = house->now_ms + ms; house->now_ms < end_ms;) {
        int64_t left_ms = end_ms - house->now_ms;
        house->now_ms += left_ms < 1000 ? left_ms : 1000;
        pump_tick(house->pump, house->now_ms);
        house_run(house);
    }
}
