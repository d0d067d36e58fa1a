/* Which style each part of the screen has. A theme is data; the terminal maps its colours to what
 * it can show. */
#ifndef SNUG_CLIENT_VIEW_THEME_H
#define SNUG_CLIENT_VIEW_THEME_H

#include "client/view/grid.h"
#include "common/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    THEME_NICK_COLOURS = 12,
};

/* What is behind the text. */
enum ground { GROUND_UNKNOWN, GROUND_DARK, GROUND_LIGHT };

/* How many colours there are to choose from. */
enum palette { PALETTE_NONE, PALETTE_FEW, PALETTE_MANY };

struct theme {
    unsigned version;     /* whoever changes a theme in use counts it up */
    struct style bar;     /* the room and its topic on top */
    struct style status;  /* the status line */
    struct style alert;   /* in it: offline, no answer, a refusal */
    struct style mention; /* a line that speaks to the user; a count of such lines */
    struct style time, event, note, error, text;
    struct style code;    /* said in monospace, as all here is: set apart by its colour */
    struct style pending; /* own lines that are not acknowledged */
    struct style rule;    /* lines between panes */
    struct style divider; /* "new" */
    struct style prompt, own_nick;
    struct style popup, chosen;             /* candidates of completion */
    struct style nicks[THEME_NICK_COLOURS]; /* by a stable hash of the nick */
    unsigned nick_count;
};

/* Colours from the first 16, readable on light and on dark; and one of attributes alone. */
extern const struct theme theme_default, theme_mono;

/* Makes the theme that suits: attributes alone, the first 16 colours, or nicks in colours that stand
 * out from what is behind them. */
void theme_make(struct theme *theme, enum palette palette, enum ground ground);

/* What of both the colour 0xrrggbb is. */
enum ground theme_ground(uint32_t rgb);

/* What the environment's COLORFGBG says; NULL: nothing. */
enum ground theme_ground_of(const char *colorfgbg);

/*
 * Changes one part: "ELEMENT LOOK...", such as "mention bold magenta on white" or "nicks red #00aaff 33".
 * False, and `error` ends a sentence that begins with "style": what would be right. The names of elements
 * are theme_element()'s.
 */
bool theme_style(struct theme *theme, const char *text, struct str *error);

/* The name of element `i`; NULL behind the last. */
const char *theme_element(size_t i);

/* The style of a nick, always the same one. */
struct style theme_nick(const struct theme *theme, const char *nick);

#endif
