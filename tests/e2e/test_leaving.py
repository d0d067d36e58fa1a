"""However snug ends or pauses, the terminal is left as it was found."""

import re
import signal

import pytest

from harness import BUILD, SNUG
from harness.process import environment
from harness.terminal import Terminal

# On in every terminal from the start: wrapping, a cursor that may blink and is visible.
AT_REST = {"7", "12", "25"}


def assert_as_found(terminal):
    assert terminal.termios_after == terminal.termios_before
    assert_modes_at_rest(terminal)


def assert_modes_at_rest(terminal):
    left_on = {mode for mode, on in terminal.modes.items() if on} - AT_REST
    assert left_on == set()
    assert terminal.modes.get("25", True), "the cursor is still hidden"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_the_terminal_as_it_was(snug, irc, number):
    ada, bob = snug("ada"), irc("bob")
    ada.type("half a line")
    assert ada.modes["1049"], "the alternate screen was never entered, so leaving it proves nothing"
    ada.signal(number)
    ada.wait_exit()
    assert_as_found(ada)
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))


def test_quit_leaves_the_terminal_as_it_was(snug):
    ada = snug("ada")
    ada.send("/quit\r")
    assert ada.wait_exit() == 0
    assert_as_found(ada)


def test_a_signal_while_messages_pour_in(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send(*(f"PRIVMSG #lobby :noise {i}" for i in range(2000)))
    ada.wait_text("noise")
    ada.signal(signal.SIGTERM)
    ada.wait_exit()
    assert_as_found(ada)


class Shell(Terminal):
    """An interactive shell, since only a shell's children can be stopped and brought back."""

    def __init__(self, home):
        # What snug leaves behind is to be seen, not what the shell's own line editor sets.
        (home / "inputrc").write_text("set enable-bracketed-paste off\n")
        env = environment(home, PS1="ready$ ", HISTFILE="", INPUTRC=str(home / "inputrc"))
        super().__init__(["bash", "--norc", "--noprofile", "-i"], env, home, columns=200)
        self.wait_text("ready$")

    def settings(self, word):
        self.wait_screen(lambda _: not self.modes.get("1049") and self.cursor_row() == "ready$", "the prompt")
        self.send(f"stty -g; echo {word}-$((6*7))\r")
        self.wait_text(f"{word}-42")
        found = re.findall(r"(?:[0-9a-f]+:){9,}[0-9a-f]+", self.text())
        return found[-1]


def test_stopping_and_going_on(server, irc, home, ended):
    bob = irc("bob")
    shell = Shell(home)
    ended.append(shell)
    before = shell.settings("before")
    shell.send(f"{SNUG} 127.0.0.1:{server.port} --nick ada\r")
    shell.wait_screen(lambda _: shell.cursor_row().rstrip() == "ada>", "the editing line")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))
    shell.send("half a line")
    shell.wait_screen(lambda _: shell.cursor_row() == "ada> half a line", "the typed text")
    where = shell.cursor()

    shell.key("C-z")
    shell.wait_screen(lambda _: "Stopped" in shell.text() and not shell.modes["1049"], "the shell again")
    assert_modes_at_rest(shell)
    assert shell.settings("after") == before
    bob.send("PRIVMSG #lobby :said meanwhile")
    bob.fence()

    shell.send("fg\r")
    shell.wait_screen(lambda _: shell.cursor_row() == "ada> half a line", "the editing line as it was left")
    assert shell.cursor() == where
    shell.wait_text("said meanwhile")
    shell.key("Enter")
    bob.wait_said("half a line", by="ada")
    shell.send("/quit\r")
    shell.wait_screen(lambda _: shell.cursor_row().rstrip() == "ready$", "the shell's prompt")
    assert shell.settings("finally") == before


def test_stopping_at_another_size(server, irc, home, ended):
    """A window resized while snug is stopped: no signal tells it, it must look itself."""
    irc("bob")
    shell = Shell(home)
    ended.append(shell)
    shell.send(f"{SNUG} 127.0.0.1:{server.port} --nick ada\r")
    shell.wait_screen(lambda _: shell.cursor_row().rstrip() == "ada>", "the editing line")
    shell.key("C-z")
    shell.wait_screen(lambda _: "Stopped" in shell.text() and not shell.modes["1049"], "the shell again")
    shell.resize(60, 10)
    shell.send("fg\r")
    shell.wait_screen(lambda _: shell.modes["1049"] and shell.cursor_row().rstrip() == "ada>"
                      and shell.cursor()[1] == 9, "the editing line in the last row")


def test_while_a_name_is_looked_up(home, ended):
    """The resolver cannot be told to stop, so the program ends beside it. All it keeps is closed by then: behind
    what was typed there is nothing of what was reserved for more."""
    ada = Terminal([str(BUILD / "bin" / "snug_with_dead_resolver"), "nowhere.lab", "--no-tls", "--nick", "ada"],
                   environment(home), home)
    ended.append(ada)
    ada.wait_screen(lambda _: "connecting" in ada.text(), "the first frame")
    ada.send("half typed")
    ada.wait_screen(lambda _: "half typed" in ada.cursor_row(), "the draft")
    ada.signal(signal.SIGTERM)
    assert ada.wait_exit() == 128 + signal.SIGTERM
    (journal,) = (home / ".local/state/snug").glob("*.journal")
    kept = journal.read_bytes()
    assert b"half typed" in kept and b"\0" not in kept
