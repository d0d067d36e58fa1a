#include "server/config/retention.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/option_value.h"
#include "server/config/config.h"
#include "server/store/store.h"

enum {
    NAME_MAX_BYTES = 512,
    WORDS = 3,
};

/* "ROOM TIME [SIZE]", taken apart. */
struct words {
    char *copy;
    char *at[WORDS]; /* NULL: not given */
    bool more;
};

static void words_init(struct words *words, const char *text)
{
    char *rest;
    *words = (struct words){.copy = xstrdup(text)};
    char *word = strtok_r(words->copy, " \t", &rest);
    for (size_t i = 0; i < WORDS && word; i++) {
        words->at[i] = word;
        word = strtok_r(NULL, " \t", &rest);
    }
    words->more = word != NULL;
}

static bool read_as(enum option_kind kind, const char *text, long long *value, struct str *why)
{
    const struct option_row row = {.kind = kind};
    return option_value_read(&row, value, text, why);
}

/* Without a size, `rule` keeps the one that it has. */
static bool read_rule(const struct words *words, struct store_keep *rule, struct str *why)
{
    long long age_ms = 0, bytes = rule->max_bytes;
    if (!words->at[1] || words->more || words->at[0][0] != '#') {
        str_adds(why, "wants a room and a time, and perhaps a size, such as '#tea 30d 100M'");
        return false;
    }
    if (!read_as(OPTION_DURATION, words->at[1], &age_ms, why) ||
        (words->at[2] && !read_as(OPTION_SIZE, words->at[2], &bytes, why)))
        return false;
    *rule = (struct store_keep){.room = words->at[0], .max_age_ms = age_ms, .max_bytes = bytes};
    return true;
}

bool retention_check(const char *text, struct str *why)
{
    struct words words;
    struct store_keep rule = {0};
    words_init(&words, text);
    bool right = read_rule(&words, &rule, why);
    free(words.copy);
    return right;
}

void retention_apply(const struct config *config, struct store *store)
{
    const struct option_strings *rooms = &config->keep_rooms;
    struct store_keep *rules = xcalloc(rooms->len + 1, sizeof *rules);
    struct words *words = xcalloc(rooms->len + 1, sizeof *words);
    struct str why;
    str_init(&why, NAME_MAX_BYTES);
    rules[0] = (struct store_keep){.max_age_ms = config->keep_ms, .max_bytes = config->keep_bytes};
    for (size_t i = 0; i < rooms->len; i++) {
        words_init(&words[i], rooms->items[i]);
        rules[i + 1] = rules[0];
        read_rule(&words[i], &rules[i + 1], &why); /* it was checked before */
    }
    store_keep(store, rules, rooms->len + 1);
    for (size_t i = 0; i < rooms->len; i++)
        free(words[i].copy);
    str_release(&why);
    free(words);
    free(rules);
}
