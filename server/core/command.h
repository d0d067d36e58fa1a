/* What goes into the hub. A door fills one in from what a person typed; the
 * pump fills in those about connections and the store. All strings are borrowed
 * for the call; those a command does not name are NULL. */
#ifndef SNUG_SERVER_CORE_COMMAND_H
#define SNUG_SERVER_CORE_COMMAND_H

#include "server/core/types.h"

enum command_type {
    COMMAND_CONNECT,  /* session, host, address, set: a connection begins, with these flags */
    COMMAND_NAME,     /* text: take this nick, or change to it; unproven */
    COMMAND_ENTER,    /* user, text: the realname; named and ready, the hub joins it to the lobby */
    COMMAND_JOIN,     /* target, key */
    COMMAND_PART,     /* target, text: the reason */
    COMMAND_SPEAK,    /* target: room or nick; speech, text, tags, joints, rank */
    COMMAND_SIGN,     /* target: room or nick; tags, rank: told now, kept nowhere */
    COMMAND_TOPIC,    /* target, text: "" clears it */
    COMMAND_MODE,     /* target: room; changes */
    COMMAND_KICK,     /* target: room; object: nick; text: the reason */
    COMMAND_INVITE,   /* target: room; object: nick */
    COMMAND_KNOCK,    /* target: room */
    COMMAND_RENAME,   /* target: room; object: its new name; text: the reason */
    COMMAND_AWAY,     /* text: the message; NULL: back */
    COMMAND_REALNAME, /* text */
    COMMAND_FLAGS,    /* set, clear: its own flags */
    COMMAND_WATCH,    /* object: tell me when this nick comes and goes */
    COMMAND_UNWATCH,  /* object; NULL: forget all */
    COMMAND_ACCOUNT, /* text: it has proved to be this account, made at made_ms; NULL: logged out */
    COMMAND_OWN,     /* text: a nick; object: the account that owns it from now on; NULL: nobody */
    COMMAND_EMPOWER, /* it has proved to be an operator of the server; object: by which name */
    COMMAND_KILL,    /* object: nick; text: the reason. Only operators of the server. If until_ms is
                        * set, he is banned as well */
    COMMAND_BAN,     /* object: nick or mask; text: the reason; until_ms. Only operators, too */
    COMMAND_UNBAN,   /* object: mask. Only operators, too */
    COMMAND_KNOW,    /* object: a name; set, clear: enum known_flag. Only operators, and whoever is
                      * at the machine, who has no session */
    COMMAND_RELEASE, /* object: a name that is owned, by an account made at made_ms: nobody's from now
                      * on. By the same people */
    COMMAND_HOST, /* object: nick; text: what others see as its host. Only operators of the server */
    COMMAND_WALLOPS, /* text. Only operators of the server */
    COMMAND_MARK,    /* target, time_ms: it has read so far */
    /* target: a room, or NULL for itself; object: which, or NULL for all; text: what is told, or NULL:
     * nothing any more */
    COMMAND_TRAIT,
    COMMAND_REDACT, /* target, event: the entry to take away, as it was read; text: the reason */
    COMMAND_LEAVE,  /* text: the reason; the session ends, by its own word or because it is lost */
    COMMAND_TAILED, /* event: it is on disk, and visible from now on */
    COMMAND_FAILED, /* event: the store could not take it, and nobody saw it */
    COMMAND_REPEATED, /* event: it was in the log already, as first; its speaker is told so */
    COMMAND_STORE,    /* store_up: whether the log takes entries */
    COMMAND_TICK,     /* time has passed, about a second: what was set for a time may end */
};

/* One change of a COMMAND_MODE; the letters are those of core/modes.h. */
struct mode_change {
    char letter;
    bool add;
    const char *argument; /* NULL: none */
    int64_t until_ms;     /* of a ban that is added; 0: for good */
};

struct command {
    enum command_type type;
    uint64_t session;
    const char *target;
    const char *object;
    const char *text;
    const char *user;
    const char *host;    /* as others see it */
    const char *address; /* where it really comes from; NULL: the host */
    const char *key;
    const char *tags;   /* client-only tags, still escaped, without '@' */
    const char *joints; /* as in an event */
    enum speech speech;
    unsigned rank;
    unsigned set;
    unsigned clear;
    const struct mode_change *changes;
    size_t change_count;
    const char *client_id; /* COMMAND_SPEAK: what the speaker's client calls it */
    const struct event *event;
    const struct event *first;
    int64_t made_ms;
    int64_t time_ms;
    int64_t until_ms; /* 0: for good */
    bool store_up;
    bool unproven; /* COMMAND_NAME: that it owns the nick may be proved until it enters */
};

#endif
