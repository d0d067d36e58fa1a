/* WHO, and the fields that one can choose (WHOX). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/irc/names.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/oper.h"
#include "server/door/irc/ranks.h"
#include "server/door/irc/reply.h"

enum {
    FLAGS_BYTES = 16,
    TOKEN_BYTES = 3, /* digits of a WHOX token */
    VALUE_BYTES = 512,
};

/* One WHO. */
struct inquiry {
    struct irc_client *client;
    const struct session *viewer;
    struct hub_view view; /* his */
    const char *fields;   /* those of WHOX that were chosen; NULL: the plain form */
    char token[TOKEN_BYTES + 1];
    bool operators; /* of the server, only */
    size_t count;
};

/* One line of the answer. */
struct answer {
    const struct inquiry *inquiry;
    const struct session *who;
    const struct member *member; /* in the room that is shown; NULL: none is */
};

/* H(ere) or G(one), '*' for an operator of the server, 'B' for a bot, then the ranks. */
static void write_flags(const struct answer *answer, char flags[FLAGS_BYTES])
{
    const struct session *who = answer->who;
    char symbols[IRC_RANK_SYMBOLS_BYTES] = "";
    if (answer->member)
        irc_rank_write(symbols, answer->member->ranks,
                       irc_has(answer->inquiry->client, CAP_MULTI_PREFIX));
    snprintf(flags, FLAGS_BYTES, "%s%s%s%s", session_away(who) ? "G" : "H",
             who->flags & SESSION_OPERATOR ? "*" : "", who->flags & SESSION_BOT ? "B" : "",
             symbols);
}

static void plain_line(const struct answer *answer)
{
    struct irc_client *client = answer->inquiry->client;
    const struct session *who = answer->who;
    char flags[FLAGS_BYTES];
    write_flags(answer, flags);
    char info[IRC_REALNAME_BYTES + 4];
    snprintf(info, sizeof info, "0 %s", who->realname);
    irc_reply(client, RPL_WHOREPLY, answer->member ? answer->member->room->name : "*", who->user,
              who->host, client->door->server_name, who->nick, flags, info, NULL);
}

/* In seconds. */
static long long idle_s(const struct answer *answer)
{
    return (long long)(gate_now(answer->inquiry->client->gate) / 1000 - answer->who->spoke_s);
}

/* What is said of somebody in a field that needs no writing. */
static const char *field_text(const struct answer *answer, char field)
{
    const struct session *who = answer->who;
    switch (field) {
    case 't':
        return answer->inquiry->token;
    case 'c':
        return answer->member ? answer->member->room->name : "*";
    case 'u':
        return who->user;
    case 'i': /* as others do who do not tell it */
        return "255.255.255.255";
    case 'h':
        return who->host;
    case 's':
        return answer->inquiry->client->door->server_name;
    case 'n':
        return who->nick;
    case 'a':
        return who->account ? who->account : "0";
    case 'o':
        return "n/a";
    case 'r':
        return who->realname;
    default:
        return "0"; /* hops */
    }
}

static void write_field(const struct answer *answer, char field, char value[VALUE_BYTES])
{
    if (field == 'f')
        write_flags(answer, value);
    else if (field == 'l')
        snprintf(value, VALUE_BYTES, "%lld", idle_s(answer));
    else
        snprintf(value, VALUE_BYTES, "%s", field_text(answer, field));
}

/* In the order of the specification, not of the request. */
static void chosen_line(const struct answer *answer)
{
    const struct inquiry *inquiry = answer->inquiry;
    struct str *out = irc_reply_begin(inquiry->client, RPL_WHOSPCRPL);
    for (const char *field = "tcuihsnfdlaor"; *field; field++) {
        if (!strchr(inquiry->fields, *field))
            continue;
        char value[VALUE_BYTES];
        write_field(answer, *field, value);
        if (*field == 'r')
            irc_trailing(out, value);
        else
            irc_param(out, value);
    }
    irc_reply_end(inquiry->client);
}

