#include "server/door/irc/once.h"

#include <string.h>

#include "server/door/irc/caps.h"
#include "server/door/irc/reply.h"

bool irc_once_read(struct irc_once *once, struct irc_client *client,
                   const struct irc_message *message, const char *command)
{
    struct irc_tag tag;
    once->id[0] = '\0';
    str_init(&once->each, IRC_ONCE_BYTES + 1 + IRC_MAX_BODY_BYTES);
    if (!irc_has(client, CAP_MESSAGE_TAGS) || !irc_tag_find(message, "+snug.chat/id", &tag))
        return true;
    if (tag.value_len > IRC_ONCE_BYTES) {
        irc_fail(client, command, "INVALID_ID", "+snug.chat/id", "An id has at most 64 bytes",
                 NULL);
        return false;
    }
    memcpy(once->id, tag.value, tag.value_len);
    once->id[tag.value_len] = '\0';
    return true;
}

void irc_once_release(struct irc_once *once)
{
    str_release(&once->each);
}

const char *irc_once_for(struct irc_once *once, const char *target, bool is_first)
{
    if (once->id[0] == '\0')
        return NULL;
    if (is_first)
        return once->id;
    str_reset(&once->each);
    str_addf(&once->each, "%s %s", once->id, target); /* no id has a blank: they are escaped */
    return once->each.data;
}
