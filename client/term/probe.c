#include "client/term/probe.h"


#include "common/text.h"

enum {
    JOINING_MODE = 2027,
    ASKED_ROW = 1, /* a report from the first row could be F3 */
    OUR_CELLS = 2,
};

const char probe_leave[] = "\033[?2027l";

static const char *const samples[WIDTH_KINDS] = {
    [WIDTH_JOINED] = "👩‍👩‍👧",
    [WIDTH_FLAG] = "🇯🇵",
    [WIDTH_SKIN] = "👋🏽",
    [WIDTH_STYLED] = "❤️",
    [WIDTH_KEYCAP] = "1️⃣",
    [WIDTH_JAMO] = "\u1112\u1161\u11ab",
};

static void ask_widths(const struct caps *caps, struct str *out)
{
    for (size_t kind = 0; kind < WIDTH_KINDS; kind++) {
        caps_move(caps, out, ASKED_ROW, 0);
        str_adds(out, samples[kind]);
        str_adds(out, "\033[6n");
    }
    caps_move(caps, out, ASKED_ROW, 0);
    str_adds(out, caps->clear_to_eol ? caps->clear_to_eol : "");
    str_adds(out, "\033[c"); /* whoever answers at all answers this: the end of the answers */
}

void probe_ask(const struct caps *caps, struct str *out)
{
    if (!caps->answers)
        return;
    str_adds(out, "\033]11;?\033\\\033[?2027$p");
    ask_widths(caps, out);
}

static bool hear_end(struct probe *probe)
{
    bool whole = probe->n_heard == WIDTH_KINDS;
    probe->n_heard = 0;
    if (!whole)
        return false;
    probe->widths = probe->heard;
    probe->widths.known = true;
    return true;
}

bool probe_hear(struct probe *probe, const struct caps *caps, const struct reply *reply,
                struct str *out)
{
    switch (reply->kind) {
    case REPLY_CURSOR:
        if (reply->row == ASKED_ROW && probe->n_heard < WIDTH_KINDS)
            probe->heard.cells[probe->n_heard++] =
                (uint8_t)(reply->col < UINT8_MAX ? reply->col : UINT8_MAX);
        return false;
    case REPLY_ATTRIBUTES:
        return hear_end(probe);
    case REPLY_BACKGROUND:
        probe->background_known = true;
        probe->background = reply->rgb;
        return true;
    case REPLY_MODE:
        if (reply->mode != JOINING_MODE || reply->state != 2 || probe->joins_on_request)
            return false;
        probe->joins_on_request = true;
        str_adds(out, "\033[?2027h");
        ask_widths(caps, out);
        return true; /* what was asked again is to be painted over */
    case REPLY_NONE:
        break;
    }
    return false;
}

enum width_kind width_kind_of(const char *text, size_t len)
{
    enum width_kind kind = WIDTH_OTHER;
    for (size_t at = 0; at < len;) {
        int32_t code;
        at += text_decode(text + at, len - at, &code);
        if (code == 0x200d)
            return WIDTH_JOINED;
        if (code == 0x20e3)
            return WIDTH_KEYCAP;
        if (code >= 0x1f3fb && code <= 0x1f3ff)
            kind = WIDTH_SKIN;
        else if (code >= 0x1f1e6 && code <= 0x1f1ff)
            kind = WIDTH_FLAG;
        else if (code == 0xfe0f && kind == WIDTH_OTHER)
            kind = WIDTH_STYLED;
        else if (code >= 0x1100 && code <= 0x11ff)
            kind = WIDTH_JAMO;
    }
    return kind;
}

bool widths_agree(const struct widths *widths, const char *text, size_t len)
{
    enum width_kind kind = widths->known ? width_kind_of(text, len) : WIDTH_OTHER;
    return kind != WIDTH_OTHER && widths->cells[kind] == OUR_CELLS;
}
