#include "server/door/irc/sasl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/alloc.h"
#include "common/base64.h"
#include "server/account/accounts.h"
#include "server/account/scram.h"
#include "server/door/irc/account.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/registration.h"
#include "server/door/irc/reply.h"

enum {
    CHUNK_BYTES = 400,  /* of one AUTHENTICATE; a shorter one is the last */
    INPUT_BYTES = 2048, /* of one message, in Base64 */
};

struct irc_sasl;

/* A mechanism: what it does with a message of the client's, which may hold NULs. */
struct mechanism {
    const char *name;
    bool secure_only; /* it needs a certificate of the client's */
    void (*take)(struct irc_client *client, struct irc_sasl *sasl, const struct str *said);
};

/* An exchange under way. */
struct irc_sasl {
    const struct mechanism *mechanism;
    struct str input; /* Base64, as it comes */
    struct scram scram;
    unsigned step; /* messages of the client's that were answered */
};

bool irc_sasl_offered(const struct irc_client *client)
{
    return client->door->accounts && (client->secure || client->loopback);
}

void irc_sasl_free(struct irc_sasl *sasl)
{
    if (!sasl)
        return;
    str_release(&sasl->input);
    scram_release(&sasl->scram);
    free(sasl);
}

static void end(struct irc_client *client)
{
    if (!client->aside->sasl)
        return;
    irc_sasl_free(client->aside->sasl);
    irc_client_open_aside(client)->sasl = NULL;
}

void irc_sasl_abort(struct irc_client *client)
{
    if (!client->aside->sasl)
        return;
    end(client);
    irc_reply(client, ERR_SASLABORTED, "SASL authentication aborted", NULL);
}

static void refuse(struct irc_client *client, const char *why)
{
    end(client);
    irc_replyf(client, ERR_SASLFAIL, NULL, "SASL authentication failed: %s", why);
}

void irc_sasl_fail(struct irc_client *client, const char *why)
{
    gate_log(client->gate, client->session, "an AUTHENTICATE that led to nothing");
    refuse(client, why);
}

void irc_sasl_succeed(struct irc_client *client, const struct account *account)
{
    if (!irc_account_log_in(client, account)) {
        irc_sasl_fail(client, "the name you go by belongs to somebody else");
        return;
    }
    if (!irc_client_session(client)) /* the account is banned: that was said */
        return;
    const struct irc_aside *aside = client->aside;
    const char *stale = aside->sasl && aside->sasl->mechanism->secure_only ? aside->stale : NULL;
    accounts_tell(client->door->accounts, "%s logged in as %s%s%s", irc_client_address(client),
                  account->name, stale ? ", by a certificate that " : "", stale ? stale : "");
    if (aside->fingerprint &&
        accounts_saw_device(client->door->accounts, account, aside->fingerprint,
                            irc_client_address(client), gate_now(client->gate)))
        irc_account_keep_later(client, account);
    end(client);
    irc_reply(client, RPL_SASLSUCCESS, "SASL authentication successful", NULL);
    if (stale)
        irc_inform(client, "Your certificate %s: it proves that %s is yours all the same", stale,
                   account->name);
    irc_registration_try(client);
}

/* What it said proves nothing about that name; the next tries may have to wait. */
static void disproved(struct irc_client *client, const char *name)
{
    accounts_failed(client->door->accounts, irc_client_address(client), name,
                    client->aside->sasl->mechanism->name, gate_now(client->gate));
    refuse(client, "no such name and password"); /* the log has heard of it */
}

/* Whether it may try now; else it is told how long to wait. No name: it cannot guess. */
static bool may_try(struct irc_client *client, const char *name)
{
    struct accounts *accounts = client->door->accounts;
    const char *address = irc_client_address(client), *what = "failed";
    int64_t now_ms = gate_now(client->gate);
    int64_t wait_ms = name ? accounts_wait_ms(accounts, address, name, now_ms) : 0;
    if (wait_ms == 0) {
        what = "was tried";
        wait_ms = accounts_try(accounts, address, client->session, now_ms);
    }
    if (wait_ms == 0)
        return true;
    char why[64];
    snprintf(why, sizeof why, "it %s too often; wait %" PRId64 " s", what, wait_ms / 1000 + 1);
    irc_sasl_fail(client, why);
    return false;
}

/* Nobody acts as another: an identity, where one is given, is the account's. */
static bool is_self(const struct irc_client *client, const char *identity,
                    const struct account *account)
{
    return *identity == '\0' || accounts_find(client->door->accounts, identity) == account;
}

