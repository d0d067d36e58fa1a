#include "server/core/room.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/session.h"

enum {
    FIRST_SEATS = 8,
    MAX_INVITED = 64,    /* invitations that wait for their guests */
    MAX_STANDINGS = 256, /* accounts with a rank */
};

struct room *room_new(struct ledger *ledger, const char *name, const char *key, const char *log,
                      int64_t now_ms)
{
    struct room *room = xcalloc(1, sizeof *room);
    room->ledger = ledger;
    list_init(&room->in_spare);
    room->name = xstrdup(name);
    room->key = xstrdup(key);
    room->log = xstrdup(log);
    room->created_ms = now_ms;
    return room;
}

void room_free(struct room *room)
{
    assert(room->member_count == 0 && room->roster_count == 0);
    free(room->name);
    free(room->key);
    former_release(&room->former);
    free(room->log);
    free(room->password);
    free(room->topic.text);
    free(room->topic.by);
    free(room->visible.text);
    free(room->visible.by);
    for (size_t i = 0; i < ROOM_LISTS; i++)
        masks_release(&room->lists[i]);
    traits_release(&room->traits);
    while (room->standing_count > 0)
        room_set_standing(room, room->standings[0].account, 0);
    list_remove(&room->in_spare);
    free(room->standings);
    free(room->invited);
    free(room->roster);
    free(room->seats);
    free(room);
}

void former_release(struct former *former)
{
    free(former->name);
    free(former->key);
    *former = (struct former){0};
}

bool room_is_spare(const struct room *room)
{
    return room->member_count == 0 && !room->permanent && room->topic.text == NULL &&
           !room_has_owner(room);
}

void room_reckon(struct room *room)
{
    bool spare = room_is_spare(room);
    if (spare == !list_empty(&room->in_spare))
        return;
    if (spare)
        list_add_tail(&room->ledger->spare, &room->in_spare);
    else
        list_remove(&room->in_spare);
}

struct member *room_member(const struct room *room, const struct session *session)
{
    for (struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        if (member->room == room)
            return member;
    }
    return NULL;
}

struct member *room_admit(struct room *room, struct session *session)
{
    struct member *member = room_member(room, session);
    if (member == NULL) {
        member = xcalloc(1, sizeof *member);
        member->session = session;
        member->room = room;
        member->seat = SEAT_NONE;
        member->next_of_session = session->members;
        session->members = member;
    }
    assert(!member->in);
    member->in = true;
    member->ranks = 0;
    member->next_in_room = NULL;
    member->prev_in_room = room->last;
    if (room->last != NULL)
        room->last->next_in_room = member;
    else
        room->first = member;
    room->last = member;
    room->member_count++;
    session->room_count++;
    room_reckon(room);
    return member;
}

void room_dismiss(struct member *member)
{
    struct room *room = member->room;
    assert(member->in);
    member->in = false;
    if (member->prev_in_room != NULL)
        member->prev_in_room->next_in_room = member->next_in_room;
    else
        room->first = member->next_in_room;
    if (member->next_in_room != NULL)
        member->next_in_room->prev_in_room = member->prev_in_room;
    else
        room->last = member->prev_in_room;
    member->prev_in_room = NULL;
    member->next_in_room = NULL;
    room->member_count--;
    member->session->room_count--;
    room->abandoned = room->member_count == 0 && !room->permanent && !room_has_owner(room);
    room_reckon(room);
}

static void put_seat(struct room *room, size_t at, struct member *member, uint64_t connection)
{
    room->seats[at] = member;
    room->roster[at] = connection;
    room->roster_number = 0;
}

static void resize_roster(struct room *room, size_t size)
{
    room->roster_size = size;
    room->roster = xreallocarray(room->roster, size, sizeof *room->roster);
    room->seats = xreallocarray(room->seats, size, sizeof(struct member *));
}

/* The place of a further connection's seat; the roster's end if it has none. */
static size_t further_seat(const struct room *room, uint64_t connection)
{
    size_t at = room->seated_count;
    while (at < room->roster_count && room->roster[at] != connection)
        at++;
    return at;
}

void room_seat_connection(struct member *member, uint64_t connection)
{
    struct room *room = member->room;
    bool seated = member->seat != SEAT_NONE;
    if (seated && (room->roster[member->seat] == connection ||
                   further_seat(room, connection) < room->roster_count))
        return;
    if (room->roster_count == room->roster_size)
        resize_roster(room, room->roster_size == 0 ? FIRST_SEATS : room->roster_size * 2);
    size_t end = room->roster_count++;
    if (seated) {
        put_seat(room, end, member, connection);
        return;
    }
    /* The seats of people come first: one of the others moves to the end. */
    member->seat = (uint32_t)room->seated_count++;
    put_seat(room, end, room->seats[member->seat], room->roster[member->seat]);
    put_seat(room, member->seat, member, connection);
}

void room_seat(struct member *member)
{
    for (const struct connection *connection = member->session->connections; connection != NULL;
         connection = connection->next)
        room_seat_connection(member, connection->id);
}

/* Fills a gap behind the people with the last seat of all. */
static void close_gap(struct room *room, size_t at)
{
    size_t last = --room->roster_count;
    put_seat(room, at, room->seats[last], room->roster[last]);
    if (room->roster_size > FIRST_SEATS && room->roster_count < room->roster_size / 4)
        resize_roster(room, room->roster_size / 2);
}

