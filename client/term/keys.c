/* What decode.c makes out of the bytes, and the pastes: those that are marked and those that are known
 * by their haste. */
#include "client/term/keys.h"

#include <assert.h>
#include <string.h>

#include "client/term/decode.h"

#define ESC '\033'
#define DEL '\177'

static const char paste_end[] = "\033[201~";

void keys_init(struct keys *k)
{
    memset(k, 0, sizeof(*k));
    str_init(&k->bytes, (size_t)2 * KEYS_MAX_FEED_BYTES + KEYS_MAX_SEQUENCE_BYTES);
    str_init(&k->paste, KEYS_MAX_PASTE_BYTES);
}

void keys_release(struct keys *k)
{
    str_release(&k->bytes);
    str_release(&k->paste);
}

void keys_feed(struct keys *k, uint64_t now_ms, const void *bytes, size_t len)
{
    str_remove(&k->bytes, 0, k->at);
    k->at = 0;
    k->fed_ms = now_ms;
    bool fits = str_add(&k->bytes, bytes, len);
    assert(fits && "all keys were taken out before");
    (void)fits;
}

/* Whether what waits could be a key as it is, and so is given little time. */
static bool is_short_wait(const struct keys *k)
{
    const char *p = k->bytes.data + k->at;
    size_t len = k->bytes.len - k->at;
    return len <= 2 && p[0] == ESC;
}

uint64_t keys_deadline_ms(const struct keys *k)
{
    if (k->pasting)
        return k->fed_ms + (k->unmarked ? KEYS_BURST_MS : KEYS_PASTE_MS);
    if (k->at == k->bytes.len)
        return UINT64_MAX;
    if (k->bytes.data[k->at] == '\r')
        return k->fed_ms + KEYS_HASTE_MS;
    return k->fed_ms + (is_short_wait(k) ? KEYS_ESCAPE_MS : KEYS_SEQUENCE_MS);
}

static void begin_paste(struct keys *k, bool unmarked)
{
    k->pasting = true;
    k->unmarked = unmarked;
    k->paste_too_long = false;
}

static enum keys_result end_paste(struct keys *k, struct key *key)
{
    if (k->unmarked)
        k->burst_ms = k->fed_ms;
    k->pasting = k->unmarked = false;
    if (k->paste_too_long)
        return KEYS_PASTE_TOO_LONG;
    key->press = PRESS_PASTE;
    key->text = k->paste.data;
    key->len = k->paste.len;
    return KEYS_KEY;
}

static void add_to_paste(struct keys *k, size_t len)
{
    if (!k->paste_too_long && !str_add(&k->paste, k->bytes.data + k->at, len)) {
        k->paste_too_long = true;
        str_release(&k->paste);
    }
    k->at += len;
}

/* Bytes at the end that may be the beginning of the paste's end. */
static size_t paste_end_begun(const char *p, size_t len)
{
    size_t n = len < sizeof(paste_end) - 2 ? len : sizeof(paste_end) - 2;
    while (n > 0 && memcmp(p + len - n, paste_end, n) != 0)
        n--;
    return n;
}

static enum keys_result next_of_paste(struct keys *k, bool final, struct key *key)
{
    const char *p = k->bytes.data + k->at;
    size_t len = k->bytes.len - k->at;
    if (k->unmarked) {
        const char *escape = memchr(p, ESC, len);
        add_to_paste(k, escape ? (size_t)(escape - p) : len);
        return escape || final ? end_paste(k, key) : KEYS_NONE;
    }
    const char *end = memmem(p, len, paste_end, sizeof(paste_end) - 1);
    if (end) {
        add_to_paste(k, (size_t)(end - p));
        k->at += sizeof(paste_end) - 1;
        return end_paste(k, key);
    }
    add_to_paste(k, final ? len : len - paste_end_begun(p, len));
    return final ? end_paste(k, key) : KEYS_NONE;
}

/* What an Enter is that waits in front. */
enum haste {
    HASTE_NONE,  /* a key */
    HASTE_HELD,  /* a key if nothing comes behind it for a while */
    HASTE_PASTE, /* the end of a pasted line */
};

/* A last piece of a paste that came with a pause in it. */
static bool goes_on(const struct keys *k)
{
    return k->burst_ms > 0 && k->fed_ms - k->burst_ms < KEYS_BURST_ON_MS;
}

static bool is_text(unsigned char byte)
{
    return (byte >= ' ' && byte != DEL) || byte == '\t';
}

/* How many ends of lines wait, up to the first key that belongs to no paste. */
static size_t lines_waiting(const char *p, size_t len)
{
    size_t n_lines = 0;
    for (size_t i = 0; i < len; i++) {
        bool ends = p[i] == '\r' || p[i] == '\n';
        if (!ends && !is_text((unsigned char)p[i]))
            break;
        n_lines += ends;
    }
    return n_lines;
}

/* Nobody types on so soon after an Enter, nor presses it so soon behind a letter, but by a slip: then
 * it is not felt that it waits. A line or two may be a program's that types for somebody. */
static enum haste haste_of_enter(const struct keys *k, bool final)
{
    const char *p = k->bytes.data + k->at;
    size_t len = k->bytes.len - k->at, n_ends = 0;
    if (!k->bursts || p[0] != '\r')
        return HASTE_NONE;
    while (n_ends < len && (p[n_ends] == '\r' || p[n_ends] == '\n'))
        n_ends++;
    if (n_ends < len && !is_text((unsigned char)p[n_ends]))
        return HASTE_NONE;
    if (n_ends < len &&
        (goes_on(k) || len > KEYS_MAX_SEQUENCE_BYTES || lines_waiting(p, len) >= KEYS_BURST_LINES))
        return HASTE_PASTE;
    bool hasty = n_ends < len || (k->text_ms > 0 && k->fed_ms - k->text_ms < KEYS_HASTE_MS);
    if (!hasty || !final)
        return hasty ? HASTE_HELD : HASTE_NONE;
    return goes_on(k) ? HASTE_PASTE : HASTE_NONE;
}

enum keys_result keys_next(struct keys *k, uint64_t now_ms, struct key *key)
{
    for (;;) {
        bool final = now_ms >= keys_deadline_ms(k);
        memset(key, 0, sizeof(*key));
        if (k->pasting)
            return next_of_paste(k, final, key);
        str_release(&k->paste);
        if (k->at == k->bytes.len)
            return KEYS_NONE;
        enum haste haste = haste_of_enter(k, final);
        if (haste == HASTE_HELD)
            return KEYS_NONE;
        if (haste == HASTE_PASTE) {
            begin_paste(k, true);
            return next_of_paste(k, false, key);
        }
        struct decoder d = {.p = (const unsigned char *)k->bytes.data + k->at,
                            .len = k->bytes.len - k->at,
                            .final = final,
                            .key = key,
                            .text = k->text};
        if (d.len >= KEYS_MAX_SEQUENCE_BYTES) {
            d.len = KEYS_MAX_SEQUENCE_BYTES;
            d.final = true;
        }
        size_t used = decode_key(&d);
        k->at += used;
        if (used == 0)
            return KEYS_NONE;
        if (key->press == PRESS_TEXT && key->mods == 0)
            k->text_ms = k->fed_ms;
        if (d.begins_paste)
            begin_paste(k, false);
        else if (key->press != PRESS_NONE)
            return KEYS_KEY;
        k->reply = d.reply;
        if (d.reply.kind != REPLY_NONE)
            return KEYS_REPLY;
    }
}
