"""TLS: trust on first use, and other people's clients."""

import hashlib
import re
import shutil
import ssl
import subprocess

import pytest

from harness import DEADLINE_S, SNUG
from harness.irc import IrcClient, trusting
from harness.process import Process, environment
from harness.snug import Snug
from harness.tmux import Tmux

SERVER_ARGUMENTS = ("--ircs", "127.0.0.1:0", "--irc", "127.0.0.1:0")


@pytest.fixture
def irc(server):
    """irc(nick): a raw client in the lobby, in TLS."""
    clients = []

    def connect(nick=None, tls=None, **more):
        client = IrcClient(server.port_of("ircs"), tls=tls or trusting(), **more)
        clients.append(client)
        return client.register(nick) if nick else client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def snug(server, home, ended):
    """snug(nick): the full-screen client in a terminal, on its way in over TLS."""
    def run(nick, *arguments, columns=100):
        own_home = home / nick
        own_home.mkdir(exist_ok=True)
        program = Snug(server.port_of("ircs"), nick, own_home, columns=columns,
                       arguments=("--tls", *arguments))
        ended.append(program)
        return program

    return run


@pytest.fixture
def say(server, home, ended):
    """say(*arguments): one line said by the line mode; returns (status, what it wrote on stderr)."""
    def run(*arguments):
        program = Process([SNUG, f"127.0.0.1:{server.port_of('ircs')}", "--nick", "otto", "--tls",
                           "--once", "hello", *arguments], environment(home), home)
        ended.append(program)
        program.close_input()
        return program.wait_exit(), "\n".join(program.err)

    return run


def known_servers(home):
    return home / ".local/state/snug/known_servers"


def renew(server):
    """The server comes back at the same port with another certificate; returns its fingerprint."""
    port, old = server.port_of("ircs"), server.fingerprint
    assert server.stop() == 0
    server.arguments = ("--ircs", f"127.0.0.1:{port}")
    next(server.home.rglob("certificate.pem")).unlink()
    server.start()
    assert server.fingerprint != old
    return server.fingerprint


def unwrapped(terminal):
    """The screen's text as if its lines were not broken."""
    return re.sub(r"\s+", "", terminal.text())


# Trust.

def test_the_first_visit_is_remembered(server, snug, home, irc):
    ada = snug("ada").wait_joined()
    ada.wait_text("first visit to 127.0.0.1")
    assert server.fingerprint in unwrapped(ada)
    assert re.search(r" tls\b", ada.text())
    file = known_servers(home / "ada")
    assert file.read_text() == f"127.0.0.1:{server.port_of('ircs')} {server.fingerprint}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    bob = irc("bob")
    ada.type("in secret, 秘密")
    ada.key("Enter")
    bob.wait_said("in secret, 秘密", by="ada")
    ada.wait_edited("")
    ada.type("/quit")
    ada.key("Enter")
    assert ada.wait_exit() == 0
    again = snug("ada").wait_joined()
    again.wait_screen(lambda _: re.search(r" tls\b", again.text()), "tls in the status line")
    assert "first visit" not in again.text()


def test_in_clear_text_the_screen_says_so(server, home, ended):
    ada = Snug(server.port_of("irc"), "ada", home)
    ended.append(ada)
    ada.wait_joined()
    ada.wait_screen(lambda _: re.search(r" clear\b", ada.text()), "clear in the status line")
    assert not (home / ".local/state/snug/identity.pem").exists()


def test_a_changed_certificate_is_refused_and_accepted_by_its_fingerprint(server, snug, home):
    ada = snug("ada").wait_joined()
    ada.type("half a line")
    old = known_servers(home / "ada").read_text()
    new = renew(server)
    ada.wait_text("has changed")
    assert f"--fingerprint{new}" in unwrapped(ada)
    assert ada.edited() == "half a line"
    assert known_servers(home / "ada").read_text() == old
    ada.end()
    ada = snug("ada", "--fingerprint", new)
    ada.wait_screen(lambda _: re.search(r" tls\b", ada.text()), "tls in the status line")
    assert known_servers(home / "ada").read_text() == old.split()[0] + f" {new}\n"


