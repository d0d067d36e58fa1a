/* What people tell about themselves and their rooms. With an account it is the account's, kept for good and
 * the same for all who are logged in to it; without one it is as long-lived as the session. That of a
 * room is part of the room's record. */
#include "server/core/rules/describe.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/rules/recipients.h"

/* Those of an account. */
struct account_traits {
    char *key; /* its folded name */
    struct traits traits;
};

static void forget_account(struct hub *hub, struct account_traits *account)
{
    table_remove(&hub->traits, account->key, strlen(account->key));
    traits_release(&account->traits);
    free(account->key);
    free(account);
}

void describe_release(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct account_traits *account; (account = table_next(&hub->traits, &walk)) != NULL;) {
        forget_account(hub, account);
        walk = (struct table_walk){0};
    }
    table_release(&hub->traits);
}

static struct account_traits *of_account(const struct hub *hub, const char *account)
{
    name_key(hub->key, account);
    return table_get(&hub->traits, hub->key->data, hub->key->len);
}

static struct account_traits *open_account(struct hub *hub, const char *key)
{
    struct account_traits *account = table_get(&hub->traits, key, strlen(key));
    if (account != NULL)
        return account;
    account = xcalloc(1, sizeof *account);
    account->key = xstrdup(key);
    table_put(&hub->traits, account->key, strlen(account->key), account);
    return account;
}

const struct traits *hub_traits(const struct hub *hub, const struct session *session)
{
    static const struct traits none;
    if (session->account == NULL)
        return session->aside != NULL ? &session->aside->traits : &none;
    const struct account_traits *account = of_account(hub, session->account);
    return account != NULL ? &account->traits : &none;
}

bool hub_may_describe(const struct session *session, const struct room *room)
{
    const struct member *member = room_member(room, session);
    return member != NULL && member->in && rank_reaches(member->ranks, RANK_OPERATOR);
}

bool hub_sees_traits(const struct session *viewer, const struct room *room)
{
    const struct member *member = room_member(room, viewer);
    if (member != NULL && member->in)
        return true;
    bool shut = (room->flags & ROOM_INVITE_ONLY) != 0 || room->password != NULL;
    return !shut && hub_sees_members(viewer, room);
}

/* Tells that one is set, or that there is none of that name any more. */
static struct event event_of(const struct step *step, const char *name, const char *text)
{
    struct event event = {
        .type = EVENT_TRAIT,
        .session = step->connection->id,
        .time_ms = step->hub->now_ms,
        .object = outbox_copy(step->out, name),
        .text = outbox_copy(step->out, text),
    };
    hub_new_id(step->hub, event.id);
    return event;
}

static void tell_of_room(struct step *step, const struct room *room, const char *name,
                         const char *text)
{
    struct event event = event_of(step, name, text);
    event.target = outbox_copy(step->out, room->name);
    step_deliver(step, &event, room->roster, room->roster_count, step->connection->id);
}

/* Tells those who share a room with the step's session, and those who watch it. */
static void tell_of_self(struct step *step, const char *name, const char *text)
{
    if (!step->session->entered)
        return;
    struct event event = event_of(step, name, text);
    event.target = outbox_copy(step->out, step->session->nick);
    size_t count;
    const uint64_t *recipients = recipients_witnesses(step, step->session, &count);
    step_deliver(step, &event, recipients, count, step->connection->id);
    recipients = recipients_watchers(step, step->session, &count);
    step_deliver(step, &event, recipients, count, step->connection->id);
}

static void keep(struct step *step, const char *account, const char *name, const char *text)
{
    struct str key;
    str_init(&key, SIZE_MAX / 4);
    str_addf(&key, HUB_TRAIT_FACT "%s\n%s", account, name);
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = outbox_copy(step->out, key.data);
    effect->value = outbox_copy(step->out, text);
    str_release(&key);
}

void describe_forget_account(struct step *step, const char *key)
{
    struct account_traits *account = table_get(&step->hub->traits, key, strlen(key));
    if (account == NULL)
        return;
    for (size_t i = 0; i < account->traits.count; i++)
        keep(step, account->key, account->traits.items[i].name, NULL);
    forget_account(step->hub, account);
}

/* The list that a change of the step's session goes into; NULL when there is none yet. */
static struct traits *own_traits(struct step *step, bool make)
{
    struct session *session = step->session;
    if (session->account == NULL) {
        if (session->aside == NULL && !make)
            return NULL;
        return &session_open_aside(session)->traits;
    }
    struct account_traits *account = of_account(step->hub, session->account);
    if (account == NULL && make)
        account = open_account(step->hub, step->hub->key->data);
    return account != NULL ? &account->traits : NULL;
}

/* What belongs to an account is kept. */
static void change_own(struct step *step, const char *name, const char *text)
{
    struct traits *traits = own_traits(step, text != NULL);
    if (traits == NULL || !traits_set(traits, name, text))
        return;
    if (step->session->account != NULL) {
        struct account_traits *account = of_account(step->hub, step->session->account);
        keep(step, account->key, name, text);
        if (account->traits.count == 0)
            forget_account(step->hub, account);
    }
    tell_of_self(step, name, text);
}

static void change(struct step *step, struct room *room, const char *name, const char *text)
{
    if (room == NULL) {
        change_own(step, name, text);
    } else if (traits_set(&room->traits, name, text)) {
        tell_of_room(step, room, name, text);
        step_keep_room(step, room);
    }
}

