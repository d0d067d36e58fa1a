/*
 * The difference of grids, written to a small terminal, must make it show the grid,
 * also when that terminal gives joined emoji, flags and the like other widths than we do.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/term/screen.h"
#include "common/text.h"
#include "tests/unit/small_terminal.h"

/* How the style comes out on a terminal of that depth. */
static struct style as_shown(const struct caps *caps, struct style style)
{
    style.fg = caps_colour(caps->colours, style.fg);
    style.bg = caps_colour(caps->colours, style.bg);
    style.link = 0;
    if (!caps->dim)
        style.attrs &= (uint16_t)~ATTR_DIM;
    if (!caps->italic)
        style.attrs &= (uint16_t)~ATTR_ITALIC;
    if (!caps->strike)
        style.attrs &= (uint16_t)~ATTR_STRIKE;
    return style;
}

static void expect_cell(const struct terminal *t, const struct caps *caps, const struct grid *grid,
                        int row, int col)
{
    size_t len;
    const struct cell *cell = grid_cell(grid, row, col);
    const char *text = grid_cell_text(grid, cell, &len);
    const struct shown_cell *shown = &t->cells[row][col];
    if (strlen(shown->text) != len || memcmp(shown->text, text, len) != 0)
        fail_msg("at %d,%d \"%s\" is shown, not \"%.*s\"", row, col, shown->text, (int)len, text);
    struct style style = as_shown(caps, cell->style);
    bool visible = len != 1 || text[0] != ' ';
    if (shown->style.bg != style.bg || (visible && shown->style.fg != style.fg) ||
        shown->style.attrs != style.attrs)
        fail_msg("at %d,%d \"%s\" has the style %x/%x/%x, not %x/%x/%x", row, col, shown->text,
                 shown->style.fg, shown->style.bg, shown->style.attrs, style.fg, style.bg,
                 style.attrs);
}

/* All cells but those of doubtful clusters, about which terminals differ. */
static void expect_shows(const struct terminal *t, const struct caps *caps, const struct grid *grid)
{
    for (int row = 0; row < grid->rows; row++) {
        for (int col = 0; col < grid->cols; col++) {
            size_t len;
            const struct cell *cell = grid_cell(grid, row, col);
            const char *text = grid_cell_text(grid, cell, &len);
            if (t->opinion != AS_WE_DO && len > 1 && text_cluster_doubtful(text, len)) {
                col += cell->width - 1;
                continue;
            }
            expect_cell(t, caps, grid, row, col);
        }
    }
    assert_int_equal(t->cursor_visible, grid->cursor_visible);
    if (grid->cursor_visible) {
        assert_int_equal(t->row, grid->cursor_row);
        assert_int_equal(t->col, grid->cursor_col);
    }
}

static const char *const words[] = {
    "hello",
    "   ",
    "x",
    "\xe4\xbd\xa0\xe5\xa5\xbd",
    "caff\xc3\xa8",
    "e\xcc\x81",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", /* a family */
    "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa",                                         /* a flag */
    "\xe2\x9d\xa4\xef\xb8\x8f",                                                 /* a heart, VS16 */
    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",                                         /* a skin tone */
    "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8",                                     /* jamo */
    "                              ",
};

static uint32_t random_colour(void)
{
    static const uint32_t colours[] = {COLOUR_DEFAULT,       COLOUR_DEFAULT,
                                       COLOUR_INDEXED | 1,   COLOUR_INDEXED | 12,
                                       COLOUR_INDEXED | 200, COLOUR_RGB | 0x123456};
    return colours[(size_t)rand() % (sizeof(colours) / sizeof(colours[0]))];
}

static void scribble(struct grid *grid)
{
    struct style style = {.fg = random_colour(),
                          .bg = rand() % 3 ? COLOUR_DEFAULT : random_colour(),
                          .attrs = rand() % 3 ? 0 : (uint16_t)(rand() % 64)};
    int row = rand() % grid->rows, col = rand() % grid->cols;
    grid_puts(grid, row, col, grid->cols,
              words[(size_t)rand() % (sizeof(words) / sizeof(words[0]))], style);
    if (rand() % 8 == 0)
        grid_fill(grid, row, col, grid->cols, style);
    if (rand() % 4)
        grid_cursor(grid, rand() % grid->rows, rand() % grid->cols);
}

/* Copies by drawing what is there: the grid that screen_draw takes over is not ours any more. */
static void copy_grid(struct grid *to, const struct grid *from)
{
    grid_resize(to, from->rows, from->cols);
    grid_clear(to);
    for (int row = 0; row < from->rows; row++) {
        for (int col = 0; col < from->cols; col++) {
            size_t len;
            const struct cell *cell = grid_cell(from, row, col);
            const char *text = grid_cell_text(from, cell, &len);
            if (cell->width > 0)
                grid_put(to, row, col, from->cols, text, len, cell->style);
        }
    }
    if (from->cursor_visible)
        grid_cursor(to, from->cursor_row, from->cursor_col);
}

