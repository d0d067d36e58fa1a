#include "server/net/conn.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/net/address.h"

enum {
    VECS_MAX = 16,
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
    free(handle->data);
}

void conn_close(struct conn *conn)
{
    struct net *net = conn->net;
    list_remove(&conn->link);
    conn->out = NULL;
    uv_close((uv_handle_t *)&conn->tcp, on_closed);
    if (conn->session != SESSION_NONE)
        net->owner.closed(net->owner.ctx, conn->session);
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
    if (uv_is_closing((uv_handle_t *)&conn->tcp))
        return;
    if (!conn->ending) {
        conn->ending = true;
        conn->deadline_ms = uv_now(conn->net->loop) + NET_LINGER_MS;
        list_remove(&conn->link);
        list_add_tail(&conn->net->ending, &conn->link);
        conn_resume(conn);
    }
    if (is_drained(conn))
        finish(conn);
}

/* The other side is gone, or has at least stopped sending. */
static void input_ended(struct conn *conn, int error)
{
    uv_read_stop(stream_of(conn));
    conn->reading = false;
    conn->eof = true;
    conn->broken = conn->broken || error != UV_EOF;
    if (!conn->ending)
        conn->net->owner.ended(conn->net->owner.ctx, conn->session, reason_of(error));
    else if (conn->broken || is_drained(conn))
        conn_close(conn);
}

/* Reading. */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct conn *conn = handle->data;
    struct net *net = conn->net;
    size_t space = net->owner.space(net->owner.ctx, conn->session);
    size_t size = space < sizeof net->read_buffer ? space : sizeof net->read_buffer;
    *buf = uv_buf_init(net->read_buffer, (unsigned)size);
}

static void pause_if_full(struct conn *conn)
{
    if (conn->net->owner.space(conn->net->owner.ctx, conn->session) > 0)
        return;
    uv_read_stop(stream_of(conn));
    conn->reading = false;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct conn *conn = stream->data;
    struct net *net = conn->net;
    if (count < 0 && count != UV_ENOBUFS) {
        input_ended(conn, (int)count);
        return;
    }
    if (count > 0)
        net->owner.data(net->owner.ctx, conn->session, buf->base, (size_t)count);
    pause_if_full(conn);
}

void conn_resume(struct conn *conn)
{
    if (conn->reading || conn->eof)
        return;
    if (conn->net->owner.space(conn->net->owner.ctx, conn->session) == 0)
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
    outq_consume(conn->out, conn->out->bytes);
}

static void output_failed(struct conn *conn, int error)
{
    discard(conn);
    conn->broken = true;
    if (!conn->eof)
        input_ended(conn, error);
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
    if (status < 0)
        output_failed(conn, status);
    if (conn->out)
        conn_flush(conn, conn->out);
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

void conn_flush(struct conn *conn, struct outq *out)
{
    conn->out = out;
    if (conn->write)
        return;
    if (conn->broken) {
        discard(conn);
    } else {
        int error = send_now(conn);
        if (error == 0 && out->bytes > 0)
            error = send_later(conn);
        if (error < 0)
            output_failed(conn, error);
    }
    if (!conn->out)
        return; /* closed meanwhile */
    conn->net->owner.sent(conn->net->owner.ctx, conn->session);
    if (conn->ending && is_drained(conn))
        finish(conn);
}

/* Accepting. */

static void peer_host(struct conn *conn, char host[ADDRESS_TEXT_MAX])
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

int conn_accept(struct net *net, uv_stream_t *listening, void *door)
{
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
    error = uv_accept(listening, stream_of(conn));
    if (error == 0)
        error = configure(conn);
    if (error < 0) {
        conn_close(conn);
        return error;
    }
    char host[ADDRESS_TEXT_MAX];
    peer_host(conn, host);
    conn->session = net->owner.opened(net->owner.ctx, conn, door, host);
    if (conn->session == SESSION_NONE)
        conn_close(conn);
    else
        conn_resume(conn);
    return 0;
}
