/*
 * The file: "HOST:PORT FINGERPRINT" on each line, or "HOST:PORT vouched" for a server whose word an
 * authority gave, so that another certificate without one is not taken for a first visit. Whatever
 * other lines it has are left as they are. Who writes it has the lock of the file beside it, and has read it
 * since: two first visits at once are both remembered.
 */
#include "client/disk/trust.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "common/str.h"
#include "common/text.h"

enum {
    NAME_MAX_BYTES = 512,
    FILE_MAX_BYTES = 4 << 20,
    PATH_MAX_BYTES = 4096,
    LOCK_TRIES = 200,
    LOCK_PAUSE_MS = 10,
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

struct memory {
    struct str name;              /* of the server */
    struct str others;            /* the lines of all others */
    char value[FINGERPRINT_SIZE]; /* of the server; "": nothing is remembered */
    int error;                    /* of reading the file, or 0 */
    const char *wanted;           /* is to be remembered instead; NULL: all is well as it is */
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

static void want(struct memory *memory, const struct trust *trust, const char *value)
{
    if (trust->path && strcmp(memory->value, value) != 0)
        memory->wanted = value;
}

/* Adds to `said` if it could not be done, with errno: what was decided holds for this visit all the same. */
static void say_forgotten(const struct trust *trust, struct str *said)
{
    int number = errno;
    str_addf(said, "%sthis cannot be remembered: ", said->len > 0 ? "; " : "");
    text_harmless(said, trust->path, strlen(trust->path));
    str_addf(said, ": %s", strerror(number));
}

/* With the lock. */
static bool remember(struct memory *memory, const struct trust *trust)
{
    struct str real;
    str_init(&real, PATH_MAX_BYTES);
    str_addf(&memory->others, "%s %s\n", memory->name.data, memory->wanted);
    errno = EFBIG;
    bool is_done =
        !memory->others.overflow && file_follow(trust->path, &real) &&
        file_replace(real.data, memory->others.data, memory->others.len, S_IRUSR | S_IWUSR);
    str_release(&real);
    return is_done;
}

/* A file of its own, since the other one is replaced. Whoever has it writes a few lines; one that does not
 * come to that keeps nobody waiting for good. -1, and errno: it cannot be had. */
static int lock(const struct trust *trust)
{
    struct str path;
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000L};
    str_init(&path, PATH_MAX_BYTES);
    str_addf(&path, "%s.lock", trust->path);
    errno = ENAMETOOLONG;
    int fd = path.overflow
                 ? -1
                 : open(path.data, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    str_release(&path);
    for (int tries = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (tries == LOCK_TRIES || errno != EWOULDBLOCK) {
            int number = errno;
            close(fd);
            errno = number;
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
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
    str_addf(said,
             "the certificate of %s has changed%s: it is a new one, or somebody is listening in "
             "between. If whoever runs the server confirms it: snug %s --fingerprint %s",
             memory->name.data,
             strcmp(memory->value, vouched) == 0 ? ", and no authority vouches for the new one"
                                                 : "",
             memory->name.data, shown->fingerprint);
    return TRUST_REFUSED;
}

static enum trust_answer refuse_new(const struct memory *memory, const struct trust_shown *shown,
                                    struct str *said)
{
    str_addf(said,
             "%s has never been visited. If the fingerprint of its certificate is right, give "
             "--fingerprint %s; to trust it unseen, --trust-new",
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
    want(memory, trust, shown->fingerprint);
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
        want(memory, trust, trust->pinned ? trust->pinned : vouched);
        return TRUST_KNOWN;
    }
    if (strcmp(memory->value, shown->fingerprint) == 0)
        return TRUST_KNOWN;
    if (memory->value[0])
        return refuse_changed(memory, shown, said);
    return trust->takes_new ? take_new(memory, trust, shown, said)
                            : refuse_new(memory, shown, said);
}

/* Decides once more, since another program may have remembered something meanwhile. */
static enum trust_answer decide_and_remember(struct memory *memory, const struct trust *trust,
                                             const struct trust_shown *shown, struct str *said)
{
    int fd = lock(trust), number = errno;
    str_reset(said);
    memory_release(memory);
    recall(memory, trust, shown);
    enum trust_answer answer = decide(memory, trust, shown, said);
    errno = number;
    if (memory->wanted && (fd < 0 || !remember(memory, trust))) {
        say_forgotten(trust, said);
        answer = TRUST_NEW;
    }
    if (fd >= 0)
        close(fd);
    return answer;
}

enum trust_answer trust_decide(const struct trust *trust, const struct trust_shown *shown,
                               struct str *said)
{
    struct memory memory;
    recall(&memory, trust, shown);
    enum trust_answer answer = decide(&memory, trust, shown, said);
    if (memory.wanted)
        answer = decide_and_remember(&memory, trust, shown, said);
    memory_release(&memory);
    return answer;
}
