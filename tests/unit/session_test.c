/* The session as transcripts, see session_world.h: rooms, people, and how a connection begins and ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "client/session/session.h"
#include "tests/unit/session_world.h"

TRANSCRIPT(test_what_others_do, "online", "N: #lobby | @ada bob", "V: #lobby | join ada",
           "S: :bob!b@h PRIVMSG #lobby :morning", "V: #lobby | talk bob morning",
           "S: :bob!b@h PRIVMSG #LOBBY :\001ACTION waves\001", "V: #lobby | action bob waves",
           "S: :bob!b@h NOTICE #lobby :note", "V: #lobby | notice bob note",
           "S: :cy!c@h JOIN :#lobby", "V: #lobby | join cy", "N: #lobby | @ada bob cy",
           "S: :cy!c@h NICK :cyd", "V: #lobby | rename cy cyd", "N: #lobby | @ada bob cyd",
           "S: :cyd!c@h PART #lobby :lunch", "V: #lobby | part cyd lunch",
           "S: :bob!b@h QUIT :Connection reset", "V: #lobby | quit bob Connection reset",
           "N: #lobby | @ada", "S: :bob!b@h JOIN #lobby", "S: :ada!ada@host KICK #lobby bob :loud",
           "V: #lobby | kick bob by ada (loud)", "N: #lobby | @ada",
           "S: :bob!b@h TOPIC #lobby :tea at four", "V: #lobby | topic bob tea at four", "quiet",
           "S: :bob!b@h KICK #lobby ada :enough",
           "V: #lobby | kick ada from #lobby by bob (enough)", "N: #lobby | ")

TRANSCRIPT(test_private_words_open_their_own_buffer, "online", "S: :bob!b@h PRIVMSG ada :psst",
           "V: bob | talk bob psst", "S: :bob!b@h NICK robert", "V: robert | rename bob robert",
           "U: /msg robert what?", "C: PRIVMSG robert :what?", "PONG", "V: robert | talk ada what?",
           "S: :irc.lab 301 ada robert :gone fishing",
           "V: robert | server robert is away: gone fishing",
           /* A notice interrupts nothing. */
           "S: :services!s@h NOTICE ada :hear ye", "V: server | notice services hear ye")

/* His conversation is open, but it was in the room that he was asked about. */
TRANSCRIPT(test_who_is_away_is_said_where_it_was_asked, "online", "S: :bob!b@h PRIVMSG ada :psst",
           "V: bob | talk bob psst", "U: /invite bob #x", "C: INVITE bob #x",
           "S: :irc.lab 301 ada bob :gone fishing", "V: #lobby | server bob is away: gone fishing",
           "S: :irc.lab 341 ada bob #x", "V: #lobby | server bob is invited to #x", "PONG")

TRANSCRIPT(test_the_ignored_are_not_heard, "online", "U: /ignore bo*",
           "S: :bob!b@h PRIVMSG #lobby :hello", "V: #lobby | join ada",
           "S: :Bob!b@h PRIVMSG ada :hello", "S: :bob!b@h PRIVMSG ada :\001VERSION\001",
           "S: :bob!b@h INVITE ada #x", "quiet", "V: #lobby | join ada",
           "S: :cy!c@h PRIVMSG #lobby :hello", "V: #lobby | talk cy hello", "U: /unignore bo*",
           "S: :bob!b@h PRIVMSG #lobby :hello", "V: #lobby | talk bob hello")

TRANSCRIPT(test_modes_change_signs, "online", "S: :ada!a@h MODE #lobby +o bob",
           "N: #lobby | @ada @bob", "V: #lobby | mode ada +o bob",
           "S: :ada!a@h MODE #lobby +vbl-o bob *!*@x 5 ada",
           /* Whether ada is voiced only the server knows. */
           "N: #lobby | ada @bob", "C: NAMES :#lobby", "S: :irc.lab 353 ada = #lobby :+ada @+bob",
           "N: #lobby | +ada @bob", "V: #lobby | mode ada +vbl-o bob *!*@x 5 ada", "quiet")

TRANSCRIPT(test_a_room_that_may_not_be_entered, "online", "U: /join #secret", "C: JOIN :#secret",
           "S: :irc.lab 474 ada #secret :You are banned", "V: #lobby | join ada",
           "A: #secret | error you are banned from #secret", "lost", "online", "C: JOIN :#lobby",
           "quiet", "U: /close", "B: #lobby", "U: /join #a,#b", "C: JOIN :#a,#b",
           "S: :irc.lab 473 ada #b :no", "V: #lobby | error #b is only for those who are invited",
           "quiet")