/* A minute has only so many changes of one session: each is told to many, and kept. */
static bool too_often(struct step *step)
{
    struct session_aside *aside = session_open_aside(step->session);
    int64_t now_ms = step->hub->now_ms;
    if (now_ms - aside->describing_ms >= HUB_TRAITS_WINDOW_MS) {
        aside->describing_ms = now_ms;
        aside->described = 0;
    }
    return ++aside->described > step->hub->config.max_trait_changes;
}

static const struct traits *traits_of(struct step *step, const struct room *room)
{
    return room != NULL ? &room->traits : hub_traits(step->hub, step->session);
}

static enum refusal obstacle(struct step *step, const struct room *room)
{
    const struct hub_config *limits = &step->hub->config;
    const struct traits *traits = traits_of(step, room);
    const char *name = step->command->object;
    const char *text = step->command->text;
    if (room != NULL && !hub_may_describe(step->session, room))
        return REFUSED_NOT_OPERATOR;
    if (name == NULL)
        return REFUSED_NOTHING;
    if (!trait_name_valid(name, limits->max_trait_name_bytes))
        return REFUSED_TRAIT_NAME_BAD;
    const char *old = traits_get(traits, name);
    if (text == NULL)
        return old == NULL ? REFUSED_NO_SUCH_TRAIT : REFUSED_NOTHING;
    if (strlen(text) > limits->max_trait_bytes)
        return REFUSED_TOO_LONG;
    return old == NULL && traits->count >= limits->max_traits ? REFUSED_TRAITS_FULL
                                                              : REFUSED_NOTHING;
}

static struct note *note_done(struct step *step, const struct room *room, const char *names)
{
    step_done(step, room != NULL ? room->name : NULL, names);
    return &step->out->effects[step->out->count - 1].note;
}

/* Takes them away one by one. */
static void clear(struct step *step, struct room *room)
{
    struct str names;
    str_init(&names, SIZE_MAX / 4);
    const struct traits *traits;
    while ((traits = traits_of(step, room))->count > 0) {
        const char *name = outbox_copy(step->out, traits->items[0].name);
        change(step, room, name, NULL);
        str_addf(&names, "%s%s", names.len > 0 ? " " : "", name);
    }
    note_done(step, room, names.data)->all = true;
    str_release(&names);
}

void describe_trait(struct step *step)
{
    const struct command *command = step->command;
    struct room *room = NULL;
    if (command->target != NULL) {
        room = hub_room(step->hub, command->target);
        if (room == NULL || !hub_sees_room(step->session, room)) {
            step_refuse_about(step, REFUSED_NO_SUCH_ROOM, command->target, command->object);
            return;
        }
    }
    const char *target = room != NULL ? room->name : NULL;
    size_t first = step->out->count;
    enum refusal refusal = obstacle(step, room);
    if (refusal == REFUSED_NOTHING && too_often(step))
        refusal = REFUSED_TOO_OFTEN;
    if (refusal != REFUSED_NOTHING) {
        step_refuse_about(step, refusal, target, command->object);
    } else if (command->object == NULL) {
        clear(step, room);
    } else {
        change(step, room, command->object, command->text);
        note_done(step, room, command->object)->text = outbox_copy(step->out, command->text);
    }
    step_settle(step, first);
}

void describe_leave_account(struct step *step)
{
    const struct traits *traits = hub_traits(step->hub, step->session);
    for (size_t i = 0; step->session->account != NULL && i < traits->count; i++)
        tell_of_self(step, traits->items[i].name, NULL);
}

/* What was told before logging in is the account's from now on, as far as there is place for it. */
static void hand_over(struct step *step)
{
    struct session *session = step->session;
    if (session->aside == NULL)
        return;
    struct traits *own = &session->aside->traits;
    for (size_t i = 0; i < own->count; i++) {
        struct traits *traits = own_traits(step, true);
        if (traits->count < step->hub->config.max_traits &&
            traits_set(traits, own->items[i].name, own->items[i].text))
            keep(step, of_account(step->hub, session->account)->key, own->items[i].name,
                 own->items[i].text);
    }
    traits_release(own);
}

void describe_enter_account(struct step *step)
{
    if (step->session->account == NULL)
        return;
    hand_over(step);
    const struct traits *traits = hub_traits(step->hub, step->session);
    for (size_t i = 0; i < traits->count; i++)
        tell_of_self(step, traits->items[i].name, traits->items[i].text);
}

void describe_newcomer(struct step *step, const struct room *room, const struct event *join)
{
    struct step own = *step;
    own.connection = hub_connection_by_id(step->hub, join->session);
    own.session = own.connection->session;
    const struct traits *traits = hub_traits(step->hub, own.session);
    if (room->seated_count > HUB_TRAITS_ROOM)
        return;
    for (size_t i = 0; i < traits->count; i++) {
        struct event event = event_of(&own, traits->items[i].name, traits->items[i].text);
        event.target = outbox_copy(step->out, own.session->nick);
        step_deliver(step, &event, room->roster, room->roster_count, join->session);
    }
}

bool hub_restore_trait(struct hub *hub, const char *key, const char *value)
{
    const char *account = key + strlen(HUB_TRAIT_FACT);
    const char *gap = strchr(account, '\n');
    if (gap == NULL || gap == account || !trait_name_valid(gap + 1, SIZE_MAX))
        return false;
    char *owner = xmemdup0(account, (size_t)(gap - account));
    traits_set(&open_account(hub, owner)->traits, gap + 1, value);
    free(owner);
    return true;
}
