/*
 * SASL: whatever three peers say to each other's mechanisms, nobody comes in under a name whose
 * password he never said or proved, and all that comes out is lines.
 *
 * Input: parts separated by RS (0x1e), each begun by a letter. a, b, c: from now on the peer with a
 * certificate, the one without, the one in clear text speaks; l: a line of its; m: a message, sent in
 * Base64 and in pieces of 400; p: the proof that SCRAM asks for, with bytes changed: each two are an
 * offset and what is xor'ed there; t: twenty seconds pass.
 */
#include <assert.h>
#include <string.h>

#include "common/base64.h"
#include "server/account/accounts.h"
#include "server/account/scram.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/wire.h"
#include "tests/script/house.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum {
    PEERS = 3,
    RS = 0x1e,
    PIECE_BYTES = 400,
    ITERATIONS = 2, /* what they cost is no matter here */
    MESSAGE_BYTES = 64 * 1024,
};

static const char password[] = "correct horse";

struct play {
    struct house *house;
    struct house_peer *peers[PEERS];
    size_t speaker;
    struct str first[PEERS];     /* what SCRAM's last first message said, without its header */
    struct str challenge[PEERS]; /* and what the server answered */
    bool knows;                  /* somebody has said or proved the password */
};

/* Ada has a password, and nobody of these is she. */
static void add_ada(struct house *house)
{
    static const unsigned char salt[VERIFIER_SALT_BYTES] = "sixteen bytes of";
    struct verifier verifier = verifier_make(password, salt, ITERATIONS);
    struct str text;
    str_init(&text, ACCOUNT_TEXT_BYTES);
    str_adds(&text, "name ada\nscram ");
    verifier_write(&verifier, &text);
    const struct account *ada = accounts_restore(house->accounts, text.data);
    CHECK(ada);
    str_release(&text);
}

static void open_peers(struct play *play)
{
    static const char fingerprint[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    play->peers[0] = house_open_secure(play->house, "one.host", fingerprint);
    play->peers[1] = house_open_secure(play->house, "two.host", NULL);
    play->peers[2] = house_open(play->house, "three.host");
    for (size_t i = 0; i < PEERS; i++) {
        str_init(&play->first[i], MESSAGE_BYTES);
        str_init(&play->challenge[i], MESSAGE_BYTES);
    }
}

/* Takes what the line says, if it is the server's part of an exchange. */
static void note_line(struct play *play, size_t number, const char *line, size_t len)
{
    static const char said[] = ":house.test AUTHENTICATE ", in[] = " ada :You are now logged in";
    if (memmem(line, len, in, sizeof in - 1))
        CHECK(play->knows);
    if (len <= sizeof said - 1 || memcmp(line, said, sizeof said - 1) != 0)
        return;
    str_reset(&play->challenge[number]);
    base64_decode(&play->challenge[number], line + sizeof said - 1, len - (sizeof said - 1));
}

static void listen(struct play *play)
{
    for (size_t i = 0; i < PEERS; i++) {
        struct str *out = &play->peers[i]->out;
        wire_check(play->peers[i]);
        for (const char *at = out->data, *end; (end = strstr(at, "\r\n")); at = end + 2)
            note_line(play, i, at, (size_t)(end - at));
        str_reset(out);
    }
}

static void say(struct play *play, const void *bytes, size_t len)
{
    struct house_peer *peer = play->peers[play->speaker];
    house_send(play->house, peer, bytes, len);
    house_send(play->house, peer, "\r\n", 2);
    listen(play);
}

/* Sends a message as RFC 4422 and the IRCv3 specification on SASL want it. */
static void say_message(struct play *play, const void *bytes, size_t len)
{
    struct str text, line;
    str_init(&text, MESSAGE_BYTES);
    str_init(&line, PIECE_BYTES + 20);
    base64_encode(&text, bytes, len);
    for (size_t at = 0; at <= text.len; at += PIECE_BYTES) {
        size_t piece = text.len - at < PIECE_BYTES ? text.len - at : PIECE_BYTES;
        str_reset(&line);
        str_adds(&line, "AUTHENTICATE ");
        str_add(&line, piece ? text.data + at : "+", piece ? piece : 1);
        say(play, line.data, line.len);
    }
    str_release(&text);
    str_release(&line);
}

static void take_message(struct play *play, const uint8_t *bytes, size_t len)
{
    const uint8_t *comma = memchr(bytes, ',', len);
    const uint8_t *bare = comma ? memchr(comma + 1, ',', len - (size_t)(comma + 1 - bytes)) : NULL;
    str_reset(&play->first[play->speaker]);
    if (bare)
        str_add(&play->first[play->speaker], bare + 1, len - (size_t)(bare + 1 - bytes));
    play->knows |= memmem(bytes, len, password, sizeof password - 1) != NULL;
    say_message(play, bytes, len);
}

static void hmac(const void *key, size_t key_len, const char *text, size_t len,
                 unsigned char out[VERIFIER_KEY_BYTES])
{
    CHECK(HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, len, out, NULL));
}

