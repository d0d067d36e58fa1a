/*
 * A private key and its certificate: what a program shows in TLS to say who it is.
 *
 * Trust is in fingerprints: the SHA-256 of the certificate, as 64 small hexadecimal digits. Files
 * that are made here hold key and certificate, in PEM, for their owner alone (mode 0600), and appear
 * whole or not at all. Knows no connection and no authority.
 */
#ifndef SNUG_COMMON_IDENTITY_H
#define SNUG_COMMON_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct str;
struct identity;

enum {
    FINGERPRINT_DIGITS = 64,
    FINGERPRINT_SIZE = FINGERPRINT_DIGITS + 1, /* with its NUL */
};

/*
 * Makes an ECDSA P-256 key and a certificate that it signs itself, valid from a day before `now_s`
 * (seconds since 1970) for a hundred years, in the name `name`. NULL, and `error` set, if the system
 * cannot. End: identity_free.
 */
struct identity *identity_make(const char *name, int64_t now_s, struct str *error);

/*
 * Reads a certificate, with the chain behind it, and its key from PEM files, which may be the same.
 * NULL, and `error` says in one line what is wrong. End: identity_free.
 */
struct identity *identity_read(const char *cert_path, const char *key_path, struct str *error);

/*
 * Reads the file, or makes it with a new identity where there is none; `made` says which. Programs
 * that begin at the same time end up with the same one. NULL and `error` as identity_read.
 */
struct identity *identity_keep(const char *path, const char *name, int64_t now_s, bool *made,
                               struct str *error);

/* Does nothing for NULL. */
void identity_free(struct identity *identity);

/* Writes the fingerprint of its certificate. */
void identity_fingerprint(const struct identity *identity, char digits[FINGERPRINT_SIZE]);

/* From when to when its certificate says that it is valid, in seconds since 1970. */
void identity_validity(const struct identity *identity, int64_t *from_s, int64_t *until_s);

/* Reads a fingerprint in either case, with or without colons; false if the text is none. */
bool fingerprint_parse(const char *text, char digits[FINGERPRINT_SIZE]);

/* Appends it in large digits with colons, as irssi and openssl write it. */
void fingerprint_with_colons(const char *digits, struct str *out);

#endif
