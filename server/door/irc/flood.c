#include "server/door/irc/flood.h"

#include "server/door/irc/client.h"

void irc_flood_note(struct irc_client *client, enum irc_flood_kind kind)
{
    static const char *const words[] = {
        [IRC_FLOOD_NICK] = "it changes its nick all the time",
        [IRC_FLOOD_JOIN] = "it joins rooms all the time",
    };
    struct irc_flood *flood = &client->flood;
    uint32_t now_s = (uint32_t)(gate_now(client->gate) / 1000);
    if (now_s - flood->since_s >= IRC_FLOOD_S)
        *flood = (struct irc_flood){.since_s = now_s};
    if (++flood->counts[kind] < IRC_FLOOD_COUNT)
        return;
    flood->counts[kind] = 0;
    gate_log(client->gate, client->session, words[kind]);
}
