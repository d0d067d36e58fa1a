/*
 * The model as bytes for a terminal: a full screen, or one line after the other.
 *
 * Knows no device and no loop. Invariant: once the bytes were written the terminal shows the model as
 * it was then.
 */
#ifndef SNUG_CLIENT_FULLSCREEN_PAINT_H
#define SNUG_CLIENT_FULLSCREEN_PAINT_H

#include "client/model/model.h"
#include "client/term/caps.h"
#include "client/term/probe.h"
#include "client/term/screen.h"
#include "client/view/linear.h"
#include "client/view/theme.h"
#include "common/options.h"

struct paint {
    const struct caps *caps; /* borrowed */
    bool is_linear;
    struct linear linear;
    struct screen screen;
    struct grid grid;
    struct theme theme;
    struct probe probe;
    bool asked;                          /* the terminal, what it thinks */
    enum ground told;                    /* by the environment */
    int background;                      /* the setting that the theme is made for */
    const struct option_strings *styles; /* borrowed: what the user wants otherwise */
    bool mouse_reports;                  /* as the terminal was told */
};

/* What the terminal can do, how it is used, and how things are to look there. */
struct terminal {
    const struct caps *caps;
    bool is_linear;                      /* one line after the other */
    enum ground ground;                  /* as the environment says */
    const struct option_strings *styles; /* see theme_style(); all are right */
};

/* Begins with a terminal whose content is not known. All is borrowed. End: paint_release. */
void paint_init(struct paint *paint, const struct terminal *terminal);
void paint_release(struct paint *paint);

/* The terminal may show anything. */
void paint_forget(struct paint *paint);

/* The terminal was given back and taken again: it is as it was before the first byte. */
void paint_restart(struct paint *paint);

/* Appends what makes the terminal show the model. */
void paint_all(struct paint *paint, const struct model *model, int rows, int cols, int64_t now_ms,
               struct str *out);

/* The same, but only what was typed since; false, and nothing appended: that cannot be told apart. */
bool paint_typing(struct paint *paint, const struct model *model, int64_t now_ms, struct str *out);

/* Takes an answer of the terminal, and appends what it is told then. True: all is to be painted anew. */
bool paint_hear(struct paint *paint, const struct reply *reply, struct str *out);

/* When there is something to paint with no key and no traffic; 0: never. */
int64_t paint_next_ms(const struct paint *paint, const struct model *model, int64_t now_ms);

#endif
