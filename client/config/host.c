#include "client/config/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "common/str.h"

enum { PORT_MAX = 65535, PORT_MAX_DIGITS = 5 };

static bool refuse(struct str *why, const char *wanted)
{
    str_adds(why, wanted);
    return false;
}

static const char *skip_scheme(const char *text, enum host_scheme *scheme)
{
    *scheme = HOST_ANY;
    if (strncasecmp(text, "irc://", 6) == 0)
        *scheme = HOST_CLEAR;
    else if (strncasecmp(text, "ircs://", 7) == 0)
        *scheme = HOST_TLS;
    return *scheme == HOST_ANY ? text : strchr(text, '/') + 2;
}

static bool is_port(const char *digits, size_t len)
{
    long port = 0;
    for (size_t i = 0; i < len && i <= PORT_MAX_DIGITS; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        port = 10 * port + (digits[i] - '0');
    }
    return len <= PORT_MAX_DIGITS && port >= 1 && port <= PORT_MAX;
}

/* With a zone or without: fe80::1%eth0 */
static bool is_ipv6(const char *text, size_t len)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr binary;
    const char *zone = memchr(text, '%', len);
    len = zone ? (size_t)(zone - text) : len;
    if (len >= sizeof(address))
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    return inet_pton(AF_INET6, address, &binary) == 1;
}

/* Several colons without brackets are an IPv6 address, which has no port then. */
static size_t name_len(const char *text, size_t len)
{
    const char *colon = memchr(text, ':', len);
    bool one = colon && !memchr(colon + 1, ':', len - (size_t)(colon - text) - 1);
    return one ? (size_t)(colon - text) : len;
}

static bool take_port(struct host *host, const char *text, size_t len, struct str *why)
{
    if (len == 0)
        return true;
    host->port = text + 1;
    host->port_len = len - 1;
    return (*text == ':' && is_port(host->port, host->port_len)) ||
           refuse(why, "wants a port from 1 to 65535 after the host and a colon");
}

static bool take_bracketed(struct host *host, const char *text, size_t len, struct str *why)
{
    const char *end = memchr(text, ']', len);
    if (!end || !is_ipv6(text + 1, (size_t)(end - text) - 1))
        return refuse(why, "wants an IPv6 address between [ and ]");
    host->name = text + 1;
    host->name_len = (size_t)(end - text) - 1;
    return take_port(host, end + 1, len - host->name_len - 2, why);
}

bool host_parse(struct host *host, const char *text, struct str *why)
{
    *host = (struct host){0};
    text = skip_scheme(text, &host->scheme);
    size_t len = strlen(text);
    if (host->scheme != HOST_ANY && len > 0 && text[len - 1] == '/')
        len--;
    if (host->scheme != HOST_ANY && memchr(text, '/', len))
        return refuse(why, "wants nothing after the host of a URL (--room names rooms)");
    if (memchr(text, '/', len))
        return refuse(why, "wants a host, or a URL of irc:// or ircs://");
    if (*text == '[')
        return take_bracketed(host, text, len, why);
    host->name = text;
    host->name_len = name_len(text, len);
    bool many = host->name_len == len && memchr(text, ':', len);
    size_t good = strcspn(text, " \t[]@");
    if (host->name_len == 0 || good < host->name_len || (many && !is_ipv6(text, len)))
        return refuse(why, "wants a host, or a host and :PORT, with an IPv6 address in brackets");
    return take_port(host, text + host->name_len, len - host->name_len, why);
}
