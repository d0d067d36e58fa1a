/* Who answers under a name, who is trusted, and what has a maximum; and what comes while a connection
 * is held stays in the socket until it is asked for. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/net/connection.h"
#include "common/str.h"
#include "common/tls.h"

enum {
    PATIENCE_MS = 20000, /* where somebody answers */
    SOON_MS = 20,        /* where nobody does */
    NOW_S = 1790000000,
};

struct desk {
    uv_loop_t loop;
    struct connection *connection;
    int listener, server; /* the other side */
    char port[16];
    bool is_open, is_closed, closes;
    const char *mistrust; /* why the server is not trusted; NULL: it is */
    struct str heard, why;
};

static bool on_trusts(void *owner, const struct connection_peer *peer, struct str *why)
{
    struct desk *desk = owner;
    assert_int_equal(strlen(peer->fingerprint), FINGERPRINT_DIGITS);
    if (desk->mistrust)
        str_adds(why, desk->mistrust);
    return !desk->mistrust;
}

static void on_opened(void *owner)
{
    ((struct desk *)owner)->is_open = true;
}

static void on_received(void *owner, const char *bytes, size_t len)
{
    struct desk *desk = owner;
    assert_true(str_add(&desk->heard, bytes, len));
    if (desk->closes)
        connection_close(desk->connection);
}

static void on_closed(void *owner, const char *why)
{
    struct desk *desk = owner;
    assert_false(desk->is_closed);
    desk->is_closed = true;
    str_adds(&desk->why, why);
}

static const struct connection_events events = {on_trusts, on_opened, on_received, on_closed};

/* Listens on a port of this machine, which becomes `desk->port`; takes nobody in by itself. */
static void listen_here(struct desk *desk, int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    desk->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(desk->listener, (struct sockaddr *)&address, len), 0);
    if (backlog >= 0)
        assert_int_equal(listen(desk->listener, backlog), 0);
    assert_int_equal(getsockname(desk->listener, (struct sockaddr *)&address, &len), 0);
    snprintf(desk->port, sizeof(desk->port), "%d", ntohs(address.sin_port));
}

static int desk_init(void **state)
{
    static struct desk desk;
    desk = (struct desk){.listener = -1, .server = -1};
    *state = &desk;
    str_init(&desk.heard, (size_t)16 << 20);
    str_init(&desk.why, 1000);
    uv_loop_init(&desk.loop);
    desk.connection = connection_new(&desk.loop, &events, &desk);
    return 0;
}

static void take_in(struct desk *desk)
{
    desk->server = accept(desk->listener, NULL, NULL);
    assert_true(desk->server >= 0);
}

static int desk_init_connected(void **state)
{
    desk_init(state);
    struct desk *desk = *state;
    listen_here(desk, 1);
    connection_open(desk->connection, "127.0.0.1", desk->port, NULL, PATIENCE_MS);
    while (!desk->is_open)
        uv_run(&desk->loop, UV_RUN_ONCE);
    take_in(desk);
    return 0;
}

static int desk_release(void **state)
{
    struct desk *desk = *state;
    connection_free(desk->connection);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&desk->loop), 0);
    if (desk->listener >= 0)
        close(desk->listener);
    if (desk->server >= 0)
        close(desk->server);
    str_release(&desk->heard);
    str_release(&desk->why);
    return 0;
}

static void say(struct desk *desk, const char *bytes, size_t len)
{
    assert_int_equal(send(desk->server, bytes, len, 0), (ssize_t)len);
}

static void turn(struct desk *desk)
{
    uv_run(&desk->loop, UV_RUN_NOWAIT);
    uv_run(&desk->loop, UV_RUN_NOWAIT);
}

