#include "client/term/notify.h"

#include <string.h>

#include "common/text.h"

static const char end_of_string[] = "\033\\";

/* No control byte can end the sequence early; what would part its fields becomes a comma. */
static void add_harmless(struct str *out, const char *text)
{
    size_t from = out->len;
    text_harmless(out, text, strlen(text));
    for (char *at = out->data + from; at < out->data + out->len; at++)
        if (*at == ';')
            *at = ',';
}

static void add_plain(struct str *out, enum notify_form form, const char *title, const char *text)
{
    if (form == NOTIFY_FORM_NONE)
        return;
    if (form == NOTIFY_FORM_OSC9)
        str_adds(out, "\033]9;");
    else if (form == NOTIFY_FORM_OSC777)
        str_adds(out, "\033]777;notify;");
    else
        str_adds(out, "\033]99;i=snug:d=0;");
    add_harmless(out, title);
    if (form == NOTIFY_FORM_OSC9)
        str_adds(out, ": ");
    else if (form == NOTIFY_FORM_OSC777)
        str_addc(out, ';');
    else
        str_addf(out, "%s\033]99;i=snug:p=body;", end_of_string);
    add_harmless(out, text);
    str_adds(out, end_of_string);
}

void notify_add(struct str *out, enum notify_form form, bool through_tmux, const char *title,
                const char *text)
{
    struct str plain;
    str_init(&plain, NOTIFY_MAX_BYTES / 2);
    add_plain(&plain, form, title, text);
    /* Cut off in the middle it would swallow what comes behind. */
    if (plain.len > 0 && !plain.overflow && !through_tmux)
        str_add(out, plain.data, plain.len);
    if (plain.len > 0 && !plain.overflow && through_tmux) {
        str_adds(out, "\033Ptmux;");
        for (size_t i = 0; i < plain.len; i++)
            str_addf(out, "%s%c", plain.data[i] == '\033' ? "\033" : "", plain.data[i]);
        str_adds(out, end_of_string);
    }
    str_release(&plain);
}
