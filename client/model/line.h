/* One line of a buffer: something said, something that happened, or the client's own words.
 *
 * A line is known to others by its id, which is never used twice; pointers to lines are good until
 * the model changes. */
#ifndef SNUG_CLIENT_MODEL_LINE_H
#define SNUG_CLIENT_MODEL_LINE_H

#include "client/model/reaction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINE_NICK_MAX_BYTES = 256, /* a longer nick or text is cut at a cluster's end */
    LINE_TEXT_MAX_BYTES = 65536,
    LINE_RUNS_MAX = 1000,       /* what comes behind looks like the last */
    LINE_MSGID_MAX_BYTES = 200, /* a longer one is taken for none */
};

enum line_kind {
    LINE_TALK,
    LINE_ACTION, /* "/me waves": the text is "waves" */
    LINE_NOTICE,
    LINE_JOIN,
    LINE_PART, /* the text is the reason, or empty; so are the next two */
    LINE_QUIT,
    LINE_KICK, /* the nick was removed; text: "by ada (reason)", of the user "from #room by ..." */
    LINE_RENAME, /* the text is the new nick */
    LINE_TOPIC,  /* the text is the new topic; empty: removed */
    LINE_MODE,   /* the text is as "+o bob" */
    LINE_SERVER, /* what the server says: its welcome, its replies */
    LINE_NOTE,   /* the client's own words */
    LINE_ERROR,  /* a refusal, the server's or the client's */
};

/* How far an own line has come. What others said is LINE_SETTLED. */
enum line_state {
    LINE_SETTLED, /* acknowledged by the server */
    LINE_PENDING, /* not acknowledged yet; stands below all settled lines */
    LINE_FAILED,  /* refused: nobody has seen it */
    LINE_UNSURE,  /* the connection was lost before the answer */
};

/* What an own line is called outside of this run of the program: the run it was first said in, and
 * its number there. Said again it keeps it, so that nobody takes it for another one. */
struct line_origin {
    uint64_t run; /* 0: this one, and the number is the line's id */
    uint64_t number;
};

/* How a part of a text is meant to look, as bits. */
enum run_looks {
    RUN_BOLD = 1,
    RUN_ITALIC = 2,
    RUN_UNDERLINE = 4,
    RUN_STRIKE = 8,
    RUN_MONOSPACE = 16,
    RUN_REVERSE = 32,
};

/* A colour of a run is 0 (none), RUN_INDEXED | 0..255 of the terminal's palette, or
 * RUN_RGB | 0xrrggbb. */
#define RUN_INDEXED UINT32_C(0x01000000)
#define RUN_RGB UINT32_C(0x02000000)

/* The text from byte `from` on, up to the next run. */
struct line_run {
    size_t from;
    unsigned looks; /* of enum run_looks */
    uint32_t fg, bg;
};

/* What few lines have. */
struct line_more {
    char *typed;           /* an own one: with the codes of its looks; NULL: as the text */
    struct line_run *runs; /* how the text looks, in order; before the first it is plain */
    size_t n_runs;
    char *reply_to; /* the msgid of what it answers; NULL: of nothing */
    char *removed;  /* NULL, or by whom it was taken back, and why: the text is "" then */
    struct reactions reactions;
    struct line_origin origin; /* of an own line */
};

struct buffer_line {
    uint64_t id;
    int64_t time_ms;              /* since 1970 */
    char *nick;                   /* who; "" for none */
    char *text;                   /* as it came: the view makes control bytes harmless */
    char *msgid;                  /* what the server calls it; NULL: not known */
    const struct line_more *more; /* never NULL; changed by line_more() alone */
    uint8_t kind;                 /* enum line_kind */
    uint8_t state;                /* enum line_state */
    bool own : 1;                 /* the user's */
    bool sent : 1;                /* an own one: was on its way to the server at least once */
    bool mention : 1;             /* speaks to the user */
    bool quiet : 1;               /* somebody comes or goes who did not speak lately: see fold.h */
    /* Nick and text as the line was made: there are many lines, and each piece of memory costs a head and
     * a gap. */
    char words[];
};

/* A settled line; copies nick and text, NULL is "". */
struct buffer_line *line_new(uint64_t id, int64_t time_ms, enum line_kind kind, const char *nick,
                             const char *text);

/* What few lines have, to be changed; the line's own from now on. */
struct line_more *line_more(struct buffer_line *line);

/* Gives it another text, copied. */
void line_set_text(struct buffer_line *line, const char *text);

/* Says how an own line was typed, where that is not its text: copied; NULL: it is. */
void line_set_typed(struct buffer_line *line, const char *typed);

/* Gives the line copies of at most LINE_RUNS_MAX runs, in their order. */
void line_set_runs(struct buffer_line *line, const struct line_run *runs, size_t count);

void line_free(struct buffer_line *line);

/* Says what the line answers, copied; NULL or too long a msgid: nothing. */
void line_set_reply(struct buffer_line *line, const char *msgid);

/* A copy of the text, cut at a cluster's end when it is longer; NULL is "". */
char *line_cut(const char *text, size_t max_bytes);

/* What is to be sent of an own line. */
static inline const char *line_typed(const struct buffer_line *line)
{
    return line->more->typed ? line->more->typed : line->text;
}

/* Whether it is speech, which counts as unread and is worth an answer. */
static inline bool line_is_talk(const struct buffer_line *line)
{
    return line->kind == LINE_TALK || line->kind == LINE_ACTION || line->kind == LINE_NOTICE;
}

#endif
