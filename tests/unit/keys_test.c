/*
 * Terminal input to keys: case tables, and the property that no way of cutting the bytes into
 * pieces changes the keys.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "client/term/keys.h"
#include "common/str.h"

/* Appends the key as text: C-M-S-Left, 'a', C-'a', paste[...], F5, Click@row,col. */
static void describe(struct str *out, const struct key *key)
{
    str_adds(out, out->len ? " " : "");
    char name[KEY_NAME_BYTES];
    if (key->press == PRESS_TEXT) {
        str_addf(out, "%s%s%s'%.*s'", key->mods & MOD_CTRL ? "C-" : "",
                 key->mods & MOD_ALT ? "M-" : "", key->mods & MOD_SHIFT ? "S-" : "", (int)key->len,
                 key->text);
    } else if (key->press == PRESS_PASTE) {
        str_addf(out, "paste[%.*s]", (int)key->len, key->text);
    } else {
        key_write_name(key, name);
        str_adds(out, name);
    }
    if (key->press >= PRESS_WHEEL_UP)
        str_addf(out, "@%d,%d", key->row, key->col);
}

static void describe_reply(struct str *out, const struct reply *reply)
{
    str_adds(out, out->len ? " " : "");
    if (reply->kind == REPLY_CURSOR)
        str_addf(out, "at %d,%d", reply->row, reply->col);
    else if (reply->kind == REPLY_MODE)
        str_addf(out, "mode %d is %d", reply->mode, reply->state);
    else if (reply->kind == REPLY_BACKGROUND)
        str_addf(out, "on #%06x", reply->rgb);
    else
        str_adds(out, "answered");
}

static void drain(struct keys *keys, uint64_t now_ms, struct str *out)
{
    struct key key;
    enum keys_result result;
    while ((result = keys_next(keys, now_ms, &key)) != KEYS_NONE) {
        if (result == KEYS_KEY)
            describe(out, &key);
        else if (result == KEYS_REPLY)
            describe_reply(out, &keys->reply);
        else
            str_adds(out, " too-long");
    }
}

/* Feeds the pieces that `cuts` marks (bit i: a cut behind byte i), then waits for all time-outs. */
static void decode_cut(const char *bytes, size_t len, uint64_t cuts, struct str *out)
{
    struct keys keys;
    keys_init(&keys);
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        if (i + 1 < len && !(cuts >> (i % 64) & 1))
            continue;
        keys_feed(&keys, 1000, bytes + from, i + 1 - from);
        from = i + 1;
        drain(&keys, 1000, out);
    }
    drain(&keys, 1000 + KEYS_PASTE_MS, out);
    keys_release(&keys);
}

