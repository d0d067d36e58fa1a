/* Reading pages of a log, on the reader's connection: each within one snapshot. */
#include "server/store/sqlite.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/store/row.h"

bool sqlite_find_log(struct db *db, const char *name, int64_t *number, struct range *all)
{
    sqlite3_stmt *find = db_use(db, SQL_LOG_FIND);
    db_bind_text(find, 1, name);
    if (!db_row(db, find))
        return false;
    *number = sqlite3_column_int64(find, 0);
    *all = (struct range){.first = (uint64_t)sqlite3_column_int64(find, 1),
                          .last = (uint64_t)sqlite3_column_int64(find, 2)};
    db_done(find);
    return true;
}

static int64_t time_at(struct db *db, int64_t at)
{
    int64_t time_ms = 0;
    sqlite3_stmt *find = db_use(db, SQL_ENTRY_TIME);
    db_bind_number(find, 1, at);
    if (db_row(db, find)) {
        time_ms = sqlite3_column_int64(find, 0);
        db_done(find);
    }
    return time_ms;
}

/* The first position whose time is at least time_ms, or the one behind the last. */
static uint64_t first_at(struct db *db, int64_t log, struct range all, int64_t time_ms)
{
    uint64_t low = all.first, high = all.last + 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (time_at(db, row_at(log, middle)) < time_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct bounds sqlite_time_bounds(struct db *db, int64_t log, struct range all, int64_t time_ms)
{
    return (struct bounds){.after = first_at(db, log, all, time_ms + 1) - 1,
                           .before = first_at(db, log, all, time_ms)};
}

static uint64_t position_of_id(struct db *db, int64_t log, const char *id)
{
    uint64_t position = 0;
    sqlite3_stmt *find = db_use(db, SQL_ENTRY_BY_ID);
    db_bind_text(find, 1, id);
    db_bind_number(find, 2, row_at(log, 1));
    db_bind_number(find, 3, row_at(log, POSITION_MAX));
    if (db_row(db, find)) {
        position = row_position(sqlite3_column_int64(find, 0));
        db_done(find);
    }
    return position;
}

/* False if the log has no such entry. */
static bool resolve(struct db *db, int64_t log, struct range all, const struct store_place *place,
                    struct bounds *bounds)
{
    uint64_t position = place->position;
    if (place->id) {
        position = position_of_id(db, log, place->id);
        if (position == 0)
            return false;
    } else if (place->time_ms) {
        *bounds = sqlite_time_bounds(db, log, all, place->time_ms);
        return true;
    }
    if (position)
        *bounds = (struct bounds){position, position};
    return true;
}

static enum sql page_sql(bool speech_only, bool newest)
{
    if (speech_only)
        return newest ? SQL_SPEECH_NEWEST : SQL_SPEECH_OLDEST;
    return newest ? SQL_PAGE_NEWEST : SQL_PAGE_OLDEST;
}

static void read_range(struct sqlite *sqlite, int64_t log, const struct store_query *query,
                       const struct range *range, uint64_t shown, struct page *page)
{
    uint64_t last = range->last < shown ? range->last : shown;
    if (range->first > last || range->limit == 0)
        return;
    struct db *db = &sqlite->reader;
    size_t limit = page->count + range->limit;
    sqlite3_stmt *rows = db_use(db, page_sql(query->speech_only, range->newest));
    db_bind_number(rows, 1, row_at(log, range->first));
    db_bind_number(rows, 2, row_at(log, last));
    db_bind_number(rows, 3, (int64_t)range->limit);
    while (!page_full(page, limit) && db_row(db, rows)) {
        struct event event;
        if (row_load(rows, query->log, &event))
            page_add(page, entry_new(&event), range->newest);
    }
    if (rows)
        db_done(rows);
}

static enum store_result read_page(struct sqlite *sqlite, struct job_read *read)
{
    const struct store_query *query = &read->query;
    struct db *db = &sqlite->reader;
    int64_t log;
    struct range all, ranges[2];
    if (!sqlite_find_log(db, query->log, &log, &all))
        return query->from.id || query->to.id ? STORE_NOT_FOUND : STORE_OK;
    uint64_t shown = sqlite_shown_up_to(sqlite, log);
    struct bounds from = bounds_open_from(query->span);
    struct bounds to = bounds_open_to();
    if (!resolve(db, log, all, &query->from, &from) || !resolve(db, log, all, &query->to, &to))
        return STORE_NOT_FOUND;
    span_ranges(query, from, to, ranges);
    read_range(sqlite, log, query, &ranges[0], shown, &read->page);
    read_range(sqlite, log, query, &ranges[1], shown, &read->page);
    return STORE_OK;
}

static enum store_result read_targets(struct sqlite *sqlite, struct job_targets *targets)
{
    struct db *db = &sqlite->reader;
    targets->found = xcalloc(targets->limit, sizeof *targets->found);
    sqlite3_stmt *rows = db_use(db, SQL_LOG_TARGETS);
    db_bind_number(rows, 1, targets->after_ms);
    db_bind_number(rows, 2, targets->before_ms);
    while (targets->count < targets->limit && db_row(db, rows)) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        if (entry_log_is_of(name, targets->nick))
            targets->found[targets->count++] =
                (struct store_target){xstrdup(name), sqlite3_column_int64(rows, 1)};
    }
    if (rows)
        db_done(rows);
    return STORE_OK;
}

void sqlite_answer(struct engine *engine, struct job *job)
{
    struct sqlite *sqlite = sqlite_of(engine);
    struct db *db = &sqlite->reader;
    db_run(db, db_use(db, SQL_SNAPSHOT));
    if (job->type == JOB_READ)
        job->result = read_page(sqlite, &job->u.read);
    else if (job->type == JOB_SEARCH)
        job->result = sqlite_search(sqlite, &job->u.search);
    else
        job->result = read_targets(sqlite, &job->u.targets);
    if (db->error != SQLITE_OK)
        job->result = STORE_FAILED;
    db_rollback(db); /* nothing was written: this only ends the snapshot */
}
