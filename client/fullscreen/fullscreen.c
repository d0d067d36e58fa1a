#include "client/fullscreen/fullscreen.h"

#include <signal.h>

#include "client/fullscreen/effects.h"
#include "client/fullscreen/frame.h"
#include "client/fullscreen/internal.h"
#include "client/fullscreen/leave.h"
#include "client/model/traffic.h"
#include "client/net/must.h"
#include "client/security.h"
#include "client/term/clipboard.h"
#include "client/term/notify.h"
#include "client/view/view.h"

#define MAX_FRAME_BYTES ((size_t)8 << 20)
#define READ_BYTES 16384

static const int watched_signals[FULLSCREEN_SIGNALS] = {SIGWINCH, SIGTERM, SIGHUP,
                                                        SIGINT,   SIGTSTP, SIGCONT};

/* Traffic, or what a key has done to it. */
static void on_changed(void *owner)
{
    struct fullscreen *f = owner;
    keep(f);
    effects_act(f);
    if (!f->leaving)
        frame_await(f);
    else if (!uplink_is_up(f->uplink))
        uv_stop(&f->loop);
}

static void act_on_keys(struct fullscreen *f);

static void on_key_timeout(uv_timer_t *timer)
{
    act_on_keys(timer->data);
}

/* After the timer, too: the loop's clock may be a moment ahead of ours, and what waits would go on
 * waiting. */
static void schedule_keys(struct fullscreen *f)
{
    uint64_t deadline_ms = keys_deadline_ms(&f->keys), now = (uint64_t)now_ms(f);
    if (deadline_ms == UINT64_MAX)
        uv_timer_stop(&f->key_timer);
    else
        uv_timer_start(&f->key_timer, on_key_timeout, deadline_ms > now ? deadline_ms - now : 0, 0);
}

static void hear_terminal(struct fullscreen *f)
{
    if (!paint_hear(&f->paint, &f->keys.reply, &f->frame))
        return;
    if (f->paint.probe.joins_on_request)
        tty_also_leave(f->tty, probe_leave);
    f->repaints = true;
}

static void act_on_keys(struct fullscreen *f)
{
    struct key key;
    enum keys_result result;
    int64_t now = now_ms(f);
    while (!f->leaving && (result = keys_next(&f->keys, (uint64_t)now, &key)) != KEYS_NONE) {
        if (result == KEYS_REPLY) {
            hear_terminal(f);
            continue;
        }
        autosave_note(f->autosave); /* what the key before has done */
        if (result == KEYS_KEY)
            model_key(f->model, now, &key);
        else
            model_hint(f->model, "more than %d KiB were pasted: none of it was taken",
                       KEYS_MAX_PASTE_BYTES / 1024);
        effects_act(f);
    }
    /* Before it is seen: whoever reads the echo may run first, and a kill -9 then found a line that was
     * seen and not kept. It is a copy into the page cache (appender.h). */
    keep(f);
    if (!frame_draw_typing(f))
        frame_draw(f);
    autosave_sync(f->autosave, now_ms(f));
    if (!f->leaving) {
        uplink_step(f->uplink);
        schedule_keys(f);
    }
    on_changed(f);
}

static void on_input(uv_poll_t *poll, int status, int events)
{
    (void)events;
    struct fullscreen *f = poll->data;
    char bytes[READ_BYTES];
    ssize_t n_read = status < 0 ? -1 : tty_read(f->tty, bytes, sizeof(bytes));
    if (n_read < 0) {
        leave_unasked(f, 1);
        return;
    }
    uv_update_time(&f->loop);
    keys_feed(&f->keys, (uint64_t)now_ms(f), bytes, (size_t)n_read);
    act_on_keys(f);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct fullscreen *f = handle->data;
    bool to_leave = number == SIGTERM || number == SIGHUP || number == SIGINT;
    if (f->leaving && to_leave) /* whoever asks twice is not kept waiting */
        uv_stop(&f->loop);
    else if (f->leaving)
        return;
    else if (number == SIGWINCH)
        frame_resize(f);
    else if (number == SIGTSTP)
        frame_suspend(f, false);
    else if (number == SIGCONT)
        frame_resume(f);
    else
        leave_unasked(f, 128 + number);
}

static void on_lost(void *owner, const char *why)
{
    (void)owner, (void)why; /* the model says it */
}

static void on_sending(void *owner)
{
    struct fullscreen *f = owner;
    keep(f);
    autosave_sync(f->autosave, now_ms(f));
}

static const struct uplink_events uplink_events = {on_changed, on_lost, on_sending};

