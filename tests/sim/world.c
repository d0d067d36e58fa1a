#include "tests/sim/world_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/room.h"

enum { NAME_MAX_BYTES = 256 };

static char *copy(const char *text)
{
    return text != NULL ? xstrdup(text) : NULL;
}

static struct event *event_new(const struct event *event)
{
    struct event *kept = xmalloc(sizeof *kept);
    *kept = *event;
    kept->who.nick = copy(event->who.nick);
    kept->who.user = copy(event->who.user);
    kept->who.host = copy(event->who.host);
    kept->who.account = copy(event->who.account);
    kept->realname = copy(event->realname);
    kept->object = copy(event->object);
    kept->log = copy(event->log);
    kept->target = copy(event->target);
    kept->text = copy(event->text);
    kept->tags = copy(event->tags);
    return kept;
}

static void event_free(struct event *event)
{
    free((char *)event->who.nick);
    free((char *)event->who.user);
    free((char *)event->who.host);
    free((char *)event->who.account);
    free((char *)event->realname);
    free((char *)event->object);
    free((char *)event->log);
    free((char *)event->target);
    free((char *)event->text);
    free((char *)event->tags);
    free(event);
}

static struct person *person_of(struct world *world, uint64_t id)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        if (id != SESSION_NONE && world->people[i].id == id)
            return &world->people[i];
    }
    return NULL;
}

/* The index of a room's log, -1 for that of a conversation. */
static int log_index(struct world *world, const struct event *event)
{
    if (event->log[0] != '#')
        return -1;
    for (size_t i = 0; i < world->log_count; i++) {
        if (strcmp(world->logs[i], event->log) == 0)
            return (int)i;
    }
    assert(world->log_count < LOGS);
    world->logs[world->log_count] = xstrdup(event->log);
    return (int)world->log_count++;
}

static void take_delivery(struct world *world, const struct effect *effect)
{
    if (effect->event.type > EVENT_LOGGED_LAST)
        return; /* told and forgotten */
    for (size_t i = 0; i < effect->recipient_count; i++) {
        if (effect->recipients[i] == effect->except)
            continue;
        struct person *person = person_of(world, effect->recipients[i]);
        if (person == NULL)
            continue; /* gone: the pump finds nobody either */
        person->got++;
        world->counts.delivered++;
        /* One more connection of somebody is shown the rooms that he is in. */
        if (world->stepping == COMMAND_ENTER)
            person->seated[log_index(world, &effect->event)] = true;
    }
}

static void take_note(struct world *world, const struct effect *effect)
{
    struct person *person = person_of(world, effect->session);
    if (person == NULL) {
        /* Only one whom the hub did not even let in may be unknown, and whoever has the machine. */
        assert(effect->note.refusal == REFUSED_NO_MORE_SESSIONS || effect->session == SESSION_NONE);
        return;
    }
    switch (effect->note.type) {
    case NOTE_NAMED:
        person->named = true;
        break;
    case NOTE_ENTERED:
        person->entered = true;
        person->session = session_id(hub_session(world->hub, person->id));
        world->counts.further += person->session != person->id;
        break;
    case NOTE_JOINED:
        world->joined++;
        break;
    case NOTE_SPOKEN:
        world->echoes++;
        break;
    default:
        break;
    }
}

static bool same_name(const char *a, const char *b)
{
    struct str left, right;
    str_init(&left, NAME_MAX_BYTES);
    str_init(&right, NAME_MAX_BYTES);
    name_key(&left, a);
    name_key(&right, b);
    bool same = strcmp(left.data, right.data) == 0;
    str_release(&left);
    str_release(&right);
    return same;
}

/* Taken back is only speech that was not taken back yet, where it stands, and not by just anybody. */
static void expect_redactable(const struct world *world, const struct event *redaction)
{
    const struct event *said = NULL;
    for (size_t i = 0; i < world->said_count; i++) {
        if (strcmp(world->said[i]->id, redaction->object) == 0 &&
            strcmp(world->said[i]->log, redaction->log) == 0)
            said = world->said[i];
    }
    assert(said != NULL && !said->redacted && said->rank == redaction->rank);
    const char *author = said->who.account != NULL ? said->who.account : said->who.nick;
    const char *own = said->who.account != NULL ? redaction->who.account : redaction->who.nick;
    bool by_author = own != NULL && same_name(author, own);
    const struct session *session = hub_person(world->hub, redaction->session);
    const struct room *room = hub_find_room(world->hub, redaction->target);
    const struct member *member = room != NULL ? room_member(room, session) : NULL;
    bool by_operator = member != NULL && (rank_reaches(member->ranks, RANK_HALF) ||
                                          (session->flags & SESSION_OPERATOR) != 0);
    assert(by_author || by_operator);
}

