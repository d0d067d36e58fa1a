"""What a chat client costs who sits before it: snug beside the clients that are installed.

Each sits in the same seat, in turn: a terminal of 120x40 and a server of the benchmark's own, so that
only the client is measured. `bare` is the limit: a program that reads, writes each key back, and shows
the last message of a frame.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
BIN = TOP / "build" / "bin"
ROOM = "#bench"
LIMIT_SECONDS = 180  # of one run


def all_rows(quick):
    """Name, unit, which run, and the figure of it."""
    start = ("start",)
    count = 20000 if quick else 100000
    flood = ("flood", str(count))
    rate = ("rate", "1000", "3" if quick else "5")
    yield "client: first output", "ms", start, "first_output_ms"
    yield "client: NICK sent", "ms", start, "nick_sent_ms"
    yield "client: NICK sent at the first start", "ms", ("first",), "nick_sent_ms"
    yield f"client: {count} messages: CPU", "s", flood, "flood_cpu_s"
    yield f"client: {count} messages: to the terminal", "KB", flood, "flood_kb"
    yield "client: memory after them", "MiB", flood, "flood_rss_mib"
    yield "client: CPU at 1000 messages a second", "%", rate, "cpu_percent"
    for per_s in (0, 1000, 2000):
        typing = ("type", str(per_s), "3" if quick else "8")
        for part in ("p50", "p99"):
            yield f"client: key to echo, {per_s} messages a second: {part}", "ms", typing, f"key_{part}_ms"


def bare(home):
    return [str(BIN / "bare_client"), "{port}", "ada", ROOM]


def snug(home, *more):
    return [str(BIN / "snug"), "127.0.0.1:{port}", "--nick", "ada", "--room", ROOM, *more]


def snug_tls(home):
    return snug(home, "--tls")


def irssi(home):
    (home / "irssi").mkdir(exist_ok=True)
    (home / "irssi/config").write_text('settings = { "irc/core" = { cmds_max_at_once = "100"; }; };\n')
    return ["irssi", f"--home={home}/irssi", "-c", "127.0.0.1", "-p", "{port}", "-n", "ada"]


def weechat(home):
    (home / "weechat").mkdir(exist_ok=True)
    (home / "weechat/irc.conf").write_text("[server_default]\nanti_flood = 0\nanti_flood_prio_high = 0\n")
    return ["weechat", "-d", f"{home}/weechat", "-r",
            f"/server add bench 127.0.0.1/{{port}} -nicks=ada -autojoin={ROOM};/connect bench"]


def catgirl(home):
    """It speaks TLS only, and trusts the seat's certificate as its own authority."""
    return ["catgirl", "-t", str(home / "seat.pem"), "-h", "127.0.0.1", "-p", "{port}", "-n", "ada", "-j", ROOM]


# How it is run, whether in TLS, and the keys that bring it into the room.
CLIENTS = {
    "bare": (bare, False, None),
    "snug": (snug, False, None),
    "snug-tls": (snug_tls, True, None),
    "irssi": (irssi, False, f"/join {ROOM}\r"),
    "weechat": (weechat, False, None),
    "catgirl-tls": (catgirl, True, None),
}


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def installed(wanted=()):
    """Those that are here, in the order of the table."""
    ours = ("bare", "snug", "snug-tls")
    return [name for name in CLIENTS if (not wanted or name in wanted)
            and (name in ours or shutil.which(name.removesuffix("-tls")))]


def measure(name, what, home):
    run, tls, keys = CLIENTS[name]
    command = [str(BIN / "bench_client")]
    if tls:
        command += ["--tls", str(home / "seat.pem")]
    if keys and what[0] not in ("start", "first"):
        command += ["--keys", keys]
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color",
                   "LC_ALL": "C.UTF-8", "TZ": "UTC", "USER": "ada"}
    try:
        done = subprocess.run([*command, *what, "--", *run(home)], env=environment, cwd=home, text=True,
                              capture_output=True, timeout=LIMIT_SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as why:
        say(f"{name} has no figure: {' '.join(what)}: {why.stderr or why}")
        return {}
    return {key: float(value) for key, value in (line.split() for line in done.stdout.splitlines())}


def measure_all(rows, names, rounds):
    """Every client in turn, round after round. Yields {name of a row: {client: [values]}}, what there is so far."""
    found = {}  # {(client, run): [figures of each round]}
    kinds = list(dict.fromkeys(what for _, _, what, _ in rows))
    for turn in range(rounds):
        for number, what in enumerate(kinds, 1):
            for name in names:
                say(f"client: {number} of {len(kinds)}: {' '.join(what)}: {name}, round {turn + 1} of {rounds}")
                with tempfile.TemporaryDirectory(prefix="snug-bench-") as home:
                    values = measure(name, what, Path(home))
                    found.setdefault((name, what), []).append(values)
            yield {f"{row}, {unit}": {name: [values[key] for values in found.get((name, of), []) if key in values]
                                      for name in names} for row, unit, of, key in rows}
