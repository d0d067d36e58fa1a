/* What a crowd at the plain door costs a bystander.
 *
 * bench_plain PORT [PEOPLE [SECONDS [RATE]]]: so many people come in by the plain door of a server on
 * this machine and say RATE lines a second in all, each of which everybody hears. Beside them, in a
 * process of their own, two bystanders talk in the same room, and the time is taken that each of
 * their lines needs. */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"

enum {
    READ_BYTES = 64 * 1024,
    ENTERING_AT_ONCE = 64,
    BYSTANDER_EVERY_MS = 20,
};

struct crowd {
    int epoll;
    int *fds;
    size_t count;
    uint64_t lines; /* heard by all of them together */
    uint64_t bytes;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_plain: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int enter(int port, const char *name)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("connecting");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (dprintf(fd, "%s\r\n", name) < 0)
        die("entering");
    return fd;
}

/* Reads what has come for one of them. */
static void hear(struct crowd *crowd, int fd)
{
    static char bytes[READ_BYTES];
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN)) {
        errno = count == 0 ? ECONNRESET : errno;
        die("one of the crowd was turned out");
    }
    crowd->bytes += count > 0 ? (uint64_t)count : 0;
    for (const char *at = bytes; count > 0 && (at = memchr(at, '\n', (size_t)(bytes + count - at)));
         at++)
        crowd->lines++;
}

/* Hears for so long, or until nothing has come for that long. */
static bool hear_all(struct crowd *crowd, int wait_ms)
{
    struct epoll_event events[256];
    int n = epoll_wait(crowd->epoll, events, 256, wait_ms);
    for (int i = 0; i < n; i++)
        hear(crowd, events[i].data.fd);
    return n > 0;
}

static void gather(struct crowd *crowd, int port, size_t people)
{
    crowd->fds = xcalloc(people, sizeof *crowd->fds);
    crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (; crowd->count < people; crowd->count++) {
        char name[32];
        snprintf(name, sizeof name, "p%zu", crowd->count);
        int fd = enter(port, name);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
            die("epoll");
        crowd->fds[crowd->count] = fd;
        while (crowd->count % ENTERING_AT_ONCE == 0 && hear_all(crowd, 50))
            ;
    }
    while (hear_all(crowd, 500))
        ;
}

/* The crowd talks and hears until the bystanders are done. */
static void chatter(struct crowd *crowd, pid_t bystanders, unsigned rate)
{
    int64_t next_us = now_us();
    size_t speaker = 0;
    while (waitpid(bystanders, NULL, WNOHANG) == 0) {
        if (rate > 0 && now_us() >= next_us) {
            if (dprintf(crowd->fds[speaker++ % crowd->count], "one of very many lines\r\n") < 0)
                die("speaking");
            next_us += 1000000 / rate;
        }
        hear_all(crowd, 1);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Waits for the line that ends in this number; everything else is heard and forgotten. */
static void wait_for(FILE *in, const char *number)
{
    char line[1024];
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\r\n")] = '\0';
        size_t len = strlen(line), want = strlen(number);
        if (len > want && strcmp(line + len - want, number) == 0)
            return;
    }
    die("the bystander was turned out");
}

static void talk(int port, unsigned seconds)
{
    size_t rounds = (size_t)seconds * 1000 / BYSTANDER_EVERY_MS;
    int64_t *took_us = xcalloc(rounds, sizeof *took_us);
    int speaker = enter(port, "bystander-a");
    FILE *in = fdopen(enter(port, "bystander-b"), "r");
    if (!in)
        die("fdopen");
    for (size_t i = 0; i < rounds; i++) {
        char number[32];
        snprintf(number, sizeof number, "number %zu.", i);
        int64_t began_us = now_us();
        if (dprintf(speaker, "%s\r\n", number) < 0)
            die("speaking");
        wait_for(in, number);
        took_us[i] = now_us() - began_us;
        /* What the speaker hears is read too, or it would be a slow reader. */
        char bytes[READ_BYTES];
        while (recv(speaker, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
            ;
        int64_t left_us = BYSTANDER_EVERY_MS * 1000 - took_us[i];
        if (left_us > 0)
            poll(NULL, 0, (int)(left_us / 1000));
    }
    qsort(took_us, rounds, sizeof *took_us, compare);
    printf("bystander    %zu lines: p50 %.2f ms, p99 %.2f ms, at most %.2f ms\n", rounds,
           (double)took_us[rounds / 2] / 1000, (double)took_us[rounds * 99 / 100] / 1000,
           (double)took_us[rounds - 1] / 1000);
    fflush(stdout);
    _exit(0);
}

static unsigned argument(int argc, char **argv, int i, unsigned otherwise)
{
    return argc > i ? (unsigned)strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    int port = (int)argument(argc, argv, 1, 0);
    unsigned people = argument(argc, argv, 2, 2000), seconds = argument(argc, argv, 3, 10);
    unsigned rate = argument(argc, argv, 4, 20);
    if (port == 0 || people == 0 || seconds == 0) {
        fprintf(stderr, "usage: bench_plain PORT [PEOPLE [SECONDS [RATE]]]\n");
        return 2;
    }
    struct rlimit files = {0};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct crowd crowd = {0};
    int64_t began_us = now_us();
    gather(&crowd, port, people);
    printf("crowd        %zu people in %.1f s, %.1f MB of arrivals\n", crowd.count,
           (double)(now_us() - began_us) / 1e6, (double)crowd.bytes / 1e6);
    fflush(stdout);
    crowd.lines = 0;
    began_us = now_us();
    pid_t bystanders = fork();
    if (bystanders == 0)
        talk(port, seconds);
    chatter(&crowd, bystanders, rate);
    printf("heard        %.0f lines a second by all of them together\n",
           (double)crowd.lines / ((double)(now_us() - began_us) / 1e6));
    return 0;
}
