/* Source: Modern IRC, the messages of the same names. */
#include "client/session/command.h"

#include <string.h>

/* Where target and text stand. */
enum form {
    FORM_TARGET,     /* COMMAND [target] */
    FORM_WORDS,      /* COMMAND target [words] */
    FORM_ONE_REASON, /* COMMAND target word [:reason] */
    FORM_TRAILING,   /* COMMAND [target] [:text] */
    FORM_BAN,        /* MODE target +b mask */
};

static const struct {
    enum intent_type type;
    const char *command;
    enum form form;
} rows[] = {
    {INTENT_WHOIS, "WHOIS", FORM_TARGET}, {INTENT_WHO, "WHO", FORM_TARGET},
    {INTENT_LIST, "LIST", FORM_TARGET},   {INTENT_KICK, "KICK", FORM_ONE_REASON},
    {INTENT_BAN, "MODE", FORM_BAN},       {INTENT_INVITE, "INVITE", FORM_WORDS},
    {INTENT_MODE, "MODE", FORM_WORDS},    {INTENT_NOTICE, "NOTICE", FORM_TRAILING},
    {INTENT_AWAY, "AWAY", FORM_TRAILING},
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

bool command_compose(const struct intent *intent, struct str *line)
{
    size_t i = 0, n = sizeof(rows) / sizeof(rows[0]);
    while (i < n && rows[i].type != intent->type)
        i++;
    if (i == n)
        return false;
    str_adds(line, rows[i].command);
    if (intent->target)
        str_addf(line, " %s", intent->target);
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
    case FORM_TRAILING:
        str_addf(line, " :%s", intent->text);
        break;
    case FORM_BAN:
        add_ban(line, intent->text);
        break;
    }
    return true;
}
