"""A program in a real pseudo-terminal, with pyte as the terminal's screen.

A thread of its own reads what the program writes, as a terminal does, whether the test looks or
not. pyte does not know everything that modern programs send, so the stream is cut into tokens
here and only what pyte understands reaches it; the rest is remembered or harmlessly dropped.
"""

import codecs
import contextlib
import copy
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import unicodedata

import pyte
from wcwidth import wcwidth

from . import DEADLINE_S
from .process import Watched

TOKEN = re.compile(
    r"\x1b\[(?P<prefix>[<-?]?)(?P<params>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\"
    r"|\x1b[ -/]+[0-~]"
    r"|\x1b(?P<escape>[0-OQ-WYZ`-~])"
    r"|(?P<text>[^\x1b]+)")

KEYS = {
    "Enter": "\r", "Tab": "\t", "Backspace": "\x7f", "Escape": "\x1b", "Delete": "\x1b[3~",
    "PageUp": "\x1b[5~", "PageDown": "\x1b[6~", "Home": "\x1b[H", "End": "\x1b[F", "F5": "\x1b[15~",
    "Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D",
}


class Screen(pyte.Screen):
    """pyte's screen, with clusters of several code points kept in one cell."""

    def draw(self, data):
        for char in data:
            if not self._joins_previous(char):
                super().draw(char)

    def resize(self, lines=None, columns=None):
        super().resize(lines, columns)
        self.keep_cursor_inside()

    def keep_cursor_inside(self):
        """It may be from a larger screen; pyte leaves it where it was."""
        self.cursor.y = min(self.cursor.y, self.lines - 1)
        self.cursor.x = min(self.cursor.x, self.columns)

    def scroll(self, lines):
        """Up, or down if negative, within the margins; the cursor stays."""
        top, bottom = self.margins or (0, self.lines - 1)
        row = self.cursor.y
        self.cursor.y = bottom if lines > 0 else top
        for _ in range(abs(lines)):
            self.index() if lines > 0 else self.reverse_index()
        self.cursor.y = row

    def _joins_previous(self, char):
        if self.cursor.x == 0 or unicodedata.combining(char):
            return False
        row = self.buffer[self.cursor.y]
        x = self.cursor.x - 1
        if row[x].data == "" and x > 0:
            x -= 1
        previous = row[x].data
        joins = (wcwidth(char) == 0 or previous.endswith("\u200d") or "\U0001f3fb" <= char <= "\U0001f3ff"
                 or "\u1160" <= char <= "\u11ff"  # what follows the first letter of a Hangul syllable
                 or (is_flag_half(char) and len(previous) == 1 and is_flag_half(previous)))
        if joins:
            row[x] = row[x]._replace(data=previous + char)
        return joins


def is_flag_half(char):
    return "\U0001f1e6" <= char <= "\U0001f1ff"


