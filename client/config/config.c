#include "client/config/config.h"

#include <assert.h>
#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "client/config/host.h"
#include "client/model/command.h"
#include "client/view/theme.h"
#include "common/alloc.h"
#include "common/cidr.h"
#include "common/identity.h"
#include "common/irc/names.h"

enum {
    NICK_MAX_BYTES = 64,
    ROOM_MAX_BYTES = 200,
    PATH_MAX_BYTES = 4096,
    STYLES_MAX = 100,
    WHY_MAX_BYTES = 400,
};

static const char this_machine[] = "localhost";
static const char clear_port[] = "6667";
static const char tls_port[] = "6697";

/* In the order of enum linemode_format. */
static const char *const formats[] = {"text", "json", NULL};

/* Adds what a value has to be. */
static bool wanted(struct str *why, const char *what)
{
    str_adds(why, what);
    return false;
}

static bool check_server(const char *text, struct str *why)
{
    struct host host;
    return host_parse(&host, text, why);
}

static bool check_nick(const char *text, struct str *why)
{
    return irc_nick_valid(text, strlen(text), NICK_MAX_BYTES) ||
           wanted(why, "wants letters, digits, - and _, a letter first");
}

/* With its sign or, as for /join, without; which other signs there are only the server knows. */
static bool check_room(const char *text, struct str *why)
{
    struct str full;
    str_init(&full, ROOM_MAX_BYTES + 1);
    str_addf(&full, "%s%s", *text == '#' ? "" : "#", text);
    bool is_valid = irc_channel_valid(full.data, full.len, ROOM_MAX_BYTES);
    str_release(&full);
    return is_valid || wanted(why, "wants a name without blanks or commas");
}

static bool check_fingerprint(const char *text, struct str *why)
{
    char digits[FINGERPRINT_SIZE];
    return fingerprint_parse(text, digits) ||
           wanted(why, "wants 64 hexadecimal digits, with or without colons");
}

static bool check_device(const char *text, struct str *why)
{
    return (*text && !strpbrk(text, " \r\n")) || wanted(why, "wants a code such as 4821-0937");
}

static bool check_once(const char *text, struct str *why)
{
    if (text[0] == '/' && command_needs_screen(text + 1))
        return wanted(why, "wants a command that needs no screen");
    return *text || wanted(why, "wants something to say");
}

static bool check_exec(const char *text, struct str *why)
{
    return *text || wanted(why, "wants a command");
}

static bool check_style(const char *text, struct str *why)
{
    struct theme theme = theme_default;
    return theme_style(&theme, text, why);
}

