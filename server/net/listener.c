#include "server/net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/alloc.h"
#include "server/net/arrival.h"

enum {
    ACCEPTED_A_TURN = 256, /* the others come with the next one */
};

void listener_close(struct listener *listener)
{
    list_remove(&listener->link);
    poller_drop(&listener->socket);
    free(listener);
}

/* Whether somebody who waits could be turned away, or had gone, though no descriptor is left. */
static bool turn_away(struct net *net, int listening)
{
    if (net->spare_fd < 0)
        return false;
    close(net->spare_fd);
    int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    net->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd >= 0;
}

/* Accepts one; false when that was all for now. */
static bool accept_one(struct listener *listener)
{
    struct net *net = listener->net;
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    int listening = listener->socket.fd;
    int fd = accept4(listening, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        arrival_accept(net, fd, &peer, listener->door, listener->tls);
        return true;
    }
    if (errno == ECONNABORTED || errno == EINTR)
        return true; /* he is gone again; the next one may not be */
    if (errno == EAGAIN)
        return false;
    int error = uv_translate_sys_error(errno);
    net->owner.trouble(net->owner.ctx, uv_strerror(error));
    return (error == UV_EMFILE || error == UV_ENFILE) && turn_away(net, listening);
}

static void on_ready(struct watched *socket, uint32_t events)
{
    struct listener *listener =
        (struct listener *)((char *)socket - offsetof(struct listener, socket));
    (void)events;
    for (int i = 0; i < ACCEPTED_A_TURN && accept_one(listener); i++)
        continue;
}

/* Only [::], all addresses, takes those of IPv4 too. */
static bool is_any(const struct sockaddr_storage *address)
{
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    return address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

/* What is set here is what every accepted socket begins with (Linux, tcp(7)): interactive lines must
 * not wait for the acknowledgement of the last ones, and who vanished is to be noticed. */
static bool configure(int fd, bool v6, bool v6_alone)
{
    int on = 1, alone = v6_alone, idle_s = NET_KEEPALIVE_S;
    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0 &&
           setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s) == 0 &&
           setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           (!v6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, sizeof alone) == 0);
}

/* A listening socket at that address, which becomes the real one; or a libuv error. */
static int open_socket(struct sockaddr_storage *address)
{
    bool v6 = address->ss_family == AF_INET6;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return uv_translate_sys_error(errno);
    socklen_t len = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (configure(fd, v6, v6 && !is_any(address)) &&
        bind(fd, (struct sockaddr *)address, len) == 0 && listen(fd, NET_BACKLOG) == 0 &&
        getsockname(fd, (struct sockaddr *)address, &len) == 0)
        return fd;
    int error = uv_translate_sys_error(errno);
    close(fd);
    return error;
}

int listener_open(struct net *net, struct sockaddr_storage *address, void *door,
                  struct tls_context *tls)
{
    int fd = open_socket(address);
    if (fd < 0)
        return fd;
    struct listener *listener = xcalloc(1, sizeof *listener);
    listener->socket = (struct watched){.ready = on_ready, .fd = fd};
    listener->net = net;
    listener->door = door;
    listener->tls = tls;
    list_init(&listener->link);
    list_add_tail(&net->listeners, &listener->link);
    int error = poller_watch(&net->poller, &listener->socket, EPOLLIN);
    if (error < 0)
        listener_close(listener);
    return error;
}
