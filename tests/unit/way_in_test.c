/* The way in: nicks, capabilities, certificates and devices; transcripts, as session_world.h has them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/session_world.h"

TRANSCRIPT(test_the_nick_is_taken, "connect", "C: CAP LS :302", "C: NICK :ada",
           "C: USER ada 0 * :Ada L", "S: :irc.lab 433 * ada :Nickname is already in use",
           "C: NICK :ada_", "S: :irc.lab 433 * ada_ :Nickname is already in use", "C: NICK :ada__",
           "S: :irc.lab 001 ada__ :Welcome", "PONG", "C: NICK :ada",
           "S: :irc.lab 433 ada__ ada :Nickname is already in use", "quiet",
           "S: :ada__!a@h JOIN #lobby", "S: :ada!x@h JOIN #lobby",
           /* The wanted one becomes free. */
           "S: :ada!x@h QUIT :Ping timeout", "C: NICK :ada", "S: :ada__!a@h NICK :ada",
           "V: #lobby | rename ada__ ada")

TRANSCRIPT(test_the_nick_is_too_long, "online", "U: /nick longer-than-nine",
           "C: NICK :longer-than-nine", "S: :ada!a@h NICK longer-than-nine", "lost", "connect",
           "C: CAP LS :302", "C: NICK :longer-than-nine", "C: USER ada 0 * :Ada L",
           "S: :irc.lab 432 * longer-than-nine :Nickname too long", "C: NICK :longer-th",
           "S: :irc.lab 433 * longer-th :Nickname is already in use", "C: NICK :longer-t_",
           "S: :irc.lab 432 * longer-t_ :It is still wrong", "C: NICK :longer-__")

TRANSCRIPT(test_a_new_nick_is_kept_over_connections, "online", "U: /nick eve", "C: NICK :eve",
           "S: :ada!a@h NICK eve", "V: server | rename ada eve", "lost", "connect",
           "C: CAP LS :302", "C: NICK :eve")

TRANSCRIPT(test_capabilities, "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L",
           "S: CAP * LS * :multi-prefix sts=port=6697 unheard-of",
           "S: CAP * LS :server-time echo-message=x sasl=PLAIN",
           "C: CAP REQ :multi-prefix server-time echo-message",
           /* Refused together: each by itself. */
           "S: CAP * NAK :multi-prefix server-time echo-message", "C: CAP REQ :multi-prefix",
           "C: CAP REQ :server-time", "C: CAP REQ :echo-message", "S: CAP * ACK :multi-prefix",
           "S: CAP * NAK :server-time", "quiet", "S: CAP * ACK :echo-message ", "C: CAP :END",
           "S: :irc.lab 001 ada :Welcome", "PONG", "S: CAP ada NEW :batch", "C: CAP REQ :batch",
           "S: CAP ada ACK :batch", "quiet")

#define WAY_IN "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L"

TRANSCRIPT(test_a_certificate_proves_who_we_are, "connect in TLS", WAY_IN,
           "S: CAP * LS :batch sasl=PLAIN,EXTERNAL", "C: CAP REQ :batch sasl",
           "S: CAP * ACK :batch sasl", "C: AUTHENTICATE :EXTERNAL", "quiet", "S: AUTHENTICATE +",
           "C: AUTHENTICATE :+", "S: :irc.lab 900 ada ada!ada@h ada :You are now logged in",
           "quiet", "S: :irc.lab 903 ada :Done", "C: CAP :END", "quiet")

TRANSCRIPT(test_who_is_not_known_by_his_certificate_comes_in_all_the_same, "connect in TLS", WAY_IN,
           "S: CAP * LS :sasl", "C: CAP REQ :sasl", "S: CAP * ACK :sasl",
           "C: AUTHENTICATE :EXTERNAL", "S: AUTHENTICATE +", "C: AUTHENTICATE :+",
           "S: :irc.lab 904 ada :Never heard of you", "C: CAP :END",
           "S: :irc.lab 433 * ada :Nickname is owned by somebody else", "C: NICK :ada_",
           "V: server | error ada: Nickname is owned by somebody else",
           "S: :irc.lab 001 ada_ :Welcome", "PONG", "C: NICK :ada",
           "S: :irc.lab 433 ada_ ada :Nickname is owned by somebody else", "quiet")

TRANSCRIPT(test_who_may_be_the_owner_is_told_how_to_come_in, "connect in TLS", WAY_IN,
           "S: CAP * LS :batch", "C: CAP REQ :batch", "S: CAP * ACK :batch", "C: CAP :END",
           "S: :irc.lab 433 * ada :Nickname is owned: prove that it is yours (SASL, DEVICE)",
           "C: NICK :ada_",
           "V: server | server if that is you on another machine: /device there shows a code, and "
           "/device CODE here lets this machine use your name, too")

TRANSCRIPT(test_a_makeshift_nick_is_not_kept_for_good, "connect in TLS", WAY_IN,
           "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl",
           "S: :irc.lab 433 * ada :Nickname is already in use", "C: NICK :ada_",
           "S: CAP * ACK :sasl", "C: AUTHENTICATE :EXTERNAL", "S: AUTHENTICATE +",
           "C: AUTHENTICATE :YWRh", "S: :irc.lab 903 ada_ :Done", "C: CAP :END")

