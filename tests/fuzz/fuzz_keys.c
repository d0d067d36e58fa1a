/* Terminal input: whatever comes, the keys are sound and do not depend on where the bytes are cut. */
#include <string.h>

#include "client/term/keys.h"
#include "common/str.h"
#include "common/text.h"
#include "tests/fuzz/target.h"

enum { MAX_TRACE_BYTES = 1 << 24 };

static void trace_keys(struct keys *keys, uint64_t now_ms, struct str *trace)
{
    struct key key;
    enum keys_result result;
    while ((result = keys_next(keys, now_ms, &key)) != KEYS_NONE) {
        if (result != KEYS_KEY)
            continue;
        CHECK(key.press > PRESS_NONE && key.press <= PRESS_CLICK);
        CHECK(key.mods <= (MOD_CTRL | MOD_ALT | MOD_SHIFT));
        CHECK(key.press == PRESS_PASTE || text_utf8_valid(key.text ? key.text : "", key.len));
        CHECK(key.row >= 0 && key.col >= 0);
        str_addf(trace, "%d %u %d %d ", key.press, key.mods, key.row, key.col);
        str_add(trace, key.text ? key.text : "", key.len);
        str_addc(trace, '\n');
    }
}

/* Pieces of `step` bytes. */
static void decode(const uint8_t *data, size_t size, size_t step, struct str *trace)
{
    struct keys keys;
    keys_init(&keys);
    for (size_t at = 0; at < size; at += step) {
        keys_feed(&keys, 1, data + at, size - at < step ? size - at : step);
        trace_keys(&keys, 1, trace);
    }
    trace_keys(&keys, 1 + KEYS_PASTE_MS, trace);
    CHECK(keys_deadline_ms(&keys) == UINT64_MAX);
    keys_release(&keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 1 << 14)
        return 0;
    struct str whole, cut;
    str_init(&whole, MAX_TRACE_BYTES);
    str_init(&cut, MAX_TRACE_BYTES);
    decode(data + 1, size - 1, size, &whole);
    decode(data + 1, size - 1, 1u + data[0] % 16, &cut);
    CHECK(whole.len == cut.len && !memcmp(whole.data, cut.data, whole.len));
    str_release(&whole);
    str_release(&cut);
    return 0;
}
