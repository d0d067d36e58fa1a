#include "client/view/words.h"

#include "client/model/fold.h"
#include "common/text.h"

#include <string.h>

enum {
    QUOTE_COLS = 60,
    QUOTE_MAX_BYTES = LINE_NICK_MAX_BYTES + QUOTE_COLS * 64,
    REACTIONS_MAX_BYTES = REACTIONS_MAX * (REACTION_MAX_BYTES + 8),
};

/* How the kinds are worded: a sign, what stands before and behind the nick, and how the text
 * follows: after a blank, or in brackets when there is one. */
static const struct wording {
    const char *sign;
    const char *behind_nick;
    const char *before_text, *behind_text;
} wordings[] = {
    [LINE_TALK] = {"", "", "", ""},
    [LINE_ACTION] = {"*", "", " ", ""},
    [LINE_NOTICE] = {"-", "", "", ""},
    [LINE_JOIN] = {"→", " joined", " (", ")"},
    [LINE_PART] = {"←", " left", " (", ")"},
    [LINE_QUIT] = {"←", " quit", " (", ")"},
    [LINE_KICK] = {"←", " was removed", " ", ""},
    [LINE_RENAME] = {"·", " is now ", "", ""},
    [LINE_TOPIC] = {"·", " set the topic: ", "", ""},
    [LINE_MODE] = {"·", " set ", "", ""},
    [LINE_SERVER] = {"", "", "", ""},
    [LINE_NOTE] = {"-", "", "", ""},
    [LINE_ERROR] = {"!", "", "", ""},
};

bool words_nick_apart(const struct buffer_line *line)
{
    return line->kind == LINE_TALK || line->kind == LINE_NOTICE;
}

/* The user is spoken to. */
static bool is_about_user(const struct buffer_line *line)
{
    return line->kind == LINE_KICK && line->own;
}

static const char *behind_nick(const struct buffer_line *line)
{
    if (line->kind == LINE_TOPIC && line->text[0] == '\0')
        return " removed the topic";
    return wordings[line->kind].behind_nick;
}

/* Without columns the sign, the mark and the nick go in front of the text. */
static void words_lead(struct words *words, const struct buffer_line *line)
{
    if (line->state != LINE_SETTLED)
        str_addf(&words->text, "%s ", words_mark(line));
    if (words->sign[0])
        str_addf(&words->text, "%s ", words->sign);
}

/* What became of an own line, and the keys for it. */
static const char *remark(const struct buffer_line *line)
{
    if (!line->own || (line->state != LINE_UNSURE && line->state != LINE_FAILED))
        return "";
    return line->state == LINE_UNSURE ? "  (unsure: Alt-s sends it again, Alt-x forgets it)"
                                      : "  (refused: Alt-s sends it again, Alt-x forgets it)";
}

/* The first words of what somebody said. */
static void say_begin(const char *nick, const char *said, struct str *out)
{
    size_t fit = text_fit(said, strcspn(said, "\n"), QUOTE_COLS, NULL);
    str_addf(out, "%s: %.*s%s", nick, (int)fit, said, said[fit] ? "…" : "");
}

/* A row in front that says what the line answers, so far as it is known. */
static void quote(struct words *words, const struct buffer *buffer, const struct buffer_line *line)
{
    if (!buffer || !line->more->reply_to)
        return;
    const struct buffer_line *asked = buffer_find_msgid(buffer, line->more->reply_to);
    if (asked) {
        str_adds(&words->text, "↳ ");
        say_begin(asked->nick, asked->more->removed ? "(removed)" : asked->text, &words->text);
        str_addc(&words->text, '\n');
    } else {
        str_adds(&words->text, "↳ something said before\n");
    }
    words->quote_to = words->text.len;
}

/* What was said, or that it was taken back. */
static void say(struct words *words, const struct buffer_line *line)
{
    words->said_from = words->text.len;
    if (line->more->removed)
        str_addf(&words->text, "(removed by %s)", line->more->removed);
    else
        str_adds(&words->text, line->text);
    words->said_to = words->text.len;
}

static void say_reactions(struct words *words, const struct buffer_line *line)
{
    words->beside_from = words->text.len;
    if (line->more->reactions.count == 0)
        return;
    str_addc(&words->text, '\n');
    reactions_words(&line->more->reactions, &words->text);
}

