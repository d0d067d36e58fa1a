/* What the files of the session share; not for others. */
#ifndef SNUG_CLIENT_SESSION_INTERNAL_H
#define SNUG_CLIENT_SESSION_INTERNAL_H

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/isupport.h"
#include "client/session/multiline.h"
#include "client/session/session.h"
#include "common/irc/message.h"
#include "common/linebuf.h"

enum {
    SESSION_ROOMS_MAX = 200,  /* to be in again after a lost connection */
    SESSION_BATCHES_MAX = 16, /* open at a time; what belongs to further ones is shown as live */
    SESSION_REFERENCE_BYTES = 64,
    SESSION_FETCHES_MAX = 300, /* buffers whose past is fetched; a further one's is not */
    SESSION_CLIENT_ID_BYTES = 64,
    SESSION_TALKS_MAX = 100, /* the oldest are forgotten */
    SESSION_NICK_MAX_BYTES = 64,
    SESSION_BANS_MAX = 8, /* of which the server is asked whom they are about */
};

enum phase {
    PHASE_OFFLINE,
    PHASE_REGISTERING,
    PHASE_ENTERING, /* registered, and joining the rooms; intents wait for that */
    PHASE_ONLINE,
};

/* What the server and we agreed on, as bits. */
enum cap {
    CAP_MESSAGE_TAGS = 1 << 0,
    CAP_ECHO_MESSAGE = 1 << 1,
    CAP_LABELED_RESPONSE = 1 << 2,
    CAP_BATCH = 1 << 3,
    CAP_CHATHISTORY = 1 << 4,
    CAP_SASL = 1 << 5,
    CAP_REDACTION = 1 << 6,
    CAP_READ_MARKER = 1 << 7,
    CAP_SERVER_TIME = 1 << 8,
    CAP_MULTILINE = 1 << 9,
    CAP_SEARCH = 1 << 10,
};

/* A room to be in. */
struct wanted_room {
    char *name, *key; /* key NULL: none */
};

/* A batch that the server has begun and not ended. */
struct batch {
    char reference[SESSION_REFERENCE_BYTES];
    bool past;    /* of the history */
    bool targets; /* lists conversations of the past */
    bool found;   /* answers a search, and this is what the user has asked for last: */
    bool found_last;
    uint32_t fetch;              /* the buffer whose past was asked for; 0: none */
    uint64_t number;             /* of the request it answers; 0: none */
    struct multiline *multiline; /* a message that is put together, or NULL; owned */
};

/* PINGs of ours: one waits at a time. */
struct probe {
    bool waits;
    uint64_t token;
    int64_t sent_ms;    /* when it was, or the last one was */
    uint64_t covers;    /* the last number sent before it */
    bool shown_missing; /* the model knows that it waits */
};

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

/* The rooms that LIST has named so far. */
struct listing {
    struct listed *rooms;
    size_t count, size, left_out;
};

/* A conversation that went on before this program began. */
struct talk {
    char *name;
    int64_t time_ms; /* of what was said last */
};

/* Whose program the user has asked for something last, and where. */
struct ctcp_asked {
    char *nick; /* NULL: nobody's */
    uint32_t buffer;
};

/* Somebody to be kept out of a room, or let in again. */
struct ban_wish {
    char *nick, *room;
    char *host, *account; /* NULL: not known yet, or none */
    uint32_t buffer;      /* where it was typed */
    bool lift;
};

struct session {
    struct model *model;
    char *wanted_nick, *user, *real_name;
    char *lobby; /* opened ahead of the server's doing so; NULL once that is settled */
    uint64_t seed;
    int64_t now_ms; /* of the call under way */

