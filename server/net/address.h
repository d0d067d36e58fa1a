/* Socket addresses as text: "127.0.0.1:6667" and "[::1]:6667". Numbers only: a server that has to ask
 * a name server where to listen would fail in ways nobody expects. */
#ifndef SNUG_SERVER_NET_ADDRESS_H
#define SNUG_SERVER_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

enum {
    ADDRESS_TEXT_MAX = 64, /* with brackets, port and NUL */
};

/* Reads ADDR:PORT; port 0 is any free one. False if the text is neither form. */
bool address_parse(const char *text, struct sockaddr_storage *address);

/* Writes ADDR:PORT as address_parse() reads it. */
void address_format(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX]);

/* Writes the host alone, without brackets; an IPv4 address that came in over an IPv6 socket as
 * itself. */
void address_host(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX]);

/* The same as a word of a protocol: "::1" is "0::1" too, and nobody has to quote that. */
void address_word(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX]);

#endif
