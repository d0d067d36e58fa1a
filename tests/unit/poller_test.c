/* The poller: what is ready is told once, what was dropped not at all, and errors only where asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "server/net/poller.h"

struct ear {
    struct watched socket;
    int told;
    uint32_t events;
    struct watched *drops; /* dropped when told; may be NULL */
};

struct bed {
    uv_loop_t loop;
    struct poller poller;
    int fetched;
    struct ear ears[2];
    int others[2];
};

static void on_ready(struct watched *watched, uint32_t events)
{
    struct ear *ear = (struct ear *)watched;
    ear->told++;
    ear->events = events;
    if (ear->drops && ear->drops->fd >= 0)
        poller_drop(ear->drops);
}

static void on_fetch(void *ctx)
{
    ((struct bed *)ctx)->fetched++;
}

static void open_bed(struct bed *bed)
{
    *bed = (struct bed){0};
    assert_int_equal(uv_loop_init(&bed->loop), 0);
    assert_int_equal(poller_init(&bed->poller, &bed->loop, on_fetch, bed), 0);
    for (int i = 0; i < 2; i++) {
        int pair[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        bed->ears[i].socket = (struct watched){.ready = on_ready, .fd = pair[0]};
        bed->others[i] = pair[1];
    }
}

static void close_bed(struct bed *bed)
{
    for (int i = 0; i < 2; i++) {
        if (bed->ears[i].socket.fd >= 0)
            poller_drop(&bed->ears[i].socket);
        close(bed->others[i]);
    }
    poller_close(&bed->poller);
    uv_run(&bed->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&bed->loop), 0);
}

static void what_is_asked_for_is_told(void **state)
{
    (void)state;
    struct bed bed;
    open_bed(&bed);
    struct ear *ear = &bed.ears[0];
    assert_int_equal(poller_watch(&bed.poller, &ear->socket, EPOLLIN), 0);
    uv_run(&bed.loop, UV_RUN_NOWAIT);
    assert_int_equal(ear->told, 0);
    assert_int_equal(write(bed.others[0], "x", 1), 1);
    uv_run(&bed.loop, UV_RUN_NOWAIT);
    assert_int_equal(ear->told, 1);
    assert_int_equal(ear->events, EPOLLIN);
    assert_int_equal(bed.fetched, 1);
    assert_int_equal(poller_watch(&bed.poller, &ear->socket, EPOLLOUT), 0);
    uv_run(&bed.loop, UV_RUN_NOWAIT);
    assert_int_equal(ear->told, 2);
    assert_int_equal(ear->events, EPOLLOUT);
    close_bed(&bed);
}

/* A reader that is paused, and gone, must not keep the loop busy. */
static void who_asks_for_nothing_hears_nothing(void **state)
{
    (void)state;
    struct bed bed;
    open_bed(&bed);
    struct ear *ear = &bed.ears[0];
    assert_int_equal(poller_watch(&bed.poller, &ear->socket, EPOLLIN), 0);
    assert_int_equal(poller_watch(&bed.poller, &ear->socket, 0), 0);
    shutdown(bed.others[0], SHUT_RDWR);
    uv_run(&bed.loop, UV_RUN_NOWAIT);
    assert_int_equal(ear->told, 0);
    assert_int_equal(poller_watch(&bed.poller, &ear->socket, EPOLLIN), 0);
    uv_run(&bed.loop, UV_RUN_NOWAIT);
    assert_int_equal(ear->told, 1);
    close_bed(&bed);
}

static void who_was_dropped_hears_nothing(void **state)
{
    (void)state;
    struct bed bed;
    open_bed(&bed);
    for (int i = 0; i < 2; i++) {
        bed.ears[i].drops = &bed.ears[1 - i].socket;
        assert_int_equal(poller_watch(&bed.poller, &bed.ears[i].socket, EPOLLIN), 0);
        assert_int_equal(write(bed.others[i], "x", 1), 1);
    }
    uv_run(&bed.loop, UV_RUN_NOWAIT);
    assert_int_equal(bed.ears[0].told + bed.ears[1].told, 1);
    close_bed(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_for_is_told),
        cmocka_unit_test(who_asks_for_nothing_hears_nothing),
        cmocka_unit_test(who_was_dropped_hears_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
