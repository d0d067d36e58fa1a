/* PRIVMSG and NOTICE. CTCP, which hides in them between two \001, is speech of another kind to the
 * hub: "ACTION" is /me, anything else is a program asking or answering a program. */
#include <stdio.h>
#include <string.h>

#include "server/door/irc/caps.h"
#include "server/door/irc/event.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/once.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

#define CTCP '\001'

/* What kind of speech the text is; strips what marks it. */
static enum speech speech_of(char **text, bool notice)
{
    char *start = *text;
    if (*start != CTCP)
        return notice ? SPEECH_NOTICE : SPEECH_TEXT;
    start++;
    size_t len = strlen(start);
    if (len > 0 && start[len - 1] == CTCP)
        start[len - 1] = '\0';
    *text = start;
    static const char action[] = "ACTION ";
    if (notice)
        return SPEECH_ANSWER;
    if (strncmp(start, action, sizeof action - 1) != 0)
        return SPEECH_QUERY;
    *text = start + sizeof action - 1;
    return SPEECH_ACTION;
}

/* Adds the client-only tags, as they are, to `out`. */
static void client_tags(const struct irc_message *message, struct str *out)
{
    struct irc_tag tag;
    for (size_t at = 0; irc_tag_next(message, &at, &tag);) {
        if (tag.key_len < 2 || tag.key[0] != '+')
            continue;
        if (out->len > 0)
            str_addc(out, ';');
        str_add(out, tag.key, tag.key_len);
        if (tag.value_len > 0) {
            str_addc(out, '=');
            str_add(out, tag.value, tag.value_len);
        }
    }
}

/* The name that recipients will be shown: of the room or person as it is spelt there. */
static const char *shown_target(const struct irc_client *client, const char *target)
{
    const struct hub *hub = gate_hub(client->gate);
    const struct room *room = *target == '#' ? hub_find_room(hub, target) : NULL;
    const struct session *who = *target != '#' ? hub_find_nick(hub, target) : NULL;
    return room ? room->name : who ? who->nick : target;
}

/* A message that would have to be cut for its recipients is refused instead. */
static bool fits(struct irc_client *client, const struct command *speak)
{
    const struct event event = {
        .type = EVENT_SPEECH,
        .speech = speak->speech,
        .who = session_who(irc_client_session(client)),
        .target = shown_target(client, speak->target),
        .text = speak->text,
    };
    size_t room_bytes = irc_event_text_bytes(&event);
    if (strlen(speak->text) <= room_bytes)
        return true;
    if (!client->quiet)
        irc_replyf(client, ERR_INPUTTOOLONG, NULL, "At most %zu bytes can be said to %s at once",
                   room_bytes, event.target);
    return false;
}

static void speak(struct irc_client *client, const struct irc_message *message, bool notice)
{
    if (message->n_params == 0 || irc_no_target(message->params[0])) {
        irc_reply(client, ERR_NORECIPIENT, "No recipient given", NULL);
        return;
    }
    if (message->n_params == 1 || *message->params[1] == '\0') {
        irc_reply(client, ERR_NOTEXTTOSEND, "No text to send", NULL);
        return;
    }
    struct irc_once once;
    if (!irc_once_read(&once, client, message, notice ? "NOTICE" : "PRIVMSG")) {
        irc_once_release(&once);
        return;
    }
    struct str tags;
    str_init(&tags, IRC_MAX_CLIENT_TAG_DATA_BYTES);
    if (irc_has(client, CAP_MESSAGE_TAGS))
        client_tags(message, &tags);
    char *text = message->params[1];
    struct command command = {
        .type = COMMAND_SPEAK,
        .session = client->session,
        .speech = speech_of(&text, notice),
        .tags = tags.len > 0 ? tags.data : NULL,
    };
    command.text = text;
    char *targets = message->params[0];
    const char *target = irc_next_target(&targets);
    for (size_t i = 0; target && i < IRC_TARGETS; i++, target = irc_next_target(&targets)) {
        command.target = target;
        command.client_id = irc_once_for(&once, target, i == 0);
        if (fits(client, &command))
            gate_step(client->gate, &command);
    }
    if (target && !client->quiet)
        irc_reply(client, ERR_TOOMANYTARGETS, target, "Too many targets", NULL);
    str_release(&tags);
    irc_once_release(&once);
}

void irc_privmsg(struct irc_client *client, const struct irc_message *message)
{
    speak(client, message, false);
}

/* Nothing is ever answered to a NOTICE (RFC 2812, 3.3.2), but that it was not stored. */
void irc_notice(struct irc_client *client, const struct irc_message *message)
{
    client->quiet = true;
    speak(client, message, true);
    client->quiet = false;
}
