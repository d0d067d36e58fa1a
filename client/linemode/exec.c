#include "client/linemode/exec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/envvar.h"
#include "client/linemode/json.h"
#include "common/alloc.h"
#include "common/ring.h"
#include "common/str.h"

extern char **environ;

enum {
    TYPE,
    TIME,
    ROOM,
    NICK,
    TEXT,
    VARIABLES,
};

/* A message that waits, as the variables that the command will find. */
struct message {
    char *variables[VARIABLES];
};

struct linemode_exec {
    uv_loop_t *loop;
    char *command;
    struct ring waiting; /* struct message */
    size_t left_out;
    uv_process_t process;
    uv_pipe_t input;
    uv_write_t write;
    struct message running; /* while n_open is not 0 */
    int n_open;             /* handles */
};

struct linemode_exec *linemode_exec_new(uv_loop_t *loop, const char *command)
{
    struct linemode_exec *exec = xcalloc(1, sizeof(*exec));
    exec->loop = loop;
    exec->command = xstrdup(command);
    ring_init(&exec->waiting, sizeof(struct message), EXEC_MAX_WAITING);
    return exec;
}

static void forget(struct message *message)
{
    for (size_t i = 0; i < VARIABLES; i++)
        free(message->variables[i]);
    *message = (struct message){0};
}

void linemode_exec_end(struct linemode_exec *exec)
{
    if (!exec)
        return;
    struct message message;
    size_t n = exec->waiting.len + exec->left_out;
    if (n > 0)
        fprintf(stderr, "snug: %zu %s not given to the command\n", n,
                n == 1 ? "message was" : "messages were");
    while (ring_pop_front(&exec->waiting, &message))
        forget(&message);
    exec->left_out = 0;
}

void linemode_exec_free(struct linemode_exec *exec)
{
    if (!exec)
        return;
    forget(&exec->running);
    ring_release(&exec->waiting);
    free(exec->command);
    free(exec);
}

static void run_next(struct linemode_exec *exec);

static void on_closed(uv_handle_t *handle)
{
    struct linemode_exec *exec = handle->data;
    if (--exec->n_open > 0)
        return;
    forget(&exec->running);
    run_next(exec);
}

static void on_ended(uv_process_t *process, int64_t status, int signal)
{
    struct linemode_exec *exec = process->data;
    if (signal != 0)
        fprintf(stderr, "snug: the command was ended by signal %d\n", signal);
    else if (status != 0)
        fprintf(stderr, "snug: the command ended with status %d\n", (int)status);
    if (!uv_is_closing((uv_handle_t *)&exec->input))
        uv_close((uv_handle_t *)&exec->input, on_closed);
    uv_close((uv_handle_t *)process, on_closed);
}

/* A command that does not read its input is none the worse for it. */
static void on_written(uv_write_t *write, int status)
{
    (void)status;
    struct linemode_exec *exec = write->data;
    if (!uv_is_closing((uv_handle_t *)&exec->input))
        uv_close((uv_handle_t *)&exec->input, on_closed);
}

/* The environment with the message's variables in front: the first of a name is the one that counts. */
static char **make_environment(const struct message *message)
{
    size_t n = 0;
    while (environ[n])
        n++;
    char **env = xcalloc(n + VARIABLES + 1, sizeof(*env));
    memcpy(env, message->variables, sizeof(message->variables));
    memcpy(env + VARIABLES, environ, n * sizeof(*env));
    return env;
}

static int spawn(struct linemode_exec *exec)
{
    char shell[] = "/bin/sh", option[] = "-c";
    char *args[] = {shell, option, exec->command, NULL};
    uv_stdio_container_t stdio[] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&exec->input},
        {.flags = UV_INHERIT_FD, .data.fd = 1},
        {.flags = UV_INHERIT_FD, .data.fd = 2},
    };
    char **env = make_environment(&exec->running);
    const uv_process_options_t options = {
        .file = shell,
        .args = args,
        .env = env,
        .stdio = stdio,
        .stdio_count = 3,
        .exit_cb = on_ended,
    };
    uv_pipe_init(exec->loop, &exec->input, 0);
    exec->input.data = exec->process.data = exec->write.data = exec;
    int error = uv_spawn(exec->loop, &exec->process, &options);
    exec->n_open = 2;
    free(env);
    return error;
}

static void write_input(struct linemode_exec *exec)
{
    char *text = exec->running.variables[TEXT] + strlen("SNUG_TEXT=");
    static char newline[] = "\n"; /* libuv may write it later */
    uv_buf_t bytes[] = {uv_buf_init(text, (unsigned)strlen(text)), uv_buf_init(newline, 1)};
    if (uv_write(&exec->write, (uv_stream_t *)&exec->input, bytes, 2, on_written) != 0)
        uv_close((uv_handle_t *)&exec->input, on_closed);
}

static void run_next(struct linemode_exec *exec)
{
    if (exec->left_out > 0 && exec->waiting.len == 0) {
        fprintf(stderr, "snug: the command is too slow: it was not given %zu messages\n",
                exec->left_out);
        exec->left_out = 0;
    }
    if (!ring_pop_front(&exec->waiting, &exec->running))
        return;
    int error = spawn(exec);
    if (error == 0) {
        write_input(exec);
        return;
    }
    fprintf(stderr, "snug: cannot run the command: %s\n", uv_strerror(error));
    uv_close((uv_handle_t *)&exec->input, on_closed);
    uv_close((uv_handle_t *)&exec->process, on_closed);
}

static struct message make_message(const struct buffer *buffer, const struct buffer_line *line)
{
    struct str time;
    str_init(&time, 64);
    linemode_time(line->time_ms, &time);
    struct message message = {
        .variables = {
            [TYPE] = envvar_new("SNUG_TYPE", linemode_type(line->kind)),
            [TIME] = envvar_new("SNUG_TIME", time.data),
            [ROOM] = envvar_new("SNUG_ROOM", buffer->kind == BUFFER_ROOM ? buffer->name : ""),
            [NICK] = envvar_new("SNUG_NICK", line->nick),
            [TEXT] = envvar_new("SNUG_TEXT", line->text),
        }};
    str_release(&time);
    return message;
}

void linemode_exec_add(struct linemode_exec *exec, const struct buffer *buffer,
                       const struct buffer_line *line)
{
    if (ring_full(&exec->waiting)) {
        exec->left_out++;
        return;
    }
    struct message message = make_message(buffer, line);
    ring_push(&exec->waiting, &message, NULL);
    if (exec->n_open == 0)
        run_next(exec);
}