static const struct {
    const char *bytes, *keys;
} cases[] = {
    /* answers */
    {"\033[2;9R", "at 1,8"},
    {"\033[1;2R", "S-F3"},
    {"\033[?2027;2$y", "mode 2027 is 2"},
    {"\033[?62;22c", "answered"},
    {"\033]11;rgb:ffff/8080/0000\033\\", "on #ff8000"},
    {"\033]11;rgb:12/34/56\a", "on #123456"},
    {"\033]11;rgb:1/2/3\a", ""},
    {"\033]11;rgb:ffff/zzzz/0000\a", ""},
    {"\033]10;rgb:ffff/ffff/ffff\a", ""},
    /* text */
    {"a", "'a'"},
    {"aZ ~", "'a' 'Z' ' ' '~'"},
    {"\xc3\xa9", "'\xc3\xa9'"},
    {"e\xcc\x81", "'e' '\xcc\x81'"},
    {"\xe4\xbd\xa0\xf0\x9f\x91\xa9", "'\xe4\xbd\xa0' '\xf0\x9f\x91\xa9'"},
    {"\xc3", "'\xef\xbf\xbd'"},
    {"\xc3g", "'\xef\xbf\xbd' 'g'"},
    {"\xff\x80x", "'\xef\xbf\xbd' '\xef\xbf\xbd' 'x'"},
    {"\xe4\xbd", "'\xef\xbf\xbd' '\xef\xbf\xbd'"},
    {"\xc2\x9b"
     "31m",
     "'3' '1' 'm'"}, /* C1 from a keyboard says nothing */
    /* controls */
    {"\x01\x1a", "C-'a' C-'z'"},
    {"\r\n\t", "Enter C-'j' Tab"},
    {"\x7f\b", "Backspace Backspace"},
    {"\x1c\x1d\x1e\x1f", "C-'\\' C-']' C-'^' C-'_'"},
    /* Escape and Alt */
    {"\033", "Escape"},
    {"\033\033", "Escape Escape"},
    {"\033\033\033", "Escape Escape Escape"},
    {"\033a", "M-'a'"},
    {"\033A", "M-'a'"},
    {"\033\xc3\xa9", "M-'\xc3\xa9'"},
    {"\033\x7f\033\r\033\t", "M-Backspace M-Enter M-Tab"},
    {"\033\x02", "C-M-'b'"},
    {"\033[", "M-'['"},
    {"\033O", "M-'o'"},
    {"\033]", "M-']'"},
    {"\0331\0339", "M-'1' M-'9'"},
    {"x\033", "'x' Escape"},
    /* cursor keys in both modes, modified */
    {"\033[A\033[B\033[C\033[D\033[H\033[F", "Up Down Right Left Home End"},
    {"\033OA\033OB\033OC\033OD\033OH\033OF", "Up Down Right Left Home End"},
    {"\033[1;3D\033[1;5C\033[1;2A\033[1;8B", "M-Left C-Right S-Up C-M-S-Down"},
    {"\033O5D", "C-Left"},
    {"\033\033[A", "M-Up"},
    {"\033\033OD", "M-Left"},
    {"\033[a\033Od\033[5^\033[5$\033[5@", "S-Up C-Left C-PgUp S-PgUp C-S-PgUp"},
    {"\033[1;1A", "Up"},
    {"\033[1:1;3:2D", "M-Left"},
    {"\033[1;3:3D", ""}, /* kitty: released */
    {"\033[Z", "S-Tab"},
    {"\033[1;2Z", "S-Tab"},
    /* tilde keys */
    {"\033[1~\033[2~\033[3~\033[4~\033[5~\033[6~", "Home Insert Delete End PgUp PgDn"},
    {"\033[7~\033[8~", "Home End"},
    {"\033[3;5~\033[5;3~", "C-Delete M-PgUp"},
    {"\033[11~\033[15~\033[17~\033[24~", "F1 F5 F6 F12"},
    {"\033OP\033OS\033[[A\033[[E\033[1;2P", "F1 F4 F1 F5 S-F1"},
    {"\033[99~", ""},
    /* CSI u and modifyOtherKeys */
    {"\033[97;5u", "C-'a'"},
    {"\033[97;3u", "M-'a'"},
    {"\033[97;2u", "'A'"},
    {"\033[97:65;2u", "'A'"},
    {"\033[49:33;2u", "'!'"},
    {"\033[13;3u\033[13;5u\033[27u\033[9;2u\033[127;5u",
     "M-Enter C-Enter Escape S-Tab C-Backspace"},
    {"\033[233u", "'\xc3\xa9'"},
    {"\033[57400u\033[57414u\033[57441u", "'1' Enter"},
    {"\033[27;5;97~\033[27;3;13~", "C-'a' M-Enter"},
    {"\033[55296u\033[99999999999u", "'\xef\xbf\xbd'"}, /* no characters */
    /* the keypad's application mode */
    {"\033OM\033Oq\033Ok", "Enter '1' '+'"},
    /* focus and mouse */
    {"\033[I\033[O", "FocusIn FocusOut"},
    {"\033[<0;3;5M\033[<0;3;5m", "Click@4,2"},
    {"\033[<64;1;1M\033[<65;10;20M", "WheelUp@0,0 WheelDown@19,9"},
    {"\033[<80;1;1M", "C-WheelUp@0,0"},
    {"\033[<35;7;7M\033[<2;1;1M", ""},
    /* pastes */
    {"\033[200~hi\rthere\033[201~", "paste[hi\rthere]"},
    {"\033[200~\033[201~x", "paste[] 'x'"},
    {"\033[200~a\033[20b\033[201~", "paste[a\033[20b]"},
    {"\033[200~never ended \xc3", "paste[never ended \xc3]"},
    {"\033[200~a\033[201~\033[200~b\033[201~", "paste[a] paste[b]"},
    /* what is no key is swallowed whole */
    {"a\033[?1;2cb", "'a' answered 'b'"},
    {"a\033[?2026;2$yb", "'a' mode 2026 is 2 'b'"},
    {"a\033[12;40Rb", "'a' at 11,39 'b'"},
    {"a\033]11;rgb:0000/0000/0000\033\\b", "'a' on #000000 'b'"},
    {"a\033]11;rgb:0000/0000/0000\ab", "'a' on #000000 'b'"},
    {"a\033P1$r0m\033\\b", "'a' 'b'"},
    {"a\033_Gi=1;OK\033\\b", "'a' 'b'"},
    {"a\033[1;2\rb", "'a' Enter 'b'"},
    {"a\033[1;2", "'a'"},
    {"a\033[>0;276;0cb", "'a' 'b'"},
    {"\033[1;2;3;4;5;6A", "S-Up"},
};

