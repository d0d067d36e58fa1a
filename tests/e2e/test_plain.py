"""The plain door as a program sees it, and the server's own standard output."""

import re
import shutil
import signal

import pytest

from harness.irc import IrcClient
from harness.plain import PlainClient, PlainProgram
from harness.process import Process, environment
from harness.server import Server
from harness.snug import Snug
from harness import SNUG, SNUGD

SAID = re.compile(r"\[\d\d:\d\d\] (\S+): (.*)")
BOTH = ("--irc", "127.0.0.1:0", "--plain", "127.0.0.1:0")


@pytest.fixture
def house(home, ended):
    """house(option...): a server with both doors."""
    def run(*options):
        server = Server(home, *BOTH, *options)
        ended.append(server)
        return server
    return run


@pytest.fixture
def plain(house):
    """plain(nick): a raw client in the lobby; plain(): one that has said nothing yet."""
    clients = []
    server = house()

    def connect(nick=None, **more):
        client = PlainClient(server.port_of("plain"), **more)
        clients.append(client)
        return client.enter(nick) if nick else client

    connect.server = server
    yield connect
    for client in clients:
        client.close()


def test_one_byte_at_a_time(plain):
    bob, ada = plain("bob"), plain()
    for byte in "ada\r\nhellö\x08o\r\nquit\r\n".encode():
        ada.send_bytes(bytes([byte]))
    bob.wait_said("hello", "ada")
    ada.wait_closed()
    assert ada.lines[-1] == "Good-bye."
    bob.wait_for(lambda line: line == "ada left: quit (1 here)")


def test_a_hundred_lines_in_one_packet(plain):
    bob, ada = plain("bob"), plain()
    lines = [f"line {number}" for number in range(100)]
    ada.send("ada", *lines, "quit")
    bob.wait_said("line 99", "ada")
    assert [SAID.fullmatch(line)[2] for line in bob.lines if SAID.fullmatch(line)] == lines
    ada.wait_closed()


def test_a_last_line_without_an_end(plain):
    bob, ada = plain("bob"), plain("ada")
    ada.send_bytes("first\nläst".encode())
    ada.end_input()
    bob.wait_said("läst", "ada")
    bob.wait_for(lambda line: line.startswith("ada left") and line.endswith("(1 here)"))
    ada.wait_closed()


def test_one_that_never_reads_costs_nobody_else_anything(plain):
    bob, cy = plain("bob"), plain("cy")
    sleepy = plain(receive_buffer_bytes=4096)
    sleepy.send("sleepy")
    cy.wait_for(lambda line: line == "sleepy joined (3 here)")
    for batch in range(20):
        lines = [f"{batch}-{i} {'x' * 380}" for i in range(500)]
        bob.send(*lines)
        cy.wait_said(lines[-1], "bob")
    said = [SAID.fullmatch(line)[2].split()[0] for line in cy.lines if SAID.fullmatch(line)]
    assert said == [f"{batch}-{i}" for batch in range(20) for i in range(500)]


@pytest.mark.parametrize("program", ["telnet", "nc"])
def test_real_programs(plain, home, ended, program):
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    bob = plain("bob")
    ada = PlainProgram(program, plain.server.port_of("plain"), "ada", home)
    ended.append(ada)
    ada.say("good morning, 早安")
    bob.wait_said("good morning, 早安", "ada")
    bob.send("to:ada", "psst")
    ada.wait_for(lambda line: line.endswith("] bob (to you): psst"))
    ada.say("quit")
    ada.wait_for(lambda line: line.startswith("Good-bye."))
    ada.close_input()  # nc goes on until both sides have ended
    assert ada.wait_exit() in (0, 1)  # telnet calls every end by the other side a failure
    bob.wait_for(lambda line: line == "ada left: quit (1 here)")


