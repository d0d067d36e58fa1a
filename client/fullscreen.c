#include "client/fullscreen.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "client/clock.h"
#include "client/config.h"
#include "client/logs.h"
#include "client/model/model.h"
#include "client/notifier.h"
#include "client/security.h"
#include "client/term/clipboard.h"
#include "client/term/keys.h"
#include "client/term/notify.h"
#include "client/term/tty.h"
#include "client/view/view.h"

#define FRAME_MS 16
#define TRICKLE_BYTES 16384 /* of one frame; more is read as fast as it comes */
#define LEAVE_MS 2000       /* what is still to be said has so long to go out */
#define MAX_FRAME_BYTES ((size_t)8 << 20)
#define READ_BYTES 16384

static const int watched_signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};

enum { N_SIGNALS = sizeof(watched_signals) / sizeof(watched_signals[0]) };

struct fullscreen {
    uv_loop_t loop;
    const struct clock *clock;
    struct model *model;
    struct keeper *keeper;
    struct logs *logs;
    struct session *session;
    struct uplink *uplink;

    struct tty *tty;
    struct paint paint;
    struct str frame;
    struct keys keys;
    unsigned n_rows, n_cols;

    uv_poll_t input, output;
    uv_timer_t frame_timer; /* something arrived: the next frame is due */
    uv_timer_t clock_timer; /* the screen changes with the time alone */
    uv_timer_t key_timer;   /* an ESC is old enough to be the Escape key */
    uv_timer_t leave_timer;
    uv_signal_t signals[N_SIGNALS];
    int64_t drawn_ms;
    uint64_t drawn_bytes, frame_bytes; /* received until then, and between the last two frames */
    struct changes drawn;              /* as the model's were then */
    bool bell, leaving;
    bool repaints; /* what the terminal said changes more than what was typed */
    struct str notification, clipboard; /* bytes for the next frame */
    struct notifier *notifier;
    const char *settings_path; /* borrowed */
    int status;
};

static int64_t now_ms(const struct fullscreen *f)
{
    return clock_now_ms(f->clock);
}

static void draw(struct fullscreen *f);
static void pace(struct fullscreen *f);
static void on_changed(void *owner);

static void keep(struct fullscreen *f)
{
    keeper_note(f->keeper);
    keeper_write(f->keeper, now_ms(f));
}
static void resize(struct fullscreen *f);

