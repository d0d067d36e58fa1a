/* One table that becomes flags. See options.h; files are in options_file.c, --help in
 * options_help.c, and what a value may be in option_value.c. */
#include "common/options.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/near.h"
#include "common/option_value.h"
#include "common/str.h"
#include "common/text.h"

/* Where a value came from; what is greater wins. */
enum { FROM_NOBODY, FROM_DEFAULT, FROM_FILE, FROM_FLAG };

enum { MAX_WHY_BYTES = 4096, MAX_LINE_BYTES = 500 };

static void *target(const struct options *o, size_t i)
{
    return (char *)o->config + o->table->rows[i].offset;
}

unsigned options_where(const struct option_row *row)
{
    return row->where ? row->where : OPTION_AS_FLAG | OPTION_IN_FILE;
}

/* Sets row `i` from a text; false, with the rest of a sentence in `why`, if that is wrong. */
static bool set_value(struct options *o, size_t i, const char *text, unsigned char from,
                      struct str *why)
{
    const struct option_row *row = &o->table->rows[i];
    if (from < o->from[i])
        return option_value_read(row, NULL, text, why); /* overruled, but checked all the same */
    if (from > o->from[i] && row->kind == OPTION_STRINGS)
        option_value_release(row, target(o, i));
    if (!option_value_read(row, target(o, i), text, why))
        return false;
    o->from[i] = from;
    return true;
}

void options_init(struct options *o, const struct option_table *table, void *config)
{
    *o = (struct options){.table = table, .config = config};
    o->from = xcalloc(table->n_rows, sizeof *o->from);
    struct str why;
    str_init(&why, MAX_WHY_BYTES);
    for (size_t i = 0; i < table->n_rows; i++) {
        const char *text = table->rows[i].default_text;
        option_value_clear(&table->rows[i], target(o, i));
        bool set = !text || set_value(o, i, text, FROM_DEFAULT, &why);
        assert(set);
        (void)set;
    }
    str_release(&why);
}

void options_release(struct options *o)
{
    for (size_t i = 0; i < o->table->n_rows; i++)
        option_value_release(&o->table->rows[i], target(o, i));
    free(o->from);
    o->from = NULL;
}

/* Returns the row whose name is the first `len` bytes of `name`, or -1. */
static ptrdiff_t find_row(const struct options *o, const char *name, size_t len)
{
    for (size_t i = 0; i < o->table->n_rows; i++) {
        const char *known = o->table->rows[i].name;
        if (strlen(known) == len && !memcmp(known, name, len))
            return (ptrdiff_t)i;
    }
    return -1;
}

static const char *flag_name(const void *table, size_t i)
{
    const struct option_row *row = &((const struct option_table *)table)->rows[i];
    return options_where(row) & OPTION_AS_FLAG ? row->name : NULL;
}

static const char *file_name(const void *table, size_t i)
{
    const struct option_row *row = &((const struct option_table *)table)->rows[i];
    return options_where(row) & OPTION_IN_FILE ? row->name : NULL;
}

bool options_wrong(struct str *error, const char *format, ...)
{
    struct str line;
    str_init(&line, 1 << 20);
    va_list args;
    va_start(args, format);
    str_addv(&line, format, args);
    va_end(args);
    size_t len = text_cut_bytes(line.data, line.len, MAX_LINE_BYTES);
    text_harmless(error, line.overflow ? "that is far too long" : line.data, len);
    if (len < line.len)
        str_adds(error, "...");
    str_release(&line);
    return false;
}

static bool unknown_flag(const struct options *o, const char *arg, size_t name_len,
                         struct str *error)
{
    char *name = xmemdup0(arg, name_len);
    ptrdiff_t near = near_name(name + strspn(name, "-"), flag_name, o->table, o->table->n_rows);
    if (near >= 0)
        options_wrong(error, "unknown option %s; did you mean --%s?", name,
                      o->table->rows[near].name);
    else
        options_wrong(error, "unknown option %s; --help lists them all", name);
    free(name);
    return false;
}

static void wrong_value(struct str *error, const char *dashes, const char *name,
                        const struct option_row *row, const char *why, const char *text)
{
    if (row->secret)
        options_wrong(error, "%s%s %s", dashes, name, why);
    else
        options_wrong(error, "%s%s %s, not \"%s\"", dashes, name, why, text);
}

/* Sets row `i`, which the error calls `dashes` and `name`, as if by a flag. */
static bool set_by_flag(struct options *o, size_t i, const char *dashes, const char *name,
                        const char *text, struct str *error)
{
    struct str why;
    str_init(&why, MAX_WHY_BYTES);
    bool set = set_value(o, i, text, FROM_FLAG, &why);
    if (!set)
        wrong_value(error, dashes, name, &o->table->rows[i], why.data, text);
    str_release(&why);
    return set;
}

/* Finds the row of `-l`; -1 if there is none. */
static ptrdiff_t find_letter(const struct options *o, char letter)
{
    for (size_t i = 0; i < o->table->n_rows; i++) {
        const char *letters = o->table->rows[i].letters;
        if (letters && strchr(letters, letter))
            return (ptrdiff_t)i;
    }
    return -1;
}

