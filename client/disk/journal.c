#include "client/disk/journal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/disk/appender.h"
#include "common/alloc.h"
#include "common/file.h"

enum {
    PATH_MAX_BYTES = 4096,
    OPEN_TRIES = 10, /* against others that rename or remove the file at the same time */
    COMPACT_FACTOR = 4,
    GO_ON_BYTES = 128 * 1024, /* one that is larger takes longer to read than to write anew */
};

/* The first line of a file: another version's is left alone. */
static const char header[] = "snug journal 1\n";

struct journal {
    struct image image;
    char *base; /* the path without the slot's number and the ending */
    char *path;
    int fd;
    struct appender appender; /* of whole records */
    size_t live_bytes;        /* of the file when it was last written anew */
    struct str changes;       /* records not in the file yet */
    bool sync;                /* there are lines that are not known to be on the disk */
    bool behind;              /* the file is not what the image says: write it anew */
    int64_t failed_ms;        /* when writing failed last */
    int error;                /* errno of then; 0: of no call */
    unsigned absorbed; /* bit i: the file of slot i is in the image, locked, and to be removed */
    int absorbed_fds[JOURNAL_SLOTS_MAX];
};

static char *slot_path(const struct journal *journal, int slot)
{
    struct str path;
    str_init(&path, PATH_MAX_BYTES);
    str_adds(&path, journal->base);
    if (slot > 0)
        str_addf(&path, ".%d", slot + 1);
    str_adds(&path, ".journal");
    return str_detach(&path);
}

/* "lab.local:6697" as a file's name; what has a meaning there becomes %XX. */
static bool set_base(struct journal *journal, const char *directory, const char *server)
{
    struct str base;
    str_init(&base, PATH_MAX_BYTES - 100);
    str_addf(&base, "%s/", directory);
    for (; *server; server++) {
        bool plain = isalnum((unsigned char)*server) || strchr("-_", *server);
        bool dot = *server == '.' && base.data[base.len - 1] != '/';
        str_addf(&base, plain || dot ? "%c" : "%%%02X", (unsigned char)*server);
    }
    bool fits = !base.overflow;
    journal->base = str_detach(&base);
    return fits;
}

/* Whether the open file is the one that the path leads to: it may have been renamed over. */
static bool is_at(int fd, const char *path)
{
    struct stat open_file, named;
    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

/* Opens and locks the file; -1, and errno, if it cannot be, or is another program's (EWOULDBLOCK). */
static int open_locked(const char *path, int flags)
{
    for (int tries = 0; tries < OPEN_TRIES; tries++) {
        int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            int error = errno;
            close(fd);
            errno = error;
            return -1;
        }
        if (is_at(fd, path))
            return fd;
        close(fd);
    }
    errno = EWOULDBLOCK;
    return -1;
}

static bool read_all(int fd, struct str *content)
{
    char bytes[65536];
    for (off_t at = 0;;) {
        ssize_t n_read = pread(fd, bytes, sizeof(bytes), at);
        if (n_read < 0 && errno == EINTR)
            continue;
        if (n_read <= 0)
            return n_read == 0;
        if (!str_add(content, bytes, (size_t)n_read)) {
            errno = EFBIG;
            return false;
        }
        at += n_read;
    }
}

/* Acts on whole records; what is damaged, or torn at the end, is passed over. False: there was such. */
static bool read_records(struct image *image, char *at, char *end)
{
    bool sound = true;
    for (char *newline; (newline = memchr(at, '\n', (size_t)(end - at))); at = newline + 1) {
        *newline = '\0';
        sound &= image_read(image, at, (size_t)(newline - at));
    }
    return sound && at == end;
}

/* What was found in a file. */
struct found {
    size_t bytes; /* without the zeros that a program leaves behind them which was killed */
    bool sound;   /* all of it is whole: one may append to it */
};

