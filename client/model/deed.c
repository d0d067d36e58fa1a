#include "client/model/deed.h"

#include "common/alloc.h"

#include <stdlib.h>

static void deed_release(struct deed *deed)
{
    free(deed->nick);
    free(deed->text);
    free(deed->msgid);
    free(deed->whose);
    free(deed->about);
}

void deeds_init(struct deeds *deeds)
{
    *deeds = (struct deeds){0};
    ring_init(&deeds->ring, sizeof(struct deed), DEEDS_MAX);
}

void deeds_release(struct deeds *deeds)
{
    for (struct deed deed; ring_pop_front(&deeds->ring, &deed);)
        deed_release(&deed);
    ring_release(&deeds->ring);
}

void deeds_note(struct deeds *deeds, struct deed deed, const struct buffer_line *line,
                const char *nick, const char *text)
{
    struct deed forgotten;
    deed.number = ++deeds->count;
    deed.nick = line_cut(nick, LINE_NICK_MAX_BYTES);
    deed.text = line_cut(text, LINE_TEXT_MAX_BYTES);
    deed.msgid = xstrdup(line->msgid);
    deed.whose = line_cut(line->nick, LINE_NICK_MAX_BYTES);
    deed.about = line_cut(line->text, LINE_TEXT_MAX_BYTES);
    if (ring_push(&deeds->ring, &deed, &forgotten))
        deed_release(&forgotten);
}

const struct deed *deeds_next(const struct deeds *deeds, uint64_t number)
{
    uint64_t oldest = deeds->count - deeds->ring.len + 1;
    size_t at = number < oldest ? 0 : (size_t)(number - oldest + 1);
    return at < deeds->ring.len ? ring_at(&deeds->ring, at) : NULL;
}
