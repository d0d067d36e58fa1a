/* What people do in a transcript, and what they are to see. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/script/script.h"
#include "tests/script/words.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

bool person_next_line(struct house_peer *peer, struct str *line)
{
    str_reset(line);
    const char *end = memchr(peer->out.data, '\n', peer->out.len);
    if (!end)
        return false;
    size_t len = (size_t)(end - peer->out.data);
    assert(len > 0 && end[-1] == '\r');
    assert(memchr(peer->out.data, '\0', len) == NULL);
    assert(memchr(peer->out.data, '\r', len - 1) == NULL);
    str_add(line, peer->out.data, len - 1);
    str_remove(&peer->out, 0, len + 1);
    return true;
}

static struct actor *actor_of(struct script *script, const char *name)
{
    for (size_t i = script->actor_count; i > 0; i--)
        if (strcmp(script->actors[i - 1].name, name) == 0)
            return &script->actors[i - 1];
    return NULL;
}

static void say(struct script *script, struct actor *actor, const char *format, const char *text)
{
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    str_adds(&line, format);
    str_adds(&line, text);
    str_adds(&line, "\r\n");
    house_send(script->house, actor->peer, line.data, line.len);
    str_release(&line);
}

static struct actor *add_actor(struct script *script, const char *name)
{
    if (script->actor_count == HOUSE_PEERS || strlen(name) >= NAME_BYTES) {
        script_fault(script, "too many peers, or too long a name: ", name);
        exit(1);
    }
    struct actor *actor = &script->actors[script->actor_count++];
    strcpy(actor->name, name);
    return actor;
}

static void is_at(struct script *script, const char *name, const char *address)
{
    if (script->place_count == WORDS) {
        script_fault(script, "too many places: ", address);
        return;
    }
    struct place *place = &script->places[script->place_count++];
    snprintf(place->name, sizeof place->name, "%s", name);
    snprintf(place->address, sizeof place->address, "%s", address);
}

static const char *place_of(const struct script *script, const char *name)
{
    for (size_t i = 0; i < script->place_count; i++) {
        if (strcmp(script->places[i].name, name) == 0)
            return script->places[i].address;
    }
    return NULL;
}

static struct actor *connects_in_tls(struct script *script, const char *name, const char *key)
{
    struct actor *actor = add_actor(script, name);
    char host[NAME_BYTES + sizeof ".host"], cloak[NAME_BYTES + sizeof ".cloak"];
    char fingerprint[65] = "";
    snprintf(host, sizeof host, "%s.host", name);
    snprintf(cloak, sizeof cloak, "%s.cloak", name);
    key += strspn(key, " ");
    if (*key)
        memset(fingerprint, *key, sizeof fingerprint - 1);
    const char *address = place_of(script, name);
    int64_t now_ms = script_house(script)->now_ms;
    const struct origin origin = {
        .host = address ? address : host,
        .cloak = address ? cloak : NULL,
        .secure = true,
        .fingerprint = *key ? fingerprint : NULL,
        .valid_from_ms = strstr(key, " early") ? now_ms + DAY_MS : 0,
        .valid_until_ms = strstr(key, " expired") ? now_ms - DAY_MS : 0,
    };
    actor->peer = house_open_from(script_house(script), &origin);
    return actor;
}

static struct actor *connects(struct script *script, const char *name, bool plain)
{
    struct actor *actor = add_actor(script, name);
    char host[NAME_BYTES + sizeof ".host"];
    snprintf(host, sizeof host, "%s.host", name);
    struct house *house = script_house(script);
    const char *address = place_of(script, name);
    char cloak[NAME_BYTES + sizeof ".cloak"];
    snprintf(cloak, sizeof cloak, "%s.cloak", name);
    if (address)
        actor->peer = house_open_from(house, &(struct origin){.host = address, .cloak = cloak});
    else
        actor->peer = plain ? house_open_plain(house, host) : house_open(house, host);
    return actor;
}

static void telnets(struct script *script, const char *name, bool in)
{
    struct actor *actor = connects(script, name, true);
    if (!in)
        return;
    say(script, actor, "", name);
    str_reset(&actor->peer->out);
}

static void arrives(struct script *script, const char *name, const char *caps)
{
    bool secure = words_eat(&caps, "in TLS");
    struct actor *actor =
        secure ? connects_in_tls(script, name, "") : connects(script, name, false);
    if (*caps) {
        say(script, actor, "CAP LS 302", "");
        say(script, actor, "CAP REQ :", caps);
        say(script, actor, "CAP END", "");
    }
    say(script, actor, "NICK ", name);
    char user[NAME_BYTES + 16];
    snprintf(user, sizeof user, "%s 0 * :Real %s", name, name);
    say(script, actor, "USER ", user);
    str_reset(&actor->peer->out);
}

static void sees(struct script *script, struct actor *actor, const char *text)
{
    struct str pattern;
    struct str line;
    str_init(&pattern, TEXT_MAX_BYTES);
    str_init(&line, TEXT_MAX_BYTES);
    words_unescape(&pattern, text);
    if (!person_next_line(actor->peer, &line)) {
        script_fault(script, actor->name, " saw nothing");
    } else if (!words_match(pattern.data, line.data)) {
        script_fault(script, actor->name, " saw something else:");
        fprintf(stderr, "    %s\n", line.data);
    }
    str_release(&pattern);
    str_release(&line);
}

static void sees_nothing(struct script *script, struct actor *actor)
{
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    if (person_next_line(actor->peer, &line))
        script_fault(script, "expected nothing, but there was: ", line.data);
    str_release(&line);
}

static void skips_to(struct script *script, struct actor *actor, const char *text)
{
    struct str pattern;
    struct str line;
    str_init(&pattern, TEXT_MAX_BYTES);
    str_init(&line, TEXT_MAX_BYTES);
    words_unescape(&pattern, text);
    bool found = false;
    while (!found && person_next_line(actor->peer, &line))
        found = words_match(pattern.data, line.data);
    if (!found)
        script_fault(script, actor->name, " never saw that");
    str_release(&pattern);
    str_release(&line);
}

static void sends(struct script *script, struct actor *actor, const char *text, bool line)
{
    struct str bytes;
    str_init(&bytes, TEXT_MAX_BYTES);
    words_unescape(&bytes, text);
    if (line)
        str_adds(&bytes, "\r\n");
    house_send(script->house, actor->peer, bytes.data, bytes.len);
    str_release(&bytes);
}

/* Notes what stands in the next line where the pattern has a word in braces. */
static void notes(struct script *script, struct actor *actor, const char *text)
{
    char word[NAME_BYTES];
    int used = 0;
    const char *open = strchr(text, '{');
    if (sscanf(text, "%15s from: %n", word, &used) != 1 || used == 0 || !open ||
        script->noted_count == WORDS) {
        script_fault(script, "not a thing to note: ", text);
        return;
    }
    const char *pattern = text + used;
    size_t before = (size_t)(open - pattern);
    struct noted *noted = &script->noted[script->noted_count++];
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    strcpy(noted->word, word);
    if (person_next_line(actor->peer, &line) && line.len > before &&
        memcmp(line.data, pattern, before) == 0)
        snprintf(noted->text, sizeof noted->text, "%.*s", (int)strcspn(line.data + before, " ;"),
                 line.data + before);
    else
        script_fault(script, actor->name, " saw nothing of that kind");
    str_release(&line);
}

