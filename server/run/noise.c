#include "server/run/noise.h"

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

/* One kind of event from one address. */
struct sound {
    char *words; /* the line in which it stands, and its key */
    uint64_t more;
    int64_t since_ms;
    enum log_level level;
    struct list order; /* in noise.sounds, by since_ms */
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

struct noise {
    struct log *log;
    struct table by_words;
    struct list sounds;
    struct budget troubles;
    struct budget tales;
};

struct noise *noise_new(struct log *log, uint64_t seed)
{
    struct noise *noise = xcalloc(1, sizeof *noise);
    noise->log = log;
    noise->troubles = (struct budget){
        .level = LOG_LEVEL_WARN,
        .burst_ms = NOISE_BURST * NOISE_REFILL_MS,
        .what = "connections were turned away, disconnected or noticed",
    };
    noise->tales = (struct budget){
        .level = LOG_LEVEL_INFO,
        .burst_ms = NOISE_TALE_BURST * NOISE_REFILL_MS,
        .what = "lines about accounts were left out",
    };
    table_init(&noise->by_words, KINDS_MAX, seed);
    list_init(&noise->sounds);
    return noise;
}

static void forget(struct noise *noise, struct sound *sound)
{
    table_remove(&noise->by_words, sound->words, strlen(sound->words));
    list_remove(&sound->order);
    free(sound->words);
    free(sound);
}

void noise_free(struct noise *noise)
{
    LIST_FOR(link, &noise->sounds)
    forget(noise, list_entry(link, struct sound, order));
    table_release(&noise->by_words);
    free(noise);
}

static void put_in_words(struct str *words, enum noise_kind kind, const char *host, const char *why)
{
    static const char *const before[] = {"turned ", "disconnected ", "noticed "};
    static const char *const after[] = {" away", "", ""};
    str_init(words, WORDS_BYTES);
    str_addf(words, "%s%.*s%s: ", before[kind], NOISE_MAX_HOST_BYTES, host, after[kind]);
    size_t left = WORDS_BYTES - words->len;
    str_add(words, why, strnlen(why, left));
}

/* Whether one more line may be written now. */
static bool may_say(struct budget *budget, int64_t now_ms)
{
    /* A clock that was set back must not keep anybody silent until it has caught up. */
    if (budget->paid_ms < now_ms || budget->paid_ms > now_ms + budget->burst_ms)
        budget->paid_ms = now_ms;
    if (budget->paid_ms + NOISE_REFILL_MS > now_ms + budget->burst_ms)
        return false;
    budget->paid_ms += NOISE_REFILL_MS;
    return true;
}

static void say_first(struct noise *noise, struct budget *budget, int64_t now_ms, const char *words)
{
    if (noise->by_words.len == KINDS_MAX || !may_say(budget, now_ms)) {
        if (budget->unsaid++ == 0)
            budget->since_ms = now_ms;
        return;
    }
    struct sound *sound = xcalloc(1, sizeof *sound);
    sound->words = xstrdup(words);
    sound->since_ms = now_ms;
    sound->level = budget->level;
    list_add_tail(&noise->sounds, &sound->order);
    table_put(&noise->by_words, sound->words, strlen(sound->words), sound);
    log_event(noise->log, now_ms, sound->level, "%s", words);
}

static void say(struct noise *noise, struct budget *budget, int64_t now_ms, const char *words)
{
    struct sound *sound = table_get(&noise->by_words, words, strlen(words));
    if (sound)
        sound->more++;
    else
        say_first(noise, budget, now_ms, words);
}

void noise_add(struct noise *noise, int64_t now_ms, enum noise_kind kind, const char *host,
               const char *why)
{
    struct str words;
    put_in_words(&words, kind, host, why);
    say(noise, &noise->troubles, now_ms, words.data);
    str_release(&words);
}

void noise_tell(struct noise *noise, int64_t now_ms, const char *line)
{
    say(noise, &noise->tales, now_ms, line);
}

static bool is_due(int64_t since_ms, int64_t now_ms)
{
    return since_ms + NOISE_PERIOD_MS <= now_ms || since_ms > now_ms;
}

static void say_more(struct noise *noise, int64_t now_ms, struct sound *sound)
{
    log_event(noise->log, now_ms, sound->level, "%s; %" PRIu64 " more times in a minute",
              sound->words, sound->more);
    sound->more = 0;
    sound->since_ms = now_ms;
    list_remove(&sound->order);
    list_add_tail(&noise->sounds, &sound->order);
}

static void say_unsaid(struct noise *noise, struct budget *budget, int64_t now_ms)
{
    if (budget->unsaid == 0 || !is_due(budget->since_ms, now_ms))
        return;
    log_event(noise->log, now_ms, budget->level, "%" PRIu64 " more %s", budget->unsaid,
              budget->what);
    budget->unsaid = 0;
}

void noise_tick(struct noise *noise, int64_t now_ms)
{
    while (!list_empty(&noise->sounds)) {
        struct sound *sound = list_entry(list_first(&noise->sounds), struct sound, order);
        if (!is_due(sound->since_ms, now_ms))
            break;
        if (sound->more > 0)
            say_more(noise, now_ms, sound);
        else
            forget(noise, sound);
    }
    say_unsaid(noise, &noise->troubles, now_ms);
    say_unsaid(noise, &noise->tales, now_ms);
}
