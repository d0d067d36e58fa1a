#include "server/net/secure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/tls.h"
#include "server/net/arrival.h"

enum {
    VECS_MAX = 16,
};

struct secure {
    struct tls_context *context;
    void *door;
    char *host;       /* until it has shaken hands: the system forgets it when the peer resets */
    struct tls *tls;  /* NULL until the first bytes come */
    char *eof_reason; /* nothing more comes, but not all that came is handed on; or NULL */
    struct str
        later; /* encrypted, but the system did not take it; conn.waiting while there is some */
};

struct secure *secure_new(struct tls_context *context, void *door, const char *host)
{
    struct secure *secure = xcalloc(1, sizeof *secure);
    secure->context = context;
    secure->door = door;
    secure->host = xstrdup(host);
    str_init(&secure->later, NET_CIPHER_BYTES);
    return secure;
}

void secure_free(struct secure *secure)
{
    if (!secure)
        return;
    tls_free(secure->tls);
    free(secure->host);
    free(secure->eof_reason);
    str_release(&secure->later);
    free(secure);
}

const char *secure_host(const struct secure *secure)
{
    return secure->host;
}

/* Sending. */

/* How many of the bytes the system took, or a libuv error. */
static ssize_t send_bytes(struct conn *conn, const char *bytes, size_t len)
{
    struct iovec vec = {.iov_base = (char *)bytes, .iov_len = len};
    return conn_send(conn, &vec, 1);
}

int secure_writable(struct conn *conn)
{
    struct str *later = &conn->secure->later;
    ssize_t sent = send_bytes(conn, later->data, later->len);
    if (sent < 0)
        return (int)sent;
    str_remove(later, 0, (size_t)sent);
    if (later->len > 0)
        return 0;
    str_release(later);
    return conn_wait(conn, false);
}

/* Sends what was just encrypted, behind whatever waits; 0, or a libuv error. */
static int transmit(struct conn *conn)
{
    const struct str *cipher = &conn->net->cipher;
    ssize_t sent = 0;
    if (cipher->len == 0)
        return 0;
    if (!conn->waiting)
        sent = send_bytes(conn, cipher->data, cipher->len);
    if (sent < 0)
        return (int)sent;
    if ((size_t)sent == cipher->len)
        return 0;
    if (!str_add(&conn->secure->later, cipher->data + sent, cipher->len - (size_t)sent))
        return UV_ENOBUFS;
    return conn_wait(conn, true);
}

/* Copies from the front of the queue what makes one good write. */
static size_t gather(const struct outq *out, char *bytes, size_t max_bytes)
{
    struct iovec vecs[VECS_MAX];
    size_t all, len = 0;
    size_t count = outq_peek(out, vecs, VECS_MAX, &all);
    for (size_t i = 0; i < count && len < max_bytes; i++) {
        size_t piece = vecs[i].iov_len < max_bytes - len ? vecs[i].iov_len : max_bytes - len;
        memcpy(bytes + len, vecs[i].iov_base, piece);
        len += piece;
    }
    return len;
}

int secure_flush(struct conn *conn)
{
    struct net *net = conn->net;
    int error = 0;
    while (error == 0 && !conn->waiting && outq_sendable(conn->out) > 0) {
        size_t len = gather(conn->out, net->clear, sizeof net->clear);
        str_reset(&net->cipher);
        if (!tls_write(conn->secure->tls, net->clear, len, &net->cipher))
            return UV_EPIPE;
        outq_consume(conn->out, len);
        error = transmit(conn);
    }
    return error;
}

int secure_end(struct conn *conn)
{
    if (!conn->secure->tls)
        return 0;
    str_reset(&conn->net->cipher);
    tls_close(conn->secure->tls, &conn->net->cipher);
    return transmit(conn);
}

/* Receiving. */

/* Ends a connection that could not shake hands, when it has been told why as well as it can be. */
static void give_up(struct conn *conn)
{
    struct net *net = conn->net;
    struct tls *tls = conn->secure->tls;
    char host[ADDRESS_TEXT_MAX];
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host,
                           tls_peer_is_clear(tls) ? "clear text on the port for TLS"
                                                  : tls_error(tls));
    str_reset(&net->cipher);
    if (tls_peer_is_clear(tls))
        str_adds(&net->cipher, net->owner.clear_answer);
    if (transmit(conn) < 0)
        conn_close(conn);
    else
        conn_end(conn);
}

