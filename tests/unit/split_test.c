/* How a text is cut into messages. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "client/session/split.h"
#include "common/str.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
