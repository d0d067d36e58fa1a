/* A seeded random run of the hub over the log on disk, with crashes and failing disks between any two
 * steps: sim_store [SEED [STEPS]]. Stops in an assertion that names the broken invariant:
 *
 *  - what anyone was shown is in the log, at its position, after any crash
 *  - positions have no gaps, and no entry is there twice
 *  - what people say again after a crash, until they see it, is said exactly once */
#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/core/hub.h"
#include "server/store/store.h"
#include "tests/unit/faulty_vfs.h"

enum {
    PEOPLE = 6,
    ROOMS = 3,
    LOGS = ROOMS + PEOPLE * PEOPLE,
    ROUND_STEPS = 5000, /* then all is settled, looked through, and a new directory begun */
    TEXT_BYTES = 24,
};

static const char *const rooms[ROOMS] = {"#lobby", "#tea", "#ops"};
static const char *const nicks[PEOPLE] = {"ada", "bob", "cy", "dan", "eve", "fay"};

/* What somebody wants to be said. */
struct wish {
    int person;
    int target; /* a room's index, or ROOMS + a person's */
    bool sent;  /* in this life of the server */
    bool seen;  /* its echo */
};

/* What was shown of a log: the ids of its entries by position. */
struct shown {
    char *log;
    char (*ids)[EVENT_ID_MAX];
    size_t size;
    uint64_t last; /* position */
};

struct sim {
    uint64_t chance;
    char dir[40];
    int64_t now_ms;
    struct hub *hub;
    struct store *store;
    struct outbox box;
    uint64_t generation;
    uint64_t sessions[PEOPLE]; /* SESSION_NONE: not there */
    bool entered[PEOPLE];
    bool appended; /* by the step at hand */
    bool failing;
    bool dead; /* the disk has done it, and nobody is told any more */
    struct wish *wishes;
    size_t wish_count, wish_size;
    struct shown logs[LOGS];
    /* While a log is looked through: */
    struct shown *looked_at;
    unsigned char *said; /* how often, by wish */
    uint64_t next;       /* position */
    bool answered;
    unsigned long crashes, failures, repeated, shown;
};

static unsigned pick(struct sim *sim, unsigned below)
{
    sim->chance = sim->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((sim->chance >> 33) % below);
}

static struct shown *log_of(struct sim *sim, const char *name)
{
    size_t i = 0;
    while (i < LOGS && sim->logs[i].log && strcmp(sim->logs[i].log, name) != 0)
        i++;
    assert(i < LOGS);
    if (!sim->logs[i].log)
        sim->logs[i].log = xstrdup(name);
    return &sim->logs[i];
}

/* Somebody has seen the entry: from now on it must stay what it is. */
static void show(struct sim *sim, const struct event *event)
{
    if (event->type > EVENT_LOGGED_LAST)
        return;
    struct shown *log = log_of(sim, event->log);
    assert(event->position > 0);
    if (event->position >= log->size) {
        size_t size = 2 * event->position + 64;
        log->ids = xreallocarray(log->ids, size, sizeof *log->ids);
        memset(log->ids + log->size, 0, (size - log->size) * sizeof *log->ids);
        log->size = size;
    }
    char *id = log->ids[event->position];
    assert(id[0] == '\0' || strcmp(id, event->id) == 0);
    strcpy(id, event->id);
    if (event->position > log->last)
        log->last = event->position;
    sim->shown++;
}

static struct wish *wish_of(struct sim *sim, const struct event *event)
{
    assert(event->type == EVENT_SPEECH && event->text[0] == 'w');
    size_t number = strtoul(event->text + 1, NULL, 10);
    assert(number < sim->wish_count);
    return &sim->wishes[number];
}

static void take_note(struct sim *sim, const struct effect *effect)
{
    int person = 0;
    while (sim->sessions[person] != effect->session)
        person++;
    if (effect->note.type == NOTE_ENTERED)
        sim->entered[person] = true;
    if (effect->note.type != NOTE_SPOKEN)
        return;
    struct wish *wish = wish_of(sim, &effect->event);
    assert(wish->person == person && wish->sent && !wish->seen);
    wish->seen = true;
    show(sim, &effect->event);
}

