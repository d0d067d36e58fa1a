#include "tests/bench/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/alloc.h"

enum {
    READ_BYTES = 256 * 1024,
    LINE_BYTES = 1024, /* longer than any line of a server under test */
};

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The one on the other side is under test, so there is nobody else to be afraid of: no certificate is
 * looked at. Blocking: what it costs the server is measured in its own seconds. */
static void shake_hands(struct peer *peer, SSL_CTX *tls)
{
    peer->tls = SSL_new(tls);
    if (!peer->tls || SSL_set_fd(peer->tls, peer->fd) != 1 || SSL_connect(peer->tls) != 1)
        die("TLS handshake");
    if (fcntl(peer->fd, F_SETFL, O_NONBLOCK) != 0)
        die("fcntl");
}

/* As send(); errno is EAGAIN where the socket takes no more. */
static ssize_t send_some(struct peer *peer, const char *bytes, size_t len)
{
    if (!peer->tls)
        return send(peer->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    int sent = SSL_write(peer->tls, bytes, (int)len);
    errno = EAGAIN;
    return sent > 0 ? sent : -1;
}

/* As recv(). */
static ssize_t receive_some(struct peer *peer, char *bytes, size_t size)
{
    if (!peer->tls)
        return recv(peer->fd, bytes, size, MSG_DONTWAIT);
    size_t len = 0;
    int got = 1;
    while (len < size && (got = SSL_read(peer->tls, bytes + len, (int)(size - len))) > 0)
        len += (size_t)got;
    if (len > 0)
        return (ssize_t)len;
    errno = EAGAIN;
    return SSL_get_error(peer->tls, got) == SSL_ERROR_WANT_READ ? -1 : 0;
}

void peer_open(struct peer *peer, uint32_t number, const char *host, int port, SSL_CTX *tls)
{
    memset(peer, 0, sizeof *peer);
    peer->number = number;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        errno = EINVAL;
        die(host);
    }
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0)
        die("socket");
    /* Beyond 28,000 connections to one address the ports run out: spread over 127.0.0.0/8. */
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(0x7f000001u + number / 20000)};
    int one = 1;
    setsockopt(peer->fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(peer->fd, (struct sockaddr *)&from, sizeof from) != 0)
        die("bind");
    if (connect(peer->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("connect");
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (tls)
        shake_hands(peer, tls);
    peer_send(peer, "NICK p%u\r\nUSER p%u 0 * :Peer %u\r\n", number, number, number);
}

void peer_close(struct peer *peer)
{
    SSL_free(peer->tls);
    if (peer->fd >= 0)
        close(peer->fd);
    free(peer->in);
    free(peer->out);
    free(peer->heard);
    memset(peer, 0, sizeof *peer);
    peer->fd = -1;
}

bool peer_flush(struct peer *peer)
{
    while (peer->out_len > 0) {
        ssize_t sent = send_some(peer, peer->out, peer->out_len);
        if (sent < 0)
            return errno != EAGAIN && errno != EINTR;
        peer->out_len -= (size_t)sent;
        memmove(peer->out, peer->out + sent, peer->out_len);
    }
    return true;
}

void peer_send(struct peer *peer, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (peer->out_len + (size_t)len > peer->out_size) {
        peer->out_size = 2 * (peer->out_len + (size_t)len);
        peer->out = xrealloc(peer->out, peer->out_size);
    }
    memcpy(peer->out + peer->out_len, text, (size_t)len);
    peer->out_len += (size_t)len;
    peer_flush(peer);
}

static void keep_rest(struct peer *peer, const char *rest, size_t len)
{
    if (len > peer->in_size) {
        peer->in_size = LINE_BYTES > len ? LINE_BYTES : len;
        peer->in = xrealloc(peer->in, peer->in_size);
    }
    memmove(peer->in, rest, len);
    peer->in_len = len;
}

bool peer_read(struct peer *peer, const struct peer_listener *listener)
{
    static char bytes[LINE_BYTES + READ_BYTES];
    if (peer->in_len > LINE_BYTES)
        return false;
    memcpy(bytes, peer->in, peer->in_len);
    ssize_t got = receive_some(peer, bytes + peer->in_len, READ_BYTES);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0)
        return false;
    char *at = bytes;
    char *end = bytes + peer->in_len + got;
    peer->in_len = 0;
    for (char *lf; peer->fd >= 0 && (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1) {
        size_t len = (size_t)(lf - at);
        if (len > 0 && lf[-1] == '\r')
            len--;
        at[len] = '\0';
        listener->line(listener->ctx, peer, at, len);
    }
    if (peer->fd >= 0)
        keep_rest(peer, at, (size_t)(end - at));
    return true;
}