/* Adds somebody to the answer; false when it is as long as it may be. */
static bool add(struct inquiry *inquiry, const struct session *who, const struct member *member)
{
    if (inquiry->operators && !(who->flags & SESSION_OPERATOR))
        return true;
    if (++inquiry->count > IRC_MATCHES) {
        irc_reply(inquiry->client, ERR_TOOMANYMATCHES, "WHO", "Too many; ask for less", NULL);
        return false;
    }
    const struct answer answer = {.inquiry = inquiry, .who = who, .member = member};
    if (inquiry->fields)
        chosen_line(&answer);
    else
        plain_line(&answer);
    return true;
}

/* A room in which the viewer may know of somebody, or NULL. */
static const struct member *seen_membership(const struct inquiry *inquiry,
                                            const struct session *who)
{
    const struct member *member = who->members;
    while (member && (!member->in || !hub_sees_members(inquiry->viewer, member->room)))
        member = member->next_of_session;
    return member;
}

static void ask_room(struct inquiry *inquiry, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(inquiry->client->gate), name);
    if (!room || !hub_sees_members(inquiry->viewer, room))
        return;
    for (size_t i = 0; i < room->seated_count; i++) {
        const struct session *who = room->seats[i]->session;
        if (hub_view_sees(&inquiry->view, who) && !add(inquiry, who, room->seats[i]))
            return;
    }
}

/* Operators find people by their addresses, too. */
static bool fits(const struct inquiry *inquiry, const struct session *who, const char *mask)
{
    return irc_mask_match(mask, who->nick) || irc_mask_match(mask, who->user) ||
           irc_mask_match(mask, who->host) || irc_mask_match(mask, who->realname) ||
           (irc_is_operator(inquiry->client) && irc_mask_match(mask, who->address));
}

static void ask_mask(struct inquiry *inquiry, const char *mask)
{
    struct table_walk walk = {0};
    const struct session *who;
    while ((who = hub_next_session(gate_hub(inquiry->client->gate), &walk)))
        if (hub_view_sees(&inquiry->view, who) && fits(inquiry, who, mask) &&
            !add(inquiry, who, seen_membership(inquiry, who)))
            return;
}

static void ask_nick(struct inquiry *inquiry, const char *nick)
{
    const struct session *who = hub_find_nick(gate_hub(inquiry->client->gate), nick);
    if (who && who->entered)
        add(inquiry, who, seen_membership(inquiry, who));
}

/* The second parameter: "o", and "%fields" or "%fields,token". */
static void read_choice(struct inquiry *inquiry, char *choice)
{
    char *fields = strchr(choice, '%');
    char *end = choice + strcspn(choice, "%");
    inquiry->operators = memchr(choice, 'o', (size_t)(end - choice)) != NULL;
    strcpy(inquiry->token, "0");
    if (!fields)
        return;
    inquiry->fields = fields + 1;
    char *comma = strchr(fields, ',');
    if (!comma)
        return;
    *comma = '\0';
    size_t digits = strspn(comma + 1, "0123456789");
    if (digits > 0 && digits <= TOKEN_BYTES)
        snprintf(inquiry->token, sizeof inquiry->token, "%.*s", (int)digits, comma + 1);
}

void irc_who(struct irc_client *client, const struct irc_message *message)
{
    struct inquiry inquiry = {.client = client, .viewer = irc_client_session(client)};
    const char *mask = message->params[0];
    hub_view_init(&inquiry.view, inquiry.viewer);
    if (message->n_params > 1)
        read_choice(&inquiry, message->params[1]);
    if (*mask == '#')
        ask_room(&inquiry, mask);
    else if (irc_is_mask(mask) || strcmp(mask, "0") == 0)
        ask_mask(&inquiry, strcmp(mask, "0") == 0 ? "*" : mask);
    else
        ask_nick(&inquiry, mask);
    irc_reply(client, RPL_ENDOFWHO, mask, "End of WHO list", NULL);
    hub_view_release(&inquiry.view);
}
