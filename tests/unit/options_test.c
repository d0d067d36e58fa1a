/* One table read from flags and files, what wrong usage is told, and the text of --help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "common/options.h"
#include "common/str.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct config {
    char *host;
    char *nick;
    struct option_strings rooms;
    bool tls, help;
    long long lines, bytes, wait_ms;
    int colour;
    char *config_path;
    char *motd;
};

static const char *const colours[] = {"red", "green", "blue", NULL};

#define AT(member) .offset = offsetof(struct config, member)

static bool check_host(const char *text, struct str *why)
{
    return strcmp(text, "nowhere") != 0 || (str_adds(why, "wants a place"), false);
}

static const struct option_row rows[] = {
    {.name = "host",
     .arg = "HOST",
     .help = "where to go",
     AT(host),
     .kind = OPTION_STRING,
     .where = OPTION_POSITIONAL | OPTION_IN_FILE,
     .check = check_host},
    {.name = "nick",
     .arg = "NICK",
     .help = "the name to go by",
     AT(nick),
     .kind = OPTION_STRING,
     .default_text = "guest"},
    {.name = "room",
     .arg = "ROOM",
     .help = "a room to join",
     AT(rooms),
     .kind = OPTION_STRINGS,
     .max = 3},
    {.name = "tls",
     .help = "speak in clear text",
     AT(tls),
     .kind = OPTION_FLAG,
     .default_text = "yes"},
    {.name = "lines",
     .arg = "N",
     .help = "how many",
     AT(lines),
     .kind = OPTION_INT,
     .min = -1,
     .max = 100,
     .default_text = "10"},
    {.name = "pending-bytes-of-a-peer",
     .arg = "SIZE",
     .help = "one line,\nand another",
     AT(bytes),
     .kind = OPTION_SIZE,
     .max = 1 << 30,
     .default_text = "64k"},
    {.name = "wait",
     .arg = "TIME",
     .help = "how long",
     AT(wait_ms),
     .kind = OPTION_DURATION,
     .min = 1000,
     .max = 604800000,
     .default_text = "30s"},
    {.name = "colour",
     .help = "of the text",
     AT(colour),
     .kind = OPTION_CHOICE,
     .choices = colours,
     .default_text = "green"},
    {.name = "config",
     .arg = "FILE",
     .help = "read this too",
     AT(config_path),
     .kind = OPTION_STRING,
     .where = OPTION_AS_FLAG},
    {.name = "motd",
     .arg = "TEXT",
     .help = "for the file",
     AT(motd),
     .kind = OPTION_STRING,
     .where = OPTION_IN_FILE},
    {.name = "help",
     .letters = "h?",
     .help = "say this",
     AT(help),
     .kind = OPTION_FLAG,
     .where = OPTION_AS_FLAG},
};

static const struct option_table table = {
    .usage = "snug [HOST] [OPTION]...",
    .summary = "A chat.",
    .rows = rows,
    .n_rows = COUNT(rows),
};

struct fixture {
    struct config config;
    struct options options;
    struct str error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    options_init(&f->options, &table, &f->config);
    str_init(&f->error, 2048);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    options_release(&f->options);
    assert_null(f->config.nick);
    assert_null(f->config.rooms.items);
    str_release(&f->error);
    free(f);
    return 0;
}

/* Reads a command line that is written with one space between its arguments. */
static bool read_args(struct fixture *f, const char *line)
{
    char copy[1000];
    char program[] = "snug";
    char *argv[32] = {program};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *p = copy; *p;) {
        argv[argc++] = p;
        p += strcspn(p, " ");
        if (*p)
            *p++ = '\0';
    }
    str_reset(&f->error);
    return options_args(&f->options, argc, argv, &f->error);
}

static bool read_text(struct fixture *f, const char *text)
{
    str_reset(&f->error);
    return options_text(&f->options, "conf", text, &f->error);
}

static void defaults(void **state)
{
    struct fixture *f = *state;
    assert_null(f->config.host);
    assert_string_equal(f->config.nick, "guest");
    assert_int_equal(f->config.rooms.len, 0);
    assert_true(f->config.tls);
    assert_int_equal(f->config.lines, 10);
    assert_int_equal(f->config.bytes, 65536);
    assert_int_equal(f->config.wait_ms, 30000);
    assert_int_equal(f->config.colour, 1);
    assert_false(options_given(&f->options, "nick"));
}

