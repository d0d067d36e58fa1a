/* Lists of those who are to be told something that is in no log. */
#include "server/core/rules/recipients.h"

#include "server/core/modes.h"

struct connection *recipient_at(const struct hub *hub, const struct room *room, size_t seat)
{
    const struct session *session = room->seats[seat]->session;
    bool only = session->connection_count == 1;
    return only ? session->connections : hub_connection_by_id(hub, room->roster[seat]);
}

static void add_person(uint64_t *recipients, size_t *count, const struct session *session)
{
    for (const struct connection *connection = session->connections; connection != NULL;
         connection = connection->next)
        recipients[(*count)++] = connection->id;
}

uint64_t *recipients_person(struct step *step, const struct session *session, size_t *count)
{
    return recipients_pair(step, session, NULL, count);
}

uint64_t *recipients_pair(struct step *step, const struct session *a, const struct session *b,
                          size_t *count)
{
    size_t most = (a != NULL ? a->connection_count : 0) + (b != NULL ? b->connection_count : 0);
    uint64_t *recipients = outbox_sessions(step->out, most);
    *count = 0;
    if (a != NULL)
        add_person(recipients, count, a);
    if (b != NULL && b != a)
        add_person(recipients, count, b);
    return recipients;
}

uint64_t *recipients_of_rank(struct step *step, const struct room *room, unsigned rank,
                             size_t *count)
{
    uint64_t *recipients = outbox_sessions(step->out, room->roster_count);
    *count = 0;
    for (size_t i = 0; i < room->roster_count; i++) {
        const struct member *member = room->seats[i];
        if (rank_reaches(member->ranks, rank) && !member->session->gone)
            recipients[(*count)++] = room->roster[i];
    }
    return recipients;
}

/* Those of a roster who are not on the list yet. */
static void add_roster(const struct hub *hub, const struct room *room, uint64_t *recipients,
                       size_t *count)
{
    for (size_t i = 0; i < room->roster_count; i++) {
        if (room->seats[i]->session->gone)
            continue;
        struct connection *witness = recipient_at(hub, room, i);
        if (witness->counted == hub->presence_serial)
            continue;
        witness->counted = hub->presence_serial;
        recipients[(*count)++] = witness->id;
    }
}

uint64_t *recipients_witnesses(struct step *step, struct session *session, size_t *count)
{
    size_t most = session->connection_count;
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session)
        most += member->room->roster_count;
    uint64_t *recipients = outbox_sessions(step->out, most);
    uint32_t serial = ++step->hub->presence_serial;
    *count = 0;
    add_person(recipients, count, session);
    for (struct connection *own = session->connections; own != NULL; own = own->next)
        own->counted = serial;
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session)
        add_roster(step->hub, member->room, recipients, count);
    return recipients;
}
