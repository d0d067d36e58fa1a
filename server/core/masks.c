#include "server/core/masks.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/cidr.h"
#include "common/str.h"
#include "server/core/names.h"
#include "server/core/subject.h"

static void mask_release(struct mask *mask)
{
    free(mask->text);
    free(mask->key);
    free(mask->by);
}

void masks_release(struct masks *masks)
{
    for (size_t i = 0; i < masks->count; i++)
        mask_release(&masks->items[i]);
    free(masks->items);
    *masks = (struct masks){0};
}

static size_t find(const struct masks *masks, const char *key)
{
    size_t i = 0;
    while (i < masks->count && strcmp(masks->items[i].key, key) != 0)
        i++;
    return i;
}

bool masks_has(const struct masks *masks, const char *text)
{
    char *key = name_key_new(text);
    bool there = find(masks, key) < masks->count;
    free(key);
    return there;
}

bool masks_add(struct masks *masks, const char *text, const char *by, int64_t time_ms,
               int64_t until_ms)
{
    char *key = name_key_new(text);
    size_t at = find(masks, key);
    if (at < masks->count) {
        free(key);
        return false;
    }
    masks->items = xreallocarray(masks->items, masks->count + 1, sizeof *masks->items);
    masks->items[masks->count++] = (struct mask){.text = xstrdup(text),
                                                 .key = key,
                                                 .by = xstrdup(by),
                                                 .time_ms = time_ms,
                                                 .until_ms = until_ms};
    return true;
}

bool masks_set_until(struct masks *masks, const char *text, int64_t until_ms)
{
    char *key = name_key_new(text);
    size_t at = find(masks, key);
    free(key);
    if (at == masks->count || masks->items[at].until_ms == until_ms)
        return false;
    masks->items[at].until_ms = until_ms;
    return true;
}

bool masks_set_sees_address(struct masks *masks, const char *text)
{
    char *key = name_key_new(text);
    size_t at = find(masks, key);
    free(key);
    if (at == masks->count || masks->items[at].sees_address)
        return false;
    masks->items[at].sees_address = true;
    return true;
}

bool masks_remove(struct masks *masks, const char *text)
{
    char *key = name_key_new(text);
    size_t at = find(masks, key);
    free(key);
    if (at == masks->count)
        return false;
    mask_release(&masks->items[at]);
    masks->count--;
    memmove(&masks->items[at], &masks->items[at + 1], (masks->count - at) * sizeof *masks->items);
    return true;
}

static bool mask_matches(const struct mask *mask, const struct subject *subject, bool mutes_too)
{
    if (strncmp(mask->key, "~m:", 3) != 0)
        return subject_fits(subject, mask->key, mask->sees_address);
    return mutes_too && subject_fits(subject, mask->key + 3, mask->sees_address);
}

bool masks_match(const struct masks *masks, const struct session *session, bool mutes_too)
{
    if (masks->count == 0)
        return false;
    struct subject subject;
    subject_init(&subject, session);
    bool found = false;
    for (size_t i = 0; i < masks->count && !found; i++)
        found = mask_matches(&masks->items[i], &subject, mutes_too);
    subject_release(&subject);
    return found;
}

void mask_complete(struct str *out, const char *typed)
{
    const char *body = typed;
    if (strncmp(typed, "~m:", 3) == 0) {
        str_add(out, typed, 3);
        body += 3;
    }
    const char *bang = strchr(body, '!');
    const char *at = strchr(body, '@');
    struct cidr network;
    if (strncmp(body, "~a:", 3) == 0 || (bang != NULL && at != NULL))
        str_adds(out, body);
    else if (bang != NULL)
        str_addf(out, "%s@*", body);
    else if (at != NULL)
        str_addf(out, "*!%s", body);
    else if (cidr_parse(&network, body))
        str_addf(out, "*!*@%s", body);
    else
        str_addf(out, "%s!*@*", body);
}
