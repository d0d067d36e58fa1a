/* The editor: what each key does, as a table; and random keys against a plain array of clusters. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/editor.h"
#include "client/model/kill_ring.h"
#include "common/str.h"
#include "common/text.h"
#include "tests/press.h"

enum {
    SHOWN_MAX_BYTES = 1 << 18,
};

static enum editor_result press(struct editor *editor, struct kill_ring *kill_ring,
                                const char *keys)
{
    enum editor_result result = EDITOR_IGNORED;
    while (*keys) {
        struct key key;
        keys = press_read(keys, &key);
        result = editor_key(editor, kill_ring, &key);
        editor_check(editor);
    }
    return result;
}

/* The text with the cursor as "|" and line ends as "/". */
static char *shown(const struct editor *editor)
{
    struct str out;
    str_init(&out, SHOWN_MAX_BYTES);
    str_adds(&out, editor_text(editor, NULL));
    for (size_t i = 0; i < out.len; i++)
        if (out.data[i] == '\n')
            out.data[i] = '/';
    str_insert(&out, editor_cursor(editor), "|", 1);
    return str_detach(&out);
}

#define FAMILY "👩‍👩‍👧‍👦"

static const struct {
    const char *keys, *shown;
} cases[] = {
    {"", "|"},
    {"abc", "abc|"},
    {"abc<Left><Left>x", "ax|bc"},
    {"abc<C-b><C-f><C-b>x", "abx|c"},
    {"abc<C-a>x<C-e>y", "xabcy|"},
    {"abc<Home>x<End>y", "xabcy|"},
    {"abc<Left><Backspace>", "a|c"},
    {"abc<Home><Delete>", "|bc"},
    {"abc<Home><C-d><C-d>", "|c"},
    {"abc<C-h>", "ab|"},
    {"<Backspace><Delete><Left><Right><C-d>a", "a|"},
    /* One cluster is one key press, whatever it is made of. */
    {FAMILY "<Backspace>", "|"},
    {"a" FAMILY "b<Left><Left>x", "ax|" FAMILY "b"},
    {"🇩🇪🇫🇷<Backspace>", "🇩🇪|"},
    {"👍🏽<Backspace>", "|"},
    {"각<Backspace>", "|"},
    {"é<Backspace>", "|"},
    {"xé<Left><Left>y", "y|xé"},
    /* Words. */
    {"one two  three<M-b><M-b>x", "one x|two  three"},
    {"one, two<Home><M-f>x", "onex|, two"},
    {"one two<C-Left>x<C-Right>y", "one xtwoy|"},
    {"naïve 日本<M-b><M-b>x", "x|naïve 日本"},
    {"one two<M-Backspace>", "one |"},
    {"see /usr/lib now<C-w><C-w>", "see |"},
    {"see /usr/lib<M-Backspace>", "see /usr/|"},
    {"one two<Home><M-d>", "| two"},
    {"one two  <C-w>", "one |"},
    /* Killing and yanking. */
    {"one two<M-b><C-k><C-y><C-y>", "one twotwo|"},
    {"one two<M-b><C-u><C-e><C-y>", "twoone |"},
    {"a b c<C-w><C-w><C-y>", "a b c|"},
    {"one<C-u>two<C-u><C-y><M-y>", "one|"},
    {"one<C-u>two<C-u><C-y><M-y><M-y>", "two|"},
    {"one<C-u>x<M-y>", "x|"},
    {"<C-y><M-y>a", "a|"},
    {"ab<Home><C-k><M-Enter><C-y>", "/ab|"},
    /* Transposing. */
    {"abc<C-t>", "acb|"},
    {"abc<Left><Left><C-t>", "ba|c"},
    {"a<C-t>", "a|"},
    {"<C-t>", "|"},
    {"a" FAMILY "<C-t>", FAMILY "a|"},
    {"ab<Home><C-t>", "|ab"},
    /* Rows. */
    {"one<M-Enter>two<Up>x", "onex|/two"},
    {"one<M-Enter>two<Up><Down>x", "one/twox|"},
    {"long row<M-Enter>a<M-Enter>other row<Up><Up>x", "long rowx|/a/other row"},
    {"one<M-Enter>two<C-a><Backspace>", "one|two"},
    {"one<M-Enter>two<Home><C-u>", "one|two"},
    {"one<M-Enter>two<Up><C-k>", "one|two"},
    {"one<C-j>two<C-Home>x<C-End>y", "xone/twoy|"},
    {"one<S-Enter>two<M-<><M-f>x", "onex|/two"},
    /* Taking back: a typed run goes word by word. */
    {"one two<C-_>", "one |"},
    {"one two<C-_><C-_>", "|"},
    {"one<Left>x<C-_>", "on|e"},
    {"one two<C-w><C-_>", "one two|"},
    {"one<C-u><C-_>x<C-_>", "one|"},
    {"ab<C-t><C-_><C-_>", "|"},
    {"one<Home><C-k><C-y><C-_><C-_>", "|one"},
    {"<C-_>a", "a|"},
};

