/*
 * Proving who we are by our certificate: SASL EXTERNAL (IRCv3 sasl-3.1), in TLS, by itself.
 *
 * On a Snug server the first certificate that comes with a name owns it. Whatever becomes of it, we
 * go on: a server that does not know us may let us in all the same.
 */
#include "client/session/login.h"

#include <string.h>

#include "client/session/device.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "common/base64.h"

enum { MECHANISMS_BYTES = 400 };

bool login_wanted(const struct session *s, const char *offer, size_t len)
{
    if (!s->encrypted || !s->has_certificate || s->phase != PHASE_REGISTERING)
        return false;
    const char *value = memchr(offer, '=', len);
    if (!value)
        return true; /* before version 3.2 a server does not say which mechanisms it has */
    char mechanisms[MECHANISMS_BYTES + 3];
    size_t value_len = (size_t)(offer + len - ++value);
    if (value_len > MECHANISMS_BYTES)
        return false;
    mechanisms[0] = ',';
    memcpy(mechanisms + 1, value, value_len);
    memcpy(mechanisms + 1 + value_len, ",", 2);
    return strstr(mechanisms, ",EXTERNAL,") != NULL;
}

void login_begin(struct session *s)
{
    if (device_begin(s))
        return;
    s->login_waits = true;
    session_send(s, "AUTHENTICATE", "EXTERNAL", NULL);
}

/*
 * Says as whom. With the nick that we want, as whoever the certificate is; with another one only as
 * the owner of the one that we want, so that no makeshift nick becomes ours for good.
 */
void login_challenge(struct session *s, const struct incoming *in)
{
    (void)in;
    if (!s->login_waits)
        return;
    struct str name;
    str_init(&name, IRC_MAX_BODY_BYTES);
    if (s->nick_tries > 0)
        base64_encode(&name, s->wanted_nick, strlen(s->wanted_nick));
    session_send(s, "AUTHENTICATE", name.len > 0 ? name.data : "+", NULL);
    str_release(&name);
}

bool login_done(struct session *s, const struct incoming *in)
{
    struct incoming shown = *in;
    shown.past = true; /* what is well is no news, and what is not, the refusal of the nick says */
    incoming_show(s, &shown, s->model->buffers[0], LINE_SERVER, NULL, irc_param_last(in->m));
    bool waited = s->login_waits;
    s->login_waits = false;
    return waited;
}
