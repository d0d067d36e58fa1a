/* Talking beyond words, as transcripts (session_world.h): answers, reactions, removals, typing, marks of
 * what is read, looks, messages of several lines; and what the server answers, in words. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/session.h"
#include "tests/unit/session_world.h"

#define TALKATIVE "message-tags echo-message labeled-response batch draft/message-redaction"

TRANSCRIPT(test_reactions_and_removals, WITH_CAPS(TALKATIVE),
           "S: @msgid=m1 :bob!b@h PRIVMSG #lobby :hello", "V: #lobby | talk bob hello",
           "S: @msgid=r1;+draft/react=👍;+draft/reply=m1 :cy!c@h TAGMSG #lobby",
           "V: #lobby | talk bob hello {👍 1}",
           "S: @msgid=r2;+draft/react=👍;+reply=m1 :ada!a@h TAGMSG #lobby",
           "V: #lobby | talk bob hello {👍 2}",
           "S: @+draft/unreact=👍;+reply=m1 :cy!c@h TAGMSG #lobby",
           "V: #lobby | talk bob hello {👍 1}",
           /* Neither typing nor what is about nothing known opens anything. */
           "S: @+typing=active :cy!c@h TAGMSG ada",
           "S: @+draft/react=x;+reply=m :cy!c@h TAGMSG ada", "S: :irc.lab TAGMSG #lobby",
           "B: #lobby", "S: :bob!b@h REDACT #lobby m1 :oops",
           "V: #lobby | talk bob (removed by bob: oops)", "S: :bob!b@h REDACT #lobby m9",
           "S: :bob!b@h REDACT ada m1", "B: #lobby", "K: <M-Up>r", "U: what?",
           /* There is nothing to be answered in what was removed. */
           "C: @label=1 PRIVMSG #lobby :what?")

/* InspIRCd 3 has the new name as the source. */
TRANSCRIPT(test_a_labelled_nick, WITH_CAPS(TALKATIVE), "U: /nick ada2", "C: @label=1 NICK :ada2",
           "S: @label=1 :ada2!ada@host NICK :ada2", "V: #lobby | rename ada ada2",
           "S: :ada2!ada@host NICK :ada3", "V: #lobby | rename ada2 ada3", "quiet")

TRANSCRIPT(test_what_is_sent_about_a_message, WITH_CAPS(TALKATIVE),
           "S: @msgid=m1 :bob!b@h PRIVMSG #lobby :hello", "K: <M-Up>r", "U: hi; you",
           "C: @label=1;+draft/reply=m1;+reply=m1 PRIVMSG #lobby :hi; you", "U: and more",
           "C: @label=2 PRIVMSG #lobby :and more",
           "S: @label=1;msgid=m2;+reply=m1 :ada!ada@host PRIVMSG #lobby :hi; you",
           "S: @label=2;msgid=m3 :ada!ada@host PRIVMSG #lobby :and more",
           "V: #lobby | talk ada and more", "K: <M-Up><Up><Up>e1",
           "C: @label=3;+draft/react=👍;+draft/reply=m1;+reply=m1 TAGMSG #lobby",
           "S: @label=3;msgid=m4;+draft/react=👍;+reply=m1 :ada!ada@host TAGMSG #lobby",
           "K: <M-Up><Up><Up>e1",
           "C: @label=4;+draft/unreact=👍;+draft/reply=m1;+reply=m1 TAGMSG #lobby",
           "K: <M-Up>ea b;<Enter>",
           "C: @label=5;+draft/react=a\\sb\\:;+draft/reply=m3;+reply=m3 TAGMSG #lobby",
           "K: <M-Up>e:tada:<Enter>",
           "C: @label=6;+draft/react=🎉;+draft/reply=m3;+reply=m3 TAGMSG #lobby",
           "K: <M-Up>ethumbs<Tab><Tab><Enter>",
           "C: @label=7;+draft/react=👍;+draft/reply=m3;+reply=m3 TAGMSG #lobby", "K: <M-Up>dd",
           "C: @label=8 REDACT #lobby m3",
           "S: @label=8 :irc.lab FAIL REDACT REDACT_FORBIDDEN #lobby m3 :It is too late",
           "V: #lobby | error It is too late", "K: <M-Up>dx", "quiet")

