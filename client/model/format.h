/*
 * Codes in a text that say how what follows looks, as they are typed and sent; taken out of it, what
 * is left is plain, and runs say how it looks.
 *
 * Pure. Bounded: as many runs as a line may have; codes behind the last are taken out without
 * effect. Source: Modern IRC, "IRC Formatting".
 */
#ifndef SNUG_CLIENT_MODEL_FORMAT_H
#define SNUG_CLIENT_MODEL_FORMAT_H

#include "client/model/line.h"
#include "common/str.h"

enum format_code {
    FORMAT_BOLD = 0x02,
    FORMAT_COLOUR = 0x03, /* a number follows, or two with a comma between them */
    FORMAT_HEX = 0x04,    /* the same in six hexadecimal digits */
    FORMAT_RESET = 0x0f,
    FORMAT_MONOSPACE = 0x11,
    FORMAT_REVERSE = 0x16,
    FORMAT_ITALIC = 0x1d,
    FORMAT_STRIKE = 0x1e,
    FORMAT_UNDERLINE = 0x1f,
};

struct formatted {
    struct str text;
    struct line_run *runs;
    size_t n_runs, size;
};

/* Takes the codes out of the text; NULL is "". End: formatted_release. */
void formatted_init(struct formatted *formatted, const char *text);
void formatted_release(struct formatted *formatted);

/* Whether the byte is a code. */
bool format_is_code(char byte);

/* Reads the code at *at with its numbers, and changes *run by it; false: there is none. */
bool format_read(const char **at, struct line_run *run);

/* Whether two texts are the same but for their codes. */
bool format_same(const char *a, const char *b);

/* A settled line of what somebody has typed, codes included; the strings are copied. */
struct buffer_line *format_line(uint64_t id, int64_t time_ms, enum line_kind kind, const char *nick,
                                const char *typed);

#endif
