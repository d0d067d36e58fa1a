/* A place to talk: a room, a person, or the server itself, or what was found there; its lines, members,
 * draft and unread.
 *
 * Invariants: settled lines stand above pending ones; no two have the same msgid; there are at most
 * BUFFER_LINES_MAX lines of BUFFER_LINES_MAX_BYTES together: the oldest go first, a pending line
 * never goes. Knows nothing of other buffers. */
#ifndef SNUG_CLIENT_MODEL_BUFFER_H
#define SNUG_CLIENT_MODEL_BUFFER_H

#include "client/model/line.h"
#include "client/model/member.h"
#include "client/model/typing.h"
#include "common/ring.h"
#include "common/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BUFFER_LINES_MAX = 10000,
    BUFFER_LINES_MAX_BYTES = 16 << 20,
    BUFFER_PENDING_MAX = 2000, /* whoever adds pending lines asks before */
    BUFFER_NAME_MAX_BYTES = 256,
    BUFFER_TOPIC_MAX_BYTES = 4096, /* a longer topic is cut */
    BUFFER_EARLY_MAX = 200,        /* the oldest are forgotten */
};

enum buffer_kind {
    BUFFER_SERVER,
    BUFFER_ROOM,
    BUFFER_PERSON,
    BUFFER_FOUND, /* what the server found; see found.h */
};

enum unread {
    UNREAD_TALK,
    UNREAD_MENTION, /* also everything said in private */
    UNREAD_EVENT,
    UNREAD_KINDS,
};

/* Whether there is something older than the oldest line. */
enum older {
    OLDER_PERHAPS,
    OLDER_ASKED, /* the answer is on its way */
    OLDER_NONE,  /* or nobody who could say */
};

struct editor;
struct history;

/* Where the pane is scrolled to: its bottom row is row `row` (from 0) of line `line`.
 * Line 0: at the end, following what arrives. */
struct scroll {
    uint64_t line;
    int row;
};

struct buffer {
    uint32_t id; /* never used twice */
    enum buffer_kind kind;
    char *name;
    char *key;          /* the name folded */
    char *topic;        /* "" for none */
    bool joined;        /* of a room: the user is in it */
    struct ring lines;  /* struct buffer_line *, oldest first */
    size_t said;        /* own lines, many at once, since none was pending; 0: not so many */
    size_t pending;     /* how many of them, at the end, are LINE_PENDING */
    size_t line_bytes;  /* of the texts of all lines */
    unsigned nick_cols; /* of the widest nick that spoke here, in cells; kept when its lines go */
    struct table by_msgid; /* struct buffer_line, those that have one */
    struct ring early;     /* struct early: about messages that are not known yet */
    uint64_t inserted;     /* the newest id of a line that was put between others; 0: none */
    enum older older;
    struct members members;
    struct editor *draft; /* only keys change it */
    char *answers; /* the msgid of what the draft answers, NULL: of nothing; only keys change it */
    struct history *history;
    struct scroll scroll;
    size_t unread[UNREAD_KINDS];
    uint64_t first_unread; /* the line below the divider; 0: no divider */
    int64_t read_ms;       /* what is not newer was read, as the server knows; 0: it does not */
    struct typists typists;
    int64_t away_ms; /* the divider tells how long the user was cut off; 0: was not */
};

/* `seed` keys its table. */
struct buffer *buffer_new(uint32_t id, enum buffer_kind kind, const char *name, uint64_t seed);
void buffer_free(struct buffer *buffer);

size_t buffer_line_count(const struct buffer *buffer);

/* Line `i`, 0 being the oldest; borrowed until the buffer changes. */
struct buffer_line *buffer_line_at(const struct buffer *buffer, size_t i);

/* The index of the line of that id, or -1. */
ptrdiff_t buffer_line_index(const struct buffer *buffer, uint64_t line);

/* Takes ownership of the line and puts it below the last settled line, or, when it is pending,
 * below all; the oldest make room. */
void buffer_add(struct buffer *buffer, struct buffer_line *line);

/* As buffer_add, but puts a settled line before the one at `index`, which is at most that of the first
 * pending line. False, and the line is freed: it would be the oldest, and there is no room. */
bool buffer_insert(struct buffer *buffer, size_t index, struct buffer_line *line);

/* The index at which to put a settled line that comes after that one: the top for 0, or if that line was
 * forgotten. */
size_t buffer_index_behind(const struct buffer *buffer, uint64_t behind);

/* Moves a settled line to another settled one's index; those between make room. */
void buffer_move(struct buffer *buffer, size_t from, size_t to);

/* Gives a line a msgid, copied, that no other line has; with NULL, or one too long, nothing is done. */
void buffer_set_msgid(struct buffer *buffer, struct buffer_line *line, const char *msgid);

/* The line of that msgid, or NULL. */
struct buffer_line *buffer_find_msgid(const struct buffer *buffer, const char *msgid);

/* Somebody puts a reaction beside the message of that msgid, or takes it away. Of one that is not
 * known it is kept until the message is. Returns the line that has changed, or NULL. */
struct buffer_line *buffer_react(struct buffer *buffer, const char *msgid, const char *nick,
                                 const char *text, bool on);

/* Gives the line other words, plain ones. */
void buffer_set_text(struct buffer *buffer, struct buffer_line *line, const char *text);

/* Takes the line's words away; `by` says who did, and why. */
void buffer_take_back(struct buffer *buffer, struct buffer_line *line, const char *by);

/* What the draft answers from now on; NULL: nothing. */
void buffer_set_answers(struct buffer *buffer, const char *msgid);

/* Forgets that line. */
void buffer_remove(struct buffer *buffer, size_t index);

/* Gives a pending or unsure line a new state; one that is settled moves above those still pending. */
void buffer_set_state(struct buffer *buffer, size_t index, enum line_state state);

/* Forgets all lines that are not pending. */
void buffer_clear(struct buffer *buffer);

void buffer_set_name(struct buffer *buffer, const char *name);
void buffer_set_topic(struct buffer *buffer, const char *topic);

/* Forgets the divider and the counts of unread lines. */
void buffer_mark_read(struct buffer *buffer);

/* Asserts the invariants; for tests. */
void buffer_check(const struct buffer *buffer);

#endif
