/* Directories of a test's own under /tmp. */
#ifndef SNUG_TESTS_SCRATCH_H
#define SNUG_TESTS_SCRATCH_H

/* Makes a directory from a template that ends in XXXXXX, as mkdtemp(3) does; that it cannot ends
 * the test. */
void scratch_make(char *template);

/* Removes a directory with the files in it; one that has gone already is no mistake. */
void scratch_remove(const char *path);

#endif
