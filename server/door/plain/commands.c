#include "server/door/plain/commands.h"

#include <stdlib.h>
#include <string.h>

#include "common/near.h"
#include "server/door/plain/earlier.h"
#include "server/door/plain/target.h"

enum {
    HISTORY_LINES = 20, /* shown where no number is given */
};

/* How many words a command needs at least. */
enum need {
    ALONE, /* and no more than none */
    MAYBE,
    ONE,
    TWO,
};

struct plain_command {
    const char *name;
    void (*run)(struct plain_client *client, char *args);
    enum need need;
    bool pipelined; /* may follow on speech that is in flight */
    const char *syntax;
    const char *help;
};

static void step(struct plain_client *client, enum command_type type, const char *target,
                 const char *text)
{
    const struct command command = {
        .type = type,
        .session = client->session,
        .target = target,
        .text = text,
    };
    gate_step(client->gate, &command);
}

static void speak(struct plain_client *client, enum speech speech, const char *target,
                  const char *text)
{
    if (!target)
        return;
    const struct command command = {
        .type = COMMAND_SPEAK,
        .session = client->session,
        .target = target,
        .speech = speech,
        .text = text,
    };
    gate_step(client->gate, &command);
}

/* Cuts the first word off; returns what follows it. */
static char *cut_word(char *text)
{
    char *end = text + strcspn(text, " ");
    if (*end == '\0')
        return end;
    *end++ = '\0';
    return end + strspn(end, " ");
}

/* Reads "on", "off" or nothing, which asks; then says how it stands. */
static void set_switch(struct plain_client *client, bool *value, const char *args, const char *on,
                       const char *off)
{
    if (strcmp(args, "on") == 0)
        *value = true;
    else if (strcmp(args, "off") == 0)
        *value = false;
    else if (*args != '\0')
        plain_say(client, "Say on or off.");
    plain_say(client, "%s", *value ? on : off);
}

static void run_echo(struct plain_client *client, char *args)
{
    set_switch(client, &client->echo, args, "You see your own lines, too.",
               "You do not see your own lines.");
}

static void run_follow(struct plain_client *client, char *args)
{
    set_switch(client, &client->follow, args, "Your lines go to whoever spoke to you last.",
               "Your lines go where you direct them.");
}

static void run_join(struct plain_client *client, char *args)
{
    char *key = cut_word(args);
    const struct command join = {
        .type = COMMAND_JOIN,
        .session = client->session,
        .target = args,
        .key = *key ? key : NULL,
    };
    gate_step(client->gate, &join);
}

static void run_leave(struct plain_client *client, char *args)
{
    char *reason = cut_word(args);
    const struct room *room = plain_target_room(client);
    if (*args == '\0' && !room)
        plain_say(client, "You are in no room.");
    else
        step(client, COMMAND_PART, *args ? args : room->name, *reason ? reason : NULL);
}

static void run_me(struct plain_client *client, char *args)
{
    speak(client, SPEECH_ACTION, plain_target(client), args);
}

static void run_msg(struct plain_client *client, char *args)
{
    char *text = cut_word(args);
    speak(client, SPEECH_TEXT, args, text);
}

static void run_nick(struct plain_client *client, char *args)
{
    step(client, COMMAND_NAME, NULL, args);
}

static void run_quit(struct plain_client *client, char *args)
{
    plain_leave(client, *args ? args : "Quit");
}

/* Who is in a room is only for those who are there, too. */
static void run_who(struct plain_client *client, char *args)
{
    const struct room *room =
        *args ? hub_find_room(gate_hub(client->gate), args) : plain_target_room(client);
    const struct member *member = room ? room_member(room, plain_session(client)) : NULL;
    if (!member || !member->in) {
        plain_say(client, "You are not in %s.", *args ? args : "any room");
        return;
    }
    struct str names;
    str_init(&names, PLAIN_OUT_BYTES - PLAIN_TYPED_BYTES);
    size_t count = 0;
    while (count < room->seated_count && count < PLAIN_WHO_NAMES &&
           str_addf(&names, "%s%s", count > 0 ? ", " : "", room->seats[count]->session->nick))
        count++;
    plain_say(client, "In %s (%zu here): %s%s", room->name, room->seated_count, names.data,
              count < room->seated_count ? ", and others" : "");
    str_release(&names);
}

/* A number that is too large shows as much as there may be. */
static void run_history(struct plain_client *client, char *args)
{
    const char *target = plain_target(client);
    char *end;
    unsigned long lines = *args ? strtoul(args, &end, 10) : HISTORY_LINES;
    if (*args && (*args < '1' || *args > '9' || *end))
        plain_say(client, "How many lines? /history 50, at most %d.", PLAIN_EARLIER_MAX);
    else if (target)
        plain_earlier_last(client, target, lines < PLAIN_EARLIER_MAX ? lines : PLAIN_EARLIER_MAX);
}

