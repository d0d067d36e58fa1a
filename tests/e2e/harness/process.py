"""Programs with pipes: their environment, their output as lines, their end."""

import contextlib
import os
import subprocess
import threading
import time

from . import DEADLINE_S


def environment(home, **more):
    """A user's environment with nothing of this machine's user in it. Sanitizers write files."""
    sanitizer = f"log_path={home}/sanitizer:exitcode=99"
    return {
        "HOME": str(home),
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
        "USER": "tester",
        "ASAN_OPTIONS": sanitizer,
        "UBSAN_OPTIONS": sanitizer + ":print_stacktrace=1",
        **more,
    }


def sanitizer_reports(home):
    """All but what LeakSanitizer says of itself when a thread ends under its hands: no leak was found then."""
    reports = "".join(path.read_text(errors="replace") for path in sorted(home.rglob("sanitizer.*")))
    lines = [line for line in reports.splitlines(keepends=True) if "was not suspended" not in line]
    return "".join(lines).strip()


# What a predicate looks at may change without a word, as files do.
LOOK_AGAIN_S = 0.5


class Watched:
    """Something that threads change and a test waits for: call changed() after each change."""

    def __init__(self):
        self._condition = threading.Condition()

    def changed(self):
        with self._condition:
            self._condition.notify_all()

    def wait_until(self, predicate, what, timeout_s=DEADLINE_S):
        """Returns the first true value of predicate(); fails with describe() at the deadline."""
        deadline = time.monotonic() + timeout_s
        with self._condition:
            while True:
                value = predicate()
                if value:
                    return value
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    raise AssertionError(f"waited {timeout_s} s for {what}; {self.describe()}")
                self._condition.wait(min(left_s, LOOK_AGAIN_S))

    def describe(self):
        return "nothing more is known"


class Process(Watched):
    """A program whose stdout and stderr are read as lines, each into a list of its own."""

    def __init__(self, command, env, cwd):
        super().__init__()
        self.command = command
        self.out, self.err = [], []
        self._popen = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.pid = self._popen.pid
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                         for pair in ((self._popen.stdout, self.out), (self._popen.stderr, self.err))]
        for reader in self._readers:
            reader.start()

    def _read(self, pipe, lines):
        for line in pipe:
            with self._condition:
                lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._condition.notify_all()
        self.changed()

    def write(self, data):
        """A program that has ended already reads nothing; its status says more than an error here."""
        with contextlib.suppress(BrokenPipeError):
            self._popen.stdin.write(data)
            self._popen.stdin.flush()

    def close_input(self):
        with contextlib.suppress(BrokenPipeError):
            self._popen.stdin.close()

    @property
    def running(self):
        return self._popen.poll() is None

    def signal(self, number):
        self._popen.send_signal(number)

    def wait_exit(self, timeout_s=DEADLINE_S):
        """Its exit status, when all it wrote has been read."""
        try:
            status = self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout_s} s; {self.describe()}") from None
        for reader in self._readers:
            reader.join(timeout_s)
        return status

    def end(self):
        """For tear-down: whatever state it is in, it is gone afterwards."""
        if self.running:
            self._popen.terminate()
            try:
                self._popen.wait(DEADLINE_S)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()
        for reader in self._readers:
            reader.join(DEADLINE_S)
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def describe(self):
        lines = "\n  ".join(self.out[-20:] + ["-- stderr --"] + self.err[-20:])
        return f"{' '.join(self.command)} (status {self._popen.poll()}) wrote\n  {lines}"
