/* The standard streams are shared with whoever started the program, and with what else he started: what
 * is set on them (O_NONBLOCK) is set for all. */
#ifndef SNUG_SERVER_ADMIN_DESCRIPTOR_H
#define SNUG_SERVER_ADMIN_DESCRIPTOR_H

/* Opens the same pipe or terminal once more, `mode` being O_RDONLY or O_WRONLY: a descriptor that does not
 * wait, and shares its flags with nobody. The caller closes it. -1: it cannot be, as with sockets. */
int descriptor_reopen(int fd, int mode);

#endif
