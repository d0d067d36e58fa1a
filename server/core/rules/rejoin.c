/* The rooms to which those with an account come back: where they were when they left the server. A fact
 * for each account, a line for each room in it, by the name of its log. */
#include "server/core/rules/rejoin.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"
#include "server/core/rules/membership.h"

struct rejoins {
    char *key; /* the folded account */
    struct str logs;
    size_t count;
};

enum { REJOINS_BYTES = 1024 * 1024 }; /* more than so many rooms with so long names need */

void rejoin_release(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct rejoins *rejoins; (rejoins = table_next(&hub->rejoins, &walk)) != NULL;) {
        str_release(&rejoins->logs);
        free(rejoins->key);
        free(rejoins);
    }
    table_release(&hub->rejoins);
}

static struct rejoins *open_rejoins(struct hub *hub, const char *key)
{
    struct rejoins *rejoins = table_get(&hub->rejoins, key, strlen(key));
    if (rejoins != NULL)
        return rejoins;
    rejoins = xcalloc(1, sizeof *rejoins);
    rejoins->key = xstrdup(key);
    str_init(&rejoins->logs, REJOINS_BYTES);
    table_put(&hub->rejoins, rejoins->key, strlen(rejoins->key), rejoins);
    return rejoins;
}

/* Where the line of that log begins; NULL: there is none. */
static const char *find(const struct rejoins *rejoins, const char *log)
{
    size_t len = strlen(log);
    for (const char *line = rejoins->logs.data; *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(line, log, len) == 0 && line[len] == '\n')
            return line;
    }
    return NULL;
}

static void keep(struct step *step, const struct rejoins *rejoins)
{
    struct str key;
    str_init(&key, SIZE_MAX / 4);
    str_addf(&key, HUB_REJOIN_FACT "%s", rejoins->key);
    const char *value = rejoins->count > 0 ? outbox_copy(step->out, rejoins->logs.data) : NULL;
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = outbox_copy(step->out, key.data);
    effect->value = value;
    effect->aside = true;
    str_release(&key);
}

void rejoin_add(struct step *step, const struct session *session, const struct room *room)
{
    struct hub *hub = step->hub;
    if (!hub->config.rejoin || session->account == NULL || room->permanent)
        return;
    name_key(hub->key, session->account);
    struct rejoins *rejoins = open_rejoins(hub, hub->key->data);
    if (find(rejoins, room->log) != NULL || rejoins->count >= hub->config.max_rooms_per_session ||
        !str_addf(&rejoins->logs, "%s\n", room->log))
        return;
    rejoins->count++;
    keep(step, rejoins);
}

void rejoin_remove(struct step *step, const struct session *session, const struct room *room)
{
    struct hub *hub = step->hub;
    if (session->account == NULL)
        return;
    name_key(hub->key, session->account);
    struct rejoins *rejoins = table_get(&hub->rejoins, hub->key->data, hub->key->len);
    const char *line = rejoins != NULL ? find(rejoins, room->log) : NULL;
    if (line == NULL)
        return;
    str_remove(&rejoins->logs, (size_t)(line - rejoins->logs.data), strlen(room->log) + 1);
    rejoins->count--;
    keep(step, rejoins);
}

void rejoin_forget_account(struct step *step, const char *key)
{
    struct rejoins *rejoins = table_remove(&step->hub->rejoins, key, strlen(key));
    if (rejoins == NULL)
        return;
    rejoins->count = 0;
    keep(step, rejoins);
    str_release(&rejoins->logs);
    free(rejoins->key);
    free(rejoins);
}

void rejoin_add_all(struct step *step)
{
    for (const struct member *member = step->session->members; member != NULL;
         member = member->next_of_session) {
        if (member->in)
            rejoin_add(step, step->session, member->room);
    }
}

void rejoin_enter(struct step *step)
{
    struct hub *hub = step->hub;
    if (!hub->config.rejoin || step->session->account == NULL)
        return;
    name_key(hub->key, step->session->account);
    const struct rejoins *rejoins = table_get(&hub->rejoins, hub->key->data, hub->key->len);
    if (rejoins == NULL)
        return;
    char *logs = xmemdup0(rejoins->logs.data, rejoins->logs.len);
    char *rest = NULL;
    for (char *log = strtok_r(logs, "\n", &rest); log; log = strtok_r(NULL, "\n", &rest)) {
        const struct room *room = hub_room_of_log(hub, log);
        if (room != NULL)
            membership_join_room(step, room->name);
    }
    free(logs);
}

bool hub_restore_rejoins(struct hub *hub, const char *key, const char *value)
{
    const char *account = key + strlen(HUB_REJOIN_FACT);
    size_t len = strlen(value);
    if (*account == '\0' || len == 0 || value[len - 1] != '\n')
        return false;
    struct rejoins *rejoins = open_rejoins(hub, account);
    str_reset(&rejoins->logs);
    str_add(&rejoins->logs, value, len);
    rejoins->count = 0;
    for (const char *line = rejoins->logs.data; *line != '\0'; line = strchr(line, '\n') + 1)
        rejoins->count++;
    return true;
}
