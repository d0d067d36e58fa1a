/*
 * Numerics and standard replies: acted on, or shown where the command was typed that they answer.
 *
 * With labeled-response the server says which one that is. Without it answers come in the order of
 * the commands, so the oldest one that fits is meant.
 */
#include "client/session/reply.h"

#include <string.h>

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/ban.h"
#include "client/session/capability.h"
#include "client/session/delivery.h"
#include "client/session/device.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/listing.h"
#include "client/session/login.h"
#include "client/session/nick.h"
#include "client/session/rejoin.h"
#include "client/session/rooms.h"
#include "client/session/search.h"
#include "client/session/targets.h"
#include "client/session/wording.h"

#define MAX_TEXT_BYTES (2 * IRC_MAX_LINE_BYTES)

/* Refusals that may answer speech, and with it the line that is refused. */
static bool may_refuse_speech(const char *numeric)
{
    static const char *const numerics[] = {"401", "402", "403", "404", "407", "408", "411", "412",
                                           "413", "414", "415", "417", "437", "439", "442", "477",
                                           "480", "486", "487", "489", "492", "494", "531", "716"};
    for (size_t i = 0; i < sizeof(numerics) / sizeof(numerics[0]); i++)
        if (!strcmp(numerics[i], numeric))
            return true;
    return false;
}

static bool names_target(const struct session *s, const struct incoming *in,
                         const struct awaited *entry)
{
    for (size_t i = 1; entry->target && i + 1 < in->m->n_params; i++)
        if (isupport_same(&s->isupport, entry->target, in->m->params[i]))
            return true;
    return false;
}

/* 421 and 461 name the command; refusals of nicks answer NICK. */
static bool names_command(const struct incoming *in, const struct awaited *entry)
{
    const char *numeric = in->m->command;
    if (!strcmp(numeric, "421") || !strcmp(numeric, "461"))
        return in->m->n_params > 1 && !strcmp(in->m->params[1], entry->command);
    return !strncmp(numeric, "43", 2) && !strcmp(entry->command, "NICK");
}

/* The entry that a reply without a label answers. */
static struct awaited *guess_request(struct session *s, const struct incoming *in, bool refusal)
{
    struct awaited *entry, *oldest_command = NULL;
    bool speech_too = refusal && may_refuse_speech(in->m->command);
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++) {
        if (entry->done || entry->n_sent == 0 || (entry->line && !speech_too))
            continue;
        if (names_target(s, in, entry) || names_command(in, entry))
            return entry;
        if (!oldest_command && !entry->line)
            oldest_command = entry;
    }
    return oldest_command;
}

static struct awaited *find_request(struct session *s, const struct incoming *in, bool refusal)
{
    if (in->request || (s->caps & CAP_LABELED_RESPONSE))
        return in->request;
    return guess_request(s, in, refusal);
}

/* Where a reply to nothing in particular is shown: in the room it names, if it names one. */
static struct buffer *named_buffer(struct session *s, const struct incoming *in)
{
    for (size_t i = 1; i < in->m->n_params; i++) {
        struct buffer *buffer = isupport_is_room(&s->isupport, in->m->params[i])
                                    ? model_find(s->model, in->m->params[i])
                                    : NULL;
        if (buffer)
            return buffer;
    }
    return s->model->buffers[0];
}

static struct buffer *buffer_for(struct session *s, const struct incoming *in,
                                 const struct awaited *request)
{
    struct buffer *buffer = request ? model_find_id(s->model, request->buffer) : NULL;
    return buffer ? buffer : named_buffer(s, in);
}

/* Who is not let into a room looks at it already: it was opened when he asked to enter. */
static struct buffer *buffer_for_refusal(struct session *s, const struct incoming *in,
                                         const struct awaited *request)
{
    bool of_join = request && request->target && !strcmp(request->command, "JOIN");
    struct buffer *room = of_join ? model_find(s->model, request->target) : NULL;
    return room ? room : buffer_for(s, in, request);
}

/* Shows an answer where it was asked for. */
static void show_reply(struct session *s, const struct incoming *in, const char *text)
{
    struct awaited *request = find_request(s, in, false);
    struct incoming shown = *in;
    struct buffer *buffer = request ? buffer_for(s, in, request) : s->model->buffers[0];
    shown.past |=
        s->phase != PHASE_ONLINE; /* what a server says to everybody who comes is no news */
    if (*text)
        incoming_show(s, &shown, buffer, LINE_SERVER, NULL, text);
}

