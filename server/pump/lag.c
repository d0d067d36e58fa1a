/* Slow readers. A connection that has as much pending as it may gets no more live events: what it
 * misses is a run of positions in each log, and as it reads, it is shown them from the log, in the
 * order in which they happened, as ordinary lines.
 *
 * Invariant: while a connection lags, every entry that it should have been shown lies in one of its
 * runs, and none that it has been shown does. Its own lines are not stepped, so that it is in no room
 * and out of none but by what was already under way; how its own entries went (notes) is told when
 * their turn comes. What is in no log is passed on while there is room beside, else it is lost. */
#include "server/pump/lag.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/reading.h"
#include "server/pump/ask.h"
#include "server/pump/slots.h"
#include "server/store/entry.h"

enum {
    ASIDE_BYTES = 256 * 1024, /* pending above what may be: of what passes and is in no log */
    FILL_BYTES = OUTQ_MAX_BYTES / 4, /* pending: as much is read from the log at once */
    LOW_BYTES = FILL_BYTES / 2,      /* pending: below this there is more read */
    LATE_MAX = 256,                  /* changes of name */
    RUNS_MAX = 1024,                 /* logs that one connection may be behind in */
    PAGE_ENTRIES = 512,              /* kept in memory of all its runs together, about */
    SHOWN_MAX = 1024,                /* of one time; of more, one may be told twice */
    IDLE_MS = 2000, /* what is kept of the log is forgotten when it takes nothing */
};

/* A run of entries of one log that were missed. */
struct run {
    struct list in_lag;
    char *log;
    uint64_t next; /* position of the first that was not shown */
    uint64_t last; /* and of the last */
    int64_t
        next_ms; /* time and id of the first, or, where it is not known yet, of the one before */
    char next_id[EVENT_ID_MAX];
    struct entry **page; /* read already, from `next` on */
    size_t page_at;
    size_t page_count;
};

/* How an entry of its own went, to be told in its place. */
struct kept_note {
    const struct run *run;
    uint64_t position;
    uint64_t session;
    uint64_t peer;
    struct note note;
};

struct lag {
    struct list in_line; /* in pump.lagging when there may be something to do */
    struct slot *slot;
    struct list runs;
    struct list late; /* struct entry: changes of a name that are in no log, and have their time */
    size_t late_count;
    size_t run_count;
    struct table by_log;     /* the latest run of each log */
    struct run *reading;     /* whose page is on its way; NULL: none */
    struct kept_note *notes; /* in order of their happening */
    size_t note_count;
    size_t note_size;
    int64_t shown_ms; /* quits and changes of name, which are in many logs, that were shown */
    char (*shown)[EVENT_ID_MAX]; /* at this time */
    size_t shown_count;
};

static struct lag *begin(struct slot *slot)
{
    struct lag *lag = xcalloc(1, sizeof *lag);
    lag->slot = slot;
    list_init(&lag->in_line);
    list_init(&lag->runs);
    list_init(&lag->late);
    table_init(&lag->by_log, RUNS_MAX, session_slot(slot->session) + slot->session);
    slot->lag = lag;
    slot->choked = true;
    return lag;
}

static void set_next(struct run *run, const struct event *event)
{
    run->next_ms = event->time_ms;
    memcpy(run->next_id, event->id, sizeof run->next_id);
}

static void drop_page(struct run *run)
{
    for (; run->page_at < run->page_count; run->page_at++)
        free(run->page[run->page_at]);
    free(run->page);
    run->page = NULL;
    run->page_at = run->page_count = 0;
}

static void run_free(struct lag *lag, struct run *run)
{
    size_t len = strlen(run->log);
    if (table_get(&lag->by_log, run->log, len) == run)
        table_remove(&lag->by_log, run->log, len);
    list_remove(&run->in_lag);
    lag->run_count--;
    drop_page(run);
    free(run->log);
    free(run);
}

/* Takes the first that is late off its list; NULL if there is none. */
static struct entry *take_late(struct lag *lag)
{
    if (list_empty(&lag->late))
        return NULL;
    struct entry *entry = list_entry(list_first(&lag->late), struct entry, in_line);
    list_remove(&entry->in_line);
    lag->late_count--;
    return entry;
}

