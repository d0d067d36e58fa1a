/*
 * When the screen is drawn, and how much of it: what arrives waits for its frame, which the terminal
 * must have room for. Knows what has changed by the model's counters alone.
 */
#include "client/fullscreen/frame.h"

#include "client/fullscreen/internal.h"
#include "client/fullscreen/leave.h"

#define FRAME_MS 16
#define TRICKLE_BYTES 16384 /* of one frame; more is read as fast as it comes */

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
    frame_draw(f);
    if (f->leaving)
        return;
    if (received > 0)
        uv_timer_start(&f->frame_timer, on_frame, FRAME_MS, 0);
    pace(f);
}

static void on_clock(uv_timer_t *timer)
{
    frame_draw(timer->data);
}

static void on_output(uv_poll_t *poll, int status, int events)
{
    (void)events;
    struct fullscreen *f = poll->data;
    if (status < 0 || !tty_flush(f->tty)) {
        leave_unasked(f, 1);
    } else if (tty_idle(f->tty)) {
        uv_poll_stop(&f->output);
        frame_draw(f); /* what was skipped meanwhile */
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

void frame_draw(struct fullscreen *f)
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

bool frame_draw_typing(struct fullscreen *f)
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

/* Even if the size is the same: it may have been another meanwhile, and cut off what was shown. */
void frame_resize(struct fullscreen *f)
{
    paint_forget(&f->paint);
    tty_size(f->tty, &f->n_rows, &f->n_cols);
    model_resize(f->model, (int)f->n_rows, (int)f->n_cols);
    frame_draw(f);
}

void frame_suspend(struct fullscreen *f, bool whole_job)
{
    keep(f); /* it may never be continued */
    tty_suspend(f->tty, whole_job);
    paint_restart(&f->paint);
    frame_resize(f);
}

/* Brought back by somebody else's hand: the terminal may be set in any way. */
void frame_resume(struct fullscreen *f)
{
    if (!tty_take(f->tty)) {
        leave_unasked(f, 1);
        return;
    }
    paint_restart(&f->paint);
    frame_resize(f);
}

void frame_await(struct fullscreen *f)
{
    bool due = f->drawn.by_traffic != f->model->changes.by_traffic;
    if (due && !uv_is_active((uv_handle_t *)&f->frame_timer)) {
        int64_t since_ms = now_ms(f) - f->drawn_ms;
        uv_timer_start(&f->frame_timer, on_frame,
                       since_ms < FRAME_MS ? (uint64_t)(FRAME_MS - since_ms) : 0, 0);
    }
    pace(f);
}