void words_init(struct words *words, const struct buffer *buffer, const struct buffer_line *line,
                bool alone)
{
    const struct wording *wording = &wordings[line->kind];
    *words = (struct words){.sign = wording->sign};
    /* Nick, text and the words around them always fit. */
    str_init(&words->text, LINE_NICK_MAX_BYTES + LINE_TEXT_MAX_BYTES + 128 + QUOTE_MAX_BYTES +
                               REACTIONS_MAX_BYTES);
    quote(words, buffer, line);
    if (alone)
        words_lead(words, line);
    bool apart = words_nick_apart(line);
    bool nick_first = line->nick[0] && (alone || !apart) && !is_about_user(line);
    if (is_about_user(line))
        str_adds(&words->text, "you were removed ");
    if (nick_first) {
        words->nick_from = words->text.len;
        str_adds(&words->text, line->nick);
        words->nick_to = words->text.len;
        str_adds(&words->text, apart ? ": " : behind_nick(line));
    }
    if (line->text[0] || line->more->removed) {
        str_adds(&words->text, nick_first ? wording->before_text : "");
        say(words, line);
        str_adds(&words->text, nick_first ? wording->behind_text : "");
    }
    str_adds(&words->text, remark(line));
    say_reactions(words, line);
}

/* What such lines are worded as when they are shown as one. */
static const struct {
    enum line_kind kind;
    const char *behind;
} folds[] = {
    {LINE_JOIN, " joined"},
    {LINE_PART, " left"},
    {LINE_QUIT, " quit"},
    {LINE_RENAME, ""},
};

enum {
    FOLD_NAMES_MAX = 8, /* of a kind; the others are counted */
};

static bool was_named(const struct buffer_line *const *named, size_t count,
                      const struct buffer_line *line)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(named[i]->nick, line->nick) == 0 && line->kind != LINE_RENAME)
            return true;
    return false;
}

/* "bob, cy joined": those of one kind among the lines from..to-1. */
static void say_fold(struct words *words, const struct buffer *buffer, size_t from, size_t to,
                     size_t fold)
{
    const struct buffer_line *named[FOLD_NAMES_MAX];
    size_t count = 0, more = 0;
    for (size_t i = from; i < to; i++) {
        const struct buffer_line *line = buffer_line_at(buffer, i);
        if (line->kind != folds[fold].kind || was_named(named, count, line))
            continue;
        if (count == FOLD_NAMES_MAX) {
            more++;
            continue;
        }
        str_addf(&words->text, "%s%s",
                 count > 0             ? ", "
                 : words->text.len > 0 ? "; "
                                       : "",
                 line->nick);
        if (line->kind == LINE_RENAME)
            str_addf(&words->text, " is now %s", line->text);
        named[count++] = line;
    }
    if (more > 0)
        str_addf(&words->text, " and %zu more", more);
    if (count > 0)
        str_adds(&words->text, folds[fold].behind);
}

/* The sign of the kinds that there are, if it is one. */
static const char *fold_sign(const struct buffer *buffer, size_t from, size_t to)
{
    const char *sign = NULL;
    for (size_t i = from; i < to; i++) {
        const char *other = wordings[buffer_line_at(buffer, i)->kind].sign;
        if (sign && strcmp(sign, other) != 0)
            return "·";
        sign = other;
    }
    return sign;
}

void words_init_folded(struct words *words, const struct buffer *buffer, size_t index, bool alone)
{
    size_t count = fold_count(buffer, index);
    if (count == 1) {
        words_init(words, buffer, buffer_line_at(buffer, index), alone);
        return;
    }
    *words = (struct words){.sign = fold_sign(buffer, index, index + count)};
    size_t kinds = sizeof(folds) / sizeof(folds[0]);
    str_init(&words->text, kinds * (FOLD_NAMES_MAX + 1) * (2 * LINE_NICK_MAX_BYTES + 64));
    for (size_t fold = 0; fold < kinds; fold++)
        say_fold(words, buffer, index, index + count, fold);
    if (alone)
        str_insert(&words->text, 0, " ", 1);
    if (alone)
        str_insert(&words->text, 0, words->sign, strlen(words->sign));
    words->beside_from = words->text.len;
}

void words_of_event(const struct line_event *event, struct str *out)
{
    switch (event->kind) {
    case LINE_EVENT_REACT:
        str_addf(out, "%s reacted %s to ", event->nick, event->text);
        break;
    case LINE_EVENT_UNREACT:
        str_addf(out, "%s took back %s from ", event->nick, event->text);
        break;
    case LINE_EVENT_REMOVE:
        str_addf(out, "%s removed ", event->nick);
        break;
    }
    say_begin(event->whose, event->about, out);
    if (event->kind == LINE_EVENT_REMOVE && event->text[0])
        str_addf(out, " (%s)", event->text);
}

void words_release(struct words *words)
{
    str_release(&words->text);
}

const char *words_mark(const struct buffer_line *line)
{
    static const char *const marks[] = {
        [LINE_SETTLED] = " ",
        [LINE_PENDING] = "…",
        [LINE_FAILED] = "✗",
        [LINE_UNSURE] = "?",
    };
    return marks[line->state];
}
