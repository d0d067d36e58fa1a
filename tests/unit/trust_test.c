/* Visits to servers, one after the other, and what the file remembers of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "client/disk/trust.h"
#include "common/str.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct place {
    char dir[32];
    char path[64];
    struct str said;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/trust.XXXXXX");
    if (!mkdtemp(place->dir))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/known_servers", place->dir);
    str_init(&place->said, TRUST_SAID_BYTES);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char lock[80];
    snprintf(lock, sizeof lock, "%s.lock", place->path);
    unlink(place->path);
    unlink(lock);
    str_release(&place->said);
    int status = rmdir(place->dir); /* fails if a draft was left behind */
    free(place);
    return status;
}

static void put(const struct place *place, const char *text)
{
    FILE *file = fopen(place->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_file(const struct place *place, const char *text)
{
    char bytes[4096] = "";
    FILE *file = fopen(place->path, "r");
    if (file) {
        bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
        fclose(file);
    }
    assert_string_equal(bytes, text);
}

/* What is decided, from what is remembered, and what is remembered then. */
static void each_visit_is_decided(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *before, *pinned;
        bool takes_new;
        const char *shown;
        bool vouched;
        enum trust_answer answer;
        const char *after, *said;
    } cases[] = {
        {"", NULL, true, A, false, TRUST_NEW, "lab:6697 " A "\n", "first visit to lab:6697"},
        {"", NULL, false, A, false, TRUST_REFUSED, "", "--fingerprint " A},
        {"", NULL, false, A, true, TRUST_KNOWN, "lab:6697 vouched\n", ""},
        {"", A, false, A, false, TRUST_KNOWN, "lab:6697 " A "\n", ""},
        {"", B, true, A, false, TRUST_REFUSED, "", A},
        {"", B, true, A, true, TRUST_REFUSED, "", A},
        {"lab:6697 " A "\n", NULL, false, A, false, TRUST_KNOWN, "lab:6697 " A "\n", ""},
        {"lab:6697 " A "\n", NULL, true, B, false, TRUST_REFUSED, "lab:6697 " A "\n",
         "has changed: "},
        {"lab:6697 " A "\n", NULL, true, B, true, TRUST_KNOWN, "lab:6697 vouched\n", ""},
        {"lab:6697 " A "\n", B, false, B, false, TRUST_KNOWN, "lab:6697 " B "\n", ""},
        {"lab:6697 vouched\n", NULL, true, B, false, TRUST_REFUSED, "lab:6697 vouched\n",
         "no authority vouches for the new one"},
        /* Others' lines, comments and garbage neither matter nor get lost. */
        {"lab:6698 " A "\nlab.local:6697 " A "\n# mine\nlab:6697", NULL, true, B, false, TRUST_NEW,
         "lab:6698 " A "\nlab.local:6697 " A "\n# mine\nlab:6697\nlab:6697 " B "\n", "first visit"},
        {"x " A "\nlab:6697 " A "\ny " B "\n", B, false, B, false, TRUST_KNOWN,
         "x " A "\ny " B "\nlab:6697 " B "\n", ""},
        /* A line that cannot be read is no reason to take anybody. */
        {"lab:6697 " A " x\n", NULL, true, A, false, TRUST_REFUSED, "lab:6697 " A " x\n",
         "has changed"},
        {"lab:6697 zz\n", NULL, true, A, false, TRUST_REFUSED, "lab:6697 zz\n", "has changed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct trust trust = {
            .path = place->path, .pinned = cases[i].pinned, .takes_new = cases[i].takes_new};
        const struct trust_shown shown = {.host = "LAB",
                                          .port = "6697",
                                          .fingerprint = cases[i].shown,
                                          .is_vouched_for = cases[i].vouched};
        put(place, cases[i].before);
        str_reset(&place->said);
        print_message("case %zu\n", i);
        assert_int_equal(trust_decide(&trust, &shown, &place->said), cases[i].answer);
        assert_file(place, cases[i].after);
        assert_non_null(strstr(place->said.data, cases[i].said));
        assert_true(cases[i].said[0] || place->said.len == 0);
    }
}

static void the_file_is_its_owners(void **state)
{
    struct place *place = *state;
    const struct trust trust = {.path = place->path, .takes_new = true};
    const struct trust_shown shown = {.host = "::1", .port = "6697", .fingerprint = A};
    assert_int_equal(trust_decide(&trust, &shown, &place->said), TRUST_NEW);
    struct stat info;
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_file(place, "[::1]:6697 " A "\n");
}

static void without_a_file_it_is_said(void **state)
{
    struct place *place = *state;
    const struct trust nowhere = {.takes_new = true};
    const struct trust_shown shown = {.host = "lab", .port = "6697", .fingerprint = A};
    assert_int_equal(trust_decide(&nowhere, &shown, &place->said), TRUST_NEW);

    const struct trust bad = {.path = "/proc/none/known_servers", .takes_new = true};
    str_reset(&place->said);
    assert_int_equal(trust_decide(&bad, &shown, &place->said), TRUST_NEW);
    assert_non_null(strstr(place->said.data, "cannot be remembered: /proc/none/known_servers: "));

    /* One that is there and cannot be read might hold another fingerprint. */
    const struct trust unread = {.path = place->dir, .takes_new = true};
    str_reset(&place->said);
    assert_int_equal(trust_decide(&unread, &shown, &place->said), TRUST_REFUSED);
    assert_non_null(strstr(place->said.data, "cannot look up"));
}

enum { ROUNDS = 20, VISITORS = 6 };

/* Waits until the others are there, too. */
static void visit(const struct place *place, int start, int number)
{
    char host[16], byte;
    snprintf(host, sizeof host, "host%d", number);
    const struct trust trust = {.path = place->path, .takes_new = true};
    const struct trust_shown shown = {.host = host, .port = "6697", .fingerprint = A};
    struct str said;
    str_init(&said, TRUST_SAID_BYTES);
    if (read(start, &byte, 1) != 0)
        _exit(2);
    bool is_new = trust_decide(&trust, &shown, &said) == TRUST_NEW;
    _exit(is_new && !strstr(said.data, "cannot be remembered") ? 0 : 1);
}

static void visit_at_once(const struct place *place, int first)
{
    pid_t pids[VISITORS];
    int start[2], status;
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < VISITORS; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            close(start[1]);
            visit(place, start[0], first + i);
        }
    }
    close(start[1]);
    for (int i = 0; i < VISITORS; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    close(start[0]);
}

