#include "client/model/isearch.h"

#include "client/model/history.h"
#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

struct isearch *isearch_new(const struct history *history)
{
    struct isearch *isearch = xcalloc(1, sizeof(*isearch));
    isearch->history = history;
    return isearch;
}

void isearch_free(struct isearch *isearch)
{
    free(isearch);
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
static void look_from(struct isearch *isearch, size_t from, bool older)
{
    struct str pattern;
    str_init(&pattern, ISEARCH_MAX_BYTES * 4);
    text_fold(&pattern, isearch->pattern, isearch->len);
    if (isearch->match && !matches(&pattern, isearch->match))
        isearch->match = NULL;
    for (size_t back = from; isearch->len > 0; older ? back++ : back--) {
        const char *entry = history_at(isearch->history, back);
        if (!entry)
            break;
        if (matches(&pattern, entry)) {
            isearch->match = entry;
            isearch->back = back;
            break;
        }
    }
    str_release(&pattern);
}

static enum isearch_result type(struct isearch *isearch, const struct key *key)
{
    if (isearch->len + key->len > ISEARCH_MAX_BYTES || !text_is_harmless(key->text, key->len))
        return ISEARCH_GOES_ON;
    memcpy(isearch->pattern + isearch->len, key->text, key->len);
    isearch->len += key->len;
    look_from(isearch, isearch->match ? isearch->back : 0, true);
    return ISEARCH_GOES_ON;
}

static enum isearch_result rub_out(struct isearch *isearch)
{
    isearch->len = text_cluster_prev(isearch->pattern, isearch->len, isearch->len);
    isearch->pattern[isearch->len] = '\0';
    isearch->match = NULL;
    look_from(isearch, 0, true);
    return ISEARCH_GOES_ON;
}

enum isearch_result isearch_key(struct isearch *isearch, const struct key *key)
{
    char name[KEY_NAME_BYTES];
    key_write_name(key, name);
    if (key->press == PRESS_TEXT && name[0] == '\0')
        return type(isearch, key);
    if (key->press == PRESS_BACKSPACE)
        return rub_out(isearch);
    if (strcmp(name, "C-r") == 0 || strcmp(name, "C-s") == 0) {
        bool older = name[2] == 'r';
        if (isearch->match)
            look_from(isearch, isearch->back + (older ? 1 : (size_t)-1), older);
        return ISEARCH_GOES_ON;
    }
    if (key->press == PRESS_ENTER)
        return isearch->match ? ISEARCH_TAKEN : ISEARCH_DROPPED;
    if (key->press == PRESS_ESCAPE || strcmp(name, "C-g") == 0 || strcmp(name, "C-c") == 0)
        return ISEARCH_DROPPED;
    return isearch->match ? ISEARCH_ENDED : ISEARCH_DROPPED;
}
