/* Capability negotiation: IRCv3 "Capability Negotiation" in version 302. */
#include "server/door/irc/caps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/door/irc/form.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/registration.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/sasl.h"

enum { CAP_VALUE_BYTES = 64 };

struct cap {
    const char *name;
    unsigned bit;
    /* What is shown after '=' to clients of version 302; NULL: nothing. */
    void (*write)(const struct irc_client *client, char value[CAP_VALUE_BYTES]);
};

static void multiline(const struct irc_client *client, char value[CAP_VALUE_BYTES])
{
    snprintf(value, CAP_VALUE_BYTES, "max-bytes=%zu,max-lines=%d",
             hub_limits(gate_hub(client->gate))->max_multiline_bytes, IRC_MULTILINE_LINES);
}

static void sasl(const struct irc_client *client, char value[CAP_VALUE_BYTES])
{
    irc_sasl_mechanisms(client, value);
}

static void account_registration(const struct irc_client *client, char value[CAP_VALUE_BYTES])
{
    const struct irc_door *door = client->door;
    bool before = door->registration == IRC_REGISTER_ANYTIME;
    snprintf(value, CAP_VALUE_BYTES, "%s%s%s", before ? "before-connect" : "",
             before && door->register_email ? "," : "",
             door->register_email ? "email-required" : "");
}

static void metadata(const struct irc_client *client, char value[CAP_VALUE_BYTES])
{
    const struct hub_config *limits = hub_limits(gate_hub(client->gate));
    snprintf(value, CAP_VALUE_BYTES, "before-connect,max-subs=%d,max-keys=%zu,max-value-bytes=%zu",
             IRC_METADATA_SUBS, limits->max_traits, limits->max_trait_bytes);
}

static const struct cap caps[] = {
    {"account-notify", CAP_ACCOUNT_NOTIFY, NULL},
    {"account-tag", CAP_ACCOUNT_TAG, NULL},
    {"away-notify", CAP_AWAY_NOTIFY, NULL},
    {"batch", CAP_BATCH, NULL},
    {"cap-notify", CAP_NOTIFY, NULL},
    {"chghost", CAP_CHGHOST, NULL},
    {"draft/account-registration", CAP_ACCOUNT_REGISTRATION, account_registration},
    {"draft/channel-rename", CAP_CHANNEL_RENAME, NULL},
    {"draft/chathistory", CAP_CHATHISTORY, NULL},
    {"draft/event-playback", CAP_EVENT_PLAYBACK, NULL},
    {"draft/extended-isupport", CAP_EXTENDED_ISUPPORT, NULL},
    {"draft/message-redaction", CAP_REDACTION, NULL},
    {"draft/metadata-2", CAP_METADATA_2, metadata},
    {"draft/metadata-3", CAP_METADATA_3, metadata},
    {"draft/multiline", CAP_MULTILINE, multiline},
    {"draft/no-implicit-names", CAP_NO_IMPLICIT_NAMES, NULL},
    {"draft/pre-away", CAP_PRE_AWAY, NULL},
    {"draft/read-marker", CAP_READ_MARKER, NULL},
    {"echo-message", CAP_ECHO_MESSAGE, NULL},
    {"extended-join", CAP_EXTENDED_JOIN, NULL},
    {"extended-monitor", CAP_EXTENDED_MONITOR, NULL},
    {"invite-notify", CAP_INVITE_NOTIFY, NULL},
    {"labeled-response", CAP_LABELED_RESPONSE, NULL},
    {"message-tags", CAP_MESSAGE_TAGS, NULL},
    {"multi-prefix", CAP_MULTI_PREFIX, NULL},
    {"sasl", CAP_SASL, sasl},
    {"server-time", CAP_SERVER_TIME, NULL},
    {"setname", CAP_SETNAME, NULL},
    {"soju.im/search", CAP_SEARCH, NULL},
    {"standard-replies", CAP_STANDARD_REPLIES, NULL},
    {"userhost-in-names", CAP_USERHOST_IN_NAMES, NULL},
};

