/*
 * The server's configuration file: what is taken makes limits that a hub works within; what is not
 * is said in one harmless line that begins with file and line.
 */
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/config/config.h"
#include "tests/fuzz/target.h"

/* A hub of these limits, in which somebody tries to come in. */
static void use(const struct config *config)
{
    struct hub_config limits = hub_config_default();
    config_limits(config, &limits);
    CHECK(limits.max_nick_bytes > 0 && limits.max_room_name_bytes > 0);
    struct hub *hub = hub_new(&limits, 1);
    hub_check(hub);
    hub_free(hub);
    struct str name;
    str_init(&name, 100);
    config_server_name(config, &name);
    CHECK(name.len > 0 && !name.overflow && text_is_harmless(name.data, name.len));
    str_release(&name);
}

/* What was read, written as a file, is read as the same. */
static void write_and_read(struct options *o)
{
    struct config again;
    struct options other;
    struct str value, repeated, error;
    str_init(&value, 1 << 20);
    str_init(&repeated, 1 << 20);
    str_init(&error, 2048);
    options_init(&other, o->table, &again);
    for (size_t i = 0; i < o->table->n_rows; i++) {
        const struct option_row *row = &o->table->rows[i];
        if (!(options_where(row) & OPTION_IN_FILE) || !options_given(o, row->name) ||
            row->kind == OPTION_STRINGS)
            continue;
        str_reset(&value);
        str_reset(&repeated);
        options_value(o, i, &value);
        CHECK(options_set(&other, row->name, value.data, &error));
        options_value(&other, i, &repeated);
        CHECK(strcmp(value.data, repeated.data) == 0);
    }
    options_release(&other);
    str_release(&value);
    str_release(&repeated);
    str_release(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config;
    struct options o;
    struct str error;
    char *text = xmemdup0(data, size);
    str_init(&error, 2048);
    options_init(&o, &config_table, &config);
    if (options_text(&o, "file", text, &error)) {
        CHECK(!error.len);
        write_and_read(&o);
        if (config_check(&config, &error))
            use(&config);
    } else {
        CHECK(!strncmp(error.data, "file:", 5));
    }
    CHECK(!error.overflow && text_is_harmless(error.data, error.len));
    options_release(&o);
    str_release(&error);
    free(text);
    return 0;
}
