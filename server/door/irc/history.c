/* CHATHISTORY: the subcommands are rows of a table; each names entries of a log by their ids or
 * times, and is answered by a batch when the log has been read. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/door/irc/asked.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/event.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/timestamp.h"

struct subcommand {
    const char *name;
    enum reading_span span;
    unsigned n_params;
    bool any_end; /* '*' stands for no end */
};

static const struct subcommand subcommands[] = {
    {"LATEST", READING_LATEST, 4, true},    {"BEFORE", READING_BEFORE, 4, false},
    {"AFTER", READING_AFTER, 4, false},     {"AROUND", READING_AROUND, 4, false},
    {"BETWEEN", READING_BETWEEN, 5, false}, {"TARGETS", READING_BETWEEN, 4, false},
};

enum {
    SUBCOMMAND_COUNT = sizeof subcommands / sizeof *subcommands,
    TARGETS_AT = SUBCOMMAND_COUNT - 1,
};

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        if (strcasecmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    }
    return NULL;
}

static void invalid(struct irc_client *client, const char *sub, const char *text)
{
    irc_fail(client, "CHATHISTORY", "INVALID_PARAMS", sub, text, NULL);
}

static void refuse(struct irc_client *client, const char *sub, const char *target,
                   enum refusal refusal)
{
    if (refusal == REFUSED_NO_SUCH_ENTRY)
        irc_fail(client, "CHATHISTORY", "MESSAGE_ERROR", sub, target, "There is no such message",
                 NULL);
    else if (refusal == REFUSED_NOT_READ)
        irc_fail(client, "CHATHISTORY", "MESSAGE_ERROR", sub, target, "NOT_READ",
                 "The log cannot be read now", NULL);
    else
        irc_fail(client, "CHATHISTORY", "INVALID_TARGET", sub, target,
                 "Messages could not be retrieved", NULL);
}

/* Reads "msgid=...", "timestamp=..." or '*'; else says what is wrong with it. */
static bool read_place(struct irc_client *client, const struct subcommand *sub, const char *text,
                       struct reading_place *place)
{
    static const char id[] = "msgid=";
    static const char time[] = "timestamp=";
    *place = (struct reading_place){0};
    if (sub->any_end && strcmp(text, "*") == 0)
        return true;
    if (strncmp(text, id, sizeof id - 1) == 0 && text[sizeof id - 1] != '\0') {
        place->id = text + sizeof id - 1;
        return true;
    }
    if (strncmp(text, time, sizeof time - 1) == 0) {
        if (irc_timestamp_read(text + sizeof time - 1, &place->time_ms))
            return true;
        irc_fail(client, "CHATHISTORY", "INVALID_PARAMS", sub->name, text, "Invalid timestamp",
                 NULL);
        return false;
    }
    irc_fail(client, "CHATHISTORY", "INVALID_MSGREFTYPE", sub->name, text,
             "Give a message as msgid= or timestamp=", NULL);
    return false;
}

/* More than one answer may hold are cut to that; no number is none. */
static bool read_limit(struct irc_client *client, const struct subcommand *sub, const char *text,
                       size_t *limit)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number == 0) {
        invalid(client, sub->name, "Invalid limit");
        return false;
    }
    size_t most = client->door->history_page;
    *limit = number < most ? number : most;
    return true;
}

static void ask_targets(struct irc_client *client, const struct subcommand *sub,
                        const struct irc_message *message)
{
    struct reading_place from;
    struct reading_place to;
    size_t limit;
    if (!read_place(client, sub, message->params[1], &from) ||
        !read_place(client, sub, message->params[2], &to) ||
        !read_limit(client, sub, message->params[3], &limit))
        return;
    if (from.id || to.id) {
        invalid(client, sub->name, "Give two times as timestamp=");
        return;
    }
    enum refusal refusal = gate_targets(client->gate, client->session, from.time_ms, to.time_ms,
                                        limit, irc_asked_token(ASKED_TARGETS, TARGETS_AT));
    if (refusal != REFUSED_NOTHING)
        refuse(client, sub->name, "*", refusal);
}

static void ask_page(struct irc_client *client, const struct subcommand *sub,
                     const struct irc_message *message)
{
    struct reading reading = {
        .target = message->params[1],
        .span = sub->span,
        .speech_only = !irc_has(client, CAP_EVENT_PLAYBACK),
    };
    bool two = sub->span == READING_BETWEEN;
    if (!read_place(client, sub, message->params[2], &reading.from) ||
        (two && !read_place(client, sub, message->params[3], &reading.to)) ||
        !read_limit(client, sub, message->params[3 + two], &reading.limit))
        return;
    uint64_t token = irc_asked_token(ASKED_HISTORY, (uint64_t)(sub - subcommands));
    enum refusal refusal = gate_read(client->gate, client->session, &reading, token);
    if (refusal != REFUSED_NOTHING)
        refuse(client, sub->name, reading.target, refusal);
}

void irc_chathistory(struct irc_client *client, const struct irc_message *message)
{
    const struct subcommand *sub = find(message->params[0]);
    if (!sub)
        invalid(client, message->params[0], "Unknown command");
    else if (message->n_params < sub->n_params)
        invalid(client, sub->name, "Insufficient parameters");
    else if (message->n_params > sub->n_params)
        invalid(client, sub->name, "Too many parameters");
    else if (sub == &subcommands[TARGETS_AT])
        ask_targets(client, sub, message);
    else
        ask_page(client, sub, message);
}

/* Writes an entry of the past in the form that the client understands, or nothing. */
static void write_entry(struct irc_client *client, const struct event *event)
{
    /* Of what was taken away nothing is shown; that it was, its own entry says. */
    if (event->redacted)
        return;
    bool plain = event->type == EVENT_SPEECH && event->speech != SPEECH_TAGS;
    if (plain || irc_has(client, CAP_EVENT_PLAYBACK))
        irc_event_write(client, event);
}

void irc_history_page(struct irc_client *client, const struct door_page *page)
{
    const char *sub = subcommands[irc_asked_rest(page->token)].name;
    if (page->refusal != REFUSED_NOTHING) {
        refuse(client, sub, page->target ? page->target : "*", page->refusal);
        return;
    }
    irc_response_batch_begin(client, "chathistory", page->target);
    for (size_t i = 0; i < page->count; i++)
        write_entry(client, &page->events[i]);
    irc_response_batch_end(client);
}

void irc_history_targets(struct irc_client *client, const struct door_page *page)
{
    const char *sub = subcommands[TARGETS_AT].name;
    if (page->refusal != REFUSED_NOTHING) {
        refuse(client, sub, "*", page->refusal);
        return;
    }
    irc_response_batch_begin(client, "draft/chathistory-targets", NULL);
    for (size_t i = 0; i < page->target_count; i++) {
        char time[IRC_TIMESTAMP_BYTES];
        irc_timestamp_write(time, page->targets[i].spoken_ms);
        irc_send(client, "CHATHISTORY", sub, page->targets[i].name, time, NULL);
    }
    irc_response_batch_end(client);
}
