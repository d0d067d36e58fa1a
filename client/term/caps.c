/*
 * Terminfo through ncurses' lower layer. The strings are copied out at load, since tigetstr's
 * belong to the terminal that setupterm made current.
 */
#include "client/term/caps.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* term.h defines common words as macros, so nothing of ours is included behind it. */
#include <curses.h>
#include <term.h>

#define MAX_MODE_BYTES 256

static void free_terminal(struct caps *caps)
{
    char *strings[] = {caps->address,     caps->clear,     caps->clear_to_eol, caps->hide_cursor,
                       caps->show_cursor, caps->reset,     caps->bold,         caps->dim,
                       caps->italic,      caps->underline, caps->reverse,      caps->strike,
                       caps->foreground,  caps->background};
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
        free(strings[i]);
    if (caps->terminal)
        del_curterm(caps->terminal);
    memset(caps, 0, sizeof(*caps));
}

void caps_release(struct caps *caps)
{
    str_release(&caps->enter);
    str_release(&caps->leave);
    free_terminal(caps);
}

/* Appends a capability without its padding, such as $<5/>. */
static void add_unpadded(struct str *out, const char *text)
{
    while (text && *text) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end)
            text = end + 1;
        else
            str_addc(out, *text++);
    }
}

static char *get(const char *name)
{
    const char *text = tigetstr(name);
    if (!text || text == (const char *)-1)
        return NULL;
    struct str copy;
    str_init(&copy, 4096);
    add_unpadded(&copy, text);
    return str_detach(&copy);
}

static void add_capability(struct str *out, const char *name)
{
    char *text = get(name);
    str_adds(out, text ? text : "");
    free(text);
}

static enum colour_depth depth_of(const struct caps *caps, const struct caps_env *env)
{
    int n_colours = tigetnum("colors");
    if ((env->no_color && *env->no_color) || n_colours < 8 || !caps->foreground)
        return COLOURS_NONE;
    bool rgb = env->colorterm &&
               (!strcmp(env->colorterm, "truecolor") || !strcmp(env->colorterm, "24bit"));
    if (rgb && n_colours >= 256)
        return COLOURS_RGB;
    return n_colours >= 256 ? COLOURS_256 : n_colours >= 16 ? COLOURS_16 : COLOURS_8;
}

static void load_strings(struct caps *caps)
{
    caps->address = get("cup");
    caps->clear = get("clear");
    caps->clear_to_eol = get("el");
    caps->hide_cursor = get("civis");
    caps->show_cursor = get("cnorm");
    caps->reset = get("sgr0");
    caps->bold = get("bold");
    caps->dim = get("dim");
    caps->italic = get("sitm");
    caps->underline = get("smul");
    caps->reverse = get("rev");
    caps->strike = get("smxx");
    caps->foreground = get("setaf");
    caps->background = get("setab");
    caps->erases_with_background = tigetflag("bce") > 0;
}

static bool is_ansi(const struct caps *caps)
{
    return strncmp(caps->address, "\033[", 2) == 0;
}

