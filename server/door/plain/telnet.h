/* The bytes of a telnet client, made ordinary ones (RFC 854, RFC 855).
 *
 * Commands and options never reach the text: options are refused, subnegotiations
 * skipped, "erase" keys become the bytes that a keyboard would have sent. How the
 * bytes were cut into pieces makes no difference. Knows no line and no connection. */
#ifndef SNUG_SERVER_DOOR_PLAIN_TELNET_H
#define SNUG_SERVER_DOOR_PLAIN_TELNET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"

enum {
    TELNET_SUBNEGOTIATION_BYTES = 512, /* what follows a longer one is text again */
    TELNET_ERASE_CHARACTER = 0x7f,     /* what EC becomes: DEL */
    TELNET_ERASE_LINE = 0x15,          /* what EL becomes: ^U */
};

enum telnet_state {
    TELNET_TEXT,
    TELNET_COMMAND, /* behind IAC */
    TELNET_OPTION,  /* behind IAC and WILL, WONT, DO or DONT */
    TELNET_SUB,     /* behind IAC SB */
    TELNET_SUB_IAC,
};

/* Between two pieces; a zeroed one is the beginning. */
struct telnet {
    enum telnet_state state;
    unsigned char verb; /* of TELNET_OPTION */
    bool after_cr;      /* the text so far ends in a CR */
    unsigned sub_bytes; /* of the subnegotiation so far */
};

/* Leaves the text in `bytes` and returns its length; appends what is to be answered to `reply`, which
 * needs room for len + 16 bytes. CR NUL becomes CR LF, any other NUL is nothing. */
size_t telnet_filter(struct telnet *telnet, char *bytes, size_t len, struct str *reply);

#endif