/* Finds the row of `-l`, `--name` or `--no-name`, which `no` tells; -1 if there is none. */
static ptrdiff_t find_flag(const struct options *o, const char *arg, size_t len, bool *no)
{
    *no = false;
    if (len == 2 && arg[1] != '-' && !arg[len])
        return find_letter(o, arg[1]);
    if (strncmp(arg, "--", 2) != 0)
        return -1;
    ptrdiff_t i = find_row(o, arg + 2, len - 2);
    if (i >= 0 || strncmp(arg, "--no-", 5) != 0)
        return i;
    i = find_row(o, arg + 5, len - 5);
    *no = i >= 0 && o->table->rows[i].kind == OPTION_FLAG;
    return *no ? i : -1;
}

/* Reads the flag at argv[*at] and the value behind it, which moves `at`. */
static bool read_flag(struct options *o, int argc, char *const argv[], int *at, struct str *error)
{
    const char *arg = argv[*at];
    size_t len = strcspn(arg, "=");
    const char *value = arg[len] ? arg + len + 1 : NULL;
    bool no;
    ptrdiff_t i = find_flag(o, arg, len, &no);
    if (i < 0 || (no && value))
        return unknown_flag(o, arg, len, error);
    const struct option_row *row = &o->table->rows[i];
    if (!(options_where(row) & OPTION_AS_FLAG))
        return options_wrong(error, "%s is not a flag; set it in the configuration file",
                             row->name);
    if (row->kind == OPTION_FLAG)
        return set_by_flag(o, (size_t)i, "--", row->name, value ? value : no ? "no" : "yes", error);
    if (!value && *at + 1 < argc && strncmp(argv[*at + 1], "--", 2) != 0)
        value = argv[++*at];
    if (!value)
        return options_wrong(error, "--%s wants %s after it", row->name,
                             row->arg ? row->arg : "a value");
    return set_by_flag(o, (size_t)i, "--", row->name, value, error);
}

/* Gives an argument without a name to the first row for such that has none yet, or takes many. */
static bool read_positional(struct options *o, const char *arg, struct str *error)
{
    for (size_t i = 0; i < o->table->n_rows; i++) {
        const struct option_row *row = &o->table->rows[i];
        if (!(options_where(row) & OPTION_POSITIONAL))
            continue;
        if (o->from[i] < FROM_FLAG || row->kind == OPTION_STRINGS)
            return set_by_flag(o, i, "", row->arg, arg, error); /* there is no such flag to name */
    }
    return options_wrong(error, "\"%s\" is one argument too many; --help says what there can be",
                         arg);
}

bool options_args(struct options *o, int argc, char *const argv[], struct str *error)
{
    bool flags = true;
    for (int i = 1; i < argc; i++) {
        bool is_flag = flags && argv[i][0] == '-' && argv[i][1];
        if (is_flag && !strcmp(argv[i], "--"))
            flags = false;
        else if (is_flag ? !read_flag(o, argc, argv, &i, error)
                         : !read_positional(o, argv[i], error))
            return false;
    }
    return true;
}

/* A flag that is on says "no-" on the command line alone. */
static bool is_switched_off(const struct options *o, const char *name)
{
    ptrdiff_t i = strncmp(name, "no-", 3) == 0 ? find_row(o, name + 3, strlen(name) - 3) : -1;
    return i >= 0 && o->table->rows[i].kind == OPTION_FLAG && file_name(o->table, (size_t)i);
}

static bool no_such_option(const struct options *o, const char *name, struct str *error)
{
    if (is_switched_off(o, name))
        return options_wrong(error, "there is no option %s; write %s = no", name, name + 3);
    ptrdiff_t near = near_name(name, file_name, o->table, o->table->n_rows);
    if (near < 0)
        return options_wrong(error, "there is no option %s; --help lists them all", name);
    return options_wrong(error, "there is no option %s; did you mean %s?", name,
                         o->table->rows[near].name);
}

bool options_set(struct options *o, const char *name, const char *value, struct str *error)
{
    ptrdiff_t i = find_row(o, name, strlen(name));
    if (i < 0)
        return no_such_option(o, name, error);
    if (!(options_where(&o->table->rows[i]) & OPTION_IN_FILE))
        return options_wrong(error, "%s cannot stand in a file; give it as --%s", name, name);
    struct str why;
    str_init(&why, MAX_WHY_BYTES);
    bool set = set_value(o, (size_t)i, value, FROM_FILE, &why);
    if (!set)
        wrong_value(error, "", name, &o->table->rows[i], why.data, value);
    str_release(&why);
    return set;
}

bool options_given(const struct options *o, const char *name)
{
    ptrdiff_t i = find_row(o, name, strlen(name));
    assert(i >= 0);
    return o->from[i] > FROM_DEFAULT;
}

void options_value(const struct options *o, size_t i, struct str *out)
{
    option_value_write(&o->table->rows[i], target(o, i), out);
}
