"""One line after the other, in a real terminal: by --linear, and where the cursor cannot be placed."""

import pytest

from harness.process import environment
from harness import SNUG
from harness.terminal import Terminal


class Linear(Terminal):
    """Its last row that is not empty is the line being typed."""

    def __init__(self, port, home, term, *arguments, **size):
        home.mkdir(exist_ok=True)
        super().__init__([SNUG, f"127.0.0.1:{port}", "--nick", "ada", *arguments],
                         environment(home, TERM=term), home, **size)

    def typed(self):
        return self.cursor_row()

    def wait_typed(self, text):
        self.wait_screen(lambda _: self.typed() == text, f"{text!r} being typed")


@pytest.fixture(params=[("xterm-256color", "--linear"), ("dumb",), ("no-such-terminal",)], ids=lambda p: p[0])
def linear(request, server, home, ended):
    term, *arguments = request.param
    program = Linear(server.port, home / "ada", term, *arguments)
    ended.append(program)
    program.wait_typed("#lobby ada>")
    return program


def test_it_talks_and_leaves_the_terminal_as_it_was(linear, irc):
    bob = irc("bob")
    linear.send("hello bob")
    linear.wait_typed("#lobby ada> hello bob")
    linear.key("Enter")
    bob.wait_said("hello bob", by="ada")
    bob.send("PRIVMSG #lobby :hello ada", "PRIVMSG ada :psst")
    linear.wait_screen(lambda _: "ada: hello bob" in linear.text() and "bob: hello ada" in linear.text()
                       and "[bob] bob: psst" in linear.text(), "what was said")
    linear.send("/quit")
    linear.wait_typed("#lobby ada> /quit")
    linear.key("Enter")
    assert linear.wait_exit() == 0
    assert linear.termios_after == linear.termios_before
    assert b"\x1b[?1049h" not in linear.raw and not linear.modes.get("2004")


def test_what_is_typed_is_not_disturbed(linear, irc):
    bob = irc("bob")
    linear.send("half typed")
    linear.wait_typed("#lobby ada> half typed")
    for number in range(200):
        bob.send(f"PRIVMSG #lobby :line {number}")
    bob.fence()
    for letter in " and on":
        linear.send(letter)
    linear.wait_typed("#lobby ada> half typed and on")
    linear.key("Enter")
    bob.wait_said("half typed and on", by="ada")
    linear.wait_screen(lambda _: "line 199" in linear.text() and "half typed and on" in linear.text(), "all of it")


def test_nothing_but_text_for_a_dumb_terminal(server, home, ended, irc):
    bob, dumb = irc("bob"), Linear(server.port, home / "ada", "dumb")
    ended.append(dumb)
    dumb.wait_typed("#lobby ada>")
    bob.send("PRIVMSG #lobby :\x1b[31mred\x07", "PRIVMSG #lobby :the end")
    dumb.wait_text("the end")
    dumb.send("abc")
    dumb.wait_typed("#lobby ada> abc")
    dumb.key("Backspace", "C-c")
    dumb.wait_typed("#lobby ada>")
    assert not [byte for byte in dumb.raw if byte < 32 and chr(byte) not in "\r\n\b"]


def test_in_a_tiny_terminal(server, home, ended, irc):
    bob, tiny = irc("bob"), Linear(server.port, home / "ada", "xterm", "--linear", columns=12, rows=2)
    ended.append(tiny)
    tiny.wait_screen(lambda _: tiny.modes.get("2004"), "it has the terminal")
    tiny.send("a line longer than the terminal is wide")
    tiny.wait_screen(lambda _: tiny.typed().endswith("wide"), "the end of the line")
    tiny.key("Enter")
    bob.wait_said("a line longer than the terminal is wide", by="ada")
