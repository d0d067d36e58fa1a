#include "server/door/irc/multiline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/once.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/speak.h"

enum {
    REFERENCE_BYTES = 64,
    JOINTS_BYTES = IRC_MULTILINE_LINES * 12,
};

struct irc_multiline {
    char reference[REFERENCE_BYTES + 1];
    char label[IRC_LABEL_BYTES + 1]; /* of the answer to the whole; empty once it has begun */
    char *target;
    struct str tags;   /* client-only ones, of the line that opened it */
    struct str text;   /* so far */
    struct str joints; /* see struct event */
    struct irc_once once;
    size_t lines;
    bool notice;
    bool words;  /* some line is not empty */
    bool failed; /* something was wrong with it */
};

static struct irc_multiline *multiline_new(const struct irc_client *client, const char *reference,
                                           const char *target)
{
    struct irc_multiline *multiline = xcalloc(1, sizeof *multiline);
    strcpy(multiline->reference, reference);
    multiline->target = xstrdup(target);
    str_init(&multiline->tags, IRC_MAX_CLIENT_TAG_DATA_BYTES);
    str_init(&multiline->text, hub_limits(gate_hub(client->gate))->max_multiline_bytes);
    str_init(&multiline->joints, JOINTS_BYTES);
    return multiline;
}

void irc_multiline_free(struct irc_multiline *multiline)
{
    if (!multiline)
        return;
    free(multiline->target);
    str_release(&multiline->tags);
    str_release(&multiline->text);
    str_release(&multiline->joints);
    irc_once_release(&multiline->once);
    free(multiline);
}

/* What is said from now on answers the open batch, unless the line at hand has a label of its own. */
static void answer(struct irc_client *client, struct irc_multiline *multiline)
{
    if (client->response.open)
        return;
    irc_response_open(client, multiline->label, strlen(multiline->label));
    multiline->label[0] = '\0';
}

/* The open batch, if there is one, is no good; what comes next says why. */
static void fail(struct irc_client *client)
{
    struct irc_multiline *multiline = client->aside->multiline;
    if (!multiline)
        return;
    answer(client, multiline);
    multiline->failed = true;
}

/* Says once what is wrong; the rest of the batch is then read and forgotten. */
static void invalid(struct irc_client *client, const char *why)
{
    if (client->aside->multiline && client->aside->multiline->failed)
        return;
    fail(client);
    irc_fail(client, "BATCH", "MULTILINE_INVALID", why, NULL);
}

static void over_limit(struct irc_client *client, const char *code, size_t limit)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", limit);
    fail(client);
    irc_fail(client, "BATCH", code, number, "The message is too long", NULL);
}

/* Adds a line's text; says what is wrong with it. */
static void add_line(struct irc_client *client, const char *text, bool joined)
{
    struct irc_multiline *multiline = client->aside->multiline;
    if (joined && (*text == '\0' || multiline->lines == 0)) {
        invalid(client, "A line without text, or the first one, cannot continue another");
        return;
    }
    if (multiline->lines == IRC_MULTILINE_LINES) {
        over_limit(client, "MULTILINE_MAX_LINES", IRC_MULTILINE_LINES);
        return;
    }
    if (joined)
        str_addf(&multiline->joints, "%s%zu", multiline->joints.len > 0 ? " " : "",
                 multiline->text.len);
    else if (multiline->lines > 0)
        str_addc(&multiline->text, '\n');
    str_adds(&multiline->text, text);
    multiline->lines++;
    multiline->words |= *text != '\0';
    if (multiline->text.overflow)
        over_limit(client, "MULTILINE_MAX_BYTES", multiline->text.max);
}

static bool is_speech(const struct irc_message *message)
{
    return strcmp(message->command, "PRIVMSG") == 0 || strcmp(message->command, "NOTICE") == 0;
}

static bool is_reference(const struct irc_multiline *multiline, const char *text, size_t len)
{
    return multiline && strlen(multiline->reference) == len &&
           memcmp(multiline->reference, text, len) == 0;
}

