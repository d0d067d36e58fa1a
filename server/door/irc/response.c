/* The answer to one command; see response.h. */
#include "server/door/irc/response.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/client.h"

void irc_response_init(struct irc_response *response)
{
    *response = (struct irc_response){0};
    str_init(&response->held, IRC_OUT_BYTES);
}

void irc_response_release(struct irc_response *response)
{
    str_release(&response->held);
}

void irc_response_open(struct irc_client *client, const char *label, size_t len)
{
    struct irc_response *response = &client->response;
    if (len == 0 || len > IRC_LABEL_BYTES || !text_utf8_valid(label, len))
        return;
    memcpy(response->label, label, len);
    response->label[len] = '\0';
    response->open = true;
    response->batching = false;
    response->shown_id[0] = '\0';
    str_reset(&response->held);
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
    snprintf(tag, sizeof tag, "label=%s", client->response.label);
    write_tagged(client, tag, line, len);
}

static void write_batched(struct irc_client *client, const char *line, size_t len)
{
    char tag[sizeof "batch=r4294967295"];
    snprintf(tag, sizeof tag, "batch=r%u", client->response.batches);
    write_tagged(client, tag, line, len);
}

static void begin_mark(struct irc_client *client, struct str *line, char mark)
{
    char reference[sizeof "+r4294967295"];
    snprintf(reference, sizeof reference, "%cr%u", mark, client->response.batches);
    str_init(line, IRC_MAX_LINE_BYTES);
    irc_begin(line, client->door->server_name, "BATCH");
    irc_param(line, reference);
}

static void open_batch(struct irc_client *client, const char *type, const char *param)
{
    struct irc_response *response = &client->response;
    struct str line;
    response->batching = true;
    response->batches++;
    begin_mark(client, &line, '+');
    irc_param(&line, type);
    if (param)
        irc_param(&line, param);
    irc_end(&line);
    if (response->label[0])
        write_labelled(client, line.data, line.len);
    else
        gate_write(client->gate, client->session, line.data, line.len);
    str_release(&line);
}

static void close_batch(struct irc_client *client)
{
    struct str line;
    begin_mark(client, &line, '-');
    irc_end(&line);
    gate_write(client->gate, client->session, line.data, line.len);
    str_release(&line);
}

static void write_ack(struct irc_client *client)
{
    struct str line;
    str_init(&line, IRC_MAX_LINE_BYTES);
    irc_line(&line, client->door->server_name, "ACK", NULL);
    write_labelled(client, line.data, line.len);
    str_release(&line);
}

static void begin_batch(struct irc_client *client)
{
    struct irc_response *response = &client->response;
    open_batch(client, "labeled-response", NULL);
    write_batched(client, response->held.data, response->held.len);
    str_release(&response->held);
}

void irc_response_group(struct irc_client *client, const char *type, const char *param)
{
    struct irc_response *response = &client->response;
    assert(!response->batching && response->held.len == 0);
    if (!irc_has(client, CAP_BATCH))
        return;
    if (!response->open)
        response->label[0] = '\0';
    response->open = true;
    open_batch(client, type, param);
}

static void write_line(struct irc_client *client, const char *line, size_t len)
{
    struct irc_response *response = &client->response;
    if (!response->batching && response->held.len == 0) {
        str_add(&response->held, line, len);
        return;
    }
    if (!response->batching)
        begin_batch(client);
    write_batched(client, line, len);
}

void irc_response_write(struct irc_client *client, const char *lines, size_t len)
{
    if (!client->response.open) {
        gate_write(client->gate, client->session, lines, len);
        return;
    }
    while (len > 0) {
        const char *lf = memchr(lines, '\n', len);
        size_t line_len = lf ? (size_t)(lf - lines) + 1 : len;
        write_line(client, lines, line_len);
        lines += line_len;
        len -= line_len;
    }
}

void irc_response_finish(struct irc_client *client)
{
    struct irc_response *response = &client->response;
    if (!response->open)
        return;
    if (response->batching)
        close_batch(client);
    else if (response->held.len > 0)
        write_labelled(client, response->held.data, response->held.len);
    else
        write_ack(client);
    str_release(&response->held);
    response->open = false;
    response->batching = false;
}

void irc_response_settle(struct irc_client *client)
{
    if (!irc_client_busy(client))
        irc_response_finish(client);
}