TRANSCRIPT(test_who_answers_me_speaks_to_me, WITH_CAPS(TALKATIVE), "U: anybody?",
           "C: @label=1 PRIVMSG #lobby :anybody?",
           "S: @label=1;msgid=m1 :ada!ada@host PRIVMSG #lobby :anybody?",
           "S: @msgid=m2;+draft/reply=m1 :bob!b@h PRIVMSG #lobby :me",
           "V: #lobby | talk bob me {mention}")

TRANSCRIPT(test_what_the_server_does_not_pass_on_is_not_there, "connect", "C: CAP LS :302",
           "C: NICK :ada", "C: USER ada 0 * :Ada L", "S: CAP * LS :message-tags",
           "C: CAP REQ :message-tags", "S: CAP * ACK :message-tags", "C: CAP :END",
           "S: :irc.lab 001 ada :Welcome", "S: :irc.lab 005 ada CLIENTTAGDENY=*,-reply :are",
           "S: :ada!ada@host JOIN #lobby", "PONG", "S: @msgid=m1 :bob!b@h PRIVMSG #lobby :hello",
           "K: <M-Up>e", "K: 1<Escape>", "quiet", "K: <M-Up>dd<Escape>", "quiet", "K: <M-Up>r",
           "U: yes", "C: @+draft/reply=m1;+reply=m1 PRIVMSG #lobby :yes")

TRANSCRIPT(test_without_echoes_a_reaction_holds_at_once,
           WITH_CAPS("message-tags draft/message-redaction"),
           "S: @msgid=m1 :bob!b@h PRIVMSG #lobby :hello", "K: <M-Up>e2",
           "C: @+draft/react=❤️;+draft/reply=m1;+reply=m1 TAGMSG #lobby",
           "V: #lobby | talk bob hello {❤️ 1}", "S: :irc.lab 353 ada = #lobby :@ada bob",
           "K: <M-Up>dd", "C: REDACT #lobby m1", "V: #lobby | talk bob (removed by ada)")

/* The message of somebody else is removed by who runs the room, or the server. */
TRANSCRIPT(test_others_may_not_be_taken_back_by_everybody,
           WITH_CAPS("message-tags echo-message draft/message-redaction"),
           "S: :irc.lab 005 ada PREFIX=(ohv)@%+ :are supported",
           "S: :irc.lab 353 ada = #lobby :+ada bob", "S: @msgid=m1 :bob!b@h PRIVMSG #lobby :hello",
           "K: <M-Up>dd<Escape>", "quiet", "S: :ada!a@h MODE #lobby +h ada",
           "S: :irc.lab 353 ada = #lobby :%ada bob", "K: <M-Up>dd", "C: REDACT #lobby m1", "PONG",
           "S: :irc.lab 353 ada = #lobby :ada bob", "K: <M-Up>dd<Escape>", "quiet",
           "S: :irc.lab 381 ada :You are now an IRC operator",
           "V: server | server you are an operator of the server", "K: <M-Up>dd",
           "C: REDACT #lobby m1", "S: :ada MODE ada -o", "K: <M-Up>dd<Escape>", "quiet",
           "S: @msgid=p1 :bob!b@h PRIVMSG ada :psst", "U: /query bob", "K: <M-Up>dd<Escape>",
           "quiet", "S: @msgid=p2 :ada!a@h PRIVMSG bob :oh", "K: <M-Up>dd", "C: REDACT bob p2")

#define TYPING "message-tags labeled-response batch"
#define TYPES(state) "C: @label=typing;+typing=" state " TAGMSG :#lobby"

TRANSCRIPT(test_others_are_told_that_one_types, WITH_CAPS(TYPING), "K: h", TYPES("active"), "T: 1",
           "K: e", "T: 2998", "quiet", "T: 1", TYPES("active"), "T: 2999", "quiet", "T: 1",
           TYPES("paused"), "T: 100000", "quiet", "K: y", TYPES("active"), "K: <C-c>", "quiet",
           "T: 3000", TYPES("done"),
           /* What is sent says it by itself; a command is nobody's business. */
           "T: 3000", "K: hi<Enter>", "C: @label=1 PRIVMSG #lobby :hi", "T: 9000", "quiet",
           "K: /away", "T: 9000", "quiet", "K: <C-c>", "quiet",
           /* Nor is what the server says to it. */
           "K: x", TYPES("active"), "S: @label=typing :irc.lab 404 ada #lobby :Not now",
           "V: #lobby | talk ada hi [pending]", "K: <C-c>", "T: 3000", TYPES("done"),
           "U: /set typing no", "K: x", "T: 9000", "quiet")

