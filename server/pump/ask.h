/* Readings under way, found by the token that the store was given. The door that asked may be gone
 * when the answer comes. */
#ifndef SNUG_SERVER_PUMP_ASK_H
#define SNUG_SERVER_PUMP_ASK_H

#include "server/pump/internal.h"

enum ask_kind {
    ASK_READ,
    ASK_SEEK_TARGETS, /* conversations to search in, first; then */
    ASK_SEEK,
    ASK_TARGETS, /* conversations first, then */
    ASK_TARGET_ROOMS,
    ASK_OWN,
    ASK_TELL, /* the pump's own, and so is the next one */
    ASK_LAG,
};

/* A reading under way. */
struct ask {
    uint64_t serial; /* the store's token */
    uint64_t session;
    uint64_t token; /* the door's */
    enum ask_kind kind;
    char *target; /* NULL: none */
    char *words;  /* of a search, and so are the next ones; of an ASK_OWN the key of a new fact */
    char *nick;
    int64_t from_ms, to_ms;
    size_t limit;
    struct outbox *told;       /* ASK_TELL: notes and deliveries */
    struct door_target *found; /* with names of their own */
    size_t found_count;
};

/* Notes a reading of a session; the ask is the pump's. */
struct ask *pump_ask_new(struct pump *pump, uint64_t session, enum ask_kind kind, uint64_t token);

/* The reading of that token is over: takes it out of the table; NULL for an unknown one. */
struct ask *pump_ask_take(struct pump *pump, uint64_t serial);

/* Puts an ask that was taken back, for a further reading with a new serial. */
void pump_ask_again(struct pump *pump, struct ask *ask);

void pump_ask_free(struct ask *ask);

/* Frees all; the store is gone. */
void pump_ask_free_all(struct pump *pump);

/* Tells the door, which may have gone, and lets its lines go on. Frees the ask. */
void pump_ask_answer(struct pump *pump, struct ask *ask, const struct door_page *page);

/* The same without a word: an ask of that connection is over. */
void pump_ask_over(struct pump *pump, struct slot *slot);

#endif
