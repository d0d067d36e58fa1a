/* DEVICE: the certificates that prove an account, and how one more comes to be among them.
 *
 *   DEVICE CODE                 NOTE DEVICE CODE 4821-0937 600 :...   for one more, for so many seconds
 *   DEVICE ADD code [:label]    NOTE DEVICE ADDED account :...        on the new device, also before it
 *                                                                     has a nick; it is logged in then
 *   DEVICE LIST                 NOTE DEVICE ENTRY number certificate added seen|* from|* :...
 *                               NOTE DEVICE END count :...
 *   DEVICE REVOKE number        NOTE DEVICE REVOKED certificate :...  and its connections end
 *   (to the others)             NOTE DEVICE JOINED account :...
 *
 * Refusals are FAIL DEVICE CODE :text. The others of the account are told of what is added. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/door/irc/account.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/sasl.h"
#include "server/door/irc/timestamp.h"

enum {
    NUMBER_BYTES = 24,
    TEXT_BYTES = 256,
    SHOWN_DIGITS = 16, /* of a fingerprint, for people */
    YOUNG_MS = 60 * 60 * 1000,
};

static void fail(struct irc_client *client, const char *code, const char *text)
{
    irc_fail(client, "DEVICE", code, text, NULL);
}

/* The account that the client is logged in to; else it is told to be, and NULL. */
static const struct account *own_account(struct irc_client *client)
{
    const char *name = irc_client_session(client)->account;
    const struct account *account = name ? accounts_find(client->door->accounts, name) : NULL;
    if (!account)
        fail(client, "ACCOUNT_REQUIRED", "You are not logged in to an account");
    return account;
}

/* A code for one more. */

static void code(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    const struct account *account = own_account(client);
    if (!account)
        return;
    if (account->device_count == ACCOUNT_DEVICES) {
        fail(client, "TOO_MANY_DEVICES",
             "Your account has as many devices as it can have: revoke one");
        return;
    }
    const char *text = accounts_make_code(client->door->accounts, account, gate_now(client->gate));
    char seconds[NUMBER_BYTES], said[TEXT_BYTES];
    snprintf(seconds, sizeof seconds, "%d", CODE_TTL_MS / 1000);
    snprintf(said, sizeof said,
             "%s lets one more device own %s: on it, within %d minutes, type /device %s", text,
             account->name, CODE_TTL_MS / 60000, text);
    irc_remark(client, "DEVICE", "CODE", text, seconds, said, NULL);
}

/* The new one. */

/* The account that the code speaks for; else it is told why not, and NULL. */
static const struct account *account_of_code(struct irc_client *client, const char *code)
{
    struct accounts *accounts = client->door->accounts;
    int64_t now_ms = gate_now(client->gate);
    int64_t wait_ms = accounts_wait_ms(accounts, irc_client_address(client), "", now_ms);
    if (wait_ms > 0) {
        char text[TEXT_BYTES];
        snprintf(text, sizeof text, "It failed too often; wait %" PRId64 " s", wait_ms / 1000 + 1);
        fail(client, "TRY_AGAIN_LATER", text);
        return NULL;
    }
    const struct account *account = accounts_take_code(accounts, code, now_ms);
    if (!account) {
        accounts_failed(accounts, irc_client_address(client), "", "the code of a device", now_ms);
        fail(client, "INVALID_CODE", "There is no such code, or it has expired: get a new one");
    }
    return account;
}

/* A certificate that proves another name may move, if it is not all that proves it; or if the name became
 * its own just now, as that of a new machine does before anybody has said what it is to be. Then that
 * name stays nobody's, so that nobody can be taken for it. */
static bool leaves_other(struct irc_client *client, const struct account *other)
{
    bool young = gate_now(client->gate) - other->made_ms < YOUNG_MS;
    if (other->device_count == 1 && other->verifier.iterations == 0 && !young) {
        char text[TEXT_BYTES];
        snprintf(
            text, sizeof text,
            "This device is the only proof of %s: first give that name a password (PASSWD * ...)",
            other->name);
        fail(client, "ONLY_PROOF", text);
        return false;
    }
    struct device removed;
    if (accounts_remove_device(client->door->accounts, other, client->aside->fingerprint, &removed))
        device_release(&removed);
    irc_account_keep_later(client, other);
    return true;
}

