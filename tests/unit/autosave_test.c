/* What of a model is there again in the next run of the program. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/disk/autosave.h"
#include "client/model/editor.h"
#include "client/model/history.h"
#include "tests/unit/lobby.h"

/* Runs of the program, one after the other. */
struct runs {
    char directory[64];
    uint64_t run;
    struct model *model;
    struct autosave *autosave;
    const char *nick;
};

static void begin(struct runs *r, struct model *model)
{
    const struct autosave_config config = {
        .directory = r->directory, .server = "lab:6697", .nick = r->nick, .run = ++r->run};
    r->model = model;
    r->autosave = autosave_new(model, &config, 1000);
}

static void keep(struct runs *r)
{
    autosave_note(r->autosave);
    autosave_write(r->autosave, 1000);
    autosave_sync(r->autosave, 1000);
}

static void end(struct runs *r)
{
    keep(r);
    autosave_free(r->autosave);
    model_free(r->model);
}

/* The next run, before anything has connected. */
static void restart(struct runs *r)
{
    end(r);
    begin(r, model_new("lab.local", r->nick, NULL));
    model_check(r->model);
}

static int set_up(void **state)
{
    struct runs *r = calloc(1, sizeof(*r));
    snprintf(r->directory, sizeof(r->directory), "/tmp/snug-autosave-XXXXXX");
    r->nick = "ada";
    *state = r;
    if (!mkdtemp(r->directory))
        return 1;
    begin(r, lobby_model());
    return 0;
}

static int tear_down(void **state)
{
    struct runs *r = *state;
    end(r);
    char file[100];
    snprintf(file, sizeof(file), "%s/lab%%3A6697.journal", r->directory);
    unlink(file);
    int status = rmdir(r->directory);
    free(r);
    return status;
}

static void expect_draft(const struct runs *r, const char *name, const char *text, size_t cursor)
{
    const struct buffer *buffer = name ? model_find(r->model, name) : r->model->buffers[0];
    assert_non_null(buffer);
    assert_string_equal(editor_text(buffer->draft, NULL), text);
    assert_int_equal(editor_cursor(buffer->draft), cursor);
}

static void expect_intents(struct runs *r, const char *wanted)
{
    char *intents = lobby_intents(r->model);
    assert_string_equal(intents, wanted);
    free(intents);
}

static void test_drafts(void **state)
{
    struct runs *r = *state;
    lobby_press(r->model, "half a thought<C-a><Right>");
    keep(r);
    model_switch(r->model, traffic_buffer(r->model, BUFFER_PERSON, "bob"));
    lobby_press(r->model, "one<M-Enter>two");
    keep(r);
    model_switch(r->model, r->model->buffers[0]);
    lobby_press(r->model, "/qu");
    restart(r);
    expect_draft(r, "#lobby", "half a thought", 1);
    expect_draft(r, "bob", "one\ntwo", 7);
    expect_draft(r, NULL, "/qu", 3);
    expect_intents(r, "JOIN #lobby");
    /* Nothing that a key could take back was done. */
    lobby_press(r->model, "<C-_>");
    expect_draft(r, NULL, "/qu", 3);
    lobby_press(r->model, "<C-u>");
    restart(r);
    expect_draft(r, NULL, "", 0);
    expect_draft(r, "#lobby", "half a thought", 1);
}

static void test_drafts_of_buffers_that_change(void **state)
{
    struct runs *r = *state;
    struct buffer *bob = traffic_buffer(r->model, BUFFER_PERSON, "bob");
    struct buffer *cy = traffic_buffer(r->model, BUFFER_PERSON, "cy");
    model_switch(r->model, bob);
    lobby_press(r->model, "for bob");
    model_switch(r->model, cy);
    lobby_press(r->model, "for cy");
    keep(r);
    traffic_close(r->model, bob);
    traffic_name(r->model, cy, "cyd");
    restart(r);
    assert_null(model_find(r->model, "bob"));
    assert_null(model_find(r->model, "cy"));
    expect_draft(r, "cyd", "for cy", 6);
}

