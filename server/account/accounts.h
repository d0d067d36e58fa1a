/* Accounts: who owns a name, and how he proves it.
 *
 * An account has a name (compared as the core compares nicks), a password's verifier, certificates,
 * or both. A certificate belongs to one account at most. What is here is what was decided; whoever
 * makes an account sees to it that account_write()'s text is kept on disk, and gives it back to
 * accounts_restore() at the next start. Knows no session, no wire and no store. */
#ifndef SNUG_SERVER_ACCOUNT_ACCOUNTS_H
#define SNUG_SERVER_ACCOUNT_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/account/verifier.h"

struct accounts;
struct str;

enum {
    ACCOUNT_NAME_BYTES = 64, /* the hub lets in no longer nick */
    ACCOUNT_KEY_BYTES = 24 * ACCOUNT_NAME_BYTES + 1,
    ACCOUNT_CERTIFICATE_DIGITS = 64,
    ACCOUNT_EMAIL_BYTES = 254, /* RFC 5321, 4.5.3.1.3 */
    ACCOUNT_TEXT_BYTES = 4096, /* of account_write() */
    ACCOUNT_NONCE_BYTES = 25,  /* with its NUL */
};

/* The key of the fact that holds an account is this and the account's key. */
#define ACCOUNT_FACT "account/"

struct account {
    char *name;                                       /* as it was spelt when it was made */
    char *key;                                        /* folded */
    char certificate[ACCOUNT_CERTIFICATE_DIGITS + 1]; /* SHA-256 in hex; "": none */
    struct verifier verifier;
    char *email; /* NULL: none was given */
    int64_t made_ms;
};

struct accounts_config {
    size_t max_accounts;
    uint64_t seed;
    /* Fills in random bytes; and takes one line about what happened, with no secret in it. */
    void (*random)(void *ctx, void *bytes, size_t len);
    void (*log)(void *ctx, const char *line); /* may be NULL */
    void *ctx;
};

/* No accounts yet; copies the config. */
struct accounts *accounts_new(const struct accounts_config *config);
void accounts_free(struct accounts *accounts);

/* Queries; what they return is borrowed until the account is removed. NULL: there is none. */
const struct account *accounts_find(const struct accounts *accounts, const char *name);
const struct account *accounts_of_certificate(const struct accounts *accounts,
                                              const char *certificate);

/* Makes an account with a password, a certificate, or both (else NULL). NULL if there is one of that
 * name or certificate, or as many as there may be. */
const struct account *accounts_add(struct accounts *accounts, const char *name,
                                   const char *password, const char *certificate, int64_t now_ms);

/* Notes an address of the account's owner, who has been asked for one: a line without control bytes. */
void accounts_set_email(struct accounts *accounts, const struct account *account,
                        const char *email);

/* Forgets an account. */
void accounts_remove(struct accounts *accounts, const struct account *account);

/* Appends what is to be kept of an account. */
void account_write(const struct account *account, struct str *out);

/* Takes up an account from its text; NULL if that is none, or as accounts_add(). */
const struct account *accounts_restore(struct accounts *accounts, const char *text);

/* How long an address, or attempts on an account of that name, have to wait after failures; 0: not. */
int64_t accounts_wait_ms(const struct accounts *accounts, const char *address, const char *name,
                         int64_t now_ms);

/* Somebody at that address failed to prove that he owns the account: `how` is what he tried. */
void accounts_failed(struct accounts *accounts, const char *address, const char *name,
                     const char *how, int64_t now_ms);

/* How long an address that made many accounts has to wait before it may make another; 0: not. */
int64_t accounts_making_wait_ms(const struct accounts *accounts, const char *address,
                                int64_t now_ms);

/* Somebody at that address has made the account. */
void accounts_made(struct accounts *accounts, const char *address, const struct account *account,
                   int64_t now_ms);

/* Tells the log, as by printf; no secret may be in it. */
void accounts_tell(struct accounts *accounts, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes a nonce of printable characters. */
void accounts_nonce(struct accounts *accounts, char nonce[ACCOUNT_NONCE_BYTES]);

#endif
