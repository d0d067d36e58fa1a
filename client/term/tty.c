/*
 * The terminal device. What a crash handler needs to give it back is prepared ahead in `crash`,
 * the one thing here that is not in a struct tty: a signal handler has no argument of ours.
 */
#include "client/term/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"

#define MAX_FRAME_BYTES ((size_t)8 << 20)
#define MAX_LEAVE_BYTES 256
#define LEAVE_WAIT_MS 1000

struct tty {
    int in, out;
    bool taken;
    struct termios found; /* how the terminal was set before it was taken */
    struct str enter, leave;
    struct str waiting; /* bytes from `written` on are still to be written */
    size_t written;
};

static struct {
    volatile sig_atomic_t armed;
    int fd;
    struct termios found;
    char leave[MAX_LEAVE_BYTES];
    size_t leave_len;
} crash;

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* Only calls that POSIX allows in a signal handler. */
static void on_crash(int signal_number)
{
    if (crash.armed) {
        crash.armed = 0;
        ssize_t n_written = write(crash.fd, crash.leave, crash.leave_len);
        (void)n_written; /* nobody is left to be told */
        tcsetattr(crash.fd, TCSANOW, &crash.found);
    }
    raise(signal_number); /* SA_RESETHAND: this one kills */
}

static void arm_crash_handler(const struct tty *tty)
{
    crash.fd = tty->out;
    crash.found = tty->found;
    crash.leave_len = tty->leave.len < MAX_LEAVE_BYTES ? tty->leave.len : MAX_LEAVE_BYTES;
    memcpy(crash.leave, tty->leave.data, crash.leave_len);
    crash.armed = 1;
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(crash_signals) / sizeof(crash_signals[0]); i++) {
        struct sigaction old;
        /* A sanitizer that waits for the same signal has more to say than we have. */
        if (sigaction(crash_signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
            sigaction(crash_signals[i], &action, NULL);
    }
}

/* Returns a descriptor of its own for the terminal behind `fd`, or -1. */
static int reopen(int fd, int flags)
{
    char name[256];
    if (ttyname_r(fd, name, sizeof(name)) != 0)
        return -1;
    return open(name, flags | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

struct tty *tty_open(const struct str *enter, const struct str *leave, struct str *error)
{
    struct tty *tty = xcalloc(1, sizeof(*tty));
    tty->in = reopen(STDIN_FILENO, O_RDONLY);
    tty->out = reopen(STDOUT_FILENO, O_RDWR);
    if (tty->in < 0 || tty->out < 0) {
        str_addf(error, "cannot open the terminal: %s", strerror(errno));
        close_fd(tty->in);
        close_fd(tty->out);
        free(tty);
        return NULL;
    }
    str_init(&tty->enter, MAX_LEAVE_BYTES);
    str_init(&tty->leave, MAX_LEAVE_BYTES);
    str_init(&tty->waiting, MAX_FRAME_BYTES);
    str_add(&tty->enter, enter->data, enter->len);
    str_add(&tty->leave, leave->data, leave->len);
    return tty;
}

void tty_close(struct tty *tty)
{
    if (!tty)
        return;
    tty_leave(tty);
    close_fd(tty->in);
    close_fd(tty->out);
    str_release(&tty->enter);
    str_release(&tty->leave);
    str_release(&tty->waiting);
    free(tty);
}

/* Writes all bytes, waiting for a slow terminal, for LEAVE_WAIT_MS without progress at most. */
static void write_waiting(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n_written = write(fd, bytes, len);
        if (n_written > 0) {
            bytes += n_written;
            len -= (size_t)n_written;
            continue;
        }
        if (n_written < 0 && errno != EAGAIN && errno != EINTR)
            return;
        struct pollfd writable = {.fd = fd, .events = POLLOUT};
        if (poll(&writable, 1, LEAVE_WAIT_MS) == 0)
            return;
    }
}

void tty_also_leave(struct tty *tty, const char *bytes)
{
    if (strstr(tty->leave.data, bytes) || !str_insert(&tty->leave, 0, bytes, strlen(bytes)))
        return;
    if (tty->taken)
        arm_crash_handler(tty);
}

bool tty_take(struct tty *tty)
{
    if (!tty->taken && tcgetattr(tty->out, &tty->found) < 0)
        return false;
    struct termios raw = tty->found;
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(tty->out, TCSANOW, &raw) < 0)
        return false;
    tty->taken = true;
    arm_crash_handler(tty);
    str_reset(&tty->waiting);
    tty->written = 0;
    write_waiting(tty->out, tty->enter.data, tty->enter.len);
    return true;
}

void tty_leave(struct tty *tty)
{
    if (!tty->taken)
        return;
    write_waiting(tty->out, tty->waiting.data + tty->written, tty->waiting.len - tty->written);
    str_release(&tty->waiting);
    tty->written = 0;
    write_waiting(tty->out, tty->leave.data, tty->leave.len);
    /*
     * What was typed ahead is for the shell. Not TCSADRAIN, which would wait for a stalled terminal;
     * a terminal that is gone needs nothing.
     */
    (void)tcsetattr(tty->out, TCSANOW, &tty->found);
    tty->taken = false;
    crash.armed = 0;
}

void tty_suspend(struct tty *tty, bool whole_job)
{
    tty_leave(tty);
    struct sigaction stop = {.sa_handler = SIG_DFL}, old;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, &old);
    if (whole_job)
        kill(0, SIGTSTP);
    else
        raise(SIGTSTP);
    sigaction(SIGTSTP, &old, NULL);
    /* A terminal that is gone by now shows at the next read. */
    (void)tty_take(tty);
}

int tty_input_fd(const struct tty *tty)
{
    return tty->in;
}

int tty_output_fd(const struct tty *tty)
{
    return tty->out;
}

void tty_size(const struct tty *tty, unsigned *n_rows, unsigned *n_cols)
{
    struct winsize size;
    *n_rows = 24;
    *n_cols = 80;
    if (ioctl(tty->out, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        *n_rows = size.ws_row;
        *n_cols = size.ws_col;
    }
}

ssize_t tty_read(struct tty *tty, char *bytes, size_t size)
{
    ssize_t n_read = read(tty->in, bytes, size);
    if (n_read > 0)
        return n_read;
    return n_read < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

bool tty_idle(const struct tty *tty)
{
    return tty->written == tty->waiting.len;
}

bool tty_send(struct tty *tty, struct str *frame)
{
    struct str empty = tty->waiting;
    tty->waiting = *frame;
    *frame = empty;
    str_reset(frame);
    tty->written = 0;
    return tty_flush(tty);
}

bool tty_flush(struct tty *tty)
{
    while (tty->written < tty->waiting.len) {
        ssize_t n_written =
            write(tty->out, tty->waiting.data + tty->written, tty->waiting.len - tty->written);
        if (n_written > 0)
            tty->written += (size_t)n_written;
        else if (n_written < 0 && errno == EINTR)
            continue;
        else
            return n_written < 0 && errno == EAGAIN;
    }
    return true;
}
