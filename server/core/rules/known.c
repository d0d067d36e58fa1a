/* What the server knows of names beyond whose they are: who may come in, who is an operator of the
 * server whenever he logs in, and when they were last used. */
#include "server/core/rules/known.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"
#include "server/core/rules/describe.h"
#include "server/core/rules/marking.h"
#include "server/core/rules/people.h"
#include "server/core/rules/rejoin.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

static struct known *find(const struct hub *hub, const char *name)
{
    if (strlen(name) > hub->config.max_nick_bytes)
        return NULL;
    name_key(hub->key, name);
    return table_get(&hub->known, hub->key->data, hub->key->len);
}

static void known_free(struct known *known)
{
    free(known->name);
    free(known->key);
    free(known);
}

/* Finds what is known of a name, or begins to know it; NULL when it is longer than any may be now, or as
 * many are known as may be. */
static struct known *open_known(struct hub *hub, const char *name)
{
    if (strlen(name) > hub->config.max_nick_bytes)
        return NULL;
    struct known *known = find(hub, name); /* which leaves the folded name in hub->key */
    if (known != NULL)
        return known;
    known = xcalloc(1, sizeof *known);
    known->name = xstrdup(name);
    known->key = xmemdup0(hub->key->data, hub->key->len);
    if (table_put(&hub->known, known->key, strlen(known->key), known))
        return known;
    known_free(known);
    return NULL;
}

static void forget(struct hub *hub, struct known *known)
{
    table_remove(&hub->known, known->key, strlen(known->key));
    known_free(known);
}

void known_release(struct hub *hub)
{
    struct table_walk walk = {0};
    for (struct known *known; (known = table_next(&hub->known, &walk)) != NULL;)
        known_free(known);
    table_release(&hub->known);
}

const struct known *hub_known(const struct hub *hub, const char *name)
{
    return find(hub, name);
}

const struct known *hub_next_known(const struct hub *hub, struct table_walk *walk)
{
    return table_next(&hub->known, walk);
}

static bool has(const struct hub *hub, const char *name, enum known_flag flag)
{
    const struct known *known = name != NULL ? find(hub, name) : NULL;
    return known != NULL && (known->flags & flag) != 0;
}

bool hub_admits(const struct hub *hub, const char *name)
{
    return hub->config.require != REQUIRE_KNOWN || has(hub, name, KNOWN_ADMITTED);
}

enum refusal known_refusal(const struct hub *hub, const struct session *session, const char *nick)
{
    if (hub->config.require == REQUIRE_ACCOUNT && session->account == NULL)
        return REFUSED_ACCOUNT_WANTED;
    if (hub_admits(hub, nick) || has(hub, session->account, KNOWN_ADMITTED))
        return REFUSED_NOTHING;
    return REFUSED_NOT_ADMITTED;
}

/* Keeps a name on disk, or forgets it when there is nothing to know. */
static void keep(struct step *step, struct known *known)
{
    struct str text;
    str_init(&text, SIZE_MAX / 4);
    str_addf(&text, "%s%s", HUB_KNOWN_FACT, known->key);
    const char *key = outbox_copy(step->out, text.data);
    const char *value = NULL;
    if (known->flags != 0 || known->seen_ms != 0) {
        str_reset(&text);
        str_addf(&text, "name %s\nflags %u\nseen %" PRId64 "\n", known->name, known->flags,
                 known->seen_ms);
        value = outbox_copy(step->out, text.data);
    }
    str_release(&text);
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = key;
    effect->value = value;
    if (value == NULL)
        forget(step->hub, known);
}

/* To the day, so that coming and going costs the disk nothing. */
void known_see(struct step *step, const struct session *session)
{
    struct hub *hub = step->hub;
    struct known *known = session->account != NULL ? open_known(hub, session->account) : NULL;
    if (known == NULL)
        return;
    bool same_day = known->seen_ms / DAY_MS == hub->now_ms / DAY_MS;
    known->seen_ms = hub->now_ms;
    if (!same_day)
        keep(step, known);
}

static bool is_of(struct hub *hub, const struct session *session, const char *key)
{
    if (session->account == NULL)
        return false;
    name_key(hub->key, session->account);
    return strcmp(hub->key->data, key) == 0;
}

/* Makes somebody an operator, or takes that from him, and tells him. */
static void empower(struct step *step, struct session *session, bool yes)
{
    bool is = (session->flags & SESSION_OPERATOR) != 0;
    if (is == yes)
        return;
    people_set_flags(step->hub, session, session->flags ^ SESSION_OPERATOR);
    for (const struct connection *connection = session->connections; connection != NULL;
         connection = connection->next) {
        struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
        effect->session = connection->id;
        effect->note = (struct note){.type = NOTE_DONE, .command = COMMAND_EMPOWER};
    }
}

void known_disentitle(struct step *step, const char *account)
{
    struct session *session = step->session;
    if (has(step->hub, session->account, KNOWN_OPERATOR) &&
        !has(step->hub, account, KNOWN_OPERATOR))
        empower(step, session, false);
}

void known_entitle(struct step *step)
{
    struct session *session = step->session;
    if (!has(step->hub, session->account, KNOWN_OPERATOR))
        return;
    if ((session->flags & SESSION_OPERATOR) == 0)
        step_audit(step, &(struct audit_record){.did = "OPER", .whom = session->account});
    empower(step, session, true);
}

/* Whether somebody who is logged in to it is an operator, or is none, whatever is known of it: by a
 * password, or by his own choice. */
