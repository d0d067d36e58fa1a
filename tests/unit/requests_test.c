/* What the user asks the server for by a command, and what it answers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/session_world.h"

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
           "V: #lobby | error #lobby: only its operators may do that", "U: /op bob",
           "C: MODE #lobby +o bob",
           "S: :irc.lab 482 ada #lobby :You must be a channel op or higher",
           "V: #lobby | error #lobby: You must be a channel op or higher")

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

/* The account, else the host, else the nick; each can be undone. */
TRANSCRIPT(
    test_who_is_banned_by_nick, "online", "U: /ban bob", "C: WHOIS bob",
    "S: :irc.lab 311 ada Bob b bob.host * :Bob", "S: :irc.lab 319 ada Bob :#lobby",
    "S: :irc.lab 330 ada Bob robert :is logged in as", "S: :irc.lab 318 ada Bob :End",
    "V: #lobby | server keeping bob out by a ban on *!*@bob.host", "C: MODE #lobby +b *!*@bob.host",
    "S: :irc.lab 005 ada EXTBAN=~,am :are supported", "PONG", "PONG", "U: /ban bob", "C: WHOIS bob",
    "S: :irc.lab 311 ada Bob b bob.host * :Bob", "S: :irc.lab 330 ada Bob robert :is logged in as",
    "U: /query bob", "S: :irc.lab 318 ada Bob :End",
    "V: #lobby | server keeping bob out by a ban on ~a:robert", "C: MODE #lobby +b ~a:robert",
    "PONG", "PONG", "U: /buffer #lobby", "U: /unban bob", "C: WHOIS bob",
    "S: :irc.lab 311 ada Bob b bob.host * :Bob", "S: :irc.lab 330 ada Bob robert :is logged in as",
    "S: :irc.lab 318 ada Bob :End",
    "V: #lobby | server letting bob in again: lifting any ban on ~a:robert, *!*@bob.host, bob!*@*",
    "C: MODE #lobby -bbb ~a:robert *!*@bob.host bob!*@*", "PONG", "PONG",
    "S: :irc.lab 005 ada EXTBAN=,R ACCOUNTEXTBAN=account,R :are supported", "U: /unban cy",
    "C: WHOIS cy", "S: :irc.lab 401 ada cy :No such nick", "S: :irc.lab 318 ada cy :End",
    "C: MODE #lobby -bb account:cy cy!*@*", "U: /unban *!*@h", "C: MODE #lobby -b *!*@h", "PONG",
    "PONG", "U: /ban cy", "C: WHOIS cy", "S: :irc.lab 401 ada cy :No such nick",
    "C: MODE #lobby +b cy!*@*", "PONG", "PONG",
    /* Who asks for himself is answered. */
    "U: /whois bob", "C: WHOIS bob", "S: :irc.lab 330 ada bob robert :is logged in as",
    "V: #lobby | server bob is logged in as robert", "PONG", "U: /ban bob", "C: WHOIS bob", "lost",
    "online", "C: JOIN :#lobby", "S: :irc.lab 318 ada bob :End", "quiet")

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

TRANSCRIPT(test_ctcp_is_asked, WITH_CAPS("echo-message"), "U: /ctcp bob version",
           "C: PRIVMSG bob :\001VERSION\001", "S: :ada!ada@host PRIVMSG bob :\001VERSION\001",
           "quiet", "V: server | server Welcome", "PONG", "U: /query cy",
           "S: :bob!b@h NOTICE ada :\001VERSION irssi\001",
           "V: #lobby | server bob answers VERSION: irssi",
           "S: :cy!c@h NOTICE ada :\001VERSION what\001",
           "V: server | server cy answers VERSION: what", "U: /ctcp cy ping 1 a",
           "C: PRIVMSG cy :\001PING 1 a\001", "S: :irc.lab 401 ada cy :No such nick",
           "V: cy | error there is no person or room called cy")

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_who_comes_again_is_there),
        cmocka_unit_test(test_ranks_are_given),
        cmocka_unit_test(test_who_is_banned_by_nick),
        cmocka_unit_test(test_commands_of_operators),
        cmocka_unit_test(test_ctcp_is_asked),
        cmocka_unit_test(test_names_and_topic_on_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