TRANSCRIPT(test_typing_is_not_told_where_it_is_not_wanted, WITH_CAPS("message-tags"), "K: x",
           "T: 9000", "quiet")

#define MARKS "message-tags server-time draft/read-marker"
#define AT(seconds) "time=2026-11-18T10:00:" seconds ".000Z"
#define STAMP(seconds) "timestamp=2026-11-18T10:00:" seconds ".000Z"

TRANSCRIPT(
    test_what_is_read_is_told, WITH_CAPS(MARKS),
    "S: @msgid=m1;" AT("01") " :bob!b@h PRIVMSG #lobby :one", "C: MARKREAD #lobby :" STAMP("01"),
    "S: @msgid=m2;" AT("02") " :bob!b@h PRIVMSG #lobby :two", "quiet", "T: 1000",
    "C: MARKREAD #lobby :" STAMP("02"),
    /* The answer is no news, nor is what somebody who looks away has not read. */
    "S: :irc.lab MARKREAD #lobby :" STAMP("02"), "T: 1000", "quiet", "K: <FocusOut>",
    "S: @msgid=m3;" AT("03") " :bob!b@h PRIVMSG #lobby :three",
    "S: @msgid=m4;" AT("04") " :bob!b@h PRIVMSG #lobby :ada: four",
    "A: #lobby | join ada / talk bob one / talk bob two / ---- talk bob three / talk bob ada: "
    "four {mention}",
    "T: 1000", "quiet", "S: :irc.lab MARKREAD #lobby :" STAMP("03"),
    "A: #lobby | join ada / talk bob one / talk bob two / talk bob three / ---- talk bob ada: "
    "four {mention}",
    "S: :irc.lab MARKREAD #lobby :" STAMP("04"),
    "A: #lobby | join ada / talk bob one / talk bob two / talk bob three / talk bob ada: four "
    "{mention}",
    "S: :irc.lab FAIL MARKREAD INTERNAL_ERROR #lobby :sorry", "S: :irc.lab MARKREAD #x :*",
    "S: :irc.lab MARKREAD #lobby :timestamp=noon", "K: <FocusIn>", "T: 1000", "quiet")

/* However short ago the last mark was told: the next start would show it as unread. */
TRANSCRIPT(test_what_is_read_is_told_before_one_leaves, WITH_CAPS(MARKS),
           "S: @msgid=m1;" AT("01") " :bob!b@h PRIVMSG #lobby :one",
           "C: MARKREAD #lobby :" STAMP("01"),
           "S: @msgid=m2;" AT("02") " :bob!b@h PRIVMSG #lobby :two", "quiet", "U: /quit",
           "C: MARKREAD #lobby :" STAMP("02"), "C: QUIT")

TRANSCRIPT(test_how_a_text_looks_is_sent_with_it, "online", "K: a <C-x>bbold<C-x><C-o> c<Enter>",
           "C: PRIVMSG #lobby :a \x02"
           "bold\x0f c",
           "V: #lobby | talk ada a bold c [pending] {looks}", "PONG",
           "V: #lobby | talk ada a bold c {looks}", "K: <C-x>c4red<C-x>qx<Enter>",
           "C: PRIVMSG #lobby :\x03"
           "4redqx",
           "PONG", "K: <Up><Up>!<Enter>",
           "C: PRIVMSG #lobby :a \x02"
           "bold\x0f c!",
           "PONG", "quiet")

TRANSCRIPT(test_a_room_without_looks, WITH_CAPS("echo-message"), "K: <C-x>ia<C-x>ub<Enter>",
           "C: PRIVMSG #lobby :\x1d"
           "a\x1f"
           "b",
           "V: #lobby | talk ada ab [pending] {looks}", "S: :ada!ada@host PRIVMSG #lobby :ab",
           "V: #lobby | talk ada ab")

