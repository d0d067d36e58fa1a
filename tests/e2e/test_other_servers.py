"""snug on the servers of others: ngircd and InspIRCd, as they come from the distribution."""

import contextlib
import getpass
import grp
import os
import shutil
import socket
import time

import pytest

from harness import DEADLINE_S
from harness.irc import IrcClient
from harness.process import Process, environment
from harness.server import reserved_port
from harness.snug import Snug

NGIRCD = """
[Global]
    Name = other.test
    Info = other
    Listen = 127.0.0.1
    Ports = {port}
    ServerUID = {user}
    ServerGID = {group}
[Limits]
    MaxConnectionsIP = 0
    MaxPenaltyTime = 0
    MaxNickLength = 30
[Options]
    DNS = no
    Ident = no
    PAM = no
"""

INSPIRCD = """
<server name="other.test" description="other" network="other">
<admin name="other" nick="other" email="other@localhost">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect name="all" allow="*" timeout="60" pingfreq="60" fakelag="no" localmax="100" globalmax="100"
 resolvehostnames="no" useident="no">
<class name="none" commands="*">
<security allowcoreunload="no">
<pid file="{home}/inspircd.pid">
<path datadir="{home}" logdir="{home}" runtimedir="{home}">
<options casemapping="ascii">
{modules}
"""

# What it has of IRCv3, each a module.
IRCV3 = ("cap", "ircv3", "ircv3_servertime", "ircv3_echomessage", "ircv3_ctctags", "ircv3_msgid", "ircv3_batch",
         "ircv3_labeledresponse", "ircv3_capnotify", "ircv3_invitenotify", "ircv3_chghost", "ircv3_accounttag",
         "namesx", "monitor", "setname")


def ngircd(home, port):
    config = home / "ngircd.conf"
    config.write_text(NGIRCD.format(port=port, user=getpass.getuser(), group=grp.getgrgid(os.getgid()).gr_name))
    return ["ngircd", "-n", "-f", str(config)]


def inspircd(home, port, modules=()):
    config = home / "inspircd.conf"
    lines = "\n".join(f'<module name="{module}">' for module in modules)
    config.write_text(INSPIRCD.format(port=port, home=home, modules=lines))
    return ["inspircd", "--nofork", "--nolog", "--runasroot", f"--config={config}"]


SERVERS = {
    "ngircd": ngircd,
    "inspircd": inspircd,
    "inspircd-ircv3": lambda home, port: inspircd(home, port, IRCV3),
}


class Other:
    """Started and killed as the test needs it, on the same port."""

    def __init__(self, name, home):
        self.home = home
        self.home.mkdir()
        self._reserved = reserved_port()
        self.port = self._reserved.getsockname()[1]
        self.command = SERVERS[name](home, self.port)
        self.start()

    def start(self):
        self.process = Process(self.command, environment(self.home), self.home)
        deadline = time.monotonic() + DEADLINE_S
        while True:
            assert self.process.running and time.monotonic() < deadline, self.process.describe()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return

    def stop(self):
        self.process.end()

    def end(self):
        self.stop()
        self._reserved.close()


@pytest.fixture(params=sorted(SERVERS))
def other(request, home, ended):
    program = request.param.partition("-")[0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    server = Other(request.param, home / "other")
    ended.append(server)
    return server


def visit(other, home, ended, nick):
    program = Snug(other.port, nick, home / nick, arguments=("--room", "#tea"))
    ended.append(program)
    program.wait_screen(lambda _: "[#tea]" in program.text() and f"{nick} joined" in program.text(), "the room")
    return program


def join(port, nick):
    client = IrcClient(port)
    client.nick = nick
    client.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    client.wait_command("001")
    client.send("JOIN #tea")
    client.wait_command("366")
    return client


def test_an_ordinary_day(other, home, ended):
    (home / "ada").mkdir()
    ada, bob = visit(other, home, ended, "ada"), join(other.port, "bob")
    ada.say("hello, 你好")
    bob.wait_said("hello, 你好", by="ada")
    ada.wait_screen(lambda _: "hello" in ada.text() and "…" not in ada.text(), "it settled")
    bob.send("PRIVMSG #tea :hello ada", "PRIVMSG ada :psst", "TOPIC #tea :green or black")
    ada.wait_screen(lambda _: "hello ada" in ada.text() and "bob 1!" in ada.text(), "what bob says")
    ada.say("/msg bob pssst yourself")
    bob.wait_said("pssst yourself", by="ada", to="bob")
    ada.say("/buffer bob")
    ada.wait_text("pssst yourself")
    ada.wait_screen(lambda _: "…" not in ada.text(), "it settled")
    ada.say("/buffer #tea")
    ada.say("/nick ada2")
    bob.wait_for(lambda m: m.command == "NICK" and m.params == ["ada2"])
    ada.wait_text("ada2>")
    ada.prompt = "ada2> "
    ada.say("/topic oolong")
    bob.wait_for(lambda m: m.command == "TOPIC" and m.params[-1] == "oolong")
    ada.say("/whois bob")
    ada.wait_screen(lambda _: "bob is" in ada.text() or "~bob@" in ada.text(), "who bob is")


def test_a_restart(other, home, ended):
    (home / "ada").mkdir()
    ada = visit(other, home, ended, "ada")
    ada.say("before")
    ada.wait_screen(lambda _: "before" in ada.text() and "…" not in ada.text(), "it settled")
    ada.type("half typed")
    other.stop()
    ada.wait_text("offline")
    other.start()
    ada.send("\x1b[15~")
    ada.wait_screen(lambda _: "offline" not in ada.text() and "connecting" not in ada.text()
                    and ada.text().count("ada joined") > 0 and "#tea" in ada.text(), "back")
    assert ada.edited() == "half typed"
    bob = join(other.port, "bob")
    ada.wait_text("bob")
    ada.key("Enter")
    bob.wait_said("half typed", by="ada")
