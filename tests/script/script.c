/* Plays transcripts against a whole server in memory; after --disk, its log lies on disk.
 *
 *   == a title            a new scene begins, with a new server and nobody there
 *   lobby #NAME           before anybody comes: the room that all are put into
 *   motd TEXT             the same: a line of the message of the day
 *   replay N              the same: so many earlier lines are shown on joining
 *   no founders           the same: who opens a room does not keep it
 *   rejoin                the same: accounts come back to the rooms where they were
 *   guests only           the same: the plain door asks nobody for a name
 *   NAME is at ADDRESS    before it comes: where it comes from; others see that as NAME.cloak
 *   NAME connects         a connection from NAME.host
 *   NAME connects in TLS [KEY [expired|early]]  one in TLS, with a certificate that is KEY, a
 *                         hexadecimal digit, and valid up to yesterday, or from tomorrow
 *   NAME telnets          one to the plain door
 *   NAME telnets in       the same, gives NAME as its name, and skips the welcome
 *   NAME arrives [in TLS] [CAPS]  connects, registers as NAME, and skips the welcome
 *   NAME: LINE            sends a line
 *   NAME sends BYTES      sends bytes as they are; \r \n \0 \xHH as in C, {N*c} for N times c
 *   NAME sees: PATTERN    the next line; * stands for anything, \xHH as in C, {N*c} too
 *   NAME notes W from: P  the next line is P, and what stands in it for {W} stands for {W} from now on
 *   NAME sees nothing     there is no next line
 *   NAME skips            whatever there is
 *   NAME skips to: PATTERN  the lines up to this one, too
 *   NAME hangs up REASON  the connection is lost
 *   NAME is gone          the server has closed it
 *   configure NAME VALUE  an option of the IRC door is changed: registration, register-email,
 *                         line-length, targets, history-page; or of the hub: require, release-after (ms),
 *                         look (off: names are not told apart by eye)
 *   audit: PATTERN        the next line of the audit log: DID by WHO [whom X] [where X] [for N s] [why X]
 *   time +N [ms|s]        time passes
 *   restart               the server is killed and started again; whoever was there is gone
 *   log holds|writes|fails|is full|has room
 *
 * At the end of a scene nobody may have a line left that was not seen or skipped. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "tests/script/house.h"
#include "tests/script/slow_store.h"

enum { NAME_BYTES = 16, DAY_MS = 24 * 60 * 60 * 1000 };

struct actor {
    char name[NAME_BYTES];
    struct house_peer *peer;
};

enum { WORDS = 8 };

/* What a scene has noted, for one word in braces. */
struct noted {
    char word[NAME_BYTES];
    char text[64];
};

/* Where somebody comes from. */
struct place {
    char name[NAME_BYTES];
    char address[64];
};

struct script {
    const char *path;
    int line_number;
    unsigned faults;
    unsigned scenes;
    struct house *house; /* NULL until somebody comes */
    struct str lobby;
    struct str motd;
    bool guests;
    bool rejoin;
    bool no_founders;
    size_t replay;
    bool on_disk;
    struct actor actors[HOUSE_PEERS];
    size_t actor_count;
    struct noted noted[WORDS];
    size_t noted_count;
    struct place places[WORDS];
    size_t place_count;
};

static void fault(struct script *script, const char *what, const char *text)
{
    script->faults++;
    fprintf(stderr, "%s:%d: %s%s\n", script->path, script->line_number, what, text);
}

/* Undoes the escapes; returns the number of bytes. */
static void unescape(struct str *out, const char *text)
{
    str_reset(out);
    for (const char *at = text; *at; at++) {
        unsigned value;
        char byte;
        int used = 0;
        if (sscanf(at, "{%u*%c}%n", &value, &byte, &used) == 2 && used > 0) {
            for (unsigned i = 0; i < value; i++)
                str_addc(out, byte);
            at += used - 1;
        } else if (sscanf(at, "\\x%2x%n", &value, &used) == 1 && used == 4) {
            str_addc(out, (char)value);
            at += used - 1;
        } else if (*at == '\\' && at[1] && strchr("rn0", at[1])) {
            at++;
            str_addc(out, *at == 'r' ? '\r' : *at == 'n' ? '\n' : '\0');
        } else {
            str_addc(out, *at);
        }
    }
}

