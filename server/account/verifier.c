#include "server/account/verifier.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "common/base64.h"
#include "common/str.h"

enum { FIELD_MAX_BYTES = 64 };

/* OpenSSL fails at these only when it has no memory or no SHA-256. */
static void must(bool done)
{
    if (!done)
        abort();
}

static void hmac(const unsigned char key[VERIFIER_KEY_BYTES], const void *text, size_t len,
                 unsigned char out[VERIFIER_KEY_BYTES])
{
    must(HMAC(EVP_sha256(), key, VERIFIER_KEY_BYTES, text, len, out, NULL) != NULL);
}

struct verifier verifier_make(const char *password, const unsigned char salt[VERIFIER_SALT_BYTES],
                              unsigned iterations)
{
    struct verifier verifier = {.iterations = iterations};
    unsigned char salted[VERIFIER_KEY_BYTES], client_key[VERIFIER_KEY_BYTES];
    memcpy(verifier.salt, salt, VERIFIER_SALT_BYTES);
    must(PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt, VERIFIER_SALT_BYTES,
                           (int)iterations, EVP_sha256(), VERIFIER_KEY_BYTES, salted));
    hmac(salted, "Client Key", strlen("Client Key"), client_key);
    hmac(salted, "Server Key", strlen("Server Key"), verifier.server_key);
    must(SHA256(client_key, sizeof client_key, verifier.stored_key) != NULL);
    OPENSSL_cleanse(salted, sizeof salted);
    OPENSSL_cleanse(client_key, sizeof client_key);
    return verifier;
}

bool verifier_matches(const struct verifier *verifier, const char *password)
{
    if (verifier->iterations == 0)
        return false;
    struct verifier given = verifier_make(password, verifier->salt, verifier->iterations);
    return CRYPTO_memcmp(given.stored_key, verifier->stored_key, VERIFIER_KEY_BYTES) == 0;
}

bool verifier_proves(const struct verifier *verifier, const char *message, size_t len,
                     const unsigned char proof[VERIFIER_KEY_BYTES],
                     unsigned char signature[VERIFIER_KEY_BYTES])
{
    if (verifier->iterations == 0)
        return false;
    unsigned char client_key[VERIFIER_KEY_BYTES], hashed[VERIFIER_KEY_BYTES];
    hmac(verifier->stored_key, message, len, client_key);
    for (size_t i = 0; i < VERIFIER_KEY_BYTES; i++)
        client_key[i] ^= proof[i];
    must(SHA256(client_key, sizeof client_key, hashed) != NULL);
    OPENSSL_cleanse(client_key, sizeof client_key);
    if (CRYPTO_memcmp(hashed, verifier->stored_key, VERIFIER_KEY_BYTES) != 0)
        return false;
    hmac(verifier->server_key, message, len, signature);
    return true;
}

bool verifier_same(const struct verifier *a, const struct verifier *b)
{
    return a->iterations == b->iterations &&
           CRYPTO_memcmp(a->salt, b->salt, VERIFIER_SALT_BYTES) == 0 &&
           CRYPTO_memcmp(a->stored_key, b->stored_key, VERIFIER_KEY_BYTES) == 0;
}

void verifier_write(const struct verifier *verifier, struct str *out)
{
    str_addf(out, "%u ", verifier->iterations);
    base64_encode(out, verifier->salt, VERIFIER_SALT_BYTES);
    str_addc(out, ' ');
    base64_encode(out, verifier->stored_key, VERIFIER_KEY_BYTES);
    str_addc(out, ' ');
    base64_encode(out, verifier->server_key, VERIFIER_KEY_BYTES);
}

/* Reads the next word of Base64, which must be of that many bytes. */
static bool read_field(const char **at, unsigned char *bytes, size_t size)
{
    struct str field;
    str_init(&field, FIELD_MAX_BYTES);
    *at += strspn(*at, " ");
    size_t len = strcspn(*at, " ");
    bool good = base64_decode(&field, *at, len) && field.len == size;
    if (good)
        memcpy(bytes, field.data, size);
    *at += len;
    str_release(&field);
    return good;
}

bool verifier_read(struct verifier *verifier, const char *text)
{
    char *end;
    unsigned long iterations = strtoul(text, &end, 10);
    const char *at = end;
    if (end == text || iterations == 0 || iterations > VERIFIER_MAX_ITERATIONS)
        return false;
    verifier->iterations = (unsigned)iterations;
    return read_field(&at, verifier->salt, sizeof verifier->salt) &&
           read_field(&at, verifier->stored_key, sizeof verifier->stored_key) &&
           read_field(&at, verifier->server_key, sizeof verifier->server_key) && *at == '\0';
}