def test_a_mixed_room(house, home, ended):
    server = house()
    irc_port, plain_port = server.port, server.port_of("plain")
    nc = PlainProgram("nc", plain_port, "nina", home)
    telnet = PlainProgram("telnet", plain_port, "tilda", home)
    irc = IrcClient(irc_port).register("iris")
    (home / "sue").mkdir()
    screen = Snug(irc_port, "sue", home / "sue")
    ended.append(screen)
    screen.wait_joined()
    (home / "lina").mkdir()
    tool = Process([SNUG, f"127.0.0.1:{irc_port}", "--nick", "lina"], environment(home / "lina"), home)
    ended.extend([nc, telnet, tool])
    irc.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("lina!"))

    def say_all(round_number):
        nc.say(f"nina-{round_number}")
        telnet.say(f"tilda-{round_number}")
        irc.send(f"PRIVMSG #lobby :iris-{round_number}")
        screen.send(f"sue-{round_number}\r")
        tool.write(f"lina-{round_number}\n".encode())
        # Everybody hears the round out, so that the screen shows all of a few rounds.
        for nick in ("nina", "tilda", "sue", "lina"):
            irc.wait_said(f"{nick}-{round_number}")
        for nick in ("nina", "iris", "sue", "lina"):
            telnet.wait_said(f"{nick}-{round_number}", nick)
        for nick in ("tilda", "iris", "sue", "lina"):
            nc.wait_said(f"{nick}-{round_number}", nick)

    for round_number in range(3):
        say_all(round_number)

    word = re.compile(r"\b(nina|tilda|iris|sue|lina)-(\d)\b")
    tool.wait_until(lambda: all(any(f"{nick}-2" in line for line in tool.out) for nick in
                                ("nina", "tilda", "iris", "sue")), "the last round in line mode")
    screen.wait_screen(lambda text: all(f"{nick}-2" in screen.text() for nick in
                                        ("nina", "tilda", "iris", "lina")), "the last round")
    heard = {
        "nina": word.findall("\n".join(nc.lines())),
        "tilda": word.findall("\n".join(telnet.lines())),
        "iris": word.findall("\n".join(irc.said())),
        "sue": word.findall(screen.text()),
        "lina": word.findall("\n".join(tool.out)),
    }
    for one in heard:
        for other in heard:
            common = [m for m in heard[one] if m[0] not in (one, other)]
            assert common == [m for m in heard[other] if m[0] not in (one, other)], (one, other)
        assert {m[0] for m in heard[one]} >= set(heard) - {one}

    nc.say("/msg iris between us")
    irc.wait_said("between us", by="nina", to="iris")
    irc.send("PRIVMSG tilda :and us")
    telnet.wait_for(lambda line: line.endswith("] iris (to you): and us"))
    nc.say("the end")
    telnet.wait_said("the end", "nina")
    tool.wait_until(lambda: any("the end" in line for line in tool.out), "the end in line mode")
    screen.wait_text("the end")
    for lines in (telnet.lines(), tool.out, [screen.text()]):
        assert not any("between us" in line for line in lines)
    for lines in (nc.lines(), tool.out, [screen.text()]):
        assert not any("and us" in line for line in lines)


def test_guests_are_asked_nothing(house):
    server = house("--plain-guests")
    bob = IrcClient(server.port).register("bob")
    guest = PlainClient(server.port_of("plain"))
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("guest-1!"))
    guest.send("good morning")
    bob.wait_said("good morning", by="guest-1")


def test_standard_output_tells_who_comes_and_goes(house):
    server = house("--echo")
    ada = PlainClient(server.port_of("plain")).enter("ada")
    bob = IrcClient(server.port).register("bob")
    ada.send("hello", "/msg bob psst")
    bob.wait_said("psst", by="ada")
    ada.send("quit")
    ada.wait_closed()
    out = server.process.out
    server.process.wait_until(lambda: "ada left: quit (1 here)" in out, "ada's departure")
    assert out[:2] == ["ada joined (1 here)", "bob joined (2 here)"]
    assert SAID.fullmatch(out[2]).groups() == ("ada", "hello")
    assert not any("psst" in line for line in out)


