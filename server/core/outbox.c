#include "server/core/outbox.h"

#include <string.h>
#include <stdlib.h>

#include "common/alloc.h"

enum {
    FIRST_EFFECTS = 16,
    PAGE_BYTES = 4096,
};

/* A page of the arena; the first one stays when the outbox is reset. */
struct outbox_page {
    struct outbox_page *next;
    size_t used;
    size_t size;
    max_align_t bytes[];
};

void outbox_init(struct outbox *box)
{
    memset(box, 0, sizeof *box);
}

static void pages_free(struct outbox_page *page)
{
    while (page != NULL) {
        struct outbox_page *next = page->next;
        free(page);
        page = next;
    }
}

void outbox_release(struct outbox *box)
{
    pages_free(box->pages);
    free(box->effects);
    outbox_init(box);
}

void outbox_reset(struct outbox *box)
{
    box->count = 0;
    if (box->pages == NULL)
        return;
    /* Pages are added in front, so the one at the end is the first and of the usual size. */
    struct outbox_page *first = box->pages;
    while (first->next != NULL) {
        struct outbox_page *next = first->next;
        free(first);
        first = next;
    }
    first->used = 0;
    box->pages = first;
}

struct effect *outbox_add(struct outbox *box, enum effect_type type)
{
    if (box->count == box->size) {
        box->size = box->size == 0 ? FIRST_EFFECTS : box->size * 2;
        box->effects = xreallocarray(box->effects, box->size, sizeof *box->effects);
    }
    struct effect *effect = &box->effects[box->count++];
    memset(effect, 0, sizeof *effect);
    effect->type = type;
    return effect;
}

static void *page_take(struct outbox *box, size_t bytes)
{
    size_t unit = sizeof(max_align_t);
    size_t need = (bytes + unit - 1) / unit * unit;
    struct outbox_page *page = box->pages;
    if (page == NULL || page->size - page->used < need) {
        size_t size = need > PAGE_BYTES ? need : PAGE_BYTES;
        page = xmalloc(sizeof *page + size);
        page->next = box->pages;
        page->used = 0;
        page->size = size;
        box->pages = page;
    }
    void *taken = (char *)page->bytes + page->used;
    page->used += need;
    return taken;
}

const char *outbox_copy(struct outbox *box, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(page_take(box, size), text, size);
}

uint64_t *outbox_sessions(struct outbox *box, size_t count)
{
    return page_take(box, count * sizeof(uint64_t));
}

static struct who copy_who(struct outbox *box, const struct who *who)
{
    return (struct who){
        .nick = outbox_copy(box, who->nick),
        .user = outbox_copy(box, who->user),
        .host = outbox_copy(box, who->host),
        .account = outbox_copy(box, who->account),
        .bot = who->bot,
    };
}

struct event outbox_copy_event(struct outbox *box, const struct event *event)
{
    struct event copy = *event;
    copy.who = copy_who(box, &event->who);
    copy.realname = outbox_copy(box, event->realname);
    copy.object = outbox_copy(box, event->object);
    copy.client_id = outbox_copy(box, event->client_id);
    copy.log = outbox_copy(box, event->log);
    copy.target = outbox_copy(box, event->target);
    copy.text = outbox_copy(box, event->text);
    copy.tags = outbox_copy(box, event->tags);
    copy.joints = outbox_copy(box, event->joints);
    return copy;
}

void outbox_add_copy(struct outbox *box, const struct effect *effect)
{
    struct effect copy = *effect;
    copy.event = outbox_copy_event(box, &effect->event);
    copy.note.target = outbox_copy(box, effect->note.target);
    copy.note.object = outbox_copy(box, effect->note.object);
    copy.note.text = outbox_copy(box, effect->note.text);
    copy.key = outbox_copy(box, effect->key);
    copy.value = outbox_copy(box, effect->value);
    copy.roster = 0;
    if (effect->recipient_count > 0) {
        uint64_t *recipients = outbox_sessions(box, effect->recipient_count);
        memcpy(recipients, effect->recipients, effect->recipient_count * sizeof *recipients);
        copy.recipients = recipients;
    }
    *outbox_add(box, effect->type) = copy;
}
