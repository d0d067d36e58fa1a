"""A client of a door of lines: what it is told to send, and a record of every line that came."""

import socket
import ssl
import time

from . import DEADLINE_S


class WireClient:
    """Reads only when the test waits, so that one that never reads is one that never waits."""

    nick = None
    ending = b"\n"

    def __init__(self, port, host="127.0.0.1", receive_buffer_bytes=None, tls=None, source=None):
        wire = socket.socket()
        if receive_buffer_bytes:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        wire.settimeout(DEADLINE_S)
        if source:
            wire.bind((source, 0))
        wire.connect((host, port))
        self._take(tls.wrap_socket(wire) if tls else wire)

    def _take(self, connection):
        self.lines, self.closed = [], False
        self._rest, self._socket = b"", connection

    def send(self, *lines):
        self.send_bytes("".join(line + "\r\n" for line in lines).encode())

    def send_bytes(self, data):
        self._socket.sendall(data)

    def wait_for(self, predicate, timeout_s=DEADLINE_S, since=0):
        """The first line from index `since` on that satisfies predicate."""
        deadline = time.monotonic() + timeout_s
        at = since
        while True:
            for line in self.lines[at:]:
                if predicate(line):
                    return line
            at = len(self.lines)
            self._read_more(deadline)

    def wait_closed(self, timeout_s=DEADLINE_S):
        """Reads to the end, and then closes its own side as well."""
        deadline = time.monotonic() + timeout_s
        while not self.closed:
            self._read_more(deadline)
        self.close()

    def _read_more(self, deadline):
        left_s = deadline - time.monotonic()
        if left_s <= 0 or self.closed:
            seen = "\n  ".join(map(self.shown, self.lines[-30:]))
            why = "the connection is closed" if self.closed else "nothing like it in time"
            raise AssertionError(f"{self.nick}: {why}; the last lines were\n  {seen}")
        self._socket.settimeout(left_s)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        except (ConnectionError, ssl.SSLError):
            data = b""
        self.closed = not data
        *whole, self._rest = (self._rest + data).split(self.ending)
        for line in whole:
            self.heard(line)

    def heard(self, line):
        """Keeps what the bytes of a line say."""
        self.lines.append(line.decode())

    @staticmethod
    def shown(line):
        """A line that was kept, as text."""
        return line

    def close(self):
        self._socket.close()
