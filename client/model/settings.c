#include "client/model/settings.h"

#include "common/near.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum setting_kind {
    SETTING_PATTERNS, /* separated by commas or blanks */
};

static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    const char *help;
} rows[] = {
    {"highlight", SETTING_PATTERNS, offsetof(struct settings, highlight),
     "words that speak to you as your nick does; * and ? stand for any letters"},
    {"ignore", SETTING_PATTERNS, offsetof(struct settings, ignore),
     "nicks of those you do not want to hear; * and ? stand for any letters"},
};

static void *value_of(const struct settings *settings, const struct setting *row)
{
    return (char *)settings + row->offset;
}

void settings_init(struct settings *settings)
{
    *settings = (struct settings){0};
}

void settings_release(struct settings *settings)
{
    for (size_t i = 0; i < settings_count(); i++)
        if (rows[i].kind == SETTING_PATTERNS)
            patterns_release(value_of(settings, &rows[i]));
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
    const struct patterns *patterns = value_of(settings, &rows[i]);
    for (size_t n = 0; n < patterns->count; n++)
        str_addf(value, "%s%s", n > 0 ? "," : "", patterns->list[n]);
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

static const char *name_at(const void *table, size_t i)
{
    return ((const struct setting *)table)[i].name;
}

static bool refuse_unknown(const char *name, struct str *error)
{
    ptrdiff_t near = near_name(name, name_at, rows, settings_count());
    str_addf(error, "there is no setting %.60s", name);
    if (near >= 0)
        str_addf(error, ": did you mean %s?", rows[near].name);
    return false;
}

bool settings_set(struct settings *settings, const char *name, const char *value,
                  struct str *error)
{
    const struct setting *row = NULL;
    for (size_t i = 0; i < settings_count() && !row; i++)
        row = strcasecmp(rows[i].name, name) == 0 ? &rows[i] : NULL;
    if (!row)
        return refuse_unknown(name, error);
    if (set_patterns(value_of(settings, row), value))
        return true;
    str_addf(error, "%s takes at most %d words of %d bytes", row->name, PATTERNS_MAX,
             PATTERN_MAX_BYTES);
    return false;
}