static void take_effect(struct sim *sim, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_APPEND:
        sim->appended = true;
        if (store_append(sim->store, &effect->event) != STORE_OK)
            sim->appended = false;
        break;
    case EFFECT_DELIVER:
        show(sim, &effect->event);
        break;
    case EFFECT_NOTE:
        take_note(sim, effect);
        break;
    case EFFECT_KEEP:
        store_put(sim->store, effect->key, effect->value,
                  effect->value ? strlen(effect->value) : 0);
        break;
    case EFFECT_AUDIT:
        break;
    case EFFECT_END:
        for (int i = 0; i < PEOPLE; i++) {
            if (sim->sessions[i] == effect->session)
                sim->sessions[i] = SESSION_NONE;
        }
        break;
    }
}

static void step(struct sim *sim, const struct command *command)
{
    outbox_reset(&sim->box);
    sim->appended = false;
    hub_step(sim->hub, sim->now_ms, command, &sim->box);
    for (size_t i = 0; i < sim->box.count; i++)
        take_effect(sim, &sim->box.effects[i]);
    hub_check(sim->hub);
}

/* What the store tells. */

static void on_state(void *ctx, enum store_state state, const char *reason)
{
    (void)reason;
    if (((struct sim *)ctx)->dead)
        return;
    step(ctx, &(struct command){.type = COMMAND_STORE, .store_up = state == STORE_UP});
}

static void on_tailed(void *ctx, const struct event *event)
{
    if (((struct sim *)ctx)->dead)
        return;
    step(ctx, &(struct command){.type = COMMAND_TAILED, .event = event});
}

static void on_repeated(void *ctx, const struct event *event, const struct event *first)
{
    struct sim *sim = ctx;
    if (sim->dead)
        return;
    sim->repeated++;
    step(sim, &(struct command){.type = COMMAND_REPEATED, .event = event, .first = first});
}

static void on_failed(void *ctx, const struct event *event)
{
    struct sim *sim = ctx;
    if (sim->dead)
        return;
    sim->failures++;
    if (event->type == EVENT_SPEECH)
        wish_of(sim, event)->sent = false;
    step(sim, &(struct command){.type = COMMAND_FAILED, .event = event});
}

static void on_page(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                    size_t count)
{
    struct sim *sim = ctx;
    (void)token;
    assert(result == STORE_OK);
    sim->answered = true;
    for (size_t i = 0; i < count; i++) {
        const struct shown *log = sim->looked_at;
        uint64_t position = events[i].position;
        assert(position == sim->next);
        if (position < log->size && log->ids[position][0] != '\0')
            assert(strcmp(log->ids[position], events[i].id) == 0);
        if (events[i].type == EVENT_SPEECH) {
            struct wish *wish = wish_of(sim, &events[i]);
            assert(sim->said[wish - sim->wishes]++ == 0);
        }
        sim->next++;
    }
}

static void restore_room(void *ctx, const char *key, const void *value, size_t len)
{
    struct sim *sim = ctx;
    (void)key;
    (void)len;
    bool restored = hub_restore_room(sim->hub, value);
    assert(restored);
    (void)restored;
}

/* The server's life. */

static void begin(struct sim *sim)
{
    struct store_listener listener = {.ctx = sim,
                                      .state = on_state,
                                      .tailed = on_tailed,
                                      .repeated = on_repeated,
                                      .failed = on_failed,
                                      .page = on_page};
    struct store_options options = store_options_default();
    struct hub_config config = hub_config_default();
    struct str error;
    str_init(&error, 1000);
    options.durability = STORE_PROCESS;
    options.in_poll = true;
    options.vfs = FAULTY_VFS;
    config.lobby = rooms[0];
    sim->hub = hub_new(&config, ++sim->generation);
    sim->store = store_open(sim->dir, &listener, &options, &error);
    if (!sim->store) {
        fprintf(stderr, "%s\n", error.data);
        abort();
    }
    str_release(&error);
    store_each_fact(sim->store, HUB_ROOM_FACT, restore_room, sim);
    for (size_t i = 0; i < sim->wish_count; i++)
        sim->wishes[i].sent = false;
    memset(sim->entered, 0, sizeof sim->entered);
    memset(sim->sessions, 0, sizeof sim->sessions);
}

