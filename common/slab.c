/* Things of one size in pages. See slab.h. */
#include "common/slab.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BY_ONE
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ONE_BY_ONE
#endif

void slab_init(struct slab *slab, size_t item_bytes)
{
    assert(item_bytes <= SLAB_ITEM_MAX_BYTES);
    *slab = (struct slab){.item_bytes = (item_bytes + 7) & ~(size_t)7};
    list_init(&slab->roomy);
}

#ifdef ONE_BY_ONE

void *slab_new(struct slab *slab)
{
    return xcalloc(1, slab->item_bytes);
}

void slab_free(void *item)
{
    free(item);
}

#else

enum {
    PAGE_BYTES = 16 * 1024,
    /* So that with what the allocator keeps in front of each block, pages lie side by side. */
    BLOCK_BYTES = PAGE_BYTES - 16,
};

/* What lies at the beginning of a page. */
struct page {
    struct list link; /* in slab.roomy, or in none */
    struct slab *slab;
    void **free;   /* given back: each points to the next */
    uint16_t used; /* things that are not given back */
    uint16_t made; /* and those that ever were */
    void *items[];
};

static size_t page_holds(const struct slab *slab)
{
    return (BLOCK_BYTES - offsetof(struct page, items)) / slab->item_bytes;
}

static struct page *open_page(struct slab *slab)
{
    struct page *page = xaligned(PAGE_BYTES, BLOCK_BYTES);
    *page = (struct page){.slab = slab};
    list_init(&page->link);
    list_add_tail(&slab->roomy, &page->link);
    slab->pages++;
    return page;
}

void *slab_new(struct slab *slab)
{
    struct page *page = list_empty(&slab->roomy)
                            ? open_page(slab)
                            : list_entry(list_first(&slab->roomy), struct page, link);
    void *item = page->free;
    if (item)
        page->free = *page->free;
    else
        item = (char *)page->items + page->made++ * slab->item_bytes;
    page->used++;
    if (!page->free && page->made == page_holds(slab))
        list_remove(&page->link);
    return memset(item, 0, slab->item_bytes);
}

void slab_free(void *item)
{
    if (!item)
        return;
    struct page *page = (struct page *)((uintptr_t)item & ~(uintptr_t)(PAGE_BYTES - 1));
    assert(page->used > 0);
    if (--page->used == 0) {
        list_remove(&page->link);
        page->slab->pages--;
        free(page);
        return;
    }
    if (!page->free && page->made == page_holds(page->slab))
        list_add_tail(&page->slab->roomy, &page->link);
    *(void **)item = page->free;
    page->free = item;
}

#endif