bool irc_multiline_take(struct irc_client *client, const struct irc_message *message)
{
    struct irc_multiline *multiline = client->aside->multiline;
    struct irc_tag tag;
    if (!irc_has(client, CAP_MULTILINE) || !irc_tag_find(message, "batch", &tag))
        return false;
    bool notice = strcmp(message->command, "NOTICE") == 0;
    if (!is_reference(multiline, tag.value, tag.value_len)) {
        invalid(client, "No such batch is open");
    } else if (multiline->failed) {
        return true;
    } else if (!is_speech(message) || message->n_params < 2 ||
               (multiline->lines > 0 && notice != multiline->notice)) {
        invalid(client, "A batch holds only PRIVMSG, or only NOTICE");
    } else if (strcmp(message->params[0], multiline->target) != 0) {
        fail(client);
        irc_fail(client, "BATCH", "MULTILINE_INVALID_TARGET", multiline->target, message->params[0],
                 "That is a different target", NULL);
    } else {
        multiline->notice = notice;
        add_line(client, message->params[1], irc_tag_find(message, "draft/multiline-concat", &tag));
    }
    return true;
}

static void open_batch(struct irc_client *client, const struct irc_message *message)
{
    const char *reference = message->params[0] + 1;
    bool known = message->n_params > 1 && strcmp(message->params[1], "draft/multiline") == 0 &&
                 irc_has(client, CAP_MULTILINE | CAP_BATCH);
    if (!known) {
        irc_fail(client, "BATCH", "UNKNOWN_TYPE", "Batches of that type are not accepted here",
                 NULL);
    } else if (client->aside->multiline) {
        invalid(client, "Another batch is open");
    } else if (message->n_params < 3 || *message->params[2] == '\0') {
        irc_fail(client, "BATCH", "MULTILINE_INVALID", "It needs a target", NULL);
    } else if (*reference == '\0' || strlen(reference) > REFERENCE_BYTES) {
        irc_fail(client, "BATCH", "MULTILINE_INVALID", "The reference is empty or too long", NULL);
    } else {
        struct irc_multiline *multiline = multiline_new(client, reference, message->params[2]);
        irc_client_open_aside(client)->multiline = multiline;
        multiline->failed = !irc_once_read(&multiline->once, client, message, "BATCH");
        irc_speak_tags(message, &multiline->tags);
        if (!multiline->failed)
            irc_response_take(client, multiline->label);
    }
}

static void say(struct irc_client *client, struct irc_multiline *multiline)
{
    const struct irc_lines lines = {
        .target = multiline->target,
        .text = multiline->text.data,
        .joints = multiline->joints.len > 0 ? multiline->joints.data : NULL,
        .tags = multiline->tags.len > 0 ? multiline->tags.data : NULL,
        .client_id = irc_once_for(&multiline->once, multiline->target, true),
        .notice = multiline->notice,
    };
    if (multiline->words)
        irc_speak_lines(client, &lines);
    else
        irc_fail(client, "BATCH", "MULTILINE_INVALID", "No line has any text", NULL);
}

static void close_batch(struct irc_client *client, const char *reference)
{
    struct irc_multiline *multiline = client->aside->multiline;
    if (!is_reference(multiline, reference, strlen(reference))) {
        invalid(client, "No such batch is open");
        return;
    }
    irc_client_open_aside(client)->multiline = NULL;
    bool unanswered = multiline->label[0] != '\0';
    answer(client, multiline);
    if (!multiline->failed)
        say(client, multiline);
    else if (unanswered) /* why it failed was said under another label */
        irc_fail(client, "BATCH", "MULTILINE_INVALID", "Something in it was wrong", NULL);
    irc_multiline_free(multiline);
}

void irc_batch(struct irc_client *client, const struct irc_message *message)
{
    if (*message->params[0] == '+')
        open_batch(client, message);
    else if (*message->params[0] == '-')
        close_batch(client, message->params[0] + 1);
    else
        irc_fail(client, "BATCH", "INVALID_REFERENCE", "A reference begins with + or -", NULL);
}