static void flags_of_all_kinds(void **state)
{
    struct fixture *f = *state;
    assert_true(read_args(f, "--nick ada lab.local --room=#a --room #b --no-tls --lines=-1 "
                             "--pending-bytes-of-a-peer 2M --wait=2h --colour BLUE --help"));
    assert_string_equal(f->config.host, "lab.local");
    assert_string_equal(f->config.nick, "ada");
    assert_int_equal(f->config.rooms.len, 2);
    assert_string_equal(f->config.rooms.items[0], "#a");
    assert_string_equal(f->config.rooms.items[1], "#b");
    assert_false(f->config.tls);
    assert_int_equal(f->config.lines, -1);
    assert_int_equal(f->config.bytes, 2 << 20);
    assert_int_equal(f->config.wait_ms, 7200000);
    assert_int_equal(f->config.colour, 2);
    assert_true(f->config.help);
    assert_true(options_given(&f->options, "nick"));
    assert_false(options_given(&f->options, "config"));
}

static void forms_of_flags(void **state)
{
    struct fixture *f = *state;
    assert_true(read_args(f, "--lines -1"));
    assert_int_equal(f->config.lines, -1);
    assert_true(read_args(f, "--tls=no --nick="));
    assert_false(f->config.tls);
    assert_string_equal(f->config.nick, "");
    assert_true(read_args(f, "--tls --nick a=b --nick=c=d"));
    assert_true(f->config.tls);
    assert_string_equal(f->config.nick, "c=d");
    assert_true(read_args(f, "-- --nick"));
    assert_string_equal(f->config.host, "--nick");
    assert_true(read_args(f, "-h"));
    assert_true(f->config.help);
    f->config.help = false;
    assert_true(read_args(f, "-?"));
    assert_true(f->config.help);
}

static void wrong_flags_are_told(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *args, *error;
    } cases[] = {
        {"--nikc x", "unknown option --nikc; did you mean --nick?"},
        {"--nikc=secret", "unknown option --nikc; did you mean --nick?"},
        {"-nick x", "unknown option -nick; did you mean --nick?"},
        {"--colo red", "unknown option --colo; did you mean --colour?"},
        {"--frobnicate", "unknown option --frobnicate; --help lists them all"},
        {"-x", "unknown option -x; --help lists them all"},
        {"-hx", "unknown option -hx; --help lists them all"},
        {"-h=yes", "unknown option -h; --help lists them all"},
        {"--no-nick", "unknown option --no-nick; --help lists them all"},
        {"--no-tls=yes", "unknown option --no-tls; --help lists them all"},
        {"--motd x", "motd is not a flag; set it in the configuration file"},
        {"--host x", "host is not a flag; set it in the configuration file"},
        {"--nick", "--nick wants NICK after it"},
        {"--nick --no-tls", "--nick wants NICK after it"},
        {"--tls=maybe", "--tls wants yes or no, not \"maybe\""},
        {"--lines 101", "--lines wants a whole number from -1 to 100, not \"101\""},
        {"--lines 1x", "--lines wants a whole number from -1 to 100, not \"1x\""},
        {"--lines=", "--lines wants a whole number from -1 to 100, not \"\""},
        {"--lines 99999999999999999999",
         "--lines wants a whole number from -1 to 100, not \"99999999999999999999\""},
        {"--wait 5",
         "--wait wants a time such as 500ms, 30s, 5m, 2h or 7d from 1s to 7d, not \"5\""},
        /* 2^64 milliseconds and nine hours */
        {"--wait 213503982335d", "--wait wants a time such as 500ms, 30s, 5m, 2h or 7d from 1s to "
                                 "7d, not \"213503982335d\""},
        {"--wait 8d",
         "--wait wants a time such as 500ms, 30s, 5m, 2h or 7d from 1s to 7d, not \"8d\""},
        {"--pending-bytes-of-a-peer 2G", "--pending-bytes-of-a-peer wants a size such as 4096, "
                                         "64k, 10M or 2G from 0 to 1G, not \"2G\""},
        {"--colour pink", "--colour wants one of red, green, blue, not \"pink\""},
        {"--room a --room b --room c --room d", "--room may be given at most 3 times, not \"d\""},
        {"nowhere", "HOST wants a place, not \"nowhere\""},
        {"a b", "\"b\" is one argument too many; --help says what there can be"},
        {"--nick\x1b[31m", "unknown option --nick^[[31m; --help lists them all"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        tear_down(state);
        set_up(state);
        f = *state;
        assert_false(read_args(f, cases[i].args));
        assert_string_equal(f->error.data, cases[i].error);
    }
}

