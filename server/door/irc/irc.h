/* The IRC client protocol: Modern IRC and the IRCv3 extensions, UTF-8 only.
 *
 * A line goes through the table of commands (commands.c); what the hub answers goes
 * through note() and the wording of refusals; what others do goes through class()
 * and format(). Rooms are "channels" here and nowhere else. Knows no socket. */
#ifndef SNUG_SERVER_DOOR_IRC_IRC_H
#define SNUG_SERVER_DOOR_IRC_IRC_H

#include "server/door/door.h"

enum {
    IRC_REPLAY_MAX = 200,
    IRC_HISTORY_MAX = 200, /* messages of one answer */
    IRC_LINE_LENGTH_MAX = 4096,
};

/* When one may make an account by REGISTER. */
enum irc_registration {
    IRC_REGISTER_ANYTIME,
    IRC_REGISTER_CONNECTED,
    IRC_REGISTER_NEVER,
};

struct accounts;

/* What the door tells about its server. All strings are copied. */
struct irc_config {
    const char *server_name; /* the source of its replies: no spaces, at most 63 bytes */
    const char *network;     /* ISUPPORT's NETWORK: no spaces, at most 63 bytes */
    const char *motd;        /* lines separated by LF; NULL: none */
    const char *admin;       /* whom to ask, one line; NULL: nobody is named */
    const char *password;    /* that everybody has to give by PASS; NULL: none */
    int64_t register_ms;     /* that one may take to register; 0: 15 s */
    enum irc_registration registration;
    bool register_email;      /* whether REGISTER wants an address */
    size_t line_bytes;        /* of a client's line, with CR LF and without tags; 0: 512 */
    const char *const *opers; /* NAME:PASSWORD each, of those who may become operators */
    size_t oper_count;
    size_t
        replay; /* earlier lines shown on joining to clients that cannot ask; at most IRC_REPLAY_MAX */
    size_t targets;            /* names in one command; 0: four */
    size_t history_page;       /* messages in one answer; 0: as many as may be */
    struct accounts *accounts; /* borrowed; NULL: nobody owns a name */
    /* Reads the configuration again; false with one line in *error. May call irc_door_configure(). */
    bool (*rehash)(void *ctx, struct str *error);
    void *rehash_ctx;
    /* What operators did, for the server's log: one line, never a password. NULL: nobody is told. */
    void (*report)(void *ctx, const char *what);
    void *report_ctx;
    int64_t started_ms; /* since 1970 */
};

struct irc_door;

/* A door with these settings, owned by the caller. It outlives every connection that it opened. */
struct irc_door *irc_door_new(const struct irc_config *config);
void irc_door_free(struct irc_door *door);

/* Takes over what may change while people are connected: all but names, accounts, functions and
 * the time of the start. */
void irc_door_configure(struct irc_door *door, const struct irc_config *config);

/* How the pump opens it. */
struct door irc_door_handle(struct irc_door *door);

#endif