/* identity NUL name NUL password (RFC 4616). */
static void take_plain(struct irc_client *client, struct irc_sasl *sasl, const struct str *said)
{
    (void)sasl;
    const char *identity = said->data;
    const char *name = memchr(identity, '\0', said->len);
    const char *password =
        name ? memchr(name + 1, '\0', said->len - (size_t)(name + 1 - identity)) : NULL;
    if (!password || strlen(password + 1) != said->len - (size_t)(password + 1 - identity)) {
        irc_sasl_fail(client, "that is not a PLAIN message");
        return;
    }
    name++;
    password++;
    if (!may_try(client, name))
        return;
    /* A name that is nobody's, or has no password, takes as long. */
    static const struct verifier nobodys = {.iterations = VERIFIER_ITERATIONS};
    const struct account *account = accounts_find(client->door->accounts, name);
    bool has_password = account && account->verifier.iterations > 0;
    bool matches = verifier_matches(has_password ? &account->verifier : &nobodys, password);
    if (has_password && matches && is_self(client, identity, account))
        irc_sasl_succeed(client, account);
    else
        disproved(client, name);
}

/* The first certificate that asks for a name keeps it. */
static void first_owner(struct irc_client *client, const char *identity)
{
    struct accounts *accounts = client->door->accounts;
    const char *nick = irc_client_session(client)->nick;
    if (!nick || (*identity && strcasecmp(identity, nick) != 0))
        irc_sasl_fail(client, "first take the nick that is to be yours");
    else if (irc_client_shut(client))
        irc_sasl_fail(client, "first give the password of the server");
    else if (accounts_find(accounts, nick) || hub_owner(gate_hub(client->gate), nick))
        irc_sasl_fail(client, "that name is owned by somebody else");
    else if (hub_imitates(gate_hub(client->gate), irc_client_session(client), nick))
        irc_sasl_fail(client, "that name looks like that of somebody else");
    else if (!hub_admits(gate_hub(client->gate), nick))
        irc_sasl_fail(client, "the operator has not admitted that name");
    else if (accounts_making_wait_ms(accounts, irc_client_address(client), gate_now(client->gate)) >
             0)
        irc_sasl_fail(client, "too many accounts were made from your address; wait a little");
    else if (!irc_account_make(client, NULL, NULL))
        irc_sasl_fail(client, "the server cannot keep more accounts now");
}

/* The identity it wants, or nothing (RFC 4422, appendix A). */
static void take_external(struct irc_client *client, struct irc_sasl *sasl, const struct str *said)
{
    (void)sasl;
    const struct account *account =
        client->aside->fingerprint
            ? accounts_of_certificate(client->door->accounts, client->aside->fingerprint)
            : NULL;
    if (!client->aside->fingerprint)
        irc_sasl_fail(client, "your client showed no certificate");
    else if (strlen(said->data) != said->len)
        irc_sasl_fail(client, "that is not a name");
    else if (!account)
        first_owner(client, said->data);
    else if (!is_self(client, said->data, account))
        irc_sasl_fail(client, "your certificate belongs to another name");
    else if (may_try(client, NULL))
        irc_sasl_succeed(client, account);
}

static void challenge(struct irc_client *client, const struct str *text)
{
    struct str line;
    str_init(&line, CHUNK_BYTES);
    if (base64_encode(&line, text->data, text->len) && line.len < CHUNK_BYTES)
        irc_send_word(client, "AUTHENTICATE", line.data);
    else
        irc_sasl_fail(client, "the message is too long");
    str_release(&line);
}

static void scram_begins(struct irc_client *client, struct irc_sasl *sasl, const char *said)
{
    char nonce[ACCOUNT_NONCE_BYTES];
    struct str answer;
    if (!scram_first(&sasl->scram, said)) {
        irc_sasl_fail(client, "that is no message of SCRAM");
        return;
    }
    const char *name = sasl->scram.name.data;
    if (!may_try(client, name))
        return;
    const struct account *account = accounts_find(client->door->accounts, name);
    if (!account || account->verifier.iterations == 0 ||
        !is_self(client, sasl->scram.identity.data, account)) {
        disproved(client, name);
        return;
    }
    str_init(&answer, 4 * SCRAM_MAX_BYTES);
    accounts_nonce(client->door->accounts, nonce);
    if (scram_challenge(&sasl->scram, &account->verifier, nonce, &answer))
        challenge(client, &answer);
    else
        irc_sasl_fail(client, "the message is too long");
    str_release(&answer);
}

