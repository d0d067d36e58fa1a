/* What the model wants of the world and cannot do itself: the clipboard, other programs, files, the way
 * out. */
#ifndef SNUG_CLIENT_FULLSCREEN_EFFECTS_H
#define SNUG_CLIENT_FULLSCREEN_EFFECTS_H

struct fullscreen;

/* Does what the model has come to want since. What cannot be done is said in a hint, and changes nothing
 * else. */
void effects_act(struct fullscreen *f);

#endif
