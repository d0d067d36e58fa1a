"""Other people's clients join the same room and talk both ways with snug."""

import re
import shlex
import shutil
import subprocess
import time

import pytest

from harness import DEADLINE_S, SNUG
from harness.irc import IrcClient
from harness.process import environment
from harness.server import Server
from harness.snug import Snug
from harness.tmux import Tmux

WEECHAT_CONFIG = """\
[server_default]
tls = off
ssl = off
anti_flood = 0
anti_flood_prio_high = 0
anti_flood_prio_low = 0
autoreconnect = off
"""

IRSSI_CONFIG = """\
settings = { "irc/core" = { cmds_max_at_once = "100"; }; };
"""


def weechat(home, port, nick, more=""):
    config = home / "weechat"
    config.mkdir()
    (config / "irc.conf").write_text(WEECHAT_CONFIG + more)
    # Lines that a test types are no paste.
    (config / "weechat.conf").write_text("[look]\npaste_max_lines = -1\n")
    return ["weechat", "-d", str(config), "-r",
            f"/server add snug 127.0.0.1/{port} -nicks={nick};/connect snug"]


def irssi(home, port, nick):
    config = home / "irssi"
    config.mkdir()
    (config / "config").write_text(IRSSI_CONFIG)
    return ["irssi", f"--home={config}", "-c", "127.0.0.1", "-p", str(port), "-n", nick]


# How to run it, what it shows once it is in the lobby, and the keys that then show the lobby.
CLIENTS = {"weechat": (weechat, "#lobby", []), "irssi": (irssi, "[Act: 2]", ["M-2"])}


@pytest.fixture(params=sorted(CLIENTS))
def client(request):
    if not shutil.which("tmux") or not shutil.which(request.param):
        pytest.skip(f"tmux or {request.param} is not installed")
    return CLIENTS[request.param]


def test_they_talk_both_ways(client, server, snug, irc, home, ended):
    command, in_the_lobby, keys_to_lobby = client
    bob, ada = irc("bob"), snug("ada")
    window = Tmux(home, [command(home, server.port, "otto")], columns=110)
    ended.append(window)
    window.wait_text(in_the_lobby)
    window.keys(0, *keys_to_lobby)
    window.wait_text("#lobby")

    ada.type("hello from snug, 你好")
    ada.key("Enter")
    window.wait_text("hello from snug, 你好")
    window.type_line(0, "hello from the other side")
    ada.wait_text("hello from the other side")
    bob.wait_said("hello from the other side", by="otto", to="#lobby")

    window.type_line(0, "/msg ada between us")
    ada.wait_text("otto 1!")
    ada.say("/buffer otto")
    ada.wait_text("between us")
    ada.say("/buffer #lobby")
    window.type_line(0, "/nick ottokar")
    bob.wait_for(lambda m: m.command == "NICK" and m.params == ["ottokar"])
    ada.wait_text("ottokar")
    window.type_line(0, "/topic #lobby set by another client")
    bob.wait_command("TOPIC")
    ada.wait_text("set by another client")
    assert "between us" not in bob.said()


def catgirl(home, server, nick):
    """It speaks TLS only, and trusts the certificate that it was shown once."""
    port = str(server.port_of("ircs"))
    shown = subprocess.run(["catgirl", "-o", "-h", "127.0.0.1", "-p", port], env=environment(home),
                           capture_output=True, check=True, timeout=DEADLINE_S)
    trusted = home / "trusted.pem"
    trusted.write_bytes(shown.stdout)
    return ["catgirl", "-t", str(trusted), "-h", "127.0.0.1", "-p", port, "-n", nick]


# How to run it with all that it can negotiate, and the words for which it waits to be in a room.
EVERYDAY = {
    "weechat": lambda home, server, nick: weechat(home, server.port_of("irc"), nick,
                                                  'capabilities = "*"\n'),
    "irssi": lambda home, server, nick: irssi(home, server.port_of("irc"), nick),
    "catgirl": catgirl,
}


# How each goes back to a room, and how it is connected again; catgirl ends with its connection, and is run
# again by Enter.
TO_ROOM = {"weechat": "/buffer {}", "irssi": "/window goto {}", "catgirl": "/window {}"}
AGAIN = {"weechat": "/reconnect snug", "irssi": "/reconnect", "catgirl": ""}


def enter(window, name, watcher, room):
    """Joins it, and shows it: not every client does when somebody else's lines come in between."""
    mark = len(watcher.lines)
    window.type_line(0, f"/join {room}")
    watcher.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto") and room in m.params,
                     since=mark)
    show_new(window, name, watcher, room)


def show_new(window, name, watcher, room):
    """Not every client tells of a room in which nothing is said."""
    watcher.send(f"PRIVMSG {room} :there you are")
    window.wait_screen(lambda _: re.search(rf"{room}|\[Act: .*3", window.text()), f"word of {room}")
    show(window, name, room)


