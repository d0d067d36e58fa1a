/* /help: the commands and the keys, each with what it does. */
#include "client/model/command_inner.h"

#include "client/model/keymap.h"
#include "client/model/scroll.h"

#include <string.h>
#include <strings.h>

/* What stands above the commands from that one on. */
static const struct {
    const char *first, *says;
} groups[] = {
    {"join", "rooms and conversations"}, {"whois", "people"},
    {"nick", "you, and this program"},   {"op", "in a room that you run"},
    {"oper", "operators of the server"},
};

enum {
    GROUPS = sizeof(groups) / sizeof(groups[0]),
};

static void add_command(const struct command *command, struct str *out)
{
    str_addf(out, "/%s%s%s: %s", command->name, command->args[0] ? " " : "", command->args,
             command->help);
}

static void note(struct call *call, const struct str *rows)
{
    model_note(call->model, call->model->current, call->now_ms, "%s", rows->data);
}

/* A line for each group, with a row for each of its commands. */
static void help_on_commands(struct call *call)
{
    struct str rows;
    str_init(&rows, LINE_TEXT_MAX_BYTES);
    for (size_t i = 0, group = 0; i < command_count(); i++) {
        if (group < GROUPS && strcmp(command_at(i)->name, groups[group].first) == 0) {
            if (rows.len > 0)
                note(call, &rows);
            str_reset(&rows);
            str_addf(&rows, "%s:", groups[group++].says);
        }
        str_addc(&rows, '\n');
        add_command(command_at(i), &rows);
    }
    note(call, &rows);
    str_release(&rows);
    model_hint(call->model, "PgDn goes on; /help keys lists the keys");
}

static void help_on_keys(struct call *call)
{
    struct str row;
    str_init(&row, LINE_TEXT_MAX_BYTES);
    for (size_t i = 0; keymap_help(i, &row); i++) {
        note(call, &row);
        str_reset(&row);
    }
    str_release(&row);
    model_hint(call->model, "PgDn goes on");
}

static bool help_on_one(struct call *call, const char *name)
{
    const struct command *command = command_find(name);
    if (!command) {
        model_hint(call->model, "no command /%.60s: /help shows all", name);
        return false;
    }
    struct str row;
    str_init(&row, LINE_TEXT_MAX_BYTES);
    add_command(command, &row);
    note(call, &row);
    str_release(&row);
    return true;
}

/* "/help", "/help keys", "/help join", "/help /join" */
bool command_help(struct call *call)
{
    const char *name = call->args[0];
    uint64_t first = call->model->last_line_id + 1;
    if (name && strcasecmp(name, "keys") != 0)
        return help_on_one(call, name + (name[0] == '/'));
    if (name)
        help_on_keys(call);
    else
        help_on_commands(call);
    scroll_to_line(call->model, first); /* it is read from the top */
    return true;
}
