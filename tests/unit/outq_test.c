/* Chunks and queues of extents: sharing, coalescing, copying, and a random run against plain bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/net/outq.h"

static char pattern[64 * 1024];

static void fill_pattern(void)
{
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = (char)(i * 31 + i / 251);
}

static size_t vec_count(const struct outq *q)
{
    struct iovec vecs[64];
    size_t bytes;
    return outq_peek(q, vecs, 64, &bytes);
}

static void assert_content(const struct outq *q, const char *expected, size_t len)
{
    struct iovec vecs[4096];
    size_t bytes;
    size_t count = outq_peek(q, vecs, 4096, &bytes);
    assert_int_equal(bytes, len);
    assert_int_equal(q->bytes, len);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(vecs[i].iov_base, expected, vecs[i].iov_len);
        expected += vecs[i].iov_len;
    }
}

static void neighbours_become_one(void **state)
{
    (void)state;
    struct chunk_writer writer;
    struct outq a, b;
    chunk_writer_init(&writer);
    outq_init(&a);
    outq_init(&b);
    for (int i = 0; i < 100; i++) {
        struct extent e = chunk_write(&writer, "hello\n", 6);
        outq_add(&a, e);
        if (i != 50)
            outq_add(&b, e);
    }
    assert_int_equal(vec_count(&a), 1);
    assert_null(a.older);
    assert_int_equal(a.bytes, 600);
    assert_int_equal(b.bytes, 594);
    assert_int_equal(vec_count(&b), 2);
    assert_int_equal(writer.current->refs, 3);
    outq_consume(&a, 600);
    assert_int_equal(writer.current->refs, 2);
    assert_null(a.last.chunk);
    outq_release(&b);
    assert_int_equal(writer.current->refs, 1);
    chunk_writer_release(&writer);
}

static void writer_rewinds_only_alone(void **state)
{
    (void)state;
    struct chunk_writer writer;
    struct outq q;
    chunk_writer_init(&writer);
    outq_init(&q);
    outq_add(&q, chunk_write(&writer, "abc", 3));
    chunk_writer_rewind(&writer);
    assert_int_equal(chunk_write(&writer, "def", 3).at, 3);
    outq_consume(&q, 3);
    chunk_writer_rewind(&writer);
    assert_int_equal(chunk_write(&writer, "ghi", 3).at, 0);
    assert_int_equal(chunk_write(&writer, pattern, sizeof pattern).len, sizeof pattern);
    chunk_writer_rewind(&writer); /* an outsize chunk is not kept */
    assert_null(writer.current);
    assert_int_equal(chunk_write(&writer, "", 0).len, 0);
    assert_null(writer.current);
}

static void small_pieces_are_gathered(void **state)
{
    (void)state;
    struct chunk_writer one, two;
    struct outq q;
    char expected[1000];
    chunk_writer_init(&one);
    chunk_writer_init(&two);
    outq_init(&q);
    for (size_t i = 0; i < sizeof expected; i += 10) {
        memcpy(expected + i, pattern + i, 10);
        outq_add(&q, chunk_write(i % 20 ? &one : &two, pattern + i, 10));
    }
    assert_content(&q, expected, sizeof expected);
    assert_int_equal(vec_count(&q), 2);
    outq_unpin(&q);
    assert_content(&q, expected, sizeof expected);
    assert_int_equal(vec_count(&q), 1);
    assert_int_equal(one.current->refs, 1);
    assert_int_equal(two.current->refs, 1);
    outq_release(&q);
    chunk_writer_release(&one);
    chunk_writer_release(&two);
}

static void big_pieces_are_shared(void **state)
{
    (void)state;
    struct chunk_writer writer;
    struct outq q;
    chunk_writer_init(&writer);
    outq_init(&q);
    outq_add(&q, chunk_write(&writer, pattern, OUTQ_SMALL_BYTES));
    outq_unpin(&q);
    assert_ptr_equal(q.last.chunk, writer.current);
    outq_release(&q);
    chunk_writer_release(&writer);
}

static void what_is_held_is_not_to_be_sent(void **state)
{
    (void)state;
    struct chunk_writer writer;
    struct outq q;
    struct iovec vec;
    size_t bytes;
    chunk_writer_init(&writer);
    outq_init(&q);
    outq_add(&q, chunk_write(&writer, "abc", 3));
    outq_hold(&q);
    outq_add(&q, chunk_write(&writer, "def", 3));
    outq_hold(&q);
    assert_int_equal(outq_sendable(&q), 3);
    assert_int_equal(outq_peek(&q, &vec, 1, &bytes), 1);
    assert_int_equal(bytes, 3);
    assert_int_equal(vec.iov_len, 3);
    outq_consume(&q, 2);
    outq_unpin(&q);
    assert_int_equal(outq_sendable(&q), 1);
    outq_consume(&q, 1);
    assert_int_equal(outq_peek(&q, &vec, 1, &bytes), 0);
    assert_int_equal(bytes, 0);
    outq_let_go(&q);
    assert_content(&q, "def", 3);
    outq_release(&q);
    chunk_writer_release(&writer);
}

