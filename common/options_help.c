/* The text of --help, from the table. See options.h. */

#include "common/options.h"
#include "common/str.h"

enum { HELP_COLUMN = 26 };

static void add_arg(struct str *out, const struct option_row *row)
{
    if (row->arg) {
        str_adds(out, row->arg);
        return;
    }
    for (size_t i = 0; row->kind == OPTION_CHOICE && row->choices[i]; i++)
        str_addf(out, "%s%s", i ? "|" : "", row->choices[i]);
}

/* The left column: `--name ARG`, the positional ARG, or `name = ARG` for what only files may hold. */
static void add_name(struct str *out, const struct option_row *row)
{
    unsigned where = options_where(row);
    str_adds(out, "  ");
    if (where & OPTION_AS_FLAG) {
        bool is_on = row->kind == OPTION_FLAG && row->default_text && *row->default_text == 'y';
        str_addf(out, "%s%s", is_on ? "--no-" : "--", row->name);
        if (row->kind != OPTION_FLAG)
            str_addc(out, ' ');
    } else if (!(where & OPTION_POSITIONAL)) {
        str_addf(out, "%s = ", row->name);
    }
    add_arg(out, row);
    if (row->letters)
        str_addf(out, ", -%c", row->letters[0]);
}

/* Ends the left column, on a line of its own if it is too wide, and begins the right one. */
static void to_help_column(struct str *out, size_t line_start)
{
    if (out->len - line_start + 2 > HELP_COLUMN) {
        str_addc(out, '\n');
        line_start = out->len;
    }
    str_addf(out, "%*s", (int)(HELP_COLUMN - (out->len - line_start)), "");
}

static void add_row(struct str *out, const struct option_row *row)
{
    size_t line_start = out->len;
    add_name(out, row);
    to_help_column(out, line_start);
    for (const char *p = row->help; *p; p++) {
        str_addc(out, *p);
        if (*p == '\n')
            str_addf(out, "%*s", HELP_COLUMN, "");
    }
    if (row->default_text && row->kind != OPTION_FLAG)
        str_addf(out, " (default: %s)", row->default_text);
    if (row->kind == OPTION_STRINGS)
        str_adds(out, " (may be repeated)");
    str_addc(out, '\n');
}

void options_help(const struct option_table *table, struct str *out)
{
    str_addf(out, "Usage: %s\n%s\n\n", table->usage, table->summary);
    bool in_file = false, file_only = false;
    for (size_t i = 0; i < table->n_rows; i++) {
        unsigned where = options_where(&table->rows[i]);
        in_file = in_file || where & OPTION_IN_FILE;
        file_only = file_only || where == OPTION_IN_FILE;
        if (where != OPTION_IN_FILE)
            add_row(out, &table->rows[i]);
    }
    if (in_file)
        str_adds(out,
                 "\nIn a configuration file an option is `name = value`, without the dashes.\n");
    if (file_only)
        str_adds(out, "Only there:\n");
    for (size_t i = 0; i < table->n_rows; i++) {
        if (options_where(&table->rows[i]) == OPTION_IN_FILE)
            add_row(out, &table->rows[i]);
    }
}
