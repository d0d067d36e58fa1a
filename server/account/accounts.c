#include "server/account/accounts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/base64.h"
#include "common/cidr.h"
#include "common/str.h"
#include "server/account/internal.h"
#include "server/core/names.h"

enum {
    NONCE_RANDOM_BYTES = 18,
    LOG_LINE_BYTES = 512,
    PLACE_BITS = 64, /* of an address of IPv6 */
    PLACE_BYTES = PLACE_BITS / 4 + 1,
    FREE_FAILURES = 5,          /* at one name from one address */
    FREE_ADDRESS_FAILURES = 20, /* at any names from one address, behind which may be many people */
    FREE_ACCOUNT_FAILURES = 500, /* at one name from anywhere: one address alone never gets there */
    FREE_MAKINGS = 50,           /* a class that comes for the first time, behind one address */
    FREE_TRIES = 5,              /* of one connection */
    FREE_VISITS = 200,           /* an office that comes back behind one address after a restart */
    STEP_MS = 10 * 1000,
    VISIT_STEP_MS = 1000, /* a check of a password takes 1 ms */
    KEY_BYTES = 24,
    GUESS_PLACE_BYTES = 128,
};

struct accounts *accounts_new(const struct accounts_config *config)
{
    struct accounts *accounts = xcalloc(1, sizeof *accounts);
    accounts->config = *config;
    table_init(&accounts->by_key, config->max_accounts, config->seed);
    table_init(&accounts->by_certificate, SIZE_MAX,
               config->seed + 1); /* each account has a limit */
    throttle_init(&accounts->guessers, FREE_FAILURES, STEP_MS, config->seed + 7);
    throttle_init(&accounts->addresses, FREE_ADDRESS_FAILURES, STEP_MS, config->seed + 2);
    throttle_init(&accounts->names, FREE_ACCOUNT_FAILURES, STEP_MS, config->seed + 3);
    throttle_init(&accounts->makers, FREE_MAKINGS, STEP_MS, config->seed + 4);
    throttle_init(&accounts->visitors, FREE_VISITS, VISIT_STEP_MS, config->seed + 5);
    throttle_init(&accounts->connections, FREE_TRIES, STEP_MS, config->seed + 6);
    return accounts;
}

static void account_free(struct account *account)
{
    free(account->name);
    free(account->key);
    free(account->email);
    device_release_all(account);
    free(account);
}

void accounts_free(struct accounts *accounts)
{
    if (!accounts)
        return;
    struct table_walk walk = {0};
    for (struct account *account; (account = table_next(&accounts->by_key, &walk));)
        account_free(account);
    table_release(&accounts->by_key);
    table_release(&accounts->by_certificate);
    throttle_release(&accounts->guessers);
    throttle_release(&accounts->addresses);
    throttle_release(&accounts->names);
    throttle_release(&accounts->makers);
    throttle_release(&accounts->visitors);
    throttle_release(&accounts->connections);
    codes_release(&accounts->codes);
    free(accounts);
}

/* Folds a name; false for one that is longer than any nick. */
static bool fold(struct str *key, const char *name)
{
    str_init(key, ACCOUNT_KEY_BYTES);
    if (strlen(name) > ACCOUNT_NAME_BYTES)
        return false;
    name_key(key, name);
    return key->len > 0;
}

const struct account *accounts_find(const struct accounts *accounts, const char *name)
{
    struct str key;
    const struct account *account =
        fold(&key, name) ? table_get(&accounts->by_key, key.data, key.len) : NULL;
    str_release(&key);
    return account;
}

const struct account *accounts_of_certificate(const struct accounts *accounts,
                                              const char *certificate)
{
    return table_get(&accounts->by_certificate, certificate, strlen(certificate));
}

struct account *accounts_own(struct accounts *accounts, const struct account *account)
{
    return table_get(&accounts->by_key, account->key, strlen(account->key));
}

