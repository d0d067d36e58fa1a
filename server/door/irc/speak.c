/* PRIVMSG, NOTICE and TAGMSG. CTCP, which hides in them between two \001, is speech of another kind
 * to the hub: "ACTION" is /me, anything else is a program asking or answering a program. */
#include "server/door/irc/speak.h"

#include <string.h>

#include "server/door/irc/caps.h"
#include "server/door/irc/event.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/once.h"
#include "server/door/irc/ranks.h"
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

void irc_speak_tags(const struct irc_message *message, struct str *out)
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

/* A message that would have to be cut for its recipients is refused instead; one of several lines is
 * cut where its lines are too long. */
static bool fits(struct irc_client *client, const struct command *speak)
{
    if (speak->type != COMMAND_SPEAK || speak->speech == SPEECH_TAGS || speak->joints ||
        strchr(speak->text, '\n'))
        return true;
    const struct event event = {
        .type = EVENT_SPEECH,
        .speech = speak->speech,
        .rank = speak->rank,
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

/* "@#room" is for those of a rank in it: splits off the rank (ISUPPORT's STATUSMSG). */
static unsigned rank_of_target(const char **target)
{
    unsigned rank = (*target)[0] ? irc_rank_of((*target)[0]) : 0;
    if (rank == 0 || (*target)[1] != '#')
        return 0;
    (*target)++;
    return rank;
}

/* Gives the command for each target of a list; `once` may be NULL. */
static void tell_each(struct irc_client *client, struct command *command, char *targets,
                      struct irc_once *once)
{
    const char *target = irc_next_target(&targets);
    for (size_t i = 0; target && i < client->door->targets;
         i++, target = irc_next_target(&targets)) {
        command->target = target;
        command->rank = rank_of_target(&command->target);
        command->client_id = once ? irc_once_for(once, command->target, i == 0) : NULL;
        if (fits(client, command))
            gate_step(client->gate, command);
    }
    if (target && !client->quiet)
        irc_reply(client, ERR_TOOMANYTARGETS, target, "Too many targets", NULL);
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
        irc_speak_tags(message, &tags);
    char *text = message->params[1];
    struct command command = {
        .type = COMMAND_SPEAK,
        .session = client->session,
        .speech = speech_of(&text, notice),
        .tags = tags.len > 0 ? tags.data : NULL,
    };
    command.text = text;
    tell_each(client, &command, message->params[0], &once);
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

void irc_speak_lines(struct irc_client *client, const struct irc_lines *lines)
{
    char *text = lines->text;
    struct command command = {
        .type = COMMAND_SPEAK,
        .session = client->session,
        .target = lines->target,
        .speech = speech_of(&text, lines->notice),
        .tags = lines->tags,
        .client_id = lines->client_id,
    };
    command.text = text;
    command.joints = text == lines->text ? lines->joints : NULL; /* else of another text */
    command.rank = rank_of_target(&command.target);
    client->quiet = lines->notice;
    if (fits(client, &command))
        gate_step(client->gate, &command);
    client->quiet = false;
}

/* A reaction stays with what it is about, and so does what its client says is to stay; anything else
 * is gone when it has been seen. */
static bool is_kept(const struct irc_message *message)
{
    struct irc_tag tag;
    return irc_tag_find(message, "+draft/persist", &tag) ||
           irc_tag_find(message, "+draft/react", &tag) ||
           irc_tag_find(message, "+draft/unreact", &tag);
}

/* TAGMSG is there for those who negotiated message-tags; what it says is in its tags alone. */
void irc_tagmsg(struct irc_client *client, const struct irc_message *message)
{
    if (!irc_has(client, CAP_MESSAGE_TAGS)) {
        irc_reply(client, ERR_UNKNOWNCOMMAND, "TAGMSG", "It takes the capability message-tags",
                  NULL);
        return;
    }
    if (message->n_params == 0 || irc_no_target(message->params[0])) {
        irc_reply(client, ERR_NORECIPIENT, "No recipient given", NULL);
        return;
    }
    struct str tags;
    str_init(&tags, IRC_MAX_CLIENT_TAG_DATA_BYTES);
    irc_speak_tags(message, &tags);
    struct command command = {
        .type = is_kept(message) ? COMMAND_SPEAK : COMMAND_SIGN,
        .session = client->session,
        .speech = SPEECH_TAGS,
        .text = "",
        .tags = tags.data,
    };
    if (tags.len > 0)
        tell_each(client, &command, message->params[0], NULL);
    str_release(&tags);
}
