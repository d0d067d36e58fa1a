#include "client/model/completion.h"

#include "client/model/command.h"
#include "client/model/editor.h"
#include "client/model/emoji.h"
#include "common/alloc.h"

#include <stdlib.h>
#include <string.h>

/* The word to complete: where it stands, and its folded text. */
struct word {
    size_t from, to;
    char *key;
    bool row_start;
};

static void word_read(const struct editor *editor, struct word *word)
{
    const char *text = editor_text(editor, NULL);
    word->from = word->to = editor_cursor(editor);
    while (word->from > 0 && text[word->from - 1] != ' ' && text[word->from - 1] != '\n')
        word->from--;
    word->row_start = word->from == 0 || text[word->from - 1] == '\n';
    char *part = xmemdup0(text + word->from, word->to - word->from);
    word->key = member_key(part);
    free(part);
}

static void add(struct completion *completion, const char *text, const char *name)
{
    if (completion->count == COMPLETION_MAX)
        return;
    completion->names[completion->count] = name ? xstrdup(name) : NULL;
    completion->candidates[completion->count++] = xstrdup(text);
}

/* Adds a copy of the name, if it begins as the word does. */
static void offer(struct completion *completion, const struct word *word, const char *name)
{
    char *key = member_key(name);
    if (*name && strncmp(key, word->key, strlen(word->key)) == 0)
        add(completion, name, NULL);
    free(key);
}

static void offer_commands(struct completion *completion, const struct word *word,
                           const char *slash)
{
    struct str name;
    str_init(&name, BUFFER_NAME_MAX_BYTES);
    for (size_t i = 0; i < command_count(); i++) {
        str_reset(&name);
        str_addf(&name, "%s%s", slash, command_at(i)->name);
        offer(completion, word, name.data);
    }
    str_release(&name);
}

/* What there is help for. */
static void offer_help(struct completion *completion, const struct word *word)
{
    offer(completion, word, "keys");
    offer_commands(completion, word, word->key[0] == '/' ? "/" : "");
}

/* ":ta" or ":tada:": those whose names begin so, then those that have it in them. */
static void offer_emoji(struct completion *completion, const struct word *word)
{
    char *name = xstrdup(word->key + 1);
    size_t len = strlen(name);
    if (len > 1 && name[len - 1] == ':')
        name[--len] = '\0';
    struct str shown;
    str_init(&shown, BUFFER_NAME_MAX_BYTES);
    for (int inside = 0; inside < 2 && len > 0; inside++) {
        for (size_t i = 0; i < emoji_count(); i++) {
            const struct emoji *emoji = emoji_at(i);
            const char *found = strstr(emoji->name, name);
            if (!found || (found > emoji->name) != inside)
                continue;
            str_reset(&shown);
            str_addf(&shown, "%s %s", emoji->text, emoji->name);
            add(completion, emoji->text, shown.data);
        }
    }
    str_release(&shown);
    free(name);
}

/* "/set mou" or "/set mouse y": the settings, or what the one before the word takes. */
static void offer_settings(struct completion *completion, const struct word *word,
                           const struct editor *editor)
{
    const char *text = editor_text(editor, NULL);
    const char *first = text + strcspn(text, " ");
    first += strspn(first, " ");
    if (first == text + word->from) {
        for (size_t i = 0; i < settings_count(); i++)
            offer(completion, word, settings_name(i));
        return;
    }
    size_t len = strcspn(first, " ");
    if (first + len + strspn(first + len, " ") != text + word->from)
        return;
    char *name = xmemdup0(first, len);
    const char *value;
    for (size_t i = 0; (value = settings_value(name, i)); i++)
        offer(completion, word, value);
    free(name);
}

/* A room's name may be typed without its sign. */
static void offer_buffers(struct completion *completion, const struct word *word,
                          const struct model *model, bool rooms_only)
{
    size_t len = strlen(word->key);
    for (size_t i = 0; i < model->buffer_count; i++) {
        const struct buffer *buffer = model->buffers[i];
        bool is_room = buffer->kind == BUFFER_ROOM;
        if (is_room && len > 0 && strncmp(buffer->key + 1, word->key, len) == 0)
            add(completion, buffer->name, NULL);
        else if (is_room || !rooms_only)
            offer(completion, word, buffer->name);
    }
}

/* Last speaker first, then by name. */
static int by_speech(const void *left, const void *right)
{
    const struct member *a = *(const struct member *const *)left;
    const struct member *b = *(const struct member *const *)right;
    if (a->spoke != b->spoke)
        return a->spoke > b->spoke ? -1 : 1;
    return strcmp(a->key, b->key);
}

