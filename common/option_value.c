/* One value of one option, from text and back. See option_value.h. */
#include "common/option_value.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/options.h"
#include "common/str.h"

enum { DEFAULT_MAX_STRINGS = 64 };

struct unit {
    const char *name;
    long long factor;
};

/* The largest first, so that a value is written with the largest that divides it. */
static const struct unit size_units[] = {
    {"G", 1LL << 30}, {"M", 1LL << 20}, {"k", 1LL << 10}, {"", 1}, {NULL, 0}};
static const struct unit time_units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000},
                                         {"s", 1000},     {"ms", 1},      {NULL, 0}};

static void add_units(struct str *out, const struct unit *units, long long value)
{
    while (units[1].name && (!value || value % units->factor))
        units++;
    str_addf(out, "%lld%s", value / units->factor, value ? units->name : "");
}

static void add_number(struct str *out, enum option_kind kind, long long value)
{
    if (kind == OPTION_INT)
        str_addf(out, "%lld", value);
    else
        add_units(out, kind == OPTION_SIZE ? size_units : time_units, value);
}

/* Reads a number and its unit; a time other than 0 needs one, so that nobody has to guess. */
static bool read_units(const char *text, const struct unit *units, long long *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (end == text || errno || number < 0)
        return false;
    if (!*end && !number) {
        *value = 0;
        return true;
    }
    while (units->name && strcasecmp(units->name, end))
        units++;
    if (!units->name || number > LLONG_MAX / units->factor)
        return false;
    *value = number * units->factor;
    return true;
}

bool options_duration(const char *text, long long *ms)
{
    return read_units(text, time_units, ms);
}

static bool read_int(const char *text, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return end != text && !*end && !errno;
}

static bool read_number(const struct option_row *row, long long *to, const char *text,
                        struct str *why)
{
    static const char *const wanted[] = {
        [OPTION_INT] = "a whole number",
        [OPTION_SIZE] = "a size such as 4096, 64k, 10M or 2G",
        [OPTION_DURATION] = "a time such as 500ms, 30s, 5m, 2h or 7d",
    };
    const struct unit *units = row->kind == OPTION_SIZE ? size_units : time_units;
    long long value;
    bool read = row->kind == OPTION_INT ? read_int(text, &value) : read_units(text, units, &value);
    bool any = !row->min && !row->max;
    if (read && (any || (value >= row->min && value <= row->max))) {
        *to = value;
        return true;
    }
    str_addf(why, "wants %s", wanted[row->kind]);
    if (!any) {
        str_adds(why, " from ");
        add_number(why, row->kind, row->min);
        str_adds(why, " to ");
        add_number(why, row->kind, row->max);
    }
    return false;
}

static bool read_flag(bool *to, const char *text, struct str *why)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!strcasecmp(text, words[i])) {
            *to = i % 2;
            return true;
        }
    }
    str_adds(why, "wants yes or no");
    return false;
}

static bool read_choice(const struct option_row *row, int *to, const char *text, struct str *why)
{
    for (int i = 0; row->choices[i]; i++) {
        if (!strcasecmp(text, row->choices[i])) {
            *to = i;
            return true;
        }
    }
    str_adds(why, "wants one of");
    for (int i = 0; row->choices[i]; i++)
        str_addf(why, "%s %s", i ? "," : "", row->choices[i]);
    return false;
}

static bool read_string(char **to, const char *text)
{
    free(*to);
    *to = xstrdup(text);
    return true;
}

static bool read_strings(const struct option_row *row, struct option_strings *to, const char *text,
                         struct str *why)
{
    size_t max = row->max ? (size_t)row->max : DEFAULT_MAX_STRINGS;
    if (to->len >= max) {
        str_addf(why, "may be given at most %zu times", max);
        return false;
    }
    to->items = xreallocarray(to->items, to->len + 1, sizeof *to->items);
    to->items[to->len++] = xstrdup(text);
    return true;
}

bool option_value_read(const struct option_row *row, void *to, const char *text, struct str *why)
{
    if (row->check && !row->check(text, why))
        return false;
    union {
        bool flag;
        int choice;
        long long number;
    } unused;
    switch (row->kind) {
    case OPTION_FLAG:
        return read_flag(to ? to : &unused.flag, text, why);
    case OPTION_STRING:
        return !to || read_string(to, text);
    case OPTION_STRINGS:
        return !to || read_strings(row, to, text, why);
    case OPTION_CHOICE:
        return read_choice(row, to ? to : &unused.choice, text, why);
    case OPTION_INT:
    case OPTION_SIZE:
    case OPTION_DURATION:
        return read_number(row, to ? to : &unused.number, text, why);
    }
    return false;
}

void option_value_clear(const struct option_row *row, void *to)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)to = false;
        break;
    case OPTION_STRING:
        *(char **)to = NULL;
        break;
    case OPTION_STRINGS:
        *(struct option_strings *)to = (struct option_strings){0};
        break;
    case OPTION_CHOICE:
        *(int *)to = 0;
        break;
    case OPTION_INT:
    case OPTION_SIZE:
    case OPTION_DURATION:
        *(long long *)to = 0;
        break;
    }
}

void option_value_release(const struct option_row *row, void *to)
{
    if (row->kind == OPTION_STRING)
        free(*(char **)to);
    if (row->kind == OPTION_STRINGS) {
        struct option_strings *strings = to;
        for (size_t i = 0; i < strings->len; i++)
            free(strings->items[i]);
        free(strings->items);
    }
    option_value_clear(row, to);
}

static void write_strings(const struct option_strings *strings, struct str *out)
{
    for (size_t i = 0; i < strings->len; i++)
        str_addf(out, "%s%s", i ? ", " : "", strings->items[i]);
}

void option_value_write(const struct option_row *row, const void *from, struct str *out)
{
    switch (row->kind) {
    case OPTION_FLAG:
        str_adds(out, *(const bool *)from ? "yes" : "no");
        break;
    case OPTION_STRING:
        str_adds(out, *(char *const *)from ? *(char *const *)from : "");
        break;
    case OPTION_STRINGS:
        write_strings(from, out);
        break;
    case OPTION_CHOICE:
        str_adds(out, row->choices[*(const int *)from]);
        break;
    case OPTION_INT:
    case OPTION_SIZE:
    case OPTION_DURATION:
        add_number(out, row->kind, *(const long long *)from);
        break;
    }
}
