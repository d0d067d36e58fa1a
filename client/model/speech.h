/* What Enter does: the draft becomes speech or a command, or is refused and stays. */
#ifndef SNUG_CLIENT_MODEL_SPEECH_H
#define SNUG_CLIENT_MODEL_SPEECH_H

#include "client/model/model.h"

/* Acts on the current draft, and empties it when that was done. */
void speech_enter(struct model *model, int64_t now_ms);

/* Says one line into a room or to a person; it is shown as pending. False: refused, with a hint. */
bool speech_say(struct model *model, int64_t now_ms, struct buffer *buffer, enum intent_type type,
                const char *text);

/* Says again the oldest line of the current buffer that is unsure or was refused; or forgets it. */
void speech_again(struct model *model);
void speech_drop(struct model *model);

/* Takes back what was said in the current buffer and not handed to the session yet, into the draft,
 * which must be empty; returns how many lines. */
size_t speech_stop(struct model *model);

/* How many messages Enter would send, about: rows of the draft that are not empty, long ones as
 * often as they will be cut; where several rows go as one message, such messages. */
size_t speech_count(const struct model *model);

/* How many rows of it are not empty. */
size_t speech_rows(const struct model *model);

#endif
