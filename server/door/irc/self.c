/* What people say of themselves: AWAY, SETNAME. */
#include <string.h>

#include "common/text.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"

/* Before registration it takes draft/pre-away. */
void irc_away(struct irc_client *client, const struct irc_message *message)
{
    if (!client->welcomed && !irc_has(client, CAP_PRE_AWAY)) {
        irc_reply(client, ERR_NOTREGISTERED, "You have not registered", NULL);
        return;
    }
    char *text = message->n_params > 0 ? message->params[0] : NULL;
    if (text)
        text[text_cut_bytes(text, strlen(text), IRC_AWAY_BYTES)] = '\0';
    const struct command command = {
        .type = COMMAND_AWAY,
        .session = client->session,
        .text = text,
    };
    gate_step(client->gate, &command);
}

void irc_setname(struct irc_client *client, const struct irc_message *message)
{
    const char *name = message->params[0];
    if (*name == '\0' || strlen(name) > IRC_REALNAME_BYTES) {
        irc_fail(client, "SETNAME", "INVALID_REALNAME", "Realname is empty or too long", NULL);
        return;
    }
    const struct command command = {
        .type = COMMAND_REALNAME,
        .session = client->session,
        .text = name,
    };
    gate_step(client->gate, &command);
}