/* Of two in one breath, one takes the name that the other had. */
static void test_drafts_of_names_that_are_passed_on(void **state)
{
    struct runs *r = *state;
    struct buffer *bob = traffic_buffer(r->model, BUFFER_PERSON, "bob");
    struct buffer *cy = traffic_buffer(r->model, BUFFER_PERSON, "cy");
    model_switch(r->model, bob);
    lobby_press(r->model, "for bob");
    model_switch(r->model, cy);
    lobby_press(r->model, "for cy");
    keep(r);
    traffic_name(r->model, cy, "cyd");
    traffic_name(r->model, bob, "cy");
    restart(r);
    expect_draft(r, "cy", "for bob", 7);
    expect_draft(r, "cyd", "for cy", 6);
}

/* The lines are gone with the run; what was typed there is not, nor does it come back for ever. */
static void test_the_draft_of_what_was_found(void **state)
{
    struct runs *r = *state;
    model_switch(r->model, traffic_buffer(r->model, BUFFER_FOUND, "/search"));
    lobby_press(r->model, "typed there");
    keep(r);
    model_switch(r->model, r->model->buffers[0]);
    lobby_press(r->model, "/qu");
    restart(r);
    expect_draft(r, "/search", "typed there", 11);
    expect_draft(r, NULL, "/qu", 3);
    model_switch(r->model, model_find(r->model, "/search"));
    assert_int_equal(r->model->current->kind, BUFFER_FOUND);
    lobby_press(r->model, "<C-u>");
    restart(r);
    assert_null(model_find(r->model, "/search"));
    expect_draft(r, NULL, "/qu", 3);
}

static const struct buffer_line *newest(const struct runs *r)
{
    const struct buffer *lobby = model_find(r->model, "#lobby");
    return buffer_line_at(lobby, buffer_line_count(lobby) - 1);
}

static void test_lines(void **state)
{
    struct runs *r = *state;
    lobby_press(r->model, "settled<Enter>");
    traffic_settle(r->model, newest(r)->id, LINE_SETTLED, 0);
    lobby_press(r->model, "refused<Enter>");
    traffic_settle(r->model, newest(r)->id, LINE_FAILED, 0);
    lobby_press(r->model, "sent<Enter>");
    uint64_t number = newest(r)->id;
    traffic_sent(r->model, number);
    lobby_press(r->model, "waiting<Enter>/me waves<Enter>");
    restart(r);
    struct intent intent;
    assert_true(model_take_intent(r->model, &intent));
    assert_int_equal(intent.type, INTENT_JOIN);
    intent_release(&intent);
    assert_true(model_take_intent(r->model, &intent));
    assert_string_equal(intent.text, "sent");
    assert_true(intent.again && intent.origin.run == 1 && intent.origin.number == number);
    intent_release(&intent);
    assert_true(model_take_intent(r->model, &intent));
    assert_false(intent.again);
    intent_release(&intent);
    expect_intents(r, "ACTION #lobby [waves]");
    assert_int_equal(traffic_pending(r->model), 3);
    /* Acknowledged now: gone for good. And who they were outlives one more run. */
    const struct buffer *lobby = model_find(r->model, "#lobby");
    traffic_settle(r->model, buffer_line_at(lobby, 1)->id, LINE_SETTLED, 0);
    traffic_settle(r->model, newest(r)->id, LINE_SETTLED, 0);
    traffic_sent(r->model, buffer_line_at(lobby, 2)->id);
    restart(r);
    expect_intents(r, "JOIN #lobby; SAY #lobby [sent]");
    assert_int_equal(newest(r)->more->origin.run, 1);
}

static void test_what_is_unsure(void **state)
{
    struct runs *r = *state;
    lobby_press(r->model, "one<Enter>two<Enter>");
    const struct buffer *lobby = model_find(r->model, "#lobby");
    for (size_t i = 0; i < 2; i++)
        traffic_settle(r->model, buffer_line_at(lobby, i)->id, LINE_UNSURE, 0);
    restart(r);
    expect_intents(r, "JOIN #lobby");
    assert_int_equal(newest(r)->state, LINE_UNSURE);
    model_switch(r->model, model_find(r->model, "#lobby"));
    lobby_press(r->model, "<M-x>");
    keep(r);
    lobby_press(r->model, "<M-s>");
    expect_intents(r, "SAY #lobby [two]");
    restart(r);
    expect_intents(r, "JOIN #lobby; SAY #lobby [two]");
}

