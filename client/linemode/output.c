#include "client/linemode/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/linemode/exec.h"
#include "client/linemode/json.h"
#include "client/view/view.h"
#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"

void linemode_output_init(struct linemode_output *o, const struct model *model,
                          const struct linemode_config *config, struct linemode_exec *exec)
{
    *o = (struct linemode_output){.model = model, .config = config, .exec = exec};
}

void linemode_output_asked(struct linemode_output *o)
{
    o->asked = true;
    o->asked_behind = o->model->last_line_id;
}

void linemode_output_acting(struct linemode_output *o)
{
    if (o->noted_to <= o->shown) /* else answers still wait to be printed */
        o->noted_behind = o->model->last_line_id;
}

void linemode_output_acted(struct linemode_output *o)
{
    o->noted_to = o->model->last_line_id;
}

static FILE *stream_for(const struct linemode_output *o, const struct buffer *buffer,
                        const struct buffer_line *line)
{
    if (line->kind == LINE_ERROR)
        return stderr;
    if (line->kind == LINE_NOTE && line->id > o->noted_behind && line->id <= o->noted_to)
        return stdout;
    if (line->kind == LINE_NOTE) /* said in every buffer */
        return buffer == o->model->current ? stderr : NULL;
    if (line->own && line->kind != LINE_KICK)
        return NULL;
    return buffer->kind == BUFFER_SERVER ? NULL : stdout;
}

/* Looked at each time: what a stream that is flushed line by line could not write is forgotten by the next
 * flush. */
static void note_output(struct linemode_output *o, int result)
{
    if (result < 0 && o->error == 0)
        o->error = errno;
}

static void print_timed(struct linemode_output *o, int64_t time_ms, const char *text)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    if (localtime_r(&seconds, &tm))
        note_output(o, printf("%02d:%02d %s\n", tm.tm_hour, tm.tm_min, text));
}

/* Whether it came behind the command of --once. */
static bool is_behind_once(const struct linemode_output *o, const struct buffer_line *line)
{
    const char *once = o->config->once;
    bool asks = once && once[0] == '/' && once[1] != '/' && o->asked;
    return asks && line->id > o->asked_behind;
}

/* What answers that command, where it was typed. */
static bool is_answer(const struct linemode_output *o, const struct buffer *buffer,
                      const struct buffer_line *line)
{
    return is_behind_once(o, line) && buffer == o->model->current &&
           (line->kind == LINE_SERVER || line->kind == LINE_NOTE);
}

/* Lists have a row for each thing; the answer to the only question needs no time. */
static void print_rows(struct linemode_output *o, const struct buffer_line *line)
{
    struct str row;
    str_init(&row, (size_t)4 * LINE_TEXT_MAX_BYTES);
    for (const char *at = line->text;;) {
        size_t len = strcspn(at, "\n");
        str_reset(&row);
        text_harmless(&row, at, len);
        if (o->config->once)
            note_output(o, printf("%s\n", row.data));
        else
            print_timed(o, line->time_ms, row.data);
        if (at[len] == '\0')
            break;
        at += len + 1;
    }
    str_release(&row);
}

static void print_text(struct linemode_output *o, const struct buffer_line *line)
{
    struct str text;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    view_plain_line(NULL, line, &text);
    print_timed(o, line->time_ms, text.data);
    str_release(&text);
}

/* The name of the program sets it apart. */
static void print_remark(const struct buffer_line *line)
{
    struct str text;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    view_plain_remark(line, &text);
    fprintf(stderr, "snug: %s\n", text.data);
    str_release(&text);
}

static void print_json(struct linemode_output *o, const struct buffer *buffer,
                       const struct buffer_line *line)
{
    struct str text;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    linemode_json(buffer, line, &text);
    note_output(o, printf("%s\n", text.data));
    str_release(&text);
}