static bool is_otherwise(struct hub *hub, const char *key, bool yes)
{
    struct table_walk walk = {0};
    for (const struct session *session; (session = index_next(&hub->nicks, &walk)) != NULL;) {
        if (session->entered && is_of(hub, session, key) &&
            ((session->flags & SESSION_OPERATOR) != 0) != yes)
            return true;
    }
    return false;
}

/* Those who are logged in to it have at once what was said of it. */
static void empower_all(struct step *step, const char *key, bool yes)
{
    struct table_walk walk = {0};
    for (struct session *session; (session = index_next(&step->hub->nicks, &walk)) != NULL;) {
        if (session->entered && is_of(step->hub, session, key))
            empower(step, session, yes);
    }
}

static bool may(struct step *step)
{
    if (step->session == NULL || (step->session->flags & SESSION_OPERATOR) != 0)
        return true;
    step_refuse(step, REFUSED_NOT_PRIVILEGED, step->command->object);
    return false;
}

static enum refusal obstacle(const struct step *step)
{
    const struct command *command = step->command;
    if (!name_is_nick(command->object, step->hub->config.max_nick_bytes))
        return REFUSED_NICK_BAD;
    if ((command->set & KNOWN_OPERATOR) != 0 && hub_owner(step->hub, command->object) == NULL)
        return REFUSED_NOT_OWNED;
    return REFUSED_NOTHING;
}

static const char *word_for(const struct command *command)
{
    if (command->set != 0)
        return command->set == KNOWN_OPERATOR ? "GRANT" : "ADMIT";
    return command->clear == KNOWN_OPERATOR ? "REVOKE" : "UNADMIT";
}

void known_know(struct step *step)
{
    const struct command *command = step->command;
    if (!may(step))
        return;
    enum refusal refusal = obstacle(step);
    struct known *known =
        refusal == REFUSED_NOTHING ? open_known(step->hub, command->object) : NULL;
    if (known == NULL) {
        step_refuse(step, refusal != REFUSED_NOTHING ? refusal : REFUSED_NO_MORE_NAMES,
                    command->object);
        return;
    }
    unsigned before = known->flags;
    bool powers = ((command->set | command->clear) & KNOWN_OPERATOR) != 0;
    known->flags = (before | command->set) & ~command->clear;
    if (known->flags == before &&
        !(powers && is_otherwise(step->hub, known->key, command->set != 0))) {
        step_done(step, known->name, HUB_AS_BEFORE);
        if (before == 0 && known->seen_ms == 0)
            forget(step->hub, known);
        return;
    }
    step_audit(step, &(struct audit_record){.did = word_for(command), .whom = known->name});
    step_done(step, known->name, NULL);
    if (powers)
        empower_all(step, known->key, command->set != 0);
    keep(step, known);
}

/* Whether somebody is logged in to the account, entered or not. */
static bool is_here(struct hub *hub, const char *key)
{
    struct table_walk walk = {0};
    for (const struct connection *one; (one = registry_next(&hub->connections, &walk)) != NULL;) {
        if (!one->gone && is_of(hub, one->session, key))
            return true;
    }
    return false;
}

static enum refusal obstacle_to_release(struct step *step, const char *key)
{
    struct hub *hub = step->hub;
    const struct known *known = find(hub, step->command->object);
    int64_t used_ms = step->command->made_ms;
    if (known != NULL && known->seen_ms > used_ms)
        used_ms = known->seen_ms;
    if (is_here(hub, key))
        return REFUSED_OWNER_HERE;
    return hub->now_ms - used_ms < hub->config.release_after_ms ? REFUSED_TOO_SOON
                                                                : REFUSED_NOTHING;
}

/* Whoever has the name next is somebody else: no room knows him. */
static void leave_rooms(struct step *step, const char *account)
{
    struct table_walk walk = {0};
    for (struct room *room; (room = table_next(&step->hub->rooms, &walk)) != NULL;) {
        if (room_standing(room, account) == 0)
            continue;
        room_set_standing(room, account, 0);
        step_keep_room(step, room);
    }
}

void known_release_name(struct step *step)
{
    struct hub *hub = step->hub;
    const char *name = step->command->object;
    if (!may(step))
        return;
    const char *owner = hub_owner(hub, name);
    char *key = owner != NULL ? xstrdup(owner) : NULL;
    enum refusal refusal = key != NULL ? obstacle_to_release(step, key) : REFUSED_NOT_OWNED;
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, name);
        free(key);
        return;
    }
    hub_disown(hub, name);
    leave_rooms(step, key);
    marking_forget_account(step, key);
    describe_forget_account(step, key);
    rejoin_forget_account(step, key);
    struct known *known = find(hub, key);
    if (known != NULL) {
        known->flags = 0;
        known->seen_ms = 0;
        keep(step, known);
    }
    step_audit(step, &(struct audit_record){.did = "RELEASE", .whom = name});
    step_done(step, name, NULL);
    free(key);
}

bool hub_restore_known(struct hub *hub, const char *value)
{
    struct str name;
    unsigned flags = 0;
    int64_t seen_ms = 0;
    const char *second = strchr(value, '\n');
    if (strncmp(value, "name ", 5) != 0 || second == NULL)
        return false;
    str_init(&name, hub->config.max_nick_bytes + 1);
    str_add(&name, value + 5, (size_t)(second - value) - 5);
    struct known *known = NULL;
    if (sscanf(second, "\nflags %u\nseen %" SCNd64, &flags, &seen_ms) == 2 &&
        name_is_nick(name.data, hub->config.max_nick_bytes))
        known = open_known(hub, name.data);
    str_release(&name);
    if (known == NULL)
        return false;
    known->flags = flags & (KNOWN_OPERATOR | KNOWN_ADMITTED);
    known->seen_ms = seen_ms;
    return true;
}
