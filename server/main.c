/* snugd: options, wiring, and the way out. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <uv.h>

#include "common/log.h"
#include "server/config.h"
#include "server/core/hub.h"
#include "server/door/irc/irc.h"
#include "server/door/plain/plain.h"
#include "server/headless.h"
#include "server/loop.h"
#include "server/store/store.h"

enum {
    EXIT_USAGE = 2,
    ERROR_MAX_BYTES = 4096,
    PATH_MAX_BYTES = 4096,
    NAME_MAX_BYTES = 80,
    MOTD_MAX_BYTES = 64 * 1024,
    SPARE_FILES = 64,    /* descriptors that are no connections */
    MIN_SESSIONS = 16,
};

/* All that a server consists of. */
struct server {
    struct log log;
    struct hub *hub;
    struct irc_door *irc;
    struct door irc_door;
    struct plain_door *plain;
    struct door plain_door;
    struct loop *loop;
    struct store *store;
    struct headless *headless;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How far the clock on the wall is ahead of UTC. */
static int ahead_s(int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm local;
    return localtime_r(&seconds, &local) ? (int)local.tm_gmtoff : 0;
}

/* The seed of ids and hash tables. Without one from the system, nobody should be let in. */
static uint64_t random_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        perror("snugd: no random numbers");
        exit(1);
    }
    return seed;
}

/* Allows as many files as the system does, and returns how many that is. */
static size_t raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

/* More sessions than files would turn people away without a word. */
static struct hub *make_hub(uint64_t seed)
{
    struct hub_config config = hub_config_default();
    size_t files = raise_file_limit();
    size_t sessions = files > SPARE_FILES + MIN_SESSIONS ? files - SPARE_FILES : MIN_SESSIONS;
    if (config.max_sessions > sessions)
        config.max_sessions = sessions;
    return hub_new(&config, seed);
}

/* Opens the log; its rooms come back. */
static bool open_store(struct server *server, const struct config *config, const char *dir,
                       struct str *error)
{
    struct store_listener listener = pump_store_listener(loop_pump(server->loop));
    struct store_options options = store_options_default();
    options.durability = (enum store_durability)config->durability;
    options.keep_ms = config->keep_ms;
    options.keep_bytes = config->keep_bytes;
    options.seed = random_seed();
    server->store = store_open(dir, &listener, &options, error);
    if (!server->store)
        return false;
    pump_set_store(loop_pump(server->loop), server->store);
    return true;
}

static void server_init(struct server *server, const struct config *config, const char *motd)
{
    *server = (struct server){0};
    struct str name;
    str_init(&name, NAME_MAX_BYTES);
    config_server_name(config, &name);
    log_init(&server->log, stderr, "snugd", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    server->hub = make_hub(random_seed());
    server->irc = irc_door_new(&(struct irc_config){
        .server_name = name.data,
        .network = config->network,
        .motd = *motd ? motd : NULL,
        .started_ms = now_ms(),
    });
    server->irc_door = irc_door_handle(server->irc);
    server->plain = plain_door_new(&(struct plain_config){
        .guests = config->plain_guests,
        .ahead_s = ahead_s,
    });
    server->plain_door = plain_door_handle(server->plain);
    server->loop = loop_new(server->hub, &server->log);
    str_release(&name);
}

static void server_release(struct server *server)
{
    headless_free(server->headless);
    store_free(server->store);
    loop_free(server->loop);
    irc_door_free(server->irc);
    plain_door_free(server->plain);
    hub_free(server->hub);
    log_release(&server->log);
}

static bool watch(struct server *server, const struct config *config)
{
    server->headless = headless_new(server->loop, server->hub, server->store,
                                    &(struct headless_config){
                                        .echo = config->echo,
                                        .console = config->console,
                                        .ahead_s = ahead_s,
                                    });
    if (!server->headless)
        fprintf(stderr, "snugd: --console takes its lines from a terminal or a pipe\n");
    return server->headless != NULL;
}

static bool listen_at(struct server *server, const char *address, struct door *door)
{
    int error = loop_listen(server->loop, address, door);
    if (error < 0)
        fprintf(stderr, "snugd: cannot listen on %s: %s\n", address, uv_strerror(error));
    return error == 0;
}

static bool listen_all(struct server *server, const struct option_strings *addresses,
                       struct door *door)
{
    for (size_t i = 0; i < addresses->len; i++) {
        if (!listen_at(server, addresses->items[i], door))
            return false;
    }
    return true;
}

/* This machine alone, by both protocols if it has both. */
static bool listen_by_default(struct server *server)
{
    static const char v6[] = "[::1]:6667";
    if (!listen_at(server, "127.0.0.1:6667", &server->irc_door))
        return false;
    int error = loop_listen(server->loop, v6, &server->irc_door);
    if (error == UV_EADDRNOTAVAIL || error == UV_EAFNOSUPPORT) {
        fprintf(stderr, "snugd: not listening on %s: this machine has no IPv6\n", v6);
        return true;
    }
    if (error < 0)
        fprintf(stderr, "snugd: cannot listen on %s: %s\n", v6, uv_strerror(error));
    return error == 0;
}

static bool listen_everywhere(struct server *server, const struct config *config)
{
    if (config->irc.len == 0 && config->plain.len == 0)
        return listen_by_default(server);
    return listen_all(server, &config->irc, &server->irc_door) &&
           listen_all(server, &config->plain, &server->plain_door);
}

static int fail(int status, const struct str *error)
{
    fprintf(stderr, "snugd: %s\n", error->data);
    return status;
}

/* Serves with options that are known to be right; returns the exit status. */
static int serve(const struct config *config, struct str *error)
{
    struct str path;
    struct str motd;
    struct server server;
    int status = 1;
    str_init(&path, PATH_MAX_BYTES);
    str_init(&motd, MOTD_MAX_BYTES);
    if (!config_data_dir(config, &path, error) || !config_motd(config, &motd, error)) {
        fail(status, error);
        goto out;
    }
    server_init(&server, config, motd.data);
    if (!open_store(&server, config, path.data, error)) {
        fail(status, error);
    } else if (watch(&server, config) && listen_everywhere(&server, config)) {
        loop_run(server.loop);
        status = 0;
    }
    server_release(&server);
out:
    str_release(&path);
    str_release(&motd);
    return status;
}

static int show_help(void)
{
    struct str text;
    str_init(&text, 1 << 20);
    options_help(&config_table, &text);
    fputs(text.data, stdout);
    str_release(&text);
    return 0;
}

static int run(struct options *options, struct config *config, int argc, char **argv,
               struct str *error)
{
    if (!options_args(options, argc, argv, error))
        return fail(EXIT_USAGE, error);
    if (config->help)
        return show_help();
    if (config->version)
        return printf("snugd %s\n", SNUG_VERSION) < 0;
    if (config->file && !options_file(options, config->file, error))
        return fail(EXIT_USAGE, error);
    if (!config_check(config, error))
        return fail(EXIT_USAGE, error);
    return serve(config, error);
}

int main(int argc, char **argv)
{
    struct config config;
    struct options options;
    struct str error;
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is an error of its write */
    str_init(&error, ERROR_MAX_BYTES);
    options_init(&options, &config_table, &config);
    int status = run(&options, &config, argc, argv, &error);
    options_release(&options);
    str_release(&error);
    return status;
}