static bool open_session(struct conn *conn)
{
    char host[ADDRESS_TEXT_MAX], fingerprint[FINGERPRINT_SIZE];
    conn_host(conn, host);
    int64_t from_s, until_s;
    bool is_shown = tls_peer_fingerprint(conn->secure->tls, fingerprint);
    tls_peer_validity(conn->secure->tls, &from_s, &until_s);
    const struct origin origin = {
        .host = host,
        .secure = true,
        .fingerprint = is_shown ? fingerprint : NULL,
        .valid_from_ms = from_s * 1000,
        .valid_until_ms = until_s * 1000,
    };
    free(conn->secure->host);
    conn->secure->host = NULL;
    return arrival_open(conn, conn->secure->door, &origin);
}

/* Hands on what has come, as far as the owner has space; the protocol's own words lie in the net's
 * `cipher` then. */
static void hand_on(struct conn *conn)
{
    struct net *net = conn->net;
    for (;;) {
        size_t space = net->owner.space(net->owner.ctx, conn->session);
        size_t size = space < sizeof net->clear ? space : sizeof net->clear;
        size_t len = tls_read(conn->secure->tls, net->clear, size, &net->cipher);
        if (len == 0)
            return;
        net->owner.data(net->owner.ctx, conn->session, net->clear, len);
    }
}

/* The end of what came, in whichever way it was said, when all before it is handed on. */
static void look_for_end(struct conn *conn)
{
    struct secure *secure = conn->secure;
    enum tls_state state = tls_state(secure->tls);
    if (conn->eof || tls_waiting(secure->tls))
        return;
    if (state == TLS_FAILED) {
        conn->broken = true;
        conn_input_ended(conn, "Connection reset");
    } else if (state == TLS_CLOSED) {
        conn_input_ended(conn, "Connection closed");
    } else if (secure->eof_reason) {
        conn_input_ended(conn, secure->eof_reason);
    }
}

/* Shakes hands or hands on, whichever is due. */
static void advance(struct conn *conn)
{
    struct net *net = conn->net;
    struct tls *tls = conn->secure->tls;
    str_reset(&net->cipher);
    enum tls_state state = tls_handshake(tls, &net->cipher);
    int error = transmit(conn);
    if (error < 0 && conn->session == SESSION_NONE) {
        conn_close(conn);
        return;
    }
    if (state == TLS_FAILED && conn->session == SESSION_NONE) {
        give_up(conn);
        return;
    }
    if (state == TLS_HANDSHAKING || (conn->session == SESSION_NONE && !open_session(conn)))
        return;
    str_reset(&net->cipher);
    hand_on(conn);
    error = transmit(conn);
    if (error < 0)
        conn_output_failed(conn, error);
    else
        look_for_end(conn);
}

void secure_received(struct conn *conn, const void *bytes, size_t len)
{
    struct secure *secure = conn->secure;
    if (!secure->tls) {
        arrival_handshakes(conn);
        secure->tls = tls_new(secure->context, NULL);
    }
    tls_feed(secure->tls, bytes, len);
    advance(conn);
}

void secure_eof(struct conn *conn, const char *reason)
{
    struct secure *secure = conn->secure;
    if (conn->session == SESSION_NONE) {
        if (secure->tls)
            conn_turn_away(conn, "the connection was closed during the TLS handshake");
        else
            conn_close(conn); /* a passer-by */
    } else if (!secure->eof_reason) {
        secure->eof_reason = xstrdup(reason);
        look_for_end(conn);
    }
}

bool secure_resume(struct conn *conn)
{
    struct secure *secure = conn->secure;
    if (conn->stage == NET_ENDING || !secure->tls)
        return true;
    if (tls_waiting(secure->tls))
        advance(conn);
    return !conn_is_closed(conn) && !secure->eof_reason && !tls_waiting(secure->tls);
}