static void run_help(struct plain_client *client, char *args);

/* In the order in which help tells them. */
static const struct plain_command commands[] = {
    {"me", run_me, ONE, true, "TEXT", "say what you are doing: * ada waves"},
    {"msg", run_msg, TWO, true, "NAME TEXT", "say something to one person"},
    {"nick", run_nick, ONE, false, "NAME", "change your name"},
    {"who", run_who, MAYBE, false, "[ROOM]", "list who is here"},
    {"join", run_join, ONE, false, "ROOM [KEY]", "enter a room; your lines go there"},
    {"leave", run_leave, MAYBE, false, "[ROOM]", "leave a room"},
    {"history", run_history, MAYBE, false, "[N]", "show the last lines of where yours go"},
    {"echo", run_echo, MAYBE, false, "on|off", "see your own lines, too"},
    {"follow", run_follow, MAYBE, false, "on|off", "let lines go to whoever spoke to you last"},
    {"help", run_help, MAYBE, false, "", "show this"},
    {"quit", run_quit, MAYBE, false, "", "leave; so does `quit` alone on its line"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void run_help(struct plain_client *client, char *args)
{
    (void)args;
    plain_say(client, "What you type is said to everybody in the room, except:");
    plain_say(client,
              "  to:NAME             what follows goes to one person, or to a room you are in");
    plain_say(client, "  to:                 what follows goes to the room again");
    plain_say(client, "  //TEXT              says /TEXT");
    for (const struct plain_command *row = commands; row < commands + COMMAND_COUNT; row++)
        plain_say(client, "  /%-7s %-10s %s", row->name, row->syntax, row->help);
}

static const char *name_at(const void *table, size_t i)
{
    return ((const struct plain_command *)table)[i].name;
}

static const struct plain_command *find(const char *word, size_t len)
{
    for (const struct plain_command *row = commands; row < commands + COMMAND_COUNT; row++) {
        if (strlen(row->name) == len && memcmp(row->name, word, len) == 0)
            return row;
    }
    return NULL;
}

static void refuse_word(struct plain_client *client, char *text)
{
    cut_word(text);
    ptrdiff_t near = near_name(text + 1, name_at, commands, COMMAND_COUNT);
    if (near >= 0)
        plain_say(client, "%s is not a command: did you mean /%s? /%s says it.", text,
                  commands[near].name, text);
    else
        plain_say(client, "%s is not a command: /help lists them, and /%s says it.", text, text);
}

static bool has_words(const char *args, enum need need)
{
    switch (need) {
    case ALONE:
        return *args == '\0';
    case MAYBE:
        return true;
    case ONE:
        return *args != '\0';
    case TWO:
        return args[strcspn(args, " ")] != '\0';
    }
    return false;
}

/* Speech may follow on speech that is in flight. All else waits its turn, and so does speech behind it:
 * where it goes may be just what changes. */
static bool its_turn(struct plain_client *client, bool speech)
{
    if (hub_in_flight(gate_hub(client->gate), client->session) == 0)
        client->speaking = speech;
    else if (!speech || !client->speaking)
        return false;
    return true;
}

static enum door_result run_command(struct plain_client *client, char *text)
{
    const struct plain_command *command = find(text + 1, strcspn(text + 1, " "));
    if (!its_turn(client, command && command->pipelined))
        return DOOR_WAIT;
    if (!command) {
        refuse_word(client, text);
        return DOOR_DONE;
    }
    char *args = cut_word(text);
    if (has_words(args, command->need))
        command->run(client, args);
    else
        plain_say(client, "/%s %s: %s.", command->name, command->syntax, command->help);
    return DOOR_DONE;
}

static void trim_end(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        text[--len] = '\0';
}

bool plain_is_quit(char *text)
{
    trim_end(text);
    return strcmp(text, "quit") == 0 || strcmp(text, "/quit") == 0;
}

/* Whether the whole line is "to:" and a name, or nothing, behind it. */
static bool is_to(const char *text)
{
    return strncmp(text, "to:", 3) == 0 && strchr(text, ' ') == NULL;
}

enum door_result plain_dispatch(struct plain_client *client, char *text)
{
    if (text[0] == '/' && text[1] != '/') {
        trim_end(text);
        return run_command(client, text);
    }
    bool quit = plain_is_quit(text);
    bool to = is_to(text);
    if (!its_turn(client, !quit && !to))
        return DOOR_WAIT;
    if (quit)
        plain_leave(client, "Quit");
    else if (to)
        plain_target_set(client, text + 3);
    else if (*text != '\0')
        speak(client, SPEECH_TEXT, plain_target(client), text + (text[0] == '/'));
    return DOOR_DONE;
}