/* Whether all of its certificates are nobody's yet. */
static bool is_new(const struct accounts *accounts, const struct account *account)
{
    for (size_t i = 0; i < account->device_count; i++) {
        if (accounts_of_certificate(accounts, account->devices[i].certificate))
            return false;
    }
    return true;
}

/* Takes ownership of an account that is complete but for its key; NULL, and it is freed, if it
 * cannot be had. */
static const struct account *enlist(struct accounts *accounts, struct account *account)
{
    struct str key;
    bool good = fold(&key, account->name) && !table_get(&accounts->by_key, key.data, key.len) &&
                is_new(accounts, account);
    account->key = xstrdup(key.data);
    str_release(&key);
    if (!good || !table_put(&accounts->by_key, account->key, strlen(account->key), account)) {
        account_free(account);
        return NULL;
    }
    for (size_t i = 0; i < account->device_count; i++)
        table_put(&accounts->by_certificate, account->devices[i].certificate,
                  ACCOUNT_CERTIFICATE_DIGITS, account);
    return account;
}

static struct verifier new_verifier(struct accounts *accounts, const char *password)
{
    unsigned char salt[VERIFIER_SALT_BYTES];
    accounts->config.random(accounts->config.ctx, salt, sizeof salt);
    return verifier_make(password, salt, VERIFIER_ITERATIONS);
}

const struct account *accounts_add(struct accounts *accounts, const char *name,
                                   const char *password, const char *certificate, int64_t now_ms)
{
    if (certificate && !device_is_certificate(certificate))
        return NULL;
    struct account *account = xcalloc(1, sizeof *account);
    account->name = xstrdup(name);
    account->made_ms = now_ms;
    if (certificate) {
        struct device device = {.added_ms = now_ms};
        memcpy(device.certificate, certificate, sizeof device.certificate);
        device_append(account, &device);
    }
    if (password)
        account->verifier = new_verifier(accounts, password);
    return enlist(accounts, account);
}

void accounts_set_email(struct accounts *accounts, const struct account *account, const char *email)
{
    struct account *own = table_get(&accounts->by_key, account->key, strlen(account->key));
    free(own->email);
    own->email = xstrdup(email);
}

void accounts_remove(struct accounts *accounts, const struct account *account)
{
    struct account *own = table_remove(&accounts->by_key, account->key, strlen(account->key));
    for (size_t i = 0; i < own->device_count; i++)
        table_remove(&accounts->by_certificate, own->devices[i].certificate,
                     ACCOUNT_CERTIFICATE_DIGITS);
    codes_forget(&accounts->codes, own->key);
    account_free(own);
}

const char *accounts_make_code(struct accounts *accounts, const struct account *account,
                               int64_t now_ms)
{
    uint64_t chance;
    accounts->config.random(accounts->config.ctx, &chance, sizeof chance);
    return codes_make(&accounts->codes, account->key, chance, now_ms);
}

const struct account *accounts_take_code(struct accounts *accounts, const char *code,
                                         int64_t now_ms)
{
    char *key = codes_take(&accounts->codes, code, now_ms);
    const struct account *account = key ? table_get(&accounts->by_key, key, strlen(key)) : NULL;
    free(key);
    return account;
}

struct verifier accounts_set_password(struct accounts *accounts, const struct account *account,
                                      const char *password)
{
    struct verifier before = account->verifier;
    struct verifier verifier = new_verifier(accounts, password);
    accounts_set_verifier(accounts, account, &verifier);
    return before;
}

void accounts_set_verifier(struct accounts *accounts, const struct account *account,
                           const struct verifier *verifier)
{
    accounts_own(accounts, account)->verifier = *verifier;
    codes_forget(&accounts->codes, account->key);
}

void account_write(const struct account *account, struct str *out)
{
    str_addf(out, "name %s\nmade %" PRId64 "\n", account->name, account->made_ms);
    if (account->verifier.iterations > 0) {
        str_adds(out, "scram ");
        verifier_write(&account->verifier, out);
        str_addc(out, '\n');
    }
    for (size_t i = 0; i < account->device_count; i++) {
        str_adds(out, "certificate ");
        device_write(&account->devices[i], out);
        str_addc(out, '\n');
    }
    if (account->email)
        str_addf(out, "email %s\n", account->email);
    for (size_t i = 0; i < ACCOUNT_PLACES && account->places[i] != 0; i++)
        str_addf(out, "place %016" PRIx64 "\n", account->places[i]);
}

