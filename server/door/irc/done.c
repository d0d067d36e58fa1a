#include "server/door/irc/done.h"

#include "common/irc/message.h"
#include "common/str.h"
#include "server/door/irc/asked.h"
#include "server/door/irc/known.h"
#include "server/door/irc/marker.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/usermodes.h"

void irc_tell_away(struct irc_client *client, const struct session *who)
{
    if (who && session_away(who))
        irc_reply(client, RPL_AWAY, who->nick, session_away(who), NULL);
}

static void away_done(struct irc_client *client, const struct note *note)
{
    if (!client->welcomed)
        return;
    if (note->object)
        irc_reply(client, RPL_NOWAWAY, "You have been marked as being away", NULL);
    else
        irc_reply(client, RPL_UNAWAY, "You are no longer marked as being away", NULL);
}

/* RPL_INVITING has no text behind its parameters. */
static void invite_done(struct irc_client *client, const struct note *note)
{
    irc_reply(client, RPL_INVITING, note->object, note->target, NULL);
    irc_tell_away(client, hub_find_nick(gate_hub(client->gate), note->object));
}

static void knock_done(struct irc_client *client, const struct note *note)
{
    irc_reply(client, RPL_KNOCKDLVR, note->target, "Your knock has been delivered", NULL);
}

/* By its own word, or since somebody gave it a role, or took that away. */
static void empower_done(struct irc_client *client, const struct note *note)
{
    unsigned flags = irc_client_session(client)->flags;
    (void)note;
    if (flags & SESSION_OPERATOR)
        irc_reply(client, RPL_YOUREOPER, "You are now an IRC operator", NULL);
    irc_usermode_tell(client, flags ^ SESSION_OPERATOR);
}

static void not_kept(struct irc_client *client)
{
    irc_fail(client, "*", "NOT_STORED", "It is done, but the server could not save it", NULL);
}

void irc_done_kept(struct irc_client *client, const char *text)
{
    irc_asked_keep(client, NULL, text);
    uint64_t token = irc_asked_token(ASKED_DONE, 0);
    if (gate_settle(client->gate, client->session, token) != REFUSED_NOTHING)
        not_kept(client);
}

void irc_done_page(struct irc_client *client, const struct door_page *page)
{
    const char *text = client->aside->asked.text;
    if (page->refusal != REFUSED_NOTHING)
        not_kept(client);
    else if (text)
        irc_inform(client, "%s", text);
    irc_asked_keep(client, NULL, NULL);
}

/* What an operator is told was done is on disk. */
static void tell_kept(struct irc_client *client, const char *before, const char *target,
                      const char *after)
{
    struct str text;
    str_init(&text, IRC_MAX_BODY_BYTES);
    str_addf(&text, "%s%s%s", before, target, after);
    irc_done_kept(client, text.data);
    str_release(&text);
}

static void ban_done(struct irc_client *client, const struct note *note)
{
    tell_kept(client, "Banned from the server: ", note->target, "");
}

static void unban_done(struct irc_client *client, const struct note *note)
{
    tell_kept(client, "No longer banned from the server: ", note->target, "");
}

static void know_done(struct irc_client *client, const struct note *note)
{
    struct str text;
    str_init(&text, IRC_MAX_BODY_BYTES);
    irc_known_write(client, note->target, &text);
    tell_kept(client, text.data, note->object ? ", " : "", note->object ? note->object : "");
    str_release(&text);
}

static void release_done(struct irc_client *client, const struct note *note)
{
    tell_kept(client, "", note->target, " is nobody's now");
}

static void host_done(struct irc_client *client, const struct note *note)
{
    irc_inform(client, "%s is shown at %s now", note->target, note->object);
}

static void mark_done(struct irc_client *client, const struct note *note)
{
    irc_marker_send(client, note->target);
}

/* A row for each command whose end is told here; others tell theirs by an event, or where they are
 * given. */
static void (*const tellers[])(struct irc_client *client, const struct note *note) = {
    [COMMAND_INVITE] = invite_done,      [COMMAND_KNOCK] = knock_done,
    [COMMAND_AWAY] = away_done,          [COMMAND_EMPOWER] = empower_done,
    [COMMAND_MARK] = mark_done,          [COMMAND_HOST] = host_done,
    [COMMAND_TRAIT] = irc_metadata_done, [COMMAND_KNOW] = know_done,
    [COMMAND_RELEASE] = release_done,    [COMMAND_BAN] = ban_done,
    [COMMAND_UNBAN] = unban_done,
};

void irc_done(struct irc_client *client, const struct note *note)
{
    if ((size_t)note->command < sizeof tellers / sizeof *tellers && tellers[note->command])
        tellers[note->command](client, note);
}
