#include "tests/unit/session_world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/command.h"
#include "client/model/speech.h"
#include "tests/press.h"

static void take_output(struct world *w)
{
    struct str *output = session_output(w->session);
    char *line = output->data;
    while (output->len > 0 && *line) {
        char *end = strstr(line, "\r\n");
        assert_non_null(end);
        *end = '\0';
        /* The session's own PINGs come at any time; steps that care for them say PING or PONG. */
        if (!strncmp(line, "PING :snug", 10))
            snprintf(w->last_ping, sizeof(w->last_ping), "%.60s", line + 6);
        else
            str_addf(&w->sent, "%s\n", line);
        line = end + 2;
    }
    str_reset(output);
}

void world_step(struct world *w)
{
    session_step(w->session, w->now_ms);
    take_output(w);
}

static void server_says(struct world *w, const char *line)
{
    struct str bytes;
    str_init(&bytes, 100000);
    str_addf(&bytes, "%s\r\n", line);
    session_receive(w->session, w->now_ms, bytes.data, bytes.len);
    str_release(&bytes);
    world_step(w);
}

void world_enters(struct world *w, const char *line)
{
    bool done = line[0] == '/'
                    ? command_run(w->model, w->now_ms, line + 1)
                    : speech_say(w->model, w->now_ms, w->model->current, INTENT_SAY, line);
    if (!done)
        fail_msg("refused \"%s\": %s", line, w->model->hint.data);
    world_step(w);
}

static void expect_sent(struct world *w, const char *line)
{
    size_t len = strcspn(w->sent.data, "\n");
    if (len != strlen(line) || memcmp(w->sent.data, line, len) != 0)
        fail_msg("sent \"%.*s\", not \"%s\"", (int)len, w->sent.data, line);
    str_remove(&w->sent, 0, len + 1);
}

static void expect_quiet(struct world *w)
{
    assert_string_equal(w->sent.data, "");
}

static struct buffer *buffer_named(struct world *w, const char *name)
{
    struct buffer *buffer =
        strcmp(name, "server") ? model_find(w->model, name) : w->model->buffers[0];
    if (!buffer)
        fail_msg("no buffer %s", name);
    return buffer;
}

/* Behind the text, what else there is to see of it: "{👍 1}". */
static void describe_rest(const struct buffer_line *line, struct str *out)
{
    if (line->more->removed)
        str_addf(out, " (removed by %s)", line->more->removed);
    if (line->more->reactions.count > 0) {
        str_adds(out, " {");
        reactions_words(&line->more->reactions, out);
        str_adds(out, "}");
    }
    if (line->mention)
        str_adds(out, " {mention}");
    if (line->more->n_runs > 0)
        str_adds(out, " {looks}");
}

static void describe(const struct buffer_line *line, struct str *out)
{
    static const char *const kinds[] = {"talk",   "action", "notice", "join",  "part",
                                        "quit",   "kick",   "rename", "topic", "mode",
                                        "server", "note",   "error"};
    static const char *const states[] = {"", " [pending]", " [failed]", " [unsure]"};
    str_addf(out, "%s%s%s%s%s%s", kinds[line->kind], *line->nick ? " " : "", line->nick,
             *line->text ? " " : "", line->text, states[line->state]);
    describe_rest(line, out);
}

/* `about` is "#room | what"; fills name and returns what. */
static const char *split_about(const char *about, char name[64])
{
    const char *bar = strstr(about, " | ");
    assert_non_null(bar);
    snprintf(name, 64, "%.*s", (int)(bar - about), about);
    return bar + 3;
}

static void expect_line(struct world *w, const char *about)
{
    char name[64];
    const char *wanted = split_about(about, name);
    struct buffer *buffer = buffer_named(w, name);
    struct str text;
    str_init(&text, 100000);
    size_t count = buffer_line_count(buffer);
    if (count > 0)
        describe(buffer_line_at(buffer, count - 1), &text);
    if (strcmp(text.data, wanted) != 0)
        fail_msg("%s shows \"%s\", not \"%s\"", name, text.data, wanted);
    str_release(&text);
}

static void expect_all(struct world *w, const char *about)
{
    char name[64];
    const char *wanted = split_about(about, name);
    const struct buffer *buffer = buffer_named(w, name);
    struct str text;
    str_init(&text, 100000);
    for (size_t i = 0; i < buffer_line_count(buffer); i++) {
        if (i > 0)
            str_adds(&text, " / ");
        if (buffer_line_at(buffer, i)->id == buffer->first_unread)
            str_addf(&text, "--%s-- ", buffer->away_ms ? " away " : "");
        describe(buffer_line_at(buffer, i), &text);
    }
    assert_string_equal(text.data, wanted);
    str_release(&text);
    buffer_check(buffer);
}

