/* What other programs are told of a message, in their environment. */
#ifndef SNUG_CLIENT_ENVVAR_H
#define SNUG_CLIENT_ENVVAR_H

enum { ENVVAR_MAX_BYTES = 128 * 1024 - 1 }; /* execve(2): MAX_ARG_STRLEN, with its NUL */

/* "NAME=value", as much of it as fits, to be freed. The program may show it on a terminal: it is made
 * harmless, line by line. */
char *envvar_new(const char *name, const char *value);

#endif
