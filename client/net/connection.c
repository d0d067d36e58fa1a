/*
 * A TCP connection: resolve, race the addresses, then read and write.
 *
 * Whatever libuv may still call back about (a look-up, an attempt, the stream) is a block of its own
 * that points to the connection; ending something clears that pointer, and the block is freed in
 * its last callback. So no callback ever sees a freed connection.
 */
#include "client/net/connection.h"

#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "common/alloc.h"
#include "common/str.h"

#define MAX_ATTEMPTS 8      /* addresses tried for one name */
#define NEXT_ATTEMPT_MS 250 /* RFC 8305, section 5: Connection Attempt Delay */
#define GIVE_UP_MS 20000    /* from connection_open until a stream must stand, and then for TLS */
#define KEEPALIVE_SECONDS 30
#define READ_BYTES 65536
#define MAX_WHY_BYTES 2048

struct lookup {
    uv_getaddrinfo_t request;
    struct connection *owner; /* NULL: nobody waits for it any more */
};

struct stream {
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    struct str writing;       /* the bytes libuv is writing */
    struct connection *owner; /* NULL: closing */
};

struct timers {
    uv_timer_t next, give_up;
    int n_open;
};

struct connection {
    uv_loop_t *loop;
    const struct connection_events *events;
    void *owner;
    struct lookup *lookup;
    struct addrinfo *addresses, *next_address;
    struct stream *attempts[MAX_ATTEMPTS];
    size_t n_attempts, n_started;
    struct stream *stream; /* the one that connected */
    struct tls *tls;       /* NULL: in clear text */
    bool trusted;          /* the owner wants this peer */
    bool ready;            /* bytes of the owner's can pass */
    bool is_held;          /* the loop does not read */
    struct timers *timers;
    struct str queued; /* waits until `stream->writing` is written */
    bool write_in_flight;
    int error; /* of the last attempt that failed */
    char *read_buffer;
};

static void try_next_address(struct connection *c);

/* A block of handles is freed when its last handle has closed. */
static void on_timer_closed(uv_handle_t *handle)
{
    struct timers *timers = handle->data;
    if (--timers->n_open == 0)
        free(timers);
}

static void free_timers(struct timers *timers)
{
    timers->next.data = timers->give_up.data = timers;
    uv_close((uv_handle_t *)&timers->next, on_timer_closed);
    uv_close((uv_handle_t *)&timers->give_up, on_timer_closed);
}

static void on_stream_closed(uv_handle_t *handle)
{
    struct stream *stream = handle->data;
    str_release(&stream->writing);
    free(stream);
}

static void drop_stream(struct stream *stream)
{
    stream->owner = NULL;
    uv_close((uv_handle_t *)&stream->tcp, on_stream_closed);
}

struct connection *connection_new(uv_loop_t *loop, const struct connection_events *events,
                                  void *owner)
{
    struct connection *c = xcalloc(1, sizeof(*c));
    c->loop = loop;
    c->events = events;
    c->owner = owner;
    c->read_buffer = xmalloc(READ_BYTES);
    str_init(&c->queued, CONNECTION_MAX_QUEUED_BYTES);
    c->timers = xcalloc(1, sizeof(*c->timers));
    c->timers->n_open = 2;
    uv_timer_init(loop, &c->timers->next);
    uv_timer_init(loop, &c->timers->give_up);
    c->timers->next.data = c->timers->give_up.data = c;
    return c;
}

void connection_free(struct connection *c)
{
    if (!c)
        return;
    connection_close(c);
    free_timers(c->timers);
    str_release(&c->queued);
    free(c->read_buffer);
    free(c);
}

static void stop_attempts(struct connection *c)
{
    for (size_t i = 0; i < c->n_attempts; i++)
        drop_stream(c->attempts[i]);
    c->n_attempts = c->n_started = 0;
    uv_freeaddrinfo(c->addresses);
    c->addresses = c->next_address = NULL;
    uv_timer_stop(&c->timers->next);
    uv_timer_stop(&c->timers->give_up);
}

void connection_close(struct connection *c)
{
    if (c->lookup) {
        c->lookup->owner = NULL;
        /* One that already runs cannot be cancelled; its answer finds nobody. */
        (void)uv_cancel((uv_req_t *)&c->lookup->request);
        c->lookup = NULL;
    }
    stop_attempts(c);
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
    uv_timer_start(&c->timers->give_up, on_broken, 0, 0);
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
    if (!is_good)
        fail(c, is_known ? why.data : "the server shows no certificate");
    str_release(&why);
    c->trusted = is_good;
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
        uv_timer_stop(&c->timers->give_up);
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
    uv_stream_t *stream = (uv_stream_t *)&c->stream->tcp;
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
    if (!c->ready || uv_fileno((uv_handle_t *)&stream->tcp, &fd) < 0)
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
    fail(timer->data, "no answer");
}

