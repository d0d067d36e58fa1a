/* Facts and names in memory. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/store/memory.h"

static void remove_fact(struct table *facts, const char *key)
{
    struct fact *fact = table_remove(facts, key, strlen(key));
    if (!fact)
        return;
    free(fact->value);
    free(fact);
}

static void set_fact(struct table *facts, const char *key, const char *value, size_t len)
{
    remove_fact(facts, key);
    size_t key_len = strlen(key);
    struct fact *fact = xmalloc(sizeof *fact + key_len + 1);
    *fact = (struct fact){.value = xmemdup0(value, len), .len = len};
    memcpy(fact->key, key, key_len + 1);
    table_put(facts, fact->key, key_len, fact);
}

void memory_put(struct memory *memory, struct job *job)
{
    const struct job_put *put = &job->u.put;
    if (put->value)
        set_fact(&memory->facts, put->key, put->value, put->len);
    else
        remove_fact(&memory->facts, put->key);
}

void memory_claim(struct memory *memory, struct job *job)
{
    struct job_claim *claim = &job->u.claim;
    const struct fact *owned = table_get(&memory->owners, claim->name, strlen(claim->name));
    bool others = owned && strcmp(owned->value, claim->owner) != 0;
    if (others)
        job->result = STORE_TAKEN;
    else if (job->type == JOB_CLAIM)
        set_fact(&memory->owners, claim->name, claim->owner, strlen(claim->owner));
    else
        remove_fact(&memory->owners, claim->name);
    free(claim->owner_now);
    claim->owner_now = NULL;
    if (others || job->type == JOB_CLAIM)
        claim->owner_now = xstrdup(others ? owned->value : claim->owner);
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct fact *const *)a)->key, (*(struct fact *const *)b)->key);
}

bool memory_each_fact(struct engine *engine, const char *prefix,
                      void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                      void *ctx)
{
    const struct table *facts = &memory_of(engine)->facts;
    struct fact **sorted = xcalloc(facts->len, sizeof(struct fact *));
    struct table_walk walk = {0};
    size_t count = 0;
    for (struct fact *fact; (fact = table_next(facts, &walk)) != NULL;)
        sorted[count++] = fact;
    qsort(sorted, count, sizeof *sorted, by_key);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(sorted[i]->key, prefix, strlen(prefix)) == 0)
            fn(ctx, sorted[i]->key, sorted[i]->value, sorted[i]->len);
    }
    free(sorted);
    return true;
}

static void free_table(struct table *facts)
{
    struct table_walk walk = {0};
    for (struct fact *fact; (fact = table_next(facts, &walk)) != NULL;)
        remove_fact(facts, fact->key);
    table_release(facts);
}

void memory_free_facts(struct memory *memory)
{
    free_table(&memory->facts);
    free_table(&memory->owners);
}
