/* The turn of the loop: lines in, hub, log, bytes out.
 *
 * The net hands over what arrived (pump_open, pump_data, pump_eof); pump_turn()
 * steps the hub with the waiting lines, commits what they appended, takes what
 * came out of the log's tail and queues its bytes; then the net asks which
 * connections have something to do (pump_next_dirty). What has not come out of
 * the tail is in no queue.
 *
 * The time that it is given may run backwards; the one that it counts by, and tells the hub and the
 * doors, does not.
 *
 * The pump implements the gate for the doors. It knows no socket and no libuv:
 * tests run a whole server through it in memory. */
#ifndef SNUG_SERVER_PUMP_PUMP_H
#define SNUG_SERVER_PUMP_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/core/hub.h"
#include "server/door/door.h"
#include "server/net/outq.h"
#include "server/store/store.h"

enum {
    PUMP_MAX_DOORS = 4,
    PUMP_LINES_PER_PASS = 16, /* of one connection, before the next one has its go */
    PUMP_PASSES_PER_TURN = 8,
    PUMP_TURN_BYTES = OUTQ_MAX_BYTES / 2,   /* of events; then all is sent before more is stepped */
    PUMP_TURN_LINES = 512,                  /* the same of lines, whatever came of them */
    PUMP_REPLY_BYTES = OUTQ_MAX_BYTES / 16, /* pending; above this a connection's lines wait */
    PUMP_IN_FLIGHT = 256,                   /* entries of one session; its next lines wait */
    PUMP_IN_FLIGHT_BYTES = 64 * 1024,       /* the same of their bytes */
    PUMP_LOG_BYTES = 512 * 1024,            /* of all; then everybody's lines wait */
    PUMP_INPUT_BYTES = 32 * 1024,           /* waiting in one connection */
    PUMP_BURST_S = 10,                      /* so much of pump_set_rate() at once */
    PUMP_FLOOD_MS = 300 * 1000,             /* for one who never stops sending more than that */
    PUMP_STUCK_MS = 120 * 1000,             /* for one who takes nothing of what is pending */
};

/* Whom the pump tells, beside the doors. */
struct pump_owner {
    void *ctx;
    void (*wake)(void *ctx); /* from any thread: pump_turn() has something to do */
    void (*store)(void *ctx, enum store_state state, const char *reason);
    void (*tailed)(void *ctx, const struct event *event); /* when it has been shown; may be NULL */
    void (*cut)(void *ctx, const char *host, const char *why); /* it was ended here; may be NULL */
    void (*audit)(void *ctx, const struct audit_record *record, int64_t now_ms); /* may be NULL */
    /* It goes on, and what it does is no use to anybody; may be NULL. */
    void (*noticed)(void *ctx, const char *host, const char *what);
    void (*unread)(void *ctx, const char *reason); /* the log could not be read; may be NULL */
    void (*lost)(void *ctx, const char *key); /* a fact: the store has no room for more of them */
};

/* What the net has to do with a connection. */
enum pump_fate {
    PUMP_KEEP,  /* send what is queued */
    PUMP_END,   /* send what is queued, then close it */
    PUMP_ABORT, /* close it now: it does not read */
};

/* A connection with something to do: to send, to close, or to read again (see pump_space). */
struct pump_dirty {
    void *link; /* as given to pump_open() */
    struct outq *out;
    struct extent fresh; /* to be sent, or queued, behind what is queued; good for this turn */
    enum pump_fate fate;
};

struct pump;

/* A pump over a hub that the caller owns and keeps until pump_free(); copies the owner. */
struct pump *pump_new(struct hub *hub, const struct pump_owner *owner);

/* Frees all connections' records without a word to anyone. The store must be gone already. */
void pump_free(struct pump *pump);

/* What the store is to tell the pump: for the maker of a store. */
struct store_listener pump_store_listener(struct pump *pump);

/* The store to append to, before the first connection; the caller goes on owning it. The rooms that
 * it remembers are brought back; false if it cannot say all that it remembers. */
bool pump_set_store(struct pump *pump, struct store *store);

/* How many lines a second are taken from one connection, but for those of this machine; 0, as it is
 * at first: all that come. */
void pump_set_rate(struct pump *pump, uint32_t lines_per_s);

/* How much waits in memory for one who reads too slowly (1 MiB at first, not below 256 KiB), and how
 * long one may take nothing of it (PUMP_STUCK_MS at first). */
void pump_set_patience(struct pump *pump, size_t pending_bytes, int64_t stuck_ms);

/* A connection begins. What is needed of its origin is copied; `link` is the net's own and comes back
 * in struct pump_dirty. SESSION_NONE when the table is full. A session that the hub refuses is
 * returned too: its good-bye is queued, and it ends like any other. */
uint64_t pump_open(struct pump *pump, const struct door *door, const struct origin *origin,
                   void *link, int64_t now_ms);

/* Why a session that pump_open() returned just now is not in, for the log; NULL: it is. */
const char *pump_kept_out(const struct pump *pump, uint64_t session);

/* How many bytes pump_data() would take now. 0: do not read; the connection becomes dirty when it
 * has room again. One that is ending takes everything and ignores it. */
size_t pump_space(struct pump *pump, uint64_t session);

/* Bytes arrived, not more than pump_space(). Nothing is done with them before the turn. */
void pump_data(struct pump *pump, uint64_t session, const void *bytes, size_t len);

/* No more bytes will come, for a reason that others may see: the lines that have come are still
 * stepped, then the session leaves and ends like any other. */
void pump_eof(struct pump *pump, uint64_t session, const char *reason);

/* Some of what was queued has been sent: lines that waited for it may go on. */
void pump_sent(struct pump *pump, uint64_t session);

/* The net has closed the connection: the queue is released, and the id finds nobody from now on. A
 * session that had not left leaves, with the reason of pump_eof(). */
void pump_closed(struct pump *pump, uint64_t session, int64_t now_ms);

/* One turn. */
void pump_turn(struct pump *pump, int64_t now_ms);

/* Whether a turn would have something to do at once: then look for new bytes without waiting. */
bool pump_ready(const struct pump *pump);

/* Time has passed, about a second: pings and time-outs of every connection. */
void pump_tick(struct pump *pump, int64_t now_ms);

/* Ends every session with this reason; turns go on as usual until all are closed. */
void pump_end_all(struct pump *pump, const char *reason, int64_t now_ms);

/* The next connection with something to do, each once; false when there is none left. Bytes that
 * cannot be sent now stay in the queue, and the net sends them later by itself. */
bool pump_next_dirty(struct pump *pump, struct pump_dirty *dirty);

/* Connections that are not closed yet. */
size_t pump_open_count(const struct pump *pump);

/* The name of door `i` of those that have been used, and how many connections it has; false when
 * there is none. */
bool pump_count_door(const struct pump *pump, size_t i, const char **name, size_t *count);

#endif
