/* Reading what was said: what may be asked for, and who may see it.
 *
 * A room is read by those who are in it now. A conversation is read by the two who hold its names,
 * as far back as each surely was himself: to when its session took the nick, or, where the nick is
 * that of its account, to when the account was made. What was said to those of a rank is seen by
 * those of the rank. The first one in a room that was empty and would not have let him in reads
 * nothing of what was said there before. */
#ifndef SNUG_SERVER_CORE_READING_H
#define SNUG_SERVER_CORE_READING_H

#include "server/core/hub.h"

/* Which entries; the places themselves are not among them, except in READING_AROUND. */
enum reading_span {
    READING_LATEST,  /* the newest, if `from` is given only those after it */
    READING_BEFORE,  /* the newest of those before `from` */
    READING_AFTER,   /* the oldest of those after `from` */
    READING_AROUND,  /* `from` and as many before as after it; with limit 1 it finds one entry */
    READING_BETWEEN, /* from `from` towards `to`, in either direction, what is nearest to `from` */
};

/* A place in a log: an open end if all is 0, else the one field that is set. */
struct reading_place {
    uint64_t position;
    int64_t time_ms;
    const char *id;
};

/* A page of a room or of the conversation with a nick. The strings are borrowed. */
struct reading {
    const char *target;
    enum reading_span span;
    struct reading_place from, to;
    size_t limit;
    bool speech_only;
};

/* Entries that have all the words, anywhere that the reader may see. Absent conditions are NULL or 0. */
struct seeking {
    const char *target;
    const char *words;
    const char *nick;
    int64_t after_ms, before_ms;
    size_t limit;
};

/* The log of a room or of the conversation with a nick, in any spelling, that this session may read,
 * and since when: the entries after that. Else why not. `log` is overwritten. */
enum refusal reading_log(const struct hub *hub, uint64_t session, const char *target,
                         struct str *log, struct since *since);

/* Whether this session may see an entry, as things are now. */
bool reading_allows(const struct hub *hub, uint64_t session, const struct event *event);

/* Whether the session has the rank, if one is needed, to be shown an entry of a room. */
bool reading_reaches(const struct hub *hub, uint64_t session, const struct event *event);

/* How the session knows a log: the room, or the nick of the other one in a conversation as he spells
 * it while he is here. NULL when it may not read it. Borrowed until the next query. */
const char *reading_target(const struct hub *hub, uint64_t session, const char *log);

#endif
