"""Certificates: the server's own, and those that people show."""

import contextlib
import hashlib
import shutil
import signal
import socket
import ssl
import subprocess

import pytest

from harness import DEADLINE_S, SNUG, SNUGD
from harness.irc import IrcClient, trusting
from harness.pem import certificate
from harness.process import Process, environment
from harness.server import Server

SERVER_ARGUMENTS = ("--irc", "127.0.0.1:0", "--ircs", "127.0.0.1:0")


def test_fingerprint_prints_it(server):
    out = subprocess.run([SNUGD, "fingerprint"], env=environment(server.home), check=True,
                         capture_output=True, text=True).stdout.splitlines()
    assert out[0] == server.fingerprint
    assert out[1].replace(":", "").lower() == out[0]
    certificate = next(server.home.rglob("certificate.pem"))
    assert certificate.stat().st_mode & 0o777 == 0o600


def test_by_default_everybody_may_come_in_tls_only(home):
    help_text = subprocess.run([SNUGD, "--help"], capture_output=True, text=True, check=True).stdout
    assert "127.0.0.1:6667 and [::1]:6667, and [::]:6697 with TLS" in help_text


def fingerprint_at(port):
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as raw:
        with trusting().wrap_socket(raw) as secure:
            return hashlib.sha256(secure.getpeercert(True)).hexdigest()


def make_certificate(home, name):
    path = home / name
    subprocess.run([SNUGD, "fingerprint", "--data", path], check=True, capture_output=True)
    return path / "certificate.pem"


def test_a_certificate_is_read_again_without_dropping_anyone(home, ended):
    mine = home / "mine.pem"
    shutil.copy(make_certificate(home, "first"), mine)
    server = Server(home, "--ircs", "127.0.0.1:0", "--tls-cert", str(mine))
    ended.append(server)
    port = server.port_of("ircs")
    ada = IrcClient(port, tls=trusting()).register("ada")
    before = fingerprint_at(port)
    assert before == server.fingerprint

    mine.write_text("nothing of use")
    server.process.signal(signal.SIGHUP)
    server.wait_logged("the configuration stays as it is: ")
    assert fingerprint_at(port) == before

    shutil.copy(make_certificate(home, "second"), mine)
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the certificate again: ")
    assert fingerprint_at(port) != before
    bob = IrcClient(port, tls=trusting()).register("bob")
    bob.send("PRIVMSG #lobby :still there?")
    ada.wait_said("still there?", by="bob")
    ada.close()
    bob.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_is_not_trusted_does_not_learn_who_comes(home, version):
    """Our certificate has our name in it, and the line mode trusts nobody by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(home, "server"))
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_OPTIONAL  # one that comes is refused, since nobody vouches for it
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE_S)
        port = listener.getsockname()[1]
        ada = Process([SNUG, f"127.0.0.1:{port}", "--tls", "--once", "hello"], environment(home), home)
        connection, _ = listener.accept()
        with connection, pytest.raises(OSError) as refused:
            context.wrap_socket(connection, server_side=True).recv(1)
        assert not isinstance(refused.value, ssl.SSLCertVerificationError)
        assert ada.wait_exit() == 1 and "has never been visited" in "".join(ada.err)


@pytest.mark.parametrize("group, taken", [("X25519", True), ("P-256", True), ("ffdhe2048", False), ("ffdhe8192", False)])
def test_a_hello_is_cheap_to_answer(server, group, taken):
    """One of 8,192 bits would cost the server 110 ms, and whoever sends it nothing."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.port_of('ircs')}", "-groups", group],
                          input="QUIT\r\n", capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert ("New, TLSv1.3" in done.stdout) == taken, done.stderr


def test_the_dates_of_a_certificate_are_looked_at(home, ended):
    """At the start, and when it is read again."""
    mine = home / "mine.pem"
    mine.write_text("".join(certificate(home, "old", days=-1)))
    server = Server(home, "--ircs", "127.0.0.1:0", "--tls-cert", str(mine))
    ended.append(server)
    server.wait_logged("the certificate expired on ")
    mine.write_text("".join(certificate(home, "short", days=3)))
    server.process.signal(signal.SIGHUP)
    server.wait_logged("the certificate expires on ")
    mine.write_text("".join(certificate(home, "long", days=30)))
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the configuration again", count=2)
    assert server.logged("the certificate expire") == 2


