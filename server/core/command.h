/* What goes into the hub. A door fills one in from what a person typed; the
 * pump fills in those about connections and the store. All strings are borrowed
 * for the call; those a command does not name are NULL. */
#ifndef SNUG_SERVER_CORE_COMMAND_H
#define SNUG_SERVER_CORE_COMMAND_H

#include "server/core/types.h"

enum command_type {
    COMMAND_CONNECT, /* session, host: a connection begins */
    COMMAND_NAME,    /* text: take this nick, or change to it */
    COMMAND_ENTER,   /* user, realname: named and ready; the hub joins it to the lobby */
    COMMAND_JOIN,    /* target, key */
    COMMAND_PART,    /* target, text: the reason */
    COMMAND_SPEAK,   /* target: room or nick; speech, text, tags */
    COMMAND_TOPIC,   /* target, text: "" clears it */
    COMMAND_LEAVE,   /* text: the reason; the session ends, by its own word or because it is lost */
    COMMAND_TAILED,  /* event: it is on disk, and visible from now on */
    COMMAND_FAILED,  /* event: the store could not take it, and nobody saw it */
    COMMAND_STORE,   /* store_up: whether the log takes entries */
};

struct command {
    enum command_type type;
    uint64_t session;
    const char *target;
    const char *text;
    const char *user;
    const char *realname;
    const char *host;
    const char *key;
    const char *tags; /* client-only tags, still escaped, without '@' */
    enum speech speech;
    const struct event *event;
    bool store_up;
};

#endif
