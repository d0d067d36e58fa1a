/* A room as the text of a fact: a line a property, its name and a blank in front.
 * None of the values can hold a line's end; unknown properties are skipped, so an
 * older server reads what a newer one wrote. */
#include "server/core/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/internal.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/forwarding.h"

static const char *const list_names[ROOM_LISTS] = {
    [LIST_BANS] = "ban",
    [LIST_EXCEPTIONS] = "exception",
    [LIST_INVITATIONS] = "invitation",
};

void record_write(struct str *out, const struct room *room)
{
    str_addf(out, "name %s\nlog %s\ncreated %" PRId64 "\n", room->name, room->log,
             room->created_ms);
    if (room->former.name != NULL)
        str_addf(out, "former %" PRId64 " %s\n", room->former.time_ms, room->former.name);
    if (room->since.time_ms > 0)
        str_addf(out, "since %" PRId64 " %" PRIu64 "\n", room->since.time_ms, room->since.position);
    if (room->topic.by != NULL)
        str_addf(out, "topic %" PRId64 " %s %s\n", room->topic.time_ms, room->topic.by,
                 room->topic.text != NULL ? room->topic.text : "");
    str_adds(out, "flags ");
    size_t count;
    const struct mode *modes = modes_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (modes[i].kind == MODE_FLAG && (room->flags & modes[i].bit) != 0)
            str_addc(out, modes[i].letter);
    }
    str_addc(out, '\n');
    if (room->password != NULL)
        str_addf(out, "password %s\n", room->password);
    if (room->limit > 0)
        str_addf(out, "limit %zu\n", room->limit);
    for (size_t list = 0; list < ROOM_LISTS; list++) {
        const struct masks *masks = &room->lists[list];
        for (size_t i = 0; i < masks->count; i++) {
            const struct mask *mask = &masks->items[i];
            str_addf(out, "%s %" PRId64 " %s %s\n", list_names[list], mask->time_ms, mask->by,
                     mask->text);
            if (mask->until_ms != 0)
                str_addf(out, "until %" PRId64 " %s %s\n", mask->until_ms, list_names[list],
                         mask->text);
            if (mask->sees_address)
                str_addf(out, "sees-address 0 %s %s\n", list_names[list], mask->text);
        }
    }
    for (size_t i = 0; i < room->standing_count; i++)
        str_addf(out, "standing %u %s\n", room->standings[i].ranks, room->standings[i].account);
    for (size_t i = 0; i < room->traits.count; i++)
        str_addf(out, "trait %s %s\n", room->traits.items[i].name, room->traits.items[i].text);
}

/* Splits "TIME WHO REST", the form of what somebody once set; false if it is not of that form. */
static bool split_set(char *value, int64_t *time_ms, char **by, char **rest)
{
    char *end;
    *time_ms = strtoll(value, &end, 10);
    if (end == value || *end != ' ')
        return false;
    *by = end + 1;
    char *blank = strchr(*by, ' ');
    if (blank == NULL)
        return false;
    *blank = '\0';
    *rest = blank + 1;
    return true;
}

static void read_flags(struct room *room, const char *letters)
{
    room->flags = 0;
    for (; *letters != '\0'; letters++) {
        const struct mode *mode = modes_find(*letters);
        if (mode != NULL && mode->kind == MODE_FLAG)
            room->flags |= mode->bit;
    }
}

static void read_standing(struct room *room, char *value)
{
    char *end;
    unsigned ranks = (unsigned)strtoul(value, &end, 10);
    if (*end == ' ')
        room_set_standing(room, end + 1, ranks);
}

static void read_trait(struct room *room, char *value)
{
    char *blank = strchr(value, ' ');
    if (blank == NULL)
        return;
    *blank = '\0';
    if (trait_name_valid(value, SIZE_MAX))
        traits_set(&room->traits, value, blank + 1);
}

/* No name begins with a colon, so that such a mask is about nobody. It was taken once, and not every door
 * has words for it. */
static void read_mask(struct room *room, const char *list_name, const char *mask, const char *by,
                      int64_t time_ms)
{
    for (size_t list = 0; list < ROOM_LISTS && mask[0] != ':'; list++) {
        if (strcmp(list_name, list_names[list]) == 0)
            masks_add(&room->lists[list], mask, by, time_ms, 0);
    }
}

/* Until when a mask that was read before counts; the list's name stands where others name a person. */
static void read_until(struct room *room, int64_t until_ms, const char *list_name, const char *mask)
{
    for (size_t list = 0; list < ROOM_LISTS; list++) {
        if (strcmp(list_name, list_names[list]) == 0)
            masks_set_until(&room->lists[list], mask, until_ms);
    }
}

