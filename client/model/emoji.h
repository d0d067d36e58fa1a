/* Names of emoji, as they are typed between colons: ":tada:". Constant data. */
#ifndef SNUG_CLIENT_MODEL_EMOJI_H
#define SNUG_CLIENT_MODEL_EMOJI_H

#include <stddef.h>

struct emoji {
    const char *name; /* without its colons: small letters, digits and _ + - */
    const char *text;
};

/* The rows, sorted by name, by index below emoji_count(). */
size_t emoji_count(void);
const struct emoji *emoji_at(size_t i);

/* What has that name, or NULL. */
const char *emoji_find(const char *name);

#endif
