"""Nothing that a peer sends reaches a terminal as a control sequence: not in the client, whichever way it
shows things, nor on the plain door, nor in what the server prints, logs and exports."""

import itertools
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
    server = FakeServer("batch cap-notify extended-join invite-notify message-tags server-time setname standard-replies"
                        " draft/message-redaction draft/read-marker draft/multiline=max-bytes=4096,max-lines=9")
    ended.append(server)
    return server


def attack(fake):
    peer = fake.accept()
    peer.wait_command("PING")  # after joining
    peer.send_bytes(NOT_TEXT)
    peer.send(*hostile_lines())
    return peer


def check_screen(program):
    assert forbidden_in(bytes(program.raw)) == []
    assert not any(string.startswith(("0;owned", "52;")) for string in program.strings)
    bytes(program.raw).decode("utf-8")


# The client.

def test_on_a_full_screen(fake, home, ended):
    ada = Snug(fake.port, "ada", home, arguments=["--log-text"])
    ended.append(ada)
    attack(fake)
    ada.wait_text("the end")
    ada.send("/quit\r")
    ada.wait_exit()
    check_screen(ada)
    logs = [path for path in (home / ".local/state/snug/logs").rglob("*") if path.is_file()]
    assert any("the end" in log.read_text() for log in logs)
    for log in logs:
        assert controls_in(str(log)) == [] and controls_in(log.read_text()) == []


# What is asked for, and what the answer may hold.
ANSWERS = {
    "/list": ["321 ada Channel :Users", "322 ada #<> 5 :<>", "322 ada #a<>b <> :<>", "323 ada :<>"],
    "/names": ["353 ada = #lobby :ada <> @<>", "366 ada #lobby :<>"],
    "/who": ["352 ada #lobby <> <> <> <> H* :0 <>", "315 ada #lobby :<>"],
    "/topic": ["332 ada #lobby :<>", "333 ada #lobby <> <>"],
    "/mode": ["324 ada #lobby +<> <>", "329 ada #lobby <>"],
    "/whois mallory": ["311 ada <> <> <> * :<>", "312 ada mallory <> :<>", "313 ada mallory :<>", "317 ada mallory <> <> :<>",
                       "319 ada mallory :@#<> #a<>b", "330 ada mallory <> :<>", "338 ada mallory <> <> :<>",
                       "378 ada mallory :<>", "671 ada mallory :<>", "301 ada mallory :<>", "318 ada mallory :<>"],
    "/invite mallory": ["341 ada mallory #<>"],
    "/mode +b": ["367 ada #lobby <> <> <>", "368 ada #lobby :<>"],
    "/nick bob": ["433 ada <> :<>"],
    "/raw OPER <> x": ["421 ada <> :<>"],
    "/join #<>": ["473 ada #<> :<>"],
    "/msg mallory hello": ["401 ada <> :<>"],
}


