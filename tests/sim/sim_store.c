/* A seeded random run of the hub over the log on disk, with crashes and failing disks between any two
 * steps: sim_store [SEED [STEPS]]. Stops in an assertion that names the broken invariant:
 *
 *  - what anyone was shown is in the log, at its position, after any crash
 *  - positions have no gaps, and no entry is there twice
 *  - what people say again after a crash, until they see it, is said exactly once
 *  - what was taken back is not there to be read
 *  - a name stays its owner's, and a mark where it was */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/scratch.h"
#include "tests/sim/household.h"
#include "tests/unit/faulty_vfs.h"

enum {
    ROUND_STEPS = 5000, /* then all is settled, looked through, and a new directory begun */
    TEXT_BYTES = 24,
};

/* People. */

static size_t new_wish(struct sim *sim, int person)
{
    if (sim->wish_count == sim->wish_size) {
        sim->wish_size = sim->wish_size ? 2 * sim->wish_size : 64;
        sim->wishes = xreallocarray(sim->wishes, sim->wish_size, sizeof *sim->wishes);
    }
    sim->wishes[sim->wish_count] =
        (struct wish){.person = person, .target = (int)sim_pick(sim, ROOMS + PEOPLE)};
    return sim->wish_count++;
}

static void speak(struct sim *sim, size_t number)
{
    struct wish *wish = &sim->wishes[number];
    char text[TEXT_BYTES], client_id[TEXT_BYTES];
    snprintf(text, sizeof text, "w%zu", number);
    snprintf(client_id, sizeof client_id, "c%zu", number);
    bool room = wish->target < ROOMS;
    sim_step(sim, &(struct command){.type = COMMAND_SPEAK,
                                    .session = sim->sessions[wish->person],
                                    .target = room ? sim_rooms[wish->target]
                                                   : sim_nicks[wish->target - ROOMS],
                                    .text = text,
                                    .client_id = client_id});
    wish->sent = sim->appended;
}

/* The oldest wish of theirs that is not on its way, or a new one. */
static void speak_up(struct sim *sim, int person)
{
    for (size_t i = 0; i < sim->wish_count; i++) {
        const struct wish *wish = &sim->wishes[i];
        if (wish->person == person && !wish->sent && !wish->seen && sim_pick(sim, 3) > 0) {
            speak(sim, i);
            return;
        }
    }
    speak(sim, new_wish(sim, person));
}

/* The others go by a nick alone. */
static bool has_account(int person)
{
    return person % 2 == 0;
}

/* Takes back something of what was said, whoever said it: the hub decides. */
static void redact(struct sim *sim, int person)
{
    if (sim->wish_count == 0)
        return;
    struct wish *wish = &sim->wishes[sim_pick(sim, (unsigned)sim->wish_count)];
    if (!wish->seen || wish->target >= ROOMS)
        return;
    const char *author = sim_nicks[wish->person];
    const struct event entry = {
        .type = EVENT_SPEECH,
        .position = 1,
        .time_ms = wish->time_ms,
        .who = {.nick = author, .account = has_account(wish->person) ? author : NULL},
        .log = sim_rooms[wish->target],
        .target = sim_rooms[wish->target],
        .text = "w",
        .redacted = wish->gone,
    };
    struct event read = entry;
    memcpy(read.id, wish->id, EVENT_ID_MAX);
    sim_step(sim, &(struct command){.type = COMMAND_REDACT,
                                    .session = sim->sessions[person],
                                    .target = entry.target,
                                    .event = &read});
    wish->doomed |= sim->appended;
}

static void mark(struct sim *sim, int person)
{
    int room = (int)sim_pick(sim, ROOMS);
    sim_step(sim, &(struct command){.type = COMMAND_MARK,
                                    .session = sim->sessions[person],
                                    .target = sim_rooms[room],
                                    .time_ms = sim->now_ms - sim_pick(sim, 1000)});
    int64_t mark = hub_mark(sim->hub, sim->sessions[person], sim_rooms[room]);
    assert(mark >= sim->marks[person][room]);
    sim->marked += mark > sim->marks[person][room];
    sim->marks[person][room] = mark;
}

/* Asks for his own name, or for that of somebody who has it. */
static void claim(struct sim *sim, int person)
{
    int other = (int)sim_pick(sim, PEOPLE);
    sim_claim(sim, sim->owned[other] ? other : person, person);
}

static void arrive(struct sim *sim, int person)
{
    uint64_t session = sim->sessions[person];
    if (session == SESSION_NONE) {
        sim->sessions[person] = ++sim->generation << SESSION_SLOT_BITS | (uint64_t)person;
        session = sim->sessions[person];
        sim_step(sim, &(struct command){
                          .type = COMMAND_CONNECT, .session = session, .host = "host.example"});
        if (has_account(person))
            sim_step(sim, &(struct command){.type = COMMAND_ACCOUNT,
                                            .session = session,
                                            .text = sim_nicks[person],
                                            .made_ms = 1});
        sim_step(sim, &(struct command){
                          .type = COMMAND_NAME, .session = session, .text = sim_nicks[person]});
    } else {
        sim_step(sim, &(struct command){.type = COMMAND_ENTER,
                                        .session = session,
                                        .user = "user",
                                        .text = "Real Name"});
    }
}

