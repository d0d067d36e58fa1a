#include "server/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

static bool check_tls(const struct config *config, struct str *error)
{
    if (config->tls_cert || !config->tls_key)
        return true;
    str_adds(error, "--tls-key wants the certificate beside it: --tls-cert FILE");
    return false;
}

bool config_check(const struct config *config, struct str *error)
{
    return check_tls(config, error);
}

void config_limits(const struct config *config, struct hub_config *limits)
{
    limits->lobby = *config->lobby != '\0' ? config->lobby : NULL;
    limits->max_nick_bytes = (size_t)config->nick_length;
    limits->max_room_name_bytes = (size_t)config->room_length;
    limits->max_topic_bytes = (size_t)config->topic_length;
    limits->founders = config->founders;
    limits->rejoin = config->rejoin;
    limits->max_text_bytes = (size_t)config->line_length;
    limits->max_multiline_bytes = (size_t)config->message_length;
    limits->max_rooms_per_session = (size_t)config->rooms;
    limits->max_members = (size_t)config->members;
    limits->max_mask_bytes = (size_t)config->mask_length;
    limits->max_list_masks = (size_t)config->bans;
    limits->max_sessions = (size_t)config->connections;
    limits->max_connections = (size_t)config->per_name;
    limits->max_watches = (size_t)config->monitor;
    limits->require = (enum required)config->require;
    limits->release_after_ms = config->release_after_ms;
}

void config_server_name(const struct config *config, struct str *name)
{
    char host[CONFIG_NAME_MAX_BYTES - sizeof ".local" + 1];
    if (config->name) {
        str_adds(name, config->name);
        return;
    }
    if (gethostname(host, sizeof host) != 0 || !memchr(host, '\0', sizeof host) ||
        !config_is_name(host))
        snprintf(host, sizeof host, "snug");
    str_adds(name, host);
    /* Clients tell a server from a person by the dot. */
    if (!strchr(host, '.'))
        str_adds(name, ".local");
}

static void find_data_dir(const struct config *config, struct str *path)
{
    const char *service = getenv("STATE_DIRECTORY");
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (config->data)
        str_adds(path, config->data);
    else if (service && *service)
        str_add(path, service, strcspn(service, ":"));
    else if (state && *state == '/') /* XDG: a relative path is to be ignored */
        str_addf(path, "%s/snugd", state);
    else if (home && *home)
        str_addf(path, "%s/.local/state/snugd", home);
}

bool config_find_data_dir(const struct config *config, struct str *path, struct str *error)
{
    find_data_dir(config, path);
    bool found = !path->overflow && path->len > 0;
    if (!found)
        str_adds(error, "there is no place for data: name one with --data DIR");
    return found;
}

bool config_data_dir(const struct config *config, struct str *path, struct str *error)
{
    struct stat info;
    if (!config_find_data_dir(config, path, error))
        return false;
    if (file_make_directories(path->data) && stat(path->data, &info) == 0) {
        if (S_ISDIR(info.st_mode) && access(path->data, W_OK | X_OK) == 0)
            return true;
        if (!S_ISDIR(info.st_mode))
            errno = ENOTDIR; /* else access() has said why */
    }
    int number = errno;
    str_adds(error, "cannot keep data in ");
    text_harmless(error, path->data, path->len);
    str_addf(error, ": %s; name another place with --data DIR", strerror(number));
    return false;
}

bool config_motd(const struct config *config, struct str *motd, struct str *error)
{
    if (!config->motd)
        return true;
    bool is_read = file_read(config->motd, motd);
    if (is_read && text_utf8_valid(motd->data, motd->len) && strlen(motd->data) == motd->len)
        return true;
    int number = errno;
    str_adds(error, "--motd: cannot use ");
    text_harmless(error, config->motd, strlen(config->motd));
    str_addf(error, ": %s", is_read ? "it is not UTF-8 text" : strerror(number));
    return false;
}
