/* What a name looks like: its skeleton by UTS #39, "Unicode Security Mechanisms", section 4.
 *
 * Names with the same skeleton cannot be told apart by eye in some common typeface: "paypal" and one
 * with a Cyrillic a, "Ian" and "lan", "modern" and "modem". Knows no account and no session. */
#ifndef SNUG_SERVER_ACCOUNT_LIKENESS_H
#define SNUG_SERVER_ACCOUNT_LIKENESS_H

#include "common/str.h"

struct likeness;

/* Reads the tables of ICU; NULL if it has none. */
struct likeness *likeness_new(void);
void likeness_free(struct likeness *likeness);

/* Appends the skeleton of a name in UTF-8; the name itself where there is none. `likeness` is a struct
 * likeness, for a hub's configuration. */
void likeness_write(void *likeness, struct str *out, const char *name);

#endif
