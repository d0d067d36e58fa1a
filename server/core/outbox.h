/* What comes out of the hub: effects, in the order in which they are to happen.
 *
 * An outbox owns the strings and recipient lists of its effects until it is
 * reset; rosters are borrowed from the hub until its next step. Whoever stepped
 * the hub therefore carries out all effects before the next step. */
#ifndef SNUG_SERVER_CORE_OUTBOX_H
#define SNUG_SERVER_CORE_OUTBOX_H

#include "server/core/command.h"
#include "server/core/types.h"

enum effect_type {
    EFFECT_APPEND,  /* event: put it into its log; it comes back as COMMAND_TAILED or _FAILED */
    EFFECT_DELIVER, /* event: show it to the recipients, all of them but `except` */
    EFFECT_NOTE,    /* note: tell one session how its own command went */
    EFFECT_KEEP,  /* key, value: a fact to be on disk with the entries before it; NULL: delete it */
    EFFECT_AUDIT, /* key: what was done; event: who (his address as the host), object: to whom,
                   * target: where, text: why, time_ms: until when */
    EFFECT_END,   /* session, value: it has left, why; close its connection when all is written */
};

enum note_type {
    NOTE_NAMED,   /* the nick is yours, before entering */
    NOTE_ENTERED, /* you are in: welcome */
    NOTE_RENAMED, /* event: your nick change, where nobody shares a room with you to be told */
    NOTE_JOINED,  /* event: your own join, which was delivered just before; now topic and names */
    NOTE_SHOWN, /* event: your own departure, nick change or change of a room, delivered just before */
    NOTE_SPOKEN,  /* event: what you said has been delivered to all others (this is the echo) */
    NOTE_REFUSED, /* refusal of `command` about `target` */
    NOTE_DONE, /* `command` about `target` was carried out: away, invite, flags, knock, watch, ... */
};

struct note {
    enum note_type type;
    enum refusal refusal;
    enum command_type command;
    const char *target; /* what the command was about, or NULL */
    const char *object; /* whom, or which part of it; or NULL */
    const char *text;   /* COMMAND_TRAIT: what is told now; NULL: nothing any more */
    bool all;           /* of all that there were: object is their names, a blank between them */
    int64_t until_ms;   /* REFUSED_SHUT_OUT; 0: for good */
};

struct effect {
    enum effect_type type;
    uint64_t session; /* EFFECT_NOTE, EFFECT_END */
    uint64_t except;  /* EFFECT_DELIVER: skip this one; SESSION_NONE for nobody */
    bool settled; /* EFFECT_NOTE, EFFECT_DELIVER: not before the facts of its step are on disk; if
                   * they cannot be, the one who asked is refused with REFUSED_NOT_STORED instead */
    struct event event;
    struct note note;
    bool aside; /* EFFECT_KEEP: no answer shows it, or only one that says so (gate_show_aside) */
    const char *key;            /* EFFECT_KEEP */
    const char *value;          /* EFFECT_KEEP; of EFFECT_END the reason */
    const uint64_t *recipients; /* EFFECT_DELIVER: session ids, each once */
    /* EFFECT_DELIVER: the same for the same recipients again; 0: a list of its own. */
    uint64_t roster;
    size_t recipient_count;
};

struct outbox {
    struct effect *effects;
    size_t count;
    size_t size;
    struct outbox_page *pages; /* the arena that strings and lists live in */
};

/* An empty outbox; allocates nothing. */
void outbox_init(struct outbox *box);

/* Frees all effects and what they own. */
void outbox_release(struct outbox *box);

/* Forgets all effects and what they own; keeps the first page of memory for the next step. */
void outbox_reset(struct outbox *box);

/* Adds a zeroed effect of that type and returns it; valid until the next addition. */
struct effect *outbox_add(struct outbox *box, enum effect_type type);

/* Adds a copy of an effect that owns all that it points to. */
void outbox_add_copy(struct outbox *box, const struct effect *effect);

/* Copies the strings of an event into the outbox. */
struct event outbox_copy_event(struct outbox *box, const struct event *event);

/* Copies a string (NULL gives NULL) into the outbox. */
const char *outbox_copy(struct outbox *box, const char *text);

/* Room for `count` session ids that lives as long as the effects do. */
uint64_t *outbox_sessions(struct outbox *box, size_t count);

#endif
