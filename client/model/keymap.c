#include "client/model/keymap.h"

#include "client/model/completion.h"
#include "client/model/editor.h"
#include "client/model/history.h"
#include "client/model/scroll.h"
#include "client/model/speech.h"

#include <string.h>

enum {
    WHEEL_ROWS = 3,
};

/* A key being acted on. */
struct press_call {
    struct model *model;
    int64_t now_ms;
    const char *name; /* the key's */
};

static void enter(struct press_call *call)
{
    speech_enter(call->model, call->now_ms);
}

static void tab(struct press_call *call)
{
    completion_tab(call->model, 1);
}

static void tab_back(struct press_call *call)
{
    completion_tab(call->model, -1);
}

/* Clears the line, so that C-_ brings it back; on an empty one asks before it leaves. */
static void interrupt(struct press_call *call)
{
    struct model *model = call->model;
    size_t len;
    editor_text(model->current->draft, &len);
    if (len > 0) {
        editor_replace(model->current->draft, 0, len, "", 0);
        model->asked_to_leave = false;
    } else if (model->asked_to_leave) {
        model_intend(model, INTENT_QUIT, 0, NULL, NULL);
        model->wishes |= WISH_LEAVE;
    } else {
        model_hint(model, "C-c again leaves");
        model->asked_to_leave = true;
    }
}

static void redraw(struct press_call *call)
{
    call->model->wishes |= WISH_REDRAW;
}

static void suspend(struct press_call *call)
{
    call->model->wishes |= WISH_SUSPEND;
}

static void retry(struct press_call *call)
{
    if (call->model->link == LINK_OFFLINE)
        call->model->wishes |= WISH_RETRY;
}

static void start_search(struct press_call *call)
{
    call->model->search = search_new(call->model->current->history);
}

static void page_up(struct press_call *call)
{
    scroll_pages(call->model, 1);
}

static void page_down(struct press_call *call)
{
    scroll_pages(call->model, -1);
}

static void wheel_up(struct press_call *call)
{
    scroll_by(call->model, WHEEL_ROWS);
}

static void wheel_down(struct press_call *call)
{
    scroll_by(call->model, -WHEEL_ROWS);
}

static void to_divider(struct press_call *call)
{
    scroll_to_line(call->model, call->model->current->first_unread);
}

static void say_again(struct press_call *call)
{
    speech_again(call->model);
}

static void drop_unsaid(struct press_call *call)
{
    speech_drop(call->model);
}

static void pick_buffer(struct press_call *call)
{
    size_t number = (size_t)(call->name[strlen(call->name) - 1] - '0');
    if (number <= call->model->buffer_count)
        model_switch(call->model, call->model->buffers[number - 1]);
    else
        model_hint(call->model, "there are %zu buffers", call->model->buffer_count);
}

static size_t current_index(const struct model *model)
{
    size_t i = 0;
    while (model->buffers[i] != model->current)
        i++;
    return i;
}

static void next_buffer(struct press_call *call)
{
    struct model *model = call->model;
    model_switch(model, model->buffers[(current_index(model) + 1) % model->buffer_count]);
}

static void previous_buffer(struct press_call *call)
{
    struct model *model = call->model;
    size_t count = model->buffer_count;
    model_switch(model, model->buffers[(current_index(model) + count - 1) % count]);
}

/* To the next buffer where somebody spoke: to the user first, then at all. */
static void next_unread(struct press_call *call)
{
    static const enum unread kinds[] = {UNREAD_MENTION, UNREAD_TALK};
    struct model *model = call->model;
    size_t here = current_index(model), count = model->buffer_count;
    for (size_t kind = 0; kind < 2; kind++) {
        for (size_t step = 1; step < count; step++) {
            struct buffer *buffer = model->buffers[(here + step) % count];
            if (buffer->unread[kinds[kind]] > 0) {
                model_switch(model, buffer);
                return;
            }
        }
    }
    model_hint(model, "nothing unread");
}

static void focus_in(struct press_call *call)
{
    struct model *model = call->model;
    model->focused = true;
    memset(model->current->unread, 0, sizeof(model->current->unread));
}

/* Looking away is leaving the buffer: a new divider begins where the user stopped reading. */
static void focus_out(struct press_call *call)
{
    if (call->model->focused)
        buffer_mark_read(call->model->current);
    call->model->focused = false;
}

static const struct keymap_row {
    const char *name;
    void (*run)(struct press_call *call);
} keymap[] = {
    {"Enter", enter},
    {"Tab", tab},
    {"S-Tab", tab_back},
    {"C-c", interrupt},
    {"C-l", redraw},
    {"C-z", suspend},
    {"C-r", start_search},
    {"F5", retry},
    {"PgUp", page_up},
    {"M-v", page_up},
    {"PgDn", page_down},
    {"C-v", page_down},
    {"WheelUp", wheel_up},
    {"WheelDown", wheel_down},
    {"M-u", to_divider},
    {"M-s", say_again},
    {"M-x", drop_unsaid},
    {"M-1", pick_buffer},
    {"M-2", pick_buffer},
    {"M-3", pick_buffer},
    {"M-4", pick_buffer},
    {"M-5", pick_buffer},
    {"M-6", pick_buffer},
    {"M-7", pick_buffer},
    {"M-8", pick_buffer},
    {"M-9", pick_buffer},
    {"M-Left", previous_buffer},
    {"M-Right", next_buffer},
    {"M-a", next_unread},
    {"FocusIn", focus_in},
    {"FocusOut", focus_out},
};

bool keymap_run(struct model *model, int64_t now_ms, const struct key *key)
{
    struct press_call call = {model, now_ms, NULL};
    char name[KEY_NAME_BYTES];
    key_name(key, name);
    call.name = name;
    for (size_t i = 0; i < sizeof(keymap) / sizeof(keymap[0]); i++) {
        if (strcmp(keymap[i].name, name) == 0) {
            keymap[i].run(&call);
            return true;
        }
    }
    return false;
}
