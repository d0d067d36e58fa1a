/* Accounts: verifiers, SCRAM after RFC 7677, what is kept of them, and waiting after failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/base64.h"
#include "common/str.h"
#include "server/account/accounts.h"
#include "server/account/scram.h"
#include "server/account/throttle.h"

enum { STEP_MS = 10 * 1000 };

#define CERTIFICATE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct str text(const char *base64)
{
    struct str s;
    str_init(&s, 1024);
    assert_true(base64_decode(&s, base64, strlen(base64)));
    return s;
}

/* RFC 4648, section 10. */
static void base64_is_that_of_the_rfc(void **state)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str s = text(cases[i][1]);
        assert_string_equal(s.data, cases[i][0]);
        str_reset(&s);
        assert_true(base64_encode(&s, cases[i][0], strlen(cases[i][0])));
        assert_string_equal(s.data, cases[i][1]);
        str_release(&s);
    }
}

static void what_is_no_base64_is_refused(void **state)
{
    static const char *const cases[] = {
        "Zg=", "Zg", "=", "====", "Zg==Zg==", "Z===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm9v!AAA"};
    struct str s;
    (void)state;
    str_init(&s, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_false(base64_decode(&s, cases[i], strlen(cases[i])));
    assert_int_equal(s.len, 0);
    str_release(&s);
}

/* The example of RFC 7677, section 3. */
static struct verifier rfc_verifier(void)
{
    struct str salt = text("W22ZaJ0SNY7soEsUEjb6gQ==");
    struct verifier verifier =
        verifier_make("pencil", (const unsigned char *)salt.data, VERIFIER_ITERATIONS);
    str_release(&salt);
    return verifier;
}

#define RFC_FIRST "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
#define RFC_NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define RFC_FINAL_BARE "c=biws,r=rOprNGfwEbeRWgbNEkqO" RFC_NONCE
#define RFC_FINAL RFC_FINAL_BARE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

static void scram_is_that_of_the_rfc(void **state)
{
    struct verifier verifier = rfc_verifier();
    struct scram scram;
    struct str out;
    (void)state;
    scram_init(&scram);
    str_init(&out, 1024);
    assert_true(scram_first(&scram, RFC_FIRST));
    assert_string_equal(scram.name.data, "user");
    assert_true(scram_challenge(&scram, &verifier, RFC_NONCE, &out));
    assert_string_equal(out.data,
                        "r=rOprNGfwEbeRWgbNEkqO" RFC_NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    str_reset(&out);
    assert_true(scram_final(&scram, RFC_FINAL, &out));
    assert_string_equal(out.data, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    str_release(&out);
    scram_release(&scram);
}

static bool final_passes(const char *final)
{
    struct verifier verifier = rfc_verifier();
    struct scram scram;
    struct str out;
    scram_init(&scram);
    str_init(&out, 1024);
    assert_true(scram_first(&scram, RFC_FIRST));
    assert_true(scram_challenge(&scram, &verifier, RFC_NONCE, &out));
    str_reset(&out);
    bool passes = scram_final(&scram, final, &out);
    assert_true(passes || out.len == 0);
    str_release(&out);
    scram_release(&scram);
    return passes;
}

static void a_final_message_that_proves_nothing_fails(void **state)
{
    (void)state;
    assert_true(final_passes(RFC_FINAL));
    assert_false(final_passes(""));
    assert_false(final_passes(RFC_FINAL_BARE));
    assert_false(final_passes(RFC_FINAL_BARE ",p="));
    assert_false(final_passes(RFC_FINAL_BARE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVU="));
    assert_false(final_passes("c=eSws,r=rOprNGfwEbeRWgbNEkqO" RFC_NONCE
                              ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
    assert_false(final_passes("c=biws,r=rOprNGfwEbeRWgbNEkqO"
                              ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
}

static void a_first_message_is_read_or_refused(void **state)
{
    static const struct {
        const char *text;
        const char *name; /* NULL: refused */
        const char *identity;
    } cases[] = {
        {"n,,n=ada,r=x", "ada", ""},
        {"y,,n=ada,r=x", "ada", ""},
        {"n,a=bob,n=ada,r=x", "ada", "bob"},
        {"n,,n=a=2Cb=3Dc,r=x,ext=1", "a,b=c", ""},
        {"", NULL, ""},
        {"n,,", NULL, ""},
        {"n,,n=,r=x", NULL, ""},
        {"n,,n=ada", NULL, ""},
        {"n,,n=ada,r=", NULL, ""},
        {"n,,n=a=b,r=x", NULL, ""},
        {"p=tls-unique,,n=ada,r=x", NULL, ""},
        {"n,a=bob", NULL, ""},
        {"n,,m=1,n=ada,r=x", NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scram scram;
        scram_init(&scram);
        assert_int_equal(scram_first(&scram, cases[i].text), cases[i].name != NULL);
        if (cases[i].name) {
            assert_string_equal(scram.name.data, cases[i].name);
            assert_string_equal(scram.identity.data, cases[i].identity);
        }
        scram_release(&scram);
    }
}

static void a_verifier_knows_its_password_only(void **state)
{
    struct verifier verifier = rfc_verifier(), none = {0};
    (void)state;
    assert_true(verifier_matches(&verifier, "pencil"));
    assert_false(verifier_matches(&verifier, "Pencil"));
    assert_false(verifier_matches(&verifier, ""));
    assert_false(verifier_matches(&none, ""));
}

static void count_up(void *ctx, void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)bytes)[i] = ++*(unsigned char *)ctx;
}

static struct accounts *two_accounts(unsigned char *chance)
{
    *chance = 0;
    return accounts_new(
        &(struct accounts_config){.max_accounts = 2, .random = count_up, .ctx = chance});
}

static void an_account_comes_back_from_its_text(void **state)
{
    unsigned char chance;
    struct accounts *accounts = two_accounts(&chance), *again = two_accounts(&chance);
    struct str kept;
    (void)state;
    str_init(&kept, ACCOUNT_TEXT_BYTES);
    const struct account *ada = accounts_add(accounts, "Ada", "secret word", CERTIFICATE, 1234);
    accounts_set_email(accounts, ada, "ada@lab.example");
    account_write(ada, &kept);
    assert_null(strstr(kept.data, "secret"));
    const struct account *back = accounts_restore(again, kept.data);
    assert_non_null(back);
    assert_ptr_equal(accounts_find(again, "aDA"), back);
    assert_ptr_equal(accounts_of_certificate(again, CERTIFICATE), back);
    assert_string_equal(back->name, "Ada");
    assert_int_equal(back->made_ms, 1234);
    assert_string_equal(back->email, "ada@lab.example");
    assert_true(verifier_matches(&back->verifier, "secret word"));
    str_release(&kept);
    accounts_free(accounts);
    accounts_free(again);
}

static void what_is_no_account_is_not_restored(void **state)
{
    static const char *const cases[] = {"", "name", "made 1\n", "name ada\nscram 1 x y z\n",
                                        "name ada\ncertificate 12\n"};
    unsigned char chance;
    struct accounts *accounts = two_accounts(&chance);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_null(accounts_restore(accounts, cases[i]));
    accounts_free(accounts);
}

static void names_and_certificates_are_had_once_and_there_is_a_most(void **state)
{
    unsigned char chance;
    struct accounts *accounts = two_accounts(&chance);
    (void)state;
    const struct account *ada = accounts_add(accounts, "ada", NULL, CERTIFICATE, 1);
    assert_non_null(ada);
    assert_null(accounts_add(accounts, "ADA", "x", NULL, 1));
    assert_null(accounts_add(accounts, "bob", "x", CERTIFICATE, 1));
    assert_non_null(accounts_add(accounts, "bob", "x", NULL, 1));
    assert_null(accounts_add(accounts, "cy", "x", NULL, 1));
    accounts_remove(accounts, ada);
    assert_null(accounts_of_certificate(accounts, CERTIFICATE));
    assert_non_null(accounts_add(accounts, "cy", NULL, CERTIFICATE, 1));
    accounts_free(accounts);
}

static void who_fails_often_waits(void **state)
{
    struct throttle throttle;
    (void)state;
    throttle_init(&throttle, 5, STEP_MS, 1);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(throttle_wait_ms(&throttle, "10.0.0.1", 1000), 0);
        throttle_add(&throttle, "10.0.0.1", 1000);
    }
    assert_int_equal(throttle_wait_ms(&throttle, "10.0.0.1", 1000), STEP_MS);
    assert_int_equal(throttle_wait_ms(&throttle, "10.0.0.2", 1000), 0);
    assert_int_equal(throttle_wait_ms(&throttle, "10.0.0.1", 1000 + STEP_MS), 0);
    throttle_release(&throttle);
}

static void no_more_failures_are_remembered_than_may_be(void **state)
{
    struct throttle throttle;
    (void)state;
    throttle_init(&throttle, 5, STEP_MS, 1);
    for (int i = 0; i < 3 * THROTTLE_MAX; i++) {
        char key[32];
        snprintf(key, sizeof key, "host-%d", i);
        throttle_add(&throttle, key, 1000);
    }
    assert_int_equal(throttle.table.len, THROTTLE_MAX);
    throttle_release(&throttle);
}

static const struct account *guessed_everywhere(struct accounts *accounts, int guesses)
{
    for (int i = 0; i < guesses; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.0.%d.%d", i / 250, i % 250);
        accounts_failed(accounts, address, "ada", "PLAIN", 1000);
    }
    return accounts_find(accounts, "ada");
}

static void guesses_from_everywhere_leave_the_owner_where_he_was(void **state)
{
    (void)state;
    unsigned char chance = 0;
    struct accounts *accounts = two_accounts(&chance);
    assert_non_null(accounts_add(accounts, "ada", "x", NULL, 1));
    guessed_everywhere(accounts, 300);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.1", "ada", 1000), 0);
    const struct account *ada = guessed_everywhere(accounts, 600);
    assert_true(accounts_wait_ms(accounts, "10.9.0.1", "ada", 1000) > 0);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.1", "bob", 1000), 0);
    accounts_came(accounts, ada, "10.9.0.1");
    accounts_came(accounts, ada, "2001:db8::1");
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.1", "ada", 1000), 0);
    assert_int_equal(accounts_wait_ms(accounts, "2001:db8::2", "ada", 1000), 0);
    assert_true(accounts_wait_ms(accounts, "10.9.0.2", "ada", 1000) > 0);
    for (int i = 0; i < 5; i++)
        accounts_failed(accounts, "10.9.0.1", "ada", "PLAIN", 1000);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.1", "ada", 1000), STEP_MS);
    accounts_free(accounts);
}

static void no_more_places_are_remembered_than_may_be(void **state)
{
    (void)state;
    unsigned char chance = 0;
    struct accounts *accounts = two_accounts(&chance);
    const struct account *ada = accounts_add(accounts, "ada", "x", NULL, 1);
    static const char *const came[] = {"10.9.0.1", "10.9.0.2", "10.9.0.1",
                                       "10.9.0.3", "10.9.0.4", "10.9.0.5"};
    for (size_t i = 0; i < sizeof came / sizeof *came; i++)
        accounts_came(accounts, ada, came[i]);
    guessed_everywhere(accounts, 900);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.1", "ada", 1000), 0);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.5", "ada", 1000), 0);
    assert_true(accounts_wait_ms(accounts, "10.9.0.2", "ada", 1000) > 0);
    accounts_free(accounts);
}

static void places_are_remembered_after_a_restart(void **state)
{
    (void)state;
    unsigned char chance = 0;
    struct accounts *accounts = two_accounts(&chance);
    struct str kept;
    str_init(&kept, ACCOUNT_TEXT_BYTES);
    const struct account *ada = accounts_add(accounts, "ada", "x", NULL, 1234);
    static const char *const came[] = {"10.9.0.1", "10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.5"};
    for (size_t i = 0; i < sizeof came / sizeof *came; i++)
        assert_true(accounts_came(accounts, ada, came[i]));
    assert_false(accounts_came(accounts, ada, "10.9.0.2"));
    account_write(ada, &kept);
    assert_null(strstr(kept.data, "10.9"));
    accounts_free(accounts);
    accounts = accounts_new(&(struct accounts_config){.max_accounts = 2, .seed = 99});
    assert_non_null(accounts_restore(accounts, kept.data));
    guessed_everywhere(accounts, 900);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.2", "ada", 1000), 0);
    assert_int_equal(accounts_wait_ms(accounts, "10.9.0.5", "ada", 1000), 0);
    assert_true(accounts_wait_ms(accounts, "10.9.0.1", "ada", 1000) > 0);
    str_release(&kept);
    accounts_free(accounts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_that_of_the_rfc),
        cmocka_unit_test(what_is_no_base64_is_refused),
        cmocka_unit_test(scram_is_that_of_the_rfc),
        cmocka_unit_test(a_final_message_that_proves_nothing_fails),
        cmocka_unit_test(a_first_message_is_read_or_refused),
        cmocka_unit_test(a_verifier_knows_its_password_only),
        cmocka_unit_test(an_account_comes_back_from_its_text),
        cmocka_unit_test(what_is_no_account_is_not_restored),
        cmocka_unit_test(names_and_certificates_are_had_once_and_there_is_a_most),
        cmocka_unit_test(who_fails_often_waits),
        cmocka_unit_test(guesses_from_everywhere_leave_the_owner_where_he_was),
        cmocka_unit_test(no_more_places_are_remembered_than_may_be),
        cmocka_unit_test(places_are_remembered_after_a_restart),
        cmocka_unit_test(no_more_failures_are_remembered_than_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
