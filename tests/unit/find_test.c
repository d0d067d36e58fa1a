/* Searching what was said, at hand and on the server: transcripts, as session_world.h has them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/find.h"
#include "tests/unit/session_world.h"

#define CAPS "batch message-tags soju.im/search"

#define ENTER                                                                                      \
    WITH_CAPS(CAPS), "S: @msgid=m8 :bob!b@h PRIVMSG #lobby :the printer is out",                   \
        "S: @msgid=m9 :cy!c@h PRIVMSG #lobby :what?"

#define HIT(id, day, text)                                                                         \
    "S: @batch=f;msgid=" id ";time=2026-11-" day "T10:00:00.000Z :bob!b@h PRIVMSG #lobby :" text

#define BEGIN "S: :irc.lab BATCH +f soju.im/search"
#define END "S: :irc.lab BATCH -f"

static struct world world;

static int make_world(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    world_init(&world, NULL);
    return 0;
}

static int free_world(void **state)
{
    (void)state;
    world_release(&world);
    return 0;
}

#define PLAY(...) world_play(&world, (const char *const[]){__VA_ARGS__, NULL})

/* The user looks at that line of that buffer, and is told so. */
static void assert_at(const char *buffer, const char *text, const char *hint)
{
    const struct model *model = world.model;
    assert_string_equal(model->current->name, buffer);
    assert_non_null(model->find);
    ptrdiff_t index = buffer_line_index(model->current, model->find->line);
    assert_true(index >= 0);
    assert_string_equal(buffer_line_at(model->current, (size_t)index)->text, text);
    assert_string_equal(model->hint.data, hint);
}

static void the_server_is_asked_for_older_ones(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search Printer ink", "C: SEARCH :in=#lobby;text=Printer\\sink;limit=100",
         "quiet");
    assert_string_equal(world.model->hint.data,
                        "no line here has Printer ink: asking the server for older ones");
    PLAY(BEGIN, HIT("m1", "10", "printer ink, who?"), HIT("m2", "10", "ink for the printer"),
         HIT("m3", "12", "Printer ink is back"), END);
    assert_string_equal(world.model->hint.data,
                        "the server found 3 older: n goes on, N back, Escape ends");
    assert_string_equal(world.model->current->name, "#lobby");
    PLAY("A: /search | note 2026-11-10 / talk bob printer ink, who? / "
         "talk bob ink for the printer / note 2026-11-12 / talk bob Printer ink is back",
         "V: #lobby | talk cy what?", "K: n");
    assert_at("/search", "Printer ink is back", "n goes on, N back, Escape ends");
    PLAY("K: <C-r>");
    assert_at("/search", "ink for the printer", "n goes on, N back, Escape ends");
    PLAY("K: <Escape>");
    assert_string_equal(world.model->current->name, "#lobby");
    assert_null(world.model->find);
}

static void what_is_at_hand_comes_first(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search printer", "C: SEARCH :in=#lobby;text=printer;limit=100");
    assert_at("#lobby", "the printer is out", "n goes on, N back, Escape ends");
    PLAY("K: n");
    assert_at("#lobby", "the printer is out", "the server has not answered yet");
    PLAY(BEGIN, HIT("m1", "10", "a printer"), HIT("m8", "20", "the printer is out"), END);
    assert_at("#lobby", "the printer is out",
              "the server found 1 older: n goes on, N back, Escape ends");
    PLAY("A: /search | note 2026-11-10 / talk bob a printer", "K: n");
    assert_at("/search", "a printer", "n goes on, N back, Escape ends");
    PLAY("K: N");
    assert_at("#lobby", "the printer is out", "n goes on, N back, Escape ends");
}

static void there_may_be_nothing(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search tea", "C: SEARCH :in=#lobby;text=tea;limit=100", BEGIN, END);
    assert_string_equal(world.model->hint.data, "nobody said tea here");
    PLAY("B: #lobby", "U: /search printer", "C: SEARCH :in=#lobby;text=printer;limit=100",
         "S: FAIL SEARCH INTERNAL_ERROR :The search could not be run");
    assert_at("#lobby", "the printer is out",
              "n goes on, N back, Escape ends; the server has no older ones");
    PLAY("U: /search tea", "C: SEARCH :in=#lobby;text=tea;limit=100", "T: 20000");
    assert_string_equal(world.model->hint.data, "nobody said tea here");
}

