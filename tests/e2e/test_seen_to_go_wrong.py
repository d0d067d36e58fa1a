"""Twelve things that other clients were seen to do to their users, each with a test that snug does not."""

import re
import signal
import unicodedata

import pytest

from harness.snug import Snug


def start(port, home, ended, nick="ada", **more):
    program = Snug(port, nick, home, **more)
    ended.append(program)
    return program


def talk_rows(program, word="line"):
    """What was said, in order, as it stands on a tall screen; "…" and the like show what is not settled."""
    rows = (row.split("│")[0].split() for row in program.rows())
    return [" ".join(words[1:]) for words in rows if word in words]


def paste_lines(program, count):
    program.say("/set multiline no")
    program.paste("\n".join(f"line {number} of {program.nick}" for number in range(count)))
    program.wait_text(f"{count} messages")
    program.key("Enter")


def wait_settled(program, count):
    program.resize(80, 4 * count)
    program.wait_screen(lambda _: len(talk_rows(program)) == count and "…" not in program.text(),
                        f"{count} settled lines")


def test_01_thirty_lines_and_the_server_is_killed(server, snug):
    """Elsewhere all were shown as said, and 2 and 6 had arrived."""
    ada, eve = snug("ada"), snug("eve")
    server.process.signal(signal.SIGSTOP)
    paste_lines(ada, 30)
    paste_lines(eve, 30)
    for program in (ada, eve):
        program.wait_screen(lambda p: p.text().count("…") > 10, "lines that are pending")
    server.process.signal(signal.SIGCONT)
    server.kill()
    server.start()
    wait_settled(ada, 60)
    wait_settled(eve, 60)
    assert talk_rows(ada) == talk_rows(eve)
    assert sorted(talk_rows(ada)) == sorted(f"{nick} line {number} of {nick}"
                                            for nick in ("ada", "eve") for number in range(30))


def test_02_a_server_that_stopped_is_said_to_be_silent(server, snug):
    """Elsewhere nothing was shown for 33 s."""
    ada = snug("ada")
    server.process.signal(signal.SIGSTOP)
    ada.say("is anybody there")
    ada.wait_screen(lambda _: re.search(r"no answer for \d+ s", ada.text()), "for how long", timeout_s=30)
    assert any("…" in row and "is anybody there" in row for row in ada.rows())
    server.process.signal(signal.SIGCONT)
    ada.wait_screen(lambda _: "no answer" not in ada.text() and "…" not in ada.text(), "an answer")


def test_03_what_is_said_while_disconnected_waits(server, snug, irc):
    """Elsewhere it vanished, or the client exited."""
    ada = snug("ada")
    ada.say("/join #tea")
    ada.wait_text("[#tea]")
    server.kill()
    ada.wait_screen(lambda _: re.search(r"offline: again in \d+ s, F5 now", ada.text()), "a countdown")
    ada.say("into the void")
    for room in ("#lobby", "#tea"):
        ada.say(f"/buffer {room}")
        ada.wait_screen(lambda _, room=room: f"[{room}]" in ada.text() and "disconnected" in ada.text(),
                        f"it said in {room}")
    ada.wait_screen(lambda _: any("…" in row and "into the void" in row for row in ada.rows()), "it waits")
    # The delay grows, so that the key makes a difference by then.
    ada.wait_screen(lambda _: re.search(r"again in ([4-9]|\d\d) s", ada.text()), "a longer wait")
    server.start()
    ada.send("\x1b[15~")
    ada.wait_screen(lambda _: "offline" not in ada.text() and "…" not in ada.text()
                    and "into the void" in ada.text(), "it was said")
    bob = irc("bob")
    bob.send("JOIN #tea", "CAP REQ :batch draft/chathistory")
    bob.fence("in")
    since = len(bob.lines)
    bob.send("CHATHISTORY LATEST #tea * 100")
    bob.fence("read")
    assert [m.params[1] for m in bob.lines[since:] if m.command == "PRIVMSG"] == ["into the void"]


