"""Completion in bash: what a programmable completion is asked, and what it offers."""

import subprocess

import pytest

from harness import SNUG, SNUGD, TOP
from harness.process import environment

ASK = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
_snug "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def offered(home):
    """offered(WORD...): what is offered for the last word."""
    def ask(*words):
        done = subprocess.run(["bash", "-c", ASK, "bash", f"{TOP}/server/completion.bash", *words], cwd=home,
                              env=environment(home), capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.split()
    return ask


def test_everything_that_snugd_does_instead_of_serving(offered, home):
    told = subprocess.run([SNUGD, "x"], env=environment(home), capture_output=True, text=True, check=False).stderr
    tools = told.partition("there is ")[2].partition("there is ")[2].strip().split(", ")
    assert len(tools) >= 9
    assert sorted(offered(SNUGD, "")) == sorted(tools)
    assert offered(SNUGD, "--data", "x", "ex") == ["export"]
    assert offered(SNUGD, "grant", "") == []


@pytest.mark.parametrize("words, values", [
    ([SNUGD, "--durability", ""], ["power", "process", "none"]),
    ([SNUGD, "--durability", "p"], ["power", "process"]),
    ([SNUGD, "--cloak", ""], ["yes", "no"]),
    ([SNUGD, "--require", "k"], ["known"]),
    ([SNUGD, "--log", "=", "j"], ["json"]),
    ([SNUGD, "--log", "="], ["text", "json"]),
    ([SNUGD, "--nick-length", ""], []),
    ([SNUG, "--format", ""], ["text", "json"]),
    ([SNUG, "l"], []),
], ids=lambda words: " ".join(word.rpartition("/")[2] for word in words))
def test_the_values_of_what_has_a_choice(offered, words, values):
    assert offered(*words) == values


def test_files_and_directories(offered, home):
    (home / "a-file").write_text("")
    (home / "a-folder").mkdir()
    for words in ("--config",), ("--motd",), ("--tls-key",), ("backup",):
        assert sorted(offered(SNUGD, *words, "a-")) == ["a-file", "a-folder"]
    assert offered(SNUGD, "--data", "a-") == ["a-folder"]


def test_options_are_those_of_the_help(offered):
    assert offered(SNUGD, "--tls-") == ["--tls-cert", "--tls-key"]
    assert offered(SNUG, "--no-tl") == ["--no-tls"]
    assert offered(SNUGD, "--keep-r") == ["--keep-room"]
    assert "--version" in offered(SNUGD, "--") and "--once" in offered(SNUG, "-")


def test_an_option_may_have_a_digit(offered, home):
    program = home / "snugd"
    program.write_text("#!/bin/sh\necho '  --sha256 HEX            of it'\necho '  --ip6 yes|no            or not'\n")
    program.chmod(0o755)
    assert offered(str(program), "--") == ["--sha256", "--ip6"]
    assert offered(str(program), "--ip6", "") == ["yes", "no"]