#define LINES "batch message-tags labeled-response echo-message draft/multiline"
#define WITH_LINES                                                                                 \
    "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L",                         \
        "S: CAP * LS :batch message-tags labeled-response echo-message "                           \
        "draft/multiline=max-bytes=40,max-lines=4",                                                \
        "C: CAP REQ :" LINES, "S: CAP * ACK :" LINES, "C: CAP :END",                               \
        "S: :irc.lab 001 ada :Welcome", "S: :irc.lab 005 ada SNUG.CHAT/ID :are",                   \
        "S: :ada!ada@host JOIN #lobby", "PONG"

TRANSCRIPT(test_several_lines_are_one_message, WITH_LINES, "K: one<M-Enter><M-Enter>two<Enter>",
           "C: @label=1;+snug.chat/id=0000000000005eed-3.0 BATCH +1 draft/multiline :#lobby",
           "C: @batch=1 PRIVMSG #lobby :one",
           "C: @batch=1 PRIVMSG #lobby :", "C: @batch=1 PRIVMSG #lobby :two", "C: BATCH :-1",
           "V: #lobby | talk ada one\n\ntwo [pending]",
           "S: @label=1;msgid=m1 :ada!ada@host BATCH +x draft/multiline #lobby",
           "S: @batch=x :ada!ada@host PRIVMSG #lobby :one",
           "S: @batch=x :ada!ada@host PRIVMSG #lobby :",
           "S: @batch=x :ada!ada@host PRIVMSG #lobby :two",
           "V: #lobby | talk ada one\n\ntwo [pending]", "S: :ada!ada@host BATCH -x",
           "V: #lobby | talk ada one\n\ntwo",
           /* More than one message holds become several. */
           "K: 123456789012345678901<M-Enter>123456789012345678901<M-Enter><M-Enter>x<Enter>",
           "C: @label=2;+snug.chat/id=0000000000005eed-4.0 PRIVMSG #lobby :123456789012345678901",
           "C: @label=3;+snug.chat/id=0000000000005eed-5.0 BATCH +3 draft/multiline :#lobby",
           "C: @batch=3 PRIVMSG #lobby :123456789012345678901",
           "C: @batch=3 PRIVMSG #lobby :", "C: @batch=3 PRIVMSG #lobby :x", "C: BATCH :-3",
           "K: <M-Enter>alone<M-Enter><Enter>",
           "C: @label=4;+snug.chat/id=0000000000005eed-6.0 PRIVMSG #lobby :alone", "quiet")

TRANSCRIPT(test_a_message_of_several_lines_is_said_again_as_one, WITH_LINES,
           "K: one<M-Enter>two<Enter>",
           "C: @label=1;+snug.chat/id=0000000000005eed-3.0 BATCH +1 draft/multiline :#lobby",
           "C: @batch=1 PRIVMSG #lobby :one", "C: @batch=1 PRIVMSG #lobby :two", "C: BATCH :-1",
           "lost", "T: 1000", "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L",
           "S: CAP * LS :" LINES "=max-bytes=40", "C: CAP REQ :" LINES, "S: CAP * ACK :" LINES,
           "C: CAP :END", "S: :irc.lab 001 ada :Welcome", "C: JOIN :#lobby",
           "S: :irc.lab 005 ada SNUG.CHAT/ID :are", "S: :ada!ada@host JOIN #lobby", "PONG",
           "C: @label=2;+snug.chat/id=0000000000005eed-3.0 BATCH +2 draft/multiline :#lobby",
           "C: @batch=2 PRIVMSG #lobby :one", "C: @batch=2 PRIVMSG #lobby :two", "C: BATCH :-2")

/* Limits that hold nothing do not hold us up. */
TRANSCRIPT(test_a_server_that_takes_next_to_nothing, "connect", "C: CAP LS :302", "C: NICK :ada",
           "C: USER ada 0 * :Ada L", "S: CAP * LS :batch draft/multiline=max-bytes=1,max-lines=4",
           "C: CAP REQ :batch draft/multiline", "S: CAP * ACK :batch draft/multiline",
           "C: CAP :END", "S: :irc.lab 001 ada :Welcome", "S: :ada!ada@host JOIN #lobby", "PONG",
           "K: \303\251!<Enter>", "C: PRIVMSG #lobby :\303\251", "C: PRIVMSG #lobby :!")

