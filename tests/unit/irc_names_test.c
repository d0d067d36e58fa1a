/* Nick and channel rules, the case mapping, and masks against a simple reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/irc/names.h"
#include "common/str.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct name_case {
    const char *name;
    bool valid;
};

static void assert_names(bool (*valid)(const char *, size_t, size_t), const struct name_case *cases,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (valid(cases[i].name, strlen(cases[i].name), 16) != cases[i].valid)
            fail_msg("%s", cases[i].name);
    }
}

static void nicks(void **state)
{
    (void)state;
    static const struct name_case cases[] = {
        {"", false},
        {"a", true},
        {"ada", true},
        {"Ada_L", true},
        {"a-1", true},
        {"[]\\`_^{|}", true},
        {"1a", false},
        {"-a", false},
        {"a b", false},
        {"a,b", false},
        {"a*", false},
        {"a?", false},
        {"a!", false},
        {"a@b", false},
        {"#a", false},
        {"@a", false},
        {"+a", false},
        {"~a", false},
        {"&a", false},
        {"%a", false},
        {"$a", false},
        {":a", false},
        {"a:b", false},
        {"a.b", false},
        {"a\x01", false},
        {"a\x7f", false},
        {"Zo\u00eb", true},
        {"\u65e5\u672c", true},
        {"a\u202eb", false},
        {"a\u200b", false},
        {"a\u00a0b", false},
        {"a\u3000b", false},
        {"\u0301a", false},
        {"a\u0301", true},
        {"\xff", false},
        {"\uff03a", false},
        {"\uff20a", false},
        {"a\uff0eb", false},
        {"\u3164", false},
        {"\u00ad", false},
        {"0123456789abcdef", false},
        {"abcdefghijklmnop", true},
        {"abcdefghijklmnopq", false},
    };
    assert_names(irc_nick_valid, cases, COUNT(cases));
    assert_false(irc_nick_valid("a\0b", 3, 16));
}

static void channels(void **state)
{
    (void)state;
    static const struct name_case cases[] = {
        {"#tea", true},
        {"#", false},
        {"tea", false},
        {"", false},
        {"&tea", false},
        {"#a b", false},
        {"#a,b", false},
        {"#a\x07", false},
        {"#a\x02", false},
        {"##", true},
        {"#a:b", false},
        {"#a*", false},
        {"#a?", false},
        {"#caf\u00e9", true},
        {"#\u8336", true},
        {"#a\u202e", false},
        {"#a\u00a0b", false},
        {"#\xff", false},
        {"#a.b-c_d!", true},
        {"#abcdefghijklmno", true},
        {"#abcdefghijklmnop", false},
    };
    assert_names(irc_channel_valid, cases, COUNT(cases));
    assert_false(irc_channel_valid("#a\0", 3, 16));
}

static void masks(void **state)
{
    (void)state;
    static const struct {
        const char *mask, *text;
        bool match;
    } cases[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"?", "", false},
        {"?", "a", true},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"a*c", "ac", true},
        {"a*c", "abbbc", true},
        {"a*c", "abcb", false},
        {"*!*@10.0.*", "ada!u@10.0.0.7", true},
        {"*!*@10.0.*", "ada!u@10.1.0.7", false},
        {"ADA!*", "ada!u@h", true},
        {"*a*b*c*", "xxaxxbxxcxx", true},
        {"*a*b*c*", "xxaxxcxxbxx", false},
        {"**a**", "a", true},
        {"*ab", "aab", true},
        {"*aab", "aaab", true},
        {"a\\*b", "a*b", true},
        {"a\\*b", "axb", false},
        {"a\\?b", "a?b", true},
        {"a\\?b", "axb", false},
        {"a\\b", "a\\b", true},
        {"\\", "\\", true},
        {"*\\*", "abc*", true},
        {"*\\*", "abc", false},
        {"?", "\u65e5", true},
        {"??", "\u65e5", false},
        {"a*??", "a\u65e5", false},
        {"a*??", "a\u65e5\u672c", true},
        {"*\u672c", "\u65e5\u672c", true},
        {"?", "\xff", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (irc_mask_match(cases[i].mask, cases[i].text) != cases[i].match)
            fail_msg("%s on %s", cases[i].mask, cases[i].text);
    }
}

/* The definition, without a bound: only for short texts. */
static bool match_slowly(const char *mask, const char *text)
{
    if (*mask == '*')
        return match_slowly(mask + 1, text) || (*text && match_slowly(mask, text + 1));
    if (!*mask || !*text)
        return *mask == *text;
    return (*mask == '?' || *mask == *text) && match_slowly(mask + 1, text + 1);
}

static void masks_match_a_reference(void **state)
{
    (void)state;
    unsigned dice = 1;
    for (int round = 0; round < 200000; round++) {
        char mask[9] = "", text[9] = "";
        for (size_t i = 0; i < 8; i++) {
            dice = dice * 1103515245u + 12345u;
            mask[i] = "ab*?\0"[(dice >> 16) % 5];
            text[i] = "ab\0"[(dice >> 20) % 9 == 8 ? 2 : (dice >> 24) % 2];
        }
        if (irc_mask_match(mask, text) != match_slowly(mask, text))
            fail_msg("%s on %s", mask, text);
    }
}

/* A mask made to be slow ends in time all the same. */
static void a_bad_mask_is_not_slow(void **state)
{
    (void)state;
    struct str mask, text;
    str_init(&mask, 1000);
    str_init(&text, 1000);
    while (mask.len < 400)
        str_adds(&mask, "*a");
    str_adds(&mask, "*b");
    while (text.len < 500)
        str_addc(&text, 'a');
    for (int i = 0; i < 100; i++)
        assert_false(irc_mask_match(mask.data, text.data));
    str_release(&text);
    str_release(&mask);
}

static void masks_are_told_from_names(void **state)
{
    (void)state;
    assert_true(irc_is_mask("a*"));
    assert_true(irc_is_mask("?"));
    assert_true(irc_is_mask("\\x*"));
    assert_false(irc_is_mask("ada"));
    assert_false(irc_is_mask("a\\*\\?"));
    assert_false(irc_is_mask(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nicks),
        cmocka_unit_test(channels),
        cmocka_unit_test(masks),
        cmocka_unit_test(masks_match_a_reference),
        cmocka_unit_test(a_bad_mask_is_not_slow),
        cmocka_unit_test(masks_are_told_from_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
