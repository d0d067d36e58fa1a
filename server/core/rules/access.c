/* Who may come into a room, and who may speak in it. */
#include "server/core/rules/access.h"

#include <string.h>

#include "server/core/modes.h"

static bool is_banned(const struct room *room, const struct session *session, bool mutes_too)
{
    return masks_match(&room->lists[LIST_BANS], session, mutes_too) &&
           !masks_match(&room->lists[LIST_EXCEPTIONS], session, mutes_too);
}

/* The keeper of a room and a guest by invitation come in whatever the room says. */
static bool is_guest(const struct room *room, const struct session *session)
{
    return room_is_invited(room, session_id(session)) ||
           rank_reaches(room_standing(room, session->account), RANK_HALF);
}

/* So does whoever finds it empty and ownerless. */
static bool is_nobodys(const struct room *room)
{
    return room->member_count == 0 && !room->permanent && !room_has_owner(room);
}

enum refusal access_join(const struct room *room, const struct session *session,
                         const char *password)
{
    return is_nobodys(room) ? REFUSED_NOTHING : access_earned(room, session, password);
}

enum refusal access_earned(const struct room *room, const struct session *session,
                           const char *password)
{
    if (is_guest(room, session))
        return REFUSED_NOTHING;
    if (room->password != NULL && (password == NULL || strcmp(password, room->password) != 0))
        return REFUSED_KEY_WRONG;
    if (is_banned(room, session, false))
        return REFUSED_BANNED;
    if ((room->flags & ROOM_INVITE_ONLY) != 0 &&
        !masks_match(&room->lists[LIST_INVITATIONS], session, false))
        return REFUSED_INVITE_ONLY;
    if ((room->flags & ROOM_ACCOUNTS_JOIN) != 0 && session->account == NULL)
        return REFUSED_ACCOUNTS_ONLY;
    if (room->limit > 0 && room->member_count >= room->limit)
        return REFUSED_ROOM_FULL;
    return REFUSED_NOTHING;
}

enum refusal access_speak(const struct room *room, const struct session *session,
                          enum speech speech)
{
    const struct member *member = room_member(room, session);
    bool in = member != NULL && member->in;
    if ((room->flags & ROOM_MEMBERS_ONLY) != 0 && !in)
        return REFUSED_CANNOT_SPEAK;
    if ((room->flags & ROOM_NO_QUERIES) != 0 && (speech == SPEECH_QUERY || speech == SPEECH_ANSWER))
        return REFUSED_CANNOT_SPEAK;
    if (in && member->ranks != 0)
        return REFUSED_NOTHING;
    if ((room->flags & ROOM_MODERATED) != 0)
        return REFUSED_CANNOT_SPEAK;
    if ((room->flags & ROOM_ACCOUNTS_SPEAK) != 0 && session->account == NULL)
        return REFUSED_ACCOUNTS_ONLY;
    return is_banned(room, session, true) ? REFUSED_CANNOT_SPEAK : REFUSED_NOTHING;
}

enum refusal access_tell(const struct session *peer, const struct session *session)
{
    bool known = session->account != NULL || (session->flags & SESSION_OPERATOR) != 0;
    bool shut = (peer->flags & SESSION_ACCOUNTS_ONLY) != 0 && peer != session;
    return shut && !known ? REFUSED_ACCOUNTS_ONLY : REFUSED_NOTHING;
}