TRANSCRIPT(test_several_lines_of_others, WITH_LINES,
           "S: @msgid=m1;+draft/reply=m0 :bob!b@h BATCH +x draft/multiline #lobby",
           "S: @batch=x :bob!b@h PRIVMSG #lobby :one", "S: @batch=x :bob!b@h PRIVMSG #lobby :and ",
           "S: @batch=x;draft/multiline-concat :bob!b@h PRIVMSG #lobby :half",
           "S: :irc.lab BATCH -x", "V: #lobby | talk bob one\nand half",
           "S: :bob!b@h BATCH +y draft/multiline ada", "S: @batch=y :bob!b@h NOTICE ada :psst",
           "S: :irc.lab 372 ada :between", "S: @batch=y :bob!b@h JOIN #lobby",
           "S: :bob!b@h BATCH -y", "V: server | notice bob psst",
           "S: :bob!b@h BATCH +z draft/multiline #lobby", "S: :bob!b@h BATCH -z",
           "V: #lobby | talk bob one\nand half", "S: :bob!b@h BATCH +z draft/multiline", "lost")

/* A line that is sent in parts ends where it is, and no later line of it is lost without a word. */
static void test_a_long_line_is_stopped(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    world_act(&w, "online");
    char text[20001];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    world_enters(&w, text);
    size_t in_flight = w.sent.len;
    str_reset(&w.sent);
    assert_true(in_flight > 3000 && in_flight <= SESSION_MAX_IN_FLIGHT_BYTES);
    world_act(&w, "K: <C-c>");
    world_play(&w, (const char *const[]){"quiet", "PONG", "PONG", "quiet", NULL});
    const struct buffer_line *line =
        buffer_line_at(w.model->current, buffer_line_count(w.model->current) - 1);
    assert_int_equal(line->state, LINE_SETTLED);
    assert_true(strlen(line->text) < in_flight);
    world_play(&w, (const char *const[]){"U: next", "C: PRIVMSG #lobby :next", NULL});
    world_release(&w);
}

TRANSCRIPT(
    test_answers_are_in_words, "online", "U: /whois bob", "C: WHOIS bob",
    "S: :irc.lab 317 ada bob 125 0 :seconds idle",
    "V: #lobby | server bob has been silent for 2 min 5 s, and has been here since ",
    "S: :irc.lab 317 ada bob 9223372036854775807 :seconds idle",
    "V: #lobby | server bob has been silent for 2562047788015 h 12 min",
    "S: :irc.lab 317 ada bob -9223372036854775808 :seconds idle",
    "V: #lobby | server bob has been silent for 0 s", "S: :irc.lab 319 ada bob :@#lobby #tea",
    "V: #lobby | server bob is in @#lobby #tea", "S: :irc.lab 318 ada bob :End",
    "V: #lobby | server bob is in @#lobby #tea", "PONG", "U: /who", "C: WHO #lobby",
    "S: :irc.lab 352 ada #lobby b h irc.lab bob G*@ :0 Bob Bee",
    "V: #lobby | server bob (b@h) Bob Bee, away, operator of the server",
    "S: :irc.lab 315 ada #lobby :End",
    "V: #lobby | server bob (b@h) Bob Bee, away, operator of the server", "PONG", "U: /who x*",
    "C: WHO x*", "S: :irc.lab 315 ada x* :End", "V: #lobby | server nobody fits", "PONG",
    "U: /mode", "C: MODE #lobby", "S: :irc.lab 324 ada #lobby +ntk key",
    "V: #lobby | server #lobby: +ntk key: only members may speak (n), operators set the topic "
    "(t), needs a key (k)",
    "S: :irc.lab 324 ada #lobby +", "V: #lobby | server #lobby: no modes are set", "PONG",
    "U: /mode +b", "C: MODE #lobby +b", "S: :irc.lab 367 ada #lobby bob!*@* ada!a@h",
    "V: #lobby | server #lobby: bob!*@* is banned, by ada", "S: :irc.lab 368 ada #lobby :End",
    "S: :irc.lab 368 ada #lobby :End", "V: #lobby | server nobody is banned", "PONG",
    "U: /invite bob #tea", "C: INVITE bob #tea", "S: :irc.lab 443 ada bob #tea :is there",
    "V: #lobby | error bob is in #tea already", "U: /whois cy", "C: WHOIS cy",
    "S: :irc.lab 401 ada cy :No such nick",
    "V: #lobby | error there is no person or room "
    "called cy",
    "S: :irc.lab 999 ada what ever :so", "S: :irc.lab 401", "S: :irc.lab 315",
    "S: :irc.lab 317 ada", "S: :irc.lab 352 ada")

