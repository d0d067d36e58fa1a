#include "server/door/plain/event.h"

#include <string.h>

#include "server/door/plain/target.h"
#include "server/door/plain/typed.h"

enum plain_class plain_event_class(struct plain_client *client, const struct event *event)
{
    bool own = event->session == client->session;
    /* The fan-out leaves the speaker out, but who is caught up from the log meets his own lines. */
    if (event->type == EVENT_SPEECH && own && event->peer != client->session && !client->echo)
        return PLAIN_OWN;
    if (event->type == EVENT_SPEECH)
        return plain_target_follow(client, event) ? PLAIN_FOLLOWED : PLAIN_OTHERS;
    if (event->type == EVENT_KICK && event->peer == client->session)
        return PLAIN_SENT_OUT;
    return own ? PLAIN_OWN : PLAIN_OTHERS;
}

void plain_event_echo(struct plain_client *client, const struct event *event)
{
    struct str *out = &client->door->out;
    str_reset(out);
    if (client->echo)
        plain_format_speech(&client->door->form, event, event->target, out);
    if (event->peer == client->session)
        plain_format_speech(&client->door->form, event, "you", out);
    gate_write(client->gate, client->session, out->data, out->len);
}

static void add_names(const struct room *room, struct str *out)
{
    for (size_t i = 0; i < room->seated_count && i < PLAIN_NAMES_SHOWN; i++)
        str_addf(out, "%s %s", i > 0 ? "," : ":", room->seats[i]->session->nick);
    if (room->seated_count > PLAIN_NAMES_SHOWN)
        str_adds(out, ", and others");
}

void plain_event_arrived(struct plain_client *client, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    if (!room)
        return;
    struct str *out = &client->door->out;
    str_reset(out);
    str_addf(out, "You are in %s (%zu here)", room->name, room->seated_count);
    add_names(room, out);
    str_adds(out, "\r\n");
    if (room->visible.text) {
        str_adds(out, "Topic: ");
        plain_shown(out, room->visible.text, strlen(room->visible.text));
        str_adds(out, "\r\n");
    }
    gate_write(client->gate, client->session, out->data, out->len);
}
