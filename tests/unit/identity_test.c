/* Keys and certificates on disk, and fingerprints as text. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/identity.h"
#include "common/str.h"

enum { NOW_S = 1790000000 };

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

struct place {
    char dir[32];
    char path[64];
    struct str error;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/identity.XXXXXX");
    if (!mkdtemp(place->dir))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/identity.pem", place->dir);
    str_init(&place->error, 4096);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    unlink(place->path);
    str_release(&place->error);
    int status = rmdir(place->dir); /* fails if a draft was left behind */
    free(place);
    return status;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void is_made_once_for_its_owner_alone(void **state)
{
    struct place *place = *state;
    bool made = false;
    struct identity *first = identity_keep(place->path, "ada", NOW_S, &made, &place->error);
    assert_non_null(first);
    assert_true(made);
    struct stat info;
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);

    struct identity *second = identity_keep(place->path, "ada", NOW_S, &made, &place->error);
    assert_non_null(second);
    assert_false(made);
    char a[FINGERPRINT_SIZE], b[FINGERPRINT_SIZE];
    identity_fingerprint(first, a);
    identity_fingerprint(second, b);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), FINGERPRINT_DIGITS);
    identity_free(first);
    identity_free(second);
}

static void two_are_never_the_same(void **state)
{
    struct place *place = *state;
    struct identity *one = identity_make("ada", NOW_S, &place->error);
    struct identity *other = identity_make("ada", NOW_S, &place->error);
    char a[FINGERPRINT_SIZE], b[FINGERPRINT_SIZE];
    identity_fingerprint(one, a);
    identity_fingerprint(other, b);
    assert_string_not_equal(a, b);
    identity_free(one);
    identity_free(other);
}

static void what_is_wrong_with_a_file_is_said(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "there is no certificate in PEM in it"},
        {"not a certificate\n", "there is no certificate in PEM in it"},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
         "there is no certificate in PEM in it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool made;
        write_file(place->path, cases[i].text);
        str_reset(&place->error);
        assert_null(identity_keep(place->path, "ada", NOW_S, &made, &place->error));
        assert_non_null(strstr(place->error.data, cases[i].said));
    }
    unlink(place->path);
    str_reset(&place->error);
    assert_null(identity_read(place->path, place->path, &place->error));
    assert_non_null(strstr(place->error.data, "No such file"));
}

static void a_key_belongs_to_its_certificate(void **state)
{
    struct place *place = *state;
    char other_path[80];
    bool made;
    snprintf(other_path, sizeof other_path, "%s.other", place->path);
    identity_free(identity_keep(place->path, "ada", NOW_S, &made, &place->error));
    identity_free(identity_keep(other_path, "ada", NOW_S, &made, &place->error));
    assert_null(identity_read(place->path, other_path, &place->error));
    assert_non_null(strstr(place->error.data, "does not belong"));
    unlink(other_path);
}

static void a_place_that_is_none_is_said(void **state)
{
    struct place *place = *state;
    bool made;
    assert_null(identity_keep("/proc/none/identity.pem", "ada", NOW_S, &made, &place->error));
    assert_non_null(strstr(place->error.data, "/proc/none/identity.pem: "));
}

static void fingerprints_are_read_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {DIGITS, true},
        {"00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", true},
        {"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
         "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
         true},
        {"", false},
        {DIGITS "0", false},
        {"0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false},
        {"g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false},
        {":00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false},
        {"0:0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false},
        {"00112233445566778899aabbccddeeff 00112233445566778899aabbccddeeff", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char digits[FINGERPRINT_SIZE];
        assert_int_equal(fingerprint_parse(cases[i].text, digits), cases[i].good);
        if (cases[i].good)
            assert_string_equal(digits, DIGITS);
    }
}

static void fingerprints_are_written_with_colons(void **state)
{
    (void)state;
    struct str text;
    str_init(&text, 200);
    fingerprint_with_colons(DIGITS, &text);
    assert_int_equal(text.len, 95);
    assert_memory_equal(text.data, "00:11:22:33:44:55:66:77:88:99:AA:BB:", 36);
    char digits[FINGERPRINT_SIZE];
    assert_true(fingerprint_parse(text.data, digits));
    assert_string_equal(digits, DIGITS);
    str_release(&text);
}

static int synced, inherited;

/* Instead of the system's, for identity.c. */
int fsync(int fd)
{
    synced++;
    inherited += !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    return 0;
}

static void what_the_program_starts_does_not_get_the_key(void **state)
{
    struct place *place = *state;
    bool made;
    synced = inherited = 0;
    identity_free(identity_keep(place->path, "ada", NOW_S, &made, &place->error));
    assert_true(made);
    assert_int_equal(synced, 1);
    assert_int_equal(inherited, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_made_once_for_its_owner_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_are_never_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_a_file_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_belongs_to_its_certificate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_that_is_none_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_program_starts_does_not_get_the_key, set_up,
                                        tear_down),
        cmocka_unit_test(fingerprints_are_read_in_every_form),
        cmocka_unit_test(fingerprints_are_written_with_colons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
