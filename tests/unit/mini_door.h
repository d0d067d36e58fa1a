/* A door of a few words: "=nick" names and enters, "text" is said in the room, "?x" is answered with "x"
 * when all before it is through, "*n" is answered with n bytes, "&n" is of group n from now on, "!why"
 * leaves. A group reads "nick>n text" where others read "nick: text". */
#ifndef SNUG_TESTS_UNIT_MINI_DOOR_H
#define SNUG_TESTS_UNIT_MINI_DOOR_H

#include "server/door/door.h"
#include "server/door/gate.h"

enum { MINI_LINE_BYTES = 1000 };

extern const struct door_ops mini_ops;

/* Records that were opened and not closed yet, and events that were formatted. */
extern int mini_records;
extern int mini_formatted;

#endif
