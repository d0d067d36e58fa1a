/* The configuration file: lines of `name = value`, read by inih. See options.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "common/options.h"
#include "common/str.h"
#include "common/text.h"

enum { MAX_FILE_BYTES = 1 << 20 };

/* A file being read. inih knows only the number of the first wrong line; here is why it is. */
struct file {
    struct options *o;
    const char *rest; /* what was not read yet */
    int line;         /* number of the one read last */
    bool wrong;       /* and there it ends, with `why` */
    struct str why;
};

static size_t refuse_line(struct file *f, const char *why)
{
    f->wrong = true;
    str_adds(&f->why, why);
    return 0;
}

/* Returns how much of a line goes to inih: all, or nothing and it is wrong. */
static size_t check_line(struct file *f, const char *line, size_t len, size_t max_bytes)
{
    if (len > max_bytes)
        return refuse_line(f, "the line is too long");
    if (len && *line == '[')
        return refuse_line(f, "there are no [sections] here; take the line out");
    if (!text_utf8_valid(line, len))
        return refuse_line(f, "the line is not UTF-8");
    return len;
}

/* Copies the next line for inih, as fgets would. Blanks in front would make it a continuation. */
static char *read_line(char *to, int size, void *file)
{
    struct file *f = file;
    if (!*f->rest || f->wrong)
        return NULL;
    f->line++;
    size_t whole = strcspn(f->rest, "\n");
    size_t blanks = strspn(f->rest, " \t");
    size_t len = check_line(f, f->rest + blanks, whole - blanks, (size_t)size - 2);
    memcpy(to, f->rest + blanks, len);
    memcpy(to + len, "\n", 2);
    f->rest += whole + (f->rest[whole] == '\n');
    return to;
}

static int take_line(void *file, const char *section, const char *name, const char *value)
{
    struct file *f = file;
    (void)section;
    f->wrong = f->wrong || !options_set(f->o, name, value, &f->why);
    return !f->wrong;
}

bool options_text(struct options *o, const char *path, const char *text, struct str *error)
{
    struct file f = {.o = o, .rest = text};
    str_init(&f.why, 4096);
    int line = ini_parse_stream(read_line, &f, take_line, &f);
    /* inih goes on behind a line without `=`, which is then the first of two wrong ones. */
    bool syntax = line > 0 && (!f.wrong || line < f.line);
    if (syntax)
        options_wrong(error, "%s:%d: a line is `name = value`, or begins with #", path, line);
    else if (f.wrong)
        options_wrong(error, "%s:%d: %s", path, f.line, f.why.data);
    str_release(&f.why);
    return !syntax && !f.wrong;
}

/* Reads all of a stream into `text`; false, and `errno` set, if it cannot be read or is too much. */
static bool read_all(FILE *in, struct str *text)
{
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, in)) > 0) {
        if (!str_add(text, block, n)) {
            errno = EFBIG;
            return false;
        }
    }
    return !ferror(in);
}

bool options_file(struct options *o, const char *path, struct str *error)
{
    FILE *in = fopen(path, "re");
    if (!in)
        return options_wrong(error, "%s: %s", path, strerror(errno));
    struct str text;
    str_init(&text, MAX_FILE_BYTES);
    bool good = read_all(in, &text);
    if (!good)
        options_wrong(error, "%s: %s", path, strerror(errno));
    else if (strlen(text.data) != text.len)
        good = options_wrong(error, "%s: a NUL byte in it; this is no configuration file", path);
    else
        good = options_text(o, path, text.data, error);
    fclose(in);
    str_release(&text);
    return good;
}
