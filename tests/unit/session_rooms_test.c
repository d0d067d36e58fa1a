/* The session's rooms: the lobby before there is a connection, and rooms that get other names. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "client/model/traffic.h"
#include "client/session/session.h"
#include "tests/unit/session_world.h"

/* Before there is a connection, in the lobby, where the user can begin to type. */
static void begin_in_lobby(struct world *w)
{
    const struct session_config config = {
        .nick = "ada", .user = "ada", .real_name = "Ada L", .lobby = "#lobby"};
    *w = (struct world){.now_ms = WORLD_START_MS, .model = model_new("irc.lab", "ada", NULL)};
    w->session = session_new(w->model, &config);
    str_init(&w->sent, 1 << 20);
    assert_string_equal(w->model->current->name, "#lobby");
    world_play(w, (const char *const[]){"connect", "C: CAP LS :302", "C: NICK :ada",
                                        "C: USER ada 0 * :Ada L", "S: :irc.lab 001 ada :Welcome",
                                        NULL});
}

static void test_the_lobby(void **state)
{
    (void)state;
    for (int foreign = 0; foreign < 2; foreign++) {
        struct world w;
        begin_in_lobby(&w);
        if (!foreign)
            world_act(&w, "S: :ada!a@h JOIN #lobby");
        world_pong(&w);
        world_act(&w, "quiet");
        assert_int_equal(model_find(w.model, "#lobby") == NULL, foreign);
        world_release(&w);
    }
}

/* Where there is no lobby, nobody is taken out of it who has begun something there. */
static void test_a_lobby_in_use(void **state)
{
    (void)state;
    static const char *const begun[] = {"K: typed<C-u>", "K: <C-r>ty", "K: <C-x>"};
    for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
        struct world w;
        begin_in_lobby(&w);
        world_act(&w, begun[i]);
        world_pong(&w);
        assert_string_equal(w.model->current->name, "#lobby");
        world_release(&w);
    }
}

/* Nor is whoever has begun something in the server's buffer shown a room unasked. */
static void test_what_is_begun_before_a_room_is_there(void **state)
{
    (void)state;
    static const char *const begun[] = {"K: typed<C-u>", "K: <C-r>ty", "K: <C-x>"};
    for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
        struct world w;
        world_init(&w, NULL);
        world_act(&w, begun[i]);
        world_play(&w, (const char *const[]){"online", NULL});
        assert_ptr_equal(w.model->current, w.model->buffers[0]);
        world_release(&w);
    }
}

/* Whoever types there goes on doing so, and comes back to it under its new name. */
TRANSCRIPT(test_a_room_gets_another_name, WITH_CAPS("draft/channel-rename message-tags"),
           "U: /join #tea sesame", "C: JOIN #tea :sesame", "S: :ada!ada@host JOIN #tea",
           "S: :irc.lab 353 ada = #tea :@bob ada", "PONG", "K: half a line",
           "S: :bob!b@h RENAME #tea #chai :warmer",
           "V: #chai | server #tea is #chai now, by bob (warmer)", "N: #chai | ada @bob",
           "B: #lobby #chai", "K: <Enter>", "C: PRIVMSG #chai :half a line", "PONG",
           "S: :bob!b@h RENAME #chai chai :", "B: #lobby #chai",
           "S: :bob!b@h RENAME #none #chai :", "B: #lobby #chai", "lost",
           WITH_CAPS("draft/channel-rename message-tags"), "C: JOIN :#lobby",
           "C: JOIN #chai :sesame")

TRANSCRIPT(test_a_room_gets_a_name_that_another_one_had,
           WITH_CAPS("draft/channel-rename message-tags"), "S: :ada!ada@host JOIN #tea",
           "S: :ada!ada@host JOIN #chai", "S: :ada!ada@host PART #chai",
           "S: :bob!b@h TOPIC #tea :warm", "S: :bob!b@h RENAME #tea #chai :", "C: NAMES :#chai",
           "V: #chai | server #tea is #chai now, by bob", "S: :irc.lab 353 ada = #chai :@bob ada",
           "N: #chai | ada @bob", "N: #tea | ", "B: #lobby #tea #chai", "quiet")

/* Its draft, what waits to be said there and its key go along. */
TRANSCRIPT(test_a_room_got_another_name_while_we_were_away,
           WITH_CAPS("draft/channel-rename message-tags"), "U: /join #tea sesame",
           "C: JOIN #tea :sesame", "S: :ada!ada@host JOIN #tea", "PONG", "lost",
           "U: said meanwhile", "K: half a line", "connect", "C: CAP LS :302", "C: NICK :ada",
           "C: USER ada 0 * :Ada L", "S: CAP * LS :draft/channel-rename message-tags",
           "C: CAP REQ :draft/channel-rename message-tags",
           "S: CAP * ACK :draft/channel-rename message-tags", "C: CAP :END",
           "S: :irc.lab 001 ada :Welcome", "C: JOIN :#lobby", "C: JOIN #tea :sesame",
           "S: :ada!ada@host JOIN #lobby",
           "S: :irc.lab FAIL JOIN CHANNEL_RENAMED #tea #chai :The channel has been renamed",
           "V: #chai | talk ada said meanwhile [pending]", "C: JOIN #chai :sesame", "PONG",
           "C: PRIVMSG #chai :said meanwhile", "B: #lobby #chai", "S: :ada!ada@host JOIN #chai",
           "K: <Enter>", "C: PRIVMSG #chai :half a line", "PONG", "quiet")

/* Servers that lead from one room to another enter it for us. */
TRANSCRIPT(test_a_room_leads_to_another, WITH_CAPS("message-tags"), "U: /join #tea",
           "C: JOIN :#tea", "S: :irc.lab 470 ada #tea #chai :Forwarding to another channel",
           "V: #chai | server #tea is #chai now", "B: #lobby #chai", "S: :ada!ada@host JOIN #chai",
           "K: hi<Enter>", "PONG", "C: PRIVMSG #chai :hi", "quiet")

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_lobby),
        cmocka_unit_test(test_a_lobby_in_use),
        cmocka_unit_test(test_what_is_begun_before_a_room_is_there),
        cmocka_unit_test(test_a_room_gets_another_name),
        cmocka_unit_test(test_a_room_gets_a_name_that_another_one_had),
        cmocka_unit_test(test_a_room_got_another_name_while_we_were_away),
        cmocka_unit_test(test_a_room_leads_to_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
