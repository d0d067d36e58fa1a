#include "client/fullscreen/leave.h"

#include "client/fullscreen/internal.h"

#define LEAVE_MS 2000 /* what is still to be said has so long to go out */

static void on_leave_timeout(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

void leave_now(struct fullscreen *f, int status)
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

void leave_unasked(struct fullscreen *f, int status)
{
    /* No room for it in the queue: the connection ends without a word. */
    (void)model_intend(f->model, INTENT_QUIT, 0, NULL, NULL);
    leave_now(f, status);
}
