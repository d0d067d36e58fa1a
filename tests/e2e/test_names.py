"""Names that are owned: whoever comes first with a key keeps the name, here or away, and after restarts."""

import pytest

from harness.irc import IrcClient
from harness.server import Server
from harness.snug import Snug

OWNED = "owned by somebody else"


@pytest.fixture
def server(home, ended):
    running = Server(home, "--ircs", "127.0.0.1:0", "--irc", "127.0.0.1:0")
    ended.append(running)
    return running


@pytest.fixture
def snug(server, home, ended):
    """snug(person, nick): a person, who has a key of its own, comes in TLS and wants that nick."""
    def run(person, nick):
        own_home = home / person
        own_home.mkdir(exist_ok=True)
        program = Snug(server.port_of("ircs"), nick, own_home, columns=160, arguments=("--tls",))
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


def test_a_client_without_a_key_is_told_who_owns_the_name(server, snug):
    leave(snug("ada", "ada").wait_joined())
    bob = IrcClient(server.port_of("irc")).register("bob")
    bob.send("NICK ADA")
    assert OWNED in bob.wait_command("433").params[-1]
    bob.close()
    server.wait_logged("made the account ada")
