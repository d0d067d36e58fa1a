/* snug: options, and whether there is a terminal. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "client/clock.h"
#include "client/config/config.h"
#include "client/disk/autosave.h"
#include "client/disk/state_dir.h"
#include "client/fullscreen/fullscreen.h"
#include "client/linemode/linemode.h"
#include "client/security.h"
#include "common/alloc.h"
#include "common/file.h"

enum {
    EXIT_USAGE = 2,
    ERROR_MAX_BYTES = 4096,
    HELP_MAX_BYTES = 1 << 20,
};

/* How the program is to run, where that is not as usual. */
struct mode {
    bool lines;  /* even on a terminal: no person is there */
    bool linear; /* one line after the other */
    const struct option_strings *styles;
};

static int fail(int status, const struct str *error)
{
    fprintf(stderr, "snug: %s\n", error->data);
    return status;
}

static int show_help(void)
{
    struct str text;
    str_init(&text, HELP_MAX_BYTES);
    options_help(&config_table, &text);
    fputs(text.data, stdout);
    str_release(&text);
    return 0;
}

static int show_version(void)
{
    printf("snug %s\n", SNUG_VERSION);
    return 0;
}

/* Ids of messages must differ between runs. */
static bool random_seed(uint64_t *seed, struct str *error)
{
    if (getrandom(seed, sizeof(*seed), 0) == (ssize_t)sizeof(*seed))
        return true;
    str_adds(error, "the system has no random numbers");
    return false;
}

static int run_fullscreen(const struct uplink_config *uplink, const struct session_config *session,
                          const struct preferences *preferences, const struct terminal *terminal,
                          struct str *error)
{
    struct str directory, server, why_not;
    str_init(&directory, STATE_DIR_MAX_BYTES);
    str_init(&server, STATE_DIR_MAX_BYTES);
    str_init(&why_not, ERROR_MAX_BYTES);
    str_addf(&server, "%s:%s", uplink->host, uplink->port);
    const struct autosave_config autosave = {
        .directory = state_dir_find(&directory, &why_not) ? directory.data : NULL,
        .why_not = why_not.data,
        .server = server.data,
        .nick = session->nick,
        .run = session->seed,
    };
    int status = fullscreen_run(uplink, session, &autosave, preferences, terminal, error);
    str_release(&directory);
    str_release(&server);
    str_release(&why_not);
    return status;
}

/* Fills the terminal, if it can be filled and the user does not want it otherwise. */
static int run_on_terminal(const struct uplink_config *uplink, const struct session_config *session,
                           const struct preferences *preferences, const struct mode *mode,
                           struct str *error)
{
    const struct caps_env env = {
        .term = getenv("TERM"), .colorterm = getenv("COLORTERM"), .no_color = getenv("NO_COLOR")};
    struct caps caps;
    struct terminal terminal = {
        .caps = &caps,
        .is_linear = mode->linear || !caps_load(&caps, &env, error),
        .ground = theme_ground_of(getenv("COLORFGBG")),
        .styles = mode->styles,
    };
    if (terminal.is_linear)
        caps_load_linear(&caps, &env);
    str_reset(error);
    int status = run_fullscreen(uplink, session, preferences, &terminal, error);
    caps_release(&caps);
    return status < 0 ? fail(1, error) : status;
}

static void print_warning(void *ctx, const char *warning)
{
    (void)ctx;
    fprintf(stderr, "snug: %s\n", warning);
}

/* With a person where there is a terminal; else with lines. */
static int run_in_mode(struct uplink_config *uplink, struct session_config *session,
                       const struct preferences *preferences, const struct linemode_config *lines,
                       const struct mode *mode, struct str *error)
{
    static const char *const lobby[] = {"#lobby", NULL};
    bool no_room = !session->rooms[0];
    if (!mode->lines && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
        uplink->takes_new = true; /* the user sees that it is the first visit */
        session->lobby = no_room ? lobby[0] : NULL;
        session->wants_past = true;
        return run_on_terminal(uplink, session, preferences, mode, error);
    }
    if (no_room)
        session->rooms = lobby;
    return security_await(uplink->security, print_warning, NULL, error)
               ? linemode_run(uplink, session, lines)
               : fail(1, error);
}

