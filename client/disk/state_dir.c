#include "client/disk/state_dir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "common/str.h"
#include "common/text.h"

bool state_dir_find(struct str *path, struct str *error)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/') /* XDG: a relative path is to be ignored */
        str_addf(path, "%s/snug", state);
    else if (home && *home)
        str_addf(path, "%s/.local/state/snug", home);
    if (path->overflow || path->len == 0) {
        str_adds(error, "nothing can be remembered: HOME is not set");
        return false;
    }
    if (file_make_directories(path->data))
        return true;
    int number = errno;
    str_adds(error, "nothing can be remembered: ");
    text_harmless(error, path->data, path->len);
    str_addf(error, ": %s", strerror(number));
    return false;
}
