#include "server/net/poller.h"

#include <errno.h>
#include <unistd.h>

enum {
    EVENTS_A_TURN = 512, /* the others come with the next one */
};

static void on_ready(uv_poll_t *handle, int status, int events)
{
    struct poller *poller = handle->data;
    struct epoll_event ready[EVENTS_A_TURN];
    (void)status;
    (void)events;
    poller->before(poller->ctx);
    int count = epoll_wait(poller->epoll, ready, EVENTS_A_TURN, 0);
    for (int i = 0; i < count; i++) {
        struct watched *watched = ready[i].data.ptr;
        if (watched->fd >= 0)
            watched->ready(watched, ready[i].events);
    }
}

int poller_init(struct poller *poller, uv_loop_t *loop, void (*before)(void *ctx), void *ctx)
{
    poller->before = before;
    poller->ctx = ctx;
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (poller->epoll < 0)
        return uv_translate_sys_error(errno);
    int error = uv_poll_init(loop, &poller->handle, poller->epoll);
    poller->handle.data = poller;
    return error < 0 ? error : uv_poll_start(&poller->handle, UV_READABLE, on_ready);
}

void poller_close(struct poller *poller)
{
    if (poller->epoll < 0)
        return;
    uv_poll_stop(&poller->handle);
    uv_close((uv_handle_t *)&poller->handle, NULL);
    close(poller->epoll);
    poller->epoll = -1;
}

int poller_watch(struct poller *poller, struct watched *watched, uint32_t events)
{
    if (events == watched->events)
        return 0;
    int what = watched->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
    struct epoll_event event = {.events = events, .data.ptr = watched};
    if (epoll_ctl(poller->epoll, what, watched->fd, &event) != 0)
        return uv_translate_sys_error(errno);
    watched->events = events;
    return 0;
}

void poller_drop(struct watched *watched)
{
    close(watched->fd); /* and with it goes its place in the set */
    watched->fd = -1;
    watched->events = 0;
}
