/* What the files of the accounts share; nobody else includes it. */
#ifndef SNUG_SERVER_ACCOUNT_INTERNAL_H
#define SNUG_SERVER_ACCOUNT_INTERNAL_H

#include "common/table.h"
#include "server/account/accounts.h"
#include "server/account/codes.h"
#include "server/account/throttle.h"

struct accounts {
    struct accounts_config config;
    struct table by_key;
    struct table by_certificate; /* the account of each device */
    struct codes codes;
    struct throttle guessers;  /* who failed, by name and address, */
    struct throttle addresses; /* by address alone, */
    struct throttle names;     /* and by account alone */
    struct throttle makers;
    struct throttle visitors;    /* addresses from which somebody tries to log in */
    struct throttle connections; /* those by which he does */
};

/* The account, to be changed. */
struct account *accounts_own(struct accounts *accounts, const struct account *account);

/* Whether this is the SHA-256 of a certificate, in hex. */
bool device_is_certificate(const char *text);

/* Adds the record of a device to an account that is in no table yet; false if it is full. */
bool device_append(struct account *account, const struct device *device);
void device_release_all(struct account *account);

/* One line of an account's text, without its name and end; and back: false if it is none. */
void device_write(const struct device *device, struct str *out);
bool device_read(struct device *device, const char *text, int64_t made_ms);

#endif
