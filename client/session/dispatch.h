/* A line of the server is taken apart, and given to whoever acts on it. */
#ifndef SNUG_CLIENT_SESSION_DISPATCH_H
#define SNUG_CLIENT_SESSION_DISPATCH_H

#include <stddef.h>

struct session;

/* Acts on a line of the server, which is changed by that. */
void dispatch_line(struct session *s, char *line, size_t len);

#endif
