/* What the files of traffic.h share; not for others. */
#ifndef SNUG_CLIENT_MODEL_TRAFFIC_INNER_H
#define SNUG_CLIENT_MODEL_TRAFFIC_INNER_H

#include "client/model/model.h"

#include <stdlib.h>

/* The next frame shows it. */
static inline void changed(struct model *model)
{
    model->changes.by_traffic++;
}

/* An owned text takes the place of another; NULL: there is none. */
static inline void replace(char **string, const char *text, size_t max_bytes)
{
    free(*string);
    *string = text ? line_cut(text, max_bytes) : NULL;
}

#endif
