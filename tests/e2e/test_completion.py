"""Completion in the shells: what a programmable completion is asked, and what it offers."""

import shlex
import shutil
import subprocess

import pytest

from harness import SNUG, SNUGD, TOP
from harness.process import environment
from harness.terminal import Terminal

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


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize("words, wanted", [
    ([SNUGD, "--durability", "p"], ["power", "process"]),
    ([SNUG, "--format", ""], ["json", "text"]),
    ([SNUG, "--no-t"], ["--no-tls", "--no-typing"]),
    ([SNUG, "--vers"], ["--version"]),
    ([SNUGD, "--data", "a-"], ["a-folder/"]),
    ([SNUGD, "backup", "a-"], ["a-file", "a-folder/"]),
    ([SNUG, "--config", "a-"], ["a-file", "a-folder/"]),
    ([SNUGD, "ex"], ["export"]),
    ([SNUG, "l"], []),
    ([SNUGD, "grant", ""], []),
], ids=lambda words: " ".join(word.rpartition("/")[2] for word in words))
def test_fish(home, words, wanted):
    (home / "a-file").write_text("")
    (home / "a-folder").mkdir()
    done = subprocess.run(["fish", "--no-config", "-c", f"source {TOP}/server/completion.fish; complete -C $argv[1]",
                           shlex.join(words[:-1]) + " " + words[-1]], cwd=home, env=environment(home),
                          capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert sorted(line.partition("\t")[0] for line in done.stdout.splitlines()) == wanted


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh(home, ended):
    (home / "a-file").write_text("")
    (home / "a-folder").mkdir()
    (home / "functions").mkdir()
    (home / "functions" / "_snug").symlink_to(f"{TOP}/server/completion.zsh")
    shell = Terminal(["zsh", "-f"], environment(home), home, columns=200)
    ended.append(shell)
    shell.send("PS1='zsh> '; fpath=(functions $fpath); autoload -Uz compinit; compinit -u -D; clear\r")
    shell.wait_screen(lambda _: shell.rows()[0].rstrip() == "zsh>", "a clear screen")
    for words, wanted in [(f"{SNUG} --no-tl", "--no-tls"), (f"{SNUG} --format j", "json"),
                          (f"{SNUGD} --data a-", "a-folder/"), (f"{SNUGD} --durability pr", "process"),
                          (f"{SNUGD} fi", "fingerprint"), (f"{SNUGD} backup a-fi", "a-file")]:
        shell.send(words + "\t")
        shell.wait_screen(lambda _, wanted=wanted: shell.cursor_row().rstrip().endswith(" " + wanted), wanted)
        shell.key("C-u")
        shell.wait_screen(lambda _: shell.cursor_row().rstrip() == "zsh>", "an empty line")
