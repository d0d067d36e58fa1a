#include "client/envvar.h"

#include <string.h>

#include "common/str.h"
#include "common/text.h"

char *envvar_new(const char *name, const char *value)
{
    struct str text;
    str_init(&text, ENVVAR_MAX_BYTES);
    str_addf(&text, "%s=", name);
    for (size_t len;; value += len + 1) {
        len = strcspn(value, "\n");
        if (!text_harmless(&text, value, len) || !value[len] || !str_addc(&text, '\n'))
            break;
    }
    return str_detach(&text);
}
