/* MONITOR: to be told when nicks come and go (IRCv3 monitor). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server/door/irc/handlers.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

/* A list that is told in as many numerics as it takes. */
struct listing {
    struct irc_client *client;
    enum irc_numeric numeric;
    struct str items;
};

static void listing_init(struct listing *listing, struct irc_client *client,
                         enum irc_numeric numeric)
{
    listing->client = client;
    listing->numeric = numeric;
    str_init(&listing->items, IRC_MAX_BODY_BYTES);
}

static void listing_flush(struct listing *listing)
{
    if (listing->items.len > 0)
        irc_reply(listing->client, listing->numeric, listing->items.data, NULL);
    str_reset(&listing->items);
}

static void listing_add(struct listing *listing, const char *item)
{
    if (listing->items.len + strlen(item) + 1 > IRC_LIST_BYTES)
        listing_flush(listing);
    str_addf(&listing->items, "%s%s", listing->items.len > 0 ? "," : "", item);
}

static void listing_end(struct listing *listing)
{
    listing_flush(listing);
    str_release(&listing->items);
}

/* Which of the nicks are here, and which are not. */
struct presence {
    struct listing online;
    struct listing offline;
};

static void presence_init(struct presence *presence, struct irc_client *client)
{
    listing_init(&presence->online, client, RPL_MONONLINE);
    listing_init(&presence->offline, client, RPL_MONOFFLINE);
}

static void presence_add(struct presence *presence, const char *nick)
{
    const struct session *who = hub_find_nick(gate_hub(presence->online.client->gate), nick);
    if (!who || !who->entered) {
        listing_add(&presence->offline, nick);
        return;
    }
    char source[IRC_MAX_BODY_BYTES];
    snprintf(source, sizeof source, "%s!%s@%s", who->nick, who->user, who->host);
    listing_add(&presence->online, source);
}

static void presence_end(struct presence *presence)
{
    listing_end(&presence->online);
    listing_end(&presence->offline);
}

static const struct connection *watcher(const struct irc_client *client)
{
    return hub_connection(gate_hub(client->gate), client->session);
}

/* What stands in a list is watched from now on; what no longer finds place is told back. */
static void add(struct irc_client *client, char *nicks)
{
    struct presence presence;
    presence_init(&presence, client);
    size_t limit = hub_limits(gate_hub(client->gate))->max_watches;
    for (char *nick; (nick = irc_next_target(&nicks));) {
        bool full = hub_watch_count(watcher(client)) >= limit;
        if (full && !hub_is_watching(gate_hub(client->gate), watcher(client), nick)) {
            char number[24];
            snprintf(number, sizeof number, "%zu", limit);
            if (*nicks)
                nick[strlen(nick)] = ','; /* as the list was before it was taken apart */
            irc_reply(client, ERR_MONLISTFULL, number, nick, "Monitor list is full", NULL);
            break;
        }
        const struct command command = {
            .type = COMMAND_WATCH,
            .session = client->session,
            .object = nick,
        };
        gate_step(client->gate, &command);
        /* What cannot be a nick is never here, and not worth a place. */
        if (!hub_is_watching(gate_hub(client->gate), watcher(client), nick))
            continue;
        presence_add(&presence, nick);
        const struct session *who = hub_find_nick(gate_hub(client->gate), nick);
        if (who && who->entered)
            irc_metadata_person(client, who);
    }
    presence_end(&presence);
}

static void forget(struct irc_client *client, char *nicks)
{
    for (const char *nick; (nick = irc_next_target(&nicks));) {
        const struct command command = {
            .type = COMMAND_UNWATCH,
            .session = client->session,
            .object = nick,
        };
        gate_step(client->gate, &command);
    }
}

static void clear(struct irc_client *client, char *unused)
{
    (void)unused;
    const struct command command = {.type = COMMAND_UNWATCH, .session = client->session};
    gate_step(client->gate, &command);
}

static void list(struct irc_client *client, char *unused)
{
    (void)unused;
    struct listing listing;
    listing_init(&listing, client, RPL_MONLIST);
    for (const struct watch_link *link = NULL; (link = hub_next_watch(watcher(client), link));)
        listing_add(&listing, hub_watch_nick(link));
    listing_end(&listing);
    irc_reply(client, RPL_ENDOFMONLIST, "End of MONITOR list", NULL);
}

static void status(struct irc_client *client, char *unused)
{
    (void)unused;
    struct presence presence;
    presence_init(&presence, client);
    for (const struct watch_link *link = NULL; (link = hub_next_watch(watcher(client), link));)
        presence_add(&presence, hub_watch_nick(link));
    presence_end(&presence);
}

void irc_monitor(struct irc_client *client, const struct irc_message *message)
{
    static const struct {
        const char *name;
        void (*run)(struct irc_client *client, char *nicks);
        bool takes_nicks;
    } verbs[] = {{"+", add, true},
                 {"-", forget, true},
                 {"C", clear, false},
                 {"L", list, false},
                 {"S", status, false}};

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcasecmp(verbs[i].name, message->params[0]) != 0)
            continue;
        if (verbs[i].takes_nicks && message->n_params < 2)
            break;
        verbs[i].run(client, message->n_params > 1 ? message->params[1] : NULL);
        return;
    }
    irc_reply(client, ERR_NEEDMOREPARAMS, "MONITOR", "+ nick[,...] | - nick[,...] | C | L | S",
              NULL);
}
