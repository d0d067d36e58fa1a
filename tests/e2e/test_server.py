"""snugd as a program: its start, its end, and what one bad client costs the others."""

import signal
import socket

import pytest

from harness import SNUGD
from harness.irc import IrcClient, trusting
from harness.process import Process, environment
from harness.server import Server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_good_bye_to_everyone(server, irc, number):
    people = [irc("ada"), irc("bob"), irc()]
    server.process.signal(number)
    for person in people[:2]:
        person.wait_command("ERROR")
    for person in people:
        person.wait_closed()
    assert server.process.wait_exit() == 0


def test_everyone_hears_everything_once_in_one_order(irc):
    people = [irc(nick) for nick in ("ada", "bob", "cy")]
    for round_number in range(100):
        for person in people:
            person.send(f"PRIVMSG #lobby :{person.nick} {round_number}")
    for person in people:
        person.fence()
        for other in people:
            if other is not person:
                person.wait_said(f"{other.nick} 99")
    heard = {}
    for person in people:
        others = [text for text in person.said() if not text.startswith(person.nick)]
        assert len(others) == len(set(others)) == 200
        heard[person.nick] = others
    # What two of them both heard, they heard in the same order.
    for one, two in [("ada", "bob"), ("bob", "cy"), ("ada", "cy")]:
        common = set(heard[one]) & set(heard[two])
        assert [t for t in heard[one] if t in common] == [t for t in heard[two] if t in common]


def test_a_slow_reader_is_caught_up_and_nobody_else_notices(irc):
    bob, cy = irc("bob"), irc("cy")
    sleepy = irc("sleepy", receive_buffer_bytes=4096)
    cy.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("sleepy!"))
    said = []
    # 60 x 500 x 400 bytes are 12 MB: more than all the buffers on the way take.
    for batch in range(60):
        lines = [f"{batch}-{i} {'x' * 380}" for i in range(500)]
        bob.send(*(f"PRIVMSG #lobby :{line}" for line in lines))
        said += lines
        cy.wait_said(lines[-1], by="bob", since=len(cy.lines))
    assert cy.said(by="bob") == said
    sleepy.wait_said(said[-1], by="bob")
    assert sleepy.said(by="bob") == said
    bob.send("PRIVMSG #lobby :live again")
    sleepy.wait_said("live again", by="bob", since=len(sleepy.lines))
    sleepy.fence()


def test_who_takes_nothing_at_all_is_closed_with_a_reason(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--stuck-time", "5s")
    ended.append(server)
    bob, cy = IrcClient(server.port).register("bob"), IrcClient(server.port).register("cy")
    stuck = IrcClient(server.port, receive_buffer_bytes=4096).register("stuck")
    # 12 MB are more than all the buffers on the way take.
    for batch in range(60):
        bob.send(*(f"PRIVMSG #lobby :{batch}-{i} {'x' * 380}" for i in range(500)))
        cy.wait_for(lambda m, last=f"{batch}-499 ": m.params[-1].startswith(last), since=len(cy.lines))
    left = cy.wait_for(lambda m: m.command == "QUIT")
    assert left.source.startswith("stuck!") and left.params == ["Took nothing for 5 seconds"]
    assert len(cy.said(by="bob")) == 30_000
    stuck.wait_closed()
    assert not any(m.params[-1].startswith("59-499 ") for m in stuck.lines)
    for person in (bob, cy):
        person.fence()
        person.close()


def test_one_that_breaks_off_is_announced_with_a_reason(irc):
    bob, ada = irc("bob"), irc("ada")
    ada._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    ada.close()
    left = bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    assert left.params[0]


def test_bad_bytes_cost_only_their_sender(irc):
    bob, ada = irc("bob"), irc("ada")
    bad = irc()
    for data in (b"\0\0\0\r\n", b"\xff\xfe PRIVMSG\r\n", b":\r\n", b"@\r\n", b"NICK\r\n", b"x" * 100_000,
                 b"\r\n", b"PRIVMSG #lobby\rQUIT :smuggled\r\n"):
        try:
            bad.send_bytes(data)
        except ConnectionError:
            break
    ada.send("PRIVMSG #lobby :all well?")
    bob.wait_said("all well?", by="ada")
    assert not any(m.command == "QUIT" and not m.source.startswith("bad") for m in bob.lines)


def test_several_listeners(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--irc", "127.0.0.1:0")
    ended.append(server)
    ports = {port for _, port, kind in server.listeners() if kind == "irc"}
    assert len(ports) == 2
    for port in ports:
        socket.create_connection(("127.0.0.1", port)).close()


def test_default_listeners(home, ended):
    for port in (6667, 6697):
        try:
            socket.create_server(("", port)).close()
        except OSError:
            pytest.skip(f"port {port} of this machine is in use")
    server = Server(home, "--data", str(home / "data"))
    ended.append(server)
    server.process.wait_until(lambda: ("127.0.0.1", 6667, "irc") in server.listeners(), "port 6667")
    # [::] takes IPv4, too; without IPv6 it is 0.0.0.0.
    ada = IrcClient(server.port_of("ircs"), tls=trusting()).register("ada")
    assert server.port_of("ircs") == 6697
    ada.close()


def test_a_port_that_is_taken(server, home, ended):
    second = Process([SNUGD, "--irc", f"127.0.0.1:{server.port}", "--data", str(home / "other")],
                     environment(home), home)
    ended.append(second)
    assert second.wait_exit() == 1
    assert len(second.err) == 1 and str(server.port) in second.err[0]


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["--irc"], ["--irc", "nonsense"], ["extra"],
                                       ["--irc", "127.0.0.1:99999"]])
def test_wrong_usage(home, ended, arguments):
    process = Process([SNUGD, *arguments], environment(home), home)
    ended.append(process)
    assert process.wait_exit() == 2
    assert len(process.err) == 1 and process.out == []


@pytest.mark.parametrize("option, word", [("--help", "--irc"), ("--version", "snugd")])
def test_asking_for_help(home, ended, option, word):
    process = Process([SNUGD, option], environment(home), home)
    ended.append(process)
    assert process.wait_exit() == 0
    assert any(word in line for line in process.out) and process.err == []
