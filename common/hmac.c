#include "common/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/alloc.h"

struct hmac {
    EVP_MAC_CTX *context;
};

/* All of this fails for want of memory only. */
static void must(bool done)
{
    if (!done)
        out_of_memory(HMAC_BYTES);
}

struct hmac *hmac_new(const void *key, size_t key_len)
{
    static char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    struct hmac *hmac = xcalloc(1, sizeof *hmac);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    must(mac != NULL);
    hmac->context = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    must(hmac->context && EVP_MAC_init(hmac->context, key, key_len, params));
    return hmac;
}

void hmac_free(struct hmac *hmac)
{
    if (!hmac)
        return;
    EVP_MAC_CTX_free(hmac->context);
    free(hmac);
}

void hmac_code(struct hmac *hmac, const void *message, size_t len, unsigned char code[HMAC_BYTES])
{
    size_t code_len;
    must(EVP_MAC_init(hmac->context, NULL, 0, NULL) &&
         EVP_MAC_update(hmac->context, message, len) &&
         EVP_MAC_final(hmac->context, code, &code_len, HMAC_BYTES));
}
