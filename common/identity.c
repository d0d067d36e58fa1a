/* Keys and certificates through OpenSSL's PEM and X.509 functions. */
#include "common/identity_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "common/alloc.h"
#include "common/text.h"

enum {
    VALID_DAYS = 36500,
    EARLY_S = 24 * 60 * 60, /* clocks on a LAN disagree */
    PATH_MAX_BYTES = 4096,
};

/* Appends "PATH: WHAT" to `error`. Returns false. */
static bool fail(struct str *error, const char *path, const char *what)
{
    text_harmless(error, path, strlen(path));
    str_addf(error, ": %s", what);
    return false;
}

/* In words of OpenSSL, for what has no better ones. */
static bool fail_ssl(struct str *error, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    str_addf(error, "%s: %s", what, reason ? reason : "OpenSSL does not say why");
    return false;
}

void identity_free(struct identity *identity)
{
    if (!identity)
        return;
    EVP_PKEY_free(identity->key);
    X509_free(identity->cert);
    sk_X509_pop_free(identity->chain, X509_free);
    free(identity);
}

/* Making. */

static bool set_serial(X509 *cert)
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f; /* RFC 5280, 4.1.2.2: positive */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool is_set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    return is_set;
}

static bool set_names(X509 *cert, const char *name)
{
    X509_NAME *subject = X509_get_subject_name(cert);
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(cert, subject) == 1;
}

static bool set_times(X509 *cert, int64_t now_s)
{
    time_t now = (time_t)now_s;
    return X509_time_adj_ex(X509_getm_notBefore(cert), 0, -EARLY_S, &now) &&
           X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, &now);
}

/* Clients and servers alike may check what a certificate says of its use. */
static bool add_extension(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool is_added = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

static bool fill(struct identity *identity, const char *name, int64_t now_s)
{
    identity->key = EVP_EC_gen("P-256");
    identity->cert = X509_new();
    X509 *cert = identity->cert;
    return identity->key && cert && X509_set_version(cert, X509_VERSION_3) == 1 &&
           set_serial(cert) && set_names(cert, name) && set_times(cert, now_s) &&
           X509_set_pubkey(cert, identity->key) == 1 &&
           add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(cert, NID_ext_key_usage, "serverAuth,clientAuth") &&
           X509_sign(cert, identity->key, EVP_sha256()) != 0;
}

struct identity *identity_make(const char *name, int64_t now_s, struct str *error)
{
    struct identity *identity = xcalloc(1, sizeof *identity);
    ERR_clear_error();
    if (fill(identity, name, now_s))
        return identity;
    fail_ssl(error, "cannot make a key and certificate");
    ERR_clear_error();
    identity_free(identity);
    return NULL;
}

/* Reading. */

/* Without it OpenSSL would ask on the terminal. */
static int no_password(char *buffer, int size, int writing, void *ctx)
{
    (void)buffer, (void)size, (void)writing, (void)ctx;
    return -1;
}

/* A key of the certificate's kind. OpenSSL tries every kind that it knows, and looks each up before, if it
 * is not told: at the start that takes three times as long. NULL: it is none, or protected. */
static EVP_PKEY *read_expected_key(FILE *file, const X509 *cert)
{
    EVP_PKEY *key = NULL, *expected = X509_get0_pubkey(cert);
    const char *type = expected ? EVP_PKEY_get0_type_name(expected) : NULL;
    OSSL_DECODER_CTX *decoder =
        type ? OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", NULL, type, EVP_PKEY_KEYPAIR, NULL, NULL)
             : NULL;
    if (decoder && OSSL_DECODER_CTX_set_pem_password_cb(decoder, no_password, NULL))
        (void)OSSL_DECODER_from_fp(decoder, file); /* the key says whether it is one */
    OSSL_DECODER_CTX_free(decoder);
    return key;
}

static bool read_key(struct identity *identity, FILE *file, const char *path, struct str *error)
{
    identity->key = read_expected_key(file, identity->cert);
    if (identity->key)
        return true;
    ERR_clear_error();
    rewind(file);
    identity->key = PEM_read_PrivateKey(file, NULL, no_password, NULL);
    if (identity->key)
        return true;
    bool is_locked = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_BAD_PASSWORD_READ;
    return fail(error, path,
                is_locked ? "its key is protected by a password; give one without"
                          : "there is no private key in PEM in it");
}

static bool read_certs(struct identity *identity, FILE *file, const char *path, struct str *error)
{
    identity->cert = PEM_read_X509(file, NULL, no_password, NULL);
    if (!identity->cert)
        return fail(error, path, "there is no certificate in PEM in it");
    identity->chain = sk_X509_new_null();
    for (X509 *cert; identity->chain && (cert = PEM_read_X509(file, NULL, no_password, NULL));)
        if (!sk_X509_push(identity->chain, cert))
            X509_free(cert);
    return true;
}

static bool read_part(struct identity *identity, const char *path, struct str *error,
                      bool (*part)(struct identity *, FILE *, const char *, struct str *))
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fail(error, path, strerror(errno));
    bool is_read = part(identity, file, path, error);
    fclose(file);
    return is_read;
}

