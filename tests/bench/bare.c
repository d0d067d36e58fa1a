/* The limit that every server of this kind is measured against: it lets everybody into one room and
 * writes what they say to all others, one batched write for each recipient a turn, and does nothing
 * else. No names, no log, no rules; a recipient that does not read makes it wait.
 *
 *   bare PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"

enum {
    READ_BYTES = 64 * 1024,
    LINE_BYTES = 1024,
    TURN_BYTES = 4 * 1024 * 1024, /* said in one turn; the generator's windows stay far below */
    EVENTS = 512,
};

struct person {
    int fd;
    bool inside;
    char nick[32];
    char rest[LINE_BYTES]; /* a line that is not whole yet */
    size_t rest_len;
};

/* A piece of what was said in this turn, and by whom. */
struct said {
    const struct person *by;
    size_t at, len;
};

struct bare {
    int epoll, listening;
    struct person **people;
    size_t count, size;
    struct str turn; /* what was said in it */
    struct said *said;
    size_t said_count, said_size;
};

static void die(const char *what)
{
    fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Waits for one who does not read: there is nobody here who could be told to catch up later. */
static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* gone; its reading will say so */
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void watch(struct bare *bare, int fd, void *who)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    if (epoll_ctl(bare->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

static void let_in(struct bare *bare)
{
    int fd = accept(bare->listening, NULL, NULL);
    if (fd < 0)
        return;
    struct person *person = xcalloc(1, sizeof *person);
    person->fd = fd;
    if (bare->count == bare->size) {
        bare->size = bare->size ? 2 * bare->size : 64;
        bare->people = xreallocarray(bare->people, bare->size, sizeof(struct person *));
    }
    bare->people[bare->count++] = person;
    watch(bare, fd, person);
}

static void let_go(struct bare *bare, struct person *person)
{
    size_t at = 0;
    while (bare->people[at] != person)
        at++;
    bare->people[at] = bare->people[--bare->count];
    close(person->fd);
    free(person);
}

static void say(struct bare *bare, const struct person *person, const char *line)
{
    size_t at = bare->turn.len;
    str_addf(&bare->turn, ":%s!~u@127.0.0.1 %s\r\n", person->nick, line);
    if (bare->said_count == bare->said_size) {
        bare->said_size = bare->said_size ? 2 * bare->said_size : 64;
        bare->said = xreallocarray(bare->said, bare->said_size, sizeof *bare->said);
    }
    bare->said[bare->said_count++] = (struct said){person, at, bare->turn.len - at};
}

static void on_line(struct bare *bare, struct person *person, char *line)
{
    char answer[LINE_BYTES];
    if (strncmp(line, "NICK ", 5) == 0) {
        snprintf(person->nick, sizeof person->nick, "%.30s", line + 5);
        snprintf(answer, sizeof answer, ":bare 001 %s :Welcome\r\n:bare 422 %s :None\r\n",
                 person->nick, person->nick);
        send_all(person->fd, answer, strlen(answer));
    } else if (strncmp(line, "JOIN ", 5) == 0) {
        person->inside = true;
        snprintf(answer, sizeof answer, ":bare 366 %s #bench :End\r\n", person->nick);
        send_all(person->fd, answer, strlen(answer));
    } else if (strncmp(line, "PRIVMSG ", 8) == 0) {
        say(bare, person, line);
    } else if (strncmp(line, "QUIT", 4) == 0) {
        shutdown(person->fd, SHUT_RDWR);
    }
}

/* False when the other side is gone. */
static bool on_bytes(struct bare *bare, struct person *person)
{
    static char bytes[LINE_BYTES + READ_BYTES];
    memcpy(bytes, person->rest, person->rest_len);
    ssize_t got = recv(person->fd, bytes + person->rest_len, READ_BYTES, MSG_DONTWAIT);
    if (got <= 0)
        return got < 0 && errno == EAGAIN;
    char *at = bytes;
    char *end = bytes + person->rest_len + got;
    for (char *lf; (lf = memchr(at, '\n', (size_t)(end - at))) != NULL; at = lf + 1) {
        lf[lf > at && lf[-1] == '\r' ? -1 : 0] = '\0';
        on_line(bare, person, at);
    }
    person->rest_len = (size_t)(end - at) < LINE_BYTES ? (size_t)(end - at) : 0;
    memcpy(person->rest, at, person->rest_len);
    return true;
}

/* Whoever spoke hears the others only. */
static void tell_speaker(const struct bare *bare, const struct person *person)
{
    struct str others;
    str_init(&others, TURN_BYTES);
    for (size_t i = 0; i < bare->said_count; i++) {
        if (bare->said[i].by != person)
            str_add(&others, bare->turn.data + bare->said[i].at, bare->said[i].len);
    }
    send_all(person->fd, others.data, others.len);
    str_release(&others);
}

static bool has_spoken(const struct bare *bare, const struct person *person)
{
    size_t i = 0;
    while (i < bare->said_count && bare->said[i].by != person)
        i++;
    return i < bare->said_count;
}

/* Marks those who spoke, so that the loop over all stays a loop of writes. */
static void tell_all(struct bare *bare)
{
    for (size_t i = 0; bare->turn.len > 0 && i < bare->count; i++) {
        struct person *person = bare->people[i];
        if (!person->inside)
            continue;
        if (has_spoken(bare, person))
            tell_speaker(bare, person);
        else
            send_all(person->fd, bare->turn.data, bare->turn.len);
    }
    str_reset(&bare->turn);
    bare->said_count = 0;
}

static void turn(struct bare *bare)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(bare->epoll, events, EVENTS, -1);
    struct person *gone[EVENTS];
    size_t gone_count = 0;
    for (int i = 0; i < count; i++) {
        struct person *person = events[i].data.ptr;
        if (!person)
            let_in(bare);
        else if (!on_bytes(bare, person))
            gone[gone_count++] = person;
    }
    tell_all(bare);
    while (gone_count > 0)
        let_go(bare, gone[--gone_count]);
}

static int listen_at(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* for those that it accepts, too */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4096) != 0)
        die("listen");
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "bare: usage: bare PORT\n");
        return 2;
    }
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    struct bare bare = {.epoll = epoll_create1(EPOLL_CLOEXEC),
                        .listening = listen_at(atoi(argv[1]))};
    str_init(&bare.turn, TURN_BYTES);
    watch(&bare, bare.listening, NULL);
    for (;;)
        turn(&bare);
}
