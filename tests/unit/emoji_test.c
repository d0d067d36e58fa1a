/* The table of emoji: sorted, so that they are found, and each of them one cluster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "client/model/emoji.h"
#include "common/text.h"

static void every_row_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < emoji_count(); i++) {
        const struct emoji *emoji = emoji_at(i);
        size_t len = strlen(emoji->text);
        assert_int_equal(text_cluster_next(emoji->text, len, 0), len);
        assert_int_equal(strspn(emoji->name, "abcdefghijklmnopqrstuvwxyz0123456789_+-"),
                         strlen(emoji->name));
        assert_string_equal(emoji_find(emoji->name), emoji->text);
    }
    assert_null(emoji_find("no_such_name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
