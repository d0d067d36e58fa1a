/* Session and connection, joined by the loop's timers. */
#include "client/uplink.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/clock.h"
#include "client/model/traffic.h"
#include "client/net/connection.h"
#include "client/net/must.h"
#include "client/net/retry.h"
#include "client/security.h"
#include "client/session/session.h"
#include "common/alloc.h"
#include "common/hash.h"

enum { SAID_MAX_BYTES = 4096 };

/* A block of its own, given back when the last of them has closed. */
struct timers {
    uv_timer_t retry, step; /* when to connect again; when the session is due */
    int n_open;
};

struct uplink {
    const struct clock *clock;
    struct model *model;
    struct session *session;
    const struct uplink_events *events;
    void *owner;
    char *host, *port;
    const struct security *security; /* NULL: in clear text */
    bool takes_new;
    struct connection *connection;
    struct timers *timers;
    unsigned tries; /* since the server let us in last */
    uint64_t random, received;
    bool busy; /* a connection stands or is being made */
    bool retired;
    bool unwanted;   /* until uplink_connect */
    bool distrusted; /* the server: the reason names it */
};

static void on_retry(uv_timer_t *timer)
{
    uplink_connect(timer->data);
}

static void on_due(uv_timer_t *timer)
{
    struct uplink *u = timer->data;
    uplink_step(u);
    u->events->changed(u->owner);
}

/* Whoever did not get in wants to see where. */
static void say_where(const struct uplink *u, const char *why, struct str *out)
{
    bool is_said = u->distrusted || u->unwanted;
    if (!session_is_online(u->session) && !is_said)
        str_addf(out, "%.100s port %.20s: ", u->host, u->port);
    str_adds(out, why);
}

/* The connection is gone: says so, and when it is tried again. */
static void lose(struct uplink *u, const char *why)
{
    char *reason = xstrdup(why); /* it may be the session's, which forgets it */
    struct str said;
    str_init(&said, SAID_MAX_BYTES);
    say_where(u, reason, &said);
    u->busy = u->distrusted = false;
    uint64_t delay_ms = retry_delay_ms(u->tries++, hash_splitmix64(&u->random));
    int64_t now_ms = clock_now_ms(u->clock);
    session_lost(u->session, now_ms, u->unwanted ? 0 : now_ms + (int64_t)delay_ms, said.data);
    uv_timer_stop(&u->timers->step);
    if (!u->retired && !u->unwanted)
        uv_timer_start(&u->timers->retry, on_retry, delay_ms, 0);
    u->events->lost(u->owner, reason);
    u->events->changed(u->owner);
    str_release(&said);
    free(reason);
}

/* A server that is not to be trusted now will hardly be in a moment. */
static bool on_trusts(void *owner, const struct connection_peer *peer, struct str *why)
{
    struct uplink *u = owner;
    const struct trust_shown shown = {
        .host = u->host,
        .port = u->port,
        .fingerprint = peer->fingerprint,
        .is_vouched_for = peer->is_vouched_for,
    };
    struct trust trust = u->security->trust;
    trust.takes_new |= u->takes_new;
    enum trust_answer answer = trust_decide(&trust, &shown, why);
    const struct heard told = {
        .kind = LINE_NOTE, .text = why->data, .time_ms = clock_now_ms(u->clock)};
    if (answer == TRUST_NEW)
        traffic_tell(u->model, &told);
    else if (answer == TRUST_REFUSED)
        u->tries = RETRY_SLOWEST;
    u->distrusted = answer == TRUST_REFUSED;
    return answer != TRUST_REFUSED;
}

static void on_opened(void *owner)
{
    struct uplink *u = owner;
    session_connected(u->session, clock_now_ms(u->clock), u->security != NULL,
                      u->security && u->security->identity);
    uplink_step(u);
    u->events->changed(u->owner);
}

static void on_received(void *owner, const char *bytes, size_t len)
{
    struct uplink *u = owner;
    u->received += len;
    session_receive(u->session, clock_now_ms(u->clock), bytes, len);
    if (session_is_online(u->session))
        u->tries = 0;
    uplink_step(u);
    u->events->changed(u->owner);
}

static void on_closed(void *owner, const char *why)
{
    lose(owner, why);
}

static const struct connection_events connection_events = {on_trusts, on_opened, on_received,
                                                           on_closed};

