/* IP addresses and networks as text: "10.1.2.3", "10.0.0.0/8", "fd00::/8". Knows no socket. */
#ifndef SNUG_COMMON_CIDR_H
#define SNUG_COMMON_CIDR_H

#include <stdbool.h>

struct str;

enum {
    CIDR_BYTES = 16,
    CIDR_V4_BITS = 96, /* in front of an IPv4 address, which stands in its place in IPv6 */
};

/* A network; an address is a network of all its bits. The bits beyond them are zero. */
struct cidr {
    unsigned char bytes[CIDR_BYTES];
    unsigned bits;
};

/* Reads an address, or a network with its bits behind a slash; false if the text is neither. */
bool cidr_parse(struct cidr *cidr, const char *text);

/* Whether it is an IPv4 network or address. */
bool cidr_is_v4(const struct cidr *cidr);

/* Whether all of the inner network lies in the outer one. */
bool cidr_covers(const struct cidr *outer, const struct cidr *inner);

/* Whether the text is an address by which a machine reaches itself: 127.0.0.0/8 or ::1. */
bool cidr_is_loopback(const char *address);

/* Appends it as text, which cidr_parse() reads. */
void cidr_write(const struct cidr *cidr, struct str *out);

/* Widens a network to that many bits, counted as in IPv6. */
void cidr_widen(struct cidr *cidr, unsigned bits);

#endif
