/* Plays transcripts against a whole server in memory; after --disk, its log lies on disk.
 *
 *   == a title            a new scene begins, with a new server and nobody there
 *   lobby #NAME           before anybody comes, or a restart: the room that all are put into
 *   motd TEXT             the same: a line of the message of the day
 *   replay N              the same: so many earlier lines are shown on joining
 *   rooms N               the same: the hub holds so many
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
 *   configure NAME VALUE  an option of the IRC door is changed: registration, register-email, password,
 *                         line-length, targets, history-page; or of the hub: require, release-after (ms),
 *                         confusables (off: names are not told apart by eye)
 *   audit: PATTERN        the next line of the audit log: DID by WHO [whom X] [where X] [for N s] [why X]
 *   time +N [ms|s]        time passes; -N: the clock of the machine is set back
 *   restart               the server is killed and started again; whoever was there is gone
 *   log holds|writes|fails|is full|has room
 *
 * At the end of a scene nobody may have a line left that was not seen or skipped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/script/script.h"
#include "tests/script/slow_store.h"
#include "tests/script/words.h"

void script_fault(struct script *script, const char *what, const char *text)
{
    script->faults++;
    fprintf(stderr, "%s:%d: %s%s\n", script->path, script->line_number, what, text);
}

struct house *script_house(struct script *script)
{
    if (!script->house)
        script->house = house_new(&(struct house_config){
            .lobby = script->lobby.len > 0 ? script->lobby.data : NULL,
            .motd = script->motd.len > 0 ? script->motd.data : NULL,
            .plain_guests = script->guests,
            .rejoin = script->rejoin,
            .no_founders = script->no_founders,
            .replay = script->replay,
            .max_rooms = script->max_rooms,
            .on_disk = script->on_disk,
        });
    return script->house;
}

static void end_scene(struct script *script)
{
    struct str line;
    str_init(&line, TEXT_MAX_BYTES);
    for (size_t i = 0; i < script->actor_count; i++) {
        while (person_next_line(script->actors[i].peer, &line)) {
            script_fault(script, script->actors[i].name, " saw more than the scene says:");
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
    script->max_rooms = 0;
}

static void log_line(struct script *script, const char *text)
{
    struct store *store = script_house(script)->store;
    if (words_eat(&text, "holds"))
        slow_store_hold(store);
    else if (words_eat(&text, "writes"))
        slow_store_release(store);
    else if (words_eat(&text, "fails"))
        slow_store_fail(store);
    else if (words_eat(&text, "is full"))
        slow_store_set_up(store, false);
    else if (words_eat(&text, "has room"))
        slow_store_set_up(store, true);
    else
        script_fault(script, "not a thing that the log does: ", text);
    house_run(script->house);
    house_run(script->house); /* a log that failed is tried again */
}

static void time_line(struct script *script, const char *text)
{
    char *unit;
    long amount = strtol(text, &unit, 10);
    unit += strspn(unit, " ");
    house_wait(script_house(script), strcmp(unit, "ms") == 0 ? amount : amount * 1000);
}

/* Lines of the audit log that nobody asks for are not looked at. */
static void audit_line(struct script *script, const char *pattern)
{
    struct str *audit = &script_house(script)->audit;
    size_t len = strcspn(audit->data, "\n");
    char *line = xmemdup0(audit->data, len);
    if (!words_match(pattern, line)) {
        script_fault(script, "the audit log says something else:", "");
        fprintf(stderr, "    %s\n", line);
    }
    free(line);
    str_remove(audit, 0, len + (audit->data[len] == '\n'));
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
    if (*value != ' ' || !house_configure(script_house(script), option, value + 1))
        script_fault(script, "no such option: ", text);
    free(option);
}

/* What was said of rooms meanwhile counts from now on. */
static void restart(struct script *script)
{
    struct house *house = script_house(script);
    house->config.lobby = script->lobby.len > 0 ? script->lobby.data : NULL;
    house->config.max_rooms = script->max_rooms;
    house_restart(house);
}

static void play_line(struct script *script, const char *text)
{
    if (*text == '\0' || *text == '#')
        return;
    if (words_eat(&text, "== ")) {
        end_scene(script);
        script->scenes++;
    } else if (words_eat(&text, "lobby ")) {
        str_adds(&script->lobby, text);
    } else if (words_eat(&text, "motd ")) {
        str_addf(&script->motd, "%s\n", text);
    } else if (words_eat(&text, "replay ")) {
        script->replay = strtoul(text, NULL, 10);
    } else if (words_eat(&text, "rooms ")) {
        script->max_rooms = strtoul(text, NULL, 10);
    } else if (strcmp(text, "no founders") == 0) {
        script->no_founders = true;
    } else if (strcmp(text, "rejoin") == 0) {
        script->rejoin = true;
    } else if (words_eat(&text, "guests only")) {
        script->guests = true;
    } else if (words_eat(&text, "configure ")) {
        configure_line(script, text);
    } else if (words_eat(&text, "audit: ")) {
        audit_line(script, text);
    } else if (words_eat(&text, "time ")) {
        time_line(script, text);
    } else if (strcmp(text, "restart") == 0) {
        restart(script);
    } else if (words_eat(&text, "log ")) {
        log_line(script, text);
    } else {
        person_act(script, text);
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
