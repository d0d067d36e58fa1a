/* What is said, in rooms and between two people, and what rooms are about. */
#include "server/core/rules/speech.h"

#include <string.h>

#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/rules/access.h"
#include "server/core/rules/recipients.h"

/* Says no to who may not speak in a room. If he may not know of it, there is none, in his spelling. */
static bool refuse_in_room(struct step *step, const struct room *room, enum speech speech)
{
    enum refusal refusal =
        room != NULL ? access_speak(room, step->session, speech) : REFUSED_NOTHING;
    if (room != NULL && refusal == REFUSED_NOTHING)
        return false;
    bool known = room != NULL && hub_sees_room(step->session, room);
    step_refuse(step, known ? refusal : REFUSED_NO_SUCH_ROOM,
                known ? room->name : step->command->target);
    return true;
}

static void speak_in_room(struct step *step, struct event *event)
{
    struct room *room = hub_room(step->hub, step->command->target);
    if (refuse_in_room(step, room, event->speech))
        return;
    event->log = room->log;
    event->rank = step->command->rank;
    event->target = room->name;
    room->in_flight++;
    step_append(step, *event);
}

static void speak_to_person(struct step *step, struct event *event)
{
    const char *target = step->command->target;
    const struct session *peer = hub_holder(step->hub, target);
    bool here = peer != NULL && peer->entered;
    /* The owner of a name will find in the log what was said to him meanwhile. */
    bool waits = hub_owner(step->hub, target) != NULL && event->speech <= SPEECH_ACTION;
    if (!here && !waits) {
        step_refuse(step, REFUSED_NO_SUCH_NICK, target);
        return;
    }
    enum refusal refusal = here ? access_tell(peer, step->session) : REFUSED_NOTHING;
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, peer->nick);
        return;
    }
    struct str log;
    str_init(&log, 2 * name_key_max(step->hub->config.max_nick_bytes));
    name_key(step->hub->key, target);
    name_conversation(&log, session_key(step->session), step->hub->key->data);
    event->log = log.data;
    event->target = here ? peer->nick : target;
    event->peer = here ? session_id(peer) : SESSION_NONE;
    step_append(step, *event);
    str_release(&log);
}

void speech_speak(struct step *step)
{
    const struct command *command = step->command;
    struct session *session = step->session;
    bool wordless = command->speech == SPEECH_ACTION || command->speech == SPEECH_TAGS;
    if (command->text[0] == '\0' && !wordless) {
        step_refuse(step, REFUSED_NOTHING_SAID, command->target);
        return;
    }
    bool lines = command->joints != NULL || strchr(command->text, '\n') != NULL;
    const struct hub_config *limits = &step->hub->config;
    if (strlen(command->text) > (lines ? limits->max_multiline_bytes : limits->max_text_bytes)) {
        step_refuse(step, REFUSED_TOO_LONG, command->target);
        return;
    }
    session->spoke_s = (uint32_t)(step->hub->now_ms / 1000);
    struct event event = {
        .type = EVENT_SPEECH,
        .speech = command->speech,
        .who = session_who(session),
        .text = command->text,
        .tags = command->tags,
        .client_id = command->client_id,
        .joints = command->joints,
    };
    if (command->target[0] == '#')
        speak_in_room(step, &event);
    else
        speak_to_person(step, &event);
}

static void landed_in_room(struct room *room, const struct event *event)
{
    /* Entries of another host's people, or of before a restart, were never counted. */
    if (event->session != SESSION_NONE && room->in_flight > 0)
        room->in_flight--;
}

/* Shows speech to a room, or to those of a rank in it; the speaker gets a note instead. */
static void deliver_to_room(struct step *step, struct room *room, const struct event *event)
{
    if (event->rank == 0) {
        step_deliver_roster(step, event, room, event->session);
        return;
    }
    size_t count;
    const uint64_t *recipients = recipients_of_rank(step, room, event->rank, &count);
    step_deliver(step, event, recipients, count, event->session);
}

