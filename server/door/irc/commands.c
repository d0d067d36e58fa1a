/* The commands, one row of a table each, and what every one of them goes through. */
#include "server/door/irc/commands.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/multiline.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

/* In alphabetical order: the rows are found by bisection. */
static const struct irc_command commands[] = {
    {"ADMIN", irc_admin, 0, 1, IRC_AFTER, "", "Whom to ask about this server"},
    {"ADMIT", irc_admit, 0, 1, IRC_AFTER, "[name]",
     "Let a name in where only known names may come in, or list these; for operators"},
    {"AUTHENTICATE", irc_authenticate, 1, 1, IRC_ANYTIME, "mechanism | message | *",
     "Prove who you are by SASL"},
    {"AWAY", irc_away, 0, 1, IRC_ANYTIME | IRC_SILENT, "[:message]",
     "Say that you are away, or back"},
    {"BATCH", irc_batch, 1, 15, IRC_AFTER | IRC_PIPELINED | IRC_SILENT,
     "+reference draft/multiline target | -reference", "Send several lines as one message"},
    {"CAP", irc_cap, 1, 2, IRC_ANYTIME | IRC_SILENT, "LS [302] | LIST | REQ :caps | END",
     "Agree on extensions of the protocol"},
    {"CHATHISTORY", irc_chathistory, 1, 6, IRC_AFTER,
     "LATEST|BEFORE|AFTER|AROUND #channel|nick place limit | BETWEEN ... place place limit |"
     " TARGETS time time limit",
     "What was said before; a place is msgid=ID or timestamp=TIME"},
    {"CHGHOST", irc_chghost, 2, 2, IRC_AFTER, "nick host",
     "Show another host for somebody; for operators"},
    {"DEVICE", irc_device, 1, 3, IRC_ANYTIME, "CODE | ADD code [:label] | LIST | REVOKE number",
     "The devices whose certificates own your name; a code lets one more in"},
    {"GRANT", irc_grant, 0, 1, IRC_AFTER, "[account]",
     "Make the owner of a name an operator of the server, or list these; for operators"},
    {"HELP", irc_help, 0, 1, IRC_AFTER, "[command]", "This help"},
    {"HELPOP", irc_help, 0, 1, IRC_AFTER, "[command]", "This help"},
    {"INFO", irc_info, 0, 1, IRC_AFTER, "", "What runs here, and since when"},
    {"INVITE", irc_invite, 0, 2, IRC_AFTER, "[nick #channel]",
     "Invite somebody to a channel, or list where you are invited"},
    {"ISON", irc_ison, 1, IRC_MAX_PARAMS, IRC_AFTER, "nick...", "Which of these people are here"},
    {"ISUPPORT", irc_isupport, 0, 1, IRC_ANYTIME, "", "What this server can do, and its limits"},
    {"JOIN", irc_join, 1, 2, IRC_AFTER | IRC_SILENT, "#channel[,...] [key[,...]]",
     "Enter channels; JOIN 0 leaves all"},
    {"KICK", irc_kick, 2, 3, IRC_AFTER, "#channel nick[,...] [:reason]",
     "Put people out of a channel"},
    {"KILL", irc_kill, 1, 3, IRC_AFTER | IRC_SILENT, "nick [time] [:reason]",
     "Disconnect somebody, and keep them out for that time; for operators"},
    {"KLINE", irc_kline, 1, 3, IRC_AFTER, "[time] nick|mask|address|network|~a:account [:reason]",
     "Ban people from the server, for a time such as 30m, 2h or 7d; for operators"},
    {"KNOCK", irc_knock, 1, 2, IRC_AFTER, "#channel", "Ask to be let into a channel"},
    {"LINKS", irc_links, 0, 2, IRC_AFTER, "", "The servers of this network"},
    {"LIST", irc_list, 0, 2, IRC_AFTER, "[mask | !mask | >n | <n | C>n | C<n | T>n | T<n][,...]",
     "The channels and how many people are in each"},
    {"LUSERS", irc_lusers, 0, 2, IRC_AFTER, "", "How many people are here"},
    {"MARKREAD", irc_markread, 0, 2, IRC_AFTER, "#channel|nick [timestamp=TIME]",
     "How far you have read"},
    {"METADATA", irc_metadata, 2, 15, IRC_ANYTIME,
     "*|#channel|nick GET key... | LIST | SET key [:value] | CLEAR | SUB key... | UNSUB key... |"
     " SUBS | SYNC",
     "What is told about people and channels, such as avatar and pronouns"},
    {"MODE", irc_mode, 1, 15, IRC_AFTER | IRC_SILENT, "#channel | nick [+-letters [argument...]]",
     "The modes of a channel, or your own"},
    {"MONITOR", irc_monitor, 1, 2, IRC_AFTER | IRC_SILENT,
     "+ nick[,...] | - nick[,...] | C | L | S", "Be told when people come and go"},
    {"MOTD", irc_motd, 0, 1, IRC_AFTER, "", "The message of the day"},
    {"NAMES", irc_names, 0, 1, IRC_AFTER, "#channel[,...]", "Who is in a channel"},
    {"NICK", irc_nick, 0, 1, IRC_ANYTIME | IRC_SILENT, "nick", "Take a nick, or change it"},
    {"NOTICE", irc_notice, 0, 2, IRC_AFTER | IRC_PIPELINED | IRC_SILENT, "target[,...] :text",
     "Speak without causing an automatic answer"},
    {"OPER", irc_oper, 2, 2, IRC_AFTER, "name password", "Become an operator of the server"},
    {"PART", irc_part, 1, 2, IRC_AFTER, "#channel[,...] [:reason]", "Leave channels"},
    {"PASS", irc_pass, 1, 1, IRC_ANYTIME | IRC_SILENT, "password", "The password of the server"},
    {"PASSWD", irc_passwd, 2, 2, IRC_AFTER, "old|* :new",
     "Change the password of your account; * if your certificate proves it"},
    {"PING", irc_ping, 0, 2, IRC_ANYTIME, "token",
     "Answered when all that you sent before has been dealt with"},
    {"PONG", irc_pong, 0, 2, IRC_ANYTIME | IRC_SILENT, "token", "The answer to a PING"},
    {"PRIVMSG", irc_privmsg, 0, 2, IRC_AFTER | IRC_PIPELINED | IRC_SILENT, "target[,...] :text",
     "Speak in a channel or to a person"},
    {"QUIT", irc_quit, 0, 1, IRC_ANYTIME, "[:reason]", "Leave the server"},
    {"REDACT", irc_redact, 2, 3, IRC_AFTER, "#channel|nick msgid [:reason]",
     "Take back what was said"},
    {"REGISTER", irc_register, 3, 3, IRC_ANYTIME, "* email|* password",
     "Own your nick from now on: nobody else can use it"},
    {"REHASH", irc_rehash, 0, 1, IRC_AFTER, "", "Read the configuration again; for operators"},
    {"RELEASE", irc_release, 1, 1, IRC_AFTER, "name",
     "Free a name whose owner has not used it for long; for operators"},
    {"RENAME", irc_rename, 2, 3, IRC_AFTER, "#channel #new [:reason]",
     "Give a channel another name"},
    {"REVOKE", irc_revoke, 1, 1, IRC_AFTER, "account", "Take back what GRANT gave; for operators"},
    {"SEARCH", irc_search, 1, 1, IRC_AFTER, "text=words;in=target;from=nick;after=time;before=time",
     "Look for what was said"},
    {"SETNAME", irc_setname, 1, 1, IRC_AFTER | IRC_SILENT, ":realname", "Change your real name"},
    {"STATS", irc_stats, 1, 2, IRC_AFTER, "k | l | m | o | t | u",
     "Bans, commands, operators and connections, for operators; how long the server has been up"},
    {"TAGMSG", irc_tagmsg, 0, 1, IRC_AFTER | IRC_PIPELINED | IRC_SILENT, "target[,...]",
     "Send only tags: that you are typing, a reaction, ..."},
    {"TIME", irc_time, 0, 1, IRC_AFTER, "", "The server's time"},
    {"TIMEDBAN", irc_timedban, 3, 4, IRC_AFTER | IRC_SILENT, "#channel time nick|mask [:reason]",
     "Ban people from a channel for a time such as 30m, 2h or 7d; with a reason, put them out"},
    {"TOPIC", irc_topic, 1, 2, IRC_AFTER, "#channel [:topic]", "What a channel is about"},
    {"UNADMIT", irc_unadmit, 1, 1, IRC_AFTER, "name", "Take back what ADMIT gave; for operators"},
    {"UNKLINE", irc_unkline, 1, 1, IRC_AFTER, "mask", "Lift a KLINE; for operators"},
    {"USER", irc_user, 4, 4, IRC_ANYTIME | IRC_SILENT, "user 0 * :realname",
     "Say who you are, once"},
    {"USERHOST", irc_userhost, 1, 5, IRC_AFTER, "nick...", "Where these people are"},
    {"VERIFY", irc_verify, 2, 2, IRC_ANYTIME, "account code", "Not needed here"},
    {"VERSION", irc_version, 0, 1, IRC_AFTER, "", "What runs here, and what it can do"},
    {"WALLOPS", irc_wallops, 1, 1, IRC_AFTER | IRC_SILENT, ":text",
     "Speak to all who listen to operators; for operators"},
    {"WHO", irc_who, 1, 2, IRC_AFTER, "#channel | nick | mask [o][%fields[,token]]",
     "Look for people"},
    {"WHOIS", irc_whois, 1, 2, IRC_AFTER, "nick[,...]", "About one person"},
    {"WHOWAS", irc_whowas, 1, 2, IRC_AFTER, "nick [count]", "About somebody who had that nick"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static int compare(const void *name, const void *command)
{
    return strcasecmp(name, ((const struct irc_command *)command)->name);
}

const struct irc_command *irc_command_find(const char *name)
{
    return bsearch(name, commands, COMMAND_COUNT, sizeof *commands, compare);
}

size_t irc_command_count(void)
{
    return COMMAND_COUNT;
}

const struct irc_command *irc_command_at(size_t index)
{
    return index < COMMAND_COUNT ? &commands[index] : NULL;
}

/* What was wrong with a line that is no message. */
static void refuse_line(struct irc_client *client, enum irc_error error, const char *command)
{
    switch (error) {
    case IRC_OK:
    case IRC_EMPTY:
        break;
    case IRC_TAGS_TOO_LONG:
    case IRC_BODY_TOO_LONG:
        irc_reply(client, ERR_INPUTTOOLONG, "Input line was too long", NULL);
        break;
    case IRC_BAD_BYTE:
        irc_fail(client, "*", "INVALID_LINE", "A line cannot contain NUL or CR", NULL);
        break;
    case IRC_BAD_SOURCE:
    case IRC_NO_COMMAND:
    case IRC_BAD_COMMAND:
        irc_reply(client, ERR_UNKNOWNCOMMAND, command, "Not a command", NULL);
        break;
    }
}

/* Whether the row may run now; else says why not. */
static bool allowed(struct irc_client *client, const struct irc_command *command,
                    const struct irc_message *message)
{
    unsigned when = client->welcomed ? IRC_AFTER : IRC_BEFORE;
    if (!(command->flags & when)) {
        irc_reply(client, ERR_NOTREGISTERED, "You have not registered", NULL);
        return false;
    }
    if (message->n_params < command->min_params ||
        (command->min_params > 0 && irc_no_target(message->params[0]))) {
        irc_reply(client, ERR_NEEDMOREPARAMS, command->name, "Not enough parameters", NULL);
        return false;
    }
    return true;
}

static void run(struct irc_client *client, const struct irc_command *command,
                const struct irc_message *message, bool is_utf8)
{
    const char *name = command ? command->name : message->command;
    if (message->tags_len > IRC_MAX_CLIENT_TAG_DATA_BYTES)
        refuse_line(client, IRC_TAGS_TOO_LONG, name);
    else if (!is_utf8)
        irc_fail(client, command ? name : "*", "INVALID_UTF8", "Only UTF-8 is understood here",
                 NULL);
    else if (!command && !client->welcomed)
        irc_reply(client, ERR_NOTREGISTERED, "You have not registered", NULL);
    else if (!command)
        irc_reply(client, ERR_UNKNOWNCOMMAND, name, "Unknown command", NULL);
    else if (allowed(client, command, message) && !irc_multiline_take(client, message)) {
        client->door->command_counts[command - commands]++;
        command->run(client, message);
    }
}

/* Speech may follow on speech that is in flight; all else waits its turn, and so does whatever has
 * a label, follows on such a one, or may be answered under that of a batch, so that an answer is never
 * mixed with another. */
static bool must_wait(const struct irc_client *client, const struct irc_command *command,
                      bool labelled)
{
    bool pipelined = command && command->flags & IRC_PIPELINED;
    return !pipelined || labelled || client->response.open || client->aside->multiline;
}

enum door_result irc_dispatch(struct irc_client *client, char *line, size_t len)
{
    bool is_utf8 = text_utf8_valid(line, len);
    struct irc_message message;
    enum irc_error error =
        irc_parse(&message, line, len, IRC_MAX_TAGS_BYTES, client->door->line_bytes - 2);
    if (error == IRC_EMPTY)
        return DOOR_DONE;
    const struct irc_command *command = error == IRC_OK ? irc_command_find(message.command) : NULL;
    struct irc_tag label;
    bool labelled = irc_has(client, CAP_LABELED_RESPONSE | CAP_BATCH) &&
                    irc_tag_find(&message, "label", &label);
    if (irc_client_busy(client) && must_wait(client, command, labelled))
        return DOOR_WAIT;
    if (labelled)
        irc_response_open(client, label.value, label.value_len);
    irc_response_begin(client);
    if (error == IRC_OK)
        run(client, command, &message, is_utf8);
    else
        refuse_line(client, error, is_utf8 && message.command ? message.command : "*");
    irc_response_end(client);
    return DOOR_DONE;
}
