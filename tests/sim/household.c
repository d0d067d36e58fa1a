#include "tests/sim/household.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "tests/unit/faulty_vfs.h"

const char *const sim_rooms[ROOMS] = {"#lobby", "#tea", "#ops"};
const char *const sim_nicks[PEOPLE] = {"ada", "bob", "cy", "dan", "eve", "fay"};

unsigned sim_pick(struct sim *sim, unsigned below)
{
    sim->chance = sim->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((sim->chance >> 33) % below);
}

/* What was on disk for sure is known; and nothing but what somebody has marked. */
static void check_marks(struct sim *sim, int person)
{
    for (int room = 0; room < ROOMS; room++) {
        int64_t mark = hub_mark(sim->hub, sim->sessions[person], sim_rooms[room]);
        assert(mark >= sim->kept_marks[person][room] && mark <= sim->marks[person][room]);
        sim->marks[person][room] = mark;
    }
}

static void take_note(struct sim *sim, const struct effect *effect)
{
    int person = 0;
    while (sim->sessions[person] != effect->session)
        person++;
    if (effect->note.type == NOTE_ENTERED) {
        sim->entered[person] = true;
        check_marks(sim, person);
    }
    if (effect->note.type != NOTE_SPOKEN)
        return;
    struct wish *wish = shown_wish(sim, &effect->event);
    assert(wish->person == person && wish->sent && !wish->seen);
    wish->seen = true;
    wish->time_ms = effect->event.time_ms;
    memcpy(wish->id, effect->event.id, EVENT_ID_MAX);
    shown_entry(sim, &effect->event);
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
        shown_entry(sim, &effect->event);
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

void sim_step(struct sim *sim, const struct command *command)
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
    struct sim *sim = ctx;
    (void)reason;
    if (sim->dead)
        return;
    sim->up = state == STORE_UP;
    sim_step(ctx, &(struct command){.type = COMMAND_STORE, .store_up = state == STORE_UP});
}

static void on_tailed(void *ctx, const struct event *event)
{
    if (((struct sim *)ctx)->dead)
        return;
    sim_step(ctx, &(struct command){.type = COMMAND_TAILED, .event = event});
}

static void on_repeated(void *ctx, const struct event *event, const struct event *first)
{
    struct sim *sim = ctx;
    if (sim->dead)
        return;
    sim->repeated++;
    sim_step(sim, &(struct command){.type = COMMAND_REPEATED, .event = event, .first = first});
}

static void on_failed(void *ctx, const struct event *event)
{
    struct sim *sim = ctx;
    if (sim->dead)
        return;
    sim->failures++;
    /* What was said before he went and came back may be on its way for the second time. */
    if (event->type == EVENT_SPEECH &&
        sim->sessions[shown_wish(sim, event)->person] == event->session)
        shown_wish(sim, event)->sent = false;
    sim_step(sim, &(struct command){.type = COMMAND_FAILED, .event = event});
}

static void on_page(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                    size_t count)
{
    (void)token;
    assert(result == STORE_OK);
    shown_page(ctx, events, count);
}

/* The token is the one who asked, and behind him the name. */
static void on_claimed(void *ctx, uint64_t token, enum store_result result, const char *owner)
{
    struct sim *sim = ctx;
    int name = (int)(token % PEOPLE), person = (int)(token / PEOPLE);
    if (sim->dead || result == STORE_FAILED)
        return;
    assert(result == (name == person ? STORE_OK : STORE_TAKEN));
    assert(strcmp(owner, sim_nicks[name]) == 0);
    if (name != person)
        return;
    sim->owned[name] = true;
    sim_step(sim, &(struct command){
                      .type = COMMAND_OWN, .text = sim_nicks[name], .object = sim_nicks[name]});
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

static void restore_mark(void *ctx, const char *key, const void *value, size_t len)
{
    struct sim *sim = ctx;
    (void)len;
    bool restored = hub_restore_mark(sim->hub, key, value);
    assert(restored);
    (void)restored;
}

/* The server's life. */

void sim_begin(struct sim *sim)
{
    struct store_listener listener = {.ctx = sim,
                                      .state = on_state,
                                      .tailed = on_tailed,
                                      .repeated = on_repeated,
                                      .failed = on_failed,
                                      .page = on_page,
                                      .claimed = on_claimed};
    struct store_options options = store_options_default();
    struct hub_config config = hub_config_default();
    struct str error;
    str_init(&error, 1000);
    options.durability = sim->generation % 2 == 0 ? STORE_POWER : STORE_PROCESS;
    options.in_poll = true;
    options.vfs = FAULTY_VFS;
    config.lobby = sim_rooms[0];
    sim->hub = hub_new(&config, ++sim->generation);
    sim->store = store_open(sim->dir, &listener, &options, &error);
    if (!sim->store) {
        fprintf(stderr, "%s\n", error.data);
        abort();
    }
    str_release(&error);
    store_each_fact(sim->store, HUB_ROOM_FACT, restore_room, sim);
    store_each_fact(sim->store, HUB_MARK_FACT, restore_mark, sim);
    for (int name = 0; name < PEOPLE; name++) {
        if (sim->owned[name])
            hub_own(sim->hub, sim_nicks[name], sim_nicks[name]);
    }
    sim->up = false;
    for (size_t i = 0; i < sim->wish_count; i++)
        sim->wishes[i].sent = false;
    memset(sim->entered, 0, sizeof sim->entered);
    memset(sim->sessions, 0, sizeof sim->sessions);
}

void sim_end(struct sim *sim)
{
    store_free(sim->store);
    hub_free(sim->hub);
}

void sim_crash(struct sim *sim)
{
    sim->dead = true;
    if (sim_pick(sim, 2) == 0) {
        store_commit(sim->store);
        store_poll(sim->store);
    }
    /* The disk takes nothing more: what is written while all is freed is lost, or half there. */
    faulty_vfs_arm((struct fault){.kinds = FAULTY_ANY, .at = 1, .lasts = true});
    sim_end(sim);
    faulty_vfs_disarm();
    sim->failing = false;
    sim->dead = false;
    sim->crashes++;
    sim_begin(sim);
    if (sim_pick(sim, 4) == 0)
        shown_check(sim, NULL);
}

void sim_disk_fails(struct sim *sim)
{
    static const int kinds[] = {FAULTY_WRITE, FAULTY_ANY, FAULTY_READ, FAULTY_LOCK, FAULTY_SYNC};
    sim->failing = !sim->failing;
    if (sim->failing)
        faulty_vfs_arm((struct fault){.kinds = kinds[sim_pick(sim, 5)],
                                      .at = 1 + sim_pick(sim, 20),
                                      .lasts = sim_pick(sim, 2) == 0});
    else
        faulty_vfs_disarm();
}

/* Of those who have not come back, nobody knows yet what a crash has left. */
static void keep_marks(struct sim *sim)
{
    for (int person = 0; person < PEOPLE; person++) {
        if (sim->entered[person])
            memcpy(sim->kept_marks[person], sim->marks[person], sizeof sim->marks[person]);
    }
}

void sim_turn(struct sim *sim)
{
    store_commit(sim->store);
    if (sim_pick(sim, 4) > 0) {
        store_poll(sim->store);
        if (sim->up && !sim->failing)
            keep_marks(sim);
    }
    if (sim_pick(sim, 50) == 0)
        store_tick(sim->store, sim->now_ms);
}

void sim_claim(struct sim *sim, int name, int person)
{
    store_claim(sim->store, sim_nicks[name], sim_nicks[person], (uint64_t)(person * PEOPLE + name));
}
