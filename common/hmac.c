#include "common/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/alloc.h"

void hmac_sha256(const void *key, size_t key_len, const void *message, size_t len,
                 unsigned char code[HMAC_BYTES])
{
    unsigned code_len = HMAC_BYTES;
    /* It fails for want of memory only. */
    if (!HMAC(EVP_sha256(), key, (int)key_len, message, len, code, &code_len))
        out_of_memory(HMAC_BYTES);
}
