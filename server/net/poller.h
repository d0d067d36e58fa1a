/* Which sockets are ready: any number of them behind one handle of the loop.
 *
 * The system's set of descriptors (epoll) is itself one descriptor, and the loop watches that one.
 * So an idle connection costs what lies in its own struct and no handle of 250 bytes, and a turn
 * gets all that is ready in one call. Level-triggered: what is not dealt with comes again. */
#ifndef SNUG_SERVER_NET_POLLER_H
#define SNUG_SERVER_NET_POLLER_H

#include <stdint.h>
#include <sys/epoll.h>
#include <uv.h>

/* One socket, part of its owner's struct. */
struct watched {
    /* Some of the events that are watched, or EPOLLERR or EPOLLHUP, have come. */
    void (*ready)(struct watched *watched, uint32_t events);
    int fd; /* -1: closed */
    uint32_t events;
};

struct poller {
    uv_poll_t handle;
    int epoll;
    void (*before)(void *ctx); /* called before events are fetched: nobody holds pointers then */
    void *ctx;
};

/* 0, or a libuv error. */
int poller_init(struct poller *poller, uv_loop_t *loop, void (*before)(void *ctx), void *ctx);

/* Watches no more, if it did; the handle is gone when the loop has run. */
void poller_close(struct poller *poller);

/* Watches a socket for these events (EPOLLIN, EPOLLOUT) and no others; 0: not at all, neither for
 * errors. 0, or a libuv error. */
int poller_watch(struct poller *poller, struct watched *watched, uint32_t events);

/* Closes the socket; a call of `ready` that is due does not come any more. */
void poller_drop(struct watched *watched);

#endif
