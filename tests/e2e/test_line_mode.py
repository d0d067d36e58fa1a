"""Without a terminal snug is a line tool: lines in are spoken, lines out are what was heard."""

import signal

import pytest

from harness import SNUG
from harness.fake import FakeServer
from harness.process import Process, environment


def test_one_line_is_spoken_and_then_it_leaves(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada")
    ada.write(b"hello\n")
    ada.close_input()
    bob.wait_said("hello", by="ada", to="#lobby")
    assert ada.wait_exit() == 0
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))


def test_everything_is_delivered_in_order_before_it_leaves(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada")
    lines = [f"line {number} of many, padded {'.' * (number % 97)}" for number in range(500)]
    ada.write("".join(line + "\n" for line in lines).encode())
    ada.close_input()
    bob.wait_said(lines[-1], by="ada")
    assert bob.said(by="ada") == lines
    assert ada.wait_exit() == 0


def test_a_last_line_without_its_newline_counts(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada")
    ada.write(b"first\nlast")
    ada.close_input()
    bob.wait_said("last", by="ada")
    assert ada.wait_exit() == 0


def test_what_is_heard_comes_out(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))
    bob.send("PRIVMSG #lobby :good morning, 早安")
    ada.wait_until(lambda: any("bob" in line and "good morning, 早安" in line for line in ada.out),
                   "bob's words on stdout")
    ada.close_input()
    assert ada.wait_exit() == 0


def test_an_input_that_cannot_be_read_is_not_taken_for_its_end(home, ended, server):
    ada = Process(["sh", "-c", 'exec "$@" </', "sh", SNUG, f"127.0.0.1:{server.port}"], environment(home), home)
    ended.append(ada)
    assert ada.wait_exit() == 1
    assert ada.err == ["snug: cannot read standard input: Is a directory"]


def test_nothing_to_say_is_fine(line_snug):
    ada = line_snug("ada")
    ada.close_input()
    assert ada.wait_exit() == 0


def test_a_server_that_vanishes_before_the_acknowledgement(home, ended):
    fake = FakeServer()
    ended.append(fake)
    ada = Process([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada", "--once", "never acknowledged"],
                  environment(home), home)
    ended.append(ada)
    peer = fake.accept()
    peer.wait_command("PING")  # after joining; the next answer would be the acknowledgement
    peer.answers_pings = False
    peer.wait_said("never acknowledged")
    fake.end()
    assert ada.wait_exit() == 1
    assert any("not delivered" in line for line in ada.err)


def test_a_signal_that_comes_twice(home, ended):
    """What it leaves undelivered is said once, and is what its status tells."""
    fake = FakeServer()
    ended.append(fake)
    ada = Process([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada"], environment(home), home)
    ended.append(ada)
    peer = fake.accept()
    peer.wait_command("PING")
    peer.answers_pings = False
    ada.write(b"never acknowledged\n")
    peer.wait_said("never acknowledged")
    ada.signal(signal.SIGINT)
    peer.wait_command("QUIT")  # whom nobody answers
    ada.signal(signal.SIGINT)
    assert ada.wait_exit() == 1
    assert ada.err == ["snug: 1 line was not delivered to 127.0.0.1"]


def test_a_signal_when_all_was_delivered(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))
    ada.signal(signal.SIGINT)
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    assert ada.wait_exit() == 128 + signal.SIGINT
    assert ada.err == []


@pytest.mark.parametrize("room", ["tea", "#tea"])
def test_a_room_is_named_as_for_join(line_snug, irc, room):
    bob = irc("bob")
    bob.send("JOIN #tea")
    ada = line_snug("ada", "--room", room, "--once", "hello")
    bob.wait_said("hello", by="ada", to="#tea")
    assert ada.wait_exit() == 0


def test_what_a_command_asks_is_answered(line_snug, irc):
    bob = irc("bob")
    bob.send("JOIN #tea", "TOPIC #tea :hot")
    bob.fence()

    def answers(*arguments):
        ada = line_snug("ada", *arguments)
        assert ada.wait_exit() == 0 and ada.err == []
        return ada.out
    whois = answers("--once", "/whois bob")
    assert whois[0].startswith("bob is ") and "bob is in @#tea #lobby" in whois
    assert [row.split()[0] for row in answers("--once", "/list")] == ["#lobby", "#tea"]
    assert answers("--once", "/names")[0].startswith("#lobby: ")
    assert answers("--once", "/topic") == ["no topic is set"]
    assert "/away [WHY]: be marked as away; alone: be back" in answers("--once", "/help")
    assert '"bob is ' in answers("--once", "/whois bob", "--format", "json")[0]
    assert answers("--once", "hello") == []


def test_a_command_that_is_refused_tells_its_status(line_snug, irc):
    irc("bob")
    for refused in "/whois nobody", "/nick bob", "/whowas nobody":
        ada = line_snug("ada", "--once", refused)
        assert ada.wait_exit() == 1 and ada.out == [] and len(ada.err) == 1


@pytest.mark.parametrize("command", ["/disconnect", "/reconnect", "/save"])
def test_what_only_the_full_screen_does_is_refused(line_snug, irc, command):
    bob, ada = irc("bob"), line_snug("ada")
    ada.write(f"{command}\nsaid all the same\n".encode())
    ada.close_input()
    bob.wait_said("said all the same", by="ada", to="#lobby")
    assert ada.wait_exit() == 1 and ada.out == []
    assert len(ada.err) == 2 and command in ada.err[0] and "only on the full screen" in ada.err[0]


def test_help_that_is_asked_for_in_the_input_is_output(line_snug):
    ada = line_snug("ada")
    ada.write(b"/help whois\n/set bell\n")
    ada.close_input()
    assert ada.wait_exit() == 0
    assert [line[6:] for line in ada.out] == [
        "/whois [NICK]: show what is known of somebody",
        "bell = yes    ring the bell when somebody speaks to you and you look elsewhere"]
    assert ada.err == []


def test_a_list_has_a_row_for_each_room(line_snug, irc):
    bob, ada = irc("bob"), line_snug("ada")
    bob.send("JOIN #tea")
    bob.fence()
    ada.write(b"/list\n")
    ada.wait_until(lambda: any(line[6:].startswith("#tea") for line in ada.out), "#tea in its own row")
    ada.close_input()
    assert ada.wait_exit() == 0


def test_no_server_at_all(line_snug, server):
    server.kill()
    ada = line_snug("ada")
    ada.write(b"anybody?\n")
    ada.close_input()
    assert ada.wait_exit() == 1
    assert ada.err, "it must say why"


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["--nick"], ["one", "two"], [""],
                                       ["lab:irc"], ["127.0.0.1:99999"], ["irc://127.0.0.1:6667/#tea"],
                                       ["--room", "tea time"], ["--room", ""], ["--once", "/clear"]])
def test_wrong_usage(home, ended, arguments):
    ada = Process([SNUG, *arguments], environment(home), home)
    ended.append(ada)
    assert ada.wait_exit() == 2
    assert len(ada.err) == 1 and ada.out == []


@pytest.mark.parametrize("option, word", [("--help", "--nick"), ("--version", "snug")])
def test_asking_for_help(home, ended, option, word):
    ada = Process([SNUG, option], environment(home), home)
    ended.append(ada)
    assert ada.wait_exit() == 0
    assert any(word in line for line in ada.out) and ada.err == []