/* A full page is followed by an older one, asked for when it is looked for. */
static void page_by_page(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search tea", "C: SEARCH :in=#lobby;text=tea;limit=100", BEGIN);
    for (int i = 0; i < 100; i++) {
        char line[200];
        snprintf(line, sizeof line,
                 "S: @batch=f;msgid=t%d;time=2026-11-10T10:00:%02d.000Z :bob!b@h "
                 "PRIVMSG #lobby :tea %d",
                 i, i / 2, i);
        world_act(&world, line);
    }
    PLAY(END, "K: n");
    assert_at("/search", "tea 99", "n goes on, N back, Escape ends");
    for (int i = 98; i >= 0; i--)
        world_act(&world, "K: n");
    assert_at("/search", "tea 0", "n goes on, N back, Escape ends");
    PLAY("K: n", "C: SEARCH :in=#lobby;text=tea;limit=100;before=2026-11-10T10:00:00.000Z");
    assert_at("/search", "tea 0", "asking the server for older ones");
    PLAY(BEGIN, HIT("n1", "09", "more tea"), HIT("t0", "10", "tea 0"), END);
    assert_at("/search", "tea 0", "the server found 1 older: n goes on, N back, Escape ends");
    PLAY("K: n");
    assert_at("/search", "more tea", "n goes on, N back, Escape ends");
    PLAY("K: n", "quiet");
    assert_at("/search", "more tea", "there are no older ones");
}

/* The answer to an earlier search is neither shown as news nor taken for that to a later one. */
static void one_search_overtakes_another(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search tea", "C: SEARCH :in=#lobby;text=tea;limit=100", "U: /search cake",
         "C: SEARCH :in=#lobby;text=cake;limit=100", BEGIN, HIT("m1", "10", "tea"), END, BEGIN,
         HIT("m2", "11", "cake"), END, "V: #lobby | talk cy what?",
         "A: /search | note 2026-11-11 / talk bob cake");
}

static void typing_goes_on_where_it_was(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search tea", "C: SEARCH :in=#lobby;text=tea;limit=100", "K: hello", BEGIN,
         HIT("m1", "10", "tea"), END);
    assert_string_equal(world.model->current->name, "#lobby");
    assert_null(world.model->find);
    PLAY("K: n<Enter>", "C: PRIVMSG #lobby :hellon");
}

static void everywhere(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /buffer 1", "U: /search tea", "C: SEARCH :text=tea;limit=100", BEGIN,
         HIT("m1", "10", "tea"), "S: @batch=f;msgid=m2 :bob!b@h PRIVMSG ada :tea?",
         "S: @batch=f;msgid=m3 :ada!a@h PRIVMSG bob :tea!", END,
         "A: /search | note 2026-11-10 / talk bob [#lobby] tea / note 2026-11-18 / "
         "talk bob [bob] tea? / talk ada [bob] tea!");
}

static void a_server_that_cannot(void **state)
{
    (void)state;
    PLAY("online", "K: /search tea<Enter>", "quiet");
    assert_string_equal(world.model->hint.data, "no line here has tea");
    assert_null(world.model->find);
}

static void nobody_listens_there(void **state)
{
    (void)state;
    PLAY(ENTER, "U: /search tea", "C: SEARCH :in=#lobby;text=tea;limit=100", BEGIN,
         HIT("m1", "10", "tea"), END, "K: n", "K: hello<Enter>", "quiet");
    assert_string_equal(world.model->hint.data,
                        "nobody listens here: /join ROOM, or /msg NICK TEXT");
}

/* What takes messages of several lines is no server that searches. */
static void a_server_that_can_do_something_else(void **state)
{
    (void)state;
    PLAY(WITH_CAPS("batch draft/multiline"), "K: /search tea<Enter>", "quiet");
    assert_string_equal(world.model->hint.data, "no line here has tea");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_server_is_asked_for_older_ones),
        CASE(what_is_at_hand_comes_first),
        CASE(there_may_be_nothing),
        CASE(page_by_page),
        CASE(one_search_overtakes_another),
        CASE(typing_goes_on_where_it_was),
        CASE(everywhere),
        CASE(a_server_that_cannot),
        CASE(a_server_that_can_do_something_else),
        CASE(nobody_listens_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
