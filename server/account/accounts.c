#include "server/account/accounts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/base64.h"
#include "common/str.h"
#include "common/table.h"
#include "server/account/slow.h"
#include "server/core/names.h"

enum {
    NONCE_RANDOM_BYTES = 18,
    LOG_LINE_BYTES = 512,
    FREE_FAILURES = 5,
    FREE_MAKINGS = 50, /* a class that comes for the first time, behind one address */
};

struct accounts {
    struct accounts_config config;
    struct table by_key;
    struct table by_certificate;
    struct slow addresses;
    struct slow names;
    struct slow makers;
};

struct accounts *accounts_new(const struct accounts_config *config)
{
    struct accounts *accounts = xcalloc(1, sizeof *accounts);
    accounts->config = *config;
    table_init(&accounts->by_key, config->max_accounts, config->seed);
    table_init(&accounts->by_certificate, config->max_accounts, config->seed + 1);
    slow_init(&accounts->addresses, FREE_FAILURES, config->seed + 2);
    slow_init(&accounts->names, FREE_FAILURES, config->seed + 3);
    slow_init(&accounts->makers, FREE_MAKINGS, config->seed + 4);
    return accounts;
}

static void account_free(struct account *account)
{
    free(account->name);
    free(account->key);
    free(account->email);
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
    slow_release(&accounts->addresses);
    slow_release(&accounts->names);
    slow_release(&accounts->makers);
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

/* Takes ownership of an account that is complete but for its key; NULL, and it is freed, if it
 * cannot be had. */
static const struct account *enlist(struct accounts *accounts, struct account *account)
{
    struct str key;
    bool good = fold(&key, account->name) && !table_get(&accounts->by_key, key.data, key.len) &&
                !(*account->certificate && accounts_of_certificate(accounts, account->certificate));
    account->key = xstrdup(key.data);
    str_release(&key);
    if (!good || !table_put(&accounts->by_key, account->key, strlen(account->key), account)) {
        account_free(account);
        return NULL;
    }
    if (*account->certificate)
        table_put(&accounts->by_certificate, account->certificate, strlen(account->certificate),
                  account);
    return account;
}

static bool is_certificate(const char *text)
{
    return strlen(text) == ACCOUNT_CERTIFICATE_DIGITS &&
           strspn(text, "0123456789abcdef") == ACCOUNT_CERTIFICATE_DIGITS;
}

const struct account *accounts_add(struct accounts *accounts, const char *name,
                                   const char *password, const char *certificate, int64_t now_ms)
{
    if (certificate && !is_certificate(certificate))
        return NULL;
    struct account *account = xcalloc(1, sizeof *account);
    account->name = xstrdup(name);
    account->made_ms = now_ms;
    if (certificate)
        memcpy(account->certificate, certificate, sizeof account->certificate);
    if (password) {
        unsigned char salt[VERIFIER_SALT_BYTES];
        accounts->config.random(accounts->config.ctx, salt, sizeof salt);
        account->verifier = verifier_make(password, salt, VERIFIER_ITERATIONS);
    }
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
    if (*own->certificate)
        table_remove(&accounts->by_certificate, own->certificate, strlen(own->certificate));
    account_free(own);
}

void account_write(const struct account *account, struct str *out)
{
    str_addf(out, "name %s\nmade %" PRId64 "\n", account->name, account->made_ms);
    if (account->verifier.iterations > 0) {
        str_adds(out, "scram ");
        verifier_write(&account->verifier, out);
        str_addc(out, '\n');
    }
    if (*account->certificate)
        str_addf(out, "certificate %s\n", account->certificate);
    if (account->email)
        str_addf(out, "email %s\n", account->email);
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
    } else if (len == 5 && memcmp(line, "scram", len) == 0) {
        return verifier_read(&account->verifier, value);
    } else if (len == 11 && memcmp(line, "certificate", len) == 0) {
        if (!is_certificate(value))
            return false;
        memcpy(account->certificate, value, sizeof account->certificate);
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

int64_t accounts_wait_ms(const struct accounts *accounts, const char *address, const char *name,
                         int64_t now_ms)
{
    int64_t wait_ms = slow_wait_ms(&accounts->addresses, address, now_ms);
    const struct account *account = accounts_find(accounts, name);
    int64_t other_ms = account ? slow_wait_ms(&accounts->names, account->key, now_ms) : 0;
    return other_ms > wait_ms ? other_ms : wait_ms;
}

void accounts_failed(struct accounts *accounts, const char *address, const char *name,
                     const char *how, int64_t now_ms)
{
    const struct account *account = accounts_find(accounts, name);
    slow_add(&accounts->addresses, address, now_ms);
    if (account)
        slow_add(&accounts->names, account->key, now_ms);
    /* Who has to wait is refused without being looked at, so that this cannot flood the log. */
    accounts_tell(accounts, "%s failed to log in by %s as %s", address, how,
                  account ? account->name : "nobody known");
}

int64_t accounts_making_wait_ms(const struct accounts *accounts, const char *address,
                                int64_t now_ms)
{
    return slow_wait_ms(&accounts->makers, address, now_ms);
}

void accounts_made(struct accounts *accounts, const char *address, const struct account *account,
                   int64_t now_ms)
{
    slow_add(&accounts->makers, address, now_ms);
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
