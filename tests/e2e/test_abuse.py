"""What an enemy can send: it costs the enemy, and two people who talk meanwhile lose nothing.

SNUG_ABUSE_FULL=1 takes the sizes of the real thing; without it they are such that each limit is
passed many times and the whole takes seconds. Delays are no matter of these tests: tests/bench
measures them.
"""

import contextlib
import datetime
import os
import pathlib
import re
import resource
import signal
import socket
import ssl
import subprocess
import time

import pytest

from harness import DEADLINE_S
from harness.irc import IrcClient, trusting
from harness.pem import certificate
from harness.server import Server

FULL = os.environ.get("SNUG_ABUSE_FULL") == "1"
SILENT = 10_000 if FULL else 1_000
STALLED = 5_000 if FULL else 800
UNREAD_BYTES = 200_000_000 if FULL else 8_000_000
NICK_CHANGES = 10_000 if FULL else 1_000
JOINS = 5_000 if FULL else 500
# What the server may have grown by, once those who did it are dealt with. The log's own caches are most
# of it: 20 MB is what 30 MB that nobody reads have made of it, and 60 MB, too.
HELD_BYTES = 32 << 20
HANDSHAKES = 512
HANDSHAKE_BYTES = 48 << 10  # OpenSSL's, of one that has begun
SILENT_BYTES = 2048  # of one that has not registered, with what the allocator adds


def memory_bytes(server):
    """What the server occupies now; sanitizers occupy what they like."""
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def is_sanitized():
    return "asan" in os.environ.get("SNUG_BUILD", "")


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


@pytest.fixture
def server(home, ended):
    # However slow the machine is, who has not registered yet is turned away for what he does.
    running = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0", "--register-time", "1h")
    ended.append(running)
    return running


@pytest.fixture
def bystanders(server):
    two = Bystanders(server)
    yield two
    two.close()


@pytest.fixture
def enemy(server):
    """enemy(): a client of the port for clear text that the test closes."""
    clients = []

    def connect(nick=None, **more):
        client = IrcClient(server.port_of("irc"), **more)
        clients.append(client)
        return client.register(nick) if nick else client

    yield connect
    for client in clients:
        client.close()


@pytest.mark.parametrize("nick", [None, "eve"])
def test_a_line_without_an_end(server, bystanders, enemy, nick):
    eve = enemy(nick)
    for _ in range(20):
        eve.send_bytes(b"x" * 100_000)
        bystanders.talk()
    eve.send_bytes(b"\r\n")
    eve.wait_command("417")
    assert sum(m.command == "417" for m in eve.lines) == 1
    server.wait_logged("noticed 127.0.0.1: it sent a line that was too long")
    bystanders.lost_nothing()


def test_bytes_that_are_no_text(bystanders, enemy):
    eve = enemy("eve")
    for data in (b"PRIVMSG #lobby :\0\0\0", b"\0", b"PRIVMSG #lobby :\xff\xfe\xc0\x80", b"\xed\xa0\x80",
                 b"PRIVMSG #lobby :\xf4\x90\x80\x80", b"\x1b[2J", b":", b"@", b"@a=b", b" ", b"\r"):
        eve.send_bytes(data + b"\r\n")
        bystanders.talk()
    eve.fence()
    assert bystanders.bob.said(by="eve") == []
    bystanders.lost_nothing()


def test_half_lines_one_byte_at_a_time(bystanders, enemy):
    eve = enemy("eve")
    for byte in b"PRIVMSG #lobby :slowly but surely\r\n":
        eve.send_bytes(bytes([byte]))
        bystanders.talk()
    bystanders.bob.wait_said("slowly but surely", by="eve")
    eve.send_bytes(b"PRIVMSG #lobby :never ended")
    eve.close()
    bystanders.bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("eve!"))
    bystanders.lost_nothing()


