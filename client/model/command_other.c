#include "client/model/command_other.h"

#include <stddef.h>
#include <strings.h>

struct other {
    const char *name, *here;
};

/* What fingers do that have learned irssi or WeeChat, and words that come to mind first. */
static const struct other names[] = {
    {"b", "buffer"},   {"bye", "quit"},       {"exit", "quit"},  {"j", "join"},
    {"k", "kick"},     {"lastlog", "search"}, {"leave", "part"}, {"m", "msg"},
    {"n", "names"},    {"q", "query"},        {"raw", "quote"},  {"rooms", "buffer"},
    {"t", "topic"},    {"w", "who"},          {"wc", "close"},   {"wi", "whois"},
    {"win", "buffer"}, {"window", "buffer"},
};

#define ANOTHER "for another server run another snug HOST"

static const struct other ways[] = {
    {"alias", "there are only those of the manual, such as /q and /wc"},
    {"chanserv", "/msg ChanServ TEXT"},
    {"connect", ANOTHER},
    {"cs", "/msg ChanServ TEXT"},
    {"cycle", "/part, then /join"},
    {"hilight", "/set highlight WORD"},
    {"highlight", "/set highlight WORD"},
    {"nickserv", "/msg NickServ TEXT"},
    {"ns", "/msg NickServ TEXT"},
    {"server", ANOTHER},
};

static const char *look_up(const struct other table[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(table[i].name, name) == 0)
            return table[i].here;
    return NULL;
}

const char *command_other_name(const char *name)
{
    return look_up(names, sizeof(names) / sizeof(names[0]), name);
}

const char *command_other_way(const char *name)
{
    return look_up(ways, sizeof(ways) / sizeof(ways[0]), name);
}
