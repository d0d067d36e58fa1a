/* What every line that an IRC door sends must be. */
#ifndef SNUG_TESTS_FUZZ_WIRE_H
#define SNUG_TESTS_FUZZ_WIRE_H

struct house_peer;

/* Checks all that was sent to the peer and not taken yet: whole lines of harmless length, in UTF-8. */
void wire_check(const struct house_peer *peer);

#endif
