#include "server/store/job.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"

struct job *job_new(enum job_type type, uint64_t token)
{
    struct job *job = xcalloc(1, sizeof *job);
    list_init(&job->in_line);
    job->type = type;
    job->token = token;
    job->bytes = sizeof *job;
    if (type == JOB_READ)
        list_init(&job->u.read.page.entries);
    if (type == JOB_SEARCH)
        list_init(&job->u.search.page.entries);
    return job;
}

static void page_release(struct page *page)
{
    LIST_FOR(link, &page->entries)
    free(list_entry(link, struct entry, in_line));
}

static void read_release(struct job_read *read)
{
    free((char *)read->query.log);
    free((char *)read->query.from.id);
    free((char *)read->query.to.id);
    page_release(&read->page);
}

static void search_release(struct job_search *search)
{
    for (size_t i = 0; i < search->log_count; i++)
        free(search->logs[i]);
    free(search->logs);
    free(search->words);
    free(search->nick);
    page_release(&search->page);
}

static void targets_release(struct job_targets *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        free((char *)targets->found[i].log);
    free(targets->found);
    free(targets->nick);
}

static void claim_release(struct job_claim *claim)
{
    free(claim->name);
    free(claim->owner);
    free(claim->owner_now);
}

void job_free(struct job *job)
{
    assert(list_empty(&job->in_line));
    switch (job->type) {
    case JOB_APPEND:
        free(job->u.append.entry);
        free(job->u.append.first);
        break;
    case JOB_PUT:
        free(job->u.put.key);
        free(job->u.put.value);
        break;
    case JOB_CLAIM:
    case JOB_RELEASE:
        claim_release(&job->u.claim);
        break;
    case JOB_READ:
        read_release(&job->u.read);
        break;
    case JOB_SEARCH:
        search_release(&job->u.search);
        break;
    case JOB_TARGETS:
        targets_release(&job->u.targets);
        break;
    case JOB_STATE:
        free(job->u.state.reason);
        break;
    }
    free(job);
}

void job_free_all(struct list *jobs)
{
    LIST_FOR(link, jobs)
    {
        list_remove(link);
        job_free(job_of(link));
    }
}

bool job_refusable(const struct job *job)
{
    switch (job->type) {
    case JOB_APPEND:
        return entry_refusable(&job->u.append.entry->event);
    case JOB_PUT:
        return false;
    default:
        return true;
    }
}

void page_add(struct page *page, struct entry *entry, bool in_front)
{
    if (in_front)
        list_add_head(&page->entries, &entry->in_line);
    else
        list_add_tail(&page->entries, &entry->in_line);
    page->count++;
    page->bytes += entry->bytes;
}

bool page_full(const struct page *page, size_t limit)
{
    return page->count >= limit || (page->count > 0 && page->bytes >= PAGE_MAX_BYTES);
}
