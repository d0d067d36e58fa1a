#include "server/core/rules/marking.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"

/* Those of an account. */
struct account_marks {
    char *key; /* its folded name */
    struct marks marks;
};

void marking_release(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct account_marks *account; (account = table_next(&hub->marks, &walk)) != NULL;) {
        table_remove(&hub->marks, account->key, strlen(account->key));
        marks_release(&account->marks);
        free(account->key);
        free(account);
    }
    table_release(&hub->marks);
}

static struct marks *of_account(struct hub *hub, const char *key)
{
    struct account_marks *account = table_get(&hub->marks, key, strlen(key));
    if (account == NULL) {
        account = xcalloc(1, sizeof *account);
        account->key = xstrdup(key);
        table_put(&hub->marks, account->key, strlen(account->key), account);
    }
    return &account->marks;
}

static void keep(struct step *step, const char *account, const char *key, int64_t time_ms)
{
    struct str text;
    str_init(&text, SIZE_MAX / 4);
    str_addf(&text, HUB_MARK_FACT "%s\n%s", account, key);
    const char *name = outbox_copy(step->out, text.data);
    str_reset(&text);
    str_addf(&text, "%" PRId64, time_ms);
    const char *value = time_ms > 0 ? outbox_copy(step->out, text.data) : NULL;
    str_release(&text);
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = name;
    effect->value = value;
    effect->aside = true;
}

void marking_forget_account(struct step *step, const char *key)
{
    struct account_marks *account = table_remove(&step->hub->marks, key, strlen(key));
    if (account == NULL)
        return;
    for (size_t i = 0; i < account->marks.count; i++)
        keep(step, account->key, account->marks.items[i].key, 0);
    marks_release(&account->marks);
    free(account->key);
    free(account);
}

/* The other connections of the account learn of it. */
static void tell_others(struct step *step)
{
    struct hub *hub = step->hub;
    uint64_t *recipients = outbox_sessions(step->out, hub->connected);
    size_t count = 0;
    struct table_walk walk = {0};
    for (const struct session *other; (other = hub_next_session(hub, &walk)) != NULL;) {
        if (other->account == NULL || strcmp(other->account, step->session->account) != 0)
            continue;
        for (const struct connection *own = other->connections; own != NULL; own = own->next)
            recipients[count++] = own->id;
    }
    const struct event event = {
        .type = EVENT_MARK,
        .session = step->connection->id,
        .time_ms = hub->now_ms,
        .who = session_who(step->session),
        .target = outbox_copy(step->out, step->command->target),
    };
    step_deliver(step, &event, recipients, count, step->connection->id);
}

/* What a mark is found by: a room's log, which it keeps under every name, or the folded name. */
static const char *key_of(const struct hub *hub, const char *target)
{
    const struct room *room = target[0] == '#' ? hub_find_room(hub, target) : NULL;
    if (room != NULL)
        return room->log;
    name_key(hub->key, target);
    return hub->key->data;
}

void marking_mark(struct step *step)
{
    struct hub *hub = step->hub;
    const struct command *command = step->command;
    const char *target = command->target;
    bool room = target[0] == '#';
    if (!(room ? name_is_room(target, hub->config.max_room_name_bytes)
               : name_is_nick(target, hub->config.max_nick_bytes))) {
        step_refuse(step, room ? REFUSED_ROOM_NAME_BAD : REFUSED_NO_SUCH_NICK, target);
        return;
    }
    const char *account = step->session->account;
    char *owner = NULL;
    if (account != NULL) {
        name_key(hub->key, account);
        owner = xmemdup0(hub->key->data, hub->key->len);
    }
    char *key = xstrdup(key_of(hub, target));
    char *evicted = NULL;
    size_t first = step->out->count;
    int64_t time_ms = command->time_ms < hub->now_ms ? command->time_ms : hub->now_ms;
    struct marks *marks =
        owner != NULL ? of_account(hub, owner) : &session_open_aside(step->session)->marks;
    if (marks_set(marks, key, time_ms, hub->config.max_marks, &evicted) && owner != NULL) {
        if (evicted != NULL)
            keep(step, owner, evicted, 0);
        keep(step, owner, key, time_ms);
        tell_others(step);
    }
    step_done(step, target, NULL);
    step_settle(step, first);
    free(evicted);
    free(owner);
    free(key);
}

int64_t hub_mark(const struct hub *hub, uint64_t id, const char *target)
{
    const struct session *session = hub_session(hub, id);
    size_t most = hub->config.max_room_name_bytes > hub->config.max_nick_bytes
                      ? hub->config.max_room_name_bytes
                      : hub->config.max_nick_bytes;
    if (session == NULL || strlen(target) > most)
        return 0;
    const struct marks *marks = session->aside != NULL ? &session->aside->marks : NULL;
    if (session->account != NULL) {
        name_key(hub->key, session->account);
        const struct account_marks *account = table_get(&hub->marks, hub->key->data, hub->key->len);
        if (account == NULL)
            return 0;
        marks = &account->marks;
    }
    return marks != NULL ? marks_get(marks, key_of(hub, target)) : 0;
}

/* Older programs kept that of a room by the room's name. */
static const char *restored_key(const struct hub *hub, const char *key)
{
    const struct room *room = table_get(&hub->rooms, key, strlen(key));
    return room != NULL && hub_room_of_log(hub, key) == NULL ? room->log : key;
}

bool hub_restore_mark(struct hub *hub, const char *key, const char *value)
{
    const char *account = key + strlen(HUB_MARK_FACT);
    const char *gap = strchr(account, '\n');
    int64_t time_ms = strtoll(value, NULL, 10);
    if (gap == NULL || time_ms <= 0)
        return false;
    char *owner = xmemdup0(account, (size_t)(gap - account));
    char *evicted;
    marks_set(of_account(hub, owner), restored_key(hub, gap + 1), time_ms, hub->config.max_marks,
              &evicted);
    free(evicted);
    free(owner);
    return true;
}
