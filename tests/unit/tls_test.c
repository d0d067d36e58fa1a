/* Handshakes, data and ends in memory, however the bytes are cut; and peers that do not play. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/str.h"
#include "common/tls.h"

enum { NOW_S = 1790000000, PLENTY_BYTES = 1 << 22 };

/* A server and a client, and the bytes on their way. */
struct pair {
    struct tls *server, *client;
    struct str to_server, to_client;
    struct str server_heard, client_heard;
};

struct stage {
    struct identity *server, *client;
    struct tls_context *serving, *visiting, *anonymous;
};

static struct stage stage;

static int set_stage(void **state)
{
    (void)state;
    struct str error;
    str_init(&error, 1000);
    stage.server = identity_make("lab.local", NOW_S, &error);
    stage.client = identity_make("ada", NOW_S, &error);
    stage.serving = tls_context_new_server(stage.server, &error);
    stage.visiting = tls_context_new_client(stage.client, &error);
    stage.anonymous = tls_context_new_client(NULL, &error);
    str_release(&error);
    return stage.serving && stage.visiting && stage.anonymous ? 0 : -1;
}

static int clear_stage(void **state)
{
    (void)state;
    tls_context_free(stage.serving);
    tls_context_free(stage.visiting);
    tls_context_free(stage.anonymous);
    identity_free(stage.server);
    identity_free(stage.client);
    return 0;
}

static void pair_init(struct pair *pair, struct tls_context *client)
{
    pair->server = tls_new(stage.serving, NULL);
    pair->client = tls_new(client, "lab.local");
    str_init(&pair->to_server, PLENTY_BYTES);
    str_init(&pair->to_client, PLENTY_BYTES);
    str_init(&pair->server_heard, PLENTY_BYTES);
    str_init(&pair->client_heard, PLENTY_BYTES);
}

static void pair_release(struct pair *pair)
{
    tls_free(pair->server);
    tls_free(pair->client);
    str_release(&pair->to_server);
    str_release(&pair->to_client);
    str_release(&pair->server_heard);
    str_release(&pair->client_heard);
}

/* One side takes what there is, in reads of an odd size. */
static void take(struct tls *tls, struct str *out, struct str *heard)
{
    char bytes[999];
    size_t count;
    tls_handshake(tls, out);
    while ((count = tls_read(tls, bytes, sizeof bytes, out)) > 0)
        str_add(heard, bytes, count);
}

/* Carries up to `piece` bytes one way. */
static void carry(struct str *from, struct tls *tls, struct str *out, struct str *heard,
                  size_t piece)
{
    size_t len = from->len < piece ? from->len : piece;
    tls_feed(tls, from->data, len);
    str_remove(from, 0, len);
    take(tls, out, heard);
}

/* Until nothing is on its way any more. */
static void converse(struct pair *pair, size_t piece)
{
    take(pair->client, &pair->to_server, &pair->client_heard);
    while (pair->to_server.len > 0 || pair->to_client.len > 0) {
        carry(&pair->to_server, pair->server, &pair->to_client, &pair->server_heard, piece);
        carry(&pair->to_client, pair->client, &pair->to_server, &pair->client_heard, piece);
    }
}

static void assert_open(const struct pair *pair)
{
    assert_string_equal(tls_error(pair->server), "");
    assert_string_equal(tls_error(pair->client), "");
    assert_int_equal(tls_state(pair->server), TLS_OPEN);
    assert_int_equal(tls_state(pair->client), TLS_OPEN);
}

static void they_talk_however_the_bytes_are_cut(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 100, 1000, 4096, 65536};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct pair pair;
        pair_init(&pair, stage.visiting);
        converse(&pair, pieces[i]);
        assert_open(&pair);
        assert_true(tls_write(pair.client, "hello\r\n", 7, &pair.to_server));
        assert_true(tls_write(pair.server, "welcome\r\n", 9, &pair.to_client));
        converse(&pair, pieces[i]);
        assert_string_equal(pair.server_heard.data, "hello\r\n");
        assert_string_equal(pair.client_heard.data, "welcome\r\n");
        assert_false(tls_waiting(pair.server));
        pair_release(&pair);
    }
}

/* The client's first flight, cut in two at every byte. */
static void a_handshake_is_cut_anywhere(void **state)
{
    (void)state;
    size_t len = 1;
    for (size_t cut = 1; cut < len; cut++) {
        struct pair pair;
        pair_init(&pair, stage.visiting);
        take(pair.client, &pair.to_server, &pair.client_heard);
        len = pair.to_server.len;
        carry(&pair.to_server, pair.server, &pair.to_client, &pair.server_heard, cut);
        assert_int_equal(tls_state(pair.server), TLS_HANDSHAKING);
        assert_int_equal(pair.to_client.len, 0);
        converse(&pair, SIZE_MAX);
        assert_open(&pair);
        pair_release(&pair);
    }
}

