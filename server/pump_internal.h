/* The inside of the pump, for its own files; nobody else includes it. */
#ifndef SNUG_SERVER_PUMP_INTERNAL_H
#define SNUG_SERVER_PUMP_INTERNAL_H

#include "common/linebuf.h"
#include "common/list.h"
#include "common/slab.h"
#include "common/str.h"
#include "server/pump.h"

/* What the doors see of the pump. */
struct gate {
    struct pump *pump;
};

/* Where a connection is in its life. */
enum slot_state {
    SLOT_OPEN,
    SLOT_LEAVING, /* no event and no line any more; its farewell is due */
    SLOT_ENDING,  /* all is said; the net is to close it */
    SLOT_ABORTED, /* the net is to close it at once */
};

/* What one group of a door's connections is shown of the batch. */
struct part {
    struct chunk_writer writer;
    struct extent *runs; /* one behind the other, each with a reference of its chunk */
    uint32_t run_count;
    uint32_t run_size;
    size_t bytes;
    struct part_place {
        uint32_t run;
        uint32_t at;
    } * begins; /* by event: where it begins */
};

/* The forms that one event takes on one door's wires, made when the first recipient needs one. Each
 * class has a writer of its own, so that the events of a turn lie side by side. */
struct forms {
    uint64_t made; /* bit by class */
    struct extent extents[DOOR_CLASSES_MAX];
    struct chunk_writer writers[DOOR_CLASSES_MAX];
    const struct door *door;
    const struct door_ops *ops; /* the door's */
    uint32_t groups;            /* of this door that are in the batch: a bit each */
    struct part parts[DOOR_GROUPS_MAX];
};

/* What is said to one roster in a row: see pump_batch.c. */
struct batch {
    uint64_t roster;   /* effect.roster of it; 0: no more is added */
    uint64_t first;    /* number of the first event; no number is used twice */
    uint64_t end;      /* of the one behind the last */
    uint64_t *singles; /* sessions of the roster that get each event by itself */
    size_t single_count;
    size_t single_size;
};

/* Why a connection cannot go on. */
enum slot_cut {
    CUT_NOT,
    CUT_ROOMS,
    CUT_NAMES,
    CUT_TOO_LATE,
};

/* One connection. What the fan-out touches comes first. Times are of a clock that begins anew every
 * seven weeks: only their differences count, see slot_since(). */
struct slot {
    uint64_t live;       /* its session while it takes events, then SESSION_NONE */
    uint64_t owed;       /* number of the first event of the batch that it was not given */
    struct forms *forms; /* of its door */
    struct lag *lag;     /* what it has missed; NULL: nothing */
    void *link;
    uint32_t dirty_at; /* place in pump.dirty, from 1; 0: none */
    uint8_t group;     /* of its door, or DOOR_NO_GROUP */
    uint8_t state;     /* enum slot_state */
    uint8_t cut;       /* enum slot_cut */
    struct outq out;
    void *record; /* NULL when the door has closed it */
    uint64_t session;
    char *reason;      /* of its leaving, if known */
    struct list queue; /* in pump.ready or pump.leaving, or in none */
    struct linebuf in;
    uint32_t asked;     /* readings of its door under way; its next line waits for them */
    uint32_t log_bytes; /* of its entries in flight */
    uint32_t taken_ms;  /* when it last took something of what was pending, or nothing was */
    uint32_t flood_ms;  /* since when there were more lines than it may send, while `flooding` */
    uint32_t paid_us;   /* up to when the lines that were taken are paid for, in microseconds */
    bool held : 1;      /* its next line waits until nothing of it is in flight */
    bool flooding : 1;
    bool throttled : 1;     /* its next line waits for a tick: it sent too many lately */
    bool unlimited : 1;     /* nobody counts its lines */
    bool crowded : 1;       /* it is held since too much of it is in flight */
    bool choked : 1;        /* its next line waits until it has read more of what it was sent */
    bool overlong : 1;      /* its next line is one that was too long */
    bool paused : 1;        /* the net was told not to read */
    bool waits_for_log : 1; /* it lags, and the log could not be read: at the next tick again */
    bool eof : 1;           /* no more bytes come; when all lines are stepped it leaves */
    bool aborted : 1;       /* it does not read: no farewell, close at once */
};

/* Milliseconds from then to now; less than nothing, if the clock was set back. */
static inline int32_t slot_since(uint32_t then_ms, int64_t now_ms)
{
    return (int32_t)((uint32_t)now_ms - then_ms);
}

/* A door in use. */
struct pump_door {
    struct door door;
    struct forms forms;
};

