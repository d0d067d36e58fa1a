"""Other people's clients join the same room and talk both ways with snug."""

import shutil

import pytest

from harness import SNUG
from harness.tmux import Tmux

WEECHAT_CONFIG = """\
[server_default]
tls = off
ssl = off
anti_flood = 0
anti_flood_prio_high = 0
anti_flood_prio_low = 0
"""

IRSSI_CONFIG = """\
settings = { "irc/core" = { cmds_max_at_once = "100"; }; };
"""


def weechat(home, port, nick):
    config = home / "weechat"
    config.mkdir()
    (config / "irc.conf").write_text(WEECHAT_CONFIG)
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
    ada.send("/buffer otto\r")
    ada.wait_text("between us")
    ada.send("/buffer #lobby\r")
    window.type_line(0, "/nick ottokar")
    bob.wait_for(lambda m: m.command == "NICK" and m.params == ["ottokar"])
    ada.wait_text("ottokar")
    window.type_line(0, "/topic #lobby set by another client")
    bob.wait_command("TOPIC")
    ada.wait_text("set by another client")
    assert "between us" not in bob.said()


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
