/* Lists with commas; see targets.h. */
#include "server/door/irc/targets.h"

#include <stddef.h>
#include <string.h>

char *irc_next_place(char **list)
{
    if (**list == '\0')
        return NULL;
    char *item = *list;
    size_t len = strcspn(item, ",");
    *list = item + len + (item[len] == ',');
    item[len] = '\0';
    return item;
}

char *irc_next_target(char **list)
{
    *list += strspn(*list, ",");
    return irc_next_place(list);
}

bool irc_no_target(const char *list)
{
    return list[strspn(list, ",")] == '\0';
}
