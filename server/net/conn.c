#include "server/net/conn.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/net/address.h"
#include "server/net/secure.h"

enum {
    VECS_MAX = 16,
    ANSWER_BYTES = 256,
};

static uv_stream_t *stream_of(struct conn *conn)
{
    return (uv_stream_t *)&conn->tcp;
}

/* What others read when somebody is gone. */
static const char *reason_of(int error)
{
    switch (error) {
    case UV_EOF:
        return "Connection closed";
    case UV_ECONNRESET:
    case UV_EPIPE:
        return "Connection reset";
    case UV_ETIMEDOUT:
        return "Connection timed out";
    default:
        return uv_strerror(error);
    }
}

/* Closing. */

static void on_closed(uv_handle_t *handle)
{
    struct conn *conn = handle->data;
    secure_free(conn->secure);
    free(conn);
}

static bool is_closing(const struct conn *conn)
{
    return uv_is_closing((const uv_handle_t *)&conn->tcp);
}

/* Moves a connection to another list of the net's. */
static void move_to(struct conn *conn, struct list *list)
{
    list_remove(&conn->link);
    list_add_tail(list, &conn->link);
    if (conn->greeting)
        conn->net->greeting_count--;
    conn->greeting = list == &conn->net->greeting;
    if (conn->greeting)
        conn->net->greeting_count++;
}

void conn_close(struct conn *conn)
{
    struct net *net = conn->net;
    list_remove(&conn->link);
    if (conn->greeting)
        net->greeting_count--;
    conn->out = NULL;
    net->count--;
    crowd_leave(&net->crowd, conn->place);
    uv_close((uv_handle_t *)&conn->tcp, on_closed);
    if (conn->session != SESSION_NONE)
        net->owner.closed(net->owner.ctx, conn->session);
}

void conn_turn_away(struct conn *conn, const char *why)
{
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host, why);
    conn_close(conn);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    (void)status; /* whatever came of it, the deadline closes the connection */
    free(request);
}

/* Goes on with the ending of a connection that has nothing more to send: it is closed when the other
 * side has closed, since closing with unread input would throw away our last words. */
static void finish(struct conn *conn)
{
    if (conn->eof || conn->broken) {
        conn_close(conn);
        return;
    }
    if (conn->shut)
        return;
    if (conn->secure && secure_end(conn) < 0) {
        conn_close(conn);
        return;
    }
    if (conn->write)
        return; /* comes back here when it is done */
    conn->shut = true;
    uv_shutdown_t *request = xmalloc(sizeof *request);
    if (uv_shutdown(request, stream_of(conn), on_shutdown) < 0) {
        free(request);
        conn_close(conn);
    }
}

static bool is_drained(const struct conn *conn)
{
    return !conn->write && (!conn->out || conn->out->bytes == 0);
}

void conn_end(struct conn *conn)
{
    if (is_closing(conn))
        return;
    if (!conn->ending) {
        conn->ending = true;
        conn->deadline_ms = uv_now(conn->net->loop) + NET_LINGER_MS;
        move_to(conn, &conn->net->ending);
        conn_resume(conn);
    }
    if (!is_closing(conn) && is_drained(conn))
        finish(conn);
}

void conn_input_ended(struct conn *conn, const char *reason)
{
    uv_read_stop(stream_of(conn));
    conn->reading = false;
    conn->eof = true;
    if (!conn->ending)
        conn->net->owner.ended(conn->net->owner.ctx, conn->session, reason);
    else if (conn->broken || is_drained(conn))
        conn_close(conn);
}

/* The other side is gone, or has at least stopped sending. */
static void input_ended(struct conn *conn, int error)
{
    uv_read_stop(stream_of(conn));
    conn->reading = false;
    conn->broken = conn->broken || error != UV_EOF;
    if (conn->secure && !conn->ending)
        secure_eof(conn, reason_of(error));
    else
        conn_input_ended(conn, reason_of(error));
}

/* Reading. */

/* A connection that belongs to no session, or to none any more, is read to its end. */
static size_t space_of(const struct conn *conn)
{
    if (conn->session == SESSION_NONE)
        return sizeof conn->net->read_buffer;
    return conn->net->owner.space(conn->net->owner.ctx, conn->session);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct conn *conn = handle->data;
    struct net *net = conn->net;
    size_t space = space_of(conn);
    size_t size = space < sizeof net->read_buffer ? space : sizeof net->read_buffer;
    *buf = uv_buf_init(net->read_buffer, (unsigned)size);
}

static void pause_if_full(struct conn *conn)
{
    if (is_closing(conn) || space_of(conn) > 0)
        return;
    uv_read_stop(stream_of(conn));
    conn->reading = false;
}

/* A client that begins with TLS would wait for an answer in TLS for ever. */
static bool begins_with_tls(const char *bytes, size_t len)
{
    return bytes[0] == 0x16 && (len == 1 || bytes[1] == 0x03); /* RFC 8446, 5.1: handshake */
}