TRANSCRIPT(
    test_refusals_are_in_words, "online", "U: /mode +k", "C: MODE #lobby +k",
    "S: :irc.lab 696 ada #lobby k * :Not a parameter for this mode",
    "V: #lobby | error #lobby: mode k: Not a parameter for this mode", "PONG", "U: /mode +l x",
    "C: MODE #lobby +l x", "S: :irc.lab 696 ada #lobby l x :No number",
    "V: #lobby | error #lobby: mode l x: No number", "S: :irc.lab 696 ada",
    "V: #lobby | error #lobby: mode l x: No number", "U: /mode +q x", "C: MODE #lobby +q x",
    "S: :irc.lab 472 ada q :is unknown mode char to me",
    "V: #lobby | error the server knows no mode q", "PONG", "U: /raw LUSERS", "C: LUSERS",
    "S: :irc.lab 265 ada 1 2 :Current local users 1, max 2",
    "V: #lobby | server Current local users 1, max 2", "S: :irc.lab 266 ada :All 7",
    "V: #lobby | server All 7", "S: :irc.lab 254 ada 3 :channels formed",
    "V: #lobby | server there are 3 rooms", "PONG", "U: /devices revoke 9", "C: DEVICE REVOKE 9",
    "S: :irc.lab FAIL DEVICE NO_SUCH_DEVICE :There is no device with that number: see DEVICE LIST",
    "V: #lobby | error there is no device with that number: /devices lists them",
    "S: :irc.lab FAIL DEVICE OTHER 7 :Why", "V: server | error 7: Why")

TRANSCRIPT(test_rooms_are_listed_in_order, "online", "U: /list", "C: LIST",
           "S: :irc.lab 321 ada Channel :Users Name", "S: :irc.lab 322 ada #tea 2 :hot",
           "S: :irc.lab 322 ada #lobby 40 :", "S: :irc.lab 322 ada #ale 2 :\00204cold",
           "S: :irc.lab 322 ada", "V: #lobby | join ada", "S: :irc.lab 323 ada :End",
           "V: #lobby | server #lobby   40\n#ale      2  04cold\n#tea      2  hot {looks}", "PONG",
           "U: /list #x", "C: LIST #x", "S: :irc.lab 323 ada :End",
           "V: #lobby | server no rooms are listed", "S: :irc.lab 322 ada #x 1 :left")

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reactions_and_removals),
        cmocka_unit_test(test_a_labelled_nick),
        cmocka_unit_test(test_what_is_sent_about_a_message),
        cmocka_unit_test(test_who_answers_me_speaks_to_me),
        cmocka_unit_test(test_what_the_server_does_not_pass_on_is_not_there),
        cmocka_unit_test(test_without_echoes_a_reaction_holds_at_once),
        cmocka_unit_test(test_others_may_not_be_taken_back_by_everybody),
        cmocka_unit_test(test_others_are_told_that_one_types),
        cmocka_unit_test(test_typing_is_not_told_where_it_is_not_wanted),
        cmocka_unit_test(test_what_is_read_is_told),
        cmocka_unit_test(test_what_is_read_is_told_before_one_leaves),
        cmocka_unit_test(test_how_a_text_looks_is_sent_with_it),
        cmocka_unit_test(test_a_room_without_looks),
        cmocka_unit_test(test_several_lines_are_one_message),
        cmocka_unit_test(test_a_message_of_several_lines_is_said_again_as_one),
        cmocka_unit_test(test_a_server_that_takes_next_to_nothing),
        cmocka_unit_test(test_several_lines_of_others),
        cmocka_unit_test(test_answers_are_in_words),
        cmocka_unit_test(test_refusals_are_in_words),
        cmocka_unit_test(test_rooms_are_listed_in_order),
        cmocka_unit_test(test_a_long_line_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
