#include "client/disk/logs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/model/news.h"
#include "client/view/view.h"
#include "common/alloc.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/str.h"
#include "common/text.h"

enum {
    PATH_MAX_BYTES = 4096,
    NAME_BYTES = 180, /* of a file; a longer name of a room is cut and told apart by a number */
    TAIL_BYTES = 64 * 1024, /* so much of a file is looked at for what it has already */
    LINE_MAX_BYTES = 8 * LINE_TEXT_MAX_BYTES,
    BATCH_MAX_BYTES = 64 << 20,
    TIME_BYTES = 24, /* "2026-11-21 09:41:07.123 " */
};

struct logs {
    char *directory; /* NULL: none */
    struct news news;
    bool failed;       /* the user was told */
    int64_t failed_ms; /* when it did last */
};

/* A file, while lines are appended to it. */
struct log_file {
    int fd;
    struct str tail;    /* its last lines, whole */
    bool is_cut;        /* there are others before */
    const char *latest; /* in the tail; NULL: it is empty */
    struct str batch;   /* what is to be appended */
};

void logs_free(struct logs *logs)
{
    if (!logs)
        return;
    news_release(&logs->news);
    free(logs->directory);
    free(logs);
}

/* What a file system could take for something else, or a terminal that lists it, is written in
 * hexadecimal. */
static void add_name(struct str *path, const char *name)
{
    size_t from = path->len;
    bool harmless = text_is_harmless(name, strlen(name));
    for (const char *c = name; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        bool plain = byte > ' ' && byte != 0x7f && (byte < 0x80 || harmless) &&
                     !strchr("/\\%:*?\"<>|", byte) && (byte != '.' || c > name);
        str_addf(path, plain ? "%c" : "%%%02X", byte);
    }
    if (path->len - from > NAME_BYTES) {
        str_cut(path, from + text_cut_bytes(path->data + from, path->len - from, NAME_BYTES));
        str_addf(path, "~%08x", hash_fnv32(HASH_FNV32, name, strlen(name)));
    }
}

struct logs *logs_new(const char *directory, const char *server)
{
    struct logs *logs = xcalloc(1, sizeof(*logs));
    struct str path;
    str_init(&path, PATH_MAX_BYTES);
    news_init(&logs->news);
    str_addf(&path, "%s/logs/", directory ? directory : "");
    add_name(&path, server);
    logs->directory = directory ? xstrdup(path.data) : NULL;
    str_release(&path);
    return logs;
}

