#include "server/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "server/door/plain/plain.h"
#include "server/net/address.h"

enum {
    NAME_MAX_BYTES = 63,
};

/* In the order of enum store_durability. */
static const char *const durabilities[] = {"power", "process", "none", NULL};

static const struct option_row rows[] = {
    {
        .name = "irc",
        .arg = "ADDR:PORT",
        .help = "listen there for IRC clients, in clear text.\n"
                "Port 0 picks a free one. Without any place to listen at:\n"
                "127.0.0.1:6667 and [::1]:6667, and [::]:6697 in TLS",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, irc),
    },
    {
        .name = "ircs",
        .arg = "ADDR:PORT",
        .help = "listen there for IRC clients, in TLS; [::] is every address,\n"
                "those of IPv4 too",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, ircs),
    },
    {
        .name = "plain",
        .arg = "ADDR:PORT",
        .help = "listen there for telnet, nc and short scripts, in clear text",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, plain),
    },
    {
        .name = "plain-guests",
        .help = "ask nobody who comes that way for a name",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, plain_guests),
    },
    {
        .name = "plain-history",
        .arg = "N",
        .help = "how many earlier lines to show those who come that way",
        .kind = OPTION_INT,
        .min = 0,
        .max = PLAIN_EARLIER_MAX,
        .offset = offsetof(struct config, plain_history),
        .default_text = "10",
    },
    {
        .name = "data",
        .arg = "DIR",
        .help = "keep what must last there; else in $STATE_DIRECTORY,\n"
                "$XDG_STATE_HOME/snugd or ~/.local/state/snugd",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, data),
    },
    {
        .name = "durability",
        .arg = "HOW",
        .help = "what is shown has survived: power (a power cut; the default),\n"
                "process (a crash of the server) or none (history in memory)",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, durability),
        .choices = durabilities,
        .default_text = "power",
    },
    {
        .name = "keep",
        .arg = "TIME",
        .help = "remove history that is older, such as 365d; 0s keeps it for ever",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct config, keep_ms),
        .default_text = "0s",
    },
    {
        .name = "keep-size",
        .arg = "SIZE",
        .help = "remove the oldest history of a room above this size; 0 keeps all",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct config, keep_bytes),
        .default_text = "4G",
    },
    {
        .name = "config",
        .arg = "FILE",
        .help = "read options from a file, a `name = value` on each line",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, file),
    },
    {
        .name = "name",
        .arg = "NAME",
        .help = "what the server calls itself; else the name of this host",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, name),
    },
    {
        .name = "network",
        .arg = "NAME",
        .help = "what it calls its network",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, network),
        .default_text = "Snug",
    },
    {
        .name = "motd",
        .arg = "FILE",
        .help = "show this text to everybody who comes in",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, motd),
    },
    {
        .name = "echo",
        .help = "print what is said in rooms, beside who comes and goes",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, echo),
    },
    {
        .name = "console",
        .help = "stop at /quit or at the end of standard input",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, console),
    },
    {
        .name = "tls-cert",
        .arg = "FILE",
        .help = "the certificate and its chain, in PEM; read again on SIGHUP.\n"
                "Else the server makes its own, which lies with the data",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, tls_cert),
    },
    {
        .name = "tls-key",
        .arg = "FILE",
        .help = "its private key, if that is not in the same file",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, tls_key),
    },
    {
        .name = "action",
        .arg = "WHAT",
        .help = "do this instead, and end: fingerprint (print that of the certificate),\n"
                "export [ROOM | NICK NICK] (print the log; without a name, which there are),\n"
                "check (the log), backup FILE (copy the log to a new file)",
        .kind = OPTION_STRING,
        .where = OPTION_POSITIONAL,
        .offset = offsetof(struct config, action),
    },
    {
        .name = "operand",
        .arg = "ARGUMENT",
        .help = "what it is to be done with",
        .kind = OPTION_STRINGS,
        .where = OPTION_POSITIONAL,
        .offset = offsetof(struct config, operands),
    },
    {
        .name = "json",
        .help = "export as JSON, an object a line",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, json),
    },
    {
        .name = "help",
        .help = "show this",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, help),
    },
    {
        .name = "version",
        .help = "say which version this is",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, version),
    },
};