static void on_reply(struct session *s, const struct incoming *in)
{
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    wording_reply(in->m, &text);
    show_reply(s, in, text.data);
    str_release(&text);
}

/* A row of a list whose end says that there was none. */
static void on_row(struct session *s, const struct incoming *in)
{
    s->n_rows++;
    on_reply(s, in);
}

static void on_end(struct session *s, const struct incoming *in)
{
    static const struct {
        const char *numeric, *words;
    } rows[] = {{"315", "nobody fits"},
                {"347", "nobody is on the list of those who need no invitation"},
                {"349", "nobody is on the list of exceptions"},
                {"368", "nobody is banned"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && s->n_rows == 0; i++)
        if (!strcmp(rows[i].numeric, in->m->command))
            show_reply(s, in, rows[i].words);
    s->n_rows = 0;
}

static void on_list_begin(struct session *s, const struct incoming *in)
{
    (void)in;
    listing_release(s);
}

static void on_list_end(struct session *s, const struct incoming *in)
{
    struct str text;
    str_init(&text, LINE_TEXT_MAX_BYTES);
    listing_end(s, &text);
    show_reply(s, in, text.data);
    str_release(&text);
}

static void on_welcome(struct session *s, const struct incoming *in)
{
    if (s->phase != PHASE_REGISTERING)
        return;
    traffic_own_nick(s->model, in->m->params[0]);
    if (*in->nick)
        traffic_server_name(s->model, in->nick);
    on_reply(s, in);
    session_welcomed(s);
}

static void on_isupport(struct session *s, const struct incoming *in)
{
    for (size_t i = 1; i + 1 < in->m->n_params; i++)
        isupport_token(&s->isupport, in->m->params[i]);
    traffic_room_signs(s->model, s->isupport.chantypes);
}

/* 396: the host in front of our messages is another now. */
static void on_new_host(struct session *s, const struct incoming *in)
{
    (void)in;
    s->prefix_bytes = 0;
}

/* 305 and 306 */
static void on_own_away(struct session *s, const struct incoming *in)
{
    traffic_own_away(s->model, !strcmp(in->m->command, "306"));
    on_reply(s, in);
}

static void on_logged_in(struct session *s, const struct incoming *in)
{
    device_logged_in(s, in);
    on_reply(s, in);
}

static void on_login_done(struct session *s, const struct incoming *in)
{
    if (login_done(s, in))
        capability_end(s);
}

static void on_operator(struct session *s, const struct incoming *in)
{
    traffic_operates(s->model, true);
    on_reply(s, in);
}

static void on_nothing(struct session *s, const struct incoming *in)
{
    (void)s, (void)in;
}

static void show_error(struct session *s, const struct incoming *in, struct buffer *buffer)
{
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    wording_refusal(in->m, &text);
    incoming_show(s, in, buffer, LINE_ERROR, NULL, text.data);
    str_release(&text);
}

static void refuse(struct session *s, struct awaited *request)
{
    if (!request || request->done)
        return;
    if (!strcmp(request->command, "JOIN") && request->target)
        session_forget_room(s, request->target);
    delivery_refused(s, request);
}

/* 471 to 479, 403, 405: rooms that we wanted and may not enter are not tried for ever. */
static void forget_refused_room(struct session *s, const struct incoming *in)
{
    static const char *const numerics[] = {"403", "405", "471", "473", "474",
                                           "475", "476", "477", "479"};
    for (size_t i = 0; i < sizeof(numerics) / sizeof(numerics[0]); i++)
        if (!strcmp(numerics[i], in->m->command) && in->m->n_params > 1 &&
            s->phase == PHASE_ENTERING)
            session_forget_room(s, in->m->params[1]);
}

static void on_refusal(struct session *s, const struct incoming *in)
{
    if (rooms_moved(s, in))
        return;
    if (device_refused(s, in)) {
        capability_end(s);
        return;
    }
    struct awaited *request = find_request(s, in, true);
    show_error(s, in, buffer_for_refusal(s, in, request));
    refuse(s, request);
    forget_refused_room(s, in);
}

/* 431, 432, 433, 436, 437, 438, 447 */
static void on_bad_nick(struct session *s, const struct incoming *in)
{
    if (!nick_refused(s, in))
        on_refusal(s, in);
}

/* 301 me nick :gone fishing; in the conversation with him, or where it was asked about him */
static void on_away(struct session *s, const struct incoming *in)
{
    struct buffer *person = in->m->n_params > 2 ? model_find(s->model, in->m->params[1]) : NULL;
    const struct awaited *request = find_request(s, in, false);
    if (request && (!strcmp(request->command, "WHOIS") || !strcmp(request->command, "INVITE")))
        person = buffer_for(s, in, request);
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    str_addf(&text, "%s is away: %s", irc_param_at(in->m, 1), irc_param_last(in->m));
    incoming_show(s, in, person ? person : incoming_buffer(s, in), LINE_SERVER, NULL, text.data);
    str_release(&text);
}

/* What has a row is acted on; all else is shown. */
static const struct {
    const char *numeric;
    void (*act)(struct session *s, const struct incoming *in);
} rows[] = {
    {"001", on_welcome},
    {"005", on_isupport},
    {"301", on_away},
    {"305", on_own_away},
    {"306", on_own_away},
    {"315", on_end},
    {"321", on_list_begin},
    {"322", listing_add},
    {"323", on_list_end},
    {"329", on_nothing},
    {"331", rooms_no_topic},
    {"332", rooms_topic_reply},
    {"333", on_nothing},
    {"346", on_row},
    {"347", on_end},
    {"348", on_row},
    {"349", on_end},
    {"352", on_row},
    {"353", rooms_names_reply},
    {"366", rooms_names_end},
    {"367", on_row},
    {"368", on_end},
    {"381", on_operator},
    {"396", on_new_host},
    {"422", on_reply},
    {"431", on_bad_nick},
    {"432", on_bad_nick},
    {"433", on_bad_nick},
    {"436", on_bad_nick},
    {"437", on_bad_nick},
    {"438", on_bad_nick},
    {"447", on_bad_nick},
    {"900", on_logged_in},
    {"903", on_login_done},
    {"904", on_login_done},
    {"905", on_login_done},
    {"906", on_login_done},
    {"907", on_login_done},
    {"908", on_nothing},
};

static bool is_refusal(const char *numeric)
{
    return numeric[0] == '4' || numeric[0] == '5' || !strcmp(numeric, "696") ||
           !strcmp(numeric, "716");
}

/* Numerics are sent to a nick first; one without it says nothing that could be understood. */
void reply_numeric(struct session *s, const struct incoming *in)
{
    const char *numeric = in->m->command;
    if (ban_hears(s, in))
        return;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && in->m->n_params > 0; i++) {
        if (!strcmp(rows[i].numeric, numeric)) {
            rows[i].act(s, in);
            return;
        }
    }
    if (is_refusal(numeric))
        on_refusal(s, in);
    else
        on_reply(s, in);
}

