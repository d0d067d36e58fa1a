/* How much of the log is kept: what the options say, told to the store. */
#ifndef SNUG_SERVER_CONFIG_RETENTION_H
#define SNUG_SERVER_CONFIG_RETENTION_H

#include <stdbool.h>

struct config;
struct store;
struct str;

/* Whether a value of --keep-room makes sense: "ROOM TIME [SIZE]"; else the rest of a sentence in `why`. */
bool retention_check(const char *text, struct str *why);

/* Tells the store what is to be kept from now on. */
void retention_apply(const struct config *config, struct store *store);

#endif
