/* The session as transcripts: see session_world.h. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/command.h"
#include "client/model/restore.h"
#include "client/model/speech.h"
#include "client/model/traffic.h"
#include "client/session/isupport.h"
#include "client/session/session.h"
#include "client/session/split.h"
#include "common/alloc.h"
#include "common/text.h"
#include "tests/unit/session_world.h"

TRANSCRIPT(test_a_fence_acknowledges_lines, "online", "U: hello", "C: PRIVMSG #lobby :hello",
           "V: #lobby | talk ada hello [pending]", "U: second", "C: PRIVMSG #lobby :second",
           /* The PING behind the first line covers that one alone. */
           "PONG", "V: #lobby | talk ada second [pending]", "PONG", "V: #lobby | talk ada second",
           "quiet")

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
           "S: :irc.lab 341 ada bob #x", "V: #lobby | server bob is asked into #x", "PONG")

TRANSCRIPT(test_the_ignored_are_not_heard, "online", "U: /ignore bo*",
           "S: :bob!b@h PRIVMSG #lobby :hello", "V: #lobby | join ada",
           "S: :Bob!b@h PRIVMSG ada :hello", "S: :bob!b@h PRIVMSG ada :\001VERSION\001",
           "S: :bob!b@h INVITE ada #x", "quiet", "V: #lobby | join ada",
           "S: :cy!c@h PRIVMSG #lobby :hello", "V: #lobby | talk cy hello", "U: /unignore bo*",
           "S: :bob!b@h PRIVMSG #lobby :hello", "V: #lobby | talk bob hello")

TRANSCRIPT(test_commands, "online", "U: /whois bob", "C: WHOIS bob",
           "S: :irc.lab 311 ada bob b h * :Bob", "V: #lobby | server bob is Bob (b@h)",
           "S: :irc.lab 301 ada bob :gone fishing", "V: #lobby | server bob is away: gone fishing",
           "PONG", "U: /whois", "C: WHOIS ada", "U: /who", "C: WHO #lobby", "U: /list", "C: LIST",
           "U: /list #x", "C: LIST #x", "U: /kick bob too  loud", "C: KICK #lobby bob :too  loud",
           "U: /kick bob", "C: KICK #lobby bob", "U: /ban *!*@h", "C: MODE #lobby +b *!*@h",
           "U: /invite bob", "C: INVITE bob #lobby", "U: /invite bob #x", "C: INVITE bob #x",
           "U: /mode", "C: MODE #lobby", "U: /mode +ov bob cy", "C: MODE #lobby +ov bob cy",
           "U: /mode #x -t", "C: MODE #x -t", "U: /notice bob hi there", "C: NOTICE bob :hi there",
           "U: /away gone fishing", "C: AWAY :gone fishing", "PONG",
           "S: :irc.lab 306 ada :You have been marked as being away",
           "V: #lobby | server you are away", "away", "U: /away", "C: AWAY", "PONG",
           "S: :irc.lab 305 ada :You are no longer marked as being away", "here", "U: /kick bob",
           "C: KICK #lobby bob", "S: :irc.lab 482 ada #lobby :You're not channel operator",
           "V: #lobby | error #lobby: You're not channel operator")

TRANSCRIPT(test_who_comes_again_is_there, "online", "S: :irc.lab 306 ada :You are away", "away",
           "lost", "online", "here")

TRANSCRIPT(test_ranks_are_given, "online", "U: /op bob", "C: MODE #lobby +o bob", "U: /deop bob cy",
           "C: MODE #lobby -oo bob cy", "U: /voice bob", "C: MODE #lobby +v bob", "U: /devoice bob",
           "C: MODE #lobby -v bob", "PONG", "U: /oper root pass word", "C: OPER root :pass word",
           "S: :irc.lab 464 ada :Password incorrect", "V: #lobby | error Password incorrect",
           "PONG", /* What holds a password is not called back. */
           "K: /OPER root word<Enter><Up>", "C: OPER root :word", "K: hi<Enter>",
           "C: PRIVMSG #lobby :hi", "PONG", "PONG", "U: /whowas bob", "C: WHOWAS bob",
           "S: :irc.lab 314 ada bob b h * :Bob", "V: #lobby | server bob was Bob (b@h)",
           "S: :irc.lab 369 ada bob :End", "PONG", "U: /j tea", "C: JOIN :#tea", "U: /w bob*",
           "C: WHO bob*", "U: /W", "C: WHO #tea")

