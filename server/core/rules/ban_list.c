#include "server/core/rules/ban_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"

static void ban_release(struct ban *ban)
{
    free(ban->mask);
    free(ban->key);
    free(ban->by);
    free(ban->reason);
}

void ban_list_release(struct hub *hub)
{
    for (size_t i = 0; i < hub->ban_count; i++)
        ban_release(&hub->bans[i]);
    free(hub->bans);
}

bool ban_list_is_over(const struct hub *hub, const struct ban *ban)
{
    return ban->until_ms != 0 && ban->until_ms <= hub->now_ms;
}

const struct ban *hub_next_ban(const struct hub *hub, size_t *at)
{
    while (*at < hub->ban_count) {
        const struct ban *ban = &hub->bans[(*at)++];
        if (!ban_list_is_over(hub, ban))
            return ban;
    }
    return NULL;
}

struct ban *ban_list_find(struct hub *hub, const char *mask)
{
    char *key = name_key_new(mask);
    struct ban *found = NULL;
    for (size_t i = 0; i < hub->ban_count && found == NULL; i++) {
        if (strcmp(hub->bans[i].key, key) == 0)
            found = &hub->bans[i];
    }
    free(key);
    return found;
}

static const char *fact_key(struct step *step, const struct ban *ban)
{
    struct str key;
    str_init(&key, sizeof HUB_BAN_FACT + strlen(ban->key));
    str_addf(&key, "%s%s", HUB_BAN_FACT, ban->key);
    const char *copy = outbox_copy(step->out, key.data);
    str_release(&key);
    return copy;
}

void ban_list_keep(struct step *step, const struct ban *ban)
{
    struct str value;
    str_init(&value, SIZE_MAX / 4);
    str_addf(&value, "mask %s\nby %s\nset %" PRId64 "\nuntil %" PRId64 "\nreason %s\n", ban->mask,
             ban->by, ban->set_ms, ban->until_ms, ban->reason);
    const char *text = outbox_copy(step->out, value.data);
    str_release(&value);
    const char *key = fact_key(step, ban);
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = key;
    effect->value = text;
}

void ban_list_remove(struct step *step, struct ban *ban)
{
    struct hub *hub = step->hub;
    const char *key = fact_key(step, ban);
    outbox_add(step->out, EFFECT_KEEP)->key = key;
    ban_release(ban);
    hub->ban_count--;
    size_t after = hub->ban_count - (size_t)(ban - hub->bans);
    memmove(ban, ban + 1, after * sizeof *ban);
}

struct ban *ban_list_put(struct hub *hub, struct ban fresh)
{
    struct ban *ban = ban_list_find(hub, fresh.mask);
    if (ban != NULL) {
        ban_release(ban);
    } else {
        hub->bans = xreallocarray(hub->bans, hub->ban_count + 1, sizeof *hub->bans);
        ban = &hub->bans[hub->ban_count++];
    }
    *ban = fresh;
    ban->key = name_key_new(fresh.mask);
    hub_note_expiry(hub, ban->until_ms);
    return ban;
}

/* A line of a fact: its name, a blank, and the value. */
static void read_line(struct ban *ban, const char *name, const char *value)
{
    char **text = strcmp(name, "mask") == 0     ? &ban->mask
                  : strcmp(name, "by") == 0     ? &ban->by
                  : strcmp(name, "reason") == 0 ? &ban->reason
                                                : NULL;
    if (text != NULL) {
        free(*text);
        *text = xstrdup(value);
    } else if (strcmp(name, "set") == 0) {
        ban->set_ms = strtoll(value, NULL, 10);
    } else if (strcmp(name, "until") == 0) {
        ban->until_ms = strtoll(value, NULL, 10);
    }
}

bool hub_restore_ban(struct hub *hub, const char *value)
{
    struct ban ban = {0};
    char *copy = xstrdup(value);
    char *rest = copy;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        char *blank = strchr(line, ' ');
        if (blank == NULL)
            continue;
        *blank = '\0';
        read_line(&ban, line, blank + 1);
    }
    free(copy);
    bool good = ban.mask != NULL && ban.by != NULL && ban.reason != NULL &&
                hub->ban_count < hub->config.max_bans;
    if (good)
        ban_list_put(hub, ban);
    else
        ban_release(&ban);
    return good;
}
