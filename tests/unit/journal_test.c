/* The journal: what is read is what was written, whatever the file went through. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/disk/appender.h"
#include "client/disk/journal.h"
#include "common/alloc.h"
#include "tests/scratch.h"

enum {
    MAX_BYTES = 1 << 26,
    FILE_MAX_BYTES = 2 * APPENDER_WINDOW_BYTES, /* of those that are read here */
};

/* A directory of the test's own. */
struct place {
    char directory[64];
    char file[128];
};

static void place_init(struct place *p)
{
    snprintf(p->directory, sizeof(p->directory), "/tmp/snug-journal-XXXXXX");
    scratch_make(p->directory);
    snprintf(p->file, sizeof(p->file), "%s/lab%%3A6697.journal", p->directory);
}

static void place_release(struct place *p)
{
    scratch_remove(p->directory);
}

static struct journal *open_journal(const struct place *p)
{
    struct str error;
    str_init(&error, 4096);
    struct journal *journal = journal_open(p->directory, "lab:6697", &error);
    if (!journal)
        fail_msg("%s", error.data);
    str_release(&error);
    return journal;
}

static void say(struct journal *journal, uint64_t number, const char *text)
{
    struct image_line line = {.run = 0xabc,
                              .number = number,
                              .time_ms = 1795000000000,
                              .sent = true,
                              .place = PLACE_ROOM,
                              .nick = (char *)"ada",
                              .target = (char *)"#lobby",
                              .text = (char *)text};
    assert_true(journal_line(journal, &line));
}

static void draft(struct journal *journal, const char *name, const char *text, size_t cursor)
{
    struct image_draft d = {PLACE_ROOM, (char *)name, (char *)text, cursor};
    assert_true(journal_draft(journal, &d));
}

static void entry(struct journal *journal, const char *text)
{
    struct image_entry e = {PLACE_PERSON, (char *)"bob", (char *)text};
    journal_entry(journal, &e);
}

/* The image as the records that would make it; owned by the caller. */
static char *text_of(const struct image *image)
{
    struct str text;
    str_init(&text, MAX_BYTES);
    image_write(image, &text);
    return str_detach(&text);
}

static void expect_same(const struct journal *journal, const char *wanted)
{
    char *text = text_of(journal_image(journal));
    assert_string_equal(text, wanted);
    free(text);
}

