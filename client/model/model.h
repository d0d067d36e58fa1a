/* Everything the user sees and has typed, as data: the screen is a function of it.
 *
 * Keys come in through model_key(), the network's news through traffic.h; effects and intents go
 * out. Invariant: there is a current buffer, and buffers[0] is the server's. Times are milliseconds
 * since 1970 and arguments. Knows no IRC, no terminal, no socket. */
#ifndef SNUG_CLIENT_MODEL_MODEL_H
#define SNUG_CLIENT_MODEL_MODEL_H

#include "client/model/buffer.h"
#include "client/model/intent.h"
#include "client/model/key.h"
#include "client/model/line_event.h"
#include "client/model/settings.h"
#include "common/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BUFFERS_MAX = 500, /* what belongs to a further one goes to the server's buffer */
    HINT_MAX_BYTES = 400,
    ROOM_SIGNS_MAX_BYTES = 64,
    OWN_CHANGES_MAX = 4 * INTENTS_MAX, /* more than one key or one read can make */
};

enum connection_state {
    CONNECTION_OFFLINE, /* waits until retry_at_ms */
    CONNECTION_CONNECTING,
    CONNECTION_ONLINE, /* registered: intents can be acted on */
};

/* What the loop is to do for the user, as bits; see model_take_effects(). */
enum effect {
    EFFECT_LEAVE = 1 << 0,   /* say good-bye and end the program */
    EFFECT_SUSPEND = 1 << 1, /* C-z */
    EFFECT_REDRAW = 1 << 2,  /* C-l: the terminal's content may be anything */
    EFFECT_RETRY = 1 << 3,   /* connect now, without waiting */
    EFFECT_BELL = 1 << 4,
    EFFECT_SAVE = 1 << 5,       /* keep the settings for later runs */
    EFFECT_COPY = 1 << 6,       /* put `copied` into the clipboard */
    EFFECT_OPEN = 1 << 7,       /* show the link `opened` */
    EFFECT_DISCONNECT = 1 << 8, /* end the connection; with EFFECT_RETRY: and make it anew */
};

/* What the server makes possible, as bits. */
enum ability {
    ABLE_REPLY = 1 << 0,
    ABLE_REACT = 1 << 1,
    ABLE_REMOVE = 1 << 2, /* to take back what was said */
    ABLE_SEARCH = 1 << 3, /* what was said before */
};

/* What is being done with the picked line. */
enum picking {
    PICKING_LINE,
    PICKING_REACTION, /* a text is being typed */
    PICKING_REMOVAL,  /* to be confirmed */
};

struct model;

/* How the screen is drawn, as far as scrolling by rows and the mouse must know it: pure functions, given
 * by the view. */
struct measure {
    int (*pane_rows)(const struct model *model); /* of the current buffer's lines */
    int (*line_rows)(const struct model *model, const struct buffer *buffer, size_t index);
    /* Whose activity stands there on the screen; NULL: nobody's. */
    struct buffer *(*buffer_at)(const struct model *model, int64_t now_ms, int row, int col);
};

/* How often something changed, so that the loop knows whether a frame is due, and how soon. */
struct changes {
    uint64_t by_keys;    /* draw at once */
    uint64_t by_traffic; /* draw with the next frame */
    uint64_t of_draft;   /* keys among them that changed the draft and nothing else but the hint */
};

/* How often own lines changed, and which ones, so that they can be kept on disk. */
struct own_changes {
    struct ring lines; /* uint64_t, ids of lines said, sent, settled or dropped; oldest first */
    uint64_t count;    /* of all time: the ring holds the newest of them */
};

/* What was said to the user last, while he looked away. */
struct notice {
    char *nick, *text; /* NULL: nothing */
    char *room;        /* "": in private */
};

struct isearch;    /* C-r through the history; isearch.h */
struct find;       /* in the lines of a buffer; find.h */
struct completion; /* of Tab; completion.h */
struct kill_ring;

