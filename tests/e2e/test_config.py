"""The configuration: what is wrong with it is named, and it is read again without a stop."""

import os
import signal
import time

import pytest

from harness import DEADLINE_S, SNUGD
from harness.irc import IrcClient
from harness.process import Process, environment
from harness.server import Server

SAMPLE = os.path.join(os.path.dirname(__file__), "../../server/snugd.conf")


def check(home, ended, text):
    path = home / "snugd.conf"
    path.write_text(text)
    process = Process([SNUGD, "--check", "--config", str(path)], environment(home), home)
    ended.append(process)
    return process.wait_exit(), process


@pytest.mark.parametrize("text, line, what", [
    ("name = lab.local\nlobbi = #tea\n", 2, "did you mean lobby?"),
    ("\n\nlobby = tea\n", 3, "#lobby"),
    ("irc = 6667\n", 1, "ADDR:PORT"),
    ("nick-length = 5\n", 1, "9"),
    ("topic\n", 1, "name = value"),
    ("\nmotd = /nowhere/motd\n", 2, "a file that exists"),
    ("tls-cert = /nowhere/chain.pem\n", 1, "a file that exists"),
    ("keep-room = #tea\n", 1, "a room and a time"),
    ("keep-room = #tea 30\n", 1, "a time such as"),
    ("keep-room = #tea 30d 1X\n", 1, "a size such as"),
])
def test_what_is_wrong_is_named_with_its_line(home, ended, text, line, what):
    status, process = check(home, ended, text)
    assert status == 2
    assert f"snugd.conf:{line}: " in process.err[0] and what in process.err[0]


def test_a_wrong_password_is_not_repeated(home, ended):
    status, process = check(home, ended, "oper = hunter2\n")
    assert status == 2 and "hunter2" not in process.err[0]


def test_the_sample_is_right_and_says_what_holds_without_it(home, ended):
    with open(SAMPLE, encoding="utf-8") as file:
        text = file.read()
    assert check(home, ended, text)[0] == 0
    examples = ("plain", "name", "tls-", "data", "keep", "motd", "admin", "password", "oper")
    defaults = [line[1:] for line in text.splitlines()
                if line.startswith("#") and line[1:2] not in " " and " = " in line and not line[1:].startswith(examples)]
    assert len(defaults) > 8
    assert check(home, ended, "\n".join(defaults))[0] == 0


def test_it_is_read_again_and_nobody_loses_his_connection(home, ended):
    path = home / "snugd.conf"
    path.write_text("oper = ada:old\ntopic-length = 100\n")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(path))
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    (home / "motd").write_text("Tea at four.\n")
    path.write_text(f"oper = ada:new\ntopic-length = 200\nmotd = {home}/motd\nadmin = Bob\n")
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the configuration again")
    ada.send("OPER ada old", "OPER ada new", "MOTD", "ADMIN", "VERSION")
    ada.wait_command("464")
    ada.wait_command("381")
    server.wait_logged("became operator ada")
    assert server.logged("failed to become operator ada") == 1 and server.logged("became operator ada") == 1
    ada.wait_for(lambda m: m.command == "372" and "Tea at four." in m.raw)
    ada.wait_for(lambda m: m.command == "259" and "Bob" in m.raw)
    ada.wait_for(lambda m: m.command == "005" and "TOPICLEN=200" in m.raw)


def test_the_log_names_only_what_was_done(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--oper", "ada:secret")
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    bob = IrcClient(server.port).register("bob")
    ada.send("OPER ada secret", "KILL nobody", "CHGHOST nobody host.lab", "CHGHOST bob :no host", "KILL bob")
    server.wait_logged("killed bob")
    bob.wait_command("ERROR")
    assert not server.logged("killed nobody") and not server.logged("gave another host")


def test_a_room_may_be_kept_for_less_long_than_others(home, ended):
    """From a moment to the next, while people talk in it."""
    path = home / "snugd.conf"
    path.write_text("")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(path))
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    ada.send("CAP REQ :draft/chathistory batch", "JOIN #tea", "JOIN #hat", "PRIVMSG #tea :one", "PRIVMSG #hat :one")
    ada.fence()
    path.write_text("keep-room = #tea 1ms\n")
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the configuration again")

    def history(room):
        ada.lines.clear()
        ada.send(f"CHATHISTORY LATEST {room} * 10")
        ada.wait_for(lambda m: m.command == "BATCH" and m.params[0].startswith("-"))
        return [m.params[-1] for m in ada.lines if m.command == "PRIVMSG"]
    deadline = time.monotonic() + DEADLINE_S
    while history("#tea"):
        assert time.monotonic() < deadline, "what was said is still there"
    assert history("#hat") == ["one"]


def test_what_changes_is_told_to_those_who_are_here(home, ended):
    path = home / "snugd.conf"
    path.write_text("message-length = 2048\n")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(path))
    ended.append(server)
    ada = IrcClient(server.port)
    ada.send("CAP LS 302", "CAP REQ batch", "NICK ada", "USER ada 0 * :ada", "CAP END")
    ada.wait_for(lambda m: m.command == "CAP" and "max-bytes=2048," in m.raw)
    ada.wait_for(lambda m: m.command == "005" and "MONITOR=100" in m.raw)
    path.write_text("message-length = 8192\nmonitor = 7\n")
    server.process.signal(signal.SIGHUP)
    ada.wait_for(lambda m: m.command == "CAP" and m.params[1] == "NEW" and "max-bytes=8192," in m.raw)
    ada.wait_for(lambda m: m.command == "005" and "MONITOR=7" in m.raw)


def test_a_wrong_file_changes_nothing(home, ended):
    path = home / "snugd.conf"
    path.write_text("oper = ada:word\nadmin = Bob\n")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(path))
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    path.write_text("admin = Cy\nrooms = none\n")
    ada.send("REHASH", "OPER ada word", "REHASH", "ADMIN")
    ada.wait_command("481")
    ada.wait_command("382")
    ada.wait_for(lambda m: m.command == "424" and "snugd.conf:2" in m.raw)
    ada.wait_for(lambda m: m.command == "259" and "Bob" in m.raw)
    server.wait_logged("the configuration stays as it is")
    assert server.logged("the configuration stays as it is") == 1


def test_a_pipe_cannot_be_read_again(home, ended):
    """As bash gives it for <(...): who opens it once more waits for somebody to write into it."""
    pipe = home / "pipe"
    os.mkfifo(pipe)
    status, process = check(home, ended, f"motd = {pipe}\n")
    assert status == 2 and "no pipe" in process.err[0]
    path = home / "snugd.conf"
    path.write_text("network = Lab\n")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(path))
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    path.unlink()
    os.mkfifo(path)
    server.process.signal(signal.SIGHUP)
    server.wait_logged("a pipe cannot be read again")
    ada.fence()
    ada.close()


def test_a_password_for_everybody(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--password", "sesame", "--lobby", "#tea")
    ended.append(server)
    stranger = IrcClient(server.port)
    stranger.send("PASS wrong", "NICK eve", "USER eve 0 * :eve")
    stranger.wait_command("464")
    stranger.wait_closed()
    ada = IrcClient(server.port)
    ada.send("PASS sesame", "NICK ada", "USER ada 0 * :ada")
    ada.wait_for(lambda m: m.command == "JOIN" and m.params == ["#tea"])


def test_the_log_as_json(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--log", "json")
    ended.append(server)
    server.process.signal(signal.SIGHUP)
    server.wait_logged('"read the configuration again"')
