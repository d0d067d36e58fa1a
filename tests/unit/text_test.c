/* UTF-8, clusters, widths, words, harmless text and name keys, as case tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/str.h"
#include "common/text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void utf8_is_judged(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool valid;
    } cases[] = {
        {"", true},
        {"plain", true},
        {"\x7f", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},             /* continuation alone */
        {"\xc0\x80", false},         /* not the shortest form */
        {"\xc1\xbf", false},         /* neither */
        {"\xe0\x9f\xbf", false},     /* neither */
        {"\xf0\x8f\xbf\xbf", false}, /* neither */
        {"\xed\xa0\x80", false},     /* a surrogate */
        {"\xed\xbf\xbf", false},     /* another */
        {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"\xc2", false}, /* cut short */
        {"\xe2\x82", false},
        {"\xf0\x9f\x98", false},
        {"\xe2\x82z", false},
        {"a\xe9zb", false}, /* Latin-1 */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (text_utf8_valid(cases[i].bytes, strlen(cases[i].bytes)) != cases[i].valid)
            fail_msg("case %zu", i);
    }
    assert_true(text_utf8_valid("a\0b", 3));
}

static void every_code_point_survives(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 4);
    for (int32_t code = 0; code <= 0x10ffff; code++) {
        int32_t read;
        bool surrogate = code >= 0xd800 && code <= 0xdfff;
        str_reset(&s);
        assert_true(text_encode(&s, code));
        assert_int_equal(text_decode(s.data, s.len, &read), s.len);
        assert_int_equal(read, surrogate ? 0xfffd : code);
        assert_int_equal(text_utf8_need((unsigned char)s.data[0]), s.len);
    }
    int32_t code;
    assert_int_equal(text_decode("", 0, &code), 0);
    assert_int_equal(text_decode("\xff\xff", 2, &code), 1);
    assert_int_equal(code, -1);
    assert_int_equal(text_utf8_need(0x80), 0);
    assert_int_equal(text_utf8_need(0xc1), 0);
    assert_int_equal(text_utf8_need(0xf5), 0);
    str_release(&s);
}

