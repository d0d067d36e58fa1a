"""snug inside scripts: JSON out, one line in, a command for each message, and honest exit codes."""

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import tty

import pytest

from harness import SNUG, DEADLINE_S
from harness.process import Process, environment
from harness.talker import tags_of


def arrived(bob, nick):
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith(f"{nick}!"))


def test_once(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada", "--once", "good morning, 早安")
    bob.wait_said("good morning, 早安", by="ada", to="#lobby")
    assert ada.wait_exit() == 0
    assert ada.out == [] and ada.err == []


def test_once_reads_no_input_and_knows_commands(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada", "--once", "/msg bob psst")
    bob.wait_said("psst", by="ada", to="bob")
    assert ada.wait_exit() == 0


def test_once_into_a_room(line_snug, irc):
    bob = irc("bob")
    bob.send("JOIN #ops")
    bob.wait_for(lambda m: m.command == "366" and m.params[1] == "#ops")
    ada = line_snug("ada", "--room", "#ops", "--once", "it burns")
    bob.wait_said("it burns", by="ada", to="#ops")
    assert ada.wait_exit() == 0


def test_once_to_somebody_who_is_not_there(line_snug):
    ada = line_snug("ada", "--once", "/msg nobody hello")
    assert ada.wait_exit() == 1
    assert any("not delivered" in line for line in ada.err)


def test_once_without_a_server(line_snug, server):
    server.kill()
    ada = line_snug("ada", "--once", "anybody?")
    assert ada.wait_exit() == 1
    assert ada.err


def test_once_and_no_acknowledgement(line_snug, server, irc):
    bob = irc("bob")
    ada = line_snug("ada", "--once", "x")
    arrived(bob, "ada")
    server.kill()
    assert ada.wait_exit() in (0, 1)  # it may have been acknowledged just before


def test_json(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada", "--format", "json")
    arrived(bob, "ada")
    bob.send('PRIVMSG #lobby :a "b" \\ 早安 \x1b[31m\x02 😊', "PRIVMSG #lobby :\x01ACTION waves\x01",
             "PRIVMSG ada :psst", "PART #lobby :tea")
    ada.wait_until(lambda: any('"part"' in line for line in ada.out), "bob's departure")
    heard = [json.loads(line) for line in ada.out]
    talk = [h for h in heard if h["type"] in ("message", "action")]
    assert [(h["type"], h.get("room"), h["private"], h["nick"], h["text"]) for h in talk] == [
        ("message", "#lobby", False, "bob", 'a "b" \\ 早安 \x1b[31m 😊'),  # without its formatting
        ("action", "#lobby", False, "bob", "waves"),
        ("message", None, True, "bob", "psst"),
    ]
    assert heard[-1]["text"] == "tea"
    assert all(h["time"].endswith("Z") and len(h["time"]) == 24 for h in heard)
    assert not any(ord(c) < 32 for line in ada.out for c in line)
    ada.close_input()
    assert ada.wait_exit() == 0


def test_json_of_what_is_done_to_messages(line_snug, irc):
    """By the ids that messages have, a program can tell which one is meant."""
    bob, ada, cy = irc("bob"), line_snug("ada", "--format", "json"), line_snug("cy")
    bob.send("CAP REQ :message-tags echo-message draft/message-redaction")
    arrived(bob, "ada")
    arrived(bob, "cy")
    bob.send("PRIVMSG #lobby :first")
    first = tags_of(bob.wait_said("first"))["msgid"]
    bob.send(f"@+draft/reply={first} PRIVMSG #lobby :second", f"@+draft/reply={first};+draft/react=👍 TAGMSG #lobby",
             f"@+draft/reply={first};+draft/unreact=👍 TAGMSG #lobby")
    second = tags_of(bob.wait_said("second"))["msgid"]
    cy.wait_until(lambda: any("second" in line for line in cy.out), "the second, before it is taken back")
    bob.send(f"REDACT #lobby {second} :never mind", "PRIVMSG #lobby :the end")
    ada.wait_until(lambda: any("the end" in line for line in ada.out), "the end")
    cy.wait_until(lambda: any("the end" in line for line in cy.out), "the end")
    heard = [json.loads(line) for line in ada.out]
    assert [(h["type"], h["nick"], h["text"], h.get("id"), h.get("reply_to"), h.get("about"), h["room"])
            for h in heard if h["nick"] == "bob" and h["text"] not in ("", "the end")] == [
        ("message", "bob", "first", first, None, None, "#lobby"),
        ("message", "bob", "second", second, first, None, "#lobby"),
        ("react", "bob", "👍", None, None, first, "#lobby"),
        ("unreact", "bob", "👍", None, None, first, "#lobby"),
        ("remove", "bob", "never mind", None, None, second, "#lobby"),
    ]
    lines = [line[6:] for line in cy.out if line[6:].startswith("bob")]
    assert lines == ["bob: first", "bob: second", "bob reacted 👍 to bob: first", "bob took back 👍 from bob: first",
                     "bob removed bob: second (never mind)", "bob: the end"]


def test_a_log_that_grows(server, home, irc):
    """tail -f log | snug --room '#ops'"""
    bob = irc("bob")
    bob.send("JOIN #ops")
    bob.wait_for(lambda m: m.command == "366" and m.params[1] == "#ops")
    log = home / "log"
    log.write_text("before\n")
    tail = subprocess.Popen(["tail", "-n", "+1", "-f", str(log)], stdout=subprocess.PIPE)
    ada = subprocess.Popen([SNUG, f"127.0.0.1:{server.port}", "--nick", "ada", "--room", "#ops"],
                           stdin=tail.stdout, stdout=subprocess.DEVNULL, env=environment(home))
    tail.stdout.close()
    try:
        bob.wait_said("before", by="ada", to="#ops")
        with log.open("a") as more:
            more.write("after\n")
        bob.wait_said("after", by="ada", to="#ops")
    finally:
        tail.kill()
        tail.wait()
    assert ada.wait(DEADLINE_S) == 0


def open_terminal():
    ends = os.openpty()
    tty.setraw(ends[1])
    return ends


def open_sockets():
    return tuple(end.detach() for end in socket.socketpair())


def open_pipe():
    return os.pipe()[::-1]


@pytest.mark.parametrize("arguments", [(), ("--once", "hello")], ids=["lines", "once"])
@pytest.mark.parametrize("open_ends", [open_pipe, open_sockets, open_terminal])
def test_the_standard_input_stays_as_it_was(server, home, irc, open_ends, arguments):
    """Whoever shares it, as the shell does that reads on, finds it blocking: while snug runs, and after it."""
    bob = irc("bob")
    writer, reader = open_ends()
    before = fcntl.fcntl(reader, fcntl.F_GETFL)
    ada = subprocess.Popen([SNUG, f"127.0.0.1:{server.port}", "--nick", "ada", *arguments], stdin=reader,
                           stdout=subprocess.DEVNULL, env=environment(home))
    try:
        os.write(writer, b"hello\n")
        bob.wait_said("hello", by="ada")
        assert fcntl.fcntl(reader, fcntl.F_GETFL) == before
        if not arguments:
            os.write(writer, b"and more\n")
            bob.wait_said("and more", by="ada")
            ada.terminate()
        ada.wait(DEADLINE_S)
        assert fcntl.fcntl(reader, fcntl.F_GETFL) == before
    finally:
        ada.kill()
        ada.wait()
        os.close(reader)
        os.close(writer)


def test_a_shell_that_reads_lines_itself(server, home, ended, irc):
    bob = irc("bob")
    loop = 'while read -r line; do "$0" "$1" --nick ada --once "$line"; done'
    shell = Process(["sh", "-c", loop, SNUG, f"127.0.0.1:{server.port}"], environment(home), home)
    ended.append(shell)
    for number in range(3):
        since = len(bob.lines)
        shell.write(f"line {number}\n".encode())
        bob.wait_said(f"line {number}", by="ada")
        bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"), since=since)
    shell.close_input()
    assert shell.wait_exit() == 0
    assert shell.err == []


def test_two_that_share_a_pipe(server, home, irc):
    """Each line is taken by one of them, and the other one goes on meanwhile."""
    bob = irc("bob")
    reader, writer = os.pipe()
    people = [subprocess.Popen([SNUG, f"127.0.0.1:{server.port}", "--nick", nick], stdin=reader,
                               stdout=subprocess.DEVNULL, env=environment(home)) for nick in ("ada", "cy")]
    os.close(reader)
    try:
        for nick in ("ada", "cy"):
            arrived(bob, nick)
        for number in range(20):
            os.write(writer, f"line {number}\n".encode())
            bob.wait_said(f"line {number}")
        for person in people:
            person.terminate()
            assert person.wait(DEADLINE_S) == 128 + signal.SIGTERM
    finally:
        for person in people:
            person.kill()
            person.wait()
        os.close(writer)


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_output_without_room(server, home, irc, form):
    bob = irc("bob")
    with open("/dev/full", "w", encoding="utf-8") as full:
        ada = subprocess.Popen([SNUG, f"127.0.0.1:{server.port}", "--nick", "ada", "--format", form],
                               stdin=subprocess.PIPE, stdout=full, stderr=subprocess.PIPE, env=environment(home))
    try:
        arrived(bob, "ada")
        bob.send("PRIVMSG #lobby :hello")
        assert ada.wait(DEADLINE_S) == 1
        assert ada.stderr.read() == b"snug: cannot write to standard output: No space left on device\n"
    finally:
        ada.kill()
        ada.communicate()


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_terminal_that_goes_away(server, home, irc, form):
    """What it prints is written line by line: the write that fails is not the last one."""
    bob = irc("bob")
    outer, inner = open_terminal()
    ada = subprocess.Popen([SNUG, f"127.0.0.1:{server.port}", "--nick", "ada", "--format", form],
                           stdin=subprocess.PIPE, stdout=inner, stderr=subprocess.PIPE, env=environment(home))
    os.close(inner)
    try:
        arrived(bob, "ada")
        bob.send("PRIVMSG #lobby :hello")
        seen = b""
        while b"hello" not in seen:
            assert select.select([outer], [], [], DEADLINE_S)[0]
            seen += os.read(outer, 4096)
        os.close(outer)
        bob.send("PRIVMSG #lobby :are you there?")
        assert ada.wait(DEADLINE_S) == 1
        assert ada.stderr.read() == b"snug: cannot write to standard output: Input/output error\n"
    finally:
        ada.kill()
        ada.communicate()


def test_a_command_for_each_message(line_snug, irc, home):
    script = home / "note"
    script.write_text('#!/bin/sh\nread -r line\n'
                      'printf "%s|%s|%s|%s|%s\\n" "$SNUG_TYPE" "$SNUG_ROOM" "$SNUG_NICK" "$SNUG_TEXT" "$line"\n')
    script.chmod(0o755)
    bob, ada = irc("bob"), line_snug("ada", "--exec", str(script))
    ada.close_input()  # it stays for what it hears
    arrived(bob, "ada")
    evil = '$(touch owned) `touch owned`; touch owned #"\' && touch owned'
    bob.send(f"PRIVMSG #lobby :{evil}", "PRIVMSG ada :psst")
    for number in range(20):
        bob.send(f"PRIVMSG #lobby :{number}")
    ada.wait_until(lambda: any("|19|19" in line for line in ada.out), "the last message")
    assert ada.out[0] == f"message|#lobby|bob|{evil}|{evil}"
    assert ada.out[1] == "message||bob|psst|psst"
    assert ada.out[2:] == [f"message|#lobby|bob|{n}|{n}" for n in range(20)]
    assert not (home / "owned").exists()
    ada.signal(signal.SIGTERM)
    ada.wait_exit()


def test_a_command_that_fails_or_reads_nothing(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada", "--exec", "exit 3")
    arrived(bob, "ada")
    bob.send("PRIVMSG #lobby :one", "PRIVMSG #lobby :two")
    ada.wait_until(lambda: len([line for line in ada.err if "status 3" in line]) == 2, "two failures")


@pytest.mark.parametrize("count, said", [(1, []), (2, ["snug: 1 message was not given to the command"]),
                                         (5, ["snug: 4 messages were not given to the command"])])
def test_messages_that_still_wait_for_the_command(line_snug, irc, home, count, said):
    """The first of them is with the command, which is stuck, when a signal ends it."""
    gate = home / "gate"
    os.mkfifo(gate)
    bob, ada = irc("bob"), line_snug("ada", "--exec", f"echo begun; read -r go < {gate}")
    arrived(bob, "ada")
    bob.send(*[f"PRIVMSG #lobby :{number}" for number in range(count)])
    bob.fence()
    ada.write(b"/msg nobody hello\n")  # the refusal comes behind what bob said
    ada.wait_until(lambda: any("nobody" in line for line in ada.err), "the refusal")
    ada.wait_until(lambda: ada.out == ["begun"], "the command")
    ada.signal(signal.SIGTERM)
    ada.wait_until(lambda: not ada.running, "its end")
    gate.write_text("go\n")
    ada.wait_exit()
    assert [line for line in ada.err if "the command" in line] == said
    assert ada.out == ["begun"]


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["--once"], ["--once", ""], ["--exec", ""],
                                       ["--exec", "true", "--once", "x"]])
def test_wrong_usage(line_snug, arguments):
    ada = line_snug("ada", *arguments)
    assert ada.wait_exit() == 2
    assert len(ada.err) == 1
