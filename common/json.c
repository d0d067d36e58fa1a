#include "common/json.h"

#include <string.h>

#include "common/text.h"

void json_string(struct str *out, const char *text)
{
    size_t len = strlen(text);
    str_addc(out, '"');
    for (size_t at = 0; at < len;) {
        int32_t code;
        size_t step = text_decode(text + at, len - at, &code);
        if (code == '"' || code == '\\')
            str_addf(out, "\\%c", (char)code);
        else if (code >= 0 && (code < 0x20 || code == 0x7f))
            str_addf(out, "\\u%04x", (unsigned)code);
        else
            text_encode(out, code);
        at += step;
    }
    str_addc(out, '"');
}
