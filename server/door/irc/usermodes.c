#include "server/door/irc/usermodes.h"

#include <string.h>

#include "server/door/irc/reply.h"

const char irc_usermode_letters[] = "BRiow";

/* In the order of the letters. */
static const unsigned flags_of_letters[] = {SESSION_BOT, SESSION_ACCOUNTS_ONLY, SESSION_INVISIBLE,
                                            SESSION_OPERATOR, SESSION_WALLOPS};

unsigned irc_usermode_flag(char letter)
{
    const char *found = letter ? strchr(irc_usermode_letters, letter) : NULL;
    return found ? flags_of_letters[found - irc_usermode_letters] : 0;
}

/* Adds a sign and the letters of these flags; nothing if there are none. */
static size_t add(char *modes, char sign, unsigned flags)
{
    size_t len = 0;
    for (size_t i = 0; irc_usermode_letters[i]; i++) {
        if (!(flags & flags_of_letters[i]))
            continue;
        if (len == 0)
            modes[len++] = sign;
        modes[len++] = irc_usermode_letters[i];
    }
    modes[len] = '\0';
    return len;
}

void irc_usermode_write(char modes[IRC_USERMODES_BYTES], unsigned flags)
{
    if (add(modes, '+', flags) == 0)
        strcpy(modes, "+");
}

/* Its person's other connections have the same modes. */
static void tell_others(struct irc_client *client, const struct session *session, const char *modes)
{
    if (session->connection_count == 1)
        return;
    LIST_FOR(link, &client->door->clients)
    {
        struct irc_client *other = list_entry(link, struct irc_client, in_door);
        if (other == client || irc_client_session(other) != session)
            continue;
        other->response.aside = true;
        irc_send_own(other, "MODE", session->nick, modes, NULL);
        other->response.aside = false;
    }
}

void irc_usermode_tell(struct irc_client *client, unsigned before)
{
    const struct session *session = irc_client_session(client);
    char modes[2 * IRC_USERMODES_BYTES];
    size_t len = add(modes, '+', session->flags & ~before);
    len += add(modes + len, '-', before & ~session->flags);
    if (len == 0)
        return;
    irc_send_own(client, "MODE", session->nick, modes, NULL);
    tell_others(client, session, modes);
}
