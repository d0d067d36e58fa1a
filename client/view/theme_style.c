/* Parts of a theme as a person writes them. */
#include "client/view/theme.h"

#include "common/near.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX_BYTES = 32 };

static const struct element {
    const char *name;
    size_t offset; /* of its style */
} elements[] = {
    {"bar", offsetof(struct theme, bar)},           {"status", offsetof(struct theme, status)},
    {"alert", offsetof(struct theme, alert)},       {"mention", offsetof(struct theme, mention)},
    {"time", offsetof(struct theme, time)},         {"event", offsetof(struct theme, event)},
    {"note", offsetof(struct theme, note)},         {"error", offsetof(struct theme, error)},
    {"text", offsetof(struct theme, text)},         {"code", offsetof(struct theme, code)},
    {"pending", offsetof(struct theme, pending)},   {"rule", offsetof(struct theme, rule)},
    {"divider", offsetof(struct theme, divider)},   {"prompt", offsetof(struct theme, prompt)},
    {"own-nick", offsetof(struct theme, own_nick)}, {"popup", offsetof(struct theme, popup)},
    {"chosen", offsetof(struct theme, chosen)},     {"nicks", offsetof(struct theme, nicks)},
};

static const struct {
    const char *name;
    uint16_t attr;
} attrs[] = {{"plain", 0},
             {"bold", ATTR_BOLD},
             {"dim", ATTR_DIM},
             {"italic", ATTR_ITALIC},
             {"underline", ATTR_UNDERLINE},
             {"reverse", ATTR_REVERSE},
             {"strike", ATTR_STRIKE}};

/* In the order of their indexes. */
static const char *const colours[] = {
    "black",        "red",           "green",       "yellow",         "blue",
    "magenta",      "cyan",          "white",       "bright-black",   "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
};

const char *theme_element(size_t i)
{
    return i < sizeof(elements) / sizeof(elements[0]) ? elements[i].name : NULL;
}

static bool read_colour(const char *word, uint32_t *colour)
{
    char *end;
    for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++) {
        if (strcasecmp(word, colours[i]) == 0) {
            *colour = COLOUR_INDEXED | (uint32_t)i;
            return true;
        }
    }
    if (strcasecmp(word, "default") == 0) {
        *colour = COLOUR_DEFAULT;
        return true;
    }
    bool rgb = word[0] == '#' && strlen(word) == 7;
    unsigned long value = strtoul(word + rgb, &end, rgb ? 16 : 10);
    if (*end || end == word + rgb || word[rgb] == '-' || word[rgb] == '+' ||
        value > (rgb ? 0xfffffful : 255ul))
        return false;
    *colour = (rgb ? COLOUR_RGB : COLOUR_INDEXED) | (uint32_t)value;
    return true;
}

static bool read_attr(const char *word, struct style *style)
{
    for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
        if (strcasecmp(word, attrs[i].name) == 0) {
            style->attrs |= attrs[i].attr;
            return true;
        }
    }
    return false;
}

/* Cuts the next word off; false: there is none, or it is too long to be right. */
static bool next_word(const char **text, char word[WORD_MAX_BYTES])
{
    *text += strspn(*text, " \t");
    size_t len = strcspn(*text, " \t");
    if (len == 0 || len >= WORD_MAX_BYTES)
        return false;
    memcpy(word, *text, len);
    word[len] = '\0';
    *text += len;
    return true;
}

/* False: `word` is what is wrong. */
static bool read_style(const char *text, struct style *style, char word[WORD_MAX_BYTES])
{
    bool on = false;
    *style = (struct style){0};
    while (next_word(&text, word)) {
        if (!on && strcasecmp(word, "on") == 0) {
            on = true;
            continue;
        }
        if (!read_colour(word, on ? &style->bg : &style->fg) && (on || !read_attr(word, style)))
            return false;
        on = false;
    }
    if (*text)
        snprintf(word, WORD_MAX_BYTES, "%s", text); /* as much of it as there is room for */
    return *text == '\0' && !on;
}

/* Each colour is one nick's. */
static bool read_nicks(const char *text, struct theme *theme, char word[WORD_MAX_BYTES])
{
    struct style nicks[THEME_NICK_COLOURS] = {0};
    unsigned count = 0;
    while (count < THEME_NICK_COLOURS && next_word(&text, word))
        if (!read_colour(word, &nicks[count++].fg))
            return false;
    if (text[strspn(text, " \t")] || count == 0)
        return false;
    memcpy(theme->nicks, nicks, sizeof(nicks));
    theme->nick_count = count;
    return true;
}

static const char *name_at(const void *table, size_t i)
{
    return ((const struct element *)table)[i].name;
}

static bool refuse_element(const char *word, struct str *error)
{
    size_t count = sizeof(elements) / sizeof(elements[0]);
    ptrdiff_t near = near_name(word, name_at, elements, count);
    str_addf(error, "has no part \"%s\"", word);
    if (near >= 0)
        str_addf(error, ": did you mean %s?", elements[near].name);
    return false;
}

static bool refuse_look(const struct element *element, bool nicks, const char *word,
                        struct str *error)
{
    str_addf(error, "%s takes %s", element->name,
             nicks ? "up to 12 colours"
                   : "plain, bold, dim, italic, underline, reverse, strike, a colour, or on and a "
                     "colour");
    if (*word)
        str_addf(error, ", not \"%s\"", word);
    return false;
}

bool theme_style(struct theme *theme, const char *text, struct str *error)
{
    char word[WORD_MAX_BYTES] = "";
    const struct element *element = NULL;
    next_word(&text, word);
    for (size_t i = 0; theme_element(i); i++)
        element = strcasecmp(elements[i].name, word) == 0 ? &elements[i] : element;
    if (!element)
        return refuse_element(word, error);
    struct style style;
    bool nicks = element->offset == offsetof(struct theme, nicks);
    word[0] = '\0';
    if (nicks ? !read_nicks(text, theme, word) : !read_style(text, &style, word))
        return refuse_look(element, nicks, word, error);
    if (!nicks)
        memcpy((char *)theme + element->offset, &style, sizeof(style));
    theme->version++;
    return true;
}