/* Clusters are separated by '|'; each digit is the width of one. */
static const struct {
    const char *name, *clusters, *widths;
} cluster_cases[] = {
    {"ASCII", "a|b| |c", "1111"},
    {"e and acute", "e\u0301|x", "11"},
    {"precomposed", "\u00e9|x", "11"},
    {"two marks", "a\u0308\u0323|b", "11"},
    {"mark alone", "\u0301|a", "01"},
    {"family", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466|!", "21"},
    {"heart on fire", "\u2764\ufe0f\u200d\U0001f525", "2"},
    {"two flags", "\U0001f1e9\U0001f1ea|\U0001f1eb\U0001f1f7", "22"},
    {"flag and a half", "\U0001f1e9\U0001f1ea|\U0001f1eb|a", "211"},
    {"England", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f|a", "21"},
    {"tags without a flag", "a|\U000e0067|\U000e0068|b", "1111"},
    {"skin tone", "\U0001f44b\U0001f3fd|\U0001f44b", "22"},
    {"woman with skin tone", "\U0001f469\U0001f3fe\u200d\U0001f680|a", "21"},
    {"two faces", "\U0001f600|\U0001f600", "22"},
    {"text heart, emoji heart", "\u2764|\u2764\ufe0f", "12"},
    {"keycap", "1\ufe0f\u20e3|1", "21"},
    {"VS16 behind a letter", "a\ufe0f|b", "11"},
    {"jamo L V T", "\u1100\u1161\u11a8|x", "21"},
    {"jamo L V", "\u1112\u1161|\u1112\u1161", "22"},
    {"jamo V T alone", "\u1161\u11a8|a", "11"},
    {"jamo V alone", "\u1161|a", "11"},
    {"syllable and T", "\uac00\u11a8|\uac01|\u1100", "222"},
    {"Devanagari", "\u0928|\u092e|\u0938\u094d|\u0924\u0947", "1111"},
    {"Devanagari, vowel in front", "\u0915\u093f|\u0915", "11"},
    {"Thai SARA AM", "\u0e01\u0e33|\u0e01", "21"},
    {"prepended number sign", "\u06001|2", "11"},
    {"wide", "\u65e5|\u672c|\uff21", "222"},
    {"half-width kana, two cells", "\uff76\uff9e|a", "21"},
    {"CR LF are two", "a|\r|\n|b", "1221"},
    {"controls", "\x1b|[|\x7f", "212"},
    {"C1", "\xc2\x85|\xc2\x9b|a", "111"},
    {"bidi and separators", "a|\u202e|\u2066|\u200f|\u2028|\ufeff", "111111"},
    {"zero width space", "a|\u200b|b", "111"},
    {"ZWNJ joins", "a\u200c|b", "11"},
    {"invalid bytes", "a|\xff|\x80|\xe2|\x82|b", "111111"},
    {"invalid, then mark", "\xff|\u0301", "10"},
    {"noncharacter", "\ufdd0|\uffff", "11"},
};

/* Takes the '|' out of a case: returns the text, and where each cluster ends. */
static size_t split(const char *clusters, struct str *text, size_t *ends)
{
    size_t n = 0;
    for (const char *p = clusters; *p; p++) {
        if (*p == '|')
            ends[n++] = text->len;
        else
            str_addc(text, *p);
    }
    ends[n++] = text->len;
    return n;
}

static void clusters_and_widths(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cluster_cases); i++) {
        struct str text;
        size_t ends[32], start = 0, cells = 0;
        str_init(&text, 256);
        size_t n = split(cluster_cases[i].clusters, &text, ends);
        for (size_t c = 0; c < n; c++) {
            size_t end = text_cluster_next(text.data, text.len, start);
            unsigned width = text_cluster_width(text.data + start, end - start);
            if (end != ends[c])
                fail_msg("%s: cluster %zu ends at %zu", cluster_cases[i].name, c, end);
            if (text_cluster_prev(text.data, text.len, end) != start)
                fail_msg("%s: cluster %zu backwards", cluster_cases[i].name, c);
            if (width != (unsigned)(cluster_cases[i].widths[c] - '0'))
                fail_msg("%s: cluster %zu is %u wide", cluster_cases[i].name, c, width);
            cells += width;
            start = end;
        }
        assert_int_equal(start, text.len);
        assert_int_equal(text_width(text.data, text.len), cells);
        str_release(&text);
    }
    assert_int_equal(text_cluster_next("", 0, 0), 0);
    assert_int_equal(text_cluster_next("ab", 2, 2), 2);
    assert_int_equal(text_cluster_prev("ab", 2, 0), 0);
    assert_int_equal(text_cluster_width("", 0), 0);
}

/* Any two of the texts above, one behind the other: backwards is forwards. */
static void backwards_is_forwards(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cluster_cases) * COUNT(cluster_cases); i++) {
        struct str text;
        size_t ends[64];
        str_init(&text, 512);
        split(cluster_cases[i / COUNT(cluster_cases)].clusters, &text, ends);
        split(cluster_cases[i % COUNT(cluster_cases)].clusters, &text, ends);
        for (size_t at = 0; at < text.len;) {
            size_t next = text_cluster_next(text.data, text.len, at);
            assert_int_equal(text_cluster_prev(text.data, text.len, next), at);
            at = next;
        }
        str_release(&text);
    }
}

static void doubtful_widths_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *cluster;
        bool doubtful;
    } cases[] = {
        {"a", false},
        {"\u65e5", false},
        {"e\u0301", false},
        {"\U0001f600", false},
        {"\uac00", false},
        {"\U0001f468\u200d\U0001f466", true},
        {"\U0001f1e9\U0001f1ea", true},
        {"\U0001f44b\U0001f3fd", true},
        {"\u2764\ufe0f", true},
        {"1\ufe0f\u20e3", true},
        {"\u1100\u1161", true},
        {"\u0915\u093f", true},
        {"\U0001fae0", true},
        {"\ue0b0", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (text_cluster_doubtful(cases[i].cluster, strlen(cases[i].cluster)) != cases[i].doubtful)
            fail_msg("case %zu", i);
    }
}