class Terminal(Watched):
    """Runs command in a terminal of rows x columns."""

    def __init__(self, command, env, cwd, columns=80, rows=24):
        super().__init__()
        self.command = command
        self.raw = bytearray()       # every byte the program wrote
        self.modes = {}              # DEC private modes as last set or reset
        self.strings = []            # OSC strings, in order
        self.screen = Screen(columns, rows)
        self.screen.write_process_input = self.send
        self._stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self._main_screen = None
        self._master, self._slave = os.openpty()
        self.termios_before = termios.tcgetattr(self._slave)
        self._set_size(columns, rows)
        self._popen = subprocess.Popen(
            command, env=env, cwd=cwd, stdin=self._slave, stdout=self._slave, stderr=self._slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.pid = self._popen.pid
        self._wake_read, self._wake_write = os.pipe()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    # What the test does.

    def send(self, text):
        data = text.encode() if isinstance(text, str) else text
        while data:
            data = data[os.write(self._master, data):]

    def key(self, *names):
        """Named keys of KEYS, C-x for control, M-x for meta; arrows follow the cursor key mode."""
        for name in names:
            if name.startswith("C-"):
                sequence = chr(ord(name[2].upper()) & 0x1f)
            elif name.startswith("M-"):
                sequence = "\x1b" + KEYS.get(name[2:], name[2:])
            else:
                sequence = KEYS[name]
            if self.modes.get("1") and re.fullmatch(r"\x1b\[[A-DHF]", sequence):
                sequence = sequence.replace("[", "O")
            self.send(sequence)

    def paste(self, text):
        """As a terminal pastes: bracketed if the program asked for it."""
        text = text.replace("\n", "\r")
        self.send(f"\x1b[200~{text}\x1b[201~" if self.modes.get("2004") else text)

    def resize(self, columns, rows):
        """The kernel tells the program (SIGWINCH), as it does for a terminal window."""
        with self._condition:
            self.screen.resize(rows, columns)
            self._set_size(columns, rows)

    def unread_bytes(self):
        """How much of what was sent the program has not read yet."""
        return struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, bytes(4)))[0]

    def signal(self, number):
        self._popen.send_signal(number)

    # What the test sees.

    def rows(self):
        """The screen as text, trailing blanks cut off."""
        with self._whole_frame():
            return self._rows()

    def text(self):
        return "\n".join(self.rows())

    def colour_of(self, word):
        """The colour of the first cell of a word on the screen, or None."""
        with self._whole_frame():
            for y, row in enumerate(self._rows()):
                if word in row:
                    return self.screen.buffer[y][row.index(word)].fg
        return None

    def cursor(self):
        """(column, row), from 0."""
        with self._whole_frame():
            return min(self.screen.cursor.x, self.screen.columns - 1), self.screen.cursor.y

    def cursor_row(self):
        with self._whole_frame():
            return self.rows()[self.screen.cursor.y]

    def wait_screen(self, predicate, what="the screen", timeout_s=DEADLINE_S):
        """Waits for a whole frame that satisfies predicate(terminal)."""
        return self.wait_until(lambda: self._is_whole() and predicate(self), what, timeout_s)

    def wait_text(self, text, timeout_s=DEADLINE_S):
        return self.wait_screen(lambda _: text in self.text(), f"{text!r} on the screen", timeout_s)

    def wait_exit(self, timeout_s=DEADLINE_S):
        """Its exit status; afterwards all output has been read and the terminal is let go."""
        try:
            status = self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout_s} s; {self.describe()}") from None
        self.termios_after = termios.tcgetattr(self._slave)
        self._let_go()
        return status

    @property
    def running(self):
        return self._popen.poll() is None

    def end(self):
        """For tear-down: whatever state it is in, it is gone afterwards."""
        if self._slave is None:
            return
        if self.running:
            # In this order: a SIGCONT undoes the SIGSTOP by which LeakSanitizer holds the threads at the end.
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGHUP)
            try:
                self._popen.wait(DEADLINE_S / 3)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()
        self._let_go()

    def describe(self):
        width, cursor = self.screen.columns, self.screen.cursor
        with self._condition:
            frame = "\n".join(f"|{row:{width}}|" for row in self._rows())
            return (f"{' '.join(self.command)} (status {self._popen.poll()}) shows, cursor at "
                    f"{(cursor.x, cursor.y)}\n{frame}\nits last bytes: {bytes(self.raw[-300:])!r}")

    # The terminal's own work.

    def _rows(self):
        buffer, width = self.screen.buffer, self.screen.columns
        return ["".join(buffer[y][x].data for x in range(width)).rstrip()
                for y in range(self.screen.lines)]

    def _is_whole(self):
        """No frame has begun that has not ended; one that its program has left so never will."""
        return not self.modes.get("2026") or not self._reader.is_alive()

    @contextlib.contextmanager
    def _whole_frame(self):
        """Nothing is written meanwhile, and what stands there is not the half of a frame."""
        with self._condition:
            self._condition.wait_for(self._is_whole, DEADLINE_S)
            yield

    def _set_size(self, columns, rows):
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _let_go(self):
        # With the last writer gone the master reads EIO once everything before it has been read.
        os.close(self._slave)
        self._slave = None
        self._reader.join(DEADLINE_S)
        os.write(self._wake_write, b"x")
        self._reader.join()
        for fd in (self._master, self._wake_read, self._wake_write):
            os.close(fd)

    def _read(self):
        while True:
            ready, _, _ = select.select([self._master, self._wake_read], [], [])
            try:
                data = os.read(self._master, 65536) if self._master in ready else b""
            except OSError:
                data = b""
            if not data:
                return
            self.received(data)

    def received(self, data):
        """What the program just wrote goes to the screen."""
        with self._condition:
            self.raw += data
            self._feed(self._decoder.decode(data))
            self._condition.notify_all()

    def _feed(self, text):
        self._pending += text
        at = 0
        while at < len(self._pending):
            token = TOKEN.match(self._pending, at)
            if token is None:
                break  # the rest of an escape sequence is still to come
            self._obey(token)
            at = token.end()
        self._pending = self._pending[at:]

    def _obey(self, token):
        if token["text"] or (token["escape"] and token["escape"] in "DEHMc78"):
            self._stream.feed(token[0])
        elif token["osc"] is not None:
            self.strings.append(token["osc"])
        elif token["final"]:
            self._obey_csi(token)

    def _obey_csi(self, token):
        prefix, params, final = token["prefix"], token["params"], token["final"]
        if token["between"] or ":" in params:
            return
        if prefix == "?" and final in "hl":
            for mode in params.split(";"):
                self._set_mode(mode, final == "h")
            self._stream.feed(token[0])
        elif prefix:
            return
        elif final in "ST":
            self.screen.scroll(int(params or 1) if final == "S" else -int(params or 1))
        elif final == "b":
            column, row = self.screen.cursor.x, self.screen.cursor.y
            if column > 0:
                self._stream.feed(self.screen.buffer[row][column - 1].data * int(params or 1))
        elif final in pyte.Stream.csi:
            self._stream.feed(token[0])

    def _set_mode(self, mode, on):
        if mode == "1049" and on and not self.modes.get(mode):
            self._main_screen = copy.deepcopy(self.screen.buffer), copy.copy(self.screen.cursor)
            self.screen.erase_in_display(2)
        elif mode == "1049" and not on and self.modes.get(mode):
            self.screen.buffer, self.screen.cursor = self._main_screen
            self.screen.keep_cursor_inside()
        self.modes[mode] = on