    enum phase phase;
    bool encrypted;
    bool has_certificate; /* that TLS shows */
    bool login_waits;     /* for the answers to AUTHENTICATE; CAP END comes behind them */
    char *device_code;    /* that makes us a further device of a name; NULL: none */
    char *device_label;
    bool device_waits;                 /* for the answer to DEVICE ADD, on the way in */
    bool guessed_nick;                 /* nobody said which nick to want */
    unsigned nick_tries;               /* alternates tried in this registration */
    size_t nick_max_bytes;             /* of alternates */
    bool reclaiming;                   /* asked for the wanted nick since it became free */
    unsigned caps;                     /* enum cap */
    unsigned cap_requests;             /* without an answer yet */
    bool cap_negotiating;              /* CAP END is due */
    struct multiline_limits multiline; /* that the server has named */
    struct str cap_list;               /* what CAP LS named, over its lines */
    struct isupport isupport;          /* of this connection */
    size_t prefix_bytes; /* of what stands in front of our messages; 0: not learned yet */

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
    struct fetch fetches[SESSION_FETCHES_MAX];
    size_t n_fetches;
    struct lookup lookup;
    bool wants_past;    /* the last page of rooms entered for the first time */
    int64_t entered_ms; /* when this connection was let in */
    int64_t lost_ms;    /* when the last connection that let us in ended; 0: there was none */
    int64_t untold_ms; /* the first loss since the server has told of conversations last; 0: none */
    bool looks_back;   /* it is of the time before this program began */
    struct ring talks; /* struct talk: those that may have something unread */
    bool targets_asked; /* a list of conversations is on its way */
    int64_t targets_asked_ms;
    int64_t targets_again_ms; /* as in a fetch */
    unsigned n_targets_unread;
    struct typing typing;
    struct listing listing;
    size_t n_rows;          /* of a list of other things that is being answered */
    int64_t rejoin_ms;      /* when rooms are asked for again; 0: none is */
    bool rejoin_told;       /* the user knows that it will be */
    int64_t marked_ms;      /* when the server was told last how far the user has read */
    int64_t ctcp_window_ms; /* since when ctcp_answers are counted */
    unsigned ctcp_answers;
    struct ctcp_asked ctcp_asked;
    struct ban_wish bans[SESSION_BANS_MAX];
    size_t n_bans;
};

/* A line of the server being acted on. */
struct incoming {
    struct irc_message *m;
    const char *nick; /* of its source; "" if it has none */
    int64_t time_ms;
    bool past;                   /* of a history, not of now */
    bool of_typing;              /* answers a sign that the user types */
    uint64_t number;             /* of the request that it answers by label; 0: not known */
    struct fetch *fetch;         /* which it is a line of, or NULL */
    struct multiline *multiline; /* which it is a line of, or NULL */
    const struct batch *found;   /* the answer to a search that it belongs to, or NULL */
    char msgid[LINE_MSGID_MAX_BYTES + 1];        /* "": none */
    char reply_to[LINE_MSGID_MAX_BYTES + 1];     /* the message that it answers; "": none */
    char client_id[SESSION_CLIENT_ID_BYTES + 1]; /* what its sender calls it; "": nothing */
    struct awaited *request;                     /* of that number, or NULL */
};

/* session.c. Whether that nick is ours. */
bool session_is_me(const struct session *s, const char *nick);
/* The room is to be entered again after a lost connection, with that key (NULL: none); one of that name
 * is replaced, and one too many is left out. */
void session_want_room(struct session *s, const char *name, const char *key);
/* The room is not wanted any more. */
void session_forget_room(struct session *s, const char *name);
/* Begins to be part of the network: the server has sent 001. */
void session_welcomed(struct session *s);
/* What was sent to enter the rooms has been answered: the user's turn. */
void session_entered(struct session *s);
/* Writes one command with its parameters, the last one trailing; NULL-ended. */
void session_send(struct session *s, const char *command, ...) __attribute__((sentinel));

/* capability.c. A connection begins: nothing is agreed on, and the server is asked what it can do. */
void capability_begin(struct session *s);
/* CAP: what the server offers, grants, refuses or takes back. */
void capability_receive(struct session *s, const struct incoming *in);
/* Tells the model what can be done on this connection. */
void capability_tell(struct session *s);
/* Ends the negotiation if nothing of it waits for an answer any more. */
void capability_end(struct session *s);

/* login.c: SASL EXTERNAL. Whether what a server offers, "sasl=PLAIN,EXTERNAL", is of use to us. */
bool login_wanted(const struct session *s, const char *offer, size_t len);
/* The server has agreed to it: begins, with the code of a device if there is one. */
void login_begin(struct session *s);
/* AUTHENTICATE: the server wants to know as whom. */
void login_challenge(struct session *s, const struct incoming *in);
/* 903 to 907: it is over, well or not. */
void login_done(struct session *s, const struct incoming *in);