static void init_handles(struct fullscreen *f)
{
    must(uv_loop_init(&f->loop), "uv_loop_init");
    must(uv_poll_init(&f->loop, &f->input, tty_input_fd(f->tty)), "uv_poll_init");
    must(uv_poll_init(&f->loop, &f->output, tty_output_fd(f->tty)), "uv_poll_init");
    must(uv_timer_init(&f->loop, &f->frame_timer), "uv_timer_init");
    must(uv_timer_init(&f->loop, &f->clock_timer), "uv_timer_init");
    must(uv_timer_init(&f->loop, &f->key_timer), "uv_timer_init");
    must(uv_timer_init(&f->loop, &f->leave_timer), "uv_timer_init");
    f->input.data = f->output.data = f;
    f->frame_timer.data = f->clock_timer.data = f->key_timer.data = f->leave_timer.data = f;
    for (size_t i = 0; i < FULLSCREEN_SIGNALS; i++) {
        must(uv_signal_init(&f->loop, &f->signals[i]), "uv_signal_init");
        f->signals[i].data = f;
    }
}

static void start_handles(struct fullscreen *f)
{
    for (size_t i = 0; i < FULLSCREEN_SIGNALS; i++)
        uv_signal_start(&f->signals[i], on_signal, watched_signals[i]);
    uv_poll_start(&f->input, UV_READABLE, on_input);
}

/* With the handles, whose failure is told on a terminal that shows it. */
static bool take_terminal(struct fullscreen *f, const struct terminal *terminal, struct str *error)
{
    f->tty = tty_open(&terminal->caps->enter, &terminal->caps->leave, error);
    if (!f->tty)
        return false;
    init_handles(f);
    if (tty_take(f->tty))
        return true;
    str_adds(error, "the terminal cannot be set to read single keys");
    uplink_close_loop(&f->loop, 1);
    tty_close(f->tty);
    return false;
}

static bool init(struct fullscreen *f, const struct session_config *session,
                 const struct uplink_config *uplink, const struct autosave_config *autosave,
                 const struct terminal *terminal, struct str *error)
{
    f->clock = uplink->clock;
    if (!take_terminal(f, terminal, error))
        return false;
    f->model = model_new(uplink->host, session->nick, &view_measure);
    f->autosave = autosave_new(f->model, autosave, now_ms(f));
    f->logs = logs_new(autosave->directory, autosave->server);
    f->session = session_new(f->model, session);
    f->uplink = uplink_new(&f->loop, f->model, f->session, uplink, &uplink_events, f);
    f->launcher = launcher_new(&f->loop);
    str_init(&f->notification, NOTIFY_MAX_BYTES);
    str_init(&f->clipboard, CLIPBOARD_MAX_BYTES);
    paint_init(&f->paint, terminal);
    str_init(&f->frame, MAX_FRAME_BYTES);
    keys_init(&f->keys);
    f->keys.bursts = true;
    return true;
}

static void release(struct fullscreen *f)
{
    uplink_free(f->uplink);
    launcher_free(f->launcher);
    tty_close(f->tty);
    logs_write_now(f->logs, f->model, now_ms(f));
    logs_free(f->logs);
    autosave_free(f->autosave);
    uplink_close_loop(&f->loop, f->status); /* it may be the end */
    session_free(f->session);
    model_free(f->model);
    paint_release(&f->paint);
    str_release(&f->frame);
    str_release(&f->notification);
    str_release(&f->clipboard);
    keys_release(&f->keys);
}

static void note(void *ctx, const char *warning)
{
    struct fullscreen *f = ctx;
    model_note(f->model, f->model->current, now_ms(f), "%s", warning);
    f->model->changes.by_traffic++;
}

/* To whoever has never typed here: what is needed to begin, and where all else is found. */
static void greet(struct fullscreen *f)
{
    const struct heard heard = {
        .kind = LINE_NOTE,
        .text =
            "type and press Enter; Tab completes, PgUp scrolls, Alt-1, Alt-2 ... show your rooms; "
            "/help lists the commands, /help keys the keys",
        .time_ms = now_ms(f),
    };
    traffic_tell(f->model, &heard);
}

int fullscreen_run(const struct uplink_config *uplink, const struct session_config *session,
                   const struct autosave_config *autosave, const struct preferences *preferences,
                   const struct terminal *terminal, struct str *error)
{
    struct fullscreen f = {0};
    if (!init(&f, session, uplink, autosave, terminal, error))
        return -1;
    settings_copy(&f.model->settings, preferences->settings);
    f.settings_path = preferences->path;
    if (autosave_is_new(f.autosave))
        greet(&f);
    start_handles(&f);
    frame_resize(&f); /* the first frame, before anything is looked up or connected */
    bool is_ready = security_await(uplink->security, note, &f, error);
    if (is_ready) {
        uplink_connect(f.uplink);
        uv_run(&f.loop, UV_RUN_DEFAULT);
    }
    release(&f);
    return is_ready ? f.status : -1;
}
