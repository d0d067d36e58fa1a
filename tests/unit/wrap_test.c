/* Wrapping, as a table; and what must hold for any text and width. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "client/view/wrap.h"
#include "common/str.h"
#include "common/text.h"

#define FAMILY "👩‍👩‍👧‍👦"

static const struct {
    const char *text;
    int cols;
    enum wrap_by by;
    const char *rows; /* with "|" between them */
} cases[] = {
    {"", 10, WRAP_WORDS, ""},
    {"one two", 10, WRAP_WORDS, "one two"},
    {"one two", 7, WRAP_WORDS, "one two"},
    {"one two", 6, WRAP_WORDS, "one|two"},
    {"one two three", 7, WRAP_WORDS, "one two|three"},
    {"one   two", 4, WRAP_WORDS, "one|two"},
    {"one two ", 7, WRAP_WORDS, "one two"},
    {"one two   ", 7, WRAP_WORDS, "one two"},
    {"  indented text", 10, WRAP_WORDS, "  indented|text"},
    {"abcdefghij", 4, WRAP_WORDS, "abcd|efgh|ij"},
    {"  abcdefghij", 4, WRAP_WORDS, "  ab|cdef|ghij"},
    {"     ", 3, WRAP_WORDS, "   "},
    {"see abcdefghij k", 5, WRAP_WORDS, "see|abcde|fghij|k"},
    {"see https://lab/x y", 13, WRAP_WORDS, "see|https://lab/x|y"},
    {"a\nb", 10, WRAP_WORDS, "a|b"},
    {"a\n", 10, WRAP_WORDS, "a|"},
    {"one \ntwo", 3, WRAP_WORDS, "one|two"},
    /* Wide characters break anywhere, but not before what closes. */
    {"日本語", 4, WRAP_WORDS, "日本|語"},
    {"日本語", 5, WRAP_WORDS, "日本|語"},
    {"日本。語", 4, WRAP_WORDS, "日|本。|語"},
    {"ab日本", 4, WRAP_WORDS, "ab日|本"},
    {"日", 1, WRAP_WORDS, "日"},
    {"日本", 1, WRAP_WORDS, "日|本"},
    /* A cluster is never taken apart. */
    {"ab" FAMILY "cd", 3, WRAP_WORDS, "ab|" FAMILY "|cd"},
    {"ééé", 2, WRAP_WORDS, "éé|é"},
    {"🇩🇪🇫🇷", 3, WRAP_WORDS, "🇩🇪|🇫🇷"},
    {"abcd", 0, WRAP_WORDS, "a|b|c|d"},
    /* By clusters nothing vanishes. */
    {"one two", 4, WRAP_CLUSTERS, "one |two"},
    {"one two", 3, WRAP_CLUSTERS, "one| tw|o"},
    {"a日本", 2, WRAP_CLUSTERS, "a|日|本"},
    {"a\n\nb", 2, WRAP_CLUSTERS, "a||b"},
    {"ab\ncd\n", 2, WRAP_CLUSTERS, "ab|cd|"},
    {"", 1, WRAP_CLUSTERS, ""},
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str rows;
        str_init(&rows, 1000);
        size_t len = strlen(cases[i].text);
        struct wrap wrap = wrap_begin(cases[i].text, len, cases[i].cols, cases[i].by);
        struct wrap_row row;
        int count = 0;
        for (; wrap_next(&wrap, &row); count++) {
            str_adds(&rows, count > 0 ? "|" : "");
            str_add(&rows, cases[i].text + row.from, row.to - row.from);
        }
        if (strcmp(rows.data, cases[i].rows) != 0)
            fail_msg("\"%s\" in %d: expected %s, is %s", cases[i].text, cases[i].cols,
                     cases[i].rows, rows.data);
        str_release(&rows);
    }
}

/* Rows follow each other, none is too wide but for a single cluster, and what lies between two rows
 * is blanks and at most one newline; by clusters, a newline or nothing. */
static void check_rows(const char *text, size_t len, int cols, enum wrap_by by)
{
    struct wrap wrap = wrap_begin(text, len, cols, by);
    struct wrap_row row;
    size_t before = 0;
    bool first = true;
    for (; wrap_next(&wrap, &row); first = false) {
        assert_true(row.from <= row.to && row.to <= len && row.from >= before);
        size_t newlines = 0;
        for (size_t i = before; i < row.from; i++) {
            newlines += text[i] == '\n';
            assert_true(text[i] == '\n' || (text[i] == ' ' && by == WRAP_WORDS));
        }
        assert_true(newlines <= 1 && (!first || row.from == 0));
        size_t cluster = text_cluster_next(text, row.to, row.from);
        assert_true((int)text_width(text + row.from, row.to - row.from) <= cols ||
                    cluster == row.to);
        before = row.to;
    }
    for (size_t i = before; i < len; i++)
        assert_true(text[i] == ' ' || text[i] == '\n');
}

static void test_random(void **state)
{
    (void)state;
    static const char *const parts[] = {"a", "bc", " ", "  ", "\n", "日", "。", "é", "🇩", "longer"};
    uint32_t seed = 1;
    for (int run = 0; run < 20000; run++) {
        char text[200] = "";
        for (int i = 0; i < 15; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, parts[(seed >> 16) % (sizeof(parts) / sizeof(parts[0]))]);
        }
        int cols = 1 + run % 12;
        check_rows(text, strlen(text), cols, WRAP_WORDS);
        check_rows(text, strlen(text), cols, WRAP_CLUSTERS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
