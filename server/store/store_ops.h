/* What an implementation of store.h provides; for server/store only. */
#ifndef SNUG_SERVER_STORE_STORE_OPS_H
#define SNUG_SERVER_STORE_STORE_OPS_H

#include "server/store/store.h"

/* Each as the function of store.h that has its name. */
struct store_ops {
    void (*free)(struct store *store);
    enum store_result (*append)(struct store *store, const struct event *event);
    void (*commit)(struct store *store);
    size_t (*poll)(struct store *store);
    size_t (*pending)(const struct store *store);
};

/* The beginning of every implementation's own struct. */
struct store {
    const struct store_ops *ops;
    struct store_listener listener;
};

#endif
