/*
 * Between the model and the journal: what the user has typed and said is kept, and put back at the
 * next start.
 *
 * Kept are own lines until the server has acknowledged them, drafts with their cursors, and what was
 * entered. Knows no socket; the session's lines wait until keeper_write was called.
 */
#ifndef SNUG_CLIENT_DISK_KEEPER_H
#define SNUG_CLIENT_DISK_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

struct model;

struct keeper_config {
    const char *directory; /* of the journals; NULL: there is none, and */
    const char *why_not;   /* the reason */
    const char *server;    /* as the user calls it, port included: one journal for each */
    const char *nick;      /* the wanted one: another's lines are not said by themselves */
    uint64_t run;          /* random: names this run of the program, as the session is told */
};

struct keeper;

/* Opens the journal and puts back into the model, which is borrowed and new, what an earlier run left.
 * Where there can be no journal the model says so, and nothing is kept. */
struct keeper *keeper_new(struct model *model, const struct keeper_config *config, int64_t now_ms);
void keeper_free(struct keeper *keeper);

/* Notes what changed in the model; to be called after each key and after each batch of traffic. */
void keeper_note(struct keeper *keeper);

/* Writes what was noted, so that it outlives the program. Where it cannot be written the model says
 * so, once. */
void keeper_write(struct keeper *keeper, int64_t now_ms);

/* Waits until the lines written are on the disk; to be called before anything is sent. */
void keeper_sync(struct keeper *keeper, int64_t now_ms);

#endif
