/* What this server tells about itself and its limits; see isupport.h. Every token is a row, and
 * every row is kept by code somewhere. */
#include "server/door/irc/isupport.h"

#include <stdio.h>
#include <string.h>

#include "server/core/modes.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/history.h"
#include "server/door/irc/ranks.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/usermodes.h"

enum {
    TOKENS_PER_LINE = 13, /* fifteen parameters, less the nick and the text */
    TOKEN_BYTES = 128,
};

/* Where a token's value comes from. */
struct token {
    const char *name;
    const char *value; /* NULL: none, or the function's */
    void (*write)(const struct irc_client *client, char *value, size_t size);
};

static const struct hub_config *limits(const struct irc_client *client)
{
    return hub_limits(gate_hub(client->gate));
}

static void channel_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", limits(client)->max_room_name_bytes);
}

static void channel_limit(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "#:%zu", limits(client)->max_rooms_per_session);
}

static void chat_history(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    snprintf(value, size, "%zu", client->door->history_page);
}

static void line_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", client->door->line_bytes);
}

static void max_targets(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    snprintf(value, size, "%zu", client->door->targets);
}

static void network(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%s", client->door->network);
}

static void nick_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", limits(client)->max_nick_bytes);
}

static void mode_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "beI:%zu", limits(client)->max_list_masks);
}

static void monitor(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", limits(client)->max_watches);
}

static void key_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", limits(client)->max_key_bytes);
}

/* The letters of each kind, as CHANMODES has them: lists, always an argument, one when set, none. */
static void chan_modes(const struct irc_client *client, char *value, size_t size)
{
    static const enum mode_kind kinds[] = {MODE_LIST, MODE_PASSWORD, MODE_LIMIT, MODE_FLAG};
    (void)client;
    size_t count;
    const struct mode *modes = modes_all(&count);
    size_t len = 0;
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        if (kind > 0 && len + 1 < size)
            value[len++] = ',';
        for (size_t i = 0; i < count; i++)
            if (modes[i].kind == kinds[kind] && len + 1 < size)
                value[len++] = modes[i].letter;
    }
    value[len] = '\0';
}

static void bytes(char *value, size_t size, int number)
{
    snprintf(value, size, "%d", number);
}

static void away_len(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    bytes(value, size, IRC_AWAY_BYTES);
}

static void kick_len(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    bytes(value, size, IRC_REASON_BYTES);
}

static void name_len(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    bytes(value, size, IRC_REALNAME_BYTES);
}

/* The commands that take several targets, and how many. */
static void targ_max(const struct irc_client *client, char *value, size_t size)
{
    static const char *const bounded[] = {"KICK", "NAMES", "NOTICE", "PRIVMSG", "TAGMSG", "WHOIS"};
    (void)client;
    size_t len = (size_t)snprintf(value, size, "JOIN:,MONITOR:,PART:");
    for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++)
        len +=
            (size_t)snprintf(value + len, size - len, ",%s:%zu", bounded[i], client->door->targets);
}

static void topic_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", limits(client)->max_topic_bytes);
}

static void user_len(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    snprintf(value, size, "%d", IRC_USER_BYTES);
}

static const struct token tokens[] = {
    {"ACCOUNTEXTBAN", "a", NULL},
    {"AWAYLEN", NULL, away_len},
    {"BOT", "B", NULL},
    {"CASEMAPPING", "ascii", NULL},
    {"CHANLIMIT", NULL, channel_limit},
    {"CHANMODES", NULL, chan_modes},
    {"CHANNELLEN", NULL, channel_len},
    {"CHANTYPES", "#", NULL},
    {"CHATHISTORY", NULL, chat_history},
    {"ELIST", "CMNTU", NULL},
    {"EXCEPTS", "e", NULL},
    {"EXTBAN", "~,am", NULL},
    {"INVEX", NULL, NULL}, /* by the usual letter */
    {"KEYLEN", NULL, key_len},
    {"KICKLEN", NULL, kick_len},
    {"KNOCK", NULL, NULL},
    {"LINELEN", NULL, line_len},
    {"MAXLIST", NULL, mode_len},
    {"MAXTARGETS", NULL, max_targets},
    {"MODES", NULL, NULL},
    {"MONITOR", NULL, monitor},
    {"MSGREFTYPES", "msgid,timestamp", NULL},
    {"NAMELEN", NULL, name_len},
    {"NETWORK", NULL, network},
    {"NICKLEN", NULL, nick_len},
    {"PREFIX", irc_ranks_prefix, NULL},
    {"SAFELIST", NULL, NULL},
    {"SNUG.CHAT/ID", NULL, NULL},
    {"STATUSMSG", irc_rank_symbols, NULL},
    {"TARGMAX", NULL, targ_max},
    {"TOPICLEN", NULL, topic_len},
    {"USERLEN", NULL, user_len},
    {"UTF8ONLY", NULL, NULL},
    {"WHOX", NULL, NULL},
};

/* 004: the letters of user modes, of channel modes, and of those that have a parameter. */
void irc_isupport_myinfo(struct irc_client *client)
{
    char letters[64];
    char with_parameter[64];
    size_t count;
    const struct mode *modes = modes_all(&count);
    size_t len = 0;
    size_t len_with = 0;
    for (size_t i = 0; i < count && len + 1 < sizeof letters; i++) {
        letters[len++] = modes[i].letter;
        if (modes[i].kind != MODE_FLAG)
            with_parameter[len_with++] = modes[i].letter;
    }
    letters[len] = '\0';
    with_parameter[len_with] = '\0';
    irc_reply(client, RPL_MYINFO, client->door->server_name, "snugd-" SNUG_VERSION,
              irc_usermode_letters, letters, with_parameter, NULL);
}

static void add_token(const struct irc_client *client, const struct token *token, struct str *line)
{
    char text[TOKEN_BYTES] = "";
    if (token->write)
        token->write(client, text, sizeof text);
    else if (token->value)
        snprintf(text, sizeof text, "%s", token->value);
    str_addf(line, "%s%s%s", token->name, *text ? "=" : "", text);
}

/* The parameters of all lines, each ended by a line feed: made when they are first asked for. */
static const char *all_lines(struct irc_client *client)
{
    struct str *lines = &client->door->isupport;
    size_t count = lines->len == 0 ? sizeof tokens / sizeof *tokens : 0;
    for (size_t i = 0; i < count; i++) {
        str_addc(lines, ' ');
        add_token(client, &tokens[i], lines);
        if ((i + 1) % TOKENS_PER_LINE == 0 || i + 1 == count)
            str_adds(lines, " :are supported by this server\n");
    }
    return lines->data;
}

void irc_isupport_send(struct irc_client *client)
{
    bool batched = irc_has(client, CAP_EXTENDED_ISUPPORT);
    if (batched)
        irc_response_batch_begin(client, "draft/isupport", NULL);
    for (const char *line = all_lines(client), *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        str_add(irc_reply_begin(client, RPL_ISUPPORT), line, (size_t)(end - line));
        irc_reply_end(client);
    }
    if (batched)
        irc_response_batch_end(client);
}

/* FNV-1a. */
uint32_t irc_limits_hash(const struct irc_client *client)
{
    const struct irc_door *door = client->door;
    const struct hub_config *config = limits(client);
    const size_t numbers[] = {
        door->registration,      door->register_email,          door->line_bytes,
        config->max_topic_bytes, config->max_multiline_bytes,   config->max_list_masks,
        config->max_watches,     config->max_rooms_per_session,
    };
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        hash = (hash ^ (uint32_t)numbers[i]) * 16777619u;
    return hash;
}
