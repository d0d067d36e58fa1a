/*
 * A conversation with an IRC server: its bytes become changes of the model, the user's intents
 * become lines to send.
 *
 * No sockets and no clock: bytes come in through session_receive, bytes to send lie in
 * session_output, every call is told the time (ms since 1970, never going back). One session lives
 * through many connections. Invariants: an own line is pending until the server has acknowledged
 * it, by its echo or by answering a PING sent behind it, or has refused it; while lines wait for
 * that, at most SESSION_MAX_IN_FLIGHT_BYTES are sent ahead; the rest waits in the model.
 * Whatever a server sends costs at most a line that says so.
 *
 * Sources: Modern IRC; IRCv3 capability negotiation, message tags, server-time, echo-message,
 * labeled-response, batch, standard replies, draft/chathistory, draft/event-playback.
 */
#ifndef SNUG_CLIENT_SESSION_SESSION_H
#define SNUG_CLIENT_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/model/model.h"
#include "common/str.h"

enum {
    SESSION_MAX_IN_FLIGHT_BYTES = 4096, /* half of what InspIRCd lets pile up by default */
    SESSION_MAX_OUTPUT_BYTES = 1 << 20,
    SESSION_PROBE_MS = 10000, /* between PINGs when nothing is said */
    SESSION_SLOW_MS = 2000,   /* an answer that takes longer is shown as missing */
    SESSION_DEAD_MS = 60000,  /* silence after which the connection is given up */
};

struct session;

struct session_config {
    const char *nick, *user, *real_name; /* borrowed for session_new */
    const char *const *rooms; /* to be in, as for /join; NULL-ended, borrowed for session_new */
    const char *lobby;        /* where the server is expected to put us by itself; NULL: nowhere */
    bool wants_past;          /* show the last page of rooms that are entered for the first time */
    bool guessed_nick;        /* nobody said that it should be this one */
    const char *device_code;  /* of another device of ours, whose name we join; or NULL */
    const char *device_label; /* what this device is called */
    uint64_t seed;            /* random: begins the ids of messages, keys tables */
};

/* Makes a session that is not connected. `model` is borrowed and outlives it. End: session_free. */
struct session *session_new(struct model *model, const struct session_config *config);

/* Gives the memory back. NULL is nothing to do. */
void session_free(struct session *s);

/* A connection stands: begins to register. Where a certificate was shown it proves who we are to servers
 * that ask. */
void session_connected(struct session *s, int64_t now_ms, bool encrypted, bool has_certificate);

/* The connection is gone (or could not be made); the next try is at `retry_at_ms`. */
void session_lost(struct session *s, int64_t now_ms, int64_t retry_at_ms, const char *why);

/* Says good-bye, ahead of all that waits, as far as there is somebody to say it to. */
void session_bye(struct session *s, int64_t now_ms);

/* Acts on bytes of the server. */
void session_receive(struct session *s, int64_t now_ms, const char *bytes, size_t len);

/* Acts on what the user wants and on what the time demands; to be called after either changed. */
void session_step(struct session *s, int64_t now_ms);

/* Returns when session_step is due although nothing happened; INT64_MAX: never. */
int64_t session_deadline_ms(const struct session *s);

/* What is to be sent, in whole lines; the caller takes it and resets it. Borrowed. */
struct str *session_output(struct session *s);

/*
 * Returns why the connection should be closed now, or NULL: the server gave no answer for too long,
 * or said ERROR. Borrowed.
 */
const char *session_close_reason(const struct session *s);

/* Says whether the server has let us in on this connection. */
bool session_is_online(const struct session *s);

/* Says whether lines may still come that belong before those which are there. */
bool session_is_catching_up(const struct session *s);

/* Returns how many own lines were refused, or are not known to have arrived, so far. */
size_t session_undelivered(const struct session *s);

/* Says whether nothing that was said or asked still waits for the server. */
bool session_is_settled(const struct session *s);

/* Says whether it is in and awaits nothing from the server: what comes is what others do. */
bool session_is_quiet(const struct session *s);

#endif
