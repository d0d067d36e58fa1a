#include "tests/unit/faulty_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault armed;
static bool (*asked)(void *ctx, int kind);
static void *asked_ctx;
static long calls;
static bool happened;
static sqlite3_vfs *system_vfs;

/* What the call is to return, or SQLITE_OK to do it. */
static int fate(int kind, int error)
{
    int result = SQLITE_OK;
    pthread_mutex_lock(&lock);
    if (asked && asked(asked_ctx, kind))
        result = error;
    if (armed.kinds & kind) {
        calls++;
        if (calls == armed.at || (armed.lasts && calls > armed.at)) {
            happened = true;
            result = armed.error ? armed.error : error;
            if (armed.crash)
                _exit(0);
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

#define REAL(file) (((struct faulty_file *)(file))->real)
#define PASS(file, method, ...) REAL(file)->pMethods->method(REAL(file), __VA_ARGS__)
#define FAIL_OR(kind, error)                                                                       \
    int failure = fate(kind, error);                                                               \
    if (failure != SQLITE_OK)                                                                      \
    return failure

static int faulty_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}

static int faulty_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    FAIL_OR(FAULTY_READ, SQLITE_IOERR_READ);
    return PASS(file, xRead, bytes, len, at);
}

/* What fails has written a part, as a full disk does. */
static int faulty_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    int failure = fate(FAULTY_WRITE, SQLITE_FULL);
    if (failure == SQLITE_OK)
        return PASS(file, xWrite, bytes, len, at);
    PASS(file, xWrite, bytes, len / 2, at);
    return failure;
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    FAIL_OR(FAULTY_TRUNCATE, SQLITE_IOERR_TRUNCATE);
    return PASS(file, xTruncate, size);
}

static int faulty_sync(sqlite3_file *file, int flags)
{
    FAIL_OR(FAULTY_SYNC, SQLITE_IOERR_FSYNC);
    /* What a test leaves behind must outlive the process, not the power. */
    (void)file, (void)flags;
    return SQLITE_OK;
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return PASS(file, xFileSize, size);
}

static int faulty_lock(sqlite3_file *file, int level)
{
    FAIL_OR(FAULTY_LOCK, SQLITE_IOERR_LOCK);
    return PASS(file, xLock, level);
}

static int faulty_unlock(sqlite3_file *file, int level)
{
    return PASS(file, xUnlock, level);
}

static int faulty_reserved(sqlite3_file *file, int *is)
{
    return PASS(file, xCheckReservedLock, is);
}

static int faulty_control(sqlite3_file *file, int op, void *arg)
{
    return PASS(file, xFileControl, op, arg);
}

static int faulty_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int faulty_device(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int faulty_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    FAIL_OR(FAULTY_OPEN, SQLITE_IOERR_SHMMAP);
    return PASS(file, xShmMap, page, size, extend, at);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    if (!(flags & SQLITE_SHM_UNLOCK)) {
        FAIL_OR(FAULTY_LOCK, SQLITE_IOERR_SHMLOCK);
    }
    return PASS(file, xShmLock, offset, n, flags);
}

static void faulty_shm_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int faulty_shm_unmap(sqlite3_file *file, int remove)
{
    return PASS(file, xShmUnmap, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_reserved,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector,
    .xDeviceCharacteristics = faulty_device,
    .xShmMap = faulty_shm_map,
    .xShmLock = faulty_shm_lock,
    .xShmBarrier = faulty_shm_barrier,
    .xShmUnmap = faulty_shm_unmap,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *out_flags)
{
    struct faulty_file *faulty = (struct faulty_file *)file;
    (void)vfs;
    *faulty = (struct faulty_file){.real = (sqlite3_file *)(faulty + 1)};
    FAIL_OR(FAULTY_OPEN, SQLITE_CANTOPEN);
    int result = system_vfs->xOpen(system_vfs, name, faulty->real, flags, out_flags);
    if (faulty->real->pMethods)
        faulty->base.pMethods = &methods;
    return result;
}

void faulty_vfs_register(void)
{
    static sqlite3_vfs vfs;
    if (system_vfs)
        return;
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs;
    vfs.zName = FAULTY_VFS;
    vfs.szOsFile += (int)sizeof(struct faulty_file);
    vfs.xOpen = faulty_open;
    vfs.pNext = NULL;
    sqlite3_vfs_register(&vfs, 0);
}

void faulty_vfs_arm(struct fault fault)
{
    pthread_mutex_lock(&lock);
    armed = fault;
    calls = 0;
    happened = false;
    pthread_mutex_unlock(&lock);
}

void faulty_vfs_ask(bool (*fails)(void *ctx, int kind), void *ctx)
{
    pthread_mutex_lock(&lock);
    asked = fails;
    asked_ctx = ctx;
    pthread_mutex_unlock(&lock);
}

bool faulty_vfs_disarm(void)
{
    pthread_mutex_lock(&lock);
    asked = NULL;
    armed.kinds = 0;
    bool was = happened;
    pthread_mutex_unlock(&lock);
    return was;
}
