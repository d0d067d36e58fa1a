/* REDACT (IRCv3 draft/message-redaction): the message is looked up first, then the hub decides. */
#include "server/door/irc/redact.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "server/door/irc/asked.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"

static void refuse(struct irc_client *client, enum refusal refusal, const char *target,
                   const char *id)
{
    char window[24];
    switch (refusal) {
    case REFUSED_NO_SUCH_ENTRY:
        irc_fail(client, "REDACT", "UNKNOWN_MSGID", target, id,
                 "This message does not exist or is too old", NULL);
        break;
    case REFUSED_NOT_YOURS:
        irc_fail(client, "REDACT", "REDACT_FORBIDDEN", target, id,
                 "You are not authorised to delete this message", NULL);
        break;
    case REFUSED_TOO_LATE:
        snprintf(window, sizeof window, "%lld",
                 (long long)(hub_limits(gate_hub(client->gate))->max_redact_ms / 1000));
        irc_fail(client, "REDACT", "REDACT_WINDOW_EXPIRED", target, id, window,
                 "You can no longer delete this message", NULL);
        break;
    default:
        irc_fail(client, "REDACT", "INVALID_TARGET", target,
                 "You cannot delete messages from there", NULL);
        break;
    }
}

void irc_redact(struct irc_client *client, const struct irc_message *message)
{
    if (!irc_has(client, CAP_REDACTION)) {
        irc_reply(client, ERR_UNKNOWNCOMMAND, "REDACT",
                  "It takes the capability draft/message-redaction", NULL);
        return;
    }
    const struct reading reading = {
        .target = message->params[0],
        .span = READING_AROUND,
        .from.id = message->params[1],
        .limit = 1,
    };
    char *reason = message->n_params > 2 ? message->params[2] : NULL;
    if (reason)
        reason[text_cut_bytes(reason, strlen(reason), IRC_REASON_BYTES)] = '\0';
    enum refusal refusal = *message->params[1] == '\0'
                               ? REFUSED_NO_SUCH_ENTRY
                               : gate_read(client->gate, client->session, &reading,
                                           irc_asked_token(ASKED_REDACTION, 0));
    if (refusal == REFUSED_NOTHING)
        irc_asked_keep(client, message->params[1], reason);
    else
        refuse(client, refusal, reading.target, message->params[1]);
}

void irc_redact_page(struct irc_client *client, const struct door_page *page)
{
    const char *target = page->target ? page->target : "*";
    enum refusal refusal = page->refusal;
    if (refusal == REFUSED_NOTHING && page->count == 0)
        refusal = REFUSED_NO_SUCH_ENTRY;
    if (refusal != REFUSED_NOTHING) {
        refuse(client, refusal, target, client->aside->asked.word);
        return;
    }
    const struct command redact = {
        .type = COMMAND_REDACT,
        .session = client->session,
        .target = target,
        .text = client->aside->asked.text,
        .event = &page->events[0],
    };
    gate_step(client->gate, &redact);
}

bool irc_redact_refused(struct irc_client *client, const struct note *note)
{
    if (note->command != COMMAND_REDACT)
        return false;
    refuse(client, note->refusal, note->target, note->object);
    return true;
}
