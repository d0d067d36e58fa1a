/* The hub's refusals in the words of IRC, a row each. */
#include "server/door/irc/refusal.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/irc/info.h"
#include "server/door/irc/marker.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/redact.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/sasl.h"

/* What stands between the numeric and the words. */
enum naming {
    NAMES_NOTHING,
    NAMES_TARGET,
    NAMES_OBJECT,
    NAMES_TARGET_OBJECT,
    NAMES_OBJECT_TARGET,
    NAMES_TARGET_WORDS, /* the object is two, of which the second may be missing */
};

struct wording {
    enum irc_numeric numeric; /* 0: there is nothing to say */
    enum naming naming;
    const char *text;
};

static const struct wording wordings[] = {
    [REFUSED_NOT_ENTERED] = {ERR_NOTREGISTERED, NAMES_NOTHING, "You have not registered"},
    [REFUSED_ALREADY_ENTERED] = {ERR_ALREADYREGISTERED, NAMES_NOTHING, "You may not reregister"},
    [REFUSED_NICK_TAKEN] = {ERR_NICKNAMEINUSE, NAMES_TARGET, "Nickname is already in use"},
    [REFUSED_NICK_OWNED] =
        {ERR_NICKNAMEINUSE, NAMES_TARGET,
         "Nickname is owned by somebody else: prove that it is yours (SASL, DEVICE), or take"
         " another"},
    [REFUSED_NICK_CROWDED] = {ERR_NICKNAMEINUSE, NAMES_TARGET,
                              "Too many connections share your nickname: take another"},
    [REFUSED_NICK_ALIKE] =
        {ERR_NICKNAMEINUSE, NAMES_TARGET,
         "Nickname looks like another one that is in use or owned: take one that "
         "nobody can mistake"},
    [REFUSED_NICK_BAD] = {ERR_ERRONEUSNICKNAME, NAMES_TARGET, "Erroneous nickname"},
    [REFUSED_NICK_BANNED] = {ERR_ERRONEUSNICKNAME, NAMES_TARGET,
                             "Nickname is banned from this server"},
    [REFUSED_NO_SUCH_NICK] = {ERR_NOSUCHNICK, NAMES_TARGET, "No such nick"},
    [REFUSED_NO_SUCH_ROOM] = {ERR_NOSUCHCHANNEL, NAMES_TARGET, "No such channel"},
    [REFUSED_ROOM_NAME_BAD] = {ERR_NOSUCHCHANNEL, NAMES_TARGET, "Not a channel name"},
    [REFUSED_NOT_IN_ROOM] = {ERR_NOTONCHANNEL, NAMES_TARGET, "You're not on that channel"},
    [REFUSED_THEY_NOT_IN_ROOM] = {ERR_USERNOTINCHANNEL, NAMES_OBJECT_TARGET,
                                  "They aren't on that channel"},
    [REFUSED_ALREADY_IN_ROOM] = {ERR_USERONCHANNEL, NAMES_OBJECT_TARGET,
                                 "is already on that channel"},
    [REFUSED_CANNOT_SPEAK] = {ERR_CANNOTSENDTOCHAN, NAMES_TARGET, "Cannot send to channel"},
    [REFUSED_NOT_OPERATOR] = {ERR_CHANOPRIVSNEEDED, NAMES_TARGET, "You're not channel operator"},
    [REFUSED_INVITE_ONLY] = {ERR_INVITEONLYCHAN, NAMES_TARGET, "Cannot join channel (+i)"},
    [REFUSED_KEY_WRONG] = {ERR_BADCHANNELKEY, NAMES_TARGET, "Cannot join channel (+k)"},
    [REFUSED_KEY_BAD] = {ERR_INVALIDKEY, NAMES_TARGET, "Key is not well-formed"},
    [REFUSED_ROOM_FULL] = {ERR_CHANNELISFULL, NAMES_TARGET, "Cannot join channel (+l)"},
    [REFUSED_BANNED] = {ERR_BANNEDFROMCHAN, NAMES_TARGET, "Cannot join channel (+b)"},
    [REFUSED_TOO_MANY_ROOMS] = {ERR_TOOMANYCHANNELS, NAMES_TARGET,
                                "You have joined too many channels"},
    [REFUSED_NO_MORE_ROOMS] = {ERR_TOOMANYCHANNELS, NAMES_TARGET,
                               "This server cannot hold more channels"},
    [REFUSED_TOO_LONG] = {ERR_INPUTTOOLONG, NAMES_NOTHING, "Message is too long"},
    [REFUSED_NOTHING_SAID] = {ERR_NOTEXTTOSEND, NAMES_NOTHING, "No text to send"},
    [REFUSED_UNKNOWN_MODE] = {ERR_UNKNOWNMODE, NAMES_OBJECT, "is not a mode known here"},
    [REFUSED_MODE_ARGUMENT] = {ERR_INVALIDMODEPARAM, NAMES_TARGET_WORDS,
                               "Not a parameter for this mode"},
    [REFUSED_LIST_FULL] = {ERR_BANLISTFULL, NAMES_TARGET_OBJECT, "The channel's lists are full"},
    [REFUSED_ACCOUNTS_ONLY] = {ERR_NEEDREGGEDNICK, NAMES_TARGET,
                               "Only people who are logged in may do that there"},
    [REFUSED_HOST_BAD] = {ERR_UNKNOWNERROR, NAMES_OBJECT, "Not a host"},
    [REFUSED_NOT_PRIVILEGED] = {ERR_NOPRIVILEGES, NAMES_NOTHING,
                                "Permission Denied- You're not an IRC operator"},
    [REFUSED_ROOM_OPEN] = {ERR_CHANOPEN, NAMES_TARGET, "Channel is open"},
    [REFUSED_KNOCKED] = {ERR_TOOMANYKNOCK, NAMES_TARGET, "You knocked only a moment ago"},
    [REFUSED_MASK_BAD] = {ERR_BADMASK, NAMES_TARGET, "Not a mask, address, network or nick"},
    [REFUSED_MASK_YOURS] = {ERR_BADMASK, NAMES_TARGET, "That would ban you, too"},
    [REFUSED_NO_SUCH_BAN] = {ERR_BADMASK, NAMES_TARGET, "There is no such ban: see STATS k"},
    [REFUSED_WATCH_FULL] = {0, NAMES_NOTHING, NULL}, /* monitor.c says what is left over */
};

