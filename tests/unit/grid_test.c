/* The grid: clipping, halves of wide cells, long clusters, and nothing harmful in any cell. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "client/view/grid.h"
#include "common/text.h"

static const struct style plain;

/* The row as text, a right half as nothing. */
static const char *row_text(const struct grid *grid, int row)
{
    static char text[4096];
    size_t used = 0;
    for (int col = 0; col < grid->cols; col++) {
        size_t len;
        const char *cell = grid_cell_text(grid, grid_cell(grid, row, col), &len);
        assert_true(len > 0 || grid_cell(grid, row, col)->width == 0);
        memcpy(text + used, cell, len);
        used += len;
    }
    text[used] = '\0';
    assert_true(text_is_harmless(text, used));
    return text;
}

static const struct {
    int col, end;
    const char *text;
    int after;
    const char *row;
} cases[] = {
    {0, 6, "ab", 2, "ab    "},
    {4, 6, "abc", 6, "    ab"},
    {4, 99, "abc", 6, "    ab"},
    {2, 3, "abc", 3, "  a   "},
    {0, 6, "日本語", 6, "日本語"},
    {1, 6, "日本語", 5, " 日本 "},
    {5, 6, "日", 5, "      "},
    {-1, 6, "abc", 2, "bc    "},
    {9, 12, "abc", 9, "      "},
    {0, 6, "\033[m", 4, "^[[m  "},
    {0, 6, "a\u202eb", 3,
     "a\xef\xbf\xbd"
     "b   "},
    {0, 6, "\xff", 1, "\xef\xbf\xbd     "},
    {0, 6, "\u0301x", 1, "x     "},
};

static void test_put(void **state)
{
    (void)state;
    struct grid grid;
    grid_init(&grid);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        grid_resize(&grid, 1, 6);
        assert_int_equal(grid_puts(&grid, 0, cases[i].col, cases[i].end, cases[i].text, plain),
                         cases[i].after);
        assert_string_equal(row_text(&grid, 0), cases[i].row);
    }
    assert_int_equal(grid_puts(&grid, 7, 2, 6, "outside", plain), 2);
    grid_release(&grid);
}

static void test_halves(void **state)
{
    (void)state;
    struct grid grid;
    grid_init(&grid);
    grid_resize(&grid, 1, 6);
    grid_puts(&grid, 0, 0, 6, "日本語", plain);
    grid_puts(&grid, 0, 3, 6, "x", plain);
    assert_string_equal(row_text(&grid, 0), "日 x語");
    grid_puts(&grid, 0, 3, 6, "本", plain);
    assert_string_equal(row_text(&grid, 0), "日 本 ");
    grid_fill(&grid, 0, 1, 2, plain);
    assert_string_equal(row_text(&grid, 0), "   本 ");
    grid_release(&grid);
}

static void test_long_clusters(void **state)
{
    (void)state;
    struct grid a, b;
    grid_init(&a);
    grid_init(&b);
    grid_resize(&a, 2, 4);
    grid_resize(&b, 2, 4);
    grid_puts(&a, 0, 0, 4, "👩‍👩‍👧‍👦", plain);
    grid_puts(&b, 1, 0, 4, "👩‍👩‍👧‍👦👩‍👩‍👧", plain);
    assert_true(grid_cell_same(&a, grid_cell(&a, 0, 0), &b, grid_cell(&b, 1, 0)));
    assert_false(grid_cell_same(&a, grid_cell(&a, 0, 0), &b, grid_cell(&b, 1, 2)));
    assert_false(grid_cell_same(&a, grid_cell(&a, 1, 0), &b, grid_cell(&b, 1, 0)));
    /* Marks without end on one letter: some are kept, whole characters all. */
    char pile[1 + 2 * 200 + 1] = "e";
    for (int i = 0; i < 200; i++)
        memcpy(pile + 1 + 2 * i, "\xcc\x81", 3);
    grid_puts(&a, 1, 0, 4, pile, plain);
    size_t len;
    const char *text = grid_cell_text(&a, grid_cell(&a, 1, 0), &len);
    assert_true(len <= CELL_MAX_BYTES && len > CELL_MAX_BYTES - 3 && text_utf8_valid(text, len));
    grid_release(&a);
    grid_release(&b);
}

/* Rows of a mark stay; all else is blank, or taken over from another grid. */
static void test_marks(void **state)
{
    (void)state;
    struct grid a, b;
    const struct grid_mark mark = {.of = 7, .shape = 1, .top = 1, .end = 3};
    grid_init(&a);
    grid_init(&b);
    assert_false(grid_begin(&a, 4, 3, &mark));
    for (int row = 0; row < 4; row++)
        grid_puts(&a, row, 0, 3, "abc", plain);
    assert_true(grid_begin(&a, 4, 3, &mark));
    const char expected[] = " aa ";
    for (int row = 0; row < 4; row++)
        assert_int_equal(grid_cell(&a, row, 0)->text[0], expected[row]);
    assert_false(grid_begin_rest(&b, &a, 2));
    assert_true(grid_begin_rest(&b, &a, 1));
    grid_puts(&b, 0, 0, 3, "top", plain);
    grid_puts(&b, 2, 0, 3, "not", plain);
    grid_puts(&b, 3, 0, 3, "end", plain);
    grid_cursor(&b, 3, 2);
    grid_take_rest(&a, &b);
    const char taken[] = "taae";
    for (int row = 0; row < 4; row++)
        assert_int_equal(grid_cell(&a, row, 0)->text[0], taken[row]);
    assert_true(a.cursor_visible && a.cursor_row == 3 && a.cursor_col == 2);
    assert_false(grid_mark_same(&a, &b));
    const struct grid_mark other = {.of = 8, .shape = 1, .top = 1, .end = 3};
    assert_false(grid_begin(&b, 4, 3, &other));
    /* What it was drawn for stays true of the rows of its mark. */
    assert_true(grid_begin_rest(&b, &a, 1));
    assert_true(grid_begin(&b, 4, 3, &other));
    assert_int_equal(grid_cell(&b, 1, 0)->text[0], ' ');
    assert_false(grid_mark_same(&a, &b));
    assert_false(grid_begin(&a, 4, 4, &mark));
    assert_int_equal(grid_cell(&a, 1, 0)->text[0], ' ');
    /* What lies in the spill goes all at once. */
    grid_puts(&a, 1, 0, 4, "👩‍👩‍👧‍👦", plain);
    assert_false(grid_begin_rest(&b, &a, 1));
    assert_false(grid_begin(&a, 4, 4, &mark));
    grid_release(&a);
    grid_release(&b);
}

static void test_sizes(void **state)
{
    (void)state;
    struct grid grid;
    grid_init(&grid);
    grid_resize(&grid, 0, -3);
    assert_true(grid.rows == 1 && grid.cols == 1);
    grid_cursor(&grid, 5, 5);
    assert_true(grid.cursor_row == 0 && grid.cursor_col == 0 && grid.cursor_visible);
    grid_resize(&grid, 100000, 2);
    assert_true(grid.rows == GRID_MAX_SIDE && grid.cols == 2 && !grid.cursor_visible);
    grid_release(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_put), cmocka_unit_test(test_halves),
                                       cmocka_unit_test(test_long_clusters),
                                       cmocka_unit_test(test_marks), cmocka_unit_test(test_sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
