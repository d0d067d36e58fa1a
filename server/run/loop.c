#include "server/run/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/alloc.h"
#include "server/net/address.h"
#include "server/net/conn.h"
#include "server/net/listener.h"
#include "server/net/net.h"
#include "server/run/cloak.h"
#include "server/run/clock.h"
#include "server/run/log_limit.h"
#include "server/run/trim.h"

enum {
    TICK_MS = 1000,
    UNREAD_EVERY_MS = 10 * 60 * 1000, /* it is said that the log cannot be read */
    STOP_MS = 3000,                   /* for all to read their good-bye */
};

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

enum {
    SIGNALS = sizeof signals / sizeof *signals,
};

static const char clear_answer[] =
    "ERROR :This port is for TLS: turn TLS on in your client, or use a port for clear text\r\n";

static const char limit_answer[] = "ERROR :Too many connections from your address\r\n";

struct loop {
    uv_loop_t uv;
    uv_check_t turn;
    uv_idle_t busy; /* active while another turn is due at once: the poll does not wait then */
    uv_timer_t tick;
    uv_timer_t stop;
    uv_async_t wake;
    uv_signal_t signals[SIGNALS];
    struct net net;
    bool store_was_down;
    int64_t unread_ms; /* when it was last said that the log cannot be read; 0: never */
    struct hub *hub;
    struct pump *pump;
    struct log *log;
    const struct cloak *cloak;
    char cloaked_host[ADDRESS_TEXT_MAX]; /* the last one: many may come from there */
    char cloak_text[CLOAK_TEXT_BYTES];   /* and what is shown of it */
    void (*audit)(void *ctx, const struct audit_record *record, int64_t now_ms);
    void *audit_ctx;
    struct loop_watcher watcher;
    void (*reload)(void *ctx); /* or NULL */
    void *reload_ctx;
    struct log_limit *log_limit; /* what strangers do, for the log */
    struct trim trim;
    bool touched; /* something happened that a turn should look at */
    bool stopping;
    bool closed;
};

/* What the net tells, handed to the pump. */

static const char *cloak_of(struct loop *loop, const char *host)
{
    if (strcmp(loop->cloaked_host, host) != 0) {
        snprintf(loop->cloaked_host, sizeof loop->cloaked_host, "%s", host);
        cloak_write(loop->cloak, host, loop->cloak_text);
    }
    return loop->cloak_text;
}

static uint64_t on_opened(void *ctx, struct conn *conn, void *door, const struct origin *origin)
{
    struct loop *loop = ctx;
    struct origin cloaked = *origin;
    loop->touched = true;
    if (loop->cloak)
        cloaked.cloak = cloak_of(loop, origin->host);
    uint64_t session = pump_open(loop->pump, door, &cloaked, conn, clock_ms());
    const char *why = pump_kept_out(loop->pump, session);
    if (why)
        log_limit_connection(loop->log_limit, clock_ms(), LOG_LIMIT_TURNED_AWAY, origin->host, why);
    return session;
}

static void on_turned_away(void *ctx, const char *host, const char *why)
{
    struct loop *loop = ctx;
    log_limit_connection(loop->log_limit, clock_ms(), LOG_LIMIT_TURNED_AWAY, host, why);
}

static size_t on_space(void *ctx, uint64_t session)
{
    return pump_space(((struct loop *)ctx)->pump, session);
}

static void on_data(void *ctx, uint64_t session, const void *bytes, size_t len)
{
    pump_data(((struct loop *)ctx)->pump, session, bytes, len);
}

static void on_ended(void *ctx, uint64_t session, const char *reason)
{
    pump_eof(((struct loop *)ctx)->pump, session, reason);
}

static void on_sent(void *ctx, uint64_t session)
{
    pump_sent(((struct loop *)ctx)->pump, session);
}

static void on_closed(void *ctx, uint64_t session)
{
    struct loop *loop = ctx;
    pump_closed(loop->pump, session, clock_ms());
}

static void on_trouble(void *ctx, const char *what)
{
    struct loop *loop = ctx;
    log_limit_connection(loop->log_limit, clock_ms(), LOG_LIMIT_TURNED_AWAY, "somebody", what);
}

/* What the pump tells. */

static void on_cut(void *ctx, const char *host, const char *why)
{
    struct loop *loop = ctx;
    log_limit_connection(loop->log_limit, clock_ms(), LOG_LIMIT_DISCONNECTED, host, why);
}

static void on_noticed(void *ctx, const char *host, const char *what)
{
    struct loop *loop = ctx;
    log_limit_connection(loop->log_limit, clock_ms(), LOG_LIMIT_NOTICED, host, what);
}

static void on_audit(void *ctx, const struct audit_record *record, int64_t now_ms)
{
    struct loop *loop = ctx;
    loop->audit(loop->audit_ctx, record, now_ms);
}

