#include "server/door/irc/bans.h"

#include <stdio.h>
#include <string.h>

#include "common/cidr.h"
#include "common/options.h"
#include "common/str.h"
#include "common/text.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"

#define LONGEST_MS (INT64_C(10) * 365 * 24 * 60 * 60 * 1000)

enum { TIME_BYTES = 16 };

/* As other servers take it, a number without a unit is minutes. */
static bool read_time(const char *text, long long *ms)
{
    char minutes[TIME_BYTES];
    size_t len = strlen(text);
    if (len == 0 || len + 2 > sizeof minutes)
        return false;
    bool bare = strspn(text, "0123456789") == len;
    snprintf(minutes, sizeof minutes, "%s%s", text, bare ? "m" : "");
    return options_duration(minutes, ms) && *ms > 0 && *ms <= LONGEST_MS;
}

bool irc_ban_until(struct irc_client *client, const char *command, const char *text,
                   int64_t *until_ms)
{
    long long ms;
    if (!read_time(text, &ms)) {
        irc_fail(client, command, "INVALID_DURATION", text, "Not a time such as 30m, 2h or 7d",
                 NULL);
        return false;
    }
    *until_ms = gate_now(client->gate) + ms;
    return true;
}

char *irc_ban_address(struct str *address, char *param)
{
    struct cidr parsed;
    char *behind = param + strcspn(param, " ");
    if (*param != ':')
        return NULL;
    str_addc(address, ':');
    str_add(address, param, (size_t)(behind - param));
    if (address->overflow || !cidr_parse(&parsed, address->data)) {
        str_reset(address);
        return NULL;
    }
    behind += strspn(behind, " ");
    return *behind == ':' ? behind + 1 : behind;
}

/* Whether a mask that says by "~x:" of which kind it is is of one that is there (ISUPPORT's EXTBAN), and
 * names somebody. Whatever else begins with '~' is a mask of nicks or users. */
static bool is_known_kind(const char *typed)
{
    static const char mute[] = "~m:", account[] = "~a:";
    bool muted = strncmp(typed, mute, sizeof mute - 1) == 0;
    const char *body = muted ? typed + sizeof mute - 1 : typed;
    if (strncmp(body, account, sizeof account - 1) == 0)
        body += sizeof account - 1;
    else if (*body == '~' && body[strcspn(body, ":!@")] == ':')
        return false;
    return *body != '\0';
}

/* A mask stands in the middle of lines, where nothing can begin with a colon. */
static bool is_mask(const char *typed)
{
    struct str whole;
    if (!is_known_kind(typed))
        return false;
    str_init(&whole, IRC_MAX_BODY_BYTES);
    mask_complete(&whole, typed);
    bool good = whole.data[0] != ':';
    str_release(&whole);
    return good;
}

bool irc_ban_takes(struct irc_client *client, const char *room, char letter, const char *mask)
{
    const char name[] = {letter, '\0'};
    if (is_mask(mask))
        return true;
    irc_reply(client, ERR_INVALIDMODEPARAM, room, name, mask, "Not a mask", NULL);
    return false;
}

static void cut_reason(char *reason)
{
    reason[text_cut_bytes(reason, strlen(reason), IRC_REASON_BYTES)] = '\0';
}

/* Whether a word can only be a time, a mistyped one too: no nick begins so, nor is it any mask. */
static bool is_meant_as_time(const char *text)
{
    return text[strspn(text, "+-")] >= '0' && text[strspn(text, "+-")] <= '9' &&
           !strpbrk(text, ".:/@!*?");
}

/* Whom a ban is about, and why. */
struct aim {
    struct str address; /* which `mask` is then */
    const char *mask;
    char *reason; /* NULL: none was given */
};

/* The parameter, and the one behind it; to be released with str_release(&aim->address). */
static void take_aim(struct aim *aim, const struct irc_message *message, size_t at)
{
    str_init(&aim->address, IRC_MAX_BODY_BYTES);
    char *behind = irc_ban_address(&aim->address, message->params[at]);
    aim->mask = behind ? aim->address.data : message->params[at];
    aim->reason = message->n_params > at + 1 ? message->params[at + 1] : NULL;
    if (behind && *behind)
        aim->reason = behind;
    if (aim->reason)
        cut_reason(aim->reason);
}

void irc_kline(struct irc_client *client, const struct irc_message *message)
{
    int64_t until_ms = 0;
    size_t at = is_meant_as_time(message->params[0]) ? 1 : 0;
    if (at == 1 && message->n_params < 2) {
        irc_reply(client, ERR_NEEDMOREPARAMS, "KLINE", "Not enough parameters", NULL);
        return;
    }
    if (at == 1 && !irc_ban_until(client, "KLINE", message->params[0], &until_ms))
        return;
    struct aim aim;
    take_aim(&aim, message, at);
    const struct command command = {
        .type = COMMAND_BAN,
        .session = client->session,
        .object = aim.mask,
        .text = aim.reason ? aim.reason : "No reason given",
        .until_ms = until_ms,
    };
    gate_step(client->gate, &command);
    str_release(&aim.address);
}

void irc_unkline(struct irc_client *client, const struct irc_message *message)
{
    struct aim aim;
    take_aim(&aim, message, 0);
    const struct command command = {
        .type = COMMAND_UNBAN,
        .session = client->session,
        .object = aim.mask,
    };
    gate_step(client->gate, &command);
    str_release(&aim.address);
}

/* Whoever is here is meant by his account, or else by where he is. */
static void write_mask(const struct irc_client *client, struct str *mask, const char *typed)
{
    const struct session *who = hub_find_nick(gate_hub(client->gate), typed);
    if (!who || !who->entered)
        mask_complete(mask, typed);
    else if (who->account)
        str_addf(mask, "~a:%s", who->account);
    else
        str_addf(mask, "*!*@%s", who->host);
}

/* Sends somebody out, once he is banned. */
static void send_out(struct irc_client *client, const char *channel, const char *mask,
                     const char *nick, const char *reason)
{
    const struct hub *hub = gate_hub(client->gate);
    const struct room *room = hub_find_room(hub, channel);
    const struct session *who = hub_find_nick(hub, nick);
    if (!room || !who || !masks_has(&room->lists[LIST_BANS], mask))
        return;
    const struct member *member = room_member(room, who);
    const struct command kick = {
        .type = COMMAND_KICK,
        .session = client->session,
        .target = channel,
        .object = nick,
        .text = reason,
    };
    if (member && member->in)
        gate_step(client->gate, &kick);
}

static void ban_from(struct irc_client *client, const char *channel,
                     const struct mode_change *change)
{
    const struct command command = {
        .type = COMMAND_MODE,
        .session = client->session,
        .target = channel,
        .changes = change,
        .change_count = 1,
    };
    gate_step(client->gate, &command);
}

void irc_timedban(struct irc_client *client, const struct irc_message *message)
{
    struct mode_change change = {.letter = 'b', .add = true};
    if (!irc_ban_until(client, "TIMEDBAN", message->params[1], &change.until_ms))
        return;
    struct aim aim;
    struct str mask;
    take_aim(&aim, message, 2);
    str_init(&mask, hub_limits(gate_hub(client->gate))->max_mask_bytes);
    write_mask(client, &mask, aim.mask);
    change.argument = mask.overflow ? "" : mask.data;
    if (irc_ban_takes(client, message->params[0], change.letter, aim.mask))
        ban_from(client, message->params[0], &change);
    if (aim.reason)
        send_out(client, message->params[0], mask.data, aim.mask, aim.reason);
    str_release(&mask);
    str_release(&aim.address);
}
