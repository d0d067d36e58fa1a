/*
 * The TLS pump: whatever comes, each side fails for itself, stays failed, and says why; and what a
 * side reads is what the other one wrote.
 *
 * Input: a byte for the way, a byte that seeds the cuts, then bytes. An even way feeds them to a
 * server and to a client that wait for a handshake; an odd way lets the two shake hands and talk, and
 * changes bytes on their way: each three of the input are an offset and what is xor'ed there.
 */
#include <string.h>

#include "common/str.h"
#include "common/tls.h"
#include "tests/fuzz/target.h"

enum { NOW_S = 1790000000, OUT_MAX_BYTES = 1 << 20, ROUNDS = 100 };

static const char words[] = "PRIVMSG #lobby :hello\r\n";

static struct identity *identity;
static struct tls_context *server_context, *client_context;

static void set_stage(void)
{
    struct str error;
    str_init(&error, 1000);
    identity = identity_make("fuzz", NOW_S, &error);
    CHECK(identity);
    server_context = tls_context_new_server(identity, &error);
    client_context = tls_context_new_client(identity, &error);
    CHECK(server_context && client_context);
    str_release(&error);
}

struct side {
    struct tls *tls;
    struct str out;
    size_t heard;
    bool changed; /* what it is fed is not what was sent */
};

static void side_init(struct side *side, struct tls_context *context)
{
    *side = (struct side){.tls = tls_new(context, context == server_context ? NULL : "fuzz")};
    str_init(&side->out, OUT_MAX_BYTES);
}

static void check_failed(struct side *side)
{
    CHECK((tls_state(side->tls) == TLS_FAILED) == (tls_error(side->tls)[0] != '\0'));
    if (tls_state(side->tls) != TLS_FAILED)
        return;
    char byte;
    CHECK(!tls_waiting(side->tls));
    CHECK(!tls_write(side->tls, "x", 1, &side->out));
    CHECK(tls_read(side->tls, &byte, 1, &side->out) == 0);
    CHECK(tls_handshake(side->tls, &side->out) == TLS_FAILED);
}

static void take(struct side *side)
{
    char bytes[100];
    size_t count;
    tls_handshake(side->tls, &side->out);
    while ((count = tls_read(side->tls, bytes, sizeof bytes, &side->out)) > 0)
        for (size_t i = 0; i < count; i++)
            CHECK(bytes[i] == words[side->heard++ % (sizeof words - 1)]);
    CHECK(!tls_waiting(side->tls));
    check_failed(side);
}

static void side_release(struct side *side)
{
    tls_close(side->tls, &side->out);
    tls_eof(side->tls);
    check_failed(side);
    tls_free(side->tls);
    str_release(&side->out);
}

static void feed_raw(const uint8_t *data, size_t size, unsigned dice)
{
    struct side sides[2];
    side_init(&sides[0], server_context);
    side_init(&sides[1], client_context);
    for (size_t i = 0; i < 2; i++) {
        take(&sides[i]);
        for (size_t at = 0; at < size;) {
            dice = dice * 1103515245u + 12345u;
            size_t piece = 1 + (dice >> 16) % 300;
            piece = piece < size - at ? piece : size - at;
            tls_feed(sides[i].tls, data + at, piece);
            take(&sides[i]);
            at += piece;
        }
        CHECK(tls_state(sides[i].tls) != TLS_OPEN);
        side_release(&sides[i]);
    }
}

/* The bytes that are to be changed, by their offset in all that passes. */
struct mutation {
    const uint8_t *data;
    size_t size;
    size_t passed;
};

static bool mutate(struct mutation *mutation, struct str *bytes)
{
    bool changed = false;
    for (size_t i = 0; i + 2 < mutation->size; i += 3) {
        size_t offset = (size_t)mutation->data[i] << 8 | mutation->data[i + 1];
        if (offset < mutation->passed || offset >= mutation->passed + bytes->len)
            continue;
        bytes->data[offset - mutation->passed] ^= (char)mutation->data[i + 2];
        changed |= mutation->data[i + 2] != 0;
    }
    mutation->passed += bytes->len;
    return changed;
}

static void carry(struct side *from, struct side *to, struct mutation *mutation)
{
    struct str bytes = from->out;
    str_init(&from->out, OUT_MAX_BYTES);
    to->changed |= mutate(mutation, &bytes);
    tls_feed(to->tls, bytes.data, bytes.len);
    str_release(&bytes);
    take(to);
}

static void talk(const uint8_t *data, size_t size)
{
    struct mutation mutation = {.data = data, .size = size};
    struct side server, client;
    side_init(&server, server_context);
    side_init(&client, client_context);
    take(&client);
    for (int i = 0; i < ROUNDS && (server.out.len > 0 || client.out.len > 0); i++) {
        carry(&client, &server, &mutation);
        carry(&server, &client, &mutation);
        if (i < 10 && tls_state(client.tls) == TLS_OPEN)
            tls_write(client.tls, words, sizeof words - 1, &client.out);
    }
    if (!server.changed && !client.changed) {
        CHECK(tls_state(server.tls) == TLS_OPEN && tls_state(client.tls) == TLS_OPEN);
        CHECK(server.heard >= sizeof words - 1);
    }
    side_release(&server);
    side_release(&client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (!server_context)
        set_stage();
    if (data[0] % 2 == 0)
        feed_raw(data + 2, size - 2, data[1]);
    else
        talk(data + 2, size - 2);
    return 0;
}