static void tell_added(struct irc_client *client, const struct account *account)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "This device owns %s from now on", account->name);
    irc_remark(client, "DEVICE", "ADDED", account->name, text, NULL);
    if (!client->welcomed || !irc_client_session(client)->account)
        irc_account_log_in(client, account);
}

static void try_add(struct irc_client *client, const struct account *account, const char *label)
{
    struct accounts *accounts = client->door->accounts;
    int64_t now_ms = gate_now(client->gate);
    struct device device = {.label = (char *)label,
                            .from = (char *)irc_client_address(client),
                            .added_ms = now_ms,
                            .seen_ms = now_ms};
    snprintf(device.certificate, sizeof device.certificate, "%s", client->aside->fingerprint);
    if (!accounts_add_device(accounts, account, &device)) {
        fail(client, "TOO_MANY_DEVICES", "That account has as many devices as it can have");
        return;
    }
    if (irc_account_keep(client, account, CHANGE_DEVICE_ADDED, &(struct irc_pending){0}))
        return;
    irc_device_added(client, account, false);
}

static void add(struct irc_client *client, const struct irc_message *message)
{
    if (!client->aside->fingerprint) {
        fail(client, "NO_CERTIFICATE", "Your client showed no certificate");
        return;
    }
    const struct account *account = account_of_code(client, message->params[1]);
    if (!account)
        return;
    const struct account *known =
        accounts_of_certificate(client->door->accounts, client->aside->fingerprint);
    if (known == account)
        tell_added(client, account);
    else if (!known || leaves_other(client, known))
        try_add(client, account, message->n_params > 2 ? message->params[2] : "");
}

/* Those who are logged in to the account already learn of it. */
static void tell_others(struct irc_client *client, const struct account *account)
{
    const struct device *device = account_device(account, client->aside->fingerprint);
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "One more device owns %s from now on: %s, from %s", account->name,
             *device->label ? device->label : "unnamed", device->from);
    LIST_FOR(link, &client->door->clients)
    {
        struct irc_client *other = list_entry(link, struct irc_client, in_door);
        const struct session *session = irc_client_session(other);
        if (other == client || !other->welcomed || !session || !session->account ||
            accounts_find(client->door->accounts, session->account) != account)
            continue;
        other->response.aside = true;
        irc_remark(other, "DEVICE", "JOINED", account->name, text, NULL);
        other->response.aside = false;
    }
}

void irc_device_added(struct irc_client *client, const struct account *account, bool kept)
{
    struct accounts *accounts = client->door->accounts;
    if (kept) {
        accounts_tell(accounts, "%s became a device of %s", irc_client_address(client),
                      account->name);
        tell_added(client, account);
        tell_others(client, account);
        return;
    }
    struct device removed;
    if (account && accounts_remove_device(accounts, account, client->aside->fingerprint, &removed))
        device_release(&removed);
    fail(client, "TEMPORARILY_UNAVAILABLE", "The server cannot keep more devices now");
}

/* Those that there are. */

static void entry(struct irc_client *client, const struct device *device, size_t number)
{
    char digits[NUMBER_BYTES], added[IRC_TIMESTAMP_BYTES], seen[IRC_TIMESTAMP_BYTES] = "*";
    char text[TEXT_BYTES];
    snprintf(digits, sizeof digits, "%zu", number);
    irc_timestamp_write(added, device->added_ms);
    if (device->seen_ms > 0)
        irc_timestamp_write(seen, device->seen_ms);
    bool own =
        client->aside->fingerprint && strcmp(client->aside->fingerprint, device->certificate) == 0;
    snprintf(text, sizeof text, "%zu. %s%s, added %.10s, last here %.16s from %s, %.*s", number,
             *device->label ? device->label : "unnamed", own ? " (this one)" : "", added, seen,
             device->from, SHOWN_DIGITS, device->certificate);
    irc_remark(client, "DEVICE", "ENTRY", digits, device->certificate, added, seen, device->from,
               text, NULL);
}

