/* What becomes of what the user says: acknowledged, refused, unsure, or said again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "client/model/restore.h"
#include "client/model/speech.h"
#include "client/model/traffic.h"
#include "client/session/session.h"
#include "common/text.h"
#include "tests/unit/session_world.h"

TRANSCRIPT(test_a_fence_acknowledges_lines, "online", "U: hello", "C: PRIVMSG #lobby :hello",
           "V: #lobby | talk ada hello [pending]", "U: second", "C: PRIVMSG #lobby :second",
           /* The PING behind the first line covers that one alone. */
           "PONG", "V: #lobby | talk ada second [pending]", "PONG", "V: #lobby | talk ada second",
           "quiet")

TRANSCRIPT(test_an_echo_acknowledges, WITH_CAPS("echo-message server-time"), "U: one", "U: two",
           "C: PRIVMSG #lobby :one", "C: PRIVMSG #lobby :two", "PONG",
           "V: #lobby | talk ada two [pending]",
           "S: @time=2026-11-21T03:14:15.926Z :ada!ada@host PRIVMSG #lobby :one",
           "S: :ada!ada@host PRIVMSG #lobby :two", "V: #lobby | talk ada two",
           /* What the same person says elsewhere is not ours. */
           "S: :ada!ada@host PRIVMSG #lobby :from my phone", "V: #lobby | talk ada from my phone")

TRANSCRIPT(test_an_echo_that_never_comes, WITH_CAPS("echo-message"), "U: lost words",
           "C: PRIVMSG #lobby :lost words", "PONG", "T: 9999",
           "V: #lobby | talk ada lost words [pending]", "T: 1",
           "V: #lobby | talk ada lost words [unsure]")

TRANSCRIPT(test_labels, WITH_CAPS("batch echo-message labeled-response message-tags"), "U: same",
           "U: same", "C: @label=1 PRIVMSG #lobby :same", "C: @label=2 PRIVMSG #lobby :same",
           "S: @label=2 :irc.lab 404 ada #lobby :Cannot send",
           "V: #lobby | talk ada same [pending]", "S: @label=1 :ada!ada@host PRIVMSG #lobby :same",
           "V: #lobby | talk ada same", "U: /join #tea", "C: @label=3 JOIN :#tea",
           "S: :ada!ada@host JOIN #tea", "PONG", "U: /raw WHOIS bob", "C: @label=4 WHOIS bob",
           "S: @label=4 :irc.lab BATCH +r1 labeled-response",
           "S: @batch=r1 :irc.lab 311 ada bob b h * :Bob", "S: :irc.lab BATCH -r1",
           "V: #tea | server bob is Bob (b@h)")

TRANSCRIPT(test_refusals_without_labels, "online", "U: /join #tea", "C: JOIN :#tea",
           "S: :ada!ada@host JOIN #tea", "PONG", "U: /msg #lobby hi", "C: PRIVMSG #lobby :hi",
           "S: :irc.lab 404 ada #lobby :Cannot send to channel", "V: #lobby | talk ada hi [failed]",
           /* said where it was typed */
           "V: #tea | error #lobby: you may not speak there: not everybody may, or you are "
           "muted",
           "PONG", "U: /raw FROB x", "C: FROB x", "S: :irc.lab 421 ada FROB :Unknown command",
           "V: #tea | error the server knows no command FROB", "PONG", "U: /nick b!c",
           "C: NICK :b!c", "S: :irc.lab 432 ada b!c :Erroneous nickname",
           "V: #tea | error b!c cannot be a nick", "quiet")

TRANSCRIPT(test_the_connection_is_lost, "online", "U: /join #tea key", "C: JOIN #tea :key",
           "S: :ada!a@h JOIN #tea", "PONG", "U: sent", "C: PRIVMSG #tea :sent", "lost",
           "U: typed offline", "quiet", "V: #tea | talk ada typed offline [pending]", "online",
           "C: JOIN :#lobby", "C: JOIN #tea :key", "C: PRIVMSG #tea :typed offline", "PONG",
           "V: #tea | talk ada typed offline", "quiet")

TRANSCRIPT(test_what_is_unsure, "online", "U: did you hear", "C: PRIVMSG #lobby :did you hear",
           "lost", "V: #lobby | note disconnected: reset")

TRANSCRIPT(test_with_ids_it_is_said_again, WITH_CAPS("echo-message message-tags"),
           "S: :irc.lab 005 ada SNUG.CHAT/ID :are supported", "U: once",
           "C: @+snug.chat/id=0000000000005eed-3.0 PRIVMSG #lobby :once", "lost",
           "V: #lobby | talk ada once [pending]", "connect", "C: CAP LS :302", "C: NICK :ada",
           "C: USER ada 0 * :Ada L", "S: CAP * LS :message-tags", "C: CAP REQ :message-tags",
           "S: CAP * ACK :message-tags", "C: CAP :END", "S: :irc.lab 001 ada :Welcome",
           "C: JOIN :#lobby", "S: :irc.lab 005 ada SNUG.CHAT/ID :are supported",
           "S: :ada!ada@host JOIN #lobby", "PONG",
           "C: @+snug.chat/id=0000000000005eed-3.0 PRIVMSG #lobby :once", "PONG",
           "V: #lobby | talk ada once", "quiet")