static void act(struct script *script, struct actor *actor, const char *text)
{
    if (words_eat(&text, "sees nothing")) {
        sees_nothing(script, actor);
    } else if (words_eat(&text, "notes")) {
        notes(script, actor, text);
    } else if (words_eat(&text, "sees:")) {
        sees(script, actor, text);
    } else if (words_eat(&text, "skips to:")) {
        skips_to(script, actor, text);
    } else if (words_eat(&text, "skips")) {
        str_reset(&actor->peer->out);
    } else if (words_eat(&text, "sends")) {
        sends(script, actor, text, false);
    } else if (words_eat(&text, "hangs up")) {
        house_hang_up(script->house, actor->peer, text);
    } else if (words_eat(&text, "is gone")) {
        if (!actor->peer->closed)
            script_fault(script, actor->name, " is still connected");
    } else {
        script_fault(script, "not a thing to do: ", text);
    }
}

void person_act(struct script *script, const char *text)
{
    char name[NAME_BYTES] = "";
    size_t len = strcspn(text, " :");
    if (len >= NAME_BYTES) {
        script_fault(script, "too long a name: ", text);
        return;
    }
    memcpy(name, text, len);
    bool line = text[len] == ':';
    const char *rest = text + len + line;
    rest += strspn(rest, " ");
    struct actor *actor = actor_of(script, name);
    if (!line && words_eat(&rest, "is at"))
        is_at(script, name, rest);
    else if (!line && words_eat(&rest, "connects in TLS"))
        connects_in_tls(script, name, rest);
    else if (!line && words_eat(&rest, "connects"))
        connects(script, name, false);
    else if (!line && words_eat(&rest, "telnets"))
        telnets(script, name, words_eat(&rest, "in"));
    else if (!line && words_eat(&rest, "arrives"))
        arrives(script, name, rest);
    else if (!actor)
        script_fault(script, "nobody of that name has come: ", name);
    else if (line)
        sends(script, actor, rest, true);
    else
        act(script, actor, rest);
}
