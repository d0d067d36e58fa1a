/*
 * The configuration file: whatever stands in it, reading ends with values within their limits or
 * with one harmless line that begins with file and line.
 */
#include <string.h>

#include "common/alloc.h"
#include "common/options.h"
#include "common/str.h"
#include "common/text.h"
#include "tests/fuzz/target.h"

struct config {
    bool tls;
    char *nick;
    struct option_strings rooms;
    long long lines, bytes, wait_ms;
    int colour;
};

static const char *const colours[] = {"red", "green", NULL};

static const struct option_row rows[] = {
    {.name = "tls", .help = "", .kind = OPTION_FLAG, .offset = offsetof(struct config, tls)},
    {.name = "nick", .help = "", .kind = OPTION_STRING, .offset = offsetof(struct config, nick)},
    {.name = "room",
     .help = "",
     .kind = OPTION_STRINGS,
     .max = 3,
     .offset = offsetof(struct config, rooms)},
    {.name = "lines",
     .help = "",
     .kind = OPTION_INT,
     .min = -5,
     .max = 10,
     .offset = offsetof(struct config, lines)},
    {.name = "bytes",
     .help = "",
     .kind = OPTION_SIZE,
     .max = 1 << 20,
     .offset = offsetof(struct config, bytes)},
    {.name = "wait",
     .help = "",
     .kind = OPTION_DURATION,
     .max = 86400000,
     .offset = offsetof(struct config, wait_ms)},
    {.name = "colour",
     .help = "",
     .kind = OPTION_CHOICE,
     .choices = colours,
     .offset = offsetof(struct config, colour)},
};

static const struct option_table table = {
    .usage = "x", .summary = "y", .rows = rows, .n_rows = sizeof rows / sizeof *rows};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config;
    struct options o;
    struct str error;
    char *text = xmemdup0(data, size);
    str_init(&error, 2048);
    options_init(&o, &table, &config);
    if (options_text(&o, "file", text, &error))
        CHECK(!error.len);
    else
        CHECK(!strncmp(error.data, "file:", 5) && text_is_harmless(error.data, error.len));
    CHECK(!error.overflow);
    CHECK(config.lines >= -5 && config.lines <= 10);
    CHECK(config.bytes >= 0 && config.bytes <= 1 << 20);
    CHECK(config.wait_ms >= 0 && config.wait_ms <= 86400000);
    CHECK(config.colour == 0 || config.colour == 1);
    CHECK(config.rooms.len <= 3);
    options_release(&o);
    CHECK(!config.nick && !config.rooms.items);
    str_release(&error);
    free(text);
    return 0;
}
