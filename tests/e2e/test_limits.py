"""Each limit of the manual that has an option: set low, reached, and answered as it says."""

import contextlib

import pytest

from harness.irc import IrcClient

LIMITS = {"--rooms": 2, "--members": 2, "--topic-length": 50, "--nick-length": 9, "--room-length": 32, "--bans": 2,
          "--mask-length": 64, "--line-length": 600, "--targets": 2, "--history-page": 10, "--monitor": 2,
          "--message-length": 512, "--per-address": 3, "--per-name": 2}

MULTILINE = ["BATCH +m draft/multiline #a", *["@batch=m PRIVMSG #a :" + "x" * 300] * 2, "BATCH -m"]

# What is said, and what is answered: the command and what stands in it.
ROWS = {
    "rooms": (["JOIN #b"], "405", "#b"),
    "nick": (["NICK abcdefghij"], "432", "abcdefghij"),
    "name of a room": (["JOIN #" + "x" * 32], "403", "#xxx"),
    "topic": (["TOPIC #a :" + "x" * 60], "TOPIC", " :" + "x" * 50 + "\n"),
    "key": (["MODE #a +k " + "x" * 33], "525", "#a"),
    "masks": (["MODE #a +bbb x1 x2 x3"], "478", "x3"),
    "mask": (["MODE #a +b " + "x" * 65], "696", "#a"),
    "line": (["PRIVMSG #a :" + "x" * 700], "417", ""),
    "tags": (["@+a=" + "x" * 4100 + " TAGMSG #a"], "417", ""),
    "targets": (["PRIVMSG ada,ada,ada :x"], "407", "ada"),
    "watched": (["MONITOR + a,b,c"], "734", "c"),
    "several lines": (MULTILINE, "FAIL", "BATCH MULTILINE_MAX_BYTES"),
}


SERVER_ARGUMENTS = ("--irc", "127.0.0.1:0", *(word for name, value in LIMITS.items() for word in (name, str(value))))


@contextlib.contextmanager
def somebody(server, nick, **more):
    with contextlib.closing(IrcClient(server.port, **more)) as client:
        client.send("CAP REQ :batch message-tags draft/multiline draft/chathistory", "CAP END")
        yield client.register(nick)


@pytest.mark.parametrize("what", ROWS)
def test_it_is_answered(server, what):
    said, command, holds = ROWS[what]
    with somebody(server, "ada") as ada:
        ada.send("JOIN #a")
        ada.wait_for(lambda m: m.command == "366" and m.params[1] == "#a")
        ada.send(*said)
        ada.wait_for(lambda m: m.command == command and holds in m.raw + "\n")
        ada.send("PRIVMSG #a :goes on")
        ada.fence()
        assert not any(m.command == "ERROR" for m in ada.lines)


def test_members(server):
    with somebody(server, "ada"), somebody(server, "bob"), contextlib.closing(IrcClient(server.port)) as cy:
        cy.send("NICK cy", "USER cy 0 * :cy")
        assert cy.wait_command("471").params[1] == "#lobby"


def test_a_page_of_history(server):
    with somebody(server, "ada") as ada:
        ada.send(*(f"PRIVMSG #lobby :{n}" for n in range(12)))
        ada.fence()
        ada.send("CHATHISTORY LATEST #lobby * 100")
        ada.fence("asked")
        assert [m.params[1] for m in ada.lines if m.command == "PRIVMSG" and "batch=" in m.raw] == [str(n) for n in range(2, 12)]


def test_connections_from_one_address(server):
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(contextlib.closing(IrcClient(server.port, source="127.0.0.9"))).fence()
        more = stack.enter_context(contextlib.closing(IrcClient(server.port, source="127.0.0.9")))
        assert "Too many connections from your address" in more.wait_command("ERROR").params[-1]
        stack.enter_context(somebody(server, "ada", source="127.0.0.10"))
    server.wait_logged("turned 127.0.0.9 away: ")


def test_connections_by_one_name(server):
    with somebody(server, "ada") as ada:
        ada.send("REGISTER * * password")
        ada.wait_command("REGISTER")
        with contextlib.ExitStack() as stack:
            for answer in ("001", "433"):
                other = stack.enter_context(contextlib.closing(IrcClient(server.port)))
                other.send("CAP REQ sasl", "NICK ada", "USER ada 0 * :ada", "AUTHENTICATE PLAIN",
                           "AUTHENTICATE AGFkYQBwYXNzd29yZA==")
                other.wait_command("903")
                other.send("CAP END")
                assert other.wait_command(answer)
