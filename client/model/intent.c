#include "client/model/intent.h"

#include <stdlib.h>

void intent_release(struct intent *intent)
{
    free(intent->target);
    free(intent->text);
    intent->target = intent->text = NULL;
}
