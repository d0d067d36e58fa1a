#include "client/view/wrap.h"

#include "common/text.h"

#include <string.h>

struct wrap wrap_begin(const char *text, size_t len, int cols, enum wrap_by by)
{
    return (struct wrap){.text = text, .len = len, .cols = cols > 1 ? cols : 1, .by = by};
}

/* A cluster of the text. */
struct glyph {
    size_t from, to;
    int width;
    bool blank, closing;
};

/* Marks that close or end something do not begin a row (JIS X 4051 has the long list). */
static bool is_closing(const char *p, size_t len)
{
    static const char *const closing[] = {"、", "。", "，", "．", "！", "？", "：",
                                          "；", "）", "」", "』", "】", "〉", "》"};
    for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++)
        if (len == strlen(closing[i]) && memcmp(p, closing[i], len) == 0)
            return true;
    return false;
}

static struct glyph glyph_at(const struct wrap *wrap, size_t at)
{
    const char *text = wrap->text + at;
    if (text[0] >= ' ' && text[0] < 0x7f && (at + 1 == wrap->len || !(text[1] & 0x80)))
        return (struct glyph){.from = at, .to = at + 1, .width = 1, .blank = *text == ' '};
    struct glyph glyph = {.from = at, .to = text_cluster_next(wrap->text, wrap->len, at)};
    glyph.width = (int)text_cluster_width(text, glyph.to - at);
    glyph.blank = *text == ' ';
    glyph.closing = glyph.width == 2 && is_closing(text, glyph.to - at);
    return glyph;
}

/* Ends the row at `to`; the next one begins at `next`. */
static bool row_ends(struct wrap *wrap, struct wrap_row *row, size_t to, size_t next)
{
    row->to = to;
    wrap->at = next;
    return true;
}

static size_t skip_blanks(const struct wrap *wrap, size_t at)
{
    while (at < wrap->len && wrap->text[at] == ' ')
        at++;
    return at;
}

/* Ends the row by words at the place where `full` did not fit: at the last place for it, if there
 * was one. */
static bool break_words(struct wrap *wrap, struct wrap_row *row, const struct glyph *full,
                        size_t place)
{
    if (full->blank)
        place = full->from;
    if (place == row->from)
        return row_ends(wrap, row, full->from, full->from);
    size_t to = place;
    while (to > row->from && wrap->text[to - 1] == ' ')
        to--;
    /* Nothing but blanks: they were meant, and stay. */
    if (to == row->from)
        to = place;
    size_t next = skip_blanks(wrap, place);
    /* Blanks at the very end, or before a newline, are no row of their own. */
    if (next < wrap->len && wrap->text[next] == '\n')
        next++;
    else
        wrap->ended = next == wrap->len;
    return row_ends(wrap, row, to, next);
}

bool wrap_next(struct wrap *wrap, struct wrap_row *row)
{
    if (wrap->ended)
        return false;
    *row = (struct wrap_row){wrap->at, wrap->len};
    size_t left = wrap->len - wrap->at;
    if (left <= (size_t)wrap->cols && text_plain(wrap->text + wrap->at, left) == left) {
        wrap->ended = true;
        return true;
    }
    size_t place = row->from; /* the last one where the row may end */
    int width = 0;
    bool inked = false; /* blanks at the row's beginning are meant: it does not end behind them */
    struct glyph before = {.blank = true};
    for (size_t at = wrap->at; at < wrap->len; at = before.to) {
        if (wrap->text[at] == '\n')
            return row_ends(wrap, row, at, at + 1);
        struct glyph glyph = glyph_at(wrap, at);
        bool may_break =
            (before.blank && !glyph.blank) ||
            (!before.blank && !glyph.closing && (before.width == 2 || glyph.width == 2));
        if (may_break && inked)
            place = at;
        if (width + glyph.width > wrap->cols && at > row->from) {
            if (wrap->by == WRAP_CLUSTERS)
                return row_ends(wrap, row, at, at);
            return break_words(wrap, row, &glyph, place);
        }
        width += glyph.width;
        inked = inked || !glyph.blank;
        before = glyph;
    }
    wrap->ended = true;
    return true;
}