static void what_fits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t max_cells, fits, cells;
    } cases[] = {
        {"abc", 0, 0, 0},      {"abc", 2, 2, 2},          {"abc", 3, 3, 3},
        {"abc", 99, 3, 3},     {"\u65e5\u672c", 3, 3, 2}, {"\u65e5\u672c", 4, 6, 4},
        {"e\u0301x", 1, 3, 1}, {"a\x1b[", 2, 1, 1},       {"", 5, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t cells;
        const char *text = cases[i].text;
        assert_int_equal(text_fit(text, strlen(text), cases[i].max_cells, &cells), cases[i].fits);
        assert_int_equal(cells, cases[i].cells);
    }
}

static void cuts_at_clusters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t max_bytes, cut;
    } cases[] = {
        {"abc", 5, 3},
        {"abc", 2, 2},
        {"abc", 0, 0},
        {"\u65e5\u672c", 5, 3},
        {"\u65e5\u672c", 3, 3},
        {"\u65e5\u672c", 2, 0},
        {"ae\u0301", 3, 1},
        {"ae\u0301", 2, 1},
        {"x\U0001f468\u200d\U0001f469", 9, 1},
        {"x\U0001f468\u200d\U0001f469y", 12, 12},
        {"\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", 12, 8},
        {"e\u0301\u0301\u0301", 4, 3}, /* the cluster alone is longer */
        {"\xff\xff\xff", 2, 2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = cases[i].text;
        size_t cut = text_cut_bytes(text, strlen(text), cases[i].max_bytes);
        if (cut != cases[i].cut)
            fail_msg("case %zu: cut at %zu", i, cut);
    }
}

/* '<' stands where M-b goes from the end of the text, '>' where M-f goes from its beginning. */
static void words_are_those_of_readline(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "one> two <three",
        "  one>, <two;  ",
        "only>",
        "",
        "  ",
        "caf\u00e9> <\u00fcber",
        "cafe\u0301>-<e\u0301te\u0301!",
        "\u65e5\u672c>\u3001<\u8a9e",
        "/home>/<x42",
        "\U0001f600 a> \U0001f600 <b \U0001f600",
        "\u0939\u093f\u0928\u094d\u0926\u0940> <\u0939\u093f",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str text;
        size_t next = SIZE_MAX, prev = 0;
        str_init(&text, 256);
        for (const char *p = cases[i]; *p; p++) {
            if (*p == '>')
                next = text.len;
            else if (*p == '<')
                prev = text.len;
            else
                str_addc(&text, *p);
        }
        if (next == SIZE_MAX)
            next = text.len;
        if (text_word_next(text.data, text.len, 0) != next)
            fail_msg("%s: forward", cases[i]);
        if (text_word_prev(text.data, text.len, text.len) != prev)
            fail_msg("%s: backward", cases[i]);
        str_release(&text);
    }
}

