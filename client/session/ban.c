/*
 * Bans of somebody by nick: who that is the server is asked first, since a nick is changed with a word.
 * The account is meant where there is one and the server can ban it, else the host, else the nick.
 */
#include "client/session/ban.h"

#include <stdlib.h>
#include <string.h>

#include "client/session/awaiting.h"
#include "client/session/compose.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "common/alloc.h"

enum { MASKS_MAX = 3 };

static void release(struct ban_request *request)
{
    free(request->nick);
    free(request->room);
    free(request->host);
    free(request->account);
}

void ban_release(struct session *s)
{
    for (size_t i = 0; i < s->n_bans; i++)
        release(&s->bans[i]);
    s->n_bans = 0;
}

static bool is_mask(const char *text)
{
    return strpbrk(text, "!@*?$:") != NULL;
}

bool ban_asks(struct session *s, const struct intent *intent)
{
    bool lift = intent->type == INTENT_UNBAN;
    if ((intent->type != INTENT_BAN && !lift) || is_mask(intent->text) || s->n_bans == BANS_MAX)
        return false;
    s->bans[s->n_bans++] = (struct ban_request){
        .nick = xstrdup(intent->text),
        .room = xstrdup(intent->target),
        .buffer = intent->buffer,
        .lift = lift,
    };
    compose_intent(s, &(struct intent){
                          .type = INTENT_WHOIS, .buffer = intent->buffer, .target = intent->text});
    return true;
}

/* Who is not here owns the account of his name, if anybody does. */
static bool add_account(const struct session *s, const struct ban_request *request,
                        struct str *mask)
{
    if (request->account)
        return isupport_account_mask(&s->isupport, request->account, mask);
    return request->lift && !request->host &&
           isupport_account_mask(&s->isupport, request->nick, mask);
}

/* The masks that may be meant, the one to ban first; returns how many. */
static size_t make_masks(const struct session *s, const struct ban_request *request,
                         struct str masks[MASKS_MAX])
{
    size_t count = 0;
    const char *host = request->host;
    if (add_account(s, request, &masks[count]))
        count++;
    if (host && *host && !strpbrk(host, "!@*?"))
        str_addf(&masks[count++], "*!*@%s", host);
    str_addf(&masks[count++], "%s!*@*", request->nick);
    return request->lift ? count : 1;
}

/* What is about to be done; whether it was, the server says. */
static void say(struct session *s, const struct incoming *in, const struct ban_request *request,
                const char *masks)
{
    struct buffer *buffer = model_find_id(s->model, request->buffer);
    struct str text;
    str_init(&text, LINE_TEXT_MAX_BYTES);
    str_addf(&text,
             request->lift ? "letting %s in again: lifting any ban on %s"
                           : "keeping %s out by a ban on %s",
             request->nick, masks);
    incoming_show(s, in, buffer ? buffer : s->model->buffers[0], LINE_SERVER, NULL, text.data);
    str_release(&text);
}

static void act(struct session *s, const struct incoming *in, const struct ban_request *request)
{
    struct str masks[MASKS_MAX], change, listed;
    str_init(&change, LINE_TEXT_MAX_BYTES);
    str_init(&listed, LINE_TEXT_MAX_BYTES);
    for (size_t i = 0; i < MASKS_MAX; i++)
        str_init(&masks[i], IRC_MAX_BODY_BYTES);
    size_t count = make_masks(s, request, masks);
    str_addf(&change, "%c%.*s", request->lift ? '-' : '+', (int)count, "bbb");
    for (size_t i = 0; i < count; i++) {
        str_addf(&change, " %s", masks[i].data);
        str_addf(&listed, "%s%s", i > 0 ? ", " : "", masks[i].data);
    }
    say(s, in, request, listed.data);
    compose_intent(s, &(struct intent){.type = INTENT_MODE,
                                       .buffer = request->buffer,
                                       .target = request->room,
                                       .text = change.data});
    for (size_t i = 0; i < MASKS_MAX; i++)
        str_release(&masks[i]);
    str_release(&listed);
    str_release(&change);
}

/* All that the server knows of him has been said. */
static void settle(struct session *s, const struct incoming *in, size_t i)
{
    struct ban_request request = s->bans[i];
    memmove(&s->bans[i], &s->bans[i + 1], (--s->n_bans - i) * sizeof(s->bans[0]));
    struct buffer *buffer = model_find_id(s->model, request.buffer);
    if (awaiting_full(&s->awaiting))
        incoming_show(s, in, buffer ? buffer : s->model->buffers[0], LINE_ERROR, NULL,
                      "too much is waiting to be sent; try again when it has been");
    else
        act(s, in, &request);
    release(&request);
}

static bool is_one_of(const char *const *numerics, const char *numeric)
{
    while (*numerics && strcmp(*numerics, numeric) != 0)
        numerics++;
    return *numerics != NULL;
}

static void learn(char **known, const char *value)
{
    free(*known);
    *known = xstrdup(value);
}

bool ban_hears(struct session *s, const struct incoming *in)
{
    static const char *const ends[] = {"318", "401", "402", NULL};
    static const char *const others[] = {"276", "301", "307", "312", "313", "317", "319",
                                         "320", "335", "338", "378", "379", "671", NULL};
    const char *numeric = in->m->command;
    size_t i = 0;
    while (i < s->n_bans &&
           (in->m->n_params < 2 || !isupport_same(&s->isupport, s->bans[i].nick, in->m->params[1])))
        i++;
    if (i == s->n_bans)
        return false;
    if (is_one_of(ends, numeric))
        settle(s, in, i);
    else if (!strcmp(numeric, "311") && in->m->n_params > 3)
        learn(&s->bans[i].host, in->m->params[3]);
    else if (!strcmp(numeric, "330") && in->m->n_params > 2)
        learn(&s->bans[i].account, in->m->params[2]);
    else
        return is_one_of(others, numeric);
    return true;
}
