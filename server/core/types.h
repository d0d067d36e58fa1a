/* The vocabulary of the server: ids, people, events, refusals.
 *
 * Core, doors, pump, net and store all speak it; it holds no rule and no
 * function, and knows no protocol, socket or database. Ids cross boundaries,
 * pointers do not: whoever keeps something keeps the id. */
#ifndef SNUG_SERVER_CORE_TYPES_H
#define SNUG_SERVER_CORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A session is somebody's presence, by one connection or several, each of which has an id; its own is
 * that of the first. The low SESSION_SLOT_BITS of an id are a slot in the tables that are indexed by
 * it, the rest is a generation: an id is never used twice, and a late completion finds nobody. */
#define SESSION_SLOT_BITS 24
#define SESSION_NONE UINT64_C(0)

static inline uint32_t session_slot(uint64_t session)
{
    return (uint32_t)(session & ((UINT64_C(1) << SESSION_SLOT_BITS) - 1));
}

/* What is known of a connection when it begins. The strings are borrowed for the call. */
struct origin {
    const char *host;
    const char *cloak;       /* what others see instead of the host; NULL: it is no secret */
    bool secure;             /* encrypted all the way to this machine */
    const char *fingerprint; /* SHA-256 of the certificate it showed, in hex; NULL: none */
    int64_t valid_from_ms;   /* from when to when that certificate says it is valid; 0: it */
    int64_t valid_until_ms;  /* does not say */
};

/* Lengths of what a store and a wire must be able to carry. */
enum {
    EVENT_ID_MAX = 27, /* a msgid with its NUL: a ULID, 26 characters */
};

/* Who did something, as it is told to others. The strings are borrowed. */
struct who {
    const char *nick;
    const char *user;
    const char *host;
    const char *account; /* NULL: none */
    bool bot;            /* a program, by its own word */
};

/* What somebody said it as. */
enum speech {
    SPEECH_TEXT,
    SPEECH_NOTICE, /* never answered by a program */
    SPEECH_ACTION, /* "/me waves": the text is "waves" */
    SPEECH_QUERY,  /* a client asks a client (CTCP request), not for human eyes */
    SPEECH_ANSWER, /* a client answers a client (CTCP reply) */
    SPEECH_TAGS,   /* no text, only client-only tags: a reaction, ... */
};

/* What happens. Those up to EVENT_LOGGED_LAST are entries of a log: a room's, or that of the
 * conversation of two people. The others are told to whoever is there and forgotten. */
enum event_type {
    EVENT_SPEECH,
    EVENT_JOIN,
    EVENT_PART,
    EVENT_QUIT,
    EVENT_NICK,
    EVENT_TOPIC,
    EVENT_KICK,
    EVENT_MODE,
    EVENT_RENAME,   /* of a room */
    EVENT_REDACT,   /* object: the id of the entry whose text is taken away */
    EVENT_SIGN,     /* passing client-only tags: typing, ... */
    EVENT_AWAY,     /* text: the message; NULL: back again */
    EVENT_REALNAME, /* text: the new one */
    EVENT_ACCOUNT,  /* who.account: the new one, or NULL */
    EVENT_HOST,     /* text: the new one; who.host is still the old one */
    EVENT_INVITE,   /* object: who is invited to target */
    EVENT_KNOCK,    /* somebody asks to be let into target */
    EVENT_ONLINE,   /* a watched nick is here */
    EVENT_OFFLINE,  /* text: the nick, which is free now */
    EVENT_MARK,     /* somebody has read target, as another session of his account says */
    EVENT_WALLOPS,  /* text: from an operator of the server to all who listen */
    EVENT_TRAIT,    /* object: what is told of target, a room or nick; text: it, or NULL: no more */
};

#define EVENT_LOGGED_LAST EVENT_REDACT

/* One happening. Strings are borrowed from whoever hands the event over; a
 * store copies what it keeps. Absent strings are NULL. */
struct event {
    enum event_type type;
    enum speech speech;    /* EVENT_SPEECH */
    unsigned rank;         /* only for members of at least this rank; 0: for all */
    uint64_t position;     /* in its log, from 1 upwards; the store gives it */
    int64_t time_ms;       /* since 1970 */
    uint64_t session;      /* the connection that caused it, if still here */
    uint64_t peer;         /* whose session a private message goes to, or who is kicked, if here */
    char id[EVENT_ID_MAX]; /* unique; the same for all copies of a quit or nick change */
    struct who who;
    const char *realname; /* EVENT_JOIN */
    const char *log;      /* a room's log, or the two folded nicks of a conversation, sorted */
    const char *target;   /* as shown: the room or the nick spoken to */
    /* the nick kicked or invited, the room's new name, the id of what is redacted */
    const char *object;
    const char *text;      /* message, topic, reason, new nick, or the modes as "+o-v ada bob" */
    const char *tags;      /* client-only tags, still escaped, without '@' */
    const char *client_id; /* what the speaker's client calls it, so that it is said only once */
    /* Where the speaker's client cut lines that belong together: offsets into the text, ascending, in
     * decimal digits with blanks between them. */
    const char *joints;
    bool redacted; /* its text was taken away */
    bool watched;  /* told to those who watch who.nick and share no room with him */
};

