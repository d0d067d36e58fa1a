/* What this door asks of the log, and what becomes of the answers. The kind is the low byte of the
 * token that it gives the gate; the rest is the asker's own. */
#ifndef SNUG_SERVER_DOOR_IRC_ASKED_H
#define SNUG_SERVER_DOOR_IRC_ASKED_H

#include "server/door/irc/client.h"

enum irc_asked {
    ASKED_HISTORY, /* history.c */
    ASKED_TARGETS,
    ASKED_ACCOUNT,   /* account.c */
    ASKED_REDACTION, /* redact.c */
    ASKED_REPLAY,    /* replay.c */
    ASKED_SEARCH,    /* search.c */
    ASKED_LOOK,
    ASKED_DONE, /* done.c */
    ASKED_KINDS
};

static inline uint64_t irc_asked_token(enum irc_asked kind, uint64_t rest)
{
    return rest << 8 | (uint64_t)kind;
}

static inline uint64_t irc_asked_rest(uint64_t token)
{
    return token >> 8;
}

/* history.c: CHATHISTORY's answers. */
void irc_history_page(struct irc_client *client, const struct door_page *page);
void irc_history_targets(struct irc_client *client, const struct door_page *page);

/* account.c: the account that it asked for is made, or not. */
void irc_account_page(struct irc_client *client, const struct door_page *page);

/* Keeps what the asker needs to know again when the answer comes; either may be NULL. */
void irc_asked_keep(struct irc_client *client, const char *word, const char *text);

/* redact.c */
void irc_redact_page(struct irc_client *client, const struct door_page *page);

/* replay.c: asks for what is shown on joining, if anything is. */
void irc_replay_ask(struct irc_client *client, const char *room);
void irc_replay_page(struct irc_client *client, const struct door_page *page);

/* search.c */
void irc_search_page(struct irc_client *client, const struct door_page *page);
void irc_search_look(struct irc_client *client, const struct door_page *page);

/* done.c: what an operator did is on disk; what was kept as the text is told now, if anything. */
void irc_done_page(struct irc_client *client, const struct door_page *page);

#endif