TRANSCRIPT(test_ctcp_is_asked, WITH_CAPS("echo-message"), "U: /ctcp bob version",
           "C: PRIVMSG bob :\001VERSION\001", "S: :ada!ada@host PRIVMSG bob :\001VERSION\001",
           "quiet", "V: server | server Welcome", "PONG", "U: /query cy",
           "S: :bob!b@h NOTICE ada :\001VERSION irssi\001",
           "V: #lobby | server bob answers VERSION: irssi",
           "S: :cy!c@h NOTICE ada :\001VERSION what\001",
           "V: server | server cy answers VERSION: what", "U: /ctcp cy ping 1 a",
           "C: PRIVMSG cy :\001PING 1 a\001", "S: :irc.lab 401 ada cy :No such nick",
           "V: cy | error there is nobody and no room called cy")

/* The account, else the host, else the nick; each can be undone. */
TRANSCRIPT(test_who_is_banned_by_nick, "online", "U: /ban bob", "C: WHOIS bob",
           "S: :irc.lab 311 ada Bob b bob.host * :Bob", "S: :irc.lab 319 ada Bob :#lobby",
           "S: :irc.lab 330 ada Bob robert :is logged in as", "S: :irc.lab 318 ada Bob :End",
           "V: #lobby | server to keep bob out: a ban on *!*@bob.host",
           "C: MODE #lobby +b *!*@bob.host", "S: :irc.lab 005 ada EXTBAN=~,am :are supported",
           "PONG", "PONG", "U: /ban bob", "C: WHOIS bob",
           "S: :irc.lab 311 ada Bob b bob.host * :Bob",
           "S: :irc.lab 330 ada Bob robert :is logged in as", "U: /query bob",
           "S: :irc.lab 318 ada Bob :End", "V: #lobby | server to keep bob out: a ban on ~a:robert",
           "C: MODE #lobby +b ~a:robert", "PONG", "PONG", "U: /buffer #lobby", "U: /unban bob",
           "C: WHOIS bob", "S: :irc.lab 311 ada Bob b bob.host * :Bob",
           "S: :irc.lab 330 ada Bob robert :is logged in as", "S: :irc.lab 318 ada Bob :End",
           "V: #lobby | server to let bob in again: no bans on ~a:robert, *!*@bob.host, bob!*@*",
           "C: MODE #lobby -bbb ~a:robert *!*@bob.host bob!*@*", "PONG", "PONG",
           "S: :irc.lab 005 ada EXTBAN=,R ACCOUNTEXTBAN=account,R :are supported", "U: /unban cy",
           "C: WHOIS cy", "S: :irc.lab 401 ada cy :No such nick", "S: :irc.lab 318 ada cy :End",
           "C: MODE #lobby -bb account:cy cy!*@*", "U: /unban *!*@h", "C: MODE #lobby -b *!*@h",
           "PONG", "PONG", "U: /ban cy", "C: WHOIS cy", "S: :irc.lab 401 ada cy :No such nick",
           "C: MODE #lobby +b cy!*@*", "PONG", "PONG",
           /* Who asks for himself is answered. */
           "U: /whois bob", "C: WHOIS bob", "S: :irc.lab 330 ada bob robert :is logged in as",
           "V: #lobby | server bob is logged in as robert", "PONG", "U: /ban bob", "C: WHOIS bob",
           "lost", "online", "C: JOIN :#lobby", "S: :irc.lab 318 ada bob :End", "quiet")

TRANSCRIPT(test_commands_of_operators, "online", "U: /ban bob 1h", "C: TIMEDBAN #lobby 1h bob",
           "U: /ban *!*@h 1d12h too  loud", "C: TIMEDBAN #lobby 1d12h *!*@h :too  loud",
           "U: /kline bob", "C: KLINE bob", "U: /kline bob too loud", "C: KLINE bob :too loud",
           "U: /kline 2h bob too loud", "C: KLINE 2h bob :too loud", "U: /kline 7d 10.1.0.0/16",
           "C: KLINE 7d 10.1.0.0/16", "U: /unkline 10.1.0.0/16", "C: UNKLINE 10.1.0.0/16", "PONG",
           "U: /kill bob", "C: KILL bob :No reason given", "U: /kill bob too loud",
           "C: KILL bob :too loud", "U: /kill bob 10m", "C: KILL bob 10m :No reason given",
           "U: /kill bob 10m too loud", "C: KILL bob 10m :too loud", "U: /admit bob",
           "C: ADMIT bob", "U: /admit", "C: ADMIT", "U: /unadmit bob", "C: UNADMIT bob",
           "U: /grant bob", "C: GRANT bob", "PONG", "U: /revoke bob", "C: REVOKE bob",
           "U: /release bob", "C: RELEASE bob", "S: :irc.lab 421 ada RELEASE :Unknown command",
           "V: #lobby | error the server knows no command RELEASE")

