/* A room as the text of a fact. */
#ifndef SNUG_SERVER_CORE_RECORD_H
#define SNUG_SERVER_CORE_RECORD_H

#include "server/core/room.h"

/* Appends the text; hub_restore_room() reads it. */
void record_write(struct str *out, const struct room *room);

#endif
