/* Reading and searching in memory, by walking the entries. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/words.h"
#include "server/store/memory.h"
#include "server/store/span.h"

enum { WORDS_MAX_BYTES = 64 * 1024 };

#define BLANKS " \t"

static const struct event *event_of(struct list *link)
{
    return &list_entry(link, struct entry, in_log)->event;
}

static struct bounds bounds_of_time(const struct log_record *log, int64_t time_ms)
{
    struct bounds bounds = {.after = 0, .before = log->position + 1};
    LIST_FOR(link, &log->entries)
    {
        const struct event *event = event_of(link);
        if (event->time_ms <= time_ms)
            bounds.after = event->position;
        if (event->time_ms >= time_ms && event->position < bounds.before)
            bounds.before = event->position;
    }
    return bounds;
}

/* False if the log has no such entry. */
static bool resolve(const struct log_record *log, const struct store_place *place,
                    struct bounds *bounds)
{
    if (place->id) {
        const struct entry *entry = table_get(&log->by_id, place->id, strlen(place->id));
        if (!entry)
            return false;
        *bounds = (struct bounds){entry->event.position, entry->event.position};
    } else if (place->time_ms) {
        *bounds = bounds_of_time(log, place->time_ms);
    } else if (place->position) {
        *bounds = (struct bounds){place->position, place->position};
    }
    return true;
}

static void add_event(struct page *page, const struct event *event, bool in_front)
{
    struct entry *entry = entry_new(event);
    entry->event.session = SESSION_NONE;
    entry->event.peer = SESSION_NONE;
    page_add(page, entry, in_front);
}

static void read_range(const struct log_record *log, const struct store_query *query,
                       const struct range *range, struct page *page)
{
    const struct list *head = &log->entries;
    size_t limit = page->count + range->limit;
    for (struct list *link = range->newest ? head->prev : head->next; link != head;
         link = range->newest ? link->prev : link->next) {
        const struct event *event = event_of(link);
        if (event->position < range->first || event->position > range->last ||
            (query->speech_only && event->type != EVENT_SPEECH))
            continue;
        if (page_full(page, limit))
            return;
        add_event(page, event, range->newest);
    }
}

static void answer_read(const struct memory *memory, struct job *job)
{
    struct job_read *read = &job->u.read;
    const struct store_query *query = &read->query;
    const struct log_record *log = memory_find_log(memory, query->log);
    bool by_id = query->from.id || query->to.id;
    job->result = by_id && !log ? STORE_NOT_FOUND : STORE_OK;
    if (!log)
        return;
    struct bounds from = bounds_open_from(query->span);
    struct bounds to = bounds_open_to();
    if (!resolve(log, &query->from, &from) || !resolve(log, &query->to, &to)) {
        job->result = STORE_NOT_FOUND;
        return;
    }
    struct range ranges[2];
    span_ranges(query, from, to, ranges);
    read_range(log, query, &ranges[0], &read->page);
    read_range(log, query, &ranges[1], &read->page);
}

/* What is searched for: the words of each part that was between blanks, which must stand one behind the
 * other. Parts without any, as FTS5 has it, ask for nothing. */
struct wanted {
    struct str parts; /* each as of words_add(), and a newline */
};

static void wanted_init(struct wanted *wanted, const char *typed)
{
    str_init(&wanted->parts, WORDS_MAX_BYTES);
    for (typed += strspn(typed, BLANKS); *typed; typed += strspn(typed, BLANKS)) {
        size_t len = strcspn(typed, BLANKS), had = wanted->parts.len;
        words_add(&wanted->parts, typed, len);
        if (wanted->parts.len > had)
            str_addc(&wanted->parts, '\n');
        typed += len;
    }
}

/* Whether the words of a text have every part. */
static bool has_all(const char *words, const struct wanted *wanted)
{
    struct str part;
    bool all = wanted->parts.len > 0 && !wanted->parts.overflow;
    str_init(&part, WORDS_MAX_BYTES);
    for (const char *at = wanted->parts.data; all && *at;) {
        size_t len = strcspn(at, "\n");
        str_reset(&part);
        str_add(&part, at, len);
        all = strstr(words, part.data) != NULL;
        at += len + 1;
    }
    str_release(&part);
    return all;
}

static bool matches(const struct job_search *search, const struct wanted *wanted,
                    const struct event *event)
{
    if (event->type != EVENT_SPEECH || !event->text ||
        (search->after_ms && event->time_ms <= search->after_ms) ||
        (search->before_ms && event->time_ms >= search->before_ms))
        return false;
    struct str words;
    str_init(&words, WORDS_MAX_BYTES);
    bool found = (!search->nick || entry_same_name(event->who.nick, search->nick)) &&
                 words_add(&words, event->text, strlen(event->text)) && has_all(words.data, wanted);
    str_release(&words);
    return found;
}

static bool asked_for(const struct job_search *search, const char *log)
{
    for (size_t i = 0; i < search->log_count; i++) {
        if (strcmp(search->logs[i], log) == 0)
            return true;
    }
    return false;
}

static void answer_search(const struct memory *memory, struct job *job)
{
    struct job_search *search = &job->u.search;
    struct wanted wanted;
    wanted_init(&wanted, search->words);
    for (struct list *link = memory->kept.prev;
         wanted.parts.len > 0 && link != &memory->kept && !page_full(&search->page, search->limit);
         link = link->prev) {
        const struct event *event = &list_entry(link, struct entry, in_line)->event;
        if (asked_for(search, event->log) && matches(search, &wanted, event))
            add_event(&search->page, event, false);
    }
    str_release(&wanted.parts);
}

static int latest_first(const void *a, const void *b)
{
    const struct store_target *left = a, *right = b;
    return (left->spoken_ms < right->spoken_ms) - (left->spoken_ms > right->spoken_ms);
}

static void answer_targets(const struct memory *memory, struct job *job)
{
    struct job_targets *targets = &job->u.targets;
    targets->found = xcalloc(memory->by_name.len, sizeof *targets->found);
    LIST_FOR(link, &memory->logs)
    {
        const struct log_record *log = list_entry(link, struct log_record, in_line);
        if (log->spoken_ms > targets->after_ms && log->spoken_ms < targets->before_ms &&
            entry_log_is_of(log->name, targets->nick))
            targets->found[targets->count++] =
                (struct store_target){xstrdup(log->name), log->spoken_ms};
    }
    qsort(targets->found, targets->count, sizeof *targets->found, latest_first);
    while (targets->count > targets->limit)
        free((char *)targets->found[--targets->count].log);
}

void memory_answer(struct engine *engine, struct job *job)
{
    const struct memory *memory = memory_of(engine);
    if (job->type == JOB_READ)
        answer_read(memory, job);
    else if (job->type == JOB_SEARCH)
        answer_search(memory, job);
    else
        answer_targets(memory, job);
}
