/* The devices of an account, what is kept of them, and the codes that let one more in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/str.h"
#include "server/account/accounts.h"

#define CERTIFICATE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void count_up(void *ctx, void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)bytes)[i] = (*(unsigned char *)ctx)++;
}

static struct accounts *some_accounts(unsigned char *chance)
{
    *chance = 1;
    return accounts_new(
        &(struct accounts_config){.max_accounts = 3, .random = count_up, .ctx = chance});
}

static struct device device_number(unsigned number)
{
    struct device device = {
        .label = (char *)"phone", .from = (char *)"10.0.0.7", .added_ms = 5, .seen_ms = 7};
    snprintf(device.certificate, sizeof device.certificate, "%064x", number);
    return device;
}

static void sixteen_are_kept_and_no_more(void **state)
{
    unsigned char chance;
    struct accounts *accounts = some_accounts(&chance), *again = some_accounts(&chance);
    struct str text;
    (void)state;
    str_init(&text, ACCOUNT_TEXT_BYTES);
    const struct account *ada = accounts_add(accounts, "ada", "secret", CERTIFICATE, 1234);
    struct device device;
    for (unsigned i = 1; i < ACCOUNT_DEVICES; i++) {
        device = device_number(i);
        assert_true(accounts_add_device(accounts, ada, &device));
        assert_ptr_equal(accounts_of_certificate(accounts, device.certificate), ada);
        assert_false(accounts_add_device(accounts, ada, &device));
    }
    device = device_number(99);
    assert_false(accounts_add_device(accounts, ada, &device));
    assert_null(accounts_of_certificate(accounts, device.certificate));
    account_write(ada, &text);
    assert_false(text.overflow);
    const struct account *back = accounts_restore(again, text.data);
    assert_non_null(back);
    assert_int_equal(back->device_count, ACCOUNT_DEVICES);
    assert_string_equal(back->devices[0].certificate, CERTIFICATE);
    assert_string_equal(back->devices[0].label, "");
    assert_string_equal(back->devices[3].label, "phone");
    assert_string_equal(back->devices[3].from, "10.0.0.7");
    assert_int_equal(back->devices[3].added_ms, 5);
    assert_int_equal(back->devices[3].seen_ms, 7);
    str_release(&text);
    accounts_free(accounts);
    accounts_free(again);
}

static void one_that_is_taken_away_proves_nothing(void **state)
{
    unsigned char chance;
    struct accounts *accounts = some_accounts(&chance);
    (void)state;
    const struct account *ada = accounts_add(accounts, "ada", NULL, CERTIFICATE, 1);
    struct device device = device_number(1), removed;
    assert_true(accounts_add_device(accounts, ada, &device));
    assert_true(accounts_remove_device(accounts, ada, CERTIFICATE, &removed));
    assert_null(accounts_of_certificate(accounts, CERTIFICATE));
    assert_ptr_equal(accounts_of_certificate(accounts, device.certificate), ada);
    assert_true(accounts_add_device(accounts, ada, &removed));
    assert_ptr_equal(accounts_of_certificate(accounts, CERTIFICATE), ada);
    device_release(&removed);
    accounts_free(accounts);
}

/* What was written before there were several. */
static void a_certificate_alone_is_a_device(void **state)
{
    unsigned char chance;
    struct accounts *accounts = some_accounts(&chance);
    (void)state;
    const struct account *ada =
        accounts_restore(accounts, "name ada\nmade 1234\ncertificate " CERTIFICATE "\n");
    assert_non_null(ada);
    assert_int_equal(ada->device_count, 1);
    assert_int_equal(ada->devices[0].added_ms, 1234);
    assert_int_equal(ada->devices[0].seen_ms, 0);
    assert_ptr_equal(accounts_of_certificate(accounts, CERTIFICATE), ada);
    assert_null(accounts_restore(accounts, "name bob\ncertificate 12 1 1 * x\n"));
    accounts_free(accounts);
}

