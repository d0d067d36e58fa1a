/* Optimal string alignment distance, and the nearest of many names by it. */
#include "common/near.h"

#include <stdbool.h>
#include <string.h>

enum { MAX_BYTES = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The distance between the first `i` bytes of `a` and each beginning of `b`, from the rows above. */
static void next_row(size_t *row, const size_t *above, const size_t *above2, const char *a,
                     const char *b, size_t len_b, size_t i)
{
    row[0] = i;
    for (size_t j = 1; j <= len_b; j++) {
        bool same = lower(a[i - 1]) == lower(b[j - 1]);
        size_t one_more = min(above[j], row[j - 1]) + 1;
        row[j] = min(one_more, above[j - 1] + !same);
        bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                       lower(a[i - 2]) == lower(b[j - 1]);
        if (swapped)
            row[j] = min(row[j], above2[j - 2] + 1);
    }
}

size_t near_distance(const char *a, const char *b)
{
    size_t len_a = strlen(a), len_b = strlen(b);
    if (len_a > MAX_BYTES || len_b > MAX_BYTES)
        return strcmp(a, b) ? MAX_BYTES : 0;
    size_t rows[3][MAX_BYTES + 1];
    for (size_t j = 0; j <= len_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= len_a; i++)
        next_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a, b, len_b, i);
    return rows[len_a % 3][len_b];
}

static bool begins_with(const char *name, const char *front)
{
    while (*front && lower(*name) == lower(*front))
        name++, front++;
    return !*front;
}

ptrdiff_t near_name(const char *name, const char *(*name_at)(const void *names, size_t i),
                    const void *names, size_t n)
{
    size_t len = strlen(name);
    size_t best = (len + 1) / 3 + 1; /* one change for three letters, at most */
    ptrdiff_t nearest = -1;
    for (size_t i = 0; i < n; i++) {
        const char *other = name_at(names, i);
        if (!other)
            continue;
        size_t distance = near_distance(name, other);
        if (len >= 2 && begins_with(other, name))
            distance = min(distance, 1);
        if (distance < best) {
            best = distance;
            nearest = (ptrdiff_t)i;
        }
    }
    return nearest;
}