@pytest.mark.parametrize("arguments", [(), ("--linear",)], ids=["full", "linear"])
def test_what_was_asked_for(fake, home, ended, arguments):
    ada = Terminal([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", *arguments], environment(home), home)
    ended.append(ada)
    peer = fake.accept()
    peer.wait_command("PING")
    for asked, answers in ANSWERS.items():
        ada.send(asked.replace("<>", "x") + "\r")
        peer.wait_for(lambda m: m.command not in ("PING", "PONG", "TAGMSG", "MARKREAD"), since=len(peer.lines))
        peer.send(*(f":fake {answer.replace('<>', text)}" for text in HOSTILE for answer in answers),
                  f"PING :{len(peer.lines)}")
        peer.wait_command("PONG", since=len(peer.lines))
    peer.send(":mallory!u@h PRIVMSG ada :the end")
    ada.send("/query mallory\r")
    ada.wait_text("the end")
    check_screen(ada)


def test_line_after_line_on_a_terminal(fake, home, ended):
    ada = Terminal([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", "--linear"], environment(home), home)
    ended.append(ada)
    attack(fake)
    ada.wait_text("the end")
    check_screen(ada)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_prompt_of_a_line(home, ended, text):
    """It holds what the server calls us, and whom we talk to."""
    fake = FakeServer(nick=f"a{text}da")
    ended.append(fake)
    ada = Terminal([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", "--linear"], environment(home), home)
    ended.append(ada)
    peer = fake.accept()
    peer.wait_command("PING")
    peer.send(f":mall{text}ory!u@h PRIVMSG a{text}da :the end")
    ada.wait_text("the end")
    ada.send("\x1b2\x1b3half a line")
    ada.wait_text("half a line")
    check_screen(ada)


@pytest.mark.parametrize("text", HOSTILE)
def test_who_is_turned_away(home, ended, text):
    fake = FakeServer()
    ended.append(fake)
    ada = Process([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", "--once", "hello"], environment(home), home)
    ended.append(ada)
    fake.turn_away(f"go {text} away")
    assert ada.wait_exit() == 1
    assert "away" in "".join(ada.err) and controls_in("\n".join(ada.out + ada.err)) == []


def test_what_a_command_is_given(fake, home, ended):
    """It may write it to our terminal."""
    ada = Process([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", "--exec", 'printf "%s " "$SNUG_NICK" "$SNUG_ROOM"; cat'],
                  environment(home), home)
    ended.append(ada)
    attack(fake)
    ada.wait_until(lambda: any("the end" in line for line in ada.out), "the last line")
    assert controls_in("\n".join(ada.out + ada.err)) == []


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
    told = home / "told"
    command = f'printf "%s in %s: %s\\n" "$SNUG_NICK" "$SNUG_ROOM" "$SNUG_TEXT" >> {told}'
    ada = Snug(fake.port, "ada", home, arguments=["--notify-command", command])
    ended.append(ada)
    peer = fake.accept()
    peer.wait_command("PING")  # after joining
    ada.wait_joined()
    ada.look(False)
    numbers = itertools.count()
    for text in HOSTILE:
        peer.send(f":ada!u@h JOIN #a{text}b")
        for who, where in ("mallory", "#lobby"), (f"mall{text}ory", "ada"), ("mallory", f"#a{text}b"):
            look = f"look {next(numbers)}."
            peer.send(f":{who}!u@h PRIVMSG {where} :ada: {text} {look}")
            ada.wait_until(lambda: any(look in string for string in ada.strings), "the notification")
            ada.wait_until(lambda: told.exists() and look in told.read_text(), "the command")
        peer.send(f":ada!u@h PART #a{text}b")
    assert not any(string.startswith(("0;owned", "52;")) for string in ada.strings)
    assert not any(controls_in(string) for string in ada.strings)
    assert controls_in(told.read_text()) == []


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
                 f"{text} {text}", f"PRIVMSG ada :{text}", f"TAGMSG #{text}", f"@+draft/react={text} TAGMSG #lobby",
                 f"INVITE {text} #{text}", f"KNOCK #{text}", f"RENAME #{text} #x{text} :{text}", f"REDACT #lobby {text} :{text}",
                 f"METADATA * SET url :{text}", f"METADATA #{text} SET {text} :{text}", f"MONITOR + {text}",
                 f"TIMEDBAN #{text} 10m {text} :{text}", f"MODE #{text} +bk {text}!*@* {text}", f"DEVICE ADD {text} :{text}",
                 f"DEVICE {text}", f"PASSWD {text} {text}", f"CHATHISTORY {text} #{text} {text} {text}", f"SEARCH text={text}",
                 f"CAP REQ :{text}", f"MARKREAD #{text} {text}", f"WHOIS {text}", f"LIST {text}", f"STATS {text}",
                 f"PRIVMSG #{text},{text} :{text}", f"PART #lobby :{text}")
        eve.fence()
        eve.send(f"QUIT :{text}")
        eve.wait_closed()


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_the_server_prints_and_logs(home, ended, form):
    server = Server(home, "--irc", "127.0.0.1:0", "--echo", "--oper", "root:secret", "--log", form)
    ended.append(server)
    root = IrcClient(server.port).register("root")
    root.send("OPER root secret")
    root.wait_command("381")  # before the others have guessed too often
    say_everything(server)
    root.send(*(f"KILL nobody :{text}" for text in HOSTILE),
              *(f"{command} {text} :{text}" for text in HOSTILE
                for command in ("KLINE 1m", "UNKLINE", "KILL root", "ADMIT", "GRANT", "REVOKE", "RELEASE", "CHGHOST root")),
              *(f"KLINE 1m nobody@{text} :{text}" for text in HOSTILE), "PRIVMSG #lobby :the end")
    root.fence()
    server.process.wait_until(lambda: any("the end" in line for line in server.process.out + server.process.err),
                              "the last line")
    assert controls_in("\n".join(server.process.out + server.process.err)) == []
    root.close()
    assert server.stop() == 0
    if form == "json":
        logged = [json.loads(line) for line in server.process.err if line.startswith("{")]
        assert any("became operator" in str(event) for event in logged), server.process.err
    for log in [*home.rglob("audit.log"), *home.rglob("rooms.log")]:
        assert controls_in(log.read_text()) == []
        assert all(json.loads(line) for line in log.read_text().splitlines())
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
