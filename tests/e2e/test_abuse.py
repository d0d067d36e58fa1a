"""What an enemy can send: it costs the enemy, and two people who talk meanwhile lose nothing.

SNUG_ABUSE_FULL=1 takes the sizes of the real thing; without it they are such that each limit is
passed many times and the whole takes seconds. Delays are no matter of these tests: tests/bench
measures them.
"""

import contextlib
import os
import socket

import pytest

from harness import DEADLINE_S
from harness.bystanders import HELD_BYTES, is_sanitized, many_files, memory_bytes
from harness.irc import IrcClient, trusting

# However slow the machine is, who has not registered yet is turned away for what he does.
SERVER_ARGUMENTS = ("--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0", "--register-time", "1h")

FULL = os.environ.get("SNUG_ABUSE_FULL") == "1"
SILENT = 10_000 if FULL else 1_000
UNREAD_BYTES = 200_000_000 if FULL else 8_000_000
NICK_CHANGES = 10_000 if FULL else 1_000
JOINS = 5_000 if FULL else 500
SILENT_BYTES = 2048  # of one that has not registered, with what the allocator adds


@pytest.mark.parametrize("nick", [None, "eve"])
def test_a_line_without_an_end(server, bystanders, irc, nick):
    eve = irc(nick)
    for _ in range(20):
        eve.send_bytes(b"x" * 100_000)
        bystanders.talk()
    eve.send_bytes(b"\r\n")
    eve.wait_command("417")
    assert sum(m.command == "417" for m in eve.lines) == 1
    server.wait_logged("noticed 127.0.0.1: it sent a line that was too long")
    bystanders.lost_nothing()


def test_bytes_that_are_no_text(bystanders, irc):
    eve = irc("eve")
    for data in (b"PRIVMSG #lobby :\0\0\0", b"\0", b"PRIVMSG #lobby :\xff\xfe\xc0\x80", b"\xed\xa0\x80",
                 b"PRIVMSG #lobby :\xf4\x90\x80\x80", b"\x1b[2J", b":", b"@", b"@a=b", b" ", b"\r"):
        eve.send_bytes(data + b"\r\n")
        bystanders.talk()
    eve.fence()
    assert bystanders.bob.said(by="eve") == []
    bystanders.lost_nothing()


def test_half_lines_one_byte_at_a_time(bystanders, irc):
    eve = irc("eve")
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


def test_a_reader_that_never_reads(bystanders, irc):
    irc("eve", receive_buffer_bytes=4096)
    text = "x" * 400
    for at in range(UNREAD_BYTES // (len(text) * 500)):
        bystanders.ada.send(*(f"PRIVMSG #lobby :{at}.{i} {text}" for i in range(499)))
        bystanders.said += [f"{at}.{i} {text}" for i in range(499)]
        bystanders.talk()
    bystanders.lost_nothing()


def test_nick_changes(server, bystanders, irc):
    eve = irc("eve")
    for at in range(0, NICK_CHANGES, 100):
        eve.send(*(f"NICK eve{i}" for i in range(at, at + 100)))
        bystanders.talk()
    last = f"eve{NICK_CHANGES - 1}"
    bystanders.bob.wait_for(lambda m: m.command == "NICK" and m.params == [last])
    server.wait_logged("noticed 127.0.0.1: it changes its nick all the time")
    assert server.logged("changes its nick") == 1  # the others are counted
    bystanders.lost_nothing()


def test_floods_of_joins(server, bystanders, irc):
    eve = irc("eve")
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