static void controls_become_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown; /* NULL: as it is */
    } cases[] = {
        {"", NULL},
        {"plain, \u00fcber \u65e5 \U0001f600", NULL},
        {"\U0001f468\u200d\U0001f469\u200d\U0001f467", NULL},
        {"\u0645\u0631\u062d\u0628\u0627", NULL},
        {"\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", NULL},
        {"a\u200cb", NULL},
        {"\x1b[31mred\x1b[0m", "^[[31mred^[[0m"},
        {"\x1b]0;title\x07", "^[]0;title^G"},
        {"\x1b]52;c;aGk=\x1b\\", "^[]52;c;aGk=^[\\"},
        {"\x1bP+q\x1b\\", "^[P+q^[\\"},
        {"a\r\nb\tc", "a^M^Jb^Ic"},
        {"del\x7f", "del^?"},
        {"\xc2\x9b"
         "31m",
         "\ufffd31m"},
        {"\u202eevil", "\ufffdevil"},
        {"a\u2066b\u2069\u200e\u200f\u061c", "a\ufffdb\ufffd\ufffd\ufffd\ufffd"},
        {"a\u2028b\u2029", "a\ufffdb\ufffd"},
        {"a\u200bb\ufeff\u2060", "a\ufffdb\ufffd\ufffd"},
        {"x\U000e0041\U000e007f", "x\ufffd\ufffd"},
        {"\U0001f3f4x\U000e0067", "\U0001f3f4x\ufffd"},
        {"\xff\x9b"
         "31m\xe2\x82",
         "\ufffd\ufffd31m\ufffd\ufffd"},
        {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
        {"\ufffe\ufdd0", "\ufffd\ufffd"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str shown;
        const char *text = cases[i].text;
        const char *expected = cases[i].shown ? cases[i].shown : text;
        str_init(&shown, 256);
        assert_true(text_harmless(&shown, text, strlen(text)));
        assert_string_equal(shown.data, expected);
        assert_int_equal(text_is_harmless(text, strlen(text)), !cases[i].shown);
        assert_int_equal(text_width(text, strlen(text)), text_width(shown.data, shown.len));
        str_release(&shown);
    }
}

/* No code point at all lets a byte below 0x20, 0x7f or a C1 through. */
static void no_control_gets_through(void **state)
{
    (void)state;
    struct str text, shown;
    str_init(&text, 8);
    str_init(&shown, 64);
    for (int32_t code = 0; code <= 0x10ffff; code++) {
        str_reset(&text);
        str_reset(&shown);
        text_encode(&text, code);
        assert_true(text_harmless(&shown, text.data, text.len));
        int32_t first;
        text_decode(shown.data, shown.len, &first);
        assert_true(first >= 0x20 && first != 0x7f && !(first >= 0x80 && first < 0xa0));
        assert_int_equal(shown.len == 2 && shown.data[0] == '^', code < 0x20 || code == 0x7f);
        assert_true(text_cluster_width(text.data, text.len) <= 2);
    }
    assert_true(text_harmless(&shown, "\0", 1));
    str_release(&shown);
    str_release(&text);
}

static void harmless_keeps_to_the_maximum(void **state)
{
    (void)state;
    struct str shown;
    str_init(&shown, 4);
    assert_false(text_harmless(&shown, "abc\x01", 4));
    assert_string_equal(shown.data, "abc");
    str_reset(&shown);
    assert_true(text_harmless(&shown, "ab\x01", 3));
    assert_string_equal(shown.data, "ab^A");
    str_release(&shown);
}

static void names_fold_to_their_key(void **state)
{
    (void)state;
    static const struct {
        const char *name, *key; /* NULL: it has none */
    } cases[] = {
        {"", ""},
        {"Ada", "ada"},
        {"[\\]^`{|}~", "[\\]^`{|}~"},
        {"\u00c9t\u00e9", "\u00e9t\u00e9"},
        {"E\u0301t\u00e9", "\u00e9t\u00e9"},
        {"Stra\u00dfe", "strasse"},
        {"\uff21\uff24\uff21", "ada"},
        {"\ufb01sh", "fish"},
        {"a\u200bd\u00adda", "adda"},
        {"\u0130", "i\u0307"},
        {"\u03a3\u03c2", "\u03c3\u03c3"},
        {"\xff", NULL},
        {"a\xc3", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str key;
        str_init(&key, 64);
        const char *name = cases[i].name;
        assert_int_equal(text_fold(&key, name, strlen(name)), cases[i].key != NULL);
        assert_string_equal(key.data, cases[i].key ? cases[i].key : "");
        str_release(&key);
    }
    struct str small;
    str_init(&small, 2);
    assert_false(text_fold(&small, "abc", 3));
    assert_false(text_fold(&small, "\u00c9\u00c9", 4));
    assert_int_equal(small.len, 0);
    str_release(&small);
}

/* Wherever it ends, a cluster of one cell ends there too. */
static void test_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t plain;
    } cases[] = {
        {"", 0},
        {"a", 1},
        {"hello, world~", 13},
        {"12345678e\u0301", 8},
        {"1234567\u0301", 6},
        {"abc\tdef", 3},
        {"\177", 0},
        {"\033[m", 0},
        {"12345678\00112345678", 8},
        {"1234567\177abcdefg", 7},
        {"é", 0},
        {"            ", 12},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(text_plain(cases[i].text, strlen(cases[i].text)), cases[i].plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_judged),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(every_code_point_survives),
        cmocka_unit_test(clusters_and_widths),
        cmocka_unit_test(backwards_is_forwards),
        cmocka_unit_test(doubtful_widths_are_known),
        cmocka_unit_test(what_fits),
        cmocka_unit_test(cuts_at_clusters),
        cmocka_unit_test(words_are_those_of_readline),
        cmocka_unit_test(controls_become_harmless),
        cmocka_unit_test(no_control_gets_through),
        cmocka_unit_test(harmless_keeps_to_the_maximum),
        cmocka_unit_test(names_fold_to_their_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
