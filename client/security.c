#include "client/security.h"

#include <time.h>

#include "client/disk/state_dir.h"

/* Keeps key and certificate beside what is known of servers. */
static void keep_identity(struct security *security)
{
    struct str path;
    bool made;
    str_init(&path, STATE_DIR_MAX_BYTES);
    if (state_dir_find(&path, &security->warning)) {
        str_addf(&security->known_servers, "%s/known_servers", path.data);
        str_adds(&path, "/identity.pem");
        security->identity =
            identity_keep(path.data, security->name, time(NULL), &made, &security->warning);
    }
    str_release(&path);
}

static void prepare(void *arg)
{
    struct security *security = arg;
    keep_identity(security);
    if (security->known_servers.len > 0)
        security->trust.path = security->known_servers.data;
    security->tls = tls_context_new_client(security->identity, &security->error);
}

static void join(struct security *security)
{
    if (security->is_preparing)
        uv_thread_join(&security->thread);
    security->is_preparing = false;
}

void security_init(struct security *security, const char *name, const char *fingerprint,
                   bool takes_new)
{
    *security = (struct security){.name = name};
    str_init(&security->known_servers, STATE_DIR_MAX_BYTES);
    str_init(&security->warning, SECURITY_WORDS_MAX_BYTES);
    str_init(&security->error, SECURITY_WORDS_MAX_BYTES);
    bool is_pinned = fingerprint && fingerprint_parse(fingerprint, security->pinned);
    security->trust = (struct trust){
        .pinned = is_pinned ? security->pinned : NULL,
        .takes_new = takes_new,
    };
    security->is_preparing = uv_thread_create(&security->thread, prepare, security) == 0;
    if (!security->is_preparing)
        prepare(security);
}

bool security_await(struct security *security, void (*say)(void *ctx, const char *warning),
                    void *ctx, struct str *error)
{
    if (!security)
        return true;
    join(security);
    if (security->warning.len > 0)
        say(ctx, security->warning.data);
    str_add(error, security->error.data, security->error.len);
    return security->tls != NULL;
}

void security_release(struct security *security)
{
    join(security);
    tls_context_free(security->tls);
    identity_free(security->identity);
    str_release(&security->known_servers);
    str_release(&security->warning);
    str_release(&security->error);
}
