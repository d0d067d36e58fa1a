/* Lists of those who are to be told something that is in no log. */
#include "server/core/hub_internal.h"
#include "server/core/modes.h"

uint64_t *recipients_of_rank(struct step *step, const struct room *room, unsigned rank,
                             size_t *count)
{
    uint64_t *recipients = outbox_sessions(step->out, room->roster_count);
    *count = 0;
    for (size_t i = 0; i < room->roster_count; i++) {
        const struct member *member = room->seats[i];
        if (rank_reaches(member->ranks, rank) && !member->session->gone)
            recipients[(*count)++] = member->session->id;
    }
    return recipients;
}

uint64_t *recipients_witnesses(struct step *step, const struct session *session, size_t *count)
{
    size_t most = 1;
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session)
        most += member->room->roster_count;
    uint64_t *recipients = outbox_sessions(step->out, most);
    uint64_t serial = ++step->hub->presence_serial;
    recipients[0] = session->id;
    *count = 1;
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        for (size_t i = 0; i < member->room->roster_count; i++) {
            struct session *witness = member->room->seats[i]->session;
            if (witness->counted == serial || witness == session || witness->gone)
                continue;
            witness->counted = serial;
            recipients[(*count)++] = witness->id;
        }
    }
    return recipients;
}
