#include "client/model/command_inner.h"

#include "client/model/command_other.h"
#include "client/model/find.h"
#include "client/model/speech.h"
#include "client/model/traffic.h"
#include "common/alloc.h"
#include "common/near.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool command_intend(struct call *call, enum intent_type type, const char *target, const char *text)
{
    if (model_intend(call->model, type, 0, target, text))
        return true;
    model_hint(call->model, "too much is waiting to be sent; try again when it has been");
    return false;
}

const char *command_room(struct call *call, const char *name)
{
    if (name)
        return name;
    if (call->model->current->kind == BUFFER_ROOM)
        return call->model->current->name;
    model_hint(call->model, "this is not a room: say which one you mean");
    return NULL;
}

bool command_is_word(struct call *call, const char *nick)
{
    bool is_word = !strchr(nick, ' ');
    if (!is_word)
        model_hint(call->model, "a nick is one word");
    return is_word;
}

static bool run_nick(struct call *call)
{
    const char *nick = call->args[0];
    return command_is_word(call, nick) && command_intend(call, INTENT_NICK, NULL, nick);
}

static bool run_quit(struct call *call)
{
    /* Who leaves leaves, even when nothing more can be queued. */
    model_intend(call->model, INTENT_QUIT, 0, NULL, call->args[0]);
    call->model->effects |= EFFECT_LEAVE;
    return true;
}

/* "/join tea", "/join #tea KEY"; alone: the room that is looked at, as after a kick */
static bool run_join(struct call *call)
{
    const char *wanted = command_room(call, call->args[0]);
    if (!wanted)
        return false;
    char *name = model_room_name(call->model, wanted);
    bool done = command_intend(call, INTENT_JOIN, name, call->args[1]);
    /* Several rooms at once open as the server answers. */
    if (done && !strchr(name, ','))
        model_switch(call->model, model_open(call->model, BUFFER_ROOM, name));
    free(name);
    return done;
}

/* "/part", "/part #room", "/part reason in words", "/part #room reason" */
static bool run_part(struct call *call)
{
    const char *name = call->args[0];
    bool named = name && model_is_room(call->model, name);
    const char *room = command_room(call, named ? name : NULL);
    if (!room)
        return false;
    if (named || !name)
        return command_intend(call, INTENT_PART, room, named ? call->args[1] : NULL);
    struct str reason;
    str_init(&reason, LINE_TEXT_MAX_BYTES);
    str_addf(&reason, "%s%s%s", name, call->args[1] ? " " : "", call->args[1] ? call->args[1] : "");
    bool done = command_intend(call, INTENT_PART, room, reason.data);
    str_release(&reason);
    return done;
}

struct buffer *command_buffer_for(struct model *model, const char *name)
{
    return model_open(model, model_is_room(model, name) ? BUFFER_ROOM : BUFFER_PERSON, name);
}

static bool run_msg(struct call *call)
{
    struct buffer *buffer = command_buffer_for(call->model, call->args[0]);
    return speech_say(call->model, call->now_ms, buffer, INTENT_SAY, call->args[1]);
}

static bool run_me(struct call *call)
{
    return speech_say(call->model, call->now_ms, call->model->current, INTENT_ACTION,
                      call->args[0]);
}

/* The room of that name that there is a buffer for, or NULL: a topic may begin like a room's name. */
static const struct buffer *find_room(const struct model *model, const char *name)
{
    const struct buffer *buffer = model_is_room(model, name) ? model_find(model, name) : NULL;
    return buffer && buffer->kind == BUFFER_ROOM ? buffer : NULL;
}

static bool intend_topic(struct call *call, const char *room, const char *topic)
{
    if (topic && strcmp(topic, "-") == 0)
        topic = "";
    return command_intend(call, INTENT_TOPIC, room, topic);
}

/* "/topic", "/topic text", "/topic -", and the same with "#room" in front */
static bool run_topic(struct call *call)
{
    const char *text = call->args[0] ? call->args[0] : "";
    size_t word = strcspn(text, " ");
    char *first = xmemdup0(text, word);
    const struct buffer *named = find_room(call->model, first);
    free(first);
    if (named)
        text += word + strspn(text + word, " ");
    const char *room = named ? named->name : command_room(call, NULL);
    return room && intend_topic(call, room, *text ? text : NULL);
}

static bool run_names(struct call *call)
{
    const char *room = command_room(call, call->args[0]);
    return room && command_intend(call, INTENT_NAMES, room, NULL);
}

static bool run_reconnect(struct call *call)
{
    call->model->effects |= EFFECT_RETRY;
    if (call->model->connection != CONNECTION_OFFLINE)
        call->model->effects |= EFFECT_DISCONNECT;
    return true;
}

static bool run_disconnect(struct call *call)
{
    call->model->effects |= EFFECT_DISCONNECT;
    return true;
}

static bool run_quote(struct call *call)
{
    return command_intend(call, INTENT_RAW, NULL, call->args[0]);
}

static bool run_search(struct call *call)
{
    return find_start(call->model, call->args[0]);
}