struct pump {
    struct gate gate;
    struct hub *hub;
    struct store *store;
    struct pump_owner owner;
    int64_t now_ms;     /* never runs backwards, nor stands still: see pump.c */
    int64_t machine_ms; /* what the machine said last */
    int64_t behind_ms;  /* what it said when it had been set back, and what was counted then */
    int64_t ahead_ms;
    uint32_t lines_per_s; /* of one connection; 0: any number */
    size_t pending_bytes; /* of one connection; what is more comes from the log, later */
    int64_t stuck_ms;     /* that one may take nothing of it */

    struct slab records; /* struct slot */
    struct slot **slots; /* by session_slot(); NULL: free */
    uint32_t slot_count;
    uint32_t slot_size;
    uint32_t *free_slots;
    uint32_t free_count;
    uint64_t generation;
    size_t open_count;

    struct list ready;   /* slots with lines to step, in their order */
    struct list leaving; /* slots whose farewell is due */
    struct list lagging; /* struct lag: may be shown more of what they missed */
    struct slot **dirty; /* has room for all slots */
    uint32_t dirty_count;

    struct pump_door doors[PUMP_MAX_DOORS];
    uint32_t door_count;
    struct batch batch;
    struct chunk_writer replies;
    struct str scratch; /* one event in one form */
    struct str line;    /* a copy for the door, of a line that may have to wait */

    struct table asks; /* struct ask, by serial */
    uint64_t ask_serial;

    struct outbox box;
    struct outbox failed_box;
    bool repeating;    /* what is told was said before */
    bool stepping;     /* effects are being carried out */
    bool cutting;      /* a slot has a `cut` */
    bool uncommitted;  /* something was appended or asked since the last commit */
    bool log_down;     /* what is in flight may stay there for long */
    size_t log_bytes;  /* of all entries in flight */
    size_t turn_bytes; /* of events, formatted in this turn */
    uint64_t delivery; /* number of the one at hand */
    size_t turn_lines; /* stepped in it */
};

enum ask_kind {
    ASK_READ,
    ASK_SEEK_TARGETS, /* conversations to search in, first; then */
    ASK_SEEK,
    ASK_TARGETS, /* conversations first, then */
    ASK_TARGET_ROOMS,
    ASK_OWN,
    ASK_TELL, /* the pump's own, and so is the next one */
    ASK_LAG,
};

/* A reading under way. */
struct ask {
    uint64_t serial; /* the store's token */
    uint64_t session;
    uint64_t token; /* the door's */
    enum ask_kind kind;
    char *target; /* NULL: none */
    char *words;  /* of a search, and so are the next ones; of an ASK_OWN the key of a new fact */
    char *nick;
    int64_t from_ms, to_ms;
    size_t limit;
    struct outbox *told;       /* ASK_TELL: notes and deliveries */
    struct door_target *found; /* with names of their own */
    size_t found_count;
};

/* The connection of a session, or NULL for a stale id. */
static inline struct slot *pump_slot(const struct pump *pump, uint64_t session)
{
    uint32_t at = session_slot(session);
    struct slot *slot = at < pump->slot_count ? pump->slots[at] : NULL;
    return slot && slot->session == session ? slot : NULL;
}

/* Notes that the net has something to do for this connection. */
static inline void pump_mark_dirty(struct pump *pump, struct slot *slot)
{
    if (slot->dirty_at != 0)
        return;
    pump->dirty[pump->dirty_count++] = slot;
    slot->dirty_at = pump->dirty_count;
}

/* pump_batch.c: what is said in rooms. Whether a connection was not given all of the batch. */
static inline bool pump_is_owed(const struct pump *pump, const struct slot *slot)
{
    return slot->owed >= pump->batch.first && slot->owed < pump->batch.end;
}

/* What its group is shown of the batch. */
static inline const struct part *pump_part_of(const struct slot *slot)
{
    return &slot->forms->parts[slot->group];
}

/* Gives a connection what it is owed. */
void pump_batch_give(struct pump *pump, struct slot *slot);

/* The same, before anything else is queued for it. */
static inline void pump_catch_up(struct pump *pump, struct slot *slot)
{
    if (pump_is_owed(pump, slot))
        pump_batch_give(pump, slot);
}

/* It gets what follows event by event. */
void pump_batch_leave(struct pump *pump, struct slot *slot);

/* Delivers to a roster. */
void pump_batch_add(struct pump *pump, const struct effect *effect);

/* Gives all what they are owed. */
void pump_batch_close(struct pump *pump);

void pump_batch_release(struct pump *pump);

/* Formats an event for one class; an empty extent if the class is not shown it. */
void pump_make_form(struct pump *pump, struct forms *forms, unsigned class,
                    const struct event *event);

/* An event in the form of one class. */
static inline const struct extent *pump_form(struct pump *pump, struct forms *forms, unsigned class,
                                             const struct event *event)
{
    if (!(forms->made >> class & 1))
        pump_make_form(pump, forms, class, event);
    return &forms->extents[class];
}

/* Queues an event for one connection, or notes that it missed it. */
void pump_deliver_to(struct pump *pump, struct slot *slot, const struct event *event);