/* Where a command has words of its own. */
static const struct {
    enum command_type command;
    enum refusal refusal;
    struct wording wording;
} special[] = {
    {COMMAND_JOIN, REFUSED_ALREADY_IN_ROOM, {0, NAMES_NOTHING, NULL}},
    {COMMAND_JOIN,
     REFUSED_ACCOUNTS_ONLY,
     {ERR_NEEDREGGEDNICK, NAMES_TARGET, "Cannot join channel (+R)"}},
    {COMMAND_MODE, REFUSED_NO_SUCH_NICK, {ERR_NOSUCHNICK, NAMES_OBJECT, "No such nick"}},
    {COMMAND_KNOCK,
     REFUSED_ALREADY_IN_ROOM,
     {ERR_KNOCKONCHAN, NAMES_TARGET, "You are on that channel"}},
    {COMMAND_BAN,
     REFUSED_LIST_FULL,
     {ERR_BANLISTFULL, NAMES_TARGET, "The server keeps no more bans"}},
    {COMMAND_KILL,
     REFUSED_LIST_FULL,
     {ERR_BANLISTFULL, NAMES_TARGET, "The server keeps no more bans"}},
    {COMMAND_WATCH, REFUSED_NICK_BAD, {0, NAMES_NOTHING, NULL}},
};

