/*
 * A server that sends anything, and a user who goes on talking. Each line of the input is one step:
 * what begins with '\1' is entered by the user, what begins with '\5' typed ('^' is M-Up, '~' C-x, '!'
 * Enter, '?' a look elsewhere), '\2' lets time pass, '\3' loses the connection, '\4'
 * answers the PING that waits; anything else is a line of the server.
 *
 * Whatever comes, what is sent is whole lines within their limit, and the model stays bounded.
 */
#include <stdio.h>
#include <string.h>

#include "client/model/command.h"
#include "client/model/speech.h"
#include "client/model/traffic.h"
#include "client/session/session.h"
#include "common/alloc.h"
#include "tests/fuzz/target.h"

struct world {
    struct model *model;
    struct session *session;
    int64_t now_ms;
    char ping[64]; /* the newest one that the session sent */
};

static void check_sent_line(struct world *w, const char *line, size_t len)
{
    CHECK(len > 0 && len <= 8191 + 8192);
    CHECK(!memchr(line, '\0', len) && !memchr(line, '\r', len));
    if (len > 6 && len - 6 < sizeof(w->ping) && !memcmp(line, "PING :", 6)) {
        memcpy(w->ping, line + 6, len - 6);
        w->ping[len - 6] = '\0';
    }
}

static void take_output(struct world *w)
{
    struct str *output = session_output(w->session);
    const char *at = output->data, *end;
    while ((end = memmem(at, output->len - (size_t)(at - output->data), "\r\n", 2))) {
        check_sent_line(w, at, (size_t)(end - at));
        at = end + 2;
    }
    CHECK(at == output->data + output->len);
    str_reset(output);
}

static void enter(struct world *w, const char *line)
{
    if (line[0] == '/')
        command_run(w->model, w->now_ms, line + 1);
    else if (*line)
        speech_say(w->model, w->now_ms, w->model->current, INTENT_SAY, line);
}

static void press(struct world *w, const char *keys)
{
    static const struct {
        char byte;
        struct key key;
    } named[] = {{'^', {.press = PRESS_UP, .mods = MOD_ALT}},
                 {'!', {.press = PRESS_ENTER}},
                 {'?', {.press = PRESS_FOCUS_OUT}},
                 {'~', {.press = PRESS_TEXT, .mods = MOD_CTRL, .text = "x", .len = 1}}};
    for (; *keys; keys++) {
        struct key key = {.press = PRESS_TEXT, .text = keys, .len = 1};
        for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
            key = named[i].byte == *keys ? named[i].key : key;
        model_key(w->model, w->now_ms, &key);
    }
}

static void server_says(struct world *w, const char *line, size_t len)
{
    session_receive(w->session, w->now_ms, line, len);
    session_receive(w->session, w->now_ms, "\r\n", 2);
}

static void lose(struct world *w)
{
    session_lost(w->session, w->now_ms, w->now_ms + 1000, "lost");
    session_connected(w->session, w->now_ms, false, false);
}

static void act(struct world *w, char *line, size_t len)
{
    char pong[128];
    if (len > 0 && line[0] == '\1')
        enter(w, line + 1);
    else if (len > 0 && line[0] == '\5')
        press(w, line + 1);
    else if (len > 1 && line[0] == '\2')
        w->now_ms += (unsigned char)line[1] * 100;
    else if (len > 0 && line[0] == '\3')
        lose(w);
    else if (len > 0 && line[0] == '\4')
        server_says(w, pong, (size_t)snprintf(pong, sizeof(pong), "PONG x :%s", w->ping));
    else
        server_says(w, line, len);
    session_step(w->session, w->now_ms);
    take_output(w);
    if (session_close_reason(w->session))
        lose(w);
    /* The loop that waits for it does not turn in vain. */
    CHECK(session_deadline_ms(w->session) > w->now_ms);
    CHECK(w->model->buffer_count <= BUFFERS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const rooms[] = {"#a", NULL};
    const struct session_config config = {
        .nick = "ada", .user = "ada", .real_name = "Ada", .rooms = rooms, .seed = 1};
    if (size > 1 << 14)
        return 0;
    struct world w = {.model = model_new("irc.lab", "ada", NULL), .now_ms = 1795000000000};
    w.session = session_new(w.model, &config);
    session_connected(w.session, w.now_ms, false, false);
    take_output(&w);
    char *text = xmemdup0(data, size), *at = text, *end = text + size;
    while (at < end) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        *stop = '\0';
        act(&w, at, (size_t)(stop - at));
        at = stop + 1;
    }
    free(text);
    session_free(w.session);
    model_free(w.model);
    return 0;
}
