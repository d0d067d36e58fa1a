/* Who is in which room, under which name; and the rooms' topics. */
#include "client/session/rooms.h"

#include <stdlib.h>
#include <string.h>

#include "client/model/format.h"
#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/nick.h"
#include "common/alloc.h"

#define MAX_TEXT_BYTES (2 * IRC_MAX_LINE_BYTES)

static struct buffer *find_room(struct session *s, const char *name)
{
    struct buffer *buffer = model_find(s->model, name);
    return buffer && buffer->kind == BUFFER_ROOM ? buffer : NULL;
}

/* Our own words that the server put into effect answer what was asked for. */
static void settle_command(struct session *s, const char *command, const char *target)
{
    struct awaited *entry = awaiting_command(&s->awaiting, &s->isupport, command, target);
    if (entry)
        entry->done = true;
}

/* With JOIN comes the host that the others see in front of our messages. */
static void learn_prefix(struct session *s, const struct incoming *in)
{
    const struct irc_source *source = &in->m->source;
    if (source->user && source->host)
        s->prefix_bytes = strlen(source->user) + strlen(source->host) + strlen(":!@ ");
}

/* That opens the room, as far as the user or a rename has told; NULL: none. */
static const char *key_of(const struct session *s, const char *room)
{
    for (size_t i = 0; i < s->n_rooms; i++)
        if (isupport_same(&s->isupport, s->rooms[i].name, room))
            return s->rooms[i].key;
    return NULL;
}

static void join_myself(struct session *s, const struct incoming *in, struct buffer *buffer)
{
    learn_prefix(s, in);
    session_want_room(s, in->m->params[0], key_of(s, in->m->params[0]));
    settle_command(s, "JOIN", in->m->params[0]);
    traffic_members_clear(s->model, buffer);
    traffic_topic(s->model, buffer, "");
    traffic_joined(s->model, buffer, true);
}

void rooms_join(struct session *s, const struct incoming *in)
{
    if (!*in->nick || !isupport_is_room(&s->isupport, in->m->params[0]))
        return;
    bool me = session_is_me(s, in->nick);
    struct buffer *buffer = me ? traffic_buffer(s->model, BUFFER_ROOM, in->m->params[0])
                               : find_room(s, in->m->params[0]);
    if (!buffer)
        return;
    if (!in->past && me)
        join_myself(s, in, buffer);
    if (!in->past)
        traffic_member(s->model, buffer, in->nick, ' ');
    uint64_t line = incoming_show(s, in, buffer, LINE_JOIN, in->nick, NULL);
    if (!in->past && me)
        backlog_joined(s, buffer, line);
}

static void leave_myself(struct session *s, const char *room, struct buffer *buffer)
{
    session_forget_room(s, room);
    traffic_joined(s->model, buffer, false);
}

void rooms_part(struct session *s, const struct incoming *in)
{
    const char *room = in->m->params[0];
    struct buffer *buffer = find_room(s, room);
    bool me = session_is_me(s, in->nick) && !in->past;
    if (me) {
        settle_command(s, "PART", room);
        session_forget_room(s, room);
    }
    if (!buffer)
        return;
    incoming_show(s, in, buffer, LINE_PART, in->nick, irc_param_at(in->m, 1));
    if (me)
        leave_myself(s, room, buffer);
    else if (!in->past)
        traffic_member_gone(s->model, buffer, in->nick);
}

void rooms_kick(struct session *s, const struct incoming *in)
{
    const char *room = in->m->params[0], *kicked = in->m->params[1], *why = irc_param_at(in->m, 2);
    struct buffer *buffer = find_room(s, room);
    if (!buffer)
        return;
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    if (session_is_me(s, kicked))
        str_addf(&text, "from %s ", buffer->name);
    str_addf(&text, "by %s%s%s%s", in->nick, *why ? " (" : "", why, *why ? ")" : "");
    incoming_show(s, in, buffer, LINE_KICK, kicked, text.data);
    str_release(&text);
    if (in->past)
        return;
    if (session_is_me(s, kicked))
        leave_myself(s, room, buffer);
    else
        traffic_member_gone(s->model, buffer, kicked);
}

/* Of the past: shown in the room whose past it is, and nobody leaves or changes. */
static bool show_past(struct session *s, const struct incoming *in, enum line_kind kind,
                      const char *text)
{
    struct buffer *buffer = in->fetch ? model_find_id(s->model, in->fetch->buffer) : NULL;
    if (buffer)
        incoming_show(s, in, buffer, kind, in->nick, text);
    return in->past;
}