TRANSCRIPT(test_modes_change_signs, "online", "S: :ada!a@h MODE #lobby +o bob",
           "N: #lobby | @ada @bob", "V: #lobby | mode ada +o bob",
           "S: :ada!a@h MODE #lobby +vbl-o bob *!*@x 5 ada",
           /* Whether ada is voiced only the server knows. */
           "N: #lobby | ada @bob", "C: NAMES :#lobby", "S: :irc.lab 353 ada = #lobby :+ada @+bob",
           "N: #lobby | +ada @bob", "V: #lobby | mode ada +vbl-o bob *!*@x 5 ada", "quiet")

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
           "V: #tea | error #lobby: Cannot send to channel", "PONG", "U: /raw FROB x", "C: FROB x",
           "S: :irc.lab 421 ada FROB :Unknown command",
           "V: #tea | error the server knows no command FROB", "PONG", "U: /nick b!c",
           "C: NICK :b!c", "S: :irc.lab 432 ada b!c :Erroneous nickname",
           "V: #tea | error b!c: Erroneous nickname", "quiet")

TRANSCRIPT(test_a_room_that_may_not_be_entered, "online", "U: /join #secret", "C: JOIN :#secret",
           "S: :irc.lab 474 ada #secret :You are banned", "V: #lobby | join ada",
           "A: #secret | error #secret: you are kept out (banned)", "lost", "online",
           "C: JOIN :#lobby", "quiet", "U: /close", "B: #lobby", "U: /join #a,#b", "C: JOIN :#a,#b",
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

TRANSCRIPT(test_names_and_topic_on_request, "online", "U: /names", "C: NAMES :#lobby",
           "S: :irc.lab 353 ada = #lobby :@ada!a@h bob!b@h ", "V: #lobby | server #lobby: @ada bob",
           "S: :irc.lab 366 ada #lobby :End", "PONG", "U: /topic", "C: TOPIC :#lobby",
           "S: :irc.lab 331 ada #lobby :No topic is set", "V: #lobby | server no topic is set",
           "PONG", "U: /topic tea at five", "C: TOPIC #lobby :tea at five",
           "S: :ada!a@h TOPIC #lobby :tea at five", "V: #lobby | topic ada tea at five", "PONG",
           "U: /topic #lobby", "C: TOPIC :#lobby", "U: /query bob", "U: /topic #LOBBY cake",
           "C: TOPIC #lobby :cake", "U: /topic #lobby -", "C: TOPIC #lobby :", "U: /buffer #lobby",
           "U: /topic #tag of the day", "C: TOPIC #lobby :#tag of the day", "PONG",
           /* What there is can be changed. */
           "K: /topic <Tab>, sharp<Enter>", "C: TOPIC #lobby :tea at five, sharp", "U: /query bob",
           "K: /topic #lobby <Tab>!<Enter>", "C: TOPIC #lobby :tea at five!", "U: /buffer #lobby",
           "K: /topic for b<Tab><Enter>", "C: TOPIC #lobby :for bob",
           "S: :ada!a@h TOPIC #lobby :", "PONG", "K: /topic <Tab>x<Enter>", "C: TOPIC #lobby :x")

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
           "S: :", "V: server | error the server sent a line that is none of IRC",
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

/* Where the user can begin to type before there is a connection. */
static void test_the_lobby(void **state)
{
    (void)state;
    const struct session_config config = {
        .nick = "ada", .user = "ada", .real_name = "Ada L", .lobby = "#lobby"};
    static const char *const registered[] = {"connect",
                                             "C: CAP LS :302",
                                             "C: NICK :ada",
                                             "C: USER ada 0 * :Ada L",
                                             "S: :irc.lab 001 ada :Welcome",
                                             NULL};
    for (int foreign = 0; foreign < 2; foreign++) {
        struct world w = {.now_ms = WORLD_START_MS, .model = model_new("irc.lab", "ada", NULL)};
        w.session = session_new(w.model, &config);
        str_init(&w.sent, 1 << 20);
        assert_string_equal(w.model->current->name, "#lobby");
        world_play(&w, registered);
        if (!foreign)
            world_act(&w, "S: :ada!a@h JOIN #lobby");
        world_pong(&w);
        world_act(&w, "quiet");
        assert_int_equal(model_find(w.model, "#lobby") == NULL, foreign);
        world_release(&w);
    }
}

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

static void test_split(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t max_bytes;
        const char *parts; /* with | between */
    } cases[] = {
        {"", 10, ""},
        {"hello", 10, "hello"},
        {"hello world again", 11, "hello world|again"},
        {"hello world again", 10, "hello|world|again"},
        {"\n\na\r\n\nb\n", 10, "a|b"},
        {"abcdefghij", 4, "abcd|efgh|ij"},
        {"ab cdefghij", 6, "ab|cdefgh|ij"},
        {"a bcdefghij", 6, "a bcde|fghij"}, /* the space is too far in front */
        {"\xc3\xa9\xc3\xa9\xc3\xa9", 3, "\xc3\xa9|\xc3\xa9|\xc3\xa9"},
        {"e\xcc\x81"
         "e\xcc\x81",
         4, "e\xcc\x81|e\xcc\x81"},
        {" x", 10, " x"},
    };
    struct str got;
    str_init(&got, 1000);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = cases[i].text;
        size_t len = strlen(text);
        str_reset(&got);
        while (len > 0) {
            size_t begin, part_len;
            size_t next = split_next(text, len, cases[i].max_bytes, &begin, &part_len);
            assert_true(next > 0 && next <= len);
            if (part_len > 0)
                str_addf(&got, "%s%.*s", got.len ? "|" : "", (int)part_len, text + begin);
            text += next;
            len -= next;
        }
        assert_string_equal(got.data, cases[i].parts);
    }
    str_release(&got);
}

