/*
 * What was sent, or is about to be, and what the server has not answered yet: speech, in one or
 * more messages, and commands.
 *
 * Every message and command gets the next number; the number is its label. Entries are sent in
 * their order, one wholly before the next, so the numbers of an entry are consecutive. An entry
 * leaves when it is done and all before it are. Bounded: AWAITING_MAX entries.
 * Knows no socket and nothing of the model but the ids of lines and buffers.
 */
#ifndef SNUG_CLIENT_SESSION_AWAITING_H
#define SNUG_CLIENT_SESSION_AWAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/model/line.h"
#include "common/ring.h"

struct isupport;

enum { AWAITING_MAX = 64 };

struct awaited {
    uint64_t line;             /* the own line that shows it; 0 for a command */
    uint32_t buffer;           /* where it was typed: replies belong there */
    struct line_origin origin; /* the line's */
    bool action;
    bool batch;      /* one message of several lines: texts has one, rows apart by '\n' */
    bool again;      /* may have been heard: said only where that is noticed */
    bool raw;        /* a line of the user's own making: texts is all of it */
    bool done;       /* answered; stays until those before are, too */
    char *command;   /* PRIVMSG, TOPIC, ...; owned, as the next two */
    char *target;    /* NULL where there is none */
    char *reply_to;  /* the msgid of what speech answers, or NULL */
    char *texts;     /* the messages of speech, each ended by a NUL; a command's text or NULL */
    char *next_text; /* within texts: the next one to send */
    char *next_echo; /* within texts: the next one whose echo is due */
    unsigned n_texts, n_sent, n_echoed; /* a command counts as one text */
    uint64_t first_number;              /* of its first message, once that is sent */
    int64_t answered_ms;                /* when a PING behind all of it was answered; 0: not yet */
};

struct awaiting {
    struct ring ring;     /* struct awaited, oldest first */
    uint64_t last_number; /* given to what was sent last; never goes back */
};

void awaiting_init(struct awaiting *a);
void awaiting_release(struct awaiting *a);

bool awaiting_full(const struct awaiting *a);
bool awaiting_empty(const struct awaiting *a);

/* Takes ownership of the strings in `entry`. Not when full. */
void awaiting_add(struct awaiting *a, const struct awaited *entry);

/* Entry `i`, 0 being the oldest; NULL behind the last. Borrowed until one is added or dropped. */
struct awaited *awaiting_at(const struct awaiting *a, size_t i);

/* The first entry with something still to send, or NULL. */
struct awaited *awaiting_unsent(const struct awaiting *a);

/* The entry, done or not, that `number` belongs to, or NULL. */
struct awaited *awaiting_numbered(const struct awaiting *a, uint64_t number);

/* The oldest entry of that command that is not done; `target` NULL: to whatever target. */
struct awaited *awaiting_command(const struct awaiting *a, const struct isupport *isupport,
                                 const char *command, const char *target);

/* The oldest speech whose next echo is this one, or NULL. */
struct awaited *awaiting_echo(const struct awaiting *a, const struct isupport *isupport,
                              const char *command, const char *target, bool action,
                              const char *text);

/* What waits to be sent to that target goes to another; what is on its way was sent to that one. */
void awaiting_redirect(struct awaiting *a, const struct isupport *isupport, const char *from,
                       const char *to);

/* Forgets those in front that are done. */
void awaiting_drop_done(struct awaiting *a);

#endif