static void end(struct sim *sim)
{
    store_free(sim->store);
    hub_free(sim->hub);
}

/* All entries of all logs, in order. */
static void look_through(struct sim *sim)
{
    sim->said = xcalloc(sim->wish_count, 1);
    for (size_t i = 0; i < LOGS && sim->logs[i].log; i++) {
        sim->looked_at = &sim->logs[i];
        sim->next = 1;
        for (uint64_t before = 0; before != sim->next;) {
            before = sim->next;
            sim->answered = false;
            store_read(sim->store,
                       &(struct store_query){.log = sim->logs[i].log,
                                             .span = STORE_AFTER,
                                             .from.position = sim->next - 1,
                                             .limit = STORE_PAGE_MAX},
                       0);
            store_poll(sim->store);
            assert(sim->answered);
        }
        assert(sim->next > sim->logs[i].last);
    }
}

static void crash(struct sim *sim)
{
    sim->dead = true;
    if (pick(sim, 2) == 0) {
        store_commit(sim->store);
        store_poll(sim->store);
    }
    /* The disk takes nothing more: what is written while all is freed is lost, or half there. */
    faulty_vfs_arm((struct fault){.kinds = FAULTY_ANY, .at = 1, .lasts = true});
    end(sim);
    faulty_vfs_disarm();
    sim->failing = false;
    sim->dead = false;
    sim->crashes++;
    begin(sim);
    if (pick(sim, 4) == 0) {
        look_through(sim);
        free(sim->said);
    }
}

static void disk_fails(struct sim *sim)
{
    static const int kinds[] = {FAULTY_WRITE, FAULTY_ANY, FAULTY_READ, FAULTY_LOCK};
    sim->failing = !sim->failing;
    if (sim->failing)
        faulty_vfs_arm((struct fault){
            .kinds = kinds[pick(sim, 4)], .at = 1 + pick(sim, 20), .lasts = pick(sim, 2) == 0});
    else
        faulty_vfs_disarm();
}

static void turn(struct sim *sim)
{
    store_commit(sim->store);
    if (pick(sim, 4) > 0)
        store_poll(sim->store);
    if (pick(sim, 50) == 0)
        store_tick(sim->store, sim->now_ms);
}

/* People. */

static size_t new_wish(struct sim *sim, int person)
{
    if (sim->wish_count == sim->wish_size) {
        sim->wish_size = sim->wish_size ? 2 * sim->wish_size : 64;
        sim->wishes = xreallocarray(sim->wishes, sim->wish_size, sizeof *sim->wishes);
    }
    sim->wishes[sim->wish_count] =
        (struct wish){.person = person, .target = (int)pick(sim, ROOMS + PEOPLE)};
    return sim->wish_count++;
}

static void speak(struct sim *sim, size_t number)
{
    struct wish *wish = &sim->wishes[number];
    char text[TEXT_BYTES], client_id[TEXT_BYTES];
    snprintf(text, sizeof text, "w%zu", number);
    snprintf(client_id, sizeof client_id, "c%zu", number);
    bool room = wish->target < ROOMS;
    step(sim, &(struct command){.type = COMMAND_SPEAK,
                                .session = sim->sessions[wish->person],
                                .target = room ? rooms[wish->target] : nicks[wish->target - ROOMS],
                                .text = text,
                                .client_id = client_id});
    wish->sent = sim->appended;
}

/* The oldest wish of theirs that is not on its way, or a new one. */
static void speak_up(struct sim *sim, int person)
{
    for (size_t i = 0; i < sim->wish_count; i++) {
        const struct wish *wish = &sim->wishes[i];
        if (wish->person == person && !wish->sent && !wish->seen && pick(sim, 3) > 0) {
            speak(sim, i);
            return;
        }
    }
    speak(sim, new_wish(sim, person));
}

