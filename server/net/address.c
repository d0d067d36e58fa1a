#include "server/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a decimal port and nothing else; -1 if it is none. */
static long parse_port(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len > 5 || strspn(text, "0123456789") != len)
        return -1;
    long port = strtol(text, NULL, 10);
    return port <= UINT16_MAX ? port : -1;
}

static bool parse_v4(const char *host, uint16_t port, struct sockaddr_storage *address)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, host, &v4.sin_addr) != 1)
        return false;
    memcpy(address, &v4, sizeof v4);
    return true;
}

static bool parse_v6(const char *host, uint16_t port, struct sockaddr_storage *address)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET6, host, &v6.sin6_addr) != 1)
        return false;
    memcpy(address, &v6, sizeof v6);
    return true;
}

bool address_parse(const char *text, struct sockaddr_storage *address)
{
    const char *colon = strrchr(text, ':');
    if (!colon || colon - text >= ADDRESS_TEXT_MAX)
        return false;
    long port = parse_port(colon + 1);
    if (port < 0)
        return false;
    memset(address, 0, sizeof *address);
    char host[ADDRESS_TEXT_MAX];
    size_t len = (size_t)(colon - text);
    if (len < 2 || text[0] != '[' || text[len - 1] != ']') {
        snprintf(host, sizeof host, "%.*s", (int)len, text);
        return parse_v4(host, (uint16_t)port, address);
    }
    snprintf(host, sizeof host, "%.*s", (int)len - 2, text + 1);
    return parse_v6(host, (uint16_t)port, address);
}

void address_host(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX])
{
    text[0] = '\0';
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, text, ADDRESS_TEXT_MAX);
    } else if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
            inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text, ADDRESS_TEXT_MAX);
        else
            inet_ntop(AF_INET6, &v6.sin6_addr, text, ADDRESS_TEXT_MAX);
    }
}

void address_word(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX])
{
    char host[ADDRESS_TEXT_MAX];
    address_host(address, host);
    snprintf(text, ADDRESS_TEXT_MAX, "%s%.60s", host[0] == ':' ? "0" : "", host);
}

void address_format(const struct sockaddr_storage *address, char text[ADDRESS_TEXT_MAX])
{
    char host[ADDRESS_TEXT_MAX];
    address_host(address, host);
    if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        snprintf(text, ADDRESS_TEXT_MAX, "[%.50s]:%u", host, ntohs(v6.sin6_port));
    } else {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        snprintf(text, ADDRESS_TEXT_MAX, "%.50s:%u", host, ntohs(v4.sin_port));
    }
}
