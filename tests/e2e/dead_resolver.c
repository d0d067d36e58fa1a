/* Linked into a snug for tests: to look a name up takes for ever, as where the resolver is gone. What needs
 * no resolver is known all the same. */
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>
#include <unistd.h>

typedef int look_up_function(const char *node, const char *service, const struct addrinfo *hints,
                             struct addrinfo **addresses);

int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict addresses)
{
    union {
        void *address;
        look_up_function *call;
    } original = {.address = dlsym(RTLD_NEXT, "getaddrinfo")};
    while (node && !(hints && (hints->ai_flags & AI_NUMERICHOST)))
        pause();
    return original.call(node, service, hints, addresses);
}
