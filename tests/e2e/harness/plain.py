"""Clients of the plain door: a raw socket, and the distribution's telnet and nc."""

import socket
import time

from . import DEADLINE_S
from .process import Process, environment


class PlainClient:
    """Reads only when the test waits; keeps every line that came."""

    def __init__(self, port, host="127.0.0.1", receive_buffer_bytes=None):
        self.lines = []
        self.closed = False
        self._rest = b""
        self._socket = socket.socket()
        if receive_buffer_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        self._socket.settimeout(DEADLINE_S)
        self._socket.connect((host, port))

    def enter(self, nick):
        self.send(nick)
        self.wait_line(lambda line: line.startswith("You are in #lobby"))
        return self

    def send(self, *lines):
        self.send_bytes("".join(line + "\r\n" for line in lines).encode())

    def send_bytes(self, data):
        self._socket.sendall(data)

    def end_input(self):
        self._socket.shutdown(socket.SHUT_WR)

    def wait_line(self, predicate, since=0):
        deadline = time.monotonic() + DEADLINE_S
        at = since
        while True:
            for line in self.lines[at:]:
                if predicate(line):
                    return line
            at = len(self.lines)
            self._read_more(deadline)

    def wait_said(self, text, by):
        return self.wait_line(lambda line: line.endswith(f"] {by}: {text}"))

    def wait_closed(self):
        deadline = time.monotonic() + DEADLINE_S
        while not self.closed:
            self._read_more(deadline)
        self.close()

    def _read_more(self, deadline):
        left_s = deadline - time.monotonic()
        seen = "\n  ".join(self.lines[-30:])
        assert left_s > 0 and not self.closed, f"nothing like it; the last lines were\n  {seen}"
        self._socket.settimeout(left_s)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        except ConnectionError:
            data = b""
        self.closed = not data
        *whole, self._rest = (self._rest + data).split(b"\r\n")
        self.lines += [line.decode("utf-8") for line in whole]

    def close(self):
        self._socket.close()


class PlainProgram(Process):
    """telnet or nc with pipes for a terminal, in the lobby as `nick`."""

    def __init__(self, program, port, nick, home):
        super().__init__([program, "127.0.0.1", str(port)], environment(home), home)
        self.say(nick)
        self.wait_line(lambda line: line.startswith("You are in #lobby"))

    def say(self, line):
        self.write(line.encode() + b"\n")

    def lines(self):
        return [line.rstrip("\r") for line in self.out]

    def wait_line(self, predicate):
        return self.wait_until(lambda: next(filter(predicate, self.lines()), None), "a line")

    def wait_said(self, text, by):
        return self.wait_line(lambda line: line.endswith(f"] {by}: {text}"))