static void each_learns_who_the_other_is(void **state)
{
    (void)state;
    struct pair pair;
    char expected[FINGERPRINT_SIZE], seen[FINGERPRINT_SIZE];
    pair_init(&pair, stage.visiting);
    assert_false(tls_peer_fingerprint(pair.client, seen));
    converse(&pair, SIZE_MAX);
    assert_true(tls_peer_fingerprint(pair.client, seen));
    identity_fingerprint(stage.server, expected);
    assert_string_equal(seen, expected);
    assert_false(tls_peer_is_vouched_for(pair.client));
    assert_true(tls_peer_fingerprint(pair.server, seen));
    identity_fingerprint(stage.client, expected);
    assert_string_equal(seen, expected);
    pair_release(&pair);

    pair_init(&pair, stage.anonymous);
    converse(&pair, SIZE_MAX);
    assert_open(&pair);
    assert_false(tls_peer_fingerprint(pair.server, seen));
    pair_release(&pair);
}

static void much_data_passes_in_small_records(void **state)
{
    (void)state;
    enum { BYTES = 300 * 1000 };
    char *data = malloc(BYTES);
    for (size_t i = 0; i < BYTES; i++)
        data[i] = (char)(i * 31 + i / 251);
    struct pair pair;
    pair_init(&pair, stage.visiting);
    converse(&pair, SIZE_MAX);
    assert_true(tls_write(pair.server, data, BYTES, &pair.to_client));
    assert_true(pair.to_client.len > BYTES);
    for (size_t at = 0; at < pair.to_client.len;) {
        const unsigned char *header = (const unsigned char *)pair.to_client.data + at;
        size_t len = (size_t)header[3] << 8 | header[4];
        assert_in_range(len, 1, TLS_RECORD_BYTES + 256);
        at += 5 + len;
    }
    converse(&pair, 10000);
    assert_int_equal(pair.client_heard.len, BYTES);
    assert_memory_equal(pair.client_heard.data, data, BYTES);
    pair_release(&pair);
    free(data);
}

/* Reading stops wherever the reader likes, and nothing is lost meanwhile. */
static void what_is_not_read_waits(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair, stage.visiting);
    converse(&pair, SIZE_MAX);
    for (int i = 0; i < 100; i++)
        assert_true(tls_write(pair.client, "0123456789", 10, &pair.to_server));
    tls_feed(pair.server, pair.to_server.data, pair.to_server.len);
    str_reset(&pair.to_server);
    char bytes[7];
    while (pair.server_heard.len < 1000) {
        assert_true(tls_waiting(pair.server));
        size_t count = tls_read(pair.server, bytes, sizeof bytes, &pair.to_client);
        assert_in_range(count, 1, sizeof bytes);
        str_add(&pair.server_heard, bytes, count);
    }
    assert_false(tls_waiting(pair.server));
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(pair.server_heard.data[i], '0' + i % 10);
    pair_release(&pair);
}

static void a_good_bye_is_told_from_a_cut(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair, stage.visiting);
    converse(&pair, SIZE_MAX);
    tls_close(pair.client, &pair.to_server);
    assert_false(tls_write(pair.client, "x", 1, &pair.to_server));
    converse(&pair, SIZE_MAX);
    assert_int_equal(tls_state(pair.server), TLS_CLOSED);
    assert_true(tls_write(pair.server, "last words", 10, &pair.to_client));
    converse(&pair, SIZE_MAX);
    assert_string_equal(pair.client_heard.data, "last words");
    tls_eof(pair.server);
    assert_int_equal(tls_state(pair.server), TLS_CLOSED);
    tls_eof(pair.client);
    assert_string_equal(tls_error(pair.client), "the connection was cut");
    pair_release(&pair);

    pair_init(&pair, stage.visiting);
    tls_handshake(pair.client, &pair.to_server);
    tls_eof(pair.client);
    assert_int_equal(tls_state(pair.client), TLS_FAILED);
    assert_string_equal(tls_error(pair.client),
                        "the connection was closed during the TLS handshake");
    pair_release(&pair);
}

static void clear_text_is_recognized(void **state)
{
    (void)state;
    static const char *const said[] = {"NICK ada\r\n",       "\r\n",
                                       "GET / HTTP/1.0\r\n", ":lab 020 * :hello\r\n",
                                       "\x80\x2e\x01",       "\xff\xfb"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct pair pair;
        pair_init(&pair, stage.visiting);
        tls_handshake(pair.client, &pair.to_server);
        struct tls *sides[] = {pair.server, pair.client};
        for (size_t side = 0; side < 2; side++) {
            tls_feed(sides[side], said[i], strlen(said[i]));
            assert_int_equal(tls_handshake(sides[side], &pair.to_client), TLS_FAILED);
            assert_true(tls_peer_is_clear(sides[side]));
            assert_string_equal(tls_error(sides[side]), "the other side does not speak TLS here");
        }
        assert_int_equal(pair.to_client.len, 0);
        pair_release(&pair);
    }
}