static void an_endless_argument_is_cut(void **state)
{
    struct fixture *f = *state;
    char argument[9000] = "--x";
    memset(argument + 3, 'y', sizeof argument - 4);
    char program[] = "snug";
    char *argv[] = {program, argument};
    assert_false(options_args(&f->options, 2, argv, &f->error));
    assert_int_equal(f->error.len, 503);
    assert_string_equal(f->error.data + 500, "...");
}

static void files_are_read(void **state)
{
    struct fixture *f = *state;
    assert_true(read_text(f, "# a comment\n"
                             "; another\n"
                             "\n"
                             "host = lab.local\r\n"
                             "nick=ada\n"
                             "  room = #a\n"
                             "\troom = #b ; and a comment\n"
                             "tls = off\n"
                             "lines = 7\n"
                             "pending-bytes-of-a-peer = 1k\n"
                             "wait = 5m\n"
                             "colour = red\n"
                             "motd = Welcome; to = the lab"));
    assert_string_equal(f->config.host, "lab.local");
    assert_string_equal(f->config.nick, "ada");
    assert_int_equal(f->config.rooms.len, 2);
    assert_string_equal(f->config.rooms.items[0], "#a");
    assert_string_equal(f->config.rooms.items[1], "#b");
    assert_false(f->config.tls);
    assert_int_equal(f->config.lines, 7);
    assert_int_equal(f->config.bytes, 1024);
    assert_int_equal(f->config.wait_ms, 300000);
    assert_int_equal(f->config.colour, 0);
    assert_string_equal(f->config.motd, "Welcome; to = the lab");
}

static void wrong_files_are_told(void **state)
{
    struct fixture *f = *state;
    static const char long_line[] = {"0123456789012345678901234567890123456789"};
    char text[300] = "nick = ";
    while (strlen(text) < 190)
        strncat(text, long_line, sizeof text - strlen(text) - 1);
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"nikc = a\n", "conf:1: there is no option nikc; did you mean nick?"},
        {"\n\nfrobnicate = 1\n", "conf:3: there is no option frobnicate; --help lists them all"},
        {"no-tls = yes\n", "conf:1: there is no option no-tls; write tls = no"},
        {"no-help = yes\n", "conf:1: there is no option no-help; --help lists them all"},
        {"no-nick = yes\n", "conf:1: there is no option no-nick; --help lists them all"},
        {"nick = a\nhelp = yes\n", "conf:2: help cannot stand in a file; give it as --help"},
        {"nick = a\nlines = many\n",
         "conf:2: lines wants a whole number from -1 to 100, not \"many\""},
        {"nick = a\n[server]\nnick = b\n",
         "conf:2: there are no [sections] here; take the line out"},
        {"nick = a\n\nnick\n", "conf:3: a line is `name = value`, or begins with #"},
        {"nick\nlines = x\n", "conf:1: a line is `name = value`, or begins with #"},
        {"lines = x\nnick\n", "conf:1: lines wants a whole number from -1 to 100, not \"x\""},
        {"nick = \xff\n", "conf:1: the line is not UTF-8"},
        {"\nhost = nowhere\n", "conf:2: host wants a place, not \"nowhere\""},
        {"room = 1\nroom = 2\nroom = 3\nroom = 4\n",
         "conf:4: room may be given at most 3 times, not \"4\""},
        {"n\x1bi = 1\n", "conf:1: there is no option n^[i; --help lists them all"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        tear_down(state);
        set_up(state);
        f = *state;
        assert_false(read_text(f, cases[i].text));
        assert_string_equal(f->error.data, cases[i].error);
    }
    text[198] = '\0';
    assert_true(read_text(f, text));
    assert_int_equal(strlen(f->config.nick), 198 - 7);
    text[198] = 'x';
    text[199] = '\0';
    assert_false(read_text(f, text));
    assert_string_equal(f->error.data, "conf:1: the line is too long");
}

static void flags_win_over_the_file(void **state)
{
    struct fixture *f = *state;
    assert_true(read_args(f, "--nick ada --room #flag --tls"));
    assert_true(read_text(f, "nick = bob\nroom = #file\nroom = #file2\ntls = no\nlines = 3\n"));
    assert_string_equal(f->config.nick, "ada");
    assert_int_equal(f->config.rooms.len, 1);
    assert_string_equal(f->config.rooms.items[0], "#flag");
    assert_true(f->config.tls);
    assert_int_equal(f->config.lines, 3);
    assert_false(read_text(f, "tls = maybe\n"));
    assert_true(read_args(f, "--lines 4"));
    assert_int_equal(f->config.lines, 4);
}

