/* What was typed is drawn alone, and makes the screen the same as drawing all of it would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "client/fullscreen/paint.h"
#include "client/model/traffic.h"
#include "client/view/view.h"
#include "tests/press.h"

enum { ROWS = 12, COLS = 60 };

static const int64_t noon_ms = (int64_t)12 * 3600 * 1000;

struct desk {
    struct caps caps;
    struct terminal terminal;
    struct paint paint;
    struct model *model;
    struct str out;
};

static void desk_init(struct desk *desk)
{
    const struct caps_env env = {.term = "xterm-256color"};
    struct str error;
    str_init(&error, 1000);
    assert_true(caps_load(&desk->caps, &env, &error));
    str_release(&error);
    desk->terminal = (struct terminal){.caps = &desk->caps};
    paint_init(&desk->paint, &desk->terminal);
    desk->model = model_new("lab", "ada", &view_measure);
    str_init(&desk->out, 1 << 20);
    traffic_online(desk->model, noon_ms, true);
    traffic_joined(desk->model, traffic_buffer(desk->model, BUFFER_ROOM, "#tea"), true);
}

static void desk_release(struct desk *desk)
{
    paint_release(&desk->paint);
    caps_release(&desk->caps);
    model_free(desk->model);
    str_release(&desk->out);
}

static void press(struct desk *desk, const char *name)
{
    struct key key;
    press_read(name, &key);
    model_key(desk->model, noon_ms, &key);
}

static void hear(struct desk *desk, const char *text)
{
    const struct heard heard = {.kind = LINE_TALK, .nick = "bob", .text = text, .time_ms = noon_ms};
    traffic_hear(desk->model, desk->model->current, &heard);
}

static const char *draw_all(struct desk *desk)
{
    str_reset(&desk->out);
    paint_all(&desk->paint, desk->model, ROWS, COLS, noon_ms, &desk->out);
    return desk->out.data;
}

/* NULL: it cannot be drawn alone. */
static const char *draw_typing(struct desk *desk)
{
    str_reset(&desk->out);
    return paint_typing(&desk->paint, desk->model, noon_ms, &desk->out) ? desk->out.data : NULL;
}

static void test_a_key_is_a_byte(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk);
    press(&desk, "h");
    assert_null(draw_typing(&desk)); /* nothing is shown yet that could stay */
    draw_all(&desk);
    press(&desk, "i");
    assert_string_equal(draw_typing(&desk), "i");
    assert_string_equal(draw_all(&desk), "");
    desk_release(&desk);
}

static void test_what_arrived_waits(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk);
    draw_all(&desk);
    hear(&desk, "the first");
    draw_all(&desk);
    for (int i = 0; i < 3; i++) {
        hear(&desk, "one more");
        press(&desk, "x");
        assert_string_equal(draw_typing(&desk), "x");
    }
    const char *all = draw_all(&desk);
    assert_non_null(strstr(all, "one more"));
    assert_null(strstr(all, "xxx"));
    assert_string_equal(draw_all(&desk), "");
    desk_release(&desk);
}

/* A draft that grows by a row moves all else; a long cluster lies where no other grid finds it. */
static void test_what_cannot_stay(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk);
    draw_all(&desk);
    for (int i = 0; i < COLS; i++) {
        press(&desk, "x");
        if (!draw_typing(&desk))
            draw_all(&desk);
    }
    assert_int_equal(desk.paint.screen.shown.mark.end, ROWS - 3);
    assert_string_equal(draw_all(&desk), "");
    press(&desk, "👩‍👩‍👧‍👦");
    assert_null(draw_typing(&desk));
    assert_non_null(strstr(draw_all(&desk), "👩‍👩‍👧‍👦"));
    paint_forget(&desk.paint);
    press(&desk, "x");
    assert_null(draw_typing(&desk));
    desk_release(&desk);
}

/* Whatever is typed and arrives, in any order, drawing all of it finds nothing else to change. */
static void test_any_order(void **state)
{
    (void)state;
    static const char *const keys[] = {"a",        " ",           "é",          "字",
                                       "👍🏽", "<Backspace>", "<Backspace>"};
    struct desk desk, other;
    desk_init(&desk);
    desk_init(&other);
    srand(1);
    draw_all(&desk);
    size_t alone = 0;
    for (int i = 0; i < 3000; i++) {
        if (rand() % 3 == 0) {
            hear(&desk, "hello");
            hear(&other, "hello");
        }
        const char *key = keys[(size_t)rand() % (sizeof(keys) / sizeof(keys[0]))];
        press(&desk, key);
        press(&other, key);
        if (draw_typing(&desk))
            alone++;
        else
            draw_all(&desk);
        if (rand() % 4 == 0)
            draw_all(&desk);
    }
    assert_true(alone > 1500);
    draw_all(&desk);
    draw_all(&other);
    for (int row = 0; row < ROWS; row++) {
        for (int col = 0; col < COLS; col++) {
            const struct grid *a = &desk.paint.screen.shown, *b = &other.paint.screen.shown;
            assert_true(grid_cell_same(a, grid_cell(a, row, col), b, grid_cell(b, row, col)));
        }
    }
    desk_release(&desk);
    desk_release(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_is_a_byte),
        cmocka_unit_test(test_what_arrived_waits),
        cmocka_unit_test(test_what_cannot_stay),
        cmocka_unit_test(test_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
