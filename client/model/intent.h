/* What the user wants done by the network side, in order, in a bounded queue.
 *
 * The model puts intents in, the session takes them out, one by one, when it can act on them. */
#ifndef SNUG_CLIENT_MODEL_INTENT_H
#define SNUG_CLIENT_MODEL_INTENT_H

#include "client/model/line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INTENTS_MAX = 1000,  /* further ones are refused and stay in the editor */
    INTENTS_SPARE = 200, /* for what an earlier run of the program left unsaid */
};

enum intent_type {
    INTENT_SAY,    /* text to target, a room or a nick; `line` is its pending line */
    INTENT_ACTION, /* the same, as an action */
    INTENT_NICK,   /* text: the wanted nick */
    INTENT_JOIN,   /* target: the room; text: its key or NULL */
    INTENT_PART,   /* target: the room; text: the reason or NULL */
    INTENT_TOPIC,  /* target: the room; text: the topic, "" to remove it, NULL to ask for it */
    INTENT_NAMES,  /* target: the room */
    INTENT_WHOIS,  /* target: a nick */
    INTENT_WHO,    /* target: a room or a mask */
    INTENT_LIST,   /* target: a room, or NULL for all */
    INTENT_KICK,   /* target: the room; text: the nick and perhaps a reason */
    INTENT_BAN,    /* target: the room; text: a nick or a mask */
    INTENT_INVITE, /* target: the nick; text: the room */
    INTENT_MODE,   /* target: a room or the own nick; text: the change, NULL to ask */
    INTENT_NOTICE, /* text to target, without a line of its own */
    INTENT_AWAY,   /* text: why, or NULL: back again */
    INTENT_RAW,    /* text: a line of the protocol */
    INTENT_QUIT,   /* text: the reason or NULL; EFFECT_LEAVE comes with it */
    INTENT_REACT,  /* text: the reaction to the message `about` in target */
    INTENT_UNREACT,
    INTENT_REMOVE,     /* the message `about` in target is to be taken back */
    INTENT_OLDER,      /* target: the room or nick, of which older lines are wanted */
    INTENT_SEARCH,     /* target: the room or nick, NULL: all; text: words that were said there */
    INTENT_SEARCH_ON,  /* for older ones than the last search found */
    INTENT_DEVICE,     /* text: what is wanted of our own devices */
    INTENT_DEVICE_ADD, /* text: the code that another device of ours shows */
    INTENT_TIMED_BAN,  /* target: the room; about: for how long; text: whom, and perhaps why */
    INTENT_KLINE,   /* target: a nick or a mask; about: for how long, or NULL; text: why, or NULL */
    INTENT_UNKLINE, /* target: a mask */
    INTENT_KILL,    /* as INTENT_KLINE, of a nick */
    INTENT_ADMIT,   /* target: a name, NULL: who is there */
    INTENT_UNADMIT, /* target: a name */
    INTENT_GRANT,   /* as INTENT_ADMIT */
    INTENT_REVOKE,  /* target: a name */
    INTENT_RELEASE, /* target: a name */
    INTENT_UNBAN,   /* as INTENT_BAN */
    INTENT_OPER,    /* target: the name of an operator; text: the password */
    INTENT_WHOWAS,  /* target: a nick */
    INTENT_CTCP,    /* target: a nick; text: what its program is asked for */
};

struct intent {
    enum intent_type type;
    uint32_t buffer;           /* where it was typed; replies belong there */
    uint64_t line;             /* the own line, or 0 */
    struct line_origin origin; /* the line's */
    bool again;   /* the line may have been heard already: said again only where that is noticed */
    char *target; /* owned by the intent; NULL where the type has none */
    char *text;
    char *about; /* a msgid; of speech: what it answers, or NULL; of bans: for how long */
};

/* Frees its strings. */
void intent_release(struct intent *intent);

#endif
