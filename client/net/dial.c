/*
 * Whatever libuv may still call back about (a look-up, an attempt, the timers) is a block of its own
 * that points to the dial; ending something clears that pointer, and the block is freed in its last
 * callback. So no callback ever sees a freed dial.
 */
#include "client/net/dial.h"

#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

#include "client/net/must.h"
#include "common/alloc.h"

#define MAX_ATTEMPTS 8      /* addresses tried for one name */
#define NEXT_ATTEMPT_MS 250 /* RFC 8305, section 5: Connection Attempt Delay */

struct lookup {
    uv_getaddrinfo_t request;
    struct dial *owner; /* NULL: nobody waits for it any more */
};

struct attempt {
    uv_connect_t request;
    uv_tcp_t *tcp;      /* a block of its own, since it outlives an attempt that wins */
    struct dial *owner; /* NULL: closing */
};

struct timers {
    uv_timer_t next, give_up;
    int n_open;
};

struct dial {
    uv_loop_t *loop;
    const struct dial_events *events;
    void *owner;
    struct lookup *lookup; /* NULL: none goes on */
    struct addrinfo *addresses, *next_address;
    struct attempt *attempts[MAX_ATTEMPTS];
    size_t n_attempts, n_started;
    struct timers *timers;
    int error; /* of the last attempt that failed */
};

static void on_timer_closed(uv_handle_t *handle)
{
    struct timers *timers = handle->data;
    if (--timers->n_open == 0)
        free(timers);
}

static void free_timers(struct timers *timers)
{
    timers->next.data = timers->give_up.data = timers;
    uv_close((uv_handle_t *)&timers->next, on_timer_closed);
    uv_close((uv_handle_t *)&timers->give_up, on_timer_closed);
}

static void on_attempt_closed(uv_handle_t *handle)
{
    free(handle->data);
    free(handle);
}

static void drop_attempt(struct attempt *attempt)
{
    attempt->owner = NULL;
    uv_close((uv_handle_t *)attempt->tcp, on_attempt_closed);
}

struct dial *dial_new(uv_loop_t *loop, const struct dial_events *events, void *owner)
{
    struct dial *dial = xcalloc(1, sizeof(*dial));
    dial->loop = loop;
    dial->events = events;
    dial->owner = owner;
    dial->timers = xcalloc(1, sizeof(*dial->timers));
    dial->timers->n_open = 2;
    must(uv_timer_init(loop, &dial->timers->next), "uv_timer_init");
    must(uv_timer_init(loop, &dial->timers->give_up), "uv_timer_init");
    dial->timers->next.data = dial->timers->give_up.data = dial;
    return dial;
}

void dial_free(struct dial *dial)
{
    if (!dial)
        return;
    dial_stop(dial);
    free_timers(dial->timers);
    free(dial);
}

static void stop_lookup(struct dial *dial)
{
    if (!dial->lookup)
        return;
    dial->lookup->owner = NULL;
    /* One that already runs cannot be cancelled; its answer finds nobody. */
    (void)uv_cancel((uv_req_t *)&dial->lookup->request);
    dial->lookup = NULL;
}

static void stop_attempts(struct dial *dial)
{
    for (size_t i = 0; i < dial->n_attempts; i++)
        drop_attempt(dial->attempts[i]);
    dial->n_attempts = dial->n_started = 0;
    uv_freeaddrinfo(dial->addresses);
    dial->addresses = dial->next_address = NULL;
}

void dial_stop(struct dial *dial)
{
    stop_lookup(dial);
    stop_attempts(dial);
    uv_timer_stop(&dial->timers->next);
    uv_timer_stop(&dial->timers->give_up);
}

static void fail(struct dial *dial, int error)
{
    dial_stop(dial);
    dial->events->failed(dial->owner, error);
}

static void on_give_up(uv_timer_t *timer)
{
    fail(timer->data, UV_ETIMEDOUT);
}

static void on_broken(uv_timer_t *timer)
{
    struct dial *dial = timer->data;
    fail(dial, dial->error);
}

/* The owner is told from the loop, not from within its own call. */
static void fail_soon(struct dial *dial, int error)
{
    dial->error = error;
    uv_timer_start(&dial->timers->give_up, on_broken, 0, 0);
}

static void forget_attempt(struct dial *dial, const struct attempt *attempt)
{
    for (size_t i = 0; i < dial->n_attempts; i++)
        if (dial->attempts[i] == attempt)
            dial->attempts[i] = dial->attempts[--dial->n_attempts];
}

