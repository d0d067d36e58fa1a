/* One IRC line parsed: what it is taken apart into, every kind of error, tags and their values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/alloc.h"
#include "common/irc/message.h"
#include "common/irc/numerics.h"
#include "common/str.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Writes a message down as `tags|nick|user|host|COMMAND|param|param`. */
static void note(struct str *notes, const struct irc_message *m)
{
    str_add(notes, m->tags, m->tags_len);
    const char *parts[] = {m->source.nick, m->source.user, m->source.host, m->command};
    for (size_t i = 0; i < COUNT(parts); i++)
        str_addf(notes, "|%s", parts[i] ? parts[i] : "");
    for (size_t i = 0; i < m->n_params; i++)
        str_addf(notes, "|%s", m->params[i]);
}

static void lines_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *line, *parts;
    } cases[] = {
        {"PING", "||||PING"},
        {"ping", "||||PING"},
        {"PING x", "||||PING|x"},
        {"PING :x", "||||PING|x"},
        {"PRIVMSG #a :hello there", "||||PRIVMSG|#a|hello there"},
        {"PRIVMSG #a hello", "||||PRIVMSG|#a|hello"},
        {"TOPIC #a :", "||||TOPIC|#a|"},
        {"TOPIC #a ::", "||||TOPIC|#a|:"},
        {"PRIVMSG a ::-) hi", "||||PRIVMSG|a|:-) hi"},
        {"JOIN a:b c:", "||||JOIN|a:b|c:"},
        {"  PRIVMSG   a    :  two  ", "||||PRIVMSG|a|  two  "},
        {"NICK ada   ", "||||NICK|ada"},
        {":ada!u@host QUIT :bye", "|ada|u|host|QUIT|bye"},
        {":ada@host QUIT", "|ada||host|QUIT"},
        {":ada!u QUIT", "|ada|u||QUIT"},
        {":ada!@ QUIT", "|ada|||QUIT"},
        {":lab.local 001 ada :Welcome", "|lab.local|||001|ada|Welcome"},
        {":a!b@c@d X", "|a|b|c@d|X"},
        {":a!b!c@d X", "|a|b!c|d|X"},
        {":a    X    y", "|a|||X|y"},
        {"@a=b PING", "a=b||||PING"},
        {"@a=b;c :n!u@h  TAGMSG #a", "a=b;c|n|u|h|TAGMSG|#a"},
        {"@a=b   PING x", "a=b||||PING|x"},
        {"@ PING", "||||PING"},
        {"USER u 0 * :Ada L", "||||USER|u|0|*|Ada L"},
        {"X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "||||X|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15"},
        {"X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 :15 16",
         "||||X|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15 16"},
        {"X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
         "||||X|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17"},
        {"PRIVMSG #a :\x01"
         "ACTION waves\x01",
         "||||PRIVMSG|#a|\x01"
         "ACTION waves\x01"},
        {"PRIVMSG #a :\xff\xfe", "||||PRIVMSG|#a|\xff\xfe"},
        {"PRIVMSG #\u00e9\u00e9 :\u65e5\u672c", "||||PRIVMSG|#\u00e9\u00e9|\u65e5\u672c"},
        {"PRIVMSG a :tab\there", "||||PRIVMSG|a|tab\there"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct irc_message m;
        struct str notes;
        char *line = xstrdup(cases[i].line);
        str_init(&notes, 1024);
        if (irc_parse(&m, line, strlen(line), IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES) != IRC_OK)
            fail_msg("refused: %s", cases[i].line);
        note(&notes, &m);
        assert_string_equal(notes.data, cases[i].parts);
        str_release(&notes);
        free(line);
    }
}

static enum irc_error parse_bytes(const char *bytes, size_t len)
{
    char *line = xmemdup0(bytes, len);
    struct irc_message m;
    enum irc_error error = irc_parse(&m, line, len, IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES);
    free(line);
    return error;
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum irc_error error;
    } cases[] = {
        {"", IRC_EMPTY},
        {"   ", IRC_EMPTY},
        {"@a=b", IRC_NO_COMMAND},
        {"@a=b ", IRC_NO_COMMAND},
        {":ada", IRC_NO_COMMAND},
        {":ada ", IRC_NO_COMMAND},
        {"@a :ada  ", IRC_NO_COMMAND},
        {":", IRC_BAD_SOURCE},
        {": PING", IRC_BAD_SOURCE},
        {":!u@h PING", IRC_BAD_SOURCE},
        {":@h PING", IRC_BAD_SOURCE},
        {"01 x", IRC_BAD_COMMAND},
        {"0011 x", IRC_BAD_COMMAND},
        {"00a x", IRC_BAD_COMMAND},
        {"PRIV-MSG x", IRC_BAD_COMMAND},
        {"JOIN1", IRC_BAD_COMMAND},
        {"\xc3\xa9", IRC_BAD_COMMAND},
        {"\x1b[31mPING", IRC_BAD_COMMAND},
        {"\tPING", IRC_BAD_COMMAND},
        {"JOIN #a\rQUIT", IRC_BAD_BYTE},
        {"JOIN #a\r", IRC_BAD_BYTE},
        {"\rPING", IRC_BAD_BYTE},
        {"@a=\r PING", IRC_BAD_BYTE},
        {"JOIN #a\nQUIT", IRC_BAD_BYTE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum irc_error error = parse_bytes(cases[i].line, strlen(cases[i].line));
        if (error != cases[i].error)
            fail_msg("%s: %d", cases[i].line, (int)error);
    }
    assert_int_equal(parse_bytes("PRIVMSG a\0b :c", 14), IRC_BAD_BYTE);
    assert_int_equal(parse_bytes("\0", 1), IRC_BAD_BYTE);
}

static void a_wrong_command_is_still_told(void **state)
{
    (void)state;
    char line[] = "priv-msg x";
    struct irc_message m;
    assert_int_equal(irc_parse(&m, line, strlen(line), IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES),
                     IRC_BAD_COMMAND);
    assert_string_equal(m.command, "PRIV-MSG");
    assert_string_equal(m.params[0], "x");
}

static void what_is_not_there_is_empty(void **state)
{
    (void)state;
    char line[] = "TOPIC #tea :", bare[] = "PING";
    struct irc_message m;
    assert_int_equal(irc_parse(&m, line, strlen(line), IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES),
                     IRC_OK);
    assert_string_equal(irc_param_at(&m, 0), "#tea");
    assert_string_equal(irc_param_at(&m, 1), "");
    assert_string_equal(irc_param_at(&m, 2), "");
    assert_string_equal(irc_param_last(&m), "");
    assert_int_equal(irc_parse(&m, bare, strlen(bare), IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES),
                     IRC_OK);
    assert_string_equal(irc_param_at(&m, 0), "");
    assert_string_equal(irc_param_last(&m), "");
}

/* A line with `tags_bytes` of tags ('@' and space counted) and `body_bytes` of body. */
static enum irc_error parse_sized(size_t tags_bytes, size_t body_bytes)
{
    struct str line;
    str_init(&line, 20000);
    for (size_t i = 0; i < tags_bytes; i++)
        str_addc(&line, i == 0 ? '@' : i == tags_bytes - 1 ? ' ' : 'x');
    size_t tags_end = line.len;
    str_adds(&line, "PING :");
    while (line.len - tags_end < body_bytes)
        str_addc(&line, 'y');
    struct irc_message m;
    enum irc_error error =
        irc_parse(&m, line.data, line.len, IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES);
    str_release(&line);
    return error;
}

static void the_limits_are_exact(void **state)
{
    (void)state;
    assert_int_equal(parse_sized(0, 510), IRC_OK);
    assert_int_equal(parse_sized(0, 511), IRC_BODY_TOO_LONG);
    assert_int_equal(parse_sized(8191, 510), IRC_OK);
    assert_int_equal(parse_sized(8192, 510), IRC_TAGS_TOO_LONG);
    assert_int_equal(parse_sized(8191, 511), IRC_BODY_TOO_LONG);
    struct irc_message m;
    char line[] = "@a=b PING 45";
    assert_int_equal(irc_parse(&m, line, strlen(line), 5, 7), IRC_OK);
    char again[] = "@a=b PING 45";
    assert_int_equal(irc_parse(&m, again, strlen(again), 4, 7), IRC_TAGS_TOO_LONG);
    assert_int_equal(irc_parse(&m, again, strlen(again), 5, 6), IRC_BODY_TOO_LONG);
}

static void more_parameters_than_there_are_places(void **state)
{
    (void)state;
    struct str line;
    str_init(&line, 4096);
    str_adds(&line, "X");
    for (int i = 0; i < 400; i++)
        str_adds(&line, " a");
    struct irc_message m;
    assert_int_equal(irc_parse(&m, line.data, line.len, 0, 4096), IRC_OK);
    assert_int_equal(m.n_params, IRC_MAX_PARAMS);
    assert_int_equal(strlen(m.params[IRC_MAX_PARAMS - 1]), 2 * (400 - 254) - 1);
    str_release(&line);
}

static void tag_values_are_unescaped(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *value;
    } cases[] = {
        {"", ""},           {"plain", "plain"},     {"a\\:b", "a;b"},         {"a\\sb", "a b"},
        {"a\\\\b", "a\\b"}, {"a\\r\\nb", "a\r\nb"}, {"a\\bc", "abc"},         {"lone\\", "lone"},
        {"\\\\\\", "\\"},   {"\\\\s", "\\s"},       {"\u00e9\\s", "\u00e9 "}, {"a=b", "a=b"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str value;
        str_init(&value, 100);
        assert_true(irc_tag_unescape(&value, cases[i].raw, strlen(cases[i].raw)));
        assert_string_equal(value.data, cases[i].value);
        assert_int_equal(value.len, strlen(cases[i].value));
        str_release(&value);
    }
}

static void every_byte_survives_its_escaping(void **state)
{
    (void)state;
    struct str raw, value;
    str_init(&raw, 10);
    str_init(&value, 10);
    for (int byte = 1; byte < 256; byte++) {
        for (int next = 1; next < 256; next++) {
            const char both[] = {(char)byte, (char)next, '\0'};
            str_reset(&raw);
            str_reset(&value);
            assert_true(irc_tag_escape(&raw, both, 2));
            assert_null(strpbrk(raw.data, "; \r\n"));
            assert_true(irc_tag_unescape(&value, raw.data, raw.len));
            assert_string_equal(value.data, both);
        }
    }
    str_reset(&raw);
    assert_false(irc_tag_escape(&raw, "12345678 90", 11));
    assert_int_equal(raw.len, 0);
    assert_false(irc_tag_unescape(&raw, "12345678901", 11));
    assert_int_equal(raw.len, 0);
    str_release(&value);
    str_release(&raw);
}

static void tags_are_found(void **state)
{
    (void)state;
    char line[] = "@a=1;b;+c=3\\s4;vendor/a=5;;=6;a=7;d= PING";
    struct irc_message m;
    struct irc_tag tag;
    struct str value;
    str_init(&value, 100);
    assert_int_equal(irc_parse(&m, line, strlen(line), IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES),
                     IRC_OK);
    size_t n = 0;
    for (size_t at = 0; irc_tag_next(&m, &at, &tag); n++)
        ;
    assert_int_equal(n, 7);
    assert_true(irc_tag_find(&m, "a", &tag));
    assert_memory_equal(tag.value, "7", 1);
    assert_true(irc_tag_find(&m, "b", &tag));
    assert_int_equal(tag.value_len, 0);
    assert_true(irc_tag_find(&m, "d", &tag));
    assert_int_equal(tag.value_len, 0);
    assert_false(irc_tag_find(&m, "c", &tag));
    assert_false(irc_tag_find(&m, "A", &tag));
    assert_false(irc_tag_find(&m, "vendor", &tag));
    assert_true(irc_tag_value(&m, "+c", &value));
    assert_string_equal(value.data, "3 4");
    assert_false(irc_tag_value(&m, "none", &value));
    assert_string_equal(value.data, "3 4");
    str_release(&value);
}

/* The list is the protocol's: three digits each, no number twice. */
static void numerics_are_numbers_of_three_digits(void **state)
{
    (void)state;
    static const int numbers[] = {
#define X(name, number) number,
        IRC_NUMERICS(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_in_range(numbers[i], 1, 999);
        assert_true(i == 0 || numbers[i] > numbers[i - 1]);
    }
    assert_int_equal(RPL_WHOSPCRPL, 354);
    assert_int_equal(ERR_INPUTTOOLONG, 417);
    assert_int_equal(RPL_SASLMECHS, 908);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_taken_apart),
        cmocka_unit_test(wrong_lines_are_refused),
        cmocka_unit_test(a_wrong_command_is_still_told),
        cmocka_unit_test(what_is_not_there_is_empty),
        cmocka_unit_test(the_limits_are_exact),
        cmocka_unit_test(more_parameters_than_there_are_places),
        cmocka_unit_test(tag_values_are_unescaped),
        cmocka_unit_test(every_byte_survives_its_escaping),
        cmocka_unit_test(tags_are_found),
        cmocka_unit_test(numerics_are_numbers_of_three_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
