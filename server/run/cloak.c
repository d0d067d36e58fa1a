#include "server/run/cloak.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/cidr.h"
#include "common/file.h"
#include "common/hmac.h"
#include "common/text.h"

enum {
    PATH_MAX_BYTES = 4096,
    WORD_LETTERS = 6, /* of five bits each */
};

static bool fail(const char *path, const char *why, struct str *error)
{
    str_adds(error, "cannot use the key of the cloaks ");
    text_harmless(error, path, strlen(path));
    str_addf(error, ": %s", why);
    return false;
}

/* False with errno set. */
static bool write_all(int fd, const void *bytes, size_t len)
{
    ssize_t written = write(fd, bytes, len);
    if (written >= 0 && written < (ssize_t)len)
        errno = ENOSPC; /* the system takes what still fits without saying that this was it */
    return written == (ssize_t)len && fsync(fd) == 0;
}

/* Makes a new key. The file is there with all of it, or not at all. */
static bool make(unsigned char key[CLOAK_KEY_BYTES], const char *path)
{
    char fresh[PATH_MAX_BYTES];
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (getrandom(key, CLOAK_KEY_BYTES, 0) != CLOAK_KEY_BYTES)
        return false;
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool done = write_all(fd, key, CLOAK_KEY_BYTES) && rename(fresh, path) == 0;
    int number = errno;
    close(fd);
    if (!done)
        unlink(fresh);
    errno = number;
    return done;
}

void cloak_init(struct cloak *cloak, const unsigned char key[CLOAK_KEY_BYTES])
{
    cloak->hmac = hmac_new(key, CLOAK_KEY_BYTES);
}

void cloak_release(struct cloak *cloak)
{
    hmac_free(cloak->hmac);
    cloak->hmac = NULL;
}

/* Reads the key, or makes one; false with one line in *error. */
static bool find_key(const char *path, unsigned char key[CLOAK_KEY_BYTES], struct str *error)
{
    struct str bytes;
    str_init(&bytes, CLOAK_KEY_BYTES);
    bool is_read = file_read(path, &bytes);
    int number = errno;
    size_t len = bytes.len;
    if (is_read && len == CLOAK_KEY_BYTES)
        memcpy(key, bytes.data, len);
    str_release(&bytes);
    if (!is_read && number == ENOENT)
        return make(key, path) || fail(path, strerror(errno), error);
    if (!is_read && number != EFBIG)
        return fail(path, strerror(number), error);
    if (len != CLOAK_KEY_BYTES || number == EFBIG)
        return fail(path, "it is damaged; remove it, and a new one is made", error);
    return true;
}

bool cloak_open(struct cloak *cloak, const char *data_dir, struct str *error)
{
    char path[PATH_MAX_BYTES];
    unsigned char key[CLOAK_KEY_BYTES];
    snprintf(path, sizeof path, "%s/cloak.key", data_dir);
    if (!find_key(path, key, error))
        return false;
    cloak_init(cloak, key);
    return true;
}

/* One word: what a code of those bytes begins with, in letters and digits. */
static void write_word(const struct cloak *cloak, const void *bytes, size_t len, char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char code[HMAC_BYTES];
    hmac_code(cloak->hmac, bytes, len, code);
    for (int i = 0; i < WORD_LETTERS; i++)
        word[i] = letters[code[i] & 31];
    word[WORD_LETTERS] = '\0';
}

static void write_network(const struct cloak *cloak, struct cidr network, unsigned bits, char *word)
{
    unsigned char bytes[CIDR_BYTES + 1];
    cidr_widen(&network, bits);
    memcpy(bytes, network.bytes, CIDR_BYTES);
    bytes[CIDR_BYTES] = (unsigned char)bits;
    write_word(cloak, bytes, sizeof bytes, word);
}

void cloak_write(const struct cloak *cloak, const char *address, char text[CLOAK_TEXT_BYTES])
{
    char words[3][WORD_LETTERS + 1];
    struct cidr one;
    if (!cidr_parse(&one, address)) {
        write_word(cloak, address, strlen(address), words[0]);
        snprintf(text, CLOAK_TEXT_BYTES, "%s.snug", words[0]);
        return;
    }
    bool v4 = cidr_is_v4(&one);
    write_network(cloak, one, 8 * CIDR_BYTES, words[0]);
    write_network(cloak, one, v4 ? CIDR_V4_BITS + 24 : 64, words[1]);
    write_network(cloak, one, v4 ? CIDR_V4_BITS + 16 : 48, words[2]);
    snprintf(text, CLOAK_TEXT_BYTES, "%s.%s.%s.snug", words[0], words[1], words[2]);
}