static void load(struct caps *caps, const char *term, const char *colorterm, const char *no_color)
{
    struct str error;
    str_init(&error, 1000);
    const struct caps_env env = {.term = term, .colorterm = colorterm, .no_color = no_color};
    if (!caps_load(caps, &env, &error))
        fail_msg("%s", error.data);
    str_release(&error);
}

static void draw_at_random(const char *term, const char *colorterm, enum opinion opinion)
{
    struct caps caps;
    struct screen screen;
    struct grid grid, next;
    struct str out;
    struct terminal t = {.opinion = opinion, .cursor_visible = true};
    load(&caps, term, colorterm, NULL);
    t.wraps = caps.wraps;
    screen_init(&screen, &caps);
    grid_init(&grid);
    grid_init(&next);
    str_init(&out, 1 << 20);
    grid_resize(&grid, 6, 20);
    terminal_resize(&t, 6, 20);
    for (int round = 0; round < 1500; round++) {
        if (rand() % 50 == 0) {
            grid_resize(&grid, 1 + rand() % TERMINAL_MAX_ROWS, 1 + rand() % TERMINAL_MAX_COLS);
            grid_clear(&grid);
            terminal_resize(&t, grid.rows, grid.cols);
            screen_forget(&screen);
        }
        for (int n = rand() % 4; n >= 0; n--)
            scribble(&grid);
        copy_grid(&next, &grid);
        str_reset(&out);
        screen_draw(&screen, &next, &out);
        terminal_feed(&t, &out);
        expect_shows(&t, &caps, &grid);
        /* The same once more costs nothing. */
        copy_grid(&next, &grid);
        str_reset(&out);
        screen_draw(&screen, &next, &out);
        assert_int_equal(out.len, 0);
    }
    screen_release(&screen);
    grid_release(&grid);
    grid_release(&next);
    str_release(&out);
    caps_release(&caps);
}

static void test_random_grids(void **state)
{
    (void)state;
    srand(20261121);
    draw_at_random("xterm-256color", NULL, AS_WE_DO);
    draw_at_random("xterm-256color", "truecolor", AS_WE_DO);
    draw_at_random("xterm", NULL, AS_WE_DO);
    draw_at_random("linux", NULL, AS_WE_DO);
}

static void test_terminals_of_another_opinion(void **state)
{
    (void)state;
    srand(20261122);
    draw_at_random("xterm-256color", NULL, EVERY_CODE_POINT_BY_ITSELF);
    draw_at_random("xterm-256color", "truecolor", ALWAYS_ONE);
}

static void test_a_key_costs_few_bytes(void **state)
{
    (void)state;
    struct caps caps;
    struct screen screen;
    struct grid grid, next;
    struct str out;
    load(&caps, "xterm-256color", NULL, NULL);
    screen_init(&screen, &caps);
    grid_init(&grid);
    grid_init(&next);
    str_init(&out, 1 << 20);
    grid_resize(&grid, 24, 80);
    grid_puts(&grid, 23, 0, 80, "ada> hell", (struct style){0});
    grid_cursor(&grid, 23, 9);
    copy_grid(&next, &grid);
    screen_draw(&screen, &next, &out);
    str_reset(&out);
    grid_puts(&grid, 23, 9, 80, "o", (struct style){0});
    grid_cursor(&grid, 23, 10);
    copy_grid(&next, &grid);
    screen_draw(&screen, &next, &out);
    assert_string_equal(out.data, "o");
    /* What a clear from outside did is repaired. */
    screen_forget(&screen);
    str_reset(&out);
    copy_grid(&next, &grid);
    screen_draw(&screen, &next, &out);
    assert_non_null(strstr(out.data, "ada> hello"));
    screen_release(&screen);
    grid_release(&grid);
    grid_release(&next);
    str_release(&out);
    caps_release(&caps);
}

/* Whatever stands in a cell, no control reaches the terminal. */
static void test_no_control_passes(void **state)
{
    (void)state;
    static const char *const evil[] = {"\033", "\a", "\x7f", "\xc2\x9b", "\xff", "a\033", "\n"};
    struct caps caps;
    load(&caps, "xterm-256color", NULL, NULL);
    for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
        struct screen screen;
        struct grid grid;
        struct str out;
        screen_init(&screen, &caps);
        grid_init(&grid);
        str_init(&out, 1 << 16);
        grid_resize(&grid, 1, 4);
        /* The grid refuses such bytes; here they are forced into it. */
        grid.cells[1].len = (uint8_t)strlen(evil[i]);
        memcpy(grid.cells[1].text, evil[i], strlen(evil[i]));
        screen_draw(&screen, &grid, &out);
        assert_non_null(strstr(out.data, "\xef\xbf\xbd"));
        for (size_t at = 0; at < out.len; at++) {
            unsigned char byte = (unsigned char)out.data[at];
            if (byte == 033)
                assert_true(strchr("[(", out.data[at + 1]));
            else
                assert_true((byte >= ' ' && byte != 0x7f && byte != 0x9b && byte != 0xff) ||
                            byte == '\r');
        }
        screen_release(&screen);
        grid_release(&grid);
        str_release(&out);
    }
    caps_release(&caps);
}

