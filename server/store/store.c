/* store.h, handed on to whichever implementation was opened. */
#include "server/store/store_ops.h"

void store_free(struct store *store)
{
    if (store)
        store->ops->free(store);
}

enum store_result store_append(struct store *store, const struct event *event)
{
    return store->ops->append(store, event);
}

void store_commit(struct store *store)
{
    store->ops->commit(store);
}

size_t store_poll(struct store *store)
{
    return store->ops->poll(store);
}

size_t store_pending(const struct store *store)
{
    return store->ops->pending(store);
}
