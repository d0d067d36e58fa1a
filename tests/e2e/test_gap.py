"""What was said while the client was cut off, or before it came, is there: once, in order."""

import signal

import pytest

from harness.irc import IrcClient


def rows_with(program, word):
    """The words of the lines that hold it, from the first on."""
    return [row.split("│")[0].split()[2:] for row in program.rows() if word in row]


def test_the_last_page_is_there_for_who_comes_in(server, snug, irc):
    bob = irc("bob")
    for number in range(3):
        bob.send(f"PRIVMSG #lobby :earlier {number}")
    bob.fence()
    ada = snug("ada")
    ada.wait_text("earlier 2")
    ada.exchange(bob)
    assert rows_with(ada, "earlier") == [["earlier", str(number)] for number in range(3)]
    assert "new" not in ada.text()


def test_a_gap_is_filled_after_a_restart_of_the_server(server, snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG #lobby :line before")
    ada.wait_text("line before")
    server.kill()
    ada.wait_text("offline")
    ada.type("said meanwhile")
    ada.key("Enter")
    # Stopped, ada's client comes back later than the others.
    ada.signal(signal.SIGSTOP)
    server.start()
    cy = IrcClient(server.port).register("cy")
    for number in range(250):
        cy.send(f"PRIVMSG #lobby :line {number}")
    cy.fence()
    ada.signal(signal.SIGCONT)
    cy.wait_said("said meanwhile", by="ada")
    ada.wait_screen(lambda _: "said meanwhile" in ada.text() and "…" not in ada.text(), "all settled")
    ada.exchange(cy)
    ada.resize(80, 400)
    ada.wait_screen(lambda _: "line before" in ada.text() and "line 249" in ada.text(), "a tall window")
    assert rows_with(ada, "line ") == [["line", "before"]] + [["line", str(n)] for n in range(250)]
    text = ada.text()
    assert "away" in text.split("line 0")[0] and text.count("said meanwhile") == 1
    cy.close()


def test_a_room_that_got_another_name_meanwhile(server, snug, irc):
    bob, ada = irc("bob"), snug("ada")
    bob.send("JOIN #tea")
    ada.say("/join #tea")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!") and m.params[0] == "#tea")
    bob.send("PRIVMSG #tea :line before")
    ada.wait_text("line before")
    server.kill()
    ada.wait_text("offline")
    ada.say("said meanwhile")
    ada.type("half typed")
    ada.signal(signal.SIGSTOP)
    server.start()
    cy = IrcClient(server.port).register("cy")
    cy.send("JOIN #tea", "RENAME #tea #coffee", *(f"PRIVMSG #coffee :line {number}" for number in range(5)))
    cy.fence()
    ada.signal(signal.SIGCONT)
    cy.wait_said("said meanwhile", by="ada")
    ada.wait_screen(lambda _: "#coffee" in ada.rows()[0] and "line 4" in ada.text() and "…" not in ada.text(),
                    "the room under its new name")
    assert rows_with(ada, "line ") == [["line", "before"]] + [["line", str(n)] for n in range(5)]
    assert ada.text().count("said meanwhile") == 1 and ada.edited() == "half typed"
    cy.close()


def test_what_was_said_in_private_meanwhile(server, snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG ada :psst 1")
    ada.wait_text("bob 1!")
    server.kill()
    ada.wait_text("offline")
    ada.signal(signal.SIGSTOP)
    server.start()
    bob = IrcClient(server.port).register("bob")
    bob.send("PRIVMSG #lobby :here")
    bob.fence()
    ada.signal(signal.SIGCONT)
    ada.wait_text("here")
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))
    bob.send("PRIVMSG ada :psst 2")
    ada.wait_text("bob 2!")
    ada.exchange(bob)
    ada.send("/query bob\r")
    ada.wait_text("psst 2")
    assert rows_with(ada, "psst") == [["psst", "1"], ["psst", "2"]]
    bob.close()


def test_scrolling_up_asks_for_more(server, snug, irc):
    bob = irc("bob")
    for number in range(300):
        bob.send(f"PRIVMSG #lobby :line {number}")
    bob.fence()
    ada = snug("ada")
    ada.wait_text("line 299")
    for number in range(299, -1, -1):
        ada.page_up_until(lambda number=number: ["line", str(number)] in rows_with(ada, "line "))


@pytest.mark.parametrize("format_option", [[], ["--format", "json"]])
def test_line_by_line_nothing_is_missing_either(server, line_snug, format_option, irc):
    bob = irc("bob")
    bob.send("PRIVMSG #lobby :long ago")
    bob.fence()
    ada = line_snug("ada", *format_option)
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))
    bob.send("PRIVMSG #lobby :line first")
    ada.wait_until(lambda: any("line first" in line for line in ada.out), "the first line")
    ada.signal(signal.SIGSTOP)
    server.kill()
    server.start()
    bob = IrcClient(server.port).register("bob")
    for number in range(5):
        bob.send(f"PRIVMSG #lobby :line {number}")
    bob.fence()
    ada.signal(signal.SIGCONT)
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("ada!"))
    bob.send("PRIVMSG #lobby :line last")
    ada.wait_until(lambda: any("line last" in line for line in ada.out), "the last line")
    said = [line[line.index("line "):].split()[1].strip('",}') for line in ada.out if "line " in line]
    assert sorted(said) == sorted(["first", "0", "1", "2", "3", "4", "last"])
    assert not any("long ago" in line for line in ada.out)
    bob.close()