void pump_lag_drop(struct slot *slot)
{
    struct lag *lag = slot->lag;
    if (!lag)
        return;
    for (struct entry *entry; (entry = take_late(lag));)
        free(entry);
    while (!list_empty(&lag->runs))
        run_free(lag, list_entry(list_first(&lag->runs), struct run, in_lag));
    table_release(&lag->by_log);
    list_remove(&lag->in_line);
    free(lag->notes);
    free(lag->shown);
    free(lag);
    slot->lag = NULL;
}

/* Missing. */

/* It has a reason to be cut off when the turn ends. */
static void mark_cut(struct pump *pump, struct slot *slot)
{
    pump->cutting = true;
    pump_mark_dirty(pump, slot);
}

/* Notes that an entry was missed; NULL if it is behind in too many logs. One's own join begins a run
 * of its own: what was said before it is not for him. */
static struct run *miss(const struct pump *pump, struct slot *slot, const struct event *event)
{
    struct lag *lag = slot->lag ? slot->lag : begin(slot);
    size_t len = strlen(event->log);
    struct run *run = table_get(&lag->by_log, event->log, len);
    bool enters = event->type == EVENT_JOIN && event->session != SESSION_NONE &&
                  hub_person(pump->hub, event->session) == hub_session(pump->hub, slot->session);
    if (run && (!enters || run->last == event->position)) {
        run->last = event->position;
        return run;
    }
    if (lag->run_count == RUNS_MAX) {
        slot->cut = CUT_ROOMS;
        return NULL;
    }
    run = xcalloc(1, sizeof *run);
    run->log = xstrdup(event->log);
    run->next = run->last = event->position;
    set_next(run, event);
    list_init(&run->in_lag);
    list_add_tail(&lag->runs, &run->in_lag);
    lag->run_count++;
    table_remove(&lag->by_log, run->log, len);
    table_put(&lag->by_log, run->log, len, run);
    return run;
}

/* Whose name changed, by another of his connections, where nobody else saw it: he needs it in its place
 * to know which lines are his own. */
static bool keep_late(struct pump *pump, struct slot *slot, const struct event *event)
{
    struct lag *lag = slot->lag;
    if (!lag || event->type != EVENT_NICK)
        return false;
    if (lag->late_count == LATE_MAX) {
        slot->cut = CUT_NAMES;
        mark_cut(pump, slot);
        return true;
    }
    list_add_tail(&lag->late, &entry_new(event)->in_line);
    lag->late_count++;
    return true;
}

bool pump_lag_divert(struct pump *pump, struct slot *slot, const struct event *event)
{
    /* A change of state that could not be written is told all the same, and lies in no log. */
    if (event->type > EVENT_LOGGED_LAST || event->position == 0)
        return keep_late(pump, slot, event) || slot->out.bytes > pump->pending_bytes + ASIDE_BYTES;
    if (slot->cut || !miss(pump, slot, event))
        mark_cut(pump, slot);
    return true;
}

bool pump_lag_note(struct pump *pump, struct slot *slot, const struct note *note,
                   const struct event *event)
{
    bool in_place =
        note->type == NOTE_JOINED || note->type == NOTE_SHOWN || note->type == NOTE_SPOKEN;
    if (!slot->lag || !in_place || event->position == 0 || pump->repeating)
        return false;
    const struct run *run = slot->cut ? NULL : miss(pump, slot, event);
    if (!run) {
        mark_cut(pump, slot);
        return true;
    }
    assert(!note->target && !note->object);
    struct lag *lag = slot->lag;
    if (lag->note_count == lag->note_size) {
        lag->note_size = lag->note_size ? lag->note_size * 2 : 16;
        lag->notes = xreallocarray(lag->notes, lag->note_size, sizeof *lag->notes);
    }
    lag->notes[lag->note_count++] = (struct kept_note){
        .run = run,
        .position = event->position,
        .session = event->session,
        .peer = event->peer,
        .note = *note,
    };
    return true;
}

bool pump_lag_has_notes(const struct slot *slot)
{
    return slot->lag && slot->lag->note_count > 0;
}

