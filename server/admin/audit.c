#include "server/admin/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/text.h"

enum {
    LINE_BYTES = 16 * 1024,
    TIME_BYTES = 32,
    PATH_MAX_BYTES = 4096,
};

void audit_init(struct audit *audit)
{
    *audit = (struct audit){.fd = -1};
    str_init(&audit->line, LINE_BYTES);
}

void audit_release(struct audit *audit)
{
    if (audit->fd >= 0)
        close(audit->fd);
    free(audit->path);
    str_release(&audit->line);
}

static bool reopen(struct audit *audit)
{
    struct stat info;
    if (audit->fd >= 0)
        close(audit->fd);
    audit->fd = open(audit->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (audit->fd < 0)
        return false;
    audit->bytes = fstat(audit->fd, &info) == 0 ? (size_t)info.st_size : 0;
    return true;
}

enum audit_log audit_log_of(const struct audit_record *record)
{
    bool anybodys = record->where || strcmp(record->did, "OPER-FAILED") == 0;
    return anybodys ? AUDIT_ROOMS : AUDIT_SERVER;
}

bool audit_open(struct audit *audit, const char *data_dir, size_t max_bytes, struct str *error)
{
    return audit_open_log(audit, data_dir, AUDIT_SERVER, max_bytes, error);
}

bool audit_open_log(struct audit *audit, const char *data_dir, enum audit_log log, size_t max_bytes,
                    struct str *error)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof path, "%s/%s", data_dir, log == AUDIT_ROOMS ? "rooms.log" : "audit.log");
    free(audit->path);
    audit->path = xstrdup(path);
    audit->max_bytes = max_bytes;
    if (reopen(audit))
        return true;
    int number = errno;
    str_adds(error, "cannot write the audit log ");
    text_harmless(error, path, strlen(path));
    str_addf(error, ": %s", strerror(number));
    return false;
}

/* What is full is kept until the next one is. */
static bool turn_over(struct audit *audit)
{
    char old[PATH_MAX_BYTES];
    snprintf(old, sizeof old, "%s.1", audit->path);
    return rename(audit->path, old) == 0 && reopen(audit);
}

/* RFC 3339, in UTC. */
static void add_time(struct str *out, const char *name, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[TIME_BYTES] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    str_addf(out, "\"%s\":\"%s.%03dZ\"", name, text, (int)(time_ms % 1000));
}

static void add_field(struct str *out, const char *name, const char *value)
{
    if (!value)
        return;
    str_addf(out, ",\"%s\":", name);
    json_string(out, value);
}

static void write_line(struct str *line, const struct audit_record *record, int64_t now_ms)
{
    str_reset(line);
    str_addc(line, '{');
    add_time(line, "time", now_ms);
    add_field(line, "did", record->did);
    add_field(line, "by", record->by.nick ? record->by.nick : "the server");
    if (record->by.nick) {
        add_field(line, "user", record->by.user);
        add_field(line, "address", record->by.host);
        add_field(line, "account", record->by.account);
    }
    add_field(line, "whom", record->whom);
    add_field(line, "where", record->where);
    if (record->until_ms != 0) {
        str_addc(line, ',');
        add_time(line, "until", record->until_ms);
    }
    add_field(line, "why", record->why);
    str_adds(line, "}\n");
}

/* Half a line would spoil the next one as well: all of it is written, or none. */
static bool append(struct audit *audit, const struct str *line)
{
    ssize_t written = write(audit->fd, line->data, line->len);
    if (written == (ssize_t)line->len) {
        audit->bytes += line->len;
        return true;
    }
    if (written < 0)
        return false;
    if (ftruncate(audit->fd, lseek(audit->fd, 0, SEEK_CUR) - written) != 0)
        audit->bytes += (size_t)written;
    errno = ENOSPC; /* the system takes what still fits without saying that this was it */
    return false;
}

bool audit_write(struct audit *audit, const struct audit_record *record, int64_t now_ms)
{
    struct str *line = &audit->line;
    write_line(line, record, now_ms);
    if (line->overflow || !audit->path) {
        errno = line->overflow ? EMSGSIZE : EBADF;
        return false;
    }
    if (audit->fd < 0 && !reopen(audit)) /* as after a rotation that failed */
        return false;
    bool is_full = audit->bytes > 0 && audit->bytes + line->len > audit->max_bytes;
    return (!is_full || turn_over(audit)) && append(audit, line);
}
