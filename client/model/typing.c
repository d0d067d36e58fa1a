#include "client/model/typing.h"

#include "client/model/member.h"
#include "common/alloc.h"
#include "common/str.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMED_MAX = 2, /* of more people their number is said */
};

static void remove_at(struct typists *typists, size_t i)
{
    free(typists->list[i].nick);
    typists->count--;
    memmove(&typists->list[i], &typists->list[i + 1],
            (typists->count - i) * sizeof(typists->list[0]));
}

void typists_release(struct typists *typists)
{
    while (typists->count > 0)
        remove_at(typists, typists->count - 1);
}

void typists_drop(struct typists *typists, const char *nick)
{
    for (size_t i = typists->count; i-- > 0;)
        if (member_same(typists->list[i].nick, nick))
            remove_at(typists, i);
}

void typists_set(struct typists *typists, const char *nick, int64_t now_ms, int64_t until_ms)
{
    for (size_t i = typists->count; i-- > 0;) {
        if (member_same(typists->list[i].nick, nick)) {
            typists->list[i].until_ms = until_ms;
            return;
        }
        if (typists->list[i].until_ms <= now_ms)
            remove_at(typists, i);
    }
    if (typists->count < TYPISTS_MAX)
        typists->list[typists->count++] = (struct typist){xstrdup(nick), until_ms};
}

void typists_words(const struct typists *typists, int64_t now_ms, struct str *out)
{
    const char *names[TYPISTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < typists->count; i++)
        if (typists->list[i].until_ms > now_ms)
            names[count++] = typists->list[i].nick;
    if (count > NAMED_MAX)
        str_addf(out, "%zu people are typing…", count);
    else if (count == 2)
        str_addf(out, "%s and %s are typing…", names[0], names[1]);
    else if (count == 1)
        str_addf(out, "%s is typing…", names[0]);
}

int64_t typists_next_ms(const struct typists *typists, int64_t now_ms)
{
    int64_t next_ms = 0;
    for (size_t i = 0; i < typists->count; i++) {
        int64_t until_ms = typists->list[i].until_ms;
        if (until_ms > now_ms && (next_ms == 0 || until_ms < next_ms))
            next_ms = until_ms;
    }
    return next_ms;
}
