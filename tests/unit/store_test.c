/* What every store owes its caller: the same cases over memory and over disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/store_bed.h"

static struct bed bed;

#define START_MS INT64_C(1795167660000)
#define DAY_MS INT64_C(86400000)

static int open_bed(void **state)
{
    bed_init(&bed, *(enum bed_kind *)*state);
    bed.options.memory_events = 5000;
    return bed_open(&bed) ? 0 : -1;
}

static int close_bed(void **state)
{
    (void)state;
    bed_release(&bed);
    return 0;
}

static void nothing_shows_before_its_commit(void **state)
{
    (void)state;
    bed_say(&bed, "#tea", "one", NULL);
    bed_say(&bed, "#hat", "hat", NULL);
    bed_say(&bed, "#tea", "two", NULL);
    store_poll(bed.store);
    assert_string_equal(bed_told(&bed), "up ");
    assert_int_equal(store_pending(bed.store), 3);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 5}), "[7] ");
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "#tea:1:one #hat:1:hat #tea:2:two ");
    assert_int_equal(store_pending(bed.store), 0);
}

static void an_id_is_written_once_a_log(void **state)
{
    (void)state;
    bed_say(&bed, "#tea", "one", "x");
    bed_say(&bed, "#tea", "two", "x");
    bed_say(&bed, "#hat", "three", "x");
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "up #tea:1:one two=#tea:1:one #hat:1:three ");
    bed_say(&bed, "#tea", "four", "x");
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "four=#tea:1:one ");
}

static void send(const char *nick, const char *account, const char *client_id, const char *text,
                 int64_t after_ms)
{
    bed_append(&bed, (struct event){
                         .type = EVENT_SPEECH,
                         .log = "#tea",
                         .who = {.nick = nick, .user = "u", .host = "h", .account = account},
                         .client_id = client_id,
                         .text = text,
                         .time_ms = START_MS + after_ms,
                     });
    bed_commit(&bed);
}

static void what_a_client_sends_twice_is_said_once(void **state)
{
    (void)state;
    bed_settle(&bed);
    bed_told(&bed);
    send("ada", NULL, "c1", "one", 0);
    send("ada", NULL, "c1", "one again", 10);
    send("ADA", NULL, "c1", "and again", 7 * DAY_MS);
    assert_string_equal(bed_told(&bed), "#tea:1:one one again=#tea:1:one and again=#tea:1:one ");
    send("bob", NULL, "c1", "two", 10);
    send("ada", "ada", "c1", "three", 10);
    send("eve", "ada", "c1", "three again", 10);
    assert_string_equal(bed_told(&bed), "#tea:2:two #tea:3:three three again=#tea:3:three ");
    send("ada", NULL, "c1", "four", 7 * DAY_MS + 1);
    send("ada", NULL, "c1", "four again", 7 * DAY_MS + 2);
    assert_string_equal(bed_told(&bed), "#tea:4:four four again=#tea:4:four ");
}

/* 1 to 9, of which 3 and 6 are joins; 4 and 5 have one time. */
static void fill_tea(void)
{
    static const int times[] = {10, 20, 30, 40, 40, 50, 60, 70, 80};
    char text[8], id[8];
    for (int i = 1; i <= 9; i++) {
        snprintf(text, sizeof text, "t%d", i);
        snprintf(id, sizeof id, "i%d", i);
        struct event event = {.type = i % 3 == 0 && i < 9 ? EVENT_JOIN : EVENT_SPEECH,
                              .log = "#tea",
                              .text = text,
                              .time_ms = START_MS + times[i - 1]};
        strcpy(event.id, id);
        bed_append(&bed, event);
    }
    bed_say(&bed, "#hat", "hat", NULL);
    bed_commit(&bed);
}

struct reading {
    enum store_span span;
    int from, to;       /* positions; 0: open */
    int from_ms, to_ms; /* or times */
    const char *from_id;
    int limit;
    bool speech_only;
    const char *found;
};

