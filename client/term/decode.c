/*
 * Decoding of terminal input. Every decode_ function looks at the bytes from the front of a key on
 * and returns how many it is made of, or 0 when more must come first. With `final` set nothing more
 * comes, and it makes the best of what is there. A key with PRESS_NONE is swallowed.
 *
 * Sources: ECMA-48 5.4 (control sequences), xterm's ctlseqs (modified keys, mouse, focus, paste,
 * modifyOtherKeys), the kitty keyboard protocol (CSI u), rxvt's key table.
 */
#include "client/term/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "common/text.h"

#define ESC '\033'
#define DEL '\177'
#define MAX_NUMBERS 4

struct row {
    int32_t code;
    enum press press;
};

/* Final bytes of CSI and SS3, numbers before '~', key numbers before 'u'. */
static const struct row by_final[] = {
    {'A', PRESS_UP},        {'B', PRESS_DOWN},   {'C', PRESS_RIGHT},   {'D', PRESS_LEFT},
    {'H', PRESS_HOME},      {'F', PRESS_END},    {'P', PRESS_F1},      {'Q', PRESS_F1 + 1},
    {'R', PRESS_F1 + 2},    {'S', PRESS_F1 + 3}, {'Z', PRESS_BACKTAB}, {'I', PRESS_FOCUS_IN},
    {'O', PRESS_FOCUS_OUT}, {0, PRESS_NONE},
};
static const struct row by_ss3[] = {
    {'A', PRESS_UP},     {'B', PRESS_DOWN},   {'C', PRESS_RIGHT}, {'D', PRESS_LEFT},
    {'H', PRESS_HOME},   {'F', PRESS_END},    {'P', PRESS_F1},    {'Q', PRESS_F1 + 1},
    {'R', PRESS_F1 + 2}, {'S', PRESS_F1 + 3}, {'M', PRESS_ENTER}, {'I', PRESS_TAB},
    {0, PRESS_NONE},
};
static const struct row by_number[] = {
    {1, PRESS_HOME},    {2, PRESS_INSERT},  {3, PRESS_DELETE},   {4, PRESS_END},
    {5, PRESS_PGUP},    {6, PRESS_PGDN},    {7, PRESS_HOME},     {8, PRESS_END},
    {11, PRESS_F1},     {12, PRESS_F1 + 1}, {13, PRESS_F1 + 2},  {14, PRESS_F1 + 3},
    {15, PRESS_F1 + 4}, {17, PRESS_F1 + 5}, {18, PRESS_F1 + 6},  {19, PRESS_F1 + 7},
    {20, PRESS_F1 + 8}, {21, PRESS_F1 + 9}, {23, PRESS_F1 + 10}, {24, PRESS_F12},
    {0, PRESS_NONE},
};
static const struct row by_code[] = {
    {8, PRESS_BACKSPACE},   {9, PRESS_TAB},       {13, PRESS_ENTER},     {27, PRESS_ESCAPE},
    {127, PRESS_BACKSPACE}, {57414, PRESS_ENTER}, {57417, PRESS_LEFT},   {57418, PRESS_RIGHT},
    {57419, PRESS_UP},      {57420, PRESS_DOWN},  {57421, PRESS_PGUP},   {57422, PRESS_PGDN},
    {57423, PRESS_HOME},    {57424, PRESS_END},   {57425, PRESS_INSERT}, {57426, PRESS_DELETE},
    {0, PRESS_NONE},
};

static enum press find_press(const struct row *row, int32_t code)
{
    while (row->code != 0 && row->code != code)
        row++;
    return row->press;
}

static void set_named(struct decoder *d, enum press press, unsigned mods)
{
    if (press == PRESS_TAB && (mods & MOD_SHIFT)) {
        press = PRESS_BACKTAB;
        mods &= ~(unsigned)MOD_SHIFT;
    }
    d->key->press = press;
    d->key->mods = press == PRESS_BACKTAB ? mods & ~(unsigned)MOD_SHIFT : mods;
}

