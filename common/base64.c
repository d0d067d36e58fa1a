#include "common/base64.h"

#include <stdint.h>
#include <string.h>

#include "common/str.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool base64_encode(struct str *out, const void *bytes, size_t len)
{
    const unsigned char *in = bytes;
    size_t before = out->len;
    for (size_t at = 0; at < len; at += 3) {
        size_t left = len - at;
        uint32_t group = (uint32_t)in[at] << 16 | (left > 1 ? (uint32_t)in[at + 1] << 8 : 0) |
                         (left > 2 ? in[at + 2] : 0u);
        char quad[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        left > 1 ? digits[group >> 6 & 63] : '=',
                        left > 2 ? digits[group & 63] : '='};
        if (!str_add(out, quad, sizeof quad)) {
            str_cut(out, before);
            return false;
        }
    }
    return true;
}

/* The value of a digit; 64 for what is none. */
static uint32_t value_of(char c)
{
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at ? (uint32_t)(at - digits) : 64;
}

bool base64_decode(struct str *out, const char *text, size_t len)
{
    size_t before = out->len;
    bool good = len % 4 == 0;
    for (size_t at = 0; good && at < len; at += 4) {
        bool last = at + 4 == len;
        size_t padding = last && text[at + 3] == '=' ? 1u + (text[at + 2] == '=') : 0;
        uint32_t group = 0;
        for (size_t i = 0; i < 4; i++) {
            uint32_t value = i < 4 - padding ? value_of(text[at + i]) : 0;
            good &= value < 64;
            group = group << 6 | (value & 63);
        }
        char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
        /* Bits that stand for no byte must be nothing, or two texts would mean the same. */
        good &= (group & ((1u << 8 * padding) - 1)) == 0;
        good = good && str_add(out, bytes, 3 - padding);
    }
    if (!good)
        str_cut(out, before);
    return good;
}
