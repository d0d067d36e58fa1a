/* Every option of snugd: a row each, and what checks its value. */
#include "server/config/config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "common/irc/message.h"
#include "common/text.h"
#include "server/config/retention.h"
#include "server/core/names.h"
#include "server/door/irc/irc.h"
#include "server/door/plain/plain.h"
#include "server/net/address.h"

enum {
    LINE_BYTES_MAX = 300,
    ROOM_LENGTH_MIN = 32,
    ROOM_LENGTH_MAX = 200,
    KEEP_ROOMS_MAX = 1000,
};

/* In the order of enum log_format. */
static const char *const log_formats[] = {"text", "json", NULL};

/* In the order of enum store_durability. */
static const char *const durabilities[] = {"power", "process", "none", NULL};

bool config_is_name(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-._";
    size_t len = strlen(name);
    return len > 0 && len <= CONFIG_NAME_MAX_BYTES && strspn(name, allowed) == len;
}

static bool check_name(const char *name, struct str *why)
{
    if (config_is_name(name))
        return true;
    str_addf(why, "takes letters, digits, '-', '.' and '_', %d at most", CONFIG_NAME_MAX_BYTES);
    return false;
}

static bool check_address(const char *text, struct str *why)
{
    struct sockaddr_storage address;
    if (address_parse(text, &address))
        return true;
    str_adds(why, "takes ADDR:PORT like 127.0.0.1:6667 or [::1]:6667");
    return false;
}

static bool check_lobby(const char *name, struct str *why)
{
    if (*name == '\0' || name_is_room(name, ROOM_LENGTH_MIN))
        return true;
    str_addf(why, "takes a room's name like #lobby, of %d bytes at most, or nothing",
             ROOM_LENGTH_MIN);
    return false;
}

static bool check_file(const char *path, struct str *why)
{
    struct stat file;
    bool is_there = stat(path, &file) == 0 && !S_ISDIR(file.st_mode);
    if (is_there && !file_is_pipe(path))
        return true;
    str_adds(why, is_there ? "wants a file that can be read again, no pipe"
                           : "wants a file that exists");
    return false;
}

static bool check_oper(const char *text, struct str *why)
{
    size_t name = strcspn(text, ":");
    if (name > 0 && text[name] == ':' && text[name + 1] != '\0' && strchr(text, ' ') == NULL)
        return true;
    str_adds(why, "takes NAME:PASSWORD without blanks");
    return false;
}

static bool check_password(const char *text, struct str *why)
{
    if (*text != '\0' && strchr(text, ' ') == NULL)
        return true;
    str_adds(why, "takes one word");
    return false;
}

static bool check_line(const char *text, struct str *why)
{
    if (strlen(text) <= LINE_BYTES_MAX && text_utf8_valid(text, strlen(text)))
        return true;
    str_addf(why, "takes a line of at most %d bytes", LINE_BYTES_MAX);
    return false;
}

/* In the order of enum required. */
static const char *const requirements[] = {"nothing", "account", "known", NULL};

static const char *const no_or_yes[] = {"no", "yes", NULL};

/* In the order of enum irc_registration. */
static const char *const registrations[] = {"anytime", "connected", "never", NULL};