static void set_text(struct decoder *d, int32_t code, unsigned mods)
{
    /* The shift of a letter is in the letter; with Ctrl or Alt all letters are lower case. */
    if (code >= 'A' && code <= 'Z' && (mods & (MOD_CTRL | MOD_ALT)))
        code += 'a' - 'A';
    else if (code >= 'a' && code <= 'z' && mods == MOD_SHIFT)
        code -= 'a' - 'A';
    struct str text;
    str_init(&text, 8);
    text_encode(&text, code);
    memcpy(d->text, text.data, text.len);
    d->key->press = PRESS_TEXT;
    d->key->mods = mods & ~(unsigned)MOD_SHIFT;
    d->key->text = d->text;
    d->key->len = text.len;
    str_release(&text);
}

/* A key that is a code point with modifiers, as modifyOtherKeys and kitty name it. */
static void set_code(struct decoder *d, int32_t code, unsigned mods)
{
    enum press press = find_press(by_code, code);
    bool private_use = code >= 57344 && code <= 63743;
    if (press != PRESS_NONE)
        set_named(d, press, mods);
    else if (code >= 57399 && code <= 57408)
        set_text(d, '0' + (code - 57399), mods);
    else if (code >= ' ' && code <= 0x10ffff && !private_use)
        set_text(d, code, mods);
}

static unsigned mods_of(int32_t number)
{
    unsigned bits = number > 1 ? (unsigned)number - 1 : 0;
    return (bits & 1 ? MOD_SHIFT : 0) | (bits & 2 ? MOD_ALT : 0) | (bits & 4 ? MOD_CTRL : 0);
}

/* The parameters of a control sequence: its numbers, each with its first sub-number. */
struct numbers {
    char prefix; /* '<', '=', '>', '?' or 0 */
    size_t n;
    int32_t at[MAX_NUMBERS], sub[MAX_NUMBERS];
};

static struct numbers parse_numbers(const unsigned char *p, size_t len)
{
    struct numbers numbers = {.n = 1};
    size_t i = 0;
    if (len > 0 && p[0] >= '<' && p[0] <= '?')
        numbers.prefix = (char)p[i++];
    size_t n_sub = 0;
    for (; i < len; i++) {
        if (p[i] == ';') {
            if (numbers.n == MAX_NUMBERS)
                break;
            numbers.n++;
            n_sub = 0;
        } else if (p[i] == ':') {
            n_sub++;
        } else if (n_sub <= 1 && p[i] >= '0' && p[i] <= '9') {
            int32_t *number = n_sub ? &numbers.sub[numbers.n - 1] : &numbers.at[numbers.n - 1];
            if (*number < 10000000)
                *number = *number * 10 + (p[i] - '0');
        }
    }
    return numbers;
}

static void set_mouse(struct decoder *d, const struct numbers *numbers, bool pressed)
{
    enum { MOTION = 32, WHEEL = 64, OTHER = 128 };
    int32_t buttons = numbers->at[0];
    if (numbers->n < 3 || !pressed || (buttons & (MOTION | OTHER)))
        return;
    if (buttons & WHEEL)
        d->key->press = (buttons & 3) == 0   ? PRESS_WHEEL_UP
                        : (buttons & 3) == 1 ? PRESS_WHEEL_DOWN
                                             : PRESS_NONE;
    else if ((buttons & 3) == 0)
        d->key->press = PRESS_CLICK;
    d->key->mods =
        (buttons & 4 ? MOD_SHIFT : 0) | (buttons & 8 ? MOD_ALT : 0) | (buttons & 16 ? MOD_CTRL : 0);
    d->key->col = numbers->at[1] > 0 ? numbers->at[1] - 1 : 0;
    d->key->row = numbers->at[2] > 0 ? numbers->at[2] - 1 : 0;
}

static void set_tilde(struct decoder *d, const struct numbers *numbers)
{
    if (numbers->at[0] == 200)
        d->begins_paste = true;
    else if (numbers->at[0] == 27 && numbers->n >= 3)
        set_code(d, numbers->at[2], mods_of(numbers->at[1]));
    else
        set_named(d, find_press(by_number, numbers->at[0]), mods_of(numbers->at[1]));
}

/* What the kitty protocol reports about key events: 1 pressed, 2 repeated, 3 released. */
static bool is_release(const struct numbers *numbers)
{
    return numbers->n >= 2 && numbers->sub[1] == 3;
}

