#!/usr/bin/python3
"""Nothing lost, nothing doubled, one order: a crowd talks through a server that is killed again and
again, over connections that are cut at random bytes.

    tests/e2e/kill.py [--rounds N] [--seed N] [--trouble kill|lock|full|sync|disk]

A round is a stretch of talk that ends with kill -9 of the server; or in which another program has the
log locked for ten seconds; or the disk is full for one or two, or cannot sync, or any of its calls may
fail. Ten clients of a few lines
(harness/talker.py) and two real snug, one on the full screen and one line by line, talk all the
time. At the end each of them must have every line of every other exactly once and in the order of
the log, and nothing may be pending. (What is refused, as while the log is locked, the ten say again; a
person would have to press a key for it, so the two snug only listen then.) Prints the seed; the same
seed throws the same dice.
"""

import argparse
import asyncio
import collections
import contextlib
import pathlib
import random
import resource
import sqlite3
import sys
import tempfile
import time

from harness import SNUG, bad_disk
from harness.cutter import Cutter
from harness.process import Process, environment
from harness.server import Server
from harness.snug import Snug
from harness.talker import Talker

ROOM = "#lobby"
TALKERS = 10
ROUND_S = 0.3, 1.5
LOCKED_S = 10
FULL_S = 0.5, 2.0
BAD_S = 0.3, 2.0
ONE_IN = 1, 2, 5, 20  # calls of the disk fail
LOG = ".local/state/snugd/log.db"
BETWEEN_WORDS_S = 0.01, 0.3
BYTES_TO_LIVE = 500, 40000
SETTLE_S = 120
ROWS_MAX = 1000  # of a terminal that snug fills
END = "the end"


class Crowd:
    """Everybody who talks, and what they said."""

    def __init__(self, server, cutter, home, dice):
        self.dice = dice
        self.said = []
        self.talkers = [Talker(cutter.port, f"t{number}", ROOM) for number in range(TALKERS)]
        for name in ("full", "lines"):
            (home / name).mkdir()
        self.full = Snug(cutter.port, "full", home / "full", columns=100, rows=30)
        self.lines = Process([SNUG, f"127.0.0.1:{cutter.port}", "--nick", "lines", "--room", ROOM],
                             environment(home / "lines"), home / "lines")
        self._server = server

    def text(self, name):
        text = f"{name} says {len(self.said)} {'x' * self.dice.choice((0, 0, 10, 200))}".rstrip()
        self.said.append(text)
        return text

    async def talk(self, number):
        while True:
            await asyncio.sleep(self.dice.uniform(*BETWEEN_WORDS_S) * 4)
            talker = self.talkers[number]
            if len(talker.pending) < 20:
                talker.say(self.text(talker.nick))

    async def type(self):
        """As people do: a line now and then."""
        while True:
            await asyncio.sleep(self.dice.uniform(0.3, 0.8))
            while self.full.unread_bytes() > 0:  # lines that are read at once would be a paste
                await asyncio.sleep(0.01)
            self.full.send(self.text("full") + "\r")
            await asyncio.sleep(self.dice.uniform(0.3, 0.8))
            self.lines.write((self.text("lines") + "\n").encode())

    def end(self):
        self.full.end()
        self.lines.end()


async def in_thread(function, *arguments):
    return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)


async def kill(server, _):
    await in_thread(server.kill)
    await in_thread(server.start)


async def lock(server, _):
    log = sqlite3.connect(server.home / LOG, isolation_level=None, timeout=30)
    log.execute("BEGIN IMMEDIATE")
    await asyncio.sleep(LOCKED_S)
    log.execute("ROLLBACK")
    log.close()


async def fill(server, dice):
    """No file of the server's grows any more."""
    pid = server.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    await asyncio.sleep(dice.uniform(*FULL_S))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def spoil(server, dice, kinds):
    """Calls of these kinds fail now and then, and at least one has."""
    before = server.disk.failed
    server.disk.fail(kinds, dice.choice(ONE_IN))
    await asyncio.sleep(dice.uniform(*BAD_S))
    deadline = time.monotonic() + SETTLE_S
    while server.disk.failed == before:
        assert time.monotonic() < deadline, "the disk was never used"
        await asyncio.sleep(0.01)
    server.disk.mend()


