#include "client/model/settings.h"

#include "common/alloc.h"
#include "common/near.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum setting_kind {
    SETTING_PATTERNS, /* struct patterns; separated by commas or blanks */
    SETTING_FLAG,     /* bool; yes or no */
    SETTING_CHOICE,   /* int, the index into the choices */
    SETTING_TEXT,     /* char * */
};

const char *const settings_notify[] = {"none", "osc9", "osc777", "osc99", NULL};

const char *const settings_background[] = {"auto", "dark", "light", NULL};

static const char *const flag_values[] = {"yes", "no", NULL};

static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    const char *help;
    const char *const *choices;
} rows[] = {
    {"highlight", SETTING_PATTERNS, offsetof(struct settings, highlight),
     "words treated like your nick; * and ? stand for any letters", NULL},
    {"ignore", SETTING_PATTERNS, offsetof(struct settings, ignore),
     "nicks to show nothing from; * and ? stand for any letters", NULL},
    {"bell", SETTING_FLAG, offsetof(struct settings, bell),
     "ring the bell when somebody speaks to you and you look elsewhere", NULL},
    {"opener", SETTING_TEXT, offsetof(struct settings, opener),
     "the command that opens a link; no shell runs it", NULL},
    {"typing", SETTING_FLAG, offsetof(struct settings, typing), "tell others while you are typing",
     NULL},
    {"multiline", SETTING_FLAG, offsetof(struct settings, multiline),
     "send several rows as one message, where the server takes them so", NULL},
    {"mouse", SETTING_FLAG, offsetof(struct settings, mouse),
     "let the mouse scroll and pick rooms; selecting text then takes Shift", NULL},
    {"log-text", SETTING_FLAG, offsetof(struct settings, log_text),
     "write what is said to plain text files", NULL},
    {"background", SETTING_CHOICE, offsetof(struct settings, background),
     "the background of the text; auto is what the terminal says", settings_background},
    {"notify", SETTING_CHOICE, offsetof(struct settings, notify),
     "how to tell the terminal that somebody speaks to you and you look elsewhere",
     settings_notify},
    {"notify-command", SETTING_TEXT, offsetof(struct settings, notify_command),
     "what the shell runs when somebody speaks to you and you look elsewhere", NULL},
};

static void *value_of(const struct settings *settings, const struct setting *row)
{
    return (char *)settings + row->offset;
}

void settings_init(struct settings *settings)
{
    *settings = (struct settings){
        .bell = true,
        .typing = true,
        .multiline = true,
        .notify = NOTIFY_OSC9,
        .opener = xstrdup("xdg-open"),
        .notify_command = xstrdup(""),
    };
}

void settings_release(struct settings *settings)
{
    for (size_t i = 0; i < settings_count(); i++) {
        if (rows[i].kind == SETTING_PATTERNS)
            patterns_release(value_of(settings, &rows[i]));
        else if (rows[i].kind == SETTING_TEXT)
            free(*(char **)value_of(settings, &rows[i]));
    }
}

void settings_copy(struct settings *to, const struct settings *from)
{
    struct str value, error;
    str_init(&value, SETTING_MAX_BYTES);
    str_init(&error, SETTING_MAX_BYTES);
    for (size_t i = 0; i < settings_count(); i++) {
        str_reset(&value);
        settings_get(from, i, &value);
        settings_set(to, rows[i].name, value.data, &error);
    }
    str_release(&value);
    str_release(&error);
}

size_t settings_count(void)
{
    return sizeof(rows) / sizeof(rows[0]);
}

const char *settings_name(size_t i)
{
    return rows[i].name;
}

const char *settings_help(size_t i)
{
    return rows[i].help;
}

void settings_get(const struct settings *settings, size_t i, struct str *value)
{
    const void *at = value_of(settings, &rows[i]);
    const struct patterns *patterns = at;
    switch (rows[i].kind) {
    case SETTING_PATTERNS:
        for (size_t n = 0; n < patterns->count; n++)
            str_addf(value, "%s%s", n > 0 ? "," : "", patterns->list[n]);
        break;
    case SETTING_FLAG:
        str_adds(value, *(const bool *)at ? "yes" : "no");
        break;
    case SETTING_CHOICE:
        str_adds(value, rows[i].choices[*(const int *)at]);
        break;
    case SETTING_TEXT:
        str_adds(value, *(char *const *)at);
        break;
    }
}

static bool set_patterns(struct patterns *patterns, const char *value)
{
    struct patterns wanted = {0};
    struct str pattern;
    str_init(&pattern, SETTING_MAX_BYTES);
    bool good = strlen(value) < SETTING_MAX_BYTES;
    for (value += strspn(value, ", "); *value && good; value += strspn(value, ", ")) {
        size_t len = strcspn(value, ", ");
        str_reset(&pattern);
        str_add(&pattern, value, len);
        good = patterns_add(&wanted, pattern.data);
        value += len;
    }
    str_release(&pattern);
    patterns_release(good ? patterns : &wanted);
    if (good)
        *patterns = wanted;
    return good;
}

static bool set_flag(bool *flag, const char *value)
{
    bool is_set = strcasecmp(value, "yes") == 0;
    if (!is_set && strcasecmp(value, "no") != 0)
        return false;
    *flag = is_set;
    return true;
}

static bool set_choice(int *choice, const char *const *choices, const char *value)
{
    for (int i = 0; choices[i]; i++) {
        if (strcasecmp(choices[i], value) != 0)
            continue;
        *choice = i;
        return true;
    }
    return false;
}

