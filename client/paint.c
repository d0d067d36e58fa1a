#include "client/paint.h"

#include "client/view/view.h"

void paint_init(struct paint *paint, const struct caps *caps, bool is_linear)
{
    *paint = (struct paint){.caps = caps, .is_linear = is_linear};
    paint->theme = caps->colours == COLOURS_NONE ? &theme_mono : &theme_default;
    linear_init(&paint->linear, caps->clear_to_eol);
    screen_init(&paint->screen, caps);
    grid_init(&paint->grid);
}

void paint_release(struct paint *paint)
{
    linear_release(&paint->linear);
    screen_release(&paint->screen);
    grid_release(&paint->grid);
}

void paint_forget(struct paint *paint)
{
    if (!paint->is_linear)
        screen_forget(&paint->screen);
}

void paint_restart(struct paint *paint)
{
    paint_forget(paint);
    linear_forget(&paint->linear);
    paint->mouse_reports = false;
}

/* The user may have set it otherwise. */
static void tell_mouse(struct paint *paint, const struct model *model, struct str *out)
{
    if (paint->is_linear || paint->mouse_reports == model->settings.mouse)
        return;
    paint->mouse_reports = model->settings.mouse;
    caps_mouse(paint->caps, out, paint->mouse_reports);
}

void paint_all(struct paint *paint, const struct model *model, int rows, int cols, int64_t now_ms,
               struct str *out)
{
    tell_mouse(paint, model, out);
    if (paint->is_linear) {
        linear_draw(&paint->linear, model, cols, now_ms, out);
        return;
    }
    view_draw(model, paint->theme, rows, cols, now_ms, &paint->grid);
    screen_draw(&paint->screen, &paint->grid, out);
}

bool paint_typing(struct paint *paint, const struct model *model, int64_t now_ms, struct str *out)
{
    if (paint->is_linear ||
        !view_draw_typing(model, paint->theme, now_ms, &paint->screen.shown, &paint->grid))
        return false;
    screen_draw(&paint->screen, &paint->grid, out);
    return true;
}

int64_t paint_next_ms(const struct paint *paint, const struct model *model, int64_t now_ms)
{
    return paint->is_linear ? linear_next_ms(&paint->linear, now_ms) : view_next_ms(model, now_ms);
}