async def spoil_sync(server, dice):
    await spoil(server, dice, bad_disk.SYNC)


async def spoil_any(server, dice):
    await spoil(server, dice, dice.choice((bad_disk.WRITE, bad_disk.READ | bad_disk.LOCK, bad_disk.ANY)))


TROUBLES = {"kill": kill, "lock": lock, "full": fill, "sync": spoil_sync, "disk": spoil_any}


async def make_trouble(trouble, server, dice, rounds):
    for number in range(rounds):
        await asyncio.sleep(dice.uniform(*ROUND_S))
        await TROUBLES[trouble](server, dice)
        if (number + 1) % 50 == 0:
            print(f"{number + 1} rounds", flush=True)


async def cancel(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def check_view(name, seen, log):
    """All of the log, in its order, each line once."""
    doubles = [text for text, count in collections.Counter(seen).items() if count > 1]
    assert not doubles, f"{name} shows more than once: {doubles[:5]}"
    missing = [text for text in log if text not in set(seen)]
    assert not missing, f"{name} misses {len(missing)} of {len(log)}: {missing[:5]}"
    assert seen == log, f"{name} shows another order: " + str(next(
        (ours, theirs) for ours, theirs in zip(seen, log) if ours != theirs))


def check_log(log, said):
    """Everything that was said, in whatever order, and nothing else."""
    too_often = collections.Counter(log) - collections.Counter(said)
    missing = collections.Counter(said) - collections.Counter(log)
    assert not too_often and not missing, (
        f"the log is not what was said: too often {list(too_often)[:5]}, missing {list(missing)[:5]}")


def check_disk(server, log):
    """What everybody was shown is what is kept."""
    with sqlite3.connect(server.home / LOG) as database:
        kept = [text for (text,) in database.execute(
            "SELECT text FROM entry JOIN log ON log.number = at >> 40 WHERE name = ? AND kind = 1 ORDER BY at",
            (ROOM,))]
    assert kept == log, f"on disk are {len(kept)} lines, and {len(log)} were shown"


def texts_on(screen):
    """What snug shows, wrapped rows put together, without time, nick and members."""
    edge = screen.columns
    texts, rows = [], ["".join(screen.buffer[y][x].data for x in range(edge)) for y in range(screen.lines)]
    for row in rows:
        row = row.split("│")[0].rstrip()
        words = row.split()
        if len(words) > 3 and words[0].count(":") == 1 and words[2:4] == [words[1], "says"]:
            texts.append(" ".join(words[2:]))
        elif len(words) > 4 and words[1] in "…?✗":
            texts.append("PENDING " + " ".join(words[3:]))
        elif texts and words and row.startswith(" ") and set(words[0]) == {"x"}:
            texts[-1] += " " * (not texts[-1].endswith("x")) + words[0]
    return texts


async def settle(crowd):
    """Everybody has said all, and heard the last word."""
    last = crowd.talkers[0]
    for talker in crowd.talkers:
        await talker.wait_for(lambda t: not t.pending, "its lines to come back", SETTLE_S)
    def heard_all(talker):
        return len(talker.view) >= len(crowd.said)
    for talker in crowd.talkers:
        await talker.wait_for(heard_all, f"all {len(crowd.said)} lines", SETTLE_S)
    last.say(END)
    for talker in crowd.talkers:
        await talker.wait_for(lambda t: t.view[-1][1] == END, "the end", SETTLE_S)


async def check_full(crowd, log):
    """As much as fits into a tall window: the newest of the log, in its order. It may hear the end before
    it is told what it missed."""
    await in_thread(crowd.full.wait_text, END)
    rows = min(8 * len(log) + 100, ROWS_MAX)
    all_fits = 8 * len(log) + 100 <= ROWS_MAX

    def check(terminal):
        seen = texts_on(terminal.screen)
        pending = [text for text in seen if text.startswith("PENDING")]
        assert not pending, pending
        assert len(seen) >= min(len(log) - 1, ROWS_MAX // 10), f"snug on the full screen shows {len(seen)}"
        check_view("snug on the full screen", seen, log[:-1] if all_fits else log[-len(seen) - 1:-1])

    def is_right(terminal):
        with contextlib.suppress(AssertionError):
            check(terminal)
            return "[#lobby]" in terminal.rows()[rows - 2]

    crowd.full.resize(100, rows)
    try:
        await in_thread(crowd.full.wait_screen, is_right, "all of it")
    except AssertionError:
        check(crowd.full)
        raise


async def check_lines(crowd, log):
    """Line by line it prints what others say, in the order in which it came to know."""
    await in_thread(lambda: crowd.lines.wait_until(
        lambda: any(line.endswith(END) for line in crowd.lines.out), END))
    others = [text for text in log if not text.startswith("lines says")]
    seen = [line.split(" ", 2)[2] for line in crowd.lines.out if " says " in line or line.endswith(END)]
    try:
        check_view("snug line by line", seen, others)
    except AssertionError as wrong:
        said = [line for line in crowd.lines.err if "missed" in line or "more was said" in line]
        missing = next((n for n, text in enumerate(others) if text not in set(seen)), 0)
        raise AssertionError(f"{wrong}; behind {others[max(missing - 2, 0):missing]}, before "
                             f"{others[missing + 1:missing + 3]}; it said itself: {said}") from None


async def campaign(home, seed, rounds, trouble="kill"):
    """Raises AssertionError with what went wrong; returns what happened."""
    dice = random.Random(seed)
    on_bad_disk = TROUBLES[trouble] in (spoil_sync, spoil_any)
    server = await in_thread(bad_disk.ServerOnBadDisk if on_bad_disk else Server, home)
    cutter = Cutter(server.port, dice, *BYTES_TO_LIVE)
    await cutter.start()
    crowd = Crowd(server, cutter, home, dice)
    try:
        return await run(server, cutter, crowd, dice, rounds, trouble)
    finally:
        for talker in crowd.talkers:
            await talker.stop()
        await in_thread(crowd.end)
        await cutter.stop()
        await in_thread(server.end)


async def run(server, cutter, crowd, dice, rounds, trouble):
    cutter.cutting = False
    for talker in crowd.talkers:
        talker.start()
    await in_thread(crowd.full.wait_joined)
    await in_thread(lambda: crowd.lines.write((crowd.text("lines") + "\n").encode()))
    await in_thread(crowd.full.wait_text, "lines says 0")
    for talker in crowd.talkers:
        await talker.wait_for(lambda t: t.view, "the first line", SETTLE_S)
    cutter.cutting = True
    started = time.monotonic()
    tasks = [asyncio.ensure_future(crowd.talk(number)) for number in range(TALKERS)]
    if trouble == "kill":
        tasks.append(asyncio.ensure_future(crowd.type()))
    await make_trouble(trouble, server, dice, rounds)
    await cancel(tasks)
    took_s = time.monotonic() - started
    cutter.cutting = False
    await settle(crowd)
    log = [text for _, text in crowd.talkers[0].view]
    check_log(log, crowd.said + [END])
    check_disk(server, log)
    for talker in crowd.talkers:
        assert [pair for pair in talker.view] == crowd.talkers[0].view, f"{talker.nick} differs"
        check_view(talker.nick, [text for _, text in talker.view], log)
    await check_lines(crowd, log)
    await check_full(crowd, log)
    return f"{rounds} times {trouble} and {cutter.cuts} cuts in {took_s:.0f} s: {len(log)} lines, each once, in one order"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--trouble", choices=TROUBLES, default="kill")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="snug-kill-") as home:
        try:
            print(asyncio.run(campaign(pathlib.Path(home), options.seed, options.rounds, options.trouble)))
        except AssertionError as wrong:
            print(f"seed {options.seed}: {wrong}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
