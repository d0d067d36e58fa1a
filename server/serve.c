#include "server/serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <uv.h>

#include "common/log.h"
#include "server/account/accounts.h"
#include "server/account/skeletons.h"
#include "server/admin/audit.h"
#include "server/admin/headless.h"
#include "server/config/retention.h"
#include "server/core/hub.h"
#include "server/door/irc/irc.h"
#include "server/door/plain/plain.h"
#include "server/net/net.h"
#include "server/reload.h"
#include "server/run/certificate.h"
#include "server/run/cloak.h"
#include "server/run/clock.h"
#include "server/run/loop.h"
#include "server/run/ownership.h"
#include "server/run/seed.h"
#include "server/store/store.h"

enum {
    ERROR_MAX_BYTES = 4096,
    PATH_MAX_BYTES = 4096,
    NAME_MAX_BYTES = 80,
    SPARE_FILES = 64,   /* descriptors that are no connections, if the system allows so many */
    HANDSHAKE_PART = 8, /* of all, one part is for those who still shake hands in TLS */
    DAY_MS = 24 * 60 * 60 * 1000,
};

/* All that a server consists of. */
struct server {
    struct log log;
    struct skeletons *skeletons;
    struct hub *hub;
    struct accounts *accounts;
    struct irc_door *irc;
    struct door irc_door;
    struct plain_door *plain;
    struct door plain_door;
    struct loop *loop;
    struct certificate *certificate; /* NULL: no TLS */
    uv_timer_t daily;                /* while there is one: to look at its dates */
    struct store *store;
    struct headless *headless;
    struct reload reload;
    struct cloak cloak;
    struct audit audits[AUDIT_LOGS];
    bool audit_failed[AUDIT_LOGS]; /* said so already */
};

/* How far the clock on the wall is ahead of UTC. */
static int ahead_s(int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm local;
    return localtime_r(&seconds, &local) ? (int)local.tm_gmtoff : 0;
}

static void random_bytes(void *ctx, void *bytes, size_t len)
{
    (void)ctx;
    if (getrandom(bytes, len, 0) != (ssize_t)len)
        abort(); /* so few bytes never come short once the system has started */
}

static void log_account(void *ctx, const char *line)
{
    loop_log_account(((struct server *)ctx)->loop, line);
}

