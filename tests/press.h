/* Keys written as text, for tests: "hello<C-a><M-b><Enter>", with "<lt>" for "<". */
#ifndef SNUG_TESTS_PRESS_H
#define SNUG_TESTS_PRESS_H

#include "client/model/key.h"

/* Reads the key at `text` into *key, whose own text lies in `text`, and returns where the next one
 * begins. A name that is none ends the test. */
const char *press_read(const char *text, struct key *key);

#endif