/* Reads a file into the image. False, and errno, if it cannot be read or is not ours to change. */
static bool load(struct image *image, int fd, struct found *found)
{
    struct str content;
    str_init(&content, JOURNAL_FILE_MAX_BYTES);
    size_t header_len = sizeof(header) - 1;
    bool good = read_all(fd, &content);
    if (good && content.len >= header_len && memcmp(content.data, header, header_len) != 0) {
        errno = EPROTO;
        good = false;
    }
    while (content.len > 0 && content.data[content.len - 1] == '\0')
        content.len--;
    *found = (struct found){.bytes = content.len, .sound = content.len == 0};
    if (good && content.len >= header_len)
        found->sound = read_records(image, content.data + header_len, content.data + content.len);
    str_release(&content);
    return good;
}

/* The first file that no living program has. */
static bool take_slot(struct journal *journal, int *slot, struct found *found)
{
    for (*slot = 0; *slot < JOURNAL_SLOTS_MAX; ++*slot) {
        free(journal->path);
        journal->path = slot_path(journal, *slot);
        journal->fd = open_locked(journal->path, O_CREAT);
        if (journal->fd >= 0)
            return load(&journal->image, journal->fd, found);
        if (errno != EWOULDBLOCK)
            return false;
    }
    return false;
}

/* What belongs to the other image as well is added; of two drafts the own one stays. */
static void absorb_image(struct image *own, const struct image *other)
{
    for (size_t i = 0; i < other->entries.len; i++)
        image_entry(own, ring_at(&other->entries, i), NULL);
    for (size_t i = 0; i < other->n_lines; i++)
        image_line(own, other->lines[i], NULL);
    for (size_t i = 0; i < other->n_drafts; i++) {
        const struct image_draft *draft = other->drafts[i];
        struct image_entry entry = {draft->place, draft->name, draft->text};
        if (!image_find_draft(own, draft->place, draft->name))
            image_draft(own, draft, NULL);
        else /* not lost: Up brings it back */
            image_entry(own, &entry, NULL);
    }
}

/* Takes over what programs left that are gone; their files go once ours has it. */
static void absorb_others(struct journal *journal, int own_slot)
{
    for (int slot = own_slot + 1; slot < JOURNAL_SLOTS_MAX; slot++) {
        char *path = slot_path(journal, slot);
        int fd = open_locked(path, 0);
        free(path);
        struct image other;
        struct found found;
        image_init(&other);
        if (fd >= 0 && load(&other, fd, &found)) {
            absorb_image(&journal->image, &other);
            journal->absorbed |= 1U << slot;
            journal->absorbed_fds[slot] = fd;
        } else if (fd >= 0) {
            close(fd);
        }
        image_release(&other);
    }
}

/* Their locks end with them. */
static void end_absorbed(struct journal *journal, bool remove)
{
    for (int slot = 0; slot < JOURNAL_SLOTS_MAX; slot++) {
        if (!(journal->absorbed & 1U << slot))
            continue;
        char *path = slot_path(journal, slot);
        if (remove)
            unlink(path);
        free(path);
        close(journal->absorbed_fds[slot]);
    }
    journal->absorbed = 0;
}

static bool explain(struct str *error, const char *path)
{
    if (errno == EPROTO)
        str_addf(error, "%s was written by another version of snug", path);
    else
        str_addf(error, "%s: %s", path, strerror(errno));
    return false;
}

/* To write it anew waits for the disk, before the first word to the server: that is for a file that is
 * large, or damaged, so that nothing torn is appended to. */
static void go_on(struct journal *journal, const struct found *found)
{
    journal->behind = !found->sound || found->bytes > GO_ON_BYTES || journal->absorbed != 0;
    appender_init(&journal->appender, journal->fd, found->bytes);
    if (journal->behind)
        return;
    journal->live_bytes = found->bytes;
    if (found->bytes == 0)
        str_adds(&journal->changes, header);
}

static bool set_up(struct journal *journal, const char *directory, const char *server,
                   struct str *error)
{
    int slot;
    struct found found;
    if (!set_base(journal, directory, server)) {
        errno = ENAMETOOLONG;
        return explain(error, directory);
    }
    if (!take_slot(journal, &slot, &found))
        return explain(error, journal->path);
    absorb_others(journal, slot);
    go_on(journal, &found);
    return true;
}