TRANSCRIPT(test_no_certificate_is_spoken_of_where_it_is_not_wanted, "connect in TLS", WAY_IN,
           "S: CAP * LS :sasl=PLAIN,EXTERNALLY", "C: CAP :END", "quiet", "S: AUTHENTICATE +",
           "quiet", "lost", "connect", WAY_IN, "S: CAP * LS :sasl=EXTERNAL", "C: CAP :END", "quiet",
           "lost", "connect in TLS", WAY_IN, "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl",
           "S: CAP * NAK :sasl", "C: CAP :END", "quiet")

TRANSCRIPT(test_a_code_comes_before_any_proof_of_our_own, "as a new device", "connect in TLS",
           WAY_IN, "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl", "S: CAP * ACK :sasl",
           "C: DEVICE ADD 4821-0937 :phone", "quiet",
           "S: :irc.lab NOTE DEVICE ADDED eve :This device owns eve from now on", "C: NICK :eve",
           "C: CAP :END", "S: :irc.lab 900 eve eve!*@h eve :You are now logged in",
           "S: :irc.lab 001 eve :Welcome", "PONG", "lost", "connect in TLS", "C: CAP LS :302",
           "C: NICK :eve", "C: USER ada 0 * :Ada L", "S: CAP * LS :sasl=EXTERNAL",
           "C: CAP REQ :sasl", "S: CAP * ACK :sasl", "C: AUTHENTICATE :EXTERNAL")

TRANSCRIPT(test_a_code_that_is_refused_makes_no_name_ours, "as a new device", "connect in TLS",
           WAY_IN, "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl", "S: CAP * ACK :sasl",
           "C: DEVICE ADD 4821-0937 :phone",
           "S: :irc.lab FAIL DEVICE INVALID_CODE :There is no such code",
           "V: server | error There is no such code", "C: CAP :END", "quiet")

TRANSCRIPT(test_a_server_that_knows_no_devices, "as a new device", "connect in TLS", WAY_IN,
           "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl", "S: CAP * ACK :sasl",
           "C: DEVICE ADD 4821-0937 :phone", "S: :irc.lab 451 * :You have not registered",
           "V: server | error this server does not support devices", "C: CAP :END", "quiet")

TRANSCRIPT(test_who_wants_no_nick_takes_that_of_the_account, "as a new device", "connect in TLS",
           WAY_IN, "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl", "S: CAP * ACK :sasl",
           "C: DEVICE ADD 4821-0937 :phone", "S: :irc.lab FAIL DEVICE INVALID_CODE :No",
           "V: server | error No", "C: CAP :END", "lost", "connect in TLS", WAY_IN,
           "S: CAP * LS :sasl=EXTERNAL", "C: CAP REQ :sasl", "S: CAP * ACK :sasl",
           "C: AUTHENTICATE :EXTERNAL", "S: AUTHENTICATE +", "C: AUTHENTICATE :+",
           "S: :irc.lab 900 ada ada!*@h eve :You are now logged in", "C: NICK :eve",
           "S: :irc.lab 903 ada :Done", "C: CAP :END", "quiet")

TRANSCRIPT(test_devices, WITH_CAPS("batch labeled-response"), "U: /device",
           "C: @label=1 DEVICE CODE",
           "S: @label=1 :irc.lab NOTE DEVICE CODE 4821-0937 600 :4821-0937 lets one more in",
           "V: #lobby | server 4821-0937 lets one more in", "U: /devices revoke 2",
           "C: @label=2 DEVICE REVOKE 2", "S: @label=2 :irc.lab FAIL DEVICE ONLY_PROOF :No",
           "V: #lobby | error No", "U: /devices", "C: @label=3 DEVICE LIST",
           "S: @label=3 :irc.lab NOTE DEVICE END 0 :none", "V: #lobby | server none",
           "U: /device 1", "C: @label=4 DEVICE ADD 1 :phone",
           "S: @label=4 :irc.lab NOTE DEVICE ADDED ada :This device owns ada from now on",
           "V: #lobby | server This device owns ada from now on")

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nick_is_taken),
        cmocka_unit_test(test_the_nick_is_too_long),
        cmocka_unit_test(test_a_new_nick_is_kept_over_connections),
        cmocka_unit_test(test_capabilities),
        cmocka_unit_test(test_a_certificate_proves_who_we_are),
        cmocka_unit_test(test_who_is_not_known_by_his_certificate_comes_in_all_the_same),
        cmocka_unit_test(test_who_may_be_the_owner_is_told_how_to_come_in),
        cmocka_unit_test(test_a_makeshift_nick_is_not_kept_for_good),
        cmocka_unit_test(test_no_certificate_is_spoken_of_where_it_is_not_wanted),
        cmocka_unit_test(test_a_code_comes_before_any_proof_of_our_own),
        cmocka_unit_test(test_a_code_that_is_refused_makes_no_name_ours),
        cmocka_unit_test(test_a_server_that_knows_no_devices),
        cmocka_unit_test(test_who_wants_no_nick_takes_that_of_the_account),
        cmocka_unit_test(test_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
