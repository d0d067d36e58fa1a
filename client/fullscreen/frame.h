/* When the screen is drawn, and how much of it; and the terminal given away for a while. */
#ifndef SNUG_CLIENT_FULLSCREEN_FRAME_H
#define SNUG_CLIENT_FULLSCREEN_FRAME_H

#include <stdbool.h>

struct fullscreen;

/* Draws all that changed, unless the terminal has not taken the frame before: then once it has. */
void frame_draw(struct fullscreen *f);

/* Draws what was typed, at once and alone, while what arrived goes on waiting for its frame; false, and
 * nothing drawn: more has changed, or the terminal is busy. */
bool frame_draw_typing(struct fullscreen *f);

/* Traffic has come: if it is to be seen, the next frame will show it. */
void frame_await(struct fullscreen *f);

/* The terminal may have another size, and show anything: all is drawn anew. */
void frame_resize(struct fullscreen *f);

/* Keeps what is to be kept, and stops this process, or the whole job, until it is continued. */
void frame_suspend(struct fullscreen *f, bool whole_job);

/* Takes the terminal back, after somebody else's hand has continued the program. */
void frame_resume(struct fullscreen *f);

#endif
