"""The servers under test: each starts on a free port of 127.0.0.1, limits off, and is stopped by pid."""
import socket
import subprocess
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    name = program = ""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        log = (folder / "log").open("wb")
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.pid = self.process.pid
        self.wait()

    def command(self):
        raise NotImplementedError

    def wait(self):
        """Returns once it accepts connections."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise SystemExit(f"bench: {self.name} does not start: {(self.folder / 'log').read_text()[-500:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


class Snug(Server):
    name, program = "snugd", "snugd"

    def command(self):
        return [TOP / "build" / "bin" / "snugd", "--irc", f"127.0.0.1:{self.port}", "--data", self.folder / "data"]


class SnugUnsynced(Snug):
    """Its log survives a kill of the process, not a power failure: what the peers could at most do."""

    name = "snugd-process"

    def command(self):
        return [*super().command(), "--durability", "process"]


class Ngircd(Server):
    name, program = "ngircd", "ngircd"

    def command(self):
        config = self.write("ngircd.conf", f"""
[Global]
    Name = bench.test
    Info = bench
    Listen = 127.0.0.1
    Ports = {self.port}
    ServerUID = {_user()}
    ServerGID = {_group()}
[Limits]
    MaxConnections = 0
    MaxConnectionsIP = 0
    MaxJoins = 0
    MaxPenaltyTime = 0
    MaxNickLength = 30
    PingTimeout = 600
    PongTimeout = 600
[Options]
    DNS = no
    Ident = no
    PAM = no
""")
        return ["ngircd", "-n", "-f", config]


class Inspircd(Server):
    name, program = "inspircd", "inspircd"

    def command(self):
        config = self.write("inspircd.conf", f"""
<server name="bench.test" description="bench" network="bench">
<admin name="bench" nick="bench" email="bench@localhost">
<bind address="127.0.0.1" port="{self.port}" type="clients">
<connect name="all" allow="*" timeout="60" pingfreq="600" hardsendq="1048576000" softsendq="1048576000"
 recvq="1048576" threshold="1000000" commandrate="10000000" fakelag="no" localmax="100000" globalmax="100000"
 maxchans="100" resolvehostnames="no" useident="no">
<performance nouserdns="yes" softlimit="60000" somaxconn="4096" netbuffersize="10240">
<limits maxnick="30" maxchan="64">
<pid file="{self.folder}/inspircd.pid">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{self.folder}/inspircd.log">
<files motd="{self.write('motd', 'bench')}">
""")
        return ["inspircd", "--nofork", "--runasroot", "--config", config]


def _user():
    import getpass
    return getpass.getuser()


def _group():
    import grp
    import os
    return grp.getgrgid(os.getgid()).gr_name
