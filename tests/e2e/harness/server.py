"""A snugd of the test's own, on ports of the system's choice."""

import re
import signal
import socket

from . import SNUGD
from .process import Process, environment

LISTENING = re.compile(r"snugd: listening on (\S+):(\d+) \((\w+)\)")

FINGERPRINT = re.compile(r"snugd: certificate fingerprint \(SHA-256\) ([0-9a-f]{64})")

FREE_PORT = "127.0.0.1:0"


def reserved_port():
    """A socket whose port nobody is given, for a listener or for a connection, until it is closed; a
    server that is told the number can listen there, again and again."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


class Server:
    """snugd with its data under home. Listens on a free port of 127.0.0.1 unless told otherwise, which
    is its own until the end of the test, and may open max_files files if that is given."""

    program = SNUGD

    def __init__(self, home, *arguments, max_files=None):
        self.home = home
        self.max_files = max_files
        self._reserved = []
        self.arguments = tuple(self._reserve() if a == FREE_PORT else a
                               for a in arguments or ("--irc", FREE_PORT))
        self.process = None
        self.fixed_port = None
        self.start()

    def start(self):
        limited = ["sh", "-c", f'ulimit -n {self.max_files} && exec "$@"', "sh"] if self.max_files else []
        self.process = Process([*limited, self.program, *self.arguments],
                               environment(self.home, **self.environment()), self.home)
        self.process.wait_until(self._is_up, "a line that says where snugd listens")

    def environment(self):
        """What its environment has more than others."""
        return {}

    def _is_up(self):
        assert self.process.running, self.process.describe()
        wanted = sum(str(a).partition("=")[0] in ("--irc", "--ircs", "--plain") for a in self.arguments)
        return len(self.listeners()) >= max(1, wanted)

    def _reserve(self):
        self._reserved.append(reserved_port())
        return "%s:%d" % self._reserved[-1].getsockname()

    def listeners(self):
        """[(address, port, kind)] as announced on stderr."""
        found = (LISTENING.fullmatch(line) for line in self.process.err)
        return [(m[1], int(m[2]), m[3]) for m in found if m]

    @property
    def port(self):
        return self.listeners()[0][1]

    def port_of(self, kind):
        return next(port for _, port, its_kind in self.listeners() if its_kind == kind)

    @property
    def fingerprint(self):
        """As announced on stderr at the start."""
        return next(m[1] for m in map(FINGERPRINT.fullmatch, self.process.err) if m)

    def logged(self, text):
        """How many lines of the log hold this, but for those that only count what goes on."""
        return sum(text in line and "more times in a minute" not in line for line in self.process.err)

    def wait_logged(self, text, count=1):
        self.process.wait_until(lambda: self.logged(text) >= count, f"{text!r} in the log")

    def kill(self):
        """Like a power cut: no good-bye. The next start() takes the same port."""
        self.fixed_port = self.port
        self.process.signal(signal.SIGKILL)
        self.process.wait_exit()
        self.arguments = ("--irc", f"127.0.0.1:{self.fixed_port}")

    def stop(self):
        """The polite end; returns the exit status."""
        self.process.signal(signal.SIGTERM)
        return self.process.wait_exit()

    def end(self):
        self.process.end()
        for reserved in self._reserved:
            reserved.close()
