#include "server/admin/printer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/admin/descriptor.h"

struct printer {
    int fd;
    bool broken; /* nobody will ever read it */
    struct str waiting;
    size_t left_out; /* lines, since something was last printed */
};

struct printer *printer_new(int fd)
{
    struct printer *printer = xcalloc(1, sizeof *printer);
    printer->fd = descriptor_reopen(fd, O_WRONLY);
    if (printer->fd < 0)
        printer->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    printer->broken = printer->fd < 0;
    str_init(&printer->waiting, PRINTER_WAITING_BYTES);
    return printer;
}

void printer_free(struct printer *printer)
{
    if (!printer)
        return;
    printer_flush(printer);
    if (printer->fd >= 0)
        close(printer->fd);
    str_release(&printer->waiting);
    free(printer);
}

/* Returns how many bytes were taken; 0 if none can be now, negative if none ever will. Where there is room
 * there is room for PIPE_BUF (pipe(7)), so that even a descriptor that would wait does not. */
static ssize_t try_write(const struct printer *printer)
{
    struct pollfd ready = {.fd = printer->fd, .events = POLLOUT};
    if (poll(&ready, 1, 0) <= 0)
        return 0;
    const struct str *waiting = &printer->waiting;
    ssize_t taken =
        write(printer->fd, waiting->data, waiting->len < PIPE_BUF ? waiting->len : PIPE_BUF);
    return taken < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : taken;
}

void printer_flush(struct printer *printer)
{
    while (printer->waiting.len > 0 && !printer->broken) {
        ssize_t taken = try_write(printer);
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
