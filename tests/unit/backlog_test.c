/* What was said while nobody listened: transcripts, as session_world.h has them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/restore.h"
#include "client/model/scroll.h"
#include "common/alloc.h"
#include "tests/unit/session_world.h"

#define CAPS "batch draft/chathistory echo-message message-tags"

/* As far as the server's welcome. */
#define ENTER                                                                                      \
    "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L", "S: CAP * LS :" CAPS,   \
        "C: CAP REQ :" CAPS, "S: CAP * ACK :" CAPS, "C: CAP :END", "S: :irc.lab 001 ada :Welcome", \
        "S: :irc.lab 005 ada CASEMAPPING=ascii CHATHISTORY=3 SNUG.CHAT/ID :are supported"

#define JOINED(id) "S: @msgid=" id " :ada!a@h JOIN #lobby"

/* The first time, with nothing said before; one line is heard then. */
#define FIRST                                                                                      \
    ENTER, JOINED("j1"), "PONG", "C: CHATHISTORY LATEST #lobby * :3",                              \
        "S: :irc.lab BATCH +p chathistory #lobby", "S: :irc.lab BATCH -p",                         \
        "S: @msgid=m1 :bob!b@h PRIVMSG #lobby :one"

#define LOST "T: 5000", "lost", "T: 31000"

#define AGAIN(id) ENTER, "C: JOIN :#lobby", JOINED(id), "PONG"

#define NO_TARGETS(from, to)                                                                       \
    "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:06:" from ".000Z timestamp=2026-11-18T11:0" to \
    ".000Z :100",                                                                                  \
        "S: :irc.lab BATCH +t draft/chathistory-targets", "S: :irc.lab BATCH -t"

#define FOUND NO_TARGETS("35", "7:26")

#define SAYS(id, text) "S: @batch=p;msgid=" id " :bob!b@h PRIVMSG #lobby :" text

TRANSCRIPT(test_who_comes_in_sees_the_last_page, ENTER, JOINED("j1"),
           "S: @msgid=m4 :bob!b@h PRIVMSG #lobby :four", "PONG",
           "C: CHATHISTORY LATEST #lobby * :3", "S: :irc.lab BATCH +p chathistory #lobby",
           SAYS("m2", "two"), SAYS("m3", "three"), SAYS("m4", "four"), "S: :irc.lab BATCH -p",
           "quiet", "A: #lobby | talk bob two / talk bob three / join ada / talk bob four")

/* What is said of the connection before stays at the end, where it is seen, and in the server's buffer. */
static void test_the_past_stands_above_what_the_visit_began_with(void **state)
{
    (void)state;
    static const char *const rooms[] = {"#lobby", NULL};
    static const char *const script[] = {
        "connect",
        "C: CAP LS :302",
        "C: NICK :ada",
        "C: USER ada 0 * :Ada L",
        "S: CAP * LS :" CAPS,
        "C: CAP REQ :" CAPS,
        "S: CAP * ACK :" CAPS,
        "C: CAP :END",
        "S: :irc.lab 433 * ada :Nickname is owned by somebody else",
        "V: #lobby | error ada: Nickname is owned by somebody else",
        "V: server | server ada: Nickname is owned by somebody else",
        "C: NICK :ada_",
        "S: :irc.lab 001 ada_ :Welcome",
        "C: JOIN :#lobby",
        "S: @msgid=j1 :ada_!a@h JOIN #lobby",
        "PONG",
        "C: NICK :ada",
        "C: CHATHISTORY LATEST #lobby * :100",
        "S: :irc.lab BATCH +p chathistory #lobby",
        SAYS("m2", "two"),
        SAYS("m3", "three"),
        "S: :irc.lab BATCH -p",
        "A: #lobby | talk bob two / talk bob three / "
        "error ada: Nickname is owned by somebody else / join ada_",
        NULL,
    };
    struct world w;
    world_init(&w, rooms);
    world_play(&w, script);
    world_release(&w);
}

#define MARKED "batch draft/chathistory draft/read-marker message-tags server-time"

