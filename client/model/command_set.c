/* Commands about what the user has set. */
#include "client/model/command_inner.h"

#include "client/model/scroll.h"

#include <string.h>

static void note(struct call *call, const char *text)
{
    model_note(call->model, call->model->current, call->now_ms, "%s", text);
}

bool command_ignore(struct call *call)
{
    struct patterns *ignore = &call->model->settings.ignore;
    if (!call->args[0]) {
        if (ignore->count == 0)
            note(call, "nobody is ignored: /ignore NICK");
        for (size_t i = 0; i < ignore->count; i++)
            note(call, ignore->list[i]);
        return true;
    }
    if (!command_is_word(call, call->args[0]))
        return false;
    if (patterns_add(ignore, call->args[0])) {
        model_hint(call->model, "%.60s is ignored until /unignore", call->args[0]);
        return true;
    }
    model_hint(call->model, "at most %d nicks of %d bytes can be ignored: /unignore one",
               PATTERNS_MAX, PATTERN_MAX_BYTES);
    return false;
}

bool command_unignore(struct call *call)
{
    bool done = patterns_remove(&call->model->settings.ignore, call->args[0]);
    if (done)
        model_hint(call->model, "%.60s is no longer ignored", call->args[0]);
    else
        model_hint(call->model, "%.60s is not ignored: /ignore shows who is", call->args[0]);
    return done;
}

static void show_setting(struct call *call, size_t i)
{
    struct str value;
    str_init(&value, SETTING_MAX_BYTES);
    settings_get(&call->model->settings, i, &value);
    model_note(call->model, call->model->current, call->now_ms, "%s = %s    %s", settings_name(i),
               value.data, settings_help(i));
    str_release(&value);
}

static bool show_named(struct call *call, const char *name)
{
    struct str error;
    str_init(&error, HINT_MAX_BYTES);
    ptrdiff_t i = settings_find(name, &error);
    if (i >= 0)
        show_setting(call, (size_t)i);
    else
        model_hint(call->model, "%s", error.data);
    str_release(&error);
    return i >= 0;
}

static bool show_all(struct call *call)
{
    uint64_t first = call->model->last_line_id + 1;
    for (size_t i = 0; i < settings_count(); i++)
        show_setting(call, i);
    scroll_to_line(call->model, first); /* it is read from the top */
    return true;
}

/* "/set", "/set NAME", "/set NAME VALUE", "/set NAME -" for no value */
bool command_set(struct call *call)
{
    const char *value = call->args[1];
    if (!value)
        return call->args[0] ? show_named(call, call->args[0]) : show_all(call);
    struct str error;
    str_init(&error, HINT_MAX_BYTES);
    bool done = settings_set(&call->model->settings, call->args[0],
                             strcmp(value, "-") == 0 ? "" : value, &error);
    if (!done)
        model_hint(call->model, "%s", error.data);
    str_release(&error);
    return done;
}

bool command_save(struct call *call)
{
    call->model->effects |= EFFECT_SAVE;
    return true;
}
