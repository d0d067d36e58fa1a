/*
 * What the journal says, in memory: own lines that were not acknowledged, drafts, and what was
 * entered before; and the records by which it changes.
 *
 * A record is a line of text: a checksum, then fields between tabs. Invariant: the image is what
 * its records, read in their order, lead to. Bounded, by lines, drafts, entries and bytes. Knows no
 * file and no model.
 */
#ifndef SNUG_CLIENT_DISK_JOURNAL_IMAGE_H
#define SNUG_CLIENT_DISK_JOURNAL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ring.h"
#include "common/str.h"

enum {
    IMAGE_LINES_MAX = 4000, /* a further line or draft is refused */
    IMAGE_DRAFTS_MAX = 600,
    IMAGE_MAX_BYTES = 16 << 20, /* of lines and drafts */
    IMAGE_ENTRIES_MAX = 5000,   /* the oldest make room */
    IMAGE_ENTRIES_MAX_BYTES = 1 << 20,
};

enum image_place {
    PLACE_SERVER = 's',
    PLACE_ROOM = 'r',
    PLACE_PERSON = 'p',
    PLACE_FOUND = 'f',
};

/* An own line, known by run and number. */
struct image_line {
    uint64_t run, number;
    int64_t time_ms;
    bool action, sent, unsure;
    enum image_place place;
    char *nick, *target, *text; /* who said it where */
    char *reply_to;             /* the msgid of what it answers; "" or NULL: of nothing */
};

struct image_draft {
    enum image_place place;
    char *name, *text;
    size_t cursor; /* bytes into the text */
};

struct image_entry {
    enum image_place place;
    char *name, *text;
};

struct image {
    struct image_line **lines; /* in the order they were said */
    size_t n_lines, lines_size;
    struct image_draft **drafts;
    size_t n_drafts, drafts_size;
    struct ring entries; /* struct image_entry, oldest first */
    size_t bytes, entry_bytes;
};

void image_init(struct image *image);
void image_release(struct image *image);

/* Each changes the image and appends the record of it to `out` (unless that is NULL); what it is
 * given is borrowed. False: refused, since there is no room. */

/* Adds the line, or replaces the one of the same run and number. */
bool image_line(struct image *image, const struct image_line *line, struct str *out);

/* The line is done with. */
void image_line_done(struct image *image, uint64_t run, uint64_t number, struct str *out);

/* Sets the place's draft; an empty one is forgotten. Nothing is appended if it is the same. */
bool image_draft(struct image *image, const struct image_draft *draft, struct str *out);

/* Adds what was entered. */
void image_entry(struct image *image, const struct image_entry *entry, struct str *out);

/* The draft of a place, or NULL. */
const struct image_draft *image_find_draft(const struct image *image, enum image_place place,
                                           const char *name);

/* Acts on one record, without its newline; changes `record`. False: it is damaged, or means nothing
 * to this version; then nothing changed. */
bool image_read(struct image *image, char *record, size_t len);

/* Appends records that lead from nothing to this image. */
void image_write(const struct image *image, struct str *out);

#endif
