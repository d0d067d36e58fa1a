#include "client/session/wording.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/model/traffic.h"

static void add_from(const struct irc_message *m, size_t from, struct str *out)
{
    for (size_t i = from; i < m->n_params; i++)
        str_addf(out, "%s%s", i > from ? " " : "", m->params[i]);
}

/* "$1" is the parameter behind the nick, "$2+" the third and all behind it. */
static void fill(const char *form, const struct irc_message *m, struct str *out)
{
    for (const char *at = form; *at; at++) {
        if (*at != '$' || at[1] < '1' || at[1] > '9') {
            str_addc(out, *at);
            continue;
        }
        size_t i = (size_t)(*++at - '0');
        if (at[1] == '+') {
            add_from(m, i, out);
            at++;
        } else {
            str_adds(out, irc_param_at(m, i));
        }
    }
}

/* A time in seconds since 1970 as the clock here shows it. */
static void add_time(const char *seconds, struct str *out)
{
    time_t time = (time_t)strtoll(seconds, NULL, 10);
    struct tm local;
    char text[32];
    if (time > 0 && localtime_r(&time, &local) &&
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local) > 0)
        str_adds(out, text);
}

/* 317 me nick idle-seconds signed-on-at :seconds idle, signon time */
static void say_idle(const struct irc_message *m, struct str *out)
{
    const int64_t max_s = INT64_MAX / 1000;
    int64_t idle_s = strtoll(irc_param_at(m, 2), NULL, 10);
    idle_s = idle_s < 0 ? 0 : idle_s > max_s ? max_s : idle_s;
    str_addf(out, "%s has been silent for ", irc_param_at(m, 1));
    traffic_span(out, idle_s * 1000);
    if (m->n_params > 4) {
        str_adds(out, ", and has been here since ");
        add_time(irc_param_at(m, 3), out);
    }
}

/* 221 me +modes */
static void say_own_modes(const struct irc_message *m, struct str *out)
{
    const char *modes = irc_param_at(m, 1);
    if (modes[strspn(modes, "+")] == '\0')
        str_adds(out, "you have no modes of your own");
    else
        fill("your own modes are $1+", m, out);
}

/* 352 me #room user host server nick flags :hops real name */
static void say_who(const struct irc_message *m, struct str *out)
{
    const char *flags = irc_param_at(m, 6), *name = irc_param_at(m, 7);
    name += strspn(name, "0123456789");
    str_addf(out, "%s (%s@%s)%s", irc_param_at(m, 5), irc_param_at(m, 2), irc_param_at(m, 3), name);
    str_adds(out, strchr(flags, 'G') ? ", away" : "");
    str_adds(out, strchr(flags, '*') ? ", operator of the server" : "");
}

/* 324 me #room +modes arguments */
static void say_modes(const struct irc_message *m, struct str *out)
{
    str_addf(out, "%s: ", irc_param_at(m, 1));
    size_t before = out->len;
    add_from(m, 2, out);
    const char *modes = irc_param_at(m, 2);
    if (modes[strspn(modes, "+")] == '\0') {
        str_cut(out, before);
        str_adds(out, "no modes are set");
        return;
    }
    str_adds(out, ": ");
    wording_modes(modes, out);
}

/* 367 me #room mask [by [at]] */
static void say_mask(const struct irc_message *m, const char *what, struct str *out)
{
    str_addf(out, "%s: %s %s", irc_param_at(m, 1), irc_param_at(m, 2), what);
    if (m->n_params > 3)
        str_addf(out, ", by %.*s", (int)strcspn(irc_param_at(m, 3), "!"), irc_param_at(m, 3));
    if (m->n_params > 4) {
        str_adds(out, ", ");
        add_time(irc_param_at(m, 4), out);
    }
}

static void say_ban(const struct irc_message *m, struct str *out)
{
    say_mask(m, "is banned", out);
}

static void say_exception(const struct irc_message *m, struct str *out)
{
    say_mask(m, "is let in in spite of bans", out);
}

static void say_invited(const struct irc_message *m, struct str *out)
{
    say_mask(m, "needs no invitation", out);
}

/* What counts people says so in its last parameter; the numbers alone stand before it. */
static void say_last(const struct irc_message *m, struct str *out)
{
    str_adds(out, m->n_params > 1 ? m->params[m->n_params - 1] : "");
}

/* 696 me #room mode argument :why */
static void say_bad_argument(const struct irc_message *m, struct str *out)
{
    const char *argument = m->n_params > 4 ? irc_param_at(m, 3) : "*";
    bool is_known = strcmp(argument, "*") != 0 && *argument;
    str_addf(out, "%s: mode %s%s%s: ", irc_param_at(m, 1), irc_param_at(m, 2), is_known ? " " : "",
             is_known ? argument : "");
    say_last(m, out);
}

