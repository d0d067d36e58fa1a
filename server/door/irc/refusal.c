/* The hub's refusals in the words of IRC, a row each. */
#include "server/door/irc/refusal.h"

#include "server/door/irc/reply.h"

struct wording {
    enum irc_numeric numeric; /* 0: there is nothing to say */
    bool names_target;
    const char *text;
};

static const struct wording wordings[] = {
    [REFUSED_NICK_TAKEN] = {ERR_NICKNAMEINUSE, true, "Nickname is already in use"},
    [REFUSED_NICK_BAD] = {ERR_ERRONEUSNICKNAME, true, "Erroneous nickname"},
    [REFUSED_NO_SUCH_NICK] = {ERR_NOSUCHNICK, true, "No such nick"},
    [REFUSED_NO_SUCH_ROOM] = {ERR_NOSUCHCHANNEL, true, "No such channel"},
    [REFUSED_ROOM_NAME_BAD] = {ERR_NOSUCHCHANNEL, true, "Not a channel's name"},
    [REFUSED_NOT_IN_ROOM] = {ERR_NOTONCHANNEL, true, "You're not on that channel"},
    [REFUSED_THEY_NOT_IN_ROOM] = {ERR_USERNOTINCHANNEL, true, "They aren't on that channel"},
    [REFUSED_CANNOT_SPEAK] = {ERR_CANNOTSENDTOCHAN, true, "Cannot send to channel"},
    [REFUSED_NOT_OPERATOR] = {ERR_CHANOPRIVSNEEDED, true, "You're not channel operator"},
    [REFUSED_INVITE_ONLY] = {ERR_INVITEONLYCHAN, true, "Cannot join channel (+i)"},
    [REFUSED_KEY_WRONG] = {ERR_BADCHANNELKEY, true, "Cannot join channel (+k)"},
    [REFUSED_ROOM_FULL] = {ERR_CHANNELISFULL, true, "Cannot join channel (+l)"},
    [REFUSED_BANNED] = {ERR_BANNEDFROMCHAN, true, "Cannot join channel (+b)"},
    [REFUSED_TOO_MANY_ROOMS] = {ERR_TOOMANYCHANNELS, true, "You have joined too many channels"},
    [REFUSED_NO_MORE_ROOMS] = {ERR_TOOMANYCHANNELS, true, "This server holds no more channels"},
    [REFUSED_TOO_LONG] = {ERR_INPUTTOOLONG, false, "Message is too long"},
    [REFUSED_NOTHING_SAID] = {ERR_NOTEXTTOSEND, false, "No text to send"},
    [REFUSED_UNKNOWN_MODE] = {ERR_UNKNOWNMODE, true, "is no mode that can be changed here"},
    [REFUSED_NOT_ENTERED] = {ERR_NOTREGISTERED, false, "You have not registered"},
    [REFUSED_ALREADY_ENTERED] = {ERR_ALREADYREGISTERED, false, "You may not reregister"},
};

/* The commands by which a door made the hub do it. */
static const char *const command_names[] = {
    [COMMAND_NAME] = "NICK",  [COMMAND_ENTER] = "USER",    [COMMAND_JOIN] = "JOIN",
    [COMMAND_PART] = "PART",  [COMMAND_SPEAK] = "PRIVMSG", [COMMAND_TOPIC] = "TOPIC",
    [COMMAND_LEAVE] = "QUIT",
};

static const char *command_name(enum command_type command)
{
    bool known = (size_t)command < sizeof command_names / sizeof *command_names;
    return known && command_names[command] ? command_names[command] : "*";
}

void irc_refuse(struct irc_client *client, const struct note *note)
{
    const char *target = note->target ? note->target : "*";
    if (note->refusal == REFUSED_NOT_STORED) {
        irc_fail(client, command_name(note->command), "NOT_STORED", target,
                 "The server could not keep it, and nobody has seen it", NULL);
        return;
    }
    bool known = (size_t)note->refusal < sizeof wordings / sizeof *wordings;
    const struct wording *wording = known ? &wordings[note->refusal] : NULL;
    if (!wording || wording->numeric == 0 || client->quiet)
        return;
    if (wording->names_target)
        irc_reply(client, wording->numeric, target, wording->text, NULL);
    else
        irc_reply(client, wording->numeric, wording->text, NULL);
}
