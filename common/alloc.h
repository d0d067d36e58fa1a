/*
 * The malloc family for the whole project: it never returns NULL.
 *
 * Running out of memory ends the program, here and nowhere else, so callers check nothing.
 * Whatever these return is released with free().
 */
#ifndef SNUG_COMMON_ALLOC_H
#define SNUG_COMMON_ALLOC_H

#include <stddef.h>

/* Returns `size` bytes of unset memory, owned by the caller; a size of 0 still gives a pointer. */
void *xmalloc(size_t size);

/* Returns memory for `n` items of `size` bytes each, all zero, owned by the caller. */
void *xcalloc(size_t n, size_t size);

/* Returns `size` bytes of unset memory at a multiple of `alignment`, a power of two. */
void *xaligned(size_t alignment, size_t size);

/* Takes ownership of `p` (which may be NULL) and returns it moved to `size` bytes. */
void *xrealloc(void *p, size_t size);

/* Like xrealloc for `n` items of `size` bytes; a product that does not fit is out of memory. */
void *xreallocarray(void *p, size_t n, size_t size);

/* Returns a copy of the NUL-terminated `text`, owned by the caller. */
char *xstrdup(const char *text);

/* Returns a copy of `len` bytes with a NUL added behind them, owned by the caller. */
char *xmemdup0(const void *bytes, size_t len);

/* Ends the program for want of `bytes`: also for what a library could not allocate for us. */
_Noreturn void out_of_memory(size_t bytes);

#endif
