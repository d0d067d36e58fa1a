/* What the user sets: patterns, words to notice, people to ignore; and peeking. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "client/model/mention.h"
#include "client/model/settings.h"
#include "tests/unit/lobby.h"

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *glob, *text;
        bool is;
    } cases[] = {
        {"bob", "Bob", true},
        {"bob", "bobby", false},
        {"bo*", "bobby", true},
        {"*b?", "bobby", true},
        {"*b?", "bob", false},
        {"?", "ä", true},
        {"?", "äö", false},
        {"*", "", true},
        {"a*b*c", "axxbyyc", true},
        {"a*b*c", "axxbyy", false},
        {"*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patterns patterns = {0};
        assert_true(patterns_add(&patterns, cases[i].glob));
        if (patterns_match(&patterns, cases[i].text) != cases[i].is)
            fail_msg("%s and %s", cases[i].glob, cases[i].text);
        patterns_release(&patterns);
    }
}

static void patterns_are_bounded(void **state)
{
    (void)state;
    struct patterns patterns = {0};
    char name[8], longest[PATTERN_MAX_BYTES + 2];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(patterns_add(&patterns, longest));
    assert_false(patterns_add(&patterns, ""));
    for (int i = 0; i < PATTERNS_MAX; i++) {
        snprintf(name, sizeof(name), "a%d", i);
        assert_true(patterns_add(&patterns, name));
    }
    assert_true(patterns_add(&patterns, "A0"));
    assert_false(patterns_add(&patterns, "more"));
    assert_true(patterns_remove(&patterns, "A0"));
    assert_false(patterns_remove(&patterns, "A0"));
    assert_int_equal(patterns.count, PATTERNS_MAX - 1);
    patterns_release(&patterns);
}

static void own_words(void **state)
{
    (void)state;
    struct patterns words = {0};
    patterns_add(&words, "Printer");
    patterns_add(&words, "deploy*");
    assert_true(mention_of("the printer!", &words));
    assert_true(mention_of("(Deployment) begins", &words));
    assert_false(mention_of("printers", &words));
    assert_false(mention_of("redeploy", &words));
    assert_false(mention_of("", &words));
    patterns_release(&words);
}

static void set_and_get(void **state)
{
    (void)state;
    struct settings settings, copy;
    struct str text;
    str_init(&text, SETTING_MAX_BYTES);
    settings_init(&settings);
    settings_init(&copy);
    assert_true(settings_set(&settings, "Highlight", "tea, coffee*  milk", &text));
    settings_copy(&copy, &settings);
    assert_string_equal(settings_name(0), "highlight");
    settings_get(&copy, 0, &text);
    assert_string_equal(text.data, "tea,coffee*,milk");
    str_reset(&text);
    assert_false(settings_set(&settings, "highlihgt", "x", &text));
    assert_string_equal(text.data, "there is no setting highlihgt: did you mean highlight?");
    assert_true(settings.bell && settings_set(&settings, "bell", "No", &text) && !settings.bell);
    assert_true(settings_set(&settings, "notify", "OSC777", &text));
    assert_int_equal(settings.notify, NOTIFY_OSC777);
    str_reset(&text);
    assert_string_equal(settings_value("Notify", 1), "osc9");
    assert_string_equal(settings_value("bell", 1), "no");
    assert_null(settings_value("bell", 2));
    assert_null(settings_value("highlight", 0));
    assert_false(settings_set(&settings, "notify", "loud", &text));
    assert_string_equal(text.data, "notify takes none, osc9, osc777 or osc99");
    str_reset(&text);
    assert_false(settings_set(&settings, "bell", "loud", &text));
    assert_string_equal(text.data, "bell takes yes or no");
    assert_true(settings_set(&settings, "notify-command", "echo; true", &text));
    assert_string_equal(settings.notify_command, "echo; true");
    assert_true(settings_set(&settings, "highlight", "", &text));
    assert_int_equal(settings.highlight.count, 0);
    settings_release(&settings);
    settings_release(&copy);
    str_release(&text);
}

/* Comments and other options stay; what is set replaces what was. */
static void files_are_rewritten(void **state)
{
    (void)state;
    struct settings settings;
    struct str text;
    str_init(&text, 10000);
    settings_init(&settings);
    settings_set(&settings, "highlight", "tea,coffee*", &text);
    settings_set(&settings, "bell", "no", &text);
    settings_set(&settings, "notify", "osc9", &text);
    assert_true(settings_rewrite(&settings,
                                 "# mine\nnick = ada\nbell = yes\n notify=none\n"
                                 "highlight = x\nhighlighter = 1\nroom = #a",
                                 &text));
    assert_string_equal(text.data, "# mine\nnick = ada\nhighlighter = 1\nroom = #a\n"
                                   "highlight = tea\nhighlight = coffee*\nbell = no\n");
    struct str again;
    str_init(&again, 10000);
    assert_true(settings_rewrite(&settings, text.data, &again));
    assert_string_equal(again.data, text.data);
    settings_release(&settings);
    str_release(&text);
    str_release(&again);
}

