/* Names that are owned: nobody but their owner goes by them, whether he is here or not. */
#include "server/core/rules/owners.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"
#include "server/core/rules/confusables.h"

static char *key_of(struct hub *hub, const char *name)
{
    name_key(hub->key, name);
    return xmemdup0(hub->key->data, hub->key->len);
}

static void forget(struct hub *hub, struct owner *owner)
{
    table_remove(&hub->owners, owner->key, strlen(owner->key));
    confusables_disown(hub, owner);
    free(owner->key);
    free(owner->account);
    free(owner);
}

void owners_release(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct owner *owner; (owner = table_next(&hub->owners, &walk)) != NULL;)
        forget(hub, owner);
    table_release(&hub->owners);
}

const char *hub_owner(const struct hub *hub, const char *nick)
{
    if (strlen(nick) > hub->config.max_nick_bytes)
        return NULL;
    name_key(hub->key, nick);
    const struct owner *owner = table_get(&hub->owners, hub->key->data, hub->key->len);
    return owner != NULL ? owner->account : NULL;
}

bool hub_own(struct hub *hub, const char *nick, const char *account)
{
    if (!name_is_nick(nick, hub->config.max_nick_bytes) ||
        strlen(account) > hub->config.max_nick_bytes)
        return false;
    char *key = key_of(hub, nick);
    struct owner *before = table_get(&hub->owners, key, strlen(key));
    if (before != NULL)
        forget(hub, before);
    struct owner *owner = xcalloc(1, sizeof *owner);
    owner->key = key;
    owner->account = key_of(hub, account);
    if (table_put(&hub->owners, owner->key, strlen(owner->key), owner)) {
        confusables_own(hub, owner, nick);
        return true;
    }
    free(owner->key);
    free(owner->account);
    free(owner);
    return false;
}

void hub_disown(struct hub *hub, const char *nick)
{
    if (hub_owner(hub, nick) != NULL) /* which leaves the folded name in hub->key */
        forget(hub, table_get(&hub->owners, hub->key->data, hub->key->len));
}

bool owners_allow(struct hub *hub, const struct session *session, const char *nick)
{
    const char *owner = hub_owner(hub, nick);
    if (owner == NULL)
        return true;
    if (session->account == NULL)
        return false;
    name_key(hub->key, session->account);
    return strcmp(hub->key->data, owner) == 0;
}

void owners_own(struct step *step)
{
    const struct command *command = step->command;
    if (command->object == NULL)
        hub_disown(step->hub, command->text);
    else
        hub_own(step->hub, command->text, command->object);
}
