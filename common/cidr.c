#include "common/cidr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"

enum {
    TEXT_BYTES = 64,
    ALL_BITS = 8 * CIDR_BYTES,
};

static const unsigned char v4_prefix[CIDR_V4_BITS / 8] = {[10] = 0xff, [11] = 0xff};

static bool parse_address(struct cidr *cidr, const char *text)
{
    if (inet_pton(AF_INET, text, cidr->bytes + sizeof v4_prefix) == 1) {
        memcpy(cidr->bytes, v4_prefix, sizeof v4_prefix);
        return true;
    }
    return inet_pton(AF_INET6, text, cidr->bytes) == 1;
}

/* Reads the bits behind a slash, at most so many; false if they are none. */
static bool parse_bits(const char *text, unsigned most, unsigned *bits)
{
    size_t len = strlen(text);
    if (len == 0 || len > 3 || strspn(text, "0123456789") != len)
        return false;
    *bits = (unsigned)strtoul(text, NULL, 10);
    return *bits <= most;
}

bool cidr_parse(struct cidr *cidr, const char *text)
{
    char address[TEXT_BYTES];
    size_t len = strcspn(text, "/");
    if (len >= sizeof address)
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    *cidr = (struct cidr){.bits = ALL_BITS};
    if (!parse_address(cidr, address))
        return false;
    if (text[len] == '\0')
        return true;
    unsigned before = strchr(address, ':') == NULL ? CIDR_V4_BITS : 0;
    unsigned bits;
    if (!parse_bits(text + len + 1, ALL_BITS - before, &bits))
        return false;
    cidr_widen(cidr, before + bits);
    return true;
}

bool cidr_is_v4(const struct cidr *cidr)
{
    return cidr->bits >= CIDR_V4_BITS && memcmp(cidr->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

bool cidr_covers(const struct cidr *outer, const struct cidr *inner)
{
    if (inner->bits < outer->bits)
        return false;
    struct cidr widened = *inner;
    cidr_widen(&widened, outer->bits);
    return memcmp(widened.bytes, outer->bytes, sizeof outer->bytes) == 0;
}

bool cidr_is_loopback(const char *address)
{
    static const struct cidr v4 = {{[10] = 0xff, [11] = 0xff, [12] = 127}, CIDR_V4_BITS + 8},
                             v6 = {{[15] = 1}, ALL_BITS};
    struct cidr cidr;
    return cidr_parse(&cidr, address) && (cidr_covers(&v4, &cidr) || cidr_covers(&v6, &cidr));
}

void cidr_widen(struct cidr *cidr, unsigned bits)
{
    if (bits >= cidr->bits)
        return;
    cidr->bits = bits;
    for (unsigned i = 0; i < CIDR_BYTES; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
        if (kept < 8)
            cidr->bytes[i] &= (unsigned char)(0xff00 >> kept);
    }
}

void cidr_write(const struct cidr *cidr, struct str *out)
{
    char text[INET6_ADDRSTRLEN];
    bool v4 = cidr_is_v4(cidr);
    unsigned before = v4 ? CIDR_V4_BITS : 0;
    inet_ntop(v4 ? AF_INET : AF_INET6, cidr->bytes + before / 8, text, sizeof text);
    str_adds(out, text);
    if (cidr->bits < ALL_BITS)
        str_addf(out, "/%u", cidr->bits - before);
}