static void a_label_is_harmless_and_short(void **state)
{
    unsigned char chance;
    struct accounts *accounts = some_accounts(&chance);
    (void)state;
    const struct account *ada = accounts_add(accounts, "ada", NULL, NULL, 1);
    struct device device = device_number(1);
    device.label = (char *)"\033[31mred and longer than any label may ever be";
    assert_true(accounts_add_device(accounts, ada, &device));
    assert_null(strchr(ada->devices[0].label, '\033'));
    assert_in_range(strlen(ada->devices[0].label), 1, 2 * DEVICE_LABEL_BYTES);
    accounts_free(accounts);
}

static void a_code_is_good_once_for_ten_minutes(void **state)
{
    unsigned char chance;
    struct accounts *accounts = some_accounts(&chance);
    char text[CODE_BYTES];
    (void)state;
    const struct account *ada = accounts_add(accounts, "ada", "x", NULL, 1);
    const struct account *bob = accounts_add(accounts, "bob", "x", NULL, 1);
    snprintf(text, sizeof text, "%s", accounts_make_code(accounts, ada, 1000));
    assert_int_equal(strlen(text), CODE_BYTES - 1);
    assert_null(accounts_take_code(accounts, "", 1000));
    assert_null(accounts_take_code(accounts, "12345678901234567890", 1000));
    assert_ptr_equal(accounts_take_code(accounts, text, 1000 + CODE_TTL_MS - 1), ada);
    assert_null(accounts_take_code(accounts, text, 1000));

    snprintf(text, sizeof text, "%s", accounts_make_code(accounts, bob, 1000));
    memmove(text + 4, text + 5, 5); /* nobody has to say the dash */
    assert_ptr_equal(accounts_take_code(accounts, text, 1000), bob);

    snprintf(text, sizeof text, "%s", accounts_make_code(accounts, ada, 1000));
    assert_null(accounts_take_code(accounts, text, 1000 + CODE_TTL_MS));
    accounts_free(accounts);
}

static void a_code_is_gone_before_it_is_guessed(void **state)
{
    (void)state;
    struct codes codes = {0};
    char text[CODE_BYTES];
    snprintf(text, sizeof text, "%s", codes_make(&codes, "ada", 12345678, 1));
    for (int i = 0; i < CODE_GUESSES - 1; i++)
        assert_null(codes_take(&codes, "00000000", 2));
    char *key = codes_take(&codes, text, 3);
    assert_string_equal(key, "ada");
    free(key);
    snprintf(text, sizeof text, "%s", codes_make(&codes, "ada", 12345678, 4));
    for (int i = 0; i < CODE_GUESSES; i++)
        assert_null(codes_take(&codes, "00000000", 5));
    assert_null(codes_take(&codes, text, 6));
    codes_release(&codes);
}

static void no_more_codes_are_remembered_than_may_be(void **state)
{
    struct codes codes = {0};
    char first[CODE_BYTES], key[32];
    (void)state;
    snprintf(first, sizeof first, "%s", codes_make(&codes, "first", 12345678, 1));
    for (unsigned i = 0; i < 2 * CODES_MAX; i++) {
        snprintf(key, sizeof key, "%u", i);
        codes_make(&codes, key, i, 2);
    }
    assert_int_equal(codes.count, CODES_MAX);
    assert_null(codes_take(&codes, first, 3));
    codes_release(&codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixteen_are_kept_and_no_more),
        cmocka_unit_test(one_that_is_taken_away_proves_nothing),
        cmocka_unit_test(a_certificate_alone_is_a_device),
        cmocka_unit_test(a_label_is_harmless_and_short),
        cmocka_unit_test(a_code_is_good_once_for_ten_minutes),
        cmocka_unit_test(no_more_codes_are_remembered_than_may_be),
        cmocka_unit_test(a_code_is_gone_before_it_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
