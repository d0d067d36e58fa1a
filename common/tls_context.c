/* What all connections of a program share: its key, what it accepts of others, and whom it believes. */
#include "common/tls.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "common/alloc.h"
#include "common/identity_inner.h"
#include "common/str.h"
#include "common/tls_inner.h"

enum { MAX_CERT_LIST_BYTES = 16 * 1024 /* of a peer that nobody knows yet */ };

/* Who a client is, the fingerprint says: nobody on a LAN has a certificate of an authority. */
static int accept_any(int is_good, X509_STORE_CTX *store)
{
    (void)is_good, (void)store;
    return 1;
}

static bool fail_context(struct str *error, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    str_addf(error, "TLS: %s: %s", what, reason ? reason : "OpenSSL does not say why");
    ERR_clear_error();
    return false;
}

/* OpenSSL's default has finite fields of 8,192 bits, with which one hello costs a server 110 ms, and whoever
 * sends it nothing. The first name is new in OpenSSL 3.5. */
static void choose_groups(SSL_CTX *ssl)
{
    if (!SSL_CTX_set1_groups_list(ssl, "X25519MLKEM768:X25519:P-256:P-384"))
        SSL_CTX_set1_groups_list(ssl, "X25519:P-256:P-384");
    ERR_clear_error();
}

static void configure(struct tls_context *context)
{
    SSL_CTX *ssl = context->ssl;
    choose_groups(ssl);
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_max_send_fragment(ssl, TLS_RECORD_BYTES);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ssl, 0);
    if (!context->is_server) {
        SSL_CTX_set_verify(ssl, SSL_VERIFY_NONE, NULL); /* checked all the same, see the result */
        return;
    }
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, accept_any);
    SSL_CTX_set_max_cert_list(ssl, MAX_CERT_LIST_BYTES);
}

static struct tls_context *context_new(bool is_server)
{
    struct tls_context *context = xcalloc(1, sizeof *context);
    ERR_clear_error();
    context->is_server = is_server;
    context->wire = tls_wire_new();
    context->ssl = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
    if (context->ssl)
        configure(context);
    return context;
}

bool tls_context_use(struct tls_context *context, const struct identity *identity,
                     struct str *error)
{
    ERR_clear_error();
    if (SSL_CTX_use_cert_and_key(context->ssl, identity->cert, identity->key, identity->chain, 1))
        return true;
    return fail_context(error, "this key and certificate cannot be used");
}

struct tls_context *tls_context_new_server(const struct identity *identity, struct str *error)
{
    struct tls_context *context = context_new(true);
    if (!context->ssl)
        fail_context(error, "cannot begin");
    else if (tls_context_use(context, identity, error))
        return context;
    tls_context_free(context);
    return NULL;
}

/* Whether the directory has certificates under their hashes, as c_rehash and the distributions make. */
static bool is_hashed(const char *path)
{
    DIR *directory = opendir(path);
    bool found = false;
    for (const struct dirent *entry; directory && !found && (entry = readdir(directory));)
        found = strspn(entry->d_name, "0123456789abcdef") == 8 && entry->d_name[8] == '.';
    if (directory)
        closedir(directory);
    return found;
}

/* Those of a directory are read when they are needed; reading all of a bundle would take longer than
 * all else at the start. A system without authorities is one where none vouches. */
static void know_authorities(SSL_CTX *ssl)
{
    const char *path = getenv(X509_get_default_cert_dir_env());
    path = path ? path : X509_get_default_cert_dir();
    bool bundle = getenv(X509_get_default_cert_file_env()) || !is_hashed(path);
    if (bundle || !SSL_CTX_load_verify_dir(ssl, path))
        (void)SSL_CTX_set_default_verify_paths(ssl);
    ERR_clear_error();
}

struct tls_context *tls_context_new_client(const struct identity *identity, struct str *error)
{
    struct tls_context *context = context_new(false);
    if (context->ssl)
        know_authorities(context->ssl);
    if (!context->ssl)
        fail_context(error, "cannot begin");
    else if (!identity || tls_context_use(context, identity, error))
        return context;
    tls_context_free(context);
    return NULL;
}

void tls_context_free(struct tls_context *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->wire);
    free(context);
}
