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
    LOGS = 2048, /* rooms are renamed so rarely that no run has more logs */
};

static const char *const room_names[ROOMS] = {"#lobby", "#tea", "#ops",    "#Ops2",
                                              "#ünder", "#x",   "#nowhere"};
static const char *const odd_rooms[] = {
    "#OPS", "tea",  "#",
    "#a b", "#a,b", "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const char *const nicks[] = {"ada", "Ada", "ADA", "bob", "cy", "dän",
                                    "DÄN", "eve", "1st", "a b", "",   "-dash"};

/* What the world believes of one connection. */
struct person {
    uint64_t id;      /* SESSION_NONE: nobody there */
    uint64_t session; /* whose connection it is, once it has entered */
    bool named;
    bool entered;
    bool seated[LOGS];
    unsigned got; /* deliveries of the entry at hand */
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
    char *logs[LOGS]; /* of rooms, as they came up */
    size_t log_count;
    enum command_type stepping;
    unsigned echoes; /* NOTE_SPOKEN in this step */
    unsigned joined; /* NOTE_JOINED in it */
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
        person->session = hub_session(world->hub, person->id)->id;
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
        case EFFECT_KEEP:
            assert(strncmp(effect->key, HUB_ROOM_FACT, strlen(HUB_ROOM_FACT)) == 0 ||
                   strncmp(effect->key, HUB_HAUNT_FACT, strlen(HUB_HAUNT_FACT)) == 0 ||
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

static void step(struct world *world, const struct command *command)
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
    uint64_t actor = session != NULL ? session->id : SESSION_NONE;
    int room = log_index(world, event);
    unsigned joined = event->type == EVENT_JOIN ? seat_all(world, actor, room, true) : 0;
    step(world, &(struct command){.type = COMMAND_TAILED, .event = event});
    world->counts.tailed++;
    assert(world->joined == joined);
    if (room < 0)
        expect_private(world, event, actor);
    else if (event->type == EVENT_QUIT || event->type == EVENT_NICK)
        expect_once(world, event, room);
    else
        expect_room(world, event, room);
    if (event->type == EVENT_PART || event->type == EVENT_KICK)
        seat_all(world, event->type == EVENT_KICK ? event->peer : actor, room, false);
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
    /* A store that is up refuses no change of state. */
    bool may_fail = event->type == EVENT_SPEECH || event->type == EVENT_JOIN;
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
    step(world,
         &(struct command){.type = COMMAND_CONNECT, .session = person->id, .host = "host.example"});
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
                    .speech = (enum speech)pick(world, SPEECH_TAGS + 1),
                    .rank = pick(world, 8) == 0 ? RANK_VOICE : 0,
                    .text = texts[pick(world, 4)],
                });
}

static void change_modes(struct world *world, struct command *command)
{
    static const char letters[] = "CIMRabehiklmnopqstvX";
    static const char *const arguments[] = {"3", "a b", "~m:bob", "*!*@host.example", ""};
    struct mode_change changes[3];
    size_t count = 1 + pick(world, 3);
    for (size_t i = 0; i < count; i++) {
        changes[i] = (struct mode_change){
            .letter = letters[pick(world, sizeof letters - 1)],
            .add = pick(world, 3) > 0,
            .argument = pick(world, 3) > 0 ? any_nick(world) : arguments[pick(world, 5)],
        };
    }
    command->type = COMMAND_MODE;
    command->target = any_room(world);
    command->changes = changes;
    command->change_count = count;
    step(world, command);
}

/* Commands that concern another person, or the person itself. */
static void command_among_people(struct world *world, struct command *command)
{
    static const enum command_type types[] = {
        COMMAND_KICK, COMMAND_KICK,    COMMAND_INVITE,  COMMAND_KNOCK,   COMMAND_AWAY,
        COMMAND_SIGN, COMMAND_WATCH,   COMMAND_FLAGS,   COMMAND_UNWATCH, COMMAND_REALNAME,
        COMMAND_KILL, COMMAND_WALLOPS, COMMAND_ACCOUNT, COMMAND_TRAIT,
    };
    command->type = types[pick(world, sizeof types / sizeof types[0])];
    command->target = any_room(world);
    command->object = any_nick(world);
    command->text = pick(world, 2) == 0 ? "words" : "other words";
    command->tags = "+typing=active";
    command->set = pick(world, 16);
    command->clear = pick(world, 8);
    if (command->type == COMMAND_TRAIT) {
        static const char *const traits[] = {"avatar", "pronouns", "url", "no", NULL};
        command->target = pick(world, 2) == 0 ? NULL : command->target;
        command->object = traits[pick(world, 5)];
        command->text = pick(world, 3) == 0 ? NULL : command->text;
    }
    if (command->type == COMMAND_UNWATCH && pick(world, 2) == 0)
        command->object = NULL;
    if (command->type == COMMAND_KILL && pick(world, 8) == 0)
        command->type = COMMAND_EMPOWER;
    if (pick(world, 400) == 0) {
        command->type = COMMAND_RENAME;
        command->target = any_room(world);
        command->object = any_room(world);
    }
    step(world, command);
}

static void command_of(struct world *world, const struct person *person)
{
    if (pick(world, 200) == 0) {
        step(world, &(struct command){.type = COMMAND_LEAVE, .session = person->id, .text = "bye"});
        return;
    }
    if (hub_in_flight(world->hub, person->id) > 0) {
        speak(world, person);
        return;
    }
    struct command command = {.session = person->id};
    /* Newcomers mostly do what lets them in. */
    if (!person->entered && pick(world, 4) == 0) {
        command.type = COMMAND_ACCOUNT;
        command.text = pick(world, 2) == 0 ? "ada" : "Bob";
        step(world, &command);
        return;
    }
    switch (pick(world, person->entered ? 12 : 3)) {
    case 0:
        command.type = COMMAND_NAME;
        command.text = any_nick(world);
        command.unproven = pick(world, 2) == 0;
        break;
    case 1:
        command.type = COMMAND_ENTER;
        command.user = "user";
        command.text = "Real Name";
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
    case 6:
        change_modes(world, &command);
        return;
    case 7:
        command_among_people(world, &command);
        return;
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
    for (size_t i = 0; i < world->log_count; i++)
        free(world->logs[i]);
    outbox_release(&world->box);
    hub_free(world->hub);
    free(world);
}
