/* A model in a room, for tests: what is pressed, heard and wanted there. */
#ifndef SNUG_TESTS_UNIT_LOBBY_H
#define SNUG_TESTS_UNIT_LOBBY_H

#include "client/model/traffic.h"

/* A model that is online and in #lobby, with bob and Cy; its own nick is ada. */
struct model *lobby_model(void);

/* Presses keys, written as in press.h, or pastes a text. */
void lobby_press(struct model *model, const char *keys);
void lobby_paste(struct model *model, const char *text);

/* A room that the user is in; a line heard in a buffer. */
struct buffer *lobby_room(struct model *model, const char *name);
uint64_t lobby_hear(struct model *model, struct buffer *buffer, const char *nick, const char *text);

/* Takes all intents, as "SAY #lobby [hello]; NICK [eve]"; owned by the caller. */
char *lobby_intents(struct model *model);

#endif
