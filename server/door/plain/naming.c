#include "server/door/plain/naming.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    NAMING_MS = 60 * 1000,
    NAME_REFUSALS = 3, /* and the connection ends */
    GUEST_BYTES = sizeof "guest-18446744073709551615",
};

/* The handshake of an old protocol: its clients say this before anything else. */
static const char handshake[] = "NAME:";

static void ask(struct plain_client *client, const char *name)
{
    const struct command command = {
        .type = COMMAND_NAME,
        .session = client->session,
        .text = name,
    };
    gate_step(client->gate, &command);
}

static void ask_for_guest(struct plain_client *client)
{
    char name[GUEST_BYTES];
    do {
        snprintf(name, sizeof name, "guest-%" PRIu64, ++client->door->guests);
    } while (hub_find_nick(gate_hub(client->gate), name) ||
             hub_owner(gate_hub(client->gate), name));
    ask(client, name);
}

/* With a name of its own it enters; the user name says that nobody vouches for it. */
static void enter(struct plain_client *client)
{
    const struct session *session = plain_session(client);
    if (!session || !session->nick)
        return;
    const struct command command = {
        .type = COMMAND_ENTER,
        .session = client->session,
        .user = "~plain",
        .text = session->nick,
    };
    client->inside = true;
    gate_step(client->gate, &command);
    /* There is no way to prove anything here, so that it is no use to wait. */
    session = plain_session(client);
    if (session && !session->entered && session->nick)
        plain_leave(client, "Not let in");
}

void plain_naming_begin(struct plain_client *client)
{
    if (client->door->config.guests) {
        ask_for_guest(client);
        enter(client);
        return;
    }
    plain_say(client, "Who are you? Type a name, or nothing to be a guest.");
}

void plain_naming_line(struct plain_client *client, char *text)
{
    client->handshake = strncmp(text, handshake, sizeof handshake - 1) == 0;
    if (client->handshake)
        text += sizeof handshake - 1;
    text += strspn(text, " ");
    if (*text)
        ask(client, text);
    else
        ask_for_guest(client);
    enter(client);
    if (client->refusals >= NAME_REFUSALS)
        plain_leave(client, "No usable name was given");
}

void plain_naming_taken(struct plain_client *client)
{
    if (client->handshake)
        plain_say(client, "CLIENT: %s", client->host);
}

void plain_naming_refused(struct plain_client *client, enum refusal refusal)
{
    client->refusals++;
    const char *why =
        refusal == REFUSED_NICK_TAKEN   ? "That name is taken."
        : refusal == REFUSED_NICK_ALIKE ? "That name looks like that of somebody else."
        : refusal == REFUSED_NICK_OWNED ? "That name is owned by somebody else."
        : refusal == REFUSED_NICK_BAD
            ? "A name is one word of letters, digits, _ and -, and begins with a letter."
            : "That name is not available here.";
    plain_say(client, "%s%s", why, client->refusals < NAME_REFUSALS ? " Another one?" : "");
}

void plain_naming_tick(struct plain_client *client, int64_t now_ms)
{
    if (now_ms - client->opened_ms >= NAMING_MS)
        plain_leave(client, "No name was given in time");
}
