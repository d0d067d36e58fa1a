/* Reading pages of a log, on the reader's connection: each within one snapshot. */
#include "server/store/sqlite.h"

#include <stdlib.h>
#include <string.h>

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

/* Among the first entries of the time that the id says. */
static uint64_t find_in_its_time(struct db *db, int64_t log, struct range all, const char *id)
{
    int64_t time_ms = row_id_ms(id);
    if (time_ms < 0)
        return 0;
    uint64_t position = 0;
    sqlite3_stmt *rows = db_use(db, SQL_ENTRY_IDS);
    db_bind_number(rows, 1, row_at(log, first_at(db, log, all, time_ms)));
    db_bind_number(rows, 2, row_at(log, all.last));
    int left = ROW_SAME_TIME_MAX;
    while (position == 0 && left-- > 0 && db_row(db, rows) &&
           sqlite3_column_int64(rows, 1) == time_ms) {
        const char *its_id = (const char *)sqlite3_column_text(rows, 2);
        if (its_id && strcmp(its_id, id) == 0)
            position = row_position(sqlite3_column_int64(rows, 0));
    }
    if (rows)
        db_done(rows);
    return position;
}

uint64_t sqlite_find_id(struct db *db, int64_t log, struct range all, const char *id)
{
    uint64_t position = find_in_its_time(db, log, all, id);
    if (position > 0)
        return position;
    sqlite3_stmt *find = db_use(db, SQL_ASTRAY_FIND);
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
        position = sqlite_find_id(db, log, all, place->id);
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

/* Reads a range, or, for those who want speech only, its part up to the first entry that is none;
 * the range is what is left then. */
static void read_run(struct db *db, int64_t log, const struct store_query *query,
                     struct range *range, size_t limit, struct page *page)
{
    sqlite3_stmt *rows = db_use(db, range->newest ? SQL_PAGE_NEWEST : SQL_PAGE_OLDEST);
    db_bind_number(rows, 1, row_at(log, range->first));
    db_bind_number(rows, 2, row_at(log, range->last));
    db_bind_number(rows, 3, (int64_t)(limit - page->count));
    bool more = true;
    while (more && !page_full(page, limit) && (more = db_row(db, rows))) {
        struct event event;
        uint64_t position = row_position(sqlite3_column_int64(rows, 0));
        bool known = row_load(rows, query->log, &event);
        if (range->newest)
            range->last = position - 1;
        else
            range->first = position + 1;
        if (query->speech_only && (!known || event.type != EVENT_SPEECH))
            break;
        if (known)
            page_add(page, entry_new(&event), range->newest);
    }
    if (rows)
        db_done(rows);
}

/* The position of the latest speech up to an entry; 0: there is none. */
static uint64_t spoke_at(struct db *db, int64_t log, uint64_t position)
{
    uint64_t spoke = 0;
    sqlite3_stmt *row = db_use(db, SQL_ENTRY_SPOKE);
    db_bind_number(row, 1, row_at(log, position));
    if (db_row(db, row)) {
        spoke = row_spoke(row, 0, 1, position);
        db_done(row);
    }
    return spoke;
}

/* The first position from where on there has been speech within the range, or the one behind it: by
 * ever greater steps, then by halving. */
static uint64_t first_spoken(struct db *db, int64_t log, const struct range *range)
{
    uint64_t low = range->first, step = 1, high = low;
    while (high <= range->last && spoke_at(db, log, high) < range->first) {
        low = high + 1;
        high = low + step;
        step *= 2;
    }
    if (high > range->last)
        high = range->last + 1;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (spoke_at(db, log, middle) < range->first)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Moves the end of the range that is read first onto speech; false if there is none in it. However
 * many come and go where nobody says anything, a page is not slower. */
static bool seek_speech(struct db *db, int64_t log, struct range *range)
{
    if (range->first > range->last)
        return false;
    if (range->newest)
        range->last = spoke_at(db, log, range->last);
    else
        range->first = first_spoken(db, log, range);
    return range->first <= range->last;
}

static void read_range(struct sqlite *sqlite, int64_t log, const struct store_query *query,
                       struct range range, struct range shown, struct page *page)
{
    struct db *db = &sqlite->reader;
    if (range.first < shown.first)
        range.first = shown.first;
    if (range.last > shown.last)
        range.last = shown.last;
    size_t limit = page->count + range.limit;
    if (range.first > range.last)
        return;
    if (!query->speech_only) {
        read_run(db, log, query, &range, limit, page);
        return;
    }
    while (!page_full(page, limit) && db->error == SQLITE_OK && seek_speech(db, log, &range))
        read_run(db, log, query, &range, limit, page);
}

static enum store_result read_page(struct sqlite *sqlite, struct job_read *read)
{
    const struct store_query *query = &read->query;
    struct db *db = &sqlite->reader;
    int64_t log;
    struct range all, ranges[2];
    if (!sqlite_find_log(db, query->log, &log, &all))
        return query->from.id || query->to.id ? STORE_NOT_FOUND : STORE_OK;
    struct range shown = {.first = all.first, .last = sqlite_shown_up_to(sqlite, log)};
    if (shown.last > all.last)
        shown.last = all.last;
    struct bounds from = bounds_open_from(query->span);
    struct bounds to = bounds_open_to();
    if (!resolve(db, log, all, &query->from, &from) || !resolve(db, log, all, &query->to, &to))
        return STORE_NOT_FOUND;
    span_ranges(query, from, to, ranges);
    read_range(sqlite, log, query, ranges[0], shown, &read->page);
    read_range(sqlite, log, query, ranges[1], shown, &read->page);
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
    if (db->error != SQLITE_OK) {
        job->result = STORE_FAILED;
        job->reason = db_reason(db->error);
    }
    db_rollback(db); /* nothing was written: this only ends the snapshot */
}
