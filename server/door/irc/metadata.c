/* The command METADATA; see metadata.h. Its subcommands are a row of a table each. */
#include "server/door/irc/metadata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/alloc.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"

/* What is asked about. */
struct subject {
    const char *target;      /* as it is told */
    const struct room *room; /* NULL: a person */
    const struct session *who;
    const struct traits *traits;
};

/* The keys behind the subcommand, one by one: more of them than a line has parameters are in the last. */
struct keys {
    const struct irc_message *message;
    size_t at;
    char *rest;
};

static struct keys keys_of(const struct irc_message *message)
{
    return (struct keys){.message = message, .at = 2};
}

static const char *next_key(struct keys *keys)
{
    char *key = keys->rest ? strtok_r(NULL, " ", &keys->rest) : NULL;
    while (!key && keys->at < keys->message->n_params)
        key = strtok_r(keys->message->params[keys->at++], " ", &keys->rest);
    return key;
}

static bool key_valid(const struct irc_client *client, const char *key)
{
    return trait_name_valid(key, hub_limits(gate_hub(client->gate))->max_trait_name_bytes);
}

static void refuse_key(struct irc_client *client, const char *key)
{
    irc_fail(client, "METADATA", "KEY_INVALID", key, "Not a key", NULL);
}

/* Nobody but the client itself has a name before it has registered. */
static bool find(struct irc_client *client, const char *target, struct subject *subject)
{
    const struct hub *hub = gate_hub(client->gate);
    const struct session *self = irc_client_session(client);
    *subject = (struct subject){.target = target};
    if (strcmp(target, "*") == 0)
        subject->who = self;
    else if (*target == '#' && client->welcomed)
        subject->room = hub_find_room(hub, target);
    else if (client->welcomed)
        subject->who = hub_find_nick(hub, target);
    if (subject->room && hub_sees_room(self, subject->room)) {
        subject->target = subject->room->name;
        subject->traits = &subject->room->traits;
    } else if (subject->who && (subject->who == self || subject->who->entered)) {
        subject->target = subject->who == self ? irc_client_nick(client) : subject->who->nick;
        subject->traits = hub_traits(hub, subject->who);
    }
    if (!subject->traits)
        irc_fail(client, "METADATA", "INVALID_TARGET", target,
                 "Neither a person here nor a channel", NULL);
    return subject->traits != NULL;
}

static void forbid(struct irc_client *client, const struct subject *subject, const char *key)
{
    irc_fail(client, "METADATA", "KEY_NO_PERMISSION", subject->target, key,
             "You may not read or change that", NULL);
}

/* Whether the client may read of it; answers without a batch around them could not be told apart. */
static bool readable(struct irc_client *client, const struct subject *subject)
{
    if (!irc_has(client, CAP_BATCH)) {
        irc_fail(client, "METADATA", "BATCH_REQUIRED", subject->target,
                 "First agree on the capability \"batch\"", NULL);
        return false;
    }
    if (!subject->room || hub_sees_traits(irc_client_session(client), subject->room))
        return true;
    forbid(client, subject, "*");
    return false;
}

static void tell(struct irc_client *client, const char *target, const char *key, const char *text)
{
    if (text)
        irc_reply(client, RPL_KEYVALUE, target, key, "*", text, NULL);
    else
        irc_reply(client, RPL_KEYNOTSET, target, key, "key not set", NULL);
}

static void get(struct irc_client *client, const struct irc_message *message,
                const struct subject *subject)
{
    if (!readable(client, subject))
        return;
    irc_response_batch_begin(client, "metadata", subject->target);
    struct keys keys = keys_of(message);
    for (const char *key; (key = next_key(&keys));) {
        if (key_valid(client, key))
            tell(client, subject->target, key, traits_get(subject->traits, key));
        else
            refuse_key(client, key);
    }
    irc_response_batch_end(client);
}

static void list(struct irc_client *client, const struct irc_message *message,
                 const struct subject *subject)
{
    (void)message;
    if (!readable(client, subject))
        return;
    irc_response_batch_begin(client, "metadata", subject->target);
    for (size_t i = 0; i < subject->traits->count; i++)
        tell(client, subject->target, subject->traits->items[i].name,
             subject->traits->items[i].text);
    irc_response_batch_end(client);
}

/* Steps a change of one key, or of all (NULL). */
static void change(struct irc_client *client, const struct subject *subject, const char *key,
                   const char *text)
{
    const struct command command = {
        .type = COMMAND_TRAIT,
        .session = client->session,
        .target = subject->room ? subject->target : NULL,
        .object = key,
        .text = text,
    };
    gate_step(client->gate, &command);
}

static bool is_other(const struct irc_client *client, const struct subject *subject)
{
    return subject->who && !irc_client_is(client, session_id(subject->who));
}

static void set(struct irc_client *client, const struct irc_message *message,
                const struct subject *subject)
{
    const char *key = message->params[2];
    if (is_other(client, subject))
        forbid(client, subject, key);
    else
        change(client, subject, key, message->n_params > 3 ? message->params[3] : NULL);
}

static void clear(struct irc_client *client, const struct irc_message *message,
                  const struct subject *subject)
{
    (void)message;
    bool runs = !subject->room || hub_may_describe(irc_client_session(client), subject->room);
    if (is_other(client, subject) || !runs) {
        forbid(client, subject, "*");
        return;
    }
    if (readable(client, subject))
        change(client, subject, NULL, NULL);
}

/* Subscriptions. */

enum { WORDS_PER_LINE = 12 };

/* A list of keys that is told in as many numerics as it takes. */
struct words {
    struct irc_client *client;
    enum irc_numeric numeric;
    struct str text;
    size_t count;
};

