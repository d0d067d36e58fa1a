/* Every command of the table, with every number of parameters from none to one more
 * than it has, before and after registration: each is answered, but for those whose
 * row says that going well is silent; and an answer has the form its kind has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/door/irc/commands.h"
#include "tests/script/house.h"

enum { PARAMS_TRIED = 16 }; /* at most, of one that takes as many as a line holds */

/* What stands in for a parameter; each set is tried alone. */
static const char *const words[] = {"x", "#tea", "ada", "bob", "0", "+b",
                                    "*", "302",  ",",   ":",   "😊"};

static void say(struct house *house, struct house_peer *peer, const char *line)
{
    house_send(house, peer, line, strlen(line));
    house_send(house, peer, "\r\n", 2);
}

static struct house_peer *someone(struct house *house, const char *nick)
{
    struct house_peer *peer = house_open(house, "host");
    struct str line;
    str_init(&line, 600);
    str_addf(&line, "NICK %s\r\nUSER %s 0 * :%s\r\nJOIN #tea", nick, nick, nick);
    say(house, peer, line.data);
    str_release(&line);
    return peer;
}

static void add_words(struct str *line, const char *word, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        bool last = i + 1 == count;
        /* An empty parameter can only be the last. */
        str_addf(line, " %s", strcmp(word, ":") != 0 || last ? word : "y");
    }
}

/* Sends one command to a new server and returns what came back in `out`. */
static void try(const struct irc_command *command, const char *word, unsigned count,
                bool registered, struct str *out)
{
    struct house *house = house_new(&(struct house_config){.motd = "hello", .admin = "root"});
    someone(house, "bob");
    struct house_peer *peer = registered ? someone(house, "ada") : house_open(house, "host");
    str_reset(&peer->out);
    struct str line;
    str_init(&line, 600);
    str_adds(&line, command->name);
    add_words(&line, word, count);
    say(house, peer, line.data);
    str_reset(out);
    str_add(out, peer->out.data, peer->out.len);
    if (!peer->closed) {
        str_reset(&peer->out);
        say(house, peer, "PING end");
        assert_string_equal(peer->out.data, ":house.test PONG house.test :end\r\n");
    } else {
        assert_string_equal(command->name, "QUIT");
    }
    str_release(&line);
    house_free(house);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether the first parameter is empty, or a list of nothing. */
static bool names_nothing(const char *word, unsigned count)
{
    return strcmp(word, ",") == 0 || (strcmp(word, ":") == 0 && count == 1);
}

static void expect_answer(const struct irc_command *command, const char *word, unsigned count,
                          bool registered)
{
    struct str out;
    str_init(&out, TEXT_MAX_BYTES);
    try(command, word, count, registered, &out);
    unsigned when = registered ? IRC_AFTER : IRC_BEFORE;
    const char *kind = NULL;
    if (!(command->flags & when))
        kind = ":house.test 451 ";
    else if (count < command->min_params || (command->min_params > 0 && names_nothing(word, count)))
        kind = ":house.test 461 ";
    if (kind && !begins(out.data, kind))
        fail_msg("%s with %u of %s: expected %s, got %s", command->name, count, word, kind,
                 out.data);
    if (out.len == 0 && !(command->flags & IRC_SILENT))
        fail_msg("%s with %u of %s: silence", command->name, count, word);
    str_release(&out);
}

static void test_every_command(void **state)
{
    (void)state;
    const struct irc_command *command;
    for (size_t i = 0; (command = irc_command_at(i)); i++)
        for (unsigned count = 0; count <= command->max_params + 1 && count <= PARAMS_TRIED; count++)
            for (size_t w = 0; w < sizeof words / sizeof *words; w++)
                for (int registered = 0; registered < 2; registered++)
                    expect_answer(command, words[w], count, registered);
}

static void test_table(void **state)
{
    (void)state;
    const struct irc_command *command;
    for (size_t i = 0; (command = irc_command_at(i)); i++) {
        assert_true(i == 0 || strcmp(irc_command_at(i - 1)->name, command->name) < 0);
        assert_ptr_equal(irc_command_find(command->name), command);
        assert_true(command->min_params <= command->max_params);
        assert_true(command->flags & IRC_ANYTIME);
        assert_true(*command->help);
    }
    assert_ptr_equal(irc_command_find("privmsg"), irc_command_find("PRIVMSG"));
    assert_null(irc_command_find("PRIV"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_every_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
