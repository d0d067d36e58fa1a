/* The rooms to which those with an account come back: where they were when they left the server. A fact
 * for each account, a line for each room in it, by the name of its log. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/hub_internal.h"
#include "server/core/names.h"

struct haunts {
    char *key; /* the folded account */
    struct str logs;
    size_t count;
};

enum { HAUNTS_BYTES = 1024 * 1024 }; /* more than so many rooms with so long names need */

void haunts_release(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct haunts *haunts; (haunts = table_next(&hub->haunts, &walk)) != NULL;) {
        str_release(&haunts->logs);
        free(haunts->key);
        free(haunts);
    }
    table_release(&hub->haunts);
}

static struct haunts *open_haunts(struct hub *hub, const char *key)
{
    struct haunts *haunts = table_get(&hub->haunts, key, strlen(key));
    if (haunts != NULL)
        return haunts;
    haunts = xcalloc(1, sizeof *haunts);
    haunts->key = xstrdup(key);
    str_init(&haunts->logs, HAUNTS_BYTES);
    table_put(&hub->haunts, haunts->key, strlen(haunts->key), haunts);
    return haunts;
}

/* Where the line of that log begins; NULL: there is none. */
static const char *find(const struct haunts *haunts, const char *log)
{
    size_t len = strlen(log);
    for (const char *line = haunts->logs.data; *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(line, log, len) == 0 && line[len] == '\n')
            return line;
    }
    return NULL;
}

static void keep(struct step *step, const struct haunts *haunts)
{
    struct str key;
    str_init(&key, SIZE_MAX / 4);
    str_addf(&key, HUB_HAUNT_FACT "%s", haunts->key);
    const char *value = haunts->count > 0 ? outbox_copy(step->out, haunts->logs.data) : NULL;
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = outbox_copy(step->out, key.data);
    effect->value = value;
    str_release(&key);
}

void haunts_add(struct step *step, const struct session *session, const struct room *room)
{
    struct hub *hub = step->hub;
    if (!hub->config.rejoin || session->account == NULL || room->permanent)
        return;
    name_key(hub->key, session->account);
    struct haunts *haunts = open_haunts(hub, hub->key->data);
    if (find(haunts, room->log) != NULL || haunts->count >= hub->config.max_rooms_per_session ||
        !str_addf(&haunts->logs, "%s\n", room->log))
        return;
    haunts->count++;
    keep(step, haunts);
}

void haunts_remove(struct step *step, const struct session *session, const struct room *room)
{
    struct hub *hub = step->hub;
    if (session->account == NULL)
        return;
    name_key(hub->key, session->account);
    struct haunts *haunts = table_get(&hub->haunts, hub->key->data, hub->key->len);
    const char *line = haunts != NULL ? find(haunts, room->log) : NULL;
    if (line == NULL)
        return;
    str_remove(&haunts->logs, (size_t)(line - haunts->logs.data), strlen(room->log) + 1);
    haunts->count--;
    keep(step, haunts);
}

void haunts_forget_account(struct step *step, const char *key)
{
    struct haunts *haunts = table_remove(&step->hub->haunts, key, strlen(key));
    if (haunts == NULL)
        return;
    haunts->count = 0;
    keep(step, haunts);
    str_release(&haunts->logs);
    free(haunts->key);
    free(haunts);
}

void haunts_add_all(struct step *step)
{
    for (const struct member *member = step->session->members; member != NULL;
         member = member->next_of_session) {
        if (member->in)
            haunts_add(step, step->session, member->room);
    }
}

void haunts_enter(struct step *step)
{
    struct hub *hub = step->hub;
    if (!hub->config.rejoin || step->session->account == NULL)
        return;
    name_key(hub->key, step->session->account);
    const struct haunts *haunts = table_get(&hub->haunts, hub->key->data, hub->key->len);
    if (haunts == NULL)
        return;
    char *logs = xmemdup0(haunts->logs.data, haunts->logs.len);
    char *rest = NULL;
    for (char *log = strtok_r(logs, "\n", &rest); log; log = strtok_r(NULL, "\n", &rest)) {
        const struct room *room = hub_room_of_log(hub, log);
        if (room != NULL)
            membership_join_room(step, room->name);
    }
    free(logs);
}

bool hub_restore_haunts(struct hub *hub, const char *key, const char *value)
{
    const char *account = key + strlen(HUB_HAUNT_FACT);
    size_t len = strlen(value);
    if (*account == '\0' || len == 0 || value[len - 1] != '\n')
        return false;
    struct haunts *haunts = open_haunts(hub, account);
    str_reset(&haunts->logs);
    str_add(&haunts->logs, value, len);
    haunts->count = 0;
    for (const char *line = haunts->logs.data; *line != '\0'; line = strchr(line, '\n') + 1)
        haunts->count++;
    return true;
}