/* What a numeric says: a form, or a function; neither: nothing. */
static const struct wording {
    const char *numeric;
    const char *form;
    void (*say)(const struct irc_message *m, struct str *out);
} replies[] = {
    {"004", "the server is $1, running $2", NULL},
    {"221", NULL, say_own_modes},
    {"252", "$1 operators of the server are here", NULL},
    {"253", "$1 connections have no name yet", NULL},
    {"254", "there are $1 rooms", NULL},
    {"265", NULL, say_last},
    {"266", NULL, say_last},
    {"276", "$1 $2+", NULL},
    {"305", "you are back", NULL},
    {"306", "you are away", NULL},
    {"307", "$1 $2+", NULL},
    {"311", "$1 is $5 ($2@$3)", NULL},
    {"312", "$1 is on $2 ($3)", NULL},
    {"313", "$1 $2+", NULL},
    {"314", "$1 was $5 ($2@$3)", NULL},
    {"315", NULL, NULL},
    {"317", NULL, say_idle},
    {"318", NULL, NULL},
    {"319", "$1 is in $2", NULL},
    {"320", "$1 $2+", NULL},
    {"321", NULL, NULL},
    {"324", NULL, say_modes},
    {"330", "$1 is logged in as $2", NULL},
    {"335", "$1 is a bot", NULL},
    {"338", "$1 comes from $2", NULL},
    {"341", "$1 is invited to $2", NULL},
    {"346", NULL, say_invited},
    {"347", NULL, NULL},
    {"348", NULL, say_exception},
    {"349", NULL, NULL},
    {"352", NULL, say_who},
    {"367", NULL, say_ban},
    {"368", NULL, NULL},
    {"369", NULL, NULL},
    {"376", NULL, NULL},
    {"378", "$1 $2+", NULL},
    {"379", "$1 $2+", NULL},
    {"381", "you are an operator of the server", NULL},
    {"671", "$1 $2+", NULL},
    {"900", "you are logged in as $2", NULL},
    {"901", "you are logged out", NULL},
};

static const struct wording refusals[] = {
    {"401", "there is no person or room called $1", NULL},
    {"403", "there is no room $1", NULL},
    {"406", "nobody was called $1 recently", NULL},
    {"421", "the server knows no command $1", NULL},
    {"441", "$1 is not in $2", NULL},
    {"442", "you are not in $1", NULL},
    {"443", "$1 is in $2 already", NULL},
    {"461", "$1 needs more words", NULL},
    {"471", "$1 is full", NULL},
    {"472", "the server knows no mode $1", NULL},
    {"473", "$1 is only for those who are invited", NULL},
    {"474", "you are banned from $1", NULL},
    {"475", "$1 needs a key: /join $1 KEY", NULL},
    {"696", NULL, say_bad_argument},
};

/* False: the numeric is none of the table. */
static bool word(const struct wording table[], size_t count, const struct irc_message *m,
                 struct str *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].numeric, m->command) != 0)
            continue;
        if (table[i].say)
            table[i].say(m, out);
        else if (table[i].form)
            fill(table[i].form, m, out);
        return true;
    }
    return false;
}

void wording_reply(const struct irc_message *m, struct str *out)
{
    if (!word(replies, sizeof(replies) / sizeof(replies[0]), m, out))
        add_from(m, 1, out);
}

/* Instead of the usual words, as they begin; a server that has words of its own for it knows more. */
static const struct {
    const char *numeric, *usual, *form;
} usual_refusals[] = {
    {"404", "Cannot send to ", "$1: you may not speak there: not everybody may, or you are muted"},
    {"432", "Erroneous", "$1 cannot be a nick"},
    {"433", "Nickname is already", "$1 is somebody else's nick"},
    {"433", "Nickname already", "$1 is somebody else's nick"},
    {"481", "Permission Denied", "only operators of the server may do that"},
    {"482", "You're not ", "$1: only its operators may do that"},
    {"482", "You are not ", "$1: only its operators may do that"},
};

static bool word_usual(const struct irc_message *m, struct str *out)
{
    const char *said = m->params[m->n_params - 1];
    for (size_t i = 0; i < sizeof(usual_refusals) / sizeof(usual_refusals[0]); i++) {
        const char *usual = usual_refusals[i].usual;
        if (strcmp(usual_refusals[i].numeric, m->command) != 0 ||
            strncmp(said, usual, strlen(usual)) != 0)
            continue;
        fill(usual_refusals[i].form, m, out);
        return true;
    }
    return false;
}

/* Who refuses names what it is about, and says why last. */
void wording_refusal(const struct irc_message *m, struct str *out)
{
    if (m->n_params > 2 && word(refusals, sizeof(refusals) / sizeof(refusals[0]), m, out))
        return;
    if (m->n_params > 1 && word_usual(m, out))
        return;
    for (size_t i = 1; i + 1 < m->n_params; i++)
        str_addf(out, "%s%s", m->params[i], i + 2 < m->n_params ? " " : ": ");
    if (m->n_params > 1)
        str_adds(out, m->params[m->n_params - 1]);
}

/* Words of a server that name a line of the protocol, and what is typed here instead. */
static const struct {
    const char *command, *code, *words;
} failures[] = {
    {"DEVICE", "NO_SUCH_DEVICE", "there is no device with that number: /devices lists them"},
};

void wording_failure(const struct irc_message *m, struct str *out)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        if (strcmp(failures[i].command, irc_param_at(m, 0)) ||
            strcmp(failures[i].code, irc_param_at(m, 1)))
            continue;
        str_adds(out, failures[i].words);
        return;
    }
    /* A msgid says nothing to anybody. */
    bool about = !strcmp(irc_param_at(m, 0), "REDACT");
    for (size_t i = 2; i + 1 < m->n_params && !about; i++)
        str_addf(out, "%s%s", m->params[i], i + 2 < m->n_params ? " " : ": ");
    say_last(m, out);
}

void wording_modes(const char *modes, struct str *out)
{
    static const struct {
        char mode;
        const char *says;
    } rows[] = {
        {'i', "only for those who are invited"},
        {'k', "needs a key"},
        {'l', "a limited number of people"},
        {'m', "only those with voice may speak"},
        {'n', "only members may speak"},
        {'p', "private"},
        {'s', "not listed"},
        {'t', "operators set the topic"},
        {'C', "no CTCP"},
        {'R', "only for those who are logged in"},
        {'M', "only those who are logged in may speak"},
    };
    size_t said = 0;
    for (; *modes; modes++)
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            if (rows[i].mode == *modes)
                str_addf(out, "%s%s (%c)", said++ > 0 ? ", " : "", rows[i].says, *modes);
    if (said == 0)
        str_adds(out, "see the manual of the server");
}
