/* What a name looks like: its skeleton by UTS #39, "Unicode Security Mechanisms", section 4.
 *
 * Names with the same skeleton cannot be told apart by eye in some common typeface: "paypal" and one
 * with a Cyrillic a, "Ian" and "lan", "modern" and "modem". Knows no account and no session. */
#ifndef SNUG_SERVER_ACCOUNT_SKELETONS_H
#define SNUG_SERVER_ACCOUNT_SKELETONS_H

#include "common/str.h"
#include "server/core/names.h"

struct skeletons;

/* Reads the tables of ICU; NULL if it has none. */
struct skeletons *skeletons_new(void);
void skeletons_free(struct skeletons *skeletons);

/* Appends the skeleton of a name in UTF-8, as that reader takes it; bytes that have none stay as they are.
 * `skeletons` is a struct skeletons, for a hub's configuration. */
void skeletons_write(void *skeletons, struct str *out, const char *name, enum skeleton reader);

#endif