/* device.c: being one more device of a name. True: the answer to a code is to be waited for. */
bool device_begin(struct session *s);
/* 900: who has not said which nick he wants wants that of his account. */
void device_logged_in(struct session *s, const struct incoming *in);
/* A NOTE, which may say that we are one of the devices of an account now. */
void device_added(struct session *s, const struct incoming *in);
/* Whether the NOTE says that another device is one of ours now. */
bool device_is_news(const struct incoming *in);
/* FAIL, 421 or 451: true if it refuses the code that was said on the way in. */
bool device_refused(struct session *s, const struct incoming *in);

/* incoming.c. Acts on a line of the server, which is changed by that. */
void incoming_line(struct session *s, char *line, size_t len);
/* What is known of a line is all that there will be: acts on it. */
void incoming_act(struct session *s, const struct incoming *in);
/* Says something about the connection itself, see traffic_tell(). */
void incoming_tell(struct session *s, const struct incoming *in, enum line_kind kind,
                   const char *text);
/* Adds a line to the buffer, with the time and the past of the line being acted on; returns its id. */
uint64_t incoming_show(struct session *s, const struct incoming *in, struct buffer *buffer,
                       enum line_kind kind, const char *nick, const char *text);
/* The buffer where the request was typed that the line answers; else the server's. */
struct buffer *incoming_buffer(struct session *s, const struct incoming *in);
/* Appends the parameters from `from` on, with blanks between them. */
void incoming_params(const struct incoming *in, size_t from, struct str *out);

/* batch.c. The open batch of that reference, or NULL; valid until the next one begins or ends. */
struct batch *batch_find(struct session *s, const char *reference, size_t len);
/* That of a search which is being answered, or NULL. */
const struct batch *batch_of_search(const struct session *s);
/* BATCH: one begins or ends. */
void batch_receive(struct session *s, const struct incoming *in);
/* The connection is gone: none of them will end. */
void batch_release_all(struct session *s);

/* rooms.c: who is where, under which name and topic. Each takes the command or the numeric of its name,
 * changes the model as it says, unless it is of the past, and shows it in the rooms that it is about. */
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
/* Asks for the wanted nick. */
void rooms_reclaim_nick(struct session *s);

/* rejoin.c: rooms that could not be entered for now. A connection begins: */
void rejoin_begin(struct session *s);
/* A FAIL that answers nothing the user has said. True: it is known already that a room waits. */
bool rejoin_failed(struct session *s, const struct incoming *in);
/* Asks for those rooms again if it is time. */
void rejoin_step(struct session *s);
/* When that will be; INT64_MAX: there is none. */
int64_t rejoin_deadline_ms(const struct session *s);

/* ban.c: bans of people. True: the server was asked who that is, and the ban follows. */
bool ban_asks(struct session *s, const struct intent *intent);
/* True: the numeric answers that, and nothing else. */
bool ban_hears(struct session *s, const struct incoming *in);
void ban_release(struct session *s);

/* talk.c: what people say. Each takes the command of its name, and shows what it says, or does it to the
 * lines that it is about; ours that come back are settled. */
void talk_privmsg(struct session *s, const struct incoming *in);
void talk_notice(struct session *s, const struct incoming *in);
void talk_tagmsg(struct session *s, const struct incoming *in);
void talk_redact(struct session *s, const struct incoming *in);
/* The user asks somebody's program: the answer is shown in that buffer. */
void talk_ctcp_asked(struct session *s, const char *nick, uint32_t buffer);

/* typing.c: the label of the signs that the user types, by which their refusals are known */
extern const char typing_label[];
/* Looks at the draft, and tells the others if there is news and it may be told. */
void typing_step(struct session *s);
/* When there may be something to tell without a key; INT64_MAX: not at all. */
int64_t typing_deadline_ms(const struct session *s);
/* Whether somebody types there, as the message's tags say. */
void typing_hear(struct session *s, const struct incoming *in, struct buffer *buffer);

/* marker.c: how far the user has read. Tells the server, if it does not know, once a second at most. */
void marker_step(struct session *s);
/* The same at once: there is no later. */
void marker_tell(struct session *s);
/* When it may be told; INT64_MAX: it is known. */
int64_t marker_deadline_ms(const struct session *s);
/* The server shall say it of a conversation; of rooms it does by itself. */
void marker_ask(struct session *s, const char *person);
/* MARKREAD: how far the user has read there, perhaps with another program. */
void marker_hear(struct session *s, const struct incoming *in);

