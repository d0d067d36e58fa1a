/* Numerics and standard replies: acted on, or shown where they belong. */
#ifndef SNUG_CLIENT_SESSION_REPLY_H
#define SNUG_CLIENT_SESSION_REPLY_H

struct incoming;
struct session;

/* Acts on a numeric: its row of the table, or shows it. */
void reply_numeric(struct session *s, const struct incoming *in);

/* FAIL: what was asked for is refused. */
void reply_fail(struct session *s, const struct incoming *in);

/* WARN or NOTE: shown, and perhaps news of a device of ours. */
void reply_remark(struct session *s, const struct incoming *in);

#endif
