"""A raw IRC client: what it is told to send, and a record of every line that came."""

import collections
import ssl

from .wire import WireClient

Message = collections.namedtuple("Message", "raw tags source command params")


def parse(raw):
    rest, tags, source = raw, "", ""
    if rest.startswith("@"):
        tags, _, rest = rest[1:].partition(" ")
    if rest.startswith(":"):
        source, _, rest = rest[1:].partition(" ")
    head, colon, trailing = rest.partition(" :")
    words = head.split()
    return Message(raw, tags, source, words[0].upper() if words else "",
                   words[1:] + ([trailing] if colon else []))


def trusting():
    """A TLS context that takes any certificate, and shows none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class IrcClient(WireClient):
    """Answers PINGs, and keeps messages taken apart."""

    answers_pings = True

    def register(self, nick):
        """Comes in and waits until it is in the lobby."""
        self.nick = nick
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.wait_for(lambda m: m.command == "366")
        return self

    def wait_command(self, command, **more):
        return self.wait_for(lambda m: m.command == command, **more)

    def wait_said(self, text, by=None, to=None, **more):
        """The first PRIVMSG whose text is exactly this."""
        return self.wait_for(lambda m: m.command == "PRIVMSG" and m.params[1:] == [text]
                             and (by is None or m.source.split("!")[0] == by)
                             and (to is None or m.params[0] == to), **more)

    def said(self, by=None):
        """The texts of all PRIVMSGs that came so far, in order."""
        return [m.params[1] for m in self.lines if m.command == "PRIVMSG"
                and (by is None or m.source.split("!")[0] == by)]

    def fence(self, word="fence"):
        """Waits until the server has dealt with everything sent before."""
        since = len(self.lines)
        self.send(f"PING {word}")
        self.wait_for(lambda m: m.command == "PONG" and m.params[-1] == word, since=since)

    def heard(self, line):
        message = parse(line.decode("utf-8", "surrogateescape").rstrip("\r"))
        self.lines.append(message)
        if message.command == "PING" and self.answers_pings:
            self.send(f"PONG :{message.params[-1]}")

    @staticmethod
    def shown(line):
        return line.raw
