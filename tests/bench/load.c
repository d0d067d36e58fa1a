/* The load generator: drives any IRC server on loopback, checks that everybody
 * heard everything once and in order, and prints what happened as "name value"
 * lines. tests/bench/run measures the server's process around it.
 *
 *   load fanout   PORT MEMBERS SENDERS WINDOW MESSAGES   messages per sender
 *   load latency  PORT MEMBERS RATE SECONDS   one sender, RATE messages a second
 *   load connect  PORT COUNT                  register and join
 *   load register PORT COUNT                  register only
 *   load churn    PORT COUNT AT_ONCE          connect, register, join, quit
 *   load deaf     PORT MEMBERS MESSAGES       as fanout, beside one that never reads
 *   load stalled  PORT COUNT MEGABYTES        so much said among four, beside COUNT such
 *
 * PORT may be "tls:PORT". Where the server's process is to be looked at, before the talk and in fanout
 * behind it too, it prints "start" and waits for a line on stdin. */
#include <errno.h>
#include <inttypes.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tests/bench/peer.h"

enum {
    ROOM_LIMIT_MS = 120 * 1000, /* nothing heard for so long: the run is void */
    TEXT_BYTES = 80,
    LONG_TEXT_BYTES = 400,
    TALKERS = 4,
    JOINING_AT_ONCE = 2000,
};

struct load {
    const char *host;
    int port;
    SSL_CTX *tls;   /* NULL: in clear text */
    bool stays_out; /* of the room: to have registered is enough */
    int epoll;
    struct peer *peers;
    uint32_t count;
    uint32_t ready;
    uint32_t opened;
    /* the room's conversation */
    uint32_t senders;
    uint32_t window;
    size_t text_bytes;
    uint32_t messages;  /* of each sender */
    uint32_t *sent;     /* by sender */
    uint32_t *complete; /* by sender: heard by all */
    uint32_t *receipts; /* by sender and message modulo window */
    uint64_t deliveries;
    uint64_t *latencies_us;
    size_t latency_count;
    int64_t last_us;
};

static int64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void fail(const char *what, uint32_t number)
{
    fprintf(stderr, "load: void: %s (p%u)\n", what, number);
    exit(1);
}

static void watch(struct load *load, struct peer *peer, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u32 = peer->number};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, peer->fd, &event) != 0)
        fail("epoll", peer->number);
}

static void open_peer(struct load *load, uint32_t number)
{
    struct peer *peer = &load->peers[number];
    peer_open(peer, number, load->host, load->port, load->tls);
    peer->heard = xcalloc(load->senders > 0 ? load->senders : 1, sizeof *peer->heard);
    watch(load, peer, EPOLLIN);
    load->opened++;
}

/* Tells whether a line is that numeric, as ":server 001 nick ...". */
static bool is_numeric(const char *line, const char *numeric)
{
    const char *blank = line[0] == ':' ? strchr(line, ' ') : NULL;
    return blank != NULL && strncmp(blank + 1, numeric, 3) == 0 && blank[4] == ' ';
}

/* Handles what has to do with coming in; true if the line was that. */
static bool coming_in(struct load *load, struct peer *peer, char *line)
{
    if (strncmp(line, "PING ", 5) == 0) {
        peer_send(peer, "PONG %s\r\n", line + 5);
        return true;
    }
    if (peer->ready)
        return false;
    bool registered = is_numeric(line, "376") || is_numeric(line, "422");
    if (registered && !load->stays_out)
        peer_send(peer, "JOIN #bench\r\n");
    bool joined = is_numeric(line, "366") && strstr(line, " #bench ") != NULL;
    if (load->stays_out ? registered : joined) {
        peer->ready = true;
        load->ready++;
    }
    return true;
}

static void say(struct load *load, uint32_t sender)
{
    char text[LONG_TEXT_BYTES + 1];
    int used =
        snprintf(text, sizeof text, "%u %u %" PRId64 " ", sender, load->sent[sender], now_us());
    memset(text + used, '.', load->text_bytes - (size_t)used);
    text[load->text_bytes] = '\0';
    load->receipts[sender * load->window + load->sent[sender] % load->window] = 0;
    load->sent[sender]++;
    peer_send(&load->peers[sender], "PRIVMSG #bench :%s\r\n", text);
}

static void fill_window(struct load *load, uint32_t sender)
{
    while (load->sent[sender] < load->messages &&
           load->sent[sender] - load->complete[sender] < load->window)
        say(load, sender);
}

static void heard(struct load *load, struct peer *peer, uint32_t sender, uint32_t message,
                  int64_t sent_us)
{
    if (sender >= load->senders || message != peer->heard[sender])
        fail("lost, doubled or out of order", peer->number);
    peer->heard[sender]++;
    load->deliveries++;
    if (load->latencies_us != NULL)
        load->latencies_us[load->latency_count++] = (uint64_t)(now_us() - sent_us);
    uint32_t *receipts = &load->receipts[sender * load->window + message % load->window];
    if (++*receipts == load->count - 1)
        load->complete[sender]++;
}

