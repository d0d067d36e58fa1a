/* Saying that the user types, and hearing that others do: IRCv3 "typing". */
#ifndef SNUG_CLIENT_SESSION_TYPING_H
#define SNUG_CLIENT_SESSION_TYPING_H

#include <stdint.h>

struct buffer;
struct incoming;
struct session;

enum typing_state {
    TYPING_DONE,
    TYPING_ACTIVE,
    TYPING_PAUSED,
};

/* The draft as it was looked at last, and what others were told of it. */
struct typing {
    uint32_t buffer;
    uint64_t changes, entered;
    int64_t changed_ms; /* when a key changed it last; 0: none did */
    enum typing_state told;
    int64_t told_ms;
};

/* The label of the signs that the user types, by which their refusals are known. */
extern const char typing_label[];

/* Looks at the draft, and tells the others if there is news and it may be told. */
void typing_step(struct session *s);

/* When there may be something to tell without a key; INT64_MAX: not at all. */
int64_t typing_deadline_ms(const struct session *s);

/* Whether somebody types there, as the message's tags say. */
void typing_hear(struct session *s, const struct incoming *in, struct buffer *buffer);

#endif
