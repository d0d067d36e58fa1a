"""What reaches the user beside the screen: notifications of his terminal, and its clipboard."""

import base64
import shutil

import pytest

from harness import SNUG
from harness.snug import Snug
from harness.tmux import Tmux

FORMS = {
    "osc9": ["9;bob in #lobby: ada: look"],
    "osc777": ["777;notify;bob in #lobby;ada: look"],
    "osc99": ["99;i=snug:d=0;bob in #lobby", "99;i=snug:p=body;ada: look"],
}


def notices(program):
    return [text for text in program.strings if text.startswith(("9;", "777;", "99;"))]


@pytest.mark.parametrize("form", FORMS)
def test_a_mention_while_the_user_looks_away(snug, irc, form):
    ada, bob = snug("ada", arguments=("--notify", form)), irc("bob")
    ada.look(False)
    ada.exchange(bob)
    bob.send("PRIVMSG #lobby :nothing for anybody", "PRIVMSG #lobby :ada: look")
    ada.wait_until(lambda: len(notices(ada)) >= len(FORMS[form]), "the notification")
    assert notices(ada) == FORMS[form]
    assert b"\a" in ada.raw
    ada.look(True)
    ada.exchange(bob)
    bob.send("PRIVMSG #lobby :ada: look again", "PRIVMSG ada :psst")
    ada.wait_text("look again")
    ada.wait_text("bob 1!")
    ada.exchange(bob)
    assert notices(ada) == FORMS[form]


def test_what_is_said_in_private_to_somebody_else_s_window(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.look(False)
    ada.exchange(bob)
    bob.send("PRIVMSG ada :psst")
    ada.wait_until(lambda: notices(ada), "the notification")
    assert notices(ada) == ["9;bob: psst"]


def test_none_is_wanted(snug, irc):
    ada, bob = snug("ada", arguments=("--notify", "none")), irc("bob")
    ada.look(False)
    ada.exchange(bob)
    bob.send("PRIVMSG #lobby :ada: look")
    ada.wait_text("ada: look")
    ada.exchange(bob)
    assert notices(ada) == []


def test_in_tmux_it_is_wrapped(server, home, ended, irc):
    """As tmux(1) has it: every ESC of it twice."""
    ada, bob = Snug(server.port, "ada", home, arguments=("--notify", "osc777"), TMUX="/tmp/t,1,0"), irc("bob")
    ended.append(ada)
    ada.wait_joined()
    ada.look(False)
    ada.exchange(bob)
    bob.send("PRIVMSG #lobby :ada: look")
    ada.wait_until(lambda: b"\x1bPtmux;\x1b\x1b]777;notify;bob in #lobby;ada: look" in ada.raw, "the notification")


def test_a_real_tmux_hands_it_on(server, home, ended, irc):
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    bob = irc("bob")
    tmux = Tmux(home, [["sh", "-c", "tmux set -g allow-passthrough on && exec \"$@\"", "sh",
                        SNUG, f"127.0.0.1:{server.port}", "--nick", "ada", "--notify", "osc777"]], columns=80)
    ended.append(tmux)
    tmux.wait_text("ada joined")
    tmux.keys(0, "-l", "\x1b[O")  # at once: Escape alone is a key
    tmux.type_line(0, "over to you")
    bob.wait_said("over to you")
    bob.send("PRIVMSG #lobby :ada: look")
    tmux.wait_until(lambda: "777;notify;bob in #lobby;ada: look" in tmux.strings, "the notification")


def test_a_picked_message_is_copied(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    said = "see https://lab.local/a?b=1, 早安 👩‍👩‍👧"
    bob.send(f"PRIVMSG #lobby :{said}")
    ada.wait_text("see https")

    def copies():
        return [base64.b64decode(text.removeprefix("52;c;")).decode()
                for text in ada.strings if text.startswith("52;c;")]

    for key, copied in ("c", said), ("l", "https://lab.local/a?b=1"):
        ada.key("M-Up")
        ada.wait_text("r reply")
        ada.send(key)
        ada.wait_until(lambda copied=copied: copies()[-1:] == [copied], "it in the clipboard")
        ada.key("Escape")
        ada.wait_screen(lambda _: "r reply" not in ada.text(), "the end of picking")