static void take_effects(struct world *world)
{
    for (size_t i = 0; i < world->box.count; i++) {
        const struct effect *effect = &world->box.effects[i];
        switch (effect->type) {
        case EFFECT_APPEND:
            assert(world->queued < QUEUE);
            if (effect->event.type == EVENT_REDACT)
                expect_redactable(world, &effect->event);
            world->queue[world->queued++] = event_new(&effect->event);
            break;
        case EFFECT_DELIVER:
            take_delivery(world, effect);
            break;
        case EFFECT_NOTE:
            take_note(world, effect);
            break;
        case EFFECT_KEEP:
            assert(strncmp(effect->key, HUB_ROOM_FACT, strlen(HUB_ROOM_FACT)) == 0 ||
                   strcmp(effect->key, HUB_FORGETFUL_FACT) == 0 ||
                   strncmp(effect->key, HUB_REJOIN_FACT, strlen(HUB_REJOIN_FACT)) == 0 ||
                   strncmp(effect->key, HUB_MARK_FACT, strlen(HUB_MARK_FACT)) == 0 ||
                   strncmp(effect->key, HUB_BAN_FACT, strlen(HUB_BAN_FACT)) == 0 ||
                   strncmp(effect->key, HUB_KNOWN_FACT, strlen(HUB_KNOWN_FACT)) == 0 ||
                   strncmp(effect->key, HUB_TRAIT_FACT, strlen(HUB_TRAIT_FACT)) == 0);
            break;
        case EFFECT_AUDIT:
            break;
        case EFFECT_END: {
            struct person *person = person_of(world, effect->session);
            assert(person != NULL);
            *person = (struct person){0};
            break;
        }
        }
    }
}

void world_do(struct world *world, const struct command *command)
{
    for (size_t i = 0; i < SESSIONS; i++)
        world->people[i].got = 0;
    world->echoes = world->joined = 0;
    world->stepping = command->type;
    outbox_reset(&world->box);
    hub_step(world->hub, world->now_ms, command, &world->box);
    take_effects(world);
    hub_check(world->hub);
}

/* Who of the room may see an entry: speech can be for those of a rank only. */
static bool is_for(struct world *world, const struct event *event, const struct person *person)
{
    if (event->rank == 0)
        return true;
    const struct session *session = hub_session(world->hub, person->id);
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        if (strcmp(member->room->log, event->log) == 0)
            return member->ranks >= event->rank;
    }
    return false;
}

/* Nobody but those in the room sees an entry, and they see it once. */
static void expect_room(struct world *world, const struct event *event, int room)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        const struct person *person = &world->people[i];
        bool own_speech = event->type == EVENT_SPEECH && person->id == event->session;
        bool due = person->seated[room] && !own_speech && is_for(world, event, person);
        assert(person->got == (due ? 1U : 0U));
    }
}

/* A quit or nick change is told once to each who shares any of the rooms. */
static void expect_once(struct world *world, const struct event *event, int room)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        struct person *person = &world->people[i];
        bool told = strcmp(person->told_id, event->id) == 0;
        bool due = person->seated[room] && !told;
        assert(person->got == (due ? 1U : 0U));
        if (due)
            memcpy(person->told_id, event->id, EVENT_ID_MAX);
    }
}

/* Both see it, by all their connections but the one that it was said by. */
static void expect_private(struct world *world, const struct event *event, uint64_t speaker)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        const struct person *person = &world->people[i];
        bool due = person->entered && person->id != event->session &&
                   (person->session == event->peer || person->session == speaker);
        assert(person->got == (due ? 1U : 0U));
    }
    assert(world->echoes == (person_of(world, event->session) != NULL ? 1U : 0U));
}

/* Both see it by all their connections. */
static void expect_pair(struct world *world, const struct event *event, uint64_t actor)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        const struct person *person = &world->people[i];
        bool due = person->entered && person->session != SESSION_NONE &&
                   (person->session == event->peer || person->session == actor);
        assert(person->got == (due ? 1U : 0U));
    }
}

/* It may be taken back later; a redaction does that. */
static void remember(struct world *world, const struct event *event)
{
    for (size_t i = 0; event->type == EVENT_REDACT && i < world->said_count; i++) {
        if (strcmp(world->said[i]->id, event->object) == 0)
            world->said[i]->redacted = true;
    }
    if (event->type != EVENT_SPEECH)
        return;
    if (world->said_count == REMEMBERED) {
        event_free(world->said[0]);
        memmove(world->said, world->said + 1, --world->said_count * sizeof world->said[0]);
    }
    world->said[world->said_count++] = event_new(event);
}

