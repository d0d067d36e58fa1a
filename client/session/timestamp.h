/* Times as IRCv3 server-time writes them, 2026-11-21T03:14:15.926Z. Pure. */
#ifndef SNUG_CLIENT_SESSION_TIMESTAMP_H
#define SNUG_CLIENT_SESSION_TIMESTAMP_H

#include <stdint.h>

enum { TIMESTAMP_BYTES = 64 };

/* The ms since 1970; 0 when it is none. */
int64_t timestamp_parse(const char *text);

/* Writes "timestamp=" and the time, as CHATHISTORY and MARKREAD want it. */
void timestamp_write(char out[TIMESTAMP_BYTES], int64_t time_ms);

#endif
