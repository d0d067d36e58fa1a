#include "server/store/entry.h"

#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"
#include "server/store/store.h"

enum {
    TEXTS = 12,
    NAME_MAX_BYTES = 4096,
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
    texts[8] = &event->object;
    texts[9] = &event->client_id;
    texts[10] = &event->realname;
    texts[11] = &event->joints;
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

bool entry_refusable(const struct event *event)
{
    return event->type == EVENT_SPEECH || event->type == EVENT_REDACT;
}

/* Case and spelling do not make another person. What cannot be folded stands for itself. */
static bool add_folded(struct str *out, const char *name)
{
    return text_fold(out, name, strlen(name)) || str_adds(out, name);
}

bool entry_client_key(const struct event *event, struct str *key)
{
    str_reset(key);
    if (!event->client_id)
        return false;
    const struct who *who = &event->who;
    return str_addc(key, who->account ? 'a' : 'n') &&
           add_folded(key, who->account ? who->account : who->nick) && str_addc(key, '\n') &&
           str_adds(key, event->client_id);
}

bool entry_is_outdated(const struct event *event, int64_t now_ms)
{
    return event->time_ms < now_ms - STORE_CLIENT_ID_DAYS * INT64_C(86400000);
}

bool entry_same_name(const char *a, const char *b)
{
    struct str left, right;
    str_init(&left, NAME_MAX_BYTES);
    str_init(&right, NAME_MAX_BYTES);
    bool same = add_folded(&left, a) && add_folded(&right, b) && strcmp(left.data, right.data) == 0;
    str_release(&left);
    str_release(&right);
    return same;
}

bool entry_log_is_of(const char *log, const char *nick)
{
    const char *gap = strchr(log, '\n');
    if (!gap || !nick)
        return !gap && !nick;
    size_t len = strlen(nick);
    return strcmp(gap + 1, nick) == 0 || ((size_t)(gap - log) == len && !memcmp(log, nick, len));
}
