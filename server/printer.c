#include "server/printer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"

struct printer {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tty_t tty;
        uv_pipe_t pipe;
    } uv;
    int fd;
    bool is_stream; /* else it is a file, which never keeps anybody waiting */
    bool broken;    /* nobody will ever read it */
    struct str waiting;
    size_t left_out; /* lines, since something was last printed */
};

static bool open_stream(struct printer *printer, uv_loop_t *loop)
{
    switch (uv_guess_handle(printer->fd)) {
    case UV_TTY:
        return uv_tty_init(loop, &printer->uv.tty, printer->fd, 0) == 0;
    case UV_NAMED_PIPE:
        if (uv_pipe_init(loop, &printer->uv.pipe, 0) != 0)
            return false;
        printer->broken = uv_pipe_open(&printer->uv.pipe, printer->fd) != 0;
        return true;
    default:
        return false;
    }
}

struct printer *printer_new(uv_loop_t *loop, int fd)
{
    struct printer *printer = xcalloc(1, sizeof *printer);
    /* libuv closes what it is given, and the standard streams are to stay. */
    printer->fd = dup(fd);
    printer->broken = printer->fd < 0;
    str_init(&printer->waiting, PRINTER_WAITING_BYTES);
    printer->is_stream = !printer->broken && open_stream(printer, loop);
    if (printer->is_stream) {
        printer->uv.handle.data = printer;
        uv_unref(&printer->uv.handle);
    }
    return printer;
}

static void release(struct printer *printer)
{
    str_release(&printer->waiting);
    free(printer);
}

static void on_closed(uv_handle_t *handle)
{
    release(handle->data);
}

void printer_free(struct printer *printer)
{
    if (!printer)
        return;
    printer_flush(printer);
    if (printer->is_stream) {
        uv_close(&printer->uv.handle, on_closed);
        return;
    }
    if (printer->fd >= 0)
        close(printer->fd);
    release(printer);
}

/* Returns how many bytes were taken; 0 if none can be now, negative if none ever will. */
static ssize_t try_write(struct printer *printer, const char *bytes, size_t len)
{
    if (!printer->is_stream) {
        ssize_t taken = write(printer->fd, bytes, len);
        return taken < 0 && errno == EINTR ? 0 : taken;
    }
    uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)len);
    int taken = uv_try_write(&printer->uv.stream, &buffer, 1);
    return taken == UV_EAGAIN ? 0 : taken;
}

void printer_flush(struct printer *printer)
{
    while (printer->waiting.len > 0 && !printer->broken) {
        ssize_t taken = try_write(printer, printer->waiting.data, printer->waiting.len);
        printer->broken = taken < 0;
        if (taken <= 0)
            break;
        str_remove(&printer->waiting, 0, (size_t)taken);
    }
    if (printer->waiting.len > 0 || printer->left_out == 0 || printer->broken)
        return;
    str_addf(&printer->waiting, "(%zu lines were left out)\n", printer->left_out);
    printer->left_out = 0;
    printer_flush(printer);
}

static size_t count_lines(const char *lines, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += lines[i] == '\n';
    return count;
}

void printer_lines(struct printer *printer, const char *lines, size_t len)
{
    if (printer->broken)
        return;
    if (printer->left_out > 0 || !str_add(&printer->waiting, lines, len))
        printer->left_out += count_lines(lines, len);
    printer_flush(printer);
}
