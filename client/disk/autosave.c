#include "client/disk/autosave.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "client/disk/journal.h"
#include "client/model/command.h"
#include "client/model/editor.h"
#include "client/model/history.h"
#include "client/model/restore.h"
#include "client/model/traffic.h"
#include "common/alloc.h"

enum { ERROR_MAX_BYTES = 4096 };

/* A buffer as it was looked at last. */
struct kept {
    uint32_t id;
    enum image_place place;
    char *name;
    uint64_t draft_changes, history_count;
};

/* Which line of the model a line of the journal is. */
struct known {
    uint64_t line, run, number;
};

struct autosave {
    struct model *model;
    struct journal *journal; /* NULL: there is none */
    char *nick;
    uint64_t run;
    struct kept *kept;
    size_t n_kept;
    struct known *known; /* lines in the journal */
    size_t n_known, known_size;
    uint64_t seen; /* of model->own_changes */
    bool full;     /* the journal took something no more */
    bool warned;   /* since it was well last */
    bool is_new;
};

static enum image_place place_of(const struct buffer *buffer)
{
    static const enum image_place places[] = {[BUFFER_SERVER] = PLACE_SERVER,
                                              [BUFFER_ROOM] = PLACE_ROOM,
                                              [BUFFER_PERSON] = PLACE_PERSON,
                                              [BUFFER_FOUND] = PLACE_FOUND};
    return places[buffer->kind];
}

/* The server is the journal's own; its buffer's name may change. */
static const char *name_of(const struct buffer *buffer)
{
    return buffer->kind == BUFFER_SERVER ? "" : buffer->name;
}

static void remember(struct autosave *a, uint64_t line, uint64_t run, uint64_t number)
{
    if (a->n_known == a->known_size) {
        a->known_size = a->known_size ? 2 * a->known_size : 16;
        a->known = xreallocarray(a->known, a->known_size, sizeof(a->known[0]));
    }
    a->known[a->n_known++] = (struct known){line, run, number};
}

static struct known *find_known(struct autosave *a, uint64_t line)
{
    for (size_t i = 0; i < a->n_known; i++)
        if (a->known[i].line == line)
            return &a->known[i];
    return NULL;
}

static void forget(struct autosave *a, uint64_t line)
{
    struct known *known = find_known(a, line);
    if (!known)
        return;
    journal_line_done(a->journal, known->run, known->number);
    size_t i = (size_t)(known - a->known);
    a->n_known--;
    memmove(known, known + 1, (a->n_known - i) * sizeof(*known));
}

static void keep_line(struct autosave *a, const struct buffer *buffer,
                      const struct buffer_line *line)
{
    struct image_line image = {
        .run = line->more->origin.run ? line->more->origin.run : a->run,
        .number = line->more->origin.number,
        .time_ms = line->time_ms,
        .action = line->kind == LINE_ACTION,
        .sent = line->sent,
        .unsure = line->state == LINE_UNSURE,
        .place = place_of(buffer),
        .nick = a->nick,
        .target = buffer->name,
        .text = (char *)line_typed(line), /* copied by the journal */
        .reply_to = line->more->reply_to,
    };
    if (!journal_line(a->journal, &image))
        a->full = true;
    else if (!find_known(a, line->id))
        remember(a, line->id, image.run, image.number);
}

/* Acknowledged and refused lines are done with; one that is gone was dropped. */
static void note_line(struct autosave *a, uint64_t id)
{
    for (size_t i = 0; i < a->model->buffer_count; i++) {
        const struct buffer *buffer = a->model->buffers[i];
        ptrdiff_t index = buffer_line_index(buffer, id);
        if (index < 0)
            continue;
        const struct buffer_line *line = buffer_line_at(buffer, (size_t)index);
        if (line->state == LINE_PENDING || line->state == LINE_UNSURE)
            keep_line(a, buffer, line);
        else
            forget(a, id);
        return;
    }
    forget(a, id);
}

static void note_lines(struct autosave *a)
{
    const struct own_changes *changes = &a->model->own_changes;
    uint64_t n_new = changes->count - a->seen;
    assert(n_new <= changes->lines.len);
    for (size_t i = changes->lines.len - (size_t)n_new; i < changes->lines.len; i++)
        note_line(a, *(const uint64_t *)ring_at(&changes->lines, i));
    a->seen = changes->count;
}

