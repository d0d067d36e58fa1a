"""Clients of the plain door: a raw socket, and the distribution's telnet and nc."""

import socket

from .process import Process, environment
from .wire import WireClient


class PlainClient(WireClient):
    """A raw socket."""

    ending = b"\r\n"

    def enter(self, nick):
        self.nick = nick
        self.send(nick)
        self.wait_for(lambda line: line.startswith("You are in #lobby"))
        return self

    def end_input(self):
        self._socket.shutdown(socket.SHUT_WR)

    def wait_said(self, text, by):
        return self.wait_for(lambda line: line.endswith(f"] {by}: {text}"))


class PlainProgram(Process):
    """telnet or nc with pipes for a terminal, in the lobby as `nick`."""

    def __init__(self, program, port, nick, home):
        super().__init__([program, "127.0.0.1", str(port)], environment(home), home)
        self.say(nick)
        self.wait_for(lambda line: line.startswith("You are in #lobby"))

    def say(self, line):
        self.write(line.encode() + b"\n")

    def lines(self):
        return [line.rstrip("\r") for line in self.out]

    def wait_for(self, predicate):
        return self.wait_until(lambda: next(filter(predicate, self.lines()), None), "a line")

    def wait_said(self, text, by):
        return self.wait_for(lambda line: line.endswith(f"] {by}: {text}"))
