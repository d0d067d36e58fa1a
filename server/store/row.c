#include "server/store/row.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "common/str.h"

enum {
    POSITION_BITS = 40,
    ROW_BYTES = 100, /* about what a row needs beside the texts */
    KIND_REDACTED = 8,
    KIND_SPEECH_END = 16,
};

/* A ULID's length, that of its time, and its digits in their order (github.com/ulid/spec). */
enum { ID_LENGTH = 26, TIME_LENGTH = 10 };

int64_t row_at(int64_t log, uint64_t position)
{
    return (int64_t)((uint64_t)log << POSITION_BITS | position);
}

uint64_t row_position(int64_t at)
{
    return (uint64_t)at & ((UINT64_C(1) << POSITION_BITS) - 1);
}

int64_t row_log(int64_t at)
{
    return at >> POSITION_BITS;
}

static int speech_kind(enum speech speech)
{
    switch (speech) {
    case SPEECH_TEXT:
        return 1;
    case SPEECH_NOTICE:
        return 2;
    case SPEECH_ACTION:
        return 3;
    case SPEECH_QUERY:
        return 4;
    case SPEECH_ANSWER:
        return 5;
    case SPEECH_TAGS:
        return 6;
    }
    return 0;
}

/* Without a default, so that the compiler names what is missing. */
int row_kind(const struct event *event)
{
    switch (event->type) {
    case EVENT_SPEECH:
        return speech_kind(event->speech) | (event->redacted ? KIND_REDACTED : 0);
    case EVENT_JOIN:
        return 16;
    case EVENT_PART:
        return 17;
    case EVENT_QUIT:
        return 18;
    case EVENT_NICK:
        return 19;
    case EVENT_TOPIC:
        return 20;
    case EVENT_KICK:
        return 21;
    case EVENT_MODE:
        return 22;
    case EVENT_RENAME:
        return 23;
    case EVENT_REDACT:
        return 24;
    case EVENT_SIGN:
    case EVENT_AWAY:
    case EVENT_REALNAME:
    case EVENT_ACCOUNT:
    case EVENT_HOST:
    case EVENT_INVITE:
    case EVENT_KNOCK:
    case EVENT_ONLINE:
    case EVENT_OFFLINE:
    case EVENT_MARK:
    case EVENT_WALLOPS:
    case EVENT_TRAIT:
        break;
    }
    assert(!"an event that no log keeps");
    return 0;
}

/* Sets what the number stands for; false if it is none. */
static bool set_kind(struct event *event, int kind)
{
    static const enum speech speeches[] = {[1] = SPEECH_TEXT, SPEECH_NOTICE, SPEECH_ACTION,
                                           SPEECH_QUERY,      SPEECH_ANSWER, SPEECH_TAGS};
    static const enum event_type others[] = {EVENT_JOIN, EVENT_PART,   EVENT_QUIT,
                                             EVENT_NICK, EVENT_TOPIC,  EVENT_KICK,
                                             EVENT_MODE, EVENT_RENAME, EVENT_REDACT};
    if (kind >= KIND_SPEECH_END) {
        size_t i = (size_t)(kind - KIND_SPEECH_END);
        if (i >= sizeof others / sizeof others[0])
            return false;
        event->type = others[i];
        return true;
    }
    int speech = kind & (KIND_REDACTED - 1);
    if (speech < 1 || speech >= (int)(sizeof speeches / sizeof speeches[0]))
        return false;
    event->type = EVENT_SPEECH;
    event->speech = speeches[speech];
    event->redacted = kind & KIND_REDACTED;
    return true;
}

/* What a digit stands for; -1 for what is none. */
static int digit_value(char c)
{
    /* By their values from 1 on: what is left out is none. */
    static const unsigned char values[UCHAR_MAX + 1] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,
        ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14,
        ['E'] = 15, ['F'] = 16, ['G'] = 17, ['H'] = 18, ['J'] = 19, ['K'] = 20, ['M'] = 21,
        ['N'] = 22, ['P'] = 23, ['Q'] = 24, ['R'] = 25, ['S'] = 26, ['T'] = 27, ['V'] = 28,
        ['W'] = 29, ['X'] = 30, ['Y'] = 31, ['Z'] = 32};
    return values[(unsigned char)c] - 1;
}

