/* The gate's readings: what a door asks of the log, and what it is shown of the answer.
 *
 * The hub says which log it is and who may see what; it is asked again when the answer comes, since
 * things may have changed meanwhile. */
#include "server/pump/read.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump/ask.h"
#include "server/pump/lag.h"
#include "server/pump/slots.h"

enum {
    LOG_NAME_BYTES = 16 * 1024, /* of any log; the hub's limits stay far below */
    SEEK_CONVERSATIONS = 300,   /* searched at once, the latest ones */
};

static char *copied(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

/* Answering. */

static void answer_refused(struct pump *pump, struct ask *ask, enum refusal refusal)
{
    pump_ask_answer(
        pump, ask,
        &(struct door_page){.token = ask->token, .refusal = refusal, .target = ask->target});
}

/* What happened in a room is told of it by the name that it has now: whoever asks knows no other. */
static struct event as_told_now(const struct pump *pump, uint64_t session,
                                const struct event *event)
{
    struct event told = *event;
    if (event->target[0] == '#' && event->type != EVENT_RENAME)
        told.target = reading_target(pump->hub, session, event->log);
    return told;
}

/* Shows the door those of the events that its session may see now. */
static void answer_events(struct pump *pump, struct ask *ask, const struct event *events,
                          size_t count)
{
    struct event *seen = xreallocarray(NULL, count + 1, sizeof *seen);
    size_t seen_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (reading_allows(pump->hub, ask->session, &events[i]))
            seen[seen_count++] = as_told_now(pump, ask->session, &events[i]);
    }
    pump_ask_answer(pump, ask,
                    &(struct door_page){
                        .token = ask->token,
                        .target = ask->target,
                        .events = seen,
                        .count = seen_count,
                    });
    free(seen);
}

static int by_time(const void *a, const void *b)
{
    const struct door_target *left = a, *right = b;
    return (left->spoken_ms > right->spoken_ms) - (left->spoken_ms < right->spoken_ms);
}

static void answer_targets(struct pump *pump, struct ask *ask)
{
    qsort(ask->found, ask->found_count, sizeof *ask->found, by_time);
    size_t count = ask->found_count < ask->limit ? ask->found_count : ask->limit;
    size_t first = ask->from_ms <= ask->to_ms ? 0 : ask->found_count - count;
    pump_ask_answer(pump, ask,
                    &(struct door_page){
                        .token = ask->token,
                        .targets = ask->found + first,
                        .target_count = count,
                    });
}

/* Asking. */

/* The store took the reading, or why not; then the ask is forgotten. */
static enum refusal asked(struct pump *pump, struct ask *ask, enum store_result result)
{
    if (result == STORE_OK) {
        pump_slot(pump, ask->session)->asked++;
        pump->uncommitted = true;
        return REFUSED_NOTHING;
    }
    pump_ask_take(pump, ask->serial);
    pump_ask_free(ask);
    return REFUSED_NOT_READ;
}

/* A place that is a time, moved behind that up to which nothing is shown. */
static struct store_place place(const struct reading_place *from, const struct since *since)
{
    bool earlier = !from->id && from->position == 0 && from->time_ms < since->time_ms;
    if (earlier && since->position != 0)
        return (struct store_place){.position = since->position};
    return (struct store_place){
        .position = from->position,
        .time_ms = earlier ? since->time_ms : from->time_ms,
        .id = from->id,
    };
}

static struct store_query query(const struct reading *reading, const char *log,
                                const struct since *since)
{
    static const struct since never = {0};
    static const enum store_span spans[] = {
        [READING_LATEST] = STORE_LATEST,   [READING_BEFORE] = STORE_BEFORE,
        [READING_AFTER] = STORE_AFTER,     [READING_AROUND] = STORE_AROUND,
        [READING_BETWEEN] = STORE_BETWEEN,
    };
    /* An open place of these is the newest end, which is not to move. */
    bool from_newest = reading->span == READING_BEFORE || reading->span == READING_AROUND;
    return (struct store_query){
        .log = log,
        .span = spans[reading->span],
        .from = place(&reading->from, from_newest ? &never : since),
        .to =
            reading->span == READING_BETWEEN ? place(&reading->to, since) : (struct store_place){0},
        .limit = reading->limit,
        .speech_only = reading->speech_only,
    };
}

