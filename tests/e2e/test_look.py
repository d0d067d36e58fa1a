"""How it looks: what is behind the text, and what the user wants otherwise."""

import pytest

from harness import SNUG
from harness.process import Process, environment
from harness.snug import Snug


def test_nicks_suit_what_is_behind_them(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG #lobby :good morning")
    ada.wait_text("good morning")
    seen = {ada.colour_of("bob")}
    for rgb in ("ffff/ffff/ffff", "0000/0000/0000"):
        ada.send(f"\x1b]11;rgb:{rgb}\x1b\\")
        ada.wait_screen(lambda _: ada.colour_of("bob") not in seen, "another colour")
        seen.add(ada.colour_of("bob"))
    assert ada.edited() == ""


def test_answers_of_the_terminal_are_no_keys(snug):
    ada = snug("ada")
    ada.type("half typed")
    ada.send("\x1b[2;7R\x1b[?2027;0$y\x1b[?64;1;2c\x1b]11;rgb:1e1e/1e1e/2e2e\x07 on")
    ada.wait_edited("half typed on")


def test_the_background_can_be_said(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG #lobby :good morning")
    ada.wait_text("good morning")
    before = ada.colour_of("bob")
    ada.say("/set background light")
    ada.wait_screen(lambda _: ada.colour_of("bob") != before, "another colour")


def test_styles_from_the_file(server, home, ended, irc):
    (home / "config").write_text("style = text #112233\nstyle = nicks #445566\n")
    ada = Snug(server.port, "ada", home, arguments=("--config", str(home / "config")))
    ended.append(ada)
    ada.wait_joined()
    irc("bob").send("PRIVMSG #lobby :good morning")
    ada.wait_text("good morning")
    assert ada.colour_of("good") != "default" and ada.colour_of("bob") != "default"


@pytest.mark.parametrize("style, what", [("mentoin red", "did you mean mention?"), ("time 300", "time takes")])
def test_a_style_that_is_none(server, home, ended, style, what):
    ada = Snug(server.port, "ada", home, arguments=("--style", style))
    ended.append(ada)
    assert ada.wait_exit() == 2
    assert what in ada.text().replace("\n", "")


@pytest.mark.parametrize("text, line, what", [
    ("nick = a b\n", 1, "nick wants letters"),
    ("bell = no\nroom = tea time\n", 2, "without blanks"),
    ("\nserver = lab:irc\n", 2, "a port from 1 to 65535"),
    ("style = mention blod\n", 1, 'not "blod"'),
    ("no-bell = yes\n", 1, "write bell = no"),
])
def test_what_is_wrong_in_the_file_is_named_with_its_line(home, ended, text, line, what):
    path = home / "config"
    path.write_text(text)
    ada = Process([SNUG, "--config", str(path)], environment(home), home)
    ended.append(ada)
    assert ada.wait_exit() == 2
    assert len(ada.err) == 1 and f"{path}:{line}: " in ada.err[0] and what in ada.err[0]


def test_a_wrapped_link_is_one_link(server, home, ended, irc):
    bob = irc("bob")
    ada = Snug(server.port, "ada", home, columns=50)
    ended.append(ada)
    ada.wait_joined()
    address = "https://lab.local/" + "long/" * 20 + "page"
    bob.send(f"PRIVMSG #lobby :see {address}, and say")
    ada.wait_text("and say")
    links = [text for text in ada.strings if text.startswith("8;")]
    opened = {text for text in links if text != "8;;"}
    assert len(opened) == 1 and opened.pop().endswith(f";{address}")
    assert links[-1] == "8;;"


def test_a_click_shows_a_room(server, home, ended, irc):
    ada = Snug(server.port, "ada", home, arguments=("--mouse",))
    ended.append(ada)
    ada.wait_joined()
    irc("bob").send("PRIVMSG ada :psst")
    ada.wait_text("bob 1!")
    row = next(y for y, text in enumerate(ada.rows()) if "bob 1!" in text)
    column = ada.rows()[row].index("bob 1!")
    assert ada.modes.get("1000") and ada.modes.get("1006")
    ada.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")
    ada.wait_text("[bob]")
