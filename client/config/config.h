/* The options of snug: one table for flags, file, --help and the manual. */
#ifndef SNUG_CLIENT_CONFIG_CONFIG_H
#define SNUG_CLIENT_CONFIG_CONFIG_H

#include <stdbool.h>

#include "client/model/settings.h"
#include "common/options.h"
#include "common/str.h"

struct config {
    char *server; /* HOST[:PORT] as given; NULL: this machine */
    char *nick;
    struct option_strings rooms, styles;
    bool tls;
    char *fingerprint; /* of the only server to be trusted */
    char *device;      /* a code of another device's */
    bool trust_new;
    bool linear;
    int format; /* enum linemode_format */
    char *once, *exec;
    struct option_strings highlight, ignore; /* settings, as are the next: see config_settings */
    bool bell, typing, multiline, mouse, log_text;
    int notify, background;
    char *opener, *notify_command;
    char *file;
    bool help, version;
};

/* What the rest of the program needs, made out of it. */
struct config_target {
    char *host, *port; /* owned */
    bool tls;
};

enum { CONFIG_NAME_BYTES = 128 };

/* Who the user is, where nobody says otherwise. */
struct config_user {
    char login[CONFIG_NAME_BYTES];
    char real_name[CONFIG_NAME_BYTES];
    char machine[CONFIG_NAME_BYTES]; /* what this one is called */
};

extern const struct option_table config_table;

/*
 * Reads the file that --config names, or ~/.config/snug/config where it exists. False, and `error`
 * set, if it cannot be read or is wrong.
 */
bool config_read_file(struct options *options, const struct config *config, struct str *error);

/* Sets what was given of the settings, which are initialized. False, and `error` set, if one is
 * wrong. */
bool config_settings(const struct options *options, struct settings *settings, struct str *error);

/* Appends where the configuration file is: the one that --config names, or the usual one. */
bool config_path(const struct config *config, struct str *path);

/* Writes the settings into the file at `path`, which may not exist yet, and leaves its other lines as
 * they are. False, and `error` says why, if it cannot be written: then it is as it was. */
bool config_save(const char *path, const struct settings *settings, struct str *error);

/* Says whether what was given makes sense together; false, and `error` says what to do. */
bool config_check(const struct config *config, struct str *error);

/*
 * Takes HOST[:PORT] or a URL apart; NULL is this machine. TLS is as the user said, if `tls_given`; else
 * as irc:// or ircs:// say; else all but this machine is talked to in TLS, and this machine, too, where
 * its port for TLS or a fingerprint is named. End: config_target_release.
 */
struct config_target config_target(const struct config *config, bool tls_given);
void config_target_release(struct config_target *target);

/* The login name made into what may be a nick and a user name, and the full name of the account. */
struct config_user config_user(void);

#endif
