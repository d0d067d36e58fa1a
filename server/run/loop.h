/* The loop: libuv's events on one side, the pump on the other.
 *
 * Sockets are read in the loop's poll phase; then, once for all of them, comes the
 * pump's turn, and then the writes. Knows no option, rule or protocol. */
#ifndef SNUG_SERVER_RUN_LOOP_H
#define SNUG_SERVER_RUN_LOOP_H

#include <uv.h>

#include "common/log.h"
#include "common/str.h"
#include "server/pump/pump.h"

struct cloak;
struct loop;
struct tls_context;

struct loop_config {
    const struct cloak *cloak; /* borrowed until loop_free(); NULL: everybody sees addresses */
    size_t max_per_address;    /* connections; 0: any number */
    size_t max_conns;          /* descriptors for all of them */
    void (*audit)(void *ctx, const struct audit_record *record,
                  int64_t now_ms); /* as a pump's owner */
    void *audit_ctx;
    uint64_t seed; /* of its hash table */
};

/* A loop with a pump over the hub. Hub and log are borrowed until loop_free(). */
struct loop *loop_new(struct hub *hub, struct log *log, const struct loop_config *config);

/* Frees the loop and its pump; the store must be gone already. */
void loop_free(struct loop *loop);

/* The pump, for the store to be opened with. */
struct pump *loop_pump(struct loop *loop);

/* Listens at ADDR:PORT for the door, in TLS unless `tls` is NULL, and says so on stderr. Both are
 * borrowed until loop_free(). 0, or a negative error number. */
int loop_listen(struct loop *loop, const char *address, struct door *door, struct tls_context *tls);

/* Who is told what happens, beside those that it concerns. Functions may be NULL. */
struct loop_watcher {
    void *ctx;
    void (*tailed)(void *ctx, const struct event *event, int64_t now_ms); /* out of the log */
    void (*turned)(void *ctx); /* all that came out of it has been sent */
    void (*tick)(void *ctx);   /* about once a second */
};

/* There is one watcher; copies it. */
void loop_watch(struct loop *loop, const struct loop_watcher *watcher);

/* What is to be done on SIGHUP. */
void loop_on_reload(struct loop *loop, void (*reload)(void *ctx), void *ctx);

/* libuv's loop, for handles of the caller's own. They must not keep it running, and be closing when
 * loop_free() is called. */
uv_loop_t *loop_uv(struct loop *loop);

/* Writes a line about an account into the log, where no more of them are written than a disk can hold. */
void loop_log_account(struct loop *loop, const char *line);

/* Says good-bye to everybody and ends loop_run(); `why` is for the log. The second time it does not
 * wait for anybody. */
void loop_stop(struct loop *loop, const char *why);

/* Serves until SIGINT or SIGTERM, and then until everybody has been told good-bye, but not
 * for longer than three seconds. */
void loop_run(struct loop *loop);

#endif
