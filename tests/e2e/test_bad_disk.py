"""The disk fails under a server that runs: who speaks is told so, nobody sees it, and nothing is lost."""

import sqlite3

import pytest

from harness import bad_disk
from harness.bad_disk import ServerOnBadDisk

LOG = ".local/state/snugd/log.db"


@pytest.fixture
def server(home, ended):
    running = ServerOnBadDisk(home)
    ended.append(running)
    return running


def texts(home):
    with sqlite3.connect(home / LOG) as log:
        return [text for (text,) in log.execute("SELECT text FROM entry WHERE kind = 1 ORDER BY at")]


@pytest.mark.parametrize("kind, reason", [(bad_disk.SYNC, "cannot sync"), (bad_disk.WRITE, "the disk is full")],
                         ids=["sync", "write"])
def test_what_was_refused_stays_with_who_said_it_until_it_is_said_again(server, home, snug, irc, kind, reason):
    bob, ada = irc("bob"), snug("ada")
    server.disk.fail(kind)
    ada.say("a line for the disk")
    ada.wait_text("refused: Alt-s sends it again")
    server.wait_logged(reason)
    bob.fence()
    assert bob.said() == []
    server.disk.mend()
    server.wait_logged("the log is up")
    bob.send("PRIVMSG #lobby :meanwhile")
    ada.wait_text("meanwhile")
    ada.wait_text("refused: Alt-s sends it again")
    ada.key("M-s")
    bob.wait_said("a line for the disk", by="ada")
    ada.wait_screen(lambda _: "refused" not in ada.text() and ada.text().count("a line for the disk") == 1,
                    "the line, settled")
    bob.fence()
    assert bob.said() == ["a line for the disk"]
    server.kill()
    assert texts(home) == ["meanwhile", "a line for the disk"]


def test_who_comes_and_goes_while_the_disk_fails_is_not_forgotten(server, home, irc):
    ada, bob = irc("ada"), irc("bob")
    server.disk.fail(bad_disk.SYNC)
    ada.send("PRIVMSG #lobby :lost")
    assert "NOT_STORED" in ada.wait_command("FAIL").params
    bob.send("QUIT :gone")
    bob.wait_closed()
    server.disk.mend()
    ada.wait_command("QUIT")
    server.kill()
    server.start()
    assert "lost" not in texts(home)
    cy = irc("cy")
    cy.send("PRIVMSG #lobby :and on")
    cy.fence()
    assert texts(home) == ["and on"]
