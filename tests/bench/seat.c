#include "tests/bench/seat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/identity.h"
#include "common/tls.h"

enum {
    MAX_ARGUMENTS = 64,
    MAX_LINE_BYTES = 16384,
    READ_BYTES = 65536,
    START_LIMIT_MS = 30 * 1000,
    READY_QUIET_MS = 500,
    END_LIMIT_MS = 3000,
};

int64_t seat_now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

void seat_void(const char *what)
{
    fprintf(stderr, "seat: void: %s\n", what);
    exit(1);
}

/* What OpenSSL looks up at its first handshake is not for the client to wait for. */
static void warm_up(struct tls_context *server, struct str *error)
{
    struct tls_context *context = tls_context_new_client(NULL, error);
    if (!context)
        seat_void(error->data);
    struct tls *near = tls_new(server, NULL), *far = tls_new(context, "127.0.0.1");
    struct str bytes;
    str_init(&bytes, SEAT_MAX_OUT_BYTES);
    for (enum tls_state state = TLS_HANDSHAKING; state == TLS_HANDSHAKING;) {
        tls_handshake(far, &bytes);
        tls_feed(near, bytes.data, bytes.len);
        str_reset(&bytes);
        state = tls_handshake(near, &bytes);
        tls_feed(far, bytes.data, bytes.len);
        str_reset(&bytes);
    }
    str_release(&bytes);
    tls_free(near);
    tls_free(far);
    tls_context_free(context);
}

static void use_identity(struct seat *seat, const char *path)
{
    struct str error;
    bool made;
    str_init(&error, 4096);
    struct identity *identity = identity_keep(path, "127.0.0.1", time(NULL), &made, &error);
    seat->context = identity ? tls_context_new_server(identity, &error) : NULL;
    if (!seat->context)
        seat_void(error.data);
    warm_up(seat->context, &error);
    identity_free(identity);
    str_release(&error);
}

void seat_open(struct seat *seat, const char *identity_path)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    *seat = (struct seat){0};
    seat->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(seat->listener, (struct sockaddr *)&address, len) < 0 ||
        listen(seat->listener, 1) < 0 ||
        getsockname(seat->listener, (struct sockaddr *)&address, &len) < 0)
        seat_void(strerror(errno));
    seat->port = ntohs(address.sin_port);
    if (identity_path)
        use_identity(seat, identity_path);
}

/* A copy of the argument with the port put in. */
static char *with_port(const struct seat *seat, const char *argument)
{
    struct str text;
    str_init(&text, MAX_LINE_BYTES);
    const char *at = strstr(argument, "{port}");
    if (at)
        str_addf(&text, "%.*s%d%s", (int)(at - argument), argument, seat->port, at + 6);
    else
        str_adds(&text, argument);
    return str_detach(&text);
}

/* Nothing of a visit before is left. */
static void begin_visit(struct seat *seat)
{
    *seat = (struct seat){
        .listener = seat->listener,
        .port = seat->port,
        .context = seat->context,
        .argv = seat->argv,
        .cols = seat->cols,
        .rows = seat->rows,
        .connection = -1,
        .terminal = -1,
    };
    linebuf_init(&seat->lines, MAX_LINE_BYTES, (size_t)READ_BYTES + MAX_LINE_BYTES);
    str_init(&seat->out, SEAT_MAX_OUT_BYTES);
    str_init(&seat->sealed, (size_t)2 * SEAT_MAX_OUT_BYTES);
}

static void start_client(struct seat *seat)
{
    struct winsize size = {.ws_col = (unsigned short)seat->cols,
                           .ws_row = (unsigned short)seat->rows};
    char *arguments[MAX_ARGUMENTS] = {0};
    begin_visit(seat);
    for (size_t i = 0; seat->argv[i] && i < MAX_ARGUMENTS - 1; i++)
        arguments[i] = with_port(seat, seat->argv[i]);
    seat->started_us = seat_now_us();
    seat->pid = forkpty(&seat->terminal, NULL, NULL, &size);
    if (seat->pid < 0)
        seat_void(strerror(errno));
    if (seat->pid == 0) {
        execvp(arguments[0], arguments);
        _exit(127);
    }
    for (size_t i = 0; arguments[i]; i++)
        free(arguments[i]);
    fcntl(seat->terminal, F_SETFL, fcntl(seat->terminal, F_GETFL) | O_NONBLOCK);
}

void seat_start(struct seat *seat, char *const *argv, int cols, int rows)
{
    seat->argv = argv;
    seat->cols = cols;
    seat->rows = rows;
    start_client(seat);
}

