/* UTF-8, clusters and widths on top of utf8proc's tables. See text.h for the rules. */
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "common/alloc.h"
#include "common/str.h"

enum {
    ZWJ = 0x200d,
    TEXT_STYLE = 0xfe0e, /* variation selectors 15 and 16 */
    EMOJI_STYLE = 0xfe0f,
    KEYCAP = 0x20e3,
    BLACK_FLAG = 0x1f3f4, /* tags behind it spell a region: the flags of England, Wales, ... */
    REPLACEMENT = 0xfffd,
    MAX_CELLS = 2,
};

static const utf8proc_uint8_t *octets(const char *p)
{
    return (const utf8proc_uint8_t *)p;
}

static bool is_ascii(char byte)
{
    return !((unsigned char)byte & 0x80);
}

size_t text_utf8_need(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t text_decode(const char *p, size_t len, int32_t *code)
{
    *code = -1;
    if (!len)
        return 0;
    if (is_ascii(*p)) {
        *code = *p;
        return 1;
    }
    utf8proc_ssize_t n = utf8proc_iterate(octets(p), len > 4 ? 4 : (utf8proc_ssize_t)len, code);
    return n > 0 ? (size_t)n : 1;
}

bool text_encode(struct str *out, int32_t code)
{
    utf8proc_uint8_t bytes[4];
    if (!utf8proc_codepoint_valid(code))
        code = REPLACEMENT;
    utf8proc_ssize_t n = utf8proc_encode_char(code, bytes);
    return str_add(out, bytes, (size_t)n);
}

bool text_utf8_valid(const char *p, size_t len)
{
    for (size_t at = 0; at < len;) {
        int32_t code;
        at += text_decode(p + at, len - at, &code);
        if (code < 0)
            return false;
    }
    return true;
}

static int bound_class(int32_t code)
{
    return (int)utf8proc_get_property(code)->boundclass;
}

static bool is_tag(int32_t code)
{
    return code >= 0xe0000 && code <= 0xe007f;
}

static bool is_jamo(int32_t code)
{
    int class = bound_class(code);
    return class == UTF8PROC_BOUNDCLASS_L || class == UTF8PROC_BOUNDCLASS_V ||
           class == UTF8PROC_BOUNDCLASS_T;
}

/* Characters of no width, or that turn the direction of what follows; they only serve to deceive. */
static bool is_invisible(int32_t code)
{
    static const struct {
        int32_t first, last;
    } ranges[] = {
        {0x061c, 0x061c}, {0x180e, 0x180e}, {0x200b, 0x200b}, {0x200e, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x1d173, 0x1d17a},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

static bool is_c0(int32_t code)
{
    return (code >= 0 && code < 0x20) || code == 0x7f;
}

/* Says whether U+FFFD is shown in its place. A tag within a flag must be sorted out before. */
static bool is_replaced(int32_t code)
{
    return code < 0 || (code >= 0x80 && code < 0xa0) || (code >= 0xfdd0 && code <= 0xfdef) ||
           (code & 0xfffe) == 0xfffe || is_tag(code) || is_invisible(code);
}

size_t text_cluster_next(const char *p, size_t len, size_t at)
{
    if (at >= len)
        return len;
    if (is_ascii(p[at]) && (at + 1 == len || is_ascii(p[at + 1])))
        return at + 1;
    int32_t first, before, state = 0;
    at += text_decode(p + at, len - at, &first);
    before = first;
    while (at < len && before >= 0) {
        int32_t code;
        size_t n = text_decode(p + at, len - at, &code);
        bool in_flag = first == BLACK_FLAG && (before == BLACK_FLAG || is_tag(before));
        if (code < 0 || (is_tag(code) && !in_flag) || (before == '\r' && code == '\n') ||
            utf8proc_grapheme_break_stateful(before, code, &state))
            break;
        before = code;
        at += n;
    }
    return at;
}

/* Where the character that ends at `at` begins; `at` must be greater than 0. */
static size_t char_before(const char *p, size_t at)
{
    for (size_t n = 2; n <= 4 && n <= at; n++) {
        int32_t code;
        if (is_ascii(p[at - 1]))
            break;
        if (text_decode(p + at - n, n, &code) == n)
            return at - n;
    }
    return at - 1;
}

/* Says whether a cluster begins at `at` whatever stands further in front. */
static bool surely_begins(const char *p, size_t len, size_t at)
{
    if (!at || at == len)
        return true;
    int32_t before, code;
    size_t start = char_before(p, at);
    text_decode(p + start, at - start, &before);
    text_decode(p + at, len - at, &code);
    if (before < 0 || code < 0 || (before < 0x80 && code < 0x80))
        return true;
    /* What depends on more than the neighbours: tags, and an emoji behind a joiner (GB11). For two
     * halves of flags (GB12) utf8proc says that nothing begins. */
    if (is_tag(code) || before == ZWJ)
        return false;
    return utf8proc_grapheme_break(before, code);
}

size_t text_cluster_prev(const char *p, size_t len, size_t at)
{
    if (!at)
        return 0;
    size_t from = char_before(p, at);
    while (!surely_begins(p, len, from))
        from = char_before(p, from);
    for (size_t next; (next = text_cluster_next(p, len, from)) < at;)
        from = next;
    return from;
}

size_t text_cut_bytes(const char *p, size_t len, size_t max_bytes)
{
    if (len <= max_bytes)
        return len;
    size_t whole = max_bytes;
    for (size_t back = 1; back <= 3 && back <= max_bytes; back++) {
        int32_t code;
        if (text_decode(p + max_bytes - back, len - max_bytes + back, &code) > back)
            whole = max_bytes - back;
    }
    size_t from = whole;
    while (!surely_begins(p, len, from))
        from = char_before(p, from);
    size_t next = text_cluster_next(p, len, from);
    for (; next <= max_bytes; next = text_cluster_next(p, len, from))
        from = next;
    return from ? from : whole;
}

static unsigned code_width(int32_t code)
{
    if (code >= ' ' && code < 0x7f) /* most of what is ever drawn */
        return 1;
    if (is_c0(code))
        return 2;
    return is_replaced(code) ? 1 : (unsigned)utf8proc_charwidth(code);
}

/* Says whether `code`, somewhere behind `first`, makes an emoji of the cluster. */
static bool makes_emoji(int32_t first, int32_t code)
{
    int class = bound_class(first);
    if (class == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR)
        return bound_class(code) == class;
    if (class == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC)
        return code == EMOJI_STYLE || code == ZWJ || (code >= 0x1f3fb && code <= 0x1f3ff);
    return code == KEYCAP && ((first >= '0' && first <= '9') || first == '#' || first == '*');
}

unsigned text_cluster_width(const char *p, size_t len)
{
    int32_t first, code;
    size_t at = text_decode(p, len, &first);
    if (!at)
        return 0;
    if (at == len)
        return code_width(first);
    bool hangul = is_jamo(first);
    bool flag = first == BLACK_FLAG;
    unsigned width = code_width(first);
    while (at < len) {
        at += text_decode(p + at, len - at, &code);
        if (makes_emoji(first, code))
            return MAX_CELLS;
        /* Vowels and finals are drawn within the syllable's two cells. */
        if (!(hangul && is_jamo(code)) && !(flag && is_tag(code)))
            width += code_width(code);
    }
    return width < MAX_CELLS ? width : MAX_CELLS;
}

bool text_cluster_doubtful(const char *p, size_t len)
{
    for (size_t at = 0; at < len;) {
        int32_t code;
        at += text_decode(p + at, len - at, &code);
        if (code < 0x80)
            continue;
        utf8proc_category_t category = utf8proc_category(code);
        if (code == 0xad || code == ZWJ || code == TEXT_STYLE || code == EMOJI_STYLE ||
            code == KEYCAP || code >= 0x1fa70 || (code >= 0x1f3fb && code <= 0x1f3ff) ||
            is_jamo(code) || bound_class(code) == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR ||
            bound_class(code) == UTF8PROC_BOUNDCLASS_PREPEND || category == UTF8PROC_CATEGORY_MC ||
            category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO)
            return true;
    }
    return false;
}

/* Whether all eight bytes are printable ASCII: none has its top bit, is below a blank or is DEL. */
static bool eight_are_plain(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t word;
    memcpy(&word, p, sizeof(word));
    uint64_t below_blank = word - ones * ' ', del = word + ones;
    return !((word | below_blank | del) & tops);
}

size_t text_plain(const char *p, size_t len)
{
    size_t n = 0;
    while (n + 8 <= len && eight_are_plain(p + n))
        n += 8;
    while (n < len && p[n] >= ' ' && p[n] < 0x7f)
        n++;
    /* A mark may stand behind it, and belong to it. */
    return n > 0 && n < len && !is_ascii(p[n]) ? n - 1 : n;
}

size_t text_width(const char *p, size_t len)
{
    size_t cells;
    text_fit(p, len, SIZE_MAX, &cells);
    return cells;
}

size_t text_fit(const char *p, size_t len, size_t max_cells, size_t *cells)
{
    size_t at = text_plain(p, len), width = at;
    if (at > max_cells)
        at = width = max_cells;
    while (at < len) {
        size_t next = text_cluster_next(p, len, at);
        unsigned more = text_cluster_width(p + at, next - at);
        if (more > max_cells - width)
            break;
        width += more;
        at = next;
    }
    if (cells)
        *cells = width;
    return at;
}

static bool is_word(const char *p, size_t len, size_t at)
{
    int32_t code;
    text_decode(p + at, len - at, &code);
    if (code < 0)
        return false;
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

size_t text_word_next(const char *p, size_t len, size_t at)
{
    while (at < len && !is_word(p, len, at))
        at = text_cluster_next(p, len, at);
    while (at < len && is_word(p, len, at))
        at = text_cluster_next(p, len, at);
    return at;
}

size_t text_word_prev(const char *p, size_t len, size_t at)
{
    size_t from = text_cluster_prev(p, len, at);
    while (from && !is_word(p, len, from))
        from = text_cluster_prev(p, len, from);
    while (from) {
        size_t before = text_cluster_prev(p, len, from);
        if (!is_word(p, len, before))
            break;
        from = before;
    }
    return from;
}

/* Returns where the harmless text from `at` ends; `in_flag` is kept between the calls. */
static size_t harmless_end(const char *p, size_t len, size_t at, bool *in_flag)
{
    while (at < len) {
        int32_t code;
        size_t n = text_decode(p + at, len - at, &code);
        bool tag_of_flag = *in_flag && is_tag(code);
        *in_flag = code == BLACK_FLAG || tag_of_flag;
        if (is_c0(code) || (is_replaced(code) && !tag_of_flag))
            break;
        at += n;
    }
    return at;
}

bool text_harmless(struct str *out, const char *p, size_t len)
{
    bool in_flag = false;
    for (size_t at = 0; at < len;) {
        size_t end = harmless_end(p, len, at, &in_flag);
        if (!str_add(out, p + at, end - at))
            return false;
        if (end == len)
            break;
        int32_t code;
        at = end + text_decode(p + end, len - end, &code);
        char caret[2] = {'^', (char)(code ^ 0x40)};
        if (is_c0(code) ? !str_add(out, caret, 2) : !text_encode(out, REPLACEMENT))
            return false;
    }
    return true;
}

bool text_is_harmless(const char *p, size_t len)
{
    bool in_flag = false;
    size_t plain = text_plain(p, len);
    return plain == len || harmless_end(p, len, plain, &in_flag) == len;
}

static bool fold_ascii(struct str *out, const char *p, size_t len)
{
    size_t start = out->len;
    if (!str_add(out, p, len))
        return false;
    for (char *c = out->data + start, *end = c + len; c < end; c++)
        *c = (char)(*c + (*c >= 'A' && *c <= 'Z' ? 'a' - 'A' : 0));
    return true;
}

bool text_fold(struct str *out, const char *p, size_t len)
{
    size_t ascii = 0;
    while (ascii < len && is_ascii(p[ascii]))
        ascii++;
    if (ascii == len)
        return fold_ascii(out, p, len);
    if (!text_utf8_valid(p, len))
        return false;
    utf8proc_uint8_t *key = NULL;
    utf8proc_ssize_t n = utf8proc_map(octets(p), (utf8proc_ssize_t)len, &key,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                          UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (n == UTF8PROC_ERROR_NOMEM)
        out_of_memory(len);
    bool added = n >= 0 && str_add(out, key, (size_t)n);
    free(key);
    return added;
}