static void test_everything_comes_back(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    struct journal *journal = open_journal(&p);
    say(journal, 1, "tab\there, new\nline, back\\slash");
    say(journal, 2, "second");
    say(journal, 3, "third");
    journal_line_done(journal, 0xabc, 2);
    draft(journal, "#tea", "half a th", 4);
    draft(journal, "#gone", "was here", 8);
    draft(journal, "#gone", "", 0);
    entry(journal, "entered");
    assert_true(journal_write(journal, 0));
    char *before = text_of(journal_image(journal));
    journal_close(journal);
    journal = open_journal(&p);
    expect_same(journal, before);
    const struct image *image = journal_image(journal);
    assert_int_equal(image->n_lines, 2);
    assert_string_equal(image->lines[0]->text, "tab\there, new\nline, back\\slash");
    assert_true(image->lines[0]->sent && !image->lines[0]->unsure && !image->lines[0]->action);
    assert_int_equal(image_find_draft(image, PLACE_ROOM, "#tea")->cursor, 4);
    assert_null(image_find_draft(image, PLACE_PERSON, "#tea"));
    assert_null(image_find_draft(image, PLACE_ROOM, "#gone"));
    struct stat status;
    assert_int_equal(stat(p.file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    free(before);
    journal_close(journal);
    place_release(&p);
}

static char *read_file(const char *path, size_t *len)
{
    char *bytes = xcalloc(1, FILE_MAX_BYTES);
    int fd = open(path, O_RDONLY);
    ssize_t n_read = read(fd, bytes, FILE_MAX_BYTES);
    assert_true(n_read >= 0);
    *len = (size_t)n_read;
    close(fd);
    return bytes;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

/* Without the zeros behind it. */
static size_t content_size(const struct place *p)
{
    size_t len;
    char *bytes = read_file(p->file, &len);
    while (len > 0 && bytes[len - 1] == '\0')
        len--;
    free(bytes);
    return len;
}

/* Cut at every byte: what stands in whole records is there, and one can go on. */
static void test_torn_at_every_byte(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    struct journal *journal = open_journal(&p);
    assert_true(journal_write(journal, 0)); /* so that the rest is appended */
    char *images[5];
    size_t ends[5];
    for (uint64_t i = 0; i < 5; i++) {
        if (i % 2)
            draft(journal, "#lobby", i == 1 ? "d\xc3\xa9j\xc3\xa0" : "", 3);
        else
            say(journal, i + 1, "something to say");
        assert_true(journal_write(journal, 0));
        images[i] = text_of(journal_image(journal));
        ends[i] = content_size(&p);
    }
    journal_close(journal);
    size_t len;
    char *bytes = read_file(p.file, &len);
    assert_int_equal(len, ends[4]);
    for (size_t cut = 0; cut <= len; cut++) {
        write_file(p.file, bytes, cut);
        const char *wanted = "";
        for (size_t i = 0; i < 5 && ends[i] <= cut; i++)
            wanted = images[i];
        /* Less than the header is no file of ours yet. */
        struct str error;
        str_init(&error, 4096);
        journal = journal_open(p.directory, "lab:6697", &error);
        str_release(&error);
        assert_non_null(journal);
        expect_same(journal, wanted);
        say(journal, 99, "after the tear");
        assert_true(journal_write(journal, 0));
        char *after = text_of(journal_image(journal));
        journal_close(journal);
        journal = open_journal(&p);
        expect_same(journal, after);
        journal_close(journal);
        free(after);
    }
    for (size_t i = 0; i < 5; i++)
        free(images[i]);
    free(bytes);
    place_release(&p);
}

/* Any byte changed costs at most its own record. */
static void test_a_rotten_byte(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    struct journal *journal = open_journal(&p);
    assert_true(journal_write(journal, 0));
    for (uint64_t i = 1; i <= 3; i++)
        say(journal, i, "something to say");
    assert_true(journal_write(journal, 0));
    journal_close(journal);
    size_t len, header_len = strlen("snug journal 1\n");
    char *bytes = read_file(p.file, &len);
    for (size_t at = header_len; at < len; at++) {
        bytes[at] ^= 0x15;
        write_file(p.file, bytes, len);
        bytes[at] ^= 0x15;
        journal = open_journal(&p);
        /* A newline that went costs its neighbour, too. */
        assert_true(journal_image(journal)->n_lines >= (bytes[at] == '\n' ? 1 : 2));
        journal_close(journal);
    }
    free(bytes);
    place_release(&p);
}

static void test_another_version_is_left_alone(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    static const char later[] = "snug journal 2\nwho knows\n";
    write_file(p.file, later, sizeof(later) - 1);
    struct str error;
    str_init(&error, 4096);
    assert_null(journal_open(p.directory, "lab:6697", &error));
    assert_non_null(strstr(error.data, "another version"));
    size_t len;
    char *bytes = read_file(p.file, &len);
    assert_string_equal(bytes, later);
    free(bytes);
    str_release(&error);
    place_release(&p);
}

static size_t count_files(const struct place *p)
{
    size_t count = 0;
    DIR *directory = opendir(p->directory);
    for (struct dirent *found; (found = readdir(directory));)
        count += found->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void test_each_program_has_its_own(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    struct journal *first = open_journal(&p), *second = open_journal(&p);
    say(first, 1, "of the first");
    say(second, 2, "of the second");
    draft(first, "#lobby", "one", 3);
    draft(second, "#lobby", "two", 3);
    draft(second, "#tea", "tea", 3);
    assert_true(journal_write(first, 0) && journal_write(second, 0));
    assert_int_equal(count_files(&p), 2);
    journal_close(first);
    journal_close(second);
    /* Both are gone: the next one takes over what they left. */
    first = open_journal(&p);
    const struct image *image = journal_image(first);
    assert_int_equal(image->n_lines, 2);
    assert_string_equal(image_find_draft(image, PLACE_ROOM, "#lobby")->text, "one");
    assert_string_equal(image_find_draft(image, PLACE_ROOM, "#tea")->text, "tea");
    assert_int_equal(image->entries.len, 1);
    assert_int_equal(count_files(&p), 2); /* until it has written it */
    assert_true(journal_write(first, 0));
    assert_int_equal(count_files(&p), 1);
    journal_close(first);
    place_release(&p);
}

static off_t size_of(const struct place *p)
{
    struct stat status;
    assert_int_equal(stat(p->file, &status), 0);
    return status.st_size;
}

static void test_the_file_stays_small(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    struct journal *journal = open_journal(&p);
    char text[1001];
    memset(text, 'x', 1000);
    text[1000] = '\0';
    for (int i = 0; i < 5000; i++) {
        text[i % 1000] = (char)('a' + i % 26);
        draft(journal, "#lobby", text, 1);
        assert_true(journal_write(journal, 0));
        assert_true(size_of(&p) < JOURNAL_COMPACT_BYTES + APPENDER_WINDOW_BYTES + 2000);
    }
    char *before = text_of(journal_image(journal));
    /* Whoever opens meanwhile still finds it locked: the lock is the file's of that name. */
    struct journal *other = open_journal(&p);
    assert_int_equal(journal_image(other)->n_drafts, 0);
    journal_close(other);
    journal_close(journal);
    journal = open_journal(&p);
    expect_same(journal, before);
    journal_close(journal);
    free(before);
    place_release(&p);
}

static ino_t inode_of(const struct place *p)
{
    struct stat status;
    assert_int_equal(stat(p->file, &status), 0);
    return status.st_ino;
}

/* Opens what is there, says a line, and tells whether the file is another one then. */
static bool is_written_anew(const struct place *p, uint64_t number)
{
    ino_t before = inode_of(p);
    struct journal *journal = open_journal(p);
    say(journal, number, "one more");
    assert_true(journal_write(journal, 0));
    char *wanted = text_of(journal_image(journal));
    journal_close(journal);
    journal = open_journal(p);
    expect_same(journal, wanted);
    journal_close(journal);
    free(wanted);
    return inode_of(p) != before;
}

/* A start does not wait for the disk without need. */
static void test_a_sound_file_is_gone_on_with(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    struct journal *journal = open_journal(&p);
    ino_t first = inode_of(&p);
    say(journal, 1, "into a new file");
    assert_true(journal_write(journal, 0));
    assert_int_equal(inode_of(&p), first);
    journal_close(journal);
    assert_false(is_written_anew(&p, 2));
    assert_false(is_written_anew(&p, 3));
    assert_int_equal(truncate(p.file, size_of(&p) - 1), 0);
    assert_true(is_written_anew(&p, 4));
    assert_false(is_written_anew(&p, 5));
    journal = open_journal(&p);
    char text[1001];
    memset(text, 'x', 1000);
    text[1000] = '\0';
    for (int i = 0; i < 300; i++) {
        text[i] = 'y';
        draft(journal, "#lobby", text, 1);
        assert_true(journal_write(journal, 0));
    }
    journal_close(journal);
    assert_true(is_written_anew(&p, 6));
    assert_true(size_of(&p) < 3000);
    place_release(&p);
}

static void limit_files(rlim_t max_bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = max_bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_a_full_disk(void **state)
{
    (void)state;
    struct place p;
    place_init(&p);
    signal(SIGXFSZ, SIG_IGN);
    struct journal *journal = open_journal(&p);
    say(journal, 1, "before");
    assert_true(journal_write(journal, 0));
    size_t size = content_size(&p);
    limit_files((rlim_t)size_of(&p) + 10);
    char *text = xcalloc(1, 2 * APPENDER_WINDOW_BYTES);
    memset(text, 'x', 2 * APPENDER_WINDOW_BYTES - 1);
    say(journal, 2, text);
    free(text);
    assert_false(journal_write(journal, 1000));
    assert_string_equal(journal_error(journal), "File too large");
    assert_int_equal(size_of(&p), size); /* nothing in part */
    say(journal, 3, "and still");
    assert_false(journal_write(journal, 1999));
    assert_false(journal_write(journal, 2000));
    limit_files(RLIM_INFINITY);
    assert_false(journal_write(journal, 2999)); /* not every key tries */
    assert_true(journal_write(journal, 3000));
    assert_int_equal(count_files(&p), 1);
    char *before = text_of(journal_image(journal));
    journal_close(journal);
    journal = open_journal(&p);
    expect_same(journal, before);
    assert_int_equal(journal_image(journal)->n_lines, 3);
    journal_close(journal);
    free(before);
    place_release(&p);
}

static void test_bounds(void **state)
{
    (void)state;
    struct image image;
    image_init(&image);
    struct image_line line = {.run = 1,
                              .place = PLACE_ROOM,
                              .nick = (char *)"",
                              .target = (char *)"",
                              .text = (char *)"x"};
    for (line.number = 0; line.number < IMAGE_LINES_MAX; line.number++)
        assert_true(image_line(&image, &line, NULL));
    assert_false(image_line(&image, &line, NULL));
    image_line_done(&image, 1, 0, NULL);
    assert_true(image_line(&image, &line, NULL));
    struct image_entry e = {PLACE_ROOM, (char *)"#lobby", (char *)"entered"};
    for (int i = 0; i < IMAGE_ENTRIES_MAX + 10; i++)
        image_entry(&image, &e, NULL);
    assert_int_equal(image.entries.len, IMAGE_ENTRIES_MAX);
    char name[20], *text = xcalloc(1, 65537);
    memset(text, 'x', 65536);
    struct image_draft d = {PLACE_ROOM, name, text, 0};
    int n = 0;
    do {
        snprintf(name, sizeof(name), "#%d", n);
    } while (image_draft(&image, &d, NULL) && ++n < 1000);
    assert_true(image.bytes <= IMAGE_MAX_BYTES && n == IMAGE_MAX_BYTES / 65536 - 1);
    free(text);
    image_release(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_comes_back),
        cmocka_unit_test(test_torn_at_every_byte),
        cmocka_unit_test(test_a_rotten_byte),
        cmocka_unit_test(test_another_version_is_left_alone),
        cmocka_unit_test(test_each_program_has_its_own),
        cmocka_unit_test(test_the_file_stays_small),
        cmocka_unit_test(test_a_sound_file_is_gone_on_with),
        cmocka_unit_test(test_a_full_disk),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
