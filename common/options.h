/*
 * One table of options that becomes flags, configuration file and --help.
 *
 * A program describes its options as constant rows; values go into a config struct of its own, at
 * the offset each row names. A flag wins over the file, whichever is read first; a repeated option
 * given as a flag replaces all its values of the file. Texts in the config are owned by the
 * `struct options` that set them. Errors are one line without a newline that says what to do, of at
 * most 2 KB.
 *
 * A file is read by inih: lines of `name = value` of up to 198 bytes, comments behind # or ; at the
 * front of a line or behind " ;", no sections; a name given again replaces (or adds to) the value.
 * Knows no option of any program, no clock and no terminal.
 */
#ifndef SNUG_COMMON_OPTIONS_H
#define SNUG_COMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum option_kind {
    OPTION_FLAG,     /* bool; `--name`, `--no-name`, in a file `name = yes|no` */
    OPTION_STRING,   /* char *, NULL when not given and without a default */
    OPTION_STRINGS,  /* struct option_strings; may be given many times, up to `max` times */
    OPTION_INT,      /* long long, min <= value <= max */
    OPTION_CHOICE,   /* int, the index into `choices` */
    OPTION_SIZE,     /* long long, bytes: 4096, 64k, 10M, 2G (powers of 1024) */
    OPTION_DURATION, /* long long, milliseconds: 500ms, 30s, 5m, 2h, 7d, 0 */
};

/* Where an option may be given; 0 in a row means OPTION_AS_FLAG | OPTION_IN_FILE. */
enum option_where {
    OPTION_AS_FLAG = 1,
    OPTION_IN_FILE = 2,
    OPTION_POSITIONAL = 4, /* an argument without a name; rows take them in their order */
};

struct option_strings {
    char **items;
    size_t len;
};

struct option_row {
    const char *name;    /* as behind `--`; unique */
    const char *letters; /* of a flag: "h" for `-h`, each letter of "vV" for itself; NULL: none */
    const char *arg;     /* what --help calls the value, such as "ADDR:PORT"; NULL for a flag */
    const char *help;    /* for --help; lines may be broken with \n */
    enum option_kind kind;
    unsigned where;             /* enum option_where, or'ed */
    size_t offset;              /* of the value in the config struct */
    long long min, max;         /* of OPTION_INT, _SIZE, _DURATION; see also OPTION_STRINGS */
    const char *const *choices; /* of OPTION_CHOICE, ended by NULL */
    /* What else a value has to be: false, with the rest of a sentence ("wants ...") in `why`. */
    bool (*check)(const char *text, struct str *why);
    bool secret;              /* a wrong value is not repeated */
    const char *default_text; /* as in a file; NULL: zero, no, or nothing */
};

struct option_table {
    const char *usage;   /* such as "snug [HOST[:PORT]] [OPTION]..." */
    const char *summary; /* one line below it */
    const struct option_row *rows;
    size_t n_rows;
};

/* What was read into one config struct, and from where. */
struct options {
    const struct option_table *table;
    void *config;
    unsigned char *from; /* one a row: nobody, the default, the file, a flag */
};

/*
 * Begins with the defaults: sets every row's value in `config`. Keeps `table` and `config`, both
 * borrowed until options_release. A default that its own row refuses is our bug.
 */
void options_init(struct options *o, const struct option_table *table, void *config);

/* Frees the texts in the config and sets them to nothing. */
void options_release(struct options *o);

/* Reads the arguments behind argv[0]; `--` ends the flags. False, and `error` set, if one is wrong. */
bool options_args(struct options *o, int argc, char *const argv[], struct str *error);

/*
 * Reads a configuration file of `name = value` lines. False, and `error` set to "FILE:LINE: what",
 * if it cannot be read or a line is wrong; what came before that line is set.
 */
bool options_file(struct options *o, const char *path, struct str *error);

/* As options_file for text in memory; `path` is what errors call it. */
bool options_text(struct options *o, const char *path, const char *text, struct str *error);

/* Sets one option by its name, as a line of a file would: flags overrule it. False, and `error` set, if name
 * or value is wrong, or the row is a flag only. */
bool options_set(struct options *o, const char *name, const char *value, struct str *error);

/* Reads a time as OPTION_DURATION does, "30s", "5m", "2h" or "7d", into ms; false if it is none. */
bool options_duration(const char *text, long long *ms);

/* Says whether the row of this name was given as a flag or in a file. `name` must exist. */
bool options_given(const struct options *o, const char *name);

/* Appends the value of row `i` as it would stand in a file (OPTION_STRINGS: comma-separated). */
void options_value(const struct options *o, size_t i, struct str *out);

/* Says where the row may be given: its `where`, or what 0 stands for. */
unsigned options_where(const struct option_row *row);

/* Appends an error line, worded as by printf, made harmless and cut to 500 bytes. Returns false. */
bool options_wrong(struct str *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends the text of --help, ended by a newline. */
void options_help(const struct option_table *table, struct str *out);

#endif