@pytest.mark.parametrize("arguments, said", [
    (["--tls-key", "/dev/null"], "--tls-cert"),
    (["--ircs", "127.0.0.1:0", "--tls-cert", "none.pem"], "a file that exists, not \"none.pem\""),
    (["finger"], "nothing like \"finger\""),
])
def test_what_cannot_be_is_said_at_the_start(home, arguments, said):
    done = subprocess.run([SNUGD, *arguments], env=environment(home), cwd=home, capture_output=True,
                          text=True, timeout=DEADLINE_S, check=False)
    assert done.returncode in (1, 2)
    assert said in done.stderr


@pytest.mark.parametrize("subject", ["/CN=\x1b[2J\x1b]0;owned\x07", "/CN=" + "x" * 64, "/O=\u202etxt.exe"])
def test_a_certificate_of_strange_names(server, bystanders, home, subject):
    pem = home / "strange.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-utf8", "-subj", subject,
                    "-days", "1", "-keyout", pem, "-out", home / "certificate"],
                   check=True, capture_output=True)
    pem.write_text(pem.read_text() + (home / "certificate").read_text())
    context = trusting()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.load_cert_chain(pem)
    try:
        with contextlib.closing(IrcClient(server.port_of("ircs"), tls=context)) as eve:
            eve.register("eve")
            eve.send("WHOIS eve")
            eve.wait_command("318")
            shown = "".join(m.raw for m in eve.lines)
    except (AssertionError, ssl.SSLError, ConnectionError):
        server.wait_logged("turned 127.0.0.1 away: ")
        shown = ""
    assert not any(c in shown + "".join(server.process.err) for c in "\x1b\x07\u202e")
    bystanders.lost_nothing()


def expired(home):
    return certificate(home, "eve", days=-1)


def signed_wrongly(home):
    key, shown = certificate(home, "eve")
    der = bytearray(ssl.PEM_cert_to_DER_cert(shown))
    der[-1] ^= 1
    return key, ssl.DER_cert_to_PEM_cert(bytes(der))


def of_an_authority(home):
    """What is signed by somebody whom nobody knows."""
    certificate(home, "nobody")
    return certificate(home, "eve", by="nobody")


@pytest.mark.parametrize("make", [expired, signed_wrongly, of_an_authority])
def test_a_certificate_that_proves_nothing_to_anybody_else(server, bystanders, home, make):
    """What counts is that its key is there: nobody on a LAN is vouched for."""
    pem = home / "shown.pem"
    pem.write_text("".join(make(home)))
    context = trusting()
    context.load_cert_chain(pem)
    with contextlib.closing(IrcClient(server.port_of("ircs"), tls=context)) as eve:
        eve.register("eve")
        bystanders.talk()
        eve.send("WHOIS eve")
        assert eve.wait_command("276")
    bystanders.lost_nothing()


def test_a_certificate_that_has_expired_is_told_so(server, home):
    """Its owner keeps his name; he and the log get a line each."""
    pem = home / "shown.pem"
    pem.write_text("".join(expired(home)))
    until = subprocess.run(["openssl", "x509", "-in", home / "eve.pem", "-noout", "-enddate", "-dateopt", "iso_8601"],
                           check=True, capture_output=True, text=True).stdout
    date = until.removeprefix("notAfter=").split()[0]
    context = trusting()
    context.load_cert_chain(pem)
    for _ in range(2):  # who makes the name his, and who comes back to it
        with contextlib.closing(IrcClient(server.port_of("ircs"), tls=context)) as eve:
            eve.send("CAP REQ sasl", "NICK eve", "USER eve 0 * :eve", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
            eve.wait_command("903")
            eve.send("CAP END")
            eve.wait_for(lambda m: m.command == "NOTICE" and f"Your certificate expired on {date}: " in m.params[-1])
            eve.wait_command("366")
        server.wait_logged(f"127.0.0.1 logged in as eve, by a certificate that expired on {date}")
