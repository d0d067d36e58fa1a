#include "server/core/room.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/core/session.h"

enum {
    FIRST_SEATS = 8
};

struct room *room_new(const char *name, const char *key, int64_t now_ms)
{
    struct room *room = xcalloc(1, sizeof *room);
    room->name = xstrdup(name);
    room->key = xstrdup(key);
    room->created_ms = now_ms;
    return room;
}

void room_free(struct room *room)
{
    assert(room->member_count == 0 && room->roster_count == 0);
    free(room->name);
    free(room->key);
    free(room->topic);
    free(room->topic_by);
    free(room->roster);
    free(room->seats);
    free(room);
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
    member->operator = false;
    member->next_in_room = NULL;
    member->prev_in_room = room->last;
    if (room->last != NULL)
        room->last->next_in_room = member;
    else
        room->first = member;
    room->last = member;
    room->member_count++;
    session->room_count++;
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
}

void room_seat(struct member *member)
{
    struct room *room = member->room;
    if (member->seat != SEAT_NONE)
        return;
    if (room->roster_count == room->roster_size) {
        room->roster_size = room->roster_size == 0 ? FIRST_SEATS : room->roster_size * 2;
        room->roster = xreallocarray(room->roster, room->roster_size, sizeof *room->roster);
        room->seats = xreallocarray(room->seats, room->roster_size, sizeof(struct member *));
    }
    member->seat = room->roster_count++;
    room->roster[member->seat] = member->session->id;
    room->seats[member->seat] = member;
}

void room_unseat(struct member *member)
{
    struct room *room = member->room;
    if (member->seat == SEAT_NONE)
        return;
    size_t last = --room->roster_count;
    room->roster[member->seat] = room->roster[last];
    room->seats[member->seat] = room->seats[last];
    room->seats[member->seat]->seat = member->seat;
    member->seat = SEAT_NONE;
    if (room->roster_size > FIRST_SEATS && room->roster_count < room->roster_size / 4) {
        room->roster_size /= 2;
        room->roster = xreallocarray(room->roster, room->roster_size, sizeof *room->roster);
        room->seats = xreallocarray(room->seats, room->roster_size, sizeof(struct member *));
    }
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

void room_set_topic(struct room *room, const char *topic, const char *by, int64_t now_ms)
{
    free(room->topic);
    free(room->topic_by);
    bool set = topic != NULL && topic[0] != '\0';
    room->topic = set ? xstrdup(topic) : NULL;
    room->topic_by = xstrdup(by);
    room->topic_ms = now_ms;
}