/* Who begins sees what was said to him meanwhile and not read elsewhere, and no more. */
TRANSCRIPT(test_what_was_said_in_private_before, "connect", "C: CAP LS :302", "C: NICK :ada",
           "C: USER ada 0 * :Ada L", "S: CAP * LS :" MARKED, "C: CAP REQ :" MARKED,
           "S: CAP * ACK :" MARKED, "C: CAP :END", "S: :irc.lab 001 ada :Welcome", "PONG",
           "C: CHATHISTORY TARGETS timestamp=2026-11-11T11:06:30.000Z "
           "timestamp=2026-11-18T11:06:50.000Z :100",
           "S: :irc.lab BATCH +t draft/chathistory-targets",
           "S: @batch=t :irc.lab CHATHISTORY TARGETS bob 2026-11-18T10:00:02.000Z",
           "C: MARKREAD :bob",
           "S: @batch=t :irc.lab CHATHISTORY TARGETS cy 2026-11-18T10:00:03.000Z",
           "C: MARKREAD :cy",
           "S: @batch=t :irc.lab CHATHISTORY TARGETS dan 2026-11-18T10:00:04.000Z",
           "C: MARKREAD :dan", "S: :irc.lab BATCH -t",
           "S: :irc.lab MARKREAD bob :timestamp=2026-11-18T10:00:01.000Z",
           "C: CHATHISTORY LATEST bob * :100",
           "S: :irc.lab MARKREAD cy :timestamp=2026-11-18T10:00:03.000Z",
           "S: :irc.lab MARKREAD dan :*", "C: CHATHISTORY LATEST dan * :100", "quiet", "B: bob dan",
           "S: :irc.lab BATCH +p chathistory bob",
           "S: @batch=p;msgid=m1;time=2026-11-18T10:00:01.000Z :bob!b@h PRIVMSG ada :one",
           "S: @batch=p;msgid=m2;time=2026-11-18T10:00:02.000Z :bob!b@h PRIVMSG ada :two",
           "S: :irc.lab BATCH -p", "A: bob | talk bob one / ---- talk bob two",
           "S: :irc.lab MARKREAD cy :*", "B: bob dan")

#define FULL(command, room)                                                                        \
    "S: :irc.lab FAIL " command " NOT_STORED " room " :The server could not keep it"

/* A server whose log takes nothing lets nobody in: asked for again until it does. */
TRANSCRIPT(test_a_room_that_cannot_be_entered_for_now, FIRST, "S: @msgid=j2 :ada!a@h JOIN #tea",
           "C: CHATHISTORY LATEST #tea * :3", "S: :irc.lab BATCH +p chathistory #tea",
           "S: :irc.lab BATCH -p", LOST, ENTER, "C: JOIN :#lobby", "C: JOIN :#tea", JOINED("j3"),
           FULL("JOIN", "#tea"), "V: #tea | error #tea: The server could not keep it", "PONG",
           FOUND, "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: :irc.lab BATCH +p chathistory #lobby", "S: :irc.lab BATCH -p", "T: 4999", "quiet",
           "T: 1", "C: JOIN :#tea", FULL("JOIN", "#tea"), "T: 4000",
           "S: :bob!b@h PRIVMSG ada :psst", "T: 1000", "C: JOIN :#tea",
           "S: @msgid=j4 :ada!a@h JOIN #tea", "C: CHATHISTORY AFTER #tea msgid=j2 :3", "T: 6000",
           "quiet")

/* What the user asks for himself is his to ask for again. */
TRANSCRIPT(test_a_room_that_the_user_cannot_enter_for_now, FIRST, "U: /join #tea", "C: JOIN :#tea",
           FULL("JOIN", "#tea"), "V: #tea | error #tea: The server could not keep it", "T: 6000",
           "quiet")

