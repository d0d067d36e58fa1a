#include "client/linemode/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/net/must.h"
#include "common/alloc.h"
#include "common/linebuf.h"

#define READ_BYTES 16384

/* The descriptor is read only when a whole line was asked for and none is held.
 *
 * What it stands for is shared with the caller, and with whoever else has it: to make that non-blocking, as
 * libuv does with all that it waits for, would end a shell's own reading. So libuv gets an epoll of our own
 * that waits for it. */
struct linemode_input {
    uv_poll_t poll;
    uv_timer_t again; /* instead of the poll, for what is always readable */
    int fd;
    int watch; /* the epoll */
    int own;   /* the same pipe, opened anew to be read without waiting; or -1 */
    bool pollable;
    bool at_end; /* read returned 0, or failed */
    int error;   /* errno of that; 0: none */
    bool ended;
    void (*ready)(void *owner);
    void *owner;
    struct linebuf lines;
    int n_open;
};

/* Others may read the same pipe: what was there to read may be gone by then. /proc may be missing, and the
 * pipe another user's: then it is read as it is. */
static int open_own(int fd)
{
    struct stat status;
    char path[32];
    if (fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode))
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* Plain files are refused by epoll: they are always readable. */
static bool watch(struct linemode_input *input, uv_loop_t *loop)
{
    struct epoll_event wanted = {.events = EPOLLIN};
    return input->watch >= 0 && epoll_ctl(input->watch, EPOLL_CTL_ADD, input->fd, &wanted) == 0 &&
           uv_poll_init(loop, &input->poll, input->watch) == 0;
}

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
    input->own = open_own(fd);
    input->watch = epoll_create1(EPOLL_CLOEXEC);
    input->pollable = watch(input, loop);
    input->n_open += input->pollable;
    input->again.data = input->poll.data = input;
    return input;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void on_closed(uv_handle_t *handle)
{
    struct linemode_input *input = handle->data;
    if (--input->n_open > 0)
        return;
    close_fd(input->own);
    close_fd(input->watch);
    free(input);
}

void linemode_input_free(struct linemode_input *input)
{
    if (!input)
        return;
    linebuf_release(&input->lines);
    uv_close((uv_handle_t *)&input->again, on_closed);
    if (input->pollable)
        uv_close((uv_handle_t *)&input->poll, on_closed);
}

void linemode_input_pause(struct linemode_input *input)
{
    if (!input)
        return;
    uv_timer_stop(&input->again);
    if (input->pollable)
        uv_poll_stop(&input->poll);
}

static ssize_t read_now(const struct linemode_input *input, char *bytes, size_t size)
{
    if (input->own >= 0)
        return read(input->own, bytes, size);
    ssize_t n_read = recv(input->fd, bytes, size, MSG_DONTWAIT);
    return n_read < 0 && errno == ENOTSOCK ? read(input->fd, bytes, size) : n_read;
}

static void end_input(struct linemode_input *input, int error)
{
    input->at_end = true;
    input->error = error;
}

/* Called when the descriptor can be read without waiting. */
static void read_some(struct linemode_input *input)
{
    char bytes[READ_BYTES];
    ssize_t n_read = read_now(input, bytes, sizeof(bytes));
    if (n_read > 0)
        linebuf_feed(&input->lines, bytes, (size_t)n_read);
    else if (n_read == 0 || (errno != EAGAIN && errno != EINTR))
        end_input(input, n_read < 0 ? errno : 0);
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

int linemode_input_error(const struct linemode_input *input)
{
    return input ? input->error : 0;
}