static void test_cases(void **state)
{
    (void)state;
    struct str out;
    str_init(&out, 4096);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        str_reset(&out);
        decode_cut(cases[i].bytes, strlen(cases[i].bytes), 0, &out);
        assert_string_equal(out.data, cases[i].keys);
    }
    str_release(&out);
}

/* Takes out what is there `after_ms` after the piece has come. */
static void feed(struct keys *keys, uint64_t at_ms, const char *bytes, struct str *out)
{
    keys_feed(keys, at_ms, bytes, strlen(bytes));
    drain(keys, at_ms, out);
}

/* Lines where pastes are not marked: a paste, whatever pieces they come in. */
static void test_haste_is_a_paste(void **state)
{
    (void)state;
    static const struct {
        const char *pieces[8]; /* each 10 ms after the one before */
        const char *keys;
    } hasty[] = {
        {{"one\rtwo\rthree\rfo", "ur\r"}, "'o' 'n' 'e' paste[\rtwo\rthree\rfour\r]"},
        {{"a", "\r", "b", "\r", "c", "\r", "d"}, "'a' paste[\rb\rc\rd]"},
        {{"a\r", "b\r", "c\r"}, "'a' paste[\rb\rc\r]"},
        {{"a\r", "b\r"}, "'a' Enter 'b' Enter"},
        {{"a\r\r", "\n\tb"}, "'a' paste[\r\r\n\tb]"},
        {{"\rhalf"}, "Enter 'h' 'a' 'l' 'f'"},
        {{"a\rb\rc\r", "\033[A"}, "'a' paste[\rb\rc\r] Up"},
        {{"a\rb\r", "\033[A"}, "'a' Enter 'b' Enter Up"},
        {{"a\r", "\033[A"}, "'a' Enter Up"},
        {{"a\r", "\177"}, "'a' Enter Backspace"},
        {{"a\r"}, "'a' Enter"},
        {{"a\r\r"}, "'a' Enter Enter"},
        {{"a\r", "\033[200~b\r\033[201~"}, "'a' Enter paste[b\r]"},
    };
    struct str out;
    str_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof(hasty) / sizeof(hasty[0]); i++) {
        struct keys keys;
        uint64_t now_ms = 1000;
        str_reset(&out);
        keys_init(&keys);
        keys.bursts = true;
        for (size_t piece = 0; hasty[i].pieces[piece]; piece++)
            feed(&keys, now_ms += 10, hasty[i].pieces[piece], &out);
        while (keys_deadline_ms(&keys) != UINT64_MAX)
            drain(&keys, keys_deadline_ms(&keys), &out);
        assert_string_equal(out.data, hasty[i].keys);
        keys_release(&keys);
    }
    str_release(&out);
}