def test_connections_that_never_register(server, bystanders):
    with many_files(SILENT) as count, contextlib.ExitStack() as stack:
        for i in range(count):
            stack.enter_context(socket.create_connection(
                ("127.0.0.1", server.port_of("irc" if i % 2 else "ircs")), timeout=DEADLINE_S))
            if i % 100 == 0:
                bystanders.talk()
        bystanders.talk()
        grown = memory_bytes(server) - bystanders.before_bytes
        assert is_sanitized() or grown < count * SILENT_BYTES + HELD_BYTES // 16
    bystanders.lost_nothing()


def test_a_reader_that_never_reads(bystanders, enemy):
    enemy("eve", receive_buffer_bytes=4096)
    text = "x" * 400
    for at in range(UNREAD_BYTES // (len(text) * 500)):
        bystanders.ada.send(*(f"PRIVMSG #lobby :{at}.{i} {text}" for i in range(499)))
        bystanders.said += [f"{at}.{i} {text}" for i in range(499)]
        bystanders.talk()
    bystanders.lost_nothing()


def test_nick_changes(server, bystanders, enemy):
    eve = enemy("eve")
    for at in range(0, NICK_CHANGES, 100):
        eve.send(*(f"NICK eve{i}" for i in range(at, at + 100)))
        bystanders.talk()
    last = f"eve{NICK_CHANGES - 1}"
    bystanders.bob.wait_for(lambda m: m.command == "NICK" and m.params == [last])
    server.wait_logged("noticed 127.0.0.1: it changes its nick all the time")
    assert server.logged("changes its nick") == 1  # the others are counted
    bystanders.lost_nothing()


def test_floods_of_joins(server, bystanders, enemy):
    eve = enemy("eve")
    for at in range(0, JOINS, 50):
        eve.send(*(f"JOIN #{i}" for i in range(at, at + 50)),
                 *("PART #lobby\r\nJOIN #lobby" for _ in range(5)))
        bystanders.talk()
    eve.fence()
    assert any(m.command == "405" for m in eve.lines)  # as many rooms as one may be in
    server.wait_logged("noticed 127.0.0.1: it joins rooms all the time")
    assert server.logged("joins rooms") == 1
    bystanders.lost_nothing()


def test_blobs_of_sasl_of_every_size(server, bystanders):
    sizes = range(1200) if FULL else [*range(8), *range(390, 410), *range(790, 810), *range(1190, 1200), 4000]
    with contextlib.closing(IrcClient(server.port_of("ircs"), tls=trusting())) as eve:
        eve.send("CAP REQ sasl", "NICK eve", "USER eve 0 * :eve")
        for size in sizes:
            since = len(eve.lines)
            blob = "A" * size
            pieces = [blob[i:i + 400] for i in range(0, size, 400)] or ["+"]
            if len(pieces[-1]) == 400:
                pieces.append("+")
            eve.send(f"AUTHENTICATE {('PLAIN', 'EXTERNAL', 'SCRAM-SHA-256')[size % 3]}",
                     *(f"AUTHENTICATE {piece}" for piece in pieces), "PING there")
            answers = "904", "905", "906", "ERROR"
            eve.wait_for(lambda m: m.command in answers, since=since)
            eve.wait_command("PONG", since=since)
            bystanders.talk()
        eve.send("AUTHENTICATE *", "AUTHENTICATE PLAIN", "AUTHENTICATE " + "A" * 401, "CAP END")
        eve.wait_command("905")
        eve.wait_command("366")
    server.wait_logged("noticed 127.0.0.1: an AUTHENTICATE that led to nothing")
    bystanders.lost_nothing()


def test_handshakes_of_garbage(server, bystanders):
    port = server.port_of("ircs")
    record = b"\x16\x03\x01"
    for data in (b"\0" * 600, record + b"\xff\xff" + b"x" * 70_000, record + b"\0\0" * 500, record,
                 record + b"\0\x05\x01\xff\xff\xff\xff", os.urandom(5000), b"\x80\x2e\x01\x03\x01"):
        with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as raw:
            with contextlib.suppress(ConnectionError):
                raw.sendall(data)
            bystanders.talk()
    server.wait_logged("turned 127.0.0.1 away: ", 3)
    bystanders.lost_nothing()


def client_hello():
    outgoing = ssl.MemoryBIO()
    client = trusting().wrap_bio(ssl.MemoryBIO(), outgoing)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return bytearray(outgoing.read())


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


def test_who_resets_the_connection_is_named(server, bystanders):
    """The system has forgotten the address by then."""
    with socket.create_connection(("127.0.0.1", server.port_of("ircs")), timeout=DEADLINE_S) as raw:
        raw.sendall(client_hello())
        raw.recv(1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    server.wait_logged("turned 127.0.0.1 away: the connection was closed during the TLS handshake")
    bystanders.talk()
    bystanders.lost_nothing()


def test_handshakes_that_stop_in_the_middle(server, bystanders):
    hello = client_hello()
    with many_files(STALLED) as count, contextlib.ExitStack() as stack:
        for i in range(count):
            raw = stack.enter_context(
                socket.create_connection(("127.0.0.1", server.port_of("ircs")), timeout=DEADLINE_S))
            raw.sendall(hello if i % 3 else hello[:-1])
            if i % 100 == 0:
                bystanders.talk()
        with contextlib.closing(IrcClient(server.port_of("ircs"), tls=trusting())) as fay:
            fay.register("fay")
        grown = memory_bytes(server) - bystanders.before_bytes
        assert is_sanitized() or grown < HANDSHAKES * HANDSHAKE_BYTES + HELD_BYTES // 16
        server.wait_logged("turned 127.0.0.1 away: too many TLS handshakes at the same time")
    bystanders.lost_nothing()


def test_a_hello_with_noise_in_it(server, bystanders):
    hello = client_hello()
    hello[-60:-30] = b"\xff" * 30
    with socket.create_connection(("127.0.0.1", server.port_of("ircs")), timeout=DEADLINE_S) as raw:
        with contextlib.suppress(ConnectionError):
            raw.sendall(hello)
            raw.sendall(b"\x16\x03\x03\x10\x00\x0b" + b"\xff" * 4095)
            while raw.recv(10_000):
                pass
    server.wait_logged("turned 127.0.0.1 away: ")
    bystanders.lost_nothing()


@pytest.mark.parametrize("subject", ["/CN=\x1b[2J\x1b]0;owned\x07", "/CN=" + "x" * 64, "/O=\u202etxt.exe"])
def test_a_certificate_of_strange_names(server, bystanders, home, subject):
    pem = home / "strange.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-utf8", "-subj", subject,
                    "-days", "1", "-keyout", pem, "-out", home / "certificate"],
                   check=True, capture_output=True)
    pem.write_text(pem.read_text() + (home / "certificate").read_text())
    context = trusting()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.load_cert_chain(pem)
    try:
        with contextlib.closing(IrcClient(server.port_of("ircs"), tls=context)) as eve:
            eve.register("eve")
            eve.send("WHOIS eve")
            eve.wait_command("318")
            shown = "".join(m.raw for m in eve.lines)
    except (AssertionError, ssl.SSLError, ConnectionError):
        server.wait_logged("turned 127.0.0.1 away: ")
        shown = ""
    assert not any(c in shown + "".join(server.process.err) for c in "\x1b\x07\u202e")
    bystanders.lost_nothing()


