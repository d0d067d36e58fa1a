/* Batches: lines of the server that belong together. IRCv3 "batch". */
#include "client/session/batch.h"

#include <string.h>

#include "client/session/backlog.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/multiline.h"
#include "client/session/search.h"
#include "client/session/targets.h"

struct batch *batch_find(struct session *s, const char *reference, size_t len)
{
    for (size_t i = 0; i < s->n_batches; i++)
        if (strlen(s->batches[i].reference) == len &&
            !memcmp(s->batches[i].reference, reference, len))
            return &s->batches[i];
    return NULL;
}

const struct batch *batch_of_search(const struct session *s)
{
    for (size_t i = 0; i < s->n_batches; i++)
        if (s->batches[i].found)
            return &s->batches[i];
    return NULL;
}

void batch_release_all(struct session *s)
{
    while (s->n_batches > 0)
        multiline_free(s->batches[--s->n_batches].multiline);
}

static void begin(struct session *s, const struct incoming *in, const char *type)
{
    const char *reference = in->m->params[0] + 1;
    struct batch *begun = &s->batches[s->n_batches++];
    *begun = (struct batch){.number = in->number, .past = in->past};
    memcpy(begun->reference, reference, strlen(reference) + 1);
    begun->past |= !strcmp(type, "chathistory") || !strcmp(type, "znc.in/playback");
    begun->targets = !strcmp(type, "draft/chathistory-targets");
    begun->found = !strcmp(type, "soju.im/search");
    begun->found_last = begun->found && search_begins(s);
    if (!strcmp(type, "draft/multiline"))
        begun->multiline = multiline_new(in);
    if (!strcmp(type, "chathistory") && in->m->n_params > 2)
        begun->fetch = backlog_begin_page(s, in->m->params[2]);
}

/* Returns the message that it was, or NULL. */
static struct multiline *end(struct session *s, struct batch *ended)
{
    struct batch batch = *ended;
    *ended = s->batches[--s->n_batches];
    if (batch.fetch)
        backlog_end_page(s, batch.fetch);
    if (batch.targets)
        targets_end(s);
    if (batch.found_last)
        search_ended(s);
    return batch.multiline;
}

/* BATCH +reference type parameters, BATCH -reference */
struct multiline *batch_receive(struct session *s, const struct incoming *in)
{
    const char *reference = in->m->params[0];
    size_t len = strlen(reference);
    if (reference[0] == '-') {
        struct batch *ended = batch_find(s, reference + 1, len - 1);
        return ended ? end(s, ended) : NULL;
    }
    if (reference[0] == '+' && len - 1 < BATCH_REFERENCE_BYTES && s->n_batches < BATCHES_MAX)
        begin(s, in, irc_param_at(in->m, 1));
    return NULL;
}