static void test_held(void **state)
{
    struct desk *desk = *state;
    connection_hold(desk->connection, true);
    connection_hold(desk->connection, true);
    say(desk, "one", 3); /* on loopback it is there when send() returns */
    turn(desk);
    assert_int_equal(desk->heard.len, 0);
    connection_read(desk->connection);
    assert_string_equal(desk->heard.data, "one");
    connection_read(desk->connection);
    say(desk, "two", 3);
    turn(desk);
    assert_string_equal(desk->heard.data, "one");
    connection_hold(desk->connection, false);
    while (desk->heard.len < 6)
        uv_run(&desk->loop, UV_RUN_ONCE);
    say(desk, "three", 5);
    while (desk->heard.len < 11)
        uv_run(&desk->loop, UV_RUN_ONCE);
    assert_string_equal(desk->heard.data, "onetwothree");
}

/* All that has come is taken, not a buffer of it. */
static void test_much(void **state)
{
    struct desk *desk = *state;
    static char block[100 * 1000];
    memset(block, 'x', sizeof(block));
    connection_hold(desk->connection, true);
    say(desk, block, sizeof(block));
    while (desk->heard.len < sizeof(block))
        connection_read(desk->connection);
    assert_int_equal(desk->heard.len, sizeof(block));
}

static void test_the_end(void **state)
{
    struct desk *desk = *state;
    connection_hold(desk->connection, true);
    say(desk, "bye", 3);
    close(desk->server);
    desk->server = -1;
    while (!desk->is_closed)
        connection_read(desk->connection);
    assert_string_equal(desk->heard.data, "bye");
    assert_false(connection_is_open(desk->connection));
    connection_read(desk->connection);
    connection_hold(desk->connection, false);
}

static void test_closed_by_its_owner(void **state)
{
    struct desk *desk = *state;
    connection_hold(desk->connection, true);
    desk->closes = true;
    say(desk, "x", 1);
    while (desk->heard.len == 0)
        connection_read(desk->connection);
    assert_false(connection_is_open(desk->connection));
    assert_false(desk->is_closed);
}

static void until_closed(struct desk *desk)
{
    while (!desk->is_closed)
        uv_run(&desk->loop, UV_RUN_ONCE);
    assert_false(connection_is_open(desk->connection));
}

/* "localhost" is ::1 first: nobody listens there, or there is no IPv6 at all. */
static void test_a_second_address(void **state)
{
    struct desk *desk = *state;
    listen_here(desk, 1);
    connection_open(desk->connection, "localhost", desk->port, NULL, PATIENCE_MS);
    while (!desk->is_open && !desk->is_closed)
        uv_run(&desk->loop, UV_RUN_ONCE);
    assert_true(desk->is_open);
    take_in(desk);
    say(desk, "hello", 5);
    while (desk->heard.len < 5)
        uv_run(&desk->loop, UV_RUN_ONCE);
}

static void test_all_refuse(void **state)
{
    struct desk *desk = *state;
    listen_here(desk, -1); /* the port is ours, and nobody listens */
    connection_open(desk->connection, "localhost", desk->port, NULL, PATIENCE_MS);
    until_closed(desk);
    assert_string_equal(desk->why.data, "connection refused");
}

/* A socket of that family, which begins to connect to the desk's port. */
static int knock(const struct sockaddr *address, socklen_t len)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    (void)connect(fd, address, len);
    return fd;
}

/* Linux leaves those without an answer who come to a full backlog: here whoever comes second. */
static void test_nobody_answers(void **state)
{
    struct desk *desk = *state;
    struct sockaddr_in address;
    socklen_t len = sizeof(address);
    listen_here(desk, 0);
    assert_int_equal(getsockname(desk->listener, (struct sockaddr *)&address, &len), 0);
    int first = knock((struct sockaddr *)&address, len);
    connection_open(desk->connection, "127.0.0.1", desk->port, NULL, SOON_MS);
    until_closed(desk);
    assert_string_equal(desk->why.data, "no answer");
    assert_false(desk->is_open);
    close(first);
}

