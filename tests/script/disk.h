/* What a server's log lies on in a test: memory, or a database in a temporary directory. */
#ifndef SNUG_TESTS_SCRIPT_DISK_H
#define SNUG_TESTS_SCRIPT_DISK_H

struct disk;
struct engine;

/* An empty one. */
struct disk *disk_new_memory(void);
struct disk *disk_new_database(void);

void disk_free(struct disk *disk);

/* The engine over it, which remains the disk's. */
struct engine *disk_engine(struct disk *disk);

/* Lets the engine read from its files again whatever it knows; the former one is gone. */
void disk_reopen(struct disk *disk);

#endif
