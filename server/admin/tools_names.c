/* A server without a door: the hub over the log, one command, and what it wants kept. */
#include "server/admin/tools_names.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "server/account/accounts.h"
#include "server/admin/audit.h"
#include "server/pump/pump.h"
#include "server/run/clock.h"
#include "server/run/ownership.h"
#include "server/run/seed.h"
#include "server/store/store.h"

struct house {
    struct hub *hub;
    struct pump *pump;
    struct accounts *accounts;
    struct store *store;
    struct audit audit;
    bool store_failed;
    const char *action;
};

static void on_state(void *ctx, enum store_state state, const char *reason)
{
    (void)reason;
    ((struct house *)ctx)->store_failed = state != STORE_UP;
}

static void on_claimed(void *ctx, uint64_t token, enum store_result result, const char *owner)
{
    (void)ctx, (void)token, (void)result, (void)owner;
}

static void on_wake(void *ctx)
{
    (void)ctx;
}

static bool open_house(struct house *house, const struct config *config, const char *dir,
                       struct str *error)
{
    struct hub_config limits = hub_config_default();
    struct store_options options = store_options_default();
    const struct store_listener listener = {
        .ctx = house,
        .state = on_state,
        .claimed = on_claimed,
        .wake = on_wake,
    };
    config_limits(config, &limits);
    options.in_poll = true;
    options.seed = seed_random();
    house->hub = hub_new(&limits, seed_random());
    house->pump = pump_new(house->hub, &(struct pump_owner){0});
    house->accounts = accounts_new(
        &(struct accounts_config){.max_accounts = limits.max_owned_names, .seed = seed_random()});
    house->store = store_open(dir, &listener, &options, error);
    if (!house->store || !audit_open(&house->audit, dir, (size_t)config->audit_bytes, error))
        return false;
    size_t lost;
    if (!pump_set_store(house->pump, house->store) ||
        !ownership_restore(house->store, house->accounts, house->hub, &lost))
        return options_wrong(error, "%s: the log is damaged; see snugd check", dir);
    return true;
}

static void close_house(struct house *house)
{
    store_free(house->store);
    pump_free(house->pump);
    accounts_free(house->accounts);
    hub_free(house->hub);
    audit_release(&house->audit);
}

static bool refuse(enum refusal refusal, const char *name, struct str *error)
{
    static const char *const words[] = {
        [REFUSED_NICK_BAD] = "is not a name",
        [REFUSED_NOT_OWNED] = "is owned by nobody",
        [REFUSED_TOO_SOON] = "was used too recently: see --release-after",
        [REFUSED_NO_MORE_NAMES] = "is one too many: the server cannot keep more names",
    };
    bool known = (size_t)refusal < sizeof words / sizeof *words && words[refusal];
    return options_wrong(error, "%s %s", name, known ? words[refusal] : "was refused");
}

/* Writes what was done into the audit log; false with one line in *error when that failed. */
static bool audit(struct house *house, const struct outbox *box, int64_t now_ms, struct str *error)
{
    for (size_t i = 0; i < box->count; i++) {
        const struct effect *effect = &box->effects[i];
        const struct audit_record record = {
            .did = effect->key,
            .by = {.nick = "snugd", .user = house->action, .host = "this machine"},
            .whom = effect->event.object,
        };
        if (effect->type == EFFECT_AUDIT && !audit_write(&house->audit, &record, now_ms))
            return options_wrong(error, "it is done, but the audit log cannot be written: %s",
                                 strerror(errno));
    }
    return true;
}

/* Gives the store what the hub wants kept; false with one line in *error when either refused. */
static bool keep(struct house *house, const struct outbox *box, struct str *error)
{
    for (size_t i = 0; i < box->count; i++) {
        const struct effect *effect = &box->effects[i];
        if (effect->type == EFFECT_NOTE && effect->note.type == NOTE_REFUSED)
            return refuse(effect->note.refusal, effect->note.target, error);
        if (effect->type == EFFECT_KEEP &&
            store_put(house->store, effect->key, effect->value,
                      effect->value ? strlen(effect->value) : 0) != STORE_OK)
            return options_wrong(error, "cannot write the log");
    }
    return true;
}

/* The account goes with its name. */
static bool forget(struct house *house, const struct account *account, struct str *error)
{
    struct str key;
    str_init(&key, sizeof ACCOUNT_FACT + ACCOUNT_KEY_BYTES);
    str_addf(&key, "%s%s", ACCOUNT_FACT, account->key);
    bool done = store_put(house->store, key.data, NULL, 0) == STORE_OK &&
                store_release(house->store, account->key, account->key, 0) == STORE_OK;
    str_release(&key);
    return done || options_wrong(error, "cannot write the log");
}

static const struct name_action {
    const char *word;
    enum command_type type;
    unsigned set, clear;
    const char *done;
} actions[] = {
    {"admit", COMMAND_KNOW, KNOWN_ADMITTED, 0, "is admitted"},
    {"unadmit", COMMAND_KNOW, 0, KNOWN_ADMITTED, "is not admitted"},
    {"grant", COMMAND_KNOW, KNOWN_OPERATOR, 0, "is an operator from the next login on"},
    {"revoke", COMMAND_KNOW, 0, KNOWN_OPERATOR, "is no operator from the next login on"},
    {"release", COMMAND_RELEASE, 0, 0, "is nobody's"},
};

static const struct name_action *find_action(const char *word)
{
    size_t i = 0;
    while (strcmp(actions[i].word, word) != 0)
        i++;
    return &actions[i];
}

/* Waits until the log has what was given to it. */
static bool commit(struct house *house, struct str *error)
{
    store_commit(house->store);
    store_poll(house->store);
    return !house->store_failed || options_wrong(error, "cannot write the log");
}

static bool run(struct house *house, const struct name_action *action, const char *name,
                struct str *error)
{
    const struct account *account = accounts_find(house->accounts, name);
    const struct command command = {
        .type = action->type,
        .object = name,
        .set = action->set,
        .clear = action->clear,
        .made_ms = account ? account->made_ms : 0,
    };
    int64_t now_ms = clock_ms();
    struct outbox box;
    outbox_init(&box);
    hub_step(house->hub, now_ms, &command, &box);
    bool done = keep(house, &box, error) &&
                (action->type != COMMAND_RELEASE || !account || forget(house, account, error)) &&
                commit(house, error) && audit(house, &box, now_ms, error);
    outbox_release(&box);
    return done;
}

bool tools_names(const struct config *config, const char *dir, struct str *error)
{
    const struct name_action *action = find_action(config->action);
    const char *name = config->operands.items[0];
    struct house house = {.action = config->action};
    audit_init(&house.audit);
    bool done = open_house(&house, config, dir, error) && run(&house, action, name, error);
    close_house(&house);
    if (done)
        printf("%s %s\n", name, action->done);
    return done;
}
