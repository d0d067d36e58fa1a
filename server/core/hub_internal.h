/* The inside of the hub, for the files that hold its rules; nobody else includes it. */
#ifndef SNUG_SERVER_CORE_HUB_INTERNAL_H
#define SNUG_SERVER_CORE_HUB_INTERNAL_H

#include "common/str.h"
#include "common/table.h"
#include "server/core/hub.h"

struct hub {
    struct hub_config config;
    char *lobby;
    struct table sessions; /* by id; those that have left and still have entries in flight too */
    struct table nicks;    /* by key: who holds the name, entered or not */
    struct table rooms;    /* by key */
    struct str *key;       /* scratch for one folded name, also in queries */
    size_t connected;      /* sessions that have not left */
    size_t entered;
    int64_t now_ms; /* never runs backwards, so that a log's times are in order */
    uint64_t random_state;
    bool store_up;
};

/* The step that is being carried out. */
struct step {
    struct hub *hub;
    const struct command *command;
    struct session *session; /* whose command it is; NULL for the store's */
    struct outbox *out;
};

/* Finds by name, folding it; NULL when there is none. */
struct room *hub_room(const struct hub *hub, const char *name);
struct session *hub_holder(const struct hub *hub, const char *nick);
struct session *hub_by_id(const struct hub *hub, uint64_t id);

/* Fills `id` with a new ULID of this moment. */
void hub_new_id(struct hub *hub, char id[EVENT_ID_MAX]);

/* Says no to the one who asked. */
void step_refuse(struct step *step, enum refusal refusal, const char *target);

/* Tells the one who asked how it went; event may be NULL. */
void step_note(struct step *step, uint64_t session, enum note_type type, const struct event *event);

/* Proposes an event of the step's session to a log; the hub fills in id (if empty), time and who. */
void step_append(struct step *step, struct event event);

/* Shows an event to recipients, which are borrowed until the next step. */
void step_deliver(struct step *step, const struct event *event, const uint64_t *recipients,
                  size_t count, uint64_t except);

/* The rules, a file each. */

void presence_connect(struct step *step); /* presence.c: connections and names */
void presence_name(struct step *step);
void presence_enter(struct step *step);
void presence_leave(struct step *step);
void presence_tailed(struct step *step, const struct event *event);
void presence_release(struct hub *hub, struct session *session);

void membership_join(struct step *step); /* membership.c: joins and departures */
void membership_join_room(struct step *step, const char *name);
void membership_part(struct step *step);
void membership_join_tailed(struct step *step, const struct event *event);
void membership_part_tailed(struct step *step, const struct event *event);
void membership_join_failed(struct step *step, const struct event *event);
void membership_part_failed(struct step *step, const struct event *event);

void speech_speak(struct step *step); /* speech.c: messages and topics */
void speech_topic(struct step *step);
void speech_tailed(struct step *step, const struct event *event);
void speech_topic_tailed(struct step *step, const struct event *event);
void speech_failed(struct step *step, const struct event *event);

#endif