/* RFC 5802, section 3: ClientKey XOR HMAC(H(ClientKey), AuthMessage). */
static void prove(const struct str *message, unsigned char proof[VERIFIER_KEY_BYTES])
{
    static const unsigned char salt[VERIFIER_SALT_BYTES] = "sixteen bytes of";
    unsigned char salted[VERIFIER_KEY_BYTES], stored[VERIFIER_KEY_BYTES];
    unsigned char signature[VERIFIER_KEY_BYTES];
    CHECK(PKCS5_PBKDF2_HMAC(password, sizeof password - 1, salt, sizeof salt, ITERATIONS,
                            EVP_sha256(), sizeof salted, salted));
    hmac(salted, sizeof salted, "Client Key", strlen("Client Key"), proof);
    CHECK(EVP_Digest(proof, VERIFIER_KEY_BYTES, stored, NULL, EVP_sha256(), NULL));
    hmac(stored, sizeof stored, message->data, message->len, signature);
    for (size_t i = 0; i < VERIFIER_KEY_BYTES; i++)
        proof[i] ^= signature[i];
}

/* Appends the last message of SCRAM, as one would send it who knows the password. */
static void add_final(const struct play *play, struct str *final)
{
    const struct str *first = &play->first[play->speaker];
    const struct str *challenge = &play->challenge[play->speaker];
    unsigned char proof[VERIFIER_KEY_BYTES];
    struct str message;
    str_addf(final, "c=biws,%.*s", (int)strcspn(challenge->data, ","), challenge->data);
    str_init(&message, 4 * MESSAGE_BYTES);
    str_addf(&message, "%s,%s,%s", first->data, challenge->data, final->data);
    prove(&message, proof);
    str_adds(final, ",p=");
    base64_encode(final, proof, sizeof proof);
    str_release(&message);
}

static void take_proof(struct play *play, const uint8_t *changes, size_t len)
{
    struct str right, final;
    str_init(&right, 2 * MESSAGE_BYTES);
    str_init(&final, 2 * MESSAGE_BYTES);
    add_final(play, &right);
    str_add(&final, right.data, right.len);
    for (size_t i = 0; i + 1 < len; i += 2)
        final.data[changes[i] % final.len] ^= (char)changes[i + 1];
    /* Changes may undo each other. */
    play->knows |= memcmp(final.data, right.data, right.len) == 0;
    say_message(play, final.data, final.len);
    str_release(&right);
    str_release(&final);
}

static void run_part(struct play *play, char what, const uint8_t *bytes, size_t len)
{
    if (what >= 'a' && what < 'a' + PEERS) {
        play->speaker = (size_t)(what - 'a');
    } else if (what == 'l') {
        say(play, bytes, len);
    } else if (what == 'm') {
        take_message(play, bytes, len);
    } else if (what == 'p') {
        take_proof(play, bytes, len);
    } else if (what == 't') {
        house_wait(play->house, 20000);
        listen(play);
    }
}

static void end(struct play *play)
{
    house_free(play->house);
    for (size_t i = 0; i < PEERS; i++) {
        str_release(&play->first[i]);
        str_release(&play->challenge[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play play = {.house = house_new(&(struct house_config){.lobby = "#lobby"})};
    if (size > MESSAGE_BYTES / 2)
        size = MESSAGE_BYTES / 2;
    add_ada(play.house);
    open_peers(&play);
    while (size > 0) {
        const uint8_t *stop = memchr(data, RS, size);
        size_t len = stop ? (size_t)(stop - data) : size;
        if (len > 0)
            run_part(&play, (char)data[0], data + 1, len - 1);
        data += len + (stop != NULL);
        size -= len + (stop != NULL);
    }
    end(&play);
    return 0;
}
