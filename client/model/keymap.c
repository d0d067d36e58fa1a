#include "client/model/keymap.h"

#include "client/model/chord.h"
#include "client/model/completion.h"
#include "client/model/editor.h"
#include "client/model/isearch.h"
#include "client/model/pick.h"
#include "client/model/scroll.h"
#include "client/model/speech.h"

#include <string.h>

enum {
    WHEEL_ROWS = 3,
    MANY_ROWS = 1 << 30, /* more than there are */
};

/* A key being acted on. */
struct press_call {
    struct model *model;
    int64_t now_ms;
    const char *name; /* the key's */
    const struct key *key;
};

static void enter(struct press_call *call)
{
    model_stay(call->model);
    speech_enter(call->model, call->now_ms);
}

static void tab(struct press_call *call)
{
    model_stay(call->model);
    completion_tab(call->model, 1);
}

static void tab_back(struct press_call *call)
{
    model_stay(call->model);
    completion_tab(call->model, -1);
}

/* What waits comes back into the line; one that is sent in parts ends where it is. */
static bool stop(struct model *model)
{
    struct buffer *buffer = model->current;
    size_t stopped = speech_stop(model);
    bool sending = model->connection == CONNECTION_ONLINE && buffer->pending > 0;
    if (sending)
        model->stopped = buffer->id;
    if (stopped > 0)
        model_hint(model, "stopped: %zu %s not sent, and back here", stopped,
                   stopped == 1 ? "line is" : "lines are");
    else if (sending)
        model_hint(model, "what is not sent yet will not be: Up brings it back; C-c again leaves");
    model->asked_to_leave = stopped == 0;
    return stopped > 0 || sending;
}

/* Clears the line, so that C-_ brings it back; stops what is being sent; on an empty one asks before it leaves. */
static void interrupt(struct press_call *call)
{
    struct model *model = call->model;
    size_t len;
    editor_text(model->current->draft, &len);
    buffer_set_answers(model->current, NULL);
    if (len > 0) {
        editor_replace(model->current->draft, 0, len, "", 0);
        model->asked_to_leave = false;
    } else if (model->asked_to_leave) {
        model_intend(model, INTENT_QUIT, 0, NULL, NULL);
        model->effects |= EFFECT_LEAVE;
    } else if (!stop(model)) {
        model_hint(model, "C-c again leaves");
    }
}

static void redraw(struct press_call *call)
{
    call->model->effects |= EFFECT_REDRAW;
}

static void suspend(struct press_call *call)
{
    call->model->effects |= EFFECT_SUSPEND;
}

static void begin_chord(struct press_call *call)
{
    chord_begin(call->model);
}

static void retry(struct press_call *call)
{
    if (call->model->connection == CONNECTION_OFFLINE)
        call->model->effects |= EFFECT_RETRY;
}

static void start_search(struct press_call *call)
{
    call->model->isearch = isearch_new(call->model->current->history);
}

static void page_up(struct press_call *call)
{
    scroll_pages(call->model, 1);
}

static void page_down(struct press_call *call)
{
    scroll_pages(call->model, -1);
}

static void to_top(struct press_call *call)
{
    scroll_by(call->model, MANY_ROWS);
}

static void to_end(struct press_call *call)
{
    scroll_to_end(call->model);
}

