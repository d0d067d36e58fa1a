/* What snugd can be told: its table of options, and what follows from them. */
#ifndef SNUG_SERVER_CONFIG_CONFIG_H
#define SNUG_SERVER_CONFIG_CONFIG_H

#include <stdbool.h>

#include "common/options.h"
#include "common/str.h"
#include "server/core/hub.h"

enum {
    CONFIG_NAME_MAX_BYTES = 63, /* of a server's name */
    CONFIG_MOTD_MAX_BYTES = 64 * 1024,
};

struct config {
    struct option_strings irc; /* ADDR:PORT */
    struct option_strings ircs;
    struct option_strings plain;
    bool plain_guests;
    long long plain_history; /* lines */
    long long replay;        /* the same for IRC */
    bool echo;
    bool console;
    char *data;
    int durability;                   /* enum store_durability */
    long long keep_ms;                /* 0: for ever */
    long long keep_bytes;             /* 0: all */
    struct option_strings keep_rooms; /* ROOM TIME [SIZE] */
    char *file;
    char *name;
    char *network;
    char *motd;
    char *lobby; /* "": none */
    char *admin;
    char *password;
    struct option_strings opers; /* NAME:PASSWORD */
    long long nick_length;
    long long room_length;
    long long topic_length;
    long long message_length;
    long long rooms;
    long long members; /* of a room; 0: any number */
    long long mask_length;
    long long targets;
    long long history_page;
    long long pending_bytes;
    long long stuck_ms;
    long long bans;
    long long monitor;
    long long connections;
    long long per_name;    /* connections */
    long long per_address; /* connections; 0: any number */
    long long lines;       /* a second, of one connection; 0: any number */
    long long register_ms;
    int registration;   /* enum irc_registration */
    int register_email; /* whether an account wants an address */
    long long line_length;
    int founders; /* whether who opens a room keeps it */
    int rejoin;   /* whether accounts come back to their rooms */
    long long audit_bytes;
    int require; /* enum required */
    long long release_after_ms;
    int cloak;      /* whether addresses are for operators alone */
    int log_format; /* enum log_format */
    bool check;
    char *tls_cert;
    char *tls_key;
    char *action; /* instead of serving; NULL: none */
    struct option_strings operands;
    bool json;
    bool help;
    bool version;
};

extern const struct option_table config_table;

/* Whether a server or network may be called that: names go on the wire as one word. */
bool config_is_name(const char *name);

/* Whether every value makes sense; false with one line in *error, which says what to do. */
bool config_check(const struct config *config, struct str *error);

/* Sets those limits of the hub that can be configured; the lobby's name is borrowed. */
void config_limits(const struct config *config, struct hub_config *limits);

/* The name the server gives itself: as configured, or made of the host's. */
void config_server_name(const struct config *config, struct str *name);

/* Where the data lies: --data, $STATE_DIRECTORY, $XDG_STATE_HOME/snugd, ~/.local/state/snugd. False with
 * one line in *error. */
bool config_find_data_dir(const struct config *config, struct str *path, struct str *error);

/* The same, and makes the directory, for its owner alone; it can be written to. */
bool config_data_dir(const struct config *config, struct str *path, struct str *error);

/* Reads the message of the day; nothing if there is none. False with one line in *error. */
bool config_motd(const struct config *config, struct str *motd, struct str *error);

#endif
