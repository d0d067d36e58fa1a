/*
 * Input is acted on as if it were typed: each line is pasted into the editor and entered, so that
 * commands, their refusals and what "//" means are the same with and without a terminal.
 */
#include "client/linemode/linemode.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/clock.h"
#include "client/linemode/exec.h"
#include "client/linemode/input.h"
#include "client/linemode/output.h"
#include "client/model/editor.h"
#include "client/model/traffic.h"
#include "client/net/must.h"
#include "common/str.h"
#include "common/text.h"

#define LEAVE_MS 2000
#define MAX_AHEAD 32 /* lines taken from the input that the server has not acknowledged */

struct linemode {
    uv_loop_t loop;
    const struct clock *clock;
    const char *host, *port;
    const struct linemode_config *config;
    struct linemode_exec *exec; /* NULL: none */
    struct linemode_output output;
    struct model *model;
    struct session *session;
    struct uplink *uplink;
    struct linemode_input *input; /* NULL: none is read */
    uv_timer_t leave_timer;
    uv_signal_t interrupt, terminate;
    size_t refused; /* lines of the input that could not even be tried */
    bool was_online, leaving;
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
    l->leaving = l->output.quiet = true;
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
    /* A command that hears needs none. */
    int error = l->exec ? 0 : linemode_input_error(l->input);
    if (error != 0)
        fprintf(stderr, "snug: cannot read standard input: %s\n", strerror(error));
    leave(l, n_lost > 0 || error != 0 || l->output.refused);
}

/* Prints what may be printed by now. Nobody reads it any more, or there is no room for it: it leaves, and
 * says so once. */
static void print_news(struct linemode *l)
{
    if (session_is_catching_up(l->session))
        return;
    linemode_output_print(&l->output);
    if (l->output.error == 0 || l->leaving)
        return;
    fprintf(stderr, "snug: cannot write to standard output: %s\n", strerror(l->output.error));
    leave_having_failed(l);
    l->status = 1;
}

/* Does what typing the line would do; the line is never longer than the editor takes. */
static void enter_line(struct linemode *l, const char *text, size_t len)
{
    const struct key paste = {.press = PRESS_PASTE, .text = text, .len = len};
    const struct key enter = {.press = PRESS_ENTER};
    struct editor *draft = l->model->current->draft;
    linemode_output_acting(&l->output);
    model_key(l->model, now_ms(l), &paste);
    model_key(l->model, now_ms(l), &enter);
    linemode_output_acted(&l->output);
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
        fprintf(stderr, "snug: /save works only on the full screen: nothing was saved\n");
        l->refused++;
    }
    if (effects & (EFFECT_DISCONNECT | EFFECT_RETRY)) {
        fprintf(stderr, "snug: /disconnect and /reconnect work only on the full screen\n");
        l->refused++;
    }
    if (effects & EFFECT_LEAVE)
        leave_having_failed(l);
}

/* The next line to say. */
static enum linemode_input_result next_line(struct linemode *l, const char **text, size_t *len)
{
    if (!l->config->once)
        return linemode_input_next(l->input, text, len);
    if (l->output.asked)
        return INPUT_END;
    linemode_output_asked(&l->output);
    *text = l->config->once;
    *len = strlen(*text);
    return INPUT_LINE;
}

/* A command that hears goes on hearing when there is no more to say. */
static bool is_all_said(const struct linemode *l)
{
    if (l->config->once)
        return l->output.asked;
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
    linemode_output_init(&l.output, l.model, config, l.exec);
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
