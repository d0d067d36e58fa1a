/* The step that is being carried out, and what it adds to the outbox: answers, proposals to a log,
 * deliveries, facts. Every rule takes one.
 *
 * A rule that takes a step alone, and is not said to do otherwise, carries out the step's command of that
 * name: it looks whether it may be, changes what is decided, and tells the one who asked how it went.
 * The ends of an entry take the event as well: `tailed` when it is in the log, to show it to those
 * whom it is for; `failed` when it could not be kept, to undo what had been decided with it. */
#ifndef SNUG_SERVER_CORE_RULES_STEP_H
#define SNUG_SERVER_CORE_RULES_STEP_H

#include "server/core/internal.h"

struct step {
    struct hub *hub;
    const struct command *command;
    struct session *session;       /* whose command it is; NULL for the store's */
    struct connection *connection; /* the one that it came by */
    struct outbox *out;
};

/* Tells the one who caused the event, if still here, that it has been delivered. */
void step_note_shown(struct step *step, const struct event *event);

/* Says no to the one who asked. */
void step_refuse(struct step *step, enum refusal refusal, const char *target);

/* Tells the one who asked how it went; event may be NULL. */
void step_note(struct step *step, uint64_t session, enum note_type type, const struct event *event);

/* Says no, and names the object that it is about, too; NULL: none. */
void step_refuse_about(struct step *step, enum refusal refusal, const char *target,
                       const char *object);

/* Tells the one who asked that it is done. */
void step_done(struct step *step, const char *target, const char *object);

/* What the step tells from its effect `first` on is told when the facts that it keeps there, if any, are
 * on disk. */
void step_settle(struct step *step, size_t first);

/* The step's session in that room as decided; otherwise refuses (no such room, not in it) and returns
 * NULL. `room` is set when there is one. */
struct member *step_member(struct step *step, const char *name, struct room **room);

/* Keeps on disk how a room is run and what it is about. */
void step_keep_room(struct step *step, const struct room *room);

/* Writes into the audit log what the step's session did, or the server where there is none. */
void step_audit(struct step *step, const struct audit_record *record);

/* Who somebody is now, with a lifetime of the step's effects: before he is called something else. */
struct who step_who(struct step *step, const struct session *session);

/* Somebody as nick!user@address, with a lifetime of the step's effects. */
const char *step_name(struct step *step, const struct session *session);

/* Proposes an event that is nobody's doing to a log. */
void step_append_own(struct step *step, struct event event);

/* Proposes an event of the step's session to a log; the hub fills in id (if empty), time and who. */
void step_append(struct step *step, struct event event);

/* The same to the log of every room that the session is in: a quit, or a new nick. */
void step_append_to_rooms(struct step *step, enum event_type type, const char *text);

/* Shows an event to recipients, which are borrowed until the next step. */
void step_deliver(struct step *step, const struct event *event, const uint64_t *recipients,
                  size_t count, uint64_t except);

/* Shows an event to a room's roster, as many others are likely to be. */
void step_deliver_roster(struct step *step, const struct event *event, struct room *room,
                         uint64_t except);

#endif