/* An Enter pressed by a person does not wait, and one right behind a letter not for long. */
static void test_an_enter_is_not_felt_to_wait(void **state)
{
    (void)state;
    struct keys keys;
    struct str out;
    str_init(&out, 1 << 16);
    keys_init(&keys);
    keys.bursts = true;
    feed(&keys, 1000, "a", &out);
    feed(&keys, 1000 + KEYS_HASTE_MS, "\r", &out);
    assert_string_equal(out.data, "'a' Enter");
    feed(&keys, 2000, "b", &out);
    feed(&keys, 2005, "\r", &out);
    assert_int_equal(keys_deadline_ms(&keys), 2005 + KEYS_HASTE_MS);
    drain(&keys, 2004 + KEYS_HASTE_MS, &out);
    assert_string_equal(out.data, "'a' Enter 'b'");
    drain(&keys, 2005 + KEYS_HASTE_MS, &out);
    assert_string_equal(out.data, "'a' Enter 'b' Enter");
    feed(&keys, 2010 + KEYS_HASTE_MS, "\r\r", &out);
    assert_string_equal(out.data, "'a' Enter 'b' Enter Enter Enter");
    assert_int_equal(keys_deadline_ms(&keys), UINT64_MAX);
    keys_release(&keys);
    str_release(&out);
}

/* A line alone, a while after the others: none of the lines of a paste is said. */
static void test_a_paste_with_a_pause_in_it(void **state)
{
    (void)state;
    struct keys keys;
    struct str out;
    str_init(&out, 1 << 16);
    keys_init(&keys);
    keys.bursts = true;
    feed(&keys, 1000, "a\rb\rc\r", &out);
    drain(&keys, 1000 + KEYS_BURST_MS, &out);
    feed(&keys, 1200, "d\r", &out);
    drain(&keys, 1200 + KEYS_HASTE_MS, &out);
    drain(&keys, 1200 + KEYS_BURST_MS, &out);
    assert_string_equal(out.data, "'a' paste[\rb\rc\r] 'd' paste[\r]");
    str_reset(&out);
    feed(&keys, 5000, "e\r", &out);
    drain(&keys, 5000 + KEYS_HASTE_MS, &out);
    assert_string_equal(out.data, "'e' Enter");
    keys_release(&keys);
    str_release(&out);
}

static void test_every_cut_gives_the_same_keys(void **state)
{
    (void)state;
    struct str out;
    str_init(&out, 4096);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t len = strlen(cases[i].bytes);
        uint64_t n_ways = len < 13 ? UINT64_C(1) << (len - 1) : 4096;
        for (uint64_t way = 0; way < n_ways; way++) {
            str_reset(&out);
            /* Of a long one not all ways, but cuts in all places. */
            decode_cut(cases[i].bytes, len,
                       way * UINT64_C(0x9e3779b97f4a7c15) >> (len < 13 ? 0 : 3), &out);
            assert_string_equal(out.data, cases[i].keys);
        }
        str_reset(&out);
        decode_cut(cases[i].bytes, len, UINT64_MAX, &out);
        assert_string_equal(out.data, cases[i].keys);
    }
    str_release(&out);
}

/* Random bytes, mostly those that sequences are made of, in one piece and in random pieces. */
static void test_random_bytes_and_cuts(void **state)
{
    (void)state;
    static const char alphabet[] = "\033\033\033[[O]P;:?<$~~0123~AuRMm\ra\xc3\xa9\xe4\xbd\a\\";
    struct str whole, cut;
    str_init(&whole, 1 << 16);
    str_init(&cut, 1 << 16);
    srand(20261120);
    for (int round = 0; round < 20000; round++) {
        char bytes[64];
        size_t len = 1 + (size_t)rand() % sizeof(bytes);
        for (size_t i = 0; i < len; i++)
            bytes[i] =
                rand() % 10 ? alphabet[(size_t)rand() % (sizeof(alphabet) - 1)] : (char)rand();
        str_reset(&whole);
        str_reset(&cut);
        decode_cut(bytes, len, 0, &whole);
        decode_cut(bytes, len, (uint64_t)rand() << 32 ^ (uint64_t)rand(), &cut);
        assert_int_equal(whole.len, cut.len);
        assert_memory_equal(whole.data, cut.data, whole.len);
    }
    str_release(&whole);
    str_release(&cut);
}

