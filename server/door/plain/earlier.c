#include "server/door/plain/earlier.h"

#include "server/door/plain/refusal.h"

/* What the lines were asked for. */
enum token {
    ON_ARRIVAL, /* nothing is said where there is nothing */
    ON_REQUEST,
};

static void refuse(struct plain_client *client, enum refusal refusal, const char *target)
{
    plain_refuse(client, &(struct note){.refusal = refusal, .target = target});
}

static void ask(struct plain_client *client, const struct reading *reading, enum token token)
{
    enum refusal refusal = gate_read(client->gate, client->session, reading, token);
    if (refusal != REFUSED_NOTHING)
        refuse(client, refusal, reading->target);
}

void plain_earlier_on_arrival(struct plain_client *client, const struct event *join)
{
    if (client->door->config.earlier_lines == 0)
        return;
    const struct reading reading = {
        .target = join->target,
        .span = READING_BEFORE,
        .from.position = join->position,
        .limit = client->door->config.earlier_lines,
        .speech_only = true,
    };
    ask(client, &reading, ON_ARRIVAL);
}

void plain_earlier_last(struct plain_client *client, const char *target, size_t lines)
{
    const struct reading reading = {
        .target = target,
        .span = READING_LATEST,
        .limit = lines,
        .speech_only = true,
    };
    ask(client, &reading, ON_REQUEST);
}

/* Private lines go to you, or to whom they went to. */
static const char *addressee(const struct plain_client *client, const struct event *event)
{
    const struct session *holder = hub_find_nick(gate_hub(client->gate), event->target);
    return holder && session_id(holder) == client->session ? "you" : event->target;
}

void plain_earlier_page(struct plain_client *client, const struct door_page *page)
{
    if (page->refusal != REFUSED_NOTHING) {
        refuse(client, page->refusal, page->target);
        return;
    }
    struct str *out = &client->door->out;
    size_t shown = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct event *event = &page->events[i];
        str_reset(out);
        plain_format_earlier(&client->door->form, event, addressee(client, event),
                             gate_now(client->gate), out);
        gate_write(client->gate, client->session, out->data, out->len);
        shown += out->len > 0;
    }
    if (shown == 0 && page->token == ON_REQUEST)
        plain_say(client, "Nothing was said in %s.", page->target ? page->target : "there");
}