/* Catching up. */

/* Takes the note that belongs to the next entry of a run; false if there is none. */
static bool take_note(struct lag *lag, const struct run *run, struct kept_note *note)
{
    for (size_t i = 0; i < lag->note_count; i++) {
        if (lag->notes[i].run != run || lag->notes[i].position != run->next)
            continue;
        *note = lag->notes[i];
        lag->note_count--;
        memmove(&lag->notes[i], &lag->notes[i + 1], (lag->note_count - i) * sizeof *note);
        return true;
    }
    return false;
}

/* Whether a quit or change of name was shown from another log; its copies have one time and one id. */
static bool shown_before(struct lag *lag, const struct event *event)
{
    if (event->type != EVENT_QUIT && event->type != EVENT_NICK)
        return false;
    if (event->time_ms != lag->shown_ms)
        lag->shown_count = 0;
    lag->shown_ms = event->time_ms;
    size_t kept = lag->shown_count < SHOWN_MAX ? lag->shown_count : SHOWN_MAX;
    for (size_t i = 0; i < kept; i++) {
        if (strcmp(lag->shown[i], event->id) == 0)
            return true;
    }
    if (lag->shown_count < SHOWN_MAX)
        lag->shown = xreallocarray(lag->shown, lag->shown_count + 1, sizeof *lag->shown);
    memcpy(lag->shown[lag->shown_count++ % SHOWN_MAX], event->id, EVENT_ID_MAX);
    return false;
}

static void show(struct pump *pump, struct slot *slot, const struct event *event)
{
    const struct door *door = slot->forms->door;
    pump->delivery++; /* one of its own, perhaps in the midst of another */
    unsigned class = slot->forms->ops->class(slot->record, event);
    pump->delivery++;
    str_reset(&pump->scratch);
    slot->forms->ops->format(door->ctx, class, event, &pump->scratch);
    assert(!pump->scratch.overflow);
    outq_add(&slot->out, chunk_write(&pump->replies, pump->scratch.data, pump->scratch.len));
}

/* Shows the next entry of a run, which has been read. */
static void replay(struct pump *pump, struct slot *slot, struct run *run, struct event event)
{
    struct lag *lag = slot->lag;
    struct kept_note kept;
    bool own = take_note(lag, run, &kept);
    if (own) {
        event.session = kept.session;
        event.peer = kept.peer;
    }
    bool spoken = own && kept.note.type == NOTE_SPOKEN;
    bool due = !event.redacted && reading_reaches(pump->hub, slot->session, &event) &&
               !shown_before(lag, &event);
    if (!spoken && due)
        show(pump, slot, &event);
    if (own)
        slot->forms->ops->note(slot->record, &kept.note, &event);
}

static bool is_earlier(const struct run *a, const struct run *b)
{
    return a->next_ms < b->next_ms ||
           (a->next_ms == b->next_ms && strcmp(a->next_id, b->next_id) < 0);
}

/* The run with what happened first. */
static struct run *earliest(struct lag *lag)
{
    struct run *found = NULL;
    LIST_FOR(link, &lag->runs)
    {
        struct run *run = list_entry(link, struct run, in_lag);
        if (!found || is_earlier(run, found))
            found = run;
    }
    return found;
}

static void in_line(struct pump *pump, struct lag *lag)
{
    if (list_empty(&lag->in_line))
        list_add_tail(&pump->lagging, &lag->in_line);
}

/* Asks the log for more of a run. If it cannot be read now, the next tick tries again. */
static void read_on(struct pump *pump, struct lag *lag, struct run *run)
{
    struct ask *ask = pump_ask_new(pump, lag->slot->session, ASK_LAG, 0);
    size_t limit = PAGE_ENTRIES / lag->run_count;
    const struct store_query query = {
        .log = run->log,
        .span = STORE_BETWEEN,
        .from.position = run->next - 1,
        .to.position = run->last + 1,
        .limit = limit > 2 ? limit : 2,
    };
    if (store_read(pump->store, &query, ask->serial) == STORE_OK) {
        lag->reading = run;
        pump->uncommitted = true;
        return;
    }
    pump_ask_free(pump_ask_take(pump, ask->serial));
    lag->slot->waits_for_log = true;
}

