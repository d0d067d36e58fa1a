#include "server/door/irc/ranks.h"

#include <string.h>

#include "server/core/room.h"

const char irc_ranks_prefix[] = "(qaohv)~&@%+";
const char irc_rank_symbols[] = "~&@%+";

/* In the order of the symbols. */
static const unsigned ranks_of_symbols[] = {RANK_FOUNDER, RANK_ADMIN, RANK_OPERATOR, RANK_HALF,
                                            RANK_VOICE};

void irc_rank_write(char symbols[IRC_RANK_SYMBOLS_BYTES], unsigned ranks, bool all)
{
    size_t len = 0;
    for (size_t i = 0; irc_rank_symbols[i] && (all || len == 0); i++)
        if (ranks & ranks_of_symbols[i])
            symbols[len++] = irc_rank_symbols[i];
    symbols[len] = '\0';
}

unsigned irc_rank_of(char symbol)
{
    const char *found = symbol ? strchr(irc_rank_symbols, symbol) : NULL;
    return found ? ranks_of_symbols[found - irc_rank_symbols] : 0;
}
