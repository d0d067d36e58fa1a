"""People talk: two snug, commands, and bytes that must not reach a terminal."""

import signal

from harness import SNUG
from harness.fake import FakeServer
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


HOSTILE = ["\x1b]0;owned\x07", "\x1b[2J", "\x1b[31337m", "\x9b31337m", "\x07", "\x08" * 9, "\x7f",
           "\u202e", "\u2066", "\x0e", "\x1bPowned\x1b\\", "\x85"]
FORBIDDEN = ["\x1b]0;owned", "31337m\x1b", "\x1b[31337m", "\x9b", "\x07", "\u202e", "\u2066", "\x0e",
             "\x1bP", "\x85", "\x7f"]


def hostile_lines():
    for text in HOSTILE:
        yield f":mallory!u@h PRIVMSG #lobby :before {text} after"
        yield f":mallory!u@h TOPIC #lobby :topic {text} topic"
        yield f":mallory!u@h NOTICE #lobby :notice {text} notice"
        yield f":mall{text}ory!u@h JOIN #lobby"
        yield f":mallory!u@h KICK #lobby nobody :kicked {text}"
        yield f":fake 999 ada :numeric {text}"
        yield f":{text} {text} {text} :{text}"
        yield f":mallory!u@h NOTICE ada :private {text}"  # rings no bell, as a message would
        yield f":mallory!u@h PART #lobby :parted {text}"
    yield ":mallory!u@h PRIVMSG #lobby :the end"


def forbidden_in(raw):
    return [text for text in FORBIDDEN if text.encode() in raw]


def test_control_bytes_from_the_network_never_reach_the_terminal(home, ended):
    fake = FakeServer()
    ended.append(fake)
    ada = Snug(fake.port, "ada", home)
    ended.append(ada)
    peer = fake.accept()
    ada.wait_joined()
    for line in hostile_lines():
        peer.send(line)
    peer.send_bytes(b":mallory!u@h PRIVMSG #lobby :not UTF-8: \x9b31337m \xff\xfe\xc0\x80\r\n")
    ada.wait_text("the end")
    ada.send("/quit\r")
    ada.wait_exit()
    assert forbidden_in(bytes(ada.raw)) == []
    ada.raw.decode("utf-8")


def test_control_bytes_never_leave_line_mode(home, ended):
    fake = FakeServer()
    ended.append(fake)
    ada = Process([SNUG, f"127.0.0.1:{fake.port}", "--nick", "ada"], environment(home), home)
    ended.append(ada)
    peer = fake.accept()
    for line in hostile_lines():
        peer.send(line)
    ada.wait_until(lambda: any("the end" in line for line in ada.out), "the last line")
    heard = "\n".join(ada.out + ada.err).encode()
    assert forbidden_in(heard) == []
    assert b"\x1b" not in heard


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
