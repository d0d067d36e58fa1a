/*
 * Input is acted on as if it were typed: each line is pasted into the editor and entered, so that
 * commands, their refusals and what "//" means are the same with and without a terminal.
 */
#include "client/linemode/linemode.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/clock.h"
#include "client/linemode/exec.h"
#include "client/linemode/input.h"
#include "client/linemode/json.h"
#include "client/model/editor.h"
#include "client/model/traffic.h"
#include "client/net/must.h"
#include "client/view/view.h"
#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"
#include "common/text.h"

#define LEAVE_MS 2000
#define MAX_AHEAD 32 /* lines taken from the input that the server has not acknowledged */

struct linemode {
    uv_loop_t loop;
    const struct clock *clock;
    const char *host, *port;
    const struct linemode_config *config;
    struct linemode_exec *exec; /* NULL: none */
    bool said_once;
    uint64_t said_behind; /* the newest line by then: what --once brought about is newer */
    struct model *model;
    struct session *session;
    struct uplink *uplink;
    struct linemode_input *input; /* NULL: none is read */
    uv_timer_t leave_timer;
    uv_signal_t interrupt, terminate;
    uint64_t shown;  /* lines of the model up to this id were looked at */
    uint64_t events; /* events up to this number */
    size_t refused;  /* lines of the input that could not even be tried */
    bool was_online, leaving;
    int output_error; /* errno of what could not be printed; 0: all could */
    int status;
};

static int64_t now_ms(const struct linemode *l)
{
    return clock_now_ms(l->clock);
}

static void on_leave_timeout(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

/* Says good-bye, if there is anybody to say it to. */
static void leave(struct linemode *l, int status)
{
    if (l->leaving)
        return;
    l->leaving = true;
    l->status = status;
    linemode_input_pause(l->input);
    uplink_retire(l->uplink);
    if (!session_is_online(l->session) || !model_intend(l->model, INTENT_QUIT, 0, NULL, NULL)) {
        uv_stop(&l->loop);
        return;
    }
    uv_timer_start(&l->leave_timer, on_leave_timeout, LEAVE_MS, 0);
    uplink_step(l->uplink);
}

static void leave_having_failed(struct linemode *l)
{
    size_t n_lost = session_undelivered(l->session) + l->refused + traffic_pending(l->model);
    if (n_lost > 0)
        fprintf(stderr, "snug: %zu %s not delivered to %s\n", n_lost,
                n_lost == 1 ? "line was" : "lines were", l->host);
    leave(l, n_lost > 0);
}

/* What others said and did goes to standard output, refusals and notes to standard error. */
static FILE *stream_for(const struct linemode *l, const struct buffer *buffer,
                        const struct buffer_line *line)
{
    if (line->kind == LINE_ERROR)
        return stderr;
    if (line->kind == LINE_NOTE) /* said in every buffer */
        return buffer == l->model->current ? stderr : NULL;
    if (line->own && line->kind != LINE_KICK)
        return NULL;
    return buffer->kind == BUFFER_SERVER ? NULL : stdout;
}

/* Looked at each time: what a stream that is flushed line by line could not write is forgotten by the next
 * flush. */
static void note_output(struct linemode *l, int result)
{
    if (result < 0 && l->output_error == 0)
        l->output_error = errno;
}

static void print_timed(struct linemode *l, int64_t time_ms, const char *text)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    if (localtime_r(&seconds, &tm))
        note_output(l, printf("%02d:%02d %s\n", tm.tm_hour, tm.tm_min, text));
}

/* What answers the command of --once, where it was typed. */
static bool is_answer(const struct linemode *l, const struct buffer *buffer,
                      const struct buffer_line *line)
{
    const char *once = l->config->once;
    bool asks = once && once[0] == '/' && once[1] != '/' && l->said_once;
    return asks && buffer == l->model->current && line->id > l->said_behind &&
           (line->kind == LINE_SERVER || line->kind == LINE_NOTE);
}

