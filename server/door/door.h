/* A door: how one kind of client talks to the hub. It turns lines into commands
 * and queries, and notes and events into bytes. Doors know the hub and no socket;
 * what they write goes through the gate, which the pump implements. */
#ifndef SNUG_SERVER_DOOR_DOOR_H
#define SNUG_SERVER_DOOR_DOOR_H

#include "common/linebuf.h"
#include "common/str.h"
#include "server/core/hub.h"

struct gate;

/* A room or person that was spoken in or with, as the asker knows it. */
struct door_target {
    const char *name;
    int64_t spoken_ms;
};

/* The answer to a gate_read(), gate_search() or gate_targets(). All is borrowed for the call. */
struct door_page {
    uint64_t token;
    enum refusal refusal; /* REFUSED_NO_SUCH_ENTRY, REFUSED_NOT_READ or one of the target's */
    const char *target;   /* of what was asked: a room as it is called, a nick as given; or NULL */
    const struct event *events; /* of a reading the oldest first, of a search the newest */
    size_t count;
    const struct door_target *targets; /* the oldest first */
    size_t target_count;
};

/* A door as main opened it: its behaviour and its own settings (server name, MOTD, ...). */
struct door {
    const struct door_ops *ops;
    void *ctx;
};

enum door_result {
    DOOR_DONE, /* the line is dealt with */
    DOOR_WAIT, /* not now: give me the same line again when this session has nothing in flight */
};

/* Most classes of one door: the distinct forms that one event can take on its wire. */
enum { DOOR_CLASSES_MAX = 64 };

/* Most groups of one door: of connections that are shown the same form of whatever is said. */
enum { DOOR_GROUPS_MAX = 16, DOOR_NO_GROUP = 255 };

struct door_ops {
    const char *name;      /* as in "listening on ADDR (irc)" */
    size_t max_line_bytes; /* without its end; a longer line arrives as LINE_TOO_LONG */
    bool whole_lines;      /* what has no end was cut off with its connection, and is no line */

    /* A connection of this door begins; returns the door's own record of it. */
    void *(*open)(void *ctx, struct gate *gate, uint64_t session, const struct origin *origin);

    /* The hub knows the session now. NULL: the door waits for its first line. */
    void (*begin)(void *record);

    /* Bytes have arrived: rewrites them in place before lines are made of them, and returns how many
     * there are now, no more than before. It may write, and not step. NULL: they stay as they are. */
    size_t (*filter)(void *record, char *bytes, size_t len);

    /* The connection is over; frees the record. */
    void (*close)(void *record);

    /* One line, or what stood in its place. The bytes may be changed. */
    enum door_result (*line)(void *record, enum linebuf_result how, char *line, size_t len);

    /* How the session's own command went; the event is that of those notes that have one. */
    void (*note)(void *record, const struct note *note, const struct event *event);

    /* Which form of an event this connection gets: below DOOR_CLASSES_MAX. Asked once for each event
     * that it is shown, so that the record may keep what has been. */
    unsigned (*class)(void *record, const struct event *event);

    /* The class that what is said in a room has for all connections of a group (gate_group()), which are
     * not asked one by one. NULL: there are no groups. */
    unsigned (*group_class)(void *ctx, unsigned group, const struct event *event);

    /* Writes an event in the form of one class; writes nothing for what the class is not shown. */
    void (*format)(void *ctx, unsigned class, const struct event *event, struct str *out);

    /* What was asked of the log through the gate. NULL: the door asks nothing. */
    void (*page)(void *record, const struct door_page *page);

    /* Time has passed: pings, time-outs. Called about once a second a connection. */
    void (*tick)(void *record, int64_t now_ms);

    /* Says why the connection ends (ERROR, good-bye) just before it does. */
    void (*farewell)(void *record, const char *reason);
};

#endif