static void test_colours(void **state)
{
    (void)state;
    static const struct {
        enum colour_depth depth;
        uint32_t colour, shown;
    } cases[] = {
        {COLOURS_NONE, COLOUR_INDEXED | 3, COLOUR_DEFAULT},
        {COLOURS_8, COLOUR_DEFAULT, COLOUR_DEFAULT},
        {COLOURS_8, COLOUR_INDEXED | 9, COLOUR_INDEXED | 1},
        {COLOURS_8, COLOUR_RGB | 0xfe0101, COLOUR_INDEXED | 1},
        {COLOURS_16, COLOUR_INDEXED | 9, COLOUR_INDEXED | 9},
        {COLOURS_16, COLOUR_INDEXED | 196, COLOUR_INDEXED | 9},
        {COLOURS_16, COLOUR_RGB | 0x00ff00, COLOUR_INDEXED | 10},
        {COLOURS_256, COLOUR_INDEXED | 196, COLOUR_INDEXED | 196},
        {COLOURS_256, COLOUR_RGB | 0xff0000, COLOUR_INDEXED | 196},
        {COLOURS_256, COLOUR_RGB | 0x080808, COLOUR_INDEXED | 232},
        {COLOURS_RGB, COLOUR_RGB | 0x123456, COLOUR_RGB | 0x123456},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(caps_colour(cases[i].depth, cases[i].colour), cases[i].shown);
}

static void test_capabilities(void **state)
{
    (void)state;
    static const struct {
        const char *term, *colorterm, *no_color;
        enum colour_depth depth;
    } cases[] = {
        {"xterm-256color", NULL, NULL, COLOURS_256},
        {"xterm-256color", "truecolor", "", COLOURS_RGB},
        {"xterm-256color", "24bit", "1", COLOURS_NONE},
        {"linux", "truecolor", NULL, COLOURS_8},
        {"vt100", NULL, NULL, COLOURS_NONE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct caps caps;
        load(&caps, cases[i].term, cases[i].colorterm, cases[i].no_color);
        assert_int_equal(caps.colours, cases[i].depth);
        caps_release(&caps);
    }
    static const char *const unfit[] = {"dumb", "no-such-terminal", "", NULL};
    for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
        struct caps caps;
        struct str error;
        str_init(&error, 1000);
        assert_false(caps_load(&caps, &(struct caps_env){.term = unfit[i]}, &error));
        assert_true(error.len > 0);
        str_release(&error);
    }
}

/* Both rows of a link that is wrapped are one link, which is closed before the frame ends. */
static void test_links(void **state)
{
    (void)state;
    static const char address[] = "https://lab.local/a?b=c;d é";
    struct caps caps;
    struct screen screen;
    struct grid grid;
    struct str out, expected;
    load(&caps, "xterm-256color", NULL, NULL);
    screen_init(&screen, &caps);
    grid_init(&grid);
    str_init(&out, 1 << 16);
    str_init(&expected, 1 << 16);
    grid_resize(&grid, 2, 10);
    struct style style = {.link = grid_link(&grid, address, strlen(address))};
    assert_true(style.link > 0);
    assert_int_equal(style.link, grid_link(&grid, address, strlen(address)));
    grid_puts(&grid, 0, 6, 10, "http", style);
    grid_puts(&grid, 1, 0, 10, "rest", style);
    uint16_t link = style.link;
    screen_draw(&screen, &grid, &out);
    str_addf(&expected, "\033]8;id=%u;https://lab.local/a?b=c;d%%20%%C3%%A9\033\\", (unsigned)link);
    const char *opened = strstr(out.data, expected.data);
    assert_non_null(opened);
    assert_non_null(strstr(opened, "\033]8;;\033\\"));
    assert_non_null(strstr(out.data, "rest"));
    /* Too long, or too many: text all the same. */
    char *endless = calloc(1, 5000);
    memset(endless, 'x', 4999);
    assert_int_equal(grid_link(&grid, endless, 4999), 0);
    int given = 0;
    for (int i = 0; i < 2 * GRID_MAX_LINKS; i++) {
        char numbered[40];
        snprintf(numbered, sizeof(numbered), "http://lab/%d", i);
        given += grid_link(&grid, numbered, strlen(numbered)) > 0;
    }
    assert_true(given <= GRID_MAX_LINKS && given > GRID_MAX_LINKS / 2);
    free(endless);
    str_release(&out);
    str_release(&expected);
    grid_release(&grid);
    screen_release(&screen);
    caps_release(&caps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_grids),
        cmocka_unit_test(test_terminals_of_another_opinion),
        cmocka_unit_test(test_a_key_costs_few_bytes),
        cmocka_unit_test(test_no_control_passes),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_capabilities),
        cmocka_unit_test(test_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
