#include "client/fullscreen/launcher.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/envvar.h"
#include "common/alloc.h"

/* Given back when it was freed and the last process handle has closed. */
struct launcher {
    uv_loop_t *loop;
    int n_running;
    bool freed;
};

struct launcher *launcher_new(uv_loop_t *loop)
{
    struct launcher *launcher = xcalloc(1, sizeof(*launcher));
    launcher->loop = loop;
    return launcher;
}

static void drop(struct launcher *launcher)
{
    if (launcher->freed && launcher->n_running == 0)
        free(launcher);
}

static void on_closed(uv_handle_t *handle)
{
    struct launcher *launcher = handle->data;
    launcher->n_running--;
    free(handle);
    drop(launcher);
}

static void close_process(uv_handle_t *handle, void *arg)
{
    if (handle->data == arg && handle->type == UV_PROCESS && !uv_is_closing(handle))
        uv_close(handle, on_closed);
}

void launcher_free(struct launcher *launcher)
{
    if (!launcher)
        return;
    launcher->freed = true;
    uv_walk(launcher->loop, close_process, launcher);
    drop(launcher);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
    (void)status, (void)signal; /* the user's own affair */
    uv_close((uv_handle_t *)process, on_closed);
}

/* The program is looked for as a shell does, and has no terminal. */
static enum launcher_result spawn(struct launcher *launcher, char **argv, char **env)
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
    if (launcher->n_running == LAUNCHER_MAX_RUNNING)
        return LAUNCHER_BUSY;
    uv_process_t *process = xcalloc(1, sizeof(*process));
    process->data = launcher;
    launcher->n_running++;
    if (uv_spawn(launcher->loop, process, &options) == 0)
        return LAUNCHER_RUNS;
    uv_close((uv_handle_t *)process, on_closed); /* libuv wants that after a failure, too */
    return LAUNCHER_FAILED;
}

enum launcher_result launcher_open(struct launcher *launcher, const char *command, const char *link)
{
    char *argv[LAUNCHER_MAX_WORDS + 2], *words = xstrdup(command), *rest = words, *word;
    enum launcher_result result = LAUNCHER_FAILED;
    int count = 0;
    while (count <= LAUNCHER_MAX_WORDS && (word = strsep(&rest, " ")))
        if (*word)
            argv[count++] = word;
    if (count > LAUNCHER_MAX_WORDS) {
        result = LAUNCHER_TOO_LONG;
    } else if (count > 0) {
        argv[count] = (char *)link;
        argv[count + 1] = NULL;
        result = spawn(launcher, argv, environ);
    }
    free(words);
    return result;
}

enum launcher_result launcher_notify(struct launcher *launcher, const char *command,
                                     const char *nick, const char *room, const char *text)
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
    enum launcher_result result = spawn(launcher, argv, env);
    for (size_t i = 0; i < 3; i++)
        free(env[i]);
    free(env);
    return result;
}
