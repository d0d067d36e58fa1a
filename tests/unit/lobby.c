#include "tests/unit/lobby.h"

#include <string.h>

#include "common/str.h"
#include "tests/press.h"

enum {
    INTENTS_MAX_BYTES = 1 << 20,
};

void lobby_press(struct model *model, const char *keys)
{
    while (*keys) {
        struct key key;
        keys = press_read(keys, &key);
        model_key(model, 1000, &key);
        model_check(model);
    }
}

void lobby_paste(struct model *model, const char *text)
{
    struct key key = {.press = PRESS_PASTE, .text = text, .len = strlen(text)};
    model_key(model, 1000, &key);
}

struct buffer *lobby_room(struct model *model, const char *name)
{
    struct buffer *buffer = traffic_buffer(model, BUFFER_ROOM, name);
    traffic_joined(model, buffer, true);
    return buffer;
}

uint64_t lobby_hear(struct model *model, struct buffer *buffer, const char *nick, const char *text)
{
    struct heard heard = {.kind = LINE_TALK, .nick = nick, .text = text, .time_ms = 1000};
    return traffic_hear(model, buffer, &heard);
}

struct model *lobby_model(void)
{
    struct model *model = model_new("lab.local", "ada", NULL);
    traffic_online(model, 0, false);
    struct buffer *lobby = lobby_room(model, "#lobby");
    traffic_member(model, lobby, "ada", '@');
    traffic_member(model, lobby, "bob", ' ');
    traffic_member(model, lobby, "Cy", '+');
    return model;
}

char *lobby_intents(struct model *model)
{
    static const char *const names[] = {
        "SAY",  "ACTION", "NICK",   "JOIN", "PART",   "TOPIC", "NAMES", "WHOIS", "WHO",  "LIST",
        "KICK", "BAN",    "INVITE", "MODE", "NOTICE", "AWAY",  "RAW",   "QUIT",  "OLDER"};
    struct str out;
    str_init(&out, INTENTS_MAX_BYTES);
    struct intent intent;
    while (model_take_intent(model, &intent)) {
        str_addf(&out, "%s%s", out.len > 0 ? "; " : "", names[intent.type]);
        if (intent.target)
            str_addf(&out, " %s", intent.target);
        if (intent.text)
            str_addf(&out, " [%s]", intent.text);
        intent_release(&intent);
    }
    return str_detach(&out);
}
