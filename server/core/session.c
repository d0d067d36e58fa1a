#include "server/core/session.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"

struct session *session_new(uint64_t id, const char *host, const char *address, int64_t now_ms)
{
    struct session *session = xcalloc(1, sizeof *session);
    session->id = id;
    session->host = xstrdup(host);
    session->address = xstrdup(address);
    session->connected_ms = now_ms;
    session->spoke_ms = now_ms;
    return session;
}

void session_free(struct session *session)
{
    assert(session->members == NULL && session->in_flight == 0 && session->watches == NULL);
    free(session->nick);
    free(session->nick_key);
    free(session->user);
    free(session->realname);
    free(session->host);
    free(session->address);
    free(session->account);
    marks_release(&session->marks);
    if (session->traits != NULL)
        traits_release(session->traits);
    free(session->traits);
    free(session->away);
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