/* Its key opens it as before. */
static void want_under_name(struct session *s, const char *from, const char *to)
{
    char *key = key_of(s, from) ? xstrdup(key_of(s, from)) : NULL;
    session_forget_room(s, from);
    session_want_room(s, to, key);
    awaiting_redirect(&s->awaiting, &s->isupport, from, to);
    free(key);
}

/* There is a buffer of the new name, from when there was another such room: that one is it from now on. */
static struct buffer *move_room(struct session *s, struct buffer *left, struct buffer *entered)
{
    traffic_joined(s->model, left, false);
    traffic_members_clear(s->model, entered);
    traffic_topic(s->model, entered, left->topic);
    traffic_joined(s->model, entered, true);
    session_send(s, "NAMES", entered->name, NULL);
    return entered;
}

/* RENAME #room #new :reason (IRCv3 "channel-rename") */
void rooms_rename(struct session *s, const struct incoming *in)
{
    const char *from = in->m->params[0], *to = in->m->params[1], *why = irc_param_at(in->m, 2);
    struct buffer *buffer =
        in->fetch ? model_find_id(s->model, in->fetch->buffer) : find_room(s, from);
    if (!buffer || !isupport_is_room(&s->isupport, to))
        return;
    struct buffer *taken = model_find(s->model, to);
    if (!in->past) {
        want_under_name(s, from, to);
        if (taken && taken != buffer)
            buffer = move_room(s, buffer, taken);
        else
            traffic_name(s->model, buffer, to);
    }
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    str_addf(&text, "%s is %s now, by %s%s%s%s", from, to, in->nick, *why ? " (" : "", why,
             *why ? ")" : "");
    incoming_show(s, in, buffer, LINE_SERVER, NULL, text.data);
    str_release(&text);
}

/* A room that was entered under its new name already has a buffer of that name. */
static struct buffer *take_new_name(struct session *s, const char *from, const char *to)
{
    struct buffer *buffer = find_room(s, from), *taken = find_room(s, to);
    want_under_name(s, from, to);
    if (buffer && !taken)
        traffic_name(s->model, buffer, to);
    return taken ? taken : buffer;
}

bool rooms_moved(struct session *s, const struct incoming *in)
{
    const struct irc_message *m = in->m;
    bool led = !strcmp(m->command, "470");
    bool told = !strcmp(m->command, "FAIL") && !strcmp(irc_param_at(m, 0), "JOIN") &&
                !strcmp(irc_param_at(m, 1), "CHANNEL_RENAMED");
    const char *from = irc_param_at(m, led ? 1 : 2), *to = irc_param_at(m, led ? 2 : 3);
    if (!(led || told) || !isupport_is_room(&s->isupport, from) ||
        !isupport_is_room(&s->isupport, to))
        return false;
    settle_command(s, "JOIN", from);
    struct buffer *buffer = take_new_name(s, from, to);
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    str_addf(&text, "%s is %s now", from, to);
    incoming_show(s, in, buffer ? buffer : s->model->buffers[0], LINE_SERVER, NULL, text.data);
    str_release(&text);
    if (told && !(buffer && buffer->joined))
        session_send(s, "JOIN", to, key_of(s, to), NULL);
    return true;
}

void rooms_quit(struct session *s, const struct incoming *in)
{
    if (show_past(s, in, LINE_QUIT, irc_param_at(in->m, 0)))
        return;
    for (size_t i = 0; i < s->model->buffer_count; i++) {
        struct buffer *buffer = s->model->buffers[i];
        bool with =
            buffer->kind == BUFFER_PERSON && isupport_same(&s->isupport, buffer->name, in->nick);
        if (!with && !traffic_is_member(buffer, in->nick))
            continue;
        traffic_member_gone(s->model, buffer, in->nick);
        incoming_show(s, in, buffer, LINE_QUIT, in->nick, irc_param_at(in->m, 0));
    }
    nick_freed(s, in->nick);
}

static void rename_person(struct session *s, const char *from, const char *to)
{
    struct buffer *person = model_find(s->model, from);
    if (!person || person->kind != BUFFER_PERSON)
        return;
    traffic_name(s->model, person, to);
    awaiting_redirect(&s->awaiting, &s->isupport, from, to);
}

static void rename_myself(struct session *s, const char *to)
{
    struct awaited *request = awaiting_command(&s->awaiting, &s->isupport, "NICK", NULL);
    if (request) { /* the user's request, not the server's */
        request->done = true;
        free(s->wanted_nick);
        s->wanted_nick = xstrdup(to);
    }
    traffic_own_nick(s->model, to);
}

