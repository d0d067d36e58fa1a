#include "server/net/conn.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "server/net/address.h"
#include "server/net/secure.h"

enum {
    VECS_MAX = 16,
};

static struct conn *conn_of(struct watched *socket)
{
    return (struct conn *)((char *)socket - offsetof(struct conn, socket));
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

/* Which events are of interest now. */
static int watch(struct conn *conn)
{
    uint32_t events = (conn->reading ? EPOLLIN : 0) | (conn->waiting ? EPOLLOUT : 0);
    return poller_watch(&conn->net->poller, &conn->socket, events);
}

static void stop_reading(struct conn *conn)
{
    conn->reading = false;
    (void)watch(conn); /* an event that comes all the same finds nobody who reads */
}

/* Closing. */

void conn_close(struct conn *conn)
{
    struct net *net = conn->net;
    if (conn_is_closed(conn))
        return;
    net_stage_leave(conn);
    list_add_tail(&net->closed, &conn->link);
    conn->out = NULL;
    connlimit_leave(&net->connlimit, conn->address);
    poller_drop(&conn->socket);
    if (conn->session != SESSION_NONE)
        net->owner.closed(net->owner.ctx, conn->session);
}

void conn_free(struct conn *conn)
{
    secure_free(conn->secure);
    slab_free(conn);
}

void conn_turn_away(struct conn *conn, const char *why)
{
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host, why);
    conn_close(conn);
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
    if (conn->waiting)
        return; /* comes back here when all is sent */
    conn->shut = true;
    if (shutdown(conn->socket.fd, SHUT_WR) != 0)
        conn_close(conn);
}

static bool is_drained(const struct conn *conn)
{
    return !conn->waiting && (!conn->out || conn->out->bytes == 0);
}

void conn_end(struct conn *conn)
{
    if (conn_is_closed(conn))
        return;
    if (conn->stage != NET_ENDING) {
        conn->deadline_ms = (uint32_t)uv_now(conn->net->loop) + NET_LINGER_MS;
        net_stage_move(conn, NET_ENDING);
        conn_resume(conn);
    }
    if (!conn_is_closed(conn) && is_drained(conn))
        finish(conn);
}

void conn_input_ended(struct conn *conn, const char *reason)
{
    conn->eof = true;
    if (conn->stage == NET_ENDING && (conn->broken || is_drained(conn))) {
        conn_close(conn); /* and nothing has to be said about its events before */
        return;
    }
    stop_reading(conn);
    if (conn->stage != NET_ENDING)
        conn->net->owner.ended(conn->net->owner.ctx, conn->session, reason);
}

/* The other side is gone, or has at least stopped sending. */
static void input_ended(struct conn *conn, int error)
{
    conn->broken = conn->broken || error != UV_EOF;
    if (conn->secure && conn->stage != NET_ENDING) {
        stop_reading(conn);
        secure_eof(conn, reason_of(error));
    } else {
        conn_input_ended(conn, reason_of(error));
    }
}

/* Reading. */

/* A connection that belongs to no session, or to none any more, is read to its end. */
static size_t space_of(const struct conn *conn)
{
    if (conn->session == SESSION_NONE)
        return sizeof conn->net->read_buffer;
    return conn->net->owner.space(conn->net->owner.ctx, conn->session);
}

static void pause_if_full(struct conn *conn)
{
    if (conn_is_closed(conn) || space_of(conn) > 0)
        return;
    stop_reading(conn);
}

/* A client that begins with TLS would wait for an answer in TLS for ever. */
static bool begins_with_tls(const char *bytes, size_t len)
{
    return bytes[0] == 0x16 && (len == 1 || bytes[1] == 0x03); /* RFC 8446, 5.1: handshake */
}

static void refuse_tls(struct conn *conn)
{
    static const char alert[] = {0x15, 0x03, 0x01, 0,
                                 2,    2,    70}; /* RFC 8446, 6.2: protocol_version */
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host, "TLS on the port for clear text");
    (void)conn_say(conn, alert, sizeof alert); /* its closing says enough, too */
    conn_input_ended(conn, "TLS on the port for clear text");
}

static void received(struct conn *conn, const char *bytes, size_t len)
{
    struct net *net = conn->net;
    bool is_first = !conn->heard;
    conn->heard = true;
    if (conn->secure && conn->stage != NET_ENDING)
        secure_received(conn, bytes, len);
    else if (!conn->secure && is_first && begins_with_tls(bytes, len))
        refuse_tls(conn);
    else if (conn->session != SESSION_NONE)
        net->owner.data(net->owner.ctx, conn->session, bytes, len);
}

/* A handshake takes half a millisecond of arithmetic: those of a thousand who come at once are no
 * reason for the others to wait. */
static bool may_shake(struct conn *conn)
{
    if (conn->stage != NET_AWAITING_HELLO && conn->stage != NET_HANDSHAKING)
        return true;
    return conn->net->handshakes_left > 0 && conn->net->handshakes_left-- > 0;
}

static void on_readable(struct conn *conn)
{
    struct net *net = conn->net;
    if (!may_shake(conn))
        return; /* it is ready in the next turn, too */
    size_t space = space_of(conn);
    size_t size = space < sizeof net->read_buffer ? space : sizeof net->read_buffer;
    ssize_t count = size > 0 ? recv(conn->socket.fd, net->read_buffer, size, 0) : -1;
    if (count > 0)
        received(conn, net->read_buffer, (size_t)count);
    else if (count == 0)
        input_ended(conn, UV_EOF);
    else if (size > 0 && errno != EAGAIN && errno != EINTR)
        input_ended(conn, uv_translate_sys_error(errno));
    pause_if_full(conn);
}

