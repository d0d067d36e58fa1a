#include "client/view/theme.h"

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

struct style theme_nick(const struct theme *theme, const char *nick)
{
    /* FNV-1a: the colour is the same in every session and on every machine. */
    uint32_t hash = 2166136261u;
    for (const char *c = nick; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte >= 'A' && byte <= 'Z')
            byte += 'a' - 'A';
        hash = (hash ^ byte) * 16777619u;
    }
    return theme->nicks[hash % theme->nick_count];
}
