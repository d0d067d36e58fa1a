/* Screens as text: each case is a script of what arrives and what is pressed, and of the screens
 * that are then expected. With --update the expected screens are written anew.
 *
 *   size COLSxROWS          the screen's size
 *   clock HH:MM[:SS]        what time it is
 *   away | back             the user is
 *   unkept                  there is no journal
 *   online | offline SECONDS WHY | lag MS | waiting SECONDS
 *   room NAME [TOPIC]       the user is in it
 *   member ROOM @NICK...    who else is
 *   hear BUFFER KIND NICK TEXT    KIND as in line.h: talk, join, quit, note...; "-" for no nick
 *   able WHAT...            reply, react, remove: the server makes it possible
 *   said BUFFER MSGID REPLY NICK TEXT   a message with an id, REPLY being that of what it answers or "-"
 *   react BUFFER MSGID NICK TEXT    a reaction to it; unreact takes it back
 *   remove BUFFER MSGID NICK WHY    it is taken back
 *   types BUFFER SECONDS NICK       somebody types, for so long if nothing more is heard
 *   settle STATE            the oldest pending line: settled, failed, unsure
 *   missed SECONDS NICK TEXT      said while the user was cut off, before the newest line
 *   press KEYS              as in press.h
 *   click COL,ROW           with the mouse, from 0
 *   paste TEXT              with \n \r \t \e
 *   screen                  followed by rows in |bars|, and a ^ below the cursor
 *
 * In TEXT, \uXXXX is a code point. */
#include "client/model/editor.h"
#include "client/model/traffic.h"
#include "client/view/view.h"
#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"
#include "tests/press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_BYTES = 1 << 20,
};

struct script {
    const char *path;
    struct model *model;
    int rows, cols;
    int64_t now_ms;
    struct str written;  /* the script with the screens as they are */
    struct grid kept[2]; /* drawn in turn at each order and key, as the program does */
    int faults;
    int line;
};

/* Cuts the next word off *rest. */
static char *word(char **rest)
{
    *rest += strspn(*rest, " ");
    char *start = *rest;
    *rest += strcspn(*rest, " ");
    if (**rest)
        *(*rest)++ = '\0';
    return start;
}

static void unescape(const char *text, struct str *out)
{
    static const char letters[] = "nrte", bytes[] = "\n\r\t\033";
    for (; *text; text++) {
        const char *letter = text[0] == '\\' && text[1] ? strchr(letters, text[1]) : NULL;
        if (letter) {
            str_addc(out, bytes[letter - letters]);
            text++;
        } else if (strncmp(text, "\\u", 2) == 0) {
            text_encode(out, (int32_t)strtol(text + 2, NULL, 16));
            text += 5;
        } else {
            str_addc(out, *text);
        }
    }
}

static struct buffer *buffer_named(struct script *script, const char *name)
{
    if (strcmp(name, "server") == 0)
        return script->model->buffers[0];
    return traffic_buffer(script->model, name[0] == '#' ? BUFFER_ROOM : BUFFER_PERSON, name);
}

static void do_size(struct script *script, char *rest)
{
    sscanf(rest, "%dx%d", &script->cols, &script->rows);
    model_resize(script->model, script->rows, script->cols);
}

