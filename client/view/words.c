#include "client/view/words.h"

#include <string.h>

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
    return line->state == LINE_UNSURE ? "  (unsure: M-s says it again, M-x forgets it)"
                                      : "  (refused: M-s says it again, M-x forgets it)";
}

void words_init(struct words *words, const struct buffer_line *line, bool alone)
{
    const struct wording *wording = &wordings[line->kind];
    *words = (struct words){.sign = wording->sign};
    /* Nick, text and the words around them always fit. */
    str_init(&words->text, LINE_NICK_MAX_BYTES + LINE_TEXT_MAX_BYTES + 128);
    if (alone)
        words_lead(words, line);
    bool apart = words_nick_apart(line);
    bool nick_first = line->nick[0] && (alone || !apart);
    if (nick_first) {
        words->nick_from = words->text.len;
        str_adds(&words->text, line->nick);
        words->nick_to = words->text.len;
        str_adds(&words->text, apart ? ": " : behind_nick(line));
    }
    if (line->text[0]) {
        str_adds(&words->text, nick_first ? wording->before_text : "");
        words->said_from = words->text.len;
        str_adds(&words->text, line->text);
        str_adds(&words->text, nick_first ? wording->behind_text : "");
    }
    str_adds(&words->text, remark(line));
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
