#include "tests/press.h"

#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned read_mods(const char **name)
{
    static const struct {
        char letter;
        unsigned mod;
    } mods[] = {{'C', MOD_CTRL}, {'M', MOD_ALT}, {'S', MOD_SHIFT}};
    unsigned found = 0;
    for (size_t i = 0; i < 3; i++) {
        if ((*name)[0] == mods[i].letter && (*name)[1] == '-' && (*name)[2] != '>') {
            found |= mods[i].mod;
            *name += 2;
        }
    }
    return found;
}

static enum press read_press(const char *name, size_t len)
{
    for (struct key key = {.press = PRESS_ENTER}; key.press <= PRESS_CLICK; key.press++) {
        char known[KEY_NAME_BYTES];
        key_write_name(&key, known);
        if (strlen(known) == len && memcmp(known, name, len) == 0)
            return key.press;
    }
    return PRESS_NONE;
}

static const char *read_named(const char *text, struct key *key)
{
    const char *name = text + 1, *end = strchr(name + 1, '>');
    if (!end) {
        fprintf(stderr, "%s: a key's name has no end\n", text);
        exit(1);
    }
    if (strncmp(text, "<lt>", 4) == 0) {
        *key = (struct key){.press = PRESS_TEXT, .text = "<", .len = 1};
        return end + 1;
    }
    if (strncmp(text, "<S-Tab>", 7) == 0) {
        *key = (struct key){.press = PRESS_BACKTAB};
        return end + 1;
    }
    *key = (struct key){.mods = read_mods(&name)};
    key->press = read_press(name, (size_t)(end - name));
    if (key->press == PRESS_NONE && end - name <= 4 && key->mods) {
        key->press = PRESS_TEXT;
        key->text = name;
        key->len = (size_t)(end - name);
    }
    if (key->press == PRESS_NONE) {
        fprintf(stderr, "%s: no such key\n", text);
        exit(1);
    }
    return end + 1;
}

const char *press_read(const char *text, struct key *key)
{
    if (*text == '<')
        return read_named(text, key);
    size_t len = text_cluster_next(text, strlen(text), 0);
    *key = (struct key){.press = PRESS_TEXT, .text = text, .len = len};
    return text + len;
}