void conn_resume(struct conn *conn)
{
    if (conn->eof || (conn->secure && !secure_resume(conn)))
        return;
    if (conn->reading || space_of(conn) == 0)
        return;
    conn->reading = true;
    int error = watch(conn);
    if (error < 0)
        input_ended(conn, error);
}

/* Sending. */

/* As send(), which is a place where a thread may be cancelled, and in a process with threads takes 50
 * instructions to say so. */
static ssize_t send_bytes(int fd, const void *bytes, size_t len)
{
    return syscall(SYS_sendto, fd, bytes, len, MSG_NOSIGNAL, NULL, 0);
}

ssize_t conn_send(struct conn *conn, const struct iovec *vecs, size_t count)
{
    ssize_t sent;
    if (count == 1) {
        sent = send_bytes(conn->socket.fd, vecs->iov_base, vecs->iov_len);
    } else {
        struct msghdr message = {.msg_iov = (struct iovec *)vecs, .msg_iovlen = count};
        sent = sendmsg(conn->socket.fd, &message, MSG_NOSIGNAL);
    }
    if (sent >= 0)
        return sent;
    return errno == EAGAIN || errno == EINTR ? 0 : uv_translate_sys_error(errno);
}

bool conn_say(struct conn *conn, const char *text, size_t len)
{
    struct iovec vec = {.iov_base = (char *)text, .iov_len = len};
    return conn_send(conn, &vec, 1) == (ssize_t)len;
}

int conn_wait(struct conn *conn, bool waiting)
{
    conn->waiting = waiting;
    return watch(conn);
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
    (void)conn_wait(conn, false); /* it is not written to any more */
    if (conn->session == SESSION_NONE)
        conn_close(conn);
    else if (!conn->eof)
        conn_input_ended(conn, reason_of(error));
}

/* Sends until the queue is empty or the system takes no more; 0, or a libuv error. */
static int flush_clear(struct conn *conn)
{
    while (outq_sendable(conn->out) > 0) {
        struct iovec vecs[VECS_MAX];
        size_t bytes;
        size_t count = outq_peek(conn->out, vecs, VECS_MAX, &bytes);
        ssize_t sent = conn_send(conn, vecs, count);
        if (sent < 0)
            return (int)sent;
        outq_consume(conn->out, (size_t)sent);
        if ((size_t)sent < bytes) {
            outq_unpin(conn->out);
            return conn_wait(conn, true);
        }
    }
    return 0;
}

void conn_flush(struct conn *conn, struct outq *out)
{
    conn->out = out;
    if (conn->waiting)
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
    if (conn->stage == NET_ENDING && is_drained(conn))
        finish(conn);
}

/* Goes on where nothing, or a part, was sent; an error is met again. */
static void queue_rest(struct conn *conn, struct outq *out, const struct extent *fresh,
                       ssize_t sent)
{
    struct extent rest = *fresh;
    if (sent > 0) {
        rest.at += (uint32_t)sent;
        rest.len -= (uint32_t)sent;
    }
    outq_add(out, rest);
    conn_flush(conn, out);
}

void conn_send_fresh(struct conn *conn, struct outq *out, const struct extent *fresh)
{
    bool idle = !conn->waiting && !conn->broken && !conn->secure && conn->stage == NET_OPEN;
    ssize_t sent = 0;
    if (idle && out->bytes == 0)
        sent = send_bytes(conn->socket.fd, fresh->chunk->bytes + fresh->at, fresh->len);
    if (sent != (ssize_t)fresh->len)
        queue_rest(conn, out, fresh, sent);
}

/* The system takes more: what waits goes on. */
static void on_writable(struct conn *conn)
{
    int error = conn->secure ? secure_writable(conn) : conn_wait(conn, false);
    if (error < 0)
        conn_output_failed(conn, error);
    if (conn_is_closed(conn) || conn->waiting)
        return;
    if (conn->out)
        conn_flush(conn, conn->out);
    else if (conn->stage == NET_ENDING)
        finish(conn);
}

static void on_ready(struct watched *socket, uint32_t events)
{
    struct conn *conn = conn_of(socket);
    bool failed = (events & (EPOLLERR | EPOLLHUP)) != 0;
    if (conn->reading && (failed || (events & EPOLLIN) != 0))
        on_readable(conn);
    if (!conn_is_closed(conn) && conn->waiting && (failed || (events & EPOLLOUT) != 0))
        on_writable(conn);
}

/* Made, and known by its address. */

struct conn *conn_new(struct net *net, int fd, const struct sockaddr_storage *peer)
{
    struct conn *conn = slab_new(&net->conns);
    conn->socket = (struct watched){.ready = on_ready, .fd = fd};
    conn->net = net;
    conn->session = SESSION_NONE;
    conn->address = connlimit_enter(&net->connlimit, peer);
    list_init(&conn->link);
    net_stage_enter(conn, NET_OPEN);
    return conn;
}

void conn_host(const struct conn *conn, char host[ADDRESS_TEXT_MAX])
{
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    const char *known = conn->secure ? secure_host(conn->secure) : NULL;
    if (known) {
        snprintf(host, ADDRESS_TEXT_MAX, "%s", known);
        return;
    }
    /* A peer that is gone again already has no address; its reading will say so. */
    if (getpeername(conn->socket.fd, (struct sockaddr *)&peer, &len) != 0)
        peer.ss_family = AF_UNSPEC;
    address_word(&peer, host);
}