enum {
    CAP_COUNT = sizeof caps / sizeof *caps,
    CAP_LIST_BYTES = 350, /* of one line's list, so that it fits behind any source and nick */
    CAP_VERSION_VALUES = 302,
};

static const struct cap *find(const char *name, size_t len)
{
    for (size_t i = 0; i < CAP_COUNT; i++)
        if (strlen(caps[i].name) == len && memcmp(caps[i].name, name, len) == 0)
            return &caps[i];
    return NULL;
}

/* Those that this client may have: passwords are for connections that nobody listens to. */
static unsigned offered(const struct irc_client *client)
{
    unsigned without = irc_sasl_offered(client) ? 0 : CAP_SASL | CAP_ACCOUNT_REGISTRATION;
    if (client->door->registration == IRC_REGISTER_NEVER)
        without |= CAP_ACCOUNT_REGISTRATION;
    return ~without;
}

/* A list of capabilities on its way out, over several lines where one does not hold it. */
struct listing {
    struct irc_client *client;
    const char *verb;
    bool marked; /* all lines but the last say that more follow, which is for version 302 alone */
    struct str line;
};

static void listing_begin(struct listing *listing, struct irc_client *client, const char *verb,
                          bool marked)
{
    listing->client = client;
    listing->verb = verb;
    listing->marked = marked;
    str_init(&listing->line, CAP_LIST_BYTES);
}

static void listing_send(struct listing *listing, bool more)
{
    struct irc_client *client = listing->client;
    const char *nick = irc_client_nick(client);
    if (more && listing->marked)
        irc_send(client, "CAP", nick, listing->verb, "*", listing->line.data, NULL);
    else
        irc_send(client, "CAP", nick, listing->verb, listing->line.data, NULL);
    str_reset(&listing->line);
}

/* Adds one of at most CAP_LIST_BYTES. */
static void listing_add(struct listing *listing, const char *item, size_t len)
{
    if (listing->line.len > 0 && listing->line.len + 1 + len > CAP_LIST_BYTES)
        listing_send(listing, true);
    if (listing->line.len > 0)
        str_addc(&listing->line, ' ');
    str_add(&listing->line, item, len);
}

static void listing_end(struct listing *listing)
{
    listing_send(listing, false);
    str_release(&listing->line);
}

/* Lists the capabilities of `shown`. */
static void list(struct irc_client *client, const char *verb, unsigned shown, bool values)
{
    struct listing listing;
    struct str item;
    listing_begin(&listing, client, verb, client->cap_version >= CAP_VERSION_VALUES);
    str_init(&item, CAP_LIST_BYTES);
    for (const struct cap *cap = caps; cap < caps + CAP_COUNT; cap++) {
        if (!(cap->bit & shown))
            continue;
        char value[CAP_VALUE_BYTES] = "";
        if (values && cap->write)
            cap->write(client, value);
        str_reset(&item);
        str_addf(&item, "%s%s%s", cap->name, *value ? "=" : "", value);
        listing_add(&listing, item.data, item.len);
    }
    str_release(&item);
    listing_end(&listing);
}

/* Repeats a request that was granted or not. A word that fits into no line is no capability, and is left
 * out whole. */
static void repeat(struct irc_client *client, const char *verb, const char *request)
{
    if (strlen(request) <= CAP_LIST_BYTES) {
        irc_send(client, "CAP", irc_client_nick(client), verb, request, NULL);
        return;
    }
    struct listing listing;
    listing_begin(&listing, client, verb, false);
    for (const char *at = request + strspn(request, " "); *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (len <= CAP_LIST_BYTES)
            listing_add(&listing, at, len);
        at += len;
    }
    listing_end(&listing);
}