static void on_leave_timeout(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

/* Gives the terminal back now, and says good-bye to the server as long as that may take. */
static void leave(struct fullscreen *f, int status)
{
    if (f->leaving)
        return;
    f->leaving = true;
    f->status = status;
    uv_poll_stop(&f->input);
    uv_poll_stop(&f->output);
    tty_leave(f->tty);
    uplink_retire(f->uplink);
    uplink_hold(f->uplink, false);
    if (!session_is_online(f->session)) {
        uv_stop(&f->loop);
        return;
    }
    uv_timer_start(&f->leave_timer, on_leave_timeout, LEAVE_MS, 0);
    uplink_step(f->uplink);
}

/* Leaves because of a signal or a terminal that is gone: nobody typed /quit. */
static void leave_unasked(struct fullscreen *f, int status)
{
    /* No room for it in the queue: the connection ends without a word. */
    (void)model_intend(f->model, INTENT_QUIT, 0, NULL, NULL);
    leave(f, status);
}

static void suspend(struct fullscreen *f, bool whole_job)
{
    keep(f); /* it may never be continued */
    tty_suspend(f->tty, whole_job);
    paint_restart(&f->paint);
    resize(f);
}

static void copy(struct fullscreen *f)
{
    str_reset(&f->clipboard);
    if (!clipboard_add(&f->clipboard, f->model->copied, strlen(f->model->copied)))
        model_hint(f->model, "not copied: it is too long for a terminal");
}

static void open_link(struct fullscreen *f)
{
    const char *opener = f->model->settings.opener;
    if (!notifier_open(f->notifier, opener, f->model->opened))
        model_hint(f->model, "not opened: \"%.100s\" cannot be run; /set opener names another",
                   opener);
}

static void save_settings(struct fullscreen *f)
{
    struct str error;
    str_init(&error, HINT_MAX_BYTES);
    if (!f->settings_path)
        model_hint(f->model, "not saved: there is no home directory for it");
    else if (config_save(f->settings_path, &f->model->settings, &error))
        model_hint(f->model, "saved in %.300s", f->settings_path);
    else
        model_hint(f->model, "%s", error.data);
    str_release(&error);
}

/* Somebody spoke to the user, who looks away. Many at once are said as one, the last. */
static void notify(struct fullscreen *f)
{
    static const enum notify_form forms[] = {
        [NOTIFY_NONE] = NOTIFY_FORM_NONE,
        [NOTIFY_OSC9] = NOTIFY_FORM_OSC9,
        [NOTIFY_OSC777] = NOTIFY_FORM_OSC777,
        [NOTIFY_OSC99] = NOTIFY_FORM_OSC99,
    };
    const struct settings *settings = &f->model->settings;
    const struct notice *notice = &f->model->notice;
    struct str title;
    str_init(&title, NOTIFY_MAX_BYTES);
    str_addf(&title, "%s%s%s", notice->nick, *notice->room ? " in " : "", notice->room);
    str_reset(&f->notification);
    notify_add(&f->notification, forms[settings->notify], getenv("TMUX") != NULL, title.data,
               notice->text);
    str_release(&title);
    f->bell |= settings->bell;
    if (*settings->notify_command)
        notifier_run(f->notifier, settings->notify_command, notice->nick, notice->room,
                     notice->text);
}

static void act_on_wishes(struct fullscreen *f)
{
    unsigned wishes = model_take_wishes(f->model);
    if ((wishes & WISH_BELL) && !f->model->focused)
        notify(f);
    if (wishes & WISH_COPY)
        copy(f);
    if (wishes & WISH_OPEN)
        open_link(f);
    if (wishes & WISH_SAVE)
        save_settings(f);
    if (wishes & WISH_REDRAW)
        paint_forget(&f->paint);
    if (wishes & WISH_RETRY)
        uplink_connect(f->uplink);
    if (wishes & WISH_LEAVE)
        leave(f, 0);
    else if (wishes & WISH_SUSPEND)
        suspend(f, true);
}

/* While little comes, all the time, it waits for its frame in the socket: to be woken up for each line
 * costs more than the line. */
static void pace(struct fullscreen *f)
{
    bool waits = uv_is_active((uv_handle_t *)&f->frame_timer);
    uint64_t since = uplink_received(f->uplink) - f->drawn_bytes;
    uplink_hold(f->uplink, waits && since <= TRICKLE_BYTES && f->frame_bytes <= TRICKLE_BYTES);
}

static void on_frame(uv_timer_t *timer)
{
    struct fullscreen *f = timer->data;
    uint64_t received = uplink_received(f->uplink);
    uplink_read(f->uplink);
    received = uplink_received(f->uplink) - received;
    draw(f);
    if (f->leaving)
        return;
    if (received > 0)
        uv_timer_start(&f->frame_timer, on_frame, FRAME_MS, 0);
    pace(f);
}

static void on_clock(uv_timer_t *timer)
{
    draw(timer->data);
}

static void on_output(uv_poll_t *poll, int status, int events)
{
    (void)events;
    struct fullscreen *f = poll->data;
    if (status < 0 || !tty_flush(f->tty)) {
        leave_unasked(f, 1);
    } else if (tty_idle(f->tty)) {
        uv_poll_stop(&f->output);
        draw(f); /* what was skipped meanwhile */
    }
}

/* A clock on the screen, such as a countdown, moves without anything else. */
static void schedule_clock(struct fullscreen *f)
{
    int64_t next_ms = paint_next_ms(&f->paint, f->model, f->drawn_ms);
    if (next_ms == 0)
        uv_timer_stop(&f->clock_timer);
    else
        uv_timer_start(&f->clock_timer, on_clock,
                       next_ms > f->drawn_ms ? (uint64_t)(next_ms - f->drawn_ms) : FRAME_MS, 0);
}

static void send_frame(struct fullscreen *f)
{
    if (f->bell)
        str_addc(&f->frame, '\a');
    f->bell = false;
    str_add(&f->frame, f->notification.data, f->notification.len);
    str_reset(&f->notification);
    str_add(&f->frame, f->clipboard.data, f->clipboard.len);
    str_reset(&f->clipboard);
    if (f->frame.len == 0)
        return;
    if (!tty_send(f->tty, &f->frame))
        leave_unasked(f, 1);
    else if (!tty_idle(f->tty))
        uv_poll_start(&f->output, UV_WRITABLE, on_output);
}

/* Unless the terminal has not taken the frame before: then once it has. */
static void draw(struct fullscreen *f)
{
    if (f->leaving || !tty_idle(f->tty))
        return;
    uv_timer_stop(&f->frame_timer);
    f->frame_bytes = uplink_received(f->uplink) - f->drawn_bytes;
    f->drawn_bytes += f->frame_bytes;
    f->drawn_ms = now_ms(f);
    logs_write(f->logs, f->model, f->drawn_ms); /* not for each line, but for each frame */
    f->drawn = f->model->changes;
    f->repaints = false;
    paint_all(&f->paint, f->model, (int)f->n_rows, (int)f->n_cols, f->drawn_ms, &f->frame);
    send_frame(f);
    schedule_clock(f);
    pace(f);
}

/* What was typed, at once and alone; what arrived goes on waiting for its frame. */
static bool draw_typing(struct fullscreen *f)
{
    const struct changes *now = &f->model->changes;
    bool typed = now->by_keys - f->drawn.by_keys == now->of_draft - f->drawn.of_draft;
    if (!typed || f->repaints || f->leaving || !tty_idle(f->tty) ||
        !paint_typing(&f->paint, f->model, now_ms(f), &f->frame))
        return false;
    f->drawn.by_keys = now->by_keys;
    f->drawn.of_draft = now->of_draft;
    send_frame(f);
    return true;
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
        keeper_note(f->keeper); /* what the key before has done */
        if (result == KEYS_KEY)
            model_key(f->model, now, &key);
        else
            model_hint(f->model, "more than %d KiB were pasted: nothing of it was taken",
                       KEYS_MAX_PASTE_BYTES / 1024);
        act_on_wishes(f);
    }
    /* Before it is seen: whoever reads the echo may run first, and a kill -9 then found a line that was
     * seen and not kept. It is a copy into the page cache (tail.h). */
    keep(f);
    if (!draw_typing(f))
        draw(f);
    keeper_sync(f->keeper, now_ms(f));
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

/* Even if the size is the same: it may have been another meanwhile, and cut off what was shown. */
static void resize(struct fullscreen *f)
{
    paint_forget(&f->paint);
    tty_size(f->tty, &f->n_rows, &f->n_cols);
    model_resize(f->model, (int)f->n_rows, (int)f->n_cols);
    draw(f);
}

/* Brought back by somebody else's hand: the terminal may be set in any way. */
static void come_back(struct fullscreen *f)
{
    if (!tty_take(f->tty)) {
        leave_unasked(f, 1);
        return;
    }
    paint_restart(&f->paint);
    resize(f);
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
        resize(f);
    else if (number == SIGTSTP)
        suspend(f, false);
    else if (number == SIGCONT)
        come_back(f);
    else
        leave_unasked(f, 128 + number);
}

/* Traffic: the next frame shows it. */
static void on_changed(void *owner)
{
    struct fullscreen *f = owner;
    keep(f);
    act_on_wishes(f);
    if (f->leaving) {
        if (!uplink_is_up(f->uplink))
            uv_stop(&f->loop);
        return;
    }
    bool due = f->drawn.by_traffic != f->model->changes.by_traffic;
    if (due && !uv_is_active((uv_handle_t *)&f->frame_timer)) {
        int64_t since_ms = now_ms(f) - f->drawn_ms;
        uv_timer_start(&f->frame_timer, on_frame,
                       since_ms < FRAME_MS ? (uint64_t)(FRAME_MS - since_ms) : 0, 0);
    }
    pace(f);
}

static void on_lost(void *owner, const char *why)
{
    (void)owner, (void)why; /* the model says it */
}

static void on_sending(void *owner)
{
    struct fullscreen *f = owner;
    keep(f);
    keeper_sync(f->keeper, now_ms(f));
}

static const struct uplink_events uplink_events = {on_changed, on_lost, on_sending};

static void start_handles(struct fullscreen *f)
{
    uv_poll_init(&f->loop, &f->input, tty_input_fd(f->tty));
    uv_poll_init(&f->loop, &f->output, tty_output_fd(f->tty));
    uv_timer_init(&f->loop, &f->frame_timer);
    uv_timer_init(&f->loop, &f->clock_timer);
    uv_timer_init(&f->loop, &f->key_timer);
    uv_timer_init(&f->loop, &f->leave_timer);
    f->input.data = f->output.data = f;
    f->frame_timer.data = f->clock_timer.data = f->key_timer.data = f->leave_timer.data = f;
    for (size_t i = 0; i < N_SIGNALS; i++) {
        uv_signal_init(&f->loop, &f->signals[i]);
        f->signals[i].data = f;
        uv_signal_start(&f->signals[i], on_signal, watched_signals[i]);
    }
    uv_poll_start(&f->input, UV_READABLE, on_input);
}

static bool init(struct fullscreen *f, const struct session_config *session,
                 const struct uplink_config *uplink, const struct keeper_config *keeper,
                 const struct terminal *terminal, struct str *error)
{
    f->clock = uplink->clock;
    f->tty = tty_open(&terminal->caps->enter, &terminal->caps->leave, error);
    if (!f->tty || !tty_take(f->tty)) {
        if (error->len == 0)
            str_adds(error, "the terminal cannot be set to take single keys");
        tty_close(f->tty);
        return false;
    }
    uv_loop_init(&f->loop);
    f->model = model_new(uplink->host, session->nick, &view_measure);
    f->keeper = keeper_new(f->model, keeper, now_ms(f));
    f->logs = logs_new(keeper->directory, keeper->server);
    f->session = session_new(f->model, session);
    f->uplink = uplink_new(&f->loop, f->model, f->session, uplink, &uplink_events, f);
    f->notifier = notifier_new(&f->loop);
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
    notifier_free(f->notifier);
    uplink_close_loop(&f->loop, f->status);
    tty_close(f->tty);
    logs_write(f->logs, f->model, now_ms(f));
    logs_free(f->logs);
    keeper_free(f->keeper);
    session_free(f->session);
    model_free(f->model);
    paint_release(&f->paint);
    str_release(&f->frame);
    str_release(&f->notification);
    str_release(&f->clipboard);
    keys_release(&f->keys);
}

/* TLS must stand; what could not be done for it is said where all else is. */
static bool be_secure(struct fullscreen *f, struct security *security, struct str *error)
{
    struct str warning;
    str_init(&warning, SECURITY_WORDS_MAX_BYTES);
    bool is_ready = security_await(security, &warning, error);
    if (warning.len > 0) {
        model_note(f->model, f->model->current, now_ms(f), "%s", warning.data);
        f->model->changes.by_traffic++;
    }
    str_release(&warning);
    return is_ready;
}

int fullscreen_run(const struct uplink_config *uplink, const struct session_config *session,
                   const struct keeper_config *keeper, const struct preferences *preferences,
                   const struct terminal *terminal, struct str *error)
{
    struct fullscreen f = {0};
    if (!init(&f, session, uplink, keeper, terminal, error))
        return -1;
    settings_copy(&f.model->settings, preferences->settings);
    f.settings_path = preferences->path;
    start_handles(&f);
    resize(&f); /* the first frame, before anything is looked up or connected */
    bool is_ready = !uplink->security || be_secure(&f, uplink->security, error);
    if (is_ready) {
        uplink_connect(f.uplink);
        uv_run(&f.loop, UV_RUN_DEFAULT);
    }
    release(&f);
    return is_ready ? f.status : -1;
}
