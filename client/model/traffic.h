/* What the network side may do to the model: all that arrives comes through here.
 *
 * Nothing here changes a draft, its cursor or its undo history. Which buffer is current changes only
 * when it is closed, and when the first room is opened before the user has chosen a buffer or typed
 * anything. Names and texts are borrowed for the call. */
#ifndef SNUG_CLIENT_MODEL_TRAFFIC_H
#define SNUG_CLIENT_MODEL_TRAFFIC_H

#include "client/model/model.h"

/* Something to show. Zero what does not apply. */
struct heard {
    enum line_kind kind;
    const char *nick;            /* who did it; NULL: nobody */
    const char *text;            /* NULL: "" */
    const struct line_run *runs; /* how the text looks; borrowed */
    size_t n_runs;
    const char *msgid;    /* NULL: has none */
    const char *reply_to; /* the msgid of what it answers; NULL: of nothing */
    int64_t time_ms;
    bool own;  /* the user's, said elsewhere */
    bool past; /* from the history: counts as read */
};

/* The buffer of that name, opened when there is none; the server's when there are too many. */
struct buffer *traffic_buffer(struct model *model, enum buffer_kind kind, const char *name);

/* Closes it, lines and draft; the server's is never closed. */
void traffic_close(struct model *model, struct buffer *buffer);

/* Gives the buffer another name, as when the person it is with has a new nick. */
void traffic_name(struct model *model, struct buffer *buffer, const char *name);

/* What the tables are keyed with: random, once, before anything is heard. */
void traffic_seed(struct model *model, uint64_t seed);

/* Adds a line and counts it as unread where it is not seen; returns the line's id. Of a msgid that is
 * there already nothing is added: 0. */
uint64_t traffic_hear(struct model *model, struct buffer *buffer, const struct heard *heard);

/* Something about the connection itself: where the user looks, and, as an aside, in the server's buffer,
 * where it stays. */
void traffic_tell(struct model *model, const struct heard *heard);

/* As traffic_hear for what was said before lines that are there: it is put behind that line, or at
 * the top for 0. Returns its id, or that of the line which has its msgid; 0: no room. */
uint64_t traffic_insert(struct model *model, struct buffer *buffer, uint64_t behind,
                        const struct heard *heard);

/* Puts a divider above that line, unless one stands higher, that says how long the user was cut off. */
void traffic_away(struct model *model, struct buffer *buffer, uint64_t line, int64_t away_ms);

/* Says that what was said in that time cannot be shown. */
void traffic_missed(struct model *model, struct buffer *buffer, int64_t now_ms, int64_t away_ms);

/* That person is typing in the buffer, until then; with a time that is over, no longer. */
void traffic_typing(struct model *model, struct buffer *buffer, const char *nick, int64_t now_ms,
                    int64_t until_ms);

/* Another program of the user has read what is not newer: the divider goes below it. */
void traffic_read(struct model *model, struct buffer *buffer, int64_t read_ms);

/* The server was told that the user has read so far here. */
void traffic_marked(struct buffer *buffer, int64_t read_ms);

/* Whether there is something older than the oldest line. */
void traffic_older(struct model *model, struct buffer *buffer, enum older older);

/* Whether the user does not want to hear that person. */
bool traffic_is_ignored(const struct model *model, const char *nick);

/* Somebody puts a reaction beside a message of the buffer, or takes it back, at that time; 0: some time
 * ago, as the history says. */
void traffic_react(struct model *model, struct buffer *buffer, const char *msgid, const char *nick,
                   const char *text, bool on, int64_t time_ms);

/* Somebody took a message of the buffer back; `why` may be "", and the time is as above. One that is not
 * known is no error. */
void traffic_take_back(struct model *model, struct buffer *buffer, const char *msgid,
                       const char *nick, const char *why, int64_t time_ms);

/* What can be done on this connection, as bits of enum ability. */
void traffic_able(struct model *model, unsigned abilities);

/* The user became an operator of the server, or is none any more. */
void traffic_operates(struct model *model, bool operates_server);

/* How an own line fared; `time_ms` is the server's time of it, 0: unknown. A line that is gone is
 * no error. */
void traffic_settle(struct model *model, uint64_t line, enum line_state state, int64_t time_ms);

/* The same for one that the server has, under that msgid (NULL: unknown). If it was heard already as
 * another line, that other line goes. */
void traffic_accept(struct model *model, uint64_t line, int64_t time_ms, const char *msgid);

/* An own line turns out to stand behind that line (0: at the top). */
void traffic_accept_behind(struct model *model, uint64_t line, uint64_t behind, int64_t time_ms,
                           const char *msgid);

/* The server took the looks out of an own line, for all to hear. */
void traffic_plain(struct model *model, uint64_t line);

/* An own line is about to be sent, for the first time or again. */
void traffic_sent(struct model *model, uint64_t line);

/* Whether that line is pending still. */
bool traffic_is_pending(const struct model *model, uint64_t line);

/* How many own lines are pending, in all buffers. */
size_t traffic_pending(const struct model *model);

/* Members. Prefix is '@', '+', ... or ' '. None of these adds a line. */
void traffic_member(struct model *model, struct buffer *buffer, const char *nick, char prefix);
void traffic_member_gone(struct model *model, struct buffer *buffer, const char *nick);
void traffic_member_renamed(struct model *model, struct buffer *buffer, const char *nick,
                            const char *new_nick);
void traffic_member_away(struct model *model, struct buffer *buffer, const char *nick, bool away);
void traffic_members_clear(struct model *model, struct buffer *buffer);
bool traffic_is_member(const struct buffer *buffer, const char *nick);

/* The user entered or left the room. */
void traffic_joined(struct model *model, struct buffer *buffer, bool joined);

void traffic_topic(struct model *model, struct buffer *buffer, const char *topic);

/* The user's own nick, and the server's name for itself. */
void traffic_own_nick(struct model *model, const char *nick);
void traffic_server_name(struct model *model, const char *name);

/* Appends a span of time in words: "31 s", "2 min 5 s". */
void traffic_span(struct str *out, int64_t ms);

/* The signs with which the names of rooms begin on this server; too many are ignored. */
void traffic_room_signs(struct model *model, const char *signs);

/* The state of the connection. Losing it and having it back is said in every buffer; members are
 * forgotten, pending lines are kept. */
void traffic_connecting(struct model *model);
void traffic_online(struct model *model, int64_t now_ms, bool encrypted);
void traffic_offline(struct model *model, int64_t now_ms, int64_t retry_at_ms, const char *why);

/* Of an own line only `said` was sent: the user stopped the rest. */
void traffic_cut(struct model *model, uint64_t line, const char *said);

/* Several lines go as one message, up to these limits; 0 bytes: they do not. */
void traffic_multiline(struct model *model, size_t max_bytes, size_t max_lines);

/* Whether the user is away, as the server has it. */
void traffic_own_away(struct model *model, bool away);

/* How much goes into one message: a longer text is sent as several. */
void traffic_message_bytes(struct model *model, size_t bytes);

/* A probe was answered after that time; or one waits since then. */
void traffic_lag(struct model *model, int64_t lag_ms);
void traffic_no_answer(struct model *model, int64_t since_ms);

#endif