/* Applies a list such as "batch -server-time" to the bits; false if any of it cannot be done. */
static bool apply(const struct irc_client *client, const char *request, unsigned *bits)
{
    for (const char *at = request; *at;) {
        at += strspn(at, " ");
        bool remove = *at == '-';
        at += remove;
        size_t len = strcspn(at, " ");
        const struct cap *cap = len > 0 ? find(at, len) : NULL;
        at += len;
        if (!cap && (len > 0 || remove))
            return false;
        if (cap && !(cap->bit & offered(client)))
            return false;
        if (!cap)
            continue;
        /* Who speaks version 302 has cap-notify for good, says the specification. */
        if (remove && cap->bit == CAP_NOTIFY && client->cap_version >= CAP_VERSION_VALUES)
            return false;
        *bits = remove ? *bits & ~cap->bit : *bits | cap->bit;
    }
    return true;
}

static unsigned drafts(void)
{
    unsigned bits = 0;
    for (const struct cap *cap = caps; cap < caps + CAP_COUNT; cap++)
        if (strncmp(cap->name, "draft/", strlen("draft/")) == 0)
            bits |= cap->bit;
    return bits;
}

void irc_caps_set(struct irc_client *client, unsigned bits)
{
    client->caps = bits;
    gate_group(client->gate, client->session, irc_form_group(bits));
}

static void cap_ls(struct irc_client *client, const char *version)
{
    client->negotiating = !client->welcomed;
    unsigned long number = version ? strtoul(version, NULL, 10) : 0;
    if (number > client->cap_version)
        client->cap_version = number > 999 ? 999 : (uint16_t)number;
    if (client->cap_version >= CAP_VERSION_VALUES)
        irc_caps_set(client, client->caps | CAP_NOTIFY);
    bool values = client->cap_version >= CAP_VERSION_VALUES;
    /* Older clients read one line, so that what is still a draft is left out. */
    unsigned shown = offered(client) & (values ? ~0u : ~drafts());
    client->may_register = (shown & CAP_ACCOUNT_REGISTRATION) != 0;
    list(client, "LS", shown, values);
}

static void cap_list(struct irc_client *client, const char *unused)
{
    (void)unused;
    list(client, "LIST", client->caps, false);
}

static void cap_req(struct irc_client *client, const char *request)
{
    client->negotiating = !client->welcomed;
    unsigned bits = client->caps;
    bool granted = apply(client, request ? request : "", &bits);
    repeat(client, granted ? "ACK" : "NAK", request ? request : "");
    if (granted)
        irc_caps_set(client, bits);
}

static void cap_end(struct irc_client *client, const char *unused)
{
    (void)unused;
    client->negotiating = false;
    if (!client->welcomed)
        irc_sasl_abort(client);
    irc_registration_try(client);
}

/* Those that come, go or have another value with the configuration. Only what it knows of can go. */
void irc_caps_changed(struct irc_client *client)
{
    unsigned changing = CAP_MULTILINE | CAP_ACCOUNT_REGISTRATION;
    unsigned here = changing & offered(client);
    unsigned known = client->caps | (client->may_register ? CAP_ACCOUNT_REGISTRATION : 0);
    unsigned gone = changing & known & ~here;
    bool values = client->cap_version >= CAP_VERSION_VALUES;
    irc_caps_set(client, client->caps & ~gone);
    if (!irc_has(client, CAP_NOTIFY))
        return;
    if (gone)
        list(client, "DEL", gone, false);
    list(client, "NEW", here, values);
    client->may_register = (here & CAP_ACCOUNT_REGISTRATION) != 0;
}

void irc_cap(struct irc_client *client, const struct irc_message *message)
{
    static const struct {
        const char *name;
        void (*run)(struct irc_client *client, const char *param);
    } verbs[] = {{"LS", cap_ls}, {"LIST", cap_list}, {"REQ", cap_req}, {"END", cap_end}};

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcasecmp(verbs[i].name, message->params[0]) == 0) {
            verbs[i].run(client, message->n_params > 1 ? message->params[1] : NULL);
            return;
        }
    }
    irc_reply(client, ERR_INVALIDCAPCMD, message->params[0], "Invalid CAP command", NULL);
}
