/* What was said while we could not hear it: IRCv3 draft/chathistory. */
#ifndef SNUG_CLIENT_SESSION_BACKLOG_H
#define SNUG_CLIENT_SESSION_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct heard;
struct incoming;
struct session;

enum {
    FETCHES_MAX = 300,           /* buffers whose past is fetched; a further one's is not */
    BACKLOG_PATIENCE_MS = 20000, /* with a server that does not answer */
    BACKLOG_AGAIN_MS = 5000,     /* after one that could not read its log */
    BACKLOG_UNREAD_MAX = 24,     /* times in a row; then what was said there is missed */
};

enum fetch_kind {
    FETCH_LATEST, /* the last page, for who comes in for the first time */
    FETCH_GAP,    /* all behind the last message known */
    FETCH_OLDER,  /* the page before the oldest message known */
};

/* A buffer's past being asked for, page by page. */
struct fetch {
    uint32_t buffer;
    enum fetch_kind kind;
    bool waits;  /* until we are in the room again, or the server names the person */
    bool parked; /* we were not let in, for now: it goes on where it was when we are */
    bool asked;  /* a page is on its way */
    int64_t asked_ms;
    int64_t again_ms;     /* it is asked for again then, since it could not be read; 0: at once */
    unsigned n_unread;    /* how often it could not */
    char *msgid;          /* the next page is asked for from here; NULL: from the end */
    uint64_t behind;      /* where the next line goes, as in traffic_insert */
    uint64_t last_behind; /* the same before the line being acted on */
    uint64_t join_line;   /* ours: what follows it in the log was heard; 0: none */
    bool complete;        /* that line has come */
    bool progress;        /* the page had something further on */
    bool skipping;        /* the last line was known */
    size_t n_lines, n_total; /* of this page, of all */
    int64_t away_ms;         /* how long we were cut off; 0: were not */
};

/* The fetch of that buffer, or NULL; valid until one ends. */
struct fetch *backlog_find(struct session *s, uint32_t buffer);

/* Its next page is asked for from that message on; NULL: from the end. */
void backlog_from(struct fetch *f, const char *msgid);

/* Frees what is asked for. */
void backlog_release(struct session *s);

/* The connection is gone: there will be gaps. */
void backlog_lost(struct session *s);

/* We are in the room, as that line of it says. */
void backlog_joined(struct session *s, struct buffer *buffer, uint64_t join_line);

/* We are in all rooms that we wanted to be in. True: the server keeps what was said. */
bool backlog_entered(struct session *s);

/* Asks for the next pages, and waits no longer for a server that does not answer. */
void backlog_step(struct session *s);

/* When that will be; INT64_MAX: nothing is asked. */
int64_t backlog_deadline_ms(const struct session *s);

/* Whether it may still come out that a message of ours arrived. */
bool backlog_is_busy(const struct session *s);

/* Whether lines may still come before those that the buffer has. */
bool backlog_fetches(const struct session *s, const struct buffer *buffer);

/* The user looks for what is older. */
void backlog_older(struct session *s, const char *target);

/* A batch begins: returns the buffer whose page it is, or 0. */
uint32_t backlog_begin_page(struct session *s, const char *target);

/* It has ended: the next page is due, or that was all. */
void backlog_end_page(struct session *s, uint32_t buffer);

/* Whether the line, of a page, is to be acted on: others are known already. */
bool backlog_takes(struct session *s, const struct incoming *in);

/* True: somebody else's message, just said, is one that we wait for, said on a connection that the
 * server has not given up yet. */
bool backlog_hears_own(struct session *s, const struct incoming *in, const struct buffer *buffer);

/* Puts it where it belongs. */
void backlog_show(struct session *s, const struct incoming *in, struct buffer *buffer,
                  struct heard *heard);

/* The fetch of the conversation's gap, begun unless there is one; NULL: there can be none. */
struct fetch *backlog_fill(struct session *s, const struct buffer *buffer);

/* Nothing was said in the conversations whose gaps still wait for word of them. */
void backlog_forget_waiting(struct session *s);

/* For how long we were cut off; 0: we were not. */
int64_t backlog_away_ms(const struct session *s);

/* Whether the FAIL says that the log is there, and could not be read just then. */
bool backlog_is_unread(const struct incoming *in);

/* True: the refusal answers a request from here. */
bool backlog_failed(struct session *s, const struct incoming *in);

#endif
