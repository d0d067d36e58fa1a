/* What comes while a connection is held stays in the socket until it is asked for. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/net/connection.h"
#include "common/str.h"

struct desk {
    uv_loop_t loop;
    struct connection *connection;
    int listener, server; /* the other side */
    bool is_open, is_closed, closes;
    struct str heard;
};

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
    (void)why;
    ((struct desk *)owner)->is_closed = true;
}

static const struct connection_events events = {NULL, on_opened, on_received, on_closed};

static int desk_init(void **state)
{
    static struct desk desk;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    char port[16];
    desk = (struct desk){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    *state = &desk;
    str_init(&desk.heard, (size_t)4 << 20);
    assert_int_equal(bind(desk.listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(desk.listener, 1), 0);
    assert_int_equal(getsockname(desk.listener, (struct sockaddr *)&address, &len), 0);
    snprintf(port, sizeof(port), "%d", ntohs(address.sin_port));
    uv_loop_init(&desk.loop);
    desk.connection = connection_new(&desk.loop, &events, &desk);
    connection_open(desk.connection, "127.0.0.1", port, NULL);
    while (!desk.is_open)
        uv_run(&desk.loop, UV_RUN_ONCE);
    desk.server = accept(desk.listener, NULL, NULL);
    assert_true(desk.server >= 0);
    return 0;
}

static int desk_release(void **state)
{
    struct desk *desk = *state;
    connection_free(desk->connection);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&desk->loop), 0);
    close(desk->listener);
    if (desk->server >= 0)
        close(desk->server);
    str_release(&desk->heard);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_held, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_much, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_the_end, desk_init, desk_release),
        cmocka_unit_test_setup_teardown(test_closed_by_its_owner, desk_init, desk_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