/* Shows it to whom it is for, and to the other connections of who said it. */
static void deliver_to_peer(struct step *step, const struct event *event)
{
    const struct session *speaker = hub_person(step->hub, event->session);
    const struct session *peer = hub_person(step->hub, event->peer);
    size_t count;
    const uint64_t *recipients = recipients_pair(step, peer, speaker, &count);
    step_deliver(step, event, recipients, count, event->session);
}

void speech_tailed(struct step *step, const struct event *event)
{
    if (event->target[0] == '#') {
        struct room *room = hub_room_of_log(step->hub, event->log);
        if (room == NULL)
            return;
        landed_in_room(room, event);
        deliver_to_room(step, room, event);
    } else {
        deliver_to_peer(step, event);
    }
    if (hub_session(step->hub, event->session) != NULL)
        step_note(step, event->session, NOTE_SPOKEN, event);
}

/* What passes is told at once and kept nowhere: that somebody is typing, ... */
void speech_sign(struct step *step)
{
    const struct command *command = step->command;
    struct event event = {
        .type = EVENT_SIGN,
        .session = step->connection->id,
        .time_ms = step->hub->now_ms,
        .who = session_who(step->session),
        .rank = command->rank,
        .tags = command->tags,
    };
    hub_new_id(step->hub, event.id);
    struct room *room = hub_room(step->hub, command->target);
    const struct session *peer = hub_holder(step->hub, command->target);
    if (command->target[0] == '#') {
        if (refuse_in_room(step, room, SPEECH_TAGS))
            return;
        event.target = room->name;
        deliver_to_room(step, room, &event);
    } else if (peer != NULL && peer->entered) {
        enum refusal refusal = access_tell(peer, step->session);
        if (refusal != REFUSED_NOTHING) {
            step_refuse(step, refusal, peer->nick);
            return;
        }
        event.target = peer->nick;
        event.peer = session_id(peer);
        deliver_to_peer(step, &event);
    } else {
        step_refuse(step, REFUSED_NO_SUCH_NICK, command->target);
        return;
    }
    step_note(step, step->connection->id, NOTE_SPOKEN, &event);
}

/* Cuts after the last whole character that fits. */
static size_t cut_length(const char *text, size_t max_bytes)
{
    size_t len = strlen(text);
    if (len <= max_bytes)
        return len;
    len = max_bytes;
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

void speech_topic(struct step *step)
{
    const struct command *command = step->command;
    struct room *room;
    const struct member *member = step_member(step, command->target, &room);
    if (member == NULL)
        return;
    if ((room->flags & ROOM_TOPIC_LOCKED) != 0 && !rank_reaches(member->ranks, RANK_HALF)) {
        step_refuse(step, REFUSED_NOT_OPERATOR, room->name);
        return;
    }
    struct str topic;
    str_init(&topic, step->hub->config.max_topic_bytes);
    str_add(&topic, command->text, cut_length(command->text, topic.max));
    room->in_flight++;
    step_append(step, (struct event){
                          .type = EVENT_TOPIC,
                          .who = session_who(step->session),
                          .log = room->log,
                          .target = room->name,
                          .text = topic.data,
                      });
    topic_set(&room->topic, topic.data, step->session->nick, step->hub->now_ms);
    step_keep_room(step, room);
    str_release(&topic);
}

void speech_topic_tailed(struct step *step, const struct event *event)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    if (room == NULL)
        return;
    landed_in_room(room, event);
    topic_set(&room->visible, event->text, event->who.nick, event->time_ms);
    step_deliver(step, event, room->roster, room->roster_count, SESSION_NONE);
    step_note_shown(step, event);
}

void speech_failed(struct step *step, const struct event *event)
{
    struct room *room = event->target[0] == '#' ? hub_room_of_log(step->hub, event->log) : NULL;
    if (room != NULL)
        landed_in_room(room, event);
}

void speech_repeated(struct step *step, const struct event *event, const struct event *first)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    if (room != NULL)
        landed_in_room(room, event);
    if (hub_session(step->hub, event->session) == NULL)
        return;
    struct event echo = *first;
    echo.session = event->session;
    step_note(step, event->session, NOTE_SPOKEN, &echo);
}