static const struct reading readings[] = {
    {STORE_LATEST, .limit = 3, .found = "7:t7 8:t8 9:t9 "},
    {STORE_LATEST, .limit = 100, .found = "1:t1 2:t2 3:t3 4:t4 5:t5 6:t6 7:t7 8:t8 9:t9 "},
    {STORE_LATEST, .limit = 0, .found = ""},
    {STORE_LATEST, .from = 8, .limit = 5, .found = "9:t9 "},
    {STORE_LATEST, .from = 9, .limit = 5, .found = ""},
    {STORE_LATEST, .from_id = "i6", .limit = 2, .found = "8:t8 9:t9 "},
    {STORE_LATEST, .limit = 5, .speech_only = true, .found = "4:t4 5:t5 7:t7 8:t8 9:t9 "},
    {STORE_BEFORE, .from = 4, .limit = 2, .found = "2:t2 3:t3 "},
    {STORE_BEFORE, .from_ms = 40, .limit = 2, .found = "2:t2 3:t3 "},
    {STORE_BEFORE, .from_ms = 41, .limit = 2, .found = "4:t4 5:t5 "},
    {STORE_BEFORE, .from_ms = 5, .limit = 2, .found = ""},
    {STORE_BEFORE, .from_ms = 999, .limit = 2, .found = "8:t8 9:t9 "},
    {STORE_BEFORE, .from_id = "i7", .limit = 3, .speech_only = true, .found = "2:t2 4:t4 5:t5 "},
    {STORE_BEFORE, .from_id = "no", .limit = 3, .found = "not-found "},
    {STORE_AFTER, .from = 4, .limit = 2, .found = "5:t5 6:t6 "},
    {STORE_AFTER, .from_ms = 40, .limit = 2, .found = "6:t6 7:t7 "},
    {STORE_AFTER, .from_ms = 39, .limit = 2, .found = "4:t4 5:t5 "},
    {STORE_AFTER, .from_ms = 80, .limit = 2, .found = ""},
    {STORE_AFTER, .limit = 2, .found = "1:t1 2:t2 "},
    {STORE_AFTER, .from_id = "i2", .limit = 2, .speech_only = true, .found = "4:t4 5:t5 "},
    {STORE_AROUND, .from = 5, .limit = 4, .found = "3:t3 4:t4 5:t5 6:t6 "},
    {STORE_AROUND, .from = 5, .limit = 1, .found = "5:t5 "},
    {STORE_AROUND, .from_id = "i1", .limit = 4, .found = "1:t1 2:t2 "},
    {STORE_AROUND, .from_id = "i9", .limit = 1, .found = "9:t9 "},
    {STORE_AROUND, .from_ms = 55, .limit = 2, .found = "6:t6 7:t7 "},
    {STORE_BETWEEN, .from = 2, .to = 8, .limit = 3, .found = "3:t3 4:t4 5:t5 "},
    {STORE_BETWEEN, .from = 8, .to = 2, .limit = 3, .found = "5:t5 6:t6 7:t7 "},
    {STORE_BETWEEN, .from = 4, .to = 5, .limit = 3, .found = ""},
    {STORE_BETWEEN, .from = 4, .to = 4, .limit = 3, .found = ""},
    {STORE_BETWEEN, .from_ms = 20, .to_ms = 70, .limit = 9, .found = "3:t3 4:t4 5:t5 6:t6 7:t7 "},
    {STORE_BETWEEN, .from_ms = 70, .to_ms = 20, .limit = 2, .found = "6:t6 7:t7 "},
    {STORE_BETWEEN, .from = 7, .limit = 9, .found = "8:t8 9:t9 "},
};

static struct store_place place(int position, int ms, const char *id)
{
    return (struct store_place){
        .position = (uint64_t)position, .time_ms = ms ? START_MS + ms : 0, .id = id};
}

static void pages(void **state)
{
    (void)state;
    fill_tea();
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        const struct reading *r = &readings[i];
        char expected[200];
        snprintf(expected, sizeof expected, "[7] %s", r->found);
        const char *got = bed_read(&bed, (struct store_query){
                                             .log = "#tea",
                                             .span = r->span,
                                             .from = place(r->from, r->from_ms, r->from_id),
                                             .to = place(r->to, r->to_ms, NULL),
                                             .limit = (size_t)r->limit,
                                             .speech_only = r->speech_only,
                                         });
        if (strcmp(got, expected) != 0)
            fail_msg("reading %zu: got %s, expected %s", i, got, expected);
    }
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#no", .limit = 5}), "[7] ");
}

