/*
 * Growable bytes with a maximum from birth.
 *
 * Invariant: `data` is never NULL and data[len] is '\0'; len <= max. No memory is taken before the
 * first byte. What would not fit is refused whole: nothing is added, false is returned and
 * `overflow` stays true until str_reset, so that a chain of adds can be checked once at its end.
 * Knows nothing of UTF-8; the bytes may hold NULs.
 */
#ifndef SNUG_COMMON_STR_H
#define SNUG_COMMON_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
    char *data;    /* read-only while size is 0 */
    size_t len;    /* bytes in use, the final NUL not counted */
    size_t size;   /* bytes allocated, 0 = none */
    size_t max;    /* len never exceeds it */
    bool overflow; /* something was refused since the last reset */
};

/* Makes `s` empty; it will hold at most `max_bytes`. To be ended with str_release. */
void str_init(struct str *s, size_t max_bytes);

/* Gives the memory back; `s` is empty afterwards, with the same maximum, and may be used again. */
void str_release(struct str *s);

/* Forgets the content and `overflow`, keeps the memory for the next use. */
void str_reset(struct str *s);

/* Appends `len` bytes, which may lie within `s` itself; false if they would exceed the maximum. */
bool str_add(struct str *s, const void *bytes, size_t len);

/* Appends the NUL-terminated `text`; false if it would exceed the maximum. */
bool str_adds(struct str *s, const char *text);

/* Appends one byte; false if it would exceed the maximum. */
bool str_addc(struct str *s, char byte);

/* Appends as printf does; the arguments must not point into `s`; false as str_add. */
bool str_addf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As str_addf with a va_list, which is used up. */
bool str_addv(struct str *s, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Shortens the content to its first `len` bytes; `len` must not exceed what is there. */
void str_cut(struct str *s, size_t len);

/* Removes `len` bytes at offset `at`; both must lie within the content. */
void str_remove(struct str *s, size_t at, size_t len);

/* Inserts bytes, which must not lie within `s`, before offset `at`; false as str_add. */
bool str_insert(struct str *s, size_t at, const void *bytes, size_t len);

/* Returns the content as a NUL-terminated block owned by the caller; `s` is empty afterwards. */
char *str_detach(struct str *s);

#endif