/* FAIL command code context... :description */
void reply_fail(struct session *s, const struct incoming *in)
{
    if (device_refused(s, in)) {
        capability_end(s);
        return;
    }
    /* How far one has read is told by itself: nobody asked. */
    if (targets_failed(s, in) || backlog_failed(s, in) || !strcmp(in->m->params[0], "MARKREAD"))
        return;
    if (rooms_moved(s, in))
        return;
    search_failed(s, in);
    struct awaited *request = in->request;
    if (!request && !(s->caps & CAP_LABELED_RESPONSE)) {
        request = awaiting_command(&s->awaiting, &s->isupport, in->m->params[0],
                                   in->m->n_params > 3 ? in->m->params[2] : NULL);
    }
    if (!request && rejoin_failed(s, in))
        return;
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    wording_failure(in->m, &text);
    incoming_show(s, in, buffer_for_refusal(s, in, request), LINE_ERROR, NULL, text.data);
    str_release(&text);
    refuse(s, request);
}

/* WARN and NOTE, in the same form */
void reply_remark(struct session *s, const struct incoming *in)
{
    if (device_added(s, in))
        capability_end(s);
    /* That somebody else can be us from now on is to be seen wherever we look. */
    struct buffer *buffer = device_is_news(in) ? s->model->current : incoming_buffer(s, in);
    incoming_show(s, in, buffer, LINE_SERVER, NULL, irc_param_last(in->m));
}
