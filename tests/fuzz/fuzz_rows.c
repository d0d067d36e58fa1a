/*
 * Rows of a log that was damaged or tampered with: each is refused or makes an event, which is
 * written and exported like any other, and whose export acts on no terminal.
 *
 * Input: for each column a byte for its type and one for its length, then its bytes.
 */
#include <string.h>

#include "common/text.h"
#include "server/store/export.h"
#include "server/store/row.h"
#include "tests/fuzz/target.h"

enum {
    COLUMNS = 16,
    LINE_MAX_BYTES = 1024 * 1024,
};

static struct db db;
static sqlite3_stmt *select_row;
static sqlite3_stmt *select_again;

static void prepare(void)
{
    static const char sql[] = "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
                              "?15, ?16";
    CHECK(db_open(&db, ":memory:", SQLITE_OPEN_READWRITE, NULL, 0));
    sqlite3_prepare_v2(db.handle, sql, -1, &select_row, NULL);
    sqlite3_prepare_v2(db.handle, sql, -1, &select_again, NULL);
}

/* Binds one column from the input; returns how many bytes it took. */
static size_t bind(int column, const uint8_t *data, size_t len)
{
    size_t size = len > 2 ? data[1] % (len - 1) : 0;
    const char *bytes = (const char *)data + 2;
    switch (len > 0 ? data[0] % 4 : 0) {
    case 0:
        sqlite3_bind_null(select_row, column);
        return len > 0;
    case 1:
        sqlite3_bind_int64(select_row, column, len > 1 ? (int8_t)data[1] : 0);
        return len > 1 ? 2 : 1;
    case 2:
        sqlite3_bind_text(select_row, column, size ? bytes : "", (int)size, SQLITE_STATIC);
        break;
    default:
        sqlite3_bind_blob(select_row, column, size ? bytes : "", (int)size, SQLITE_STATIC);
        break;
    }
    return len > 2 ? size + 2 : len;
}

static void expect_same(const char *a, const char *b)
{
    CHECK((a == NULL) == (b == NULL));
    CHECK(a == NULL || strcmp(a, b) == 0);
}

static void write_and_read(const struct event *event)
{
    struct event again;
    row_bind(select_again, row_at(1, event->position), event, 1);
    CHECK(db_row(&db, select_again));
    CHECK(row_load(select_again, event->log, &again));
    CHECK(row_spoke(select_again, 2, 15, event->position) <= event->position);
    CHECK(row_id_ms(event->id) >= -1);
    CHECK(again.type == event->type && again.redacted == event->redacted);
    CHECK(again.position == event->position && again.time_ms == event->time_ms);
    CHECK(strcmp(again.id, event->id) == 0);
    expect_same(again.who.nick, event->who.nick);
    expect_same(again.target, event->target);
    expect_same(again.text, event->text);
    db_done(select_again);
}

static void export(const struct event *event, void (*form)(struct str *, const struct event *))
{
    struct str line;
    str_init(&line, LINE_MAX_BYTES);
    form(&line, event);
    CHECK(!line.overflow && line.len > 0 && line.data[line.len - 1] == '\n');
    str_cut(&line, line.len - 1);
    CHECK(text_utf8_valid(line.data, line.len));
    for (size_t i = 0; i < line.len; i++)
        CHECK((unsigned char)line.data[i] >= 0x20 && line.data[i] != 0x7f);
    str_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct event event;
    if (!select_row)
        prepare();
    for (int column = 1; column <= COLUMNS; column++) {
        size_t taken = bind(column, data, len);
        data += taken;
        len -= taken;
    }
    CHECK(db_row(&db, select_row));
    if (row_load(select_row, "#tea", &event)) {
        write_and_read(&event);
        export(&event, export_text);
        export(&event, export_json);
    }
    db_done(select_row);
    return 0;
}
