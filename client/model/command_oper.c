/* Commands that keep people out for a time or for good, and those of the server's operators. What a
 * server makes of them, and whether it knows them, it says itself. */
#include "client/model/command_inner.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* "30m", "2h", "1d12h" */
static bool is_time(const char *word)
{
    size_t len = word ? strlen(word) : 0;
    return len > 1 && strspn(word, "0123456789") > 0 && strspn(word, "0123456789smhdw") == len &&
           strchr("smhdw", word[len - 1]);
}

/* Cuts the first word off; returns the others, or NULL where there are none. */
static const char *cut_word(char *words)
{
    char *end = words + strcspn(words, " ");
    char *rest = end + strspn(end, " ");
    *end = '\0';
    return *rest ? rest : NULL;
}

static bool intend_for(struct call *call, enum intent_type type, const char *target,
                       const char *time, const char *text)
{
    if (!command_intend(call, type, target, text))
        return false;
    struct intent *intent = ring_at(&call->model->intents, call->model->intents.len - 1);
    intent->about = time ? xstrdup(time) : NULL;
    return true;
}

bool command_oper(struct call *call)
{
    return command_intend(call, INTENT_OPER, call->args[0], call->args[1]);
}

/* "/ban bob", "/ban bob 1h", "/ban bob 1h too loud": the last two end by themselves. */
bool command_ban(struct call *call)
{
    const char *room = command_room(call, NULL);
    if (!room)
        return false;
    if (!call->args[1])
        return command_intend(call, INTENT_BAN, room, call->args[0]);
    char *time = xstrdup(call->args[1]);
    const char *why = cut_word(time);
    struct str words;
    str_init(&words, LINE_TEXT_MAX_BYTES);
    str_addf(&words, "%s%s%s", call->args[0], why ? " " : "", why ? why : "");
    bool good = is_time(time);
    if (!good)
        model_hint(call->model, "/ban NICK 1h WHY: say for how long, as 10m, 2h or 7d");
    bool done = good && intend_for(call, INTENT_TIMED_BAN, room, time, words.data);
    str_release(&words);
    free(time);
    return done;
}

bool command_unban(struct call *call)
{
    const char *room = command_room(call, NULL);
    return room && command_intend(call, INTENT_UNBAN, room, call->args[0]);
}

/* "/kline bob too loud", "/kline 1h bob too loud" */
bool command_kline(struct call *call)
{
    const char *time = is_time(call->args[0]) ? call->args[0] : NULL;
    const char *whom = time ? call->args[1] : call->args[0];
    if (!whom) {
        model_hint(call->model, "usage: /kline [TIME] NICK|MASK [WHY]");
        return false;
    }
    char *copy = xstrdup(whom);
    const char *why = cut_word(copy);
    if (!time && call->args[1])
        why = call->args[1];
    bool done = intend_for(call, INTENT_KLINE, copy, time, why);
    free(copy);
    return done;
}

/* "/kill bob", "/kill bob too loud", "/kill bob 1h too loud" */
bool command_kill(struct call *call)
{
    char *copy = xstrdup(call->args[1] ? call->args[1] : "");
    const char *why = cut_word(copy);
    bool timed = is_time(copy);
    if (!timed)
        why = call->args[1];
    bool done = intend_for(call, INTENT_KILL, call->args[0], timed ? copy : NULL, why);
    free(copy);
    return done;
}

bool command_unkline(struct call *call)
{
    return command_intend(call, INTENT_UNKLINE, call->args[0], NULL);
}

bool command_admit(struct call *call)
{
    return command_intend(call, INTENT_ADMIT, call->args[0], NULL);
}

bool command_unadmit(struct call *call)
{
    return command_intend(call, INTENT_UNADMIT, call->args[0], NULL);
}

bool command_grant(struct call *call)
{
    return command_intend(call, INTENT_GRANT, call->args[0], NULL);
}

bool command_revoke(struct call *call)
{
    return command_intend(call, INTENT_REVOKE, call->args[0], NULL);
}

bool command_release(struct call *call)
{
    return command_intend(call, INTENT_RELEASE, call->args[0], NULL);
}
