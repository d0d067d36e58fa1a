"""What the two programs do instead of talking: their output gets there, or they say that it does not."""

import subprocess

import pytest

from harness import SNUG, SNUGD
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
