#include "tests/fuzz/wire.h"

#include <string.h>

#include "common/text.h"
#include "tests/fuzz/target.h"
#include "tests/script/house.h"

enum { MAX_BODY_BYTES = 510 }; /* RFC 2812, section 2.3, without CR LF */

static void check_line(const char *line, size_t len)
{
    CHECK(len > 1 && line[len - 1] == '\r');
    len--;
    CHECK(!memchr(line, '\r', len) && !memchr(line, '\0', len));
    CHECK(text_utf8_valid(line, len));
    if (*line == '@') {
        const char *space = memchr(line, ' ', len);
        CHECK(space);
        len -= (size_t)(space + 1 - line);
        line = space + 1;
    }
    CHECK(len <= MAX_BODY_BYTES);
    CHECK(*line == ':' || (len >= 5 && !memcmp(line, "ERROR", 5)));
}

void wire_check(const struct house_peer *peer)
{
    const char *at = peer->out.data;
    size_t left = peer->out.len;
    while (left > 0) {
        const char *lf = memchr(at, '\n', left);
        CHECK(lf);
        check_line(at, (size_t)(lf - at));
        left -= (size_t)(lf + 1 - at);
        at = lf + 1;
    }
}