/* '*' stands for anything, also for itself. */
static bool matches(const char *pattern, const char *line)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*line) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = line;
        } else if (*pattern == *line) {
            pattern++;
            line++;
        } else if (star) {
            pattern = star;
            line = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

/* Takes the next line that the peer was sent; false when there is none. */
static bool next_line(struct house_peer *peer, struct str *line)
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

static struct house *house_of(struct script *script)
{
    if (!script->house)
        script->house = house_new(&(struct house_config){
            .lobby = script->lobby.len > 0 ? script->lobby.data : NULL,
            .motd = script->motd.len > 0 ? script->motd.data : NULL,
            .plain_guests = script->guests,
            .rejoin = script->rejoin,
            .no_founders = script->no_founders,
            .replay = script->replay,
            .on_disk = script->on_disk,
        });
    return script->house;
}

static void end_scene(struct script *script)
{
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    for (size_t i = 0; i < script->actor_count; i++) {
        while (next_line(script->actors[i].peer, &line)) {
            fault(script, script->actors[i].name, " saw more than the scene says:");
            fprintf(stderr, "    %s\n", line.data);
        }
    }
    str_release(&line);
    if (script->house)
        house_free(script->house);
    script->house = NULL;
    script->actor_count = 0;
    script->noted_count = 0;
    script->place_count = 0;
    str_reset(&script->lobby);
    str_reset(&script->motd);
    script->guests = false;
    script->rejoin = false;
    script->no_founders = false;
    script->replay = 0;
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
        fault(script, "too many peers, or too long a name: ", name);
        exit(1);
    }
    struct actor *actor = &script->actors[script->actor_count++];
    strcpy(actor->name, name);
    return actor;
}

/* Whether the text begins with a word; moves behind it and the spaces that follow. */
static bool eat(const char **text, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(*text, word, len) != 0)
        return false;
    *text += len;
    *text += strspn(*text, " ");
    return true;
}

static void is_at(struct script *script, const char *name, const char *address)
{
    if (script->place_count == WORDS) {
        fault(script, "too many places: ", address);
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
    int64_t now_ms = house_of(script)->now_ms;
    const struct origin origin = {
        .host = address ? address : host,
        .cloak = address ? cloak : NULL,
        .secure = true,
        .fingerprint = *key ? fingerprint : NULL,
        .valid_from_ms = strstr(key, " early") ? now_ms + DAY_MS : 0,
        .valid_until_ms = strstr(key, " expired") ? now_ms - DAY_MS : 0,
    };
    actor->peer = house_open_from(house_of(script), &origin);
    return actor;
}

static struct actor *connects(struct script *script, const char *name, bool plain)
{
    struct actor *actor = add_actor(script, name);
    char host[NAME_BYTES + sizeof ".host"];
    snprintf(host, sizeof host, "%s.host", name);
    struct house *house = house_of(script);
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
    bool secure = eat(&caps, "in TLS");
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
    unescape(&pattern, text);
    if (!next_line(actor->peer, &line)) {
        fault(script, actor->name, " saw nothing");
    } else if (!matches(pattern.data, line.data)) {
        fault(script, actor->name, " saw something else:");
        fprintf(stderr, "    %s\n", line.data);
    }
    str_release(&pattern);
    str_release(&line);
}

static void sees_nothing(struct script *script, struct actor *actor)
{
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    if (next_line(actor->peer, &line))
        fault(script, "expected nothing, but there was: ", line.data);
    str_release(&line);
}

static void skips_to(struct script *script, struct actor *actor, const char *text)
{
    struct str pattern;
    struct str line;
    str_init(&pattern, TEXT_MAX_BYTES);
    str_init(&line, TEXT_MAX_BYTES);
    unescape(&pattern, text);
    bool found = false;
    while (!found && next_line(actor->peer, &line))
        found = matches(pattern.data, line.data);
    if (!found)
        fault(script, actor->name, " never saw that");
    str_release(&pattern);
    str_release(&line);
}

static void sends(struct script *script, struct actor *actor, const char *text, bool line)
{
    struct str bytes;
    str_init(&bytes, TEXT_MAX_BYTES);
    unescape(&bytes, text);
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
        fault(script, "not a thing to note: ", text);
        return;
    }
    const char *pattern = text + used;
    size_t before = (size_t)(open - pattern);
    struct noted *noted = &script->noted[script->noted_count++];
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    strcpy(noted->word, word);
    if (next_line(actor->peer, &line) && line.len > before &&
        memcmp(line.data, pattern, before) == 0)
        snprintf(noted->text, sizeof noted->text, "%.*s", (int)strcspn(line.data + before, " ;"),
                 line.data + before);
    else
        fault(script, actor->name, " saw nothing of that kind");
    str_release(&line);
}

