/* The answer to one command; see response.h. */
#include "server/door/irc/response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/client.h"

struct irc_answer {
    char label[IRC_LABEL_BYTES + 1]; /* as it was on the wire, escaped */
    char shown_id[EVENT_ID_MAX];     /* of the last event in it */
    unsigned outer;                  /* number of the batch around it, while there is one */
    struct str held;
};

void irc_response_release(struct irc_client *client)
{
    struct irc_answer *answer = client->aside->answer;
    client->response.open = false;
    if (!answer)
        return;
    str_release(&answer->held);
    free(answer);
    irc_client_open_aside(client)->answer = NULL;
    irc_client_settle_aside(client);
}

void irc_response_open(struct irc_client *client, const char *label, size_t len)
{
    struct irc_response *response = &client->response;
    if (len == 0 || len > IRC_LABEL_BYTES || !text_utf8_valid(label, len))
        return;
    irc_response_release(client);
    struct irc_answer *answer = xcalloc(1, sizeof *answer);
    memcpy(answer->label, label, len);
    str_init(&answer->held, IRC_OUT_BYTES);
    irc_client_open_aside(client)->answer = answer;
    response->open = true;
    response->batching = false;
    response->labelled = false;
}

void irc_response_take(struct irc_client *client, char label[IRC_LABEL_BYTES + 1])
{
    struct irc_response *response = &client->response;
    label[0] = '\0';
    if (response->open)
        memcpy(label, client->aside->answer->label, sizeof client->aside->answer->label);
    irc_response_release(client);
}

bool irc_response_note_shown(struct irc_client *client, const char *id)
{
    struct irc_answer *answer = client->aside->answer;
    if (!answer || strcmp(answer->shown_id, id) == 0)
        return false;
    snprintf(answer->shown_id, sizeof answer->shown_id, "%s", id);
    return true;
}

/* Writes a line with one more tag, given as "key=value". */
static void write_tagged(struct irc_client *client, const char *tag, const char *line, size_t len)
{
    struct str *out = &client->door->tagged;
    bool has_tags = line[0] == '@';
    str_reset(out);
    str_addf(out, "@%s%c", tag, has_tags ? ';' : ' ');
    str_add(out, line + has_tags, len - has_tags);
    gate_write(client->gate, client->session, out->data, out->len);
}

static void write_labelled(struct irc_client *client, const char *line, size_t len)
{
    char tag[sizeof "label=" + IRC_LABEL_BYTES];
    snprintf(tag, sizeof tag, "label=%s", client->aside->answer->label);
    write_tagged(client, tag, line, len);
}

static void write_batched(struct irc_client *client, unsigned batch, const char *line, size_t len)
{
    char tag[sizeof "batch=r4294967295"];
    snprintf(tag, sizeof tag, "batch=r%u", batch);
    write_tagged(client, tag, line, len);
}

/* Adds the line that begins ('+') or ends ('-') a batch. */
static void add_mark(struct irc_client *client, struct str *line, char mark, unsigned batch,
                     const char *type, const char *param)
{
    char reference[sizeof "+r4294967295"];
    snprintf(reference, sizeof reference, "%cr%u", mark, batch);
    irc_begin(line, client->door->server_name, "BATCH");
    irc_param(line, reference);
    if (type)
        irc_param(line, type);
    if (param)
        irc_param(line, param);
    irc_end(line);
}

static void write_ack(struct irc_client *client)
{
    struct str line;
    str_init(&line, IRC_MAX_LINE_BYTES);
    irc_line(&line, client->door->server_name, "ACK", NULL);
    write_labelled(client, line.data, line.len);
    str_release(&line);
}

static void begin_outer(struct irc_client *client)
{
    struct irc_response *response = &client->response;
    struct str line;
    str_init(&line, IRC_MAX_LINE_BYTES);
    response->batching = true;
    client->aside->answer->outer = ++response->batches;
    add_mark(client, &line, '+', client->aside->answer->outer, "labeled-response", NULL);
    write_labelled(client, line.data, line.len);
    str_release(&line);
    if (client->aside->answer->held.len > 0)
        write_batched(client, client->aside->answer->outer, client->aside->answer->held.data,
                      client->aside->answer->held.len);
    str_release(&client->aside->answer->held);
}

