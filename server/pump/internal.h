/* The inside of the pump: what its files share. Nobody else includes it. What a file does for the others
 * is in a header of its own. */
#ifndef SNUG_SERVER_PUMP_INTERNAL_H
#define SNUG_SERVER_PUMP_INTERNAL_H

#include "common/linebuf.h"
#include "common/list.h"
#include "common/slab.h"
#include "common/str.h"
#include "server/pump/pump.h"

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

/* What is said to one roster in a row: see batch.c. */
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
 * seven weeks: only their differences count, see pump_slot_since(). */
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
    uint32_t awaited; /* while it is `covered`: the low bits of a fact's number, see cover.h */
    uint32_t awaited_later; /* while it is `covered_twice`: the same, for what lies behind */
    uint32_t later_at;      /* so many bytes behind the hold */
    uint32_t log_bytes;     /* of its entries in flight */
    uint32_t taken_ms;      /* when it last took something of what was pending, or nothing was */
    uint32_t flood_ms; /* since when there were more lines than it may send, while `flooding` */
    uint32_t paid_us;  /* up to when the lines that were taken are paid for, in microseconds */
    uint16_t asked;    /* readings of its door under way; its next line waits for them */
    bool held : 1;     /* its next line waits until nothing of it is in flight */
    bool covered : 1;  /* what it is sent waits for a fact */
    bool covered_twice : 1;      /* and what was queued later for another one */
    bool answer_waits : 1;       /* an answer is among it: its next line waits, too */
    bool later_answer_waits : 1; /* the same, of what was queued later */
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

    uint64_t facts_put;  /* so many went to the store */
    uint64_t facts_kept; /* so many of them are on disk */
    uint64_t
        facts_shown;   /* number of the latest that answers may show; it may still be to be put */
    uint64_t *covered; /* sessions */
    size_t covered_count;
    size_t covered_size;

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

#endif
