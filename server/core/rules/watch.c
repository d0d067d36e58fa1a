/* Who wants to know when a nick comes and goes. A link joins a connection to the
 * list of the watchers of one nick; both sides can take it out. */
#include "server/core/rules/watch.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"
#include "server/core/rules/recipients.h"

struct watched {
    char *key; /* the folded nick */
    struct watch_link *first;
    size_t count;
};

struct watch_link {
    struct connection *connection;
    struct watched *watched;
    char *nick; /* as the watcher spelt it */
    struct watch_link *next_of_watcher;
    struct watch_link *prev;
    struct watch_link *next;
};

static struct watched *find_watched(const struct hub *hub, const char *nick)
{
    name_key(hub->key, nick);
    return table_get(&hub->watched, hub->key->data, hub->key->len);
}

static struct watched *open_watched(struct hub *hub, const char *nick)
{
    struct watched *watched = find_watched(hub, nick);
    if (watched != NULL)
        return watched;
    watched = xcalloc(1, sizeof *watched);
    watched->key = xmemdup0(hub->key->data, hub->key->len);
    table_put(&hub->watched, watched->key, strlen(watched->key), watched);
    return watched;
}

static struct watch_link *watches_of(const struct connection *connection)
{
    return connection->aside != NULL ? connection->aside->watches : NULL;
}

static void unlink_watch(struct hub *hub, struct watch_link *link)
{
    struct watched *watched = link->watched;
    struct connection_aside *aside = link->connection->aside;
    struct watch_link **at = &aside->watches;
    while (*at != link)
        at = &(*at)->next_of_watcher;
    *at = link->next_of_watcher;
    aside->watch_count--;
    if (link->prev != NULL)
        link->prev->next = link->next;
    else
        watched->first = link->next;
    if (link->next != NULL)
        link->next->prev = link->prev;
    if (--watched->count == 0) {
        table_remove(&hub->watched, watched->key, strlen(watched->key));
        free(watched->key);
        free(watched);
    }
    free(link->nick);
    free(link);
}

static struct watch_link *link_of(const struct connection *connection,
                                  const struct watched *watched)
{
    struct watch_link *link = watches_of(connection);
    while (link != NULL && link->watched != watched)
        link = link->next_of_watcher;
    return link;
}

void watch_add(struct step *step)
{
    struct hub *hub = step->hub;
    struct connection *connection = step->connection;
    const char *nick = step->command->object;
    if (!name_is_nick(nick, hub->config.max_nick_bytes)) {
        step_refuse(step, REFUSED_NICK_BAD, nick);
        return;
    }
    const struct watched *known = find_watched(hub, nick);
    if (known == NULL || link_of(connection, known) == NULL) {
        struct connection_aside *aside = connection_open_aside(connection);
        if (aside->watch_count >= hub->config.max_watches) {
            step_refuse(step, REFUSED_WATCH_FULL, nick);
            return;
        }
        struct watched *watched = open_watched(hub, nick);
        struct watch_link *link = xcalloc(1, sizeof *link);
        link->connection = connection;
        link->watched = watched;
        link->nick = xstrdup(nick);
        link->next_of_watcher = aside->watches;
        aside->watches = link;
        aside->watch_count++;
        link->next = watched->first;
        if (link->next != NULL)
            link->next->prev = link;
        watched->first = link;
        watched->count++;
    }
    step_done(step, NULL, nick);
}

void watch_remove(struct step *step)
{
    const char *nick = step->command->object;
    if (nick == NULL) {
        watch_forget(step->hub, step->connection);
        return;
    }
    if (strlen(nick) > step->hub->config.max_nick_bytes)
        return;
    const struct watched *watched = find_watched(step->hub, nick);
    struct watch_link *link = watched != NULL ? link_of(step->connection, watched) : NULL;
    if (link != NULL)
        unlink_watch(step->hub, link);
}

void watch_forget(struct hub *hub, struct connection *connection)
{
    while (watches_of(connection) != NULL)
        unlink_watch(hub, watches_of(connection));
}

void watch_tell(struct step *step, const struct session *session, enum event_type type)
{
    const struct watched *watched = find_watched(step->hub, session->nick);
    if (watched == NULL)
        return;
    uint64_t *recipients = outbox_sessions(step->out, watched->count);
    size_t count = 0;
    for (const struct watch_link *link = watched->first; link != NULL; link = link->next)
        recipients[count++] = link->connection->id;
    struct event event = {
        .type = type,
        .session = session_id(session),
        .time_ms = step->hub->now_ms,
        .who = step_who(step, session),
    };
    event.text = event.who.nick;
    hub_new_id(step->hub, event.id);
    step_deliver(step, &event, recipients, count, SESSION_NONE);
}

uint64_t *recipients_watchers(struct step *step, const struct session *session, size_t *count)
{
    *count = 0;
    const struct watched *watched = find_watched(step->hub, session->nick);
    if (watched == NULL)
        return NULL;
    uint64_t *recipients = outbox_sessions(step->out, watched->count);
    for (const struct watch_link *link = watched->first; link != NULL; link = link->next) {
        const struct connection *watcher = link->connection;
        if (watcher->counted != step->hub->presence_serial && watcher->session != session)
            recipients[(*count)++] = watcher->id;
    }
    return recipients;
}

const struct watch_link *hub_next_watch(const struct connection *connection,
                                        const struct watch_link *link)
{
    return link == NULL ? watches_of(connection) : link->next_of_watcher;
}

const char *hub_watch_nick(const struct watch_link *link)
{
    return link->nick;
}

bool hub_is_watching(const struct hub *hub, const struct connection *connection, const char *nick)
{
    if (strlen(nick) > hub->config.max_nick_bytes)
        return false;
    const struct watched *watched = find_watched(hub, nick);
    return watched != NULL && link_of(connection, watched) != NULL;
}

size_t hub_watch_count(const struct connection *connection)
{
    return connection->aside != NULL ? connection->aside->watch_count : 0;
}