/* A room as it is called, and a person as the asker calls him. */
static char *target_of(const struct pump *pump, uint64_t session, const char *asked,
                       const char *log)
{
    return xstrdup(asked[0] == '#' ? reading_target(pump->hub, session, log) : asked);
}

enum refusal gate_read(struct gate *gate, uint64_t session, const struct reading *reading,
                       uint64_t token)
{
    struct pump *pump = gate->pump;
    struct str log;
    struct since since;
    str_init(&log, LOG_NAME_BYTES);
    enum refusal refusal = reading_log(pump->hub, session, reading->target, &log, &since);
    if (refusal == REFUSED_NOTHING) {
        struct ask *ask = pump_ask_new(pump, session, ASK_READ, token);
        ask->target = target_of(pump, session, reading->target, log.data);
        struct store_query wanted = query(reading, log.data, &since);
        refusal = asked(pump, ask, store_read(pump->store, &wanted, ask->serial));
    }
    str_release(&log);
    return refusal;
}

/* The folded nick of a session: what its conversations are found by. */
static const char *key_of(const struct pump *pump, uint64_t session)
{
    return session_key(hub_session(pump->hub, session));
}

static enum store_result search(struct pump *pump, const struct ask *ask, const char *const *logs,
                                size_t count)
{
    const struct store_search wanted = {
        .logs = logs,
        .log_count = count,
        .words = ask->words,
        .nick = ask->nick,
        .after_ms = ask->from_ms,
        .before_ms = ask->to_ms,
        .limit = ask->limit,
    };
    return store_search(pump->store, &wanted, ask->serial);
}

enum refusal gate_search(struct gate *gate, uint64_t session, const struct seeking *seeking,
                         uint64_t token)
{
    struct pump *pump = gate->pump;
    struct str log;
    struct since since;
    enum refusal refusal = REFUSED_NOTHING;
    str_init(&log, LOG_NAME_BYTES);
    if (seeking->target)
        refusal = reading_log(pump->hub, session, seeking->target, &log, &since);
    if (refusal == REFUSED_NOTHING) {
        struct ask *ask =
            pump_ask_new(pump, session, seeking->target ? ASK_SEEK : ASK_SEEK_TARGETS, token);
        ask->words = xstrdup(seeking->words);
        ask->nick = copied(seeking->nick);
        ask->from_ms = seeking->after_ms;
        ask->to_ms = seeking->before_ms;
        ask->limit = seeking->limit;
        const char *logs[] = {log.data};
        if (seeking->target)
            ask->target = target_of(pump, session, seeking->target, log.data);
        refusal =
            asked(pump, ask,
                  seeking->target ? search(pump, ask, logs, 1)
                                  : store_targets(pump->store, key_of(pump, session), 0, INT64_MAX,
                                                  SEEK_CONVERSATIONS, ask->serial));
    }
    str_release(&log);
    return refusal;
}

static enum store_result ask_targets(struct pump *pump, const struct ask *ask, const char *nick)
{
    bool forwards = ask->from_ms <= ask->to_ms;
    return store_targets(pump->store, nick, forwards ? ask->from_ms : ask->to_ms,
                         forwards ? ask->to_ms : ask->from_ms, STORE_PAGE_MAX, ask->serial);
}

