/*
 * What libuv may still call back about (the stream, the timer) is a block of its own that points to the
 * connection; ending it clears that pointer, and the block is freed in its last callback. So no
 * callback ever sees a freed connection.
 */
#include "client/net/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "client/net/dial.h"
#include "client/net/must.h"
#include "common/alloc.h"
#include "common/str.h"

#define KEEPALIVE_SECONDS 30
#define READ_BYTES 65536
#define MAX_WHY_BYTES 2048

static const char no_answer[] = "no answer";

struct stream {
    uv_tcp_t *tcp;
    uv_write_t write;
    struct str writing;       /* the bytes libuv is writing */
    struct connection *owner; /* NULL: closing */
};

struct connection {
    const struct connection_events *events;
    void *owner;
    struct dial *dial;
    struct stream *stream; /* the one that connected */
    struct tls *tls;       /* NULL: in clear text */
    bool trusted;          /* the owner wants this peer */
    bool ready;            /* bytes of the owner's can pass */
    bool is_held;          /* the loop does not read */
    uv_timer_t *timer;     /* the handshake takes too long, or see fail_soon() */
    uint64_t give_up_ms;
    struct str queued; /* waits until `stream->writing` is written */
    bool write_in_flight;
    int error; /* to be told soon */
    char *read_buffer;
};

static void on_stream_closed(uv_handle_t *handle)
{
    struct stream *stream = handle->data;
    str_release(&stream->writing);
    free(stream->tcp);
    free(stream);
}

static void drop_stream(struct stream *stream)
{
    stream->owner = NULL;
    uv_close((uv_handle_t *)stream->tcp, on_stream_closed);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle);
}

void connection_free(struct connection *c)
{
    if (!c)
        return;
    connection_close(c);
    dial_free(c->dial);
    uv_close((uv_handle_t *)c->timer, on_timer_closed);
    str_release(&c->queued);
    free(c->read_buffer);
    free(c);
}

void connection_close(struct connection *c)
{
    dial_stop(c->dial);
    uv_timer_stop(c->timer);
    if (c->stream)
        drop_stream(c->stream);
    c->stream = NULL;
    tls_free(c->tls);
    c->tls = NULL;
    c->trusted = c->ready = c->write_in_flight = c->is_held = false;
    str_release(&c->queued);
}

static void fail(struct connection *c, const char *why)
{
    connection_close(c);
    c->events->closed(c->owner, why);
}

static void on_broken(uv_timer_t *timer)
{
    struct connection *c = timer->data;
    fail(c, uv_strerror(c->error));
}

/* The owner is told from the loop, not from within its own call. */
static void fail_soon(struct connection *c, int error)
{
    c->error = error;
    uv_timer_start(c->timer, on_broken, 0, 0);
}

bool connection_is_open(const struct connection *c)
{
    return c->ready;
}

static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)suggested;
    struct stream *stream = handle->data;
    *buffer = uv_buf_init(stream->owner->read_buffer, READ_BYTES);
}

static void flush(struct connection *c);

/* In the words of TLS, and what may help. */
static void fail_tls(struct connection *c)
{
    struct str why;
    str_init(&why, MAX_WHY_BYTES);
    str_adds(&why, tls_error(c->tls));
    if (tls_peer_is_clear(c->tls))
        str_adds(&why, " (--no-tls speaks clear text)");
    flush(c); /* it may be told why, too */
    fail(c, why.data);
    str_release(&why);
}

/* Closes the connection, and returns false, if the owner does not want this peer. */
static bool is_trusted(struct connection *c)
{
    if (c->trusted)
        return true;
    struct connection_peer peer = {.is_vouched_for = tls_peer_is_vouched_for(c->tls)};
    struct str why;
    str_init(&why, MAX_WHY_BYTES);
    bool is_known = tls_peer_fingerprint(c->tls, peer.fingerprint);
    bool is_good = is_known && c->events->trusts(c->owner, &peer, &why);
    c->trusted = is_good;
    if (!is_good) /* the owner may free the connection then */
        fail(c, is_known ? why.data : "the server shows no certificate");
    str_release(&why);
    return is_good;
}

static bool has_shown_itself(const struct connection *c)
{
    char fingerprint[FINGERPRINT_SIZE];
    return tls_peer_fingerprint(c->tls, fingerprint);
}

/* What we say once the other side has shown its certificate has ours in it: in TLS 1.2 that is in the midst
 * of the handshake. It is for those who are trusted only. */
static void shake_hands(struct connection *c)
{
    enum tls_state state = tls_handshake(c->tls, &c->queued);
    if (state == TLS_FAILED) {
        fail_tls(c);
    } else if (state == TLS_HANDSHAKING) {
        if (!has_shown_itself(c) || is_trusted(c))
            flush(c);
    } else if (is_trusted(c)) {
        uv_timer_stop(c->timer);
        c->ready = true;
        flush(c);
        c->events->opened(c->owner);
    }
}

static void on_cipher(struct connection *c, struct stream *stream, const char *bytes, size_t len)
{
    tls_feed(c->tls, bytes, len);
    if (!c->ready)
        shake_hands(c);
    /* The owner may close, and even free, the connection at each of its turns. */
    while (stream->owner && c->ready) {
        size_t count = tls_read(c->tls, c->read_buffer, READ_BYTES, &c->queued);
        if (count == 0)
            break;
        c->events->received(c->owner, c->read_buffer, count);
    }
    if (!stream->owner || !c->ready)
        return;
    if (tls_state(c->tls) == TLS_FAILED)
        fail_tls(c);
    else if (tls_state(c->tls) == TLS_CLOSED)
        fail(c, "the server closed the connection");
    else
        flush(c);
}

