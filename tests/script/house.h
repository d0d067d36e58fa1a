/* A whole server in this process: hub, log, pump and the doors, with no socket and a
 * clock that stands still. What it sends to a peer is gathered until it is taken. */
#ifndef SNUG_TESTS_SCRIPT_HOUSE_H
#define SNUG_TESTS_SCRIPT_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/str.h"
#include "server/core/hub.h"
#include "server/door/irc/irc.h"

enum {
    HOUSE_PEERS = 16,
    TEXT_MAX_BYTES = 64 * 1024 * 1024,
};

struct house_peer {
    uint64_t session; /* SESSION_NONE: never opened */
    struct str out;   /* what it was sent and nobody took yet */
    bool closed;      /* by the server */
    bool sleeps;      /* takes nothing by itself, see house_read() */
    struct outq *queue;
};

struct house_config {
    const char *lobby; /* NULL: none */
    const char *motd;  /* NULL: none */
    const char *admin; /* NULL: none */
    size_t replay;     /* lines, on joining */
    size_t max_rooms;  /* 0: as many as usual */
    bool no_founders;  /* who opens a room does not keep it */
    bool rejoin;       /* accounts come back to their rooms */
    bool plain_guests; /* the plain door asks nobody for a name */
    bool on_disk;      /* the log lies in a database, else in memory */
};

struct house {
    struct hub *hub;
    struct pump *pump;
    struct house_config config;
    struct disk *disk;   /* of the store, kept over a restart */
    struct store *store; /* a slow_store */
    struct accounts *accounts;
    struct skeletons *skeletons;
    unsigned char chance;
    struct irc_config irc_config;
    char password[32]; /* of the server, once it is configured */
    struct irc_door *irc;
    struct plain_door *plain;
    uint64_t starts;
    int64_t now_ms;
    struct house_peer peers[HOUSE_PEERS];
    struct str audit; /* what was done, a line each, that nobody looked at yet */
};

/* The server house.test of the network House, on 20 November 2026 at 09:41 UTC. Who says OPER root
 * secret is its operator. */
struct house *house_new(const struct house_config *config);
void house_free(struct house *house);

/* The server is killed and started again: everybody is gone, and only the log is what it was. */
void house_restart(struct house *house);

/* Changes an option of the IRC door while people are connected; false if there is none of that name and
 * value. */
bool house_configure(struct house *house, const char *option, const char *value);

/* A connection from that host, of an IRC client or of a plain one. */
struct house_peer *house_open(struct house *house, const char *host);
struct house_peer *house_open_plain(struct house *house, const char *host);

/* An IRC client in TLS, with the fingerprint of its certificate; NULL: it shows none. */
struct house_peer *house_open_secure(struct house *house, const char *host,
                                     const char *fingerprint);

/* An IRC client from anywhere. */
struct house_peer *house_open_from(struct house *house, const struct origin *origin);

/* Bytes from a peer, and all turns that follow from them. */
void house_send(struct house *house, struct house_peer *peer, const void *bytes, size_t len);

/* A peer that sleeps takes this many of the bytes that are queued for it, if there are so many. */
void house_read(struct house *house, struct house_peer *peer, size_t bytes);

/* The peer's connection is lost for this reason. */
void house_hang_up(struct house *house, struct house_peer *peer, const char *reason);

/* Turns until nothing is left to do. */
void house_run(struct house *house);

/* Time passes, a second at a time. */
void house_wait(struct house *house, int64_t ms);

#endif
