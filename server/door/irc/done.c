#include "server/door/irc/done.h"

#include "server/door/irc/known.h"
#include "server/door/irc/marker.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/usermodes.h"

void irc_tell_away(struct irc_client *client, const struct session *who)
{
    if (who && who->away)
        irc_reply(client, RPL_AWAY, who->nick, who->away, NULL);
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

static void ban_done(struct irc_client *client, const struct note *note)
{
    irc_inform(client, "Banned from the server: %s", note->target);
}

static void unban_done(struct irc_client *client, const struct note *note)
{
    irc_inform(client, "No longer banned from the server: %s", note->target);
}

static void know_done(struct irc_client *client, const struct note *note)
{
    irc_known_tell(client, note->target, note->object);
}

static void release_done(struct irc_client *client, const struct note *note)
{
    irc_inform(client, "%s is nobody's now", note->target);
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
