/*
 * OpenSSL between two strings.
 *
 * The BIO underneath reads from what was fed and appends to the string of the call in progress, so
 * that nothing is kept between calls but a record that has not arrived as a whole.
 */
#include "common/tls.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "common/alloc.h"
#include "common/identity_inner.h"
#include "common/str.h"
#include "common/tls_inner.h"

enum {
    RECORD_TYPE_FIRST = 0x14, /* RFC 8446, 5.1: change_cipher_spec ... */
    RECORD_TYPE_LAST = 0x18,  /* ... heartbeat */
    RECORD_HEADER_BYTES = 5,
};

struct tls {
    struct tls_context *context;
    SSL *ssl;      /* NULL: a server waits for the first record */
    struct str in; /* was fed; OpenSSL has taken it up to `in_at` */
    size_t in_at;
    struct str *out; /* of the call in progress */
    char *error;
    enum tls_state state;
    bool heard; /* a first byte has come */
    bool peer_is_clear;
    bool closing;
};

static int wire_read(BIO *bio, char *bytes, int len)
{
    struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t left = tls->in.len - tls->in_at;
    if (left == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t count = left < (size_t)len ? left : (size_t)len;
    memcpy(bytes, tls->in.data + tls->in_at, count);
    tls->in_at += count;
    if (tls->in_at == tls->in.len) {
        str_release(&tls->in);
        tls->in_at = 0;
    }
    return (int)count;
}

static int wire_write(BIO *bio, const char *bytes, int len)
{
    struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    return str_add(tls->out, bytes, (size_t)len) ? len : -1;
}

static long wire_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static int wire_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

BIO_METHOD *tls_wire_new(void)
{
    BIO_METHOD *wire = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    if (!wire || !BIO_meth_set_read(wire, wire_read) || !BIO_meth_set_write(wire, wire_write) ||
        !BIO_meth_set_ctrl(wire, wire_ctrl) || !BIO_meth_set_create(wire, wire_create))
        out_of_memory(0);
    return wire;
}

/* Whom a client wants to see in the certificate; RFC 6066, section 3: addresses are not sent. */
static void set_host(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *wanted = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host))
        return;
    /* What is no name at all, no certificate has; "" would mean any. */
    if (!*host || !X509_VERIFY_PARAM_set1_host(wanted, host, 0) ||
        !SSL_set_tlsext_host_name(ssl, host))
        SSL_set1_host(ssl, "invalid.");
}

static void begin(struct tls *tls)
{
    tls->ssl = SSL_new(tls->context->ssl);
    BIO *bio = BIO_new(tls->context->wire);
    if (!tls->ssl || !bio)
        out_of_memory(0);
    BIO_set_data(bio, tls);
    SSL_set_bio(tls->ssl, bio, bio);
    if (tls->context->is_server)
        SSL_set_accept_state(tls->ssl);
    else
        SSL_set_connect_state(tls->ssl);
}

struct tls *tls_new(struct tls_context *context, const char *host)
{
    struct tls *tls = xcalloc(1, sizeof *tls);
    tls->context = context;
    str_init(&tls->in, TLS_MAX_WAITING_BYTES);
    if (!context->is_server) {
        begin(tls);
        set_host(tls->ssl, host);
        ERR_clear_error();
    }
    return tls;
}

/* OpenSSL takes 45 KB for a handshake: not for somebody who has not said a whole word yet. */
static bool has_begun(struct tls *tls)
{
    const unsigned char *header = (const unsigned char *)tls->in.data;
    if (tls->ssl)
        return true;
    if (tls->in.len < RECORD_HEADER_BYTES)
        return false;
    size_t body = (size_t)header[3] << 8 | header[4]; /* RFC 8446, 5.1 */
    if (body <= SSL3_RT_MAX_PLAIN_LENGTH && tls->in.len < RECORD_HEADER_BYTES + body)
        return false;
    begin(tls);
    return true;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    str_release(&tls->in);
    free(tls->error);
    free(tls);
}

static void fail(struct tls *tls, const char *why)
{
    if (tls->state == TLS_FAILED)
        return;
    tls->state = TLS_FAILED;
    tls->error = xstrdup(why);
    str_release(&tls->in);
    tls->in_at = 0;
}

