/* The way out of the full screen. */
#ifndef SNUG_CLIENT_FULLSCREEN_LEAVE_H
#define SNUG_CLIENT_FULLSCREEN_LEAVE_H

struct fullscreen;

/* Gives the terminal back now, and says good-bye to the server as long as that may take; the program
 * ends with that status. */
void leave_now(struct fullscreen *f, int status);

/* The same because of a signal or a terminal that is gone: nobody typed /quit. */
void leave_unasked(struct fullscreen *f, int status);

#endif
