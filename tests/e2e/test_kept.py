"""What was typed and said outlives the client: kill -9, and all is there at the next start."""

import os
import signal

from harness.irc import IrcClient
from harness.snug import Snug


def start(port, home, ended, nick="ada"):
    program = Snug(port, nick, home)
    ended.append(program)
    return program


def kill(program):
    program.signal(signal.SIGKILL)
    program.wait_exit()


def test_a_half_typed_line_outlives_kill_9(server, snug, home, ended):
    ada = snug("ada")
    ada.type("half a thought, é and 👨‍👩‍👧")
    ada.key("Left", "Left")
    ada.wait_screen(lambda _: ada.cursor()[0] == len("ada> half a thought, é and"), "the cursor moved")
    kill(ada)
    again = start(server.port, home / "ada", ended)
    again.wait_edited("half a thought, é and 👨‍👩‍👧")
    assert again.cursor()[0] == len("ada> half a thought, é and")


def test_every_draft_belongs_to_its_buffer_still(server, snug, home, ended):
    ada = snug("ada")
    ada.send("/join #tea\r")
    ada.wait_text("[#tea]")
    ada.type("for tea")
    ada.send("\x1b1")
    ada.wait_edited("")
    ada.type("for the server")
    ada.send("\x1b2")
    ada.wait_edited("")
    ada.type("for the lobby")
    kill(ada)
    again = start(server.port, home / "ada", ended)
    again.wait_edited("for the server")
    seen = set()
    for _ in range(3):
        seen.add(again.edited())
        before = again.edited()
        again.key("M-Right")
        again.wait_screen(lambda _, before=before: again.edited() not in (None, before), "another buffer")
    assert seen == {"for the server", "for the lobby", "for tea"}


def test_lines_said_without_a_server_are_said_once_after_kill_9(server, snug, home, ended):
    ada = snug("ada")
    server.kill()
    ada.wait_text("offline")
    for text in ("first", "second", "third"):
        ada.type(text)
        ada.key("Enter")
        ada.wait_edited("")
    ada.wait_text("third")
    ada.type("and a draft")
    kill(ada)

    server.start()
    bob = IrcClient(server.port).register("bob")
    again = start(server.port, home / "ada", ended)
    bob.wait_said("third", by="ada", to="#lobby")
    again.wait_edited("and a draft")
    bob.fence()
    assert bob.said(by="ada") == ["first", "second", "third"]
    kill(again)
    third = start(server.port, home / "ada", ended)
    third.wait_edited("and a draft")
    third.key("Enter")
    bob.wait_said("and a draft", by="ada")
    assert bob.said(by="ada") == ["first", "second", "third", "and a draft"]
    bob.close()


def test_what_was_entered_comes_back_with_up(server, snug, home, ended, irc):
    bob, ada = irc("bob"), snug("ada")
    for text in ("one", "two"):
        ada.say(text)
        bob.wait_said(text, by="ada")
    kill(ada)
    again = start(server.port, home / "ada", ended).wait_joined()
    again.key("Up")
    again.wait_edited("two")
    again.key("Up")
    again.wait_edited("one")


def test_the_journal_is_for_its_owner_alone(snug, home):
    ada = snug("ada")
    ada.type("private")
    folder = home / "ada/.local/state/snug"
    files = list(folder.iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_two_at_once_have_a_journal_each(server, snug, home, ended):
    """And what a second one left is taken over by whoever comes next."""
    first = snug("ada")
    first.type("of the first")
    second = start(server.port, home / "ada", ended)
    second.wait_screen(lambda _: "#lobby" in second.text(), "the lobby")
    second.send("of the second")
    second.wait_text("of the second")
    kill(first)
    kill(second)
    third = start(server.port, home / "ada", ended)
    third.wait_edited("of the first")
    third.key("C-c")
    third.wait_edited("")
    third.key("Up")
    third.wait_edited("of the second")
    assert len(os.listdir(home / "ada/.local/state/snug")) == 1


def paste_lines(program, count):
    program.say("/set multiline no")
    program.paste("\n".join(f"line {number} of {program.nick}" for number in range(count)))
    program.wait_text(f"{count} messages")
    program.key("Enter")


def test_killed_while_it_says_many_lines(server, snug, home, ended, irc):
    """Whatever had been sent, heard or acknowledged by then: each is said once, and none is missing."""
    bob, ada = irc("bob"), snug("ada")
    paste_lines(ada, 200)
    bob.wait_said("line 20 of ada", by="ada")
    kill(ada)
    again = start(server.port, home / "ada", ended)
    bob.wait_said("line 199 of ada")
    bob.fence()
    assert bob.said() == [f"line {number} of ada" for number in range(200)]
    kill(again)
    third = start(server.port, home / "ada", ended).wait_joined()
    third.wait_text("line 199")
    third.exchange(bob)
    assert len(bob.said()) == 201


def test_no_journal_can_be_had(server, home, ended, irc):
    """Said once; talking goes on."""
    bob, own_home = irc("bob"), home / "ada"
    own_home.mkdir()
    folder = own_home / ".local/state/snug"
    folder.mkdir(parents=True)
    (folder / f"127.0.0.1%3A{server.port}.journal").mkdir()
    ada = start(server.port, own_home, ended)
    ada.wait_text("would not survive a crash")
    ada.send("\x0c")
    ada.wait_text("no journal")
    ada.send("hello all the same\r")
    bob.wait_said("hello all the same", by="ada")
