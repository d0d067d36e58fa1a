"""What is new, and how far it was read: here, on another device, and before the program began."""

import pytest

from harness.irc import IrcClient
from harness.snug import Snug
from test_names import code_of, leave


SERVER_ARGUMENTS = ("--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0")


@pytest.fixture
def device(server, home, ended):
    """device(where, option...): snug of a person with a key, on a machine of its own, as ada."""
    def run(where, *arguments, named=True):
        own_home = home / where
        own_home.mkdir(exist_ok=True)
        program = Snug(server.port_of("ircs"), "ada", own_home, arguments=("--tls", *arguments), named=named)
        ended.append(program)
        return program.wait_joined()

    return run


@pytest.fixture
def bob(server):
    client = IrcClient(server.port_of("irc")).register("bob")
    yield client
    client.close()


def test_what_is_read_on_one_device_is_read_on_the_other(device, bob):
    desk = device("desk")
    phone = device("phone", "--device", code_of(desk), named=False)
    phone.key("M-1")
    phone.wait_screen(lambda _: "[#lobby]" not in phone.text(), "the server's buffer")
    # Nobody looks: nothing is read.
    desk.look(False)
    desk.exchange(bob)
    bob.send("PRIVMSG #lobby :ada: good morning", "PRIVMSG ada :psst")
    desk.wait_text("good morning")
    for program in (desk, phone):
        program.wait_text("bob 1!")
    phone.wait_text("lobby 2!")
    # One looks at the room: it is read there, and the conversation is not.
    desk.look(True)
    phone.wait_screen(lambda _: "lobby 2!" not in phone.text(), "the room read")
    assert "bob 1!" in phone.text()
    desk.say("/buffer bob")
    desk.wait_text("psst")
    phone.wait_screen(lambda _: "bob 1!" not in phone.text(), "the conversation read")
    # And the other way round.
    bob.send("PRIVMSG #lobby :and now")
    phone.wait_text("lobby 1")
    desk.wait_text("lobby 1")
    phone.say("/buffer #lobby")
    phone.wait_text("and now")
    desk.wait_screen(lambda _: "lobby 1" not in desk.text(), "the room read")


def test_what_was_said_in_private_while_it_was_not_running(device, bob):
    leave(device("desk"))
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    bob.send("PRIVMSG ada :are you there?", "PRIVMSG ada :well, later then")
    bob.fence()
    ada = device("desk")
    ada.wait_text("bob 2!")
    assert "[#lobby]" in ada.text() and "later then" not in ada.text()
    ada.key("M-a")
    ada.wait_screen(lambda _: "[bob]" in ada.text() and "later then" in ada.text(), "the conversation")
    rows = ada.rows()
    divider = next(y for y, row in enumerate(rows) if " new " in row and "──" in row)
    assert "are you there?" in rows[divider + 1] and "well, later then" in rows[divider + 2]
    # Then it was read, and the next start has nothing to tell.
    leave(ada)
    ada = device("desk")
    ada.exchange(bob)
    assert "bob" not in ada.rows()[-2]


def test_to_the_first_unread_line_from_wherever_one_is(device, bob):
    ada = device("desk")
    bob.send(*(f"PRIVMSG #lobby :before {number}" for number in range(60)))
    ada.wait_text("before 59")
    ada.key("M-1")
    ada.wait_screen(lambda _: "[#lobby]" not in ada.text(), "the server's buffer")
    bob.send(*(f"PRIVMSG #lobby :new {number}" for number in range(100)))
    ada.wait_text("lobby 100")
    ada.key("M-2")
    ada.wait_text("new 99")

    def at_the_first():
        return any(row.split("│")[0].rstrip().endswith("new 0") for row in ada.rows())

    assert not at_the_first()
    for _ in range(2):
        ada.key("M-u")
        ada.wait_screen(lambda _: at_the_first(), "the first unread line")
        ada.page_up_until(lambda: "before 10" in ada.text())
        assert not at_the_first()
    ada.key("M-u")
    ada.wait_screen(lambda _: at_the_first(), "the first unread line")
    for _ in range(20):
        ada.key("PageDown")
    ada.wait_text("new 99")
    ada.key("M-u")
    ada.wait_screen(lambda _: at_the_first(), "the first unread line")
