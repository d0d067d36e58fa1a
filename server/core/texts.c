#include "server/core/texts.h"

#include <stdbool.h>
#include <string.h>

#include "common/alloc.h"

static bool is_repeated(const char *const *texts, size_t at)
{
    return at > 0 && texts[at - 1] != NULL && strcmp(texts[at], texts[at - 1]) == 0;
}

char *texts_pack(const char **texts, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (texts[i] != NULL && !is_repeated(texts, i))
            bytes += strlen(texts[i]) + 1;
    }
    if (bytes == 0)
        return NULL;
    char *block = xmalloc(bytes);
    char *end = block;
    for (size_t i = 0; i < count; i++) {
        if (texts[i] == NULL)
            continue;
        if (is_repeated(texts, i)) {
            texts[i] = texts[i - 1];
            continue;
        }
        size_t size = strlen(texts[i]) + 1;
        texts[i] = memcpy(end, texts[i], size);
        end += size;
    }
    return block;
}