enum refusal gate_targets(struct gate *gate, uint64_t session, int64_t from_ms, int64_t to_ms,
                          size_t limit, uint64_t token)
{
    struct pump *pump = gate->pump;
    const struct session *asker = hub_session(pump->hub, session);
    if (!asker || !asker->entered)
        return REFUSED_NOT_ENTERED;
    struct ask *ask = pump_ask_new(pump, session, ASK_TARGETS, token);
    ask->from_ms = from_ms;
    ask->to_ms = to_ms;
    ask->limit = limit;
    return asked(pump, ask, ask_targets(pump, ask, session_key(asker)));
}

/* What the store answers. */

void pump_read_page(struct pump *pump, uint64_t token, enum store_result result,
                    const struct event *events, size_t count)
{
    struct ask *ask = pump_ask_take(pump, token);
    assert(ask);
    if (ask->kind == ASK_LAG) {
        pump_lag_page(pump, ask->session, result, events, count);
        pump_ask_free(ask);
    } else if (result == STORE_OK) {
        answer_events(pump, ask, events, count);
    } else {
        answer_refused(pump, ask,
                       result == STORE_NOT_FOUND ? REFUSED_NO_SUCH_ENTRY : REFUSED_NOT_READ);
    }
}

/* Searches in the conversations that were found, and in the rooms that the session is in. */
static enum store_result search_all(struct pump *pump, struct ask *ask,
                                    const struct store_target *targets, size_t count)
{
    const struct session *asker = hub_session(pump->hub, ask->session);
    const char **logs = xcalloc(count + asker->room_count + 1, sizeof *logs);
    size_t log_count = 0;
    for (const struct member *member = asker->members; member; member = member->next_of_session) {
        if (member->in)
            logs[log_count++] = member->room->log;
    }
    for (size_t i = 0; i < count; i++)
        logs[log_count++] = targets[i].log;
    ask->kind = ASK_SEEK;
    pump_ask_again(pump, ask);
    enum store_result result = search(pump, ask, logs, log_count);
    free(logs);
    return result;
}

/* An entry at this time stands for the latest one of its log. */
static bool may_see(const struct pump *pump, const struct ask *ask,
                    const struct store_target *target)
{
    const struct event latest = {.log = target->log, .time_ms = target->spoken_ms};
    return reading_allows(pump->hub, ask->session, &latest);
}

static void note_targets(struct pump *pump, struct ask *ask, const struct store_target *targets,
                         size_t count)
{
    ask->found = xreallocarray(ask->found, ask->found_count + count + 1, sizeof *ask->found);
    for (size_t i = 0; i < count; i++) {
        if (!may_see(pump, ask, &targets[i]))
            continue;
        const char *name = reading_target(pump->hub, ask->session, targets[i].log);
        ask->found[ask->found_count++] =
            (struct door_target){.name = xstrdup(name), .spoken_ms = targets[i].spoken_ms};
    }
}

void pump_read_targets(struct pump *pump, uint64_t token, enum store_result result,
                       const struct store_target *targets, size_t count)
{
    struct ask *ask = pump_ask_take(pump, token);
    assert(ask);
    bool gone = !hub_session(pump->hub, ask->session);
    if (result != STORE_OK || gone) {
        answer_refused(pump, ask, REFUSED_NOT_READ);
        return;
    }
    if (ask->kind == ASK_SEEK_TARGETS) {
        result = search_all(pump, ask, targets, count);
    } else {
        note_targets(pump, ask, targets, count);
        if (ask->kind == ASK_TARGET_ROOMS) {
            answer_targets(pump, ask);
            return;
        }
        ask->kind = ASK_TARGET_ROOMS;
        pump_ask_again(pump, ask);
        result = ask_targets(pump, ask, NULL);
    }
    pump->uncommitted = true;
    if (result != STORE_OK)
        answer_refused(pump, pump_ask_take(pump, ask->serial), REFUSED_NOT_READ);
}

bool gate_busy(const struct gate *gate, uint64_t session)
{
    const struct slot *slot = pump_slot(gate->pump, session);
    return hub_in_flight(gate->pump->hub, session) > 0 ||
           (slot && (slot->asked > 0 || pump_lag_has_notes(slot)));
}
