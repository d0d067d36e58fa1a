/* The commands that begin with a slash: one table row and one function each. */
#ifndef SNUG_CLIENT_MODEL_COMMAND_H
#define SNUG_CLIENT_MODEL_COMMAND_H

#include "client/model/model.h"

enum completes {
    COMPLETES_NICK,
    COMPLETES_ROOM,
    COMPLETES_BUFFER,
    COMPLETES_COMMAND,
    COMPLETES_SETTING,
    COMPLETES_TOPIC, /* nothing typed yet: the one that there is */
};

enum {
    COMMAND_ARGS_MAX = 3,
};

/* One command being run. */
struct call {
    struct model *model;
    int64_t now_ms;
    const char *args[COMMAND_ARGS_MAX]; /* NULL where not given; the last one takes the rest */
};

struct command {
    const char *name; /* without its slash */
    const char *args; /* as the help shows them, "" for none */
    const char *help;
    int min_args, max_args;
    enum completes completes;
    bool (*run)(struct call *call); /* false: refused, with a hint */
};

/* The rows, by index below command_count(). */
size_t command_count(void);
const struct command *command_at(size_t i);

/* The command of that name in any case, or of another one that command_other.h knows; or NULL. */
const struct command *command_find(const char *name);

/* Whether a line, without its slash, holds a password: nobody calls it back, and no file keeps it. */
bool command_is_secret(const char *line);

/* Whether a line, without its slash, is a command that makes sense only on the screen. */
bool command_needs_screen(const char *line);

/* Runs a line, without its slash. False: refused, with a hint that says what to do. */
bool command_run(struct model *model, int64_t now_ms, const char *line);

#endif
