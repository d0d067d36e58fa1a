/* Times as they stand on the wire (IRCv3 server-time): 2026-11-20T09:41:00.000Z. */
#ifndef SNUG_SERVER_DOOR_IRC_TIMESTAMP_H
#define SNUG_SERVER_DOOR_IRC_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

enum {
    IRC_TIMESTAMP_BYTES = 32 /* with its NUL */
};

/* Writes a time in ms since 1970; an earlier one, or one after the year 9999, as the nearest that has the
 * form. */
void irc_timestamp_write(char text[IRC_TIMESTAMP_BYTES], int64_t time_ms);

/* Reads one; false if it is of any other form, or of no day. Times before 1970 become its first moment. */
bool irc_timestamp_read(const char *text, int64_t *time_ms);

#endif