static void refuse_tls(struct conn *conn)
{
    static char alert[] = {0x15, 0x03, 0x01, 0, 2, 2, 70}; /* RFC 8446, 6.2: protocol_version */
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    uv_buf_t buf = uv_buf_init(alert, sizeof alert);
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host, "TLS on the port for clear text");
    (void)uv_try_write(stream_of(conn), &buf, 1); /* its closing says enough, too */
    conn_input_ended(conn, "TLS on the port for clear text");
}

static void received(struct conn *conn, const char *bytes, size_t len)
{
    struct net *net = conn->net;
    bool is_first = !conn->heard;
    conn->heard = true;
    if (conn->secure && !conn->ending)
        secure_received(conn, bytes, len);
    else if (!conn->secure && is_first && begins_with_tls(bytes, len))
        refuse_tls(conn);
    else if (conn->session != SESSION_NONE)
        net->owner.data(net->owner.ctx, conn->session, bytes, len);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct conn *conn = stream->data;
    if (count < 0 && count != UV_ENOBUFS) {
        input_ended(conn, (int)count);
        return;
    }
    if (count > 0)
        received(conn, buf->base, (size_t)count);
    pause_if_full(conn);
}

void conn_resume(struct conn *conn)
{
    if (conn->eof || (conn->secure && !secure_resume(conn)))
        return;
    if (conn->reading || space_of(conn) == 0)
        return;
    int error = uv_read_start(stream_of(conn), on_alloc, on_read);
    if (error < 0)
        input_ended(conn, error);
    else
        conn->reading = true;
}

/* Sending. */

static size_t peek(const struct outq *out, uv_buf_t bufs[VECS_MAX], size_t *bytes)
{
    struct iovec vecs[VECS_MAX];
    size_t count = outq_peek(out, vecs, VECS_MAX, bytes);
    for (size_t i = 0; i < count; i++)
        bufs[i] = uv_buf_init(vecs[i].iov_base, (unsigned)vecs[i].iov_len);
    return count;
}

/* What is queued for a reader that is gone has nowhere to go. */
static void discard(struct conn *conn)
{
    if (conn->out)
        outq_consume(conn->out, conn->out->bytes);
}

void conn_output_failed(struct conn *conn, int error)
{
    discard(conn);
    conn->broken = true;
    if (conn->session == SESSION_NONE)
        conn_close(conn);
    else if (!conn->eof)
        conn_input_ended(conn, reason_of(error));
}

/* Sends until the queue is empty or the system takes no more; 0, or a libuv error. */
static int send_now(struct conn *conn)
{
    while (conn->out->bytes > 0) {
        uv_buf_t bufs[VECS_MAX];
        size_t bytes;
        size_t count = peek(conn->out, bufs, &bytes);
        int sent = uv_try_write(stream_of(conn), bufs, (unsigned)count);
        if (sent < 0)
            return sent == UV_EAGAIN ? 0 : sent;
        outq_consume(conn->out, (size_t)sent);
        if ((size_t)sent < bytes)
            return 0;
    }
    return 0;
}

static void on_written(uv_write_t *request, int status)
{
    struct conn *conn = request->data;
    free(request);
    conn->write = NULL;
    if (!conn->out)
        return; /* closed meanwhile */
    outq_landed(conn->out);
    conn_sent(conn, status);
}

void conn_sent(struct conn *conn, int status)
{
    if (status < 0)
        conn_output_failed(conn, status);
    if (is_closing(conn))
        return;
    if (conn->out)
        conn_flush(conn, conn->out);
    else if (conn->ending && is_drained(conn))
        finish(conn);
}

/* Lets the loop send the rest when the other side reads again; 0, or a libuv error. */
static int send_later(struct conn *conn)
{
    outq_unpin(conn->out);
    uv_buf_t bufs[VECS_MAX];
    size_t bytes;
    size_t count = peek(conn->out, bufs, &bytes);
    uv_write_t *request = xmalloc(sizeof *request);
    request->data = conn;
    int error = uv_write(request, stream_of(conn), bufs, (unsigned)count, on_written);
    if (error < 0) {
        free(request);
        return error;
    }
    conn->write = request;
    outq_launch(conn->out, bytes);
    return 0;
}

static int flush_clear(struct conn *conn)
{
    int error = send_now(conn);
    return error == 0 && conn->out->bytes > 0 ? send_later(conn) : error;
}

void conn_flush(struct conn *conn, struct outq *out)
{
    conn->out = out;
    if (conn->write)
        return;
    if (conn->broken) {
        discard(conn);
    } else {
        int error = conn->secure ? secure_flush(conn) : flush_clear(conn);
        if (error < 0)
            conn_output_failed(conn, error);
    }
    if (!conn->out)
        return; /* closed meanwhile */
    conn->net->owner.sent(conn->net->owner.ctx, conn->session);
    if (conn->ending && is_drained(conn))
        finish(conn);
}

void conn_note_progress(struct conn *conn)
{
    size_t unsent = uv_stream_get_write_queue_size(stream_of(conn));
    bool taken = unsent < conn->unsent;
    conn->unsent = unsent;
    if (taken && conn->session != SESSION_NONE)
        conn->net->owner.sent(conn->net->owner.ctx, conn->session);
}