static void first_visits_at_once_are_all_remembered(void **state)
{
    struct place *place = *state;
    for (int round = 0; round < ROUNDS; round++)
        visit_at_once(place, round * VISITORS);
    for (int i = 0; i < ROUNDS * VISITORS; i++) {
        char host[16];
        snprintf(host, sizeof host, "host%d", i);
        const struct trust trust = {.path = place->path, .takes_new = true};
        const struct trust_shown shown = {.host = host, .port = "6697", .fingerprint = A};
        str_reset(&place->said);
        assert_int_equal(trust_decide(&trust, &shown, &place->said), TRUST_KNOWN);
    }
}

/* One that stopped in the middle of it keeps nobody away. */
static void a_lock_that_stays_is_said(void **state)
{
    struct place *place = *state;
    char path[80];
    snprintf(path, sizeof path, "%s.lock", place->path);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    const struct trust trust = {.path = place->path, .takes_new = true};
    const struct trust_shown shown = {.host = "lab", .port = "6697", .fingerprint = A};
    assert_int_equal(trust_decide(&trust, &shown, &place->said), TRUST_NEW);
    assert_non_null(strstr(place->said.data, "cannot be remembered"));
    assert_file(place, "");
    close(fd);
}

/* It may lie where one keeps such files together. */
static void a_link_stays_one(void **state)
{
    struct place *place = *state;
    char kept[80];
    struct stat status;
    snprintf(kept, sizeof kept, "%s/kept", place->dir);
    assert_int_equal(symlink("kept", place->path), 0);
    const struct trust trust = {.path = place->path, .takes_new = true};
    const struct trust_shown shown = {.host = "lab", .port = "6697", .fingerprint = A};
    assert_int_equal(trust_decide(&trust, &shown, &place->said), TRUST_NEW);
    assert_non_null(strstr(place->said.data, "cannot be remembered"));
    put(place, "lan:6697 " B "\n");
    assert_int_equal(trust_decide(&trust, &shown, &place->said), TRUST_NEW);
    assert_file(place, "lan:6697 " B "\nlab:6697 " A "\n");
    assert_int_equal(lstat(place->path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(kept, &status), 0);
    assert_int_equal(unlink(kept), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_visit_is_decided, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_file_is_its_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_file_it_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(first_visits_at_once_are_all_remembered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_stays_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_stays_one, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