static bool restore_device(struct account *account, const char *value)
{
    struct device device;
    bool good = device_read(&device, value, account->made_ms) &&
                !account_device(account, device.certificate) && device_append(account, &device);
    device_release(&device);
    return good;
}

static void restore_place(struct account *account, const char *value)
{
    size_t i = 0;
    while (i < ACCOUNT_PLACES && account->places[i] != 0)
        i++;
    if (i < ACCOUNT_PLACES)
        account->places[i] = strtoull(value, NULL, 16);
}

/* Takes in one line of account_write(); one of a later version is passed over. */
static bool restore_line(struct account *account, const char *line)
{
    const char *value = strchr(line, ' ');
    size_t len = value ? (size_t)(value - line) : 0;
    if (!value)
        return false;
    value++;
    if (len == 4 && memcmp(line, "name", len) == 0) {
        free(account->name);
        account->name = xstrdup(value);
    } else if (len == 4 && memcmp(line, "made", len) == 0) {
        account->made_ms = strtoll(value, NULL, 10);
    } else if (len == 5 && memcmp(line, "email", len) == 0) {
        free(account->email);
        account->email = xstrdup(value);
    } else if (len == 5 && memcmp(line, "place", len) == 0) {
        restore_place(account, value);
    } else if (len == 5 && memcmp(line, "scram", len) == 0) {
        return verifier_read(&account->verifier, value);
    } else if (len == 11 && memcmp(line, "certificate", len) == 0) {
        return restore_device(account, value);
    }
    return true;
}

const struct account *accounts_restore(struct accounts *accounts, const char *text)
{
    struct account *account = xcalloc(1, sizeof *account);
    bool good = true;
    while (good && *text != '\0') {
        size_t len = strcspn(text, "\n");
        char *line = xmemdup0(text, len);
        good = restore_line(account, line);
        free(line);
        text += len + (text[len] == '\n');
    }
    if (good && account->name)
        return enlist(accounts, account);
    account_free(account);
    return NULL;
}

/* Whoever has an address of IPv6 has the 2^64 beside it. */
static const char *place_of(const char *address, char text[PLACE_BYTES])
{
    struct cidr place;
    if (!cidr_parse(&place, address) || cidr_is_v4(&place))
        return address;
    cidr_widen(&place, PLACE_BITS);
    for (size_t i = 0; i < PLACE_BITS / 8; i++)
        snprintf(text + 2 * i, PLACE_BYTES - 2 * i, "%02x", place.bytes[i]);
    return text;
}

/* The same at each start, and another for each account. */
static uint64_t place_hash(const struct account *account, const char *place)
{
    uint64_t hash = table_siphash((uint64_t)account->made_ms, 0, place, strlen(place));
    return hash != 0 ? hash : 1;
}

static bool came_from(const struct account *account, const char *place)
{
    uint64_t hash = place_hash(account, place);
    size_t i = 0;
    while (i < ACCOUNT_PLACES && account->places[i] != hash)
        i++;
    return i < ACCOUNT_PLACES;
}

bool accounts_came(struct accounts *accounts, const struct account *account, const char *address)
{
    char text[PLACE_BYTES];
    const char *place = place_of(address, text);
    uint64_t *places = accounts_own(accounts, account)->places;
    uint64_t hash = place_hash(account, place);
    bool is_new = !came_from(account, place);
    size_t i = 0;
    while (i + 1 < ACCOUNT_PLACES && places[i] != hash)
        i++;
    memmove(places + 1, places, i * sizeof *places);
    places[0] = hash;
    return is_new;
}

