/* A list of masks: bans and their kin. Each says who set it and when. */
#ifndef SNUG_SERVER_CORE_MASKS_H
#define SNUG_SERVER_CORE_MASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/core/types.h"

struct session;
struct str;

struct mask {
    char *text; /* as in subject.h, or "~m:mask" (mute) */
    char *key;  /* folded, for comparing */
    char *by;
    int64_t time_ms;
    int64_t until_ms; /* 0: for good */
    bool
        sees_address; /* set by an operator of the server: it is about addresses that are hidden, too */
};

struct masks {
    struct mask *items;
    size_t count;
};

/* Frees them. */
void masks_release(struct masks *masks);

/* Adds a mask until a time (0: for good); false if it is there already, in any spelling. Copies the
 * strings. */
bool masks_add(struct masks *masks, const char *text, const char *by, int64_t time_ms,
               int64_t until_ms);

/* Gives a mask that is there another end (0: none); false if it is not there, or that is its end. */
bool masks_set_until(struct masks *masks, const char *text, int64_t until_ms);

/* From now on a mask that is there is about hidden addresses, too; false if it is not there, or was so
 * already. */
bool masks_set_sees_address(struct masks *masks, const char *text);

/* Whether this very mask is there. */
bool masks_has(const struct masks *masks, const char *text);

/* Takes a mask out; false if it was not there. */
bool masks_remove(struct masks *masks, const char *text);

/* Whether one of the masks is about this person. Mutes ("~m:") count only when asked for them. */
bool masks_match(const struct masks *masks, const struct session *session, bool mutes_too);

/* Writes the mask that people mean when they type less: "ada" is "ada!*@*", "*@host" is "*!*@host",
 * and an address or a network alone is "*!*@" with it. */
void mask_complete(struct str *out, const char *typed);

#endif
