/*
 * What the parts of the full screen share: fullscreen.c (keys, signals, its beginning and its end),
 * frame.c (when and what is drawn) and wishes.c (what the model wants of the world). For them alone.
 */
#ifndef SNUG_CLIENT_FULLSCREEN_INTERNAL_H
#define SNUG_CLIENT_FULLSCREEN_INTERNAL_H

#include <uv.h>

#include "client/clock.h"
#include "client/fullscreen/fullscreen.h"
#include "client/disk/logs.h"
#include "client/model/model.h"
#include "client/fullscreen/notifier.h"
#include "client/term/keys.h"
#include "client/term/tty.h"

enum { FULLSCREEN_SIGNALS = 6 };

struct fullscreen {
    uv_loop_t loop;
    const struct clock *clock;
    struct model *model;
    struct keeper *keeper;
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
    struct notifier *notifier;
    bool told_of_command;      /* that notify-command could not be run */
    const char *settings_path; /* borrowed */
    int status;
};

static inline int64_t now_ms(const struct fullscreen *f)
{
    return clock_now_ms(f->clock);
}

/* Gives the terminal back now, and says good-bye to the server as long as that may take; the program
 * ends with that status. */
void fullscreen_leave(struct fullscreen *f, int status);

/* The same because of a signal or a terminal that is gone: nobody typed /quit. */
void fullscreen_leave_unasked(struct fullscreen *f, int status);

/* Keeps what is to be kept, and stops this process, or the whole job, until it is continued. */
void fullscreen_suspend(struct fullscreen *f, bool whole_job);

/* Draws all that changed, unless the terminal has not taken the frame before: then once it has. */
void frame_draw(struct fullscreen *f);

/* Draws what was typed, at once and alone, while what arrived goes on waiting for its frame; false, and
 * nothing drawn: more has changed, or the terminal is busy. */
bool frame_draw_typing(struct fullscreen *f);

/* Traffic has come: if it is to be seen, the next frame will show it. */
void frame_await(struct fullscreen *f);

/* The terminal may have another size, and show anything: all is drawn anew. */
void frame_resize(struct fullscreen *f);

/* Takes the terminal back, after somebody else's hand has continued the program. */
void frame_come_back(struct fullscreen *f);

/* Does what the model has wished for since. */
void wishes_act(struct fullscreen *f);

#endif
