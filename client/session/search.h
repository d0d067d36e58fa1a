/* Asking the server for what was said, with certain words: SEARCH (soju.im/search). */
#ifndef SNUG_CLIENT_SESSION_SEARCH_H
#define SNUG_CLIENT_SESSION_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct incoming;
struct intent;
struct session;

/* What the server is asked to find. */
struct lookup {
    uint32_t buffer;  /* that is searched */
    char *target;     /* its name; NULL: all that may be read */
    char *words;      /* NULL: nothing */
    bool asked;       /* an answer is due */
    bool answered;    /* it has begun */
    size_t overtaken; /* earlier searches whose answers are still due */
    int64_t asked_ms;
    int64_t oldest_ms; /* time of the oldest line that was found; 0: none */
    size_t n_lines;    /* of this answer */
    size_t n_new;      /* that were not known */
    uint64_t behind;   /* where the next one goes, as in found_add */
    bool skipping;     /* the last one was known */
};

/* Forgets what was asked; an answer to it finds nobody. */
void search_release(struct session *s);

/* Asks what the intent says: a new search, or the next page of the last one. */
void search_ask(struct session *s, const struct intent *intent);

/* Whether a batch that begins is its answer. */
bool search_begins(struct session *s);

/* A line of an answer: shown among what was found, if it is of the last search. */
void search_line(struct session *s, const struct incoming *in);

/* The answer is complete. */
void search_ended(struct session *s);

/* FAIL: a search was refused, if it says so. */
void search_failed(struct session *s, const struct incoming *in);

/* The connection is gone: no answer comes. */
void search_lost(struct session *s);

/* Waits no longer for a server that does not answer. */
void search_step(struct session *s);

/* When that will be; INT64_MAX: nothing is asked. */
int64_t search_deadline_ms(const struct session *s);

#endif
