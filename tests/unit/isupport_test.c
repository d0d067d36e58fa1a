/* What the tokens of 005 say. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "client/session/isupport.h"

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
        cmocka_unit_test(test_isupport),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