/* ::1 does not answer, and the next address does not wait until it is given up. */
static void test_a_silent_address(void **state)
{
    struct desk *desk = *state;
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    listen_here(desk, 1);
    address.sin6_port = htons((uint16_t)atoi(desk->port));
    int silent = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (silent < 0 || bind(silent, (struct sockaddr *)&address, sizeof(address)) != 0) {
        if (silent >= 0)
            close(silent);
        skip(); /* no IPv6 here, or somebody else has that port */
    }
    assert_int_equal(listen(silent, 0), 0);
    int first = knock((struct sockaddr *)&address, sizeof(address));
    connection_open(desk->connection, "localhost", desk->port, NULL, PATIENCE_MS);
    while (!desk->is_open && !desk->is_closed)
        uv_run(&desk->loop, UV_RUN_ONCE);
    assert_true(desk->is_open);
    take_in(desk);
    close(first);
    close(silent);
}

/* A service that nobody knows: only the thread that looks names up can say so, without asking a network. */
static void test_a_failed_lookup(void **state)
{
    struct desk *desk = *state;
    connection_open(desk->connection, "127.0.0.1", "no-such-service", NULL, PATIENCE_MS);
    connection_open(desk->connection, "127.0.0.1", "no-such-service", NULL, PATIENCE_MS);
    until_closed(desk); /* once */
    assert_int_not_equal(desk->why.len, 0);
}

/* What cannot even be looked up is told from the loop, not from within the call. */
static void test_no_name(void **state)
{
    struct desk *desk = *state;
    char name[1000];
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    connection_open(desk->connection, name, "1", NULL, PATIENCE_MS);
    assert_false(desk->is_closed);
    until_closed(desk);
}

/* However far it has come, nothing follows; and nothing keeps the loop alive. */
static void test_closed_on_its_way(void **state)
{
    struct desk *desk = *state;
    listen_here(desk, 8);
    for (int turns = 0; turns < 5; turns++) {
        connection_open(desk->connection, "localhost", desk->port, NULL, PATIENCE_MS);
        for (int i = 0; i < turns; i++)
            uv_run(&desk->loop, UV_RUN_NOWAIT);
        connection_close(desk->connection);
        desk->is_open = false;
        uv_run(&desk->loop, UV_RUN_DEFAULT);
        assert_false(desk->is_open || desk->is_closed);
    }
}

/* A server in TLS, and what the client needs for it. */
struct tls_side {
    struct identity *server, *client;
    struct tls_context *serving, *visiting;
    struct tls *tls;
    struct str out;
};

static void tls_side_init(struct tls_side *side)
{
    struct str error;
    str_init(&error, 1000);
    side->server = identity_make("lab.local", NOW_S, &error);
    side->client = identity_make("ada", NOW_S, &error);
    side->serving = tls_context_new_server(side->server, &error);
    side->visiting = tls_context_new_client(side->client, &error);
    assert_true(side->serving && side->visiting);
    side->tls = tls_new(side->serving, NULL);
    str_init(&side->out, 1 << 20);
    str_release(&error);
}

static void tls_side_release(struct tls_side *side)
{
    tls_free(side->tls);
    tls_context_free(side->serving);
    tls_context_free(side->visiting);
    identity_free(side->server);
    identity_free(side->client);
    str_release(&side->out);
}

