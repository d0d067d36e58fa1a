#include "server/door/plain/refusal.h"

/* The words before and behind what the refusal is about. */
struct wording {
    const char *before;
    const char *after; /* NULL: it is not named, and `before` says it all */
};

static const struct wording wordings[] = {
    [REFUSED_NOT_ENTERED] = {"First say who you are.", NULL},
    [REFUSED_ALREADY_ENTERED] = {"You are in already.", NULL},
    [REFUSED_NICK_TAKEN] = {"The name ", " is taken."},
    [REFUSED_NICK_OWNED] = {"The name ", " is owned by somebody else. Take another."},
    [REFUSED_NICK_CROWDED] = {"The name ", " is taken."},
    [REFUSED_NICK_ALIKE] = {"The name ", " looks like another one. Take one that differs more."},
    [REFUSED_NICK_BAD] =
        {"", " is not a name: use one word of letters, digits, _ and -, a letter first."},
    [REFUSED_NO_SUCH_NICK] = {"Nobody called ", " is here. Nothing was said."},
    [REFUSED_ROOM_ALIKE] = {"The name ", " looks like that of another room. Nothing was opened."},
    [REFUSED_NO_SUCH_ROOM] = {"There is no room ", "."},
    [REFUSED_ROOM_NAME_BAD] = {"", " is not the name of a room: use # and a word."},
    [REFUSED_NOT_IN_ROOM] = {"You are not in ", "."},
    [REFUSED_THEY_NOT_IN_ROOM] = {"They are not in ", "."},
    [REFUSED_CANNOT_SPEAK] = {"You cannot speak in ", ". Nothing was said."},
    [REFUSED_NOT_OPERATOR] = {"Only operators of ", " can do that."},
    [REFUSED_INVITE_ONLY] = {"", " is only for those who were invited."},
    [REFUSED_KEY_WRONG] = {"", " needs its key: /join #room KEY."},
    [REFUSED_ROOM_FULL] = {"", " is full."},
    [REFUSED_BANNED] = {"You are banned from ", "."},
    [REFUSED_TOO_MANY_ROOMS] = {"You are in as many rooms as you may be: /leave one first.", NULL},
    [REFUSED_NO_MORE_ROOMS] = {"The server cannot hold more rooms.", NULL},
    [REFUSED_NO_MORE_SESSIONS] = {"The server is full.", NULL},
    [REFUSED_NOTHING_SAID] = {"There was nothing to say.", NULL},
    [REFUSED_NOT_STORED] = {"The server could not save it, and nobody has seen it.", NULL},
    [REFUSED_ACCOUNTS_ONLY] = {"", " is only for people who own their name."},
    [REFUSED_NO_SUCH_ENTRY] = {"There is no such line.", NULL},
    [REFUSED_NOT_READ] = {"What was said earlier cannot be read now.", NULL},
    [REFUSED_ACCOUNT_WANTED] = {"Only people who prove who they are may come in, by IRC over TLS.",
                                NULL},
    [REFUSED_NOT_ADMITTED] = {"The operator of this server has not admitted ", "."},
    [REFUSED_NICK_BANNED] = {"The name ", " is banned from this server."},
    [REFUSED_SHUT_OUT] = {"You are banned from this server.", NULL},
    [REFUSED_UNKNOWN_MODE] = {"There is no such mode.", NULL},
};

void plain_refuse(struct plain_client *client, const struct note *note)
{
    if (note->refusal == REFUSED_TOO_LONG) {
        plain_say(client, "Too long: at most %zu bytes at once. Nothing was said.",
                  hub_limits(gate_hub(client->gate))->max_text_bytes);
        return;
    }
    if (note->refusal == REFUSED_ROOM_RENAMED) {
        plain_say(client, "%s is called %s now: /join %s enters it.", note->target, note->object,
                  note->object);
        return;
    }
    bool known = (size_t)note->refusal < sizeof wordings / sizeof *wordings;
    const struct wording *wording = known ? &wordings[note->refusal] : NULL;
    if (!wording || !wording->before)
        plain_say(client, "That was refused.");
    else if (!wording->after)
        plain_say(client, "%s", wording->before);
    else
        plain_say(client, "%s%s%s", wording->before, note->target ? note->target : "it",
                  wording->after);
}