static void on_end(struct connection *c, int error)
{
    if (c->tls && !c->ready && error == UV_EOF) {
        tls_eof(c->tls);
        fail_tls(c);
    } else {
        fail(c, error == UV_EOF ? "the server closed the connection" : uv_strerror(error));
    }
}

static void take(struct connection *c, const char *bytes, size_t len)
{
    if (c->tls)
        on_cipher(c, c->stream, bytes, len);
    else
        c->events->received(c->owner, bytes, len);
}

static void on_read(uv_stream_t *uv_stream, ssize_t n_read, const uv_buf_t *buffer)
{
    struct stream *stream = uv_stream->data;
    struct connection *c = stream->owner;
    if (!c || n_read == 0)
        return;
    if (n_read < 0)
        on_end(c, (int)n_read);
    else
        take(c, buffer->base, (size_t)n_read);
}

void connection_hold(struct connection *c, bool is_held)
{
    if (!c->ready || c->is_held == is_held)
        return;
    c->is_held = is_held;
    uv_stream_t *stream = (uv_stream_t *)c->stream->tcp;
    if (is_held)
        uv_read_stop(stream);
    else if (uv_read_start(stream, on_allocate, on_read) < 0)
        fail_soon(c, UV_ENOTCONN);
}

void connection_read(struct connection *c)
{
    size_t taken = 0;
    uv_os_fd_t fd;
    struct stream *stream = c->stream;
    if (!c->ready || uv_fileno((uv_handle_t *)stream->tcp, &fd) < 0)
        return;
    for (ssize_t n_read = READ_BYTES;
         n_read == READ_BYTES && taken < CONNECTION_MAX_TAKEN_BYTES && stream->owner;) {
        n_read = recv(fd, c->read_buffer, READ_BYTES, MSG_DONTWAIT);
        if (n_read > 0) {
            taken += (size_t)n_read;
            take(c, c->read_buffer, (size_t)n_read);
        } else if (n_read == 0 || (errno != EAGAIN && errno != EINTR)) {
            on_end(c, n_read == 0 ? UV_EOF : uv_translate_sys_error(errno));
        }
    }
}

static void on_give_up(uv_timer_t *timer)
{
    fail(timer->data, no_answer);
}

static struct stream *make_stream(struct connection *c, uv_tcp_t *tcp)
{
    struct stream *stream = xcalloc(1, sizeof(*stream));
    stream->owner = c;
    stream->tcp = tcp;
    stream->tcp->data = stream->write.data = stream;
    str_init(&stream->writing, CONNECTION_MAX_QUEUED_BYTES);
    return stream;
}

static void on_connected(void *owner, uv_tcp_t *tcp)
{
    struct connection *c = owner;
    c->stream = make_stream(c, tcp);
    /* Both are wishes: a connection without them works as well. */
    (void)uv_tcp_nodelay(tcp, 1);
    (void)uv_tcp_keepalive(tcp, 1, KEEPALIVE_SECONDS);
    int error = uv_read_start((uv_stream_t *)tcp, on_allocate, on_read);
    if (error) {
        fail(c, uv_strerror(error));
    } else if (c->tls) {
        uv_timer_start(c->timer, on_give_up, c->give_up_ms, 0);
        shake_hands(c);
    } else {
        c->ready = true;
        c->events->opened(c->owner);
    }
}

static void on_failed(void *owner, int error)
{
    const char *why = error == UV_EAI_NONAME  ? "no such host"
                      : error == UV_ETIMEDOUT ? no_answer
                                              : uv_strerror(error);
    fail(owner, why);
}

static const struct dial_events dial_events = {on_connected, on_failed};

struct connection *connection_new(uv_loop_t *loop, const struct connection_events *events,
                                  void *owner)
{
    struct connection *c = xcalloc(1, sizeof(*c));
    c->events = events;
    c->owner = owner;
    c->read_buffer = xmalloc(READ_BYTES);
    str_init(&c->queued, CONNECTION_MAX_QUEUED_BYTES);
    c->dial = dial_new(loop, &dial_events, c);
    c->timer = xcalloc(1, sizeof(*c->timer));
    must(uv_timer_init(loop, c->timer), "uv_timer_init");
    c->timer->data = c;
    return c;
}

void connection_open(struct connection *c, const char *host, const char *port,
                     struct tls_context *tls, uint64_t give_up_ms)
{
    connection_close(c);
    c->tls = tls ? tls_new(tls, host) : NULL;
    c->give_up_ms = give_up_ms;
    dial_start(c->dial, host, port, give_up_ms);
}

static void on_written(uv_write_t *request, int status);

/* Hands what is queued to libuv, unless it still writes what it was handed before. */
static void flush(struct connection *c)
{
    if (c->write_in_flight || c->queued.len == 0)
        return;
    struct stream *stream = c->stream;
    struct str written = stream->writing;
    stream->writing = c->queued;
    c->queued = written;
    str_reset(&c->queued);
    uv_buf_t buffer = uv_buf_init(stream->writing.data, (unsigned)stream->writing.len);
    int error = uv_write(&stream->write, (uv_stream_t *)stream->tcp, &buffer, 1, on_written);
    c->write_in_flight = error == 0;
    if (error)
        fail_soon(c, error);
}

static void on_written(uv_write_t *request, int status)
{
    struct stream *stream = request->data;
    struct connection *c = stream->owner;
    if (!c)
        return;
    c->write_in_flight = false;
    if (status < 0) {
        fail(c, uv_strerror(status));
        return;
    }
    str_release(&stream->writing);
    flush(c);
}

bool connection_write(struct connection *c, const void *bytes, size_t len)
{
    if (!c->ready)
        return false;
    bool is_taken =
        c->tls ? tls_write(c->tls, bytes, len, &c->queued) : str_add(&c->queued, bytes, len);
    flush(c);
    return is_taken;
}
