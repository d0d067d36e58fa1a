"""What the README tells users of WeeChat and irssi, done as it says, each in TLS by the fingerprint."""

import contextlib
import re
import shutil
import subprocess

import pytest

from harness.irc import IrcClient, trusting
from harness.tmux import Tmux

PASSWORD = "correct-horse"


SERVER_ARGUMENTS = ("--ircs", "127.0.0.1:0", "--irc", "127.0.0.1:0")


@pytest.fixture
def certificate(home):
    """A key with its certificate, in one file, as `openssl req` makes it."""
    path = home / "otto.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=otto",
                    "-keyout", path, "-out", path], check=True, capture_output=True)
    return path


def make_account(server):
    ann = IrcClient(server.port_of("ircs"), tls=trusting()).register("otto")
    ann.send(f"REGISTER * * {PASSWORD}")
    ann.wait_for(lambda m: m.command == "REGISTER" and m.params[0] == "SUCCESS")
    ann.send("QUIT")
    ann.wait_closed()


def weechat(home, server, settings):
    config = home / "weechat"
    config.mkdir()
    commands = [f"/server add lab 127.0.0.1/{server.port_of('ircs')} -ssl -ssl_fingerprint={server.fingerprint}",
                "/set irc.server.lab.nicks otto",
                *(f"/set irc.server.lab.{name} {value}" for name, value in settings), "/connect lab"]
    return ["weechat", "-d", str(config), "-r", ";".join(commands)]


def weechat_window(home, server, settings):
    return Tmux(home, [weechat(home, server, settings)], columns=110)


def irssi_window(home, server, network, certificate=None):
    config = home / "irssi"
    config.mkdir()
    colons = re.sub("(..)(?=.)", r"\1:", server.fingerprint).upper()
    window = Tmux(home, [["irssi", f"--home={config}", "-n", "otto"]], columns=110)
    window.wait_text("Irssi v")
    for line in (f"/network add {network} Lab",
                 f"/server add -tls -notls_verify -tls_pinned_cert {colons} "
                 f"{f'-tls_cert {certificate} ' if certificate else ''}-network Lab 127.0.0.1 {server.port_of('ircs')}",
                 "/connect Lab"):
        window.type_line(0, line)
    return window


PASSWORD_RECIPES = {
    "weechat-plain": lambda home, server: weechat_window(
        home, server, [("sasl_username", "otto"), ("sasl_password", PASSWORD)]),
    "weechat-scram": lambda home, server: weechat_window(
        home, server, [("sasl_mechanism", "scram-sha-256"), ("sasl_username", "otto"), ("sasl_password", PASSWORD)]),
    "irssi-plain": lambda home, server: irssi_window(
        home, server, f"-sasl_username otto -sasl_password {PASSWORD} -sasl_mechanism PLAIN"),
}


def needs(program):
    if not shutil.which("tmux") or not shutil.which(program):
        pytest.skip(f"tmux or {program} is not installed")


def wait_joined(bob, since=0):
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto!"), since=since)


def check_owned(bob):
    bob.send("WHOIS otto")
    bob.wait_command("671")
    assert bob.wait_command("330").params[1:3] == ["otto", "otto"]
    bob.send("NICK otto")
    assert "owned" in bob.wait_command("433").params[-1]


@pytest.mark.parametrize("recipe", sorted(PASSWORD_RECIPES))
def test_by_a_password(server, home, ended, recipe):
    needs(recipe.split("-")[0])
    make_account(server)
    with contextlib.closing(IrcClient(server.port_of("irc")).register("bob")) as bob:
        ended.append(PASSWORD_RECIPES[recipe](home, server))
        wait_joined(bob)
        check_owned(bob)


def test_weechat_by_a_certificate(server, home, ended, certificate):
    needs("weechat")
    with contextlib.closing(IrcClient(server.port_of("irc")).register("bob")) as bob:
        ended.append(weechat_window(home, server, [("ssl_cert", certificate), ("sasl_mechanism", "external")]))
        wait_joined(bob)
        check_owned(bob)


def test_irssi_by_a_certificate(server, home, ended, certificate):
    """It proves who it is before it says its name, so that the first time takes two lines more."""
    needs("irssi")
    with contextlib.closing(IrcClient(server.port_of("irc")).register("bob")) as bob:
        window = irssi_window(home, server, "", certificate)
        ended.append(window)
        wait_joined(bob)
        window.type_line(0, "/quote AUTHENTICATE EXTERNAL")
        window.type_line(0, "/quote AUTHENTICATE +")
        server.wait_logged("made the account otto")
        window.type_line(0, "/network add -sasl_mechanism EXTERNAL Lab")
        window.type_line(0, "/disconnect")
        bob.wait_for(lambda m: m.command == "QUIT" and m.source.startswith("otto!"))
        since = len(bob.lines)
        window.type_line(0, "/connect Lab")
        wait_joined(bob, since)
        check_owned(bob)
