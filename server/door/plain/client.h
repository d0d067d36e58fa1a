/* What the files of the plain door share: the door and one connection's record.
 *
 * A record holds what only this door needs: how far the naming has come, and where
 * the next line goes. Who somebody is and where, the hub knows. */
#ifndef SNUG_SERVER_DOOR_PLAIN_CLIENT_H
#define SNUG_SERVER_DOOR_PLAIN_CLIENT_H

#include "common/str.h"
#include "server/door/gate.h"
#include "server/door/plain/form.h"
#include "server/door/plain/plain.h"
#include "server/door/plain/telnet.h"

enum {
    PLAIN_LINE_BYTES = 1024,                  /* typed at once; what may be said is up to the hub */
    PLAIN_TYPED_BYTES = PLAIN_LINE_BYTES * 3, /* the same with every byte made harmless */
    PLAIN_OUT_BYTES = 64 * 1024,              /* said to one person at once */
    PLAIN_NAMES_SHOWN = 20,                   /* of those present, on arrival */
    PLAIN_WHO_NAMES = 1000,                   /* in the answer to /who */
};

struct plain_door {
    struct plain_config config;
    struct plain_form form; /* without a hub before the first connection */
    uint64_t guests;        /* the number of the last guest */
    struct str out;         /* what is being said */
    struct str typed;       /* the line at hand */
    struct str reply;       /* to a telnet client's negotiation */
};

struct plain_client {
    struct plain_door *door;
    struct gate *gate;
    uint64_t session;
    struct telnet telnet;
    bool inside;       /* it has a name and has entered */
    bool leaving;      /* good-bye is said; nothing that it still sends counts */
    bool speaking;     /* what it has in flight is speech only */
    bool echo;         /* it wants to see its own lines, too */
    bool follow;       /* its lines go to whoever spoke to it last */
    bool handshake;    /* its name came as "NAME: ada" */
    unsigned refusals; /* of names */
    char *host;
    char *log;       /* of the room where its lines go; NULL: nowhere */
    uint64_t peer;   /* to whom they go instead; SESSION_NONE: to nobody */
    char *peer_nick; /* as it was then */
    int64_t opened_ms;
};

/* Its session, or NULL while it is unknown to the hub. */
const struct session *plain_session(const struct plain_client *client);

/* Says one line to one person; what others wrote must have gone through plain_shown(). */
void plain_say(struct plain_client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends it with a reason that those who share a room are shown. */
void plain_leave(struct plain_client *client, const char *reason);

#endif
