/* The commands, one row of a table each; dispatch checks what the row says. */
#ifndef SNUG_SERVER_DOOR_IRC_COMMANDS_H
#define SNUG_SERVER_DOOR_IRC_COMMANDS_H

#include "server/door/door.h"
#include "server/door/irc/client.h"

enum irc_command_flag {
    IRC_BEFORE = 1u << 0,    /* allowed before registration */
    IRC_AFTER = 1u << 1,     /* allowed after it */
    IRC_PIPELINED = 1u << 2, /* may run while entries of the session are in flight */
    IRC_SILENT = 1u << 3,    /* what is well, or so already, has no reply */
    IRC_ANYTIME = IRC_BEFORE | IRC_AFTER,
};

struct irc_command {
    const char *name;
    void (*run)(struct irc_client *client, const struct irc_message *message);
    unsigned min_params; /* 461 below */
    unsigned max_params; /* those beyond are ignored */
    unsigned flags;
    const char *syntax;
    const char *help;
};

/* The row of that name in any case, or NULL. */
const struct irc_command *irc_command_find(const char *name);

size_t irc_command_count(void);

/* The row at that place in alphabetical order, or NULL behind the last. */
const struct irc_command *irc_command_at(size_t index);

/* Carries out one line; says DOOR_WAIT if it is not its turn yet. */
enum door_result irc_dispatch(struct irc_client *client, char *line, size_t len);

#endif
