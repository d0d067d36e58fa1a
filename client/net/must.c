#include "client/net/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

void must(int error, const char *what)
{
    if (error == 0)
        return;
    fprintf(stderr, "snug: cannot set up the event loop: %s: %s\n", what, uv_strerror(error));
    exit(1);
}
