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
    FORM_REACTION,   /* @tags TAGMSG target */
    FORM_ABOUT,      /* COMMAND target msgid [:text] */
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
    {INTENT_INVITE, "INVITE", FORM_WORDS},
    {INTENT_MODE, "MODE", FORM_WORDS},
    {INTENT_NOTICE, "NOTICE", FORM_TRAILING},
    {INTENT_AWAY, "AWAY", FORM_TRAILING},
    {INTENT_REACT, "+draft/react", FORM_REACTION},
    {INTENT_UNREACT, "+draft/unreact", FORM_REACTION},
    {INTENT_REMOVE, "REDACT", FORM_ABOUT},
    {INTENT_DEVICE, "DEVICE", FORM_WORDS},
    {INTENT_DEVICE_ADD, "DEVICE ADD", FORM_WORDS},
};

/* A nick is banned whoever he says he is. */
static void add_ban(struct str *line, const char *mask)
{
    str_addf(line, " +b %s%s", mask, strpbrk(mask, "!@*?$:") ? "" : "!*@*");
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
    str_adds(line, rows[i].command);
    if (intent->target)
        str_addf(line, " %s", intent->target);
    if (rows[i].form == FORM_ABOUT)
        str_addf(line, " %s", intent->about);
    if (!intent->text)
        return true;
    switch (rows[i].form) {
    case FORM_TARGET:
    case FORM_WORDS:
        str_addf(line, " %s", intent->text);
        break;
    case FORM_ONE_REASON:
        add_one_reason(line, intent->text);
        break;
    case FORM_REACTION:
        break;
    case FORM_ABOUT:
    case FORM_TRAILING:
        str_addf(line, " :%s", intent->text);
        break;
    case FORM_BAN:
        add_ban(line, intent->text);
        break;
    }
    return true;
}