/* Another program of the user has read up to there, and this one begins where it ended. */
TRANSCRIPT(test_who_comes_in_sees_what_is_new, ENTER, JOINED("j1"),
           "S: :irc.lab MARKREAD #lobby :timestamp=2026-11-18T00:00:02.000Z", "PONG",
           "C: CHATHISTORY LATEST #lobby * :3", "S: :irc.lab BATCH +p chathistory #lobby",
           "S: @batch=p;msgid=m2;time=2026-11-18T00:00:02.000Z :bob!b@h PRIVMSG #lobby :two",
           "S: @batch=p;msgid=m3;time=2026-11-18T00:00:03.000Z :bob!b@h PRIVMSG #lobby :three",
           "S: @batch=p;msgid=m4;time=2026-11-18T00:00:04.000Z :bob!b@h PRIVMSG #lobby :four",
           "S: :irc.lab BATCH -p",
           "A: #lobby | talk bob two / ---- talk bob three / talk bob four / join ada")

TRANSCRIPT(
    test_a_gap_is_filled_in_order, FIRST, LOST, AGAIN("j2"),
    "S: @msgid=m8 :bob!b@h PRIVMSG #lobby :eight", FOUND, "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
    "S: @msgid=m9 :bob!b@h PRIVMSG #lobby :nine", "S: :irc.lab BATCH +p chathistory #lobby",
    SAYS("m2", "two"), SAYS("m3", "three"),
    "S: @batch=p;msgid=m4 :ada!a@h PRIVMSG #lobby :elsewhere", "S: :irc.lab BATCH -p",
    "C: CHATHISTORY AFTER #lobby msgid=m4 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    SAYS("m5", "five"), SAYS("m8", "eight"), SAYS("m9", "nine"), "S: :irc.lab BATCH -p",
    "C: CHATHISTORY AFTER #lobby msgid=m9 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    "S: :irc.lab BATCH -p", "quiet",
    "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- talk bob two / "
    "talk bob three / talk ada elsewhere / talk bob five / join ada / "
    "note connected again after 31 s / talk bob eight / talk bob nine")

/* With events in the history our own JOIN says that the rest was heard. */
TRANSCRIPT(test_events_too, FIRST, LOST, AGAIN("j2"), "S: @msgid=m8 :bob!b@h PRIVMSG #lobby :eight",
           FOUND, "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: :irc.lab BATCH +p chathistory #lobby", "S: @batch=p;msgid=e1 :cy!c@h JOIN #lobby",
           "S: @batch=p;msgid=e2 :cy!c@h QUIT :tired", "S: @batch=p;msgid=e3 :bob!b@h NICK bert",
           "S: :irc.lab BATCH -p", "C: CHATHISTORY AFTER #lobby msgid=e3 :3",
           "S: :irc.lab BATCH +p chathistory #lobby", "S: @batch=p;msgid=j2 :ada!a@h JOIN #lobby",
           SAYS("m8", "eight"), SAYS("m9", "nine"), "S: :irc.lab BATCH -p", "quiet",
           "N: #lobby | ada",
           "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- join cy / "
           "quit cy tired / rename bob bert / join ada / note connected again after 31 s / "
           "talk bob eight")

TRANSCRIPT(
    test_cut_off_while_it_is_filled, FIRST, LOST, AGAIN("j2"), FOUND,
    "C: CHATHISTORY AFTER #lobby msgid=m1 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    SAYS("m2", "two"), SAYS("m3", "three"), "S: @msgid=m6 :bob!b@h PRIVMSG #lobby :six", "T: 1000",
    "lost", "T: 9000", AGAIN("j3"),
    "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:07:07.000Z timestamp=2026-11-18T11:07:36.000Z "
    ":100",
    "S: :irc.lab BATCH +t draft/chathistory-targets", "S: :irc.lab BATCH -t",
    "C: CHATHISTORY AFTER #lobby msgid=m3 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    SAYS("m4", "four"), SAYS("m6", "six"), SAYS("m7", "seven"), "S: :irc.lab BATCH -p",
    "C: CHATHISTORY AFTER #lobby msgid=m7 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    "S: :irc.lab BATCH -p",
    "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- talk bob two / "
    "talk bob three / talk bob four / join ada / note connected again after 31 s / talk bob six / "
    "talk bob seven / note disconnected: reset / join ada / note connected again after 9 s")