static const struct option_row rows[] = {
    {
        .name = "server",
        .arg = "HOST[:PORT]",
        .help = "the server to visit; by default the one on this machine",
        .kind = OPTION_STRING,
        .where = OPTION_POSITIONAL | OPTION_IN_FILE,
        .check = check_server,
        .offset = offsetof(struct config, server),
    },
    {
        .name = "nick",
        .arg = "NICK",
        .help = "the nick to use; by default your login name",
        .kind = OPTION_STRING,
        .check = check_nick,
        .offset = offsetof(struct config, nick),
    },
    {
        .name = "room",
        .arg = "ROOM",
        .help = "enter this room: tea or #tea.\n"
                "snugd puts everybody into #lobby by itself",
        .kind = OPTION_STRINGS,
        .check = check_room,
        .offset = offsetof(struct config, rooms),
    },
    {
        .name = "tls",
        .help = "use clear text even beyond this machine (in a file: tls = no)",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, tls),
        .default_text = "yes",
    },
    {
        .name = "fingerprint",
        .arg = "HEX",
        .help = "trust only a server whose certificate has this SHA-256, and\n"
                "remember it; `snugd fingerprint` prints it there",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .check = check_fingerprint,
        .offset = offsetof(struct config, fingerprint),
    },
    {
        .name = "device",
        .arg = "CODE",
        .help = "be one more device of yours; another one shows the code with /device",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .check = check_device,
        .offset = offsetof(struct config, device),
    },
    {
        .name = "trust-new",
        .help = "trust a server on the first visit without a full screen, too",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, trust_new),
    },
    {
        .name = "linear",
        .help = "print one line after another instead of filling the terminal",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, linear),
    },
    {
        .name = "format",
        .help = "print what is heard as text or JSON, without the full screen",
        .kind = OPTION_CHOICE,
        .where = OPTION_AS_FLAG,
        .choices = formats,
        .offset = offsetof(struct config, format),
        .default_text = "text",
    },
    {
        .name = "once",
        .arg = "TEXT",
        .help = "say this and leave",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .check = check_once,
        .offset = offsetof(struct config, once),
    },
    {
        .name = "exec",
        .arg = "CMD",
        .help = "run this for each message: its text is the command's input;\n"
                "SNUG_NICK, SNUG_ROOM, SNUG_TEXT, ... say the rest",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .check = check_exec,
        .offset = offsetof(struct config, exec),
    },
    {
        .name = "highlight",
        .arg = "WORD",
        .help = "treat this word, or glob, like your nick",
        .kind = OPTION_STRINGS,
        .max = PATTERNS_MAX,
        .offset = offsetof(struct config, highlight),
    },
    {
        .name = "ignore",
        .arg = "NICK",
        .help = "show nothing from this nick, or glob",
        .kind = OPTION_STRINGS,
        .max = PATTERNS_MAX,
        .offset = offsetof(struct config, ignore),
    },
    {
        .name = "bell",
        .help = "do not ring the bell when somebody speaks to you and you look elsewhere",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, bell),
        .default_text = "yes",
    },
    {
        .name = "typing",
        .help = "do not tell others while you are typing",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, typing),
        .default_text = "yes",
    },
    {
        .name = "multiline",
        .help = "send several rows as separate messages, even where they could be one",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, multiline),
        .default_text = "yes",
    },
    {
        .name = "mouse",
        .help = "let the mouse scroll and pick rooms; selecting text then takes Shift",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, mouse),
    },
    {
        .name = "log-text",
        .help = "write what is said to plain text files, one for each room",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, log_text),
    },
    {
        .name = "background",
        .help = "the background of the text; auto is what the terminal says",
        .kind = OPTION_CHOICE,
        .choices = settings_background,
        .offset = offsetof(struct config, background),
        .default_text = "auto",
    },
    {
        .name = "style",
        .arg = "LOOK",
        .help = "how a part of the screen looks, as `mention bold magenta`",
        .kind = OPTION_STRINGS,
        .max = STYLES_MAX,
        .check = check_style,
        .secret = true, /* the check says which word is wrong */
        .offset = offsetof(struct config, styles),
    },
    {
        .name = "notify",
        .help = "how to tell the terminal that somebody speaks to you and you look elsewhere",
        .kind = OPTION_CHOICE,
        .choices = settings_notify,
        .offset = offsetof(struct config, notify),
        .default_text = "osc9",
    },
    {
        .name = "opener",
        .arg = "CMD",
        .help = "the command that opens a link, which becomes its last argument",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, opener),
        .default_text = "xdg-open",
    },
    {
        .name = "notify-command",
        .arg = "CMD",
        .help = "run this when somebody speaks to you and you look elsewhere; SNUG_NICK,\n"
                "SNUG_ROOM and SNUG_TEXT say who said what, and where",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, notify_command),
    },
    {
        .name = "config",
        .arg = "FILE",
        .help = "read options from this file instead of ~/.config/snug/config,\n"
                "one `name = value` a line",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, file),
    },
    {
        .name = "help",
        .letters = "h",
        .help = "show this",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, help),
    },
    {
        .name = "version",
        .letters = "vV",
        .help = "show the version",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, version),
    },
};

const struct option_table config_table = {
    .usage = "snug [HOST[:PORT]] [OPTION]...",
    .summary = "A chat client for the terminal. It speaks IRC.\n"
               "Without a terminal it says each line of its input and prints what it hears.",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
};