/* The account that the exchange began with, as long as its password is the one of then; else NULL. */
static const struct account *scram_account(const struct irc_client *client,
                                           const struct irc_sasl *sasl)
{
    const struct account *account = accounts_find(client->door->accounts, sasl->scram.name.data);
    return account && verifier_same(&account->verifier, &sasl->scram.verifier) ? account : NULL;
}

static void scram_proves(struct irc_client *client, struct irc_sasl *sasl, const char *said)
{
    struct str answer;
    if (!scram_account(client, sasl)) {
        irc_sasl_fail(client, "the password was changed meanwhile");
        return;
    }
    str_init(&answer, SCRAM_MAX_BYTES);
    if (scram_final(&sasl->scram, said, &answer))
        challenge(client, &answer);
    else
        disproved(client, sasl->scram.name.data);
    str_release(&answer);
}

/* Two messages, and an empty one when the client is content with the server's proof. */
static void take_scram(struct irc_client *client, struct irc_sasl *sasl, const struct str *said)
{
    unsigned step = sasl->step++;
    if (strlen(said->data) != said->len) {
        irc_sasl_fail(client, "that is no message of SCRAM");
    } else if (step == 0) {
        scram_begins(client, sasl, said->data);
    } else if (step == 1) {
        scram_proves(client, sasl, said->data);
    } else {
        const struct account *account = scram_account(client, sasl);
        if (account)
            irc_sasl_succeed(client, account);
        else
            irc_sasl_fail(client, "the password was changed meanwhile");
    }
}

static const struct mechanism mechanisms[] = {
    {"PLAIN", false, take_plain},
    {"EXTERNAL", true, take_external},
    {"SCRAM-SHA-256", false, take_scram},
};

void irc_sasl_mechanisms(const struct irc_client *client, char text[IRC_SASL_MECHANISMS_BYTES])
{
    size_t len = 0;
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        if (!mechanisms[i].secure_only || client->secure)
            len += (size_t)snprintf(text + len, IRC_SASL_MECHANISMS_BYTES - len, "%s%s",
                                    len > 0 ? "," : "", mechanisms[i].name);
    }
}

static void begin(struct irc_client *client, const char *name)
{
    const struct mechanism *mechanism = mechanisms;
    const struct mechanism *last = mechanisms + sizeof mechanisms / sizeof *mechanisms;
    while (mechanism < last &&
           (strcasecmp(mechanism->name, name) != 0 || (mechanism->secure_only && !client->secure)))
        mechanism++;
    if (mechanism == last) {
        char known[IRC_SASL_MECHANISMS_BYTES];
        irc_sasl_mechanisms(client, known);
        irc_reply(client, RPL_SASLMECHS, known, "are available SASL mechanisms", NULL);
        irc_sasl_fail(client, "no such mechanism");
        return;
    }
    struct irc_sasl *sasl = xcalloc(1, sizeof *sasl);
    sasl->mechanism = mechanism;
    str_init(&sasl->input, INPUT_BYTES);
    scram_init(&sasl->scram);
    irc_client_open_aside(client)->sasl = sasl;
    irc_send_word(client, "AUTHENTICATE", "+");
}

/* A whole message has come. */
static void take(struct irc_client *client)
{
    struct irc_sasl *sasl = client->aside->sasl;
    struct str said;
    str_init(&said, INPUT_BYTES);
    bool good = base64_decode(&said, sasl->input.data, sasl->input.len);
    str_reset(&sasl->input);
    if (good)
        sasl->mechanism->take(client, sasl, &said);
    else
        irc_sasl_fail(client, "that is not Base64");
    str_release(&said);
}

void irc_authenticate(struct irc_client *client, const struct irc_message *message)
{
    const char *text = message->params[0];
    size_t len = strlen(text);
    if (!irc_sasl_offered(client)) {
        irc_sasl_fail(client, "it is for connections over TLS only");
    } else if (strcmp(text, "*") == 0) {
        irc_sasl_abort(client);
    } else if (!client->aside->sasl) {
        begin(client, text);
    } else if (len > CHUNK_BYTES) {
        gate_log(client->gate, client->session, "an AUTHENTICATE that is too long");
        end(client);
        irc_reply(client, ERR_SASLTOOLONG, "SASL message too long", NULL);
    } else if (strcmp(text, "+") != 0 && !str_adds(&client->aside->sasl->input, text)) {
        irc_sasl_fail(client, "the message is too long");
    } else if (len < CHUNK_BYTES) {
        take(client);
    }
}
