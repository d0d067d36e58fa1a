/*
 * Between the model and the journal: what the user has typed and said is kept, and put back at the
 * next start.
 *
 * Kept are own lines until the server has acknowledged them, drafts with their cursors, and what was
 * entered. Knows no socket; the session's lines wait until autosave_write was called.
 */
#ifndef SNUG_CLIENT_DISK_AUTOSAVE_H
#define SNUG_CLIENT_DISK_AUTOSAVE_H

#include <stdbool.h>
#include <stdint.h>

struct model;

struct autosave_config {
    const char *directory; /* of the journals; NULL: there is none, and */
    const char *why_not;   /* the reason */
    const char *server;    /* as the user calls it, port included: one journal for each */
    const char *nick;      /* the wanted one: another's lines are not said by themselves */
    uint64_t run;          /* random: names this run of the program, as the session is told */
};

struct autosave;

/* Opens the journal and puts back into the model, which is borrowed and new, what an earlier run left.
 * Where there can be no journal the model says so, and nothing is kept. */
struct autosave *autosave_new(struct model *model, const struct autosave_config *config,
                              int64_t now_ms);
void autosave_free(struct autosave *autosave);

/* Says whether the journal was empty then: as far as is known, nobody has typed anything to that server yet. */
bool autosave_is_new(const struct autosave *autosave);

/* Notes what changed in the model; to be called after each key and after each batch of traffic. */
void autosave_note(struct autosave *autosave);

/* Writes what was noted, so that it outlives the program. Where it cannot be written the model says
 * so, once. */
void autosave_write(struct autosave *autosave, int64_t now_ms);

/* Waits until the lines written are on the disk; to be called before anything is sent. */
void autosave_sync(struct autosave *autosave, int64_t now_ms);

#endif