static void act(struct script *script, struct actor *actor, const char *text)
{
    if (eat(&text, "sees nothing")) {
        sees_nothing(script, actor);
    } else if (eat(&text, "notes")) {
        notes(script, actor, text);
    } else if (eat(&text, "sees:")) {
        sees(script, actor, text);
    } else if (eat(&text, "skips to:")) {
        skips_to(script, actor, text);
    } else if (eat(&text, "skips")) {
        str_reset(&actor->peer->out);
    } else if (eat(&text, "sends")) {
        sends(script, actor, text, false);
    } else if (eat(&text, "hangs up")) {
        house_hang_up(script->house, actor->peer, text);
    } else if (eat(&text, "is gone")) {
        if (!actor->peer->closed)
            fault(script, actor->name, " is still connected");
    } else {
        fault(script, "not a thing to do: ", text);
    }
}

static void log_line(struct script *script, const char *text)
{
    struct store *store = house_of(script)->store;
    if (eat(&text, "holds"))
        slow_store_hold(store);
    else if (eat(&text, "writes"))
        slow_store_release(store);
    else if (eat(&text, "fails"))
        slow_store_fail(store);
    else if (eat(&text, "is full"))
        slow_store_set_up(store, false);
    else if (eat(&text, "has room"))
        slow_store_set_up(store, true);
    else
        fault(script, "not a thing that the log does: ", text);
    house_run(script->house);
    house_run(script->house); /* a log that failed is tried again */
}

static void time_line(struct script *script, const char *text)
{
    char *unit;
    long amount = strtol(text, &unit, 10);
    unit += strspn(unit, " ");
    house_wait(house_of(script), strcmp(unit, "ms") == 0 ? amount : amount * 1000);
}

/* Lines of the audit log that nobody asks for are not looked at. */
static void audit_line(struct script *script, const char *pattern)
{
    struct str *audit = &house_of(script)->audit;
    size_t len = strcspn(audit->data, "\n");
    char *line = xmemdup0(audit->data, len);
    if (!matches(pattern, line)) {
        fault(script, "the audit log says something else:", "");
        fprintf(stderr, "    %s\n", line);
    }
    free(line);
    str_remove(audit, 0, len + (audit->data[len] == '\n'));
}

