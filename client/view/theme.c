#include "client/view/theme.h"

#include <stdlib.h>
#include <string.h>

#include "common/hash.h"

#define INDEX(n) (COLOUR_INDEXED | (n))

/* Black, white and the greys are left out of the nicks: on one of both backgrounds they vanish. */
const struct theme theme_default = {
    .bar = {.attrs = ATTR_REVERSE},
    .status = {.attrs = ATTR_REVERSE},
    .alert = {.fg = INDEX(1), .attrs = ATTR_REVERSE | ATTR_BOLD},
    .mention = {.fg = INDEX(5), .attrs = ATTR_BOLD},
    .time = {.attrs = ATTR_DIM},
    .event = {.attrs = ATTR_DIM},
    .note = {.fg = INDEX(6)},
    .error = {.fg = INDEX(1)},
    .code = {.fg = INDEX(2)},
    .pending = {.attrs = ATTR_DIM | ATTR_ITALIC},
    .rule = {.attrs = ATTR_DIM},
    .divider = {.fg = INDEX(3)},
    .prompt = {.attrs = ATTR_BOLD},
    .own_nick = {.attrs = ATTR_BOLD},
    .popup = {.attrs = ATTR_REVERSE | ATTR_DIM},
    .chosen = {.attrs = ATTR_REVERSE | ATTR_BOLD},
    .nicks = {{.fg = INDEX(1)},
              {.fg = INDEX(2)},
              {.fg = INDEX(3)},
              {.fg = INDEX(4)},
              {.fg = INDEX(5)},
              {.fg = INDEX(6)},
              {.fg = INDEX(1), .attrs = ATTR_BOLD},
              {.fg = INDEX(2), .attrs = ATTR_BOLD},
              {.fg = INDEX(3), .attrs = ATTR_BOLD},
              {.fg = INDEX(4), .attrs = ATTR_BOLD},
              {.fg = INDEX(5), .attrs = ATTR_BOLD},
              {.fg = INDEX(6), .attrs = ATTR_BOLD}},
    .nick_count = THEME_NICK_COLOURS,
};

const struct theme theme_mono = {
    .bar = {.attrs = ATTR_REVERSE},
    .status = {.attrs = ATTR_REVERSE},
    .alert = {.attrs = ATTR_REVERSE | ATTR_BOLD},
    .mention = {.attrs = ATTR_BOLD},
    .time = {.attrs = ATTR_DIM},
    .event = {.attrs = ATTR_DIM},
    .error = {.attrs = ATTR_BOLD},
    .code = {.attrs = ATTR_DIM},
    .pending = {.attrs = ATTR_DIM | ATTR_ITALIC},
    .rule = {.attrs = ATTR_DIM},
    .divider = {.attrs = ATTR_BOLD},
    .prompt = {.attrs = ATTR_BOLD},
    .own_nick = {.attrs = ATTR_BOLD},
    .popup = {.attrs = ATTR_REVERSE | ATTR_DIM},
    .chosen = {.attrs = ATTR_REVERSE | ATTR_BOLD},
    .nicks = {{.attrs = 0}},
    .nick_count = 1,
};

#define RGB(n) (COLOUR_RGB | (n))

/* Of about the same lightness, and as far from each other as twelve can be. */
static const uint32_t on_dark[THEME_NICK_COLOURS] = {
    0xf0808a, 0x98c379, 0xe5c07b, 0x6cb6ff, 0xd291e4, 0x56c2cc,
    0xe0a070, 0xf08fc0, 0x9aa5ff, 0x7fd1ae, 0xc0ca5a, 0xc3b0e8,
};
static const uint32_t on_light[THEME_NICK_COLOURS] = {
    0xa8202c, 0x2e7318, 0x7c5200, 0x1a5cb0, 0x8e2aa8, 0x006a75,
    0x94460e, 0xa81c6e, 0x4a49c4, 0x087050, 0x5c6300, 0x6a4ba0,
};

void theme_make(struct theme *theme, enum palette palette, enum ground ground)
{
    unsigned version = theme->version;
    *theme = palette == PALETTE_NONE ? theme_mono : theme_default;
    theme->version = version + 1;
    if (palette != PALETTE_MANY || ground == GROUND_UNKNOWN)
        return;
    const uint32_t *nicks = ground == GROUND_LIGHT ? on_light : on_dark;
    for (size_t i = 0; i < THEME_NICK_COLOURS; i++)
        theme->nicks[i] = (struct style){.fg = RGB(nicks[i])};
    /* Yellow on white and blue on black are what the first 16 are worst at. */
    theme->divider.fg = RGB(ground == GROUND_LIGHT ? 0x7c5200 : 0xe5c07b);
    theme->note.fg = RGB(ground == GROUND_LIGHT ? 0x006a75 : 0x56c2cc);
    theme->mention.fg = RGB(ground == GROUND_LIGHT ? 0x8e2aa8 : 0xe5a0f5);
    theme->code.fg = RGB(ground == GROUND_LIGHT ? 0x2e7318 : 0x98c379);
    /* Dim is black to some terminals where the background is light. */
    const struct style aside = {.fg = RGB(ground == GROUND_LIGHT ? 0x6b665c : 0x8a939e)};
    theme->time = theme->event = theme->rule = aside;
}

enum ground theme_ground(uint32_t rgb)
{
    /* ITU-R BT.601, in thousandths. */
    unsigned luma = 299 * (rgb >> 16 & 255) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255);
    return luma >= 500 * 255 ? GROUND_LIGHT : GROUND_DARK;
}

enum ground theme_ground_of(const char *colorfgbg)
{
    const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
    if (!last || last[1] < '0' || last[1] > '9')
        return GROUND_UNKNOWN;
    int index = atoi(last + 1);
    return index == 7 || (index >= 9 && index <= 15) ? GROUND_LIGHT : GROUND_DARK;
}

struct style theme_nick(const struct theme *theme, const char *nick)
{
    /* The colour is the same in every session and on every machine. */
    uint32_t hash = HASH_FNV32;
    for (const char *c = nick; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte >= 'A' && byte <= 'Z')
            byte += 'a' - 'A';
        hash = hash_fnv32(hash, &byte, 1);
    }
    return theme->nicks[hash % theme->nick_count];
}
