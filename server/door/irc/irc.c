/* The door's own part: its settings, the records of its connections, the calls of the pump. */
#include "server/door/irc/irc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/cidr.h"
#include "server/door/irc/account.h"
#include "server/door/irc/asked.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/client.h"
#include "server/door/irc/commands.h"
#include "server/door/irc/done.h"
#include "server/door/irc/event.h"
#include "server/door/irc/form.h"
#include "server/door/irc/isupport.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/multiline.h"
#include "server/door/irc/refusal.h"
#include "server/door/irc/registration.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/rooms.h"
#include "server/door/irc/sasl.h"
#include "server/door/irc/timestamp.h"

/* How long somebody may be silent. */
enum {
    REGISTER_MS = 15 * 1000, /* without registering */
    PING_AFTER_MS = 90 * 1000,
    PONG_WITHIN_MS = 60 * 1000,
};

enum { STALE_BYTES = 64 }; /* of why a certificate does not count */

static void forget_texts(struct irc_door *door)
{
    free(door->motd);
    free(door->admin);
    free(door->password);
    for (size_t i = 0; i < door->oper_count; i++)
        free(door->opers[i]);
    free(door->opers);
}

static char *copy(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void irc_door_configure(struct irc_door *door, const struct irc_config *config)
{
    forget_texts(door);
    str_reset(&door->isupport); /* the limits may be others now */
    door->motd = copy(config->motd);
    door->admin = copy(config->admin);
    door->password = copy(config->password);
    door->replay = config->replay;
    door->targets = config->targets > 0 ? config->targets : IRC_TARGETS;
    door->history_page = config->history_page > 0 ? config->history_page : IRC_HISTORY_MAX;
    door->register_ms = config->register_ms > 0 ? config->register_ms : REGISTER_MS;
    door->registration = config->registration;
    door->register_email = config->register_email;
    door->line_bytes = config->line_bytes > 0 ? config->line_bytes : IRC_MAX_BODY_BYTES + 2;
    door->oper_count = config->oper_count;
    door->opers = xcalloc(config->oper_count, sizeof *door->opers);
    for (size_t i = 0; i < config->oper_count; i++)
        door->opers[i] = xstrdup(config->opers[i]);
}

struct irc_door *irc_door_new(const struct irc_config *config)
{
    assert(strlen(config->server_name) <= IRC_NAME_BYTES);
    assert(strlen(config->network) <= IRC_NAME_BYTES);
    struct irc_door *door = xcalloc(1, sizeof *door);
    door->server_name = xstrdup(config->server_name);
    door->network = xstrdup(config->network);
    door->started_ms = config->started_ms;
    door->accounts = config->accounts;
    door->rehash = config->rehash;
    door->rehash_ctx = config->rehash_ctx;
    door->report = config->report;
    door->report_ctx = config->report_ctx;
    door->command_counts = xcalloc(irc_command_count(), sizeof *door->command_counts);
    irc_door_configure(door, config);
    slab_init(&door->records, sizeof(struct irc_client));
    list_init(&door->clients);
    str_init(&door->out, IRC_OUT_BYTES);
    str_init(&door->tagged, IRC_OUT_BYTES);
    str_init(&door->isupport, IRC_OUT_BYTES);
    return door;
}

void irc_door_free(struct irc_door *door)
{
    if (!door)
        return;
    forget_texts(door);
    free(door->server_name);
    free(door->network);
    free(door->command_counts);
    str_release(&door->out);
    str_release(&door->tagged);
    str_release(&door->isupport);
    free(door);
}

const struct session *irc_client_session(const struct irc_client *client)
{
    return hub_session(gate_hub(client->gate), client->session);
}

const char *irc_client_nick(const struct irc_client *client)
{
    const struct session *session = irc_client_session(client);
    return session && session->nick ? session->nick : "*";
}

const char *irc_client_address(const struct irc_client *client)
{
    const char *address = hub_address(gate_hub(client->gate), client->session);
    return address ? address : "*";
}

bool irc_client_is(const struct irc_client *client, uint64_t person)
{
    const struct session *session = irc_client_session(client);
    return session && session_id(session) == person;
}

bool irc_client_busy(const struct irc_client *client)
{
    return gate_busy(client->gate, client->session);
}

bool irc_client_shut(const struct irc_client *client)
{
    return client->door->password && !client->passed && !client->welcomed;
}

void irc_client_leave(struct irc_client *client, const char *reason)
{
    const struct command leave = {
        .type = COMMAND_LEAVE,
        .session = client->session,
        .text = reason,
    };
    gate_step(client->gate, &leave);
}

/* Whether an address is that of this machine itself. */
/* Its key is what counts, as in ssh; but whoever shows a certificate out of its time is told so. */
static char *stale_words(const struct origin *origin, int64_t now_ms)
{
    bool over = origin->valid_until_ms != 0 && now_ms > origin->valid_until_ms;
    if (!over && now_ms >= origin->valid_from_ms)
        return NULL;
    char date[IRC_TIMESTAMP_BYTES], text[STALE_BYTES];
    irc_timestamp_write(date, over ? origin->valid_until_ms : origin->valid_from_ms);
    snprintf(text, sizeof text, "%s %.*s", over ? "expired on" : "is not valid before",
             (int)strcspn(date, "T"), date);
    return xstrdup(text);
}

static const struct irc_aside nothing;

struct irc_aside *irc_client_open_aside(struct irc_client *client)
{
    if (client->aside != &nothing)
        return (struct irc_aside *)client->aside;
    struct irc_aside *aside = xcalloc(1, sizeof *aside);
    client->aside = aside;
    return aside;
}

static void free_aside(struct irc_client *client)
{
    if (client->aside != &nothing)
        free((struct irc_aside *)client->aside);
    client->aside = &nothing;
}

void irc_client_settle_aside(struct irc_client *client)
{
    if (memcmp(client->aside, &nothing, sizeof nothing) == 0)
        free_aside(client);
}

static void keep_certificate(struct irc_client *client, const struct origin *origin)
{
    struct irc_aside *aside = irc_client_open_aside(client);
    aside->fingerprint = xstrdup(origin->fingerprint);
    aside->stale = stale_words(origin, gate_now(client->gate));
}

static void *irc_open(void *ctx, struct gate *gate, uint64_t session, const struct origin *origin)
{
    struct irc_door *door = ctx;
    struct irc_client *client = slab_new(&door->records);
    client->door = door;
    client->gate = gate;
    client->session = session;
    client->secure = origin->secure;
    client->loopback = cidr_is_loopback(origin->host);
    client->aside = &nothing;
    if (origin->fingerprint)
        keep_certificate(client, origin);
    client->opened_ms = client->heard_ms = (uint32_t)gate_now(gate);
    client->door->unregistered++;
    client->told = irc_limits_hash(client);
    list_init(&client->in_door);
    list_add_tail(&client->door->clients, &client->in_door);
    irc_caps_set(client, 0);
    return client;
}

static void irc_close(void *record)
{
    struct irc_client *client = record;
    if (!client->welcomed)
        client->door->unregistered--;
    irc_asked_keep(client, NULL, NULL);
    irc_response_release(client);
    irc_multiline_free(client->aside->multiline);
    irc_subs_free(client->aside->subs);
    free(client->aside->user);
    free(client->aside->realname);
    irc_sasl_free(client->aside->sasl);
    irc_account_forget(client);
    list_remove(&client->in_door);
    free(client->aside->fingerprint);
    free(client->aside->stale);
    free_aside(client);
    slab_free(client);
}

static enum door_result irc_line_in(void *record, enum linebuf_result how, char *line, size_t len)
{
    struct irc_client *client = record;
    client->heard_ms = (uint32_t)gate_now(client->gate);
    client->pinged = false;
    switch (how) {
    case LINE_NONE:
        break;
    case LINE_OK:
    case LINE_HAS_NUL: /* which the parser refuses */
        return irc_dispatch(client, line, len);
    case LINE_TOO_LONG:
        if (irc_client_busy(client))
            return DOOR_WAIT;
        irc_reply(client, ERR_INPUTTOOLONG, "Input line was too long", NULL);
        break;
    }
    return DOOR_DONE;
}

/* Whoever speaks to somebody who is away is told so; notices and tags are never answered. */
static void tell_peer_away(struct irc_client *client, const struct event *event)
{
    bool answered = event->type == EVENT_SPEECH &&
                    (event->speech == SPEECH_TEXT || event->speech == SPEECH_ACTION);
    if (answered && event->peer != SESSION_NONE && !irc_client_is(client, event->peer))
        irc_tell_away(client, hub_person(gate_hub(client->gate), event->peer));
}

/* It is in a room, by its own command or by one of its person's other connections. */
static void entered_room(struct irc_client *client, const struct event *event)
{
    bool own = event->session == client->session;
    client->response.aside = !own;
    if (own)
        irc_event_own(client, event);
    irc_rooms_entered(client, event->target);
    client->response.aside = false;
    irc_replay_ask(client, event->target);
}

static void irc_note(void *record, const struct note *note, const struct event *event)
{
    struct irc_client *client = record;
    switch (note->type) {
    case NOTE_NAMED:
        client->named = true;
        client->nick_refused = false;
        break;
    case NOTE_ENTERED:
        irc_registration_welcome(client);
        break;
    case NOTE_RENAMED:
        irc_event_write(client, event);
        break;
    case NOTE_JOINED:
        entered_room(client, event);
        break;
    case NOTE_SHOWN:
        irc_event_own(client, event);
        break;
    case NOTE_DONE:
        irc_done(client, note);
        break;
    case NOTE_SPOKEN:
        irc_event_echo(client, event);
        tell_peer_away(client, event);
        break;
    case NOTE_REFUSED:
        client->named = irc_client_session(client) && irc_client_session(client)->nick;
        if (note->refusal == REFUSED_NICK_OWNED || note->refusal == REFUSED_NICK_TAKEN ||
            note->refusal == REFUSED_NICK_ALIKE)
            client->nick_refused = true;
        irc_refuse(client, note);
        break;
    }
    irc_response_settle(client);
}

static unsigned irc_class(void *record, const struct event *event)
{
    return irc_event_class(record, event);
}

static unsigned irc_group_class(void *ctx, unsigned group, const struct event *event)
{
    (void)ctx;
    return irc_form_of_group(group, event);
}

static void irc_format_event(void *ctx, unsigned class, const struct event *event, struct str *out)
{
    irc_event_format(ctx, class, event, out);
}

void irc_asked_keep(struct irc_client *client, const char *word, const char *text)
{
    if (!client->aside->asked.word && !client->aside->asked.text && !word && !text)
        return;
    struct irc_kept *asked = &irc_client_open_aside(client)->asked;
    free(asked->word);
    free(asked->text);
    asked->word = word ? xstrdup(word) : NULL;
    asked->text = text ? xstrdup(text) : NULL;
}

static void irc_page(void *record, const struct door_page *page)
{
    static void (*const answers[ASKED_KINDS])(struct irc_client * client,
                                              const struct door_page *page) = {
        [ASKED_HISTORY] = irc_history_page, [ASKED_TARGETS] = irc_history_targets,
        [ASKED_ACCOUNT] = irc_account_page, [ASKED_REDACTION] = irc_redact_page,
        [ASKED_REPLAY] = irc_replay_page,   [ASKED_SEARCH] = irc_search_page,
        [ASKED_LOOK] = irc_search_look,     [ASKED_DONE] = irc_done_page,
    };
    struct irc_client *client = record;
    irc_response_begin(client);
    answers[page->token & 0xff](client, page);
    irc_response_end(client);
}

static void ping(struct irc_client *client, int64_t now_ms)
{
    client->pinged = true;
    client->pinged_ms = (uint32_t)now_ms;
    irc_send_aside(client, client->door->server_name, "PING", client->door->server_name);
}

/* What may change by the configuration is told again when it has (cap-notify, and 005 as it is sent on
 * registering). */
static void tell_changes(struct irc_client *client)
{
    uint32_t now = irc_limits_hash(client);
    if (now == client->told)
        return;
    client->told = now;
    irc_caps_changed(client);
    irc_isupport_send(client);
}

static void time_out(struct irc_client *client)
{
    gate_log(client->gate, client->session, "it did not register in time");
    irc_client_leave(client, "Registration timeout");
}

/* Less than nothing, if the clock was set back. */
static int32_t since(uint32_t then_ms, int64_t now_ms)
{
    return (int32_t)((uint32_t)now_ms - then_ms);
}

static void irc_tick(void *record, int64_t now_ms)
{
    struct irc_client *client = record;
    if (!client->welcomed) {
        if (since(client->opened_ms, now_ms) >= client->door->register_ms)
            time_out(client);
        return;
    }
    /* While the log keeps it waiting, its lines are not read, and it is not to blame. */
    if (irc_client_busy(client))
        return;
    tell_changes(client);
    if (!client->pinged) {
        if (since(client->heard_ms, now_ms) >= PING_AFTER_MS)
            ping(client, now_ms);
    } else if (since(client->pinged_ms, now_ms) >= PONG_WITHIN_MS) {
        char reason[64];
        snprintf(reason, sizeof reason, "Ping timeout: %d seconds",
                 since(client->heard_ms, now_ms) / 1000);
        irc_client_leave(client, reason);
    }
}

static void irc_farewell(void *record, const char *reason)
{
    struct irc_client *client = record;
    irc_response_finish(client);
    irc_send_aside(client, NULL, "ERROR", reason);
}

static const struct door_ops ops = {
    .name = "irc",
    .max_line_bytes = IRC_MAX_TAGS_BYTES + IRC_LINE_LENGTH_MAX - 2,
    .whole_lines = true,
    .open = irc_open,
    .close = irc_close,
    .line = irc_line_in,
    .note = irc_note,
    .class = irc_class,
    .group_class = irc_group_class,
    .format = irc_format_event,
    .page = irc_page,
    .tick = irc_tick,
    .farewell = irc_farewell,
};

struct door irc_door_handle(struct irc_door *door)
{
    return (struct door){.ops = &ops, .ctx = door};
}