/* Our JOIN has come, and so all of the gap; the end of the page has not. */
TRANSCRIPT(
    test_cut_off_when_it_is_filled, FIRST, LOST, AGAIN("j2"),
    "S: @msgid=m3 :bob!b@h PRIVMSG #lobby :three", FOUND, "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
    "S: :irc.lab BATCH +p chathistory #lobby", SAYS("m2", "two"),
    "S: @batch=p;msgid=j2 :ada!a@h JOIN #lobby", "T: 1000", "lost", "T: 9000", AGAIN("j3"),
    "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:07:07.000Z timestamp=2026-11-18T11:07:36.000Z "
    ":100",
    "S: :irc.lab BATCH +t draft/chathistory-targets", "S: :irc.lab BATCH -t",
    "C: CHATHISTORY AFTER #lobby msgid=m3 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    SAYS("m4", "four"), "S: @batch=p;msgid=j3 :ada!a@h JOIN #lobby", "S: :irc.lab BATCH -p",
    "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- talk bob two / "
    "join ada / note connected again after 31 s / talk bob three / note disconnected: reset / "
    "talk bob four / join ada / note connected again after 9 s")

TRANSCRIPT(
    test_a_server_that_cannot_tell, "online", "S: :bob!b@h PRIVMSG #lobby :one", LOST, "online",
    "C: JOIN :#lobby",
    "A: #lobby | join ada / talk bob one / note disconnected: reset / join ada / "
    "note missed 31 s: this server cannot show what was said / note connected again after 31 s")

TRANSCRIPT(test_a_server_that_fails, FIRST, LOST, AGAIN("j2"), FOUND,
           "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: FAIL CHATHISTORY MESSAGE_ERROR AFTER #lobby :no such message", "quiet",
           "V: #lobby | note missed 31 s: this server cannot show what was said")

/* Its disk was not to be read just then: nothing is missed yet. */
TRANSCRIPT(test_a_server_that_fails_for_now, FIRST, LOST, AGAIN("j2"),
           "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:06:35.000Z "
           "timestamp=2026-11-18T11:07:26.000Z :100",
           "S: FAIL CHATHISTORY MESSAGE_ERROR TARGETS * NOT_READ :not now",
           "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: FAIL CHATHISTORY MESSAGE_ERROR AFTER #lobby NOT_READ :not now", "quiet", "T: 4999",
           "quiet", "V: #lobby | note connected again after 31 s", "T: 1",
           "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:06:35.000Z "
           "timestamp=2026-11-18T11:07:31.000Z :100",
           "C: CHATHISTORY AFTER #lobby msgid=m1 :3", "S: :irc.lab BATCH +p chathistory #lobby",
           SAYS("m2", "two"), "S: @batch=p;msgid=j2 :ada!a@h JOIN #lobby", "S: :irc.lab BATCH -p",
           "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- "
           "talk bob two / join ada / note connected again after 31 s")

/* What was heard in between hides nothing, if we are not let in at once next time. */
TRANSCRIPT(test_a_gap_waits_for_who_is_not_let_in, FIRST, LOST, AGAIN("j2"), FOUND,
           "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: FAIL CHATHISTORY MESSAGE_ERROR AFTER #lobby NOT_READ :not now",
           "S: @msgid=m3 :bob!b@h PRIVMSG #lobby :three", "T: 1000", "lost", "T: 9000", ENTER,
           "C: JOIN :#lobby", "S: FAIL JOIN NOT_STORED #lobby :not now", "PONG",
           "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:07:07.000Z "
           "timestamp=2026-11-18T11:07:36.000Z :100",
           "S: :irc.lab BATCH +t draft/chathistory-targets", "S: :irc.lab BATCH -t", "quiet",
           "T: 5000", "C: JOIN :#lobby", JOINED("j3"), "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: :irc.lab BATCH +p chathistory #lobby", SAYS("m2", "two"),
           "S: @batch=p;msgid=j2 :ada!a@h JOIN #lobby", SAYS("m3", "three"), "S: :irc.lab BATCH -p",
           "C: CHATHISTORY AFTER #lobby msgid=m3 :3", "S: :irc.lab BATCH +p chathistory #lobby",
           "S: @batch=p;msgid=j3 :ada!a@h JOIN #lobby", "S: :irc.lab BATCH -p", "quiet",
           "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- "
           "talk bob two / join ada / note connected again after 31 s / talk bob three / "
           "note disconnected: reset / error #lobby: not now / note connected again after 9 s / "
           "join ada")

