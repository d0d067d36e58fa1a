/*
 * A small file of what must outlive the program: an image (journal_image.h) and its changes.
 *
 * One file a server, mode 0600, only appended to and, when most of it is outdated, written anew
 * beside and renamed. It is locked: a second program for the same server has a file of its own, and
 * what a program left that is gone is taken over by the next one. A torn record at its end, or a
 * damaged one, is passed over. While the file cannot be written the image goes on; once it can be,
 * all of it is written.
 */
#ifndef SNUG_CLIENT_DISK_JOURNAL_H
#define SNUG_CLIENT_DISK_JOURNAL_H

#include "client/disk/journal_image.h"

enum {
    JOURNAL_FILE_MAX_BYTES = 128 << 20, /* one that is larger is not read */
    JOURNAL_SLOTS_MAX = 32,             /* programs at once */
    JOURNAL_COMPACT_BYTES = 1 << 20,    /* a file that is smaller is never written anew */
    JOURNAL_RETRY_MS = 1000,            /* between attempts after one has failed */
};

struct journal;

/* Opens, in `directory`, the journal for that server. NULL, and `error`
 * set: there will be none. End: journal_close. */
struct journal *journal_open(const char *directory, const char *server, struct str *error);

/* Closes it without writing. NULL is nothing to do. */
void journal_close(struct journal *journal);

/* What it holds, to be read. */
const struct image *journal_image(const struct journal *journal);

/* Changes of the image, as there; in the file with the next journal_write. */
bool journal_line(struct journal *journal, const struct image_line *line);
void journal_line_done(struct journal *journal, uint64_t run, uint64_t number);
bool journal_draft(struct journal *journal, const struct image_draft *draft);
void journal_entry(struct journal *journal, const struct image_entry *entry);

/* Writes what changed: a kill of the program does not reach it any more. False: the file is behind,
 * see journal_error. */
bool journal_write(struct journal *journal, int64_t now_ms);

/* Waits until lines that were written are on the disk itself (fdatasync), where they outlive the
 * machine's end, too. Drafts and entries are not worth the wait. False as above. */
bool journal_sync(struct journal *journal, int64_t now_ms);

/* Why the last attempt failed. */
const char *journal_error(const struct journal *journal);

#endif
