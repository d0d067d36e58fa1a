#include "server/run/ownership.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/account/accounts.h"
#include "server/core/hub.h"
#include "server/store/store.h"

struct restoring {
    struct accounts *accounts;
    struct hub *hub;
    size_t lost;
};

static void restore(void *ctx, const char *key, const void *value, size_t len)
{
    struct restoring *restoring = ctx;
    char *text = xmemdup0(value, len);
    const struct account *account = accounts_restore(restoring->accounts, text);
    (void)key;
    if (!account || !hub_own(restoring->hub, account->name, account->name))
        restoring->lost++;
    free(text);
}

bool ownership_restore(struct store *store, struct accounts *accounts, struct hub *hub,
                       size_t *lost)
{
    struct restoring restoring = {.accounts = accounts, .hub = hub};
    bool good = store_each_fact(store, ACCOUNT_FACT, restore, &restoring);
    *lost = restoring.lost;
    return good;
}