/* Lists have a row for each thing; the answer to the only question needs no time. */
static void print_rows(struct linemode *l, const struct buffer_line *line)
{
    struct str row;
    str_init(&row, (size_t)4 * LINE_TEXT_MAX_BYTES);
    for (const char *at = line->text;;) {
        size_t len = strcspn(at, "\n");
        str_reset(&row);
        text_harmless(&row, at, len);
        if (l->config->once)
            note_output(l, printf("%s\n", row.data));
        else
            print_timed(l, line->time_ms, row.data);
        if (at[len] == '\0')
            break;
        at += len + 1;
    }
    str_release(&row);
}

static void print_text(struct linemode *l, const struct buffer_line *line)
{
    struct str text;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    view_plain_line(NULL, line, &text);
    print_timed(l, line->time_ms, text.data);
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

static void print_json(struct linemode *l, const struct buffer *buffer,
                       const struct buffer_line *line)
{
    struct str text;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    linemode_json(buffer, line, &text);
    note_output(l, printf("%s\n", text.data));
    str_release(&text);
}

static void print_line(struct linemode *l, const struct buffer *buffer,
                       const struct buffer_line *line)
{
    bool answer = is_answer(l, buffer, line);
    FILE *out = l->leaving ? NULL : answer ? stdout : stream_for(l, buffer, line);
    if (!out || (out == stdout && l->config->once && !answer))
        return;
    if (out == stderr) {
        print_remark(line);
    } else if (l->exec) {
        if (line_is_talk(line))
            linemode_exec_add(l->exec, buffer, line);
    } else if (l->config->format == LINEMODE_JSON) {
        print_json(l, buffer, line);
    } else if ((answer || line->kind == LINE_SERVER) && !line->nick[0]) {
        print_rows(l, line);
    } else {
        print_text(l, line);
    }
}

static void print_event(struct linemode *l, const struct line_event *event)
{
    const struct buffer *buffer = model_find_id(l->model, event->buffer);
    struct str text;
    if (!buffer || event->own || l->leaving || l->exec || l->config->once)
        return;
    str_init(&text, (size_t)8 * LINE_TEXT_MAX_BYTES);
    if (l->config->format == LINEMODE_JSON) {
        linemode_json_event(buffer, event, &text);
        note_output(l, printf("%s\n", text.data));
    } else {
        view_plain_event(event, &text);
        print_timed(l, event->time_ms, text.data);
    }
    str_release(&text);
}

/* Those that were done before that line came. */
static void print_events(struct linemode *l, uint64_t line)
{
    const struct line_event *event;
    while ((event = line_events_next(&l->model->events, l->events)) && event->behind < line) {
        l->events = event->number;
        print_event(l, event);
    }
}

struct news {
    const struct buffer *buffer;
    const struct buffer_line *line;
};

static int by_id(const void *a, const void *b)
{
    uint64_t id_a = ((const struct news *)a)->line->id, id_b = ((const struct news *)b)->line->id;
    return (id_a > id_b) - (id_a < id_b);
}

/* The first line that may be new. Own lines stand where they were acknowledged; all others stand in
 * the order of their ids, but for those that were inserted. */
static size_t find_news(const struct linemode *l, const struct buffer *buffer)
{
    size_t i = buffer_line_count(buffer);
    while (i > 0) {
        const struct buffer_line *line = buffer_line_at(buffer, i - 1);
        if (line->id <= l->shown && !line->own && buffer->inserted <= l->shown)
            break;
        i--;
    }
    return i;
}

static size_t collect(const struct linemode *l, const struct buffer *buffer, struct news *news)
{
    size_t n = 0;
    for (size_t i = find_news(l, buffer); i < buffer_line_count(buffer); i++)
        if (buffer_line_at(buffer, i)->id > l->shown)
            news[n++] = (struct news){buffer, buffer_line_at(buffer, i)};
    return n;
}

/* Nobody reads it any more, or there is no room for it: it leaves, and says so once. */
static void flush_output(struct linemode *l)
{
    note_output(l, fflush(stdout));
    if (l->output_error == 0 && ferror(stdout))
        l->output_error = EIO;
    if (l->output_error == 0 || l->leaving)
        return;
    fprintf(stderr, "snug: cannot write to standard output: %s\n", strerror(l->output_error));
    leave_having_failed(l);
    l->status = 1;
}

/* Prints what came since the last time: in its order, whatever buffers it is in, or, where lines were
 * inserted, buffer by buffer. What is printed stays, so lines wait for those that belong before. */
static void print_news(struct linemode *l)
{
    size_t n = 0, n_new = (size_t)(l->model->last_line_id - l->shown);
    bool inserted = false;
    bool any = n_new > 0 || l->events < l->model->events.count;
    if (!any || session_is_catching_up(l->session))
        return;
    struct news *news = xcalloc(n_new + 1, sizeof(*news));
    for (size_t i = 0; i < l->model->buffer_count; i++) {
        n += collect(l, l->model->buffers[i], news + n);
        inserted |= l->model->buffers[i]->inserted > l->shown;
    }
    if (!inserted)
        qsort(news, n, sizeof(*news), by_id);
    for (size_t i = 0; i < n; i++) {
        print_events(l, news[i].line->id);
        print_line(l, news[i].buffer, news[i].line);
    }
    print_events(l, UINT64_MAX);
    free(news);
    l->shown = l->model->last_line_id;
    flush_output(l);
}

/* Does what typing the line would do; the line is never longer than the editor takes. */
static void enter_line(struct linemode *l, const char *text, size_t len)
{
    const struct key paste = {.press = PRESS_PASTE, .text = text, .len = len};
    const struct key enter = {.press = PRESS_ENTER};
    struct editor *draft = l->model->current->draft;
    model_key(l->model, now_ms(l), &paste);
    model_key(l->model, now_ms(l), &enter);
    if (l->model->current->draft != draft || editor_empty(draft))
        return;
    fprintf(stderr, "snug: %s\n", l->model->hint.data);
    l->refused++;
    editor_replace(draft, 0, strlen(editor_text(draft, NULL)), "", 0);
}

static void act_on_effects(struct linemode *l)
{
    unsigned effects = model_take_effects(l->model);
    if (effects & EFFECT_SAVE) {
        fprintf(stderr, "snug: /save belongs to the full screen: nothing was saved\n");
        l->refused++;
    }
    if (effects & EFFECT_RETRY)
        uplink_connect(l->uplink);
    if (effects & EFFECT_LEAVE)
        leave_having_failed(l);
}

/* The next line to say. */
static enum linemode_input_result next_line(struct linemode *l, const char **text, size_t *len)
{
    if (!l->config->once)
        return linemode_input_next(l->input, text, len);
    if (l->said_once)
        return INPUT_END;
    l->said_once = true;
    l->said_behind = l->model->last_line_id;
    *text = l->config->once;
    *len = strlen(*text);
    return INPUT_LINE;
}

/* A command that hears goes on hearing when there is no more to say. */
static bool is_all_said(const struct linemode *l)
{
    if (l->config->once)
        return l->said_once;
    return !l->exec && linemode_input_ended(l->input);
}

/* Commands that ask nobody have answered by now, and nothing else may come that prints it. */
static void leave_if_done(struct linemode *l)
{
    bool waits = l->config->once && session_is_catching_up(l->session);
    if (waits || !is_all_said(l) || !session_is_settled(l->session) ||
        traffic_pending(l->model) > 0)
        return;
    print_news(l);
    if (!l->leaving)
        leave_having_failed(l);
}

/* Takes lines of the input as long as there is room for them. */
static void pump(struct linemode *l)
{
    const char *text;
    size_t len;
    while (!l->leaving && session_is_online(l->session) && traffic_pending(l->model) < MAX_AHEAD &&
           l->model->intents.len < MAX_AHEAD) {
        enum linemode_input_result result = next_line(l, &text, &len);
        if (result == INPUT_LINE) {
            enter_line(l, text, len);
            act_on_effects(l);
        } else if (result == INPUT_BAD_LINE) {
            fprintf(stderr, "snug: a line of the input is too long, or holds a NUL\n");
            l->refused++;
        } else {
            if (result == INPUT_END)
                leave_if_done(l);
            return;
        }
        if (!l->leaving)
            uplink_step(l->uplink);
    }
}

static void on_input(void *owner)
{
    pump(owner);
}

static void on_changed(void *owner)
{
    struct linemode *l = owner;
    print_news(l);
    l->was_online |= session_is_online(l->session);
    if (l->leaving && !uplink_is_up(l->uplink))
        uv_stop(&l->loop);
    else if (!l->leaving)
        pump(l);
}

/* Without input to come, and without anybody to talk to at all, there is nothing to wait for. */
static void on_lost(void *owner, const char *why)
{
    struct linemode *l = owner;
    if (l->leaving)
        return;
    if (!l->was_online) {
        struct str words;
        str_init(&words, LINE_TEXT_MAX_BYTES);
        text_harmless(&words, why, strlen(why)); /* they may be the server's */
        leave(l, 1);
        fprintf(stderr, "snug: not connected to %s port %s: %s\n", l->host, l->port, words.data);
        str_release(&words);
    } else if (is_all_said(l)) {
        leave_having_failed(l);
    }
}

static const struct uplink_events uplink_events = {on_changed, on_lost, NULL};

static void on_signal(uv_signal_t *handle, int number)
{
    struct linemode *l = handle->data;
    if (l->leaving) { /* whoever asks twice is not kept waiting */
        uv_stop(&l->loop);
        return;
    }
    leave_having_failed(l);
    l->status = l->status ? l->status : 128 + number;
}

static void start_handles(struct linemode *l)
{
    must(uv_timer_init(&l->loop, &l->leave_timer), "uv_timer_init");
    must(uv_signal_init(&l->loop, &l->interrupt), "uv_signal_init");
    must(uv_signal_init(&l->loop, &l->terminate), "uv_signal_init");
    l->leave_timer.data = l->interrupt.data = l->terminate.data = l;
    uv_signal_start(&l->interrupt, on_signal, SIGINT);
    uv_signal_start(&l->terminate, on_signal, SIGTERM);
}

int linemode_run(const struct uplink_config *uplink, const struct session_config *session,
                 const struct linemode_config *config)
{
    struct linemode l = {
        .clock = uplink->clock, .host = uplink->host, .port = uplink->port, .config = config};
    must(uv_loop_init(&l.loop), "uv_loop_init");
    l.exec = config->exec ? linemode_exec_new(&l.loop, config->exec) : NULL;
    l.model = model_new(uplink->host, session->nick, NULL);
    l.model->focused = false; /* what is printed is not read, as far as anybody knows */
    settings_copy(&l.model->settings, config->settings);
    l.session = session_new(l.model, session);
    l.uplink = uplink_new(&l.loop, l.model, l.session, uplink, &uplink_events, &l);
    if (!config->once)
        l.input = linemode_input_new(&l.loop, STDIN_FILENO, on_input, &l);
    start_handles(&l);
    uplink_connect(l.uplink);
    uv_run(&l.loop, UV_RUN_DEFAULT);
    linemode_exec_end(l.exec);
    uplink_free(l.uplink);
    linemode_input_free(l.input);
    uplink_close_loop(&l.loop, l.status);
    linemode_exec_free(l.exec);
    session_free(l.session);
    model_free(l.model);
    return l.status;
}