static void garbage_costs_itself_alone(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } cases[] = {
        {"\x16\x03\x01\x00\x05hello", 10},  {"\x16\x03\x01\xff\xff", 5},
        {"\x16\x00\x00\x00\x00", 5},        {"\x15\x03\x01\x00\x02\x02\x28", 7},
        {"\x17\x03\x03\x00\x05hello", 10},  {"\x14\x03\x03\x00\x01\x02", 6},
        {"\x16GET / HTTP/1.0\r\n\r\n", 19},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        pair_init(&pair, stage.visiting);
        tls_handshake(pair.client, &pair.to_server);
        struct tls *sides[] = {pair.server, pair.client};
        for (size_t side = 0; side < 2; side++) {
            tls_feed(sides[side], cases[i].bytes, cases[i].len);
            assert_int_equal(tls_handshake(sides[side], &pair.to_client), TLS_FAILED);
            assert_false(tls_peer_is_clear(sides[side]));
            assert_memory_equal(tls_error(sides[side]), "TLS: ", 5);
            /* A failed one stays as it is, whatever is done to it. */
            tls_feed(sides[side], "more", 4);
            tls_eof(sides[side]);
            tls_close(sides[side], &pair.to_client);
            assert_false(tls_write(sides[side], "x", 1, &pair.to_client));
            char byte;
            assert_int_equal(tls_read(sides[side], &byte, 1, &pair.to_client), 0);
            assert_int_equal(tls_state(sides[side]), TLS_FAILED);
        }
        pair_release(&pair);
    }
}

static void a_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair, stage.visiting);
    converse(&pair, SIZE_MAX);
    tls_write(pair.client, "pay ada 10", 10, &pair.to_server);
    pair.to_server.data[pair.to_server.len / 2] ^= 1;
    carry(&pair.to_server, pair.server, &pair.to_client, &pair.server_heard, SIZE_MAX);
    assert_int_equal(tls_state(pair.server), TLS_FAILED);
    assert_string_equal(tls_error(pair.server), "TLS: bytes were changed on their way");
    assert_int_equal(pair.server_heard.len, 0);
    assert_true(pair.to_client.len > 0); /* an alert */
    pair_release(&pair);
}

static void what_may_be_fed_at_once_is_bounded(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair, stage.visiting);
    char *bytes = calloc(1, TLS_MAX_WAITING_BYTES + 1);
    bytes[0] = 0x16;
    tls_feed(pair.server, bytes, TLS_MAX_WAITING_BYTES + 1);
    assert_int_equal(tls_state(pair.server), TLS_FAILED);
    assert_string_equal(tls_error(pair.server), "TLS: more was sent than is taken at once");
    free(bytes);
    pair_release(&pair);
}

static void a_new_certificate_is_for_new_connections(void **state)
{
    (void)state;
    struct str error;
    struct pair before, after;
    char expected[FINGERPRINT_SIZE], seen[FINGERPRINT_SIZE];
    str_init(&error, 1000);
    struct identity *renewed = identity_make("lab.local", NOW_S, &error);
    pair_init(&before, stage.visiting);
    take(before.client, &before.to_server, &before.client_heard);
    carry(&before.to_server, before.server, &before.to_client, &before.server_heard, SIZE_MAX);
    assert_true(tls_context_use(stage.serving, renewed, &error));
    pair_init(&after, stage.visiting);
    converse(&before, SIZE_MAX);
    converse(&after, SIZE_MAX);
    assert_open(&before);
    assert_open(&after);
    identity_fingerprint(stage.server, expected);
    assert_true(tls_peer_fingerprint(before.client, seen));
    assert_string_equal(seen, expected);
    identity_fingerprint(renewed, expected);
    assert_true(tls_peer_fingerprint(after.client, seen));
    assert_string_equal(seen, expected);
    assert_true(tls_context_use(stage.serving, stage.server, &error));
    pair_release(&before);
    pair_release(&after);
    identity_free(renewed);
    str_release(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_talk_however_the_bytes_are_cut),
        cmocka_unit_test(a_handshake_is_cut_anywhere),
        cmocka_unit_test(each_learns_who_the_other_is),
        cmocka_unit_test(much_data_passes_in_small_records),
        cmocka_unit_test(what_is_not_read_waits),
        cmocka_unit_test(a_good_bye_is_told_from_a_cut),
        cmocka_unit_test(clear_text_is_recognized),
        cmocka_unit_test(garbage_costs_itself_alone),
        cmocka_unit_test(a_changed_byte_is_noticed),
        cmocka_unit_test(what_may_be_fed_at_once_is_bounded),
        cmocka_unit_test(a_new_certificate_is_for_new_connections),
    };
    return cmocka_run_group_tests(tests, set_stage, clear_stage);
}