static void test_another_name_says_nothing(void **state)
{
    struct runs *r = *state;
    lobby_press(r->model, "mine<Enter>");
    r->nick = "eve";
    restart(r);
    expect_intents(r, "JOIN #lobby");
    assert_int_equal(newest(r)->state, LINE_UNSURE);
}

static void test_history(void **state)
{
    struct runs *r = *state;
    lobby_press(r->model, "one<Enter>two<Enter>/topic x<Enter>");
    restart(r);
    r->nick = "ada";
    struct buffer *lobby = traffic_buffer(r->model, BUFFER_ROOM, "#lobby");
    keep(r);
    assert_string_equal(history_at(lobby->history, 0), "/topic x");
    assert_string_equal(history_at(lobby->history, 2), "one");
    assert_null(history_at(lobby->history, 3));
    restart(r);
    lobby = traffic_buffer(r->model, BUFFER_ROOM, "#lobby");
    keep(r);
    assert_null(history_at(lobby->history, 3)); /* not kept twice */
}

/* Said once; talking goes on. */
static void test_what_is_an_answer_stays_one(void **state)
{
    struct runs *r = *state;
    struct buffer *lobby = model_find(r->model, "#lobby");
    buffer_set_answers(lobby, "m1");
    lobby_press(r->model, "yes<Enter>no<Enter>");
    restart(r);
    struct intent intent;
    assert_true(model_take_intent(r->model, &intent)); /* to be in the room again */
    intent_release(&intent);
    assert_true(model_take_intent(r->model, &intent));
    assert_non_null(intent.about);
    assert_string_equal(intent.about, "m1");
    intent_release(&intent);
    assert_true(model_take_intent(r->model, &intent));
    assert_null(intent.about);
    intent_release(&intent);
}

static void limit_files(rlim_t max_bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = max_bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* It is shown as long as it lasts, and no longer. */
static void test_a_full_disk(void **state)
{
    struct runs *r = *state;
    char text[EDITOR_MAX_BYTES / 2];
    memset(text, 'x', sizeof(text));
    signal(SIGXFSZ, SIG_IGN);
    assert_false(r->model->unkept);
    limit_files(1);
    for (int i = 0; i < 3; i++) { /* more than the window that is written to already */
        editor_replace(r->model->current->draft, 0, i > 0 ? sizeof(text) : 0, text, sizeof(text));
        autosave_note(r->autosave);
        autosave_write(r->autosave, 2000);
    }
    limit_files(RLIM_INFINITY);
    assert_true(r->model->unkept);
    lobby_press(r->model, "x");
    autosave_note(r->autosave);
    autosave_write(r->autosave, 60000);
    assert_false(r->model->unkept);
}

static void test_no_journal(void **state)
{
    (void)state;
    const struct autosave_config config = {
        .directory = "/dev/null/snug", .server = "lab:6697", .nick = "ada", .run = 1};
    struct model *model = lobby_model();
    struct autosave *autosave = autosave_new(model, &config, 1000);
    assert_string_equal(model->hint.data, "what you type would not survive a crash: "
                                          "/dev/null/snug/lab%3A6697.journal: Not a directory");
    assert_true(model->unkept);
    size_t notes = buffer_line_count(model->current);
    lobby_press(model, "hello<Enter>");
    autosave_note(autosave);
    autosave_write(autosave, 1000);
    assert_int_equal(buffer_line_count(model->current), notes + 1);
    assert_true(model->unkept);
    autosave_free(autosave);
    model_free(model);
}

static void test_the_first_time(void **state)
{
    struct runs *r = *state;
    assert_true(autosave_is_new(r->autosave));
    restart(r);
    assert_true(autosave_is_new(r->autosave));
    lobby_press(r->model, "/help<Enter>");
    restart(r);
    assert_false(autosave_is_new(r->autosave));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_drafts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drafts_of_buffers_that_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drafts_of_names_that_are_passed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_draft_of_what_was_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_unsure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_name_says_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_first_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_history, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_an_answer_stays_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_disk, set_up, tear_down),
        cmocka_unit_test(test_no_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