static void on_pump_wake(void *ctx)
{
    uv_async_send(&((struct loop *)ctx)->wake);
}

static void on_store(void *ctx, enum store_state state, const char *reason)
{
    static const char *const names[] = {
        [STORE_UP] = "up", [STORE_DEGRADED] = "degraded", [STORE_DOWN] = "down"};
    struct loop *loop = ctx;
    bool as_expected = state == STORE_UP && !loop->store_was_down;
    loop->store_was_down = state != STORE_UP;
    enum log_level level = as_expected         ? LOG_LEVEL_DEBUG
                           : state == STORE_UP ? LOG_LEVEL_INFO
                                               : LOG_LEVEL_ERROR;
    log_event(loop->log, clock_ms(), level, "the log is %s%s%s", names[state], reason ? ": " : "",
              reason ? reason : "");
}

static void on_tailed(void *ctx, const struct event *event)
{
    struct loop *loop = ctx;
    if (loop->watcher.tailed)
        loop->watcher.tailed(loop->watcher.ctx, event, clock_ms());
}

/* Whoever wants to read what is damaged asks for it again and again. */
static void on_unread(void *ctx, const char *reason)
{
    struct loop *loop = ctx;
    int64_t now_ms = clock_ms();
    if (loop->unread_ms != 0 && now_ms - loop->unread_ms < UNREAD_EVERY_MS)
        return;
    loop->unread_ms = now_ms;
    log_event(loop->log, now_ms, LOG_LEVEL_ERROR,
              "what somebody wanted to read of the log cannot be read: %s; see snugd check",
              reason);
}

static void on_lost(void *ctx, const char *key)
{
    struct loop *loop = ctx;
    log_event(loop->log, clock_ms(), LOG_LEVEL_ERROR, "a fact of the log is lost: %s", key);
}

/* The turn. */

static void serve(const struct pump_dirty *dirty)
{
    struct conn *conn = dirty->link;
    if (dirty->fate == PUMP_ABORT) {
        conn_close(conn);
        return;
    }
    if (dirty->fresh.len > 0)
        conn_send_fresh(conn, dirty->out, &dirty->fresh);
    else if (dirty->out->bytes > 0)
        conn_flush(conn, dirty->out);
    if (dirty->fate == PUMP_END)
        conn_end(conn);
    else if (!conn->reading)
        conn_resume(conn);
}

static void on_busy(uv_idle_t *handle)
{
    (void)handle;
}

/* When all connections and listeners are closed, what is left are the loop's own handles. */
static void close_own_handles(struct loop *loop)
{
    if (loop->closed)
        return;
    loop->closed = true;
    uv_close((uv_handle_t *)&loop->turn, NULL);
    uv_close((uv_handle_t *)&loop->busy, NULL);
    uv_close((uv_handle_t *)&loop->tick, NULL);
    uv_close((uv_handle_t *)&loop->stop, NULL);
    uv_close((uv_handle_t *)&loop->wake, NULL);
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&loop->signals[i], NULL);
}

