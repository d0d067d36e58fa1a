"""What lies in the data directory: it outlives the server, and is refused when it cannot be used."""

import sqlite3

import pytest

from harness import SNUGD
from harness.process import Process, environment
from harness.server import Server

LOG = ".local/state/snugd/log.db"


def refusal(home, ended, *arguments):
    """The one line of a snugd that does not start."""
    process = Process([SNUGD, "--irc", "127.0.0.1:0", *arguments], environment(home), home)
    ended.append(process)
    assert process.wait_exit() == 1
    assert len(process.err) == 1, process.err
    return process.err[0]


def texts(home):
    with sqlite3.connect(home / LOG) as log:
        return [text for (text,) in log.execute("SELECT text FROM entry WHERE kind = 1 ORDER BY at")]


def test_what_was_shown_outlives_a_kill(server, home, irc):
    ada, bob = irc("ada"), irc("bob")
    ada.send("JOIN #tea", "TOPIC #tea :Stand-up at 10:00")
    ada.send(*(f"PRIVMSG #lobby :line {i}" for i in range(100)))
    bob.wait_for(lambda m: m.command == "PRIVMSG" and m.params[-1] == "line 99")
    server.kill()
    assert texts(home) == [f"line {i}" for i in range(100)]
    server.start()
    cy = irc("cy")
    cy.send("JOIN #tea")
    assert cy.wait_for(lambda m: m.command == "332").params[-1] == "Stand-up at 10:00"


def test_two_servers_do_not_share_a_directory(server, home, ended):
    assert "in use by another snugd" in refusal(home, ended)


def test_what_is_no_log_is_left_alone(home, ended):
    (home / "data").mkdir()
    (home / "data" / "log.db").write_text("Dear diary, " * 100)
    assert "data/log.db" in refusal(home, ended, "--data", str(home / "data"))
    assert (home / "data" / "log.db").read_text() == "Dear diary, " * 100


@pytest.mark.parametrize("durability", ["power", "process"])
def test_a_log_of_a_newer_server(home, ended, durability):
    server = Server(home, "--irc", "127.0.0.1:0", "--durability", durability)
    ended.append(server)
    assert server.stop() == 0
    with sqlite3.connect(home / LOG) as log:
        log.execute("PRAGMA user_version = 1000")
    assert "newer snugd" in refusal(home, ended)


def test_without_durability_nothing_is_kept(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--durability", "none")
    ended.append(server)
    assert not (home / LOG).exists()
