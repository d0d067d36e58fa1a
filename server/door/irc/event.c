/* What happened, as lines for those who see it; see event.h. */
#include "server/door/irc/event.h"

#include <stdio.h>

#include "server/door/irc/caps.h"
#include "server/door/irc/form.h"
#include "server/door/irc/marker.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/rooms.h"

/* Events that are told to each reader in words of his own. */

static void tell_knock(struct irc_client *client, const struct event *event)
{
    const struct who *who = &event->who;
    char source[IRC_MAX_BODY_BYTES];
    snprintf(source, sizeof source, "%s!%s@%s", who->nick, who->user, who->host);
    irc_reply(client, RPL_KNOCK, event->target, source, "has asked for an invite", NULL);
}

static void tell_online(struct irc_client *client, const struct event *event)
{
    const struct who *who = &event->who;
    irc_replyf(client, RPL_MONONLINE, NULL, "%s!%s@%s", who->nick, who->user, who->host);
    const struct session *session = hub_session(gate_hub(client->gate), event->session);
    if (session)
        irc_metadata_person(client, session);
}

static void tell_offline(struct irc_client *client, const struct event *event)
{
    irc_reply(client, RPL_MONOFFLINE, event->text, NULL);
}

/* The one whose host it is has to know what stands in front of his lines now. */
static void tell_host(struct irc_client *client, const struct event *event)
{
    if (hub_session(gate_hub(client->gate), event->session) == irc_client_session(client))
        irc_reply(client, RPL_VISIBLEHOST, event->text, "is your host now", NULL);
}

static void tell_mark(struct irc_client *client, const struct event *event)
{
    if (irc_has(client, CAP_READ_MARKER))
        irc_marker_send(client, event->target);
}

/* Who does not know that rooms are renamed leaves the one and enters the other (IRCv3
 * draft/channel-rename). */
static void tell_rename(struct irc_client *client, const struct event *event)
{
    if (irc_has(client, CAP_CHANNEL_RENAME))
        return;
    const struct session *session = irc_client_session(client);
    const struct event leave = {
        .type = EVENT_PART,
        .time_ms = event->time_ms,
        .who = session_who(session),
        .target = event->target,
        .text = event->text && *event->text ? event->text : "The channel has another name now",
    };
    const struct event enter = {
        .type = EVENT_JOIN,
        .time_ms = event->time_ms,
        .who = leave.who,
        .realname = session->realname,
        .target = event->object,
    };
    irc_event_write(client, &leave);
    irc_event_write(client, &enter);
    irc_rooms_entered(client, event->object);
}

static void (*const tellers[])(struct irc_client *client, const struct event *event) = {
    [EVENT_RENAME] = tell_rename,      [EVENT_KNOCK] = tell_knock, [EVENT_ONLINE] = tell_online,
    [EVENT_OFFLINE] = tell_offline,    [EVENT_MARK] = tell_mark,   [EVENT_HOST] = tell_host,
    [EVENT_TRAIT] = irc_metadata_tell,
};

static void tell(struct irc_client *client, const struct event *event)
{
    if ((size_t)event->type < sizeof tellers / sizeof *tellers && tellers[event->type])
        tellers[event->type](client, event);
}

/* Whether the client did it itself with the labelled command at hand. */
static bool is_answer(const struct irc_client *client, const struct event *event)
{
    return client->response.open && event->session == client->session &&
           event->type != EVENT_SPEECH && event->type != EVENT_SIGN;
}

/* An invitation is for the guest; others hear of it if they want to. */
static bool is_meant(const struct irc_client *client, const struct event *event)
{
    return irc_client_is(client, event->peer) || irc_has(client, CAP_INVITE_NOTIFY);
}

/* Next to the same event for the same capabilities, which is most of a fan-out, there is nothing to
 * choose. */
static unsigned chosen_form(struct irc_client *client, const struct event *event)
{
    struct irc_door *door = client->door;
    uint64_t delivery = gate_delivery(client->gate);
    if (door->formed != delivery || door->formed_caps != client->caps) {
        door->formed = delivery;
        door->formed_caps = client->caps;
        door->formed_as = irc_form_of(client->caps, event);
    }
    return door->formed_as;
}

unsigned irc_event_class(struct irc_client *client, const struct event *event)
{
    if (event->type == EVENT_INVITE && !is_meant(client, event))
        return FORM_HIDDEN;
    if (client->response.open && is_answer(client, event)) {
        /* Entries of a log come again, as a note, to be told once: see irc_event_own(). */
        if (event->type > EVENT_LOGGED_LAST)
            irc_event_write(client, event);
        return FORM_HIDDEN;
    }
    if (event->type != EVENT_SPEECH) {
        client->response.aside = true;
        tell(client, event);
        client->response.aside = false;
    }
    return chosen_form(client, event);
}

void irc_event_format(const struct irc_door *door, unsigned class, const struct event *event,
                      struct str *out)
{
    irc_form_write(door, class, event, out);
}

void irc_event_write(struct irc_client *client, const struct event *event)
{
    unsigned form = irc_form_of(client->caps, event);
    struct str *out = &client->door->out;
    str_reset(out);
    irc_form_write(client->door, form, event, out);
    if (out->len == 0)
        return;
    if (irc_form_is_batch(form, event))
        irc_response_write_batch(client, out->data, out->len);
    else
        irc_response_write(client, out->data, out->len);
}

void irc_event_own(struct irc_client *client, const struct event *event)
{
    if (!irc_response_note_shown(client, event->id))
        return;
    tell(client, event);
    irc_event_write(client, event);
}

void irc_event_echo(struct irc_client *client, const struct event *event)
{
    if (irc_has(client, CAP_ECHO_MESSAGE))
        irc_event_write(client, event);
    if (!irc_client_is(client, event->peer))
        return;
    client->response.aside = true;
    irc_event_write(client, event);
    client->response.aside = false;
}

size_t irc_event_text_bytes(const struct event *event)
{
    return irc_form_text_bytes(event);
}
