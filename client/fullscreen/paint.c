#include "client/fullscreen/paint.h"

#include "client/view/view.h"

enum { STYLE_ERROR_MAX_BYTES = 400 };

/* What the user says goes before what the terminal says, and that before the environment. */
static void make_theme(struct paint *paint)
{
    enum colour_depth depth = paint->caps->colours;
    enum palette palette = depth == COLOURS_NONE ? PALETTE_NONE
                           : depth < COLOURS_256 ? PALETTE_FEW
                                                 : PALETTE_MANY;
    enum ground ground = paint->background == BACKGROUND_DARK    ? GROUND_DARK
                         : paint->background == BACKGROUND_LIGHT ? GROUND_LIGHT
                         : paint->probe.background_known ? theme_ground(paint->probe.background)
                                                         : paint->told;
    struct str error;
    str_init(&error, STYLE_ERROR_MAX_BYTES);
    theme_make(&paint->theme, palette, ground);
    for (size_t i = 0; paint->styles && i < paint->styles->len; i++)
        theme_style(&paint->theme, paint->styles->items[i], &error);
    str_release(&error);
}

void paint_init(struct paint *paint, const struct terminal *terminal)
{
    const struct caps *caps = terminal->caps;
    *paint = (struct paint){
        .caps = caps,
        .is_linear = terminal->is_linear,
        .told = terminal->ground,
        .styles = terminal->styles,
    };
    make_theme(paint);
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
    paint->asked = false;
    paint->probe.joins_on_request = false;
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
    if (!paint->asked)
        probe_ask(paint->caps, out);
    paint->asked = true;
    if (paint->background != model->settings.background) {
        paint->background = model->settings.background;
        make_theme(paint);
    }
    view_draw(model, &paint->theme, rows, cols, now_ms, &paint->grid);
    screen_draw(&paint->screen, &paint->grid, out);
}

bool paint_typing(struct paint *paint, const struct model *model, int64_t now_ms, struct str *out)
{
    if (paint->is_linear || !paint->screen.known ||
        !view_draw_typing(model, &paint->theme, now_ms, &paint->screen.shown, &paint->grid))
        return false;
    screen_draw_rest(&paint->screen, &paint->grid, out);
    return true;
}

bool paint_hear(struct paint *paint, const struct reply *reply, struct str *out)
{
    if (paint->is_linear || !probe_hear(&paint->probe, paint->caps, reply, out))
        return false;
    make_theme(paint);
    screen_widths(&paint->screen, &paint->probe.widths);
    return true;
}

int64_t paint_next_ms(const struct paint *paint, const struct model *model, int64_t now_ms)
{
    return paint->is_linear ? linear_next_ms(&paint->linear, now_ms) : view_next_ms(model, now_ms);
}
