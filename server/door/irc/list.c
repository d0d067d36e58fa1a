/* LIST, with the conditions of ISUPPORT's ELIST: C and T (minutes since the room was made or its topic
 * set), U (members), M and N (masks that a name fits or does not). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/irc/names.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

enum {
    MINUTE_MS = 60 * 1000,
    CONDITIONS = 20, /* of one LIST */
};

enum subject {
    BY_MASK,
    BY_OTHER_MASK,
    BY_COUNT,
    BY_AGE,
    BY_TOPIC_AGE,
};

struct condition {
    enum subject subject;
    const char *mask; /* borrowed from the message */
    bool more;        /* than the number; else less */
    int64_t number;
};

/* What one LIST asks for; all conditions have to hold, of the masks one. */
struct filter {
    int64_t now_ms;
    struct condition conditions[CONDITIONS];
    size_t count;
    bool masks;
    bool named; /* without a wildcard */
};

static struct condition read_condition(const char *text)
{
    static const struct {
        char letter;
        enum subject subject;
    } ages[] = {{'C', BY_AGE}, {'T', BY_TOPIC_AGE}};

    struct condition condition = {.subject = BY_COUNT};
    const char *number = text;
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        if (toupper((unsigned char)*text) != ages[i].letter || (text[1] != '<' && text[1] != '>'))
            continue;
        condition.subject = ages[i].subject;
        number = text + 1;
    }
    if (*number == '<' || *number == '>') {
        condition.more = *number == '>';
        condition.number = strtol(number + 1, NULL, 10);
        return condition;
    }
    bool other = *text == '!';
    return (struct condition){.subject = other ? BY_OTHER_MASK : BY_MASK, .mask = text + other};
}

static void read_filter(struct filter *filter, char *text)
{
    for (const char *item; filter->count < CONDITIONS && (item = irc_next_target(&text));) {
        struct condition condition = read_condition(item);
        filter->conditions[filter->count++] = condition;
        filter->masks |= condition.subject == BY_MASK;
        filter->named |= condition.subject == BY_MASK && !irc_is_mask(condition.mask);
    }
}

static bool compares(const struct condition *condition, int64_t value, int64_t unit)
{
    int64_t most = INT64_MAX / unit;
    int64_t number = condition->number;
    int64_t limit = (number > most ? most : number < -most ? -most : number) * unit;
    return condition->more ? value > limit : value < limit;
}

/* Whether a condition that is no mask holds. */
static bool holds(const struct filter *filter, const struct condition *condition,
                  const struct room *room)
{
    switch (condition->subject) {
    case BY_MASK:
        return true;
    case BY_OTHER_MASK:
        return !irc_mask_match(condition->mask, room->name);
    case BY_COUNT:
        return compares(condition, (int64_t)room->member_count, 1);
    case BY_AGE:
        return compares(condition, filter->now_ms - room->created_ms, MINUTE_MS);
    case BY_TOPIC_AGE:
        return room->visible.text &&
               compares(condition, filter->now_ms - room->visible.time_ms, MINUTE_MS);
    }
    return false;
}

static bool is_listed(const struct filter *filter, const struct room *room)
{
    bool fits = !filter->masks;
    for (size_t i = 0; i < filter->count; i++) {
        const struct condition *condition = &filter->conditions[i];
        if (!holds(filter, condition, room))
            return false;
        fits |= condition->subject == BY_MASK && irc_mask_match(condition->mask, room->name);
    }
    /* Rooms that nobody is in are shown to those who name them. */
    return fits && (room->member_count > 0 || filter->named);
}

static void list_room(struct irc_client *client, const struct room *room)
{
    char count[24];
    snprintf(count, sizeof count, "%zu", room->member_count);
    irc_reply(client, RPL_LIST, room->name, count, room->visible.text ? room->visible.text : "",
              NULL);
}

void irc_list(struct irc_client *client, const struct irc_message *message)
{
    struct filter filter = {.now_ms = gate_now(client->gate)};
    if (message->n_params > 0)
        read_filter(&filter, message->params[0]);
    irc_reply(client, RPL_LISTSTART, "Channel", "Users  Name", NULL);
    const struct session *viewer = irc_client_session(client);
    struct table_walk walk = {0};
    size_t count = 0;
    for (const struct room *room; (room = hub_next_room(gate_hub(client->gate), &walk));) {
        if (!hub_sees_room(viewer, room) || !is_listed(&filter, room))
            continue;
        if (++count > IRC_MATCHES) {
            irc_reply(client, ERR_TOOMANYMATCHES, "LIST", "Too many; name a mask", NULL);
            break;
        }
        list_room(client, room);
    }
    irc_reply(client, RPL_LISTEND, "End of LIST", NULL);
}
