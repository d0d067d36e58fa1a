"""Names that are owned: whoever comes first with a key keeps the name, here or away, and after restarts."""

import re

import pytest

from harness.irc import IrcClient
from harness.snug import Snug

OWNED = "owned by somebody else"


SERVER_ARGUMENTS = ("--ircs", "127.0.0.1:0", "--irc", "127.0.0.1:0")


@pytest.fixture
def snug(server, home, ended):
    """snug(person, nick): a person, who has a key of its own, comes in TLS and wants that nick."""
    def run(person, nick, *arguments, named=True):
        own_home = home / person
        own_home.mkdir(exist_ok=True)
        program = Snug(server.port_of("ircs"), nick, own_home, columns=160,
                       arguments=("--tls", *arguments), named=named)
        ended.append(program)
        return program

    return run


def leave(program):
    program.type("/quit")
    program.key("Enter")
    assert program.wait_exit() == 0


def test_the_owner_of_a_name_always_wins(server, snug):
    ada = snug("ada", "ada").wait_joined()
    eve = snug("eve", "ada")
    eve.wait_text(OWNED)
    eve.wait_text("ada_ joined")
    leave(ada)

    # Away, too; and the owner who comes back finds the name free.
    mallory = snug("mallory", "ada")
    mallory.wait_text(OWNED)
    ada = snug("ada", "ada").wait_joined()
    leave(ada)

    # And after a restart.
    server.arguments = ("--ircs", f"127.0.0.1:{server.port_of('ircs')}")
    assert server.stop() == 0
    server.start()
    late = snug("late", "ada")
    late.wait_text(OWNED)
    snug("ada", "ada").wait_joined()


def code_of(program):
    """The code that it shows at /device."""
    program.say("/device")
    (found,) = program.wait_screen(
        lambda _: re.findall(r"(\d{4}-\d{4}) lets one more", program.text())[-1:], "a code")
    return found


def test_a_second_device_is_let_in_by_a_code_until_it_is_revoked(server, snug):
    bob = snug("bob", "bob").wait_joined()
    desk = snug("desk", "ada").wait_joined()
    phone = snug("phone", "ada", "--device", code_of(desk), named=False).wait_joined()
    desk.wait_text("One more device owns ada from now on")

    # Both at the same time, as one person.
    phone.say("from the phone")
    bob.wait_text("ada   from the phone")
    desk.wait_text("ada   from the phone")
    bob.say("hello ada")
    desk.wait_text("hello ada")
    phone.wait_text("hello ada")
    assert bob.text().count("ada joined") == 1

    # One leaves, and nobody notices; and it is still ada when it comes back, whatever its login is.
    leave(phone)
    desk.say("still here")
    bob.wait_text("still here")
    phone = snug("phone", "ada", named=False).wait_joined()
    phone.wait_text("still here")
    phone.say("back again")
    bob.wait_text("ada   back again")
    bob.say("welcome back")
    phone.wait_text("welcome back")
    assert phone.text().count("still here") == 1
    assert "ada left" not in bob.text()

    # After a restart, too.
    server.arguments = ("--ircs", f"127.0.0.1:{server.port_of('ircs')}")
    assert server.stop() == 0
    server.start()
    phone.wait_text("connected again")
    desk.wait_text("connected again")

    desk.say("/devices")
    desk.wait_text("2 of at most 16 devices")
    desk.say("/devices revoke 2")
    desk.wait_text("is no longer one of your devices")
    phone.wait_text("This device was revoked")
    late = snug("phone", "ada")
    late.wait_text(OWNED)


def test_a_device_that_came_by_another_name_becomes_the_owner_by_a_code(server, snug):
    desk = snug("desk", "ada").wait_joined()
    phone = snug("phone", "ada")
    phone.wait_text("ada_ joined")
    phone.prompt = "ada_> "
    phone.say("/device 0000-0000")
    phone.wait_text("There is no such code")
    phone.say("/device " + code_of(desk))
    phone.prompt = "ada> "
    phone.wait_text("ada joined")
    phone.say("it is me")
    desk.wait_text("ada   it is me")


def test_a_client_without_a_key_is_told_who_owns_the_name(server, snug):
    leave(snug("ada", "ada").wait_joined())
    bob = IrcClient(server.port_of("irc")).register("bob")
    bob.send("NICK ADA")
    assert OWNED in bob.wait_command("433").params[-1]
    bob.close()
    server.wait_logged("made the account ada")
