/* Conversations that went on without us: CHATHISTORY TARGETS. */
#ifndef SNUG_CLIENT_SESSION_TARGETS_H
#define SNUG_CLIENT_SESSION_TARGETS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/ring.h"

struct incoming;
struct session;

enum { CONVERSATIONS_MAX = 100 /* the oldest are forgotten */ };

/* A conversation that went on before this program began. */
struct conversation {
    char *name;
    int64_t time_ms; /* of what was said last */
};

struct targets {
    int64_t untold_ms; /* the first loss since the server has told of conversations last; 0: none */
    bool looks_back;   /* it is of the time before this program began */
    bool asked;        /* a list of conversations is on its way */
    int64_t asked_ms;
    int64_t again_ms; /* as in a fetch */
    unsigned n_unread;
    struct ring conversations; /* struct conversation: those that may have something unread */
};

/* Frees what was listed. */
void targets_release(struct session *s);

/* The connection is gone: no answer comes. */
void targets_lost(struct session *s);

/* We are in all rooms, of a server that keeps what was said. */
void targets_entered(struct session *s);

/* Asks again if it is time, and waits no longer for a server that does not answer. */
void targets_step(struct session *s);

/* When that will be; INT64_MAX: nothing is asked. */
int64_t targets_deadline_ms(const struct session *s);

/* One line of the list: a conversation. */
void targets_line(struct session *s, const struct incoming *in);

/* The user has read so far there (0: nothing): opens a conversation that went on meanwhile. */
void targets_read(struct session *s, const char *person, int64_t read_ms);

/* The list is complete, or will not be: what it did not name went on without anything said. */
void targets_end(struct session *s);

/* FAIL. True: it refuses the list, which is asked for again if it is there and could not be read. */
bool targets_failed(struct session *s, const struct incoming *in);

#endif