static void do_clock(struct script *script, char *rest)
{
    int hours = 0, minutes = 0, seconds = 0;
    sscanf(rest, "%d:%d:%d", &hours, &minutes, &seconds);
    script->now_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

static void do_online(struct script *script, char *rest)
{
    (void)rest;
    traffic_online(script->model, script->now_ms, true);
}

static void do_offline(struct script *script, char *rest)
{
    int64_t retry_ms = script->now_ms + 1000 * atoi(word(&rest));
    traffic_offline(script->model, script->now_ms, retry_ms, rest);
}

static void do_away(struct script *script, char *rest)
{
    (void)rest;
    traffic_own_away(script->model, true);
}

static void do_unkept(struct script *script, char *rest)
{
    (void)rest;
    script->model->unkept = true;
}

static void do_back(struct script *script, char *rest)
{
    (void)rest;
    traffic_own_away(script->model, false);
}

static void do_lag(struct script *script, char *rest)
{
    traffic_lag(script->model, atoi(rest));
}

static void do_waiting(struct script *script, char *rest)
{
    traffic_no_answer(script->model, script->now_ms - 1000 * atoi(rest));
}

static void do_room(struct script *script, char *rest)
{
    struct buffer *buffer = buffer_named(script, word(&rest));
    traffic_joined(script->model, buffer, true);
    traffic_topic(script->model, buffer, rest);
}

static void do_member(struct script *script, char *rest)
{
    struct buffer *buffer = buffer_named(script, word(&rest));
    while (*rest) {
        char *nick = word(&rest);
        bool has_role = strchr("@+", nick[0]) != NULL;
        traffic_member(script->model, buffer, nick + has_role, has_role ? nick[0] : ' ');
    }
}

static void do_hear(struct script *script, char *rest)
{
    static const char *const kinds[] = {"talk",   "action", "notice", "join",  "part",
                                        "quit",   "kick",   "rename", "topic", "mode",
                                        "server", "note",   "error"};
    struct buffer *buffer = buffer_named(script, word(&rest));
    char *kind = word(&rest), *nick = word(&rest);
    struct heard heard = {.nick = strcmp(nick, "-") == 0 ? NULL : nick, .time_ms = script->now_ms};
    while (heard.kind < LINE_ERROR && strcmp(kinds[heard.kind], kind) != 0)
        heard.kind++;
    struct str text;
    str_init(&text, MAX_BYTES);
    unescape(rest, &text);
    heard.text = text.data;
    heard.own = heard.kind == LINE_KICK && strcmp(nick, script->model->nick) == 0;
    traffic_hear(script->model, buffer, &heard);
    str_release(&text);
}

static void do_able(struct script *script, char *rest)
{
    static const struct {
        const char *name;
        unsigned ability;
    } names[] = {{"reply", ABLE_REPLY}, {"react", ABLE_REACT}, {"remove", ABLE_REMOVE}};
    unsigned abilities = 0;
    while (*rest) {
        const char *name = word(&rest);
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            abilities |= strcmp(names[i].name, name) == 0 ? names[i].ability : 0;
    }
    traffic_able(script->model, abilities);
}

static void do_said(struct script *script, char *rest)
{
    struct buffer *buffer = buffer_named(script, word(&rest));
    struct heard heard = {.kind = LINE_TALK, .time_ms = script->now_ms};
    heard.msgid = word(&rest);
    const char *reply = word(&rest);
    heard.reply_to = strcmp(reply, "-") == 0 ? NULL : reply;
    heard.nick = word(&rest);
    heard.own = strcmp(heard.nick, script->model->nick) == 0;
    struct str text;
    str_init(&text, MAX_BYTES);
    unescape(rest, &text);
    heard.text = text.data;
    traffic_hear(script->model, buffer, &heard);
    str_release(&text);
}

static void set_reaction(struct script *script, char *rest, bool on)
{
    struct buffer *buffer = buffer_named(script, word(&rest));
    const char *msgid = word(&rest), *nick = word(&rest);
    traffic_react(script->model, buffer, msgid, nick, rest, on, 0);
}

static void do_react(struct script *script, char *rest)
{
    set_reaction(script, rest, true);
}

static void do_unreact(struct script *script, char *rest)
{
    set_reaction(script, rest, false);
}

static void do_remove(struct script *script, char *rest)
{
    struct buffer *buffer = buffer_named(script, word(&rest));
    const char *msgid = word(&rest), *nick = word(&rest);
    traffic_take_back(script->model, buffer, msgid, nick, rest, 0);
}

static void do_types(struct script *script, char *rest)
{
    struct buffer *buffer = buffer_named(script, word(&rest));
    int64_t until_ms = script->now_ms + 1000 * atoi(word(&rest));
    traffic_typing(script->model, buffer, rest, script->now_ms, until_ms);
}

static void do_settle(struct script *script, char *rest)
{
    const struct buffer *buffer = script->model->current;
    if (buffer->pending == 0)
        return;
    struct intent intent; /* somebody has taken it before */
    if (model_take_intent(script->model, &intent))
        intent_release(&intent);
    uint64_t line = buffer_line_at(buffer, buffer_line_count(buffer) - buffer->pending)->id;
    enum line_state state = strcmp(rest, "failed") == 0   ? LINE_FAILED
                            : strcmp(rest, "unsure") == 0 ? LINE_UNSURE
                                                          : LINE_SETTLED;
    traffic_settle(script->model, line, state, script->now_ms);
}

/* Something that was said in those seconds turns up, above the line that was heard last. */
static void do_missed(struct script *script, char *rest)
{
    struct buffer *buffer = script->model->current;
    int64_t away_ms = 1000 * atoi(word(&rest));
    size_t count = buffer_line_count(buffer);
    uint64_t behind = count > 1 ? buffer_line_at(buffer, count - 2)->id : 0;
    struct heard heard = {.kind = LINE_TALK, .nick = word(&rest), .time_ms = script->now_ms};
    heard.text = rest;
    traffic_away(script->model, buffer, traffic_insert(script->model, buffer, behind, &heard),
                 away_ms);
}

/* Draws over what was drawn two steps before. */
static void draw_kept(struct script *script)
{
    struct grid former = script->kept[0];
    script->kept[0] = script->kept[1];
    script->kept[1] = former;
    view_draw(script->model, &theme_default, script->rows, script->cols, script->now_ms,
              &script->kept[0]);
}

static void do_press(struct script *script, char *rest)
{
    for (const char *at = rest; *at;) {
        struct key key;
        at = press_read(at, &key);
        model_key(script->model, script->now_ms, &key);
        draw_kept(script);
    }
}

static void do_click(struct script *script, char *rest)
{
    struct key key = {.press = PRESS_CLICK};
    sscanf(rest, "%d,%d", &key.col, &key.row);
    model_key(script->model, script->now_ms, &key);
}

static void do_paste(struct script *script, char *rest)
{
    struct str text;
    str_init(&text, MAX_BYTES);
    unescape(rest, &text);
    struct key key = {.press = PRESS_PASTE, .text = text.data, .len = text.len};
    model_key(script->model, script->now_ms, &key);
    str_release(&text);
}

static const struct {
    const char *name;
    void (*run)(struct script *script, char *rest);
} orders[] = {
    {"size", do_size},       {"clock", do_clock},   {"online", do_online},
    {"offline", do_offline}, {"lag", do_lag},       {"waiting", do_waiting},
    {"room", do_room},       {"member", do_member}, {"missed", do_missed},
    {"hear", do_hear},       {"settle", do_settle}, {"press", do_press},
    {"click", do_click},     {"paste", do_paste},   {"able", do_able},
    {"said", do_said},       {"react", do_react},   {"types", do_types},
    {"unreact", do_unreact}, {"remove", do_remove}, {"away", do_away},
    {"back", do_back},       {"unkept", do_unkept},
};

static void write_row(const struct grid *grid, int row, struct str *out)
{
    str_addc(out, '|');
    for (int col = 0; col < grid->cols; col++) {
        size_t len;
        const char *text = grid_cell_text(grid, grid_cell(grid, row, col), &len);
        str_add(out, text, len);
    }
    str_adds(out, "|\n");
    if (grid->cursor_visible && grid->cursor_row == row)
        str_addf(out, " %*s^\n", grid->cursor_col, "");
}

static void write_screen(struct script *script, struct str *out)
{
    struct grid grid;
    grid_init(&grid);
    model_check(script->model);
    view_draw(script->model, &theme_default, script->rows, script->cols, script->now_ms, &grid);
    draw_kept(script);
    bool same = true;
    for (int row = 0; row < grid.rows; row++) {
        write_row(&grid, row, out);
        for (int col = 0; col < grid.cols; col++)
            same = same && grid_cell_same(&grid, grid_cell(&grid, row, col), &script->kept[0],
                                          grid_cell(&script->kept[0], row, col));
    }
    if (!same) {
        printf("%s:%d: drawn over a former screen it is another\n", script->path, script->line);
        script->faults++;
    }
    grid_release(&grid);
}

/* Compares the screen with the expected one at `at`; returns where that ends. */
static const char *check_screen(struct script *script, const char *at)
{
    const char *end = at;
    while (*end == '|' || strncmp(end, "  ", 2) == 0 || strncmp(end, " ^", 2) == 0)
        end += strcspn(end, "\n") + 1;
    size_t before = script->written.len;
    write_screen(script, &script->written);
    const char *drawn = script->written.data + before;
    size_t len = (size_t)(end - at);
    if (strlen(drawn) != len || memcmp(drawn, at, len) != 0) {
        printf("%s:%d: expected\n%.*sbut drawn is\n%s", script->path, script->line, (int)len, at,
               drawn);
        script->faults++;
    }
    for (const char *c = at; c < end; c++)
        script->line += *c == '\n';
    return end;
}

static void obey(struct script *script, char *line)
{
    char *rest = line, *name = word(&rest);
    if (*name == '\0' || *name == '#')
        return;
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (strcmp(orders[i].name, name) == 0) {
            orders[i].run(script, rest);
            draw_kept(script);
            return;
        }
    }
    printf("%s:%d: no order \"%s\"\n", script->path, script->line, name);
    script->faults++;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = xcalloc(1, MAX_BYTES);
    if (!file || fread(text, 1, MAX_BYTES - 1, file) == MAX_BYTES - 1) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return text;
}

