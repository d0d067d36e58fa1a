"""Too many, or too fast: connections, lines and descriptors have their limits, and those within lose nothing."""

import contextlib
import datetime
import re
import signal
import socket
import ssl
import time

import pytest

from harness import DEADLINE_S
from harness.bystanders import Bystanders
from harness.irc import IrcClient, trusting
from harness.server import Server


def read_ms(message):
    """When the server read it, by its own clock."""
    sent = re.search(r"time=([^;]+)Z", message.tags)[1]
    return datetime.datetime.fromisoformat(sent).timestamp() * 1000


def test_a_flood_from_elsewhere_is_read_slowly(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--lines", "50")
    ended.append(server)
    bystanders = Bystanders(server)
    bystanders.bob.send("CAP REQ :server-time")
    with contextlib.closing(IrcClient(server.port, source="127.0.0.2").register("eve")) as eve:
        eve.send(*(f"PRIVMSG #lobby :{i}" for i in range(600)))
        bystanders.bob.wait_said("400", by="eve")
        bystanders.talk()
        bystanders.bob.wait_said("599", by="eve")
    assert bystanders.bob.said(by="eve") == [str(i) for i in range(600)]
    first, last = (read_ms(bystanders.bob.wait_said(text, by="eve")) for text in ("0", "599"))
    assert last - first >= (600 - 50 * 10) * 1000 / 50 - 100  # all but the first ten seconds' worth
    server.wait_logged("noticed 127.0.0.2: it sends too fast, and is read more slowly")
    bystanders.lost_nothing()
    bystanders.close()


def test_there_is_a_time_to_register(home, ended):
    config = home / "snugd.conf"
    config.write_text("register-time = 1h\n")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(config))
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    config.write_text("register-time = 1s\n")
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the configuration again")
    with contextlib.closing(IrcClient(server.port)) as eve:
        eve.send("NICK eve")
        assert "Registration timeout" in eve.wait_command("ERROR").params[-1]
        eve.wait_closed()
    server.wait_logged("noticed 127.0.0.1: it did not register in time")
    ada.fence()
    ada.close()


def test_one_connection_too_many_is_told_so(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--connections", "2")
    ended.append(server)
    bystanders = Bystanders(server)
    with contextlib.closing(IrcClient(server.port)) as eve:
        eve.send("NICK eve")
        assert "No more connections" in eve.wait_command("ERROR").params[-1]
        eve.wait_closed()
    server.wait_logged("turned 127.0.0.1 away: No more connections")
    bystanders.lost_nothing()
    bystanders.close()


def test_descriptors_that_run_out(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0", "--register-time", "1h", max_files=64)
    ended.append(server)
    bystanders = Bystanders(server)
    clear, secure = server.port_of("irc"), server.port_of("ircs")
    with contextlib.ExitStack() as stack:
        def come(port, **more):
            return stack.enter_context(contextlib.closing(IrcClient(port, **more)))

        let_in = 2
        for _ in range(100):
            eve = come(clear)
            eve.send("NICK eve", "PING there")
            if eve.wait_for(lambda m: m.command in ("PONG", "ERROR")).command == "ERROR":
                assert "No more connections" in eve.lines[-1].params[-1]
                break
            let_in += 1
        assert 16 < let_in < 64
        # Who was refused stays, and so do those who shake hands for ever: their places are taken over.
        for _ in range(50):
            come(clear)
            stack.enter_context(socket.create_connection(("127.0.0.1", secure), timeout=DEADLINE_S))
            bystanders.talk()
        server.process.signal(signal.SIGHUP)  # this reads files
        server.wait_logged("read the configuration again")
        server.wait_logged("turned 127.0.0.1 away: No more connections")
        server.wait_logged("turned 127.0.0.1 away: descriptors are scarce")
    deadline = time.monotonic() + DEADLINE_S
    while True:
        with contextlib.closing(IrcClient(clear)) as fay:
            fay.send("NICK fay", "USER fay 0 * :fay")
            if fay.wait_for(lambda m: m.command in ("366", "ERROR")).command == "366":
                break
        assert time.monotonic() < deadline
    bystanders.lost_nothing()
    bystanders.close()


def test_too_many_from_one_address(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0", "--per-address", "3")
    ended.append(server)
    bystanders = Bystanders(server)
    clear, secure = server.port_of("irc"), server.port_of("ircs")

    def come(port, tls=None):
        return IrcClient(port, tls=tls, source="127.0.0.2")

    with contextlib.ExitStack() as stack:
        here = [stack.enter_context(contextlib.closing(come(clear))) for _ in range(2)]
        here.append(stack.enter_context(contextlib.closing(come(secure, trusting()))))
        for _ in range(10):
            with contextlib.closing(come(clear)) as eve:
                eve.send("NICK eve", "USER eve 0 * :eve")
                assert "Too many connections" in eve.wait_command("ERROR").params[-1]
                eve.wait_closed()
            with pytest.raises((ssl.SSLError, ConnectionError)):
                come(secure, trusting())
            bystanders.talk()
        stack.enter_context(contextlib.closing(IrcClient(clear, source="127.0.0.3"))).register("fay")
        server.wait_logged("turned 127.0.0.2 away: too many connections from there")
        here[0].send("QUIT")
        here[0].wait_closed()
        here[1].register("eve")
        stack.enter_context(contextlib.closing(come(clear))).register("gil")
    bystanders.lost_nothing()
    bystanders.close()
