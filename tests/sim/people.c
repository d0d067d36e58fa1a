/* What the people of the world do, by chance. */
#include <assert.h>
#include <string.h>

#include "tests/sim/world_internal.h"

static const char *const room_names[ROOMS] = {"#lobby", "#tea", "#ops",    "#Ops2",
                                              "#ünder", "#x",   "#nowhere"};
static const char *const odd_rooms[] = {
    "#OPS", "tea",  "#",
    "#a b", "#a,b", "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const char *const nicks[] = {"ada", "Ada", "ADA", "bob", "cy", "dän",
                                    "DÄN", "eve", "1st", "a b", "",   "-dash"};

void world_connect(struct world *world, struct person *person)
{
    *person = (struct person){0};
    uint64_t slot = (uint64_t)(person - world->people);
    person->id = ++world->generation << SESSION_SLOT_BITS | slot;
    world_do(world, &(struct command){
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
    world_do(world, &(struct command){
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
            .until_ms = pick(world, 3) > 0 ? 0 : world->now_ms + 1 + pick(world, 2000),
        };
    }
    command->type = COMMAND_MODE;
    command->target = any_room(world);
    command->changes = changes;
    command->change_count = count;
    world_do(world, command);
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
    world_do(world, command);
}

static const struct event *any_said(struct world *world)
{
    return world->said_count > 0 ? world->said[pick(world, (unsigned)world->said_count)] : NULL;
}

/* Somebody takes back what he, or somebody else, said; the hub decides. */
static void redact(struct world *world, struct command *command)
{
    const struct event *said = any_said(world);
    if (said == NULL)
        return;
    command->type = COMMAND_REDACT;
    command->target = said->target;
    command->event = said;
    command->text = pick(world, 2) == 0 ? "spam" : NULL;
    world_do(world, command);
}

/* A mark goes forward, or stays. */
static void mark(struct world *world, struct command *command)
{
    command->type = COMMAND_MARK;
    command->target = pick(world, 3) == 0 ? any_nick(world) : any_room(world);
    command->time_ms = 1 + pick(world, 4 * 1000 * 1000);
    int64_t before_ms = hub_mark(world->hub, command->session, command->target);
    world_do(world, command);
    int64_t after_ms = hub_mark(world->hub, command->session, command->target);
    assert(after_ms >= before_ms && after_ms <= world->now_ms);
}

/* Names come to belong to somebody, or to nobody; those who go by them now keep them. */
static void own(struct world *world)
{
    static const char *const accounts[] = {"Ada", "Bob", NULL};
    const struct command command = {
        .type = COMMAND_OWN, .text = any_nick(world), .object = accounts[pick(world, 3)]};
    world_do(world, &command);
    const char *owner = hub_owner(world->hub, command.text);
    assert(command.object != NULL || owner == NULL);
}

/* Operators of the server keep people out, know them, and release names; and time ends some of that. */
static void govern(struct world *world, struct command *command)
{
    static const enum command_type types[] = {COMMAND_BAN,  COMMAND_UNBAN,   COMMAND_KILL,
                                              COMMAND_KNOW, COMMAND_RELEASE, COMMAND_EMPOWER};
    static const char *const masks[] = {"bob!*@*", "~a:Bob", "10.0.0.0/8", "*@host.example", "x!"};
    world_do(world, &(struct command){.type = COMMAND_TICK});
    command->type = types[pick(world, 6)];
    command->object = pick(world, 3) == 0 ? any_nick(world) : masks[pick(world, 5)];
    command->text = "a reason";
    command->until_ms = pick(world, 4) == 0 ? 0 : world->now_ms + 1 + pick(world, 2000);
    command->set = pick(world, 4);
    command->clear = pick(world, 4);
    if (command->type == COMMAND_KNOW && pick(world, 4) == 0)
        command->session = SESSION_NONE;
    world_do(world, command);
}

void world_act(struct world *world, const struct person *person)
{
    if (pick(world, 200) == 0) {
        world_do(world,
                 &(struct command){.type = COMMAND_LEAVE, .session = person->id, .text = "bye"});
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
        world_do(world, &command);
        return;
    }
    switch (pick(world, person->entered ? 16 : 3)) {
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
    case 8:
    case 9:
        redact(world, &command);
        return;
    case 10:
        mark(world, &command);
        return;
    case 11:
        if (pick(world, 8) == 0)
            own(world);
        else if (pick(world, 8) == 0)
            govern(world, &command);
        return;
    default:
        speak(world, person);
        return;
    }
    world_do(world, &command);
}