def test_nobody_reads_what_it_prints(home):
    """A full pipe on standard output must not hold anybody up."""
    import subprocess
    process = subprocess.Popen([SNUGD, *BOTH, "--echo"], env=environment(home), cwd=home,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        port = next(int(line.split(b":")[2].split()[0]) for line in process.stderr if b"(irc)" in line)
        ada, bob = IrcClient(port).register("ada"), IrcClient(port).register("bob")
        for _ in range(4):
            ada.send(*(f"PRIVMSG #lobby :{'x' * 380}" for _ in range(500)))
        ada.send("PRIVMSG #lobby :done")
        bob.wait_said("done", by="ada")
    finally:
        process.kill()
        process.communicate()


def test_the_console(house):
    server = house("--console")
    server.process.write(b"/status\n/nonsense\n")
    out = server.process.out
    server.process.wait_until(lambda: "That is not a command. /help lists them." in out, "an answer")
    assert any(line.startswith("connections") for line in out)
    ada = IrcClient(server.port).register("ada")
    server.process.write(b"/quit\n")
    ada.wait_command("ERROR")
    ada.close()
    assert server.process.wait_exit() == 0


def test_the_end_of_the_console_is_the_end(house):
    server = house("--console")
    server.process.close_input()
    assert server.process.wait_exit() == 0


def test_without_a_console_input_means_nothing(house):
    server = house()
    server.process.close_input()
    IrcClient(server.port).register("ada").close()


def test_a_status_on_one_screen(house):
    server = house()
    ada = PlainClient(server.port_of("plain")).enter("ada")
    bob = IrcClient(server.port).register("bob")
    ada.send("hello")
    bob.wait_said("hello", by="ada")
    server.process.signal(signal.SIGUSR1)
    out = server.process.out
    server.process.wait_until(lambda: any("#lobby at" in line for line in out), "the rooms")
    status = "\n".join(out)
    assert "irc 1" in status and "plain 1" in status and "2 people" in status
    assert re.search(r"messages +1; 1 in the last minute", status)
    assert re.search(r"memory +\d+\.\d MiB", status)
    assert "#lobby at 3, 2 here" in status
    assert len(out) <= 24


def test_a_crowd(house):
    """What it costs a bystander is measured by tests/bench/bench_plain."""
    server = house()
    people = [PlainClient(server.port_of("plain")) for _ in range(300)]
    for number, person in enumerate(people):
        person.send(f"p{number}")
    bob = PlainClient(server.port_of("plain")).enter("bob")
    for person in people:
        person.wait_for(lambda line: line.startswith("You are in #lobby"))
    for number, person in enumerate(people):
        person.send(f"from {number}")
    bob.wait_for(lambda line: sum(1 for line in bob.lines if "] p" in line) == 300)
    order = [line for line in bob.lines if "] p" in line]
    bob.send("to all")
    for number, person in enumerate(people):
        person.wait_said("to all", "bob")
        own = f"] p{number}: "
        assert [line for line in person.lines if "] p" in line] == [line for line in order if own not in line]
        person.close()
    bob.wait_for(lambda line: line.endswith("left: connection closed (1 here)")
                  or line.endswith("left: connection reset (1 here)"))


def test_what_was_said_before_a_restart_is_shown(house):
    server = house()
    ada = PlainClient(server.port_of("plain")).enter("ada")
    ada.send("hello", "/history")
    ada.wait_for(lambda line: line.startswith("earlier [") and line.endswith("] ada: hello"))
    assert server.stop() == 0
    ada.close()
    server.start()
    bob = PlainClient(server.port_of("plain")).enter("bob")
    bob.wait_for(lambda line: line.startswith("earlier [") and line.endswith("] ada: hello"))
    bob.close()
