"""Two people who talk, whatever goes on around them; and what the server may take for it."""

import contextlib
import os
import pathlib
import resource
import time

from . import DEADLINE_S
from .irc import IrcClient

# What the server may have grown by, once those who did it are dealt with. The log's own caches are most
# of it: 20 MB is what 30 MB that nobody reads have made of it, and 60 MB, too.
HELD_BYTES = 32 << 20


def memory_bytes(server):
    """What the server occupies now; sanitizers occupy what they like."""
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def is_sanitized():
    return "asan" in os.environ.get("SNUG_BUILD", "")


@contextlib.contextmanager
def many_files(count):
    """Lets this process open that many files, or as many as it may, and says how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, count + 100)
    allowed = wanted if hard < 0 else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    try:
        yield min(count, allowed - 100)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Bystanders:
    """Ada speaks and Bob listens, whatever goes on around them."""

    def __init__(self, server):
        port = server.port_of("irc")
        self.server = server
        self.ada, self.bob = IrcClient(port).register("ada"), IrcClient(port).register("bob")
        self.said = []
        self.before_bytes = memory_bytes(server)

    def talk(self, times=1):
        for _ in range(times):
            since = len(self.bob.lines)
            self.said.append(f"line {len(self.said)}")
            self.ada.send(f"PRIVMSG #lobby :{self.said[-1]}")
            self.bob.wait_said(self.said[-1], by="ada", since=since)

    def lost_nothing(self):
        self.talk()
        assert self.bob.said(by="ada") == self.said
        assert self.server.process.running
        if is_sanitized():
            return
        deadline = time.monotonic() + DEADLINE_S
        while memory_bytes(self.server) > self.before_bytes + HELD_BYTES:
            assert time.monotonic() < deadline, (self.before_bytes, memory_bytes(self.server))
            self.ada.fence("again")

    def close(self):
        self.ada.close()
        self.bob.close()