static void click(struct press_call *call)
{
    struct model *model = call->model;
    struct buffer *buffer =
        model->measure.buffer_at(model, call->now_ms, call->key->row, call->key->col);
    if (buffer)
        model_switch(model, buffer);
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
    size_t digit = (size_t)(call->name[strlen(call->name) - 1] - '0');
    size_t number = digit > 0 ? digit : 10; /* as the keys stand */
    if (number <= call->model->buffer_count)
        model_switch(call->model, call->model->buffers[number - 1]);
    else
        model_hint(call->model, "there are %zu buffers: /buffer lists them",
                   call->model->buffer_count);
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

/* The next buffer where somebody spoke: to the user first, then at all; NULL: there is none. */
static struct buffer *find_unread(const struct model *model)
{
    static const enum unread kinds[] = {UNREAD_MENTION, UNREAD_TALK};
    size_t here = current_index(model), count = model->buffer_count;
    for (size_t kind = 0; kind < 2; kind++) {
        for (size_t step = 1; step < count; step++) {
            struct buffer *buffer = model->buffers[(here + step) % count];
            if (buffer->unread[kinds[kind]] > 0)
                return buffer;
        }
    }
    return NULL;
}

static void next_unread(struct press_call *call)
{
    struct buffer *buffer = find_unread(call->model);
    if (buffer)
        model_switch(call->model, buffer);
    else
        model_hint(call->model, "nothing unread");
}

static void peek_unread(struct press_call *call)
{
    struct model *model = call->model;
    struct buffer *buffer = find_unread(model);
    if (!buffer) {
        model_hint(model, "nothing else is unread");
        return;
    }
    model_peek(model, buffer);
    model_hint(model, "%s stays unread: Alt-p goes on, Escape goes back; typing stays here",
               buffer->name);
}

static void pick_older(struct press_call *call)
{
    pick_move(call->model, true);
}

static void pick_newer(struct press_call *call)
{
    if (call->model->picked)
        pick_move(call->model, false);
}

static void back(struct press_call *call)
{
    struct buffer *buffer = model_find_id(call->model, call->model->peeked_from);
    if (buffer)
        model_switch(call->model, buffer);
    else
        buffer_set_answers(call->model->current, NULL);
}

static void focus_in(struct press_call *call)
{
    struct model *model = call->model;
    model->focused = true;
    if (model->peeked_from == 0)
        memset(model->current->unread, 0, sizeof(model->current->unread));
}

/* Looking away is leaving the buffer: a new divider begins where the user stopped reading. */
static void focus_out(struct press_call *call)
{
    if (call->model->focused && call->model->peeked_from == 0)
        buffer_mark_read(call->model->current);
    call->model->focused = false;
}

static const struct keymap_row {
    const char *name;
    void (*run)(struct press_call *call);
    const char *help; /* NULL: as the row before */
} keymap[] = {
    {"Enter", enter, "send the line, or all lines of it"},
    {"Tab", tab, "complete a nick, a room, a command, or an emoji as :tada"},
    {"S-Tab", tab_back, "go back among the candidates"},
    {"C-c", interrupt, "clear the line; stop what is being sent; twice: leave"},
    {"C-l", redraw, "redraw the screen"},
    {"C-z", suspend, "suspend, until fg in the shell"},
    {"C-r", start_search, "search what you have said here"},
    {"C-x", begin_chord, "then b, i, u, s, m, r or c and a number: bold, italic ... from here on"},
    {"F5", retry, "connect now, without waiting"},
    {"PgUp", page_up, "scroll up"},
    {"M-v", page_up, NULL},
    {"PgDn", page_down, "scroll down"},
    {"C-v", page_down, NULL},
    {"M-Home", to_top, "scroll to the oldest line that is here"},
    {"M-End", to_end, "scroll to the newest"},
    {"Click", click, NULL},
    {"WheelUp", wheel_up, NULL},
    {"WheelDown", wheel_down, NULL},
    {"M-u", to_divider, "scroll to the first unread line"},
    {"M-s", say_again, "send again the oldest message that is unsure or was refused"},
    {"M-x", drop_unsaid, "forget that message"},
    {"M-1", pick_buffer, "show the first room or conversation, and so on to Alt-9 and Alt-0"},
    {"M-2", pick_buffer, NULL},
    {"M-3", pick_buffer, NULL},
    {"M-4", pick_buffer, NULL},
    {"M-5", pick_buffer, NULL},
    {"M-6", pick_buffer, NULL},
    {"M-7", pick_buffer, NULL},
    {"M-8", pick_buffer, NULL},
    {"M-9", pick_buffer, NULL},
    {"M-0", pick_buffer, NULL},
    {"M-Left", previous_buffer, "show the previous room or conversation"},
    {"M-Right", next_buffer, "show the next room or conversation"},
    {"M-a", next_unread, "show the next one with something unread"},
    {"M-p", peek_unread, "look at the next one with something unread, and leave it unread"},
    {"M-Up", pick_older, "pick a message: reply, react, remove it, copy it, open its link"},
    {"M-Down", pick_newer, NULL},
    {"Escape", back, "go back from Alt-p; give up a reply"},
    {"FocusIn", focus_in, NULL},
    {"FocusOut", focus_out, NULL},
};

/* The editor's own, as far as one has to be told of them; spelled as in the manual. */
static const struct {
    const char *names, *help;
} edits[] = {
    {"Alt-Enter", "begin another line"},
    {"Up, Down", "go back through what you have said here, and forward again"},
    {"C-a, C-e", "go to the beginning or the end of the row"},
    {"Alt-b, Alt-f", "go back or forward by a word"},
    {"C-w, Alt-d", "cut the word before or after the cursor"},
    {"C-u, C-k", "cut everything before or after the cursor"},
    {"C-y, Alt-y", "put in what was cut last; then, instead, what was cut before"},
    {"C-_", "undo"},
};

/* M-Up is Alt-Up, S-Tab Shift-Tab. */
static void spell(const char *name, struct str *out)
{
    bool alt = strncmp(name, "M-", 2) == 0, shift = strncmp(name, "S-", 2) == 0;
    str_addf(out, "%s%s", alt ? "Alt-" : shift ? "Shift-" : "", name + (alt || shift ? 2 : 0));
}

bool keymap_help(size_t i, struct str *out)
{
    const struct keymap_row *row = keymap, *end = keymap + sizeof(keymap) / sizeof(keymap[0]);
    for (; row < end; row++)
        if (row->help && i-- == 0)
            break;
    if (row < end) {
        spell(row->name, out);
        return str_addf(out, ": %s", row->help);
    }
    return i < sizeof(edits) / sizeof(edits[0]) &&
           str_addf(out, "%s: %s", edits[i].names, edits[i].help);
}

bool keymap_run(struct model *model, int64_t now_ms, const struct key *key)
{
    struct press_call call = {model, now_ms, NULL, key};
    char name[KEY_NAME_BYTES];
    key_write_name(key, name);
    call.name = name;
    for (size_t i = 0; i < sizeof(keymap) / sizeof(keymap[0]); i++) {
        if (strcmp(keymap[i].name, name) == 0) {
            keymap[i].run(&call);
            return true;
        }
    }
    return false;
}
