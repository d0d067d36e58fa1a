/* What a file has to be; for tests of cmocka, whose headers come first. */
#ifndef SNUG_TESTS_UNIT_ASSERT_FILE_H
#define SNUG_TESTS_UNIT_ASSERT_FILE_H

#include <sys/stat.h>

#include "common/file.h"
#include "common/str.h"

/* A regular file, no link to one, with that text and mode. */
static inline void assert_file(const char *path, const char *text, mode_t mode)
{
    struct str found;
    struct stat status;
    str_init(&found, 4096);
    assert_true(file_read(path, &found));
    assert_string_equal(found.data, text);
    assert_int_equal(lstat(path, &status), 0);
    assert_int_equal(status.st_mode, S_IFREG | mode);
    str_release(&found);
}

#endif
