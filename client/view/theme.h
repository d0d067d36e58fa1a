/* Which style each part of the screen has. A theme is data; the terminal maps its colours to what
 * it can show. */
#ifndef SNUG_CLIENT_VIEW_THEME_H
#define SNUG_CLIENT_VIEW_THEME_H

#include "client/view/grid.h"

enum {
    THEME_NICK_COLOURS = 12,
};

struct theme {
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

/* The style of a nick, always the same one. */
struct style theme_nick(const struct theme *theme, const char *nick);

#endif