struct model {
    struct buffer **buffers; /* in the order they were opened */
    size_t buffer_count;
    struct buffer *current;
    uint32_t peeked_from; /* id of the buffer to go back to; 0: no peeking is under way */
    uint32_t previous;    /* id of the buffer that was current before */
    bool chosen;          /* the user has picked a buffer: no other becomes current by itself */
    char *nick;           /* the user's own */
    char *server;         /* what to call it */
    char room_signs[ROOM_SIGNS_MAX_BYTES]; /* the names of rooms begin with one of them */
    bool encrypted;                        /* the connection */
    enum connection_state connection;
    unsigned abilities;   /* of enum ability */
    bool operates_server; /* the user is one of its operators */
    bool was_online;      /* there was a connection before */
    char *offline_why;    /* NULL, or what ended the connection */
    int64_t offline_since_ms;
    int64_t retry_at_ms;
    size_t multiline_bytes;     /* of one message of several lines; 0: there are none */
    size_t multiline_lines;     /* how many lines, as long as messages, it has at most */
    size_t message_bytes;       /* what goes into one message, about; 0: not known */
    int64_t lag_ms;             /* of the last answer; -1: not known */
    int64_t no_answer_since_ms; /* a probe waits since then; 0: none */
    bool away;                  /* the user, as the server last said */
    bool unkept;                /* what is typed would not survive a crash */
    bool focused;               /* the terminal */
    struct settings settings;
    struct notice notice; /* that EFFECT_BELL is about */
    struct str hint;      /* to the last key; empty: none */
    bool asked_to_leave;  /* the next C-c leaves */
    struct ring intents;  /* struct intent, oldest first */
    unsigned effects;
    uint32_t stopped; /* id of the buffer whose line that is being sent is to end there; 0: none */
    struct changes changes;
    struct own_changes own_changes;
    struct line_events events; /* that were heard live */
    struct kill_ring *kill_ring;
    struct isearch *isearch; /* NULL: none under way */
    uint64_t picked;         /* the line being picked; 0: none */
    bool chord;              /* C-x was pressed */
    enum picking picking;
    struct str reaction;           /* PICKING_REACTION: what was typed of it */
    size_t reaction_tabs;          /* which of the emoji of that name, from 1; 0: the text itself */
    char *copied;                  /* NULL, or what EFFECT_COPY is about */
    char *opened;                  /* the same for EFFECT_OPEN */
    struct find *find;             /* NULL: none under way */
    struct completion *completion; /* NULL: none under way */
    int rows, cols;                /* of the screen */
    struct measure measure;
    uint64_t seed; /* of tables whose keys come from the network */
    uint64_t last_line_id;
    uint32_t last_buffer_id;
};

/* A model with the server's buffer alone. `server` is its name, `nick` the wanted nick, both
 * copied; `measure` may be NULL: then each line is a row, and a page is ten. */
struct model *model_new(const char *server, const char *nick, const struct measure *measure);
void model_free(struct model *model);

/* Does what the key says, at that time. */
void model_key(struct model *model, int64_t now_ms, const struct key *key);

/* The screen has that size now. */
void model_resize(struct model *model, int rows, int cols);

/* What the loop is asked to do; asked once. */
unsigned model_take_effects(struct model *model);

/* Moves the oldest intent to *intent, which the caller releases. False: there is none. */
bool model_take_intent(struct model *model, struct intent *intent);

/* Whether it is the name of a room, going by its first sign. */
bool model_is_room(const struct model *model, const char *name);

/* A room's name for what the user wrote: "tea" is "#tea". Owned by the caller. */
char *model_room_name(const struct model *model, const char *wanted);

/* The buffer of that name in any spelling, or of that id; NULL: none. */
struct buffer *model_find(const struct model *model, const char *name);
struct buffer *model_find_id(const struct model *model, uint32_t id);

/* The buffer of that name, opened when there is none; the server's when there are too many. */
struct buffer *model_open(struct model *model, enum buffer_kind kind, const char *name);

/* Makes a buffer the current one; leaving the other ends its divider. */
void model_switch(struct model *model, struct buffer *buffer);

/* Shows a buffer and leaves it as unread as it was, until model_stay() or until another is shown. */
void model_peek(struct model *model, struct buffer *buffer);

/* The buffer peeked into, if any, is the one the user is in from now on. */
void model_stay(struct model *model);

/* Whether the user has begun something there: has typed, even if nothing of it is left, searches, picks,
 * or has pressed the first of two keys. */
bool model_is_begun(const struct model *model, const struct buffer *buffer);

/* Tells the user something about the last key; it goes with the next. */
void model_hint(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a line of the client's own words to a buffer. */
void model_note(struct model *model, struct buffer *buffer, int64_t now_ms, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Queues an intent; copies target and text. False: the queue is full. */
bool model_intend(struct model *model, enum intent_type type, uint64_t line, const char *target,
                  const char *text);
size_t model_intents_free(const struct model *model);

/* Queues something about the message of that msgid in the current buffer; the rest as above. */
bool model_intend_about(struct model *model, enum intent_type type, const char *msgid,
                        const char *text);

/* Queues that an own line be said, in the buffer it stands in; `again` as in struct intent. */
bool model_intend_line(struct model *model, const struct buffer *buffer,
                       const struct buffer_line *line, bool again);

/* Notes that an own line changed, or came, or went. */
void model_own_changed(struct model *model, uint64_t line);

/* Asserts the invariants; for tests and fuzzers. */
void model_check(const struct model *model);

#endif