/* CSI ? mode ; state $ y, and CSI ? ... c */
static void set_private_reply(struct decoder *d, const struct numbers *numbers, char final)
{
    if (final == 'y')
        d->reply =
            (struct reply){.kind = REPLY_MODE, .mode = numbers->at[0], .state = numbers->at[1]};
    else if (final == 'c')
        d->reply.kind = REPLY_ATTRIBUTES;
}

static void set_sequence(struct decoder *d, const struct numbers *numbers, char final)
{
    unsigned mods = mods_of(numbers->at[1]);
    if (numbers->prefix == '<' && (final == 'M' || final == 'm'))
        set_mouse(d, numbers, final == 'M');
    else if (numbers->prefix == '?')
        set_private_reply(d, numbers, final);
    else if (numbers->prefix || is_release(numbers))
        return;
    else if (final == '~')
        set_tilde(d, numbers);
    else if (final == 'u' && numbers->sub[0] > 0 && mods == MOD_SHIFT)
        set_code(d, numbers->sub[0], 0);
    else if (final == 'u')
        set_code(d, numbers->at[0], mods);
    else if (final == '^' || final == '$' || final == '@') /* rxvt */
        set_named(d, find_press(by_number, numbers->at[0]),
                  (final == '^' ? 0 : MOD_SHIFT) | (final == '$' ? 0 : MOD_CTRL));
    else if (final >= 'a' && final <= 'd') /* rxvt */
        set_named(d, find_press(by_final, final - 'a' + 'A'), MOD_SHIFT);
    else if (final == 'R' && numbers->at[0] > 1)
        d->reply = (struct reply){
            .kind = REPLY_CURSOR, .row = numbers->at[0] - 1, .col = numbers->at[1] - 1};
    else
        set_named(d, find_press(by_final, final), mods);
}

/* ESC [ parameters intermediates final */
static size_t decode_csi(struct decoder *d)
{
    size_t i = 2;
    if (i < d->len && d->p[i] == '[') { /* the Linux console's F1 to F5 */
        if (d->len == 3)
            return d->final ? 3 : 0;
        if (d->p[3] >= 'A' && d->p[3] <= 'E')
            set_named(d, PRESS_F1 + (d->p[3] - 'A'), 0);
        return 4;
    }
    while (i < d->len && d->p[i] >= 0x30 && d->p[i] <= 0x3f)
        i++;
    size_t n_params = i - 2;
    bool rxvt_shift = i < d->len && d->p[i] == '$' && n_params > 0 && d->p[2] < '<';
    while (!rxvt_shift && i < d->len && d->p[i] >= 0x20 && d->p[i] <= 0x2f)
        i++;
    if (i == d->len)
        return d->final ? i : 0;
    if (!rxvt_shift && (d->p[i] < 0x40 || d->p[i] > 0x7e))
        return i; /* broken off by a control: swallowed up to there */
    struct numbers numbers = parse_numbers(d->p + 2, n_params);
    set_sequence(d, &numbers, (char)d->p[i]);
    return i + 1;
}

/* ESC O [modifier] final */
static size_t decode_ss3(struct decoder *d)
{
    static const char keypad[] = "*+,-./0123456789"; /* j to y */
    size_t i = 2;
    while (i < d->len && d->p[i] >= '0' && d->p[i] <= '9')
        i++;
    if (i == d->len)
        return d->final ? i : 0;
    struct numbers numbers = parse_numbers(d->p + 2, i - 2);
    unsigned char final = d->p[i];
    if (final < 0x20 || final > 0x7e)
        return i;
    if (final >= 'j' && final <= 'y')
        set_text(d, keypad[final - 'j'], 0);
    else if (final >= 'a' && final <= 'd') /* rxvt */
        set_named(d, find_press(by_final, final - 'a' + 'A'), MOD_CTRL);
    else
        set_named(d, find_press(by_ss3, final), mods_of(numbers.at[0]));
    return i + 1;
}

