#include "client/model/format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum {
    N_COLOURS = 99, /* 99 itself is "none" */
    HEX_DIGITS = 6,
};

/* The first 16 become those of the terminal, which the user has chosen to be readable; the others
 * have a place in the palette of 256. */
static const uint8_t palette[N_COLOURS] = {
    15,  0,   4,   2,   9,   1,   5,   3,   11,  10,  6,   14,  12,  13,  8,   7,   52,
    94,  100, 58,  22,  29,  23,  24,  17,  54,  53,  89,  88,  130, 142, 64,  28,  35,
    30,  25,  18,  91,  90,  125, 124, 166, 184, 106, 34,  49,  37,  33,  19,  129, 127,
    161, 196, 208, 226, 154, 46,  86,  51,  75,  21,  171, 201, 198, 203, 215, 227, 191,
    83,  122, 87,  111, 63,  177, 207, 205, 217, 223, 229, 193, 157, 158, 159, 153, 147,
    183, 219, 212, 16,  233, 235, 237, 239, 241, 244, 247, 250, 254, 231,
};

static unsigned toggle_of(char code)
{
    switch (code) {
    case FORMAT_BOLD:
        return RUN_BOLD;
    case FORMAT_ITALIC:
        return RUN_ITALIC;
    case FORMAT_UNDERLINE:
        return RUN_UNDERLINE;
    case FORMAT_STRIKE:
        return RUN_STRIKE;
    case FORMAT_MONOSPACE:
        return RUN_MONOSPACE;
    case FORMAT_REVERSE:
        return RUN_REVERSE;
    default:
        return 0;
    }
}

/* Reads a colour of one or two digits; false: there is none. */
static bool read_number(const char **at, uint32_t *colour)
{
    size_t len = strspn(*at, "0123456789");
    if (len == 0)
        return false;
    size_t number = (size_t)(**at - '0');
    (*at)++;
    if (len > 1)
        number = number * 10 + (size_t)(*(*at)++ - '0');
    *colour = number < N_COLOURS ? RUN_INDEXED | palette[number] : 0;
    return true;
}

static bool read_hex(const char **at, uint32_t *colour)
{
    if (strspn(*at, "0123456789abcdefABCDEF") < HEX_DIGITS)
        return false;
    char digits[HEX_DIGITS + 1] = {0};
    memcpy(digits, *at, HEX_DIGITS);
    *at += HEX_DIGITS;
    *colour = RUN_RGB | (uint32_t)strtoul(digits, NULL, 16);
    return true;
}

/* Behind the code: one colour, two with a comma between them, or none: then both end. */
static void read_colours(const char **at, struct line_run *run,
                         bool (*read)(const char **at, uint32_t *colour))
{
    if (!read(at, &run->fg)) {
        run->fg = run->bg = 0;
        return;
    }
    const char *second = *at + 1;
    if (**at == ',' && read(&second, &run->bg))
        *at = second;
}

bool format_is_code(char byte)
{
    return toggle_of(byte) || byte == FORMAT_COLOUR || byte == FORMAT_HEX || byte == FORMAT_RESET;
}

bool format_read(const char **at, struct line_run *run)
{
    char code = **at;
    unsigned toggle = toggle_of(code);
    if (!format_is_code(code))
        return false;
    (*at)++;
    run->looks ^= toggle;
    if (code == FORMAT_RESET)
        *run = (struct line_run){0};
    else if (!toggle)
        read_colours(at, run, code == FORMAT_COLOUR ? read_number : read_hex);
    return true;
}

static bool looks_same(const struct line_run *a, const struct line_run *b)
{
    return a->looks == b->looks && a->fg == b->fg && a->bg == b->bg;
}

/* What comes from here on looks like `run`. */
static void begin_run(struct formatted *f, struct line_run run)
{
    static const struct line_run plain;
    const struct line_run *last = f->n_runs > 0 ? &f->runs[f->n_runs - 1] : &plain;
    if (looks_same(last, &run) || f->n_runs == LINE_RUNS_MAX)
        return;
    if (f->n_runs == f->size) {
        f->size = f->size ? f->size * 2 : 8;
        f->runs = xreallocarray(f->runs, f->size, sizeof(*f->runs));
    }
    run.from = f->text.len;
    f->runs[f->n_runs++] = run;
}

void formatted_init(struct formatted *f, const char *text)
{
    static const char codes[] = {
        FORMAT_BOLD,    FORMAT_COLOUR, FORMAT_HEX,    FORMAT_RESET,     FORMAT_MONOSPACE,
        FORMAT_REVERSE, FORMAT_ITALIC, FORMAT_STRIKE, FORMAT_UNDERLINE, '\0'};
    *f = (struct formatted){0};
    text = text ? text : "";
    size_t len = strlen(text);
    str_init(&f->text, len + 1);
    struct line_run run = {0};
    for (const char *at = text; *at;) {
        if (format_read(&at, &run))
            continue;
        begin_run(f, run);
        size_t plain = strcspn(at, codes);
        str_add(&f->text, at, plain);
        at += plain;
    }
}

void formatted_release(struct formatted *f)
{
    str_release(&f->text);
    free(f->runs);
}

bool format_same(const char *a, const char *b)
{
    struct line_run run = {0};
    for (;; a++, b++) {
        while (format_read(&a, &run))
            continue;
        while (format_read(&b, &run))
            continue;
        if (*a != *b || *a == '\0')
            return *a == *b;
    }
}

struct buffer_line *format_line(uint64_t id, int64_t time_ms, enum line_kind kind, const char *nick,
                                const char *typed)
{
    struct formatted formatted;
    formatted_init(&formatted, typed);
    struct buffer_line *line = line_new(id, time_ms, kind, nick, formatted.text.data);
    line_set_runs(line, formatted.runs, formatted.n_runs);
    if (strcmp(line->text, typed) != 0)
        line_set_typed(line, typed);
    formatted_release(&formatted);
    return line;
}