/* The commands by which a door made the hub do it. */
static const char *const command_names[] = {
    [COMMAND_NAME] = "NICK",        [COMMAND_ENTER] = "USER",     [COMMAND_JOIN] = "JOIN",
    [COMMAND_PART] = "PART",        [COMMAND_SPEAK] = "PRIVMSG",  [COMMAND_SIGN] = "TAGMSG",
    [COMMAND_TOPIC] = "TOPIC",      [COMMAND_MODE] = "MODE",      [COMMAND_KICK] = "KICK",
    [COMMAND_INVITE] = "INVITE",    [COMMAND_KNOCK] = "KNOCK",    [COMMAND_RENAME] = "RENAME",
    [COMMAND_REALNAME] = "SETNAME", [COMMAND_AWAY] = "AWAY",      [COMMAND_LEAVE] = "QUIT",
    [COMMAND_REDACT] = "REDACT",    [COMMAND_TRAIT] = "METADATA", [COMMAND_MARK] = "MARKREAD",
};

static const char *command_name(enum command_type command)
{
    bool known = (size_t)command < sizeof command_names / sizeof *command_names;
    return known && command_names[command] ? command_names[command] : "*";
}

static const struct wording *wording_of(const struct note *note)
{
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (special[i].command == note->command && special[i].refusal == note->refusal)
            return &special[i].wording;
    bool known = (size_t)note->refusal < sizeof wordings / sizeof *wordings;
    return known ? &wordings[note->refusal] : NULL;
}

static void word_pair(struct irc_client *client, const struct wording *wording, const char *target,
                      const char *object)
{
    char *first = xmemdup0(object, strcspn(object, " "));
    const char *second = strchr(object, ' ');
    irc_reply(client, wording->numeric, target, first, second ? second + 1 : "*", wording->text,
              NULL);
    free(first);
}

static void word(struct irc_client *client, const struct wording *wording, const char *target,
                 const char *object)
{
    switch (wording->naming) {
    case NAMES_NOTHING:
        irc_reply(client, wording->numeric, wording->text, NULL);
        break;
    case NAMES_TARGET:
        irc_reply(client, wording->numeric, target, wording->text, NULL);
        break;
    case NAMES_OBJECT:
        irc_reply(client, wording->numeric, object, wording->text, NULL);
        break;
    case NAMES_TARGET_OBJECT:
        irc_reply(client, wording->numeric, target, object, wording->text, NULL);
        break;
    case NAMES_OBJECT_TARGET:
        irc_reply(client, wording->numeric, object, target, wording->text, NULL);
        break;
    case NAMES_TARGET_WORDS:
        word_pair(client, wording, target, object);
        break;
    }
}

/* IRCv3 draft/channel-rename answers what is wrong with a name by FAIL. */
static bool refuse_rename(struct irc_client *client, const struct note *note, const char *target,
                          const char *object)
{
    if (note->command != COMMAND_RENAME)
        return false;
    if (note->refusal == REFUSED_ROOM_ALIKE)
        irc_fail(client, "RENAME", "CHANNEL_NAME_IN_USE", target, object,
                 "That name looks like another channel's: take one that differs more", NULL);
    else if (note->refusal == REFUSED_ROOM_EXISTS)
        irc_fail(client, "RENAME", "CHANNEL_NAME_IN_USE", target, object,
                 "There is a channel of that name", NULL);
    else if (note->refusal == REFUSED_ROOM_NAME_BAD)
        irc_fail(client, "RENAME", "CANNOT_RENAME", target, object, "Not a channel name", NULL);
    else
        return false;
    return true;
}

