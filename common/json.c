#include "common/json.h"

#include <inttypes.h>
#include <string.h>

#include "common/text.h"

/* Beyond the basic plane JSON has surrogate pairs (RFC 8259, section 7). */
static void add_escaped(struct str *out, uint32_t code)
{
    if (code > 0xffff) {
        code -= 0x10000;
        str_addf(out, "\\u%04" PRIx32, 0xd800 + (code >> 10));
        code = 0xdc00 + (code & 0x3ff);
    }
    str_addf(out, "\\u%04" PRIx32, code);
}

void json_string(struct str *out, const char *text)
{
    str_addc(out, '"');
    for (size_t left = strlen(text), len; left > 0; text += len, left -= len) {
        int32_t code;
        len = text_decode(text, left, &code);
        if (code == '"' || code == '\\')
            str_addf(out, "\\%c", (char)code);
        else if (code < 0)
            text_encode(out, code);
        else if (text_is_harmless(text, len))
            str_add(out, text, len);
        else
            add_escaped(out, (uint32_t)code);
    }
    str_addc(out, '"');
}
