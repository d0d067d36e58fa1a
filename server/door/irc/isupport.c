/* What this server tells about itself and its limits; see isupport.h. Every token is a row, and
 * every row is kept by code somewhere. */
#include "server/door/irc/isupport.h"

#include <stdio.h>
#include <string.h>

#include "server/door/irc/history.h"
#include "server/door/irc/reply.h"

enum {
    TOKENS_PER_LINE = 13, /* fifteen parameters, less the nick and the text */
    TOKEN_BYTES = 96,
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
    snprintf(value, size, "%d", IRC_HISTORY_MAX);
}

static void line_len(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    snprintf(value, size, "%d", IRC_MAX_BODY_BYTES + 2);
}

static void max_targets(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    snprintf(value, size, "%d", IRC_TARGETS);
}

static void network(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%s", client->door->network);
}

static void nick_len(const struct irc_client *client, char *value, size_t size)
{
    snprintf(value, size, "%zu", limits(client)->max_nick_bytes);
}

static void targ_max(const struct irc_client *client, char *value, size_t size)
{
    (void)client;
    snprintf(value, size, "JOIN:,NAMES:1,NOTICE:%d,PART:,PRIVMSG:%d,WHOIS:%d", IRC_TARGETS,
             IRC_TARGETS, IRC_TARGETS);
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
    {"CASEMAPPING", "ascii", NULL},    {"CHANLIMIT", NULL, channel_limit},
    {"CHANMODES", ",,,nt", NULL},      {"CHANNELLEN", NULL, channel_len},
    {"CHANTYPES", "#", NULL},          {"CHATHISTORY", NULL, chat_history},
    {"LINELEN", NULL, line_len},       {"MSGREFTYPES", "msgid,timestamp", NULL},
    {"MAXTARGETS", NULL, max_targets}, {"NETWORK", NULL, network},
    {"NICKLEN", NULL, nick_len},       {"PREFIX", "(o)@", NULL},
    {"SNUG.CHAT/ID", NULL, NULL},
    {"TARGMAX", NULL, targ_max},       {"TOPICLEN", NULL, topic_len},
    {"USERLEN", NULL, user_len},       {"UTF8ONLY", NULL, NULL},
};

void irc_isupport_myinfo(struct irc_client *client)
{
    char version[] = "snugd-" SNUG_VERSION;
    irc_reply(client, RPL_MYINFO, client->door->server_name, version, "-", "not", NULL);
}

static void add_token(const struct irc_client *client, const struct token *token, struct str *line)
{
    char text[TOKEN_BYTES] = "";
    if (token->write)
        token->write(client, text, sizeof text);
    else if (token->value)
        snprintf(text, sizeof text, "%s", token->value);
    str_addf(line, "%s%s%s%s", line->len > 0 ? " " : "", token->name, *text ? "=" : "", text);
}

void irc_isupport_send(struct irc_client *client)
{
    struct str line;
    str_init(&line, IRC_MAX_BODY_BYTES);
    size_t count = sizeof tokens / sizeof *tokens;
    for (size_t i = 0; i < count; i++) {
        add_token(client, &tokens[i], &line);
        if ((i + 1) % TOKENS_PER_LINE == 0 || i + 1 == count) {
            irc_reply_words(client, RPL_ISUPPORT, line.data, "are supported by this server");
            str_reset(&line);
        }
    }
    str_release(&line);
}
