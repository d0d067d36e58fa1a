#include "tests/sim/world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/alloc.h"
#include "server/core/hub.h"

enum {
    SESSIONS = 12,
    ROOMS = 7,
    QUEUE = 4096,
};

static const char *const room_names[ROOMS] = {"#lobby", "#tea", "#ops", "#Ops2", "#ünder", "#x",
                                              "#nowhere"};
static const char *const odd_rooms[] = {"#OPS", "tea", "#", "#a b", "#a,b",
                                        "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const char *const nicks[] = {"ada", "Ada", "ADA", "bob",  "cy",   "dän",
                                    "DÄN", "eve", "1st", "a b", "", "-dash"};

/* What the world believes of one session. */
struct person {
    uint64_t id; /* SESSION_NONE: nobody there */
    bool named;
    bool entered;
    bool seated[ROOMS];
    unsigned got;  /* deliveries of the entry at hand */
    unsigned told; /* of the quit or nick change that told_id names */
    char told_id[EVENT_ID_MAX];
};

struct world {
    struct hub *hub;
    struct chance chance;
    struct outbox box;
    struct person people[SESSIONS];
    uint64_t generation;
    int64_t now_ms;
    bool store_up;
    struct event *queue[QUEUE];
    size_t queued;
    unsigned echoes; /* NOTE_SPOKEN in this step */
    struct world_counts counts;
};

static unsigned pick(struct world *world, unsigned below)
{
    return world->chance.pick(world->chance.ctx, below);
}

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

static int room_index(const char *name)
{
    for (int i = 0; i < ROOMS; i++) {
        if (strcasecmp(room_names[i], name) == 0)
            return i;
    }
    return -1;
}

static void take_delivery(struct world *world, const struct effect *effect)
{
    for (size_t i = 0; i < effect->recipient_count; i++) {
        if (effect->recipients[i] == effect->except)
            continue;
        struct person *person = person_of(world, effect->recipients[i]);
        if (person == NULL)
            continue; /* gone: the pump finds nobody either */
        person->got++;
        world->counts.delivered++;
    }
}

static void take_note(struct world *world, const struct effect *effect)
{
    struct person *person = person_of(world, effect->session);
    if (person == NULL) {
        /* Only one whom the hub did not even let in may be unknown. */
        assert(effect->note.refusal == REFUSED_NO_MORE_SESSIONS);
        return;
    }
    switch (effect->note.type) {
    case NOTE_NAMED:
        person->named = true;
        break;
    case NOTE_ENTERED:
        person->entered = true;
        break;
    case NOTE_SPOKEN:
        world->echoes++;
        break;
    default:
        break;
    }
}

