"""The server goes away and comes back: the client says so, keeps the line, and carries on."""

import contextlib
import re
import signal
import socket

from harness import DEADLINE_S
from harness.irc import IrcClient
from harness.snug import Snug


TLS_HANDSHAKE = b"\x16"
READ_BYTES = 4096


def test_a_half_typed_line_outlives_the_server(server, snug):
    ada = snug("ada")
    ada.type("written before")
    server.kill()
    ada.wait_screen(lambda _: re.search("connect|lost|closed", ada.text(), re.I), "word that the server is gone")
    assert ada.edited() == "written before"
    ada.type(" and after")

    server.start()
    bob = IrcClient(server.port).register("bob")
    bob.wait_for(lambda m: (m.command == "JOIN" and m.source.startswith("ada!"))
                 or (m.command == "353" and "ada" in m.params[-1].replace("@", "").split()))
    assert ada.edited() == "written before and after"
    ada.key("Enter")
    bob.wait_said("written before and after", by="ada", to="#lobby")
    ada.wait_edited("")
    bob.close()


def test_a_server_that_says_good_bye(server, snug):
    ada = snug("ada")
    ada.type("still here")
    assert server.stop() == 0
    ada.wait_screen(lambda _: re.search("connect|lost|closed", ada.text(), re.I), "word that the server is gone")
    assert ada.edited() == "still here"


def start_without_server(server, home, ended):
    """snug that finds nobody, and says so."""
    server.kill()
    ada = Snug(server.fixed_port, "ada", home)
    ended.append(ada)
    ada.wait_text("not connected: 127.0.0.1 port ")
    return ada


def test_the_server_may_come_later(server, home, ended):
    ada = start_without_server(server, home, ended)
    server.start()
    ada.wait_joined()


def test_what_is_typed_before_the_server_comes_stays(server, home, ended):
    ada = start_without_server(server, home, ended)
    ada.type("patience")
    server.start()
    ada.wait_screen(lambda _: any(row.split("│")[0].rstrip().endswith("- connected") for row in ada.rows()),
                    "that it is connected")
    assert "connected again" not in ada.text()
    ada.wait_edited("patience")


def history_of(port, room):
    """What the log has of people's words, read by somebody who comes afterwards."""
    reader = IrcClient(port).register("reader")
    reader.send("CAP REQ :batch message-tags draft/chathistory")
    reader.fence("agreed")
    since = len(reader.lines)
    reader.send(f"CHATHISTORY LATEST {room} * 100")
    reader.fence("read")
    reader.close()
    return [m.params[1] for m in reader.lines[since:] if m.command == "PRIVMSG"]


def test_what_was_sent_and_not_acknowledged_is_said_once(server, snug, irc):
    """The server is killed with lines on their way: each is in the log once, whatever had arrived."""
    ada, bob = snug("ada"), irc("bob")
    ada.send("acknowledged\r")
    bob.wait_said("acknowledged", by="ada")
    server.process.signal(signal.SIGSTOP)
    lines = [f"in flight {number}" for number in range(10)]
    for line in lines:
        ada.say(line)
    ada.type("half typed")
    server.kill()
    ada.wait_text("disconnected")
    server.start()
    ada.wait_text("connected again")
    ada.wait_screen(lambda _: not any("…" in row and "in flight" in row for row in ada.rows()),
                    "no line that waits")
    assert ada.edited() == "half typed"
    assert history_of(server.port, "#lobby") == ["acknowledged", *lines]


def test_the_user_ends_the_connection(server, snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.say("/disconnect")
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    ada.wait_text("disconnected: as you asked")
    ada.wait_text("offline: F5 connects")
    ada.say("said meanwhile")
    bob.send("PRIVMSG #lobby :missed meanwhile")
    ada.say("/disconnect")
    ada.say("/reconnect")
    bob.wait_said("said meanwhile", by="ada", to="#lobby")
    ada.wait_text("missed meanwhile")
    ada.wait_text("connected again")


def test_the_user_makes_the_connection_anew(server, snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.say("/reconnect")
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    ada.wait_text("connected again")
    ada.say("there again")
    bob.wait_said("there again", by="ada", to="#lobby")


def test_what_waits_outlives_the_program_that_was_disconnected(server, snug, irc):
    """Killed or left, it says it when it comes again: once, and in order."""
    ada, bob = snug("ada"), irc("bob")
    ada.say("before")
    ada.say("/disconnect")
    ada.say("first")
    ada.type("half typed")
    ada.signal(signal.SIGKILL)
    ada.wait_exit()
    ada = snug("ada")
    bob.wait_said("first", by="ada", to="#lobby")
    assert ada.edited() == "half typed"
    ada.key("C-u")
    ada.wait_edited("")
    ada.say("/disconnect")
    ada.say("second")
    ada.say("/quit")
    assert ada.wait_exit() == 0
    snug("ada")
    bob.wait_said("second", by="ada", to="#lobby")
    assert [m.params[1] for m in bob.lines if m.command == "PRIVMSG"] == ["before", "first", "second"]


def test_the_connection_is_made_anew_in_the_midst_of_a_handshake(home, ended):
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(DEADLINE_S)

        def accept():
            """The other side of one that has begun to shake hands, and waits for an answer."""
            peer = stack.enter_context(listener.accept()[0])
            peer.settimeout(DEADLINE_S)
            assert peer.recv(1) == TLS_HANDSHAKE
            return peer

        def wait_closed(peer):
            while peer.recv(READ_BYTES):
                pass
        ada = Snug(listener.getsockname()[1], "ada", home, arguments=("--tls",))
        ended.append(ada)
        peer = accept()
        for command in "/reconnect", "/reconnect":
            ada.say(command)
            wait_closed(peer)
            peer = accept()
        ada.say("/disconnect")
        wait_closed(peer)
        ada.wait_text("offline: F5 connects")
        ada.key("F5")
        accept()


def test_nobody_is_waited_for_any_more(server, home, ended):
    ada = start_without_server(server, home, ended)
    ada.say("/disconnect")
    ada.wait_text("offline: F5 connects")
    server.start()
    ada.key("F5")
    ada.wait_joined()