int64_t row_id_ms(const char *id)
{
    int64_t ms = 0;
    for (int i = 0; i < ID_LENGTH; i++) {
        int value = digit_value(id[i]);
        if (value < 0)
            return -1; /* its end, too */
        if (i < TIME_LENGTH)
            ms = ms << 5 | value;
    }
    return id[ID_LENGTH] == '\0' ? ms : -1;
}

void row_last_id(int64_t ms, char id[EVENT_ID_MAX])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (int i = TIME_LENGTH - 1; i >= 0; i--, ms >>= 5)
        id[i] = digits[ms & 31];
    memset(id + TIME_LENGTH, 'Z', ID_LENGTH - TIME_LENGTH);
    id[ID_LENGTH] = '\0';
}

bool row_is_astray(const struct event *event, uint64_t since)
{
    return row_id_ms(event->id) != event->time_ms || event->position - since >= ROW_SAME_TIME_MAX;
}

uint64_t row_spoke(sqlite3_stmt *statement, int kind, int spoke, uint64_t position)
{
    if (sqlite3_column_int(statement, kind) < KIND_SPEECH_END)
        return position;
    int64_t before = sqlite3_column_int64(statement, spoke);
    return before > 0 && (uint64_t)before < position ? (uint64_t)before : 0;
}

void row_bind(sqlite3_stmt *statement, int64_t at, const struct event *event, uint64_t spoke)
{
    bool elsewhere = event->target && strcmp(event->target, event->log) != 0;
    db_bind_number(statement, 1, at);
    db_bind_number(statement, 2, event->time_ms);
    db_bind_number(statement, 3, row_kind(event));
    db_bind_text(statement, 4, event->id);
    db_bind_text(statement, 5, event->who.nick);
    db_bind_text(statement, 6, event->who.user);
    db_bind_text(statement, 7, event->who.host);
    db_bind_text(statement, 8, event->who.account);
    db_bind_text(statement, 9, elsewhere ? event->target : NULL);
    db_bind_text(statement, 10, event->text);
    db_bind_text(statement, 11, event->tags);
    db_bind_text(statement, 12, event->object);
    db_bind_text(statement, 13, event->realname);
    db_bind_number(statement, 14, event->rank);
    db_bind_text(statement, 15, event->joints);
    if (event->type == EVENT_SPEECH)
        db_bind_text(statement, 16, NULL);
    else
        db_bind_number(statement, 16, (int64_t)spoke);
}

static const char *text_at(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

bool row_load(sqlite3_stmt *statement, const char *log, struct event *event)
{
    const char *id = text_at(statement, 3);
    if (!id || strlen(id) >= EVENT_ID_MAX)
        return false;
    *event = (struct event){
        .position = row_position(sqlite3_column_int64(statement, 0)),
        .time_ms = sqlite3_column_int64(statement, 1),
        .who = {.nick = text_at(statement, 4),
                .user = text_at(statement, 5),
                .host = text_at(statement, 6),
                .account = text_at(statement, 7)},
        .log = log,
        .target = text_at(statement, 8),
        .text = text_at(statement, 9),
        .tags = text_at(statement, 10),
        .object = text_at(statement, 11),
        .realname = text_at(statement, 12),
        .rank = (unsigned)sqlite3_column_int(statement, 13),
        .joints = text_at(statement, 14),
    };
    if (!event->target)
        event->target = log;
    strcpy(event->id, id);
    /* What the server does by itself is nobody's; but it never says anything. */
    return set_kind(event, sqlite3_column_int(statement, 2)) &&
           (event->type != EVENT_SPEECH || event->who.nick != NULL);
}

bool row_called(sqlite3_stmt *statement, int column, struct str *called)
{
    const char *name = text_at(statement, column), *since = text_at(statement, column + 1);
    if (!name || strchr(name, '\n'))
        return false;
    if (since)
        return str_adds(called, since);
    return str_add(called, name, strcspn(name, ","));
}

static int64_t length(const char *text)
{
    return text ? (int64_t)strlen(text) : 0;
}

int64_t row_bytes(const struct event *event)
{
    return ROW_BYTES + length(event->text) + length(event->tags);
}
