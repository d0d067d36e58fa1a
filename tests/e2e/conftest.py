"""Fixtures: each test has its own server, people and home, and leaves no process behind."""

import pathlib

import pytest

from harness import SNUG, SNUGD
from harness.bystanders import Bystanders
from harness.irc import IrcClient
from harness.process import Process, environment, sanitizer_reports
from harness.server import Server
from harness.snug import Snug


def pytest_sessionstart(session):
    for program in (SNUG, SNUGD):
        if not pathlib.Path(program).exists():
            pytest.exit(f"{program} is missing: build first, or run tests/run", returncode=2)


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    reports = sanitizer_reports(tmp_path)
    assert not reports, reports


@pytest.fixture
def ended(home):
    """Whatever is appended here is ended after the test, last first."""
    things = []
    yield things
    for thing in reversed(things):
        thing.end()


@pytest.fixture
def server(home, ended, request):
    """snugd, with the SERVER_ARGUMENTS of the test's file, if it has any."""
    running = Server(home, *getattr(request.module, "SERVER_ARGUMENTS", ()))
    ended.append(running)
    return running


@pytest.fixture
def irc(server):
    """irc(nick): a raw client in the lobby; irc(): one that has said nothing yet."""
    clients = []

    def connect(nick=None, **more):
        client = IrcClient(server.port_of("irc"), **more)
        clients.append(client)
        return client.register(nick) if nick else client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def bystanders(server):
    two = Bystanders(server)
    yield two
    two.close()


@pytest.fixture
def snug(server, home, ended):
    """snug(nick): the full-screen client in a terminal, in the lobby."""
    def run(nick, **more):
        own_home = home / nick
        own_home.mkdir(exist_ok=True)
        program = Snug(server.port, nick, own_home, **more)
        ended.append(program)
        return program.wait_joined()

    return run


@pytest.fixture
def line_snug(server, home, ended):
    """line_snug(nick, option...): snug with pipes instead of a terminal."""
    def run(nick, *arguments):
        program = Process([SNUG, f"127.0.0.1:{server.port}", "--nick", nick, *arguments], environment(home), home)
        ended.append(program)
        return program

    return run
