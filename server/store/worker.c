#include "server/store/worker.h"

#include <assert.h>
#include <time.h>

#include "common/alloc.h"
#include "common/str.h"

enum {
    RETRY_FIRST_MS = 100,
    RETRY_LAST_MS = 5000,
    MAINTAIN_LATER_MS = 1000,    /* after a batch: a talk has its pauses */
    MAINTAIN_ANYHOW = 32768,     /* entries waiting to be indexed, even when nobody pauses */
    SEARCH_WAIT_STEPS_MAX = 256, /* then a search goes ahead without what is not indexed yet */
    ANSWERS_FIRST = 64,          /* then comes a checkpoint, even when more is asked */
    REASON_MAX_BYTES = 500,
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct timespec timespec_of(int64_t at_ms)
{
    return (struct timespec){.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000};
}

/* Hands jobs over as done, and says so if nobody has been told yet. When they are a batch, readings
 * may show it from the same moment on: neither before nor after its completions are on their way. */
static void publish(struct worker *worker, struct list *jobs, bool batch)
{
    pthread_mutex_lock(&worker->lock);
    bool first = list_empty(&worker->done) && !list_empty(jobs);
    list_move_all(&worker->done, jobs);
    if (batch)
        worker->engine->ops->published(worker->engine);
    pthread_mutex_unlock(&worker->lock);
    if (first && !worker->in_poll && worker->wake)
        worker->wake(worker->wake_ctx);
}

static void add_news(struct worker *worker, struct list *done, enum store_state state,
                     const char *reason)
{
    worker->state = state;
    struct job *job = job_new(JOB_STATE, 0);
    job->u.state = (struct job_state){.state = state, .reason = reason ? xstrdup(reason) : NULL};
    list_add_tail(done, &job->in_line);
}

/* What may be refused is done with; the rest goes on waiting. */
static void refuse_held(struct worker *worker, struct list *done)
{
    LIST_FOR(link, &worker->held)
    {
        struct job *job = job_of(link);
        if (!job_refusable(job))
            continue;
        list_remove(link);
        job->result = STORE_FAILED;
        list_add_tail(done, link);
    }
}

static void write_failed(struct worker *worker, struct list *done, const char *reason)
{
    if (worker->state == STORE_UP) {
        worker->retry_wait_ms = RETRY_FIRST_MS;
        add_news(worker, done, STORE_DEGRADED, reason);
    } else if (worker->retry_wait_ms < RETRY_LAST_MS) {
        worker->retry_wait_ms *= 2;
    }
    worker->retry_at_ms = monotonic_ms() + worker->retry_wait_ms;
    refuse_held(worker, done);
}

/* Maintenance takes a millisecond a step, for which a message would wait: it is for when nobody talks. */
static void plan_maintenance(struct worker *worker)
{
    if (worker->engine->ops->backlog(worker->engine) > 0)
        worker->maintain_at_ms = monotonic_ms() + MAINTAIN_LATER_MS;
}

/* Writes what is held back and the batch behind it. */
static void write_batch(struct worker *worker, struct list *batch)
{
    struct engine *engine = worker->engine;
    struct list done;
    struct str reason;
    list_init(&done);
    str_init(&reason, REASON_MAX_BYTES);
    list_move_all(&worker->held, batch);
    if (engine->ops->write(engine, &worker->held, &reason)) {
        if (worker->state != STORE_UP)
            add_news(worker, &done, STORE_UP, NULL);
        list_move_all(&done, &worker->held);
        plan_maintenance(worker);
    } else {
        write_failed(worker, &done, reason.data);
    }
    str_release(&reason);
    publish(worker, &done, true);
}

static bool retry_due(const struct worker *worker)
{
    return worker->state != STORE_UP && (worker->in_poll || monotonic_ms() >= worker->retry_at_ms);
}

/* While the disk takes nothing, it is not asked more often than the waits say. */
static void take_batch(struct worker *worker, struct list *batch)
{
    if (worker->state == STORE_UP ? !list_empty(batch) : retry_due(worker)) {
        write_batch(worker, batch);
        return;
    }
    struct list done;
    list_init(&done);
    list_move_all(&worker->held, batch);
    refuse_held(worker, &done);
    publish(worker, &done, false);
}

static void pass_searches(struct worker *worker)
{
    worker->search_wait_steps = 0;
    pthread_mutex_lock(&worker->lock);
    list_move_all(&worker->asks, &worker->waiting_searches);
    pthread_cond_signal(&worker->asked);
    pthread_mutex_unlock(&worker->lock);
}

/* One step of maintenance, if it is due. Searches wait until the index has all that was written. */
static void maintain(struct worker *worker, int64_t now_ms, bool busy)
{
    struct engine *engine = worker->engine;
    bool waited_for = !list_empty(&worker->waiting_searches);
    bool due = worker->maintain_at_ms != 0 && worker->maintain_at_ms <= monotonic_ms();
    bool must = waited_for || engine->ops->backlog(engine) > MAINTAIN_ANYHOW;
    if (worker->state == STORE_UP && (must || (due && !busy))) {
        bool more = engine->ops->maintain(engine, now_ms);
        worker->maintain_at_ms = more ? monotonic_ms() : 0;
    }
    if (!waited_for)
        return;
    if (worker->state != STORE_UP || engine->ops->backlog(engine) == 0 ||
        ++worker->search_wait_steps == SEARCH_WAIT_STEPS_MAX)
        pass_searches(worker);
}

static bool writer_has_work(const struct worker *worker)
{
    return !list_empty(&worker->committed) || !list_empty(&worker->searches) ||
           !list_empty(&worker->waiting_searches) || worker->ticked || worker->keep ||
           retry_due(worker) ||
           (worker->state == STORE_UP && worker->maintain_at_ms != 0 &&
            worker->maintain_at_ms <= monotonic_ms());
}

static void writer_wait(struct worker *worker)
{
    int64_t until_ms = worker->state == STORE_UP ? worker->maintain_at_ms : worker->retry_at_ms;
    if (until_ms == 0) {
        pthread_cond_wait(&worker->written_to, &worker->lock);
        return;
    }
    struct timespec until = timespec_of(until_ms);
    pthread_cond_timedwait(&worker->written_to, &worker->lock, &until);
}

/* Called with the lock, which is given up for the work. */
static void writer_turn(struct worker *worker)
{
    struct list batch;
    list_init(&batch);
    list_move_all(&batch, &worker->committed);
    list_move_all(&worker->waiting_searches, &worker->searches);
    if (worker->ticked)
        worker->maintain_at_ms = monotonic_ms();
    worker->ticked = false;
    struct keep *keep = worker->keep;
    worker->keep = NULL;
    int64_t now_ms = worker->now_ms;
    pthread_mutex_unlock(&worker->lock);
    if (keep)
        worker->engine->ops->keep(worker->engine, keep);
    bool busy = !list_empty(&batch);
    take_batch(worker, &batch);
    maintain(worker, now_ms, busy);
    const struct engine_ops *ops = worker->engine->ops;
    bool due = ops->checkpoint_due && ops->checkpoint_due(worker->engine);
    pthread_mutex_lock(&worker->lock);
    worker->checkpoint_due = worker->checkpoint_due || due;
    if (due)
        pthread_cond_signal(&worker->asked);
}

static void *writer_main(void *arg)
{
    struct worker *worker = arg;
    pthread_mutex_lock(&worker->lock);
    while (!worker->stopping) {
        if (writer_has_work(worker))
            writer_turn(worker);
        else
            writer_wait(worker);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

/* Called with the lock, which is given up for the work. */
static void answer_first(struct worker *worker)
{
    struct list done;
    list_init(&done);
    struct job *job = job_of(list_first(&worker->asks));
    list_remove(&job->in_line);
    pthread_mutex_unlock(&worker->lock);
    worker->engine->ops->answer(worker->engine, job);
    list_add_tail(&done, &job->in_line);
    publish(worker, &done, false);
    pthread_mutex_lock(&worker->lock);
}

/* Called with the lock, which is given up for the work. */
static void checkpoint(struct worker *worker)
{
    worker->checkpoint_due = false;
    pthread_mutex_unlock(&worker->lock);
    worker->engine->ops->checkpoint(worker->engine);
    pthread_mutex_lock(&worker->lock);
}

static void *reader_main(void *arg)
{
    struct worker *worker = arg;
    pthread_mutex_lock(&worker->lock);
    unsigned answered = 0; /* while a checkpoint is due */
    while (!worker->stopping) {
        if (worker->checkpoint_due && (list_empty(&worker->asks) || answered >= ANSWERS_FIRST)) {
            checkpoint(worker);
            answered = 0;
        } else if (!list_empty(&worker->asks)) {
            answered += worker->checkpoint_due;
            answer_first(worker);
        } else {
            pthread_cond_wait(&worker->asked, &worker->lock);
        }
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

static bool engine_ready(const struct engine *engine)
{
    return engine->ops->ready == NULL || engine->ops->ready(engine);
}

void worker_run(struct worker *worker)
{
    assert(worker->in_poll);
    pthread_mutex_lock(&worker->lock);
    do {
        if (engine_ready(worker->engine))
            writer_turn(worker);
    } while (!list_empty(&worker->waiting_searches));
    while (!list_empty(&worker->asks))
        answer_first(worker);
    if (worker->checkpoint_due)
        checkpoint(worker);
    pthread_mutex_unlock(&worker->lock);
}

void worker_commit(struct worker *worker, struct list *jobs)
{
    pthread_mutex_lock(&worker->lock);
    list_move_all(&worker->committed, jobs);
    pthread_cond_signal(&worker->written_to);
    pthread_mutex_unlock(&worker->lock);
}

void worker_ask(struct worker *worker, struct job *job)
{
    bool search = job->type == JOB_SEARCH;
    pthread_mutex_lock(&worker->lock);
    list_add_tail(search ? &worker->searches : &worker->asks, &job->in_line);
    pthread_cond_signal(search ? &worker->written_to : &worker->asked);
    pthread_mutex_unlock(&worker->lock);
}

void worker_keep(struct worker *worker, struct keep *keep)
{
    pthread_mutex_lock(&worker->lock);
    keep_free(worker->keep);
    worker->keep = keep;
    pthread_cond_signal(&worker->written_to);
    pthread_mutex_unlock(&worker->lock);
}

void worker_tick(struct worker *worker, int64_t now_ms)
{
    pthread_mutex_lock(&worker->lock);
    worker->now_ms = now_ms;
    worker->ticked = true;
    pthread_cond_signal(&worker->written_to);
    pthread_mutex_unlock(&worker->lock);
}

void worker_take_done(struct worker *worker, struct list *done)
{
    pthread_mutex_lock(&worker->lock);
    list_move_all(done, &worker->done);
    pthread_mutex_unlock(&worker->lock);
}

static void init_queues(struct worker *worker)
{
    list_init(&worker->committed);
    list_init(&worker->searches);
    list_init(&worker->asks);
    list_init(&worker->done);
    list_init(&worker->held);
    list_init(&worker->waiting_searches);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->written_to, &monotonic);
    pthread_cond_init(&worker->asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void stop_threads(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_cond_signal(&worker->written_to);
    pthread_cond_signal(&worker->asked);
    pthread_mutex_unlock(&worker->lock);
    if (worker->has_writer)
        pthread_join(worker->writer, NULL);
    if (worker->has_reader)
        pthread_join(worker->reader, NULL);
}

bool worker_init(struct worker *worker, struct engine *engine, bool in_poll,
                 const struct store_listener *listener)
{
    *worker = (struct worker){
        .engine = engine, .in_poll = in_poll, .wake = listener->wake, .wake_ctx = listener->ctx};
    init_queues(worker);
    add_news(worker, &worker->done, STORE_UP, NULL);
    plan_maintenance(worker);
    if (in_poll)
        return true;
    worker->has_writer = pthread_create(&worker->writer, NULL, writer_main, worker) == 0;
    worker->has_reader = pthread_create(&worker->reader, NULL, reader_main, worker) == 0;
    if (worker->has_writer && worker->has_reader)
        return true;
    worker_release(worker);
    return false;
}

void worker_release(struct worker *worker)
{
    stop_threads(worker);
    worker->wake = NULL;
    if (!list_empty(&worker->committed) || !list_empty(&worker->held))
        write_batch(worker, &worker->committed);
    job_free_all(&worker->committed);
    job_free_all(&worker->held);
    job_free_all(&worker->searches);
    job_free_all(&worker->waiting_searches);
    job_free_all(&worker->asks);
    job_free_all(&worker->done);
    keep_free(worker->keep);
    pthread_cond_destroy(&worker->asked);
    pthread_cond_destroy(&worker->written_to);
    pthread_mutex_destroy(&worker->lock);
}