/* XDG Base Directory: a relative path counts as not set. */
static bool default_path(struct str *path)
{
    const char *config_home = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config_home && *config_home == '/')
        return str_addf(path, "%s/snug/config", config_home);
    return home && *home && str_addf(path, "%s/.config/snug/config", home);
}

bool config_read_file(struct options *options, const struct config *config, struct str *error)
{
    struct str path;
    if (config->file)
        return options_file(options, config->file, error);
    str_init(&path, PATH_MAX_BYTES);
    bool good = !default_path(&path) || access(path.data, F_OK) != 0 ||
                options_file(options, path.data, error);
    str_release(&path);
    return good;
}

bool config_path(const struct config *config, struct str *path)
{
    return config->file ? str_adds(path, config->file) : default_path(path);
}

bool config_settings(const struct options *options, struct settings *settings, struct str *error)
{
    struct str value;
    str_init(&value, SETTING_MAX_BYTES);
    bool good = true;
    for (size_t i = 0; i < config_table.n_rows && good; i++) {
        const char *name = rows[i].name;
        bool is_setting = false;
        for (size_t n = 0; n < settings_count(); n++)
            is_setting = is_setting || strcmp(settings_name(n), name) == 0;
        if (!is_setting || !options_given(options, name))
            continue;
        str_reset(&value);
        options_value(options, i, &value);
        good = settings_set(settings, name, value.data, error);
    }
    str_release(&value);
    return good;
}

bool config_check(const struct config *config, struct str *error)
{
    if (config->once && config->exec)
        return options_wrong(error, "give --once or --exec, not both");
    return true;
}

/* What never leaves this machine. A name that begins with 127. may lead anywhere. */
static bool is_loopback(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || cidr_is_loopback(host);
}

struct config_target config_target(const struct config *config, bool tls_given)
{
    struct host host;
    struct str why;
    str_init(&why, WHY_MAX_BYTES);
    bool good = host_parse(&host, config->server ? config->server : this_machine, &why);
    assert(good); /* it was checked when it was read */
    (void)good;
    str_release(&why);
    struct config_target target = {.host = xmemdup0(host.name, host.name_len)};
    char *port = host.port_len > 0 ? xmemdup0(host.port, host.port_len) : NULL;
    bool is_due = !is_loopback(target.host) || (port && strcmp(port, tls_port) == 0) ||
                  config->fingerprint; /* in clear text there is nothing to compare it with */
    if (host.scheme != HOST_ANY)
        is_due = host.scheme == HOST_TLS || config->fingerprint;
    target.tls = tls_given ? config->tls : is_due;
    target.port = port ? port : xstrdup(target.tls ? tls_port : clear_port);
    return target;
}

void config_target_release(struct config_target *target)
{
    free(target->host);
    free(target->port);
}

struct config_user config_user(void)
{
    struct config_user user = {.login = "guest"};
    const struct passwd *account = getpwuid(getuid());
    const char *login = getenv("USER");
    if (!login || !*login)
        login = account ? account->pw_name : "guest";
    size_t len = 0;
    for (; *login && len < NICK_MAX_BYTES; login++)
        if (isalnum((unsigned char)*login) || (len > 0 && strchr("-_", *login)))
            user.login[len++] = *login;
    if (len > 0)
        user.login[len] = '\0';
    if (!irc_nick_valid(user.login, strlen(user.login), NICK_MAX_BYTES))
        snprintf(user.login, sizeof(user.login), "guest");
    /* GECOS: the full name ends at the first comma. */
    const char *name = account && account->pw_gecos[0] ? account->pw_gecos : user.login;
    if (gethostname(user.machine, sizeof(user.machine)) != 0)
        user.machine[0] = '\0';
    user.machine[sizeof(user.machine) - 1] = '\0';
    snprintf(user.real_name, sizeof(user.real_name), "%.*s", (int)strcspn(name, ","), name);
    return user;
}
