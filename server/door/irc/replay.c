/* What was said before one came, for clients that cannot ask for it. What tells it from what is said
 * now is its time: a tag, or, for clients without, words in front. */
#include <stdio.h>
#include <time.h>

#include "common/str.h"
#include "server/door/irc/asked.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/event.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    TIME_BYTES = 32,
};

void irc_replay_ask(struct irc_client *client, const char *room)
{
    const struct reading reading = {
        .target = room,
        .span = READING_LATEST,
        .limit = client->door->replay,
        .speech_only = true,
    };
    if (reading.limit == 0 || irc_has(client, CAP_CHATHISTORY))
        return;
    /* Nobody asked for it, so nobody is told when it cannot be had. */
    (void)gate_read(client->gate, client->session, &reading, irc_asked_token(ASKED_REPLAY, 0));
}

/* "[09:41]", in UTC, and the day before that if it was not today. */
static void write_time(char text[TIME_BYTES], int64_t time_ms, int64_t now_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    bool today = now_ms - time_ms < DAY_MS;
    strftime(text, TIME_BYTES, today ? "[%H:%M] " : "[%Y-%m-%d %H:%M] ", &parts);
}

static void write_line(struct irc_client *client, const struct event *event)
{
    struct event past = *event;
    struct str text;
    str_init(&text, IRC_OUT_BYTES);
    if (!irc_has(client, CAP_SERVER_TIME)) {
        char time[TIME_BYTES];
        write_time(time, event->time_ms, gate_now(client->gate));
        str_adds(&text, time);
        str_adds(&text, event->text);
        past.text = text.data;
        past.joints = NULL; /* they count the text's bytes */
    }
    irc_event_write(client, &past);
    str_release(&text);
}

/* Programs have asked each other enough, and reactions to what was not shown say nothing. */
static bool is_shown(const struct event *event)
{
    return !event->redacted && event->text &&
           (event->speech == SPEECH_TEXT || event->speech == SPEECH_NOTICE ||
            event->speech == SPEECH_ACTION);
}

void irc_replay_page(struct irc_client *client, const struct door_page *page)
{
    if (page->count == 0)
        return;
    irc_response_batch_begin(client, "chathistory", page->target);
    for (size_t i = 0; i < page->count; i++) {
        if (is_shown(&page->events[i]))
            write_line(client, &page->events[i]);
    }
    irc_response_batch_end(client);
}