static void words_init(struct words *words, struct irc_client *client, enum irc_numeric numeric)
{
    *words = (struct words){.client = client, .numeric = numeric};
    str_init(&words->text, IRC_MAX_BODY_BYTES);
}

static void words_flush(struct words *words)
{
    if (words->count > 0)
        irc_reply_list(words->client, words->numeric, NULL, words->text.data);
    words->count = 0;
    str_reset(&words->text);
}

static void words_add(struct words *words, const char *word)
{
    if (words->count == WORDS_PER_LINE || words->text.len + strlen(word) + 1 > IRC_LIST_BYTES)
        words_flush(words);
    str_addf(&words->text, "%s%s", words->count++ > 0 ? " " : "", word);
}

static void words_end(struct words *words)
{
    words_flush(words);
    str_release(&words->text);
}

/* False when there are as many as there may be. */
static bool subscribe(struct irc_client *client, const char *key)
{
    if (irc_subscribed(client, key))
        return true;
    struct irc_subs *subs = client->aside->subs;
    if (!subs)
        subs = irc_client_open_aside(client)->subs = xcalloc(1, sizeof *subs);
    if (subs->count == IRC_METADATA_SUBS)
        return false;
    subs->keys[subs->count++] = xstrdup(key);
    return true;
}

static void unsubscribe(struct irc_client *client, const char *key)
{
    struct irc_subs *subs = client->aside->subs;
    for (size_t i = 0; subs && i < subs->count; i++) {
        if (strcmp(subs->keys[i], key) != 0)
            continue;
        free(subs->keys[i]);
        subs->keys[i] = subs->keys[--subs->count];
    }
    if (subs && subs->count == 0) {
        irc_subs_free(subs);
        irc_client_open_aside(client)->subs = NULL;
    }
}

/* What there is of what it has subscribed to, it is to ask for, channel by channel. */
static void offer_channels(struct irc_client *client)
{
    const struct member *member = irc_client_session(client)->members;
    for (; member; member = member->next_of_session)
        if (member->in)
            irc_reply(client, RPL_METADATASYNCLATER, member->room->name, NULL);
}

static void sub(struct irc_client *client, const struct irc_message *message,
                const struct subject *subject)
{
    (void)subject;
    size_t before = client->aside->subs ? client->aside->subs->count : 0;
    struct words words;
    words_init(&words, client, RPL_METADATASUBOK);
    struct keys keys = keys_of(message);
    for (const char *key; (key = next_key(&keys));) {
        if (!key_valid(client, key)) {
            refuse_key(client, key);
        } else if (!subscribe(client, key)) {
            irc_fail(client, "METADATA", "TOO_MANY_SUBS", key, "Too many subscriptions", NULL);
            break;
        } else {
            words_add(&words, key);
        }
    }
    words_end(&words);
    if (client->aside->subs && client->aside->subs->count > before)
        offer_channels(client);
}

static void unsub(struct irc_client *client, const struct irc_message *message,
                  const struct subject *subject)
{
    (void)subject;
    struct words words;
    words_init(&words, client, RPL_METADATAUNSUBOK);
    struct keys keys = keys_of(message);
    for (const char *key; (key = next_key(&keys));) {
        if (!key_valid(client, key)) {
            refuse_key(client, key);
            continue;
        }
        unsubscribe(client, key);
        words_add(&words, key);
    }
    words_end(&words);
}

static void subs(struct irc_client *client, const struct irc_message *message,
                 const struct subject *subject)
{
    (void)message;
    if (!readable(client, subject))
        return;
    struct words words;
    words_init(&words, client, RPL_METADATASUBS);
    irc_response_batch_begin(client, "metadata-subs", NULL);
    for (size_t i = 0; client->aside->subs && i < client->aside->subs->count; i++)
        words_add(&words, client->aside->subs->keys[i]);
    words_end(&words);
    irc_response_batch_end(client);
}

static void sync_now(struct irc_client *client, const struct irc_message *message,
                     const struct subject *subject)
{
    (void)message;
    if (!readable(client, subject))
        return;
    if (subject->room) {
        irc_metadata_channel(client, subject->room, true);
        return;
    }
    irc_response_batch_begin(client, "metadata", subject->target);
    irc_metadata_person(client, subject->who);
    irc_response_batch_end(client);
}

void irc_metadata(struct irc_client *client, const struct irc_message *message)
{
    static const struct {
        const char *name;
        void (*run)(struct irc_client *client, const struct irc_message *message,
                    const struct subject *subject);
        bool takes_keys;
        bool own; /* only of oneself */
    } verbs[] = {
        {"GET", get, true, false},   {"LIST", list, false, false},
        {"SET", set, true, false},   {"CLEAR", clear, false, false},
        {"SUB", sub, true, true},    {"UNSUB", unsub, true, true},
        {"SUBS", subs, false, true}, {"SYNC", sync_now, false, false},
    };

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcasecmp(verbs[i].name, message->params[1]) != 0)
            continue;
        struct subject subject;
        if (verbs[i].takes_keys && (message->n_params < 3 || *message->params[2] == '\0'))
            irc_reply(client, ERR_NEEDMOREPARAMS, "METADATA", "Not enough parameters", NULL);
        else if (!find(client, message->params[0], &subject))
            return;
        else if (verbs[i].own && subject.who != irc_client_session(client))
            forbid(client, &subject, "*");
        else
            verbs[i].run(client, message, &subject);
        return;
    }
    irc_fail(client, "METADATA", "SUBCOMMAND_INVALID", message->params[1], "No such subcommand",
             NULL);
}