static void act(struct sim *sim, int person)
{
    uint64_t session = sim->sessions[person];
    if (!sim->entered[person]) {
        arrive(sim, person);
        return;
    }
    unsigned what = sim_pick(sim, 20);
    /* A connection is lost at any time; all else waits for what is in flight. */
    if (what > 8 || (what < 8 && hub_in_flight(sim->hub, session) > 0)) {
        speak_up(sim, person);
        return;
    }
    if (what < 8 && sim_pick(sim, 2) == 0) {
        if (what < 4)
            redact(sim, person);
        else if (has_account(person))
            (what < 6 ? mark : claim)(sim, person);
        return;
    }
    struct command command = {
        .session = session, .target = sim_rooms[sim_pick(sim, ROOMS)], .text = "x"};
    command.type = what < 5 ? COMMAND_JOIN : what < 6 ? COMMAND_PART : COMMAND_TOPIC;
    if (what == 8)
        command = (struct command){.type = COMMAND_LEAVE, .session = session, .text = "bye"};
    sim_step(sim, &command);
    if (command.type == COMMAND_LEAVE) {
        sim->entered[person] = false;
        /* Its echoes find nobody: after coming back it says all that anew. */
        for (size_t i = 0; i < sim->wish_count; i++) {
            if (sim->wishes[i].person == person)
                sim->wishes[i].sent = false;
        }
    }
}

static void live(struct sim *sim)
{
    sim->now_ms += sim_pick(sim, 20);
    unsigned what = sim_pick(sim, 1000);
    if (what < 3)
        sim_crash(sim);
    else if (what < (sim->failing ? 100 : 8))
        sim_disk_fails(sim);
    else if (what < 300)
        sim_turn(sim);
    else
        act(sim, (int)sim_pick(sim, PEOPLE));
}

/* Everybody says what is left until all is seen; then each wish is in the log once. */
static void settle(struct sim *sim)
{
    faulty_vfs_disarm();
    sim->failing = false;
    sim_crash(sim);
    store_poll(sim->store);
    for (int person = 0; person < PEOPLE; person++) {
        while (!sim->entered[person])
            arrive(sim, person);
        for (int room = 0; room < ROOMS; room++) {
            sim_step(sim, &(struct command){.type = COMMAND_JOIN,
                                            .session = sim->sessions[person],
                                            .target = sim_rooms[room]});
            store_commit(sim->store);
            store_poll(sim->store);
        }
    }
    for (size_t i = 0; i < sim->wish_count; i++) {
        if (!sim->wishes[i].seen)
            speak(sim, i);
    }
    store_commit(sim->store);
    store_poll(sim->store);
    unsigned char *said = xcalloc(sim->wish_count, 1);
    shown_check(sim, said);
    for (size_t i = 0; i < sim->wish_count; i++)
        assert(sim->wishes[i].seen && said[i] == 1);
    free(said);
}

static void run_round(struct sim *sim, unsigned long steps)
{
    strcpy(sim->dir, "/tmp/snug-sim-XXXXXX");
    scratch_make(sim->dir);
    sim_begin(sim);
    for (unsigned long i = 0; i < steps; i++)
        live(sim);
    settle(sim);
    sim_end(sim);
    scratch_remove(sim->dir);
    shown_release(sim);
    sim->wish_count = 0;
    memset(sim->owned, 0, sizeof sim->owned);
    memset(sim->marks, 0, sizeof sim->marks);
    memset(sim->kept_marks, 0, sizeof sim->kept_marks);
}

static void run(uint64_t seed, unsigned long steps)
{
    struct sim sim = {.chance = seed, .now_ms = 1795167660000};
    outbox_init(&sim.box);
    for (unsigned long done = 0; done < steps; done += ROUND_STEPS)
        run_round(&sim, ROUND_STEPS);
    printf("seed %llu: %lu steps, %lu crashes, %lu failures, %lu said again, %lu shown, "
           "%lu taken back, %lu marks\n",
           (unsigned long long)seed, steps, sim.crashes, sim.failures, sim.repeated, sim.shown,
           sim.redacted, sim.marked);
    /* A run in which nothing happened would prove nothing. */
    assert(sim.crashes > 0 && sim.failures > 0 && sim.repeated > 0 && sim.shown > 0 &&
           sim.redacted > 0 && sim.marked > 0);
    free(sim.wishes);
    outbox_release(&sim.box);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    unsigned long steps = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
    faulty_vfs_register();
    run(seed, steps);
    return 0;
}