static void expect_members(struct world *w, const char *about)
{
    char name[64];
    const char *wanted = split_about(about, name);
    const struct buffer *buffer = buffer_named(w, name);
    struct str text;
    str_init(&text, 100000);
    for (size_t i = 0; i < buffer->members.count; i++) {
        const struct member *member = &buffer->members.list[i];
        str_addf(&text, "%s%s%s", i ? " " : "",
                 member->prefix == ' ' ? "" : (char[2]){member->prefix}, member->nick);
    }
    assert_string_equal(text.data, wanted);
    str_release(&text);
}

void world_pong(struct world *w)
{
    char line[128];
    assert_true(w->last_ping[0]);
    snprintf(line, sizeof(line), ":irc.lab PONG irc.lab :%s", w->last_ping);
    w->last_ping[0] = '\0';
    server_says(w, line);
}

static const char *const way_in[] = {
    "connect",
    "C: CAP LS :302",
    "C: NICK :ada",
    "C: USER ada 0 * :Ada L",
    "S: :irc.lab 421 ada CAP :Unknown command",
    "S: :irc.lab 001 ada :Welcome",
    "S: :irc.lab 005 ada CASEMAPPING=ascii CHANTYPES=# PREFIX=(ov)@+ CHANMODES=b,k,l,nt :are "
    "supported",
    "S: :irc.lab 422 ada :no MOTD",
    "S: :ada!ada@host JOIN #lobby",
    "S: :irc.lab 353 ada = #lobby :@ada bob",
    "S: :irc.lab 366 ada #lobby :End",
    "PONG",
    NULL,
};

static void press(struct world *w, const char *keys)
{
    while (*keys) {
        struct key key;
        keys = press_read(keys, &key);
        model_key(w->model, w->now_ms, &key);
    }
    world_step(w);
}

static void expect_buffers(struct world *w, const char *wanted)
{
    struct str names;
    str_init(&names, 10000);
    for (size_t i = 1; i < w->model->buffer_count; i++)
        str_addf(&names, "%s%s", i > 1 ? " " : "", w->model->buffers[i]->name);
    assert_string_equal(names.data, wanted);
    str_release(&names);
}

void world_act(struct world *w, const char *line)
{
    if (!strncmp(line, "S: ", 3))
        server_says(w, line + 3);
    else if (!strncmp(line, "U: ", 3))
        world_enters(w, line + 3);
    else if (!strncmp(line, "C: ", 3))
        expect_sent(w, line + 3);
    else if (!strncmp(line, "V: ", 3))
        expect_line(w, line + 3);
    else if (!strncmp(line, "A: ", 3))
        expect_all(w, line + 3);
    else if (!strncmp(line, "N: ", 3))
        expect_members(w, line + 3);
    else if (!strncmp(line, "T: ", 3))
        w->now_ms += strtol(line + 3, NULL, 10), world_step(w);
    else if (!strncmp(line, "K: ", 3))
        press(w, line + 3);
    else if (!strncmp(line, "B: ", 3))
        expect_buffers(w, line + 3);
    else if (!strcmp(line, "quiet"))
        expect_quiet(w);
    else if (!strcmp(line, "away") || !strcmp(line, "here"))
        assert_int_equal(w->model->away, !strcmp(line, "away"));
    else if (!strcmp(line, "PONG"))
        world_pong(w);
    else if (!strcmp(line, "online"))
        world_play(w, way_in);
    else if (!strcmp(line, "connect"))
        session_connected(w->session, w->now_ms, false, false), take_output(w);
    else if (!strcmp(line, "connect in TLS"))
        session_connected(w->session, w->now_ms, true, true), take_output(w);
    else if (!strcmp(line, "lost"))
        session_lost(w->session, w->now_ms, w->now_ms + 1000, "reset"), world_step(w);
    else
        fail_msg("no such step: %s", line);
}

void world_play(struct world *w, const char *const *script)
{
    for (; *script; script++)
        world_act(w, *script);
}

static void init(struct world *w, const char *const *rooms, bool new_device)
{
    const struct session_config config = {.nick = "ada",
                                          .user = "ada",
                                          .real_name = "Ada L",
                                          .rooms = rooms,
                                          .wants_past = true,
                                          .guessed_nick = new_device,
                                          .device_code = new_device ? "4821-0937" : NULL,
                                          .device_label = "phone",
                                          .seed = 0x5eed};
    memset(w, 0, sizeof(*w));
    w->now_ms = WORLD_START_MS;
    w->model = model_new("irc.lab", "ada", NULL);
    w->session = session_new(w->model, &config);
    str_init(&w->sent, 1 << 20);
}

void world_init(struct world *w, const char *const *rooms)
{
    init(w, rooms, false);
}

void world_release(struct world *w)
{
    session_free(w->session);
    model_free(w->model);
    str_release(&w->sent);
}

void world_run(const char *const *script)
{
    struct world w;
    bool new_device = strcmp(*script, "as a new device") == 0;
    init(&w, NULL, new_device);
    world_play(&w, script + new_device);
    world_release(&w);
}
