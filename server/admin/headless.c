#include "server/admin/headless.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "common/alloc.h"
#include "server/admin/console.h"
#include "server/admin/printer.h"
#include "server/admin/status.h"
#include "server/door/plain/form.h"
#include "server/run/clock.h"

enum {
    TEXT_BYTES = 256 * 1024,
};

struct headless {
    uv_signal_t usr1;
    struct headless_config config;
    struct loop *loop;
    const struct hub *hub;
    const struct store *store;
    struct plain_form form;
    struct printer *printer;
    struct console *console; /* NULL: none */
    struct status status;
    struct str text;
    char shown[EVENT_ID_MAX]; /* the departure or change of name that was last shown */
};

/* Prints what was written to `text`. */
static void print(struct headless *headless)
{
    struct str *text = &headless->text;
    if (text->len == 0)
        return;
    printer_lines(headless->printer, text->data, text->len);
    str_reset(text);
}

/* What is said between two people is never shown; what is an entry of several rooms is shown once. */
static bool is_shown(struct headless *headless, const struct event *event)
{
    switch (event->type) {
    case EVENT_JOIN:
    case EVENT_PART:
    case EVENT_KICK:
        return true;
    case EVENT_QUIT:
    case EVENT_NICK:
        if (strcmp(headless->shown, event->id) == 0)
            return false;
        memcpy(headless->shown, event->id, sizeof headless->shown);
        return true;
    case EVENT_SPEECH:
    case EVENT_TOPIC:
        return headless->config.echo && event->target[0] == '#';
    default:
        return false;
    }
}

/* The words are those of telnet's lines, which end in CR LF. */
static void drop_returns(struct str *text, size_t from)
{
    for (char *at; (at = memchr(text->data + from, '\r', text->len - from));
         from = (size_t)(at - text->data))
        str_remove(text, (size_t)(at - text->data), 1);
}

static void on_tailed(void *ctx, const struct event *event, int64_t now_ms)
{
    struct headless *headless = ctx;
    status_count(&headless->status, event, now_ms);
    if (!is_shown(headless, event))
        return;
    struct str *text = &headless->text;
    size_t start = text->len;
    plain_format(&headless->form, PLAIN_OTHERS, event, text);
    drop_returns(text, start);
    if (text->len > TEXT_BYTES / 2)
        print(headless);
}

/* One call of the system for all that happened in a turn. */
static void on_turned(void *ctx)
{
    print(ctx);
}

static void show_status(void *ctx)
{
    struct headless *headless = ctx;
    status_write(&headless->status, clock_ms(), loop_pump(headless->loop), headless->hub,
                 headless->store, &headless->text);
    print(headless);
}

static void on_usr1(uv_signal_t *handle, int number)
{
    (void)number;
    show_status(handle->data);
}

static void on_tick(void *ctx)
{
    printer_flush(((struct headless *)ctx)->printer);
}

static void on_quit(void *ctx)
{
    loop_stop(((struct headless *)ctx)->loop, "the console's word");
}

static void say(void *ctx, const char *line)
{
    struct headless *headless = ctx;
    str_addf(&headless->text, "%s\n", line);
    print(headless);
}

static bool open_console(struct headless *headless)
{
    const struct console_owner owner = {
        .ctx = headless,
        .quit = on_quit,
        .status = show_status,
        .say = say,
    };
    headless->console = console_new(loop_uv(headless->loop), &owner);
    return headless->console != NULL;
}

static void start(struct headless *headless)
{
    uv_loop_t *uv = loop_uv(headless->loop);
    headless->printer = printer_new(STDOUT_FILENO);
    uv_signal_init(uv, &headless->usr1);
    headless->usr1.data = headless;
    uv_signal_start(&headless->usr1, on_usr1, SIGUSR1);
    uv_unref((uv_handle_t *)&headless->usr1);
    loop_watch(headless->loop, &(struct loop_watcher){
                                   .ctx = headless,
                                   .tailed = on_tailed,
                                   .turned = on_turned,
                                   .tick = on_tick,
                               });
}

struct headless *headless_new(struct loop *loop, const struct hub *hub, const struct store *store,
                              const struct headless_config *config)
{
    struct headless *headless = xcalloc(1, sizeof *headless);
    headless->config = *config;
    headless->loop = loop;
    headless->hub = hub;
    headless->store = store;
    headless->form = (struct plain_form){.hub = hub, .ahead_s = config->ahead_s};
    str_init(&headless->text, TEXT_BYTES);
    status_init(&headless->status, clock_ms());
    start(headless);
    if (config->console && !open_console(headless)) {
        headless_free(headless);
        return NULL;
    }
    return headless;
}

static void on_closed(uv_handle_t *handle)
{
    struct headless *headless = handle->data;
    str_release(&headless->text);
    free(headless);
}

void headless_free(struct headless *headless)
{
    if (!headless)
        return;
    loop_watch(headless->loop, &(struct loop_watcher){0});
    printer_free(headless->printer);
    console_free(headless->console);
    uv_close((uv_handle_t *)&headless->usr1, on_closed);
}
