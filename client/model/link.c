#include "client/model/link.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const schemes[] = {"http://", "https://"};

/* RFC 3986 has none of these in a link; all that is not ASCII is let through, as browsers do. */
static bool ends_link(char byte)
{
    return (unsigned char)byte <= ' ' || byte == 0x7f || strchr("<>\"`{}|\\^", byte);
}

/* How many bytes a scheme has that begins there; 0: none does. */
static size_t scheme_at(const char *text)
{
    if ((text[0] | ('a' - 'A')) != 'h') /* as most letters: asked for each one that is drawn */
        return 0;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
            return strlen(schemes[i]);
    return 0;
}

/* What ends a sentence is seldom part of the link; a bracket is where it was opened in it. */
static bool is_of_sentence(const char *link, size_t last)
{
    return strchr(".,;:!?'", link[last]) || (link[last] == ')' && !memchr(link, '(', last)) ||
           (link[last] == ']' && !memchr(link, '[', last));
}

bool link_next(const char *text, size_t at, struct link_span *span)
{
    for (; text[at]; at++) {
        size_t scheme = scheme_at(text + at), len = scheme;
        if (scheme == 0 || (at > 0 && isalnum((unsigned char)text[at - 1])))
            continue;
        while (!ends_link(text[at + len]))
            len++;
        while (len > scheme && is_of_sentence(text + at, len - 1))
            len--;
        *span = (struct link_span){at, at + len};
        if (len > scheme)
            return true;
    }
    return false;
}
