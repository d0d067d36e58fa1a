#include "server/door/irc/marker.h"

#include <stdio.h>
#include <string.h>

#include "server/core/marks.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/timestamp.h"

#define TIMESTAMP "timestamp="

void irc_marker_send(struct irc_client *client, const char *target)
{
    int64_t time_ms = hub_mark(gate_hub(client->gate), client->session, target);
    char time[IRC_TIMESTAMP_BYTES];
    char text[sizeof TIMESTAMP + IRC_TIMESTAMP_BYTES] = "*";
    gate_show_aside(client->gate, client->session);
    if (time_ms > 0) {
        irc_timestamp_write(time, time_ms);
        snprintf(text, sizeof text, TIMESTAMP "%s", time);
    }
    irc_send(client, "MARKREAD", target, text, NULL);
}

bool irc_marker_refused(struct irc_client *client, const struct note *note)
{
    if (note->command != COMMAND_MARK)
        return false;
    irc_fail(client, "MARKREAD", "INVALID_PARAMS", note->target, "Not a target", NULL);
    return true;
}

/* The target as it is spelt where it is known. */
static const char *spelt(const struct irc_client *client, const char *target)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), target);
    return room && hub_sees_room(irc_client_session(client), room) ? room->name : target;
}

void irc_markread(struct irc_client *client, const struct irc_message *message)
{
    if (message->n_params == 0 || *message->params[0] == '\0') {
        irc_fail(client, "MARKREAD", "NEED_MORE_PARAMS", "Missing parameters", NULL);
        return;
    }
    const char *target = spelt(client, message->params[0]);
    if (message->n_params == 1) {
        irc_marker_send(client, target);
        return;
    }
    const char *text = message->params[1];
    struct command mark = {.type = COMMAND_MARK, .session = client->session, .target = target};
    if (strncmp(text, TIMESTAMP, strlen(TIMESTAMP)) != 0 ||
        !irc_timestamp_read(text + strlen(TIMESTAMP), &mark.time_ms)) {
        irc_fail(client, "MARKREAD", "INVALID_PARAMS", target, text, "Invalid timestamp", NULL);
        return;
    }
    gate_step(client->gate, &mark);
}
