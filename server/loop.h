/* The loop: libuv's events on one side, the pump on the other.
 *
 * Sockets are read in the loop's poll phase; then, once for all of them, comes the
 * pump's turn, and then the writes. Knows no option, rule or protocol. */
#ifndef SNUG_SERVER_LOOP_H
#define SNUG_SERVER_LOOP_H

#include "common/log.h"
#include "common/str.h"
#include "server/pump.h"

struct loop;

/* A loop with a pump over the hub. Hub and log are borrowed until loop_free(). */
struct loop *loop_new(struct hub *hub, struct log *log);

/* Frees the loop and its pump; the store must be gone already. */
void loop_free(struct loop *loop);

/* The pump, for the store to be opened with. */
struct pump *loop_pump(struct loop *loop);

/* Listens at ADDR:PORT for the door, which is borrowed until loop_free(), and says so on stderr. 0, or
 * a negative error number. */
int loop_listen(struct loop *loop, const char *address, struct door *door);

/* Serves until SIGINT, SIGTERM or SIGHUP, and then until everybody has been told good-bye, but not
 * for longer than three seconds. */
void loop_run(struct loop *loop);

#endif