static void on_turn(uv_check_t *handle)
{
    struct loop *loop = handle->data;
    if (loop->touched || pump_ready(loop->pump)) {
        loop->touched = false;
        pump_turn(loop->pump, clock_ms());
        struct pump_dirty dirty;
        while (pump_next_dirty(loop->pump, &dirty))
            serve(&dirty);
        if (loop->watcher.turned)
            loop->watcher.turned(loop->watcher.ctx);
    }
    if (pump_ready(loop->pump))
        uv_idle_start(&loop->busy, on_busy);
    else
        uv_idle_stop(&loop->busy);
    if (loop->stopping && pump_open_count(loop->pump) == 0) {
        net_close_all(&loop->net); /* those that never became anybody */
        close_own_handles(loop);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct loop *loop = timer->data;
    log_limit_tick(loop->log_limit, clock_ms());
    trim_tick(&loop->trim);
    pump_tick(loop->pump, clock_ms());
    net_tick(&loop->net);
    if (loop->watcher.tick)
        loop->watcher.tick(loop->watcher.ctx);
    loop->touched = true;
}

static void on_wake(uv_async_t *async)
{
    ((struct loop *)async->data)->touched = true;
}

/* Stopping. */

static void on_stop_time_out(uv_timer_t *timer)
{
    struct loop *loop = timer->data;
    net_close_all(&loop->net);
}

void loop_stop(struct loop *loop, const char *why)
{
    loop->touched = true;
    if (loop->stopping) {
        net_close_all(&loop->net);
        return;
    }
    loop->stopping = true;
    log_event(loop->log, clock_ms(), LOG_LEVEL_INFO, "stopping on %s", why);
    net_stop_listening(&loop->net);
    pump_end_all(loop->pump, "The server is shutting down", clock_ms());
    uv_timer_start(&loop->stop, on_stop_time_out, STOP_MS, 0);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct loop *loop = handle->data;
    char why[32];
    if (number == SIGHUP) {
        if (loop->reload)
            loop->reload(loop->reload_ctx);
        return;
    }
    snprintf(why, sizeof why, "signal %d", number);
    loop_stop(loop, why);
}

/* Making and running. */

/* These fail for want of memory or descriptors only: then there is no server to be had. */
static void must(int error, const char *what)
{
    if (error == 0)
        return;
    fprintf(stderr, "snugd: cannot set up the event loop: %s: %s\n", what, uv_strerror(error));
    exit(1);
}

static void init_handles(struct loop *loop)
{
    must(uv_loop_init(&loop->uv), "uv_loop_init");
    must(uv_check_init(&loop->uv, &loop->turn), "uv_check_init");
    must(uv_idle_init(&loop->uv, &loop->busy), "uv_idle_init");
    must(uv_timer_init(&loop->uv, &loop->tick), "uv_timer_init");
    must(uv_timer_init(&loop->uv, &loop->stop), "uv_timer_init");
    must(uv_async_init(&loop->uv, &loop->wake, on_wake), "uv_async_init");
    loop->turn.data = loop->tick.data = loop->stop.data = loop->wake.data = loop;
    for (int i = 0; i < SIGNALS; i++) {
        must(uv_signal_init(&loop->uv, &loop->signals[i]), "uv_signal_init");
        loop->signals[i].data = loop;
        /* From now on, so that whoever has read where the server listens may stop it. */
        must(uv_signal_start(&loop->signals[i], on_signal, signals[i]), "uv_signal_start");
    }
}

struct loop *loop_new(struct hub *hub, struct log *log, const struct loop_config *config)
{
    struct loop *loop = xcalloc(1, sizeof *loop);
    trim_init(&loop->trim);
    loop->hub = hub;
    loop->log = log;
    loop->log_limit = log_limit_new(log, config->seed + 1);
    loop->cloak = config->cloak;
    loop->audit = config->audit;
    loop->audit_ctx = config->audit_ctx;
    loop->pump = pump_new(hub, &(struct pump_owner){
                                   .ctx = loop,
                                   .wake = on_pump_wake,
                                   .store = on_store,
                                   .tailed = on_tailed,
                                   .cut = on_cut,
                                   .audit = config->audit ? on_audit : NULL,
                                   .noticed = on_noticed,
                                   .unread = on_unread,
                                   .lost = on_lost,
                               });
    init_handles(loop);
    must(net_init(&loop->net, &loop->uv,
                  &(struct net_owner){
                      .ctx = loop,
                      .clear_answer = clear_answer,
                      .limit_answer = limit_answer,
                      .max_each = config->max_per_address,
                      .max_conns = config->max_conns,
                      .seed = config->seed,
                      .opened = on_opened,
                      .turned_away = on_turned_away,
                      .space = on_space,
                      .data = on_data,
                      .ended = on_ended,
                      .sent = on_sent,
                      .closed = on_closed,
                      .trouble = on_trouble,
                  }),
         "net_init");
    return loop;
}

void loop_free(struct loop *loop)
{
    net_stop_listening(&loop->net);
    net_close_all(&loop->net);
    close_own_handles(loop);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    int error = uv_loop_close(&loop->uv);
    assert(error == 0);
    (void)error;
    net_release(&loop->net);
    pump_free(loop->pump);
    log_limit_free(loop->log_limit);
    free(loop);
}

struct pump *loop_pump(struct loop *loop)
{
    return loop->pump;
}

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

void loop_log_account(struct loop *loop, const char *line)
{
    log_limit_account(loop->log_limit, clock_ms(), line);
}

void loop_watch(struct loop *loop, const struct loop_watcher *watcher)
{
    loop->watcher = *watcher;
}

void loop_on_reload(struct loop *loop, void (*reload)(void *ctx), void *ctx)
{
    loop->reload = reload;
    loop->reload_ctx = ctx;
}

int loop_listen(struct loop *loop, const char *address, struct door *door, struct tls_context *tls)
{
    struct sockaddr_storage socket_address;
    if (!address_parse(address, &socket_address))
        return UV_EINVAL;
    int error = listener_open(&loop->net, &socket_address, door, tls);
    if (error < 0)
        return error;
    char text[ADDRESS_TEXT_MAX];
    address_format(&socket_address, text);
    fprintf(stderr, "snugd: listening on %s (%s%s)\n", text, door->ops->name, tls ? "s" : "");
    return 0;
}

void loop_run(struct loop *loop)
{
    uv_check_start(&loop->turn, on_turn);
    uv_timer_start(&loop->tick, on_tick, TICK_MS, TICK_MS);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}
