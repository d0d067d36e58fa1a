#include "common/words.h"

#include <utf8proc.h>

#include "common/str.h"
#include "common/text.h"

enum {
    PARTS_MAX = 8, /* a letter and its accents */
    FIRST_ACCENT = 0x300,
    LAST_ACCENT = 0x331,
};

static bool is_accent(int32_t code)
{
    return code >= FIRST_ACCENT && code <= LAST_ACCENT;
}

static bool is_of_word(int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) ||
           category == UTF8PROC_CATEGORY_CO;
}

/* The letter without accents if it is a Latin one, else as it is. */
static int32_t bare(int32_t code)
{
    utf8proc_int32_t parts[PARTS_MAX];
    if (code < 0x80)
        return code;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(code, parts, PARTS_MAX, UTF8PROC_DECOMPOSE, NULL);
    return count > 1 && count <= PARTS_MAX && parts[0] < 0x80 ? parts[0] : code;
}

bool words_add(struct str *out, const char *text, size_t len)
{
    bool in_word = false, any = false, fits = true;
    for (size_t at = 0; at < len && fits;) {
        int32_t code;
        at += text_decode(text + at, len - at, &code);
        if (in_word && is_accent(code))
            continue;
        bool of_word = code >= 0 && is_of_word(code);
        if (of_word && !in_word)
            fits = str_addc(out, ' ');
        if (of_word)
            fits = fits && text_encode(out, utf8proc_tolower(bare(code)));
        in_word = of_word;
        any |= of_word;
    }
    return fits && (!any || str_addc(out, ' '));
}