static void a_page_holds_every_part_of_an_event(void **state)
{
    (void)state;
    struct event event = {.type = EVENT_KICK,
                          .log = "#tea",
                          .target = "#TEA",
                          .text = "why",
                          .object = "bob",
                          .tags = "+a=b",
                          .realname = "Ada L",
                          .rank = 3,
                          .who = {.nick = "ada", .user = "u", .host = "h", .account = "acc"}};
    bed_append(&bed, event);
    event.type = EVENT_SPEECH;
    event.speech = SPEECH_ACTION;
    event.target = NULL;
    bed_append(&bed, event);
    bed_commit(&bed);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 5}),
                        "[7] 1:why 2:why ");
}

static void a_clock_that_goes_back_does_not_disturb_the_order(void **state)
{
    (void)state;
    send("ada", NULL, NULL, "one", 100);
    send("ada", NULL, NULL, "two", 50);
    send("ada", NULL, NULL, "three", 150);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea",
                                                            .span = STORE_AFTER,
                                                            .from.time_ms = START_MS + 99,
                                                            .limit = 9}),
                        "[7] 1:one 2:two 3:three ");
}

static void redacted_text_is_gone_everywhere(void **state)
{
    (void)state;
    bed_say(&bed, "#tea", "a secret word", "s");
    bed_say(&bed, "#tea", "another word", NULL);
    bed_commit(&bed);
    assert_string_equal(bed_search(&bed, "#tea", "word"), "[8] 2:another word 1:a secret word ");
    struct event redaction = {.type = EVENT_REDACT, .log = "#tea", .object = "s", .text = "oops"};
    bed_append(&bed, redaction);
    bed_append(&bed, redaction);
    redaction.object = "no such";
    bed_append(&bed, redaction);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "#tea:3:oops #tea:4:oops #tea:5:oops ");
    assert_string_equal(bed_search(&bed, "#tea", "word"), "[8] 2:another word ");
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 9}),
                        "[7] 1:redacted 2:another word 3:oops 4:oops 5:oops ");
}

static void what_was_not_indexed_yet_can_be_redacted(void **state)
{
    (void)state;
    bed_say(&bed, "#tea", "a secret", "s");
    bed_append(&bed, (struct event){.type = EVENT_REDACT, .log = "#tea", .object = "s"});
    bed_commit(&bed);
    assert_string_equal(bed_search(&bed, "#tea", "secret"), "[8] ");
}

static void searches(void **state)
{
    (void)state;
    bed_say(&bed, "#tea", "The Printer is on fire", NULL);
    bed_say(&bed, "#tea", "which printer?", NULL);
    bed_say(&bed, "#hat", "printer hat", NULL);
    bed_append(&bed, (struct event){.type = EVENT_TOPIC, .log = "#tea", .text = "printer"});
    bed_commit(&bed);
    assert_string_equal(bed_search(&bed, "#tea", "printer"),
                        "[8] 2:which printer? 1:The Printer is on fire ");
    assert_string_equal(bed_search(&bed, "#tea", " FIRE  the "), "[8] 1:The Printer is on fire ");
    assert_string_equal(bed_search(&bed, "#tea", "water"), "[8] ");
    assert_string_equal(bed_search(&bed, "#no", "printer"), "[8] ");
    assert_string_equal(bed_search(&bed, "#tea", ""), "[8] ");
    /* None of it is syntax. */
    static const char *const odd[] = {"\"",        "pri*", "a OR b", "text:the",
                                      "NEAR(a b)", "(",    "^",      "-"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_memory_equal(bed_search(&bed, "#tea", odd[i]), "[8] ", 4);
}

/* In memory as on disk. */
static void words_are_found_in_any_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
        bool found;
    } cases[] = {
        {"un café crème", "cafe", true},
        {"un café crème", "CREME", true},
        {"un cafe creme", "café", true},
        {"cafe\u0301 in two", "café", true},
        {"Việt Nam", "viet", true},
        {"the Ärzte", "arzte", true},
        {"Привет, мир", "привет", true},
        {"ΣΟΦΙΑ", "σοφια", true},
        {"smørrebrød", "smorrebrod", false},
        {"が", "か", false},
        {"a printer", "print", false},
        {"a printer", "inter", false},
        {"well-known", "known", true},
        {"well-known", "well-known", true},
        {"known well", "well-known", false},
        {"it's", "it's", true},
        {"its", "it's", false},
        {"room 101b", "101b", true},
        {"what?!", "what !!", true},
        {"what?!", "!!", false},
        {"snake_case", "case", true},
        {"日本語", "日本語", true},
        {"日本語", "日本", false},
        {"hi 😀 there", "hi there", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char log[20];
        snprintf(log, sizeof log, "#%zu", i);
        bed_say(&bed, log, cases[i].text, NULL);
        bed_commit(&bed);
        bool found = strlen(bed_search(&bed, log, cases[i].words)) > strlen("[8] ");
        if (found != cases[i].found)
            fail_msg("%s %s %s", cases[i].words, found ? "found in" : "not found in",
                     cases[i].text);
    }
}