static void test_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct editor *editor = editor_new();
        struct kill_ring *kill_ring = kill_ring_new();
        press(editor, kill_ring, cases[i].keys);
        char *is = shown(editor);
        if (strcmp(is, cases[i].shown) != 0)
            fail_msg("%s: expected %s, is %s", cases[i].keys, cases[i].shown, is);
        free(is);
        kill_ring_free(kill_ring);
        editor_free(editor);
    }
}

static const struct {
    const char *pasted, *shown;
} pastes[] = {
    {"one\r\ntwo\rthree\nfour", "one/two/three/four|"},
    {"\r\n\r\n", "//|"},
    {"a\tb", "a    b|"},
    {"\033[31mred\007", "^[[31mred^G|"},
    {"\xff\xc3x", "\xef\xbf\xbd\xef\xbf\xbdx|"},
    {"\xc2\x85", "\xef\xbf\xbd|"},
    {"", "|"},
};

static void test_paste(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) {
        struct editor *editor = editor_new();
        struct kill_ring *kill_ring = kill_ring_new();
        struct key key = {.press = PRESS_PASTE, .text = pastes[i].pasted};
        key.len = strlen(key.text);
        assert_int_equal(editor_key(editor, kill_ring, &key), EDITOR_DONE);
        char *is = shown(editor);
        assert_string_equal(is, pastes[i].shown);
        free(is);
        press(editor, kill_ring, "x<C-_><C-_>");
        assert_true(editor_empty(editor));
        kill_ring_free(kill_ring);
        editor_free(editor);
    }
}

static void test_full(void **state)
{
    (void)state;
    struct editor *editor = editor_new();
    struct kill_ring *kill_ring = kill_ring_new();
    char *text = malloc(EDITOR_MAX_BYTES + 1);
    assert_non_null(text);
    memset(text, 'a', EDITOR_MAX_BYTES + 1);
    struct key key = {.press = PRESS_PASTE, .text = text, .len = EDITOR_MAX_BYTES + 1};
    assert_int_equal(editor_key(editor, kill_ring, &key), EDITOR_FULL);
    assert_true(editor_empty(editor));
    key.len = EDITOR_MAX_BYTES - 1;
    assert_int_equal(editor_key(editor, kill_ring, &key), EDITOR_DONE);
    assert_int_equal(press(editor, kill_ring, "é"), EDITOR_FULL);
    assert_int_equal(press(editor, kill_ring, "e"), EDITOR_DONE);
    assert_int_equal(press(editor, kill_ring, "e"), EDITOR_FULL);
    assert_int_equal(press(editor, kill_ring, "<C-u><C-y>"), EDITOR_DONE);
    assert_int_equal(press(editor, kill_ring, "<C-y>"), EDITOR_FULL);
    size_t len;
    editor_text(editor, &len);
    assert_int_equal(len, EDITOR_MAX_BYTES);
    free(text);
    kill_ring_free(kill_ring);
    editor_free(editor);
}