/* In the order of the help: what is wanted most comes first in each of its groups. */
static const struct command commands[] = {
    {"join", "[ROOM [KEY]]", "enter a room; alone: this one again", 0, 2, COMPLETES_ROOM, run_join},
    {"query", "NICK [TEXT]", "open a private conversation, and say that", 1, 2, COMPLETES_NICK,
     command_query},
    {"buffer", "[NAME|NUMBER]", "show that room or conversation; alone: list them", 0, 1,
     COMPLETES_BUFFER, command_buffer},
    {"close", "", "close this conversation, or leave and close this room", 0, 0, COMPLETES_NICK,
     command_close},
    {"part", "[ROOM] [REASON]", "leave a room", 0, 2, COMPLETES_ROOM, run_part},
    {"msg", "NICK|ROOM TEXT", "say something elsewhere and stay here", 2, 2, COMPLETES_NICK,
     run_msg},
    {"me", "TEXT", "say what you are doing", 1, 1, COMPLETES_NICK, run_me},
    {"notice", "NICK|ROOM TEXT", "send a notice, which no program answers", 2, 2, COMPLETES_NICK,
     command_notice},
    {"topic", "[ROOM] [TEXT|-]",
     "show, set or remove (-) a room's topic; Tab fills in the present one", 0, 1, COMPLETES_TOPIC,
     run_topic},
    {"list", "[ROOM]", "list the rooms", 0, 1, COMPLETES_ROOM, command_list},
    {"names", "[ROOM]", "list who is in a room", 0, 1, COMPLETES_ROOM, run_names},
    {"invite", "NICK [ROOM]", "invite somebody to this room", 1, 2, COMPLETES_NICK, command_invite},
    {"search", "WORD", "go to the newest line here that has the word; then n goes on, N back", 1, 1,
     COMPLETES_NICK, run_search},
    {"open", "[NUMBER]", "list the links said here, or open one", 0, 1, COMPLETES_NICK,
     command_open},
    {"clear", "", "clear the lines shown here", 0, 0, COMPLETES_NICK, command_clear},
    {"whois", "[NICK]", "show what is known of somebody", 0, 1, COMPLETES_NICK, command_whois},
    {"who", "[ROOM|MASK]", "list who is there, and from where", 0, 1, COMPLETES_ROOM, command_who},
    {"whowas", "NICK", "show what is known of somebody who has left", 1, 1, COMPLETES_NICK,
     command_whowas},
    {"ignore", "[NICK|GLOB]", "show nothing from this person; alone: list who is ignored", 0, 1,
     COMPLETES_NICK, command_ignore},
    {"unignore", "NICK|GLOB", "end an /ignore", 1, 1, COMPLETES_NICK, command_unignore},
    {"ctcp", "NICK WORD", "ask somebody's program for something, as VERSION or PING", 2, 2,
     COMPLETES_NICK, command_ctcp},
    {"nick", "NICK", "change your nick", 1, 1, COMPLETES_NICK, run_nick},
    {"away", "[WHY]", "be marked as away; alone: be back", 0, 1, COMPLETES_NICK, command_away},
    {"set", "[NAME [VALUE|-]]", "show or change the settings; /save keeps them for later runs", 0,
     2, COMPLETES_SETTING, command_set},
    {"save", "", "write the settings to the configuration file, for later runs", 0, 0,
     COMPLETES_NICK, command_save},
    {"device", "[CODE]", "show a code for one more device of yours; on that one: /device CODE", 0,
     1, COMPLETES_NICK, command_device},
    {"devices", "[revoke NUMBER]", "list the devices that own your name, or remove one", 0, 2,
     COMPLETES_NICK, command_devices},
    {"reconnect", "", "connect now, without waiting, or anew", 0, 0, COMPLETES_NICK, run_reconnect},
    {"disconnect", "", "end the connection, until /reconnect or F5", 0, 0, COMPLETES_NICK,
     run_disconnect},
    {"quote", "LINE", "send a line of the IRC protocol as it is", 1, 1, COMPLETES_NICK, run_quote},
    {"help", "[COMMAND|keys]", "list the commands or the keys, or explain a command", 0, 1,
     COMPLETES_COMMAND, command_help},
    {"quit", "[REASON]", "disconnect and end the program", 0, 1, COMPLETES_NICK, run_quit},
    {"op", "NICK", "make somebody an operator of this room", 1, 1, COMPLETES_NICK, command_op},
    {"deop", "NICK", "take back what /op gave", 1, 1, COMPLETES_NICK, command_deop},
    {"voice", "NICK", "let somebody speak in this room when not everybody may", 1, 1,
     COMPLETES_NICK, command_voice},
    {"devoice", "NICK", "take back what /voice gave", 1, 1, COMPLETES_NICK, command_devoice},
    {"kick", "NICK [WHY]", "put somebody out of this room", 1, 1, COMPLETES_NICK, command_kick},
    {"ban", "NICK|MASK [TIME [WHY]]",
     "keep somebody out of this room, for good or a time: 10m, 2h, 7d", 1, 2, COMPLETES_NICK,
     command_ban},
    {"unban", "NICK|MASK", "lift a /ban", 1, 1, COMPLETES_NICK, command_unban},
    {"mode", "[ROOM] [CHANGE]", "show or change the modes of a room, as +t or +o NICK", 0, 2,
     COMPLETES_NICK, command_mode},
    {"oper", "NAME PASSWORD", "become an operator of the server", 2, 2, COMPLETES_NICK,
     command_oper},
    {"kill", "NICK [TIME] [WHY]", "disconnect somebody, and keep them out for that time", 1, 2,
     COMPLETES_NICK, command_kill},
    {"kline", "[TIME] NICK|MASK [WHY]", "ban somebody from the server, for that time or for good",
     1, 2, COMPLETES_NICK, command_kline},
    {"unkline", "MASK", "lift a /kline", 1, 1, COMPLETES_NICK, command_unkline},
    {"admit", "[NAME]",
     "let a name in where the server admits only names it knows; alone: list them", 0, 1,
     COMPLETES_NICK, command_admit},
    {"unadmit", "NAME", "take back what /admit gave", 1, 1, COMPLETES_NICK, command_unadmit},
    {"grant", "[ACCOUNT]", "make the owner of a name an operator of the server; alone: list them",
     0, 1, COMPLETES_NICK, command_grant},
    {"revoke", "ACCOUNT", "take back what /grant gave", 1, 1, COMPLETES_NICK, command_revoke},
    {"release", "NAME", "free a name that its owner no longer uses", 1, 1, COMPLETES_NICK,
     command_release},
};

