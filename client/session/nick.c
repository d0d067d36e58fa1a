#include "client/session/nick.h"

#include <stdio.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/wording.h"
#include "common/text.h"

enum {
    TRIES_MAX = 12,
    STRICTEST_NICK_BYTES = 9, /* RFC 1459; ngircd by default */
    MAX_TEXT_BYTES = 2 * IRC_MAX_LINE_BYTES,
};

/*
 * A nick to try when the wanted one is not to be had: ada_, ada__, ada and a number, and at last a
 * guest; all within the limit that the server seems to have.
 */
static void alternate(const struct session *s, struct str *nick)
{
    char number[8];
    uint64_t random = s->seed + s->nick_tries * UINT64_C(0x9e3779b97f4a7c15);
    snprintf(number, sizeof(number), "%03u", (unsigned)(random >> 40) % 1000);
    const char *base = s->nick_tries > TRIES_MAX / 2 ? "guest" : s->wanted_nick;
    const char *suffix = s->nick_tries == 0   ? ""
                         : s->nick_tries == 1 ? "_"
                         : s->nick_tries == 2 ? "__"
                                              : number;
    size_t keep = text_cut_bytes(base, strlen(base), s->nick_max_bytes - strlen(suffix));
    str_addf(nick, "%.*s%s", (int)keep, base, suffix);
}

/* Why one goes by another name than one's own. After a lost connection the one that is in the way is
 * mostly that connection itself, which is over soon. */
static void tell_lost(struct session *s, const struct incoming *in)
{
    /* The server's own word for how one proves it from a new machine. */
    bool is_way_in = s->encrypted && s->has_certificate && strstr(irc_param_last(in->m), "DEVICE");
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    wording_refusal(in->m, &text);
    if (s->lost_ms && !is_way_in)
        incoming_show(s, in, s->model->buffers[0], LINE_ERROR, NULL, text.data);
    else
        incoming_tell(s, in, LINE_ERROR, text.data);
    str_release(&text);
    if (is_way_in)
        incoming_tell(s, in, LINE_SERVER,
                      "if that is you on another machine: /device there shows a code, and "
                      "/device CODE here lets this machine use your name, too");
}

static void try_another(struct session *s, const struct incoming *in)
{
    bool too_long = !strcmp(in->m->command, "432") && s->nick_max_bytes > STRICTEST_NICK_BYTES &&
                    strlen(s->model->nick) > STRICTEST_NICK_BYTES;
    if (too_long) {
        s->nick_max_bytes = STRICTEST_NICK_BYTES;
        s->nick_tries = 0;
    } else if (++s->nick_tries > TRIES_MAX) {
        str_reset(&s->close_reason);
        str_addf(&s->close_reason, "no nick was accepted: %.400s", irc_param_last(in->m));
        return;
    }
    if (s->nick_tries == 1)
        tell_lost(s, in);
    struct str nick;
    str_init(&nick, IRC_MAX_BODY_BYTES);
    alternate(s, &nick);
    traffic_own_nick(s->model, nick.data);
    session_send(s, "NICK", nick.data, NULL);
    str_release(&nick);
}

void nick_reclaim(struct session *s)
{
    s->reclaiming = true;
    session_send(s, "NICK", s->wanted_nick, NULL);
}

void nick_freed(struct session *s, const char *freed)
{
    if (s->reclaiming || session_is_me(s, s->wanted_nick) ||
        !isupport_same(&s->isupport, freed, s->wanted_nick))
        return;
    nick_reclaim(s);
}

bool nick_refused(struct session *s, const struct incoming *in)
{
    if (s->phase == PHASE_REGISTERING) {
        try_another(s, in);
        return true;
    }
    if (!s->reclaiming || awaiting_command(&s->awaiting, &s->isupport, "NICK", NULL))
        return false;
    s->reclaiming = false; /* somebody was faster */
    return true;
}
