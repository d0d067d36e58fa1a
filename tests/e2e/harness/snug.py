"""snug in a terminal, and what a test wants to know of its screen."""

import time

from . import DEADLINE_S, SNUG
from .process import environment
from .terminal import Terminal


class Snug(Terminal):
    """Visits a server on this machine, and says which nick it wants unless that is to come by itself;
    waits until it is in the lobby."""

    def __init__(self, port, nick, home, columns=80, rows=24, arguments=(), named=True, **env):
        self.nick = nick
        self._exchanges = 0
        self.prompt = f"{nick}> "
        wanted = ("--nick", nick) if named else ()
        super().__init__([SNUG, f"127.0.0.1:{port}", *wanted, *arguments],
                         environment(home, **env), home, columns, rows)

    def wait_joined(self):
        """In the lobby, and at work; what was said there before may still be on its way."""
        self.wait_screen(lambda _: self.edited() is not None and "#lobby" in self.text()
                         and f"{self.nick} joined" in self.text()
                         and "connecting to" not in self.text(), "the lobby")
        return self

    def look(self, at_it):
        """The terminal's window is looked at, or away from, and says so."""
        self.send("\x1b[I" if at_it else "\x1b[O")

    def exchange(self, other):
        """Says a word that other, an IrcClient, answers: all that snug had asked for before is there now,
        and all that it had sent is where it was to go."""
        self._exchanges += 1
        which = f" {self._exchanges}" if self._exchanges > 1 else ""
        self.say("over to you" + which)
        other.wait_said("over to you" + which, by=self.nick)
        other.send("PRIVMSG #lobby :and out" + which)
        self.wait_text("and out" + which)

    def edited(self):
        """The text of the editing line's only row, or None if the cursor is not on it."""
        row = self.cursor_row()
        if row.rstrip() == self.prompt.rstrip():
            return ""
        return row[len(self.prompt):] if row.startswith(self.prompt) else None

    def type(self, text):
        """Types it and waits until it stands there."""
        (before,) = self.wait_screen(lambda _: self.edited() is not None and (self.edited(),),
                                     "the cursor in the editing line")
        self.send(text)
        self.wait_edited(before + text)

    def wait_edited(self, text):
        """Blanks at the end cannot be seen, so they do not count."""
        self.wait_screen(lambda _: self.edited() == text.rstrip(), f"{text!r} in the editing line")

    def page_up_until(self, predicate):
        """Page by page: what is older than what it knows is not there before the server has sent it."""
        deadline = time.monotonic() + DEADLINE_S
        while not predicate():
            assert time.monotonic() < deadline, self.describe()
            before = self.edited()
            self.key("PageUp")
            self.type("x")  # by then the page is turned, if there was one
            self.key("Backspace")
            self.wait_edited(before)

    def say(self, line):
        """Enters it as a person does: what comes right behind an Enter would make a paste of both."""
        self.type(line)
        self.key("Enter")
        # Not the empty line: after /nick there may be another prompt already.
        self.wait_screen(lambda _: line.strip() not in self.cursor_row(), f"{line!r} entered")