/* 11;rgb:RRRR/GGGG/BBBB, of which the first two digits of each count. */
static void set_colour(struct decoder *d, const unsigned char *p, size_t len)
{
    char text[40], red[5], green[5], blue[5];
    if (d->p[1] != ']' || len >= sizeof(text))
        return;
    memcpy(text, p, len);
    text[len] = '\0';
    if (sscanf(text, "11;rgb:%4[0-9a-fA-F]/%4[0-9a-fA-F]/%4[0-9a-fA-F]", red, green, blue) != 3 ||
        strlen(red) < 2 || strlen(green) < 2 || strlen(blue) < 2)
        return;
    red[2] = green[2] = blue[2] = '\0';
    d->reply =
        (struct reply){.kind = REPLY_BACKGROUND,
                       .rgb = (unsigned)(strtoul(red, NULL, 16) << 16 |
                                         strtoul(green, NULL, 16) << 8 | strtoul(blue, NULL, 16))};
}

/* OSC, DCS, APC, PM and SOS: replies of the terminal, up to BEL or ESC \ */
static size_t decode_reply(struct decoder *d)
{
    for (size_t i = 2; i < d->len; i++) {
        bool ends = d->p[i] == ESC && i + 1 < d->len;
        if (d->p[i] == '\a' || (ends && d->p[i + 1] == '\\'))
            set_colour(d, d->p + 2, i - 2);
        if (d->p[i] == '\a')
            return i + 1;
        if (ends)
            return d->p[i + 1] == '\\' ? i + 2 : i;
    }
    return d->final ? d->len : 0;
}

static void set_control(struct decoder *d, unsigned char byte, unsigned mods)
{
    if (byte == '\r')
        set_named(d, PRESS_ENTER, mods);
    else if (byte == '\t')
        set_named(d, PRESS_TAB, mods);
    else if (byte == DEL || byte == '\b')
        set_named(d, PRESS_BACKSPACE, mods);
    else if (byte == 0)
        set_text(d, ' ', mods | MOD_CTRL);
    else
        set_text(d, byte + '@', mods | MOD_CTRL);
}

/* A control or a character, from offset `at` on. */
static size_t decode_plain(struct decoder *d, size_t at, unsigned mods)
{
    const unsigned char *p = d->p + at;
    size_t len = d->len - at, need = text_utf8_need(p[0]);
    if (p[0] < ' ' || p[0] == DEL) {
        set_control(d, p[0], mods);
        return at + 1;
    }
    size_t n_good = 1;
    while (n_good < len && n_good < need && (p[n_good] & 0xc0) == 0x80)
        n_good++;
    if (n_good == len && len < need && !d->final)
        return 0;
    int32_t code;
    size_t used = text_decode((const char *)p, len, &code);
    if (code < 0x80 || code > 0x9f) /* C1 controls say nothing; -1 becomes U+FFFD */
        set_text(d, code, mods);
    return at + used;
}

/* ESC ESC is the Escape key, unless rxvt means a sequence with Alt by it. */
static size_t decode_two_escapes(struct decoder *d)
{
    if (d->len == 2 && !d->final)
        return 0;
    if (d->len == 2 || (d->p[2] != '[' && d->p[2] != 'O')) {
        set_named(d, PRESS_ESCAPE, 0);
        return 1;
    }
    d->p++;
    d->len--;
    size_t used = decode_key(d);
    if (d->key->press == PRESS_TEXT || d->key->press == PRESS_NONE)
        return used ? used + 1 : 0;
    d->key->mods |= MOD_ALT;
    return used + 1;
}

static size_t decode_escape(struct decoder *d)
{
    if (d->len == 1) {
        if (d->final)
            set_named(d, PRESS_ESCAPE, 0);
        return d->final ? 1 : 0;
    }
    bool alone = d->len == 2 && d->final; /* Alt and a sign that could begin a sequence */
    if (d->p[1] == ESC)
        return decode_two_escapes(d);
    if (alone || !strchr("[O]PX^_", d->p[1]) || d->p[1] == 0)
        return decode_plain(d, 1, MOD_ALT);
    if (d->p[1] == '[')
        return decode_csi(d);
    return d->p[1] == 'O' ? decode_ss3(d) : decode_reply(d);
}

size_t decode_key(struct decoder *d)
{
    return d->p[0] == ESC ? decode_escape(d) : decode_plain(d, 0, 0);
}