static void what_was_said_is_noticed(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby");
    lobby_press(model, "<FocusOut>");
    lobby_hear(model, lobby, "bob", "nothing");
    assert_null(model->notice.nick);
    lobby_hear(model, lobby, "bob", "ada: look");
    assert_true(model_take_effects(model) & EFFECT_BELL);
    assert_string_equal(model->notice.nick, "bob");
    assert_string_equal(model->notice.room, "#lobby");
    assert_string_equal(model->notice.text, "ada: look");
    lobby_hear(model, traffic_buffer(model, BUFFER_PERSON, "dan"), "dan", "psst");
    assert_string_equal(model->notice.room, "");
    model_free(model);
}

/* What is pasted into a shell must not be a command of somebody else's. */
static void copies_are_harmless(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby");
    lobby_hear(model, lobby, "bob", "x\033[201~\rrm");
    lobby_press(model, "<M-Up>c");
    assert_true(model_take_effects(model) & EFFECT_COPY);
    assert_null(strpbrk(model->copied, "\033\r\n"));
    lobby_hear(model, lobby, "bob", "plain");
    lobby_press(model, "<M-Up>");
    buffer_clear(lobby);
    lobby_press(model, "c");
    assert_int_equal(model->picked, 0);
    model_check(model);
    model_free(model);
}

static void words_become_mentions(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby");
    lobby_press(model, "/set highlight tea*<Enter>");
    lobby_hear(model, lobby, "bob", "Teatime");
    assert_true(buffer_line_at(lobby, buffer_line_count(lobby) - 1)->mention);
    lobby_press(model, "/set highlight -<Enter>");
    lobby_hear(model, lobby, "bob", "teatime");
    assert_false(buffer_line_at(lobby, buffer_line_count(lobby) - 1)->mention);
    lobby_press(model, "/ignore bo*<Enter>");
    assert_true(traffic_is_ignored(model, "Bob"));
    lobby_press(model, "/unignore BO*<Enter>");
    assert_false(traffic_is_ignored(model, "Bob"));
    model_free(model);
}

/* Asked for by name, a setting is found as it is when it is set. */
static void settings_are_shown_by_name(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby");
    lobby_press(model, "/set BELL<Enter>");
    const char *shown = buffer_line_at(lobby, buffer_line_count(lobby) - 1)->text;
    assert_memory_equal(shown, "bell = yes", 10);
    lobby_press(model, "/set belll<Enter>");
    assert_string_equal(model->hint.data, "there is no setting belll: did you mean bell?");
    lobby_press(model, "<C-c>/set frobnicate<Enter>");
    assert_string_equal(model->hint.data, "there is no setting frobnicate: /set shows all");
    lobby_press(model, "<C-u>/set nick eve<Enter>");
    assert_string_equal(model->hint.data, "there is no setting nick: /nick NICK takes another one");
    model_free(model);
}

static void peeking_leaves_things_unread(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby"), *ops = lobby_room(model, "#ops");
    model_switch(model, lobby);
    lobby_hear(model, ops, "dan", "one");
    lobby_press(model, "half typed<M-p>");
    assert_ptr_equal(model->current, ops);
    lobby_hear(model, ops, "dan", "two");
    assert_int_equal(ops->unread[UNREAD_TALK], 2);
    lobby_press(model, "<FocusOut><FocusIn><PgUp><Escape>");
    assert_ptr_equal(model->current, lobby);
    assert_int_equal(ops->unread[UNREAD_TALK], 2);
    assert_true(ops->first_unread != 0);
    lobby_press(model, "<M-p>x");
    assert_ptr_equal(model->current, ops);
    assert_int_equal(ops->unread[UNREAD_TALK], 0);
    lobby_press(model, "<Escape>");
    assert_ptr_equal(model->current, ops);
    lobby_press(model, "<M-Left>");
    assert_ptr_equal(model->current, lobby);
    assert_int_equal(ops->first_unread, 0);
    model_check(model);
    model_free(model);
}

static void what_was_peeked_from_may_be_closed(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby"), *ops = lobby_room(model, "#ops");
    model_switch(model, lobby);
    lobby_hear(model, ops, "dan", "one");
    lobby_press(model, "<M-p>");
    traffic_close(model, lobby);
    lobby_press(model, "<Escape>x");
    assert_ptr_equal(model->current, ops);
    model_check(model);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs),
        cmocka_unit_test(patterns_are_bounded),
        cmocka_unit_test(own_words),
        cmocka_unit_test(set_and_get),
        cmocka_unit_test(files_are_rewritten),
        cmocka_unit_test(what_was_said_is_noticed),
        cmocka_unit_test(copies_are_harmless),
        cmocka_unit_test(words_become_mentions),
        cmocka_unit_test(settings_are_shown_by_name),
        cmocka_unit_test(peeking_leaves_things_unread),
        cmocka_unit_test(what_was_peeked_from_may_be_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
