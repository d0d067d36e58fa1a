/* The intrusive list: order, removal while walking, links that are in no list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/list.h"

struct item {
    int number;
    struct list link;
};

static void assert_numbers(const struct list *head, const int *numbers, size_t n)
{
    size_t i = 0;
    LIST_FOR(link, head)
    {
        assert_true(i < n);
        assert_int_equal(list_entry(link, struct item, link)->number, numbers[i++]);
    }
    assert_int_equal(i, n);
}

static void keeps_order(void **state)
{
    (void)state;
    struct list head;
    struct item items[4] = {{.number = 0}, {.number = 1}, {.number = 2}, {.number = 3}};
    list_init(&head);
    assert_true(list_empty(&head));
    assert_null(list_first(&head));
    list_add_tail(&head, &items[1].link);
    list_add_tail(&head, &items[2].link);
    list_add_head(&head, &items[0].link);
    list_add_after(&items[1].link, &items[3].link);
    assert_numbers(&head, (int[]){0, 1, 3, 2}, 4);
    assert_ptr_equal(list_first(&head), &items[0].link);
}

static void items_leave_during_a_walk(void **state)
{
    (void)state;
    struct list head;
    struct item items[5];
    list_init(&head);
    for (int i = 0; i < 5; i++) {
        items[i].number = i;
        list_add_tail(&head, &items[i].link);
    }
    LIST_FOR(link, &head)
    {
        if (list_entry(link, struct item, link)->number % 2 == 0)
            list_remove(link);
    }
    assert_numbers(&head, (int[]){1, 3}, 2);
    LIST_FOR(link, &head)
    list_remove(link);
    assert_true(list_empty(&head));
}

static void removing_twice_does_nothing(void **state)
{
    (void)state;
    struct list head;
    struct item a = {.number = 1}, b = {.number = 2};
    list_init(&head);
    list_init(&b.link);
    list_remove(&b.link);
    list_add_tail(&head, &a.link);
    list_add_tail(&head, &b.link);
    list_remove(&a.link);
    list_remove(&a.link);
    assert_true(list_empty(&a.link));
    assert_numbers(&head, (int[]){2}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order),
        cmocka_unit_test(items_leave_during_a_walk),
        cmocka_unit_test(removing_twice_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
