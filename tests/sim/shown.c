/* What the people were shown, and whether the log says the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/sim/household.h"

/* While a log is looked through. */
static struct {
    struct shown *log;
    unsigned char *said; /* or NULL */
    uint64_t next;       /* position */
    bool answered;
} look;

static struct shown *log_of(struct sim *sim, const char *name)
{
    size_t i = 0;
    while (i < LOGS && sim->logs[i].log && strcmp(sim->logs[i].log, name) != 0)
        i++;
    assert(i < LOGS);
    if (!sim->logs[i].log)
        sim->logs[i].log = xstrdup(name);
    return &sim->logs[i];
}

static struct wish *wish_of_id(struct sim *sim, const char *id)
{
    size_t i = 0;
    while (i < sim->wish_count && strcmp(sim->wishes[i].id, id) != 0)
        i++;
    assert(i < sim->wish_count);
    return &sim->wishes[i];
}

/* Nobody may read its text again. */
static void take_back(struct sim *sim, const char *id)
{
    struct wish *wish = wish_of_id(sim, id);
    assert(wish->doomed);
    sim->redacted += !wish->gone;
    wish->gone = true;
}

void shown_entry(struct sim *sim, const struct event *event)
{
    if (event->type > EVENT_LOGGED_LAST)
        return;
    if (event->type == EVENT_REDACT)
        take_back(sim, event->object);
    struct shown *log = log_of(sim, event->log);
    assert(event->position > 0);
    if (event->position >= log->size) {
        size_t size = 2 * event->position + 64;
        log->ids = xreallocarray(log->ids, size, sizeof *log->ids);
        memset(log->ids + log->size, 0, (size - log->size) * sizeof *log->ids);
        log->size = size;
    }
    char *id = log->ids[event->position];
    assert(id[0] == '\0' || strcmp(id, event->id) == 0);
    strcpy(id, event->id);
    if (event->position > log->last)
        log->last = event->position;
    sim->shown++;
}

struct wish *shown_wish(struct sim *sim, const struct event *event)
{
    assert(event->type == EVENT_SPEECH && event->text[0] == 'w');
    size_t number = strtoul(event->text + 1, NULL, 10);
    assert(number < sim->wish_count);
    return &sim->wishes[number];
}

static void check_speech(struct sim *sim, const struct event *event)
{
    struct wish *wish = event->redacted ? wish_of_id(sim, event->id) : shown_wish(sim, event);
    assert(event->redacted ? wish->doomed && event->text == NULL : !wish->gone);
    if (look.said)
        assert(look.said[wish - sim->wishes]++ == 0);
}

void shown_page(struct sim *sim, const struct event *events, size_t count)
{
    look.answered = true;
    for (size_t i = 0; i < count; i++) {
        const struct shown *log = look.log;
        uint64_t position = events[i].position;
        assert(position == look.next);
        if (position < log->size && log->ids[position][0] != '\0')
            assert(strcmp(log->ids[position], events[i].id) == 0);
        if (events[i].type == EVENT_SPEECH)
            check_speech(sim, &events[i]);
        look.next++;
    }
}

static void check_log(struct sim *sim, struct shown *log)
{
    look.log = log;
    look.next = 1;
    for (uint64_t before = 0; before != look.next;) {
        before = look.next;
        look.answered = false;
        store_read(sim->store,
                   &(struct store_query){.log = log->log,
                                         .span = STORE_AFTER,
                                         .from.position = look.next - 1,
                                         .limit = STORE_PAGE_MAX},
                   0);
        store_poll(sim->store);
        assert(look.answered);
    }
    assert(look.next > log->last);
}

void shown_check(struct sim *sim, unsigned char *said)
{
    look.said = said;
    for (size_t i = 0; i < LOGS && sim->logs[i].log; i++)
        check_log(sim, &sim->logs[i]);
}

void shown_release(struct sim *sim)
{
    for (size_t i = 0; i < LOGS; i++) {
        free(sim->logs[i].log);
        free(sim->logs[i].ids);
        sim->logs[i] = (struct shown){0};
    }
}
