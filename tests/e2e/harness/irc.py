"""A raw IRC client: what it is told to send, and a record of every line that came."""

import collections
import socket
import ssl
import time

from . import DEADLINE_S

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


class IrcClient:
    """Reads only when the test waits, so that one that never reads is one that never waits."""

    answers_pings = True

    def __init__(self, port, host="127.0.0.1", receive_buffer_bytes=None, tls=None, source=None):
        self.lines = []
        self.nick = None
        self.closed = False
        self._rest = b""
        self._socket = socket.socket()
        if receive_buffer_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        self._socket.settimeout(DEADLINE_S)
        if source:
            self._socket.bind((source, 0))
        self._socket.connect((host, port))
        if tls:
            self._socket = tls.wrap_socket(self._socket)

    def send(self, *lines):
        self.send_bytes("".join(line + "\r\n" for line in lines).encode())

    def send_bytes(self, data):
        self._socket.sendall(data)

    def register(self, nick):
        """Comes in and waits until it is in the lobby."""
        self.nick = nick
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.wait_for(lambda m: m.command == "366")
        return self

    def wait_for(self, predicate, timeout_s=DEADLINE_S, since=0):
        """The first message from index `since` on that satisfies predicate."""
        deadline = time.monotonic() + timeout_s
        at = since
        while True:
            for message in self.lines[at:]:
                if predicate(message):
                    return message
            at = len(self.lines)
            self._read_more(deadline)

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

    def wait_closed(self, timeout_s=DEADLINE_S):
        """Reads to the end, and then closes its own side as well."""
        deadline = time.monotonic() + timeout_s
        while not self.closed:
            self._read_more(deadline)
        self.close()

    def _read_more(self, deadline):
        left_s = deadline - time.monotonic()
        if left_s <= 0 or self.closed:
            seen = "\n  ".join(m.raw for m in self.lines[-30:])
            why = "the connection is closed" if self.closed else "nothing like it in time"
            raise AssertionError(f"{self.nick}: {why}; the last lines were\n  {seen}")
        self._socket.settimeout(left_s)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        except (ConnectionError, ssl.SSLError):
            data = b""
        if not data:
            self.closed = True
            return
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            message = parse(line.decode("utf-8", "surrogateescape").rstrip("\r"))
            self.lines.append(message)
            if message.command == "PING" and self.answers_pings:
                self.send(f"PONG :{message.params[-1]}")

    def close(self):
        self._socket.close()
