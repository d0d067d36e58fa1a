"""The standard streams belong to whoever started the server: what he sets there stays set, and a reader who
does not read holds nobody up."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess

import pytest

from harness import DEADLINE_S, SNUG, SNUGD
from harness.irc import IrcClient
from harness.process import environment
from harness.server import reserved_port


@pytest.fixture
def start(home):
    """start(*arguments, stdin=..., ...): the program, which is ended after the test."""
    programs = []

    def run(*arguments, **streams):
        programs.append(subprocess.Popen([SNUGD, "--irc", "127.0.0.1:0", *arguments], env=environment(home), cwd=home,
                                         **streams))
        return programs[-1]

    yield run
    for program in programs:
        program.kill()
        program.wait()


def port_told(stream):
    return next(int(line.split(b":")[2].split()[0]) for line in stream if b"(irc)" in line)


def waits(fd):
    return not fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK


def test_what_it_prints_to_may_be_what_others_print_to(start):
    """As in a pipeline, where what another program writes would be lost."""
    reading, writing = os.pipe()
    with open(reading, "rb") as told, open(writing, "wb") as shared:
        server = start("--echo", stdout=shared, stderr=shared)
        ada = IrcClient(port_told(told)).register("ada")
        ada.send("PRIVMSG #lobby :hello")
        assert any(line.endswith(b"ada: hello\n") for line in told)
        assert waits(shared)
        server.send_signal(signal.SIGTERM)
        assert server.wait(DEADLINE_S) == 0
        assert waits(shared)
        ada.close()


def test_what_it_reads_from_a_pipe_may_be_what_others_read_from(start):
    reading, writing = os.pipe()
    with open(reading, "rb") as shared, open(writing, "wb", buffering=0) as told:
        server = start("--console", stdin=shared, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        port_told(server.stderr)
        assert waits(shared)
        told.write(b"/quit\n")
        server.communicate(timeout=DEADLINE_S)
        assert server.returncode == 0 and waits(shared)


def test_a_socket_that_it_reads_from_is_as_it_was_at_the_end(start):
    ours, shared = socket.socketpair()
    with ours, shared:
        server = start("--console", stdin=shared, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        port_told(server.stderr)
        ours.sendall(b"/quit\n")
        server.communicate(timeout=DEADLINE_S)
        assert server.returncode == 0 and waits(shared)


@pytest.mark.parametrize("flags", [0, os.O_NONBLOCK], ids=["waits", "does not wait"])
def test_nobody_reads_the_log(start, flags):
    """Who is served does not wait for it, and whoever reads it later is told what he has missed."""
    reading, writing = os.pipe()
    with open(reading, "rb") as told, open(writing, "wb") as shared:
        fcntl.fcntl(shared, fcntl.F_SETPIPE_SZ, 4096)
        fcntl.fcntl(shared, fcntl.F_SETFL, fcntl.fcntl(shared, fcntl.F_GETFL) | flags)
        server = start("--oper", "ada:secret", stdout=subprocess.DEVNULL, stderr=shared)
        ada = IrcClient(port_told(told)).register("ada")
        ada.send("OPER ada secret")
        ada.wait_command("381")
        for i in range(40):
            ada.send("REHASH")
            ada.fence(f"fence{i}")
        shared.close()
        while b"lines of the log were lost" not in (lost := told.readline()):
            assert lost.endswith(b"\n") and lost
            ada.send("REHASH")
        assert lost.rpartition(b" (")[2].split()[0].isdigit()
        server.send_signal(signal.SIGTERM)
        assert told.read().endswith(b"stopping on signal 15\n")
        ada.close()


CLOSED = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]


def closing(streams, home, *command):
    return subprocess.Popen(["sh", "-c", f'exec "$@" {streams}', "sh", *command], env=environment(home), cwd=home)


def connected(port, process):
    """As soon as it listens: without a standard error it cannot say so."""
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            return IrcClient(port)
    raise AssertionError(f"it ended with {process.returncode}")


@pytest.mark.parametrize("streams", CLOSED)
def test_the_server_without_them(home, streams):
    """No file or connection of its own is taken for one of them."""
    with reserved_port() as reserved:
        port = reserved.getsockname()[1]
        server = closing(streams, home, SNUGD, "--irc", f"127.0.0.1:{port}", "--echo")
        try:
            ada = connected(port, server).register("ada")
            ada.send("PRIVMSG #lobby :hello", "NICK ann")
            ada.fence()
            server.send_signal(signal.SIGTERM)
            ada.wait_closed()
            assert server.wait(DEADLINE_S) == 0
        finally:
            server.kill()
            server.wait()


@pytest.mark.parametrize("streams", CLOSED)
def test_the_client_without_them(home, server, irc, streams):
    bob = irc("bob")
    ada = closing(streams, home, SNUG, f"127.0.0.1:{server.port}", "--nick", "ada", "--once", "hello")
    bob.wait_said("hello", by="ada")
    assert ada.wait(DEADLINE_S) == 0
