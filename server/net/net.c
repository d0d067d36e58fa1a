#include "server/net/net.h"

#include <fcntl.h>
#include <unistd.h>

#include "server/net/conn.h"
#include "server/net/listener.h"

/* Nobody refers to what was closed before the last turn. */
static void forget_closed(struct net *net)
{
    LIST_FOR(link, &net->closed)
    {
        list_remove(link);
        conn_free(list_entry(link, struct conn, link));
    }
}

static void begin_turn(void *ctx)
{
    struct net *net = ctx;
    net->handshakes_left = NET_HANDSHAKES_PER_TURN;
    forget_closed(net);
}

int net_init(struct net *net, uv_loop_t *loop, const struct net_owner *owner)
{
    net->loop = loop;
    net->owner = *owner;
    slab_init(&net->conns, sizeof(struct conn));
    list_init(&net->listeners);
    for (int stage = 0; stage < NET_STAGES; stage++) {
        list_init(&net->stages[stage]);
        net->counts[stage] = 0;
    }
    list_init(&net->closed);
    connlimit_init(&net->connlimit, owner->max_each, owner->seed);
    str_init(&net->cipher, NET_CIPHER_BYTES);
    net->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return poller_init(&net->poller, loop, begin_turn, net);
}

void net_release(struct net *net)
{
    forget_closed(net);
    if (net->spare_fd >= 0)
        close(net->spare_fd);
    connlimit_release(&net->connlimit);
    str_release(&net->cipher);
}

/* Their deadlines count from when they came, whatever their order here is. */
static void turn_late_away(struct list *conns)
{
    LIST_FOR(link, conns)
    {
        struct conn *conn = list_entry(link, struct conn, link);
        if (conn_is_late(conn))
            conn_turn_away(conn, "no TLS handshake in time");
    }
}

void net_tick(struct net *net)
{
    forget_closed(net);
    LIST_FOR(link, &net->stages[NET_ENDING])
    {
        struct conn *conn = list_entry(link, struct conn, link);
        if (!conn_is_late(conn))
            break;
        conn_close(conn);
    }
    turn_late_away(&net->stages[NET_AWAITING_HELLO]);
    turn_late_away(&net->stages[NET_HANDSHAKING]);
}

void net_stage_enter(struct conn *conn, enum net_stage stage)
{
    conn->stage = (uint8_t)stage;
    list_add_tail(&conn->net->stages[stage], &conn->link);
    conn->net->counts[stage]++;
}

void net_stage_leave(struct conn *conn)
{
    list_remove(&conn->link);
    conn->net->counts[conn->stage]--;
}

void net_stage_move(struct conn *conn, enum net_stage stage)
{
    net_stage_leave(conn);
    net_stage_enter(conn, stage);
}

static void close_stage(struct net *net, enum net_stage stage)
{
    LIST_FOR(link, &net->stages[stage])
    conn_close(list_entry(link, struct conn, link));
}

void net_stop_listening(struct net *net)
{
    LIST_FOR(link, &net->listeners)
    listener_close(list_entry(link, struct listener, link));
    close_stage(net, NET_AWAITING_HELLO);
    close_stage(net, NET_HANDSHAKING);
}

void net_close_all(struct net *net)
{
    for (int stage = 0; stage < NET_STAGES; stage++)
        close_stage(net, (enum net_stage)stage);
    poller_close(&net->poller);
}