static void caught_up(struct pump *pump, struct slot *slot)
{
    pump_lag_drop(slot);
    slot->choked = slot->out.bytes > PUMP_REPLY_BYTES;
    pump_mark_ready(pump, slot);
}

/* Shows what is late and happened before that (NULL: all of it). */
static void show_late(struct pump *pump, struct slot *slot, const struct event *before)
{
    struct lag *lag = slot->lag;
    while (!list_empty(&lag->late)) {
        const struct event *event =
            &list_entry(list_first(&lag->late), struct entry, in_line)->event;
        if (before && (event->time_ms > before->time_ms ||
                       (event->time_ms == before->time_ms && strcmp(event->id, before->id) > 0)))
            return;
        struct entry *entry = take_late(lag);
        show(pump, slot, &entry->event);
        free(entry);
    }
}

/* Shows what has been read, until there is enough pending or more is to be read. */
static void go_on(struct pump *pump, struct slot *slot)
{
    struct lag *lag = slot->lag;
    pump_mark_dirty(pump, slot);
    while (slot->out.bytes < FILL_BYTES && !lag->reading) {
        struct run *run = earliest(lag);
        if (!run) {
            show_late(pump, slot, NULL);
            caught_up(pump, slot);
            return;
        }
        if (run->page_at == run->page_count) {
            drop_page(run);
            read_on(pump, lag, run);
            return;
        }
        struct entry *entry = run->page[run->page_at++];
        show_late(pump, slot, &entry->event);
        bool read = run->page_at < run->page_count;
        set_next(run, &(read ? run->page[run->page_at] : entry)->event);
        replay(pump, slot, run, entry->event);
        free(entry);
        if (slot->lag != lag)
            return; /* a door may end a connection at any note */
        if (run->next++ == run->last)
            run_free(lag, run);
    }
}

/* Whether these are the entries from that position on, and none of them is gone. */
static bool is_whole(const struct event *events, size_t count, uint64_t position)
{
    size_t i = 0;
    while (i < count && events[i].position == position + i)
        i++;
    return count > 0 && i == count;
}

void pump_lag_page(struct pump *pump, uint64_t session, enum store_result result,
                   const struct event *events, size_t count)
{
    struct slot *slot = pump_slot(pump, session);
    struct lag *lag = slot ? slot->lag : NULL;
    if (!lag || !lag->reading)
        return; /* it has left, or has no need of it any more */
    struct run *run = lag->reading;
    lag->reading = NULL;
    if (result != STORE_OK) {
        slot->waits_for_log = true;
        return;
    }
    if (!is_whole(events, count, run->next)) {
        slot->cut = CUT_TOO_LATE;
        mark_cut(pump, slot);
        return;
    }
    run->page = xreallocarray(NULL, count, sizeof(struct entry *));
    for (size_t i = 0; i < count; i++)
        run->page[i] = entry_new(&events[i]);
    run->page_count = count;
    set_next(run, &events[0]);
    in_line(pump, lag);
}

void pump_lag_sent(struct pump *pump, struct slot *slot)
{
    if (slot->lag && !slot->lag->reading && slot->out.bytes < LOW_BYTES)
        in_line(pump, slot->lag);
}

void pump_lag_tick(struct pump *pump, struct slot *slot)
{
    if (!slot->lag)
        return;
    if (slot->waits_for_log)
        in_line(pump, slot->lag);
    slot->waits_for_log = false;
    if (pump_slot_since(slot->taken_ms, pump->now_ms) < IDLE_MS)
        return;
    LIST_FOR(link, &slot->lag->runs)
    drop_page(list_entry(link, struct run, in_lag));
}

void pump_lag_turn(struct pump *pump)
{
    struct list batch;
    list_init(&batch);
    list_move_all(&batch, &pump->lagging);
    while (!list_empty(&batch)) {
        struct lag *lag = list_entry(list_first(&batch), struct lag, in_line);
        list_remove(&lag->in_line);
        go_on(pump, lag->slot);
    }
}