static void become_open(struct connection *c, struct stream *stream)
{
    for (size_t i = 0; i < c->n_attempts; i++)
        if (c->attempts[i] == stream)
            c->attempts[i] = c->attempts[--c->n_attempts];
    stop_attempts(c);
    c->stream = stream;
    /* Both are wishes: a connection without them works as well. */
    (void)uv_tcp_nodelay(&stream->tcp, 1);
    (void)uv_tcp_keepalive(&stream->tcp, 1, KEEPALIVE_SECONDS);
    int error = uv_read_start((uv_stream_t *)&stream->tcp, on_allocate, on_read);
    if (error) {
        fail(c, uv_strerror(error));
    } else if (c->tls) {
        uv_timer_start(&c->timers->give_up, on_give_up, GIVE_UP_MS, 0);
        shake_hands(c);
    } else {
        c->ready = true;
        c->events->opened(c->owner);
    }
}

static void attempt_failed(struct connection *c, struct stream *stream, int error)
{
    for (size_t i = 0; i < c->n_attempts; i++)
        if (c->attempts[i] == stream)
            c->attempts[i] = c->attempts[--c->n_attempts];
    drop_stream(stream);
    c->error = error;
    try_next_address(c);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct stream *stream = request->data;
    if (!stream->owner)
        return;
    if (status == 0)
        become_open(stream->owner, stream);
    else
        attempt_failed(stream->owner, stream, status);
}

/* Returns 0 or libuv's error; the attempt then does not exist. */
static int start_attempt(struct connection *c, const struct sockaddr *address)
{
    struct stream *stream = xcalloc(1, sizeof(*stream));
    int error = uv_tcp_init(c->loop, &stream->tcp);
    if (error) {
        free(stream);
        return error;
    }
    stream->owner = c;
    stream->tcp.data = stream->connect.data = stream->write.data = stream;
    str_init(&stream->writing, CONNECTION_MAX_QUEUED_BYTES);
    error = uv_tcp_connect(&stream->connect, &stream->tcp, address, on_connected);
    if (error) {
        drop_stream(stream);
        return error;
    }
    c->attempts[c->n_attempts++] = stream;
    c->n_started++;
    return 0;
}

static void on_next(uv_timer_t *timer)
{
    try_next_address(timer->data);
}

/* Starts on the next address that takes an attempt; gives up when none is left and none runs. */
static void try_next_address(struct connection *c)
{
    while (c->next_address && c->n_started < MAX_ATTEMPTS) {
        const struct sockaddr *address = c->next_address->ai_addr;
        c->next_address = c->next_address->ai_next;
        int error = start_attempt(c, address);
        if (!error) {
            uv_timer_start(&c->timers->next, on_next, NEXT_ATTEMPT_MS, 0);
            return;
        }
        c->error = error;
    }
    if (c->n_attempts == 0)
        fail(c, uv_strerror(c->error));
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
    struct lookup *lookup = request->data;
    struct connection *c = lookup->owner;
    free(lookup);
    if (!c) {
        uv_freeaddrinfo(addresses);
        return;
    }
    c->lookup = NULL;
    if (status != 0) {
        fail(c, status == UV_EAI_NONAME ? "no such host" : uv_strerror(status));
        return;
    }
    c->addresses = c->next_address = addresses;
    try_next_address(c);
}

/* Addresses, and this machine's own name, are known without the threads that look a name up. */
static bool is_known(struct connection *c, const char *node, const char *port,
                     struct addrinfo hints)
{
    hints.ai_flags = node ? AI_NUMERICHOST : 0;
    if (getaddrinfo(node, port, &hints, &c->addresses) != 0)
        return false;
    c->next_address = c->addresses;
    uv_timer_start(&c->timers->next, on_next, 0, 0);
    return true;
}

/* Returns 0 or libuv's error. */
static int look_up(struct connection *c, const char *node, const char *port, struct addrinfo hints)
{
    c->lookup = xcalloc(1, sizeof(*c->lookup));
    c->lookup->owner = c;
    c->lookup->request.data = c->lookup;
    int error = uv_getaddrinfo(c->loop, &c->lookup->request, on_resolved, node, port, &hints);
    if (error) {
        free(c->lookup);
        c->lookup = NULL;
    }
    return error;
}

void connection_open(struct connection *c, const char *host, const char *port,
                     struct tls_context *tls)
{
    connection_close(c);
    c->tls = tls ? tls_new(tls, host) : NULL;
    c->error = UV_EAI_NONAME;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    /* "localhost" is this machine whatever a resolver says, or if there is none (RFC 6761, 6.3). */
    const char *node = strcasecmp(host, "localhost") == 0 ? NULL : host;
    int error = is_known(c, node, port, hints) ? 0 : look_up(c, node, port, hints);
    if (error)
        fail_soon(c, error);
    else
        uv_timer_start(&c->timers->give_up, on_give_up, GIVE_UP_MS, 0);
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
    int error = uv_write(&stream->write, (uv_stream_t *)&stream->tcp, &buffer, 1, on_written);
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
