"""Those who do not play by the rules of TLS: it ends their connection alone, while two others talk."""

import contextlib
import os
import random
import socket
import ssl
import subprocess

import pytest

from harness import DEADLINE_S
from harness.bystanders import HELD_BYTES, Bystanders, is_sanitized, many_files, memory_bytes
from harness.irc import IrcClient, trusting
from harness.server import Server

# However slow the machine is, who has not registered yet is turned away for what he does.
SERVER_ARGUMENTS = ("--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0", "--register-time", "1h")

CLIENT_HELLO = bytes.fromhex("160301")
STALLED = 5_000 if os.environ.get("SNUG_ABUSE_FULL") == "1" else 800
HANDSHAKES = 512
HANDSHAKE_BYTES = 48 << 10  # OpenSSL's, of one that has begun


def raw(port):
    return socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)


def read_to_the_end(sock):
    data = b""
    while True:
        try:
            more = sock.recv(65536)
        except ConnectionError:
            return data
        if not more:
            return data
        data += more


def client_hello():
    outgoing = ssl.MemoryBIO()
    client = trusting().wrap_bio(ssl.MemoryBIO(), outgoing)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return bytearray(outgoing.read())


@pytest.mark.parametrize("said", [b"NICK otto\r\nUSER otto 0 * :otto\r\n", b"\0" * 600, b"\x80\x2e\x01\x03\x01"],
                         ids=["irc", "zeros", "ssl2"])
def test_clear_text_on_the_port_for_tls(server, bystanders, said):
    with raw(server.port_of("ircs")) as sock:
        sock.sendall(said)
        assert read_to_the_end(sock).startswith(b"ERROR :This port is for TLS")
    server.wait_logged("clear text on the port for TLS")
    bystanders.lost_nothing()


def test_tls_on_the_port_for_clear_text(server, bystanders):
    with raw(server.port_of("irc")) as sock:
        with pytest.raises(ssl.SSLError, match="(?i)alert"):
            trusting().wrap_socket(sock)
    server.wait_logged("TLS on the port for clear text")
    bystanders.lost_nothing()


@pytest.mark.parametrize("garbage", [
    b"\x16\x03\x01\x00\x05hello",
    b"\x16\x03\x01\xff\xff" + b"x" * 70000,
    b"\x15\x03\x01\x00\x02\x02\x28",
    b"\x17\x03\x03\x00\x05hello",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(506),
    b"\x16\x03\x01" + bytes(1000),
    b"\x16\x03\x01\x00\x05\x01\xff\xff\xff\xff",
    b"\x16\x03\x01\x13\x88" + random.Random(1).randbytes(5000),
], ids=["short", "long", "alert", "data", "zeros", "empty", "length", "noise"])
def test_garbage_ends_alone(server, bystanders, garbage):
    with raw(server.port_of("ircs")) as sock:
        try:
            sock.sendall(garbage)
        except ConnectionError:
            pass
        answer = read_to_the_end(sock)
        assert b"ERROR" not in answer
    server.wait_logged("turned 127.0.0.1 away: TLS: ")
    bystanders.lost_nothing()


def test_handshakes_that_stall_end_in_time(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0")
    ended.append(server)
    bystanders = Bystanders(server)
    stalled = [raw(server.port_of("ircs")) for _ in range(50)]
    for number, sock in enumerate(stalled):
        sock.sendall(CLIENT_HELLO[:number % 4])
    bystanders.talk()
    for sock in stalled:
        assert read_to_the_end(sock) == b""
        sock.close()
    server.wait_logged("no TLS handshake in time")
    assert server.logged("no TLS handshake in time") == 1  # the others are counted
    bystanders.lost_nothing()
    bystanders.close()


def test_who_goes_during_the_handshake_is_forgotten(server, bystanders):
    for number in range(20):
        with raw(server.port_of("ircs")) as sock:
            sock.sendall(CLIENT_HELLO[:number % 4])
    bystanders.lost_nothing()
    assert server.stop() == 0


def test_a_stop_does_not_wait_for_handshakes(server):
    stalled = [raw(server.port_of("ircs")) for _ in range(5)]
    for number, sock in enumerate(stalled):
        sock.sendall(CLIENT_HELLO[:number % 4])
    assert server.stop() == 0
    for sock in stalled:
        sock.close()


def test_who_resets_the_connection_is_named(server, bystanders):
    """The system has forgotten the address by then."""
    with raw(server.port_of("ircs")) as sock:
        sock.sendall(client_hello())
        sock.recv(1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    server.wait_logged("turned 127.0.0.1 away: the connection was closed during the TLS handshake")
    bystanders.talk()
    bystanders.lost_nothing()


def test_handshakes_that_stop_in_the_middle(server, bystanders):
    hello = client_hello()
    with many_files(STALLED) as count, contextlib.ExitStack() as stack:
        for i in range(count):
            sock = stack.enter_context(raw(server.port_of("ircs")))
            sock.sendall(hello if i % 3 else hello[:-1])
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
    with raw(server.port_of("ircs")) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(hello)
            sock.sendall(b"\x16\x03\x03\x10\x00\x0b" + b"\xff" * 4095)
            while sock.recv(10_000):
                pass
    server.wait_logged("turned 127.0.0.1 away: ")
    bystanders.lost_nothing()


def test_a_certificate_of_garbage(server, bystanders):
    """A handshake of TLS 1.3 hides the certificate, so what comes in its place is noise."""
    hello = client_hello()
    with raw(server.port_of("ircs")) as sock:
        sock.sendall(hello)
        assert sock.recv(65536)
        with contextlib.suppress(ConnectionError):
            sock.sendall(b"\x17\x03\x03\x01\x00" + os.urandom(256))
            while sock.recv(65536):
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