/* Whether there is such an account does not matter, so that waiting tells nothing of that. */
static void guess_key(struct str *key, const char *name, const char *place)
{
    struct str folded;
    fold(&folded, name);
    str_init(key, ACCOUNT_KEY_BYTES + GUESS_PLACE_BYTES);
    str_addf(key, "%s %.*s", folded.data, GUESS_PLACE_BYTES - 2, place);
    str_release(&folded);
}

int64_t accounts_wait_ms(const struct accounts *accounts, const char *address, const char *name,
                         int64_t now_ms)
{
    char text[PLACE_BYTES];
    struct str guess;
    const char *place = place_of(address, text);
    const struct account *account = accounts_find(accounts, name);
    guess_key(&guess, name, place);
    int64_t waits_ms[] = {
        throttle_wait_ms(&accounts->guessers, guess.data, now_ms),
        throttle_wait_ms(&accounts->addresses, place, now_ms),
        account && !came_from(account, place)
            ? throttle_wait_ms(&accounts->names, account->key, now_ms)
            : 0,
    };
    int64_t longest_ms = 0;
    for (size_t i = 0; i < sizeof waits_ms / sizeof *waits_ms; i++)
        longest_ms = waits_ms[i] > longest_ms ? waits_ms[i] : longest_ms;
    str_release(&guess);
    return longest_ms;
}

void accounts_failed(struct accounts *accounts, const char *address, const char *name,
                     const char *how, int64_t now_ms)
{
    char text[PLACE_BYTES];
    struct str guess;
    const char *place = place_of(address, text);
    const struct account *account = accounts_find(accounts, name);
    guess_key(&guess, name, place);
    throttle_add(&accounts->guessers, guess.data, now_ms);
    throttle_add(&accounts->addresses, place, now_ms);
    if (account)
        throttle_add(&accounts->names, account->key, now_ms);
    str_release(&guess);
    /* Who has to wait is refused without being looked at, so that this cannot flood the log. */
    accounts_tell(accounts, "%s failed to log in by %s as %s", address, how,
                  account ? account->name : "nobody known");
}

int64_t accounts_try(struct accounts *accounts, const char *address, uint64_t connection,
                     int64_t now_ms)
{
    char place[PLACE_BYTES], key[KEY_BYTES];
    const char *from = place_of(address, place);
    snprintf(key, sizeof key, "%" PRIx64, connection);
    int64_t wait_ms = throttle_wait_ms(&accounts->visitors, from, now_ms);
    int64_t other_ms = throttle_wait_ms(&accounts->connections, key, now_ms);
    if (wait_ms > 0 || other_ms > 0)
        return other_ms > wait_ms ? other_ms : wait_ms;
    throttle_add(&accounts->visitors, from, now_ms);
    throttle_add(&accounts->connections, key, now_ms);
    return 0;
}

int64_t accounts_making_wait_ms(const struct accounts *accounts, const char *address,
                                int64_t now_ms)
{
    char place[PLACE_BYTES];
    return throttle_wait_ms(&accounts->makers, place_of(address, place), now_ms);
}

void accounts_made(struct accounts *accounts, const char *address, const struct account *account,
                   int64_t now_ms)
{
    char place[PLACE_BYTES];
    throttle_add(&accounts->makers, place_of(address, place), now_ms);
    accounts_tell(accounts, "%s made the account %s%s%s", address, account->name,
                  account->email ? ", of " : "", account->email ? account->email : "");
}

void accounts_tell(struct accounts *accounts, const char *format, ...)
{
    if (!accounts->config.log)
        return;
    char line[LOG_LINE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    accounts->config.log(accounts->config.ctx, line);
}

void accounts_nonce(struct accounts *accounts, char nonce[ACCOUNT_NONCE_BYTES])
{
    unsigned char bytes[NONCE_RANDOM_BYTES];
    struct str text;
    str_init(&text, ACCOUNT_NONCE_BYTES);
    accounts->config.random(accounts->config.ctx, bytes, sizeof bytes);
    base64_encode(&text, bytes, sizeof bytes);
    memcpy(nonce, text.data, ACCOUNT_NONCE_BYTES);
    str_release(&text);
}