static void test_edges(void **state)
{
    (void)state;
    struct editor *editor = editor_new();
    struct kill_ring *kill_ring = kill_ring_new();
    assert_int_equal(press(editor, kill_ring, "a<Up>"), EDITOR_AT_TOP);
    assert_int_equal(press(editor, kill_ring, "<Down>"), EDITOR_AT_BOTTOM);
    assert_int_equal(press(editor, kill_ring, "<F1>"), EDITOR_IGNORED);
    assert_int_equal(press(editor, kill_ring, "<M-z>"), EDITOR_IGNORED);
    kill_ring_free(kill_ring);
    editor_free(editor);
}

/* The reference: an array of clusters, and the whole of it remembered before each change. */
enum {
    REF_CLUSTERS = 600,
    REF_BYTES = 8192,
    RUN_KEYS = 150,
    RUNS = 400,
};

struct ref {
    char *clusters[REF_CLUSTERS];
    size_t count, cursor;
};

struct past {
    char text[REF_BYTES];
    size_t at;
};

static size_t ref_join(const struct ref *ref, char text[REF_BYTES])
{
    size_t len = 0, cursor = 0;
    for (size_t i = 0; i < ref->count; i++) {
        if (i == ref->cursor)
            cursor = len;
        size_t size = strlen(ref->clusters[i]);
        assert_true(len + size < REF_BYTES);
        memcpy(text + len, ref->clusters[i], size);
        len += size;
    }
    text[len] = '\0';
    return ref->cursor == ref->count ? len : cursor;
}

static void ref_clear(struct ref *ref)
{
    for (size_t i = 0; i < ref->count; i++)
        free(ref->clusters[i]);
    ref->count = 0;
}

/* Splits the text anew; the cursor goes to the first cluster that does not begin before `at`. */
static void ref_split(struct ref *ref, const char *text, size_t at)
{
    ref_clear(ref);
    size_t len = strlen(text);
    bool found = false;
    for (size_t from = 0, to; from < len; from = to) {
        to = text_cluster_next(text, len, from);
        if (from >= at && !found) {
            ref->cursor = ref->count;
            found = true;
        }
        assert_true(ref->count < REF_CLUSTERS);
        ref->clusters[ref->count++] = strndup(text + from, to - from);
    }
    if (!found)
        ref->cursor = ref->count;
}

static void ref_remove(struct ref *ref, size_t from, size_t to)
{
    char text[REF_BYTES];
    for (size_t i = from; i < to; i++) {
        free(ref->clusters[i]);
        ref->clusters[i] = strdup("");
    }
    ref->cursor = from;
    size_t at = ref_join(ref, text);
    ref_split(ref, text, at);
}

static void ref_insert(struct ref *ref, const char *typed)
{
    char text[REF_BYTES], whole[2 * REF_BYTES];
    size_t at = ref_join(ref, text);
    snprintf(whole, sizeof(whole), "%.*s%s%s", (int)at, text, typed, text + at);
    ref_split(ref, whole, at + strlen(typed));
}

static bool ref_blank(const struct ref *ref, size_t i)
{
    return ref->clusters[i][0] == ' ' || ref->clusters[i][0] == '\n';
}

static size_t ref_row(const struct ref *ref, int step)
{
    size_t at = ref->cursor;
    if (step < 0)
        while (at > 0 && ref->clusters[at - 1][0] != '\n')
            at--;
    else
        while (at < ref->count && ref->clusters[at][0] != '\n')
            at++;
    return at;
}

/* Where a key that removes would remove to; the cursor for any other key. */
static size_t ref_removes_to(const struct ref *ref, const char *key)
{
    size_t at = ref->cursor;
    if (strcmp(key, "<Backspace>") == 0)
        return at > 0 ? at - 1 : 0;
    if (strcmp(key, "<Delete>") == 0)
        return at < ref->count ? at + 1 : at;
    if (strcmp(key, "<C-k>") == 0)
        return ref_row(ref, 1) > at ? ref_row(ref, 1) : at < ref->count ? at + 1 : at;
    if (strcmp(key, "<C-u>") == 0)
        return ref_row(ref, -1) < at ? ref_row(ref, -1) : at > 0 ? at - 1 : 0;
    if (strcmp(key, "<C-w>") == 0) {
        while (at > 0 && ref_blank(ref, at - 1))
            at--;
        while (at > 0 && !ref_blank(ref, at - 1))
            at--;
    }
    return at;
}

