/* What clients are told of metadata beside the answers to their own questions; see metadata.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/reply.h"

void irc_subs_free(struct irc_subs *subs)
{
    for (size_t i = 0; subs && i < subs->count; i++)
        free(subs->keys[i]);
    free(subs);
}

bool irc_subscribed(const struct irc_client *client, const char *key)
{
    for (size_t i = 0; client->aside->subs && i < client->aside->subs->count; i++)
        if (strcmp(client->aside->subs->keys[i], key) == 0)
            return true;
    return false;
}

/* Whether it knows of metadata in either version. */
static bool knows_metadata(const struct irc_client *client)
{
    return irc_has(client, CAP_METADATA_2) || irc_has(client, CAP_METADATA_3);
}

static void tell(struct irc_client *client, const char *target, const char *key, const char *text)
{
    if (text)
        irc_reply(client, RPL_KEYVALUE, target, key, "*", text, NULL);
    else
        irc_reply(client, RPL_KEYNOTSET, target, key, "key not set", NULL);
}

/* The form of the version that was agreed on; a text of NULL: it is no longer set. */
static void notify(struct irc_client *client, const char *target, const char *key, const char *text)
{
    if (!irc_has(client, CAP_METADATA_3))
        irc_send(client, "METADATA", target, key, "*", text, NULL);
    else
        tell(client, target, key, text);
}

void irc_metadata_tell(struct irc_client *client, const struct event *event)
{
    if (knows_metadata(client) && irc_subscribed(client, event->object))
        notify(client, event->target, event->object, event->text);
}

/* What is told in one batch, which begins with the first line of it. */
struct telling {
    struct irc_client *client;
    const char *about; /* the batch's parameter; NULL: there is no batch around it */
    bool begun;
    size_t count;
};

/* False when it is more than can be told at once. */
static bool tell_all(struct telling *telling, const char *target, const struct traits *traits)
{
    for (size_t i = 0; i < traits->count; i++) {
        if (!irc_subscribed(telling->client, traits->items[i].name))
            continue;
        if (++telling->count > IRC_MATCHES)
            return false;
        if (telling->about && !telling->begun)
            irc_response_batch_begin(telling->client, "metadata", telling->about);
        telling->begun = true;
        notify(telling->client, target, traits->items[i].name, traits->items[i].text);
    }
    return true;
}

void irc_metadata_person(struct irc_client *client, const struct session *who)
{
    struct telling telling = {.client = client};
    if (knows_metadata(client))
        tell_all(&telling, who->nick, hub_traits(gate_hub(client->gate), who));
}

void irc_metadata_channel(struct irc_client *client, const struct room *room, bool asked)
{
    if (!asked && (!knows_metadata(client) || !client->aside->subs))
        return;
    if (!asked && room->seated_count > HUB_TRAITS_ROOM) {
        irc_reply(client, RPL_METADATASYNCLATER, room->name, NULL);
        return;
    }
    struct telling telling = {.client = client, .about = room->name, .begun = asked};
    if (asked)
        irc_response_batch_begin(client, "metadata", room->name);
    bool whole = tell_all(&telling, room->name, &room->traits);
    for (size_t i = 0; whole && i < room->seated_count; i++) {
        const struct session *who = room->seats[i]->session;
        whole = tell_all(&telling, who->nick, hub_traits(gate_hub(client->gate), who));
    }
    irc_response_batch_end(client);
    if (!whole)
        irc_reply(client, ERR_TOOMANYMATCHES, "METADATA", "Too many; ask about people", NULL);
}

void irc_metadata_welcome(struct irc_client *client)
{
    if (!knows_metadata(client))
        return;
    const struct session *self = irc_client_session(client);
    const struct traits *traits = hub_traits(gate_hub(client->gate), self);
    irc_response_batch_begin(client, "metadata", self->nick);
    for (size_t i = 0; i < traits->count; i++)
        notify(client, self->nick, traits->items[i].name, traits->items[i].text);
    irc_response_batch_end(client);
}

void irc_metadata_whois(struct irc_client *client, const struct session *who)
{
    if (!knows_metadata(client))
        return;
    const struct traits *traits = hub_traits(gate_hub(client->gate), who);
    for (size_t i = 0; i < traits->count; i++)
        irc_reply(client, RPL_WHOISKEYVALUE, who->nick, traits->items[i].name, "*",
                  traits->items[i].text, NULL);
}

void irc_metadata_done(struct irc_client *client, const struct note *note)
{
    const char *target = note->target ? note->target : irc_client_nick(client);
    if (!note->all) {
        tell(client, target, note->object, note->text);
        return;
    }
    char *names = xstrdup(note->object);
    char *rest = NULL;
    irc_response_batch_begin(client, "metadata", target);
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        tell(client, target, name, NULL);
    irc_response_batch_end(client);
    free(names);
}

/* When the changes of now will have been forgotten. */
static void refuse_rate(struct irc_client *client, const char *target, const char *key)
{
    int64_t since_ms = irc_client_session(client)->aside->describing_ms;
    int64_t left_ms = since_ms + HUB_TRAITS_WINDOW_MS - gate_now(client->gate);
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)((left_ms + 999) / 1000));
    irc_fail(client, "METADATA", "RATE_LIMITED", target, key, seconds, "Too many changes", NULL);
}

bool irc_metadata_refused(struct irc_client *client, const struct note *note)
{
    const char *target = note->target ? note->target : irc_client_nick(client);
    const char *key = note->object ? note->object : "*";
    if (note->command != COMMAND_TRAIT)
        return false;
    if (note->refusal == REFUSED_TRAIT_NAME_BAD)
        irc_fail(client, "METADATA", "KEY_INVALID", key, "Not a key", NULL);
    else if (note->refusal == REFUSED_NOT_OPERATOR)
        irc_fail(client, "METADATA", "KEY_NO_PERMISSION", target, key,
                 "You do not run that channel", NULL);
    else if (note->refusal == REFUSED_NO_SUCH_TRAIT)
        irc_fail(client, "METADATA", "KEY_NOT_SET", target, key, "It is not set", NULL);
    else if (note->refusal == REFUSED_TRAITS_FULL)
        irc_fail(client, "METADATA", "LIMIT_REACHED", target, "Too many keys are set", NULL);
    else if (note->refusal == REFUSED_TOO_OFTEN)
        refuse_rate(client, target, key);
    else if (note->refusal == REFUSED_TOO_LONG && irc_has(client, CAP_METADATA_3))
        irc_fail(client, "METADATA", "INVALID_VALUE", key, "The value is too long", NULL);
    else if (note->refusal == REFUSED_TOO_LONG)
        irc_fail(client, "METADATA", "VALUE_INVALID", "The value is too long", NULL);
    else
        irc_fail(client, "METADATA", "INVALID_TARGET", target,
                 "Neither a person here nor a channel", NULL);
    return true;
}