def test_another_one_than_the_pinned_is_refused(snug):
    ada = snug("ada", "--fingerprint", "00" * 32)
    ada.wait_text("is not the server that --fingerprint names")


def test_it_reconnects_in_tls(server, snug):
    ada = snug("ada").wait_joined()
    ada.type("kept")
    port = server.port_of("ircs")
    server.kill()
    ada.wait_screen(lambda _: re.search("disconnected", ada.text()), "word that the server is gone")
    server.arguments = ("--ircs", f"127.0.0.1:{port}")
    server.start()
    ada.wait_text("connected again")
    assert ada.edited() == "kept"
    assert re.search(r" tls\b", ada.text())


def test_what_the_first_visit_says_stands_below_what_was_said(snug, irc):
    bob = irc("bob")
    for number in range(60):
        bob.send(f"PRIVMSG #lobby :line {number}")
    bob.fence()
    ada = snug("bob")
    ada.wait_text("line 59")
    ada.wait_text("first visit to 127.0.0.1")
    ada.wait_text("bob is somebody else's nick")  # why it is bob_


def test_the_line_mode_trusts_nobody_by_itself(server, say, home, irc):
    bob = irc("bob")
    status, said = say()
    assert status == 1
    assert "snug: not connected to 127.0.0.1 port" in said
    assert "has never been visited" in said and f"--fingerprint {server.fingerprint}" in said
    status, said = say("--fingerprint", "00" * 32)
    assert status == 1 and "is not the server" in said
    bob.fence()
    assert bob.said() == [] and not known_servers(home).exists()

    with_colons = re.sub("(..)(?=.)", r"\1:", server.fingerprint).upper()
    assert say("--fingerprint", with_colons)[0] == 0
    bob.wait_said("hello", by="otto")
    assert say()[0] == 0  # known now
    known_servers(home).unlink()
    status, said = say("--trust-new")
    assert status == 0 and "snug: first visit" in said
    renew(server)
    status, said = say("--trust-new")
    assert status == 1 and "has changed" in said


def test_clear_text_and_tls_at_the_wrong_door(server, home, ended):
    def visit(port, *arguments):
        program = Process([SNUG, f"127.0.0.1:{port}", "--once", "x", *arguments],
                          environment(home), home)
        ended.append(program)
        program.close_input()
        assert program.wait_exit() == 1
        return "\n".join(program.err)

    assert "This port is for TLS" in visit(server.port_of("ircs"))
    assert "TLS: the other side speaks none here" in visit(server.port_of("irc"), "--tls")
    assert "TLS: the other side speaks none here" in visit(
        server.port_of("irc"), "--fingerprint", server.fingerprint)


def test_the_own_identity_is_made_once_and_shown(server, say, home, ended, irc):
    bob = irc("bob")
    ada = Process([SNUG, f"127.0.0.1:{server.port_of('ircs')}", "--nick", "ada", "--tls",
                   "--trust-new"], environment(home), home)
    ended.append(ada)
    ada.write(b"hello\n")
    bob.wait_said("hello", by="ada")
    identity = home / ".local/state/snug/identity.pem"
    assert identity.stat().st_mode & 0o777 == 0o600
    bob.send("WHOIS ada")
    assert bob.wait_command("671").params[1] == "ada"
    bob.fence()
    assert not any(m.command == "276" for m in bob.lines)  # for ada alone

    context = trusting()
    context.load_cert_chain(identity)
    cy = irc("cy", tls=context)
    cy.send("WHOIS cy")
    pem = identity.read_text()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE"):])
    assert hashlib.sha256(der).hexdigest() in cy.wait_command("276").params[-1]


# Others' clients.

