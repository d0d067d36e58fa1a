/* One IRC connection of the load generator, in clear text or in TLS: non-blocking,
 * whole lines out, whole lines in. Trusts the server under test no further than to count what it sends. */
#ifndef SNUG_TESTS_BENCH_PEER_H
#define SNUG_TESTS_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer {
    int fd;
    struct ssl_st *tls; /* NULL: in clear text */
    uint32_t number;    /* its nick is p<number> */
    bool ready;         /* registered, and in the room if one was asked for */
    bool deaf;          /* never reads again */
    char *in;           /* a line that is not whole yet */
    size_t in_len;
    size_t in_size;
    char *out; /* bytes that the socket did not take */
    size_t out_len;
    size_t out_size;
    uint32_t *heard; /* by sender: how many of its messages came, all in order */
};

/* What a scenario does with a line; it may end the peer. */
struct peer_listener {
    void *ctx;
    void (*line)(void *ctx, struct peer *peer, char *line, size_t len);
};

struct ssl_ctx_st;

/* Connects to a loopback address, shakes hands where `tls` is not NULL, and queues the registration;
 * exits with one line if it cannot. */
void peer_open(struct peer *peer, uint32_t number, const char *host, int port,
               struct ssl_ctx_st *tls);
void peer_close(struct peer *peer);

/* Sends as printf writes it, as far as the socket takes it; the rest waits for peer_flush(). */
void peer_send(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sends what waits; false while some is left. */
bool peer_flush(struct peer *peer);

/* Reads once and hands out whole lines; false when the server has closed the connection. */
bool peer_read(struct peer *peer, const struct peer_listener *listener);

#endif
