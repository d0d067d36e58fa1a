#include "server/reload.h"

#include "common/file.h"
#include "server/config/retention.h"

struct irc_config reload_irc_config(const struct config *config, const char *motd)
{
    return (struct irc_config){
        .motd = *motd ? motd : NULL,
        .admin = config->admin,
        .password = config->password,
        .register_ms = config->register_ms,
        .registration = (enum irc_registration)config->registration,
        .register_email = config->register_email,
        .line_bytes = (size_t)config->line_length,
        .opers = (const char *const *)config->opers.items,
        .oper_count = config->opers.len,
        .targets = (size_t)config->targets,
        .history_page = (size_t)config->history_page,
        .replay = (size_t)config->replay,
    };
}

static bool read_file(struct options *options, const char *path, struct str *error)
{
    if (!file_is_pipe(path))
        return options_file(options, path, error);
    return options_wrong(error, "%s: a pipe cannot be read again", path);
}

static bool read_all(const struct reload *reload, struct options *options,
                     const struct config *config, struct str *motd, struct str *error)
{
    return options_args(options, reload->argc, reload->argv, error) &&
           (!config->file || read_file(options, config->file, error)) &&
           config_check(config, error) && config_motd(config, motd, error);
}

static void apply(const struct reload *reload, const struct config *config, const char *motd)
{
    struct hub_config limits = *hub_limits(reload->hub);
    const struct irc_config irc = reload_irc_config(config, motd);
    config_limits(config, &limits);
    hub_set_limits(reload->hub, &limits);
    pump_set_rate(reload->pump, (uint32_t)config->lines);
    pump_set_patience(reload->pump, (size_t)config->pending_bytes, config->stuck_ms);
    irc_door_configure(reload->irc, &irc);
    retention_apply(config, reload->store);
}

bool reload_run(const struct reload *reload, struct str *error)
{
    struct config config;
    struct options options;
    struct str motd;
    options_init(&options, &config_table, &config);
    str_init(&motd, CONFIG_MOTD_MAX_BYTES);
    bool is_read = read_all(reload, &options, &config, &motd, error);
    if (is_read)
        apply(reload, &config, motd.data);
    str_release(&motd);
    options_release(&options);
    return is_read;
}
