#include "client/term/clipboard.h"

#include "common/base64.h"

bool clipboard_add(struct str *out, const char *text, size_t len)
{
    if (len / 3 * 4 + 20 > CLIPBOARD_MAX_BYTES)
        return false;
    str_adds(out, "\033]52;c;");
    base64_encode(out, text, len);
    str_adds(out, "\033\\");
    return true;
}