static void rename_everywhere(struct session *s, const struct incoming *in, const char *from,
                              const char *to, bool me)
{
    for (size_t i = 0; i < s->model->buffer_count; i++) {
        struct buffer *buffer = s->model->buffers[i];
        bool with =
            buffer->kind == BUFFER_PERSON && isupport_same(&s->isupport, buffer->name, from);
        if (!with && !traffic_is_member(buffer, from) && !(me && i == 0))
            continue;
        traffic_member_renamed(s->model, buffer, from, to);
        incoming_show(s, in, buffer, LINE_RENAME, from, to);
    }
    rename_person(s, from, to);
}

/* InspIRCd 3 answers a NICK that has a label as if the new name had taken the new name. */
static bool is_answer_to_me(const struct session *s, const struct incoming *in)
{
    return in->request && strcmp(in->request->command, "NICK") == 0 &&
           isupport_same(&s->isupport, in->nick, in->m->params[0]);
}

void rooms_nick(struct session *s, const struct incoming *in)
{
    const char *to = in->m->params[0];
    if (!*in->nick || !*to || show_past(s, in, LINE_RENAME, to))
        return;
    bool me = session_is_me(s, in->nick) || is_answer_to_me(s, in);
    char *from = xstrdup(me ? s->model->nick : in->nick);
    if (me)
        rename_myself(s, to);
    rename_everywhere(s, in, from, to, me);
    if (!me)
        nick_freed(s, from);
    free(from);
}

/* Raises or lowers a member; true if only the server knows what sign is left to him. */
static bool change_sign(struct session *s, struct buffer *buffer, const char *nick, char sign,
                        bool set)
{
    const struct member *member = members_find(&buffer->members, nick);
    if (!member)
        return false;
    const struct isupport *isupport = &s->isupport;
    if (set && isupport_rank(isupport, sign) < isupport_rank(isupport, member->prefix))
        traffic_member(s->model, buffer, member->nick, sign);
    if (set || member->prefix != sign)
        return false;
    traffic_member(s->model, buffer, member->nick, ' ');
    return strlen(isupport->prefix_signs) > 1;
}

/* MODE #room +o-v nick nick */
static void apply_modes(struct session *s, const struct incoming *in, struct buffer *buffer)
{
    size_t next = 2;
    bool set = true, ask = false;
    for (const char *mode = in->m->params[1]; *mode; mode++) {
        if (*mode == '+' || *mode == '-') {
            set = *mode == '+';
            continue;
        }
        const char *argument = "";
        if (isupport_mode_has_argument(&s->isupport, *mode, set))
            argument = irc_param_at(in->m, next++);
        char sign = isupport_sign_of(&s->isupport, *mode);
        if (sign && *argument)
            ask |= change_sign(s, buffer, argument, sign, set);
    }
    if (ask)
        session_send(s, "NAMES", buffer->name, NULL);
}

/* MODE ada -o */
static void apply_own_modes(struct session *s, const struct incoming *in)
{
    bool set = true;
    for (const char *mode = in->m->params[1]; *mode; mode++) {
        if (*mode == '+' || *mode == '-')
            set = *mode == '+';
        else if (*mode == 'o')
            traffic_operates(s->model, set);
    }
}

void rooms_mode(struct session *s, const struct incoming *in)
{
    struct buffer *buffer = find_room(s, in->m->params[0]);
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    incoming_params(in, 1, &text);
    incoming_show(s, in, buffer ? buffer : s->model->buffers[0], LINE_MODE, in->nick, text.data);
    str_release(&text);
    settle_command(s, "MODE", in->m->params[0]);
    if (buffer && !in->past)
        apply_modes(s, in, buffer);
    else if (!in->past && session_is_me(s, in->m->params[0]))
        apply_own_modes(s, in);
}

/* The bar shows it plain. */
static void set_topic(struct session *s, struct buffer *buffer, const char *topic)
{
    struct formatted formatted;
    formatted_init(&formatted, topic);
    traffic_topic(s->model, buffer, formatted.text.data);
    formatted_release(&formatted);
}

void rooms_topic(struct session *s, const struct incoming *in)
{
    struct buffer *buffer = find_room(s, in->m->params[0]);
    if (!buffer)
        return;
    if (session_is_me(s, in->nick))
        settle_command(s, "TOPIC", in->m->params[0]);
    if (!in->past)
        set_topic(s, buffer, in->m->params[1]);
    incoming_show(s, in, buffer, LINE_TOPIC, in->nick, in->m->params[1]);
}