static void on_line(void *ctx, struct peer *peer, char *line, size_t len)
{
    struct load *load = ctx;
    (void)len;
    if (coming_in(load, peer, line))
        return;
    char *text = strstr(line, " PRIVMSG #bench :");
    if (text == NULL)
        return;
    char *end;
    uint32_t sender = (uint32_t)strtoul(text + strlen(" PRIVMSG #bench :"), &end, 10);
    uint32_t message = (uint32_t)strtoul(end, &end, 10);
    heard(load, peer, sender, message, strtoll(end, NULL, 10));
}

static void poll_once(struct load *load, int timeout_ms)
{
    struct epoll_event events[512];
    int count = epoll_wait(load->epoll, events, 512, timeout_ms);
    const struct peer_listener listener = {.ctx = load, .line = on_line};
    for (int i = 0; i < count; i++) {
        struct peer *peer = &load->peers[events[i].data.u32];
        if (peer->fd >= 0 && !peer_read(peer, &listener))
            fail("the server closed a connection", peer->number);
        load->last_us = now_us();
    }
    if (now_us() - load->last_us > (int64_t)ROOM_LIMIT_MS * 1000)
        fail("nothing heard for two minutes", 0);
}

static void load_init(struct load *load, const char *port, uint32_t count, uint32_t senders,
                      uint32_t window)
{
    bool secure = strncmp(port, "tls:", 4) == 0;
    *load = (struct load){.host = "127.0.0.1",
                          .port = atoi(secure ? port + 4 : port),
                          .count = count,
                          .senders = senders,
                          .window = window,
                          .text_bytes = TEXT_BYTES};
    if (secure && (load->tls = SSL_CTX_new(TLS_client_method())) == NULL)
        fail("no TLS", 0);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->peers = xcalloc(count, sizeof *load->peers);
    load->sent = xcalloc(senders + 1, sizeof *load->sent);
    load->complete = xcalloc(senders + 1, sizeof *load->complete);
    load->receipts = xcalloc((size_t)(senders + 1) * (window + 1), sizeof *load->receipts);
    load->last_us = now_us();
}

static void load_release(struct load *load)
{
    for (uint32_t i = 0; i < load->opened; i++)
        peer_close(&load->peers[i]);
    SSL_CTX_free(load->tls);
    close(load->epoll);
    free(load->peers);
    free(load->sent);
    free(load->complete);
    free(load->receipts);
    free(load->latencies_us);
}

/* Everybody comes in, at most JOINING_AT_ONCE at a time. */
static void everybody_in(struct load *load)
{
    int64_t start_us = now_us();
    while (load->ready < load->count) {
        while (load->opened < load->count && load->opened - load->ready < JOINING_AT_ONCE)
            open_peer(load, load->opened);
        poll_once(load, 1000);
    }
    printf("join_seconds %.3f\n", (double)(now_us() - start_us) / 1e6);
    fflush(stdout);
}

/* tests/bench/run takes its first reading of the server's process at this line. */
static void start_line(void)
{
    printf("start\n");
    fflush(stdout);
    char line[16];
    if (fgets(line, sizeof line, stdin) == NULL)
        exit(1);
}

static uint32_t completed(const struct load *load)
{
    uint32_t least = load->messages;
    for (uint32_t i = 0; i < load->senders; i++)
        least = load->complete[i] < least ? load->complete[i] : least;
    return least;
}

static void talk(struct load *load)
{
    int64_t start_us = now_us();
    load->last_us = start_us;
    while (completed(load) < load->messages) {
        for (uint32_t i = 0; i < load->senders; i++)
            fill_window(load, i);
        poll_once(load, 1000);
    }
    double seconds = (double)(now_us() - start_us) / 1e6;
    printf("seconds %.4f\ndeliveries %" PRIu64 "\ndeliveries_per_second %.0f\n", seconds,
           load->deliveries, (double)load->deliveries / seconds);
}

static int fanout(char **argv)
{
    struct load load;
    load_init(&load, argv[2], (uint32_t)atoi(argv[3]), (uint32_t)atoi(argv[4]),
              (uint32_t)atoi(argv[5]));
    load.messages = (uint32_t)atoi(argv[6]);
    everybody_in(&load);
    start_line();
    talk(&load);
    start_line();
    load_release(&load);
    return 0;
}

