/* SEARCH (soju.im/search): the attributes are written like message tags. With words the log's index
 * is asked; without, the latest of one room or conversation are looked through. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/door/irc/asked.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/event.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/timestamp.h"

enum {
    SEARCH_MAX = 100, /* messages of one answer */
    LOOKED_THROUGH = 1000,
    FOLDED_BYTES = 4096,
};

/* What is asked for; "" for what is not. */
struct attributes {
    struct str in, from, after, before, text, limit;
};

static const struct {
    const char *name;
    size_t offset;
} names[] = {
    {"in", offsetof(struct attributes, in)},       {"from", offsetof(struct attributes, from)},
    {"after", offsetof(struct attributes, after)}, {"before", offsetof(struct attributes, before)},
    {"text", offsetof(struct attributes, text)},   {"limit", offsetof(struct attributes, limit)},
};

enum { NAME_COUNT = sizeof names / sizeof *names };

static struct str *attribute(struct attributes *attributes, size_t i)
{
    return (struct str *)((char *)attributes + names[i].offset);
}

static void invalid(struct irc_client *client, const char *what, const char *why)
{
    irc_fail(client, "SEARCH", "INVALID_PARAMS", what, why, NULL);
}

static bool read_attributes(struct irc_client *client, const struct irc_message *message,
                            struct attributes *attributes)
{
    const struct irc_message list = {.tags = message->params[0],
                                     .tags_len = strlen(message->params[0])};
    for (size_t i = 0; i < NAME_COUNT; i++) {
        str_init(attribute(attributes, i), IRC_MAX_BODY_BYTES);
        struct irc_tag tag;
        if (irc_tag_find(&list, names[i].name, &tag) &&
            !irc_tag_unescape(attribute(attributes, i), tag.value, tag.value_len)) {
            invalid(client, names[i].name, "Invalid parameters");
            return false;
        }
    }
    return true;
}

static void release(struct attributes *attributes)
{
    for (size_t i = 0; i < NAME_COUNT; i++)
        str_release(attribute(attributes, i));
}

/* A time, or 0 where there is none; those of the attributes are included. */
static bool read_time(struct irc_client *client, const char *name, const struct str *text,
                      int beside_ms, int64_t *time_ms)
{
    *time_ms = 0;
    if (text->len == 0)
        return true;
    if (!irc_timestamp_read(text->data, time_ms)) {
        invalid(client, name, "Invalid timestamp");
        return false;
    }
    *time_ms += beside_ms;
    return true;
}

static size_t limit_of(const struct attributes *attributes)
{
    unsigned long limit = strtoul(attributes->limit.data, NULL, 10);
    return limit > 0 && limit < SEARCH_MAX ? limit : SEARCH_MAX;
}

/* Looks through the latest of one place, which is all that can be done without words. */
static enum refusal look_through(struct irc_client *client, const struct seeking *seeking)
{
    struct reading reading = {
        .target = seeking->target,
        .span = READING_LATEST,
        .from.time_ms = seeking->after_ms,
        .limit = LOOKED_THROUGH,
        .speech_only = true,
    };
    if (seeking->before_ms > 0 && seeking->after_ms > 0) {
        reading.span = READING_BETWEEN;
        reading.from.time_ms = seeking->before_ms;
        reading.to.time_ms = seeking->after_ms;
    } else if (seeking->before_ms > 0) {
        reading.span = READING_BEFORE;
        reading.from.time_ms = seeking->before_ms;
    }
    irc_asked_keep(client, seeking->nick, NULL);
    return gate_read(client->gate, client->session, &reading,
                     irc_asked_token(ASKED_LOOK, seeking->limit));
}

static void refuse(struct irc_client *client, enum refusal refusal, const char *target)
{
    if (refusal == REFUSED_NOT_READ)
        irc_fail(client, "SEARCH", "INTERNAL_ERROR", "The search could not be run", NULL);
    else
        invalid(client, *target ? target : "*", "You cannot search there");
}

static void search(struct irc_client *client, struct attributes *attributes)
{
    struct seeking seeking = {
        .target = attributes->in.len > 0 ? attributes->in.data : NULL,
        .words = attributes->text.data,
        .nick = attributes->from.len > 0 ? attributes->from.data : NULL,
        .limit = limit_of(attributes),
    };
    if (!read_time(client, "after", &attributes->after, -1, &seeking.after_ms) ||
        !read_time(client, "before", &attributes->before, 1, &seeking.before_ms))
        return;
    bool words = attributes->text.data[strspn(attributes->text.data, " ")] != '\0';
    if (!words && !seeking.target) {
        invalid(client, "text", "Say what to search for, or where");
        return;
    }
    enum refusal refusal = words ? gate_search(client->gate, client->session, &seeking,
                                               irc_asked_token(ASKED_SEARCH, 0))
                                 : look_through(client, &seeking);
    if (refusal != REFUSED_NOTHING)
        refuse(client, refusal, attributes->in.data);
}

void irc_search(struct irc_client *client, const struct irc_message *message)
{
    if (!irc_has(client, CAP_SEARCH)) {
        irc_reply(client, ERR_UNKNOWNCOMMAND, "SEARCH", "It takes the capability soju.im/search",
                  NULL);
        return;
    }
    struct attributes attributes;
    memset(&attributes, 0, sizeof attributes);
    if (read_attributes(client, message, &attributes))
        search(client, &attributes);
    release(&attributes);
}

static void write_found(struct irc_client *client, const struct event *event)
{
    if (!event->redacted && event->speech != SPEECH_TAGS)
        irc_event_write(client, event);
}

/* The log gives the newest first; the answer begins with the oldest. */
void irc_search_page(struct irc_client *client, const struct door_page *page)
{
    if (page->refusal != REFUSED_NOTHING) {
        refuse(client, page->refusal, page->target ? page->target : "*");
        return;
    }
    irc_response_batch_begin(client, "soju.im/search", NULL);
    for (size_t i = page->count; i > 0; i--)
        write_found(client, &page->events[i - 1]);
    irc_response_batch_end(client);
}

static bool same_name(const char *a, const char *b)
{
    struct str left, right;
    str_init(&left, FOLDED_BYTES);
    str_init(&right, FOLDED_BYTES);
    bool same = text_fold(&left, a, strlen(a)) && text_fold(&right, b, strlen(b)) &&
                strcmp(left.data, right.data) == 0;
    str_release(&left);
    str_release(&right);
    return same;
}

void irc_search_look(struct irc_client *client, const struct door_page *page)
{
    if (page->refusal != REFUSED_NOTHING) {
        refuse(client, page->refusal, page->target ? page->target : "*");
        return;
    }
    const char *nick = client->aside->asked.word;
    const struct event **found = xreallocarray(NULL, page->count + 1, sizeof *found);
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++) {
        if (!nick || same_name(page->events[i].who.nick, nick))
            found[count++] = &page->events[i];
    }
    size_t limit = irc_asked_rest(page->token);
    irc_response_batch_begin(client, "soju.im/search", NULL);
    for (size_t i = count > limit ? count - limit : 0; i < count; i++)
        write_found(client, found[i]);
    irc_response_batch_end(client);
    free(found);
}