const struct option_table config_table = {
    .usage = "snugd [OPTION]... [fingerprint]",
    .summary = "A chat server for the people on one network. It speaks IRC.",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
};

/* Names go on the wire as one word. */
static bool is_name(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-._";
    size_t len = strlen(name);
    return len > 0 && len <= NAME_MAX_BYTES && strspn(name, allowed) == len;
}

static bool check_name(const char *option, const char *name, struct str *error)
{
    if (!name || is_name(name))
        return true;
    str_addf(error, "--%s takes letters, digits, '-', '.' and '_', %d at most", option,
             NAME_MAX_BYTES);
    return false;
}

static bool check_addresses(const char *option, const struct option_strings *addresses,
                            struct str *error)
{
    for (size_t i = 0; i < addresses->len; i++) {
        struct sockaddr_storage address;
        if (address_parse(addresses->items[i], &address))
            continue;
        str_addf(error, "--%s takes ADDR:PORT like 127.0.0.1:6667 or [::1]:6667, not \"", option);
        text_harmless(error, addresses->items[i], strlen(addresses->items[i]));
        str_addc(error, '"');
        return false;
    }
    return true;
}

static bool check_tls(const struct config *config, struct str *error)
{
    if (config->tls_cert || !config->tls_key)
        return true;
    str_adds(error, "--tls-key wants the certificate beside it: --tls-cert FILE");
    return false;
}

bool config_check(const struct config *config, struct str *error)
{
    return check_tls(config, error) &&
           check_addresses("irc", &config->irc, error) &&
           check_addresses("ircs", &config->ircs, error) &&
           check_addresses("plain", &config->plain, error) &&
           check_name("name", config->name, error) && check_name("network", config->network, error);
}

void config_server_name(const struct config *config, struct str *name)
{
    char host[NAME_MAX_BYTES - sizeof ".local" + 1];
    if (config->name) {
        str_adds(name, config->name);
        return;
    }
    if (gethostname(host, sizeof host) != 0 || !memchr(host, '\0', sizeof host) || !is_name(host))
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

/* Makes a directory and those above it. False with errno set. */
static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        *slash = '/';
        if (made != 0 && errno != EEXIST)
            return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool config_data_dir(const struct config *config, struct str *path, struct str *error)
{
    find_data_dir(config, path);
    if (path->overflow || path->len == 0) {
        str_adds(error, "there is no place for data: name one with --data DIR");
        return false;
    }
    struct stat info;
    if (make_directories(path->data) && stat(path->data, &info) == 0) {
        if (S_ISDIR(info.st_mode) && access(path->data, W_OK | X_OK) == 0)
            return true;
        errno = S_ISDIR(info.st_mode) ? EACCES : ENOTDIR;
    }
    int number = errno;
    str_adds(error, "cannot keep data in ");
    text_harmless(error, path->data, path->len);
    str_addf(error, ": %s; name another place with --data DIR", strerror(number));
    return false;
}

/* Reads a whole file, as far as it fits. False with errno set. */
static bool read_file(const char *path, struct str *out)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    char bytes[4096];
    size_t count;
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0 && str_add(out, bytes, count))
        ;
    int number = ferror(file) ? errno : out->overflow ? EFBIG : 0;
    fclose(file);
    errno = number;
    return number == 0;
}

bool config_motd(const struct config *config, struct str *motd, struct str *error)
{
    if (!config->motd)
        return true;
    bool is_read = read_file(config->motd, motd);
    if (is_read && text_utf8_valid(motd->data, motd->len) && strlen(motd->data) == motd->len)
        return true;
    int number = errno;
    str_adds(error, "--motd: cannot use ");
    text_harmless(error, config->motd, strlen(config->motd));
    str_addf(error, ": %s", is_read ? "it is not a text in UTF-8" : strerror(number));
    return false;
}
