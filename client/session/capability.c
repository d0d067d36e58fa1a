/*
 * Agreeing with the server on capabilities: IRCv3 "Capability Negotiation", version 302.
 *
 * Everything is asked for in one REQ; where that is refused, each by itself, so that one which the
 * server dislikes costs only itself.
 */
#include "client/session/capability.h"

#include <string.h>

#include "client/model/traffic.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/login.h"
#include "client/session/multiline.h"

/* What we ask for; bit 0 where nothing of ours depends on knowing it. */
static const struct {
    const char *name;
    unsigned cap;
} rows[] = {
    {"away-notify", 0},
    {"batch", CAP_BATCH},
    {"cap-notify", 0},
    {"chghost", 0},
    {"draft/channel-rename", 0},
    {"draft/chathistory", CAP_CHATHISTORY},
    {"draft/event-playback", 0},
    {"draft/message-redaction", CAP_REDACTION},
    {"draft/multiline", CAP_MULTILINE},
    {"draft/read-marker", CAP_READ_MARKER},
    {"echo-message", CAP_ECHO_MESSAGE},
    {"extended-join", 0},
    {"invite-notify", 0},
    {"labeled-response", CAP_LABELED_RESPONSE},
    {"message-tags", CAP_MESSAGE_TAGS},
    {"multi-prefix", 0},
    {"sasl", CAP_SASL},
    {"server-time", CAP_SERVER_TIME},
    {"setname", 0},
    {"soju.im/search", CAP_SEARCH},
    {"standard-replies", 0},
    {"userhost-in-names", 0},
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

void capability_tell(struct session *s)
{
    unsigned abilities = 0;
    if (s->caps & CAP_MESSAGE_TAGS) {
        abilities |= isupport_takes_tag(&s->isupport, "reply") ? ABLE_REPLY : 0;
        abilities |= isupport_takes_tag(&s->isupport, "draft/react") ? ABLE_REACT : 0;
        abilities |= s->caps & CAP_REDACTION ? ABLE_REMOVE : 0;
    }
    unsigned searching = CAP_SEARCH | CAP_BATCH;
    abilities |= (s->caps & searching) == searching ? ABLE_SEARCH : 0;
    traffic_able(s->model, abilities);
    bool several = (s->caps & CAP_MULTILINE) && (s->caps & CAP_BATCH);
    traffic_multiline(s->model, several ? s->multiline.max_bytes : 0, s->multiline.max_lines);
}

void capability_begin(struct session *s)
{
    s->caps = s->negotiation.n_requests = 0;
    s->multiline = (struct multiline_limits){0};
    s->negotiation.open = true;
    s->login_waits = s->device.waits = false;
    str_reset(&s->negotiation.list);
    session_send(s, "CAP", "LS", "302", NULL);
}

/* Takes the next word of a list such as "batch sts=port=6697 -x"; false at its end. */
static bool next_word(const char **at, const char **word, size_t *len)
{
    *at += strspn(*at, " ");
    *word = *at;
    *len = strcspn(*at, " ");
    *at += *len;
    return *len > 0;
}

static int find_row(const char *word, size_t len)
{
    const char *value = memchr(word, '=', len);
    if (value)
        len = (size_t)(value - word);
    for (int i = 0; i < N_ROWS; i++)
        if (strlen(rows[i].name) == len && !memcmp(rows[i].name, word, len))
            return i;
    return -1;
}

void capability_end(struct session *s)
{
    if (!s->negotiation.open || s->negotiation.n_requests > 0 || s->login_waits)
        return;
    s->negotiation.open = false;
    str_release(&s->negotiation.list);
    session_send(s, "CAP", "END", NULL);
}

/* Asks for those of `list` that we know. */
static void request(struct session *s, const char *list)
{
    struct str wanted;
    str_init(&wanted, IRC_MAX_BODY_BYTES);
    const char *word;
    size_t len;
    while (next_word(&list, &word, &len)) {
        int row = find_row(word, len);
        if (row >= 0 && rows[row].cap == CAP_MULTILINE && memchr(word, '=', len))
            s->multiline = multiline_read_limits(word, len);
        bool is_login = row >= 0 && rows[row].cap == CAP_SASL;
        if (row >= 0 && (!is_login || login_wanted(s, word, len)))
            str_addf(&wanted, "%s%s", wanted.len ? " " : "", rows[row].name);
    }
    if (wanted.len > 0) {
        session_send(s, "CAP", "REQ", wanted.data, NULL);
        s->negotiation.n_requests++;
    }
    str_release(&wanted);
}

/* CAP * LS [*] :list, the star saying that more lines follow */
static void on_ls(struct session *s, const struct incoming *in)
{
    bool more = in->m->n_params > 3 && !strcmp(in->m->params[2], "*");
    str_addf(&s->negotiation.list, " %s", irc_param_last(in->m));
    if (more)
        return;
    request(s, s->negotiation.list.data);
    capability_end(s);
}

static void on_ack(struct session *s, const struct incoming *in)
{
    bool before = (s->caps & CAP_SASL) != 0;
    const char *list = irc_param_last(in->m), *word;
    size_t len;
    while (next_word(&list, &word, &len)) {
        bool off = word[0] == '-';
        int row = find_row(word + off, len - off);
        if (row >= 0 && off)
            s->caps &= ~rows[row].cap;
        else if (row >= 0)
            s->caps |= rows[row].cap;
    }
    s->negotiation.n_requests -= s->negotiation.n_requests > 0;
    if (s->phase == PHASE_ONLINE)
        capability_tell(s);
    if (!before && (s->caps & CAP_SASL) && s->negotiation.open)
        login_begin(s);
    capability_end(s);
}

static bool is_one_word(const char *list)
{
    const char *word;
    size_t len;
    return next_word(&list, &word, &len) && !next_word(&list, &word, &len);
}

static void on_nak(struct session *s, const struct incoming *in)
{
    const char *list = irc_param_last(in->m), *word;
    size_t len;
    bool several = !is_one_word(list);
    while (several && next_word(&list, &word, &len)) {
        int row = find_row(word, len);
        if (row >= 0)
            request(s, rows[row].name);
    }
    s->negotiation.n_requests -= s->negotiation.n_requests > 0;
    capability_end(s);
}

static void on_new(struct session *s, const struct incoming *in)
{
    request(s, irc_param_last(in->m));
}

static void on_del(struct session *s, const struct incoming *in)
{
    const char *list = irc_param_last(in->m), *word;
    size_t len;
    while (next_word(&list, &word, &len)) {
        int row = find_row(word, len);
        if (row >= 0)
            s->caps &= ~rows[row].cap;
    }
    capability_tell(s);
}

void capability_receive(struct session *s, const struct incoming *in)
{
    static const struct {
        const char *verb;
        void (*act)(struct session *s, const struct incoming *in);
    } verbs[] = {{"LS", on_ls}, {"ACK", on_ack}, {"NAK", on_nak}, {"NEW", on_new}, {"DEL", on_del}};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (!strcmp(in->m->params[1], verbs[i].verb))
            verbs[i].act(s, in);
}