TRANSCRIPT(test_a_server_that_never_answers, FIRST, LOST, AGAIN("j2"), FOUND,
           "C: CHATHISTORY AFTER #lobby msgid=m1 :3", "T: 19999",
           "V: #lobby | note connected again after 31 s", "T: 1", "quiet",
           "V: #lobby | note missed 31 s: this server cannot show what was said")

/* What may have arrived is looked for before it is said again. */
TRANSCRIPT(
    test_own_lines_found_in_the_history, FIRST, "U: heard", "U: lost",
    "C: @+snug.chat/id=0000000000005eed-4.0 PRIVMSG #lobby :heard",
    "C: @+snug.chat/id=0000000000005eed-5.0 PRIVMSG #lobby :lost", LOST, "U: new", AGAIN("j2"),
    FOUND, "C: CHATHISTORY AFTER #lobby msgid=m1 :3", "quiet",
    "S: :irc.lab BATCH +p chathistory #lobby", SAYS("m2", "two"),
    "S: @batch=p;msgid=m3;+snug.chat/id=0000000000005eed-4.0 :ada!a@h PRIVMSG #lobby :heard",
    "S: @batch=p;msgid=j2 :ada!a@h JOIN #lobby", "S: :irc.lab BATCH -p",
    "C: @+snug.chat/id=0000000000005eed-5.0 PRIVMSG #lobby :lost",
    "C: @+snug.chat/id=0000000000005eed-8.0 PRIVMSG #lobby :new", "quiet",
    "S: @msgid=m5;+snug.chat/id=0000000000005eed-5.0 :ada!a@h PRIVMSG #lobby :lost",
    "A: #lobby | join ada / talk bob one / note disconnected: reset / -- away -- talk bob two / "
    "talk ada heard / join ada / note connected again after 31 s / talk ada lost / "
    "talk ada new [pending]")

/* The server has not given up our last connection: what it was given is still on its way. */
#define GHOST                                                                                      \
    FIRST, "U: one", "U: two", "C: @+snug.chat/id=0000000000005eed-4.0 PRIVMSG #lobby :one",       \
        "C: @+snug.chat/id=0000000000005eed-5.0 PRIVMSG #lobby :two", LOST, "connect",             \
        "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L", "S: CAP * LS :" CAPS,          \
        "C: CAP REQ :" CAPS, "S: CAP * ACK :" CAPS, "C: CAP :END", "S: 433 * ada :in use",         \
        "C: NICK :ada_", "S: :irc.lab 001 ada_ :Welcome",                                          \
        "S: :irc.lab 005 ada_ CHATHISTORY=3 SNUG.CHAT/ID :are supported", "C: JOIN :#lobby",       \
        "S: @msgid=j2 :ada_!a@h JOIN #lobby", "PONG",                                              \
        "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:06:35.000Z "                               \
        "timestamp=2026-11-18T11:07:26.000Z :100",                                                 \
        "C: NICK :ada", "S: :irc.lab BATCH +t draft/chathistory-targets", "S: :irc.lab BATCH -t",  \
        "S: 433 ada_ ada :in use", "C: CHATHISTORY AFTER #lobby msgid=m1 :3",                      \
        "S: :irc.lab BATCH +p chathistory #lobby", "S: :irc.lab BATCH -p", "quiet"

TRANSCRIPT(test_a_ghost_says_it, GHOST,
           "S: @msgid=m2;+snug.chat/id=0000000000005eed-4.0 :ada!a@h PRIVMSG #lobby :one", "quiet",
           "S: :ada!a@h QUIT :gone", "C: NICK :ada", "S: :ada_!a@h NICK ada",
           "C: @+snug.chat/id=0000000000005eed-5.0 PRIVMSG #lobby :two",
           "A: #lobby | join ada / talk bob one / note disconnected: reset / join ada_ / "
           "note connected again after 31 s / talk ada one / rename ada_ ada / "
           "talk ada two [pending]")