static void arrive(struct sim *sim, int person)
{
    uint64_t session = sim->sessions[person];
    if (session == SESSION_NONE) {
        sim->sessions[person] = ++sim->generation << SESSION_SLOT_BITS | (uint64_t)person;
        session = sim->sessions[person];
        step(sim, &(struct command){
                      .type = COMMAND_CONNECT, .session = session, .host = "host.example"});
        step(sim,
             &(struct command){.type = COMMAND_NAME, .session = session, .text = nicks[person]});
    } else {
        step(sim,
             &(struct command){
                 .type = COMMAND_ENTER, .session = session, .user = "user", .text = "Real Name"});
    }
}

static void act(struct sim *sim, int person)
{
    uint64_t session = sim->sessions[person];
    if (!sim->entered[person]) {
        arrive(sim, person);
        return;
    }
    unsigned what = pick(sim, 40);
    /* A connection is lost at any time; all else waits for what is in flight. */
    if (what > 8 || (what < 8 && hub_in_flight(sim->hub, session) > 0)) {
        speak_up(sim, person);
        return;
    }
    struct command command = {.session = session, .target = rooms[pick(sim, ROOMS)], .text = "x"};
    command.type = what < 5 ? COMMAND_JOIN : what < 6 ? COMMAND_PART : COMMAND_TOPIC;
    if (what == 8)
        command = (struct command){.type = COMMAND_LEAVE, .session = session, .text = "bye"};
    step(sim, &command);
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
    sim->now_ms += pick(sim, 20);
    unsigned what = pick(sim, 1000);
    if (what < 3)
        crash(sim);
    else if (what < (sim->failing ? 100 : 8))
        disk_fails(sim);
    else if (what < 300)
        turn(sim);
    else
        act(sim, (int)pick(sim, PEOPLE));
}

/* Everybody says what is left until all is seen; then each wish is in the log once. */
static void settle(struct sim *sim)
{
    faulty_vfs_disarm();
    sim->failing = false;
    crash(sim);
    store_poll(sim->store);
    for (int person = 0; person < PEOPLE; person++) {
        while (!sim->entered[person])
            arrive(sim, person);
        for (int room = 0; room < ROOMS; room++) {
            step(sim, &(struct command){.type = COMMAND_JOIN,
                                        .session = sim->sessions[person],
                                        .target = rooms[room]});
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
    look_through(sim);
    for (size_t i = 0; i < sim->wish_count; i++)
        assert(sim->wishes[i].seen && sim->said[i] == 1);
    free(sim->said);
}

static void remove_directory(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *file; dir && (file = readdir(dir)) != NULL;)
        unlinkat(dirfd(dir), file->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(path);
}

static void run_round(struct sim *sim, unsigned long steps)
{
    strcpy(sim->dir, "/tmp/snug-sim-XXXXXX");
    if (!mkdtemp(sim->dir))
        abort();
    begin(sim);
    for (unsigned long i = 0; i < steps; i++)
        live(sim);
    settle(sim);
    end(sim);
    remove_directory(sim->dir);
    for (size_t i = 0; i < LOGS; i++) {
        free(sim->logs[i].log);
        free(sim->logs[i].ids);
        sim->logs[i] = (struct shown){0};
    }
    sim->wish_count = 0;
}

static void run(uint64_t seed, unsigned long steps)
{
    struct sim sim = {.chance = seed, .now_ms = 1795167660000};
    outbox_init(&sim.box);
    for (unsigned long done = 0; done < steps; done += ROUND_STEPS)
        run_round(&sim, ROUND_STEPS);
    printf("seed %llu: %lu steps, %lu crashes, %lu failures, %lu said again, %lu shown\n",
           (unsigned long long)seed, steps, sim.crashes, sim.failures, sim.repeated, sim.shown);
    /* A run in which nothing happened would prove nothing. */
    assert(sim.crashes > 0 && sim.failures > 0 && sim.repeated > 0 && sim.shown > 0);
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
