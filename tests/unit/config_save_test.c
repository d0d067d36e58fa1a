/* /save: what becomes of the file that is there, and of the one that is not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/config/config.h"
#include "common/file.h"
#include "tests/scratch.h"
#include "tests/unit/assert_file.h"

struct place {
    char dir[32];
    char path[96];
    struct settings settings; /* as at a fresh start, but without the bell */
    struct str error;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/save.XXXXXX");
    scratch_make(place->dir);
    snprintf(place->path, sizeof place->path, "%s/config", place->dir);
    settings_init(&place->settings);
    place->settings.bell = false;
    str_init(&place->error, 1000);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    settings_release(&place->settings);
    str_release(&place->error);
    scratch_remove(place->dir);
    int status = access(place->dir, F_OK) == 0; /* something was left that is no file */
    free(place);
    return status;
}

static void put(const char *path, const char *bytes, size_t len, mode_t mode)
{
    assert_true(file_replace(path, bytes, len, mode));
}

static void save(struct place *place)
{
    bool is_saved = config_save(place->path, &place->settings, &place->error);
    assert_string_equal(place->error.data, "");
    assert_true(is_saved);
}

static void refuse(struct place *place, const char *why)
{
    assert_false(config_save(place->path, &place->settings, &place->error));
    assert_non_null(strstr(place->error.data, place->path));
    assert_non_null(strstr(place->error.data, why));
}

static void a_new_file_is_its_owners(void **state)
{
    struct place *place = *state;
    save(place);
    assert_file(place->path, "bell = no\n", 0600);
}

static void directories_are_made(void **state)
{
    struct place *place = *state;
    char dirs[2][64];
    snprintf(dirs[0], sizeof dirs[0], "%s/a", place->dir);
    snprintf(dirs[1], sizeof dirs[1], "%s/a/b", place->dir);
    snprintf(place->path, sizeof place->path, "%s/config", dirs[1]);
    save(place);
    assert_file(place->path, "bell = no\n", 0600);
    scratch_remove(dirs[1]);
    scratch_remove(dirs[0]);
}

static void the_mode_stays(void **state)
{
    struct place *place = *state;
    put(place->path, "nick = ada\n", 11, 0644);
    save(place);
    assert_file(place->path, "nick = ada\nbell = no\n", 0644);
}

/* As those have it who keep such files elsewhere. */
static void a_link_is_followed(void **state)
{
    struct place *place = *state;
    char target[64], text[64];
    struct stat status;
    snprintf(target, sizeof target, "%s/kept", place->dir);
    put(target, "nick = ada\n", 11, 0640);
    assert_int_equal(symlink("kept", place->path), 0);
    save(place);
    assert_file(target, "nick = ada\nbell = no\n", 0640);
    assert_int_equal(lstat(place->path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    ssize_t len = readlink(place->path, text, sizeof text);
    assert_int_equal(len, 4);
    assert_memory_equal(text, "kept", 4);
}

static void a_link_that_leads_nowhere_stays(void **state)
{
    struct place *place = *state;
    struct stat status;
    assert_int_equal(symlink("nowhere", place->path), 0);
    refuse(place, "No such file");
    assert_int_equal(lstat(place->path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void what_is_no_configuration_is_named(void **state)
{
    struct place *place = *state;
    put(place->path, "nick = a\0da\n", 12, 0600);
    refuse(place, "there is a NUL in it");
    unlink(place->path);

    str_reset(&place->error);
    assert_int_equal(mkfifo(place->path, 0600), 0); /* to open it would take for ever */
    refuse(place, "not a regular file");
    unlink(place->path);

    size_t len = (1 << 20) + 1;
    char *large = malloc(len);
    memset(large, '#', len);
    put(place->path, large, len, 0600);
    free(large);
    str_reset(&place->error);
    refuse(place, "too large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_file_is_its_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown(directories_are_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_mode_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_is_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_that_leads_nowhere_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_configuration_is_named, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
