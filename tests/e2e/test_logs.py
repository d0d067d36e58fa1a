"""Plain text on disk, on request."""

import os
import re
import stat

from harness.snug import Snug


def log_of(home, server, room):
    path = home / f".local/state/snug/logs/127.0.0.1%3A{server.port}/{room}.log"
    return path.read_text().splitlines() if path.exists() else []


def texts_of(home, server, room):
    lines = log_of(home, server, room)
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \S", line) for line in lines), lines
    return [line[24:] for line in lines]


def wait_logged(program, home, server, room, text):
    program.wait_screen(lambda _: any(text in line for line in log_of(home, server, room)) or program.key("C-l"),
                        f"{text!r} in the log of {room}")


def talk(texts):
    return [text for text in texts if ": " in text]


def test_rooms_and_people_have_a_file_each(server, snug, home, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG #lobby :before anybody asked")
    ada.wait_text("before anybody asked")
    ada.say("/set log-text yes")
    ada.say("hello")
    bob.wait_said("hello")
    bob.send("PRIVMSG #lobby :\x1b[31mred\x1b[0m \u202eback", "PRIVMSG ada :psst", "JOIN #Tea/../x")
    wait_logged(ada, home / "ada", server, "bob", "psst")
    wait_logged(ada, home / "ada", server, "#lobby", "red")
    wait_logged(ada, home / "ada", server, "#lobby", "hello")
    lobby = texts_of(home / "ada", server, "#lobby")
    assert "ada: hello" in lobby
    coloured = next(line for line in lobby if "red" in line)
    assert coloured.startswith("bob: ") and "\x1b" not in coloured and "\u202e" not in coloured
    assert texts_of(home / "ada", server, "bob") == ["bob: psst"]
    folder = home / "ada/.local/state/snug/logs"
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(os.stat(path).st_mode) == (0o700 if path.is_dir() else 0o600)


def test_nothing_is_written_unasked(server, snug, home, irc):
    ada = snug("ada")
    irc("bob").send("PRIVMSG #lobby :hello")
    ada.wait_text("bob   hello")
    assert not (home / "ada/.local/state/snug/logs").exists()


def test_nothing_twice_after_restarts_and_gaps(server, home, ended, irc):
    bob, seen = irc("bob"), []
    for number in range(3):
        ada = Snug(server.port, "ada", home, arguments=("--log-text",))
        ended.append(ada)
        ada.wait_joined()
        if number > 0:
            wait_logged(ada, home, server, "#lobby", f"missed {number - 1}")
        ada.say(f"mine {number}")
        wait_logged(ada, home, server, "#lobby", f"mine {number}")
        bob.send(f"PRIVMSG #lobby :live {number}")
        wait_logged(ada, home, server, "#lobby", f"live {number}")
        ada.send("/quit\r")
        ada.wait_exit()
        bob.send(f"PRIVMSG #lobby :missed {number}")
        bob.fence()
        seen += [f"ada: mine {number}", f"bob: live {number}", f"bob: missed {number}"]
    assert sorted(talk(texts_of(home, server, "#lobby"))) == sorted(seen[:-1])


def test_a_connection_that_was_lost(server, home, ended):
    ada = Snug(server.port, "ada", home, arguments=("--log-text",))
    ended.append(ada)
    ada.wait_joined()
    ada.say("first")
    wait_logged(ada, home, server, "#lobby", "first")
    server.kill()
    ada.wait_text("offline")
    ada.say("second")
    assert "ada: second" not in talk(texts_of(home, server, "#lobby"))
    server.start()
    wait_logged(ada, home, server, "#lobby", "second")
    assert talk(texts_of(home, server, "#lobby")) == ["ada: first", "ada: second"]