CLUSTERS = {"family": "👨‍👩‍👧‍👦", "flag": "🇯🇵", "skin": "👋🏽", "jamo": "\u1112\u1161\u11ab", "accent": "e\u0301",
            "heart": "❤️"}


def seen(text):
    """What the test's terminal makes of it, whatever width it gives a cluster."""
    return unicodedata.normalize("NFC", text or "").replace(" ", "")


@pytest.mark.parametrize("name", CLUSTERS)
def test_04_a_cluster_is_one_to_backspace_and_to_left(snug, name):
    """Elsewhere a Backspace took a part of it, and the cursor was beside what it showed."""
    ada, cluster = snug("ada"), CLUSTERS[name]

    def wait_edited(text):
        ada.wait_screen(lambda _: ada.edited() is not None and seen(ada.edited()) == seen(text), repr(text))

    ada.send("a" + cluster + "b")
    wait_edited("a" + cluster + "b")
    ada.key("Left", "Left", "Backspace")
    wait_edited(cluster + "b")
    ada.key("Right", "Backspace")
    wait_edited("b")
    ada.send(cluster)
    wait_edited(cluster + "b")
    ada.key("Enter")
    for key in ("C-l", "C-l"):
        ada.wait_screen(lambda _: ada.edited() == "" and seen(ada.text()).count(seen(cluster + "b")) == 1,
                        "it was said")
        ada.key(key)


def without_lag(program):
    """The screen without what the lag is just now, and without the blanks that make room for it."""
    return [re.sub(r" +(\S+) \d+ ms", r" \1", row) for row in program.rows()]


def test_05_down_to_20x5_and_back(server, home, ended, irc):
    ada = start(server.port, home, ended, columns=100, rows=30).wait_joined()
    bob = irc("bob")
    for number in range(40):
        bob.send(f"PRIVMSG #lobby :thought {number}")
    ada.wait_text("thought 39")
    ada.type("half typed")
    before = without_lag(ada)
    ada.resize(20, 5)
    ada.wait_screen(lambda _: len(ada.rows()) == 5 and len(talk_rows(ada, "thought")) >= 2
                    and "half typed" in ada.text(), "two lines and the draft")
    ada.resize(100, 30)
    ada.wait_screen(lambda _: without_lag(ada) == before, "as before")


