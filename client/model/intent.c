#include "client/model/intent.h"

#include <stdlib.h>

void intent_release(struct intent *intent)
{
    free(intent->target);
    free(intent->text);
    free(intent->about);
    intent->target = intent->text = intent->about = NULL;
}