/* The server takes what has come, and answers. */
static void tls_side_step(struct tls_side *side, struct desk *desk)
{
    char bytes[4096];
    ssize_t n_read = recv(desk->server, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (n_read > 0)
        tls_feed(side->tls, bytes, (size_t)n_read);
    tls_handshake(side->tls, &side->out);
    if (side->out.len > 0)
        say(desk, side->out.data, side->out.len);
    str_reset(&side->out);
}

/* Both sides go on until the client is open or closed. */
static void shake_hands(struct tls_side *side, struct desk *desk)
{
    tls_side_init(side);
    listen_here(desk, 1);
    connection_open(desk->connection, "127.0.0.1", desk->port, side->visiting, PATIENCE_MS);
    uv_run(&desk->loop, UV_RUN_NOWAIT);
    take_in(desk);
    while (!desk->is_open && !desk->is_closed) {
        uv_run(&desk->loop, UV_RUN_NOWAIT);
        tls_side_step(side, desk);
    }
}

static void test_a_trusted_peer(void **state)
{
    struct desk *desk = *state;
    struct tls_side side;
    char fingerprint[FINGERPRINT_SIZE], own[FINGERPRINT_SIZE];
    shake_hands(&side, desk);
    assert_true(desk->is_open);
    while (tls_state(side.tls) == TLS_HANDSHAKING) {
        uv_run(&desk->loop, UV_RUN_NOWAIT);
        tls_side_step(&side, desk);
    }
    assert_true(tls_peer_fingerprint(side.tls, fingerprint));
    identity_fingerprint(side.client, own);
    assert_string_equal(fingerprint, own);
    tls_side_release(&side);
}

/* It is told nothing more: not even who we are. */
static void test_a_refused_peer(void **state)
{
    struct desk *desk = *state;
    struct tls_side side;
    char fingerprint[FINGERPRINT_SIZE], byte;
    desk->mistrust = "another one";
    shake_hands(&side, desk);
    assert_false(desk->is_open);
    assert_string_equal(desk->why.data, "another one");
    assert_false(connection_write(desk->connection, "x", 1));
    uv_run(&desk->loop, UV_RUN_DEFAULT); /* its handle closes */
    tls_side_step(&side, desk);
    assert_int_equal(tls_state(side.tls), TLS_HANDSHAKING);
    assert_false(tls_peer_fingerprint(side.tls, fingerprint));
    assert_true(recv(desk->server, &byte, 1, 0) <= 0);
    tls_side_release(&side);
}

/* Somebody takes us in, and says nothing. */
static void test_no_handshake(void **state)
{
    struct desk *desk = *state;
    struct tls_side side;
    tls_side_init(&side);
    listen_here(desk, 1);
    connection_open(desk->connection, "127.0.0.1", desk->port, side.visiting, SOON_MS);
    until_closed(desk);
    assert_string_equal(desk->why.data, "no answer");
    tls_side_release(&side);
}

/* Takes what has come at the other side, without waiting; returns how much it was. */
static size_t drain(struct desk *desk)
{
    static char bytes[256 * 1024];
    ssize_t n_read = recv(desk->server, bytes, sizeof(bytes), MSG_DONTWAIT);
    return n_read > 0 ? (size_t)n_read : 0;
}

/* A peer that reads nothing: what waits has a maximum, and what was taken arrives all the same. */
static void test_a_full_queue(void **state)
{
    struct desk *desk = *state;
    static char block[256 * 1024];
    size_t taken = 0, arrived = 0, refused_at = 0;
    while (refused_at == 0) {
        if (connection_write(desk->connection, block, sizeof(block)))
            taken += sizeof(block);
        else
            refused_at = taken;
        uv_run(&desk->loop, UV_RUN_NOWAIT);
        assert_true(taken < (size_t)64 << 20);
    }
    assert_true(refused_at >= CONNECTION_MAX_QUEUED_BYTES);
    assert_true(connection_is_open(desk->connection));
    while (arrived < taken) {
        arrived += drain(desk);
        uv_run(&desk->loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(arrived, taken);
    assert_true(connection_write(desk->connection, "x", 1));
    assert_false(desk->is_closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_held, desk_init_connected, desk_release),
        cmocka_unit_test_setup_teardown(test_much, desk_init_connected, desk_release),
        cmocka_unit_test_setup_teardown(test_the_end, desk_init_connected, desk_release),
        cmocka_unit_test_setup_teardown(test_closed_by_its_owner, desk_init_connected,
                                        desk_release),
        cmocka_unit_test_setup_teardown(test_a_second_address, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_all_refuse, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_nobody_answers, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_a_silent_address, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_a_failed_lookup, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_no_name, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_closed_on_its_way, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_a_trusted_peer, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_a_refused_peer, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_no_handshake, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_a_full_queue, desk_init_connected, desk_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
