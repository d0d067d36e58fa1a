#include "server/net/arrival.h"

#include <string.h>

#include "server/net/address.h"
#include "server/net/secure.h"

bool arrival_open(struct conn *conn, void *door, const struct origin *origin)
{
    struct net *net = conn->net;
    if (conn->stage != NET_OPEN)
        net_stage_move(conn, NET_OPEN);
    conn->session = net->owner.opened(net->owner.ctx, conn, door, origin);
    if (conn->session == SESSION_NONE)
        conn_close(conn);
    return conn->session != SESSION_NONE;
}

static struct conn *oldest(struct net *net, enum net_stage stage)
{
    return list_entry(list_first(&net->stages[stage]), struct conn, link);
}

/* The oldest of those who shake hands is the one that most likely never will. */
static void keep_few(struct net *net, enum net_stage stage, size_t max)
{
    if (net->counts[stage] >= max)
        conn_turn_away(oldest(net, stage), "too many TLS handshakes at the same time");
}

void arrival_handshakes(struct conn *conn)
{
    keep_few(conn->net, NET_HANDSHAKING, NET_HANDSHAKING_MAX);
    net_stage_move(conn, NET_HANDSHAKING);
}

static void open_secure(struct conn *conn, void *door, const struct sockaddr_storage *peer,
                        struct tls_context *tls)
{
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    address_word(peer, host);
    keep_few(net, NET_AWAITING_HELLO, NET_AWAITING_HELLO_MAX);
    conn->secure = secure_new(tls, door, host);
    conn->deadline_ms = (uint32_t)uv_now(net->loop) + NET_HANDSHAKE_MS;
    net_stage_move(conn, NET_AWAITING_HELLO);
    conn_resume(conn);
}

static void open_clear(struct conn *conn, void *door, const struct sockaddr_storage *peer)
{
    char host[ADDRESS_TEXT_MAX];
    address_word(peer, host);
    if (arrival_open(conn, door, &(struct origin){.host = host}))
        conn_resume(conn);
}

/* As many again as may come may wait to read that they may not; the others are just closed. */
static void refuse_over_limit(struct conn *conn, bool in_clear)
{
    struct net *net = conn->net;
    char host[ADDRESS_TEXT_MAX];
    const char *answer = net->owner.limit_answer;
    bool told = in_clear && conn->address->count <= 2 * net->connlimit.max_each &&
                conn_say(conn, answer, strlen(answer));
    conn_host(conn, host);
    net->owner.turned_away(net->owner.ctx, host, "too many connections from there");
    conn->heard = true;
    if (told)
        conn_end(conn);
    else
        conn_close(conn);
}

/* Descriptors run out for those who hold them for nothing: first who was told to go, then who has not
 * come in yet. The last ones are never given away, since the log and the configuration want some. */
static bool make_room(struct net *net)
{
    static const enum net_stage order[] = {NET_ENDING, NET_AWAITING_HELLO, NET_HANDSHAKING};
    size_t count = 0;
    for (int stage = 0; stage < NET_STAGES; stage++)
        count += net->counts[stage];
    if (count < net->owner.max_conns)
        return true;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (net->counts[order[i]] == 0)
            continue;
        if (order[i] == NET_ENDING)
            conn_close(oldest(net, order[i]));
        else
            conn_turn_away(oldest(net, order[i]), "descriptors are scarce, and it never came in");
        return true;
    }
    return false;
}

static void turn_away_at_once(struct conn *conn)
{
    conn->heard = true;
    conn_turn_away(conn, "no descriptors are left");
}

void arrival_accept(struct net *net, int fd, const struct sockaddr_storage *peer, void *door,
                    struct tls_context *tls)
{
    bool has_room = make_room(net);
    struct conn *conn = conn_new(net, fd, peer);
    if (!has_room)
        turn_away_at_once(conn);
    else if (conn->address && conn->address->count > net->connlimit.max_each)
        refuse_over_limit(conn, !tls);
    else if (tls)
        open_secure(conn, door, peer, tls);
    else
        open_clear(conn, door, peer);
}
