#include "server/core/subject.h"

#include <stdlib.h>
#include <string.h>

#include "common/glob.h"
#include "common/str.h"
#include "server/core/names.h"
#include "server/core/session.h"

enum { TEXT_BYTES = 512 };

/* Who has not entered yet has no user name, and maybe no nick. */
static char *written(const struct session *session, const char *host)
{
    struct str text;
    str_init(&text, TEXT_BYTES);
    str_addf(&text, "%s!%s@%s", session->nick != NULL ? session->nick : "*",
             session->user != NULL ? session->user : "*", host);
    char *key = name_key_new(text.data);
    str_release(&text);
    return key;
}

void subject_init(struct subject *subject, const struct session *session)
{
    *subject = (struct subject){.shown = written(session, session->host)};
    if (strcmp(session->host, session->address) != 0)
        subject->real = written(session, session->address);
    if (session->account != NULL)
        subject->account = name_key_new(session->account);
    subject->has_address = cidr_parse(&subject->address, session->address);
}

void subject_release(struct subject *subject)
{
    free(subject->shown);
    free(subject->real);
    free(subject->account);
}

/* A mask whose host is a network or an address, which may be written in more than one way. */
static bool is_within(const struct subject *subject, const char *mask)
{
    const char *at = strrchr(mask, '@');
    struct cidr network;
    if (!subject->has_address || at == NULL || !cidr_parse(&network, at + 1) ||
        !cidr_covers(&network, &subject->address))
        return false;
    struct str name;
    str_init(&name, name_key_max(TEXT_BYTES));
    str_add(&name, mask, (size_t)(at + 1 - mask));
    str_addc(&name, '*');
    bool fits = glob_match(name.data, subject->shown);
    str_release(&name);
    return fits;
}

bool subject_fits(const struct subject *subject, const char *mask, bool sees_address)
{
    if (strncmp(mask, "~a:", 3) == 0)
        return subject->account != NULL && glob_match(mask + 3, subject->account);
    if (glob_match(mask, subject->shown))
        return true;
    if (subject->real == NULL)
        return is_within(subject, mask);
    return sees_address && (glob_match(mask, subject->real) || is_within(subject, mask));
}
