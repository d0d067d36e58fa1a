#include "server/admin/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void status_init(struct status *status, int64_t now_ms)
{
    *status = (struct status){.started_ms = now_ms, .second = now_ms / 1000};
}

/* Seconds in which nothing was counted become zeros. */
static void advance(struct status *status, int64_t now_ms)
{
    int64_t second = now_ms / 1000;
    int64_t passed = second - status->second;
    if (passed <= 0)
        return;
    for (int64_t i = 1; i <= passed && i <= STATUS_SECONDS; i++)
        status->per_second[(status->second + i) % STATUS_SECONDS] = 0;
    status->second = second;
}

static void note_room(struct status *status, const struct event *event)
{
    if (event->target[0] != '#' || strlen(event->target) >= STATUS_ROOM_BYTES)
        return;
    size_t at = 0;
    while (at < status->room_count && strcmp(status->rooms[at].name, event->target) != 0)
        at++;
    if (at == status->room_count && status->room_count < STATUS_ROOMS)
        status->room_count++;
    if (at == STATUS_ROOMS)
        at--;
    memmove(&status->rooms[1], &status->rooms[0], at * sizeof *status->rooms);
    snprintf(status->rooms[0].name, STATUS_ROOM_BYTES, "%s", event->target);
    status->rooms[0].position = event->position;
}

void status_count(struct status *status, const struct event *event, int64_t now_ms)
{
    advance(status, now_ms);
    status->entries++;
    if (event->type == EVENT_SPEECH) {
        status->messages++;
        status->per_second[status->second % STATUS_SECONDS]++;
    }
    note_room(status, event);
}

static void write_uptime(const struct status *status, int64_t now_ms, struct str *out)
{
    int64_t minutes = (now_ms - status->started_ms) / 60000;
    str_addf(out, "snugd %s, up ", SNUG_VERSION);
    if (minutes >= 24 * 60)
        str_addf(out, "%" PRId64 " d ", minutes / (24 * 60));
    if (minutes >= 60)
        str_addf(out, "%" PRId64 " h ", minutes / 60 % 24);
    str_addf(out, "%" PRId64 " min\n", minutes % 60);
}

static void write_connections(const struct pump *pump, const struct hub *hub, struct str *out)
{
    str_addf(out, "connections  %zu", pump_open_count(pump));
    const char *name;
    size_t count;
    for (size_t i = 0; pump_count_door(pump, i, &name, &count); i++)
        str_addf(out, "%s %s %zu", i > 0 ? "," : ":", name, count);
    str_addf(out, "; %zu people\n", hub_session_count(hub));
}

static void write_messages(struct status *status, int64_t now_ms, struct str *out)
{
    advance(status, now_ms);
    uint64_t minute = 0;
    uint32_t most = 0;
    for (size_t i = 0; i < STATUS_SECONDS; i++) {
        minute += status->per_second[i];
        if (status->per_second[i] > most)
            most = status->per_second[i];
    }
    str_addf(out,
             "messages     %" PRIu64 "; %" PRIu64 " in the last minute, at most %" PRIu32
             " a second\n",
             status->messages, minute, most);
}

/* Resident pages, as Linux tells them (proc(5)). */
static void write_memory(struct str *out)
{
    unsigned long total;
    unsigned long resident;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return;
    if (fscanf(file, "%lu %lu", &total, &resident) == 2)
        str_addf(out, "memory       %.1f MiB\n",
                 (double)resident * (double)sysconf(_SC_PAGESIZE) / (1024 * 1024));
    fclose(file);
}

static void write_logs(const struct status *status, const struct hub *hub,
                       const struct store *store, struct str *out)
{
    str_addf(out, "log          %" PRIu64 " entries since the start, %zu on their way\n",
             status->entries, store_pending(store));
    for (size_t i = 0; i < status->room_count; i++) {
        const struct status_room *shown = &status->rooms[i];
        const struct room *room = hub_find_room(hub, shown->name);
        str_addf(out, "  %s at %" PRIu64 ", %zu here\n", shown->name, shown->position,
                 room ? room->seated_count : 0);
    }
}

void status_write(struct status *status, int64_t now_ms, const struct pump *pump,
                  const struct hub *hub, const struct store *store, struct str *out)
{
    write_uptime(status, now_ms, out);
    write_connections(pump, hub, out);
    str_addf(out, "rooms        %zu\n", hub_room_count(hub));
    write_messages(status, now_ms, out);
    write_memory(out);
    write_logs(status, hub, store, out);
}
