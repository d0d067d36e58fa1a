/* IRC formatting, from the codes to the cells. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/editor.h"
#include "client/model/format.h"
#include "client/model/traffic.h"
#include "client/view/view.h"

/* A run is written as {from looks fg bg}, where it is not plain. */
static const struct {
    const char *codes, *runs;
} cases[] = {
    {"plain", "plain"},
    {"", ""},
    {"a \002bold\002 word", "a {b}bold{} word"},
    {"\002\035\037\036\021\026all\017none", "{biusmr}all{}none"},
    {"\0034red\003 not", "{fg=1000009}red{} not"},
    {"\00304red", "{fg=1000009}red"},
    {"\0034,12x", "{fg=1000009 bg=100000c}x"},
    {"\0034,x", "{fg=1000009},x"},
    {"\003123", "{fg=100000c}3"},
    {"\00399none", "none"},
    {"\0031,99x", "{fg=1000000}x"},
    {"\00352x\00398y", "{fg=10000c4}x{fg=10000e7}y"},
    {"\003,4x", ",4x"},
    {"\004ff8000x\004y", "{fg=2ff8000}x{}y"},
    {"\004FF8000,0000ffx", "{fg=2ff8000 bg=20000ff}x"},
    {"\004ff80x", "ff80x"},
    {"\002\002x", "x"},
    {"\002bold \0034and red\017", "{b}bold {b fg=1000009}and red"},
    {"\002\003", ""},
};

static void describe(const struct line_run *run, struct str *out)
{
    static const char letters[] = "biusmr";
    static const unsigned looks[] = {RUN_BOLD,   RUN_ITALIC,    RUN_UNDERLINE,
                                     RUN_STRIKE, RUN_MONOSPACE, RUN_REVERSE};
    str_addc(out, '{');
    size_t begin = out->len;
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
        if (run->looks & looks[i])
            str_addc(out, letters[i]);
    if (run->fg)
        str_addf(out, "%sfg=%" PRIx32, out->len > begin ? " " : "", run->fg);
    if (run->bg)
        str_addf(out, "%sbg=%" PRIx32, out->len > begin ? " " : "", run->bg);
    str_addc(out, '}');
}

static void codes_become_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct formatted formatted;
        struct str shown;
        formatted_init(&formatted, cases[i].codes);
        str_init(&shown, 1000);
        size_t at = 0;
        for (size_t run = 0; run < formatted.n_runs; run++) {
            str_add(&shown, formatted.text.data + at, formatted.runs[run].from - at);
            at = formatted.runs[run].from;
            describe(&formatted.runs[run], &shown);
        }
        str_adds(&shown, formatted.text.data + at);
        assert_string_equal(shown.data, cases[i].runs);
        str_release(&shown);
        formatted_release(&formatted);
    }
}

static void texts_that_differ_in_looks_alone(void **state)
{
    (void)state;
    assert_true(format_same("", "\017"));
    assert_true(format_same("a\002b\00304,05c", "ab\017c"));
    assert_false(format_same("ab", "a\002c"));
    assert_false(format_same("ab\002", "a"));
    assert_false(format_same("a", "ab"));
}

/* A draft shows its looks, and its codes as what they are. */
static void drafts_are_drawn(void **state)
{
    (void)state;
    struct grid grid;
    struct model *model = model_new("lab", "ada", &view_measure);
    editor_replace(model->current->draft, 0, 0, "a\002b\nc", 6);
    grid_init(&grid);
    view_draw(model, &theme_default, 6, 40, 0, &grid);
    const struct cell *plain = grid_cell(&grid, 4, 5), *code = grid_cell(&grid, 4, 6);
    const struct cell *bold = grid_cell(&grid, 4, 8), *next = grid_cell(&grid, 5, 5);
    assert_int_equal(plain->style.attrs, theme_default.text.attrs);
    assert_int_equal(code->style.attrs, theme_default.event.attrs);
    assert_int_equal(bold->style.attrs, theme_default.text.attrs | ATTR_BOLD);
    assert_int_equal(next->style.attrs, theme_default.text.attrs);
    grid_release(&grid);
    model_free(model);
}

static void runs_are_bounded(void **state)
{
    (void)state;
    struct str text;
    str_init(&text, 1 << 20);
    for (int i = 0; i < 3 * LINE_RUNS_MAX; i++)
        str_adds(&text, "\002x");
    struct formatted formatted;
    formatted_init(&formatted, text.data);
    assert_int_equal(formatted.n_runs, LINE_RUNS_MAX);
    assert_int_equal(formatted.text.len, 3 * LINE_RUNS_MAX);
    formatted_release(&formatted);
    str_release(&text);
}

/* The style of the first cell that shows the letter. */
static struct style style_of(const struct grid *grid, char letter)
{
    for (int row = 0; row < grid->rows; row++) {
        for (int col = 0; col < grid->cols; col++) {
            size_t len;
            const char *text = grid_cell_text(grid, grid_cell(grid, row, col), &len);
            if (len == 1 && *text == letter)
                return grid_cell(grid, row, col)->style;
        }
    }
    fail_msg("no %c is drawn", letter);
    return (struct style){0};
}

static void runs_are_drawn(void **state)
{
    (void)state;
    struct model *model = model_new("lab", "me", &view_measure);
    struct buffer *room = traffic_buffer(model, BUFFER_ROOM, "#r");
    struct formatted formatted;
    formatted_init(&formatted,
                   "PP \002BBBBBBBBBBBB \0034RRRRRRRRRR\017 QQ \0031KK \0031,4LL \021MM");
    struct heard heard = {.nick = "o",
                          .text = formatted.text.data,
                          .runs = formatted.runs,
                          .n_runs = formatted.n_runs};
    traffic_hear(model, room, &heard);
    struct grid grid;
    grid_init(&grid);
    /* So narrow that the runs go on over several rows. */
    for (int cols = 12; cols <= 80; cols += 17) {
        view_draw(model, &theme_default, 20, cols, 0, &grid);
        assert_int_equal(style_of(&grid, 'P').attrs, 0);
        assert_int_equal(style_of(&grid, 'B').attrs, ATTR_BOLD);
        assert_int_equal(style_of(&grid, 'R').attrs, ATTR_BOLD);
        assert_int_equal(style_of(&grid, 'R').fg, COLOUR_INDEXED | 9);
        assert_int_equal(style_of(&grid, 'Q').attrs, 0);
        assert_int_equal(style_of(&grid, 'Q').fg, COLOUR_DEFAULT);
        assert_int_equal(style_of(&grid, 'K').fg, COLOUR_DEFAULT);
        assert_int_equal(style_of(&grid, 'L').fg, COLOUR_INDEXED | 0);
        assert_int_equal(style_of(&grid, 'L').bg, COLOUR_INDEXED | 9);
    }
    grid_release(&grid);
    formatted_release(&formatted);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_become_runs), cmocka_unit_test(texts_that_differ_in_looks_alone),
        cmocka_unit_test(drafts_are_drawn),  cmocka_unit_test(runs_are_bounded),
        cmocka_unit_test(runs_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
