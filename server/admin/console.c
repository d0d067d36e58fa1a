#include "server/admin/console.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/linebuf.h"
#include "server/admin/descriptor.h"

enum {
    LINE_BYTES = 256,
    READ_BYTES = 4096,
    WAITING_BYTES = 2 * READ_BYTES,
};

struct console {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tty_t tty;
        uv_pipe_t pipe;
    } uv;
    struct console_owner owner;
    int shared_flags; /* those of standard input, to be set again; -1: they are as they were */
    struct linebuf in;
    char bytes[READ_BYTES];
};

static void help(struct console *console);

static void quit(struct console *console)
{
    console->owner.quit(console->owner.ctx);
}

static void status(struct console *console)
{
    console->owner.status(console->owner.ctx);
}

static const struct {
    const char *name;
    void (*run)(struct console *console);
    const char *help;
} commands[] = {
    {"/quit", quit, "/quit    stops the server; so does the end of input"},
    {"/status", status, "/status  says how it is doing"},
    {"/help", help, "/help    says this"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void help(struct console *console)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        console->owner.say(console->owner.ctx, commands[i].help);
}

static void run_line(struct console *console, const char *line)
{
    if (*line == '\0')
        return;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, line) == 0) {
            commands[i].run(console);
            return;
        }
    }
    console->owner.say(console->owner.ctx, "That is not a command. /help lists them.");
}

static void take_lines(struct console *console, bool eof)
{
    struct line line;
    enum linebuf_result how;
    while ((how = linebuf_next(&console->in, &line)) != LINE_NONE)
        run_line(console, how == LINE_OK ? line.data : "?");
    if (eof && linebuf_rest(&console->in, &line) == LINE_OK)
        run_line(console, line.data);
}

static void on_buffer(uv_handle_t *handle, size_t suggested_bytes, uv_buf_t *buffer)
{
    (void)suggested_bytes;
    struct console *console = handle->data;
    *buffer = uv_buf_init(console->bytes, sizeof console->bytes);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct console *console = stream->data;
    if (count > 0)
        linebuf_feed(&console->in, buffer->base, (size_t)count);
    take_lines(console, count < 0);
    if (count >= 0)
        return;
    uv_read_stop(stream);
    quit(console);
}

static bool open_input(struct console *console, uv_loop_t *loop, int fd)
{
    switch (uv_guess_handle(fd)) {
    case UV_TTY:
        return uv_tty_init(loop, &console->uv.tty, fd, 0) == 0;
    case UV_NAMED_PIPE:
        return uv_pipe_init(loop, &console->uv.pipe, 0) == 0 &&
               uv_pipe_open(&console->uv.pipe, fd) == 0;
    default:
        return false;
    }
}

/* A descriptor for libuv, which closes what it is given; standard input is to stay. */
static int own_input(struct console *console)
{
    int fd = descriptor_reopen(STDIN_FILENO, O_RDONLY);
    console->shared_flags = fd < 0 ? fcntl(STDIN_FILENO, F_GETFL) : -1;
    return fd < 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : fd;
}

struct console *console_new(uv_loop_t *loop, const struct console_owner *owner)
{
    struct console *console = xcalloc(1, sizeof *console);
    int fd = own_input(console);
    if (fd < 0 || !open_input(console, loop, fd)) {
        if (fd >= 0)
            close(fd);
        free(console);
        return NULL;
    }
    console->owner = *owner;
    console->uv.handle.data = console;
    linebuf_init(&console->in, LINE_BYTES, WAITING_BYTES);
    uv_unref(&console->uv.handle);
    uv_read_start(&console->uv.stream, on_buffer, on_read);
    return console;
}

static void on_closed(uv_handle_t *handle)
{
    struct console *console = handle->data;
    linebuf_release(&console->in);
    free(console);
}

void console_free(struct console *console)
{
    if (!console)
        return;
    if (console->shared_flags >= 0)
        fcntl(STDIN_FILENO, F_SETFL, console->shared_flags);
    uv_close(&console->uv.handle, on_closed);
}
