/* What cannot fail but for want of memory or descriptors, before there is anything to lose. */
#ifndef SNUG_CLIENT_NET_MUST_H
#define SNUG_CLIENT_NET_MUST_H

/* Ends the program with status 1, and one line that names the call `what`, unless `error`, libuv's, is 0.
 * To be called while the terminal is not taken, or for what never fails. */
void must(int error, const char *what);

#endif
