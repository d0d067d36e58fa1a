"""People talk: two snug, commands, and bytes that must not reach a terminal."""

import signal

from harness import SNUG
from harness.process import Process, environment
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
        program.wait_screen(lambda p: "…" not in p.text() and p.text().count("and two") == 1, "it, once")
