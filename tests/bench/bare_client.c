/* What a chat client costs at least: the bytes are read, a key is written back, and the last message of
 * each frame is shown. It keeps nothing, edits nothing and speaks clear text.
 *
 *   bare_client PORT NICK ROOM */
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    FRAME_MS = 16,
    SHOWN_BYTES = 110, /* of a message: less than a row */
    BUFFER_BYTES = 65536,
};

struct bare_client {
    int server;
    char bytes[BUFFER_BYTES];
    char last[SHOWN_BYTES + 1]; /* the last message's end */
    bool due;                   /* it is not shown yet */
    int64_t shown_ms;
};

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void end(const char *why)
{
    perror(why);
    exit(1);
}

static void send_all(int fd, const char *bytes, size_t len)
{
    if (write(fd, bytes, len) != (ssize_t)len)
        end("write");
}

static void take_terminal(void)
{
    struct termios raw;
    if (tcgetattr(STDIN_FILENO, &raw) < 0)
        end("terminal");
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    send_all(STDOUT_FILENO, "\033[H\033[J> ", 8);
}

static void come_in(struct bare_client *c, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->server < 0 || connect(c->server, (struct sockaddr *)&address, sizeof(address)) < 0)
        end("connect");
    char hello[512];
    int len = snprintf(hello, sizeof(hello), "NICK %s\r\nUSER %s 0 * :%s\r\nJOIN %s\r\n", argv[2],
                       argv[2], argv[2], argv[3]);
    send_all(c->server, hello, (size_t)len);
}

/* A PING of the server's, wherever it ends; the lines are not read otherwise. */
static void answer(struct bare_client *c, size_t len)
{
    static const char ping[] = "PING :";
    char *at = memmem(c->bytes, len, ping, sizeof(ping) - 1);
    if (!at || (at > c->bytes && at[-1] != '\n'))
        return;
    at[1] = 'O';
    send_all(c->server, at, (size_t)(c->bytes + len - at));
}

static void hear(struct bare_client *c)
{
    ssize_t len = read(c->server, c->bytes, sizeof(c->bytes));
    if (len <= 0)
        exit(0);
    answer(c, (size_t)len);
    size_t shown = len > SHOWN_BYTES ? SHOWN_BYTES : (size_t)len;
    memcpy(c->last, c->bytes + len - shown, shown);
    c->last[shown] = '\0';
    for (char *p = c->last; *p; p++)
        *p = *p < ' ' ? ' ' : *p;
    c->due = true;
}

static void echo(struct bare_client *c)
{
    ssize_t len = read(STDIN_FILENO, c->bytes, sizeof(c->bytes));
    if (len <= 0)
        exit(0);
    send_all(STDOUT_FILENO, c->bytes, (size_t)len);
}

static void show(struct bare_client *c)
{
    char frame[2 * SHOWN_BYTES];
    int len = snprintf(frame, sizeof(frame), "\0337\033[2H%s\033[K\0338", c->last);
    send_all(STDOUT_FILENO, frame, (size_t)len);
    c->shown_ms = now_ms();
    c->due = false;
}

int main(int argc, char **argv)
{
    static struct bare_client client;
    if (argc != 4)
        return 2;
    take_terminal();
    come_in(&client, argv);
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = client.server, .events = POLLIN}};
    for (;;) {
        int64_t left_ms = client.due ? client.shown_ms + FRAME_MS - now_ms() : -1;
        if (client.due && left_ms <= 0) {
            show(&client);
            continue;
        }
        poll(fds, 2, (int)left_ms);
        if (fds[0].revents)
            echo(&client);
        if (fds[1].revents)
            hear(&client);
    }
}
