#include "server/run/certificate.h"

#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "server/run/clock.h"

enum {
    PATH_MAX_BYTES = 4096,
    NAME_MAX_BYTES = 80,
    DATE_MAX_BYTES = 32,
    SOON_S = 14 * 24 * 60 * 60,
};

struct certificate {
    const struct config *config;
    struct str path; /* of the server's own */
    struct identity *identity;
    struct tls_context *tls;
};

static struct identity *read_own(const struct certificate *certificate, struct str *error)
{
    struct str name;
    bool made;
    str_init(&name, NAME_MAX_BYTES);
    config_server_name(certificate->config, &name);
    struct identity *identity =
        identity_keep(certificate->path.data, name.data, clock_ms() / 1000, &made, error);
    str_release(&name);
    return identity;
}

static struct identity *read_it(const struct certificate *certificate, struct str *error)
{
    const struct config *config = certificate->config;
    if (!config->tls_cert)
        return read_own(certificate, error);
    return identity_read(config->tls_cert, config->tls_key ? config->tls_key : config->tls_cert,
                         error);
}

struct certificate *certificate_new(const struct config *config, const char *data_dir,
                                    struct str *error)
{
    struct certificate *certificate = xcalloc(1, sizeof *certificate);
    certificate->config = config;
    str_init(&certificate->path, PATH_MAX_BYTES);
    str_addf(&certificate->path, "%s/certificate.pem", data_dir);
    certificate->identity = read_it(certificate, error);
    if (certificate->identity)
        certificate->tls = tls_context_new_server(certificate->identity, error);
    if (certificate->tls)
        return certificate;
    certificate_free(certificate);
    return NULL;
}

void certificate_free(struct certificate *certificate)
{
    if (!certificate)
        return;
    tls_context_free(certificate->tls);
    identity_free(certificate->identity);
    str_release(&certificate->path);
    free(certificate);
}

struct tls_context *certificate_tls(const struct certificate *certificate)
{
    return certificate->tls;
}

void certificate_fingerprint(const struct certificate *certificate, char digits[FINGERPRINT_SIZE])
{
    identity_fingerprint(certificate->identity, digits);
}

static void add_date(struct str *out, const char *what, int64_t time_s)
{
    char date[DATE_MAX_BYTES] = "?";
    struct tm utc;
    time_t seconds = (time_t)time_s;
    if (gmtime_r(&seconds, &utc))
        strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &utc);
    str_addf(out, "the certificate %s %s", what, date);
}

bool certificate_is_current(const struct certificate *certificate, int64_t now_ms, struct str *why)
{
    int64_t from_s, until_s, now_s = now_ms / 1000;
    identity_validity(certificate->identity, &from_s, &until_s);
    if (until_s < now_s)
        add_date(why, "expired on", until_s);
    else if (from_s > now_s)
        add_date(why, "is not valid before", from_s);
    else if (until_s < now_s + SOON_S)
        add_date(why, "expires on", until_s);
    else
        return true;
    str_adds(why, "; clients that look at its dates then refuse it");
    return false;
}

bool certificate_reload(struct certificate *certificate, struct str *error)
{
    struct identity *identity = read_it(certificate, error);
    if (!identity || !tls_context_use(certificate->tls, identity, error)) {
        identity_free(identity);
        return false;
    }
    identity_free(certificate->identity);
    certificate->identity = identity;
    return true;
}