/* Whether lines go out as they are. */
static bool is_plain(const struct irc_response *response)
{
    return !response->open || response->labelled || response->aside;
}

static void write_line(struct irc_client *client, const char *line, size_t len)
{
    struct irc_response *response = &client->response;
    if (response->inner > 0 && !response->aside) {
        write_batched(client, response->inner, line, len);
        return;
    }
    if (is_plain(response)) {
        gate_write(client->gate, client->session, line, len);
        return;
    }
    if (!response->batching && client->aside->answer->held.len == 0) {
        str_add(&client->aside->answer->held, line, len);
        return;
    }
    if (!response->batching)
        begin_outer(client);
    write_batched(client, client->aside->answer->outer, line, len);
}

static size_t line_length(const char *lines, size_t len)
{
    const char *lf = memchr(lines, '\n', len);
    return lf ? (size_t)(lf - lines) + 1 : len;
}

void irc_response_write(struct irc_client *client, const char *lines, size_t len)
{
    if (client->response.inner == 0 && is_plain(&client->response)) {
        gate_write(client->gate, client->session, lines, len);
        return;
    }
    while (len > 0) {
        size_t line = line_length(lines, len);
        write_line(client, lines, line);
        lines += line;
        len -= line;
    }
}

/* Writes the line that begins a batch as part of the answer. One that comes first is taken for all of
 * it, and has the label. */
static void write_opening(struct irc_client *client, const char *line, size_t len)
{
    struct irc_response *response = &client->response;
    bool first = !is_plain(response) && !response->batching && client->aside->answer->held.len == 0;
    if (!first || response->inner > 0) {
        write_line(client, line, len);
        return;
    }
    write_labelled(client, line, len);
    response->labelled = true;
}

void irc_response_write_batch(struct irc_client *client, const char *lines, size_t len)
{
    size_t first = line_length(lines, len);
    const char *before = len > first ? memrchr(lines, '\n', len - 1) : NULL;
    size_t last = before ? (size_t)(before + 1 - lines) : first;
    write_opening(client, lines, first);
    gate_write(client->gate, client->session, lines + first, last - first);
    if (last < len)
        write_line(client, lines + last, len - last);
}

void irc_response_batch_begin(struct irc_client *client, const char *type, const char *param)
{
    struct irc_response *response = &client->response;
    if (!irc_has(client, CAP_BATCH))
        return;
    struct str line;
    str_init(&line, IRC_MAX_LINE_BYTES);
    unsigned batch = ++response->batches;
    add_mark(client, &line, '+', batch, type, param);
    write_opening(client, line.data, line.len);
    str_release(&line);
    response->inner = batch;
}

void irc_response_batch_end(struct irc_client *client)
{
    struct irc_response *response = &client->response;
    unsigned batch = response->inner;
    if (batch == 0)
        return;
    response->inner = 0;
    struct str line;
    str_init(&line, IRC_MAX_LINE_BYTES);
    add_mark(client, &line, '-', batch, NULL, NULL);
    write_line(client, line.data, line.len);
    str_release(&line);
}

static void write_end(struct irc_client *client)
{
    struct str line;
    str_init(&line, IRC_MAX_LINE_BYTES);
    add_mark(client, &line, '-', client->aside->answer->outer, NULL, NULL);
    gate_write(client->gate, client->session, line.data, line.len);
    str_release(&line);
}

void irc_response_finish(struct irc_client *client)
{
    struct irc_response *response = &client->response;
    if (!response->open)
        return;
    if (response->batching)
        write_end(client);
    else if (client->aside->answer->held.len > 0)
        write_labelled(client, client->aside->answer->held.data, client->aside->answer->held.len);
    else if (!response->labelled)
        write_ack(client);
    irc_response_release(client);
}

void irc_response_begin(struct irc_client *client)
{
    client->response.working = true;
}

void irc_response_end(struct irc_client *client)
{
    client->response.working = false;
    irc_response_settle(client);
}

void irc_response_settle(struct irc_client *client)
{
    if (!client->response.working && !irc_client_busy(client))
        irc_response_finish(client);
}
