/* Who changes his nick, or joins rooms, all the time: each of these is shown to many others, so the
 * server's log hears of it, though the lines are within what one may send. */
#ifndef SNUG_SERVER_DOOR_IRC_FLOOD_H
#define SNUG_SERVER_DOOR_IRC_FLOOD_H

#include <stdint.h>

struct irc_client;

enum irc_flood_kind { IRC_FLOOD_NICK, IRC_FLOOD_JOIN, IRC_FLOOD_KINDS };

enum {
    IRC_FLOOD_COUNT = 40, /* so often ... */
    IRC_FLOOD_S = 10,     /* ... in this time */
};

/* How often it did it lately; all zero at first. */
struct irc_flood {
    uint32_t since_s;
    uint16_t counts[IRC_FLOOD_KINDS];
};

/* It did it once more. */
void irc_flood_note(struct irc_client *client, enum irc_flood_kind kind);

#endif
