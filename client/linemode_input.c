#include "client/linemode_input.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/net/must.h"
#include "common/alloc.h"
#include "common/linebuf.h"

#define READ_BYTES 16384

/* The descriptor is read only when a whole line was asked for and none is held. */
struct linemode_input {
    uv_poll_t poll;
    uv_timer_t again; /* instead of the poll, for what is always readable */
    int fd;
    bool pollable;
    bool at_end; /* read returned 0 */
    bool ended;
    void (*ready)(void *owner);
    void *owner;
    struct linebuf lines;
    int n_open;
};

struct linemode_input *linemode_input_new(uv_loop_t *loop, int fd, void (*ready)(void *owner),
                                          void *owner)
{
    struct linemode_input *input = xcalloc(1, sizeof(*input));
    input->fd = fd;
    input->ready = ready;
    input->owner = owner;
    input->n_open = 1;
    linebuf_init(&input->lines, INPUT_MAX_LINE_BYTES, INPUT_MAX_LINE_BYTES + READ_BYTES + 2);
    must(uv_timer_init(loop, &input->again), "uv_timer_init");
    /* epoll refuses plain files: they are always readable. */
    input->pollable = uv_poll_init(loop, &input->poll, fd) == 0;
    input->n_open += input->pollable;
    input->again.data = input->poll.data = input;
    return input;
}

static void on_closed(uv_handle_t *handle)
{
    struct linemode_input *input = handle->data;
    if (--input->n_open == 0)
        free(input);
}

void linemode_input_free(struct linemode_input *input)
{
    linebuf_release(&input->lines);
    uv_close((uv_handle_t *)&input->again, on_closed);
    if (input->pollable)
        uv_close((uv_handle_t *)&input->poll, on_closed);
}

void linemode_input_pause(struct linemode_input *input)
{
    uv_timer_stop(&input->again);
    if (input->pollable)
        uv_poll_stop(&input->poll);
}

/* Called when the descriptor can be read without waiting. */
static void read_some(struct linemode_input *input)
{
    char bytes[READ_BYTES];
    ssize_t n_read = read(input->fd, bytes, sizeof(bytes));
    if (n_read > 0)
        linebuf_feed(&input->lines, bytes, (size_t)n_read);
    else if (n_read == 0 || (errno != EAGAIN && errno != EINTR))
        input->at_end = true;
    linemode_input_pause(input);
    input->ready(input->owner);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events; /* an error shows at the read */
    read_some(poll->data);
}

static void on_again(uv_timer_t *timer)
{
    read_some(timer->data);
}

static enum linemode_input_result wait_for_more(struct linemode_input *input)
{
    if (input->at_end) {
        input->ended = true;
        return INPUT_END;
    }
    if (input->pollable)
        uv_poll_start(&input->poll, UV_READABLE, on_readable);
    else
        uv_timer_start(&input->again, on_again, 0, 0);
    return INPUT_WAIT;
}

enum linemode_input_result linemode_input_next(struct linemode_input *input, const char **text,
                                               size_t *len)
{
    struct line line;
    enum linebuf_result result = linebuf_next(&input->lines, &line);
    if (result == LINE_NONE && input->at_end)
        result = linebuf_rest(&input->lines, &line);
    if (result == LINE_NONE)
        return wait_for_more(input);
    *text = line.data;
    *len = line.len;
    return result == LINE_OK ? INPUT_LINE : INPUT_BAD_LINE;
}

bool linemode_input_ended(const struct linemode_input *input)
{
    return input->ended;
}
