/* The functions that the table of commands names, a row each (commands.c). Each carries out the command
 * of its name, whose least number of parameters and time dispatch has checked: it hands the hub what
 * is asked, or answers the client at once, a refusal included. Client and message are borrowed. */
#ifndef SNUG_SERVER_DOOR_IRC_HANDLERS_H
#define SNUG_SERVER_DOOR_IRC_HANDLERS_H

#include "server/door/irc/client.h"

/* registration.c */
void irc_pass(struct irc_client *client, const struct irc_message *message);
void irc_nick(struct irc_client *client, const struct irc_message *message);
void irc_user(struct irc_client *client, const struct irc_message *message);
void irc_ping(struct irc_client *client, const struct irc_message *message);
void irc_pong(struct irc_client *client, const struct irc_message *message);
void irc_quit(struct irc_client *client, const struct irc_message *message);

/* rooms.c */
void irc_join(struct irc_client *client, const struct irc_message *message);
void irc_part(struct irc_client *client, const struct irc_message *message);
void irc_topic(struct irc_client *client, const struct irc_message *message);
void irc_names(struct irc_client *client, const struct irc_message *message);

/* list.c */
void irc_list(struct irc_client *client, const struct irc_message *message);

/* modes.c */
void irc_mode(struct irc_client *client, const struct irc_message *message);

/* conduct.c */
void irc_kick(struct irc_client *client, const struct irc_message *message);
void irc_invite(struct irc_client *client, const struct irc_message *message);
void irc_knock(struct irc_client *client, const struct irc_message *message);
void irc_rename(struct irc_client *client, const struct irc_message *message);

/* speak.c */
void irc_privmsg(struct irc_client *client, const struct irc_message *message);
void irc_notice(struct irc_client *client, const struct irc_message *message);
void irc_tagmsg(struct irc_client *client, const struct irc_message *message);

/* multiline.c */
void irc_batch(struct irc_client *client, const struct irc_message *message);

/* sasl.c */
void irc_authenticate(struct irc_client *client, const struct irc_message *message);

/* account.c */
void irc_register(struct irc_client *client, const struct irc_message *message);
void irc_verify(struct irc_client *client, const struct irc_message *message);

/* self.c */
void irc_away(struct irc_client *client, const struct irc_message *message);
void irc_setname(struct irc_client *client, const struct irc_message *message);

/* who.c */
void irc_who(struct irc_client *client, const struct irc_message *message);

/* monitor.c */
void irc_monitor(struct irc_client *client, const struct irc_message *message);

/* oper.c */
void irc_oper(struct irc_client *client, const struct irc_message *message);
void irc_kill(struct irc_client *client, const struct irc_message *message);
void irc_chghost(struct irc_client *client, const struct irc_message *message);
void irc_wallops(struct irc_client *client, const struct irc_message *message);
void irc_rehash(struct irc_client *client, const struct irc_message *message);

/* known.c */
void irc_admit(struct irc_client *client, const struct irc_message *message);
void irc_unadmit(struct irc_client *client, const struct irc_message *message);
void irc_grant(struct irc_client *client, const struct irc_message *message);
void irc_revoke(struct irc_client *client, const struct irc_message *message);
void irc_release(struct irc_client *client, const struct irc_message *message);

/* bans.c */
void irc_kline(struct irc_client *client, const struct irc_message *message);
void irc_unkline(struct irc_client *client, const struct irc_message *message);
void irc_timedban(struct irc_client *client, const struct irc_message *message);

/* stats.c */
void irc_stats(struct irc_client *client, const struct irc_message *message);

/* history.c */
void irc_chathistory(struct irc_client *client, const struct irc_message *message);

/* device.c, passwd.c */
void irc_device(struct irc_client *client, const struct irc_message *message);
void irc_passwd(struct irc_client *client, const struct irc_message *message);

/* redact.c */
void irc_redact(struct irc_client *client, const struct irc_message *message);

/* marker.c */
void irc_markread(struct irc_client *client, const struct irc_message *message);

/* metadata.c */
void irc_metadata(struct irc_client *client, const struct irc_message *message);

/* search.c */
void irc_search(struct irc_client *client, const struct irc_message *message);

/* people.c */
void irc_whois(struct irc_client *client, const struct irc_message *message);
void irc_whowas(struct irc_client *client, const struct irc_message *message);
void irc_userhost(struct irc_client *client, const struct irc_message *message);
void irc_ison(struct irc_client *client, const struct irc_message *message);

/* info.c */
void irc_motd(struct irc_client *client, const struct irc_message *message);
void irc_lusers(struct irc_client *client, const struct irc_message *message);
void irc_version(struct irc_client *client, const struct irc_message *message);
void irc_time(struct irc_client *client, const struct irc_message *message);
void irc_info(struct irc_client *client, const struct irc_message *message);
void irc_admin(struct irc_client *client, const struct irc_message *message);
void irc_links(struct irc_client *client, const struct irc_message *message);
void irc_isupport(struct irc_client *client, const struct irc_message *message);
void irc_help(struct irc_client *client, const struct irc_message *message);

#endif
