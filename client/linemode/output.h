/*
 * What the line mode prints: each line once, when it is there to stay; what others said and did, and what
 * was asked for, on standard output, refusals and notes on standard error, or messages given to a command.
 *
 * Changes nothing but what it has printed. Knows no loop and no connection.
 */
#ifndef SNUG_CLIENT_LINEMODE_OUTPUT_H
#define SNUG_CLIENT_LINEMODE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "client/linemode/linemode.h"

struct linemode_exec;

struct linemode_output {
    const struct model *model;
    const struct linemode_config *config;
    struct linemode_exec *exec;      /* NULL: none */
    uint64_t shown;                  /* lines of the model up to this id were looked at */
    uint64_t events;                 /* events up to this number */
    bool asked;                      /* what --once says was said, */
    uint64_t asked_behind;           /* behind this line: what it brought about is newer */
    bool refused;                    /* by the server, what --once says */
    uint64_t noted_behind, noted_to; /* notes between these lines answer the input */
    bool quiet;                      /* nothing is printed any more */
    int error;                       /* errno of what could not be printed; 0: all could */
};

/* Nothing was printed yet. All is borrowed. */
void linemode_output_init(struct linemode_output *o, const struct model *model,
                          const struct linemode_config *config, struct linemode_exec *exec);

/* What --once says is about to be said. */
void linemode_output_asked(struct linemode_output *o);

/* A line of the input is acted on, and was: notes in between are its answer. */
void linemode_output_acting(struct linemode_output *o);
void linemode_output_acted(struct linemode_output *o);

/*
 * Prints what came since the last time: in its order, whatever buffers it is in, or, where lines were
 * inserted, buffer by buffer. What is printed stays: to be called when no line is expected any more
 * that belongs before those which are there.
 */
void linemode_output_print(struct linemode_output *o);

#endif