size_t command_count(void)
{
    return sizeof(commands) / sizeof(commands[0]);
}

const struct command *command_at(size_t i)
{
    return &commands[i];
}

const struct command *command_find(const char *name)
{
    const char *here = command_other_name(name);
    for (size_t i = 0; i < command_count(); i++)
        if (strcasecmp(commands[i].name, here ? here : name) == 0)
            return &commands[i];
    return NULL;
}

static const char *name_at(const void *table, size_t i)
{
    return ((const struct command *)table)[i].name;
}

static void refuse_unknown(struct model *model, const char *name)
{
    const char *way = command_other_way(name);
    ptrdiff_t near = near_name(name, name_at, commands, command_count());
    if (way)
        model_hint(model, "no command /%.60s: %s", name, way);
    else if (near >= 0)
        model_hint(model, "no command /%.60s: did you mean /%s? /help shows all; //%.60s says it",
                   name, commands[near].name, name);
    else if (*name)
        model_hint(model,
                   "no command /%.60s: see /help; /quote %.60s asks the server, //%.60s says it",
                   name, name, name);
    else
        model_hint(model, "no command /: /help shows all; // says it");
}

/* Cuts the line into words, the last of at most `max` taking the rest; returns how many. */
static int split(char *line, const char *args[], int max)
{
    int count = 0;
    char *at = line + strspn(line, " ");
    while (*at && count < max) {
        args[count++] = at;
        if (count == max)
            break;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
        at += strspn(at, " ");
    }
    return count;
}

/* Tab leaves a blank behind what it completes: it is no part of a name. */
static void trim(char *words)
{
    size_t len = strlen(words);
    while (len > 0 && words[len - 1] == ' ')
        words[--len] = '\0';
}

/* The command that the line begins with, whatever it is called there, or NULL. */
static const struct command *command_of(const char *line)
{
    char *name = xmemdup0(line, strcspn(line, " "));
    const struct command *command = command_find(name);
    free(name);
    return command;
}

bool command_is_secret(const char *line)
{
    static const char *const words[] = {"OPER ", "PASS ", "PASSWD ", "REGISTER ", "AUTHENTICATE "};
    const struct command *command = command_of(line);
    if (!command || command->run != run_quote)
        return command && command->run == command_oper;
    line += strcspn(line, " ");
    line += strspn(line, " ");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncasecmp(line, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

bool command_needs_screen(const char *line)
{
    static const char *const names[] = {"buffer", "clear",  "close",   "disconnect",
                                        "open",   "query",  "ignore",  "reconnect",
                                        "save",   "search", "unignore"};
    const struct command *command = command_of(line);
    for (size_t i = 0; command && i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(command->name, names[i]) == 0)
            return true;
    return false;
}

bool command_run(struct model *model, int64_t now_ms, const char *line)
{
    char *copy = xstrdup(line);
    size_t name_len = strcspn(copy, " ");
    char *rest = copy + name_len;
    if (*rest)
        *rest++ = '\0';
    trim(rest);
    const struct command *command = command_find(copy);
    bool done = false;
    if (!command) {
        refuse_unknown(model, copy);
    } else {
        struct call call = {.model = model, .now_ms = now_ms};
        int count = split(rest, call.args, command->max_args);
        if (count >= command->min_args &&
            (command->max_args > 0 || rest[strspn(rest, " ")] == '\0'))
            done = command->run(&call);
        else
            model_hint(model, "usage: /%s%s%s", command->name, command->args[0] ? " " : "",
                       command->args);
    }
    free(copy);
    return done;
}