static void flags_behind_the_file_replace_its_list(void **state)
{
    struct fixture *f = *state;
    assert_true(read_text(f, "room = #file\nroom = #file2\n"));
    assert_int_equal(f->config.rooms.len, 2);
    assert_true(read_args(f, "--room #flag --room #flag2"));
    assert_int_equal(f->config.rooms.len, 2);
    assert_string_equal(f->config.rooms.items[0], "#flag");
    assert_string_equal(f->config.rooms.items[1], "#flag2");
}

static void files_on_disk(void **state)
{
    struct fixture *f = *state;
    char path[] = "/tmp/snug-options-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char good[] = "nick = ada\n", bad[] = "nick = a\0b\n";
    assert_int_equal(write(fd, good, sizeof good - 1), sizeof good - 1);
    assert_true(options_file(&f->options, path, &f->error));
    assert_string_equal(f->config.nick, "ada");
    assert_int_equal(write(fd, bad, sizeof bad - 1), sizeof bad - 1);
    assert_false(options_file(&f->options, path, &f->error));
    assert_non_null(strstr(f->error.data, "NUL"));
    close(fd);
    unlink(path);
    str_reset(&f->error);
    assert_false(options_file(&f->options, path, &f->error));
    assert_memory_equal(f->error.data, path, strlen(path));
    assert_non_null(strstr(f->error.data, ": No such file or directory"));
    str_reset(&f->error);
    assert_false(options_file(&f->options, "/", &f->error));
    assert_string_equal(f->error.data, "/: Is a directory");
}

static void values_are_written_back(void **state)
{
    struct fixture *f = *state;
    static const char *const values[] = {
        "", "guest", "#a, #b", "yes", "10", "64k", "90s", "green", "", "", "no",
    };
    assert_true(options_set(&f->options, "room", "#a", &f->error));
    assert_true(options_set(&f->options, "room", "#b", &f->error));
    assert_true(options_set(&f->options, "wait", "90000ms", &f->error));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str value;
        str_init(&value, 100);
        options_value(&f->options, i, &value);
        assert_string_equal(value.data, values[i]);
        str_release(&value);
    }
    assert_false(options_set(&f->options, "nikc", "x", &f->error));
    assert_string_equal(f->error.data, "there is no option nikc; did you mean nick?");
    str_reset(&f->error);
    assert_false(options_set(&f->options, "lines", "x", &f->error));
    assert_string_equal(f->error.data, "lines wants a whole number from -1 to 100, not \"x\"");
}

static void help_says_it_all(void **state)
{
    (void)state;
    struct str help;
    str_init(&help, 4096);
    options_help(&table, &help);
    assert_string_equal(help.data,
                        "Usage: snug [HOST] [OPTION]...\n"
                        "A chat.\n"
                        "\n"
                        "  HOST                    where to go\n"
                        "  --nick NICK             the name to go by (default: guest)\n"
                        "  --room ROOM             a room to join (may be repeated)\n"
                        "  --no-tls                speak in clear text\n"
                        "  --lines N               how many (default: 10)\n"
                        "  --pending-bytes-of-a-peer SIZE\n"
                        "                          one line,\n"
                        "                          and another (default: 64k)\n"
                        "  --wait TIME             how long (default: 30s)\n"
                        "  --colour red|green|blue\n"
                        "                          of the text (default: green)\n"
                        "  --config FILE           read this too\n"
                        "  --help, -h              say this\n"
                        "\n"
                        "In a configuration file an option is `name = value`, without the dashes.\n"
                        "Only there:\n"
                        "  motd = TEXT             for the file\n");
    str_release(&help);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(defaults),
        TEST(flags_of_all_kinds),
        TEST(forms_of_flags),
        TEST(wrong_flags_are_told),
        TEST(an_endless_argument_is_cut),
        TEST(files_are_read),
        TEST(wrong_files_are_told),
        TEST(flags_win_over_the_file),
        TEST(flags_behind_the_file_replace_its_list),
        TEST(files_on_disk),
        TEST(values_are_written_back),
        TEST(help_says_it_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