void room_unseat_connection(struct member *member, uint64_t connection)
{
    struct room *room = member->room;
    if (member->seat == SEAT_NONE)
        return;
    size_t at = further_seat(room, connection);
    if (at < room->roster_count) {
        close_gap(room, at);
        return;
    }
    if (room->roster[member->seat] != connection)
        return;
    /* Another of his connections takes the first seat. */
    for (at = room->seated_count; at < room->roster_count; at++) {
        if (room->seats[at] != member)
            continue;
        room->roster[member->seat] = room->roster[at];
        close_gap(room, at);
        return;
    }
    room_unseat(member);
}

void room_unseat(struct member *member)
{
    struct room *room = member->room;
    if (member->seat == SEAT_NONE)
        return;
    for (size_t at = room->roster_count; at-- > room->seated_count;) {
        if (room->seats[at] == member)
            close_gap(room, at);
    }
    size_t last = --room->seated_count;
    put_seat(room, member->seat, room->seats[last], room->roster[last]);
    room->seats[member->seat]->seat = member->seat;
    close_gap(room, last);
    member->seat = SEAT_NONE;
}

void room_settle(struct member *member)
{
    if (member->in || member->seat != SEAT_NONE || member->in_flight > 0)
        return;
    struct member **link = &member->session->members;
    while (*link != member)
        link = &(*link)->next_of_session;
    *link = member->next_of_session;
    free(member);
}

static struct standing *find_standing(const struct room *room, const char *account)
{
    struct str key;
    str_init(&key, name_key_max(strlen(account)));
    name_key(&key, account);
    struct standing *found = NULL;
    for (size_t i = 0; i < room->standing_count && found == NULL; i++) {
        if (strcmp(room->standings[i].key, key.data) == 0)
            found = &room->standings[i];
    }
    str_release(&key);
    return found;
}

unsigned room_standing(const struct room *room, const char *account)
{
    const struct standing *found = account != NULL ? find_standing(room, account) : NULL;
    return found != NULL ? found->ranks : 0;
}

static void set_ranks(struct room *room, struct standing *standing, unsigned ranks)
{
    bool kept = (standing->ranks & RANK_KEEPER) != 0;
    bool keeps = (ranks & RANK_KEEPER) != 0;
    standing->ranks = ranks;
    if (keeps && !kept)
        ledger_keep(room->ledger, standing->key);
    else if (kept && !keeps)
        ledger_lay_down(room->ledger, standing->key);
}

static void forget_standing(struct room *room, struct standing *standing)
{
    set_ranks(room, standing, 0);
    free(standing->account);
    free(standing->key);
    *standing = room->standings[--room->standing_count];
}

/* The place of one that is not remembered yet; NULL when too many are. */
static struct standing *add_standing(struct room *room, const char *account)
{
    if (room->standing_count == MAX_STANDINGS)
        return NULL;
    room->standings =
        xreallocarray(room->standings, room->standing_count + 1, sizeof *room->standings);
    struct standing *standing = &room->standings[room->standing_count++];
    *standing = (struct standing){.account = xstrdup(account), .key = name_key_new(account)};
    return standing;
}

bool room_set_standing(struct room *room, const char *account, unsigned ranks)
{
    struct standing *standing = find_standing(room, account);
    if (standing == NULL && ranks == 0)
        return true;
    if (standing == NULL && (standing = add_standing(room, account)) == NULL)
        return false;
    if (ranks == 0)
        forget_standing(room, standing);
    else
        set_ranks(room, standing, ranks);
    room_reckon(room);
    return true;
}

bool room_has_owner(const struct room *room)
{
    for (size_t i = 0; i < room->standing_count; i++) {
        if (rank_reaches(room->standings[i].ranks, RANK_OPERATOR))
            return true;
    }
    return false;
}

void room_reset(struct room *room)
{
    room->flags = ROOM_MEMBERS_ONLY | ROOM_TOPIC_LOCKED;
    free(room->password);
    room->password = NULL;
    room->limit = 0;
    for (size_t i = 0; i < ROOM_LISTS; i++)
        masks_release(&room->lists[i]);
    traits_release(&room->traits);
    room->invited_count = 0;
    room->abandoned = false;
}

void topic_set(struct topic *topic, const char *text, const char *by, int64_t time_ms)
{
    free(topic->text);
    free(topic->by);
    topic->text = text != NULL && text[0] != '\0' ? xstrdup(text) : NULL;
    topic->by = by != NULL ? xstrdup(by) : NULL;
    topic->time_ms = time_ms;
}

void room_invite(struct room *room, uint64_t session)
{
    room_uninvite(room, session);
    if (room->invited == NULL)
        room->invited = xcalloc(MAX_INVITED, sizeof *room->invited);
    if (room->invited_count == MAX_INVITED)
        room_uninvite(room, room->invited[0]);
    room->invited[room->invited_count++] = session;
}

static size_t invitation(const struct room *room, uint64_t session)
{
    size_t at = 0;
    while (at < room->invited_count && room->invited[at] != session)
        at++;
    return at;
}

void room_uninvite(struct room *room, uint64_t session)
{
    size_t at = invitation(room, session);
    if (at == room->invited_count)
        return;
    room->invited_count--;
    memmove(&room->invited[at], &room->invited[at + 1],
            (room->invited_count - at) * sizeof *room->invited);
}

bool room_is_invited(const struct room *room, uint64_t session)
{
    return invitation(room, session) < room->invited_count;
}