static void hand_over(struct dial *dial, struct attempt *attempt)
{
    uv_tcp_t *tcp = attempt->tcp;
    forget_attempt(dial, attempt);
    free(attempt);
    dial_stop(dial);
    dial->events->connected(dial->owner, tcp);
}

static void try_next_address(struct dial *dial);

static void attempt_failed(struct dial *dial, struct attempt *attempt, int error)
{
    forget_attempt(dial, attempt);
    drop_attempt(attempt);
    dial->error = error;
    try_next_address(dial);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct attempt *attempt = request->data;
    if (!attempt->owner)
        return; /* its handle is closing, and frees it */
    if (status == 0)
        hand_over(attempt->owner, attempt);
    else
        attempt_failed(attempt->owner, attempt, status);
}

/* Returns 0 or libuv's error; the attempt then does not exist. */
static int start_attempt(struct dial *dial, const struct sockaddr *address)
{
    uv_tcp_t *tcp = xcalloc(1, sizeof(*tcp));
    int error = uv_tcp_init(dial->loop, tcp);
    if (error) {
        free(tcp);
        return error;
    }
    struct attempt *attempt = xcalloc(1, sizeof(*attempt));
    attempt->owner = dial;
    attempt->tcp = tcp;
    attempt->tcp->data = attempt->request.data = attempt;
    error = uv_tcp_connect(&attempt->request, tcp, address, on_connected);
    if (error) {
        drop_attempt(attempt);
        return error;
    }
    dial->attempts[dial->n_attempts++] = attempt;
    dial->n_started++;
    return 0;
}

static void on_next(uv_timer_t *timer)
{
    try_next_address(timer->data);
}

/* Starts on the next address that takes an attempt; gives up when none is left and none runs. */
static void try_next_address(struct dial *dial)
{
    while (dial->next_address && dial->n_started < MAX_ATTEMPTS) {
        const struct sockaddr *address = dial->next_address->ai_addr;
        dial->next_address = dial->next_address->ai_next;
        int error = start_attempt(dial, address);
        if (!error) {
            uv_timer_start(&dial->timers->next, on_next, NEXT_ATTEMPT_MS, 0);
            return;
        }
        dial->error = error;
    }
    if (dial->n_attempts == 0)
        fail(dial, dial->error);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
    struct lookup *lookup = request->data;
    struct dial *dial = lookup->owner;
    free(lookup);
    if (!dial) {
        uv_freeaddrinfo(addresses);
        return;
    }
    dial->lookup = NULL;
    if (status != 0) {
        fail(dial, status);
        return;
    }
    dial->addresses = dial->next_address = addresses;
    try_next_address(dial);
}

/* Addresses, and this machine's own name, need no thread that looks them up. False if it is neither. */
static bool resolve_numeric(struct dial *dial, const char *node, const char *port,
                            struct addrinfo hints)
{
    hints.ai_flags = node ? AI_NUMERICHOST : 0;
    if (getaddrinfo(node, port, &hints, &dial->addresses) != 0)
        return false;
    dial->next_address = dial->addresses;
    return true;
}

/* Returns 0 or libuv's error. */
static int look_up(struct dial *dial, const char *node, const char *port, struct addrinfo hints)
{
    dial->lookup = xcalloc(1, sizeof(*dial->lookup));
    dial->lookup->owner = dial;
    dial->lookup->request.data = dial->lookup;
    int error = uv_getaddrinfo(dial->loop, &dial->lookup->request, on_resolved, node, port, &hints);
    if (error) {
        free(dial->lookup);
        dial->lookup = NULL;
    }
    return error;
}

void dial_start(struct dial *dial, const char *host, const char *port, uint64_t give_up_ms)
{
    dial_stop(dial);
    dial->error = UV_EAI_NONAME;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    /* "localhost" is this machine whatever a resolver says, or if there is none (RFC 6761, 6.3). */
    const char *node = strcasecmp(host, "localhost") == 0 ? NULL : host;
    int error = 0;
    if (resolve_numeric(dial, node, port, hints))
        uv_timer_start(&dial->timers->next, on_next, 0, 0);
    else
        error = look_up(dial, node, port, hints);
    if (error)
        fail_soon(dial, error);
    else
        uv_timer_start(&dial->timers->give_up, on_give_up, give_up_ms, 0);
}
