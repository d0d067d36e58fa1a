/* Searching by words: the index of each log in question, newest first, and the best of all. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/store/row.h"
#include "server/store/sqlite.h"

enum {
    WORDS_MAX_BYTES = 4096,
    WORDS_MAX = 32,
    EXAMINED_MAX = 20000, /* entries with the words, but not by the person asked for */
    STEPS_MAX =
        200 * 1000 * 1000, /* of SQLite's machine: some seconds, then it gives what it has */
    STEPS_A_LOOK = 100000,
};

/* Each word between quotes, so that none of it is syntax (sqlite.org/fts5.html, 3.1). */
static bool quote_words(const char *words, struct str *quoted)
{
    size_t count = 0;
    for (words += strspn(words, " \t"); *words && count < WORDS_MAX; count++) {
        size_t len = strcspn(words, " \t");
        str_adds(quoted, count > 0 ? " \"" : "\"");
        for (size_t i = 0; i < len; i++) {
            if (words[i] == '"')
                str_addc(quoted, '"');
            str_addc(quoted, words[i]);
        }
        str_addc(quoted, '"');
        words += len + strspn(words + len, " \t");
    }
    return count > 0 && !quoted->overflow;
}

/* The positions between the two times, or all. */
static struct range narrow(struct db *db, int64_t log, struct range all,
                           const struct job_search *search)
{
    struct range range = all;
    if (search->after_ms)
        range.first = sqlite_time_bounds(db, log, all, search->after_ms).after + 1;
    if (search->before_ms)
        range.last = sqlite_time_bounds(db, log, all, search->before_ms).before - 1;
    return range;
}

static bool wanted(const struct job_search *search, const struct event *event)
{
    return event->type == EVENT_SPEECH && event->text &&
           (!search->nick || entry_same_name(event->who.nick, search->nick));
}

static struct entry *load(struct db *db, int64_t at, const char *log,
                          const struct job_search *search)
{
    struct entry *entry = NULL;
    struct event event;
    sqlite3_stmt *row = db_use(db, SQL_PAGE_OLDEST);
    db_bind_number(row, 1, at);
    db_bind_number(row, 2, at);
    db_bind_number(row, 3, 1);
    if (!db_row(db, row))
        return NULL;
    if (row_load(row, log, &event) && wanted(search, &event))
        entry = entry_new(&event);
    db_done(row);
    return entry;
}

static void search_log(struct sqlite *sqlite, const struct job_search *search, const char *name,
                       const char *quoted, struct page *found)
{
    struct db *db = &sqlite->reader;
    int64_t log;
    struct range all;
    if (!sqlite_find_log(db, name, &log, &all))
        return;
    struct range range = narrow(db, log, all, search);
    if (range.first > range.last)
        return;
    sqlite3_stmt *hits = db_use(db, SQL_WORDS_FIND);
    db_bind_text(hits, 1, quoted);
    db_bind_number(hits, 2, row_at(log, range.first));
    db_bind_number(hits, 3, row_at(log, range.last));
    db_bind_number(hits, 4, search->nick ? EXAMINED_MAX : (int64_t)search->limit);
    size_t limit = found->count + search->limit;
    while (!page_full(found, limit) && db_row(db, hits)) {
        struct entry *entry = load(db, sqlite3_column_int64(hits, 0), name, search);
        if (entry)
            page_add(found, entry, false);
    }
    if (hits)
        db_done(hits);
}

static int newest_first(const void *a, const void *b)
{
    const struct event *left = &(*(struct entry *const *)a)->event;
    const struct event *right = &(*(struct entry *const *)b)->event;
    if (left->time_ms != right->time_ms)
        return left->time_ms < right->time_ms ? 1 : -1;
    return (left->position < right->position) - (left->position > right->position);
}

/* Leaves the newest, in order. */
static void choose(struct page *page, size_t limit)
{
    struct entry **sorted = xreallocarray(NULL, page->count, sizeof(struct entry *));
    size_t count = 0;
    LIST_FOR(link, &page->entries)
    {
        list_remove(link);
        sorted[count++] = list_entry(link, struct entry, in_line);
    }
    qsort(sorted, count, sizeof *sorted, newest_first);
    page->count = page->bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (page_full(page, limit))
            free(sorted[i]);
        else
            page_add(page, sorted[i], false);
    }
    free(sorted);
}

static int count_steps(void *ctx)
{
    int *left = ctx;
    *left -= STEPS_A_LOOK;
    return *left <= 0;
}

enum store_result sqlite_search(struct sqlite *sqlite, struct job_search *search)
{
    struct db *db = &sqlite->reader;
    struct str quoted;
    str_init(&quoted, WORDS_MAX_BYTES);
    if (quote_words(search->words, &quoted)) {
        int left = STEPS_MAX;
        sqlite3_progress_handler(db->handle, STEPS_A_LOOK, count_steps, &left);
        for (size_t i = 0; i < search->log_count && db->error == SQLITE_OK; i++)
            search_log(sqlite, search, search->logs[i], quoted.data, &search->page);
        sqlite3_progress_handler(db->handle, 0, NULL, NULL);
    }
    str_release(&quoted);
    choose(&search->page, search->limit);
    if ((db->error & 0xff) == SQLITE_INTERRUPT)
        db->error = SQLITE_OK;
    return STORE_OK;
}
