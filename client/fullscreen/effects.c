#include "client/fullscreen/effects.h"

#include <stdlib.h>
#include <string.h>

#include "client/config/config.h"
#include "client/fullscreen/frame.h"
#include "client/fullscreen/internal.h"
#include "client/fullscreen/leave.h"
#include "client/term/clipboard.h"
#include "client/term/notify.h"

static void copy(struct fullscreen *f)
{
    str_reset(&f->clipboard);
    if (!clipboard_add(&f->clipboard, f->model->copied, strlen(f->model->copied)))
        model_hint(f->model, "not copied: it is too long for a terminal");
}

static void open_link(struct fullscreen *f)
{
    const char *opener = f->model->settings.opener;
    switch (launcher_open(f->launcher, opener, f->model->opened)) {
    case LAUNCHER_RUNS:
        break;
    case LAUNCHER_BUSY:
        model_hint(f->model, "not opened: %d commands are still running", LAUNCHER_MAX_RUNNING);
        break;
    case LAUNCHER_TOO_LONG:
        model_hint(f->model, "not opened: the opener has more than %d words (/set opener)",
                   LAUNCHER_MAX_WORDS);
        break;
    case LAUNCHER_FAILED:
        model_hint(f->model, "not opened: \"%.100s\" cannot be run; /set opener names another",
                   opener);
    }
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

/* What the command does is the user's own affair, but that it never ran he could not know. While many run,
 * the next ones are left out. */
static void run_notify_command(struct fullscreen *f, const struct notice *notice)
{
    enum launcher_result result = launcher_notify(f->launcher, f->model->settings.notify_command,
                                                  notice->nick, notice->room, notice->text);
    if (result == LAUNCHER_FAILED && !f->told_of_command)
        model_hint(f->model, "notify-command was not run: the system has no room for it");
    f->told_of_command |= result == LAUNCHER_FAILED;
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
        run_notify_command(f, notice);
}

void effects_act(struct fullscreen *f)
{
    unsigned effects = model_take_effects(f->model);
    if ((effects & EFFECT_BELL) && !f->model->focused)
        notify(f);
    if (effects & EFFECT_COPY)
        copy(f);
    if (effects & EFFECT_OPEN)
        open_link(f);
    if (effects & EFFECT_SAVE)
        save_settings(f);
    if (effects & EFFECT_REDRAW)
        paint_forget(&f->paint);
    if (effects & EFFECT_DISCONNECT)
        uplink_disconnect(f->uplink);
    if (effects & EFFECT_RETRY)
        uplink_connect(f->uplink);
    if (effects & EFFECT_LEAVE)
        leave_now(f, 0);
    else if (effects & EFFECT_SUSPEND)
        frame_suspend(f, true);
}
