/*
 * Being one more device of a name that one owns already: snugd's DEVICE, by a one-time code.
 *
 * On the way in the code comes before any proof of our own, so that no name becomes ours which we
 * never wanted; later it takes one more connection to be who we are then.
 */
#include "client/session/device.h"

#include <stdlib.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "common/alloc.h"
#include "common/irc/names.h"

bool device_begin(struct session *s)
{
    if (!s->device.code)
        return false;
    s->login_waits = s->device.waits = true;
    session_send(s, "DEVICE", "ADD", s->device.code, s->device.label, NULL);
    return true;
}

/* The code is used up, or good for nothing. */
static void forget_code(struct session *s)
{
    free(s->device.code);
    s->device.code = NULL;
    s->login_waits = s->device.waits = false;
}

/* From now on that is the nick that we want. */
static bool want_nick(struct session *s, const char *nick)
{
    if (!irc_nick_valid(nick, strlen(nick), SESSION_NICK_MAX_BYTES))
        return false;
    char *wanted = xstrdup(nick);
    free(s->wanted_nick);
    s->wanted_nick = wanted;
    return true;
}

static void ask_nick(struct session *s)
{
    s->nick_tries = 0;
    traffic_own_nick(s->model, s->wanted_nick);
    session_send(s, "NICK", s->wanted_nick, NULL);
}

void device_logged_in(struct session *s, const struct incoming *in)
{
    bool asks = s->phase == PHASE_REGISTERING && s->guessed_nick && in->m->n_params > 2 &&
                !isupport_same(&s->isupport, in->m->params[2], s->wanted_nick);
    if (asks && want_nick(s, in->m->params[2]))
        ask_nick(s);
}

bool device_added(struct session *s, const struct incoming *in)
{
    const char *account = in->m->params[2];
    if (in->m->n_params < 4 || strcmp(in->m->params[0], "DEVICE") != 0 ||
        strcmp(in->m->params[1], "ADDED") != 0)
        return false;
    if (s->device.waits) {
        forget_code(s);
        if (!session_is_me(s, account) && want_nick(s, account))
            ask_nick(s);
        return true;
    }
    if (s->phase == PHASE_ONLINE && !session_is_me(s, account) && want_nick(s, account)) {
        str_reset(&s->close_reason);
        str_addf(&s->close_reason, "coming back as %s", s->wanted_nick);
    }
    return false;
}

bool device_is_news(const struct incoming *in)
{
    return !strcmp(in->m->params[0], "DEVICE") && !strcmp(in->m->params[1], "JOINED");
}

bool device_refused(struct session *s, const struct incoming *in)
{
    const char *command = in->m->command;
    bool unknown = !strcmp(command, "421") || !strcmp(command, "451");
    bool refused = !strcmp(command, "FAIL") && !strcmp(in->m->params[0], "DEVICE");
    if (!s->device.waits || !(unknown || refused))
        return false;
    forget_code(s);
    incoming_tell(s, in, LINE_ERROR,
                  unknown ? "this server does not support devices" : irc_param_last(in->m));
    return true;
}