struct identity *identity_read(const char *cert_path, const char *key_path, struct str *error)
{
    struct identity *identity = xcalloc(1, sizeof *identity);
    ERR_clear_error();
    bool is_good = read_part(identity, cert_path, error, read_certs) &&
                   read_part(identity, key_path, error, read_key);
    if (is_good && X509_check_private_key(identity->cert, identity->key) != 1)
        is_good = fail(error, key_path, "this key does not belong to the certificate");
    ERR_clear_error();
    if (is_good)
        return identity;
    identity_free(identity);
    return NULL;
}

/* Keeping. */

/* Writes key and certificate into an open file, and to the disk. */
static bool write_both(const struct identity *identity, int fd)
{
    FILE *file = fdopen(fd, "w");
    if (!file) {
        close(fd);
        return false;
    }
    bool is_written = PEM_write_PrivateKey(file, identity->key, NULL, NULL, 0, NULL, NULL) == 1 &&
                      PEM_write_X509(file, identity->cert) == 1 && fflush(file) == 0 &&
                      fsync(fd) == 0;
    int number = errno;
    is_written = fclose(file) == 0 && is_written;
    errno = number;
    return is_written;
}

/* One that is there already is left alone: link() fails then. False with errno set. */
static bool put(const struct identity *identity, const char *path)
{
    struct str draft;
    str_init(&draft, PATH_MAX_BYTES);
    str_addf(&draft, "%s.XXXXXX", path);
    int fd = draft.overflow ? -1 : mkostemp(draft.data, O_CLOEXEC); /* mode 0600 */
    bool is_put = fd >= 0 && write_both(identity, fd) && link(draft.data, path) == 0;
    int number = errno;
    if (fd >= 0)
        unlink(draft.data);
    str_release(&draft);
    errno = number;
    return is_put;
}

struct identity *identity_keep(const char *path, const char *name, int64_t now_s, bool *made,
                               struct str *error)
{
    *made = false;
    if (access(path, F_OK) == 0)
        return identity_read(path, path, error);
    struct identity *identity = identity_make(name, now_s, error);
    if (!identity)
        return NULL;
    *made = put(identity, path);
    if (*made)
        return identity;
    int number = errno;
    identity_free(identity);
    if (number == EEXIST)
        return identity_read(path, path, error);
    fail(error, path, strerror(number));
    return NULL;
}

/* Fingerprints. */

void fingerprint_of(const X509 *cert, char digits[FINGERPRINT_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE] = {0};
    unsigned len = 0;
    X509_digest(cert, EVP_sha256(), bytes, &len);
    for (size_t i = 0; i < FINGERPRINT_DIGITS / 2; i++) {
        digits[2 * i] = hex[bytes[i] >> 4];
        digits[2 * i + 1] = hex[bytes[i] & 15];
    }
    digits[FINGERPRINT_DIGITS] = '\0';
}

void identity_fingerprint(const struct identity *identity, char digits[FINGERPRINT_SIZE])
{
    fingerprint_of(identity->cert, digits);
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm parts;
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return 0;
    int64_t seconds = timegm(&parts);
    return seconds > 0 ? seconds : 1;
}

void validity_of(const X509 *cert, int64_t *from_s, int64_t *until_s)
{
    *from_s = seconds_of(X509_get0_notBefore(cert));
    *until_s = seconds_of(X509_get0_notAfter(cert));
    ERR_clear_error();
}

void identity_validity(const struct identity *identity, int64_t *from_s, int64_t *until_s)
{
    validity_of(identity->cert, from_s, until_s);
}

bool fingerprint_parse(const char *text, char digits[FINGERPRINT_SIZE])
{
    static const char small[] = "0123456789abcdef", large[] = "0123456789ABCDEF";
    size_t len = 0;
    for (; *text; text++) {
        const char *at = strchr(small, *text);
        if (!at && strchr(large, *text))
            at = small + (strchr(large, *text) - large);
        if (*text == ':' && len > 0 && len % 2 == 0)
            continue;
        if (!at || len == FINGERPRINT_DIGITS)
            return false;
        digits[len++] = *at;
    }
    digits[len] = '\0';
    return len == FINGERPRINT_DIGITS;
}

void fingerprint_with_colons(const char *digits, struct str *out)
{
    for (size_t i = 0; digits[i]; i++) {
        if (i > 0 && i % 2 == 0)
            str_addc(out, ':');
        str_addc(out, digits[i] >= 'a' ? (char)(digits[i] - 'a' + 'A') : digits[i]);
    }
}
