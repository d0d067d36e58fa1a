#include "client/disk/journal_image.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/table.h"

enum {
    SUM_DIGITS = 16,
    FIELDS_MAX = 10,
};

/* Against torn and rotten bytes, not against anybody: the key is no secret. */
static uint64_t sum_of(const char *bytes, size_t len)
{
    return table_siphash(0x736e7567, 0x6a6f7572, bytes, len);
}

void image_init(struct image *image)
{
    memset(image, 0, sizeof(*image));
    ring_init(&image->entries, sizeof(struct image_entry), IMAGE_ENTRIES_MAX);
}

static void free_line(struct image_line *line)
{
    free(line->nick);
    free(line->target);
    free(line->text);
    free(line->reply_to);
    free(line);
}

static void free_draft(struct image_draft *draft)
{
    free(draft->name);
    free(draft->text);
    free(draft);
}

static void forget_oldest_entry(struct image *image)
{
    struct image_entry entry;
    if (!ring_pop_front(&image->entries, &entry))
        return;
    image->entry_bytes -= strlen(entry.text);
    free(entry.name);
    free(entry.text);
}

void image_release(struct image *image)
{
    for (size_t i = 0; i < image->n_lines; i++)
        free_line(image->lines[i]);
    for (size_t i = 0; i < image->n_drafts; i++)
        free_draft(image->drafts[i]);
    while (image->entries.len > 0)
        forget_oldest_entry(image);
    ring_release(&image->entries);
    free(image->lines);
    free(image->drafts);
    memset(image, 0, sizeof(*image));
}

/* Text between tabs and in one line. */
static void add_text(struct str *out, const char *text)
{
    static const char bytes[] = "\\\t\n\r", letters[] = "\\tnr";
    for (; *text; text++) {
        const char *found = strchr(bytes, *text);
        if (found)
            str_addc(out, '\\');
        str_addc(out, found ? letters[found - bytes] : *text);
    }
}

/* Appends a record: the fields as worded, then texts, NULL-ended, with tabs between them. */
static void add_record(struct str *out, const char *fields, ...)
{
    if (!out)
        return;
    struct str body;
    str_init(&body, out->max);
    str_adds(&body, fields);
    va_list texts;
    va_start(texts, fields);
    for (const char *text; (text = va_arg(texts, const char *));) {
        str_addc(&body, '\t');
        add_text(&body, text);
    }
    va_end(texts);
    str_addf(out, "%016" PRIx64 "\t", sum_of(body.data, body.len));
    str_add(out, body.data, body.len);
    str_addc(out, '\n');
    str_release(&body);
}

static void write_line(struct str *out, const struct image_line *line)
{
    char fields[120];
    snprintf(fields, sizeof(fields), "line\t%" PRIx64 "\t%" PRIx64 "\t%" PRId64 "\t%c%s%s%s",
             line->run, line->number, line->time_ms, line->place, line->action ? "a" : "",
             line->sent ? "s" : "", line->unsure ? "u" : "");
    const char *reply_to = line->reply_to && *line->reply_to ? line->reply_to : NULL;
    add_record(out, fields, line->nick, line->target, line->text, reply_to, NULL);
}

static void write_draft(struct str *out, const struct image_draft *draft)
{
    char fields[60];
    snprintf(fields, sizeof(fields), "draft\t%c\t%zu", draft->place, draft->cursor);
    add_record(out, fields, draft->name, draft->text, NULL);
}

static void write_entry(struct str *out, const struct image_entry *entry)
{
    char fields[20];
    snprintf(fields, sizeof(fields), "entry\t%c", entry->place);
    add_record(out, fields, entry->name, entry->text, NULL);
}

static size_t find_line(const struct image *image, uint64_t run, uint64_t number)
{
    size_t i = 0;
    while (i < image->n_lines && (image->lines[i]->run != run || image->lines[i]->number != number))
        i++;
    return i;
}

