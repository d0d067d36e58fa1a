#include "server/core/session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* Two texts in one block, which is the first one's to free: for those that are set together. */
static void set_pair(char **first, char **second, const char *one, const char *two)
{
    size_t len = strlen(one) + 1, more = strlen(two) + 1;
    char *block = xmalloc(len + more);
    char *old = *first; /* the new texts may lie in it */
    *first = memcpy(block, one, len);
    *second = memcpy(block + len, two, more);
    free(old);
}

void session_set_nick(struct session *session, const char *nick, const char *key)
{
    set_pair(&session->nick, &session->nick_key, nick, key);
}

void session_clear_nick(struct session *session)
{
    free(session->nick);
    session->nick = session->nick_key = NULL;
}

void session_describe(struct session *session, const char *user, const char *realname)
{
    set_pair(&session->user, &session->realname, user, realname);
}

struct session *session_new(uint64_t id, const char *host, const char *address, int64_t now_ms)
{
    struct session *session = xcalloc(1, sizeof *session);
    session->id = id;
    session->host = xstrdup(host);
    session->address = xstrdup(address);
    session->connected_ms = now_ms;
    session->spoke_ms = now_ms;
    session->first = (struct connection){.id = id, .session = session};
    session->connections = &session->first;
    session->connection_count = 1;
    return session;
}

struct connection *session_attach(struct session *session, uint64_t id)
{
    struct connection *connection = xcalloc(1, sizeof *connection);
    connection->id = id;
    connection->session = session;
    connection->next = session->connections;
    session->connections = connection;
    session->connection_count++;
    return connection;
}

void session_detach(struct connection *connection)
{
    struct session *session = connection->session;
    struct connection **link = &session->connections;
    while (*link != connection)
        link = &(*link)->next;
    *link = connection->next;
    connection->gone = true;
    session->connection_count--;
}

void connection_free(struct connection *connection)
{
    assert(connection->gone && connection->in_flight == 0 && connection->watches == NULL);
    free(connection->away);
    free(connection->address);
    connection->away = connection->address = NULL;
    if (connection != &connection->session->first)
        free(connection);
}

void session_free(struct session *session)
{
    assert(session->members == NULL && session->in_flight == 0 && session->struck == 0);
    while (session->connections != NULL) {
        struct connection *connection = session->connections;
        session_detach(connection);
        connection_free(connection);
    }
    free(session->nick);
    free(session->user);
    free(session->host);
    free(session->address);
    free(session->account);
    marks_release(&session->marks);
    if (session->traits != NULL)
        traits_release(session->traits);
    free(session->traits);
    free(session->first.away);
    free(session);
}

struct who session_who(const struct session *session)
{
    return (struct who){
        .nick = session->nick,
        .user = session->user,
        .host = session->host,
        .account = session->account,
        .bot = (session->flags & SESSION_BOT) != 0,
    };
}