/* Queues a connection that may have a line to step, unless something holds it back. */
void pump_mark_ready(struct pump *pump, struct slot *slot);

/* No event and no line any more, and a farewell in due time. The reason may be NULL. */
void pump_mark_leaving(struct pump *pump, struct slot *slot, const char *reason);

/* Whether as much is on its way to the disk as may be: what comes next waits where it is, so that
 * nobody's line stands behind more than a few ms of others' in the queue before the disk. */
static inline bool pump_log_full(const struct pump *pump)
{
    return pump->log_bytes >= PUMP_LOG_BYTES && !pump->log_down;
}

/* Makes the session leave, with this reason for others to see. */
void pump_leave(struct pump *pump, struct slot *slot, const char *reason);

/* Steps the hub and carries out the effects. */
void pump_step(struct pump *pump, const struct command *command);

/* Hands the store what was appended, and carries out what has come out of the tail. */
void pump_settle(struct pump *pump);

/* Forgets what the events of the last turn left in the writers, once it is sent. */
void pump_rewind(struct pump *pump);

/* pump_ask.c: notes a reading of a session; the ask is the pump's. */
struct ask *pump_ask_new(struct pump *pump, uint64_t session, enum ask_kind kind, uint64_t token);

/* The reading of that token is over: takes it out of the table; NULL for an unknown one. */
struct ask *pump_ask_take(struct pump *pump, uint64_t serial);

/* Puts an ask that was taken back, for a further reading with a new serial. */
void pump_ask_again(struct pump *pump, struct ask *ask);

void pump_ask_free(struct ask *ask);

/* Frees all; the store is gone. */
void pump_ask_free_all(struct pump *pump);

/* pump_read.c: what the store answers. */
void pump_read_page(struct pump *pump, uint64_t token, enum store_result result,
                    const struct event *events, size_t count);
void pump_read_targets(struct pump *pump, uint64_t token, enum store_result result,
                       const struct store_target *targets, size_t count);

/* pump_read.c: tells the door, which may have gone, and lets its lines go on. Frees the ask. */
void pump_ask_answer(struct pump *pump, struct ask *ask, const struct door_page *page);

/* The same without a word: an ask of that connection is over. */
void pump_ask_over(struct pump *pump, struct slot *slot);

/* pump_tell.c: what is told once the facts before it are on disk. Takes a copy of the effect; `told` is
 * what waits in this step, NULL at first. */
void pump_tell_later(struct outbox **told, const struct effect *effect);

/* The step of that session is over: takes ownership of what waits, which may be NULL. */
void pump_tell_settled(struct pump *pump, uint64_t session, struct outbox *told);

/* They are on disk, or cannot be. Frees the ask. */
void pump_tell_claimed(struct pump *pump, struct ask *ask, bool kept);

/* pump_effects.c: carries out a note or delivery. */
void pump_tell(struct pump *pump, const struct effect *effect);

/* pump_rate.c: how fast lines are taken. A connection begins, from that host. */
void pump_rate_open(const struct pump *pump, struct slot *slot, const char *host);

/* Whether it may have its next line stepped now; if not, a tick makes it ready again. */
bool pump_rate_allows(struct pump *pump, struct slot *slot);

/* One line was stepped. */
void pump_rate_took(const struct pump *pump, struct slot *slot);

/* Lets it go on; false if it has sent too much for too long. */
bool pump_rate_tick(struct pump *pump, struct slot *slot);

/* pump_own.c: the store says whose the name is. */
void pump_own_claimed(struct pump *pump, uint64_t token, enum store_result result);

/* pump_lag.c: slow readers. An event for a connection that lags, or has as much pending as it may;
 * true if it is not to be queued. */
bool pump_lag_divert(struct pump *pump, struct slot *slot, const struct event *event);

/* A note for one that may lag; true if it is told later. */
bool pump_lag_note(struct pump *pump, struct slot *slot, const struct note *note,
                   const struct event *event);
bool pump_lag_has_notes(const struct slot *slot);

/* Some of what was pending has been sent. */
void pump_lag_sent(struct pump *pump, struct slot *slot);

/* The answer to an ASK_LAG. */
void pump_lag_page(struct pump *pump, uint64_t session, enum store_result result,
                   const struct event *events, size_t count);

/* Goes on with those who have read enough of what they were sent. */
void pump_lag_turn(struct pump *pump);

void pump_lag_tick(struct pump *pump, struct slot *slot);

/* Forgets what it has missed. */
void pump_lag_drop(struct slot *slot);

/* A new slot in SLOT_OPEN, or NULL when there are as many as there can be. */
struct slot *pump_slot_new(struct pump *pump, const struct door *door, void *link);

/* Frees a slot, its door's record and its queues; the session finds nobody from then on. */
void pump_slot_free(struct pump *pump, struct slot *slot);

#endif
