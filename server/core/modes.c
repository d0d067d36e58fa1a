#include "server/core/modes.h"

static const struct mode modes[] = {
    {'C', MODE_FLAG, ROOM_NO_QUERIES, RANK_OPERATOR},
    {'I', MODE_LIST, LIST_INVITATIONS, RANK_HALF},
    {'M', MODE_FLAG, ROOM_ACCOUNTS_SPEAK, RANK_OPERATOR},
    {'R', MODE_FLAG, ROOM_ACCOUNTS_JOIN, RANK_OPERATOR},
    {'a', MODE_RANK, RANK_ADMIN, RANK_FOUNDER},
    {'b', MODE_LIST, LIST_BANS, RANK_HALF},
    {'e', MODE_LIST, LIST_EXCEPTIONS, RANK_HALF},
    {'h', MODE_RANK, RANK_HALF, RANK_OPERATOR},
    {'i', MODE_FLAG, ROOM_INVITE_ONLY, RANK_HALF},
    {'k', MODE_PASSWORD, 0, RANK_HALF},
    {'l', MODE_LIMIT, 0, RANK_HALF},
    {'m', MODE_FLAG, ROOM_MODERATED, RANK_HALF},
    {'n', MODE_FLAG, ROOM_MEMBERS_ONLY, RANK_HALF},
    {'o', MODE_RANK, RANK_OPERATOR, RANK_OPERATOR},
    {'p', MODE_FLAG, ROOM_PRIVATE, RANK_OPERATOR},
    {'q', MODE_RANK, RANK_FOUNDER, RANK_FOUNDER},
    {'s', MODE_FLAG, ROOM_SECRET, RANK_OPERATOR},
    {'t', MODE_FLAG, ROOM_TOPIC_LOCKED, RANK_HALF},
    {'v', MODE_RANK, RANK_VOICE, RANK_HALF},
};

const struct mode *modes_all(size_t *count)
{
    *count = sizeof modes / sizeof modes[0];
    return modes;
}

const struct mode *modes_find(char letter)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (modes[i].letter == letter)
            return &modes[i];
    }
    return NULL;
}

void modes_write(struct str *out, const struct room *room, bool secrets)
{
    str_addc(out, '+');
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        const struct mode *mode = &modes[i];
        if ((mode->kind == MODE_FLAG && (room->flags & mode->bit) != 0) ||
            (mode->kind == MODE_PASSWORD && room->password != NULL) ||
            (mode->kind == MODE_LIMIT && room->limit > 0))
            str_addc(out, mode->letter);
    }
    /* The arguments stand in the order of their letters. */
    if (room->password != NULL && secrets)
        str_addf(out, " %s", room->password);
    else if (room->password != NULL)
        str_adds(out, " *");
    if (room->limit > 0)
        str_addf(out, " %zu", room->limit);
}

/* A rank includes those below it, so the highest bit decides. */
bool rank_reaches(unsigned ranks, unsigned needed)
{
    return needed == 0 || ranks >= needed;
}

bool rank_exceeds(unsigned ranks, unsigned others)
{
    /* What only the first has outweighs all of the second if its highest bit does. */
    return (ranks & ~others) > others;
}
