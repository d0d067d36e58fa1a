#include "client/fullscreen/notifier.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/envvar.h"
#include "common/alloc.h"

/* Given back when it was freed and the last process handle has closed. */
struct notifier {
    uv_loop_t *loop;
    int n_running;
    bool freed;
};

struct notifier *notifier_new(uv_loop_t *loop)
{
    struct notifier *notifier = xcalloc(1, sizeof(*notifier));
    notifier->loop = loop;
    return notifier;
}

static void drop(struct notifier *notifier)
{
    if (notifier->freed && notifier->n_running == 0)
        free(notifier);
}

static void on_closed(uv_handle_t *handle)
{
    struct notifier *notifier = handle->data;
    notifier->n_running--;
    free(handle);
    drop(notifier);
}

static void close_process(uv_handle_t *handle, void *arg)
{
    if (handle->data == arg && handle->type == UV_PROCESS && !uv_is_closing(handle))
        uv_close(handle, on_closed);
}

void notifier_free(struct notifier *notifier)
{
    if (!notifier)
        return;
    notifier->freed = true;
    uv_walk(notifier->loop, close_process, notifier);
    drop(notifier);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
    (void)status, (void)signal; /* the user's own affair */
    uv_close((uv_handle_t *)process, on_closed);
}

/* The program is looked for as a shell does, and has no terminal. */
static enum notifier_result spawn(struct notifier *notifier, char **argv, char **env)
{
    uv_stdio_container_t nowhere[3] = {
        {.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
    uv_process_options_t options = {
        .file = argv[0],
        .args = argv,
        .env = env,
        .exit_cb = on_exit_of,
        .flags = UV_PROCESS_DETACHED,
        .stdio = nowhere,
        .stdio_count = 3,
    };
    if (notifier->n_running == NOTIFIER_MAX_RUNNING)
        return NOTIFIER_BUSY;
    uv_process_t *process = xcalloc(1, sizeof(*process));
    process->data = notifier;
    notifier->n_running++;
    if (uv_spawn(notifier->loop, process, &options) == 0)
        return NOTIFIER_RUNS;
    uv_close((uv_handle_t *)process, on_closed); /* libuv wants that after a failure, too */
    return NOTIFIER_FAILED;
}

enum notifier_result notifier_open(struct notifier *notifier, const char *command, const char *link)
{
    char *argv[NOTIFIER_MAX_WORDS + 2], *words = xstrdup(command), *rest = words, *word;
    enum notifier_result result = NOTIFIER_FAILED;
    int count = 0;
    while (count <= NOTIFIER_MAX_WORDS && (word = strsep(&rest, " ")))
        if (*word)
            argv[count++] = word;
    if (count > NOTIFIER_MAX_WORDS) {
        result = NOTIFIER_TOO_LONG;
    } else if (count > 0) {
        argv[count] = (char *)link;
        argv[count + 1] = NULL;
        result = spawn(notifier, argv, environ);
    }
    free(words);
    return result;
}

enum notifier_result notifier_run(struct notifier *notifier, const char *command, const char *nick,
                                  const char *room, const char *text)
{
    size_t n = 0;
    while (environ[n])
        n++;
    char **env = xcalloc(n + 4, sizeof(*env));
    /* First, since of two of a name most programs take the first. */
    env[0] = envvar_new("SNUG_NICK", nick);
    env[1] = envvar_new("SNUG_ROOM", room);
    env[2] = envvar_new("SNUG_TEXT", text);
    for (size_t i = 0; i < n; i++)
        env[3 + i] = environ[i];
    char shell[] = "/bin/sh", flag[] = "-c";
    char *argv[] = {shell, flag, (char *)command, NULL};
    enum notifier_result result = spawn(notifier, argv, env);
    for (size_t i = 0; i < 3; i++)
        free(env[i]);
    free(env);
    return result;
}