static bool ref_moves(struct ref *ref, const char *key)
{
    if (strcmp(key, "<Left>") == 0)
        ref->cursor -= ref->cursor > 0;
    else if (strcmp(key, "<Right>") == 0)
        ref->cursor += ref->cursor < ref->count;
    else if (strcmp(key, "<Home>") == 0)
        ref->cursor = ref_row(ref, -1);
    else if (strcmp(key, "<End>") == 0)
        ref->cursor = ref_row(ref, 1);
    else if (strcmp(key, "<C-Home>") == 0)
        ref->cursor = 0;
    else
        return false;
    return true;
}

static void ref_key(struct ref *ref, const char *key)
{
    if (ref_moves(ref, key))
        return;
    size_t to = ref_removes_to(ref, key);
    if (to != ref->cursor)
        ref_remove(ref, to < ref->cursor ? to : ref->cursor, to < ref->cursor ? ref->cursor : to);
    else if (strcmp(key, "<M-Enter>") == 0)
        ref_insert(ref, "\n");
    else if (key[0] != '<')
        ref_insert(ref, key);
}

static const char *const random_keys[] = {
    "a",      "b",      "a",        " ",        "é",         "\u0301",  "👩",
    "\u200d", "🇩",      "🇪",        "日",       "👍",         "\u1100",  "\u1161",
    "🏽",   "<Left>", "<Right>",  "<Home>",   "<End>",     "<C-k>",   "<Backspace>",
    "<C-u>",  "<C-w>",  "<Delete>", "<C-Home>", "<M-Enter>", "<Right>", "<Left>",
};

/* A small generator of our own (xorshift64): the same runs on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void compare(const struct editor *editor, const struct ref *ref, const char *keys)
{
    char text[REF_BYTES];
    size_t at = ref_join(ref, text);
    if (strcmp(text, editor_text(editor, NULL)) != 0 || at != editor_cursor(editor))
        fail_msg("after %s: expected \"%s\" at %zu, is \"%s\" at %zu", keys, text, at,
                 editor_text(editor, NULL), editor_cursor(editor));
}

/* Takes every step back: each text seen on the way was there before, and the first was empty. */
static void undo_all(struct editor *editor, struct kill_ring *kill_ring, const struct past *past,
                     size_t count)
{
    for (int i = 0; i <= RUN_KEYS; i++) {
        press(editor, kill_ring, "<C-_>");
        bool was_there = false;
        for (size_t k = 0; k < count && !was_there; k++)
            was_there = strcmp(past[k].text, editor_text(editor, NULL)) == 0;
        assert_true(was_there);
    }
    assert_true(editor_empty(editor));
}

static void random_run(uint64_t seed)
{
    struct editor *editor = editor_new();
    struct kill_ring *kill_ring = kill_ring_new();
    struct ref ref = {.count = 0};
    struct past *past = calloc(RUN_KEYS + 1, sizeof(*past));
    struct str keys;
    str_init(&keys, REF_BYTES);
    for (size_t i = 0; i < RUN_KEYS; i++) {
        const char *key =
            random_keys[next_random(&seed) % (sizeof(random_keys) / sizeof(random_keys[0]))];
        str_adds(&keys, key);
        past[i].at = ref_join(&ref, past[i].text);
        ref_key(&ref, key);
        press(editor, kill_ring, key);
        compare(editor, &ref, keys.data);
    }
    undo_all(editor, kill_ring, past, RUN_KEYS);
    ref_clear(&ref);
    str_release(&keys);
    free(past);
    kill_ring_free(kill_ring);
    editor_free(editor);
}

static void test_random(void **state)
{
    (void)state;
    for (uint64_t run = 1; run <= RUNS; run++)
        random_run(run * UINT64_C(0x9e3779b97f4a7c15));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_paste),  cmocka_unit_test(test_full),
        cmocka_unit_test(test_edges), cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