static void note_draft(struct autosave *a, struct kept *kept, const struct buffer *buffer)
{
    kept->draft_changes = editor_changes(buffer->draft);
    const char *text = editor_text(buffer->draft, NULL);
    bool secret = text[0] == '/' && command_is_secret(text + 1);
    struct image_draft draft = {
        .place = kept->place,
        .name = kept->name,
        .text = (char *)(secret ? "" : text), /* copied by the journal */
        .cursor = secret ? 0 : editor_cursor(buffer->draft),
    };
    a->full |= !journal_draft(a->journal, &draft);
}

static void note_history(struct autosave *a, struct kept *kept, const struct buffer *buffer)
{
    uint64_t count = history_count(buffer->history);
    for (uint64_t back = count - kept->history_count; back-- > 0;) {
        const char *text = history_at(buffer->history, (size_t)back);
        struct image_entry entry = {kept->place, kept->name, (char *)text};
        if (text)
            journal_entry(a->journal, &entry);
    }
    kept->history_count = count;
}

static void drop_draft(struct autosave *a, const struct kept *kept)
{
    struct image_draft draft = {.place = kept->place, .name = kept->name, .text = (char *)""};
    journal_draft(a->journal, &draft);
}

/* Looks at a buffer for the first time: what was entered in it before comes back. */
static struct kept begin(struct autosave *a, struct buffer *buffer)
{
    struct kept kept = {
        .id = buffer->id, .place = place_of(buffer), .name = xstrdup(name_of(buffer))};
    const struct ring *entries = &journal_image(a->journal)->entries;
    for (size_t i = 0; i < entries->len; i++) {
        const struct image_entry *entry = ring_at(entries, i);
        if (entry->place == kept.place && !strcmp(entry->name, kept.name))
            restore_history(buffer, entry->text, strlen(entry->text));
    }
    kept.history_count = history_count(buffer->history);
    return kept;
}

/* Buffers that were given other names take their drafts along; all let go of the old names first, one
 * of which may be the new name of another. */
static void note_renamed(struct autosave *a)
{
    for (size_t i = 0; i < a->n_kept; i++)
        if (strcmp(a->kept[i].name, name_of(a->model->buffers[i])) != 0)
            drop_draft(a, &a->kept[i]);
    for (size_t i = 0; i < a->n_kept; i++) {
        struct kept *kept = &a->kept[i];
        const struct buffer *buffer = a->model->buffers[i];
        if (strcmp(kept->name, name_of(buffer)) == 0)
            continue;
        free(kept->name);
        kept->name = xstrdup(name_of(buffer));
        note_draft(a, kept, buffer);
    }
}

/* Buffers that were closed are forgotten, with their drafts: those kept and those of the model stand
 * in one order, the one in which they were opened. */
static void note_closed(struct autosave *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n_kept; i++) {
        if (n < a->model->buffer_count && a->model->buffers[n]->id == a->kept[i].id) {
            a->kept[n++] = a->kept[i];
        } else {
            drop_draft(a, &a->kept[i]);
            free(a->kept[i].name);
        }
    }
    a->n_kept = n;
}

static void note_buffers(struct autosave *a)
{
    note_closed(a);
    note_renamed(a);
    for (size_t i = 0; i < a->model->buffer_count; i++) {
        struct buffer *buffer = a->model->buffers[i];
        if (i == a->n_kept)
            a->kept[a->n_kept++] = begin(a, buffer);
        struct kept *kept = &a->kept[i];
        if (kept->draft_changes != editor_changes(buffer->draft))
            note_draft(a, kept, buffer);
        if (kept->history_count != history_count(buffer->history))
            note_history(a, kept, buffer);
    }
}

static enum buffer_kind kind_of(enum image_place place)
{
    return place == PLACE_ROOM ? BUFFER_ROOM : place == PLACE_FOUND ? BUFFER_FOUND : BUFFER_PERSON;
}

