/* What the files of the session share; not for others. */
#ifndef SNUG_CLIENT_SESSION_INTERNAL_H
#define SNUG_CLIENT_SESSION_INTERNAL_H

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/isupport.h"
#include "client/session/session.h"
#include "common/irc/message.h"
#include "common/linebuf.h"

enum {
    SESSION_ROOMS_MAX = 200,   /* to be in again after a lost connection */
    SESSION_BATCHES_MAX = 16,  /* open at a time; what belongs to further ones is shown as live */
    SESSION_REFERENCE_BYTES = 64,
};

enum phase {
    PHASE_OFFLINE,
    PHASE_REGISTERING,
    PHASE_ENTERING, /* registered, and joining the rooms; intents wait for that */
    PHASE_ONLINE,
};

/* What the server and we agreed on. */
enum cap {
    CAP_MESSAGE_TAGS = 1,
    CAP_ECHO_MESSAGE = 2,
    CAP_LABELED_RESPONSE = 4,
    CAP_BATCH = 8,
};

/* A room to be in. */
struct wanted_room {
    char *name, *key; /* key NULL: none */
};

/* A batch that the server has begun and not ended. */
struct batch {
    char reference[SESSION_REFERENCE_BYTES];
    bool past;       /* of the history */
    uint64_t number; /* of the request it answers; 0: none */
};

/* PINGs of ours: one waits at a time. */
struct probe {
    bool waits;
    uint64_t token;
    int64_t sent_ms;    /* when it was, or the last one was */
    uint64_t covers;    /* the last number sent before it */
    bool shown_missing; /* the model knows that it waits */
};

struct session {
    struct model *model;
    char *wanted_nick, *user, *real_name;
    char *lobby; /* opened ahead of the server's doing so; NULL once that is settled */
    uint64_t seed;
    int64_t now_ms; /* of the call under way */

    enum phase phase;
    bool encrypted;
    unsigned nick_tries;      /* alternates tried in this registration */
    size_t nick_max_bytes;    /* of alternates */
    bool reclaiming;          /* asked for the wanted nick since it became free */
    unsigned caps;            /* enum cap */
    unsigned cap_requests;    /* without an answer yet */
    bool cap_negotiating;     /* CAP END is due */
    struct str cap_list;      /* what CAP LS named, over its lines */
    struct isupport isupport; /* of this connection */
    size_t prefix_bytes;      /* of what stands in front of our messages; 0: not learned yet */

    struct linebuf input;
    struct str output;
    struct str close_reason;
    int64_t heard_ms; /* when the server said anything last */

    struct wanted_room rooms[SESSION_ROOMS_MAX];
    size_t n_rooms;
    struct awaiting awaiting;
    size_t n_undelivered; /* own lines that came to a bad end */
    struct probe probe;
    size_t covered_bytes, uncovered_bytes; /* in flight, before and behind the probe that waits */
    struct batch batches[SESSION_BATCHES_MAX];
    size_t n_batches;
    int64_t ctcp_window_ms; /* since when ctcp_answers are counted */
    unsigned ctcp_answers;
};

/* A line of the server being acted on. */
struct incoming {
    struct irc_message *m;
    const char *nick;        /* of its source; "" if it has none */
    int64_t time_ms;
    bool past;               /* of a history, not of now */
    uint64_t number;         /* of the request that it answers by label; 0: not known */
    struct awaited *request; /* of that number, or NULL */
};

/* session.c */
bool session_is_me(const struct session *s, const char *nick);
void session_want_room(struct session *s, const char *name, const char *key);
void session_forget_room(struct session *s, const char *name);
/* Begins to be part of the network: the server has sent 001. */
void session_welcomed(struct session *s);
/* What was sent to enter the rooms has been answered: the user's turn. */
void session_entered(struct session *s);
/* Writes one command with its parameters, the last one trailing; NULL-ended. */
void session_send(struct session *s, const char *command, ...) __attribute__((sentinel));

/* capability.c */
void capability_begin(struct session *s);
void capability_receive(struct session *s, const struct incoming *in);

/* incoming.c */
void incoming_line(struct session *s, char *line, size_t len);
/* Adds a line to the buffer, with the time and the past of the line being acted on. */
void incoming_show(struct session *s, const struct incoming *in, struct buffer *buffer,
                   enum line_kind kind, const char *nick, const char *text);
/* The buffer where the request was typed that the line answers; else the server's. */
struct buffer *incoming_buffer(struct session *s, const struct incoming *in);
/* Appends the parameters from `from` on, with blanks between them. */
void incoming_params(const struct incoming *in, size_t from, struct str *out);

/* rooms.c: who is where, under which name and topic */
void rooms_join(struct session *s, const struct incoming *in);
void rooms_part(struct session *s, const struct incoming *in);
void rooms_kick(struct session *s, const struct incoming *in);
void rooms_quit(struct session *s, const struct incoming *in);
void rooms_nick(struct session *s, const struct incoming *in);
void rooms_mode(struct session *s, const struct incoming *in);
void rooms_topic(struct session *s, const struct incoming *in);
void rooms_away(struct session *s, const struct incoming *in);
void rooms_invite(struct session *s, const struct incoming *in);
void rooms_names_reply(struct session *s, const struct incoming *in);
void rooms_names_end(struct session *s, const struct incoming *in);
void rooms_topic_reply(struct session *s, const struct incoming *in);
void rooms_no_topic(struct session *s, const struct incoming *in);

/* talk.c: what people say */
void talk_privmsg(struct session *s, const struct incoming *in);
void talk_notice(struct session *s, const struct incoming *in);

/* reply.c: numerics and standard replies */
void reply_numeric(struct session *s, const struct incoming *in);
void reply_fail(struct session *s, const struct incoming *in);
void reply_remark(struct session *s, const struct incoming *in);

/* outgoing.c: what the user wants */
void outgoing_step(struct session *s);
void outgoing_pong(struct session *s, const struct incoming *in);
/* The connection is gone: what was sent and not answered is unsure, or will be said again. */
void outgoing_lost(struct session *s);
/* A message of ours came back. */
bool outgoing_echo(struct session *s, const struct incoming *in, const char *command,
                   const char *target, bool action, const char *text);
/* The entry was refused: nobody has seen it. */
void outgoing_refused(struct session *s, struct awaited *entry);
int64_t outgoing_deadline_ms(const struct session *s);

#endif