/* Something that was done to others, or with an operator's power: a line of the audit log. Absent
 * strings are NULL; all are borrowed. Message texts and passwords are in none of them. */
struct audit_record {
    const char *did; /* a word: KICK, KLINE, ... */
    struct who by;   /* host: his true address; nick NULL: the server itself */
    const char *whom;
    const char *where;
    const char *why;
    int64_t until_ms; /* 0: for good, or at once */
};

/* Every reason to say no. Each door words them for its own people. */
enum refusal {
    REFUSED_NOTHING,
    REFUSED_NOT_ENTERED, /* first a name, then everything else */
    REFUSED_ALREADY_ENTERED,
    REFUSED_NICK_TAKEN,
    REFUSED_NICK_OWNED,   /* by somebody who has not been proved to be you */
    REFUSED_NICK_CROWDED, /* it is yours, and by as many connections as may be */
    REFUSED_NICK_ALIKE,   /* it looks like that of somebody here, or like one that is owned */
    REFUSED_NICK_BAD,
    REFUSED_NICK_BANNED, /* one who goes by it is kept out of the server */
    REFUSED_NO_SUCH_NICK,
    REFUSED_NO_SUCH_ROOM,
    REFUSED_ROOM_NAME_BAD,
    REFUSED_NOT_IN_ROOM,      /* you are not there */
    REFUSED_THEY_NOT_IN_ROOM, /* they are not there */
    REFUSED_ALREADY_IN_ROOM,
    REFUSED_CANNOT_SPEAK, /* moderated, no outside speech, muted */
    REFUSED_NOT_OPERATOR, /* of the room */
    REFUSED_INVITE_ONLY,
    REFUSED_KEY_WRONG,
    REFUSED_KEY_BAD,
    REFUSED_ROOM_FULL,
    REFUSED_BANNED,
    REFUSED_TOO_MANY_ROOMS, /* you are in as many as one may be */
    REFUSED_NO_MORE_ROOMS,  /* the server holds as many as it may */
    REFUSED_NO_MORE_SESSIONS,
    REFUSED_TOO_LONG,
    REFUSED_NOTHING_SAID,
    REFUSED_NOT_STORED, /* the log could not take it; nobody has seen it */
    REFUSED_UNKNOWN_MODE,
    REFUSED_MODE_ARGUMENT,  /* missing or of the wrong kind: the letter, a blank and it */
    REFUSED_LIST_FULL,      /* of masks */
    REFUSED_ACCOUNTS_ONLY,  /* of a room */
    REFUSED_NOT_PRIVILEGED, /* only for operators of the server */
    REFUSED_ROOM_EXISTS,
    REFUSED_ROOM_ALIKE, /* its name looks like that of another one; object: which, if he may know */
    REFUSED_ROOM_RENAMED, /* object: what it is called now */
    REFUSED_ROOM_OPEN,    /* no need to knock */
    REFUSED_KNOCKED,      /* a moment ago already */
    REFUSED_WATCH_FULL,
    REFUSED_NOT_YOURS,     /* somebody else said it */
    REFUSED_TOO_LATE,      /* it was said too long ago */
    REFUSED_NO_SUCH_ENTRY, /* in that log, or none that you may see */
    REFUSED_NOT_READ,      /* the log cannot be read now */
    REFUSED_HOST_BAD,
    REFUSED_TRAIT_NAME_BAD,
    REFUSED_NO_SUCH_TRAIT,
    REFUSED_TRAITS_FULL, /* of one person or room */
    REFUSED_TOO_OFTEN,   /* so many changes in so little time */
    REFUSED_SHUT_OUT,    /* banned from the server; object: why */
    REFUSED_MASK_BAD,    /* of a ban */
    REFUSED_MASK_YOURS,  /* a ban of yourself */
    REFUSED_NO_SUCH_BAN,
    REFUSED_ACCOUNT_WANTED, /* nobody comes in without one */
    REFUSED_NOT_ADMITTED,   /* nobody comes in whom the operator does not know */
    REFUSED_NOT_OWNED,      /* the name is nobody's */
    REFUSED_OWNER_HERE,     /* it is used now */
    REFUSED_TOO_SOON,       /* it was used too lately */
    REFUSED_NO_MORE_NAMES,  /* as many are known as may be */
};

#endif