def show(window, name, room):
    window.type_line(0, TO_ROOM[name].format(room))
    # In the line of state, or the title.
    window.wait_screen(lambda _: re.search(rf'\d:(\d+/)?{room}\b|"Snug {room}\b', window.text()), f"{room} itself")


@pytest.fixture(params=sorted(EVERYDAY))
def everyday(request):
    if not shutil.which("tmux") or not shutil.which(request.param):
        pytest.skip(f"tmux or {request.param} is not installed")
    return request.param


def wait_away(asker, nick, away):
    """Asks until the server says so. Lines typed at once would be taken for pasted by some clients."""
    deadline = time.monotonic() + DEADLINE_S
    expected = f"{nick}={'-' if away else '+'}"
    while time.monotonic() < deadline:
        mark = len(asker.lines)
        asker.send(f"USERHOST {nick}")
        if expected in asker.wait_for(lambda m: m.command == "302", since=mark).raw:
            return
    raise AssertionError(f"{nick} is never {'away' if away else 'back'}")


def test_away_topic_invitation_and_kick(everyday, home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0")
    ended.append(server)
    bob = IrcClient(server.port_of("irc")).register("bob")
    bob.send("JOIN #tea", "MODE #tea +i")
    window = Tmux(home, [EVERYDAY[everyday](home, server, "otto")], columns=110)
    ended.append(window)
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto!"))

    window.wait_screen(lambda _: re.search(r"#lobby|\[Act: 2|You arrive", window.text()), "word of the lobby")
    bob.send("INVITE otto #tea")
    bob.wait_command("341")
    enter(window, everyday, bob, "#tea")
    bob.send("TOPIC #tea :leaves and water", "MODE #tea +o otto")
    window.wait_text("leaves and water")
    window.type_line(0, "/topic water and leaves")
    bob.wait_for(lambda m: m.command == "TOPIC" and m.params == ["#tea", "water and leaves"])

    window.type_line(0, "/away lunch")
    wait_away(bob, "otto", True)
    bob.send("PRIVMSG otto :are you there?")
    bob.wait_for(lambda m: m.command == "301" and m.params[1:] == ["otto", "lunch"])
    window.type_line(0, "/away")
    wait_away(bob, "otto", False)
    window.type_line(0, "back in the room")
    bob.wait_said("back in the room", by="otto", to="#tea")
    mark = len(bob.lines)
    bob.send("PRIVMSG otto :welcome back")
    bob.fence()
    assert not any(m.command == "301" for m in bob.lines[mark:])

    bob.send("KICK #tea otto :tea is over")
    window.wait_text("tea is over")
    bob.wait_command("KICK")
    mark = len(bob.lines)
    bob.send("INVITE otto #tea")
    bob.wait_for(lambda m: m.command == "341", since=mark)
    window.type_line(0, "/join #tea")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto!"), since=mark)
    bob.close()


def twice(command):
    """Runs it, and when it has ended waits for Enter and runs it again."""
    line = shlex.join(command)
    return ["sh", "-c", f"{line}; echo; echo ended; read enter; exec {line}"]


def test_all_of_an_evening_with_snug(everyday, home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0")
    ended.append(server)
    ports = {kind: server.port_of(kind) for kind in ("irc", "ircs")}
    (home / "ada").mkdir()
    ada = Snug(ports["irc"], "ada", home / "ada", columns=100)
    ended.append(ada)
    ada.wait_joined()
    bob = IrcClient(ports["irc"]).register("bob")
    command = EVERYDAY[everyday](home, server, "otto")
    window = Tmux(home, [twice(command) if everyday == "catgirl" else command], columns=110)
    ended.append(window)
    ada.wait_text("otto joined")
    window.wait_screen(lambda _: re.search(r"#lobby|\[Act: 2|You arrive", window.text()), "word of the lobby")

    ada.say("/join #tea")
    ada.wait_text("@ada")
    bob.send("JOIN #tea")
    ada.wait_text("bob joined")
    enter(window, everyday, bob, "#tea")
    ada.wait_text("otto joined")
    ada.say("good evening, 你好")
    window.wait_text("good evening, 你好")
    window.type_line(0, "to you, too")
    ada.wait_text("to you, too")

    window.type_line(0, "/msg ada between us")
    ada.wait_text("otto 1!")
    ada.say("/buffer otto")
    ada.wait_text("between us")
    ada.say("so be it")
    bob.fence()
    window.type_line(0, "/query ada")
    window.wait_text("so be it")
    show(window, everyday, "#tea")
    ada.say("/buffer #tea")
    ada.wait_text("good evening")

    window.type_line(0, "/nick ottokar")
    ada.wait_text("ottokar")
    ada.say("/nick adele")
    window.wait_text("adele")
    ada.prompt = "adele> "
    ada.say("/topic leaves and water")
    window.wait_text("leaves and water")
    ada.say("/mode +o ottokar")
    ada.wait_text("@ottokar")
    window.type_line(0, "/topic water and leaves")
    ada.wait_text("water and leaves")

    window.type_line(0, "/away lunch is ready")
    wait_away(bob, "ottokar", True)
    ada.say("/whois ottokar")
    ada.wait_text("lunch is ready")
    window.type_line(0, "/away")
    wait_away(bob, "ottokar", False)

    ada.say("/kick ottokar tea is over")
    window.wait_text("tea is over")
    enter(window, everyday, bob, "#tea")

    bob.close()
    server.kill()
    server.arguments = [f"--{kind}=127.0.0.1:{port}" for kind, port in ports.items()]
    if everyday == "irssi":
        window.type_line(0, "/window goto 1")
    window.wait_screen(lambda _: re.search("(?m)lost|disconnected|refused|^ended", window.text()), "the loss")
    server.start()
    window.type_line(0, AGAIN[everyday])
    bob = IrcClient(ports["irc"]).register("bob")
    if not any(m.command == "353" and "otto" in m.raw for m in bob.lines):
        bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto"))
    mark = len(bob.lines)
    bob.send("JOIN #tea")
    bob.wait_for(lambda m: m.command == "366", since=mark)
    window.type_line(0, "/join #tea")
    if not any(m.command == "353" and "#tea" in m.params and "otto" in m.raw for m in bob.lines):
        bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto") and "#tea" in m.params)
    show_new(window, everyday, bob, "#tea")
    ada.say("together again")
    window.wait_text("together again")
    window.type_line(0, "at last")
    ada.wait_text("at last")
    bob.close()


@pytest.mark.parametrize("name", ["weechat", "irssi"])
def test_they_come_back_after_a_restart(name, server, home, ended):
    if not shutil.which("tmux") or not shutil.which(name):
        pytest.skip(f"tmux or {name} is not installed")
    run, in_the_lobby, keys_to_lobby = CLIENTS[name]
    window = Tmux(home, [run(home, server.port, "otto")], columns=110)
    ended.append(window)
    window.wait_text(in_the_lobby)
    server.kill()
    window.wait_screen(lambda _: re.search("lost|disconnected|refused", window.text()), "that it is lost")
    server.start()
    bob = IrcClient(server.port).register("bob")
    window.type_line(0, "/reconnect snug" if name == "weechat" else "/reconnect")
    if not any(m.command == "353" and "otto" in m.raw for m in bob.lines):
        bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto!"))
    window.keys(0, *keys_to_lobby)
    bob.send("PRIVMSG #lobby :welcome back")
    window.wait_text("welcome back")
    bob.close()


def test_two_snug_in_two_panes(server, home, ended):
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    window = Tmux(home, [[SNUG, f"127.0.0.1:{server.port}", "--nick", nick] for nick in ("ada", "bob")])
    ended.append(window)
    window.wait_screen(lambda _: "ada>" in window.text() and "bob>" in window.text(), "two editing lines")
    window.type_line(0, "from left to right")
    window.wait_screen(lambda _: window.text().count("from left to right") == 2, "it in both panes")
    window.type_line(1, "and back")
    window.wait_screen(lambda _: window.text().count("and back") == 2, "the answer in both panes")


SASL = 'capabilities = "*"\nsasl_mechanism = plain\nsasl_username = "ada"\nsasl_password = "secret words"\n'


def test_weechat_and_snug_are_one_person(home, ended):
    if not shutil.which("tmux") or not shutil.which("weechat"):
        pytest.skip("tmux or weechat is not installed")
    server = Server(home, "--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0")
    ended.append(server)
    bob = IrcClient(server.port_of("irc")).register("bob")
    ada = Snug(server.port_of("ircs"), "ada", home, columns=120, arguments=("--tls",))
    ended.append(ada)
    ada.wait_joined()
    ada.say("/raw PASSWD * :secret words")
    ada.wait_text("The password has been changed")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))

    mark = len(bob.lines)
    window = Tmux(home, [weechat(home, server.port_of("irc"), "ada", SASL)], columns=110)
    ended.append(window)
    window.wait_text("#lobby")
    show(window, "weechat", "#lobby")
    window.type_line(0, "from WeeChat")
    bob.wait_said("from WeeChat", by="ada", to="#lobby")
    ada.wait_text("from WeeChat")
    ada.say("from snug")
    window.wait_text("from snug")
    bob.send("PRIVMSG ada :to both of you")
    ada.wait_text("bob 1!")
    window.wait_screen(lambda _: re.search(r"3\.\s*bob", window.text()), "the talk with bob")
    window.type_line(0, "/quit")
    window.wait_text("exited")
    ada.say("still here")
    bob.wait_said("still here", by="ada", to="#lobby")
    assert not [m for m in bob.lines[mark:] if m.command in ("QUIT", "JOIN")]
    bob.close()