/* Accepting. */

void conn_host(const struct conn *conn, char host[ADDRESS_TEXT_MAX])
{
    struct sockaddr_storage peer = {0};
    int len = sizeof peer;
    /* A peer that is gone again already has no address; its reading will say so. */
    if (uv_tcp_getpeername(&conn->tcp, (struct sockaddr *)&peer, &len) < 0)
        peer.ss_family = AF_UNSPEC;
    char text[ADDRESS_TEXT_MAX];
    address_host(&peer, text);
    /* "::1" is "0::1" too, and no protocol has to quote that. */
    snprintf(host, ADDRESS_TEXT_MAX, "%s%.60s", text[0] == ':' ? "0" : "", text);
}

/* Interactive lines must not wait for the acknowledgement of the last ones. */
static int configure(struct conn *conn)
{
    int error = uv_tcp_nodelay(&conn->tcp, 1);
    return error < 0 ? error : uv_tcp_keepalive(&conn->tcp, 1, NET_KEEPALIVE_S);
}

bool conn_open(struct conn *conn, void *door, const struct origin *origin)
{
    struct net *net = conn->net;
    if (conn->greeting)
        move_to(conn, &net->conns);
    conn->session = net->owner.opened(net->owner.ctx, conn, door, origin);
    if (conn->session == SESSION_NONE)
        conn_close(conn);
    return conn->session != SESSION_NONE;
}

/* The oldest of those who shake hands is the one that most likely never will. */
static void greet(struct conn *conn, void *door, struct tls_context *tls)
{
    struct net *net = conn->net;
    if (net->greeting_count >= NET_GREET_MAX)
        conn_turn_away(list_entry(list_first(&net->greeting), struct conn, link),
                       "too many TLS handshakes at the same time");
    conn->secure = secure_new(tls, door);
    conn->deadline_ms = uv_now(net->loop) + NET_GREET_MS;
    move_to(conn, &net->greeting);
    conn_resume(conn);
}

static void open_clear(struct conn *conn, void *door)
{
    char host[ADDRESS_TEXT_MAX];
    conn_host(conn, host);
    if (conn_open(conn, door, &(struct origin){.host = host}))
        conn_resume(conn);
}

/* Counts it as one from there. */
static bool is_one_too_many(struct conn *conn)
{
    struct net *net = conn->net;
    struct sockaddr_storage peer = {0};
    int len = sizeof peer;
    if (uv_tcp_getpeername(&conn->tcp, (struct sockaddr *)&peer, &len) == 0)
        conn->place = crowd_enter(&net->crowd, &peer);
    return conn->place && conn->place->count > net->crowd.max_each;
}

/* As many again as may come may wait to read that they may not; the others are just closed. */
static void refuse_crowd(struct conn *conn, bool in_clear)
{
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    char answer[ANSWER_BYTES];
    int len = snprintf(answer, sizeof answer, "%s", net->owner.crowd_answer);
    uv_buf_t buf = uv_buf_init(answer, (unsigned)len);
    bool told = in_clear && conn->place->count <= 2 * net->crowd.max_each &&
                uv_try_write(stream_of(conn), &buf, 1) == len;
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host, "too many connections from there");
    conn->heard = true;
    if (told)
        conn_end(conn);
    else
        conn_close(conn);
}

/* Descriptors run out for those who hold them for nothing: first who was told to go, then who has not
 * come in yet. The last ones are never given away, since the log and the configuration want some. */
static bool make_room(struct net *net)
{
    if (net->count < net->owner.max_conns)
        return true;
    if (!list_empty(&net->ending))
        conn_close(list_entry(list_first(&net->ending), struct conn, link));
    else if (!list_empty(&net->greeting))
        conn_turn_away(list_entry(list_first(&net->greeting), struct conn, link),
                       "descriptors are scarce, and it shook hands for longest");
    return net->count < net->owner.max_conns;
}

static void turn_away_at_once(struct conn *conn)
{
    conn->heard = true;
    conn_turn_away(conn, "no descriptors are left");
}

int conn_accept(struct net *net, uv_stream_t *listening, void *door, struct tls_context *tls)
{
    bool has_room = make_room(net);
    struct conn *conn = xcalloc(1, sizeof *conn);
    conn->net = net;
    conn->session = SESSION_NONE;
    list_init(&conn->link);
    int error = uv_tcp_init(net->loop, &conn->tcp);
    if (error < 0) {
        free(conn);
        return error;
    }
    conn->tcp.data = conn;
    list_add_tail(&net->conns, &conn->link);
    net->count++;
    error = uv_accept(listening, stream_of(conn));
    if (error == 0)
        error = configure(conn);
    if (error < 0)
        conn_close(conn);
    else if (!has_room)
        turn_away_at_once(conn);
    else if (is_one_too_many(conn))
        refuse_crowd(conn, !tls);
    else if (tls)
        greet(conn, door, tls);
    else
        open_clear(conn, door);
    return error;
}
