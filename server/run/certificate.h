/* The server's key and certificate: its own, made at the first start, or the operator's; read again on
 * SIGHUP, for the connections that begin from then on. */
#ifndef SNUG_SERVER_RUN_CERTIFICATE_H
#define SNUG_SERVER_RUN_CERTIFICATE_H

#include "common/identity.h"
#include "common/tls.h"
#include "server/config/config.h"

struct certificate;

/* Reads what the configuration names; else what lies in the data directory, where it is made if there
 * is none, in the name of the server. NULL, with one line in *error. Borrows the configuration. */
struct certificate *certificate_new(const struct config *config, const char *data_dir,
                                    struct str *error);

/* After loop_free(). NULL is nothing to do. */
void certificate_free(struct certificate *certificate);

/* For listeners. */
struct tls_context *certificate_tls(const struct certificate *certificate);

/* Writes its fingerprint. */
void certificate_fingerprint(const struct certificate *certificate, char digits[FINGERPRINT_SIZE]);

/* Whether its dates are good for some time yet; if not, appends to `why` what the operator is to be
 * told. */
bool certificate_is_current(const struct certificate *certificate, int64_t now_ms, struct str *why);

/* Reads it again. False, with one line in *error, if that fails: then all stays as it is. */
bool certificate_reload(struct certificate *certificate, struct str *error);

#endif