static void write_file(const char *path, const struct str *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text->data, 1, text->len, file) != text->len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void run_lines(struct script *script, const char *text)
{
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");
        char *line = xmemdup0(at, len);
        script->line++;
        str_addf(&script->written, "%s\n", line);
        at += len + (at[len] == '\n');
        if (strcmp(line, "screen") == 0)
            at = check_screen(script, at);
        else
            obey(script, line);
        free(line);
    }
}

static int run_file(const char *path, bool update)
{
    struct script script = {.path = path, .rows = 10, .cols = 60};
    char *text = read_file(path);
    str_init(&script.written, MAX_BYTES);
    script.model = model_new("lab.local", "ada", &view_measure);
    model_resize(script.model, script.rows, script.cols);
    grid_init(&script.kept[0]);
    grid_init(&script.kept[1]);
    run_lines(&script, text);
    if (update && strcmp(text, script.written.data) != 0)
        write_file(path, &script.written);
    model_free(script.model);
    grid_release(&script.kept[0]);
    grid_release(&script.kept[1]);
    str_release(&script.written);
    free(text);
    return script.faults;
}

int main(int argc, char **argv)
{
    setenv("TZ", "UTC", 1);
    bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
    int faults = 0, files = 0;
    for (int i = 1 + update; i < argc; i++, files++)
        faults += run_file(argv[i], update);
    printf("%d files, %d faults\n", files, faults);
    return update || (files > 0 && faults == 0) ? 0 : 1;
}
