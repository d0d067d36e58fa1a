/*
 * The editor and the keymap over it: any keys and any traffic in between, and the invariants of the
 * model hold after each; what is drawn of it is harmless.
 *
 * Input: a byte says what comes next: a key of a table, traffic, or text up to the next NUL that is
 * typed or pasted.
 */
#include <string.h>

#include "client/model/editor.h"
#include "client/model/traffic.h"
#include "client/view/view.h"
#include "common/text.h"
#include "tests/fuzz/target.h"
#include "tests/press.h"

static const char *const keys[] = {
    "<Enter>",  "<Tab>",  "<S-Tab>", "<Backspace>", "<Delete>",  "<Left>",        "<Right>",
    "<Up>",     "<Down>", "<Home>",  "<End>",       "<PgUp>",    "<PgDn>",        "<C-a>",
    "<C-e>",    "<M-b>",  "<M-f>",   "<C-w>",       "<C-u>",     "<C-k>",         "<C-y>",
    "<M-y>",    "<C-t>",  "<M-d>",   "<C-_>",       "<C-r>",     "<M-Enter>",     "<C-c>",
    "<Escape>", "<M-1>",  "<M-2>",   "<M-Right>",   "<M-a>",     "<M-Backspace>", "<C-Home>",
    "<C-End>",  "<M-u>",  "<C-l>",   "<FocusOut>",  "<FocusIn>",
};

enum {
    KEYS = sizeof(keys) / sizeof(keys[0]),
    TYPE = 'a',
    PASTE = 'b',
    HEAR = 'c',
    SETTLE = 'd',
    RESIZE = 'e',
};

static void press(struct model *model, const char *name)
{
    struct key key;
    press_read(name, &key);
    model_key(model, 1000, &key);
}

/* Takes text up to a NUL. */
static const char *take_text(const uint8_t **at, const uint8_t *end, size_t *len)
{
    const char *text = (const char *)*at;
    const uint8_t *stop = memchr(*at, '\0', (size_t)(end - *at));
    *len = (size_t)((stop ? stop : end) - *at);
    *at = stop ? stop + 1 : end;
    return text;
}

static void hear(struct model *model, const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    CHECK(copy);
    memcpy(copy, text, len);
    copy[len] = '\0';
    size_t before_len, after_len;
    size_t cursor = editor_cursor(model->current->draft);
    const char *before = editor_text(model->current->draft, &before_len);
    struct heard heard = {.kind = (enum line_kind)(len % (LINE_ERROR + 1)), .nick = "bob"};
    heard.text = copy;
    traffic_hear(model, traffic_buffer(model, BUFFER_ROOM, "#lobby"), &heard);
    traffic_member(model, model->current, copy, '@');
    CHECK(editor_text(model->current->draft, &after_len) == before && before_len == after_len);
    CHECK(editor_cursor(model->current->draft) == cursor);
    free(copy);
}

static void settle(struct model *model)
{
    struct intent intent;
    while (model_take_intent(model, &intent)) {
        traffic_settle(model, intent.line, (enum line_state)(intent.line % 4), 0);
        intent_release(&intent);
    }
}

static void check_drawn(const struct model *model)
{
    struct grid grid;
    grid_init(&grid);
    view_draw(model, &theme_default, model->rows, model->cols, 1000, &grid);
    for (int row = 0; row < grid.rows; row++) {
        for (int col = 0; col < grid.cols; col++) {
            size_t len;
            const struct cell *cell = grid_cell(&grid, row, col);
            const char *text = grid_cell_text(&grid, cell, &len);
            CHECK(text_is_harmless(text, len) && (len > 0 || cell->width == 0));
            CHECK(cell->width != 0 || (col > 0 && grid_cell(&grid, row, col - 1)->width == 2));
            CHECK(cell->width != 2 || col + 1 < grid.cols);
        }
    }
    CHECK(grid.cursor_visible);
    grid_release(&grid);
}

static void step(struct model *model, const uint8_t **at, const uint8_t *end)
{
    uint8_t what = *(*at)++;
    size_t len;
    if (what == TYPE || what == PASTE) {
        struct key key = {.press = what == TYPE ? PRESS_TEXT : PRESS_PASTE};
        key.text = take_text(at, end, &key.len);
        model_key(model, 1000, &key);
    } else if (what == HEAR) {
        const char *text = take_text(at, end, &len);
        hear(model, text, len);
    } else if (what == SETTLE) {
        settle(model);
    } else if (what == RESIZE) {
        const char *size = take_text(at, end, &len);
        model_resize(model, len > 0 ? (uint8_t)size[0] % 16 : 0,
                     len > 1 ? (uint8_t)size[1] % 80 : 0);
    } else {
        press(model, keys[what % KEYS]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *at = data, *end = data + size;
    if (size > 4096)
        return 0;
    struct model *model = model_new("lab.local", "ada", &view_measure);
    model_resize(model, 6, 24);
    traffic_online(model, 0, false);
    traffic_joined(model, traffic_buffer(model, BUFFER_ROOM, "#lobby"), true);
    while (at < end) {
        step(model, &at, end);
        model_check(model);
        check_drawn(model);
    }
    model_free(model);
    return 0;
}