TRANSCRIPT(test_rooms_begin_as_the_server_says, "online",
           "S: :irc.lab 005 ada CHANTYPES=!& :are supported", "U: /join &tea", "C: JOIN :&tea",
           "S: :ada!a@h JOIN &tea", "PONG", "U: /join ale", "C: JOIN :!ale",
           "S: :ada!a@h JOIN !ale", "PONG", "U: /msg &tea hi", "C: PRIVMSG &tea :hi",
           "V: &tea | talk ada hi [pending]", "B: #lobby &tea !ale", "U: /part &tea so long",
           "C: PART &tea :so long", "U: /query bob", "U: /query &tea", "B: #lobby &tea !ale bob",
           "K: !a<Tab>ho<Enter>", "C: PRIVMSG &tea :!ale ho", "PONG")

TRANSCRIPT(test_a_room_that_fails_to_be_entered, "online", "U: /join #tea", "C: JOIN :#tea",
           "S: :irc.lab FAIL JOIN NO_ROOM #tea :It is locked", "V: #tea | error #tea: It is locked",
           "V: #lobby | join ada")

TRANSCRIPT(test_ctcp, "online", "S: :bob!b@h PRIVMSG ada :\001VERSION\001",
           "C: NOTICE bob :\001VERSION snug " SNUG_VERSION "\001",
           "V: server | server bob asks for VERSION", "S: :bob!b@h PRIVMSG ada :\001PING 12 34\001",
           "C: NOTICE bob :\001PING 12 34\001", "S: :bob!b@h PRIVMSG ada :\001PING 1\001",
           "C: NOTICE bob :\001PING 1\001", "S: :bob!b@h PRIVMSG ada :\001PING 2\001",
           "quiet", /* too many */
           "S: :bob!b@h PRIVMSG ada :\001DCC SEND x\001", "quiet", "T: 10000",
           "S: :bob!b@h PRIVMSG ada :\001PING 3\001", "C: NOTICE bob :\001PING 3\001",
           "S: :bob!b@h NOTICE ada :\001VERSION irssi\001",
           "V: server | server bob answers VERSION: irssi")

TRANSCRIPT(test_what_makes_no_sense_costs_a_line, "online",
           "S: :", "V: server | error the server sent a line that is not IRC",
           "S: 999 ada oh :well", "V: server | server oh well", "S: :x FROB a b :c d",
           "V: server | server x FROB a b c d", "S: PRIVMSG #lobby",
           "V: server | server PRIVMSG #lobby", "S: 353 ada", "S: 366", "S: 332", "S: 001",
           "S: 433", "S: MODE #lobby +ovb", "S: NICK :", "S: :ada!a@h NICK :", "S: JOIN #x",
           "S: :ada!a@h JOIN bob", "S: BATCH x", "S: BATCH -x", "S: CAP ada LS", "S: CAP",
           "S: :bob!b@h KICK #lobby", "S: @batch=nope PRIVMSG ada :x",
           "S: @time=soon;label=-7 :bob!b@h PRIVMSG #lobby :still here",
           "V: #lobby | talk bob still here", "N: #lobby | @ada bob", "quiet")

TRANSCRIPT(test_part_and_no_return, "online", "U: /part #lobby bye", "C: PART #lobby :bye",
           "S: :ada!a@h PART #lobby :bye", "V: #lobby | part ada bye", "N: #lobby | ", "PONG",
           "lost", "online", "quiet")

TRANSCRIPT(test_pings_and_error, "online", "S: PING :x y", "C: PONG :x y",
           "S: ERROR :Closing link: flood", "lost",
           "V: #lobby | note disconnected: Closing link: flood")

static void test_wanted_rooms(void **state)
{
    (void)state;
    static const char *const rooms[] = {"#a", "b", NULL};
    static const char *const script[] = {
        "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L",
        /* Lines may be typed before there is a connection. */
        "U: early", "V: #a | talk ada early [pending]", "S: :irc.lab 001 ada :Welcome",
        "C: JOIN :#a", "C: JOIN :#b", "quiet", "S: :ada!a@h JOIN #a",
        "S: :irc.lab 471 ada #b :full", "PONG", "C: PRIVMSG #a :early", "PONG",
        "V: #a | talk ada early", "lost", "connect", "C: CAP LS :302", "C: NICK :ada",
        "C: USER ada 0 * :Ada L", "S: :irc.lab 001 ada :Welcome", "C: JOIN :#a", "quiet", NULL};
    struct world w;
    world_init(&w, rooms);
    world_play(&w, script);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_others_do),
        cmocka_unit_test(test_private_words_open_their_own_buffer),
        cmocka_unit_test(test_who_is_away_is_said_where_it_was_asked),
        cmocka_unit_test(test_the_ignored_are_not_heard),
        cmocka_unit_test(test_modes_change_signs),
        cmocka_unit_test(test_a_room_that_may_not_be_entered),
        cmocka_unit_test(test_rooms_begin_as_the_server_says),
        cmocka_unit_test(test_a_room_that_fails_to_be_entered),
        cmocka_unit_test(test_ctcp),
        cmocka_unit_test(test_what_makes_no_sense_costs_a_line),
        cmocka_unit_test(test_part_and_no_return),
        cmocka_unit_test(test_pings_and_error),
        cmocka_unit_test(test_wanted_rooms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