/* What an operator cannot say of a name: numerics about nicks would be taken for his own. */
static bool refuse_about_name(struct irc_client *client, const struct note *note,
                              const char *target)
{
    static const struct {
        enum refusal refusal;
        const char *command, *code, *text;
    } rows[] = {
        {REFUSED_NOT_OWNED, "GRANT", "NOT_OWNED", "Nobody owns that name"},
        {REFUSED_NO_MORE_NAMES, "ADMIT", "NO_MORE_NAMES", "The server cannot keep more names"},
        {REFUSED_OWNER_HERE, "RELEASE", "OWNER_HERE", "Its owner is here"},
        {REFUSED_TOO_SOON, "RELEASE", "TOO_SOON",
         "Its owner was here too recently: see release-after"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool release = note->command == COMMAND_RELEASE;
        if (rows[i].refusal != note->refusal)
            continue;
        irc_fail(client, release ? "RELEASE" : rows[i].command, rows[i].code, target, rows[i].text,
                 NULL);
        return true;
    }
    return false;
}

static void refuse_alike(struct irc_client *client, const struct note *note)
{
    irc_replyf(client, ERR_BADCHANNAME, note->target,
               "Channel name looks like %s: take one that differs more",
               note->object ? note->object : "that of another channel");
}

static void shut_out(struct irc_client *client, const struct note *note)
{
    char until[IRC_TIME_TEXT_BYTES];
    bool reason = note->object && *note->object;
    irc_time_text(until, note->until_ms);
    irc_replyf(client, ERR_YOUREBANNEDCREEP, NULL, "You are banned from this server%s%s%s%s",
               note->until_ms != 0 ? " until " : "", note->until_ms != 0 ? until : "",
               reason ? ": " : "", reason ? note->object : "");
}

/* How to get an account, as far as there is a way from where this client is. */
static const char *way_to_account(const struct irc_client *client)
{
    if (!irc_sasl_offered(client))
        return "Only people with an account may come in, and they can prove it only over TLS";
    if (client->door->registration != IRC_REGISTER_ANYTIME)
        return "Only people with an account may come in: log in by SASL";
    return "Only people with an account may come in: log in by SASL, or say REGISTER * * PASSWORD "
           "to "
           "make your nick your account";
}

/* What is said to one who is not let in. */
static bool refused_at_the_door(struct irc_client *client, const struct note *note)
{
    if (note->refusal == REFUSED_SHUT_OUT)
        shut_out(client, note);
    else if (note->refusal == REFUSED_ACCOUNT_WANTED)
        irc_fail(client, "*", "ACCOUNT_REQUIRED", way_to_account(client), NULL);
    else if (note->refusal == REFUSED_NOT_ADMITTED)
        irc_fail(
            client, command_name(note->command), "NOT_ADMITTED", note->target,
            "Only people whom an operator has admitted may come in: ask to have your nick admitted",
            NULL);
    else
        return false;
    return true;
}

void irc_refuse(struct irc_client *client, const struct note *note)
{
    const char *target = note->target ? note->target : "*";
    const char *object = note->object ? note->object : "*";
    if (note->refusal == REFUSED_NOT_STORED) {
        bool so = note->command == COMMAND_TRAIT || note->command == COMMAND_MARK;
        irc_fail(client, command_name(note->command), "NOT_STORED", target,
                 so ? "It is done, but the server could not save it"
                    : "The server could not save it, and nobody has seen it",
                 NULL);
        return;
    }
    const struct wording *wording = wording_of(note);
    if (refused_at_the_door(client, note))
        return;
    if (irc_redact_refused(client, note) || irc_marker_refused(client, note) ||
        irc_metadata_refused(client, note))
        return;
    if (client->quiet || refuse_rename(client, note, target, object) ||
        refuse_about_name(client, note, target))
        return;
    if (note->refusal == REFUSED_ROOM_RENAMED)
        irc_fail(client, "JOIN", "CHANNEL_RENAMED", target, object, "The channel has been renamed",
                 NULL);
    else if (note->refusal == REFUSED_ROOM_ALIKE)
        refuse_alike(client, note);
    else if (wording && wording->numeric != 0)
        word(client, wording, target, object);
}