static const struct option_row rows[] = {
    {
        .name = "irc",
        .arg = "ADDR:PORT",
        .help = "listen there for IRC clients, in clear text.\n"
                "Port 0 picks a free one. If no address is given to listen on:\n"
                "127.0.0.1:6667 and [::1]:6667, and [::]:6697 with TLS",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, irc),
        .check = check_address,
    },
    {
        .name = "ircs",
        .arg = "ADDR:PORT",
        .help = "listen there for IRC clients, with TLS; [::] is every address,\n"
                "those of IPv4 too",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, ircs),
        .check = check_address,
    },
    {
        .name = "plain",
        .arg = "ADDR:PORT",
        .help = "listen there for telnet, nc and short scripts, in clear text",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, plain),
        .check = check_address,
    },
    {
        .name = "plain-guests",
        .help = "do not ask plain clients for a name",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, plain_guests),
    },
    {
        .name = "plain-history",
        .arg = "N",
        .help = "how many earlier lines to show to a plain client",
        .kind = OPTION_INT,
        .min = 0,
        .max = PLAIN_EARLIER_MAX,
        .offset = offsetof(struct config, plain_history),
        .default_text = "10",
    },
    {
        .name = "replay",
        .arg = "N",
        .help = "how many earlier lines to show, on joining, to IRC clients that cannot ask",
        .kind = OPTION_INT,
        .min = 0,
        .max = IRC_REPLAY_MAX,
        .offset = offsetof(struct config, replay),
        .default_text = "0",
    },
    {
        .name = "data",
        .arg = "DIR",
        .help = "keep what must last in this directory; by default $STATE_DIRECTORY,\n"
                "$XDG_STATE_HOME/snugd or ~/.local/state/snugd",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, data),
    },
    {
        .name = "durability",
        .help = "what the history survives: power (a power cut), process (a crash\n"
                "of the server) or none (it is in memory only)",
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
        .help = "remove the oldest history of a room larger than this; 0 keeps all",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct config, keep_bytes),
        .default_text = "4G",
    },
    {
        .name = "keep-room",
        .arg = "'ROOM TIME [SIZE]'",
        .help = "the same for one room, as '#tea 30d' or '#tea 0s 100M'",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, keep_rooms),
        .max = KEEP_ROOMS_MAX,
        .check = retention_check,
    },
    {
        .name = "config",
        .arg = "FILE",
        .help = "read options from this file, one `name = value` a line",
        .kind = OPTION_STRING,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, file),
    },
    {
        .name = "name",
        .arg = "NAME",
        .help = "what the server calls itself; by default the name of this host",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, name),
        .check = check_name,
    },
    {
        .name = "network",
        .arg = "NAME",
        .help = "what it calls its network",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, network),
        .check = check_name,
        .default_text = "Snug",
    },
    {
        .name = "motd",
        .arg = "FILE",
        .help = "show the text of this file to everybody who comes in",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, motd),
        .check = check_file,
    },
    {
        .name = "lobby",
        .arg = "ROOM",
        .help = "put everybody into this room on arrival; empty: into none",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, lobby),
        .default_text = "#lobby",
        .check = check_lobby,
    },
    {
        .name = "admin",
        .arg = "TEXT",
        .help = "whom people may ask about this server",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, admin),
        .check = check_line,
    },
    {
        .name = "password",
        .arg = "WORD",
        .help = "admit only those who know it. Everybody on this machine can see the\n"
                "command line: better give it in a file that only the server can read",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, password),
        .check = check_password,
        .secret = true,
    },
    {
        .name = "oper",
        .arg = "NAME:PASSWORD",
        .help = "let people become operators of the server with OPER. Like the password,\n"
                "better given in a file",
        .kind = OPTION_STRINGS,
        .offset = offsetof(struct config, opers),
        .check = check_oper,
        .secret = true,
    },
    {
        .name = "nick-length",
        .arg = "BYTES",
        .help = "how long a nick may be; a change needs a restart",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, nick_length),
        .min = 9,
        .max = 64,
        .default_text = "32",
    },
    {
        .name = "room-length",
        .arg = "BYTES",
        .help = "how long a room's name may be; a change needs a restart",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, room_length),
        .min = ROOM_LENGTH_MIN,
        .max = ROOM_LENGTH_MAX,
        .default_text = "64",
    },
    {
        .name = "topic-length",
        .arg = "BYTES",
        .help = "how long a topic may be",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, topic_length),
        .min = 50,
        .max = 390,
        .default_text = "300",
    },
    {
        .name = "line-length",
        .arg = "BYTES",
        .help = "how long a line of an IRC client may be, with its end and without its tags",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, line_length),
        .min = IRC_MAX_BODY_BYTES + 2,
        .max = IRC_LINE_LENGTH_MAX,
        .default_text = "512",
    },
    {
        .name = "message-length",
        .arg = "BYTES",
        .help = "how long a message of several lines may be",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct config, message_length),
        .min = 512,
        .max = 16384,
        .default_text = "4096",
    },
    {
        .name = "rooms",
        .arg = "NUMBER",
        .help = "how many rooms one person may be in",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, rooms),
        .min = 1,
        .max = 10000,
        .default_text = "100",
    },
    {
        .name = "members",
        .arg = "NUMBER",
        .help = "how many people may be in one room; 0: any number",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, members),
        .min = 0,
        .max = 1000000,
        .default_text = "0",
    },
    {
        .name = "mask-length",
        .arg = "BYTES",
        .help = "how long a mask of a room's lists, or of a ban from the server, may be",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, mask_length),
        .min = 64,
        .max = 250,
        .default_text = "200",
    },
    {
        .name = "targets",
        .arg = "NUMBER",
        .help = "how many names one IRC command may have",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, targets),
        .min = 1,
        .max = 20,
        .default_text = "4",
    },
    {
        .name = "history-page",
        .arg = "NUMBER",
        .help = "how many earlier messages one answer may have",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, history_page),
        .min = 10,
        .max = IRC_HISTORY_MAX,
        .default_text = "200",
    },
    {
        .name = "pending",
        .arg = "SIZE",
        .help = "how much output waits in memory for a client that reads too slowly;\n"
                "the rest is sent from the log later",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct config, pending_bytes),
        .min = 256 * 1024,
        .max = 64 * 1024 * 1024,
        .default_text = "1M",
    },
    {
        .name = "stuck-time",
        .arg = "TIME",
        .help = "how long a client may read nothing at all of what waits for it",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct config, stuck_ms),
        .min = 5000,
        .max = 3600000,
        .default_text = "2m",
    },
    {
        .name = "bans",
        .arg = "NUMBER",
        .help = "how many masks a room's lists may hold",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, bans),
        .min = 1,
        .max = 10000,
        .default_text = "100",
    },
    {
        .name = "monitor",
        .arg = "NUMBER",
        .help = "how many nicks one person may watch",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, monitor),
        .min = 1,
        .max = 10000,
        .default_text = "100",
    },
    {
        .name = "connections",
        .arg = "NUMBER",
        .help = "how many connections may be open, if the system allows as many; one\n"
                "more is told so, and closed. A change needs a restart",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, connections),
        .min = 1,
        .max = 1000000,
        .default_text = "65536",
    },
    {
        .name = "per-name",
        .arg = "NUMBER",
        .help = "how many connections, all of its owner, may share a name",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, per_name),
        .min = 1,
        .max = 100,
        .default_text = "10",
    },
    {
        .name = "per-address",
        .arg = "NUMBER",
        .help = "how many connections one address, or one /64 of IPv6, may have; this machine\n"
                "may have any number. 0: any number. A change needs a restart",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, per_address),
        .min = 0,
        .max = 1000000,
        .default_text = "256",
    },
    {
        .name = "lines",
        .arg = "NUMBER",
        .help = "how many lines a second are read from one connection, and ten times as\n"
                "many in a burst; more have to wait. 0, and on this machine: any number",
        .kind = OPTION_INT,
        .offset = offsetof(struct config, lines),
        .min = 0,
        .max = 100000,
        .default_text = "20",
    },
    {
        .name = "register-time",
        .arg = "TIME",
        .help = "how long an IRC client may take to say who it is",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct config, register_ms),
        .min = 1000,
        .max = 3600000,
        .default_text = "15s",
    },
    {
        .name = "registration",
        .help = "when people may make an account with REGISTER: anytime, connected (not\n"
                "before they have come in) or never",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, registration),
        .choices = registrations,
        .default_text = "anytime",
    },
    {
        .name = "register-email",
        .arg = "yes|no",
        .help = "whether REGISTER requires an email address, which is kept with the account\n"
                "and written to the log of the server",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, register_email),
        .choices = no_or_yes,
        .default_text = "no",
    },
    {
        .name = "founders",
        .arg = "yes|no",
        .help = "whether somebody with an account who opens a room keeps it",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, founders),
        .choices = no_or_yes,
        .default_text = "yes",
    },
    {
        .name = "rejoin",
        .arg = "yes|no",
        .help = "whether somebody with an account who comes back is put back into the\n"
                "rooms that they were in when they left the server",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, rejoin),
        .choices = no_or_yes,
        .default_text = "no",
    },
    {
        .name = "cloak",
        .arg = "yes|no",
        .help = "hide addresses behind codes from all but operators; no: everybody sees\n"
                "where everybody is. A change needs a restart",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, cloak),
        .choices = no_or_yes,
        .default_text = "yes",
    },
    {
        .name = "require",
        .help = "admit only people who prove an account (account), or whom operators have\n"
                "admitted by name (known); or everybody (nothing)",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, require),
        .choices = requirements,
        .default_text = "nothing",
    },
    {
        .name = "release-after",
        .arg = "TIME",
        .help = "an operator may release a name that nobody has logged in to for this long",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct config, release_after_ms),
        .default_text = "180d",
    },
    {
        .name = "audit-size",
        .arg = "SIZE",
        .help = "begin a new audit.log or rooms.log above this size, and keep the last one",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct config, audit_bytes),
        .min = 64 * 1024,
        .max = 1LL << 30,
        .default_text = "4M",
    },
    {
        .name = "log",
        .help = "write the log of the server, on standard error, as text or JSON",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct config, log_format),
        .choices = log_formats,
        .default_text = "text",
    },
    {
        .name = "echo",
        .help = "print what is said in rooms, beside who comes and goes",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, echo),
    },
    {
        .name = "console",
        .help = "take /status and /quit from standard input; its end stops the server, too",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct config, console),
    },
    {
        .name = "tls-cert",
        .arg = "FILE",
        .help = "the certificate and its chain, in PEM; read again on SIGHUP.\n"
                "By default the server makes one, and keeps it with its data",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, tls_cert),
        .check = check_file,
    },
    {
        .name = "tls-key",
        .arg = "FILE",
        .help = "its private key, if that is not in the same file",
        .kind = OPTION_STRING,
        .offset = offsetof(struct config, tls_key),
        .check = check_file,
    },
    {
        .name = "action",
        .arg = "WHAT",
        .help = "do this instead, and exit:\n"
                "fingerprint: print the fingerprint of the certificate\n"
                "export [ROOM | NICK NICK]: print the log; without a name, list what there is\n"
                "check: look for damage in the log\n"
                "backup FILE: copy the log to a new file\n"
                "admit NAME: let this name in where names must be known\n"
                "unadmit NAME: take that back\n"
                "grant ACCOUNT: make its owner an operator\n"
                "revoke ACCOUNT: take that back\n"
                "release NAME: free a name that its owner no longer uses",
        .kind = OPTION_STRING,
        .where = OPTION_POSITIONAL,
        .offset = offsetof(struct config, action),
    },
    {
        .name = "operand",
        .arg = "ARGUMENT",
        .help = "what to do it with",
        .kind = OPTION_STRINGS,
        .where = OPTION_POSITIONAL,
        .offset = offsetof(struct config, operands),
    },
    {
        .name = "json",
        .help = "export as JSON, one object a line",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, json),
    },
    {
        .name = "check",
        .help = "say whether the options and the file are right, and exit",
        .kind = OPTION_FLAG,
        .where = OPTION_AS_FLAG,
        .offset = offsetof(struct config, check),
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
    .usage = "snugd [OPTION]... [WHAT [ARGUMENT]...]",
    .summary = "A chat server for the people on one network. It speaks IRC.",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
};
