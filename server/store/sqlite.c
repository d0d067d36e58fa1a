/* The engine over SQLite: not there yet. */
#include "common/str.h"
#include "server/store/engine.h"

struct engine *engine_sqlite_open(const char *dir, const struct store_options *options,
                                  struct str *error)
{
    (void)options;
    str_addf(error, "%s: there is no log on disk yet; use --durability none", dir);
    return NULL;
}
