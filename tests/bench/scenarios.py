"""What is measured: each scenario drives one server with the load generator and returns figures."""
import subprocess
import threading
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
LIMIT_SECONDS = 30  # of one run; a server that needs longer has no figure there
SETTLED_SECONDS = 4  # without a change of its size a process has given back what it will


class NoFigure(Exception):
    """The run says nothing: it took too long, or somebody missed a line."""


def cpu_seconds(pid):
    """Of all threads, to the nanosecond."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def rss_bytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def settled_rss(pid):
    """The size of a process once it has not changed for a while."""
    size, since = rss_bytes(pid), time.monotonic()
    end = since + 3 * SETTLED_SECONDS
    while time.monotonic() < min(since + SETTLED_SECONDS, end):
        time.sleep(0.1)
        now = rss_bytes(pid)
        if now != size:
            size, since = now, time.monotonic()
    return size


class Load:
    """One run of the load generator; `lines` are the values it printed."""

    def __init__(self, scenario, server, *arguments, limit=None):
        command = [TOP / "build" / "bin" / "load", scenario, server.port, *arguments]
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = {}
        self.slow = False
        self.limit = limit or LIMIT_SECONDS
        self.timer = threading.Timer(self.limit, self.cut_short)
        self.timer.start()

    def cut_short(self):
        self.slow = True
        self.process.kill()

    def void(self):
        self.timer.cancel()
        raise NoFigure(f"longer than {self.limit} s" if self.slow else self.process.stderr.read().strip())

    def until_start(self):
        """Reads to the next point at which the generator waits for us."""
        for line in self.process.stdout:
            name, _, value = line.strip().partition(" ")
            if name == "start":
                return
            self.lines[name] = float(value)
        self.void()

    def go(self):
        try:
            self.process.stdin.write("go\n")
            self.process.stdin.flush()
        except BrokenPipeError:  # it has ended meanwhile
            self.void()

    def finish(self):
        for line in self.process.stdout:
            name, _, value = line.strip().partition(" ")
            self.lines[name] = float(value)
        if self.process.wait() != 0:
            self.void()
        self.timer.cancel()
        return self.lines


def fanout(server, members, senders, window, messages):
    load = Load("fanout", server, members, senders, window, messages)
    load.until_start()
    before = cpu_seconds(server.pid)
    load.go()
    load.until_start()
    spent = cpu_seconds(server.pid) - before
    load.go()
    values = load.finish()
    return {
        "M deliveries/s": values["deliveries_per_second"] / 1e6,
        "CPU s per M": spent / (values["deliveries"] / 1e6),
    }


def latency(server, members, rate, seconds):
    load = Load("latency", server, members, rate, seconds)
    load.until_start()
    load.go()
    values = load.finish()
    return {"p50 ms": values["p50_us"] / 1e3, "p99 ms": values["p99_us"] / 1e3, "max ms": values["max_us"] / 1e3}


def coming_in(scenario):
    def measure(server, count):
        load = Load(scenario, server, count)
        load.until_start()
        empty, before = settled_rss(server.pid), cpu_seconds(server.pid)
        load.go()
        load.until_start()
        spent = cpu_seconds(server.pid) - before
        values = {
            "seconds": load.lines["join_seconds"],
            "CPU s": spent,
            "bytes each": (settled_rss(server.pid) - empty) / count,
        }
        load.go()
        load.finish()
        values["size after all left, to before"] = settled_rss(server.pid) / empty
        return values
    return measure


registered, joined = coming_in("register"), coming_in("connect")


def handshakes(server, count):
    values = registered(server, count)
    return {"handshakes/s": count / values["seconds"], **values}


def churn(server, count, at_once):
    load = Load("churn", server, count, at_once)
    load.until_start()
    before = cpu_seconds(server.pid)
    load.go()
    load.finish()
    return {"CPU us each": (cpu_seconds(server.pid) - before) / count * 1e6}


def deaf(server, members, messages):
    load = Load("deaf", server, members, messages)
    load.until_start()
    before = rss_bytes(server.pid)
    load.go()
    values = load.finish()
    return {"p99 ms": values["p99_us"] / 1e3, "grown by MB": (rss_bytes(server.pid) - before) / 1e6}


class Peak:
    """The most memory that a process is seen to have, from now on."""

    def __init__(self, pid):
        self.pid, self.bytes, self.done = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.done.wait(0.05):
            self.bytes = max(self.bytes, rss_bytes(self.pid))

    def end(self):
        self.done.set()
        self.thread.join()
        return self.bytes


def stalled(server, count, megabytes):
    load = Load("stalled", server, count, megabytes)
    load.until_start()
    before, peak = rss_bytes(server.pid), Peak(server.pid)
    load.go()
    try:
        load.until_start()
    finally:
        grown = peak.end() - before
    load.go()
    values = load.finish()
    return {"seconds": values["seconds"], "grown by MB": grown / 1e6}


def callgrind_total(path):
    for line in path.read_text().splitlines():
        if line.startswith(("summary:", "totals:")):
            return int(line.split()[1])
    raise NoFigure("callgrind says nothing")


def callgrind(server, *arguments):
    subprocess.run(["callgrind_control", *arguments, str(server.pid)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def instructions(kind, folder, members, senders, window, messages):
    """User instructions a delivery, of the talk alone: coming in and going are not counted."""
    out = folder / "callgrind"
    server = kind(folder, ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no",
                           f"--callgrind-out-file={out}"])
    try:
        load = Load("fanout", server, members, senders, window, messages, limit=4 * LIMIT_SECONDS)
        load.until_start()
        callgrind(server, "-i", "on")
        load.go()
        load.until_start()
        callgrind(server, "-d")
        total = callgrind_total(out.with_suffix(".1"))
        load.go()
        deliveries = load.finish()["deliveries"]
    finally:
        server.stop()
    return {"user instructions": total / deliveries}
