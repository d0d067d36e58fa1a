"""What is older than the client's memory: found by its words, and by scrolling up."""

import re


def talk(irc):
    bob = irc("bob")
    bob.send("PRIVMSG #lobby :the café has a needle", *(f"PRIVMSG #lobby :hay {number}" for number in range(300)))
    bob.fence()


def test_the_server_is_searched(server, snug, irc):
    talk(irc)
    ada = snug("ada", rows=12)
    ada.wait_text("hay 299")
    ada.type("/search CAFE")
    ada.key("Enter")
    ada.wait_text("the server found 1 older: n goes on")
    assert "needle" not in ada.text()
    ada.send("n")
    ada.wait_text("the café has a needle")
    assert "hay 299" not in ada.text()
    ada.key("Escape")
    ada.wait_text("hay 299")
    ada.type("as before")


def test_scrolling_up_fetches_what_is_older(server, snug, irc):
    talk(irc)
    ada = snug("ada")
    ada.wait_text("hay 299")
    ada.type("half a line")
    for number in range(280, 0, -1):
        ada.page_up_until(lambda number=number: re.search(rf"hay {number}\b", ada.text()))
    ada.page_up_until(lambda: "the café has a needle" in ada.text())
    ada.wait_edited("half a line")