static void a_hold_outlives_what_lies_before_it(void **state)
{
    (void)state;
    struct chunk_writer writer;
    struct outq q;
    chunk_writer_init(&writer);
    outq_init(&q);
    outq_add(&q, chunk_write(&writer, "abc", 3));
    outq_hold(&q);
    outq_consume(&q, 3);
    outq_add(&q, chunk_write(&writer, "def", 3));
    assert_int_equal(outq_sendable(&q), 0);
    outq_consume(&q, 3); /* its reader is gone */
    assert_int_equal(q.bytes, 0);
    outq_release(&q);
    assert_int_equal(q.open, OUTQ_ALL);
    chunk_writer_release(&writer);
}

static void a_hold_is_moved_no_further_than_what_is_queued(void **state)
{
    (void)state;
    struct chunk_writer writer;
    struct outq q;
    chunk_writer_init(&writer);
    outq_init(&q);
    outq_add(&q, chunk_write(&writer, "abc", 3));
    outq_hold(&q);
    outq_add(&q, chunk_write(&writer, "def", 3));
    outq_consume(&q, 2);
    assert_int_equal(outq_held(&q), 3);
    outq_move_hold(&q, 1);
    assert_int_equal(outq_held(&q), 2);
    assert_int_equal(outq_sendable(&q), 2);
    outq_move_hold(&q, 5);
    assert_int_equal(outq_sendable(&q), 4);
    outq_add(&q, chunk_write(&writer, "ghi", 3));
    assert_int_equal(outq_sendable(&q), 4);
    outq_let_go(&q);
    assert_int_equal(outq_held(&q), 0);
    outq_release(&q);
    chunk_writer_release(&writer);
}

/* A queue beside the plain bytes that it should hold. */
struct reference {
    struct outq q;
    char bytes[512 * 1024];
    size_t len;
};

static void reference_drop(struct reference *ref, size_t len)
{
    ref->len -= len;
    memmove(ref->bytes, ref->bytes + len, ref->len);
}

static void reference_step(struct reference *ref, struct chunk_writer writers[3], unsigned dice)
{
    size_t bytes;
    size_t len = (dice >> 8) % (dice & 64 ? 200 : 6000);
    switch (dice % 16) {
    case 0:
        if (ref->q.bytes > 0)
            outq_unpin(&ref->q);
        break;
    case 1:
        bytes = ref->q.bytes < len * 4 ? ref->q.bytes : len * 4;
        outq_consume(&ref->q, bytes);
        reference_drop(ref, bytes);
        break;
    default:
        if (ref->len + len > sizeof ref->bytes)
            return;
        memcpy(ref->bytes + ref->len, pattern + dice % 5000, len);
        ref->len += len;
        outq_add(&ref->q, chunk_write(&writers[dice % 3], pattern + dice % 5000, len));
    }
}

static void random_run(void **state)
{
    (void)state;
    struct chunk_writer writers[3] = {{NULL}, {NULL}, {NULL}};
    struct reference *ref = calloc(1, sizeof *ref);
    outq_init(&ref->q);
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 30000; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        reference_step(ref, writers, (unsigned)(seed >> 32));
        if (seed % 64 == 0)
            chunk_writer_rewind(&writers[seed % 3]);
        if (i % 16 == 0)
            assert_content(&ref->q, ref->bytes, ref->len);
    }
    outq_release(&ref->q);
    for (int i = 0; i < 3; i++) {
        assert_true(!writers[i].current || writers[i].current->refs == 1);
        chunk_writer_release(&writers[i]);
    }
    free(ref);
}

int main(void)
{
    fill_pattern();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_become_one),
        cmocka_unit_test(writer_rewinds_only_alone),
        cmocka_unit_test(small_pieces_are_gathered),
        cmocka_unit_test(big_pieces_are_shared),
        cmocka_unit_test(what_is_held_is_not_to_be_sent),
        cmocka_unit_test(a_hold_outlives_what_lies_before_it),
        cmocka_unit_test(a_hold_is_moved_no_further_than_what_is_queued),
        cmocka_unit_test(random_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
