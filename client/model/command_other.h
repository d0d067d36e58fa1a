/* What other programs call commands. */
#ifndef SNUG_CLIENT_MODEL_COMMAND_OTHER_H
#define SNUG_CLIENT_MODEL_COMMAND_OTHER_H

/* The name here of what goes by that one, in any case, elsewhere, or NULL. */
const char *command_other_name(const char *name);

/* What to do here instead of a command, named in any case, that there is only elsewhere, or NULL. */
const char *command_other_way(const char *name);

#endif
