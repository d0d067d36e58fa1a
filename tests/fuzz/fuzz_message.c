/*
 * IRC lines: what parses is written and parsed to the same; whatever is put into a line with the
 * formatter comes out as one line of that many parameters; a tag's value survives its escaping.
 */
#include <string.h>

#include "common/alloc.h"
#include "common/irc/message.h"
#include "common/irc/names.h"
#include "common/str.h"
#include "tests/fuzz/target.h"

enum { MAX_BYTES = 1 << 20 };

static bool same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static void check_same(const struct irc_message *a, const struct irc_message *b)
{
    CHECK(a->tags_len == b->tags_len);
    CHECK(!a->tags_len || !memcmp(a->tags, b->tags, a->tags_len));
    CHECK(same(a->source.nick, b->source.nick));
    CHECK(same(a->source.user, b->source.user));
    CHECK(same(a->source.host, b->source.host));
    CHECK(same(a->command, b->command));
    CHECK(a->n_params == b->n_params);
    for (size_t i = 0; i < a->n_params; i++)
        CHECK(same(a->params[i], b->params[i]));
}

/* "nick!user@host", or as much of it as there is; NULL: there is none. */
static const char *source_of(const struct irc_message *m, struct str *source)
{
    if (!m->source.nick)
        return NULL;
    str_adds(source, m->source.nick);
    if (m->source.user)
        str_addf(source, "!%s", m->source.user);
    if (m->source.host)
        str_addf(source, "@%s", m->source.host);
    return source->data;
}

static size_t body_bytes(const char *line)
{
    const char *blank = *line == '@' ? strchr(line, ' ') : NULL;
    return strlen(blank ? blank + 1 : line);
}

static void check_written(const struct irc_message *m)
{
    struct str out, source;
    str_init(&out, MAX_BYTES);
    str_init(&source, MAX_BYTES);
    irc_tags_raw(&out, m->tags, m->tags_len);
    irc_begin(&out, source_of(m, &source), m->command);
    for (size_t i = 0; i + 1 < m->n_params; i++)
        irc_param(&out, m->params[i]);
    if (m->n_params)
        irc_trailing(&out, m->params[m->n_params - 1]);
    CHECK(irc_end_within(&out, SIZE_MAX));
    CHECK(out.len > 2 && !strcmp(out.data + out.len - 2, "\r\n"));
    struct irc_message again;
    str_cut(&out, out.len - 2);
    size_t body = body_bytes(out.data);
    enum irc_error error =
        irc_parse(&again, out.data, out.len, IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES);
    /* The ':' before the last word, where there was none, may be the one byte too many. */
    CHECK(error == IRC_OK || (error == IRC_BODY_TOO_LONG && body == IRC_MAX_BODY_BYTES + 1));
    if (error == IRC_OK)
        check_same(m, &again);
    str_release(&source);
    str_release(&out);
}

static void check_tags(const struct irc_message *m)
{
    struct str value, raw, again;
    str_init(&value, MAX_BYTES);
    str_init(&raw, MAX_BYTES);
    str_init(&again, MAX_BYTES);
    struct irc_tag tag;
    for (size_t at = 0; irc_tag_next(m, &at, &tag);) {
        str_reset(&value);
        str_reset(&raw);
        str_reset(&again);
        CHECK(irc_tag_unescape(&value, tag.value, tag.value_len));
        CHECK(value.len <= tag.value_len);
        CHECK(irc_tag_escape(&raw, value.data, value.len));
        CHECK(!strpbrk(raw.data, "; \r\n"));
        CHECK(irc_tag_unescape(&again, raw.data, raw.len));
        CHECK(same(value.data, again.data));
    }
    str_release(&again);
    str_release(&raw);
    str_release(&value);
}

static void check_parse(const uint8_t *data, size_t size)
{
    char *line = xmemdup0(data, size);
    struct irc_message m;
    enum irc_error error = irc_parse(&m, line, size, IRC_MAX_TAGS_BYTES, IRC_MAX_BODY_BYTES);
    check_tags(&m);
    if (error == IRC_OK)
        check_written(&m);
    free(line);
}

/* Writes a line of `text` in every place, which must be read as that: one line, two parameters. */
static void check_format(const uint8_t *data, size_t size)
{
    char *text = xmemdup0(data, size);
    struct str out;
    str_init(&out, MAX_BYTES);
    irc_tag(&out, "k", text);
    irc_begin(&out, "server", "PRIVMSG");
    irc_param(&out, text);
    irc_trailing_bytes(&out, text, size);
    CHECK(irc_end_within(&out, MAX_BYTES));
    CHECK((char *)memchr(out.data, '\n', out.len) == out.data + out.len - 1);
    struct irc_message m;
    CHECK(irc_parse(&m, out.data, out.len - 2, MAX_BYTES, MAX_BYTES) == IRC_OK);
    CHECK(m.n_params == 2);
    CHECK(strlen(m.params[1]) == size);
    struct str value;
    str_init(&value, MAX_BYTES);
    CHECK(irc_tag_value(&m, "k", &value) && same(value.data, text));
    irc_mask_match(text, m.params[1]);
    str_release(&value);
    str_release(&out);
    free(text);
}

static void check_limit(const uint8_t *data, size_t size)
{
    struct str out;
    str_init(&out, MAX_BYTES);
    irc_begin(&out, NULL, "PRIVMSG");
    irc_trailing_bytes(&out, (const char *)data, size);
    CHECK(irc_end(&out));
    CHECK(out.len <= IRC_MAX_BODY_BYTES + 2);
    str_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 14)
        return 0;
    check_parse(data, size);
    check_format(data, size);
    check_limit(data, size);
    return 0;
}