TRANSCRIPT(test_somebody_who_stays, GHOST, "T: 59999", "quiet", "T: 1",
           "C: @+snug.chat/id=0000000000005eed-4.0 PRIVMSG #lobby :one",
           "C: @+snug.chat/id=0000000000005eed-5.0 PRIVMSG #lobby :two")

/* Said again, it is answered with the first one's echo, and was shown from the history already. */
TRANSCRIPT(test_an_echo_of_what_was_shown, FIRST, "U: hello",
           "C: @+snug.chat/id=0000000000005eed-4.0 PRIVMSG #lobby :hello",
           "S: @msgid=m2 :ada!a@h PRIVMSG #lobby :from my phone",
           "S: @msgid=m2;+snug.chat/id=0000000000005eed-4.0 :ada!a@h PRIVMSG #lobby :hello",
           "A: #lobby | join ada / talk bob one / talk ada hello")

TRANSCRIPT(
    test_conversations_that_went_on, FIRST, "S: @msgid=p1 :bob!b@h PRIVMSG ada :psst", LOST,
    AGAIN("j2"),
    "C: CHATHISTORY TARGETS timestamp=2026-11-18T11:06:35.000Z timestamp=2026-11-18T11:07:26.000Z "
    ":100",
    "C: CHATHISTORY AFTER #lobby msgid=m1 :3", "S: :irc.lab BATCH +p chathistory #lobby",
    "S: :irc.lab BATCH -p", "S: :irc.lab BATCH +t draft/chathistory-targets",
    "S: @batch=t CHATHISTORY TARGETS bob 2026-11-18T11:07:00.000Z",
    "S: @batch=t CHATHISTORY TARGETS cy 2026-11-18T11:07:01.000Z", "S: :irc.lab BATCH -t",
    "C: CHATHISTORY AFTER bob msgid=p1 :3", "C: CHATHISTORY LATEST cy * :3",
    "S: :irc.lab BATCH +b chathistory bob",
    "S: @batch=b;msgid=p2 :bob!b@h PRIVMSG ada :are you there?",
    "S: @batch=b;msgid=p3 :ada!a@h PRIVMSG bob :from my phone", "S: :irc.lab BATCH -b",
    "C: CHATHISTORY AFTER bob msgid=p3 :3", "S: :irc.lab BATCH +b chathistory bob",
    "S: :irc.lab BATCH -b", "S: :irc.lab BATCH +b chathistory cy",
    "S: @batch=b;msgid=q1 :cy!c@h PRIVMSG ada :hello", "S: :irc.lab BATCH -b", "quiet",
    "A: bob | -- away -- talk bob psst / note disconnected: reset / talk bob are you there? / "
    "talk ada from my phone / note connected again after 31 s",
    "A: cy | -- away -- talk cy hello")

TRANSCRIPT(test_a_message_of_several_lines, FIRST, LOST, AGAIN("j2"),
           "S: @msgid=m2 :bob!b@h PRIVMSG #lobby :long", "S: :bob!b@h PRIVMSG #lobby :and longer",
           FOUND, "C: CHATHISTORY AFTER #lobby msgid=m1 :3",
           "S: :irc.lab BATCH +p chathistory #lobby", SAYS("m2", "long"),
           "S: @batch=p :bob!b@h PRIVMSG #lobby :and longer", "S: :irc.lab BATCH -p",
           "C: CHATHISTORY AFTER #lobby msgid=m2 :3", "S: :irc.lab BATCH +p chathistory #lobby",
           "S: :irc.lab BATCH -p",
           "A: #lobby | join ada / talk bob one / note disconnected: reset / join ada / "
           "note connected again after 31 s / talk bob long / talk bob and longer")

TRANSCRIPT(test_nonsense_from_the_server, FIRST, "S: :irc.lab BATCH +p chathistory #lobby",
           "S: :irc.lab BATCH +p chathistory", "S: @batch=p CHATHISTORY",
           "S: @batch=p CHATHISTORY TARGETS", "S: CHATHISTORY TARGETS x y", "S: FAIL CHATHISTORY",
           "S: FAIL CHATHISTORY X", "S: @batch=p;msgid= :bob!b@h PRIVMSG #lobby :x",
           "S: @batch=p :bob!b@h QUIT", "S: @batch=p :ada!a@h QUIT", "S: @batch=p AWAY",
           "S: :irc.lab BATCH -p", "S: :irc.lab BATCH -p", "V: #lobby | talk bob x",
           "N: #lobby | ada")

