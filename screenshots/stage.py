"""A desktop without a screen, with terminal windows side by side that a script types into.

Each window is a foot whose program is relay.py; the program to be shown runs in a Terminal of the
test harness, which knows what is on its screen, and every byte that it writes goes on to foot.
"""

import contextlib
import os
import pathlib
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "e2e"))

from harness.snug import Snug  # noqa: E402

SWAY = """\
output * resolution {width}x{height}
output * bg #39424e solid_color
default_border none
gaps inner {gap}
focus_on_window_activation none
seat * hide_cursor 100
xwayland disable
"""
LIGHT = ["--override=colors.background=fbf8f1", "--override=colors.foreground=2c2a26"]
FOOT = ["foot", "--config=/dev/null", "--override=tweak.grapheme-width-method=double-width",
        "--override=font=DejaVu Sans Mono:size=11", "--override=pad=6x6 center",
        "--override=colors.background=16191d", "--override=colors.foreground=d8dee6"]
START_S = 20
# foot draws within a frame of reading; this is many.
SETTLE_S = 0.4


class Stage:
    """An output of width x height pixels. Use as a context manager."""

    def __init__(self, width, height, gap=0):
        self._folder = tempfile.TemporaryDirectory(prefix="snug-stage-")
        self.path = pathlib.Path(self._folder.name)
        (self.path / "sway.conf").write_text(SWAY.format(width=width, height=height, gap=gap))
        self._env = {**os.environ, "XDG_RUNTIME_DIR": str(self.path), "WLR_BACKENDS": "headless",
                     "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
        self._windows = []
        self._at_exit = contextlib.ExitStack()
        self._at_exit.callback(self._folder.cleanup)

    def __enter__(self):
        self._run(["sway", "-c", str(self.path / "sway.conf")])
        self._env["WAYLAND_DISPLAY"] = wait_for(self._display)
        return self

    def __exit__(self, *_):
        self._at_exit.close()

    def snug(self, port, nick, arguments=(), look=()):
        """Opens one more window, of that look, with a snug in it, in the lobby."""
        path = str(self.path / f"{nick}.sock")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            listener.settimeout(START_S)
            self._run([*FOOT, *look, sys.executable, str(HERE / "relay.py"), path])
            link, _ = listener.accept()
        link.setblocking(True)
        home = self.path / nick
        home.mkdir()
        window = Window(link, port, nick, home, arguments)
        self._windows.append(window)
        self._at_exit.callback(window.end)
        return window.wait_here() if "--linear" in arguments else window.wait_joined()

    def arrange(self):
        """Once all windows are open, each program learns how much room its window got."""
        for window in self._windows:
            window.take_size_of_emulator()

    def capture(self, name):
        for window in self._windows:
            window.wait_drawn()
        time.sleep(SETTLE_S)
        picture = HERE / f"{name}.png"
        subprocess.run(["grim", "-l", "9", str(picture)], env=self._env, check=True)
        print(picture)

    def _display(self):
        return next((p.name for p in self.path.glob("wayland-*") if p.suffix != ".lock"), None)

    def _run(self, command):
        with open(self.path / "log", "ab") as log:
            process = subprocess.Popen(command, env=self._env, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log)
        self._at_exit.callback(process.wait)
        self._at_exit.callback(process.terminate)


class Window(Snug):
    """A snug whose output a terminal emulator shows as well."""

    def __init__(self, link, port, nick, home, arguments):
        self._link = link
        super().__init__(port, nick, home, arguments=arguments)

    def received(self, data):
        self._link.sendall(data)
        super().received(data)

    def wait_here(self):
        """In the lobby, one line after the other."""
        self.prompt = f"#lobby {self.nick}> "
        self.wait_screen(lambda _: self.edited() == "", "the lobby")
        return self

    def take_size_of_emulator(self):
        size = self._ask("\x1b[18t", r"\x1b\[8;(\d+);(\d+)t")
        self.resize(int(size[2]), int(size[1]))

    def wait_drawn(self):
        """The emulator's answer follows all that it was sent before."""
        self._ask("\x1b[5n", r"\x1b\[0n")

    def _ask(self, question, pattern):
        answer = ""
        self._link.sendall(question.encode())
        while not (match := re.search(pattern, answer)):
            ready, _, _ = select.select([self._link], [], [], START_S)
            assert ready, "the terminal emulator does not answer"
            answer += self._link.recv(4096).decode("latin-1")
        return match

    def end(self):
        super().end()
        self._link.close()


def wait_for(predicate):
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if value := predicate():
            return value
        time.sleep(0.05)
    raise SystemExit("screenshots: the desktop did not start")