void caps_mouse(const struct caps *caps, struct str *out, bool reports)
{
    if (!is_ansi(caps))
        return;
    str_adds(out, reports ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

static void load_modes(struct caps *caps)
{
    str_init(&caps->enter, MAX_MODE_BYTES);
    str_init(&caps->leave, MAX_MODE_BYTES);
    /* Terminals that speak ECMA-48 ignore the private modes that they do not know. */
    bool ansi = is_ansi(caps);
    bool can_stop_wrapping = caps->wraps = tigetflag("am") > 0;
    char *no_wrap = get("rmam");
    if (ansi || no_wrap)
        caps->wraps = false;
    add_capability(&caps->enter, "smcup");
    if (can_stop_wrapping)
        str_adds(&caps->enter, no_wrap ? no_wrap : ansi ? "\033[?7l" : "");
    if (ansi) {
        str_adds(&caps->enter, "\033[?2004h\033[?1004h");
        str_adds(&caps->leave, "\033[?1004l\033[?2004l");
        caps_mouse(caps, &caps->leave, false);
    }
    str_adds(&caps->leave, caps->reset ? caps->reset : "");
    if (can_stop_wrapping && ansi)
        str_adds(&caps->leave, "\033[?7h");
    else if (can_stop_wrapping)
        add_capability(&caps->leave, "smam");
    str_adds(&caps->leave, caps->show_cursor ? caps->show_cursor : "");
    add_capability(&caps->leave, "rmcup");
    caps->synchronizes = ansi && tigetnum("colors") >= 256;
    caps->answers = ansi && tigetnum("colors") >= 8;
    free(no_wrap);
}

bool caps_load(struct caps *caps, const struct caps_env *env, struct str *error)
{
    memset(caps, 0, sizeof(*caps));
    int status = 0;
    if (!env->term || !*env->term) {
        str_adds(error, "TERM is not set");
        return false;
    }
    if (setupterm(env->term, STDOUT_FILENO, &status) != OK) {
        str_addf(error, "the terminal \"%.64s\" is not known to terminfo", env->term);
        return false;
    }
    caps->terminal = cur_term;
    load_strings(caps);
    if (!caps->address || !caps->clear) {
        str_addf(error, "the terminal \"%.64s\" cannot place its cursor", env->term);
        free_terminal(caps);
        return false;
    }
    caps->usual_address = strcmp(caps->address, "\033[%i%p1%d;%p2%dH") == 0;
    caps->colours = depth_of(caps, env);
    load_modes(caps);
    /* The console of Linux prints parts of what it does not know. */
    caps->answers = caps->answers && strncmp(env->term, "linux", 5) != 0;
    caps->links = caps->answers && tigetnum("colors") >= 256;
    return true;
}

void caps_load_linear(struct caps *caps, const struct caps_env *env)
{
    memset(caps, 0, sizeof(*caps));
    str_init(&caps->enter, MAX_MODE_BYTES);
    str_init(&caps->leave, MAX_MODE_BYTES);
    str_adds(&caps->leave, "\r\n");
    int status = 0;
    if (!env->term || !*env->term || setupterm(env->term, STDOUT_FILENO, &status) != OK)
        return;
    caps->terminal = cur_term;
    caps->clear_to_eol = get("el");
    if (!caps->clear_to_eol || strncmp(caps->clear_to_eol, "\033[", 2) != 0)
        return;
    str_adds(&caps->enter, "\033[?2004h");
    str_adds(&caps->leave, "\033[?2004l");
}

static void add_number(struct str *out, unsigned number)
{
    char digits[10];
    size_t n = 0;
    do
        digits[sizeof(digits) - ++n] = (char)('0' + number % 10);
    while (number /= 10);
    str_add(out, digits + sizeof(digits) - n, n);
}

void caps_move(const struct caps *caps, struct str *out, int row, int col)
{
    if (caps->usual_address) { /* tparm() would be a good part of a frame's cost */
        str_add(out, "\033[", 2);
        add_number(out, (unsigned)row + 1);
        str_addc(out, ';');
        add_number(out, (unsigned)col + 1);
        str_addc(out, 'H');
        return;
    }
    add_unpadded(out, tparm(caps->address, (long)row, (long)col, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
}

/* The colours xterm has by default; others are near enough to choose by. */
static const uint32_t first_sixteen[16] = {
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static const unsigned cube_levels[6] = {0, 95, 135, 175, 215, 255};

static uint32_t rgb_of_index(unsigned index)
{
    if (index < 16)
        return first_sixteen[index];
    if (index >= 232)
        return (8 + (index - 232) * 10) * 0x010101u;
    index -= 16;
    return cube_levels[index / 36] << 16 | cube_levels[index / 6 % 6] << 8 | cube_levels[index % 6];
}

static unsigned distance(uint32_t a, uint32_t b)
{
    unsigned sum = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        int difference = (int)(a >> shift & 255) - (int)(b >> shift & 255);
        sum += (unsigned)(difference * difference);
    }
    return sum;
}

static unsigned nearest_index(uint32_t rgb, unsigned first, unsigned end)
{
    unsigned best = first;
    for (unsigned i = first + 1; i < end; i++)
        if (distance(rgb, rgb_of_index(i)) < distance(rgb, rgb_of_index(best)))
            best = i;
    return best;
}

uint32_t caps_colour(enum colour_depth depth, uint32_t colour)
{
    uint32_t value = colour & 0xffffff;
    if (colour == COLOUR_DEFAULT || depth == COLOURS_NONE)
        return COLOUR_DEFAULT;
    if (colour & COLOUR_RGB) {
        if (depth == COLOURS_RGB)
            return colour;
        /* Not the first 16 where there are more: those are what the user made them. */
        value = depth == COLOURS_256 ? nearest_index(value, 16, 256) : nearest_index(value, 0, 16);
    } else if (value >= 16 && depth < COLOURS_256) {
        value = nearest_index(rgb_of_index(value & 255), 0, 16);
    }
    return COLOUR_INDEXED | (depth == COLOURS_8 ? value & 7 : value & 255);
}

static void add_colour(const struct caps *caps, struct str *out, uint32_t colour, bool foreground)
{
    if (colour & COLOUR_RGB)
        str_addf(out, "\033[%d;2;%u;%u;%um", foreground ? 38 : 48, colour >> 16 & 255,
                 colour >> 8 & 255, colour & 255);
    else if (colour & COLOUR_INDEXED)
        add_unpadded(out, tparm(foreground ? caps->foreground : caps->background,
                                (long)(colour & 255), 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
}

void caps_style(const struct caps *caps, struct str *out, const struct style *from,
                const struct style *to)
{
    const struct {
        unsigned attr;
        const char *on;
    } attrs[] = {{ATTR_BOLD, caps->bold},       {ATTR_DIM, caps->dim},
                 {ATTR_ITALIC, caps->italic},   {ATTR_UNDERLINE, caps->underline},
                 {ATTR_REVERSE, caps->reverse}, {ATTR_STRIKE, caps->strike}};
    struct style now = from ? *from : (struct style){0};
    uint32_t fg = caps_colour(caps->colours, to->fg), bg = caps_colour(caps->colours, to->bg);
    now.fg = caps_colour(caps->colours, now.fg);
    now.bg = caps_colour(caps->colours, now.bg);
    /* Few terminals can switch single attributes off; all can switch all off. */
    bool off = !from || (now.attrs & ~to->attrs) || (now.fg && !fg) || (now.bg && !bg);
    if (off) {
        str_adds(out, caps->reset ? caps->reset : "");
        now = (struct style){0};
    }
    for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
        if ((to->attrs & attrs[i].attr) && !(now.attrs & attrs[i].attr) && attrs[i].on)
            str_adds(out, attrs[i].on);
    if (fg != now.fg)
        add_colour(caps, out, fg, true);
    if (bg != now.bg && caps->background)
        add_colour(caps, out, bg, false);
}
