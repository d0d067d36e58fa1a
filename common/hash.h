/* Bytes as a number, and numbers that look random: both the same on every machine and in every run,
 * so what they give may be kept on disk. Not for secrets, nor for tables that strangers fill (table.h). */
#ifndef SNUG_COMMON_HASH_H
#define SNUG_COMMON_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The value that a hash has before its first byte. */
#define HASH_FNV32 UINT32_C(0x811c9dc5)
#define HASH_FNV64 UINT64_C(0xcbf29ce484222325)

/* Continues the hash with these bytes: FNV-1a of 32 bits (Fowler, Noll, Vo;
 * http://www.isthe.com/chongo/tech/comp/fnv/). */
static inline uint32_t hash_fnv32(uint32_t hash, const void *bytes, size_t len)
{
    for (const unsigned char *at = bytes; len > 0; at++, len--)
        hash = (hash ^ *at) * UINT32_C(0x01000193);
    return hash;
}

/* The same in 64 bits. */
static inline uint64_t hash_fnv64(uint64_t hash, const void *bytes, size_t len)
{
    for (const unsigned char *at = bytes; len > 0; at++, len--)
        hash = (hash ^ *at) * UINT64_C(0x100000001b3);
    return hash;
}

/* The next number; any seed is a state to begin with: splitmix64 (Steele, Lea, Flood: "Fast splittable
 * pseudorandom number generators", 2014). */
static inline uint64_t hash_splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

#endif
