#include "server/net/listener.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/net/conn.h"

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void listener_close(struct listener *listener)
{
    list_remove(&listener->link);
    uv_close((uv_handle_t *)&listener->tcp, on_closed);
}

static void on_connection(uv_stream_t *stream, int status)
{
    struct listener *listener = stream->data;
    struct net *net = listener->net;
    if (status == 0)
        status = conn_accept(net, stream, listener->door, listener->tls);
    if (status < 0)
        net->owner.trouble(net->owner.ctx, uv_strerror(status));
}

/* Only [::], all addresses, takes those of IPv4 too. */
static bool is_any(const struct sockaddr_storage *address)
{
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    return address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

static int bind_and_listen(struct listener *listener, const struct sockaddr_storage *address)
{
    bool v6_alone = address->ss_family == AF_INET6 && !is_any(address);
    unsigned flags = v6_alone ? UV_TCP_IPV6ONLY : 0;
    int error = uv_tcp_bind(&listener->tcp, (const struct sockaddr *)address, flags);
    return error < 0 ? error : uv_listen((uv_stream_t *)&listener->tcp, NET_BACKLOG, on_connection);
}

int listener_open(struct net *net, struct sockaddr_storage *address, void *door,
                  struct tls_context *tls)
{
    struct listener *listener = xcalloc(1, sizeof *listener);
    listener->net = net;
    listener->door = door;
    listener->tls = tls;
    list_init(&listener->link);
    int error = uv_tcp_init(net->loop, &listener->tcp);
    if (error < 0) {
        free(listener);
        return error;
    }
    listener->tcp.data = listener;
    list_add_tail(&net->listeners, &listener->link);
    error = bind_and_listen(listener, address);
    int len = sizeof *address;
    if (error == 0)
        error = uv_tcp_getsockname(&listener->tcp, (struct sockaddr *)address, &len);
    if (error < 0)
        listener_close(listener);
    return error;
}