/* listing.c: the answer to LIST. Forgets what has come of it. */
void listing_release(struct session *s);
/* 322: one more room. */
void listing_add(struct session *s, const struct incoming *in);
/* All rooms were named: appends them, and forgets them. */
void listing_end(struct session *s, struct str *out);

/* reply.c: numerics and standard replies. Acts on a numeric: its row of the table, or shows it. */
void reply_numeric(struct session *s, const struct incoming *in);
/* FAIL: what was asked for is refused. */
void reply_fail(struct session *s, const struct incoming *in);
/* WARN or NOTE: shown, and perhaps news of a device of ours. */
void reply_remark(struct session *s, const struct incoming *in);

/* targets.c: conversations that went on without us. Frees what was listed. */
void targets_release(struct session *s);
/* The connection is gone: no answer comes. */
void targets_lost(struct session *s);
/* We are in all rooms, of a server that keeps what was said. */
void targets_entered(struct session *s);
/* Asks again if it is time, and waits no longer for a server that does not answer. */
void targets_step(struct session *s);
/* When that will be; INT64_MAX: nothing is asked. */
int64_t targets_deadline_ms(const struct session *s);
/* One line of the list: a conversation. */
void targets_line(struct session *s, const struct incoming *in);
/* The user has read so far there (0: nothing): opens a conversation that went on meanwhile. */
void targets_read(struct session *s, const char *person, int64_t read_ms);
/* The list is complete, or will not be: what it did not name went on without anything said. */
void targets_end(struct session *s);
/* True: the list was asked for. `unread`: it is there, and could not be read just then. */
bool targets_failed(struct session *s, bool unread);

/* backlog.c: what was said before */
enum {
    BACKLOG_PATIENCE_MS = 20000, /* with a server that does not answer */
    BACKLOG_AGAIN_MS = 5000,     /* after one that could not read its log */
    BACKLOG_UNREAD_MAX = 24,     /* times in a row; then what was said there is missed */
};
/* Frees what is asked for. */
void backlog_release(struct session *s);
/* The connection is gone: there will be gaps. */
void backlog_lost(struct session *s);
/* We are in the room, as that line of it says. */
void backlog_joined(struct session *s, struct buffer *buffer, uint64_t join_line);
/* We are in all rooms that we wanted to be in. */
void backlog_entered(struct session *s);
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
/* True: the refusal answers a request from here. */
bool backlog_failed(struct session *s, const struct incoming *in);

/* search.c: what was said, with certain words. Forgets what was asked; an answer to it finds nobody. */
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

/* compose.c: intents worded as lines */
/* Whether what was heard already may be said again, since the server notices. */
bool compose_has_ids(const struct session *s);
/* About how many bytes of text one message holds. */
size_t compose_text_bytes(const struct session *s);
/* Puts the intent behind what waits to be sent. */
void compose_intent(struct session *s, const struct intent *intent);
/* Cuts the text, which is that of speech, into the entry's messages, or leaves it whole as one. */
void compose_speech(const struct session *s, struct awaited *entry, const char *text);
/* Writes the entry's next message, or its command. */
void compose_next(struct session *s, struct awaited *entry);

/* outgoing.c: what the user wants. Takes intents out of the model, and sends as much as may be in flight. */
void outgoing_step(struct session *s);
/* PONG: all that was sent before our PING has been acted on. */
void outgoing_pong(struct session *s, const struct incoming *in);
/* The connection is gone: what was sent and not answered is unsure, or will be said again. */
void outgoing_lost(struct session *s);
/* A message of ours came back; false if it is none that waits. */
bool outgoing_echo(struct session *s, const struct incoming *in, const char *command,
                   const char *target, bool action, const char *text);
/* An own line turned out to have arrived: it is not said again. */
void outgoing_found(struct session *s, uint64_t line);
/* The entry was refused: nobody has seen it. */
void outgoing_refused(struct session *s, struct awaited *entry);
/* When there is something to send or to give up; INT64_MAX: nothing is. */
int64_t outgoing_deadline_ms(const struct session *s);

#endif
