/* A seat before a chat client: the terminal it draws on, the server it visits, and its process.
 *
 * The server is of the seat's own making, so that nothing but the client is measured; it speaks TLS
 * where it is given an identity. Anything unexpected ends the program: the run is void. */
#ifndef SNUG_TESTS_BENCH_SEAT_H
#define SNUG_TESTS_BENCH_SEAT_H

#include "common/linebuf.h"
#include "common/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SEAT_MAX_OUT_BYTES = 1 << 20,
};

struct seat {
    int listener, port;
    struct tls_context *context; /* NULL: clear text */
    char *const *argv;           /* the client's; borrowed */
    int cols, rows;
    /* All below is of one visit. */
    int terminal; /* the other side of the client's */
    int connection;
    pid_t pid;
    bool ended; /* the client is gone */
    struct tls *tls;
    struct linebuf lines;   /* what the client said */
    struct str out, sealed; /* for the client, in clear and as it goes out */
    char nick[64];
    bool has_user, joined;
    bool ponged;                                           /* since it was last asked */
    char awaited;                                          /* the byte that is an echo; 0: none */
    int64_t started_us, first_output_us, nick_us, echo_us; /* 0: not yet */
    int64_t output_us;                                     /* of the last output */
    uint64_t shown_bytes;                                  /* of all output */
};

int64_t seat_now_us(void);

/* Ends the program: what was measured means nothing. */
void seat_void(const char *what) __attribute__((noreturn));

/* Opens the server. `identity_path` NULL: in clear text; else the file is made where there is none. */
void seat_open(struct seat *seat, const char *identity_path);

/* Starts the client in a terminal of that size; "{port}" in an argument becomes the server's. The
 * arguments are borrowed until the seat is closed. */
void seat_start(struct seat *seat, char *const *argv, int cols, int rows);

/* Ends the client and starts it anew: whatever was measured is of the new visit. */
void seat_restart(struct seat *seat);

/* Ends the client, and gives back what it used. */
void seat_close(struct seat *seat);

/* Lets time pass, at most so long, and does what is due. */
void seat_step(struct seat *seat, int timeout_ms);

/* Queues a line for the client; the caller keeps out.len within bounds. */
void seat_say(struct seat *seat, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Waits until the client is on the server and has drawn it. */
void seat_wait_welcome(struct seat *seat);

/* Waits until the client is in the room and has drawn it. */
void seat_wait_ready(struct seat *seat);

/* Waits until nothing was drawn for so long. */
void seat_wait_quiet(struct seat *seat, int quiet_ms);

/* Presses keys. */
void seat_type(struct seat *seat, const char *bytes);

/* What the client has used of a processor, in microseconds, and of memory. */
int64_t seat_cpu_us(const struct seat *seat);
int64_t seat_rss_kib(const struct seat *seat);

#endif
