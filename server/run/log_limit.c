#include "server/run/log_limit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/list.h"
#include "common/log.h"
#include "common/table.h"

enum {
    KINDS_MAX = 1024, /* remembered at a time */
    WORDS_BYTES = 512,
};

/* A line that was written, and may come again. */
struct repeat {
    char *words; /* the line in which it stands, and its key */
    uint64_t more;
    int64_t since_ms;
    enum log_level level;
    struct list order; /* in limit.repeats, by since_ms */
};

/* What is written of one sort, and how much more there was. */
struct budget {
    enum log_level level;
    int64_t burst_ms;
    int64_t paid_ms;  /* up to when the lines that were written are paid for */
    uint64_t unsaid;  /* not even the first of them */
    int64_t since_ms; /* of `unsaid` */
    const char *what;
};

struct log_limit {
    struct log *log;
    struct table by_words;
    struct list repeats;
    struct budget connections;
    struct budget accounts;
};

struct log_limit *log_limit_new(struct log *log, uint64_t seed)
{
    struct log_limit *limit = xcalloc(1, sizeof *limit);
    limit->log = log;
    limit->connections = (struct budget){
        .level = LOG_LEVEL_WARN,
        .burst_ms = LOG_LIMIT_BURST * LOG_LIMIT_REFILL_MS,
        .what = "connections were turned away, disconnected or noticed",
    };
    limit->accounts = (struct budget){
        .level = LOG_LEVEL_INFO,
        .burst_ms = LOG_LIMIT_ACCOUNT_BURST * LOG_LIMIT_REFILL_MS,
        .what = "lines about accounts were left out",
    };
    table_init(&limit->by_words, KINDS_MAX, seed);
    list_init(&limit->repeats);
    return limit;
}

static void forget(struct log_limit *limit, struct repeat *repeat)
{
    table_remove(&limit->by_words, repeat->words, strlen(repeat->words));
    list_remove(&repeat->order);
    free(repeat->words);
    free(repeat);
}

void log_limit_free(struct log_limit *limit)
{
    LIST_FOR(link, &limit->repeats)
    forget(limit, list_entry(link, struct repeat, order));
    table_release(&limit->by_words);
    free(limit);
}

static void put_in_words(struct str *words, enum log_limit_kind kind, const char *host,
                         const char *why)
{
    static const char *const before[] = {"turned ", "disconnected ", "noticed "};
    static const char *const after[] = {" away", "", ""};
    str_init(words, WORDS_BYTES);
    str_addf(words, "%s%.*s%s: ", before[kind], LOG_LIMIT_MAX_HOST_BYTES, host, after[kind]);
    size_t left = WORDS_BYTES - words->len;
    str_add(words, why, strnlen(why, left));
}

/* Whether one more line may be written now. */
static bool may_say(struct budget *budget, int64_t now_ms)
{
    /* A clock that was set back must not keep anybody silent until it has caught up. */
    if (budget->paid_ms < now_ms || budget->paid_ms > now_ms + budget->burst_ms)
        budget->paid_ms = now_ms;
    if (budget->paid_ms + LOG_LIMIT_REFILL_MS > now_ms + budget->burst_ms)
        return false;
    budget->paid_ms += LOG_LIMIT_REFILL_MS;
    return true;
}

static void say_first(struct log_limit *limit, struct budget *budget, int64_t now_ms,
                      const char *words)
{
    if (limit->by_words.len == KINDS_MAX || !may_say(budget, now_ms)) {
        if (budget->unsaid++ == 0)
            budget->since_ms = now_ms;
        return;
    }
    struct repeat *repeat = xcalloc(1, sizeof *repeat);
    repeat->words = xstrdup(words);
    repeat->since_ms = now_ms;
    repeat->level = budget->level;
    list_add_tail(&limit->repeats, &repeat->order);
    table_put(&limit->by_words, repeat->words, strlen(repeat->words), repeat);
    log_event(limit->log, now_ms, repeat->level, "%s", words);
}

static void say(struct log_limit *limit, struct budget *budget, int64_t now_ms, const char *words)
{
    struct repeat *repeat = table_get(&limit->by_words, words, strlen(words));
    if (repeat)
        repeat->more++;
    else
        say_first(limit, budget, now_ms, words);
}

void log_limit_connection(struct log_limit *limit, int64_t now_ms, enum log_limit_kind kind,
                          const char *host, const char *why)
{
    struct str words;
    put_in_words(&words, kind, host, why);
    say(limit, &limit->connections, now_ms, words.data);
    str_release(&words);
}

void log_limit_account(struct log_limit *limit, int64_t now_ms, const char *line)
{
    say(limit, &limit->accounts, now_ms, line);
}

static bool is_due(int64_t since_ms, int64_t now_ms)
{
    return since_ms + LOG_LIMIT_PERIOD_MS <= now_ms || since_ms > now_ms;
}

static void say_more(struct log_limit *limit, int64_t now_ms, struct repeat *repeat)
{
    log_event(limit->log, now_ms, repeat->level, "%s; %" PRIu64 " more times in a minute",
              repeat->words, repeat->more);
    repeat->more = 0;
    repeat->since_ms = now_ms;
    list_remove(&repeat->order);
    list_add_tail(&limit->repeats, &repeat->order);
}

static void say_unsaid(struct log_limit *limit, struct budget *budget, int64_t now_ms)
{
    if (budget->unsaid == 0 || !is_due(budget->since_ms, now_ms))
        return;
    log_event(limit->log, now_ms, budget->level, "%" PRIu64 " more %s", budget->unsaid,
              budget->what);
    budget->unsaid = 0;
}

void log_limit_tick(struct log_limit *limit, int64_t now_ms)
{
    while (!list_empty(&limit->repeats)) {
        struct repeat *repeat = list_entry(list_first(&limit->repeats), struct repeat, order);
        if (!is_due(repeat->since_ms, now_ms))
            break;
        if (repeat->more > 0)
            say_more(limit, now_ms, repeat);
        else
            forget(limit, repeat);
    }
    say_unsaid(limit, &limit->connections, now_ms);
    say_unsaid(limit, &limit->accounts, now_ms);
}