static void take_effects(struct world *world)
{
    for (size_t i = 0; i < world->box.count; i++) {
        const struct effect *effect = &world->box.effects[i];
        switch (effect->type) {
        case EFFECT_APPEND:
            assert(world->queued < QUEUE);
            world->queue[world->queued++] = event_new(&effect->event);
            break;
        case EFFECT_DELIVER:
            take_delivery(world, effect);
            break;
        case EFFECT_NOTE:
            take_note(world, effect);
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

static void step(struct world *world, const struct command *command)
{
    for (size_t i = 0; i < SESSIONS; i++)
        world->people[i].got = 0;
    world->echoes = 0;
    outbox_reset(&world->box);
    hub_step(world->hub, world->now_ms, command, &world->box);
    take_effects(world);
    hub_check(world->hub);
}

/* Nobody but those in the room sees an entry, and they see it once. */
static void expect_room(struct world *world, const struct event *event, int room)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        const struct person *person = &world->people[i];
        bool own_speech = event->type == EVENT_SPEECH && person->id == event->session;
        assert(person->got == (person->seated[room] && !own_speech ? 1U : 0U));
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

static void expect_private(struct world *world, const struct event *event)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        const struct person *person = &world->people[i];
        bool due = person->id != SESSION_NONE && person->id == event->peer &&
                   event->peer != event->session;
        assert(person->got == (due ? 1U : 0U));
    }
    assert(world->echoes == (person_of(world, event->session) != NULL ? 1U : 0U));
}

static void complete_tailed(struct world *world, const struct event *event)
{
    struct person *actor = person_of(world, event->session);
    int room = room_index(event->log);
    if (event->type == EVENT_JOIN && actor != NULL)
        actor->seated[room] = true;
    step(world, &(struct command){.type = COMMAND_TAILED, .event = event});
    world->counts.tailed++;
    if (room < 0)
        expect_private(world, event);
    else if (event->type == EVENT_QUIT || event->type == EVENT_NICK)
        expect_once(world, event, room);
    else
        expect_room(world, event, room);
    if (event->type == EVENT_PART && actor != NULL)
        actor->seated[room] = false;
}

static void complete_failed(struct world *world, const struct event *event)
{
    step(world, &(struct command){.type = COMMAND_FAILED, .event = event});
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
    bool may_fail = event->type != EVENT_QUIT && event->type != EVENT_NICK;
    if (may_fail && pick(world, 16) == 0)
        complete_failed(world, event);
    else
        complete_tailed(world, event);
    event_free(event);
}

static void connect_somebody(struct world *world, struct person *person)
{
    *person = (struct person){0};
    uint64_t slot = (uint64_t)(person - world->people);
    person->id = ++world->generation << SESSION_SLOT_BITS | slot;
    step(world, &(struct command){
                    .type = COMMAND_CONNECT, .session = person->id, .host = "host.example"});
    if (hub_session(world->hub, person->id) == NULL)
        *person = (struct person){0};
}

static const char *any_room(struct world *world)
{
    if (pick(world, 12) == 0)
        return odd_rooms[pick(world, sizeof odd_rooms / sizeof odd_rooms[0])];
    return room_names[pick(world, ROOMS)];
}

static const char *any_nick(struct world *world)
{
    return nicks[pick(world, sizeof nicks / sizeof nicks[0])];
}

static void speak(struct world *world, const struct person *person)
{
    static const char *const texts[] = {"hello", "", "née", "a longer line than the others"};
    step(world, &(struct command){
                    .type = COMMAND_SPEAK,
                    .session = person->id,
                    .target = pick(world, 4) == 0 ? any_nick(world) : any_room(world),
                    .speech = (enum speech)pick(world, SPEECH_ANSWER + 1),
                    .text = texts[pick(world, 4)],
                });
}

static void command_of(struct world *world, const struct person *person)
{
    if (pick(world, 200) == 0) {
        step(world, &(struct command){
                        .type = COMMAND_LEAVE, .session = person->id, .text = "bye"});
        return;
    }
    if (hub_in_flight(world->hub, person->id) > 0) {
        speak(world, person);
        return;
    }
    struct command command = {.session = person->id};
    /* Newcomers mostly do what lets them in. */
    switch (pick(world, person->entered ? 8 : 3)) {
    case 0:
        command.type = COMMAND_NAME;
        command.text = any_nick(world);
        break;
    case 1:
        command.type = COMMAND_ENTER;
        command.user = "user";
        command.realname = "Real Name";
        break;
    case 2:
    case 3:
        command.type = COMMAND_JOIN;
        command.target = any_room(world);
        break;
    case 4:
        command.type = COMMAND_PART;
        command.target = any_room(world);
        command.text = pick(world, 2) == 0 ? "reason" : NULL;
        break;
    case 5:
        command.type = COMMAND_TOPIC;
        command.target = any_room(world);
        command.text = pick(world, 2) == 0 ? "" : "a topic thät is cut off at some point";
        break;
    default:
        speak(world, person);
        return;
    }
    step(world, &command);
}

static void toggle_store(struct world *world)
{
    world->store_up = !world->store_up;
    step(world, &(struct command){.type = COMMAND_STORE, .store_up = world->store_up});
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
        connect_somebody(world, person);
    else
        command_of(world, person);
}

void world_settle(struct world *world)
{
    while (world->queued > 0)
        complete_one(world);
    struct table_walk walk = {0};
    for (const struct room *room; (room = hub_next_room(world->hub, &walk)) != NULL;) {
        assert(room->member_count == room->roster_count);
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
    config.max_rooms = ROOMS - 1;
    config.max_rooms_per_session = ROOMS - 2;
    config.max_nick_bytes = 8;
    config.max_room_name_bytes = 16;
    config.max_topic_bytes = 20;
    config.max_text_bytes = 20;
    world->hub = hub_new(&config, seed);
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
    outbox_release(&world->box);
    hub_free(world->hub);
    free(world);
}
