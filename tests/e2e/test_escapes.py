"""Nothing that a peer sends reaches a terminal as a control sequence: not in the client, whichever way it
shows things, nor on the plain door, nor in what the server prints, logs and exports."""

import json
import subprocess

import pytest

from harness import SNUG, SNUGD
from harness.fake import FakeServer
from harness.hostile import HOSTILE, controls_in, forbidden_in, hostile_lines
from harness.irc import IrcClient
from harness.plain import PlainClient
from harness.process import Process, environment
from harness.server import Server
from harness.snug import Snug
from harness.terminal import Terminal

NOT_TEXT = b":mallory!u@h PRIVMSG #lobby :not UTF-8: \x9b31337m \xff\xfe\xc0\x80\r\n"


@pytest.fixture
def fake(ended):
    server = FakeServer()
    ended.append(server)
    return server


def attack(fake):
    peer = fake.accept()
    peer.send_bytes(NOT_TEXT)
    for line in hostile_lines():
        peer.send(line)
    return peer


# The client.

def test_on_a_full_screen(fake, home, ended):
    ada = Snug(fake.port, "ada", home)
    ended.append(ada)
    attack(fake)
    ada.wait_text("the end")
    ada.send("/quit\r")
    ada.wait_exit()
    assert forbidden_in(bytes(ada.raw)) == []
    assert not any(string.startswith(("0;owned", "52;")) for string in ada.strings)
    ada.raw.decode("utf-8")


def test_line_after_line_on_a_terminal(fake, home, ended):
    ada = Terminal([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", "--linear"], environment(home), home)
    ended.append(ada)
    attack(fake)
    ada.wait_text("the end")
    assert forbidden_in(bytes(ada.raw)) == []
    assert not any(string.startswith(("0;owned", "52;")) for string in ada.strings)


@pytest.mark.parametrize("arguments", [(), ("--format", "json")], ids=["text", "json"])
def test_in_line_mode(fake, home, ended, arguments):
    ada = Process([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", *arguments], environment(home), home)
    ended.append(ada)
    attack(fake)
    ada.wait_until(lambda: any("the end" in line for line in ada.out), "the last line")
    assert controls_in("\n".join(ada.out + ada.err)) == []
    if arguments:
        heard = [json.loads(line) for line in ada.out]
        assert any("before \x1b[2J after" == h.get("text") for h in heard)  # whole, for a program


def test_what_a_notifier_is_told(fake, home, ended):
    ada = Snug(fake.port, "ada", home)
    ended.append(ada)
    peer = fake.accept()
    peer.wait_command("PING")  # after joining
    ada.wait_joined()
    ada.send("\x1b[O")  # the terminal is looked away from
    for text in HOSTILE:
        peer.send(f":mallory!u@h PRIVMSG #lobby :ada: {text} look")
    peer.send(":mallory!u@h PRIVMSG #lobby :ada: the end")
    ada.wait_until(lambda: any("the end" in string for string in ada.strings), "the last notification")
    assert not any(string.startswith(("0;owned", "52;")) for string in ada.strings)
    assert not any(controls_in(string) for string in ada.strings)


# The server.

def say_everything(server, door="irc"):
    """As whoever one can be, wherever the server may show or write it."""
    for number, text in enumerate(HOSTILE):
        eve = IrcClient(server.port_of(door))
        eve.send(f"PASS {text}", f"NICK {text}", f"USER {text} 0 * :{text}", f"NICK eve{number}", "PING there")
        eve.wait_command("PONG")
        eve.send("USER eve 0 * :eve")
        eve.wait_command("366")
        eve.send(f"PRIVMSG #lobby :{text}", f"PRIVMSG #lobby :\x01ACTION {text}\x01", f"JOIN #{text}", f"TOPIC #lobby :{text}",
                 f"OPER {text} {text}", f"REGISTER * * {text}", f"AUTHENTICATE {text}", f"SETNAME :{text}",
                 f"AWAY :{text}", f"KICK #lobby {text} :{text}", f"KILL {text} :{text}", f"MODE #lobby +b {text}",
                 f"{text} {text}", f"PART #lobby :{text}")
        eve.fence()
        eve.send(f"QUIT :{text}")
        eve.wait_closed()


def test_what_the_server_prints_and_logs(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--echo", "--oper", "root:secret")
    ended.append(server)
    say_everything(server)
    root = IrcClient(server.port).register("root")
    root.send("OPER root secret", *(f"KILL nobody :{text}" for text in HOSTILE),
              *(f"KLINE 1m nobody@{text} :{text}" for text in HOSTILE), "PRIVMSG #lobby :the end")
    root.fence()
    server.process.wait_until(lambda: any("the end" in line for line in server.process.out + server.process.err),
                              "the last line")
    assert controls_in("\n".join(server.process.out + server.process.err)) == []
    root.close()
    assert server.stop() == 0
    for log in home.rglob("audit.log"):
        assert controls_in(log.read_text()) == []
    for arguments in ((), ("--json",)):
        exported = subprocess.run([SNUGD, "export", "#lobby", *arguments], env=environment(home), check=True,
                                  capture_output=True, text=True).stdout
        assert "the end" in exported and controls_in(exported) == []


def test_who_listens_with_telnet(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--plain", "127.0.0.1:0")
    ended.append(server)
    bob = PlainClient(server.port_of("plain")).enter("bob")
    say_everything(server)
    ada = IrcClient(server.port_of("irc")).register("ada")
    for text in HOSTILE:
        ada.send(f"PRIVMSG bob :{text}", f"NOTICE bob :{text}")
    ada.send("PRIVMSG #lobby :the end")
    bob.wait_said("the end", by="ada")
    assert controls_in("\n".join(bob.lines)) == []
    bob.send(*HOSTILE, *(f"/{text}" for text in HOSTILE), "/topic", "/who", "/earlier", "the very end")
    ada.wait_said("the very end", by="bob")
    ada.send("PRIVMSG #lobby :done")
    bob.wait_said("done", by="ada")
    assert controls_in("\n".join(bob.lines)) == []
    ada.close()
    bob.close()
