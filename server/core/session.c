#include "server/core/session.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/core/texts.h"

/* What a session is called, in the order in which it lies in one block. Who has no name that stands
 * for him gives the same one several times: nick, key and user, or user and real name. */
enum text {
    TEXT_HOST,
    TEXT_ADDRESS,
    TEXT_NICK,
    TEXT_KEY,
    TEXT_USER,
    TEXT_REALNAME,
    TEXTS,
};

static void list_texts(const struct session *session, const char *texts[TEXTS])
{
    texts[TEXT_HOST] = session->host;
    texts[TEXT_ADDRESS] = session->address;
    texts[TEXT_NICK] = session->nick;
    texts[TEXT_KEY] = session_key(session);
    texts[TEXT_USER] = session->user;
    texts[TEXT_REALNAME] = session->realname;
}

/* All in a new block. */
static void set_texts(struct session *session, const char *texts[TEXTS])
{
    char *old = (char *)session->host; /* the new texts may lie in it */
    texts_pack(texts, TEXTS);
    session->host = texts[TEXT_HOST];
    session->address = texts[TEXT_ADDRESS];
    session->nick = texts[TEXT_NICK];
    session->key_at = session->nick != NULL ? (uint16_t)(texts[TEXT_KEY] - texts[TEXT_NICK]) : 0;
    session->user = texts[TEXT_USER];
    session->realname = texts[TEXT_REALNAME];
    free(old);
}

void session_set_nick(struct session *session, const char *nick, const char *key)
{
    const char *texts[TEXTS];
    list_texts(session, texts);
    texts[TEXT_NICK] = nick;
    texts[TEXT_KEY] = key;
    set_texts(session, texts);
}

void session_clear_nick(struct session *session)
{
    session->nick = NULL;
}

void session_describe(struct session *session, const char *user, const char *realname)
{
    const char *texts[TEXTS];
    list_texts(session, texts);
    texts[TEXT_USER] = user;
    texts[TEXT_REALNAME] = realname;
    set_texts(session, texts);
}

static void set_text(struct session *session, enum text which, const char *text)
{
    const char *texts[TEXTS];
    list_texts(session, texts);
    texts[which] = text;
    set_texts(session, texts);
}

void session_set_host(struct session *session, const char *host)
{
    set_text(session, TEXT_HOST, host);
}

void session_set_address(struct session *session, const char *address)
{
    set_text(session, TEXT_ADDRESS, address);
}

struct session *session_new(struct slab *slab, uint64_t id, const char *host, const char *address,
                            int64_t now_ms)
{
    struct session *session = slab_new(slab);
    const char *texts[TEXTS] = {[TEXT_HOST] = host, [TEXT_ADDRESS] = address};
    set_texts(session, texts);
    session->connected_s = session->spoke_s = (uint32_t)(now_ms / 1000);
    session->first = (struct connection){.id = id, .session = session};
    session->connections = &session->first;
    session->connection_count = 1;
    return session;
}

struct session_aside *session_open_aside(struct session *session)
{
    if (session->aside == NULL)
        session->aside = xcalloc(1, sizeof *session->aside);
    return session->aside;
}

struct connection_aside *connection_open_aside(struct connection *connection)
{
    if (connection->aside == NULL)
        connection->aside = xcalloc(1, sizeof *connection->aside);
    return connection->aside;
}

const char *connection_away(const struct connection *connection)
{
    return connection->aside != NULL ? connection->aside->away : NULL;
}

const char *connection_address(const struct connection *connection)
{
    return connection->aside != NULL ? connection->aside->address : NULL;
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

static void release_aside(struct connection *connection)
{
    struct connection_aside *aside = connection->aside;
    if (aside == NULL)
        return;
    assert(aside->watches == NULL);
    free(aside->away);
    free(aside->address);
    free(aside);
    connection->aside = NULL;
}

void connection_free(struct connection *connection)
{
    assert(connection->gone && connection->in_flight == 0);
    release_aside(connection);
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
    release_aside(&session->first);
    if (session->aside != NULL) {
        marks_release(&session->aside->marks);
        traits_release(&session->aside->traits);
    }
    free(session->aside);
    free((char *)session->host);
    free(session->account);
    slab_free(session);
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
