/* Growable bytes with a maximum. See str.h for the invariant. */
#include "common/str.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum { FIRST_SIZE = 32 };

/* What `data` points to while nothing is allocated; nobody writes there, since size is 0. */
static const char nothing[1] = "";

static void set_empty(struct str *s)
{
    s->data = (char *)nothing;
    s->len = 0;
    s->size = 0;
    s->overflow = false;
}

void str_init(struct str *s, size_t max_bytes)
{
    assert(max_bytes < SIZE_MAX / 2);
    set_empty(s);
    s->max = max_bytes;
}

void str_release(struct str *s)
{
    if (s->size)
        free(s->data);
    set_empty(s);
}

void str_reset(struct str *s)
{
    s->len = 0;
    s->overflow = false;
    if (s->size)
        s->data[0] = '\0';
}

/* Makes room for `more` bytes and the NUL; false, and overflow, if they exceed the maximum. */
static bool make_room(struct str *s, size_t more)
{
    if (more > s->max - s->len) {
        s->overflow = true;
        return false;
    }
    size_t need = s->len + more + 1;
    if (need <= s->size)
        return true;
    size_t size = s->size ? s->size : FIRST_SIZE;
    while (size < need)
        size *= 2;
    if (size > s->max + 1)
        size = s->max + 1;
    s->data = xrealloc(s->size ? s->data : NULL, size);
    s->size = size;
    return true;
}

bool str_add(struct str *s, const void *bytes, size_t len)
{
    if (!len)
        return true;
    if (len < s->size - s->len) {
        memmove(s->data + s->len, bytes, len);
        s->len += len;
        s->data[s->len] = '\0';
        return true;
    }
    /* Growing moves the content, so bytes of our own are found again by their offset. */
    uintptr_t offset = (uintptr_t)bytes - (uintptr_t)s->data;
    bool own = s->size && offset < s->size;
    if (!make_room(s, len))
        return false;
    memmove(s->data + s->len, own ? s->data + offset : bytes, len);
    s->len += len;
    s->data[s->len] = '\0';
    return true;
}

bool str_adds(struct str *s, const char *text)
{
    return str_add(s, text, strlen(text));
}

bool str_addc(struct str *s, char byte)
{
    if (s->len + 1 >= s->size && !make_room(s, 1))
        return false;
    s->data[s->len++] = byte;
    s->data[s->len] = '\0';
    return true;
}

bool str_addf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool added = str_addv(s, format, args);
    va_end(args);
    return added;
}

bool str_addv(struct str *s, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = s->size - s->len; /* where it mostly fits */
    int len = vsnprintf(room > 0 ? s->data + s->len : NULL, room, format, args);
    assert(len >= 0);
    bool fits = (size_t)len < room || len == 0 || make_room(s, (size_t)len);
    if (fits && (size_t)len >= room && len > 0)
        vsnprintf(s->data + s->len, (size_t)len + 1, format, again);
    va_end(again);
    if (fits)
        s->len += (size_t)len;
    else if (room > 0)
        s->data[s->len] = '\0';
    return fits;
}

void str_cut(struct str *s, size_t len)
{
    assert(len <= s->len);
    s->len = len;
    if (s->size)
        s->data[len] = '\0';
}

void str_remove(struct str *s, size_t at, size_t len)
{
    assert(at <= s->len && len <= s->len - at);
    if (!len)
        return;
    memmove(s->data + at, s->data + at + len, s->len - at - len + 1);
    s->len -= len;
}

bool str_insert(struct str *s, size_t at, const void *bytes, size_t len)
{
    assert(at <= s->len);
    if (!len)
        return true;
    if (!make_room(s, len))
        return false;
    memmove(s->data + at + len, s->data + at, s->len - at);
    memcpy(s->data + at, bytes, len);
    s->len += len;
    s->data[s->len] = '\0';
    return true;
}

char *str_detach(struct str *s)
{
    char *block = s->size ? s->data : xmemdup0("", 0);
    set_empty(s);
    return block;
}