static void list(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    const struct account *account = own_account(client);
    if (!account)
        return;
    gate_show_aside(client->gate, client->session); /* from where each came last */
    for (size_t i = 0; i < account->device_count; i++)
        entry(client, &account->devices[i], i + 1);
    char count[NUMBER_BYTES], text[TEXT_BYTES];
    snprintf(count, sizeof count, "%zu", account->device_count);
    snprintf(text, sizeof text, "%s of at most %d devices%s", count, ACCOUNT_DEVICES,
             account->verifier.iterations > 0 ? ", and a password" : "");
    irc_remark(client, "DEVICE", "END", count, text, NULL);
}

/* One less. */

static void revoke(struct irc_client *client, const struct irc_message *message)
{
    struct accounts *accounts = client->door->accounts;
    const struct account *account = own_account(client);
    if (!account)
        return;
    char *end;
    unsigned long number = strtoul(message->params[1], &end, 10);
    if (*end != '\0' || number == 0 || number > account->device_count) {
        fail(client, "NO_SUCH_DEVICE", "There is no device with that number: see DEVICE LIST");
        return;
    }
    if (account->device_count == 1 && account->verifier.iterations == 0) {
        fail(client, "ONLY_PROOF", "It is the only proof that the name is yours");
        return;
    }
    struct irc_pending before = {0};
    char certificate[sizeof before.device.certificate];
    memcpy(certificate, account->devices[number - 1].certificate, sizeof certificate);
    accounts_remove_device(accounts, account, certificate, &before.device);
    if (irc_account_keep(client, account, CHANGE_DEVICE_REVOKED, &before))
        return;
    accounts_add_device(accounts, account, &before.device);
    device_release(&before.device);
    fail(client, "TEMPORARILY_UNAVAILABLE", "The server cannot save that now");
}

/* Ends all that came by this certificate. */
static void end_connections(struct irc_door *door, const char *certificate)
{
    LIST_FOR(link, &door->clients)
    {
        struct irc_client *client = list_entry(link, struct irc_client, in_door);
        if (client->aside->fingerprint && strcmp(client->aside->fingerprint, certificate) == 0 &&
            irc_client_session(client))
            irc_client_leave(client, "This device was revoked");
    }
}

void irc_device_revoked(struct irc_client *client, const struct account *account, bool kept)
{
    struct accounts *accounts = client->door->accounts;
    const struct device *device = &client->aside->pending->device;
    if (!kept) {
        if (account)
            accounts_add_device(accounts, account, device);
        fail(client, "TEMPORARILY_UNAVAILABLE", "The server could not save that");
        return;
    }
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%s is no longer one of your devices",
             *device->label ? device->label : device->certificate);
    accounts_tell(accounts, "%s revoked a device of %s", irc_client_address(client), account->name);
    irc_remark(client, "DEVICE", "REVOKED", device->certificate, text, NULL);
    end_connections(client->door, device->certificate);
}

static const struct {
    const char *name;
    size_t params;
    void (*run)(struct irc_client *client, const struct irc_message *message);
} rows[] = {
    {"CODE", 1, code},
    {"ADD", 2, add},
    {"LIST", 1, list},
    {"REVOKE", 2, revoke},
};

void irc_device(struct irc_client *client, const struct irc_message *message)
{
    if (!irc_sasl_offered(client)) {
        fail(client, "TLS_REQUIRED", "Devices can be added only over TLS");
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcasecmp(rows[i].name, message->params[0]) != 0)
            continue;
        if (message->n_params < rows[i].params)
            fail(client, "NEED_MORE_PARAMS", "Missing parameters");
        else
            rows[i].run(client, message);
        return;
    }
    irc_fail(client, "DEVICE", "INVALID_SUBCOMMAND", message->params[0],
             "It is CODE, ADD, LIST or REVOKE", NULL);
}