static struct accounts *make_accounts(struct server *server)
{
    return accounts_new(&(struct accounts_config){
        .max_accounts = hub_limits(server->hub)->max_owned_names,
        .seed = seed_random(),
        .random = random_bytes,
        .log = log_account,
        .ctx = server,
    });
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

/* How many descriptors connections may have; the others are for the log, the configuration ... */
static size_t connection_files(void)
{
    size_t files = raise_file_limit();
    return files > 2 * SPARE_FILES ? files - SPARE_FILES : files / 2;
}

/* More sessions than descriptors would turn people away without a word. */
static struct hub *make_hub(const struct config *options, struct skeletons *skeletons, size_t files,
                            uint64_t seed)
{
    struct hub_config config = hub_config_default();
    config_limits(options, &config);
    if (skeletons) {
        config.skeleton = skeletons_write;
        config.skeleton_ctx = skeletons;
    }
    size_t for_handshakes = files / HANDSHAKE_PART;
    files -= for_handshakes < NET_AWAITING_HELLO_MAX ? for_handshakes : NET_AWAITING_HELLO_MAX;
    if (config.max_sessions > files)
        config.max_sessions = files;
    return hub_new(&config, seed);
}

static void on_upgrading(void *ctx)
{
    struct server *server = ctx;
    log_event(
        &server->log, clock_ms(), LOG_LEVEL_INFO,
        "the log was written by an older snugd and is brought up to date; a large one takes a "
        "minute");
}

/* Opens the log; its rooms come back. */
static bool open_store(struct server *server, const struct config *config, const char *dir,
                       struct str *error)
{
    struct store_listener listener = pump_store_listener(loop_pump(server->loop));
    struct store_options options = store_options_default();
    options.durability = (enum store_durability)config->durability;
    options.seed = seed_random();
    options.upgrading = on_upgrading;
    options.upgrading_ctx = server;
    server->store = store_open(dir, &listener, &options, error);
    if (!server->store)
        return false;
    retention_apply(config, server->store);
    server->reload.store = server->store;
    size_t lost;
    /* Without them every name would be free, and every ban forgotten. */
    if (!pump_set_store(loop_pump(server->loop), server->store) ||
        !ownership_restore(server->store, server->accounts, server->hub, &lost))
        return options_wrong(error,
                             "%s: the log is damaged where it says whose the names and rooms are; "
                             "see snugd check, and put a backup in its place",
                             dir);
    if (lost > 0)
        log_event(&server->log, clock_ms(), LOG_LEVEL_ERROR,
                  "%zu accounts in the log cannot be read: their names are free", lost);
    return true;
}

static bool reload(struct server *server, struct str *error);

static bool on_rehash(void *ctx, struct str *error)
{
    return reload(ctx, error);
}

static void on_report(void *ctx, const char *what)
{
    struct server *server = ctx;
    log_event(&server->log, clock_ms(), LOG_LEVEL_WARN, "%s", what);
}

/* Nobody learns it from the one who did it; once it cannot be written, that is said. */
static void on_audit(void *ctx, const struct audit_record *record, int64_t time_ms)
{
    struct server *server = ctx;
    enum audit_log which = audit_log_of(record);
    bool failed = !audit_write(&server->audits[which], record, time_ms);
    if (failed && !server->audit_failed[which])
        log_event(&server->log, time_ms, LOG_LEVEL_ERROR, "cannot write the audit log: %s",
                  strerror(errno));
    server->audit_failed[which] = failed;
}

static bool open_audits(struct server *server, const struct config *config, const char *dir,
                        struct str *error)
{
    bool open = true;
    for (size_t i = 0; i < AUDIT_LOGS && open; i++)
        open = audit_open_log(&server->audits[i], dir, (enum audit_log)i,
                              (size_t)config->audit_bytes, error);
    return open;
}

static struct irc_door *make_irc_door(struct server *server, const struct config *config,
                                      const char *motd)
{
    struct str name;
    str_init(&name, NAME_MAX_BYTES);
    config_server_name(config, &name);
    struct irc_config irc = reload_irc_config(config, motd);
    irc.accounts = server->accounts;
    irc.server_name = name.data;
    irc.network = config->network;
    irc.started_ms = clock_ms();
    irc.rehash = on_rehash;
    irc.rehash_ctx = server;
    irc.report = on_report;
    irc.report_ctx = server;
    struct irc_door *door = irc_door_new(&irc);
    str_release(&name);
    return door;
}

static struct plain_door *make_plain_door(const struct config *config)
{
    return plain_door_new(&(struct plain_config){
        .guests = config->plain_guests,
        .earlier_lines = (size_t)config->plain_history,
        .ahead_s = ahead_s,
    });
}

static struct loop *make_loop(struct server *server, const struct config *config, size_t files)
{
    return loop_new(server->hub, &server->log,
                    &(struct loop_config){
                        .audit = on_audit,
                        .audit_ctx = server,
                        .cloak = config->cloak ? &server->cloak : NULL,
                        .max_per_address = (size_t)config->per_address,
                        .max_conns = files,
                        .seed = seed_random(),
                    });
}

static void server_init(struct server *server, const struct config *config, const char *motd)
{
    size_t files = connection_files();
    for (size_t i = 0; i < AUDIT_LOGS; i++)
        audit_init(&server->audits[i]);
    log_init(&server->log, stderr, "snugd", LOG_LEVEL_INFO, (enum log_format)config->log_format);
    server->skeletons = skeletons_new();
    if (!server->skeletons)
        log_event(&server->log, clock_ms(), LOG_LEVEL_ERROR,
                  "ICU has no tables: names that look alike are not told apart");
    server->hub = make_hub(config, server->skeletons, files, seed_random());
    server->accounts = make_accounts(server);
    server->irc = make_irc_door(server, config, motd);
    server->irc_door = irc_door_handle(server->irc);
    server->plain = make_plain_door(config);
    server->plain_door = plain_door_handle(server->plain);
    server->loop = make_loop(server, config, files);
    server->reload.hub = server->hub;
    server->reload.irc = server->irc;
    server->reload.pump = loop_pump(server->loop);
    pump_set_rate(server->reload.pump, (uint32_t)config->lines);
    pump_set_patience(server->reload.pump, (size_t)config->pending_bytes, config->stuck_ms);
}

static void server_release(struct server *server)
{
    for (size_t i = 0; i < AUDIT_LOGS; i++)
        audit_release(&server->audits[i]);
    headless_free(server->headless);
    store_free(server->store);
    if (server->certificate)
        uv_close((uv_handle_t *)&server->daily, NULL);
    loop_free(server->loop);
    certificate_free(server->certificate);
    irc_door_free(server->irc);
    plain_door_free(server->plain);
    accounts_free(server->accounts);
    hub_free(server->hub);
    skeletons_free(server->skeletons);
    cloak_release(&server->cloak);
    log_release(&server->log);
}

static bool watch(struct server *server, const struct config *config, struct str *error)
{
    server->headless = headless_new(server->loop, server->hub, server->store,
                                    &(struct headless_config){
                                        .echo = config->echo,
                                        .console = config->console,
                                        .ahead_s = ahead_s,
                                    });
    if (!server->headless)
        str_adds(error, "--console takes its lines from a terminal or a pipe");
    return server->headless != NULL;
}

static void look_at_dates(struct server *server)
{
    struct str why;
    str_init(&why, ERROR_MAX_BYTES);
    if (!certificate_is_current(server->certificate, clock_ms(), &why))
        log_event(&server->log, clock_ms(), LOG_LEVEL_WARN, "%s", why.data);
    str_release(&why);
}

static void on_daily(uv_timer_t *timer)
{
    look_at_dates(timer->data);
}

static void look_at_dates_daily(struct server *server)
{
    uv_timer_init(loop_uv(server->loop), &server->daily);
    uv_unref((uv_handle_t *)&server->daily);
    server->daily.data = server;
    uv_timer_start(&server->daily, on_daily, DAY_MS, DAY_MS);
    look_at_dates(server);
}

/* Makes the certificate ready for listeners in TLS, and says which one it is. */
static bool open_tls(struct server *server, const struct config *config, const char *data_dir,
                     struct str *error)
{
    char fingerprint[FINGERPRINT_SIZE];
    server->certificate = certificate_new(config, data_dir, error);
    if (!server->certificate)
        return false;
    certificate_fingerprint(server->certificate, fingerprint);
    fprintf(stderr, "snugd: certificate fingerprint (SHA-256) %s\n", fingerprint);
    look_at_dates_daily(server);
    return true;
}

/* The certificate, if there is one. */
static bool reload_tls(struct server *server, struct str *error)
{
    char fingerprint[FINGERPRINT_SIZE];
    if (!server->certificate)
        return true;
    if (!certificate_reload(server->certificate, error))
        return false;
    certificate_fingerprint(server->certificate, fingerprint);
    log_event(&server->log, clock_ms(), LOG_LEVEL_INFO, "read the certificate again: %s",
              fingerprint);
    look_at_dates(server);
    return true;
}

static bool reload(struct server *server, struct str *error)
{
    bool done = reload_run(&server->reload, error) && reload_tls(server, error);
    if (done)
        log_event(&server->log, clock_ms(), LOG_LEVEL_INFO, "read the configuration again");
    else
        log_event(&server->log, clock_ms(), LOG_LEVEL_ERROR, "the configuration stays as it is: %s",
                  error->data);
    return done;
}

static void on_reload(void *ctx)
{
    struct str error;
    str_init(&error, ERROR_MAX_BYTES);
    reload(ctx, &error);
    str_release(&error);
}

static bool cannot_listen(const char *address, int error, struct str *text)
{
    str_addf(text, "cannot listen on %s: %s", address, uv_strerror(error));
    return false;
}

static bool listen_all(struct server *server, const struct option_strings *addresses,
                       struct door *door, struct tls_context *tls, struct str *text)
{
    for (size_t i = 0; i < addresses->len; i++) {
        int error = loop_listen(server->loop, addresses->items[i], door, tls);
        if (error < 0)
            return cannot_listen(addresses->items[i], error, text);
    }
    return true;
}

static bool has_no_ipv6(int error)
{
    return error == UV_EADDRNOTAVAIL || error == UV_EAFNOSUPPORT;
}

/* Everybody in TLS, and this machine in clear text; by both protocols if there are both. */
static bool listen_by_default(struct server *server, struct str *text)
{
    struct tls_context *tls = certificate_tls(server->certificate);
    struct door *door = &server->irc_door;
    int error = loop_listen(server->loop, "[::]:6697", door, tls);
    if (has_no_ipv6(error))
        error = loop_listen(server->loop, "0.0.0.0:6697", door, tls);
    if (error < 0)
        return cannot_listen("port 6697", error, text);
    error = loop_listen(server->loop, "127.0.0.1:6667", door, NULL);
    if (error < 0)
        return cannot_listen("127.0.0.1:6667", error, text);
    error = loop_listen(server->loop, "[::1]:6667", door, NULL);
    return error == 0 || has_no_ipv6(error) || cannot_listen("[::1]:6667", error, text);
}

static bool listen_everywhere(struct server *server, const struct config *config,
                              const char *data_dir, struct str *error)
{
    bool by_default = config->irc.len + config->ircs.len + config->plain.len == 0;
    if ((by_default || config->ircs.len > 0) && !open_tls(server, config, data_dir, error))
        return false;
    if (by_default)
        return listen_by_default(server, error);
    struct tls_context *tls = server->certificate ? certificate_tls(server->certificate) : NULL;
    return listen_all(server, &config->ircs, &server->irc_door, tls, error) &&
           listen_all(server, &config->irc, &server->irc_door, NULL, error) &&
           listen_all(server, &config->plain, &server->plain_door, NULL, error);
}

bool serve(const struct config *config, int argc, char *const *argv, struct str *error)
{
    struct str path;
    struct str motd;
    struct server server = {.reload = {.argc = argc, .argv = argv}};
    bool done = false;
    str_init(&path, PATH_MAX_BYTES);
    str_init(&motd, CONFIG_MOTD_MAX_BYTES);
    if (!config_data_dir(config, &path, error) || !config_motd(config, &motd, error))
        goto out;
    server_init(&server, config, motd.data);
    if (open_store(&server, config, path.data, error) &&
        open_audits(&server, config, path.data, error) &&
        (!config->cloak || cloak_open(&server.cloak, path.data, error)) &&
        watch(&server, config, error) && listen_everywhere(&server, config, path.data, error)) {
        loop_on_reload(server.loop, on_reload, &server);
        loop_run(server.loop);
        done = true;
    }
    server_release(&server);
out:
    str_release(&path);
    str_release(&motd);
    return done;
}
