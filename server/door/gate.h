/* The gate: all that a door can do beyond its own record. The pump implements
 * it, so that doors are tested without sockets.
 *
 * A door steps the hub from its begin(), line(), page() and tick() only. Its note(), class(), format() and
 * farewell() are called while effects are being carried out, whose lists are borrowed from the hub:
 * there it may query and write, and what else follows it does when gate_step() has returned.
 * open() comes before the hub knows the session: there it may only write. A record lives on until
 * the line() or tick() that ended its session has returned. */
#ifndef SNUG_SERVER_DOOR_GATE_H
#define SNUG_SERVER_DOOR_GATE_H

#include "server/core/hub.h"
#include "server/core/reading.h"

struct gate;

/* Steps the hub and carries out what follows: other doors' sessions may be written to meanwhile,
 * and the caller's own note() may be called before this returns. */
void gate_step(struct gate *gate, const struct command *command);

/* The hub, for queries. */
const struct hub *gate_hub(const struct gate *gate);

/* The time of this turn in ms since 1970. */
int64_t gate_now(const struct gate *gate);

/* The number of the delivery at hand: as long as it is the same, so is the event that is delivered. */
uint64_t gate_delivery(const struct gate *gate);

/* Asks the log. If it is not refused at once, the door's page() is told the answer in its time, with
 * this token, once, unless the session has left; until then no line of that session is stepped. A
 * target and all places are copied. Allowed in note(), too. */
enum refusal gate_read(struct gate *gate, uint64_t session, const struct reading *reading,
                       uint64_t token);
enum refusal gate_search(struct gate *gate, uint64_t session, const struct seeking *seeking,
                         uint64_t token);

/* In the same way, those rooms and people whose latest speech lies between two times, in either
 * direction, both excluded; if there are more than the limit, those nearest to the first. */
enum refusal gate_targets(struct gate *gate, uint64_t session, int64_t from_ms, int64_t to_ms,
                          size_t limit, uint64_t token);

/* A name that is to be an account's, and the fact that says what that account is. */
struct owning {
    const char *name;  /* folded */
    const char *owner; /* folded name of the account */
    const char *key;   /* of the fact */
    const char *value;
    bool again; /* they are his already: the fact that there is stays where this one is not kept */
};

/* Keeps both on disk. In the same way the door's page() is told when they are (REFUSED_NOTHING), or
 * that they are not; in this answer a door may step. All is copied. */
enum refusal gate_own(struct gate *gate, uint64_t session, const struct owning *owning,
                      uint64_t token);

/* In the same way the door's page() is told when all that was decided so far is on disk. */
enum refusal gate_settle(struct gate *gate, uint64_t session, uint64_t token);

/* Keeps a fact aside on disk as soon as may be; nobody is told. Both are copied. */
void gate_keep(struct gate *gate, const char *key, const char *value);

/* What is written to this connection from now on shows a fact that was kept aside: it waits for those, as
 * all that is written waits for the others. */
void gate_show_aside(struct gate *gate, uint64_t session);

/* Tells the server's log what this connection could do any number of times: lines of a kind are counted
 * there. `what` is a sentence without anything of the peer's. */
void gate_log(struct gate *gate, uint64_t session, const char *what);

/* Takes both away again, for a name that is nobody's from now on. Nobody is told how that went: what the
 * disk does not take now it takes later. */
void gate_disown(struct gate *gate, const struct owning *owning);

/* Whether something that the session did or asked is still under way. */
bool gate_busy(const struct gate *gate, uint64_t session);

/* Writes something into the audit log that the hub does not know of. */
void gate_audit(struct gate *gate, const struct audit_record *record);

/* Queues bytes for one connection; they leave at the end of the turn, or, since they may show a fact that
 * is on its way to the disk, when it is there. A stale id is ignored. */
void gate_write(struct gate *gate, uint64_t session, const void *bytes, size_t len);

/* From now on the connection is one of that group of its door, and its class() is not asked for what is
 * said in rooms; DOOR_NO_GROUP, as at first: it is. */
void gate_group(struct gate *gate, uint64_t session, unsigned group);

#endif