def test_06_ten_thousand_characters_are_pasted(server, snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG #lobby :look at this")
    ada.wait_text("look at this")
    ada.say("/set multiline no")
    ada.paste("\n".join(f"{number:03} " + 45 * "x" for number in range(200)))
    ada.wait_text("200 messages")
    assert "look at this" in ada.text()
    bob.fence("before")
    assert bob.said() == []
    # A server that takes its time, so that it is still being said when the key comes.
    server.process.signal(signal.SIGSTOP)
    ada.key("Enter")
    ada.wait_screen(lambda _: re.search(r"sending \d+/200, C-c stops", ada.text()), "how far it is")
    ada.key("C-c")
    ada.wait_text("stopped: ")
    ada.key("C-c")  # what was not sent is in the editor again
    ada.wait_edited("")
    server.process.signal(signal.SIGCONT)
    ada.wait_screen(lambda _: "…" not in ada.text(), "nothing that waits")
    ada.exchange(bob)
    said = bob.said()
    assert said.pop() == "over to you"
    assert len(said) < 200 and said == [f"{number:03} " + 45 * "x" for number in range(len(said))]


def test_07_thirty_lines_without_marks_are_a_paste(snug, irc):
    """In whatever pieces they are sent. They come in haste also where the test is slow: snug stands still
    meanwhile. Pieces that come one after the other have clocks of their own in keys_test.c."""
    ada, bob = snug("ada"), irc("bob")
    ada.say("/set multiline no")
    text = "".join(f"in haste {number:02}\r" for number in range(30))
    for piece in (len(text), 61, 12, 5):
        ada.signal(signal.SIGSTOP)
        for at in range(0, len(text), piece):
            ada.send(text[at:at + piece])
        ada.signal(signal.SIGCONT)
        ada.wait_text("30 messages")
        ada.wait_text("in haste 29")
        ada.key("C-c")
        ada.wait_edited("")
    ada.signal(signal.SIGTERM)
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    assert bob.said() == []


@pytest.mark.parametrize("line, near", [(" /nick x", "/nick"), ("/nikc x", "/nick"), (" /join #y", "/join")])
def test_08_a_command_gone_wrong_is_not_spoken(snug, irc, line, near):
    ada, bob = snug("ada"), irc("bob")
    ada.type(line)
    ada.key("Enter")
    ada.wait_screen(lambda _: near in "\n".join(ada.rows()[:-1]), "what was meant")
    assert ada.edited() == line
    ada.key("C-c")
    ada.wait_edited("")
    ada.exchange(bob)
    assert bob.said() == ["over to you"]


@pytest.mark.parametrize("line, heard", [("//path", "/path"), ("/etc/passwd is a path", "/etc/passwd is a path")])
def test_08_a_path_can_be_said(snug, irc, line, heard):
    ada, bob = snug("ada"), irc("bob")
    ada.type(line)
    ada.key("Enter")
    bob.wait_said(heard, by="ada")


@pytest.mark.parametrize("command, answer", [("/whois bob", "bob"), ("/whois nobody", "nobody"),
                                             ("/nick 1x", "1x"), ("/names", "@ada"), ("/help nick", "/nick")])
def test_09_an_answer_appears_where_it_was_asked_for(snug, irc, command, answer):
    ada = snug("ada")
    irc("bob")
    ada.say("/join #tea")
    ada.wait_screen(lambda _: "[#tea]" in ada.text() and "ada joined" in ada.text() and "@ada" in ada.text(), "#tea")
    before = ada.rows()
    ada.type(command)
    ada.key("Enter")
    ada.wait_screen(lambda _: any(answer in row.lower() and row not in before
                                  and command not in row for row in ada.rows()[:-1]), "the answer")
    assert "[#tea]" in ada.text()


def test_10_what_controls_terminals_is_shown_harmless(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    hostile = "\u202eback \u2066isolated \x1b[2J \x1b]0;owned\x07 \x08\x08 \x7f \x9b31m \x85 \u200f"
    bob.send(f"PRIVMSG #lobby :before {hostile} after", f"TOPIC #lobby :{hostile}", "PRIVMSG #lobby :the end")
    ada.wait_text("the end")
    assert "before" in ada.text() and "after" in ada.text()
    raw = bytes(ada.raw).decode("utf-8")
    for bad in ("\u202e", "\u2066", "\u200f", "\x1b]0;owned", "\x9b", "\x85", "\x08", "\x7f"):
        assert bad not in raw, repr(bad)


def test_11_drafts_and_what_is_unsent_outlive_kill_9(server, snug, home, ended):
    ada = snug("ada")
    ada.say("/join #tea")
    ada.wait_text("[#tea]")
    ada.type("for tea")
    ada.send("\x1b2")
    ada.wait_edited("")
    server.kill()
    ada.wait_text("offline")
    ada.say("not sent yet")
    ada.type("half typed")
    ada.signal(signal.SIGKILL)
    ada.wait_exit()
    again = start(server.port, home / "ada", ended)
    again.wait_screen(lambda _: again.edited() == "half typed"
                      and any("…" in row and "not sent yet" in row for row in again.rows()), "all of it")
    again.key("M-Left")
    again.wait_edited("for tea")


def test_12_a_draft_stays_in_its_buffer(snug):
    ada = snug("ada")
    ada.say("/join #tea")
    ada.wait_text("[#tea]")
    ada.type("for tea")
    ada.send("\x1b2")
    ada.wait_edited("")
    ada.type("for the lobby")
    ada.key("M-Right")
    ada.wait_edited("for tea")
    ada.key("M-Left")
    ada.wait_edited("for the lobby")
