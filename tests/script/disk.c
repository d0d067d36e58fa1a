#include "tests/script/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/store/engine.h"
#include "tests/scratch.h"

enum { MEMORY_EVENTS = 100000 };

struct disk {
    struct engine *engine;
    char dir[64]; /* "": in memory */
};

struct disk *disk_new_memory(void)
{
    struct disk *disk = xcalloc(1, sizeof *disk);
    disk->engine = engine_memory_new(MEMORY_EVENTS, 1);
    return disk;
}

static void open_database(struct disk *disk)
{
    struct store_options options = store_options_default();
    struct str error;
    options.durability = STORE_PROCESS;
    str_init(&error, 1000);
    disk->engine = engine_sqlite_open(disk->dir, &options, &error);
    if (!disk->engine) {
        fprintf(stderr, "%s\n", error.data);
        abort();
    }
    str_release(&error);
}

struct disk *disk_new_database(void)
{
    struct disk *disk = xcalloc(1, sizeof *disk);
    strcpy(disk->dir, "/tmp/snug-script-XXXXXX");
    scratch_make(disk->dir);
    open_database(disk);
    return disk;
}

void disk_free(struct disk *disk)
{
    disk->engine->ops->free(disk->engine);
    if (disk->dir[0] != '\0')
        scratch_remove(disk->dir);
    free(disk);
}

struct engine *disk_engine(struct disk *disk)
{
    return disk->engine;
}

void disk_reopen(struct disk *disk)
{
    if (disk->dir[0] == '\0')
        return;
    disk->engine->ops->free(disk->engine);
    open_database(disk);
}