static void test_isupport(void **state)
{
    (void)state;
    struct isupport isupport;
    isupport_init(&isupport);
    assert_true(isupport_same(&isupport, "a[\\]~B", "A{|}^b"));
    isupport_token(&isupport, "CASEMAPPING=ascii");
    assert_false(isupport_same(&isupport, "a[", "a{"));
    assert_true(isupport_same(&isupport, "aB", "Ab"));
    isupport_token(&isupport, "PREFIX=(qaohv)~&@%+");
    assert_int_equal(isupport_sign_of(&isupport, 'h'), '%');
    assert_int_equal(isupport_sign_of(&isupport, 'x'), 0);
    assert_true(isupport_rank(&isupport, '~') < isupport_rank(&isupport, '+'));
    isupport_token(&isupport, "PREFIX=(o"); /* nonsense changes nothing */
    isupport_token(&isupport, "PREFIX=(ov)@");
    assert_int_equal(isupport_sign_of(&isupport, 'q'), '~');
    isupport_token(&isupport, "CHANMODES=be,k,l,imnt,extra");
    assert_true(isupport_mode_has_argument(&isupport, 'k', false));
    assert_true(isupport_mode_has_argument(&isupport, 'l', true));
    assert_false(isupport_mode_has_argument(&isupport, 'l', false));
    assert_false(isupport_mode_has_argument(&isupport, 'n', true));
    isupport_token(&isupport, "CHANTYPES=");
    assert_false(isupport_is_room(&isupport, "#x"));
    isupport_token(&isupport, "LINELEN=4096");
    assert_int_equal(isupport.line_bytes, 4096);
    isupport_token(&isupport, "LINELEN=99999999999999999999");
    assert_int_equal(isupport.line_bytes, ISUPPORT_MAX_LINE_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fence_acknowledges_lines),
        cmocka_unit_test(test_what_others_do),
        cmocka_unit_test(test_private_words_open_their_own_buffer),
        cmocka_unit_test(test_who_is_away_is_said_where_it_was_asked),
        cmocka_unit_test(test_the_ignored_are_not_heard),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_who_comes_again_is_there),
        cmocka_unit_test(test_ranks_are_given),
        cmocka_unit_test(test_ctcp_is_asked),
        cmocka_unit_test(test_who_is_banned_by_nick),
        cmocka_unit_test(test_commands_of_operators),
        cmocka_unit_test(test_modes_change_signs),
        cmocka_unit_test(test_an_echo_acknowledges),
        cmocka_unit_test(test_an_echo_that_never_comes),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_refusals_without_labels),
        cmocka_unit_test(test_a_room_that_may_not_be_entered),
        cmocka_unit_test(test_rooms_begin_as_the_server_says),
        cmocka_unit_test(test_a_room_that_fails_to_be_entered),
        cmocka_unit_test(test_names_and_topic_on_request),
        cmocka_unit_test(test_the_connection_is_lost),
        cmocka_unit_test(test_what_is_unsure),
        cmocka_unit_test(test_with_ids_it_is_said_again),
        cmocka_unit_test(test_ctcp),
        cmocka_unit_test(test_what_makes_no_sense_costs_a_line),
        cmocka_unit_test(test_part_and_no_return),
        cmocka_unit_test(test_pings_and_error),
        cmocka_unit_test(test_wanted_rooms),
        cmocka_unit_test(test_the_lobby),
        cmocka_unit_test(test_an_earlier_run_with_ids),
        cmocka_unit_test(test_an_earlier_run_without_ids),
        cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_a_long_text),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_isupport),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
