"""A server of the test's own making, for what no honest server would send."""

import socket

from . import DEADLINE_S
from .irc import IrcClient


class FakeServer:
    """Listens; accept() gives the other side of one client's connection, already registered."""

    def __init__(self, capabilities="", nick=None):
        self._capabilities = capabilities
        self._nick = nick  # what the server calls everybody; None: as they wish
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLINE_S)
        self.port = self._listener.getsockname()[1]
        self._peers = []

    def accept(self):
        connection, _ = self._listener.accept()
        peer = FakePeer(connection, self._capabilities)
        self._peers.append(peer)
        peer.welcome(self._nick)
        return peer

    def turn_away(self, why):
        """Says no to the next one."""
        connection, _ = self._listener.accept()
        connection.sendall(f"ERROR :{why}\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        self._peers.append(connection)

    def end(self):
        for peer in self._peers:
            peer.close()
        self._listener.close()


class FakePeer(IrcClient):
    """The server's side: reads what the client says, answers only what it must to go on."""

    def __init__(self, connection, capabilities=""):
        self.capabilities = capabilities
        self._take(connection)
        self.nick = "the fake server"

    def welcome(self, nick=None):
        self.wait_command("USER")
        nick = nick or self.wait_command("NICK").params[0]
        self.nick = nick
        if any(m.command == "CAP" and m.params[0] == "LS" for m in self.lines):
            self.send(f":fake CAP * LS :{self.capabilities}")
        if self.capabilities:
            wanted = self.wait_for(lambda m: m.command == "CAP" and m.params[0] == "REQ").params[-1]
            self.send(f":fake CAP * ACK :{wanted}")
            self.wait_for(lambda m: m.command == "CAP" and m.params[0] == "END")
        self.send(f":fake 001 {nick} :Welcome", f":fake 005 {nick} CHANTYPES=# :are supported",
                  f":fake 422 {nick} :no MOTD", f":{nick}!u@h JOIN #lobby",
                  f":fake 353 {nick} = #lobby :{nick} @mallory", f":fake 366 {nick} #lobby :End")