struct uplink *uplink_new(uv_loop_t *loop, struct model *model, struct session *session,
                          const struct uplink_config *config, const struct uplink_events *events,
                          void *owner)
{
    struct uplink *u = xcalloc(1, sizeof(*u));
    u->clock = config->clock;
    u->model = model;
    u->session = session;
    u->events = events;
    u->owner = owner;
    u->host = xstrdup(config->host);
    u->port = xstrdup(config->port);
    u->random = config->seed;
    u->security = config->security;
    u->takes_new = config->takes_new;
    u->connection = connection_new(loop, &connection_events, u);
    u->timers = xcalloc(1, sizeof(*u->timers));
    u->timers->n_open = 2;
    must(uv_timer_init(loop, &u->timers->retry), "uv_timer_init");
    must(uv_timer_init(loop, &u->timers->step), "uv_timer_init");
    u->timers->retry.data = u->timers->step.data = u;
    return u;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct timers *timers = handle->data;
    if (--timers->n_open == 0)
        free(timers);
}

void uplink_free(struct uplink *u)
{
    if (!u)
        return;
    connection_free(u->connection);
    u->timers->retry.data = u->timers->step.data = u->timers;
    uv_close((uv_handle_t *)&u->timers->retry, on_timer_closed);
    uv_close((uv_handle_t *)&u->timers->step, on_timer_closed);
    free(u->host);
    free(u->port);
    free(u);
}

void uplink_connect(struct uplink *u)
{
    uv_timer_stop(&u->timers->retry);
    if (u->busy || u->retired)
        return;
    u->busy = true;
    u->unwanted = false;
    traffic_connecting(u->model);
    connection_open(u->connection, u->host, u->port, u->security ? u->security->tls : NULL,
                    CONNECTION_GIVE_UP_MS);
    u->events->changed(u->owner);
}

static void write_output(struct uplink *u)
{
    struct str *output = session_output(u->session);
    if (output->len == 0)
        return;
    if (u->events->sending)
        u->events->sending(u->owner);
    bool taken = connection_write(u->connection, output->data, output->len);
    str_reset(output);
    if (!taken) {
        connection_close(u->connection);
        lose(u, "the server reads nothing");
    }
}

void uplink_disconnect(struct uplink *u)
{
    bool was_busy = u->busy;
    u->unwanted = true;
    uv_timer_stop(&u->timers->retry);
    session_bye(u->session, clock_now_ms(u->clock));
    write_output(u);
    if (was_busy && !u->busy)
        return; /* it was lost by that */
    connection_close(u->connection);
    lose(u, "as you asked");
    u->tries = 0;
}

static void set_step_timer(struct uplink *u)
{
    int64_t due_ms = session_deadline_ms(u->session), now_ms = clock_now_ms(u->clock);
    if (due_ms == INT64_MAX)
        uv_timer_stop(&u->timers->step);
    else
        uv_timer_start(&u->timers->step, on_due, due_ms > now_ms ? (uint64_t)(due_ms - now_ms) : 0,
                       0);
}

void uplink_step(struct uplink *u)
{
    if (!connection_is_open(u->connection))
        return;
    session_step(u->session, clock_now_ms(u->clock));
    const char *reason = session_close_reason(u->session);
    write_output(u);
    if (reason && connection_is_open(u->connection)) {
        connection_close(u->connection);
        lose(u, reason);
    }
    if (connection_is_open(u->connection))
        set_step_timer(u);
}

void uplink_hold(struct uplink *u, bool is_held)
{
    connection_hold(u->connection, is_held && session_is_quiet(u->session));
}

void uplink_read(struct uplink *u)
{
    connection_read(u->connection);
}

uint64_t uplink_received(const struct uplink *u)
{
    return u->received;
}

void uplink_retire(struct uplink *u)
{
    u->retired = true;
    uv_timer_stop(&u->timers->retry);
}

bool uplink_is_up(const struct uplink *u)
{
    return u->busy;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void uplink_close_loop(uv_loop_t *loop, int status)
{
    uv_walk(loop, close_handle, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
    if (uv_loop_close(loop) == 0)
        return;
    /* libuv waits for its threads at exit(), and a dead resolver may take half a minute. */
    fflush(NULL);
    _exit(status);
}
