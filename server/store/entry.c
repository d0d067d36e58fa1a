#include "server/store/entry.h"

#include <string.h>

#include "common/alloc.h"

enum {
    TEXTS = 8
};

/* The strings of an event, so that they can be copied in a loop. */
static void texts_of(struct event *event, const char **texts[TEXTS])
{
    texts[0] = &event->who.nick;
    texts[1] = &event->who.user;
    texts[2] = &event->who.host;
    texts[3] = &event->who.account;
    texts[4] = &event->log;
    texts[5] = &event->target;
    texts[6] = &event->text;
    texts[7] = &event->tags;
}

struct entry *entry_new(const struct event *event)
{
    struct event copy = *event;
    const char **texts[TEXTS];
    size_t lens[TEXTS];
    texts_of(&copy, texts);
    size_t bytes = sizeof(struct entry);
    for (int i = 0; i < TEXTS; i++) {
        lens[i] = *texts[i] ? strlen(*texts[i]) + 1 : 0;
        bytes += lens[i];
    }
    struct entry *entry = xmalloc(bytes);
    char *at = (char *)(entry + 1);
    for (int i = 0; i < TEXTS; i++) {
        if (lens[i] == 0)
            continue;
        *texts[i] = memcpy(at, *texts[i], lens[i]);
        at += lens[i];
    }
    entry->event = copy;
    entry->bytes = bytes;
    list_init(&entry->in_line);
    list_init(&entry->in_log);
    return entry;
}