/* The same with whose mask is about hidden addresses, too. */
static void read_sees_address(struct room *room, const char *list_name, const char *mask)
{
    for (size_t list = 0; list < ROOM_LISTS; list++) {
        if (strcmp(list_name, list_names[list]) == 0)
            masks_set_sees_address(&room->lists[list], mask);
    }
}

static void read_former(struct hub *hub, struct room *room, char *value)
{
    char *end;
    int64_t time_ms = strtoll(value, &end, 10);
    if (*end == ' ' && name_was_room(end + 1, hub->config.max_room_name_bytes))
        forwarding_set(hub, room, end + 1, time_ms);
}

static void read_property(struct hub *hub, struct room *room, const char *name, char *value)
{
    int64_t time_ms;
    char *by;
    char *rest;
    if (strcmp(name, "created") == 0) {
        room->created_ms = strtoll(value, NULL, 10);
    } else if (strcmp(name, "former") == 0) {
        read_former(hub, room, value);
    } else if (strcmp(name, "since") == 0) {
        char *end;
        room->since.time_ms = strtoll(value, &end, 10);
        room->since.position = strtoull(end, NULL, 10);
    } else if (strcmp(name, "flags") == 0) {
        read_flags(room, value);
    } else if (strcmp(name, "password") == 0) {
        free(room->password);
        room->password = xstrdup(value);
    } else if (strcmp(name, "limit") == 0) {
        room->limit = strtoul(value, NULL, 10);
    } else if (strcmp(name, "standing") == 0) {
        read_standing(room, value);
    } else if (strcmp(name, "trait") == 0) {
        read_trait(room, value);
    } else if (split_set(value, &time_ms, &by, &rest)) {
        if (strcmp(name, "topic") == 0) {
            topic_set(&room->topic, rest, by, time_ms);
            topic_set(&room->visible, rest, by, time_ms);
        } else if (strcmp(name, "until") == 0) {
            read_until(room, time_ms, by, rest);
        } else if (strcmp(name, "sees-address") == 0) {
            read_sees_address(room, by, rest);
        }
        read_mask(room, name, rest, by, time_ms);
    }
}

/* Takes the next line off the text; false at its end. */
static bool next_property(char **text, char **name, char **value)
{
    char *end = strchr(*text, '\n');
    if (end == NULL)
        return false;
    *end = '\0';
    *name = *text;
    *text = end + 1;
    char *blank = strchr(*name, ' ');
    if (blank == NULL)
        return false;
    *blank = '\0';
    *value = blank + 1;
    return true;
}

/* The lobby is there before its record, and is taken to write under its own name. Of two records of one
 * name the later one counts. */
static void write_under(struct hub *hub, struct room *room, const char *log)
{
    if (strcmp(room->log, log) == 0 || hub_room_of_log(hub, log) != NULL)
        return;
    table_remove(&hub->logs, room->log, strlen(room->log));
    free(room->log);
    room->log = xstrdup(log);
    table_put(&hub->logs, room->log, strlen(room->log), room);
}

static struct room *find_or_make(struct hub *hub, const char *name, const char *log)
{
    struct room *room = hub_room(hub, name);
    if (room != NULL) {
        write_under(hub, room, log);
        return room;
    }
    if (hub->rooms.len >= hub->config.max_rooms || hub_room_of_log(hub, log) != NULL)
        return NULL;
    name_key(hub->key, name);
    room = room_new(&hub->ledger, name, hub->key->data, log, 0);
    table_put(&hub->rooms, room->key, strlen(room->key), room);
    table_put(&hub->logs, room->log, strlen(room->log), room);
    confusables_open(hub, room);
    return room;
}

bool hub_restore_room(struct hub *hub, const char *value)
{
    char *copy = xstrdup(value);
    char *at = copy;
    char *name;
    char *spelt;
    char *log;
    struct room *room = NULL;
    if (next_property(&at, &name, &spelt) && strcmp(name, "name") == 0 &&
        name_was_room(spelt, hub->config.max_room_name_bytes) && next_property(&at, &name, &log) &&
        strcmp(name, "log") == 0)
        room = find_or_make(hub, spelt, log);
    char *property;
    while (room != NULL && next_property(&at, &name, &property))
        read_property(hub, room, name, property);
    for (size_t i = 0; room != NULL && i < room->lists[LIST_BANS].count; i++)
        hub_note_expiry(hub, room->lists[LIST_BANS].items[i].until_ms);
    if (room != NULL)
        room_reckon(room);
    free(copy);
    return room != NULL;
}