def expired(home):
    return certificate(home, "eve", days=-1)


def signed_wrongly(home):
    key, shown = certificate(home, "eve")
    der = bytearray(ssl.PEM_cert_to_DER_cert(shown))
    der[-1] ^= 1
    return key, ssl.DER_cert_to_PEM_cert(bytes(der))


def of_an_authority(home):
    """What is signed by somebody whom nobody knows."""
    certificate(home, "nobody")
    return certificate(home, "eve", by="nobody")


@pytest.mark.parametrize("make", [expired, signed_wrongly, of_an_authority])
def test_a_certificate_that_proves_nothing_to_anybody_else(server, bystanders, home, make):
    """What counts is that its key is there: nobody on a LAN is vouched for."""
    pem = home / "shown.pem"
    pem.write_text("".join(make(home)))
    context = trusting()
    context.load_cert_chain(pem)
    with contextlib.closing(IrcClient(server.port_of("ircs"), tls=context)) as eve:
        eve.register("eve")
        bystanders.talk()
        eve.send("WHOIS eve")
        assert eve.wait_command("276")
    bystanders.lost_nothing()


def test_a_certificate_that_has_expired_is_told_so(server, home):
    """Its owner keeps his name; he and the log get a line each."""
    pem = home / "shown.pem"
    pem.write_text("".join(expired(home)))
    until = subprocess.run(["openssl", "x509", "-in", home / "eve.pem", "-noout", "-enddate", "-dateopt", "iso_8601"],
                           check=True, capture_output=True, text=True).stdout
    date = until.removeprefix("notAfter=").split()[0]
    context = trusting()
    context.load_cert_chain(pem)
    for _ in range(2):  # who makes the name his, and who comes back to it
        with contextlib.closing(IrcClient(server.port_of("ircs"), tls=context)) as eve:
            eve.send("CAP REQ sasl", "NICK eve", "USER eve 0 * :eve", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
            eve.wait_command("903")
            eve.send("CAP END")
            eve.wait_for(lambda m: m.command == "NOTICE" and f"Your certificate expired on {date}: " in m.params[-1])
            eve.wait_command("366")
        server.wait_logged(f"127.0.0.1 logged in as eve, by a certificate that expired on {date}")


def test_a_certificate_of_garbage(server, bystanders):
    """A handshake of TLS 1.3 hides the certificate, so what comes in its place is noise."""
    hello = client_hello()
    with socket.create_connection(("127.0.0.1", server.port_of("ircs")), timeout=DEADLINE_S) as raw:
        raw.sendall(hello)
        assert raw.recv(65536)
        with contextlib.suppress(ConnectionError):
            raw.sendall(b"\x17\x03\x03\x01\x00" + os.urandom(256))
            while raw.recv(65536):
                pass
    server.wait_logged("turned 127.0.0.1 away: TLS: ")
    bystanders.lost_nothing()


def test_renegotiation(server, bystanders):
    client = subprocess.Popen(["openssl", "s_client", "-tls1_2", "-connect",
                               f"127.0.0.1:{server.port_of('ircs')}"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    client.stdin.write(b"NICK eve\r\nUSER eve 0 * :eve\r\n")
    client.stdin.flush()
    assert any(b" 366 eve #lobby " in line for line in client.stdout)
    # Nobody talks until the answer is there: openssl takes a line that comes before it for an error.
    client.stdin.write(b"R\n")
    client.stdin.flush()
    assert any(b"no renegotiation" in line for line in client.stdout)
    bystanders.talk()
    client.communicate(timeout=DEADLINE_S)
    bystanders.bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("eve!"))
    bystanders.lost_nothing()


def test_each_language_at_the_port_of_the_other(server, bystanders):
    with contextlib.closing(IrcClient(server.port_of("ircs"))) as clear:
        clear.send("NICK eve", "USER eve 0 * :eve")
        error = clear.wait_command("ERROR")
        assert "This port is for TLS" in error.params[-1]
        clear.wait_closed()
    with pytest.raises((ssl.SSLError, ConnectionError)):
        IrcClient(server.port_of("irc"), tls=trusting())
    server.wait_logged("TLS on the port for clear text")
    server.wait_logged("turned 127.0.0.1 away: ", 2)
    bystanders.lost_nothing()


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
