/* The server's 005 tokens. */
#include "client/session/isupport.h"

#include <stdlib.h>
#include <string.h>

static void set(char *value, const char *text, size_t len)
{
    if (len >= ISUPPORT_VALUE_BYTES)
        return;
    memcpy(value, text, len);
    value[len] = '\0';
}

static void set_text(char *value, const char *text)
{
    set(value, text, strlen(text));
}

void isupport_init(struct isupport *isupport)
{
    memset(isupport, 0, sizeof(*isupport));
    set_text(isupport->chantypes, "#&");
    set_text(isupport->prefix_modes, "ov");
    set_text(isupport->prefix_signs, "@+");
    set_text(isupport->chanmodes[MODE_LIST], "b");
    set_text(isupport->chanmodes[MODE_ALWAYS], "k");
    set_text(isupport->chanmodes[MODE_WHEN_SET], "l");
    isupport->casemapping = CASE_RFC1459;
    isupport->line_bytes = 512;
}

/* PREFIX=(ov)@+ */
static void take_prefix(struct isupport *isupport, const char *value)
{
    const char *close = strchr(value, ')');
    if (*value == '\0') {
        set_text(isupport->prefix_modes, "");
        set_text(isupport->prefix_signs, "");
    } else if (value[0] == '(' && close && strlen(close + 1) == (size_t)(close - value - 1)) {
        set(isupport->prefix_modes, value + 1, (size_t)(close - value - 1));
        set_text(isupport->prefix_signs, close + 1);
    }
}

/* CHANMODES=A,B,C,D */
static void take_chanmodes(struct isupport *isupport, const char *value)
{
    for (int kind = 0; kind < 4; kind++) {
        size_t len = strcspn(value, ",");
        set(isupport->chanmodes[kind], value, len);
        value += len + (value[len] == ',');
    }
}

static void take_casemapping(struct isupport *isupport, const char *value)
{
    if (!strcmp(value, "rfc1459"))
        isupport->casemapping = CASE_RFC1459;
    else if (!strcmp(value, "rfc1459-strict"))
        isupport->casemapping = CASE_RFC1459_STRICT;
    else
        isupport->casemapping = CASE_ASCII;
}

static void take_chantypes(struct isupport *isupport, const char *value)
{
    set_text(isupport->chantypes, value);
}

static void take_statusmsg(struct isupport *isupport, const char *value)
{
    set_text(isupport->statusmsg, value);
}

static void take_extban(struct isupport *isupport, const char *value)
{
    set_text(isupport->extban, value);
}

static void take_account_extban(struct isupport *isupport, const char *value)
{
    set_text(isupport->account_extban, value);
}

static void take_network(struct isupport *isupport, const char *value)
{
    set_text(isupport->network, value);
}

static void take_linelen(struct isupport *isupport, const char *value)
{
    unsigned long bytes = strtoul(value, NULL, 10);
    if (bytes >= 512)
        isupport->line_bytes = bytes < ISUPPORT_MAX_LINE_BYTES ? bytes : ISUPPORT_MAX_LINE_BYTES;
}

static void take_chathistory(struct isupport *isupport, const char *value)
{
    isupport->chathistory_lines = strtoul(value, NULL, 10);
}

/* What is too long denies all. */
static void take_denied_tags(struct isupport *isupport, const char *value)
{
    size_t len = strlen(value);
    bool fits = len < sizeof(isupport->denied_tags);
    memcpy(isupport->denied_tags, fits ? value : "*", fits ? len + 1 : sizeof("*"));
}

static void take_client_ids(struct isupport *isupport, const char *value)
{
    (void)value;
    isupport->client_ids = true;
}

void isupport_token(struct isupport *isupport, const char *token)
{
    static const struct {
        const char *name;
        void (*take)(struct isupport *isupport, const char *value);
    } rows[] = {
        {"ACCOUNTEXTBAN", take_account_extban},
        {"EXTBAN", take_extban},
        {"CASEMAPPING", take_casemapping},
        {"CHANMODES", take_chanmodes},
        {"CHANTYPES", take_chantypes},
        {"CHATHISTORY", take_chathistory},
        {"CLIENTTAGDENY", take_denied_tags},
        {"LINELEN", take_linelen},
        {"NETWORK", take_network},
        {"PREFIX", take_prefix},
        {"SNUG.CHAT/ID", take_client_ids},
        {"STATUSMSG", take_statusmsg},
    };
    size_t name_len = strcspn(token, "=");
    const char *value = token + name_len + (token[name_len] == '=');
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strlen(rows[i].name) == name_len && !strncmp(rows[i].name, token, name_len))
            rows[i].take(isupport, value);
}

bool isupport_takes_tag(const struct isupport *isupport, const char *tag)
{
    bool takes = true;
    for (const char *at = isupport->denied_tags; *at;) {
        size_t len = strcspn(at, ",");
        bool exempt = *at == '-';
        if (len == 1 && *at == '*')
            takes = false;
        else if (strlen(tag) == len - exempt && !strncmp(at + exempt, tag, len - exempt))
            return exempt;
        at += len + (at[len] == ',');
    }
    return takes;
}

/* Source: IRCv3 account-extban. Without its token a letter "a" behind a sign means accounts, as far as
 * servers are known; without a sign it may be anything. */
bool isupport_account_mask(const struct isupport *isupport, const char *account, struct str *mask)
{
    size_t sign = strcspn(isupport->extban, ",");
    const char *names = isupport->account_extban;
    if (*names == '\0' && sign > 0 && strchr(isupport->extban + sign, 'a'))
        names = "a";
    if (*names == '\0' || isupport->extban[0] == '\0')
        return false;
    return str_addf(mask, "%.*s%.*s:%s", (int)sign, isupport->extban, (int)strcspn(names, ","),
                    names, account);
}

bool isupport_is_room(const struct isupport *isupport, const char *name)
{
    return *name && strchr(isupport->chantypes, *name);
}

/* RFC 1459 section 2.2: {}| are the lower case of []\; and ^ of ~, unless strict. */
static unsigned char lower(const struct isupport *isupport, unsigned char byte)
{
    unsigned char last = isupport->casemapping == CASE_ASCII     ? 'Z'
                         : isupport->casemapping == CASE_RFC1459 ? '^'
                                                                 : ']';
    return byte >= 'A' && byte <= last ? byte + ('a' - 'A') : byte;
}

bool isupport_same(const struct isupport *isupport, const char *a, const char *b)
{
    for (; lower(isupport, (unsigned char)*a) == lower(isupport, (unsigned char)*b); a++, b++)
        if (*a == '\0')
            return true;
    return false;
}

char isupport_sign_of(const struct isupport *isupport, char mode)
{
    const char *at = mode ? strchr(isupport->prefix_modes, mode) : NULL;
    return at ? isupport->prefix_signs[at - isupport->prefix_modes] : 0;
}

bool isupport_is_sign(const struct isupport *isupport, char byte)
{
    return byte && strchr(isupport->prefix_signs, byte);
}

size_t isupport_rank(const struct isupport *isupport, char sign)
{
    const char *at = sign ? strchr(isupport->prefix_signs, sign) : NULL;
    return at ? (size_t)(at - isupport->prefix_signs) : ISUPPORT_VALUE_BYTES;
}

bool isupport_mode_has_argument(const struct isupport *isupport, char mode, bool set_mode)
{
    if (strchr(isupport->chanmodes[MODE_LIST], mode) ||
        strchr(isupport->chanmodes[MODE_ALWAYS], mode) || strchr(isupport->prefix_modes, mode))
        return true;
    return set_mode && strchr(isupport->chanmodes[MODE_WHEN_SET], mode);
}