static int by_value(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static void print_latencies(struct load *load)
{
    size_t count = load->latency_count;
    if (count == 0)
        fail("nobody heard anything", 0);
    qsort(load->latencies_us, count, sizeof *load->latencies_us, by_value);
    printf("p50_us %" PRIu64 "\np99_us %" PRIu64 "\nmax_us %" PRIu64 "\n",
           load->latencies_us[count / 2], load->latencies_us[count * 99 / 100],
           load->latencies_us[count - 1]);
}

static int latency(char **argv)
{
    struct load load;
    uint32_t rate = (uint32_t)atoi(argv[4]);
    uint32_t messages = rate * (uint32_t)atoi(argv[5]);
    load_init(&load, argv[2], (uint32_t)atoi(argv[3]), 1, messages);
    load.messages = messages;
    load.latencies_us = xcalloc((size_t)messages * load.count, sizeof *load.latencies_us);
    everybody_in(&load);
    start_line();
    int64_t start_us = now_us();
    while (completed(&load) < messages) {
        int64_t due = start_us + (int64_t)load.sent[0] * 1000000 / rate;
        int64_t left_us = load.sent[0] < messages ? due - now_us() : 100000;
        if (left_us <= 0)
            say(&load, 0);
        else
            poll_once(&load, (int)((left_us + 999) / 1000));
    }
    print_latencies(&load);
    load_release(&load);
    return 0;
}

static int come_in(char **argv, bool stays_out)
{
    struct load load;
    load_init(&load, argv[2], (uint32_t)atoi(argv[3]), 0, 0);
    load.stays_out = stays_out;
    start_line();
    everybody_in(&load);
    start_line();
    load_release(&load);
    return 0;
}

static int connections(char **argv)
{
    return come_in(argv, false);
}

static int registrations(char **argv)
{
    return come_in(argv, true);
}

static int churn(char **argv)
{
    uint32_t count = (uint32_t)atoi(argv[3]);
    uint32_t at_once = (uint32_t)atoi(argv[4]);
    struct load load;
    load_init(&load, argv[2], count, 0, 0);
    const struct peer_listener listener = {.ctx = &load, .line = on_line};
    start_line();
    uint32_t left = 0;
    while (left < count) {
        while (load.opened < count && load.opened - left < at_once)
            open_peer(&load, load.opened);
        struct epoll_event events[256];
        int ready = epoll_wait(load.epoll, events, 256, 1000);
        for (int i = 0; i < ready; i++) {
            struct peer *peer = &load.peers[events[i].data.u32];
            bool was_ready = peer->ready;
            if (!peer_read(peer, &listener)) {
                if (!peer->ready)
                    fail("closed before it was in", peer->number);
                peer_close(peer);
                left++;
            } else if (peer->ready && !was_ready) {
                peer_send(peer, "QUIT\r\n");
            }
        }
    }
    printf("cycles %u\n", count);
    load_release(&load);
    return 0;
}

/* From now on the peer reads nothing, and owes nobody a receipt. */
static void go_deaf(struct load *load, struct peer *peer)
{
    peer->deaf = true;
    epoll_ctl(load->epoll, EPOLL_CTL_DEL, peer->fd, NULL);
    load->count--;
}

static int deaf(char **argv)
{
    struct load load;
    load_init(&load, argv[2], (uint32_t)atoi(argv[3]), 1, 16);
    load.messages = (uint32_t)atoi(argv[4]);
    load.latencies_us = xcalloc((size_t)load.messages * load.count, sizeof *load.latencies_us);
    everybody_in(&load);
    go_deaf(&load, &load.peers[load.count - 1]);
    start_line();
    talk(&load);
    print_latencies(&load);
    load_release(&load);
    return 0;
}

static int stalled(char **argv)
{
    struct load load;
    load_init(&load, argv[2], (uint32_t)atoi(argv[3]) + TALKERS, TALKERS, 64);
    load.text_bytes = LONG_TEXT_BYTES;
    load.messages = (uint32_t)(atof(argv[4]) * 1e6 / (LONG_TEXT_BYTES * TALKERS));
    everybody_in(&load);
    while (load.count > TALKERS)
        go_deaf(&load, &load.peers[load.count - 1]);
    start_line();
    talk(&load);
    start_line(); /* the server's memory is looked at while they are still there */
    load_release(&load);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int arguments;
        int (*run)(char **argv);
    } scenarios[] = {
        {"fanout", 5, fanout},          {"latency", 4, latency}, {"connect", 2, connections},
        {"register", 2, registrations}, {"churn", 3, churn},     {"deaf", 3, deaf},
        {"stalled", 3, stalled},
    };
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    for (size_t i = 0; argc > 1 && i < sizeof scenarios / sizeof scenarios[0]; i++) {
        if (strcmp(argv[1], scenarios[i].name) == 0 && argc == scenarios[i].arguments + 2)
            return scenarios[i].run(argv);
    }
    fprintf(stderr,
            "load: usage: load fanout|latency|connect|register|churn|deaf|stalled PORT ...\n");
    return 2;
}