/* A room that something waits in is entered again. */
static struct buffer *open_place(struct autosave *a, enum image_place place, const char *name)
{
    if (place == PLACE_SERVER)
        return a->model->buffers[0];
    struct buffer *buffer = model_find(a->model, name);
    if (buffer)
        return buffer;
    buffer = model_open(a->model, kind_of(place), name);
    if (place == PLACE_ROOM && buffer->kind == BUFFER_ROOM)
        (void)model_intend(a->model, INTENT_JOIN, 0, name, NULL); /* else the user will enter it */
    return buffer;
}

static void restore(struct autosave *a)
{
    const struct image *image = journal_image(a->journal);
    for (size_t i = 0; i < image->n_drafts; i++) {
        const struct image_draft *draft = image->drafts[i];
        struct buffer *buffer = open_place(a, draft->place, draft->name);
        restore_draft(buffer, draft->text, strlen(draft->text), draft->cursor);
    }
    for (size_t i = 0; i < image->n_lines; i++)
        open_place(a, image->lines[i]->place, image->lines[i]->target);
    for (size_t i = 0; i < image->n_lines; i++) {
        const struct image_line *line = image->lines[i];
        struct restored_line restored = {
            .origin = {line->run, line->number},
            .time_ms = line->time_ms,
            .nick = line->nick,
            .text = line->text,
            .reply_to = *line->reply_to ? line->reply_to : NULL,
            .action = line->action,
            .sent = line->sent,
            .unsure = line->unsure || strcmp(line->nick, a->nick) != 0,
        };
        struct buffer *buffer = open_place(a, line->place, line->target);
        remember(a, restore_line(a->model, buffer, &restored), line->run, line->number);
    }
}

/* What the status line says of it. */
static void set_warned(struct autosave *a, bool warned)
{
    if (a->warned == warned)
        return;
    a->warned = a->model->unkept = warned;
    a->model->changes.by_traffic++;
}

/* Says it where it is seen, once until all is well again. */
static void warn(struct autosave *a, int64_t now_ms, const char *why)
{
    static const char what[] = "what you type would not survive a crash";
    if (a->warned)
        return;
    model_note(a->model, a->model->current, now_ms, "%s: %s", what, why);
    model_hint(a->model, "%s: %.300s", what, why);
    set_warned(a, true);
}

static bool holds_nothing(const struct image *image)
{
    return image->n_lines == 0 && image->n_drafts == 0 && image->entries.len == 0;
}

struct autosave *autosave_new(struct model *model, const struct autosave_config *config,
                              int64_t now_ms)
{
    struct autosave *a = xcalloc(1, sizeof(*a));
    struct str error;
    str_init(&error, ERROR_MAX_BYTES);
    a->model = model;
    a->nick = xstrdup(config->nick);
    a->run = config->run;
    a->kept = xcalloc(BUFFERS_MAX, sizeof(a->kept[0]));
    if (config->directory)
        a->journal = journal_open(config->directory, config->server, &error);
    else
        str_adds(&error, config->why_not);
    if (a->journal) {
        a->is_new = holds_nothing(journal_image(a->journal));
        restore(a);
    } else {
        warn(a, now_ms, error.data);
    }
    str_release(&error);
    autosave_note(a);
    return a;
}

void autosave_free(struct autosave *autosave)
{
    if (!autosave)
        return;
    for (size_t i = 0; i < autosave->n_kept; i++)
        free(autosave->kept[i].name);
    journal_close(autosave->journal);
    free(autosave->kept);
    free(autosave->known);
    free(autosave->nick);
    free(autosave);
}

bool autosave_is_new(const struct autosave *autosave)
{
    return autosave->is_new;
}

void autosave_note(struct autosave *autosave)
{
    if (!autosave->journal)
        return;
    note_lines(autosave);
    note_buffers(autosave);
}

void autosave_write(struct autosave *autosave, int64_t now_ms)
{
    if (!autosave->journal)
        return;
    bool written = journal_write(autosave->journal, now_ms);
    if (!written)
        warn(autosave, now_ms, journal_error(autosave->journal));
    else if (autosave->full)
        warn(autosave, now_ms, "too much is waiting to be sent");
    else
        set_warned(autosave, false);
    autosave->full = false;
}

void autosave_sync(struct autosave *autosave, int64_t now_ms)
{
    if (autosave->journal && !journal_sync(autosave->journal, now_ms))
        warn(autosave, now_ms, journal_error(autosave->journal));
}
