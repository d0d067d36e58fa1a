#include "server/account/scram.h"

#include <string.h>

#include "common/base64.h"

void scram_init(struct scram *scram)
{
    str_init(&scram->name, SCRAM_MAX_BYTES);
    str_init(&scram->identity, SCRAM_MAX_BYTES);
    str_init(&scram->header, SCRAM_MAX_BYTES);
    str_init(&scram->nonce, 2 * SCRAM_MAX_BYTES);
    str_init(&scram->message, 8 * SCRAM_MAX_BYTES);
}

void scram_release(struct scram *scram)
{
    str_release(&scram->name);
    str_release(&scram->identity);
    str_release(&scram->header);
    str_release(&scram->nonce);
    str_release(&scram->message);
}

/* Takes "x=value" up to the next comma or the end; false if it does not begin so. */
static bool take(const char **at, char attribute, const char **value, size_t *len)
{
    if ((*at)[0] != attribute || (*at)[1] != '=')
        return false;
    *value = *at + 2;
    *len = strcspn(*value, ",");
    *at = *value + *len;
    if (**at == ',')
        (*at)++;
    return true;
}

/* A name with "=2C" for a comma and "=3D" for '='; no other '=' may stand in it. */
static bool unescape(struct str *out, const char *text, size_t len)
{
    str_reset(out);
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '=') {
            str_addc(out, text[i]);
            continue;
        }
        bool comma = len - i >= 3 && memcmp(text + i, "=2C", 3) == 0;
        if (!comma && !(len - i >= 3 && memcmp(text + i, "=3D", 3) == 0))
            return false;
        str_addc(out, comma ? ',' : '=');
        i += 2;
    }
    return !out->overflow;
}

/* The GS2 header: "n,," or "y,,", perhaps with "a=identity" between the commas. */
static bool read_header(struct scram *scram, const char **at)
{
    const char *begin = *at, *value;
    size_t len;
    if ((begin[0] != 'n' && begin[0] != 'y') || begin[1] != ',')
        return false; /* "p=": channel binding was never offered */
    *at += 2;
    if (**at == ',')
        (*at)++;
    else if (!take(at, 'a', &value, &len) || (*at)[-1] != ',' ||
             !unescape(&scram->identity, value, len))
        return false;
    str_reset(&scram->header);
    return str_add(&scram->header, begin, (size_t)(*at - begin));
}

bool scram_first(struct scram *scram, const char *text)
{
    const char *value;
    size_t len;
    if (strlen(text) > SCRAM_MAX_BYTES || !read_header(scram, &text))
        return false;
    const char *bare = text;
    if (!take(&text, 'n', &value, &len) || len == 0 || !unescape(&scram->name, value, len))
        return false;
    if (!take(&text, 'r', &value, &len) || len == 0)
        return false;
    str_reset(&scram->nonce);
    str_reset(&scram->message);
    return str_add(&scram->nonce, value, len) && str_adds(&scram->message, bare);
}

bool scram_challenge(struct scram *scram, const struct verifier *verifier, const char *nonce,
                     struct str *out)
{
    size_t before = out->len;
    scram->verifier = *verifier;
    str_adds(&scram->nonce, nonce);
    str_addf(out, "r=%s,s=", scram->nonce.data);
    base64_encode(out, verifier->salt, VERIFIER_SALT_BYTES);
    str_addf(out, ",i=%u", verifier->iterations);
    str_addf(&scram->message, ",%s", out->data + before);
    return !out->overflow && !scram->nonce.overflow && !scram->message.overflow;
}

/* Whether "c=" repeats the header that the client began with. */
static bool same_header(const struct scram *scram, const char *value, size_t len)
{
    struct str header;
    str_init(&header, SCRAM_MAX_BYTES);
    bool same = base64_decode(&header, value, len) && header.len == scram->header.len &&
                memcmp(header.data, scram->header.data, header.len) == 0;
    str_release(&header);
    return same;
}

static bool read_proof(const char *value, size_t len, unsigned char proof[VERIFIER_KEY_BYTES])
{
    struct str bytes;
    str_init(&bytes, VERIFIER_KEY_BYTES);
    bool good = base64_decode(&bytes, value, len) && bytes.len == VERIFIER_KEY_BYTES;
    if (good)
        memcpy(proof, bytes.data, VERIFIER_KEY_BYTES);
    str_release(&bytes);
    return good;
}

bool scram_final(struct scram *scram, const char *text, struct str *out)
{
    const char *at = text, *value;
    size_t len;
    unsigned char proof[VERIFIER_KEY_BYTES], signature[VERIFIER_KEY_BYTES];
    const char *last = strstr(text, ",p=");
    if (strlen(text) > SCRAM_MAX_BYTES || !last)
        return false;
    if (!take(&at, 'c', &value, &len) || !same_header(scram, value, len))
        return false;
    if (!take(&at, 'r', &value, &len) || len != scram->nonce.len ||
        memcmp(value, scram->nonce.data, len) != 0)
        return false;
    if (!read_proof(last + 3, strlen(last + 3), proof))
        return false;
    str_addc(&scram->message, ',');
    str_add(&scram->message, text, (size_t)(last - text));
    if (scram->message.overflow || !verifier_proves(&scram->verifier, scram->message.data,
                                                    scram->message.len, proof, signature))
        return false;
    return str_adds(out, "v=") && base64_encode(out, signature, sizeof signature);
}