static void *grow(void *list, size_t len, size_t *size)
{
    if (len < *size)
        return list;
    *size = *size ? 2 * *size : 16;
    return xreallocarray(list, *size, sizeof(void *));
}

bool image_line(struct image *image, const struct image_line *line, struct str *out)
{
    size_t i = find_line(image, line->run, line->number), len = strlen(line->text);
    size_t old_len = i < image->n_lines ? strlen(image->lines[i]->text) : 0;
    bool fits = i < image->n_lines || image->n_lines < IMAGE_LINES_MAX;
    if (!fits || image->bytes - old_len + len > IMAGE_MAX_BYTES)
        return false;
    struct image_line *copy = xcalloc(1, sizeof(*copy));
    *copy = *line;
    copy->nick = xstrdup(line->nick);
    copy->target = xstrdup(line->target);
    copy->text = xstrdup(line->text);
    copy->reply_to = xstrdup(line->reply_to ? line->reply_to : "");
    image->lines = grow(image->lines, image->n_lines, &image->lines_size);
    if (i < image->n_lines)
        free_line(image->lines[i]);
    else
        image->n_lines++;
    image->lines[i] = copy;
    image->bytes += len - old_len;
    write_line(out, copy);
    return true;
}

void image_line_done(struct image *image, uint64_t run, uint64_t number, struct str *out)
{
    size_t i = find_line(image, run, number);
    if (i == image->n_lines)
        return;
    image->bytes -= strlen(image->lines[i]->text);
    free_line(image->lines[i]);
    image->n_lines--;
    memmove(&image->lines[i], &image->lines[i + 1], (image->n_lines - i) * sizeof(image->lines[0]));
    char fields[60];
    snprintf(fields, sizeof(fields), "done\t%" PRIx64 "\t%" PRIx64, run, number);
    add_record(out, fields, NULL);
}

static size_t find_draft(const struct image *image, enum image_place place, const char *name)
{
    size_t i = 0;
    while (i < image->n_drafts &&
           (image->drafts[i]->place != place || strcmp(image->drafts[i]->name, name) != 0))
        i++;
    return i;
}

const struct image_draft *image_find_draft(const struct image *image, enum image_place place,
                                           const char *name)
{
    size_t i = find_draft(image, place, name);
    return i < image->n_drafts ? image->drafts[i] : NULL;
}

static void forget_draft(struct image *image, size_t i)
{
    image->bytes -= strlen(image->drafts[i]->text);
    free_draft(image->drafts[i]);
    image->drafts[i] = image->drafts[--image->n_drafts];
}

static bool same_draft(const struct image_draft *a, const struct image_draft *b)
{
    return a->cursor == b->cursor && !strcmp(a->text, b->text);
}

bool image_draft(struct image *image, const struct image_draft *draft, struct str *out)
{
    size_t i = find_draft(image, draft->place, draft->name), len = strlen(draft->text);
    bool known = i < image->n_drafts;
    size_t old_len = known ? strlen(image->drafts[i]->text) : 0;
    if (known ? same_draft(image->drafts[i], draft) : len == 0)
        return true;
    if ((!known && image->n_drafts == IMAGE_DRAFTS_MAX) ||
        image->bytes - old_len + len > IMAGE_MAX_BYTES)
        return false;
    if (known)
        forget_draft(image, i);
    if (len > 0) {
        struct image_draft *copy = xcalloc(1, sizeof(*copy));
        *copy = *draft;
        copy->name = xstrdup(draft->name);
        copy->text = xstrdup(draft->text);
        image->drafts = grow(image->drafts, image->n_drafts, &image->drafts_size);
        image->drafts[image->n_drafts++] = copy;
        image->bytes += len;
    }
    write_draft(out, draft);
    return true;
}

void image_entry(struct image *image, const struct image_entry *entry, struct str *out)
{
    struct image_entry copy = {entry->place, xstrdup(entry->name), xstrdup(entry->text)};
    if (ring_full(&image->entries))
        forget_oldest_entry(image);
    ring_push(&image->entries, &copy, NULL);
    image->entry_bytes += strlen(copy.text);
    while (image->entry_bytes > IMAGE_ENTRIES_MAX_BYTES && image->entries.len > 1)
        forget_oldest_entry(image);
    write_entry(out, entry);
}

