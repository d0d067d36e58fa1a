/* Lines onto a standard stream of which nobody knows who reads it, or whether anybody does: what it
 * does not take at once waits, up to a limit, and what is beyond that is left out and counted. The
 * loop is never held up. */
#ifndef SNUG_SERVER_ADMIN_PRINTER_H
#define SNUG_SERVER_ADMIN_PRINTER_H

#include <stddef.h>

enum { PRINTER_WAITING_BYTES = 256 * 1024 };

struct printer;

/* A printer onto that descriptor, which stays open and as it is. */
struct printer *printer_new(int fd);

/* Prints what can be printed now, leaves the rest, and frees the printer. */
void printer_free(struct printer *printer);

/* Prints a text that consists of whole lines. */
void printer_lines(struct printer *printer, const char *lines, size_t len);

/* Tries again to print what waits; every second or so. */
void printer_flush(struct printer *printer);

#endif
