/* What becomes of what was sent: settled, refused, unsure, or said again. */
#ifndef SNUG_CLIENT_SESSION_DELIVERY_H
#define SNUG_CLIENT_SESSION_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "client/model/line.h"

struct awaited;
struct incoming;
struct session;

/* The entry is over, and its line, if it has one, is in that state; `time_ms` as in traffic_settle. */
void delivery_settle(struct session *s, struct awaited *entry, enum line_state state,
                     int64_t time_ms);

/* Waits no longer for echoes that never came although the server answered what was sent behind. */
void delivery_step(struct session *s);

/* When that will be; INT64_MAX: there are none. */
int64_t delivery_deadline_ms(const struct session *s);

/* The server has acted on all up to that number, and said what there is to say against it. */
void delivery_answered(struct session *s, uint64_t number);

/* A message of ours came back; false if it is none that waits. */
bool delivery_echo(struct session *s, const struct incoming *in, const char *command,
                   const char *target, bool action, const char *text);

/* An own line turned out to have arrived: it is not said again. */
void delivery_found(struct session *s, uint64_t line);

/* The entry was refused: nobody has seen it. */
void delivery_refused(struct session *s, struct awaited *entry);

/* The connection is gone: what was sent and not answered is unsure, or will be said again. */
void delivery_lost(struct session *s);

#endif
