#include "client/model/history.h"

#include "common/alloc.h"
#include "common/ring.h"
#include "common/str.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

struct history {
    struct ring entries; /* char *, oldest first */
    size_t bytes;
    uint64_t count; /* of entries ever added */
    size_t back;    /* the walk: 0 is the draft, 1 the newest entry */
    char *draft;    /* while back > 0 */
};

struct history *history_new(void)
{
    struct history *history = xcalloc(1, sizeof(*history));
    ring_init(&history->entries, sizeof(char *), HISTORY_MAX);
    return history;
}

static void history_forget_oldest(struct history *history)
{
    char *oldest;
    if (!ring_pop_front(&history->entries, &oldest))
        return;
    history->bytes -= strlen(oldest);
    free(oldest);
}

void history_free(struct history *history)
{
    if (!history)
        return;
    while (history->entries.len > 0)
        history_forget_oldest(history);
    ring_release(&history->entries);
    free(history->draft);
    free(history);
}

const char *history_at(const struct history *history, size_t back)
{
    size_t count = history->entries.len;
    if (back >= count)
        return NULL;
    return *(char **)ring_at(&history->entries, count - 1 - back);
}

void history_add(struct history *history, const char *text, size_t len)
{
    history->back = 0;
    free(history->draft);
    history->draft = NULL;
    const char *newest = history_at(history, 0);
    if (newest && strlen(newest) == len && memcmp(newest, text, len) == 0)
        return;
    if (ring_full(&history->entries))
        history_forget_oldest(history);
    char *copy = xmemdup0(text, len);
    ring_push(&history->entries, &copy, NULL);
    history->bytes += len;
    history->count++;
    while (history->bytes > HISTORY_MAX_BYTES && history->entries.len > 1)
        history_forget_oldest(history);
}

uint64_t history_count(const struct history *history)
{
    return history->count;
}

const char *history_up(struct history *history, const char *draft)
{
    const char *older = history_at(history, history->back);
    if (!older)
        return NULL;
    if (history->back == 0) {
        free(history->draft);
        history->draft = xstrdup(draft);
    }
    history->back++;
    return older;
}

const char *history_down(struct history *history)
{
    if (history->back == 0)
        return NULL;
    history->back--;
    /* The draft is kept for the caller: it goes when the next walk begins. */
    return history->back > 0 ? history_at(history, history->back - 1) : history->draft;
}

struct search *search_new(const struct history *history)
{
    struct search *search = xcalloc(1, sizeof(*search));
    search->history = history;
    return search;
}

void search_free(struct search *search)
{
    free(search);
}

static bool matches(const struct str *pattern, const char *entry)
{
    struct str folded;
    str_init(&folded, HISTORY_MAX_BYTES);
    bool found = text_fold(&folded, entry, strlen(entry)) &&
                 memmem(folded.data, folded.len, pattern->data, pattern->len);
    str_release(&folded);
    return found;
}

/* Looks at the entry `from` before the newest and then on, older or newer. A search that finds no
 * more keeps the match it has, unless that does not match any longer. */
static void search_from(struct search *search, size_t from, bool older)
{
    struct str pattern;
    str_init(&pattern, SEARCH_MAX_BYTES * 4);
    text_fold(&pattern, search->pattern, search->len);
    if (search->match && !matches(&pattern, search->match))
        search->match = NULL;
    for (size_t back = from; search->len > 0; older ? back++ : back--) {
        const char *entry = history_at(search->history, back);
        if (!entry)
            break;
        if (matches(&pattern, entry)) {
            search->match = entry;
            search->back = back;
            break;
        }
    }
    str_release(&pattern);
}

static enum search_result search_type(struct search *search, const struct key *key)
{
    if (search->len + key->len > SEARCH_MAX_BYTES || !text_is_harmless(key->text, key->len))
        return SEARCH_GOES_ON;
    memcpy(search->pattern + search->len, key->text, key->len);
    search->len += key->len;
    search_from(search, search->match ? search->back : 0, true);
    return SEARCH_GOES_ON;
}

static enum search_result search_rub(struct search *search)
{
    search->len = text_cluster_prev(search->pattern, search->len, search->len);
    search->pattern[search->len] = '\0';
    search->match = NULL;
    search_from(search, 0, true);
    return SEARCH_GOES_ON;
}

enum search_result search_key(struct search *search, const struct key *key)
{
    char name[KEY_NAME_BYTES];
    key_write_name(key, name);
    if (key->press == PRESS_TEXT && name[0] == '\0')
        return search_type(search, key);
    if (key->press == PRESS_BACKSPACE)
        return search_rub(search);
    if (strcmp(name, "C-r") == 0 || strcmp(name, "C-s") == 0) {
        bool older = name[2] == 'r';
        if (search->match)
            search_from(search, search->back + (older ? 1 : (size_t)-1), older);
        return SEARCH_GOES_ON;
    }
    if (key->press == PRESS_ENTER)
        return search->match ? SEARCH_TAKEN : SEARCH_DROPPED;
    if (key->press == PRESS_ESCAPE || strcmp(name, "C-g") == 0 || strcmp(name, "C-c") == 0)
        return SEARCH_DROPPED;
    return search->match ? SEARCH_ENDED : SEARCH_DROPPED;
}