/* Politely first, as a profiler wants it. */
static void end_client(struct seat *seat)
{
    char bytes[READ_BYTES];
    kill(seat->pid, SIGTERM);
    for (int i = 0; i < END_LIMIT_MS / 10; i++) {
        struct pollfd output = {.fd = seat->terminal, .events = POLLIN};
        if (waitpid(seat->pid, NULL, WNOHANG) == seat->pid)
            return;
        if (poll(&output, 1, 10) > 0 && read(seat->terminal, bytes, sizeof(bytes)) <= 0)
            poll(NULL, 0, 10);
    }
    kill(seat->pid, SIGKILL);
    waitpid(seat->pid, NULL, 0);
}

static void end_visit(struct seat *seat)
{
    end_client(seat);
    close(seat->terminal);
    if (seat->connection >= 0)
        close(seat->connection);
    tls_free(seat->tls);
    linebuf_release(&seat->lines);
    str_release(&seat->out);
    str_release(&seat->sealed);
}

void seat_restart(struct seat *seat)
{
    end_visit(seat);
    start_client(seat);
}

void seat_close(struct seat *seat)
{
    end_visit(seat);
    close(seat->listener);
    tls_context_free(seat->context);
}

void seat_say(struct seat *seat, const char *format, ...)
{
    char line[MAX_LINE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (!str_addf(&seat->out, "%s\r\n", line))
        seat_void("too much for the client");
}

static void welcome(struct seat *seat)
{
    seat_say(seat, ":bench 001 %s :Welcome", seat->nick);
    seat_say(seat, ":bench 005 %s CHANTYPES=# NICKLEN=32 CASEMAPPING=ascii :are supported",
             seat->nick);
    seat_say(seat, ":bench 422 %s :no message of the day", seat->nick);
}

static void let_in(struct seat *seat, const char *room)
{
    seat_say(seat, ":%s!u@h JOIN %s", seat->nick, room);
    seat_say(seat, ":bench 353 %s = %s :%s n0 n1 n2 n3 n4 n5 n6 n7 n8 n9", seat->nick, room,
             seat->nick);
    seat_say(seat, ":bench 366 %s %s :End", seat->nick, room);
    seat->joined = true;
}

/* One line of the client: as much of the protocol as it takes to be in a room. */
static void hear(struct seat *seat, char *line)
{
    char *rest = line + strcspn(line, " ");
    if (*rest)
        *rest++ = '\0';
    rest += *rest == ':'; /* as catgirl has it before whatever is last */
    rest[strcspn(rest, " ")] = '\0';
    bool was_known = seat->nick[0] && seat->has_user;
    if (strcmp(line, "CAP") == 0 && strcmp(rest, "LS") == 0)
        seat_say(seat, ":bench CAP * LS :");
    else if (strcmp(line, "NICK") == 0)
        snprintf(seat->nick, sizeof(seat->nick), "%s", rest);
    else if (strcmp(line, "USER") == 0)
        seat->has_user = true;
    else if (strcmp(line, "JOIN") == 0)
        let_in(seat, rest);
    else if (strcmp(line, "PING") == 0)
        seat_say(seat, ":bench PONG bench :%s", rest);
    else if (strcmp(line, "PONG") == 0)
        seat->ponged = true;
    if (strcmp(line, "NICK") == 0 && seat->nick_us == 0)
        seat->nick_us = seat_now_us();
    if (!was_known && seat->nick[0] && seat->has_user)
        welcome(seat);
}

static void feed(struct seat *seat, const char *bytes, size_t len)
{
    struct line line;
    linebuf_feed(&seat->lines, bytes, len);
    while (linebuf_next(&seat->lines, &line) == LINE_OK)
        hear(seat, line.data);
}

static void unseal(struct seat *seat)
{
    char bytes[READ_BYTES];
    size_t len;
    if (tls_state(seat->tls) == TLS_HANDSHAKING)
        tls_handshake(seat->tls, &seat->sealed);
    while (tls_state(seat->tls) == TLS_OPEN &&
           (len = tls_read(seat->tls, bytes, sizeof(bytes), &seat->sealed)) > 0)
        feed(seat, bytes, len);
    if (tls_state(seat->tls) == TLS_FAILED)
        seat_void(tls_error(seat->tls));
}

static void read_connection(struct seat *seat)
{
    char bytes[READ_BYTES];
    ssize_t len = read(seat->connection, bytes, sizeof(bytes));
    if (len < 0 && errno == EAGAIN)
        return;
    if (len <= 0)
        seat_void("the client has hung up");
    if (!seat->tls) {
        feed(seat, bytes, (size_t)len);
        return;
    }
    tls_feed(seat->tls, bytes, (size_t)len);
    unseal(seat);
}

static void write_connection(struct seat *seat)
{
    struct str *out = seat->tls ? &seat->sealed : &seat->out;
    if (seat->tls && tls_state(seat->tls) == TLS_OPEN && seat->sealed.len == 0 &&
        seat->out.len > 0) {
        tls_write(seat->tls, seat->out.data, seat->out.len, &seat->sealed);
        str_reset(&seat->out);
    }
    if (out->len == 0)
        return;
    ssize_t len = send(seat->connection, out->data, out->len, MSG_NOSIGNAL);
    if (len < 0 && errno != EAGAIN)
        seat_void("the client has hung up");
    if (len > 0)
        str_remove(out, 0, (size_t)len);
}

static void read_terminal(struct seat *seat)
{
    char bytes[READ_BYTES];
    ssize_t len = read(seat->terminal, bytes, sizeof(bytes));
    if (len < 0 && errno == EAGAIN)
        return;
    if (len <= 0) {
        seat->ended = true;
        return;
    }
    seat->output_us = seat_now_us();
    seat->shown_bytes += (uint64_t)len;
    if (seat->first_output_us == 0)
        seat->first_output_us = seat->output_us;
    if (seat->awaited && memchr(bytes, seat->awaited, (size_t)len)) {
        seat->echo_us = seat->output_us;
        seat->awaited = '\0';
    }
}

static void accept_client(struct seat *seat)
{
    int one = 1;
    seat->connection = accept4(seat->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (seat->connection < 0)
        return;
    setsockopt(seat->connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (seat->context)
        seat->tls = tls_new(seat->context, NULL);
}

void seat_step(struct seat *seat, int timeout_ms)
{
    bool connected = seat->connection >= 0;
    bool has_out = connected && (seat->out.len > 0 || seat->sealed.len > 0);
    struct pollfd fds[] = {
        {.fd = seat->terminal, .events = POLLIN},
        {.fd = connected ? seat->connection : seat->listener,
         .events = (short)(has_out ? POLLIN | POLLOUT : POLLIN)},
    };
    if (poll(fds, 2, timeout_ms) < 0 && errno != EINTR)
        seat_void(strerror(errno));
    if (fds[0].revents)
        read_terminal(seat);
    if (seat->ended)
        seat_void("the client has ended");
    if (!connected && fds[1].revents)
        accept_client(seat);
    else if (fds[1].revents & ~POLLOUT)
        read_connection(seat);
    if (seat->connection >= 0)
        write_connection(seat);
}

void seat_wait_quiet(struct seat *seat, int quiet_ms)
{
    int64_t since_us = seat_now_us();
    for (;;) {
        int64_t last_us = seat->output_us > since_us ? seat->output_us : since_us;
        int64_t left_ms = quiet_ms - (seat_now_us() - last_us) / 1000;
        if (left_ms <= 0)
            return;
        seat_step(seat, (int)left_ms);
    }
}

static void wait_for(struct seat *seat, const bool *flag)
{
    while (!*flag) {
        if (seat_now_us() - seat->started_us > (int64_t)START_LIMIT_MS * 1000)
            seat_void("the client does not come");
        seat_step(seat, 100);
    }
    seat_wait_quiet(seat, READY_QUIET_MS);
}

void seat_wait_welcome(struct seat *seat)
{
    wait_for(seat, &seat->has_user);
}

void seat_wait_ready(struct seat *seat)
{
    wait_for(seat, &seat->joined);
}

void seat_type(struct seat *seat, const char *bytes)
{
    if (write(seat->terminal, bytes, strlen(bytes)) != (ssize_t)strlen(bytes))
        seat_void("the client does not read its keys");
}

/* Of all threads: the first number of their schedstat is nanoseconds on a processor. */
int64_t seat_cpu_us(const struct seat *seat)
{
    char path[300];
    snprintf(path, sizeof(path), "/proc/%d/task", (int)seat->pid);
    DIR *tasks = opendir(path);
    int64_t sum_ns = 0;
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        snprintf(path, sizeof(path), "/proc/%d/task/%.20s/schedstat", (int)seat->pid, task->d_name);
        FILE *file = task->d_name[0] == '.' ? NULL : fopen(path, "r");
        int64_t ns = 0;
        if (file && fscanf(file, "%" SCNd64, &ns) == 1)
            sum_ns += ns;
        if (file)
            fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return sum_ns / 1000;
}

int64_t seat_rss_kib(const struct seat *seat)
{
    char path[64], line[256];
    int64_t kib = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)seat->pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "VmRSS: %" SCNd64, &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}
