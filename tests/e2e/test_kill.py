"""The short form of kill.py, and what it found."""

import asyncio

import kill


def test_a_crowd_through_kills_and_cuts(home):
    print(asyncio.run(kill.campaign(home, seed=20261121, rounds=6)))


def test_a_crowd_while_another_program_has_the_log_locked(home):
    print(asyncio.run(kill.campaign(home, seed=20261121, rounds=1, trouble="lock")))


def test_a_crowd_while_the_disk_is_full(home):
    print(asyncio.run(kill.campaign(home, seed=20261121, rounds=3, trouble="full")))


def test_a_crowd_while_the_disk_cannot_sync(home):
    print(asyncio.run(kill.campaign(home, seed=20261121, rounds=3, trouble="sync")))


def test_a_crowd_while_any_call_of_the_disk_may_fail(home):
    print(asyncio.run(kill.campaign(home, seed=20261121, rounds=4, trouble="disk")))


def test_half_a_line_is_not_said(irc):
    """A connection that is cut in the middle of a line has not said the half of it."""
    ada, bob = irc("ada"), irc("bob")
    ada.send("PRIVMSG #lobby :whole")
    ada.send_bytes(b"PRIVMSG #lobby :launch the missiles when I say")
    ada.close()
    bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("ada!"))
    assert bob.said() == ["whole"]