static bool set_text(char **text, const char *value)
{
    if (strlen(value) >= SETTING_MAX_BYTES)
        return false;
    free(*text);
    *text = xstrdup(value);
    return true;
}

/* Says what would be right. */
static bool refuse_value(const struct setting *row, struct str *error)
{
    str_addf(error, "%s takes ", row->name);
    switch (row->kind) {
    case SETTING_PATTERNS:
        str_addf(error, "at most %d words of %d bytes", PATTERNS_MAX, PATTERN_MAX_BYTES);
        break;
    case SETTING_FLAG:
        str_adds(error, "yes or no");
        break;
    case SETTING_CHOICE:
        for (size_t i = 0; row->choices[i]; i++)
            str_addf(error, "%s%s",
                     i == 0                ? ""
                     : row->choices[i + 1] ? ", "
                                           : " or ",
                     row->choices[i]);
        break;
    case SETTING_TEXT:
        str_addf(error, "at most %d bytes", SETTING_MAX_BYTES - 1);
        break;
    }
    return false;
}

static const char *name_at(const void *table, size_t i)
{
    return ((const struct setting *)table)[i].name;
}

/* What is looked for here, and where it is. */
static const struct {
    const char *name, *place;
} elsewhere[] = {
    {"nick", "/nick NICK takes another one"},
    {"room", "/join ROOM enters one"},
    {"style", "it is an option for the start, see man snug"},
    {"theme", "--style is an option for the start, see man snug"},
};

static const char *find_elsewhere(const char *name)
{
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
        if (strcasecmp(elsewhere[i].name, name) == 0)
            return elsewhere[i].place;
    return NULL;
}

static bool refuse_unknown(const char *name, struct str *error)
{
    ptrdiff_t near = near_name(name, name_at, rows, settings_count());
    const char *place = find_elsewhere(name);
    str_addf(error, "there is no setting %.60s", name);
    if (place)
        str_addf(error, ": %s", place);
    else if (near >= 0)
        str_addf(error, ": did you mean %s?", rows[near].name);
    else
        str_adds(error, ": /set shows all");
    return false;
}

/* The row of that name, or NULL. */
static const struct setting *row_find(const char *name)
{
    for (size_t i = 0; i < settings_count(); i++)
        if (strcasecmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

ptrdiff_t settings_find(const char *name, struct str *error)
{
    const struct setting *row = row_find(name);
    if (row)
        return row - rows;
    refuse_unknown(name, error);
    return -1;
}

const char *settings_value(const char *name, size_t n)
{
    const struct setting *row = row_find(name);
    const char *const *values = !row                        ? NULL
                                : row->kind == SETTING_FLAG ? flag_values
                                                            : row->choices;
    for (size_t i = 0; values && values[i]; i++)
        if (i == n)
            return values[i];
    return NULL;
}

bool settings_set(struct settings *settings, const char *name, const char *value, struct str *error)
{
    const struct setting *row = row_find(name);
    if (!row)
        return refuse_unknown(name, error);
    void *at = value_of(settings, row);
    bool done = row->kind == SETTING_PATTERNS ? set_patterns(at, value)
                : row->kind == SETTING_FLAG   ? set_flag(at, value)
                : row->kind == SETTING_CHOICE ? set_choice(at, row->choices, value)
                                              : set_text(at, value);
    return done || refuse_value(row, error);
}

/* Whether the line of a file sets one of these. */
static bool is_setting(const char *line, size_t len)
{
    size_t from = 0;
    while (from < len && (line[from] == ' ' || line[from] == '\t'))
        from++;
    for (size_t i = 0; i < settings_count(); i++) {
        size_t end = from + strlen(rows[i].name);
        if (end >= len || strncmp(line + from, rows[i].name, end - from) != 0)
            continue;
        while (end < len && (line[end] == ' ' || line[end] == '\t'))
            end++;
        if (end < len && (line[end] == '=' || line[end] == ':'))
            return true;
    }
    return false;
}

/* One line for each word, as the file has them: its lines are short. */
static bool add_words(const struct setting *row, const struct patterns *patterns, struct str *out)
{
    bool good = true;
    for (size_t i = 0; i < patterns->count; i++)
        good = good && str_addf(out, "%s = %s\n", row->name, patterns->list[i]);
    return good;
}

static bool add_setting(const struct settings *settings, const struct settings *fresh, size_t i,
                        struct str *out)
{
    struct str value, usual;
    str_init(&value, SETTING_MAX_BYTES);
    str_init(&usual, SETTING_MAX_BYTES);
    settings_get(settings, i, &value);
    settings_get(fresh, i, &usual);
    bool good = true;
    if (rows[i].kind == SETTING_PATTERNS)
        good = add_words(&rows[i], value_of(settings, &rows[i]), out);
    else if (strcmp(value.data, usual.data) != 0)
        good = str_addf(out, "%s = %s\n", rows[i].name, value.data);
    str_release(&value);
    str_release(&usual);
    return good;
}

bool settings_rewrite(const struct settings *settings, const char *file, struct str *out)
{
    struct settings fresh;
    settings_init(&fresh);
    bool good = true;
    for (size_t len; *file; file += len + (file[len] == '\n')) {
        len = strcspn(file, "\n");
        if (!is_setting(file, len))
            good = good && str_add(out, file, len) && str_addc(out, '\n');
    }
    for (size_t i = 0; i < settings_count(); i++)
        good = good && add_setting(settings, &fresh, i, out);
    settings_release(&fresh);
    return good;
}
