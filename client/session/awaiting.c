/* What waits for the server's answer. */
#include "client/session/awaiting.h"

#include <stdlib.h>
#include <string.h>

#include "client/model/format.h"
#include "client/session/isupport.h"
#include "common/alloc.h"

void awaiting_init(struct awaiting *a)
{
    memset(a, 0, sizeof(*a));
    ring_init(&a->ring, sizeof(struct awaited), AWAITING_MAX);
}

static void release_entry(struct awaited *entry)
{
    free(entry->command);
    free(entry->target);
    free(entry->texts);
    free(entry->reply_to);
}

void awaiting_release(struct awaiting *a)
{
    struct awaited entry;
    while (ring_pop_front(&a->ring, &entry))
        release_entry(&entry);
    ring_release(&a->ring);
}

bool awaiting_full(const struct awaiting *a)
{
    return ring_full(&a->ring);
}

bool awaiting_empty(const struct awaiting *a)
{
    return a->ring.len == 0;
}

void awaiting_add(struct awaiting *a, const struct awaited *entry)
{
    ring_push(&a->ring, entry, NULL);
}

struct awaited *awaiting_at(const struct awaiting *a, size_t i)
{
    return i < a->ring.len ? ring_at(&a->ring, i) : NULL;
}

struct awaited *awaiting_unsent(const struct awaiting *a)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(a, i)); i++)
        if (!entry->done && entry->n_sent < entry->n_texts)
            return entry;
    return NULL;
}

struct awaited *awaiting_numbered(const struct awaiting *a, uint64_t number)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(a, i)); i++)
        if (entry->n_sent > 0 && number >= entry->first_number &&
            number - entry->first_number < entry->n_sent)
            return entry;
    return NULL;
}

static bool same_target(const struct isupport *isupport, const struct awaited *entry,
                        const char *target)
{
    return entry->target && isupport_same(isupport, entry->target, target);
}

struct awaited *awaiting_command(const struct awaiting *a, const struct isupport *isupport,
                                 const char *command, const char *target)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(a, i)); i++)
        if (!entry->done && entry->n_sent > 0 && !strcmp(entry->command, command) &&
            (!target || same_target(isupport, entry, target)))
            return entry;
    return NULL;
}

struct awaited *awaiting_echo(const struct awaiting *a, const struct isupport *isupport,
                              const char *command, const char *target, bool action,
                              const char *text)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(a, i)); i++)
        if (!entry->done && entry->line && entry->n_echoed < entry->n_sent &&
            entry->action == action && !strcmp(entry->command, command) &&
            same_target(isupport, entry, target) && format_same(entry->next_echo, text))
            return entry;
    return NULL;
}

void awaiting_redirect(struct awaiting *a, const struct isupport *isupport, const char *from,
                       const char *to)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(a, i)) != NULL; i++) {
        if (entry->done || entry->raw || !entry->target || entry->n_sent > entry->n_echoed ||
            !isupport_same(isupport, entry->target, from))
            continue;
        free(entry->target);
        entry->target = xstrdup(to);
    }
}

void awaiting_drop_done(struct awaiting *a)
{
    struct awaited *entry;
    while ((entry = awaiting_at(a, 0)) && entry->done) {
        release_entry(entry);
        ring_pop_front(&a->ring, NULL);
    }
}