/* OpenSSL's reasons, the frequent ones in words for people. */
static void fail_ssl(struct tls *tls)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
        switch (ERR_GET_REASON(code)) {
        case SSL_R_UNSUPPORTED_PROTOCOL:
            reason = "no version in common; TLS 1.2 or 1.3 is needed";
            break;
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
            reason = "the other side speaks none here, or none that is new enough";
            break;
        case SSL_R_NO_SHARED_CIPHER:
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
            reason = "no cipher in common, or none for this certificate";
            break;
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_BAD_RECORD_TYPE:
            reason = "these bytes are no TLS";
            break;
        case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
            reason = "bytes were changed on their way";
            break;
        default:
            break;
        }
    }
    struct str why;
    str_init(&why, 512);
    str_addf(&why, "TLS: %s", reason ? reason : "too much waits to be sent");
    fail(tls, why.data);
    str_release(&why);
    ERR_clear_error();
}

/* After a call of OpenSSL that was not a success. */
static void look(struct tls *tls, int result)
{
    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        break;
    case SSL_ERROR_ZERO_RETURN:
        tls->state = TLS_CLOSED;
        break;
    default:
        fail_ssl(tls);
    }
}

void tls_feed(struct tls *tls, const void *bytes, size_t len)
{
    if (len == 0 || tls->state == TLS_FAILED)
        return;
    unsigned char first = *(const unsigned char *)bytes;
    if (!tls->heard && (first < RECORD_TYPE_FIRST || first > RECORD_TYPE_LAST)) {
        tls->peer_is_clear = true;
        fail(tls, "the other side does not speak TLS here");
        return;
    }
    tls->heard = true;
    if (!str_add(&tls->in, bytes, len))
        fail(tls, "TLS: more was sent than is taken at once");
}

void tls_eof(struct tls *tls)
{
    if (tls->state == TLS_HANDSHAKING)
        fail(tls, "the connection was closed during the TLS handshake");
    else if (tls->state == TLS_OPEN)
        fail(tls, "the connection was cut");
}

enum tls_state tls_handshake(struct tls *tls, struct str *out)
{
    if (tls->state != TLS_HANDSHAKING || !has_begun(tls))
        return tls->state;
    ERR_clear_error();
    tls->out = out;
    int result = SSL_do_handshake(tls->ssl);
    if (result == 1)
        tls->state = TLS_OPEN;
    else
        look(tls, result);
    tls->out = NULL;
    return tls->state;
}

size_t tls_read(struct tls *tls, void *bytes, size_t size, struct str *out)
{
    size_t count = 0;
    if (tls->state != TLS_OPEN || size == 0)
        return 0;
    ERR_clear_error();
    tls->out = out;
    int result = SSL_read_ex(tls->ssl, bytes, size, &count);
    if (result != 1) {
        look(tls, result);
        count = 0;
    }
    tls->out = NULL;
    return count;
}

bool tls_write(struct tls *tls, const void *bytes, size_t len, struct str *out)
{
    size_t count = 0;
    if ((tls->state != TLS_OPEN && tls->state != TLS_CLOSED) || tls->closing)
        return false;
    if (len == 0)
        return true;
    ERR_clear_error();
    tls->out = out;
    int result = SSL_write_ex(tls->ssl, bytes, len, &count);
    if (result != 1)
        fail_ssl(tls);
    tls->out = NULL;
    return result == 1;
}

void tls_close(struct tls *tls, struct str *out)
{
    if ((tls->state != TLS_OPEN && tls->state != TLS_CLOSED) || tls->closing)
        return;
    tls->closing = true;
    ERR_clear_error();
    tls->out = out;
    /* Its result says whether the other side has closed, too; what cannot be said is not missed. */
    (void)SSL_shutdown(tls->ssl);
    ERR_clear_error();
    tls->out = NULL;
}

enum tls_state tls_state(const struct tls *tls)
{
    return tls->state;
}

bool tls_waiting(const struct tls *tls)
{
    return tls->state == TLS_OPEN && (tls->in.len > 0 || SSL_pending(tls->ssl) > 0);
}

const char *tls_error(const struct tls *tls)
{
    return tls->error ? tls->error : "";
}

bool tls_peer_is_clear(const struct tls *tls)
{
    return tls->peer_is_clear;
}

bool tls_peer_fingerprint(const struct tls *tls, char digits[FINGERPRINT_SIZE])
{
    const X509 *cert = tls->ssl ? SSL_get0_peer_certificate(tls->ssl) : NULL;
    if (cert)
        fingerprint_of(cert, digits);
    return cert != NULL;
}

void tls_peer_validity(const struct tls *tls, int64_t *from_s, int64_t *until_s)
{
    const X509 *cert = tls->ssl ? SSL_get0_peer_certificate(tls->ssl) : NULL;
    *from_s = *until_s = 0;
    if (cert)
        validity_of(cert, from_s, until_s);
}

bool tls_peer_is_vouched_for(const struct tls *tls)
{
    return tls->ssl && SSL_get0_peer_certificate(tls->ssl) &&
           SSL_get_verify_result(tls->ssl) == X509_V_OK;
}