static void a_search_has_conditions(void **state)
{
    (void)state;
    static const char *const nicks[] = {"ada", "bob", "Ada", "ada"};
    bed_append(&bed, (struct event){
                         .type = EVENT_SPEECH, .log = "#hat", .text = "word", .time_ms = START_MS});
    for (int i = 0; i < 4; i++)
        send(nicks[i], NULL, NULL, "word", 10 * i);
    static const char *const logs[] = {"#tea", "#hat"};
    struct store_search search = {
        .logs = logs, .log_count = 2, .words = "word", .nick = "ADA", .limit = 2};
    bed_told(&bed);
    bed.reads++;
    store_search(bed.store, &search, 1);
    bed_settle(&bed);
    assert_string_equal(bed_told(&bed), "[1] 4:word 3:word ");
    search = (struct store_search){.logs = logs,
                                   .log_count = 1,
                                   .words = "word",
                                   .after_ms = START_MS,
                                   .before_ms = START_MS + 30,
                                   .limit = 10};
    bed.reads++;
    store_search(bed.store, &search, 2);
    bed_settle(&bed);
    assert_string_equal(bed_told(&bed), "[2] 3:word 2:word ");
}

static const char *targets(const char *nick, int after_ms, int before_ms, size_t limit)
{
    bed_told(&bed);
    bed.reads++;
    store_targets(bed.store, nick, START_MS + after_ms, START_MS + before_ms, limit, 5);
    bed_settle(&bed);
    return bed_told(&bed);
}

static void targets_are_the_logs_spoken_in(void **state)
{
    (void)state;
    static const char *const logs[] = {"#tea", "ada\nbob", "#hat", "adam\nbob", "ada\neve"};
    for (int i = 0; i < 5; i++)
        bed_append(&bed, (struct event){.type = EVENT_SPEECH,
                                        .log = logs[i],
                                        .text = "x",
                                        .time_ms = START_MS + 10 * (i + 1)});
    bed_append(&bed, (struct event){
                         .type = EVENT_JOIN, .log = "#tea", .text = "x", .time_ms = START_MS + 90});
    bed_commit(&bed);
    assert_string_equal(targets(NULL, 0, 100, 10), "[5] #hat@30 #tea@10 ");
    assert_string_equal(targets(NULL, 0, 30, 10), "[5] #tea@10 ");
    assert_string_equal(targets(NULL, 10, 100, 10), "[5] #hat@30 ");
    assert_string_equal(targets("ada", 0, 100, 10), "[5] ada\neve@50 ada\nbob@20 ");
    assert_string_equal(targets("bob", 0, 100, 1), "[5] adam\nbob@40 ");
}

static void claim(const char *name, const char *owner, bool release)
{
    bed.claims++;
    if (release)
        store_release(bed.store, name, owner, 3);
    else
        store_claim(bed.store, name, owner, 3);
}

