"""People talk: two snug, commands, and bytes that must not reach a terminal."""

import os
import select
import signal

from harness import DEADLINE_S
from harness.snug import Snug


def test_two_people_talk(snug):
    ada, bob = snug("ada"), snug("bob")
    ada.type("hello bob")
    ada.key("Enter")
    bob.wait_text("hello bob")
    bob.type("hi ada, 你好 👩‍👩‍👧")
    bob.key("Enter")
    ada.wait_text("hi ada, 你好")
    ada.wait_text("hello bob")


def test_a_room_of_their_own(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.say("/join #tea")
    ada.wait_screen(lambda _: "[#tea]" in ada.text() and "ada joined" in ada.text(), "the room #tea")
    bob.send("JOIN #tea")
    bob.wait_for(lambda m: m.command == "366" and m.params[1] == "#tea")
    ada.say("/topic green or black")
    assert bob.wait_command("TOPIC").params == ["#tea", "green or black"]
    ada.wait_text("green or black")
    ada.say("/me pours")
    bob.wait_said("\x01ACTION pours\x01", by="ada", to="#tea")
    ada.say("/msg bob just you")
    bob.wait_said("just you", by="ada", to="bob")
    ada.say("/nick ada2")
    bob.wait_for(lambda m: m.command == "NICK" and m.params == ["ada2"])
    ada.wait_screen(lambda _: ada.cursor_row().startswith("ada2>"), "the new name in the prompt")
    ada.send("/quit so long\r")
    assert "so long" in bob.wait_command("QUIT").params[0]
    assert ada.wait_exit() == 0


def test_tab_completes_a_nick(snug, irc):
    ada = snug("ada")
    irc("roberta")
    ada.wait_text("roberta")
    ada.send("rob\t")
    ada.wait_screen(lambda _: (ada.edited() or "").startswith("roberta"), "the completed nick")


def test_several_rows_are_one_message(server, snug):
    """Also where the connection is lost before the answer: it is said once, and whole."""
    ada, bob = snug("ada"), snug("bob")
    ada.paste("one\n\nand two")
    ada.wait_text("2 lines, 1 message")
    server.process.signal(signal.SIGSTOP)
    ada.key("Enter")
    ada.wait_screen(lambda _: "…" in ada.text(), "a pending message")
    server.kill()
    server.start()
    for program in (ada, bob):
        program.wait_screen(lambda p: "…" not in p.text() and "and two" in p.text(), "it")
    bob.say("that was it")
    for program in (ada, bob):
        program.wait_text("that was it")
        assert program.text().count("and two") == 1


def test_a_message_is_answered_reacted_to_and_taken_back(server, snug, irc, home, ended):
    ada, bob = snug("ada"), snug("bob")
    bob.say("has anyone seen the printer logs?")
    ada.wait_text("printer logs")
    ada.key("M-Up")
    ada.wait_text("r reply  e react  c copy")
    ada.send("r")
    ada.wait_text("what you say next is a reply to bob")
    ada.say("on the share")
    for program in (ada, bob):
        program.wait_text("↳ bob: has anyone seen")
    bob.key("M-Up")
    bob.wait_text("r reply")
    bob.send("e")
    bob.wait_text("1 👍")
    bob.send("1")
    ada.wait_text("👍 1")
    ada.key("M-Up")
    ada.wait_text("r reply")
    ada.send("d")
    ada.wait_text("d again takes it back")
    ada.send("d")
    for program in (ada, bob):
        program.wait_text("(removed by ada)")
    # Who comes later, after a restart too, sees the same.
    server.kill()
    server.start()
    cy = Snug(server.port, "cy", home)
    ended.append(cy)
    cy.wait_joined()
    cy.wait_text("printer logs")
    cy.exchange(irc("dan"))
    assert "on the share" not in cy.text()


def test_who_types_is_seen(snug):
    ada, bob = snug("ada"), snug("bob")
    bob.type("hm")
    ada.wait_text("bob is typing…")
    bob.key("C-c")
    ada.wait_screen(lambda _: "typing" not in ada.text(), "bob has stopped")


def test_a_link_is_opened_and_no_shell_sees_it(snug, home):
    ada, bob = snug("ada"), snug("bob")
    opener, opened = home / "opener", home / "opened"
    os.mkfifo(opened)
    opener.write_text(f'#!/bin/sh\necho "$#:$2" > {opened}\n')
    opener.chmod(0o755)
    ada.send(f"/set opener {opener} --new\r")
    bob.say("see http://lab.local/$(reboot);x.")
    ada.wait_text("lab.local/$(reboot)")
    with open(os.open(opened, os.O_RDONLY | os.O_NONBLOCK)) as reader:
        ada.say("/open 1")
        assert select.select([reader], [], [], DEADLINE_S)[0]
        assert reader.read() == "2:http://lab.local/$(reboot);x\n"


def test_why_a_link_is_not_opened(snug):
    ada, bob = snug("ada"), snug("bob")
    bob.say("see http://lab.local/x")
    ada.wait_text("lab.local/x")
    ada.say("/set opener nothing-like-this")
    ada.say("/open 1")
    ada.wait_text("cannot be run")
    ada.say("/set opener true" + 16 * " a")
    ada.say("/open 1")
    ada.wait_text("more than 16 words")


def test_who_runs_a_room_sends_somebody_out_and_keeps_him_out(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.say("/join #tea")
    ada.wait_screen(lambda _: "[#tea]" in ada.text() and "ada joined" in ada.text(), "the room #tea")
    bob.send("JOIN #tea")
    ada.wait_text("bob joined")
    ada.say("/kick bob too loud")
    assert bob.wait_command("KICK").params == ["#tea", "bob", "too loud"]
    ada.wait_text("bob was removed by ada (too loud)")
    ada.say("/ban bob")
    ada.wait_text("ada set +b *!*@")
    bob.send("JOIN #tea")
    assert bob.wait_command("474").params[1] == "#tea"
    ada.say("/unban bob")
    ada.wait_text("ada set -b *!*@")
    bob.send("JOIN #tea")
    bob.wait_for(lambda m: m.command == "366" and m.params[1] == "#tea", since=len(bob.lines))
    # Who does not run it is told so where he asked.
    ada.say("/mode -o ada")
    ada.wait_text("ada set -o ada")
    ada.say("/kick bob")
    ada.wait_screen(lambda _: any("[#tea]" in row for row in ada.rows()) and "operator" in ada.text(), "the refusal")


def test_who_has_never_typed_here_is_told_how(server, home, ended):
    def visit():
        ada = Snug(server.port, "ada", home / "ada").wait_joined()
        ended.append(ada)
        return ada
    (home / "ada").mkdir()
    ada = visit()
    ada.wait_text("type and press Enter")
    ada.say("hello")
    ada.key("C-c", "C-c")
    assert ada.wait_exit() == 0
    assert "/help" not in visit().text()
