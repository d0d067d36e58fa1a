/* snugd: what it was told on its command line, and the way out. */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/file.h"
#include "server/admin/tools.h"
#include "server/config/config.h"
#include "server/serve.h"

enum {
    EXIT_USAGE = 2,
    ERROR_MAX_BYTES = 4096,
};

static int fail(int status, const struct str *error)
{
    fprintf(stderr, "snugd: %s\n", error->data);
    return status;
}

static int show_help(void)
{
    struct str text;
    str_init(&text, 1 << 20);
    options_help(&config_table, &text);
    fputs(text.data, stdout);
    str_release(&text);
    return 0;
}

static int show_version(void)
{
    printf("snugd %s\n", SNUG_VERSION);
    return 0;
}

/* Says that what was given is right, once the files that it names have been read. */
static int check_only(const struct config *config, struct str *error)
{
    struct str motd;
    str_init(&motd, CONFIG_MOTD_MAX_BYTES);
    bool right = config_motd(config, &motd, error);
    str_release(&motd);
    if (!right)
        return fail(EXIT_USAGE, error);
    puts("The configuration is right.");
    return 0;
}

static int run(struct options *options, struct config *config, int argc, char **argv,
               struct str *error)
{
    if (!options_args(options, argc, argv, error))
        return fail(EXIT_USAGE, error);
    if (config->help)
        return show_help();
    if (config->version)
        return show_version();
    if (config->file && !options_file(options, config->file, error))
        return fail(EXIT_USAGE, error);
    if (!config_check(config, error) || !tools_check(config, error))
        return fail(EXIT_USAGE, error);
    if (config->check)
        return check_only(config, error);
    bool done = config->action ? tools_run(config, error) : serve(config, argc, argv, error);
    return done ? 0 : fail(1, error);
}

int main(int argc, char **argv)
{
    struct config config;
    struct options options;
    struct str error;
    file_fill_standard();
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is an error of its write */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
    umask(077);               /* the log holds private words, whatever directory it lies in */
    str_init(&error, ERROR_MAX_BYTES);
    options_init(&options, &config_table, &config);
    int status = run(&options, &config, argc, argv, &error);
    if (status == 0 && !file_finish(stdout, &error))
        status = fail(1, &error);
    options_release(&options);
    str_release(&error);
    return status;
}
