/* Accounts: who owns a name, and how he proves it.
 *
 * An account has a name (compared as the core compares nicks), a password's verifier, devices (the
 * certificates that prove it), or both. A certificate belongs to one account at most. What is here is what was decided; whoever
 * makes an account sees to it that account_write()'s text is kept on disk, and gives it back to
 * accounts_restore() at the next start. Knows no session, no wire and no store. */
#ifndef SNUG_SERVER_ACCOUNT_ACCOUNTS_H
#define SNUG_SERVER_ACCOUNT_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/account/codes.h"
#include "server/account/verifier.h"

struct accounts;
struct str;

enum {
    ACCOUNT_NAME_BYTES = 64, /* the hub lets in no longer nick */
    ACCOUNT_KEY_BYTES = 24 * ACCOUNT_NAME_BYTES + 1,
    ACCOUNT_CERTIFICATE_DIGITS = 64,
    ACCOUNT_EMAIL_BYTES = 254, /* RFC 5321, 4.5.3.1.3 */
    ACCOUNT_TEXT_BYTES = 8192, /* of account_write() */
    ACCOUNT_DEVICES = 16,
    ACCOUNT_PLACES = 4,       /* remembered */
    DEVICE_LABEL_BYTES = 32,  /* longer ones are cut */
    ACCOUNT_NONCE_BYTES = 25, /* with its NUL */
};

/* The key of the fact that holds an account is this and the account's key. */
#define ACCOUNT_FACT "account/"

struct device {
    char certificate[ACCOUNT_CERTIFICATE_DIGITS + 1]; /* SHA-256 in hex */
    char *label;                                      /* what it calls itself; may be empty */
    char *from;                                       /* where it came from last; "*": unknown */
    int64_t added_ms;
    int64_t seen_ms; /* when it came last; 0: unknown */
};

struct account {
    char *name; /* as it was spelt when it was made */
    char *key;  /* folded */
    struct verifier verifier;
    char *email;            /* NULL: none was given */
    struct device *devices; /* in the order in which they were added */
    size_t device_count;
    int64_t made_ms;
    uint64_t
        places[ACCOUNT_PLACES]; /* hashes of where its owner logged in last, the latest first */
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

/* The device of that certificate, borrowed until the account changes, or NULL. */
const struct device *account_device(const struct account *account, const char *certificate);

/* Adds a device (copied, its label made harmless); false if its certificate is none or somebody's, or
 * there are ACCOUNT_DEVICES. */
bool accounts_add_device(struct accounts *accounts, const struct account *account,
                         const struct device *device);

/* Takes one away, which is the caller's from now on (device_release()); false: there is none such. */
bool accounts_remove_device(struct accounts *accounts, const struct account *account,
                            const char *certificate, struct device *removed);
void device_release(struct device *device);

/* It came from that address; true if it is time to keep that on disk. */
bool accounts_saw_device(struct accounts *accounts, const struct account *account,
                         const char *certificate, const char *from, int64_t now_ms);

/* A code that lets one more device join the account within CODE_TTL_MS; borrowed. */
const char *accounts_make_code(struct accounts *accounts, const struct account *account,
                               int64_t now_ms);

/* The account that the code was made for, once; NULL: there is none. */
const struct account *accounts_take_code(struct accounts *accounts, const char *code,
                                         int64_t now_ms);

/* Replaces the password, and returns the verifier that was there before. */
struct verifier accounts_set_password(struct accounts *accounts, const struct account *account,
                                      const char *password);
void accounts_set_verifier(struct accounts *accounts, const struct account *account,
                           const struct verifier *verifier);

/* Appends what is to be kept of an account. */
void account_write(const struct account *account, struct str *out);

/* Takes up an account from its text; NULL if that is none, or as accounts_add(). */
const struct account *accounts_restore(struct accounts *accounts, const char *text);

/* How long attempts from that address on an account of that name have to wait after failures; 0: not.
 * Those from elsewhere count only when they are very many, and not where its owner has come from. */
int64_t accounts_wait_ms(const struct accounts *accounts, const char *address, const char *name,
                         int64_t now_ms);

/* Somebody at that address failed to prove that he owns the account: `how` is what he tried. */
void accounts_failed(struct accounts *accounts, const char *address, const char *name,
                     const char *how, int64_t now_ms);

/* The owner of the account logged in from that address; true if it is time to keep that on disk. */
bool accounts_came(struct accounts *accounts, const struct account *account, const char *address);

/* Somebody wants to prove by this connection who he is, which costs time and a line of the log also if
 * he does: counts it. How long he has to wait first, and it does not count; 0: not. */
int64_t accounts_try(struct accounts *accounts, const char *address, uint64_t connection,
                     int64_t now_ms);

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