struct journal *journal_open(const char *directory, const char *server, struct str *error)
{
    struct journal *journal = xcalloc(1, sizeof(*journal));
    journal->fd = -1;
    journal->failed_ms = INT64_MIN;
    image_init(&journal->image);
    str_init(&journal->changes, (size_t)2 * JOURNAL_FILE_MAX_BYTES);
    if (set_up(journal, directory, server, error))
        return journal;
    journal_close(journal);
    return NULL;
}

/* Zeros that stay do no harm. */
static void close_file(struct journal *journal)
{
    (void)appender_release(&journal->appender);
    close(journal->fd);
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    end_absorbed(journal, false);
    if (journal->fd >= 0)
        close_file(journal);
    image_release(&journal->image);
    str_release(&journal->changes);
    free(journal->base);
    free(journal->path);
    free(journal);
}

const struct image *journal_image(const struct journal *journal)
{
    return &journal->image;
}

bool journal_line(struct journal *journal, const struct image_line *line)
{
    journal->sync = true;
    return image_line(&journal->image, line, &journal->changes);
}

void journal_line_done(struct journal *journal, uint64_t run, uint64_t number)
{
    image_line_done(&journal->image, run, number, &journal->changes);
}

bool journal_draft(struct journal *journal, const struct image_draft *draft)
{
    return image_draft(&journal->image, draft, &journal->changes);
}

void journal_entry(struct journal *journal, const struct image_entry *entry)
{
    image_entry(&journal->image, entry, &journal->changes);
}

static bool fail(struct journal *journal, int64_t now_ms)
{
    journal->error = errno;
    journal->failed_ms = now_ms;
    journal->behind = true;
    str_release(&journal->changes); /* the image has them */
    journal->sync = false;
    return false;
}

/* Writes the content under another name, locked before anybody can see it, and renames it. */
static int write_anew(const struct journal *journal, const struct str *content)
{
    struct str path;
    str_init(&path, PATH_MAX_BYTES);
    str_addf(&path, "%s.new", journal->path);
    int fd = open(path.data, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool done = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
                file_write_all(fd, content->data, content->len) && fdatasync(fd) == 0 &&
                rename(path.data, journal->path) == 0;
    if (!done && fd >= 0) {
        int error = errno;
        unlink(path.data);
        close(fd);
        errno = error;
    }
    str_release(&path);
    return done ? fd : -1;
}

static bool compact(struct journal *journal, int64_t now_ms)
{
    struct str content;
    str_init(&content, JOURNAL_FILE_MAX_BYTES);
    str_adds(&content, header);
    image_write(&journal->image, &content);
    int fd = write_anew(journal, &content);
    journal->live_bytes = content.len;
    str_release(&content);
    if (fd < 0)
        return fail(journal, now_ms);
    close_file(journal);
    journal->fd = fd;
    appender_init(&journal->appender, fd, journal->live_bytes);
    journal->behind = journal->sync = false;
    str_reset(&journal->changes);
    end_absorbed(journal, true);
    return true;
}

static bool append(struct journal *journal, int64_t now_ms)
{
    if (!appender_add(&journal->appender, journal->changes.data, journal->changes.len))
        return fail(journal, now_ms);
    str_reset(&journal->changes);
    return true;
}

bool journal_write(struct journal *journal, int64_t now_ms)
{
    size_t file_bytes = journal->appender.len;
    bool outdated =
        file_bytes > JOURNAL_COMPACT_BYTES && file_bytes > COMPACT_FACTOR * journal->live_bytes;
    if (journal->behind && journal->failed_ms != INT64_MIN &&
        now_ms - journal->failed_ms < JOURNAL_RETRY_MS) {
        str_reset(&journal->changes);
        return false;
    }
    if (journal->behind || outdated || journal->changes.overflow)
        return compact(journal, now_ms);
    return journal->changes.len == 0 || append(journal, now_ms);
}

bool journal_sync(struct journal *journal, int64_t now_ms)
{
    if (!journal->sync)
        return true;
    journal->sync = false;
    return fdatasync(journal->fd) == 0 || fail(journal, now_ms);
}

const char *journal_error(const struct journal *journal)
{
    return strerror(journal->error);
}