static void print_line(struct linemode_output *o, const struct buffer *buffer,
                       const struct buffer_line *line)
{
    bool answer = is_answer(o, buffer, line);
    FILE *out = o->quiet ? NULL : answer ? stdout : stream_for(o, buffer, line);
    o->refused |= line->kind == LINE_ERROR && is_behind_once(o, line);
    if (!out || (out == stdout && o->config->once && !answer))
        return;
    if (out == stderr) {
        print_remark(line);
    } else if (o->exec) {
        if (line_is_talk(line))
            linemode_exec_add(o->exec, buffer, line);
    } else if (o->config->format == LINEMODE_JSON) {
        print_json(o, buffer, line);
    } else if ((answer || line->kind == LINE_SERVER || line->kind == LINE_NOTE) && !line->nick[0]) {
        print_rows(o, line);
    } else {
        print_text(o, line);
    }
}

static void print_event(struct linemode_output *o, const struct line_event *event)
{
    const struct buffer *buffer = model_find_id(o->model, event->buffer);
    struct str text;
    if (!buffer || event->own || o->quiet || o->exec || o->config->once)
        return;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    if (o->config->format == LINEMODE_JSON) {
        linemode_json_event(buffer, event, &text);
        note_output(o, printf("%s\n", text.data));
    } else {
        view_plain_event(event, &text);
        print_timed(o, event->time_ms, text.data);
    }
    str_release(&text);
}

/* Those that were done before that line came. */
static void print_events(struct linemode_output *o, uint64_t line)
{
    const struct line_event *event;
    while ((event = line_events_next(&o->model->events, o->events)) && event->behind < line) {
        o->events = event->number;
        print_event(o, event);
    }
}

struct arrival {
    const struct buffer *buffer;
    const struct buffer_line *line;
};

static int by_id(const void *a, const void *b)
{
    uint64_t id_a = ((const struct arrival *)a)->line->id,
             id_b = ((const struct arrival *)b)->line->id;
    return (id_a > id_b) - (id_a < id_b);
}

/* The first line that may be new. Own lines stand where they were acknowledged; all others stand in
 * the order of their ids, but for those that were inserted. */
static size_t find_arrivals(const struct linemode_output *o, const struct buffer *buffer)
{
    size_t i = buffer_line_count(buffer);
    while (i > 0) {
        const struct buffer_line *line = buffer_line_at(buffer, i - 1);
        if (line->id <= o->shown && !line->own && buffer->inserted <= o->shown)
            break;
        i--;
    }
    return i;
}

static size_t collect(const struct linemode_output *o, const struct buffer *buffer,
                      struct arrival *arrivals)
{
    size_t n = 0;
    for (size_t i = find_arrivals(o, buffer); i < buffer_line_count(buffer); i++)
        if (buffer_line_at(buffer, i)->id > o->shown)
            arrivals[n++] = (struct arrival){buffer, buffer_line_at(buffer, i)};
    return n;
}

static void flush(struct linemode_output *o)
{
    note_output(o, fflush(stdout));
    if (o->error == 0 && ferror(stdout))
        o->error = EIO;
}

void linemode_output_print(struct linemode_output *o)
{
    size_t n = 0, n_new = (size_t)(o->model->last_line_id - o->shown);
    bool inserted = false;
    if (n_new == 0 && o->events == o->model->events.count)
        return;
    struct arrival *arrivals = xcalloc(n_new + 1, sizeof(*arrivals));
    for (size_t i = 0; i < o->model->buffer_count; i++) {
        n += collect(o, o->model->buffers[i], arrivals + n);
        inserted |= o->model->buffers[i]->inserted > o->shown;
    }
    if (!inserted)
        qsort(arrivals, n, sizeof(*arrivals), by_id);
    for (size_t i = 0; i < n; i++) {
        print_events(o, arrivals[i].line->id);
        print_line(o, arrivals[i].buffer, arrivals[i].line);
    }
    print_events(o, UINT64_MAX);
    free(arrivals);
    o->shown = o->model->last_line_id;
    flush(o);
}