/* Scrolling up asks for the page before, and for no more once there is none. */
static void test_older_lines(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    world_play(&w, (const char *const[]){FIRST, NULL});
    for (int i = 0; i < 3; i++)
        scroll_pages(w.model, 1);
    world_step(&w);
    world_play(&w, (const char *const[]){"C: CHATHISTORY BEFORE #lobby msgid=j1 :3", "quiet",
                                         "S: @msgid=m5 :bob!b@h PRIVMSG #lobby :five",
                                         "S: :irc.lab BATCH +p chathistory #lobby",
                                         SAYS("m-1", "minus one"), SAYS("m0", "zero"),
                                         "S: :irc.lab BATCH -p", "quiet",
                                         "A: #lobby | talk bob minus one / talk bob zero / join "
                                         "ada / talk bob one / talk bob five",
                                         NULL});
    scroll_pages(w.model, 1);
    world_step(&w);
    world_play(&w, (const char *const[]){"C: CHATHISTORY BEFORE #lobby msgid=m-1 :3",
                                         "S: :irc.lab BATCH +p chathistory #lobby",
                                         "S: :irc.lab BATCH -p", NULL});
    scroll_pages(w.model, 1);
    world_step(&w);
    world_act(&w, "quiet");
    world_release(&w);
}

/* A gap is never more than a buffer holds, and a full buffer stays bounded. */
static void test_a_gap_without_end(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, NULL);
    world_play(&w, (const char *const[]){FIRST, LOST, AGAIN("j2"), FOUND, NULL});
    int pages = 0, n = 0;
    for (; w.sent.len > 0; pages++) {
        assert_memory_equal(w.sent.data, "CHATHISTORY AFTER #lobby msgid=", 31);
        str_reset(&w.sent);
        world_act(&w, "S: :irc.lab BATCH +p chathistory #lobby");
        for (int i = 0; i < 100; i++) {
            char line[100];
            snprintf(line, sizeof(line), "S: @batch=p;msgid=x%d :bob!b@h PRIVMSG #lobby :x", n++);
            world_act(&w, line);
        }
        world_act(&w, "S: :irc.lab BATCH -p");
    }
    assert_int_equal(pages, 200);
    const struct buffer *lobby = model_find(w.model, "#lobby");
    assert_int_equal(buffer_line_count(lobby), BUFFER_LINES_MAX);
    buffer_check(lobby);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_in_sees_the_last_page),
        cmocka_unit_test(test_the_past_stands_above_what_the_visit_began_with),
        cmocka_unit_test(test_what_was_said_in_private_before),
        cmocka_unit_test(test_a_room_that_cannot_be_entered_for_now),
        cmocka_unit_test(test_a_room_that_the_user_cannot_enter_for_now),
        cmocka_unit_test(test_who_comes_in_sees_what_is_new),
        cmocka_unit_test(test_a_gap_is_filled_in_order),
        cmocka_unit_test(test_events_too),
        cmocka_unit_test(test_cut_off_when_it_is_filled),
        cmocka_unit_test(test_cut_off_while_it_is_filled),
        cmocka_unit_test(test_a_server_that_cannot_tell),
        cmocka_unit_test(test_a_server_that_fails),
        cmocka_unit_test(test_a_server_that_fails_for_now),
        cmocka_unit_test(test_a_gap_waits_for_who_is_not_let_in),
        cmocka_unit_test(test_a_server_that_never_answers),
        cmocka_unit_test(test_own_lines_found_in_the_history),
        cmocka_unit_test(test_a_ghost_says_it),
        cmocka_unit_test(test_somebody_who_stays),
        cmocka_unit_test(test_an_echo_of_what_was_shown),
        cmocka_unit_test(test_conversations_that_went_on),
        cmocka_unit_test(test_a_message_of_several_lines),
        cmocka_unit_test(test_nonsense_from_the_server),
        cmocka_unit_test(test_older_lines),
        cmocka_unit_test(test_a_gap_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
