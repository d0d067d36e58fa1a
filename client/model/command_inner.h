/* The functions of the command table that lie in files of their own; not for others.
 *
 * Those that take a call alone are a row of the table each: they carry out the command of their name, as
 * it was typed, and return false, with a hint, where nothing was done, so that it stays to be mended. */
#ifndef SNUG_CLIENT_MODEL_COMMAND_INNER_H
#define SNUG_CLIENT_MODEL_COMMAND_INNER_H

#include "client/model/command.h"

/* command.c */
/* Queues an intent; false, with a hint, when the queue is full. */
bool command_intend(struct call *call, enum intent_type type, const char *target, const char *text);
/* The room meant: the one named, or the current one; NULL, with a hint, when that is none. */
const char *command_room(struct call *call, const char *name);

/* Whether it is one word; if not, with a hint. */
bool command_is_word(struct call *call, const char *nick);
/* The buffer of the room or the conversation of that name, opened where there is none. */
struct buffer *command_buffer_for(struct model *model, const char *name);

/* command_buffer.c */
bool command_buffer(struct call *call);
bool command_query(struct call *call);
bool command_clear(struct call *call);
bool command_close(struct call *call);

/* command_help.c */
bool command_help(struct call *call);

/* command_people.c */
bool command_whois(struct call *call);
bool command_whowas(struct call *call);
bool command_who(struct call *call);
bool command_list(struct call *call);
bool command_kick(struct call *call);
bool command_invite(struct call *call);
bool command_mode(struct call *call);
bool command_op(struct call *call);
bool command_deop(struct call *call);
bool command_voice(struct call *call);
bool command_devoice(struct call *call);
bool command_ctcp(struct call *call);
bool command_notice(struct call *call);
bool command_away(struct call *call);
bool command_device(struct call *call);
bool command_devices(struct call *call);

/* command_oper.c */
bool command_oper(struct call *call);
bool command_ban(struct call *call);
bool command_unban(struct call *call);
bool command_kline(struct call *call);
bool command_unkline(struct call *call);
bool command_kill(struct call *call);
bool command_admit(struct call *call);
bool command_unadmit(struct call *call);
bool command_grant(struct call *call);
bool command_revoke(struct call *call);
bool command_release(struct call *call);

/* command_open.c */
bool command_open(struct call *call);

/* command_set.c */
bool command_ignore(struct call *call);
bool command_unignore(struct call *call);
bool command_set(struct call *call);
bool command_save(struct call *call);

#endif