def test_openssl_registers(server):
    client = subprocess.Popen(["openssl", "s_client", "-quiet", "-connect",
                               f"127.0.0.1:{server.port_of('ircs')}"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    client.stdin.write(b"NICK otto\r\nUSER otto 0 * :otto\r\n")
    client.stdin.flush()
    for line in client.stdout:
        if b" 366 otto #lobby " in line:
            break
    client.terminate()
    assert client.wait(DEADLINE_S) is not None
    assert b" 366 " in line
    client.stdin.close()
    client.stdout.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_talk(irc, version):
    context = trusting()
    context.minimum_version = context.maximum_version = version
    ada, bob = irc("ada", tls=context), irc("bob")
    ada.send("PRIVMSG #lobby :" + "x" * 400)
    bob.wait_said("x" * 400, by="ada")
    bob.send("PRIVMSG #lobby :back")
    ada.wait_said("back", by="bob")


def weechat(home, port, fingerprint):
    config = home / "weechat"
    config.mkdir()
    return ["weechat", "-d", str(config), "-r",
            f"/server add lab 127.0.0.1/{port} -ssl -ssl_fingerprint={fingerprint} -nicks=otto;/connect lab"]


def irssi(home, port, fingerprint):
    colons = re.sub("(..)(?=.)", r"\1:", fingerprint).upper()
    config = home / "irssi"
    config.mkdir()
    (config / "config").write_text(
        'servers = ( { address = "127.0.0.1"; port = "%d"; chatnet = "lab"; use_tls = "yes"; '
        'tls_verify = "no"; tls_pinned_cert = "%s"; } );\nchatnets = { lab = { type = "IRC"; }; };\n'
        % (port, colons))
    return ["irssi", f"--home={config}", "-c", "127.0.0.1", "-p", str(port), "-n", "otto"]


@pytest.mark.parametrize("client", [weechat, irssi], ids=["weechat", "irssi"])
def test_others_come_in_by_the_fingerprint(server, irc, home, ended, client):
    if not shutil.which("tmux") or not shutil.which(client.__name__):
        pytest.skip(f"tmux or {client.__name__} is not installed")
    bob = irc("bob")
    port = server.port_of("ircs")
    window = Tmux(home, [client(home, port, server.fingerprint)], columns=110)
    ended.append(window)
    bob.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("otto!"))
    bob.send("WHOIS otto")
    bob.wait_command("671")


@pytest.mark.parametrize("client", [weechat, irssi], ids=["weechat", "irssi"])
def test_others_refuse_a_wrong_fingerprint(server, home, ended, client):
    if not shutil.which("tmux") or not shutil.which(client.__name__):
        pytest.skip(f"tmux or {client.__name__} is not installed")
    window = Tmux(home, [client(home, server.port_of("ircs"), "ab" * 32)], columns=110)
    ended.append(window)
    window.wait_screen(lambda _: re.search("fingerprint|pinned", window.text(), re.I)
                       and re.search("fail|does not match|doesn't match|not match|mismatch|error",
                                     window.text(), re.I),
                       "word that the fingerprint is another")


def test_who_does_not_read_delays_nobody_and_misses_nothing(irc):
    ada, deaf, bob = irc("ada"), irc("deaf", receive_buffer_bytes=4096), irc("bob")
    lines = [f"{number} {'x' * 400}" for number in range(10000)]
    for at in range(0, len(lines), 200):
        ada.send(*(f"PRIVMSG #lobby :{line}" for line in lines[at:at + 200]))
        bob.wait_said(lines[at + 199], by="ada")
    assert bob.said(by="ada") == lines
    deaf.wait_said(lines[-1], by="ada")
    assert deaf.said(by="ada") == lines


def test_much_is_sent_and_arrives_in_order(irc):
    ada, bob = irc("ada"), irc("bob")
    lines = [f"{number} {'y' * (number % 400)}" for number in range(3000)]
    for at in range(0, len(lines), 100):
        ada.send(*(f"PRIVMSG #lobby :{line}" for line in lines[at:at + 100]))
    bob.wait_said(lines[-1], by="ada")
    assert bob.said(by="ada") == lines