/* All connections of a session have a seat there from now on, or have none. Returns how many. */
static unsigned seat_all(struct world *world, uint64_t session, int room, bool seated)
{
    unsigned count = 0;
    for (size_t i = 0; i < SESSIONS; i++) {
        struct person *person = &world->people[i];
        if (!person->entered || person->session != session)
            continue;
        person->seated[room] = seated;
        count++;
    }
    return count;
}

static void complete_tailed(struct world *world, const struct event *event)
{
    const struct session *session = hub_person(world->hub, event->session);
    uint64_t actor = session != NULL ? session_id(session) : SESSION_NONE;
    int room = log_index(world, event);
    unsigned joined = event->type == EVENT_JOIN ? seat_all(world, actor, room, true) : 0;
    world_do(world, &(struct command){.type = COMMAND_TAILED, .event = event});
    world->counts.tailed++;
    assert(world->joined == joined);
    if (room < 0 && event->type == EVENT_REDACT)
        expect_pair(world, event, actor);
    else if (room < 0)
        expect_private(world, event, actor);
    else if (event->type == EVENT_QUIT || event->type == EVENT_NICK)
        expect_once(world, event, room);
    else
        expect_room(world, event, room);
    if (event->type == EVENT_PART || event->type == EVENT_KICK)
        seat_all(world, event->type == EVENT_KICK ? event->peer : actor, room, false);
    remember(world, event);
    world->counts.redacted += event->type == EVENT_REDACT;
}

static void complete_failed(struct world *world, const struct event *event)
{
    world_do(world, &(struct command){.type = COMMAND_FAILED, .event = event});
    world->counts.failed++;
    for (size_t i = 0; i < SESSIONS; i++)
        assert(world->people[i].got == 0);
    assert(world->echoes == 0);
}

static void complete_one(struct world *world)
{
    if (world->queued == 0)
        return;
    struct event *event = world->queue[0];
    memmove(world->queue, world->queue + 1, --world->queued * sizeof world->queue[0]);
    /* A store that is up refuses no change of state. */
    bool may_fail =
        event->type == EVENT_SPEECH || event->type == EVENT_JOIN || event->type == EVENT_REDACT;
    if (may_fail && pick(world, 16) == 0)
        complete_failed(world, event);
    else
        complete_tailed(world, event);
    event_free(event);
}

static void toggle_store(struct world *world)
{
    world->store_up = !world->store_up;
    world_do(world, &(struct command){.type = COMMAND_STORE, .store_up = world->store_up});
}

void world_step(struct world *world)
{
    world->now_ms += pick(world, 50);
    if (world->queued > QUEUE / 2 || (world->queued > 0 && pick(world, 4) == 0)) {
        for (unsigned n = 1 + pick(world, 8); n > 0; n--)
            complete_one(world);
        return;
    }
    if (pick(world, world->store_up ? 400 : 20) == 0) {
        toggle_store(world);
        return;
    }
    struct person *person = &world->people[pick(world, SESSIONS)];
    if (person->id == SESSION_NONE)
        world_connect(world, person);
    else
        world_act(world, person);
}

void world_settle(struct world *world)
{
    while (world->queued > 0)
        complete_one(world);
    struct table_walk walk = {0};
    for (const struct room *room; (room = hub_next_room(world->hub, &walk)) != NULL;) {
        assert(room->member_count == room->seated_count);
        assert(room->in_flight == 0);
    }
    for (size_t i = 0; i < SESSIONS; i++)
        assert(hub_in_flight(world->hub, world->people[i].id) == 0);
}

struct world_counts world_counts(const struct world *world)
{
    return world->counts;
}

struct world *world_new(uint64_t seed, struct chance chance)
{
    struct world *world = xcalloc(1, sizeof *world);
    struct hub_config config = hub_config_default();
    config.max_sessions = SESSIONS - 2;
    config.max_connections = 3;
    config.max_rooms = ROOMS - 1;
    config.max_rooms_per_session = ROOMS - 2;
    config.max_nick_bytes = 8;
    config.max_room_name_bytes = 16;
    config.max_topic_bytes = 20;
    config.max_text_bytes = 20;
    config.rejoin = true;
    world->hub = hub_new(&config, seed);
    hub_own(world->hub, "ada", "Ada");
    world->chance = chance;
    world->now_ms = 1;
    world->store_up = true;
    outbox_init(&world->box);
    return world;
}

void world_free(struct world *world)
{
    for (size_t i = 0; i < world->queued; i++)
        event_free(world->queue[i]);
    for (size_t i = 0; i < world->said_count; i++)
        event_free(world->said[i]);
    for (size_t i = 0; i < world->log_count; i++)
        free(world->logs[i]);
    outbox_release(&world->box);
    hub_free(world->hub);
    free(world);
}