void rooms_away(struct session *s, const struct incoming *in)
{
    for (size_t i = 0; !in->past && i < s->model->buffer_count; i++)
        traffic_member_away(s->model, s->model->buffers[i], in->nick, in->m->n_params > 0);
}

/* INVITE nick #room */
void rooms_invite(struct session *s, const struct incoming *in)
{
    struct str text;
    if (traffic_is_ignored(s->model, in->nick))
        return;
    str_init(&text, MAX_TEXT_BYTES);
    bool me = session_is_me(s, in->m->params[0]);
    str_addf(&text, "%s invites %s to %s%s%s", in->nick, me ? "you" : in->m->params[0],
             in->m->params[1], me ? ": /join " : "", me ? in->m->params[1] : "");
    struct buffer *room = find_room(s, in->m->params[1]);
    /* Who is asked is to see it, wherever he looks. */
    struct buffer *buffer = me ? s->model->current : room ? room : s->model->buffers[0];
    incoming_show(s, in, buffer, LINE_SERVER, NULL, text.data);
    str_release(&text);
}

/* One name of 353: all its signs, the highest first, then perhaps nick!user@host. */
static void add_name(struct session *s, struct buffer *buffer, char *name)
{
    char sign = isupport_is_sign(&s->isupport, *name) ? *name : ' ';
    while (isupport_is_sign(&s->isupport, *name))
        name++;
    name[strcspn(name, "!")] = '\0';
    if (*name)
        traffic_member(s->model, buffer, name, sign);
}

/* Whether somebody asked to read the names, as opposed to having entered the room. */
static struct awaited *names_request(struct session *s, const struct incoming *in, const char *room)
{
    if (in->request && !strcmp(in->request->command, "NAMES"))
        return in->request;
    return awaiting_command(&s->awaiting, &s->isupport, "NAMES", room);
}

/* Shows the answer where it was asked for. */
static void show_for(struct session *s, const struct incoming *in, const struct awaited *request,
                     const char *text)
{
    struct buffer *buffer = model_find_id(s->model, request->buffer);
    incoming_show(s, in, buffer ? buffer : s->model->buffers[0], LINE_SERVER, NULL, text);
}

/* The names with their signs, without the hosts that may stand behind them. */
static void show_names(struct session *s, const struct incoming *in, const struct awaited *request,
                       const char *names)
{
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    str_addf(&text, "%s:", in->m->params[2]);
    for (names += strspn(names, " "); *names; names += strspn(names, " ")) {
        size_t len = strcspn(names, " ");
        const char *host = memchr(names, '!', len);
        /* '!' is also the sign of some servers' highest members. */
        str_addf(&text, " %.*s", (int)(host && host > names ? (size_t)(host - names) : len), names);
        names += len;
    }
    show_for(s, in, request, text.data);
    str_release(&text);
}

/* 353 me = #room :@ada bob */
void rooms_names_reply(struct session *s, const struct incoming *in)
{
    if (in->m->n_params < 4)
        return;
    struct buffer *buffer = find_room(s, in->m->params[2]);
    const struct awaited *request = names_request(s, in, in->m->params[2]);
    if (request)
        show_names(s, in, request, in->m->params[3]);
    char *rest = in->m->params[3], *name;
    while (buffer && buffer->joined && (name = strsep(&rest, " ")))
        add_name(s, buffer, name);
}

void rooms_names_end(struct session *s, const struct incoming *in)
{
    struct awaited *request = names_request(s, in, irc_param_at(in->m, 1));
    if (request)
        request->done = true;
}

/* Takes over the topic, and shows it where it was asked for: on entering nobody asks. */
static void topic_is(struct session *s, const struct incoming *in, const char *topic)
{
    struct buffer *buffer = find_room(s, irc_param_at(in->m, 1));
    const struct awaited *request =
        awaiting_command(&s->awaiting, &s->isupport, "TOPIC", irc_param_at(in->m, 1));
    if (buffer)
        set_topic(s, buffer, topic);
    if (request)
        show_for(s, in, request, *topic ? topic : "no topic is set");
}

/* 332 me #room :topic */
void rooms_topic_reply(struct session *s, const struct incoming *in)
{
    topic_is(s, in, irc_param_at(in->m, 2));
}

/* 331 me #room :No topic is set */
void rooms_no_topic(struct session *s, const struct incoming *in)
{
    topic_is(s, in, "");
}