static int open_log(const struct logs *logs, const struct buffer *buffer)
{
    struct str path;
    struct stat status;
    str_init(&path, PATH_MAX_BYTES);
    str_addf(&path, "%s/", logs->directory);
    /* Every spelling of a name is one file. */
    add_name(&path, buffer->kind == BUFFER_SERVER ? "server" : buffer->key);
    str_adds(&path, ".log");
    int fd = open(path.data, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                  S_IRUSR | S_IWUSR);
    str_release(&path);
    if (fd >= 0 && (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

/* The latest time in it, as text that is ordered as times are. Its lines may not be: what was missed
 * comes later. */
static const char *latest_in(const struct str *tail)
{
    const char *latest = tail->data;
    for (const char *at = tail->data; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strncmp(at, latest, TIME_BYTES) > 0)
            latest = at;
    return latest;
}

/* The end of the file from the beginning of a line on. */
static void read_tail(struct log_file *file)
{
    struct stat status;
    static const size_t most = TAIL_BYTES;
    str_init(&file->tail, TAIL_BYTES);
    if (fstat(file->fd, &status) < 0 || status.st_size == 0)
        return;
    off_t from = status.st_size > (off_t)most ? status.st_size - (off_t)most : 0;
    char *bytes = xmalloc(most);
    ssize_t len = pread(file->fd, bytes, most, from);
    const char *begin = from > 0 && len > 0 ? memchr(bytes, '\n', (size_t)len) : bytes;
    if (len > 0 && begin) {
        begin += from > 0;
        str_add(&file->tail, begin, (size_t)(bytes + len - begin));
        file->is_cut = from > 0;
        file->latest = latest_in(&file->tail);
    }
    free(bytes);
}

static void add_line(struct str *out, const struct news_item *item)
{
    struct tm tm = {0};
    time_t seconds = (time_t)(item->line->time_ms / 1000);
    char text[32] = "";
    if (localtime_r(&seconds, &tm))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
    str_addf(out, "%s.%03d ", text, (int)(item->line->time_ms % 1000));
    view_plain_line(NULL, item->line, out);
    str_addc(out, '\n');
}

/* Whether an earlier run wrote it, or it is older than all that is looked at. */
static bool is_known(const struct log_file *file, const char *line)
{
    const struct str *tail = &file->tail;
    if (!file->latest || strncmp(line, file->latest, TIME_BYTES) > 0)
        return false;
    if (file->is_cut && strncmp(line, tail->data, TIME_BYTES) < 0)
        return true;
    const char *found = strstr(tail->data, line);
    while (found && found > tail->data && found[-1] != '\n')
        found = strstr(found + 1, line);
    return found != NULL;
}

/* Takes back what was written of the batch behind the first `len` bytes of the file, if that is the end of
 * it: another snug may have appended its own since. */
static void take_back(const struct log_file *file, off_t len)
{
    struct stat status;
    if (fstat(file->fd, &status) != 0 || status.st_size <= len ||
        status.st_size - len > (off_t)file->batch.len)
        return;
    size_t count = (size_t)(status.st_size - len);
    char *bytes = xmalloc(count);
    bool is_ours = pread(file->fd, bytes, count, len) == (ssize_t)count &&
                   memcmp(bytes, file->batch.data, count) == 0;
    free(bytes);
    if (is_ours && ftruncate(file->fd, len) != 0)
        return; /* the torn line stays: there is nothing else to be done */
}

/* All of it or nothing. False with errno set. */
static bool append(const struct log_file *file)
{
    struct stat status;
    if (fstat(file->fd, &status) != 0)
        return false;
    if (file_write_all(file->fd, file->batch.data, file->batch.len))
        return true;
    int number = errno;
    take_back(file, status.st_size);
    errno = number;
    return false;
}

/* Those of the first one's buffer. */
static void pass_over(struct news_item *items, size_t count)
{
    const struct buffer *buffer = items[0].buffer;
    for (size_t i = 0; i < count && buffer; i++)
        if (items[i].buffer == buffer)
            items[i].buffer = NULL;
}

static bool is_wanted(const struct news_item *item)
{
    return item->line->state == LINE_SETTLED && item->buffer->kind != BUFFER_FOUND &&
           item->line->kind != LINE_NOTE && item->line->kind != LINE_ERROR;
}

/* Appends those of the items that belong to the same buffer as the first, and takes them out. */
static bool write_buffer(const struct logs *logs, struct news_item *items, size_t count)
{
    struct log_file file = {.fd = open_log(logs, items[0].buffer)};
    const struct buffer *buffer = items[0].buffer;
    struct str line;
    if (file.fd < 0)
        return false;
    read_tail(&file);
    str_init(&file.batch, BATCH_MAX_BYTES);
    str_init(&line, LINE_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (items[i].buffer != buffer)
            continue;
        str_reset(&line);
        add_line(&line, &items[i]);
        if (is_wanted(&items[i]) && !is_known(&file, line.data))
            str_add(&file.batch, line.data, line.len);
        items[i].buffer = NULL;
    }
    bool good = append(&file);
    int number = errno;
    str_release(&line);
    str_release(&file.tail);
    str_release(&file.batch);
    if (close(file.fd) != 0 && good)
        return false;
    errno = number;
    return good;
}

/* A file that cannot be written keeps nothing out of the others. False with errno set. */
static bool write_all(const struct logs *logs, struct news_item *items, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].buffer && is_wanted(&items[i]) && !write_buffer(logs, items + i, count - i)) {
            number = errno;
            pass_over(items + i, count - i);
        }
    errno = number;
    return number == 0;
}

/* False with errno set, 0: there is no place for it. */
static bool write_news(struct logs *logs, const struct model *model, int64_t now_ms)
{
    struct news_item *items;
    struct news before = news_copy(&logs->news);
    size_t count = news_take(&logs->news, model, now_ms, &items);
    errno = 0;
    bool good = count == 0 || (logs->directory && file_make_directories(logs->directory) &&
                               write_all(logs, items, count));
    int number = errno;
    if (!good) { /* what was written all the same is known to the files */
        struct news taken = logs->news;
        logs->news = before;
        before = taken;
    }
    news_release(&before);
    free(items);
    errno = number;
    return good;
}

void logs_write_now(struct logs *logs, struct model *model, int64_t now_ms)
{
    if (!model->settings.log_text) {
        logs->news.seen = model->last_line_id; /* what was said before is not */
        logs->failed = false;
        return;
    }
    bool good = write_news(logs, model, now_ms);
    if (!good && !logs->failed)
        model_hint(model, "no log is written: %s",
                   logs->directory ? strerror(errno) : "there is no place for it");
    logs->failed = !good;
    logs->failed_ms = now_ms;
}

void logs_write(struct logs *logs, struct model *model, int64_t now_ms)
{
    bool waits =
        logs->failed && model->settings.log_text && now_ms - logs->failed_ms < LOGS_RETRY_MS;
    if (!waits)
        logs_write_now(logs, model, now_ms);
}
