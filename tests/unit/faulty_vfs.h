/* An SQLite VFS in front of the system's that fails, or ends the process, at a call of choice. */
#ifndef SNUG_TESTS_UNIT_FAULTY_VFS_H
#define SNUG_TESTS_UNIT_FAULTY_VFS_H

#include <stdbool.h>

#define FAULTY_VFS "faulty"

/* Kinds of calls, or'ed. */
enum {
    FAULTY_READ = 1,
    FAULTY_WRITE = 2,
    FAULTY_SYNC = 4,
    FAULTY_TRUNCATE = 8,
    FAULTY_OPEN = 16,
    FAULTY_LOCK = 32, /* of the file or its shared memory */
    FAULTY_ANY = 63,
};

struct fault {
    int kinds;  /* which calls count; 0: none */
    long at;    /* the call that fails, from 1 */
    bool lasts; /* and so do all after it */
    bool crash; /* the process ends instead, as if killed */
    int error;  /* what the call returns; 0: the error that fits it */
};

/* Makes the VFS known to SQLite; once. */
void faulty_vfs_register(void);

/* Arms it, and starts counting anew. */
void faulty_vfs_arm(struct fault fault);

/* Each call asks this instead, one at a time, until disarmed: whether one of that kind fails now. */
void faulty_vfs_ask(bool (*fails)(void *ctx, int kind), void *ctx);

/* No more faults; returns whether the one armed has happened. */
bool faulty_vfs_disarm(void);

#endif
