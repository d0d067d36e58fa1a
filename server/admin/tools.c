#include "server/admin/tools.h"

#include <string.h>

#include "common/text.h"
#include "server/admin/tools_names.h"
#include "server/run/certificate.h"
#include "server/store/offline.h"

enum { PATH_MAX_BYTES = 4096 };

/* As WeeChat and snug take it, and as irssi does. */
static bool print_fingerprint(const struct config *config, const char *dir, struct str *error)
{
    struct certificate *certificate = certificate_new(config, dir, error);
    if (!certificate)
        return false;
    struct str colons;
    char digits[FINGERPRINT_SIZE];
    str_init(&colons, PATH_MAX_BYTES);
    certificate_fingerprint(certificate, digits);
    fingerprint_with_colons(digits, &colons);
    printf("%s\n%s\n", digits, colons.data);
    str_release(&colons);
    certificate_free(certificate);
    return true;
}

static bool export(const struct config *config, const char *dir, struct str *error)
{
    const struct option_strings *names = &config->operands;
    if (names->len == 0)
        return offline_list(dir, stdout, error);
    return offline_export(dir, names->items[0], names->len > 1 ? names->items[1] : NULL,
                          config->json ? OFFLINE_JSON : OFFLINE_TEXT, stdout, error);
}

static bool check(const struct config *config, const char *dir, struct str *error)
{
    bool sound;
    (void)config;
    if (!offline_check(dir, stdout, &sound, error))
        return false;
    if (!sound)
        str_adds(error, "the log is damaged; what is wrong is on standard output");
    return sound;
}

static bool backup(const struct config *config, const char *dir, struct str *error)
{
    return offline_backup(dir, config->operands.items[0], error);
}

static const struct tool {
    const char *name;
    size_t min_operands, max_operands;
    bool only_reads; /* so that the data may lie where nothing can be written */
    bool (*run)(const struct config *config, const char *dir, struct str *error);
    const char *usage;
} tools[] = {
    {"fingerprint", 0, 0, false, print_fingerprint, "snugd fingerprint"},
    {"export", 0, 2, true, export, "snugd export [--json] [ROOM | NICK NICK]"},
    {"check", 0, 0, true, check, "snugd check"},
    {"backup", 1, 1, true, backup, "snugd backup FILE"},
    {"admit", 1, 1, false, tools_names, "snugd admit NAME"},
    {"unadmit", 1, 1, false, tools_names, "snugd unadmit NAME"},
    {"grant", 1, 1, false, tools_names, "snugd grant ACCOUNT"},
    {"revoke", 1, 1, false, tools_names, "snugd revoke ACCOUNT"},
    {"release", 1, 1, false, tools_names, "snugd release NAME"},
};

static const struct tool *find_tool(const char *name)
{
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        if (strcmp(tools[i].name, name) == 0)
            return &tools[i];
    }
    return NULL;
}

bool tools_check(const struct config *config, struct str *error)
{
    if (!config->action)
        return true;
    const struct tool *tool = find_tool(config->action);
    if (!tool) {
        str_adds(error, "there is nothing like \"");
        text_harmless(error, config->action, strlen(config->action));
        str_adds(error, "\" to do;");
        for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
            str_addf(error, "%s %s", i > 0 ? "," : " there is", tools[i].name);
        return false;
    }
    size_t count = config->operands.len;
    if (count >= tool->min_operands && count <= tool->max_operands)
        return true;
    str_addf(error, "too %s arguments: %s", count < tool->min_operands ? "few" : "many",
             tool->usage);
    return false;
}

bool tools_run(const struct config *config, struct str *error)
{
    struct str dir;
    str_init(&dir, PATH_MAX_BYTES);
    const struct tool *tool = find_tool(config->action);
    bool found = tool->only_reads ? config_find_data_dir(config, &dir, error)
                                  : config_data_dir(config, &dir, error);
    bool done = found && tool->run(config, dir.data, error);
    str_release(&dir);
    return done;
}
