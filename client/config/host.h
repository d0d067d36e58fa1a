/* Where to go, as a person writes it: HOST, HOST:PORT, [IPv6]:PORT, or one of these behind irc:// or
 * ircs://. Pure: looks nothing up. */
#ifndef SNUG_CLIENT_CONFIG_HOST_H
#define SNUG_CLIENT_CONFIG_HOST_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum host_scheme {
    HOST_ANY,   /* nothing was said */
    HOST_CLEAR, /* irc:// */
    HOST_TLS,   /* ircs:// */
};

/* Borrowed from the text. */
struct host {
    const char *name;
    size_t name_len;
    const char *port;
    size_t port_len; /* 0: none was named */
    enum host_scheme scheme;
};

/* Takes it apart. False, with the rest of a sentence ("wants ...") in `why`, if it can be none. */
bool host_parse(struct host *host, const char *text, struct str *why);

#endif