static void test_escape_waits_its_time(void **state)
{
    (void)state;
    struct keys keys;
    struct key key;
    keys_init(&keys);
    assert_true(keys_deadline_ms(&keys) == UINT64_MAX);
    keys_feed(&keys, 100, "\033", 1);
    assert_int_equal(keys_next(&keys, 100, &key), KEYS_NONE);
    assert_int_equal(keys_deadline_ms(&keys), 100 + KEYS_ESCAPE_MS);
    assert_int_equal(keys_next(&keys, 100 + KEYS_ESCAPE_MS - 1, &key), KEYS_NONE);
    assert_int_equal(keys_next(&keys, 100 + KEYS_ESCAPE_MS, &key), KEYS_KEY);
    assert_int_equal(key.press, PRESS_ESCAPE);
    assert_true(keys_deadline_ms(&keys) == UINT64_MAX);
    /* What can be no key has more time to become whole. */
    keys_feed(&keys, 200, "\033[1;", 4);
    assert_int_equal(keys_next(&keys, 200 + KEYS_ESCAPE_MS, &key), KEYS_NONE);
    keys_feed(&keys, 300, "3D", 2);
    assert_int_equal(keys_next(&keys, 300, &key), KEYS_KEY);
    assert_int_equal(key.press, PRESS_LEFT);
    keys_release(&keys);
}

static void test_a_paste_too_long_is_refused_whole(void **state)
{
    (void)state;
    struct keys keys;
    struct key key;
    char block[4096];
    memset(block, 'x', sizeof(block));
    keys_init(&keys);
    keys_feed(&keys, 0, "\033[200~", 6);
    assert_int_equal(keys_next(&keys, 0, &key), KEYS_NONE);
    for (size_t n = 0; n <= KEYS_MAX_PASTE_BYTES; n += sizeof(block)) {
        keys_feed(&keys, 0, block, sizeof(block));
        assert_int_equal(keys_next(&keys, 0, &key), KEYS_NONE);
    }
    keys_feed(&keys, 0, "\033[201~y", 7);
    assert_int_equal(keys_next(&keys, 0, &key), KEYS_PASTE_TOO_LONG);
    assert_int_equal(keys_next(&keys, 0, &key), KEYS_KEY);
    assert_memory_equal(key.text, "y", 1);
    keys_release(&keys);
}

static void test_an_endless_sequence_is_swallowed(void **state)
{
    (void)state;
    struct str bytes, out;
    str_init(&bytes, 100000);
    str_init(&out, 100000);
    str_adds(&bytes, "\033]");
    for (int i = 0; i < KEYS_MAX_SEQUENCE_BYTES - 2; i++)
        str_addc(&bytes, 'x');
    str_adds(&bytes, "ab");
    decode_cut(bytes.data, bytes.len, 0, &out);
    assert_string_equal(out.data, "'a' 'b'");
    str_reset(&out);
    decode_cut(bytes.data, bytes.len, UINT64_MAX, &out);
    assert_string_equal(out.data, "'a' 'b'");
    str_release(&bytes);
    str_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_haste_is_a_paste),
        cmocka_unit_test(test_an_enter_is_not_felt_to_wait),
        cmocka_unit_test(test_a_paste_with_a_pause_in_it),
        cmocka_unit_test(test_every_cut_gives_the_same_keys),
        cmocka_unit_test(test_random_bytes_and_cuts),
        cmocka_unit_test(test_escape_waits_its_time),
        cmocka_unit_test(test_a_paste_too_long_is_refused_whole),
        cmocka_unit_test(test_an_endless_sequence_is_swallowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
