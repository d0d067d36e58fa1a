"""What the two programs do instead of talking: their output gets there, or they say that it does not."""

import json
import subprocess

import pytest

from harness import SNUG, SNUGD, bad_disk
from harness.bad_disk import BadDisk
from harness.irc import IrcClient
from harness.process import environment

FULL = ": cannot write: No space left on device\n"


def run(home, command, **more):
    return subprocess.run(command, env=environment(home), cwd=home, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, check=False, timeout=60, **more)


def run_onto_full_disk(home, *command):
    with open("/dev/full", "wb") as full:
        return run(home, command, stdout=full)


@pytest.mark.parametrize("command", [
    (SNUGD, "--help"), (SNUGD, "--version"), (SNUGD, "--check"), (SNUGD, "fingerprint"),
    (SNUG, "--help"), (SNUG, "--version"),
], ids=lambda command: " ".join(command).rpartition("/")[2])
def test_what_cannot_be_printed_is_said(home, command):
    done = run_onto_full_disk(home, *command)
    assert (done.returncode, done.stderr) == (1, command[0].rpartition("/")[2] + FULL)


@pytest.mark.parametrize("arguments", [
    ["check"], ["export"], ["export", "#lobby"], ["export", "--json", "#lobby"], ["admit", "ada"],
], ids=" ".join)
def test_nor_is_a_log_that_cannot_be_printed_taken_for_one_that_was(server, home, arguments):
    ada = IrcClient(server.port).register("ada")
    ada.send(*("PRIVMSG #lobby :" + "x" * 300 for _ in range(50)))
    ada.fence()
    ada.close()
    server.stop()
    done = run_onto_full_disk(home, SNUGD, *arguments)
    assert (done.returncode, done.stderr) == (1, "snugd" + FULL)


def test_the_audit_log_holds_what_was_done_and_nothing_else(home):
    """Whichever call of the disk fails, at the start or when what was done is to be kept."""
    disk = BadDisk(home / "bad-disk")

    def admit(name):
        return subprocess.run([bad_disk.SNUGD, "admit", name], cwd=home, capture_output=True, text=True, check=False,
                              env=environment(home, SNUG_BAD_DISK=str(disk.path)), timeout=60)
    names = [f"eve{i}" for i in range(40)]
    assert admit("ada").returncode == 0
    disk.fail(bad_disk.SYNC, one_in=3)
    done = {name: admit(name) for name in names}
    disk.mend()
    assert admit("bob").returncode == 0
    log = (home / ".local/state/snugd/audit.log").read_text()
    audited = [json.loads(line)["whom"] for line in log.splitlines()]
    assert audited == ["ada", *(name for name in names if done[name].returncode == 0), "bob"]
    assert "snugd: cannot write the log\n" in [one.stderr for one in done.values()]


def test_why_a_copy_was_not_made(home):
    """SQLite takes paths of up to 512 bytes, the system longer ones."""
    assert run(home, (SNUGD, "admit", "ada"), stdout=subprocess.PIPE).returncode == 0
    folder = home.joinpath(*["d" * 200] * 3)
    folder.mkdir(parents=True)
    done = run(home, (SNUGD, "backup", str(folder / "copy.db")), stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, f"snugd: {folder}/copy.db: the copy cannot be opened\n")
    assert list(folder.iterdir()) == []
