/* Commands about people and rooms that only ask the server for something. */
#include "client/model/command_inner.h"

#include "common/alloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool command_whois(struct call *call)
{
    const char *nick = call->args[0];
    if (!nick && call->model->current->kind == BUFFER_PERSON)
        nick = call->model->current->name;
    return command_intend(call, INTENT_WHOIS, nick ? nick : call->model->nick, NULL);
}

bool command_whowas(struct call *call)
{
    return command_intend(call, INTENT_WHOWAS, call->args[0], NULL);
}

bool command_who(struct call *call)
{
    const char *room = call->args[0] ? call->args[0] : command_room(call, NULL);
    return room && command_intend(call, INTENT_WHO, room, NULL);
}

bool command_list(struct call *call)
{
    return command_intend(call, INTENT_LIST, call->args[0], NULL);
}

bool command_kick(struct call *call)
{
    const char *room = command_room(call, NULL);
    return room && command_intend(call, INTENT_KICK, room, call->args[0]);
}

bool command_invite(struct call *call)
{
    const char *room = command_room(call, call->args[1]);
    return room && command_intend(call, INTENT_INVITE, call->args[0], room);
}

/* "/mode +t", "/mode #room +o bob", "/mode" */
bool command_mode(struct call *call)
{
    const char *text = call->args[0];
    bool is_change = !text || text[0] == '+' || text[0] == '-';
    const char *target = is_change ? command_room(call, NULL) : text;
    if (!is_change)
        return command_intend(call, INTENT_MODE, target, call->args[1]);
    struct str words;
    str_init(&words, LINE_TEXT_MAX_BYTES);
    str_addf(&words, "%s%s%s", text ? text : "", call->args[1] ? " " : "",
             call->args[1] ? call->args[1] : "");
    bool done = target && command_intend(call, INTENT_MODE, target, text ? words.data : NULL);
    str_release(&words);
    return done;
}

/* "/op bob", "/op bob cy": a mode for each of them */
static bool change_ranks(struct call *call, char sign, char mode)
{
    const char *room = command_room(call, NULL);
    if (!room)
        return false;
    struct str words;
    str_init(&words, LINE_TEXT_MAX_BYTES);
    str_addc(&words, sign);
    for (const char *at = call->args[0]; *at; at += strspn(at, " ")) {
        str_addc(&words, mode);
        at += strcspn(at, " ");
    }
    str_addf(&words, " %s", call->args[0]);
    bool done = command_intend(call, INTENT_MODE, room, words.data);
    str_release(&words);
    return done;
}

bool command_op(struct call *call)
{
    return change_ranks(call, '+', 'o');
}

bool command_deop(struct call *call)
{
    return change_ranks(call, '-', 'o');
}

bool command_voice(struct call *call)
{
    return change_ranks(call, '+', 'v');
}

bool command_devoice(struct call *call)
{
    return change_ranks(call, '-', 'v');
}

/* "/ctcp bob version" */
bool command_ctcp(struct call *call)
{
    char *words = xstrdup(call->args[1]);
    for (char *at = words; *at && *at != ' '; at++)
        *at = (char)toupper((unsigned char)*at);
    bool done = command_intend(call, INTENT_CTCP, call->args[0], words);
    free(words);
    return done;
}

bool command_notice(struct call *call)
{
    return command_intend(call, INTENT_NOTICE, call->args[0], call->args[1]);
}

bool command_away(struct call *call)
{
    return command_intend(call, INTENT_AWAY, NULL, call->args[0]);
}

/* "/device" for a code, "/device CODE" on the new one */
bool command_device(struct call *call)
{
    const char *code = call->args[0];
    return code ? command_intend(call, INTENT_DEVICE_ADD, NULL, code)
                : command_intend(call, INTENT_DEVICE, NULL, "CODE");
}

/* "/devices", "/devices revoke 2" */
bool command_devices(struct call *call)
{
    const char *what = call->args[0], *number = call->args[1];
    if (!what)
        return command_intend(call, INTENT_DEVICE, NULL, "LIST");
    if (strcasecmp(what, "revoke") != 0 || !number ||
        strspn(number, "0123456789") != strlen(number)) {
        model_hint(call->model, "/devices lists them, /devices revoke NUMBER removes one");
        return false;
    }
    struct str words;
    str_init(&words, LINE_TEXT_MAX_BYTES);
    str_addf(&words, "REVOKE %s", number);
    bool done = command_intend(call, INTENT_DEVICE, NULL, words.data);
    str_release(&words);
    return done;
}
