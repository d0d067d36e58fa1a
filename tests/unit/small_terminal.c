#include "tests/unit/small_terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static const struct shown_cell blank = {.text = " "};

static void erase(struct terminal *t, int row, int from)
{
    for (int col = from; col < t->cols; col++) {
        t->cells[row][col] = blank;
        t->cells[row][col].style.bg = t->pen.bg; /* bce */
    }
}

void terminal_resize(struct terminal *t, int rows, int cols)
{
    t->rows = rows;
    t->cols = cols;
    t->row = t->col = 0;
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++)
            snprintf(t->cells[row][col].text, sizeof(t->cells[row][col].text), "?");
}

/* Half a wide character cannot stay. */
static void break_wide(struct terminal *t, int row, int col)
{
    if (t->cells[row][col].wide && col + 1 < t->cols)
        t->cells[row][col + 1] = blank;
    if (!t->cells[row][col].text[0] && col > 0)
        t->cells[row][col - 1] = blank;
}

static void put(struct terminal *t, const char *text, size_t len, unsigned width)
{
    assert_true(t->col < t->cols); /* nothing is ever written behind the last column */
    int col = t->col;
    break_wide(t, t->row, col);
    if (width == 2 && col + 1 < t->cols)
        break_wide(t, t->row, col + 1);
    struct shown_cell *cell = &t->cells[t->row][col];
    *cell = (struct shown_cell){.style = t->pen, .wide = width == 2};
    assert_true(len < sizeof(cell->text));
    memcpy(cell->text, text, len);
    if (width == 2 && col + 1 < t->cols)
        t->cells[t->row][col + 1] = (struct shown_cell){.style = t->pen};
    /* Without wrapping the cursor stays in the last column. */
    t->col = col + (int)width < t->cols ? col + (int)width : t->cols - 1;
}

static void put_cluster(struct terminal *t, const char *text, size_t len)
{
    if (!text_cluster_doubtful(text, len) || t->opinion == AS_WE_DO) {
        put(t, text, len, text_cluster_width(text, len) > 1 ? 2 : 1);
        return;
    }
    if (t->opinion == ALWAYS_ONE) {
        put(t, text, len, 1);
        return;
    }
    for (size_t at = 0; at < len;) {
        int32_t code;
        size_t used = text_decode(text + at, len - at, &code);
        unsigned width = text_cluster_width(text + at, used);
        if (width > 0)
            put(t, text + at, used, width);
        at += used;
    }
}

static void select_style(struct terminal *t, const int *numbers, int n)
{
    static const unsigned attrs[10] = {[1] = ATTR_BOLD,      [2] = ATTR_DIM,     [3] = ATTR_ITALIC,
                                       [4] = ATTR_UNDERLINE, [7] = ATTR_REVERSE, [9] = ATTR_STRIKE};
    for (int i = 0; i < n; i++) {
        int number = numbers[i];
        uint32_t *colour =
            number == 38 || (number >= 30 && number < 38) || number >= 90 ? &t->pen.fg : &t->pen.bg;
        if (number >= 100)
            colour = &t->pen.bg;
        if (number == 0) {
            t->pen = (struct style){0};
        } else if (number < 10) {
            assert_true(attrs[number]);
            t->pen.attrs |= (uint16_t)attrs[number];
        } else if (number == 38 || number == 48) {
            bool rgb = numbers[i + 1] == 2;
            *colour = rgb ? COLOUR_RGB | (uint32_t)numbers[i + 2] << 16 |
                                (uint32_t)numbers[i + 3] << 8 | (uint32_t)numbers[i + 4]
                          : COLOUR_INDEXED | (uint32_t)numbers[i + 2];
            i += rgb ? 4 : 2;
        } else {
            *colour = COLOUR_INDEXED | ((uint32_t)number % 10 + (number >= 90 ? 8 : 0));
        }
    }
}

/* ESC [ ... : returns its length. */
static size_t obey(struct terminal *t, const char *p)
{
    int numbers[16] = {0}, n = 1;
    size_t i = 2;
    bool private = p[i] == '?';
    for (i += private; (p[i] >= '0' && p[i] <= '9') || p[i] == ';'; i++) {
        if (p[i] == ';')
            assert_true(++n < 16);
        else
            numbers[n - 1] = numbers[n - 1] * 10 + (p[i] - '0');
    }
    if (private && p[i] == 'c') {
        return i + 1; /* the Linux console's cursor shape */
    } else if (private && (p[i] == 'h' || p[i] == 'l')) {
        for (int k = 0; k < n; k++)
            if (numbers[k] == 25)
                t->cursor_visible = p[i] == 'h';
    } else if (p[i] == 'H') {
        t->row = numbers[0] ? numbers[0] - 1 : 0;
        t->col = numbers[1] ? numbers[1] - 1 : 0;
        assert_true(t->row < t->rows && t->col < t->cols);
    } else if (p[i] == 'K') {
        erase(t, t->row, t->col);
    } else if (p[i] == 'J') {
        for (int row = 0; row < t->rows; row++)
            erase(t, row, 0);
    } else if (p[i] == 'm') {
        select_style(t, numbers, n);
    } else {
        fail_msg("unknown sequence %.8s", p + 1);
    }
    return i + 1;
}

void terminal_feed(struct terminal *t, const struct str *out)
{
    for (size_t i = 0; i < out->len;) {
        const char *p = out->data + i;
        size_t len = 1;
        if (!strncmp(p, "\033[", 2)) {
            len = obey(t, p);
        } else if (!strncmp(p, "\033(B", 3)) {
            len = 3;
        } else if (*p == '\r') {
            t->col = 0;
        } else if (*p == '\n') {
            assert_true(++t->row < t->rows);
        } else if (*p == '\017') {
            len = 1; /* sgr0 of some: back to the first character set */
        } else {
            assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
            len = text_cluster_next(p, out->len - i, 0);
            put_cluster(t, p, len);
        }
        i += len;
    }
}
