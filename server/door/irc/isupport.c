/* What this server tells about itself and its limits; see isupport.h. Every token is a row, and
 * every row is kept by code somewhere. */
#include "server/door/irc/isupport.h"

#include <stdio.h>
#include <string.h>

#include "common/hash.h"
#include "server/core/modes.h"
#include "server/door/irc/caps.h"
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
    bool (*holds)(const struct irc_client *client); /* whether there is one now; NULL: always */
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

static bool account_required(const struct irc_client *client)
{
    return limits(client)->require != REQUIRE_NOTHING;
}

static const struct token tokens[] = {
    {"ACCOUNTEXTBAN", "a", NULL, NULL},
    {"AWAYLEN", NULL, away_len, NULL},
    {"BOT", "B", NULL, NULL},
    {"CASEMAPPING", "ascii", NULL, NULL},
    {"CHANLIMIT", NULL, channel_limit, NULL},
    {"CHANMODES", NULL, chan_modes, NULL},
    {"CHANNELLEN", NULL, channel_len, NULL},
    {"CHANTYPES", "#", NULL, NULL},
    {"CHATHISTORY", NULL, chat_history, NULL},
    {"ELIST", "CMNTU", NULL, NULL},
    {"EXCEPTS", "e", NULL, NULL},
    {"EXTBAN", "~,am", NULL, NULL},
    {"INVEX", NULL, NULL, NULL}, /* by the usual letter */
    {"KEYLEN", NULL, key_len, NULL},
    {"KICKLEN", NULL, kick_len, NULL},
    {"KNOCK", NULL, NULL, NULL},
    {"LINELEN", NULL, line_len, NULL},
    {"MAXLIST", NULL, mode_len, NULL},
    {"MAXTARGETS", NULL, max_targets, NULL},
    {"MODES", NULL, NULL, NULL},
    {"MONITOR", NULL, monitor, NULL},
    {"MSGREFTYPES", "msgid,timestamp", NULL, NULL},
    {"NAMELEN", NULL, name_len, NULL},
    {"NETWORK", NULL, network, NULL},
    {"NICKLEN", NULL, nick_len, NULL},
    {"PREFIX", irc_ranks_prefix, NULL, NULL},
    {"SAFELIST", NULL, NULL, NULL},
    {"SNUG.CHAT/ID", NULL, NULL, NULL},
    {"STATUSMSG", irc_rank_symbols, NULL, NULL},
    {"TARGMAX", NULL, targ_max, NULL},
    {"TOPICLEN", NULL, topic_len, NULL},
    {"USERLEN", NULL, user_len, NULL},
    {"UTF8ONLY", NULL, NULL, NULL},
    {"WHOX", NULL, NULL, NULL},
    {"draft/ACCOUNTREQUIRED", NULL, NULL, account_required},
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

/* What capabilities say of limits is not among the tokens. */
static uint32_t hash_limits(const struct irc_client *client)
{
    const struct irc_door *door = client->door;
    const size_t others[] = {door->registration, door->register_email,
                             limits(client)->max_multiline_bytes};
    uint32_t hash = hash_fnv32(HASH_FNV32, door->isupport.data, door->isupport.len);
    return hash_fnv32(hash, others, sizeof others);
}

/* The parameters of all lines, each ended by a line feed: made when they are first asked for. */
static const char *all_lines(const struct irc_client *client)
{
    struct str *lines = &client->door->isupport;
    if (lines->len > 0)
        return lines->data;
    size_t on_line = 0;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        if (tokens[i].holds && !tokens[i].holds(client))
            continue;
        if (on_line == TOKENS_PER_LINE) {
            str_adds(lines, " :are supported by this server\n");
            on_line = 0;
        }
        str_addc(lines, ' ');
        add_token(client, &tokens[i], lines);
        on_line++;
    }
    str_adds(lines, " :are supported by this server\n");
    client->door->limits_hash = hash_limits(client);
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

uint32_t irc_limits_hash(const struct irc_client *client)
{
    all_lines(client);
    return client->door->limits_hash;
}
