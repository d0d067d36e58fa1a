/*
 * Answers of several numerics that make sense together: the rooms of LIST, sorted; and whether there
 * was any row at all of a list that has ended.
 */
#include "client/session/listing.h"

#include <stdlib.h>
#include <string.h>

#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "common/alloc.h"
#include "common/text.h"

enum {
    ROOMS_MAX = 5000, /* that are sorted; the rest is counted */
    SHOWN_MAX = 200,
    NAME_COLS_MAX = 24,
    TOPIC_MAX_BYTES = 200,
};

struct listed {
    char *name, *topic;
    unsigned long people;
};

void listing_release(struct session *s)
{
    struct listing *l = &s->listing;
    for (size_t i = 0; i < l->count; i++) {
        free(l->rooms[i].name);
        free(l->rooms[i].topic);
    }
    free(l->rooms);
    *l = (struct listing){0};
}

/* 322 me #room people :topic */
void listing_add(struct session *s, const struct incoming *in)
{
    struct listing *l = &s->listing;
    if (in->m->n_params < 3)
        return;
    if (l->count == ROOMS_MAX) {
        l->left_out++;
        return;
    }
    if (l->count == l->size) {
        l->size = l->size ? 2 * l->size : 64;
        l->rooms = xreallocarray(l->rooms, l->size, sizeof(*l->rooms));
    }
    const char *topic = irc_param_at(in->m, 3);
    l->rooms[l->count++] = (struct listed){
        .name = xstrdup(in->m->params[1]),
        .topic = xmemdup0(topic, text_cut_bytes(topic, strlen(topic), TOPIC_MAX_BYTES)),
        .people = strtoul(in->m->params[2], NULL, 10),
    };
}

/* Most people first, then by name. */
static int by_people(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    if (a->people != b->people)
        return a->people > b->people ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* A row of columns. */
static void add_row(struct str *out, const struct listed *room, size_t name_cols)
{
    size_t cols = text_width(room->name, strlen(room->name));
    str_addf(out, "%s%s%*s %4lu", out->len > 0 ? "\n" : "", room->name,
             cols < name_cols ? (int)(name_cols - cols) : 0, "", room->people);
    str_addf(out, "%s%s", *room->topic ? "  " : "", room->topic);
}

void listing_end(struct session *s, struct str *out)
{
    struct listing *l = &s->listing;
    size_t name_cols = 0;
    if (l->count > 0)
        qsort(l->rooms, l->count, sizeof(*l->rooms), by_people);
    for (size_t i = 0; i < l->count && i < SHOWN_MAX; i++) {
        size_t cols = text_width(l->rooms[i].name, strlen(l->rooms[i].name));
        name_cols = cols > name_cols && cols <= NAME_COLS_MAX ? cols : name_cols;
    }
    for (size_t i = 0; i < l->count && i < SHOWN_MAX; i++)
        add_row(out, &l->rooms[i], name_cols);
    size_t more = l->left_out + (l->count > SHOWN_MAX ? l->count - SHOWN_MAX : 0);
    if (more > 0)
        str_addf(out, "\nand %zu more, with fewer people: /list ROOM", more);
    if (l->count == 0)
        str_adds(out, "no rooms are listed");
    listing_release(s);
}