static void person_line(struct script *script, const char *text)
{
    char name[NAME_BYTES] = "";
    size_t len = strcspn(text, " :");
    if (len >= NAME_BYTES) {
        fault(script, "too long a name: ", text);
        return;
    }
    memcpy(name, text, len);
    bool line = text[len] == ':';
    const char *rest = text + len + line;
    rest += strspn(rest, " ");
    struct actor *actor = actor_of(script, name);
    if (!line && eat(&rest, "is at"))
        is_at(script, name, rest);
    else if (!line && eat(&rest, "connects in TLS"))
        connects_in_tls(script, name, rest);
    else if (!line && eat(&rest, "connects"))
        connects(script, name, false);
    else if (!line && eat(&rest, "telnets"))
        telnets(script, name, eat(&rest, "in"));
    else if (!line && eat(&rest, "arrives"))
        arrives(script, name, rest);
    else if (!actor)
        fault(script, "nobody of that name has come: ", name);
    else if (line)
        sends(script, actor, rest, true);
    else
        act(script, actor, rest);
}

/* Puts what was noted in the place of the words. The latest note of a word counts. */
static void fill_in(const struct script *script, const char *text, struct str *out)
{
    while (*text) {
        const struct noted *found = NULL;
        size_t len = strcspn(text + 1, "}");
        for (size_t i = 0; *text == '{' && i < script->noted_count; i++) {
            const char *word = script->noted[i].word;
            if (strlen(word) == len && memcmp(word, text + 1, len) == 0)
                found = &script->noted[i];
        }
        if (found) {
            str_adds(out, found->text);
            text += len + 2;
        } else {
            str_addc(out, *text++);
        }
    }
}

static void configure_line(struct script *script, const char *text)
{
    const char *value = text + strcspn(text, " ");
    char *option = xmemdup0(text, (size_t)(value - text));
    if (*value != ' ' || !house_configure(house_of(script), option, value + 1))
        fault(script, "no such option: ", text);
    free(option);
}

static void play_line(struct script *script, const char *text)
{
    if (*text == '\0' || *text == '#')
        return;
    if (eat(&text, "== ")) {
        end_scene(script);
        script->scenes++;
    } else if (eat(&text, "lobby ")) {
        str_adds(&script->lobby, text);
    } else if (eat(&text, "motd ")) {
        str_addf(&script->motd, "%s\n", text);
    } else if (eat(&text, "replay ")) {
        script->replay = strtoul(text, NULL, 10);
    } else if (strcmp(text, "no founders") == 0) {
        script->no_founders = true;
    } else if (strcmp(text, "rejoin") == 0) {
        script->rejoin = true;
    } else if (eat(&text, "guests only")) {
        script->guests = true;
    } else if (eat(&text, "configure ")) {
        configure_line(script, text);
    } else if (eat(&text, "audit: ")) {
        audit_line(script, text);
    } else if (eat(&text, "time ")) {
        time_line(script, text);
    } else if (strcmp(text, "restart") == 0) {
        house_restart(house_of(script));
    } else if (eat(&text, "log ")) {
        log_line(script, text);
    } else {
        person_line(script, text);
    }
}

static unsigned play(const char *path, bool on_disk)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        return 1;
    }
    struct script script = {.path = path, .on_disk = on_disk};
    str_init(&script.lobby, 256);
    str_init(&script.motd, 4096);
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) >= 0) {
        script.line_number++;
        line[strcspn(line, "\n")] = '\0';
        struct str filled;
        str_init(&filled, TEXT_MAX_BYTES);
        if (strstr(line, " notes "))
            str_adds(&filled, line);
        else
            fill_in(&script, line, &filled);
        play_line(&script, filled.data);
        str_release(&filled);
    }
    end_scene(&script);
    free(line);
    fclose(file);
    str_release(&script.lobby);
    str_release(&script.motd);
    printf("%s: %u scenes, %u faults\n", path, script.scenes, script.faults);
    return script.faults + (script.scenes == 0);
}

int main(int argc, char **argv)
{
    unsigned faults = 0;
    bool on_disk = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--disk") == 0)
            on_disk = true;
        else
            faults += play(argv[i], on_disk);
    }
    return argc < 2 || faults > 0;
}
