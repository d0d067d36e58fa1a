/* Source: Modern IRC, the messages of the same names. */
#include "client/session/command.h"

#include <string.h>

#include "common/irc/message.h"

/* Where target and text stand. */
enum form {
    FORM_TARGET,     /* COMMAND [target] */
    FORM_WORDS,      /* COMMAND target [words] */
    FORM_ONE_REASON, /* COMMAND target word [:reason] */
    FORM_TRAILING,   /* COMMAND [target] [:text] */
    FORM_BAN,        /* MODE target +b mask */
    FORM_UNBAN,      /* MODE target -b mask */
    FORM_REACTION,   /* @tags TAGMSG target */
    FORM_ABOUT,      /* COMMAND target msgid [:text] */
    FORM_TIMED,      /* COMMAND target [time] :text */
    FORM_TIME_FIRST, /* COMMAND [time] target [:text] */
    FORM_TIMED_BAN,  /* COMMAND target time word [:reason] */
    FORM_CTCP,       /* COMMAND target :text in bytes 1 */
};

static const struct {
    enum intent_type type;
    const char *command;
    enum form form;
} rows[] = {
    {INTENT_WHOIS, "WHOIS", FORM_TARGET},
    {INTENT_WHO, "WHO", FORM_TARGET},
    {INTENT_LIST, "LIST", FORM_TARGET},
    {INTENT_KICK, "KICK", FORM_ONE_REASON},
    {INTENT_BAN, "MODE", FORM_BAN},
    {INTENT_UNBAN, "MODE", FORM_UNBAN},
    {INTENT_INVITE, "INVITE", FORM_WORDS},
    {INTENT_MODE, "MODE", FORM_WORDS},
    {INTENT_NOTICE, "NOTICE", FORM_TRAILING},
    {INTENT_AWAY, "AWAY", FORM_TRAILING},
    {INTENT_REACT, "+draft/react", FORM_REACTION},
    {INTENT_UNREACT, "+draft/unreact", FORM_REACTION},
    {INTENT_REMOVE, "REDACT", FORM_ABOUT},
    {INTENT_DEVICE, "DEVICE", FORM_WORDS},
    {INTENT_DEVICE_ADD, "DEVICE ADD", FORM_WORDS},
    {INTENT_TIMED_BAN, "TIMEDBAN", FORM_TIMED_BAN},
    {INTENT_KLINE, "KLINE", FORM_TIME_FIRST},
    {INTENT_UNKLINE, "UNKLINE", FORM_TARGET},
    {INTENT_KILL, "KILL", FORM_TIMED},
    {INTENT_ADMIT, "ADMIT", FORM_TARGET},
    {INTENT_UNADMIT, "UNADMIT", FORM_TARGET},
    {INTENT_GRANT, "GRANT", FORM_TARGET},
    {INTENT_REVOKE, "REVOKE", FORM_TARGET},
    {INTENT_RELEASE, "RELEASE", FORM_TARGET},
    {INTENT_OPER, "OPER", FORM_TRAILING},
    {INTENT_WHOWAS, "WHOWAS", FORM_TARGET},
    {INTENT_CTCP, "PRIVMSG", FORM_CTCP},
};

/* A nick is banned whoever he says he is. */
static void add_ban(struct str *line, char sign, const char *mask)
{
    str_addf(line, " %cb %s%s", sign, mask, strpbrk(mask, "!@*?$:") ? "" : "!*@*");
}

static void add_one_reason(struct str *line, const char *text)
{
    size_t word = strcspn(text, " ");
    const char *reason = text + word + strspn(text + word, " ");
    str_addf(line, " %.*s%s%s", (int)word, text, *reason ? " :" : "", reason);
}

void command_reply_tags(const char *msgid, struct str *out)
{
    static const char *const keys[] = {"+draft/reply", "+reply"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        str_addf(out, "%s%s=", i > 0 ? ";" : "", keys[i]);
        irc_tag_escape(out, msgid, strlen(msgid));
    }
}

/* What it is about stands in tags: `react` and `reply`. */
static void add_reaction(struct str *line, const char *key, const struct intent *intent)
{
    str_addf(line, "@%s=", key);
    irc_tag_escape(line, intent->text, strlen(intent->text));
    str_addc(line, ';');
    command_reply_tags(intent->about, line);
    str_addf(line, " TAGMSG %s", intent->target);
}

static void add_text(struct str *line, enum form form, const char *text)
{
    if (!text && form == FORM_TIMED)
        text = "No reason given"; /* behind a time one is wanted */
    if (!text)
        return;
    switch (form) {
    case FORM_TARGET:
    case FORM_WORDS:
        str_addf(line, " %s", text);
        break;
    case FORM_ONE_REASON:
    case FORM_TIMED_BAN:
        add_one_reason(line, text);
        break;
    case FORM_REACTION:
        break;
    case FORM_ABOUT:
    case FORM_TRAILING:
    case FORM_TIMED:
    case FORM_TIME_FIRST:
        str_addf(line, " :%s", text);
        break;
    case FORM_CTCP:
        str_addf(line, " :\001%s\001", text);
        break;
    case FORM_BAN:
        add_ban(line, '+', text);
        break;
    case FORM_UNBAN:
        add_ban(line, '-', text);
        break;
    }
}

bool command_compose(const struct intent *intent, struct str *line)
{
    size_t i = 0, n = sizeof(rows) / sizeof(rows[0]);
    while (i < n && rows[i].type != intent->type)
        i++;
    if (i == n)
        return false;
    if (rows[i].form == FORM_REACTION) {
        add_reaction(line, rows[i].command, intent);
        return true;
    }
    bool time_first = rows[i].form == FORM_TIME_FIRST;
    str_adds(line, rows[i].command);
    if (intent->about && time_first)
        str_addf(line, " %s", intent->about);
    if (intent->target)
        str_addf(line, " %s", intent->target);
    if (intent->about && !time_first)
        str_addf(line, " %s", intent->about);
    add_text(line, rows[i].form, intent->text);
    return true;
}
