/* What the files of the IRC door share: the door and one connection's record.
 *
 * A record holds what only the protocol needs (capabilities, half a registration,
 * pings); who somebody is and where, the hub knows. */
#ifndef SNUG_SERVER_DOOR_IRC_CLIENT_H
#define SNUG_SERVER_DOOR_IRC_CLIENT_H

#include "common/irc/message.h"
#include "common/list.h"
#include "common/slab.h"
#include "common/str.h"
#include "server/door/gate.h"
#include "server/door/irc/flood.h"
#include "server/door/irc/irc.h"
#include "server/door/irc/response.h"

struct accounts;
struct irc_answer;
struct irc_multiline;
struct irc_pending;
struct irc_sasl;
struct irc_subs;

/* Limits of the wire. Those of names and topics are the hub's. */
enum {
    IRC_USER_BYTES = 10,        /* without the '~' in front */
    IRC_REALNAME_BYTES = 150,   /* so that WHO and WHOIS replies fit into their line */
    IRC_REASON_BYTES = 300,     /* of a part, quit or kick, so that it fits behind any source */
    IRC_AWAY_BYTES = 300,       /* of what is told about somebody who is away */
    IRC_TARGETS = 4,            /* of one PRIVMSG, NOTICE, WHOIS, ..., unless configured */
    IRC_NAME_BYTES = 63,        /* of the server or the network */
    IRC_MATCHES = 2000,         /* of one WHO or LIST: all that a connection's queue surely holds */
    IRC_LIST_BYTES = 330,       /* of the list in one reply, so that it fits behind any names */
    IRC_MULTILINE_LINES = 32,   /* of one message of several lines */
    IRC_OUT_BYTES = 256 * 1024, /* an event in its longest form: each line with all of its tags */
};

struct irc_door {
    char *server_name;
    char *network;
    char *motd;
    char *admin;
    char *password; /* of the server; NULL: none */
    char **opers;   /* NAME:PASSWORD each */
    size_t oper_count;
    int64_t register_ms; /* that one may take to register */
    enum irc_registration registration;
    bool register_email; /* REGISTER wants an address */
    size_t line_bytes;   /* of a client's line, with CR LF and without tags */
    bool (*rehash)(void *ctx, struct str *error);
    void *rehash_ctx;
    void (*report)(void *ctx, const char *what);
    void *report_ctx;
    struct accounts *accounts; /* NULL: there are none here */
    uint64_t *command_counts;  /* one a row of the table of commands */
    int64_t started_ms;
    struct slab records; /* struct irc_client */
    struct list clients;
    size_t unregistered;
    size_t targets;       /* names in one command */
    size_t history_page;  /* messages in one answer of CHATHISTORY */
    size_t replay;        /* earlier lines shown on joining */
    size_t most_users;    /* entered at the same time */
    uint64_t formed;      /* the delivery for which a form was last chosen, */
    unsigned formed_caps; /* for these capabilities, */
    unsigned formed_as;   /* and which */
    struct str out;       /* the line being written */
    struct str tagged;    /* that line once more, with a tag added */
    struct str isupport;  /* the parameters of 005; empty: not made yet */
    uint32_t limits_hash; /* of those lines, and of what capabilities say */
};

/* What is kept of a command whose answer the log has yet to give. */
struct irc_kept {
    char *word;
    char *text;
};

/* What few connections have, or only for a while. */
struct irc_aside {
    char *user;            /* of USER, until registered */
    char *realname;        /* the same */
    char *fingerprint;     /* of the certificate it showed; NULL: none */
    char *stale;           /* why that certificate does not count by its own word; NULL: it does */
    struct irc_sasl *sasl; /* the exchange under way, or NULL */
    struct irc_pending *pending; /* the change of an account that is being kept, or NULL */
    struct irc_kept asked;
    struct irc_answer *answer;       /* while response.open; else NULL */
    struct irc_multiline *multiline; /* the message of several lines that it is sending; or NULL */
    struct irc_subs *subs;           /* the keys of metadata that it subscribes to; or NULL */
    size_t failed_opers;             /* wrong passwords of OPER */
};

/* Times are milliseconds of a clock that begins anew every seven weeks: only their differences count. */
struct irc_client {
    struct irc_door *door;
    struct gate *gate;
    uint64_t session;
    const struct irc_aside *aside; /* never NULL; changed by irc_client_open_aside() alone */
    struct list in_door;
    struct irc_response response;
    struct irc_flood flood;
    unsigned caps; /* bits of the capabilities in use */
    uint32_t told; /* what it was told last of what may change, as a hash */
    uint32_t opened_ms;
    uint32_t heard_ms;
    uint32_t pinged_ms;
    uint16_t cap_version; /* as told by CAP LS; 0: none */
    bool pinged : 1;      /* an answer is awaited */
    bool negotiating : 1; /* registration waits for CAP END */
    bool named : 1;
    bool welcomed : 1;
    bool nick_refused : 1; /* it asked for a nick that is somebody else's */
    bool passed : 1;       /* gave the password of the server */
    bool quiet : 1;        /* refusals of the command at hand are not told: it is a NOTICE */
    bool secure : 1;       /* encrypted */
    bool loopback : 1;     /* from this machine */
    bool may_register : 1; /* it was told that draft/account-registration is there */
};

/* What it has aside, to be changed; made when it had nothing yet. */
struct irc_aside *irc_client_open_aside(struct irc_client *client);

/* Frees what it has aside if that is nothing any more. */
void irc_client_settle_aside(struct irc_client *client);

/* Where it comes from; borrowed until the next step. */
const char *irc_client_address(const struct irc_client *client);

/* Its nick as replies are addressed to it: '*' while it has none. */
const char *irc_client_nick(const struct irc_client *client);

/* Its session, or NULL while it is unknown to the hub. */
const struct session *irc_client_session(const struct irc_client *client);

/* Whether this is the id of its session: it is whom an event is about, by whichever connection. */
bool irc_client_is(const struct irc_client *client, uint64_t person);

/* Whether something that it did or asked is still on its way through the log. */
bool irc_client_busy(const struct irc_client *client);

/* Whether it has yet to give the password of the server. */
bool irc_client_shut(const struct irc_client *client);

/* Ends it with a reason that those who share a room are shown. */
void irc_client_leave(struct irc_client *client, const char *reason);

#endif
