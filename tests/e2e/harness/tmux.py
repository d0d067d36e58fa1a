"""Programs in the panes of a tmux of the test's own, itself shown in a test's terminal."""

import shlex
import subprocess

from .process import environment
from .terminal import Terminal


class Tmux(Terminal):
    """One window with one pane for each command, side by side. Its server dies with the test."""

    def __init__(self, home, commands, columns=160, rows=30):
        # A short name in the test's folder, since a socket's path may have 107 bytes.
        self._tmux = ["tmux", "-S", "t", "-f", "/dev/null"]
        self._env = environment(home)
        self._home = home
        split = [part for command in commands[1:]
                 for part in (";", "split-window", "-h", shlex.join(command))]
        super().__init__([*self._tmux, "new-session", shlex.join(commands[0]), *split,
                          ";", "select-layout", "even-horizontal"], self._env, home, columns, rows)
        self.wait_text("[0]")

    def keys(self, pane, *names):
        """As if typed in that pane; tmux's own names for keys."""
        self._run("send-keys", "-t", f":.{pane}", *names)

    def type_line(self, pane, text):
        self._run("send-keys", "-t", f":.{pane}", "-l", text)
        self.keys(pane, "Enter")

    def _run(self, *arguments):
        subprocess.run([*self._tmux, *arguments], env=self._env, cwd=self._home, check=True,
                       capture_output=True)

    def end(self):
        subprocess.run([*self._tmux, "kill-server"], env=self._env, cwd=self._home, check=False,
                       capture_output=True)
        super().end()