/* What an earlier run of the program said, and does not know the fate of. */
static void restore_said(struct world *w, uint64_t number, bool sent)
{
    const struct restored_line line = {
        .origin = {0xabc, number}, .nick = "ada", .text = sent ? "heard?" : "new", .sent = sent};
    struct buffer *lobby = traffic_buffer(w->model, BUFFER_ROOM, "#lobby");
    restore_line(w->model, lobby, &line);
}

static void test_an_earlier_run_with_ids(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    restore_said(&w, 7, true);
    restore_said(&w, 8, false);
    world_play(&w, (const char *const[]){
                       "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L",
                       "S: CAP * LS :message-tags", "C: CAP REQ :message-tags",
                       "S: CAP * ACK :message-tags", "C: CAP :END", "S: :irc.lab 001 ada :Welcome",
                       "S: :irc.lab 005 ada SNUG.CHAT/ID :are supported",
                       "S: :ada!ada@host JOIN #lobby", "PONG",
                       "C: @+snug.chat/id=0000000000000abc-7.0 PRIVMSG #lobby :heard?",
                       "C: @+snug.chat/id=0000000000000abc-8.0 PRIVMSG #lobby :new", "PONG",
                       "V: #lobby | talk ada new", "quiet", NULL});
    assert_int_equal(traffic_pending(w.model), 0);
    world_release(&w);
}

static void test_an_earlier_run_without_ids(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    restore_said(&w, 7, true);
    restore_said(&w, 8, false);
    world_play(&w, (const char *const[]){"online", "C: PRIVMSG #lobby :new", "quiet", "PONG",
                                         "V: #lobby | talk ada new", NULL});
    const struct buffer *lobby = model_find(w.model, "#lobby");
    size_t unsure = 0;
    for (size_t i = 0; i < buffer_line_count(lobby); i++)
        unsure += buffer_line_at(lobby, i)->state == LINE_UNSURE;
    assert_int_equal(unsure, 1);
    model_switch(w.model, model_find(w.model, "#lobby"));
    speech_again(w.model);
    world_step(&w);
    world_play(&w, (const char *const[]){"C: PRIVMSG #lobby :heard?", "PONG",
                                         "V: #lobby | talk ada heard?", "quiet", NULL});
    world_release(&w);
}

static void test_no_answer(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    world_play(&w, (const char *const[]){"online", "T: 10000", "U: hi", NULL});
    world_act(&w, "T: 1999");
    assert_int_equal(w.model->no_answer_since_ms, 0);
    assert_int_equal(session_deadline_ms(w.session), w.now_ms + 1);
    world_act(&w, "T: 1");
    assert_int_equal(w.model->no_answer_since_ms, w.now_ms - 2000);
    assert_null(session_close_reason(w.session));
    world_act(&w, "T: 48000");
    assert_string_equal(session_close_reason(w.session), "no answer for 60 s");
    world_pong(&w);
    assert_int_equal(w.model->no_answer_since_ms, 0);
    assert_int_equal(w.model->lag_ms, 50000);
    world_release(&w);
}

/* A long text leaves in pieces, a window at a time, and is acknowledged as one line. */
static void test_a_long_text(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    world_play(&w, (const char *const[]){"online", NULL});
    struct str text, joined;
    str_init(&text, 20000);
    str_init(&joined, 20000);
    for (int i = 0; text.len < 12000; i++)
        str_addf(&text, "%sword%d \xe4\xbd\xa0\xe5\xa5\xbd", i ? " " : "", i);
    world_enters(&w, text.data);
    static const char start[] = "PRIVMSG #lobby :";
    for (int rounds = 0; joined.len < text.len && rounds < 20; rounds++) {
        assert_true(w.sent.len <= SESSION_MAX_IN_FLIGHT_BYTES);
        while (w.sent.len > 0) {
            size_t len = strcspn(w.sent.data, "\n");
            assert_true(len + strlen(":ada!ada@host \r\n") <= 512);
            assert_memory_equal(w.sent.data, start, sizeof(start) - 1);
            assert_true(text_utf8_valid(w.sent.data, len));
            str_adds(&joined, joined.len ? " " : "");
            str_add(&joined, w.sent.data + sizeof(start) - 1, len - (sizeof(start) - 1));
            str_remove(&w.sent, 0, len + 1);
        }
        assert_int_equal(traffic_pending(w.model), 1);
        world_pong(&w);
    }
    assert_string_equal(joined.data, text.data);
    if (w.last_ping[0])
        world_pong(&w);
    assert_int_equal(traffic_pending(w.model), 0);
    assert_true(session_is_settled(w.session));
    str_release(&text);
    str_release(&joined);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fence_acknowledges_lines),
        cmocka_unit_test(test_an_echo_acknowledges),
        cmocka_unit_test(test_an_echo_that_never_comes),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_refusals_without_labels),
        cmocka_unit_test(test_the_connection_is_lost),
        cmocka_unit_test(test_what_is_unsure),
        cmocka_unit_test(test_with_ids_it_is_said_again),
        cmocka_unit_test(test_an_earlier_run_with_ids),
        cmocka_unit_test(test_an_earlier_run_without_ids),
        cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_a_long_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