/* Takes the escapes out of a field, in place. */
static void unescape(char *text)
{
    static const char bytes[] = "\\\t\n\r", letters[] = "\\tnr";
    char *to = text;
    for (; *text; text++) {
        const char *found = *text == '\\' && text[1] ? strchr(letters, text[1]) : NULL;
        if (found)
            text++;
        *to++ = found ? bytes[found - letters] : *text;
    }
    *to = '\0';
}

/* A record taken apart. */
struct fields {
    char *list[FIELDS_MAX];
    int count;
};

static bool place_of(const char *text, enum image_place *place)
{
    *place = (enum image_place) * text;
    return *text && strchr("srpf", *text);
}

static bool read_line(struct image *image, const struct fields *f)
{
    struct image_line line = {
        .run = strtoull(f->list[1], NULL, 16),
        .number = strtoull(f->list[2], NULL, 16),
        .time_ms = strtoll(f->list[3], NULL, 10),
        .action = strchr(f->list[4], 'a') != NULL,
        .sent = strchr(f->list[4] + 1, 's') != NULL, /* behind the place, which may be 's' */
        .unsure = strchr(f->list[4], 'u') != NULL,
        .nick = f->list[5],
        .target = f->list[6],
        .text = f->list[7],
        .reply_to = f->count > 8 ? f->list[8] : NULL,
    };
    return place_of(f->list[4], &line.place) && image_line(image, &line, NULL);
}

static bool read_done(struct image *image, const struct fields *f)
{
    image_line_done(image, strtoull(f->list[1], NULL, 16), strtoull(f->list[2], NULL, 16), NULL);
    return true;
}

static bool read_draft(struct image *image, const struct fields *f)
{
    struct image_draft draft = {
        .cursor = strtoull(f->list[2], NULL, 10), .name = f->list[3], .text = f->list[4]};
    return place_of(f->list[1], &draft.place) && image_draft(image, &draft, NULL);
}

static bool read_entry(struct image *image, const struct fields *f)
{
    struct image_entry entry = {.name = f->list[2], .text = f->list[3]};
    if (!place_of(f->list[1], &entry.place))
        return false;
    image_entry(image, &entry, NULL);
    return true;
}

static const struct {
    const char *type;
    int n_fields;
    bool (*read)(struct image *image, const struct fields *f);
} records[] = {
    {"line", 8, read_line}, {"line", 9, read_line}, /* it answers something */
    {"done", 3, read_done}, {"draft", 5, read_draft}, {"entry", 4, read_entry},
};

static void split(char *text, struct fields *f)
{
    for (char *field; f->count < FIELDS_MAX && (field = strsep(&text, "\t"));) {
        unescape(field);
        f->list[f->count++] = field;
    }
}

bool image_read(struct image *image, char *record, size_t len)
{
    struct fields f = {.count = 0};
    char *body = record + SUM_DIGITS + 1, *end;
    if (len <= SUM_DIGITS + 1 || memchr(record, '\0', len) || record[SUM_DIGITS] != '\t')
        return false;
    if (strtoull(record, &end, 16) != sum_of(body, len - SUM_DIGITS - 1) ||
        end != record + SUM_DIGITS)
        return false;
    split(body, &f);
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        if (!strcmp(records[i].type, f.list[0]) && records[i].n_fields == f.count)
            return records[i].read(image, &f);
    return false;
}

void image_write(const struct image *image, struct str *out)
{
    for (size_t i = 0; i < image->entries.len; i++)
        write_entry(out, ring_at(&image->entries, i));
    for (size_t i = 0; i < image->n_drafts; i++)
        write_draft(out, image->drafts[i]);
    for (size_t i = 0; i < image->n_lines; i++)
        write_line(out, image->lines[i]);
}