static const char **list_rooms(const struct config *config)
{
    const char **rooms = xcalloc(config->rooms.len + 1, sizeof(*rooms));
    for (size_t i = 0; i < config->rooms.len; i++)
        rooms[i] = config->rooms.items[i];
    return rooms;
}

static int run_session(const struct config *config, const struct config_target *target,
                       const struct preferences *preferences, struct security *security,
                       const struct mode *mode, struct str *error)
{
    uint64_t seed;
    struct clock clock;
    if (!random_seed(&seed, error))
        return fail(1, error);
    clock_init(&clock);
    struct config_user user = config_user();
    const char **rooms = list_rooms(config);
    struct uplink_config uplink = {
        .clock = &clock,
        .host = target->host,
        .port = target->port,
        .seed = seed,
        .security = security,
    };
    struct session_config session = {
        .nick = config->nick ? config->nick : user.login,
        .user = user.login,
        .real_name = user.real_name,
        .rooms = rooms,
        .seed = seed,
        .guessed_nick = !config->nick,
        .device_code = config->device,
        .device_label = user.machine,
    };
    const struct linemode_config lines = {
        .format = (enum linemode_format)config->format,
        .once = config->once,
        .exec = config->exec,
        .settings = preferences->settings,
    };
    int status = run_in_mode(&uplink, &session, preferences, &lines, mode, error);
    free(rooms);
    return status;
}

/* Begins to get ready for TLS if it is due, and goes on from there. */
static int start(const struct config *config, const struct preferences *preferences, bool tls_given,
                 const struct mode *mode, struct str *error)
{
    struct config_target target = config_target(config, tls_given);
    struct config_user user = config_user();
    struct security security;
    if (target.tls)
        security_init(&security, user.login, config->fingerprint, config->trust_new);
    int status =
        run_session(config, &target, preferences, target.tls ? &security : NULL, mode, error);
    if (target.tls)
        security_release(&security);
    config_target_release(&target);
    return status;
}

static int run(struct options *options, struct config *config, int argc, char **argv,
               struct str *error)
{
    if (!options_args(options, argc, argv, error))
        return fail(EXIT_USAGE, error);
    if (config->help)
        return show_help();
    if (config->version)
        return show_version();
    if (!config_read_file(options, config, error) || !config_check(config, error))
        return fail(EXIT_USAGE, error);
    const struct mode mode = {
        .lines = config->once || config->exec || options_given(options, "format"),
        .linear = config->linear,
        .styles = &config->styles,
    };
    struct settings settings;
    struct str path;
    settings_init(&settings);
    str_init(&path, STATE_DIR_MAX_BYTES);
    const struct preferences preferences = {
        .settings = &settings,
        .path = config_path(config, &path) ? path.data : NULL,
    };
    bool tls_given = options_given(options, "tls");
    int status = config_settings(options, &settings, error)
                     ? start(config, &preferences, tls_given, &mode, error)
                     : fail(EXIT_USAGE, error);
    settings_release(&settings);
    str_release(&path);
    return status;
}

int main(int argc, char **argv)
{
    struct config config;
    struct options options;
    struct str error;
    file_fill_standard();
    signal(SIGPIPE, SIG_IGN); /* a server that is gone is an error of its write */
    signal(SIGXFSZ, SIG_IGN); /* a journal that may not grow is one of its */
    /* A thread that is there for a moment needs no heap of its own. */
    mallopt(M_ARENA_MAX, 1);
    str_init(&error, ERROR_MAX_BYTES);
    options_init(&options, &config_table, &config);
    int status = run(&options, &config, argc, argv, &error);
    if (status == 0 && !file_finish(stdout, &error))
        status = fail(1, &error);
    options_release(&options);
    str_release(&error);
    return status;
}
