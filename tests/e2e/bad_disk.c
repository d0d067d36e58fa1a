/* Linked into a snugd for tests: before main() it puts the faulty VFS before SQLite's own, and from
 * then on the file named by SNUG_BAD_DISK, which the test maps, too, says which calls fail, and how
 * often. Knows nothing of the server. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/faulty_vfs.h"

/* What lies in the file, in the order of this machine (harness/bad_disk.py writes it). */
struct orders {
    _Atomic uint32_t kinds;  /* FAULTY_..., or'ed; 0: all is well */
    _Atomic uint32_t one_in; /* of so many such calls one fails, by the dice; 1: each */
    _Atomic uint32_t dice;   /* never 0 */
    _Atomic uint32_t failed; /* how many have */
};

/* Xorshift (Marsaglia). */
static uint32_t throw(struct orders * orders)
{
    uint32_t dice = orders->dice;
    dice ^= dice << 13;
    dice ^= dice >> 17;
    dice ^= dice << 5;
    orders->dice = dice;
    return dice;
}

static bool fails(void *ctx, int kind)
{
    struct orders *orders = ctx;
    uint32_t one_in = orders->one_in;
    if (!(orders->kinds & (uint32_t)kind) || one_in == 0 || throw(orders) % one_in != 0)
        return false;
    orders->failed++;
    return true;
}

static void give_up(const char *path)
{
    perror(path);
    exit(1);
}

__attribute__((constructor)) static void put_bad_disk(void)
{
    const char *path = getenv("SNUG_BAD_DISK");
    if (!path)
        return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        give_up(path);
    void *orders = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (orders == MAP_FAILED)
        give_up(path);
    close(fd);
    faulty_vfs_register();
    sqlite3_vfs_register(sqlite3_vfs_find(FAULTY_VFS), 1);
    faulty_vfs_ask(fails, orders);
}
