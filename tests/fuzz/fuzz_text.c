/*
 * Text: clusters found forwards and backwards are the same, their widths add up, and what was made
 * harmless is valid, harmless, and as wide as it was said to be before.
 */
#include <string.h>

#include "common/str.h"
#include "common/text.h"
#include "tests/fuzz/target.h"

static void check_clusters(const char *p, size_t len)
{
    size_t cells = 0;
    for (size_t at = 0; at < len;) {
        size_t next = text_cluster_next(p, len, at);
        CHECK(next > at && next <= len);
        CHECK(text_cluster_prev(p, len, next) == at);
        cells += text_cluster_width(p + at, next - at);
        CHECK(text_cut_bytes(p, len, next) == next);
        text_cluster_doubtful(p + at, next - at);
        at = next;
    }
    CHECK(text_width(p, len) == cells);
    for (size_t max = 0; max <= len; max++)
        CHECK(text_cut_bytes(p, len, max) <= max);
}

static void check_words(const char *p, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t next = text_word_next(p, len, at);
        CHECK(next > at && text_word_prev(p, len, next) < next);
        at = next;
    }
}

static void check_harmless(const char *p, size_t len)
{
    struct str shown, again;
    str_init(&shown, 3 * len + 1);
    str_init(&again, 3 * len + 1);
    CHECK(text_harmless(&shown, p, len));
    CHECK(text_utf8_valid(shown.data, shown.len));
    CHECK(text_is_harmless(shown.data, shown.len));
    CHECK(text_harmless(&again, shown.data, shown.len));
    CHECK(again.len == shown.len && !memcmp(again.data, shown.data, shown.len));
    for (size_t i = 0; i < shown.len; i++)
        CHECK((unsigned char)shown.data[i] >= 0x20 && shown.data[i] != 0x7f);
    str_release(&again);
    str_release(&shown);
}

static void check_fold(const char *p, size_t len)
{
    struct str key;
    str_init(&key, 64 * len + 64);
    CHECK(text_fold(&key, p, len) == text_utf8_valid(p, len));
    CHECK(text_utf8_valid(key.data, key.len));
    str_release(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 2048)
        return 0;
    const char *p = (const char *)data;
    check_clusters(p, size);
    check_words(p, size);
    check_harmless(p, size);
    check_fold(p, size);
    return 0;
}
