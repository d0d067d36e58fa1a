/* Ranks as the wire shows them: ISUPPORT's PREFIX and STATUSMSG. */
#ifndef SNUG_SERVER_DOOR_IRC_RANKS_H
#define SNUG_SERVER_DOOR_IRC_RANKS_H

#include <stdbool.h>

enum { IRC_RANK_SYMBOLS_BYTES = 6 }; /* of all of them, and a NUL */

/* "(qaohv)~&@%+", with the letters of core/modes.h. */
extern const char irc_ranks_prefix[];

/* The symbols alone, the highest rank's first. */
extern const char irc_rank_symbols[];

/* Writes the symbols of these ranks: all of them, or the highest alone. */
void irc_rank_write(char symbols[IRC_RANK_SYMBOLS_BYTES], unsigned ranks, bool all);

/* The rank of a symbol; 0 for anything else. */
unsigned irc_rank_of(char symbol);

#endif
