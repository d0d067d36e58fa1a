/* How the server is doing, on one screen. Counts what comes out of the log; asks nobody to wait. */
#ifndef SNUG_SERVER_ADMIN_STATUS_H
#define SNUG_SERVER_ADMIN_STATUS_H

#include "common/str.h"
#include "server/pump/pump.h"

enum {
    STATUS_SECONDS = 60, /* for which messages are counted by the second */
    STATUS_ROOMS = 8,    /* shown: those where something happened last */
    STATUS_ROOM_BYTES = 128,
};

/* How far a room's log has come. */
struct status_room {
    char name[STATUS_ROOM_BYTES];
    uint64_t position;
};

struct status {
    int64_t started_ms;
    uint64_t messages;
    uint64_t entries;
    int64_t second; /* since 1970, of the newest count */
    uint32_t per_second[STATUS_SECONDS];
    struct status_room rooms[STATUS_ROOMS]; /* the latest first */
    size_t room_count;
};

/* Begins to count. */
void status_init(struct status *status, int64_t now_ms);

/* An entry came out of the log. */
void status_count(struct status *status, const struct event *event, int64_t now_ms);

/* Appends the screen, lines ended by LF. */
void status_write(struct status *status, int64_t now_ms, const struct pump *pump,
                  const struct hub *hub, const struct store *store, struct str *out);

#endif