static void a_name_has_one_owner(void **state)
{
    (void)state;
    bed_settle(&bed);
    bed_told(&bed);
    claim("ada", "key1", false);
    claim("ada", "key2", false);
    claim("ada", "key1", false);
    claim("ada", "key2", true);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "[3] owner:key1 [3] taken owner:key1 [3] owner:key1 "
                                        "[3] taken owner:key1 ");
    claim("ada", "key1", true);
    claim("ada", "key1", true);
    claim("ada", "key2", false);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "[3] owner:- [3] owner:- [3] owner:key2 ");
}

static void speech_is_refused_when_the_queue_is_full_and_state_is_not(void **state)
{
    (void)state;
    bed_release(&bed);
    bed_init(&bed, *(enum bed_kind *)*state);
    bed.options.max_pending_events = 3;
    bed_open(&bed);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bed_say(&bed, "#tea", "x", NULL), STORE_OK);
    assert_int_equal(bed_say(&bed, "#tea", "x", NULL), STORE_FULL);
    assert_int_equal(bed_append(&bed, (struct event){.type = EVENT_REDACT, .log = "#tea"}),
                     STORE_FULL);
    assert_int_equal(
        bed_append(&bed, (struct event){.type = EVENT_PART, .log = "#tea", .text = "gone"}),
        STORE_OK);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "up #tea:1:x #tea:2:x #tea:3:x #tea:4:gone ");
    assert_int_equal(bed_say(&bed, "#tea", "y", NULL), STORE_OK);
}

static void add_fact(void *ctx, const char *key, const void *value, size_t len)
{
    str_addf(ctx, "%s=%.*s ", key, (int)len, (const char *)value);
}

static void no_facts_at_first(void **state)
{
    (void)state;
    store_each_fact(bed.store, "", add_fact, &bed.told);
    assert_string_equal(bed_told(&bed), "");
    assert_int_equal(store_put(bed.store, "room/#tea", "x\0y", 3), STORE_OK);
    assert_int_equal(store_put(bed.store, "room/#tea", NULL, 0), STORE_OK);
    bed_commit(&bed);
}

static void many_in_one_batch_and_many_batches(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        bed_say(&bed, i % 3 == 0 ? "#hat" : "#tea", "some words", NULL);
        if (i % 7 == 0)
            store_commit(bed.store);
    }
    bed_commit(&bed);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 2}),
                        "[7] 1999:some words 2000:some words ");
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#hat", .limit = 1}),
                        "[7] 1000:some words ");
    struct store_query page = {.log = "#tea", .limit = 100000};
    const char *got = bed_read(&bed, page);
    size_t events = 0;
    while ((got = strchr(got + 1, ':')) != NULL)
        events++;
    assert_int_equal(events, STORE_PAGE_MAX);
}

#define CASE(name) cmocka_unit_test_prestate_setup_teardown(name, open_bed, close_bed, &kind)

static int run(enum bed_kind kind, const char *name)
{
    const struct CMUnitTest tests[] = {
        CASE(nothing_shows_before_its_commit),
        CASE(an_id_is_written_once_a_log),
        CASE(what_a_client_sends_twice_is_said_once),
        CASE(pages),
        CASE(a_page_holds_every_part_of_an_event),
        CASE(a_clock_that_goes_back_does_not_disturb_the_order),
        CASE(redacted_text_is_gone_everywhere),
        CASE(what_was_not_indexed_yet_can_be_redacted),
        CASE(searches),
        CASE(words_are_found_in_any_spelling),
        CASE(a_search_has_conditions),
        CASE(targets_are_the_logs_spoken_in),
        CASE(a_name_has_one_owner),
        CASE(speech_is_refused_when_the_queue_is_full_and_state_is_not),
        CASE(no_facts_at_first),
        CASE(many_in_one_batch_and_many_batches),
    };
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}

int main(void)
{
    return run(BED_MEMORY, "memory") + run(BED_DISK, "disk") + run(BED_IN_POLL, "in poll");
}