static void offer_nicks(struct completion *completion, const struct word *word,
                        const struct model *model)
{
    const struct buffer *buffer = model->current;
    if (buffer->kind == BUFFER_PERSON)
        offer(completion, word, buffer->name);
    const struct member **fitting = xcalloc(buffer->members.count + 1, sizeof(*fitting));
    size_t count = 0, len = strlen(word->key);
    for (size_t i = 0; i < buffer->members.count; i++) {
        const struct member *member = &buffer->members.list[i];
        if (strncmp(member->key, word->key, len) == 0 && !member_same(member->nick, model->nick))
            fitting[count++] = member;
    }
    qsort(fitting, count, sizeof(*fitting), by_speech);
    for (size_t i = 0; i < count; i++)
        offer(completion, word, fitting[i]->nick);
    free(fitting);
    for (size_t i = 0; count == 0 && len > 0 && i < model->buffer_count; i++)
        if (model->buffers[i]->kind == BUFFER_PERSON && model->buffers[i] != buffer)
            offer(completion, word, model->buffers[i]->name);
}

/* "@bo", as elsewhere: the sign stays. */
static void offer_nicks_behind_sign(struct completion *completion, const struct word *word,
                                    const struct model *model)
{
    const struct word nick = {.key = word->key + 1};
    completion->from++;
    offer_nicks(completion, &nick, model);
}

/* "/topic " or "/topic #room ": the room whose topic is to be changed, or NULL. */
static const struct buffer *topic_of(const struct model *model, const struct word *word)
{
    const char *text = editor_text(model->current->draft, NULL);
    const char *first = text + strcspn(text, " ");
    first += strspn(first, " ");
    if (*word->key || first == text + word->from)
        return *word->key ? NULL : model->current;
    size_t len = strcspn(first, " ");
    if (first + len + strspn(first + len, " ") != text + word->from)
        return NULL;
    char *name = xmemdup0(first, len);
    const struct buffer *room = model_find(model, name);
    free(name);
    return room && room->kind == BUFFER_ROOM ? room : NULL;
}

/* The command whose argument the word is, or NULL. */
static const struct command *command_before(const struct editor *editor, const struct word *word)
{
    const char *text = editor_text(editor, NULL);
    size_t end = strcspn(text, " \n");
    if (text[0] != '/' || end >= word->from)
        return NULL;
    char *name = xmemdup0(text + 1, end - 1);
    const struct command *command = command_find(name);
    free(name);
    return command;
}

static void gather(struct completion *completion, const struct word *word,
                   const struct model *model)
{
    const struct editor *draft = model->current->draft;
    const struct command *command = command_before(draft, word);
    enum completes completes = command ? command->completes : COMPLETES_NICK;
    const struct buffer *topical = completes == COMPLETES_TOPIC ? topic_of(model, word) : NULL;
    completion->suffix = topical ? "" : " ";
    if (topical)
        offer(completion, word, topical->topic);
    else if (word->from == 0 && editor_text(draft, NULL)[0] == '/')
        offer_commands(completion, word, "/");
    else if (word->key[0] == ':')
        offer_emoji(completion, word);
    else if (completes == COMPLETES_SETTING)
        offer_settings(completion, word, draft);
    else if (completes == COMPLETES_COMMAND)
        offer_help(completion, word);
    else if (completes == COMPLETES_ROOM || model_is_room(model, word->key))
        offer_buffers(completion, word, model, true);
    else if (completes == COMPLETES_BUFFER)
        offer_buffers(completion, word, model, false);
    else if (word->key[0] == '@')
        offer_nicks_behind_sign(completion, word, model);
    else
        offer_nicks(completion, word, model);
    if (!command && word->row_start && !memchr("/:@", word->key[0], 3) &&
        !model_is_room(model, word->key))
        completion->suffix = ": ";
}

/* Puts the chosen candidate where the word or the one before was. */
static void insert(struct model *model, struct completion *completion)
{
    struct str text;
    str_init(&text, EDITOR_MAX_BYTES);
    str_adds(&text, completion->candidates[completion->chosen]);
    str_adds(&text, completion->suffix);
    if (editor_replace(model->current->draft, completion->from, completion->to, text.data,
                       text.len))
        completion->to = editor_cursor(model->current->draft);
    str_release(&text);
}

static struct completion *completion_new(const struct model *model)
{
    struct completion *completion = xcalloc(1, sizeof(*completion));
    struct word word;
    word_read(model->current->draft, &word);
    completion->from = word.from;
    completion->to = word.to;
    gather(completion, &word, model);
    free(word.key);
    return completion;
}

void completion_tab(struct model *model, int step)
{
    struct completion *completion = model->completion;
    if (completion) {
        size_t count = completion->count;
        completion->chosen = (completion->chosen + (step > 0 ? 1 : count - 1)) % count;
        insert(model, completion);
        return;
    }
    completion = completion_new(model);
    if (completion->count == 0) {
        completion_free(completion);
        return;
    }
    if (step < 0)
        completion->chosen = completion->count - 1;
    model->completion = completion;
    insert(model, completion);
}

const char *completion_shown(const struct completion *completion, size_t i)
{
    return completion->names[i] ? completion->names[i] : completion->candidates[i];
}

bool completion_goes_on(const struct key *key)
{
    return key->press == PRESS_TAB || key->press == PRESS_BACKTAB;
}

void completion_free(struct completion *completion)
{
    if (!completion)
        return;
    for (size_t i = 0; i < completion->count; i++) {
        free(completion->candidates[i]);
        free(completion->names[i]);
    }
    free(completion);
}
