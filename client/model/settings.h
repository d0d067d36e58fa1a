/* What the user can set while the program runs: one table, for /set, /save and the options.
 *
 * Pure data; whoever is concerned reads it. */
#ifndef SNUG_CLIENT_MODEL_SETTINGS_H
#define SNUG_CLIENT_MODEL_SETTINGS_H

#include "client/model/patterns.h"
#include "common/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SETTING_MAX_BYTES = 4096, /* of a value as text */
};

enum notify {
    NOTIFY_NONE,
    NOTIFY_OSC9,   /* iTerm2's, known to most */
    NOTIFY_OSC777, /* rxvt's */
    NOTIFY_OSC99,  /* kitty's */
};

/* What is behind the text. */
enum background {
    BACKGROUND_AUTO, /* what the terminal says */
    BACKGROUND_DARK,
    BACKGROUND_LIGHT,
};

/* The names of enum notify and enum background, NULL-ended. */
extern const char *const settings_notify[], *const settings_background[];

struct settings {
    struct patterns highlight; /* words that speak to the user as his nick does */
    struct patterns ignore;    /* nicks of those who are not heard */
    bool bell;                 /* ring it when somebody speaks to the user, who looks away */
    int notify;                /* enum notify: how the terminal is told to say so */
    bool multiline;            /* several rows are said as one message, where the server has such */
    bool typing;               /* others are told that the user types */
    bool mouse;                /* it scrolls and picks; the terminal selects with Shift then */
    char *opener;              /* the command that opens a link, which is its last argument */
    int background;            /* enum background */
    bool log_text;             /* rooms are written to disk as plain text */
    char *notify_command;      /* what is run then; "" for nothing */
};

/* The values of a fresh start; release frees what they own. */
void settings_init(struct settings *settings);
void settings_release(struct settings *settings);

/* Gives `to`, which was initialized, copies of all values. */
void settings_copy(struct settings *to, const struct settings *from);

size_t settings_count(void);
const char *settings_name(size_t i);
const char *settings_help(size_t i);

/* The index of the setting of that name, in any case; -1 if there is none, and `error` says what to
 * do. */
ptrdiff_t settings_find(const char *name, struct str *error);

/* Value `n`, from 0, of those that setting `name` takes; NULL: no more, or it takes any. */
const char *settings_value(const char *name, size_t n);

/* Appends the value of row `i` as it is written in a file. */
void settings_get(const struct settings *settings, size_t i, struct str *value);

/* Appends the text of a configuration file that is as `file`, but sets what is set: lines of settings
 * are taken out, and those that differ from a fresh start stand at the end. False: too long. */
bool settings_rewrite(const struct settings *settings, const char *file, struct str *out);

/* Sets one by its name. False: there is none, or the value is wrong; `error` says what to do. */
bool settings_set(struct settings *settings, const char *name, const char *value,
                  struct str *error);

#endif
