/*
 * The file: "HOST:PORT FINGERPRINT" on each line, or "HOST:PORT vouched" for a server whose word an
 * authority gave, so that another certificate without one is not taken for a first visit. Whatever
 * other lines it has are left as they are.
 */
#include "client/trust.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/file.h"
#include "common/str.h"
#include "common/text.h"

enum {
    NAME_MAX_BYTES = 512,
    FILE_MAX_BYTES = 4 << 20,
    PATH_MAX_BYTES = 4096,
};

static const char vouched[] = "vouched";

/* HOST:PORT as in the file, and as people type it. */
static void add_name(const struct trust_shown *shown, struct str *out)
{
    bool is_v6 = strchr(shown->host, ':') != NULL;
    str_addf(out, is_v6 ? "[%s]:%s" : "%s:%s", shown->host, shown->port);
    for (size_t i = 0; i < out->len; i++)
        out->data[i] = isspace((unsigned char)out->data[i]) ? '_' : (char)tolower(out->data[i]);
}

/* What stands behind the name on a line of the file; NULL: the line is another's. */
static const char *value_of(const char *line, size_t len, const char *name, size_t *value_len)
{
    size_t name_len = strlen(name);
    if (len <= name_len || memcmp(line, name, name_len) != 0 || line[name_len] != ' ')
        return NULL;
    *value_len = len - name_len - 1;
    return line + name_len + 1;
}

/* Writes what is remembered of the name, "" if nothing is, and the file without it. */
static void take_apart(const struct str *file, const char *name, char value[FINGERPRINT_SIZE],
                       struct str *others)
{
    value[0] = '\0';
    for (size_t at = 0; at < file->len;) {
        const char *line = file->data + at, *end = memchr(line, '\n', file->len - at);
        size_t len = end ? (size_t)(end - line) : file->len - at, value_len;
        const char *found = value_of(line, len, name, &value_len);
        at += len + (end != NULL);
        if (!found)
            str_addf(others, "%.*s\n", (int)len, line);
        else
            snprintf(value, FINGERPRINT_SIZE, "%.*s", (int)value_len,
                     value_len < FINGERPRINT_SIZE ? found : "?");
    }
}

/* Puts a new file in the place of the old one, whole or not at all. False with errno set. */
static bool write_file(const char *path, const struct str *text)
{
    struct str draft;
    str_init(&draft, PATH_MAX_BYTES);
    str_addf(&draft, "%s.XXXXXX", path);
    int fd = draft.overflow ? -1 : mkstemp(draft.data); /* mode 0600 */
    bool is_written = fd >= 0 && write(fd, text->data, text->len) == (ssize_t)text->len &&
                      fsync(fd) == 0 && rename(draft.data, path) == 0;
    int number = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !is_written)
        unlink(draft.data);
    str_release(&draft);
    errno = number;
    return is_written;
}

struct memory {
    struct str name;              /* of the server */
    struct str others;            /* the lines of all others */
    char value[FINGERPRINT_SIZE]; /* of the server; "": nothing is remembered */
    int error;                    /* of reading the file, or 0 */
};

static void recall(struct memory *memory, const struct trust *trust,
                   const struct trust_shown *shown)
{
    struct str file;
    *memory = (struct memory){0};
    str_init(&file, FILE_MAX_BYTES);
    str_init(&memory->name, NAME_MAX_BYTES);
    str_init(&memory->others, FILE_MAX_BYTES + 1);
    add_name(shown, &memory->name);
    if (trust->path && !file_read(trust->path, &file) && errno != ENOENT)
        memory->error = errno;
    take_apart(&file, memory->name.data, memory->value, &memory->others);
    str_release(&file);
}

static void memory_release(struct memory *memory)
{
    str_release(&memory->name);
    str_release(&memory->others);
}

/* Adds to `said` if it could not be done: what was decided holds for this visit all the same. */
static void remember(struct memory *memory, const struct trust *trust, const char *value,
                     struct str *said)
{
    if (!trust->path || strcmp(memory->value, value) == 0)
        return;
    str_addf(&memory->others, "%s %s\n", memory->name.data, value);
    if (memory->others.overflow)
        errno = EFBIG;
    else if (write_file(trust->path, &memory->others))
        return;
    str_addf(said, "%sthat cannot be remembered: ", said->len > 0 ? "; " : "");
    text_harmless(said, trust->path, strlen(trust->path));
    str_addf(said, ": %s", strerror(errno));
}

static enum trust_answer refuse_pinned(const struct memory *memory, const struct trust_shown *shown,
                                       struct str *said)
{
    str_addf(said,
             "%s is not the server that --fingerprint names: the fingerprint of its certificate is "
             "%s",
             memory->name.data, shown->fingerprint);
    return TRUST_REFUSED;
}

static enum trust_answer refuse_changed(const struct memory *memory,
                                        const struct trust_shown *shown, struct str *said)
{
    str_addf(
        said,
        "the certificate of %s has changed%s: it is a new one, or somebody listens in between. "
        "If whoever runs the server says that it is the right one: snug %s --fingerprint %s",
        memory->name.data,
        strcmp(memory->value, vouched) == 0 ? ", and no authority vouches for it now" : "",
        memory->name.data, shown->fingerprint);
    return TRUST_REFUSED;
}

static enum trust_answer refuse_new(const struct memory *memory, const struct trust_shown *shown,
                                    struct str *said)
{
    str_addf(said,
             "%s was never visited. If the fingerprint of its certificate is right, say "
             "--fingerprint %s; to take it without knowing, --trust-new",
             memory->name.data, shown->fingerprint);
    return TRUST_REFUSED;
}

/* Without what was remembered, a stranger might pass for a first visit. */
static enum trust_answer refuse_unread(const struct memory *memory, const struct trust *trust,
                                       struct str *said)
{
    str_adds(said, "cannot look up which certificate is known: ");
    text_harmless(said, trust->path, strlen(trust->path));
    str_addf(said, ": %s", strerror(memory->error));
    return TRUST_REFUSED;
}

static enum trust_answer take_new(struct memory *memory, const struct trust *trust,
                                  const struct trust_shown *shown, struct str *said)
{
    str_addf(said,
             "first visit to %s; from now on its certificate must be the one with fingerprint %s",
             memory->name.data, shown->fingerprint);
    remember(memory, trust, shown->fingerprint, said);
    return TRUST_NEW;
}

static enum trust_answer decide(struct memory *memory, const struct trust *trust,
                                const struct trust_shown *shown, struct str *said)
{
    if (trust->pinned && strcmp(trust->pinned, shown->fingerprint) != 0)
        return refuse_pinned(memory, shown, said);
    if (memory->error != 0)
        return trust->pinned ? TRUST_KNOWN : refuse_unread(memory, trust, said);
    if (trust->pinned || shown->is_vouched_for) {
        remember(memory, trust, trust->pinned ? trust->pinned : vouched, said);
        return said->len > 0 ? TRUST_NEW : TRUST_KNOWN;
    }
    if (strcmp(memory->value, shown->fingerprint) == 0)
        return TRUST_KNOWN;
    if (memory->value[0])
        return refuse_changed(memory, shown, said);
    return trust->takes_new ? take_new(memory, trust, shown, said)
                            : refuse_new(memory, shown, said);
}

enum trust_answer trust_decide(const struct trust *trust, const struct trust_shown *shown,
                               struct str *said)
{
    struct memory memory;
    recall(&memory, trust, shown);
    enum trust_answer answer = decide(&memory, trust, shown, said);
    memory_release(&memory);
    return answer;
}
