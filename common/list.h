/*
 * An intrusive doubly linked list: the links live in the items, so nothing is allocated.
 *
 * A `struct list` is either a list's head or an item's link. A head is a ring of at least itself;
 * a link that is in no list points to itself too, so removing it twice does nothing.
 * The list owns no item.
 */
#ifndef SNUG_COMMON_LIST_H
#define SNUG_COMMON_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *prev, *next;
};

/* The item whose member `member` is the link `link`. */
#define list_entry(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Walks the links of `head`; the current link may be removed from the list within the body. */
#define LIST_FOR(link, head)                                                                       \
    for (struct list *link = (head)->next, *link##_next = link->next; link != (head);              \
         link = link##_next, link##_next = link->next)

/* Makes an empty list of a head, or a link that is in no list. */
static inline void list_init(struct list *list)
{
    list->prev = list->next = list;
}

/* Says whether the list has no item (or the link is in no list). */
static inline bool list_empty(const struct list *list)
{
    return list->next == list;
}

/* Puts `link`, which must be in no list, behind `where` (the head: at the front). */
static inline void list_add_after(struct list *where, struct list *link)
{
    link->prev = where;
    link->next = where->next;
    where->next->prev = link;
    where->next = link;
}

/* Puts `link`, which must be in no list, at the front. */
static inline void list_add_head(struct list *head, struct list *link)
{
    list_add_after(head, link);
}

/* Puts `link`, which must be in no list, at the end. */
static inline void list_add_tail(struct list *head, struct list *link)
{
    list_add_after(head->prev, link);
}

/* Takes `link` out of its list, if it is in one. */
static inline void list_remove(struct list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* Returns the first link, or NULL when the list is empty. */
static inline struct list *list_first(const struct list *head)
{
    return list_empty(head) ? NULL : head->next;
}

/* Moves all links of the head `from` to the end of the head `to`, in their order. */
static inline void list_move_all(struct list *to, struct list *from)
{
    if (list_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

#endif
