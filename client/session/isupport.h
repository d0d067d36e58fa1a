/*
 * What the server said of itself in 005, as far as it matters here; until then what RFC 1459 has.
 *
 * Source: Modern IRC, "RPL_ISUPPORT Parameters". Bounded: values that are too long are ignored.
 */
#ifndef SNUG_CLIENT_SESSION_ISUPPORT_H
#define SNUG_CLIENT_SESSION_ISUPPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"

enum {
    ISUPPORT_VALUE_BYTES = 64,
    ISUPPORT_MAX_LINE_BYTES = 8192, /* of LINELEN: longer lines are not worth it */
};

enum casemapping { CASE_ASCII, CASE_RFC1459, CASE_RFC1459_STRICT };

/* How a channel mode takes its argument. */
enum mode_kind { MODE_LIST, MODE_ALWAYS, MODE_WHEN_SET, MODE_NEVER };

struct isupport {
    char chantypes[ISUPPORT_VALUE_BYTES];
    char prefix_modes[ISUPPORT_VALUE_BYTES], prefix_signs[ISUPPORT_VALUE_BYTES]; /* highest first */
    char chanmodes[4][ISUPPORT_VALUE_BYTES]; /* by enum mode_kind */
    char statusmsg[ISUPPORT_VALUE_BYTES];
    char network[ISUPPORT_VALUE_BYTES];
    char extban[ISUPPORT_VALUE_BYTES];         /* "~,am": a sign, or none, and letters */
    char account_extban[ISUPPORT_VALUE_BYTES]; /* names of the one about accounts, as "account,a" */
    enum casemapping casemapping;
    size_t line_bytes;        /* of a line without tags, its CR LF included */
    size_t chathistory_lines; /* of a page of CHATHISTORY at most; 0: no limit is known */
    char denied_tags[4 * ISUPPORT_VALUE_BYTES]; /* of CLIENTTAGDENY, as "*,-reply" */
    bool client_ids; /* a message said again with its `+snug.chat/id` is not spoken twice */
};

/* Sets what holds when the server says nothing. */
void isupport_init(struct isupport *isupport);

/* Takes one token, such as "CHANTYPES=#" or "-EXCEPTS". Unknown ones are ignored. */
void isupport_token(struct isupport *isupport, const char *token);

/* Says whether the client-only tag, without its "+", is passed on: Message Tags, CLIENTTAGDENY. */
bool isupport_takes_tag(const struct isupport *isupport, const char *tag);

/* Appends the mask of a ban on the account, as "~a:bob". False: the server has none. */
bool isupport_account_mask(const struct isupport *isupport, const char *account, struct str *mask);

/* Says whether the name is a room's. */
bool isupport_is_room(const struct isupport *isupport, const char *name);

/* Says whether two names are the same to the server. */
bool isupport_same(const struct isupport *isupport, const char *a, const char *b);

/* Returns the sign of a mode that gives one, such as '@' for 'o'; 0 for another mode. */
char isupport_sign_of(const struct isupport *isupport, char mode);

/* Says whether the byte is the sign of a member, such as '@'. */
bool isupport_is_sign(const struct isupport *isupport, char byte);

/* Returns a number that is the smaller, the higher the sign stands; ' ' is the lowest. */
size_t isupport_rank(const struct isupport *isupport, char sign);

/* Says whether the channel mode takes an argument when it is set (or unset). */
bool isupport_mode_has_argument(const struct isupport *isupport, char mode, bool set);

#endif
