/* A pump with a hub, a log in memory and the door of a few words; and the peers behind it, who read what
 * they are sent unless they sleep. */
#ifndef SNUG_TESTS_UNIT_PUMP_BED_H
#define SNUG_TESTS_UNIT_PUMP_BED_H

#include "common/str.h"
#include "server/pump/pump.h"
#include "tests/script/slow_store.h"
#include "tests/unit/mini_door.h"

enum { PEERS = 200 };

struct peer {
    struct pump_bed *bed;
    uint64_t session;
    struct str out;
    enum pump_fate fate;
    bool sleeps; /* reads nothing */
    struct outq *queue;
};

struct pump_bed {
    struct hub *hub;
    struct pump *pump;
    struct store *store;
    struct door door;
    struct peer peers[PEERS];
    size_t peer_count;
};

/* A house whose only room, #room, is its lobby. */
struct pump_bed *bed_new(size_t max_sessions);

/* No record of the door may be left. */
void bed_free(struct pump_bed *bed);

/* Reads all that waits. */
void bed_receive(struct peer *peer);

/* One turn; everybody who does not sleep reads everything. */
void bed_turn_at(struct pump_bed *bed, int64_t now_ms);
void bed_turn(struct pump_bed *bed);

/* Turns until the pump has nothing more to do. */
void bed_turns(struct pump_bed *bed);

/* A connection. */
struct peer *bed_come_at(struct pump_bed *bed, int64_t now_ms);
struct peer *bed_come(struct pump_bed *bed);

void bed_say(struct peer *peer, const char *text);

/* Somebody who has entered and has read what that brought. */
struct peer *bed_enter(struct pump_bed *bed, const char *nick);

/* What the peer has read since the last time. */
#define assert_read(peer, text)                                                                    \
    do {                                                                                           \
        assert_string_equal((peer)->out.data, text);                                               \
        str_reset(&(peer)->out);                                                                   \
    } while (0)

#endif
