/* The full screen as its own files see it; not for others. */
#ifndef SNUG_CLIENT_FULLSCREEN_INTERNAL_H
#define SNUG_CLIENT_FULLSCREEN_INTERNAL_H

#include <uv.h>

#include "client/clock.h"
#include "client/disk/logs.h"
#include "client/fullscreen/fullscreen.h"
#include "client/fullscreen/launcher.h"
#include "client/model/model.h"
#include "client/term/keys.h"
#include "client/term/tty.h"

enum { FULLSCREEN_SIGNALS = 6 };

struct fullscreen {
    uv_loop_t loop;
    const struct clock *clock;
    struct model *model;
    struct autosave *autosave;
    struct logs *logs;
    struct session *session;
    struct uplink *uplink;

    struct tty *tty;
    struct paint paint;
    struct str frame;
    struct keys keys;
    unsigned n_rows, n_cols;

    uv_poll_t input, output;
    uv_timer_t frame_timer; /* something arrived: the next frame is due */
    uv_timer_t clock_timer; /* the screen changes with the time alone */
    uv_timer_t key_timer;   /* an ESC is old enough to be the Escape key */
    uv_timer_t leave_timer;
    uv_signal_t signals[FULLSCREEN_SIGNALS];
    int64_t drawn_ms;
    uint64_t drawn_bytes, frame_bytes; /* received until then, and between the last two frames */
    struct changes drawn;              /* as the model's were then */
    bool bell, leaving;
    bool repaints; /* what the terminal said changes more than what was typed */
    struct str notification, clipboard; /* bytes for the next frame */
    struct launcher *launcher;
    bool told_of_command;      /* that notify-command could not be run */
    const char *settings_path; /* borrowed */
    int status;
};

static inline int64_t now_ms(const struct fullscreen *f)
{
    return clock_now_ms(f->clock);
}

/* What was typed and said so far outlives the program. */
static inline void keep(struct fullscreen *f)
{
    autosave_note(f->autosave);
    autosave_write(f->autosave, now_ms(f));
}

#endif
