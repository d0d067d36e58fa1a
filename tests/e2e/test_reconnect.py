"""The server goes away and comes back: the client says so, keeps the line, and carries on."""

import re

from harness.irc import IrcClient
from harness.snug import Snug


def test_a_half_typed_line_outlives_the_server(server, snug):
    ada = snug("ada")
    ada.type("written before")
    server.kill()
    ada.wait_screen(lambda _: re.search("connect|lost|closed", ada.text(), re.I), "word that the server is gone")
    assert ada.edited() == "written before"
    ada.type(" and after")

    server.start()
    bob = IrcClient(server.port).register("bob")
    bob.wait_for(lambda m: (m.command == "JOIN" and m.source.startswith("ada!"))
                 or (m.command == "353" and "ada" in m.params[-1].replace("@", "").split()))
    assert ada.edited() == "written before and after"
    ada.key("Enter")
    bob.wait_said("written before and after", by="ada", to="#lobby")
    ada.wait_edited("")
    bob.close()


def test_a_server_that_says_good_bye(server, snug):
    ada = snug("ada")
    ada.type("still here")
    assert server.stop() == 0
    ada.wait_screen(lambda _: re.search("connect|lost|closed", ada.text(), re.I), "word that the server is gone")
    assert ada.edited() == "still here"


def start_without_server(server, home, ended):
    """snug that finds nobody, and says so."""
    server.kill()
    ada = Snug(server.fixed_port, "ada", home)
    ended.append(ada)
    ada.wait_screen(lambda _: re.search("not connected", ada.text(), re.I), "word of what it waits for")
    return ada


def test_the_server_may_come_later(server, home, ended):
    ada = start_without_server(server, home, ended)
    server.start()
    ada.wait_joined()


def test_what_is_typed_before_the_server_comes_stays(server, home, ended):
    ada = start_without_server(server, home, ended)
    ada.type("patience")
    server.start()
    ada.wait_text("connected again")
    ada.wait_edited("patience")
