/* Commands about the buffers: those of the rooms, of the conversations, and the server's. */
#include "client/model/command_inner.h"

#include "client/model/scroll.h"
#include "client/model/speech.h"
#include "client/model/traffic.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    NAME_COLS_MAX = 24, /* behind a longer name its row is out of line */
    NAMED_MAX = 5,      /* of those that may be meant */
};

/* "/query bob", "/query bob are you there?" */
bool command_query(struct call *call)
{
    struct model *model = call->model;
    model_switch(model, command_buffer_for(model, call->args[0]));
    return !call->args[1] ||
           speech_say(model, call->now_ms, model->current, INTENT_SAY, call->args[1]);
}

bool command_clear(struct call *call)
{
    buffer_clear(call->model->current);
    return true;
}

bool command_close(struct call *call)
{
    struct buffer *buffer = call->model->current;
    if (buffer->kind == BUFFER_SERVER) {
        model_hint(call->model, "the server's buffer cannot be closed; /quit leaves");
        return false;
    }
    if (buffer->pending > 0) {
        model_hint(call->model, "%zu lines here are still waiting to be sent", buffer->pending);
        return false;
    }
    if (buffer->joined && !command_intend(call, INTENT_PART, buffer->name, NULL))
        return false;
    traffic_close(call->model, buffer);
    return true;
}

/* What there is to say of it, but for its name. */
static void add_state(const struct model *model, const struct buffer *buffer, struct str *out)
{
    size_t talk = buffer->unread[UNREAD_TALK], mentions = buffer->unread[UNREAD_MENTION];
    bool is_left =
        buffer->kind == BUFFER_ROOM && !buffer->joined && model->connection == CONNECTION_ONLINE;
    if (buffer == model->current)
        str_adds(out, "  (here)");
    if (is_left)
        str_adds(out, "  (you are not in it)");
    if (talk + mentions > 0)
        str_addf(out, "  %zu%s", talk + mentions, mentions > 0 ? "!" : "");
}

static size_t name_cols(const struct model *model)
{
    size_t widest = 0;
    for (size_t i = 0; i < model->buffer_count; i++) {
        const char *name = model->buffers[i]->name;
        size_t cols = text_width(name, strlen(name));
        widest = cols > widest && cols <= NAME_COLS_MAX ? cols : widest;
    }
    return widest;
}

/* The numbers are those of Alt-1 to Alt-0. */
static bool list_buffers(struct call *call)
{
    struct model *model = call->model;
    struct str rows, state;
    size_t widest = name_cols(model);
    int digits = snprintf(NULL, 0, "%zu", model->buffer_count);
    str_init(&rows, LINE_TEXT_MAX_BYTES);
    str_init(&state, HINT_MAX_BYTES);
    for (size_t i = 0; i < model->buffer_count; i++) {
        const char *name = model->buffers[i]->name;
        size_t cols = text_width(name, strlen(name));
        str_reset(&state);
        add_state(model, model->buffers[i], &state);
        bool pads = state.len > 0 && cols < widest;
        str_addf(&rows, "%s%*zu  %s%*s%s", i > 0 ? "\n" : "", digits, i + 1, name,
                 pads ? (int)(widest - cols) : 0, "", state.data);
    }
    model_note(model, model->current, call->now_ms, "%s", rows.data);
    scroll_to_line(model, model->last_line_id); /* it is read from the top */
    model_hint(model, "Alt-2 or /buffer 2 goes there; so does a part of its name");
    str_release(&rows);
    str_release(&state);
    return true;
}

/* Those whose names have the part in them, or begin with it; returns how many. */
static size_t find_by_part(const struct model *model, const char *part, bool at_front,
                           struct buffer *found[])
{
    char *key = member_key(part);
    size_t count = 0;
    for (size_t i = 0; i < model->buffer_count && *key; i++) {
        const char *name = model->buffers[i]->key;
        const char *front = name + (model_is_room(model, name) && !model_is_room(model, key));
        const char *at = strstr(name, key);
        if (at_front ? strncmp(front, key, strlen(key)) == 0 : at != NULL)
            found[count++] = model->buffers[i];
    }
    free(key);
    return count;
}

static void refuse_part(struct model *model, const char *part, struct buffer *const found[],
                        size_t count)
{
    struct str names;
    str_init(&names, HINT_MAX_BYTES);
    for (size_t i = 0; i < count && i < NAMED_MAX; i++)
        str_addf(&names, "%s%.40s", i > 0 ? ", " : "", found[i]->name);
    if (count == 0)
        model_hint(model, "no buffer %.100s: /buffer lists them; /join a room, /query a nick",
                   part);
    else
        model_hint(model, "which one: %s%s?", names.data, count > NAMED_MAX ? ", ..." : "");
    str_release(&names);
}

/* The only one that a part of a name can mean, or, with a hint, NULL. */
static struct buffer *find_by_any_part(struct model *model, const char *part)
{
    struct buffer *found[BUFFERS_MAX];
    size_t count = find_by_part(model, part, true, found);
    if (count == 0)
        count = find_by_part(model, part, false, found);
    if (count != 1)
        refuse_part(model, part, found, count);
    return count == 1 ? found[0] : NULL;
}

/* The buffer of exactly that name, or number, or, in a room's, without its sign; or NULL. */
static struct buffer *find_exactly(const struct model *model, const char *name)
{
    char *end, *room = model_room_name(model, name);
    unsigned long number = strtoul(name, &end, 10);
    struct buffer *buffer = NULL;
    if (*end == '\0' && number >= 1 && number <= model->buffer_count)
        buffer = model->buffers[number - 1];
    buffer = buffer ? buffer : model_find(model, name);
    if (!buffer && strcasecmp(name, model->buffers[0]->name) == 0)
        buffer = model->buffers[0];
    buffer = buffer ? buffer : model_find(model, room);
    free(room);
    return buffer;
}

/* "/buffer", "/buffer 3", "/buffer #tea", "/buffer te"; "/buffer list" is what WeeChat says */
bool command_buffer(struct call *call)
{
    const char *name = call->args[0];
    struct buffer *buffer = name ? find_exactly(call->model, name) : NULL;
    if (!name || (!buffer && strcasecmp(name, "list") == 0))
        return list_buffers(call);
    buffer = buffer ? buffer : find_by_any_part(call->model, name);
    if (buffer)
        model_switch(call->model, buffer);
    return buffer != NULL;
}
