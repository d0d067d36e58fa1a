"""The servers under test: each starts on a free port of 127.0.0.1, limits off, and is stopped by pid."""
import getpass
import grp
import os
import pwd
import shutil
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
    """`port` is what the load generator is given; `number` the port itself."""
    name = program = ""
    user = None  # whom it runs as, where root will not do

    def __init__(self, folder, wrapper=()):
        self.folder = folder
        self.port = self.number = free_port()
        log = (folder / "log").open("wb")
        self.process = subprocess.Popen([*wrapper, *self.command()], stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=log, user=self.user if os.geteuid() == 0 else None)
        self.pid = self.process.pid
        self.wait()

    @classmethod
    def is_here(cls):
        return shutil.which(cls.program) is not None

    def command(self):
        raise NotImplementedError

    def wait(self):
        """Returns once it accepts connections."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.number), timeout=1).close()
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


class Built(Server):
    """One of our own programs."""

    @classmethod
    def is_here(cls):
        return True


class Bare(Built):
    """Nothing but the writes."""
    name = "bare"

    def command(self):
        return [TOP / "build" / "bin" / "bare", str(self.number)]


class Snug(Built):
    name, durability, listener, lobby = "snugd", "power", "--irc", "#bench"

    def command(self):
        return [TOP / "build" / "bin" / "snugd", self.listener, f"127.0.0.1:{self.number}", "--data",
                self.folder / "data", "--durability", self.durability, "--lobby", self.lobby, "--lines", "0",
                "--per-address", "0", "--connections", "100000", "--register-time", "5m"]


class SnugProcess(Snug):
    """Its log survives a kill of the process, not a power failure."""
    name, durability = "snugd-process", "process"


class SnugNone(Snug):
    """It keeps no log on disk, like the others."""
    name, durability = "snugd-none", "none"


class SnugAlone(SnugProcess):
    """Nobody meets anybody there."""
    lobby = ""


class SnugTls(SnugProcess):
    listener = "--ircs"

    def __init__(self, folder, wrapper=()):
        super().__init__(folder, wrapper)
        self.port = f"tls:{self.number}"


class SnugTlsAlone(SnugTls):
    lobby = ""


class Ngircd(Server):
    name, program = "ngircd", "ngircd"

    def command(self):
        config = self.write("ngircd.conf", f"""
[Global]
    Name = bench.test
    Info = bench
    Listen = 127.0.0.1
    Ports = {self.number}
    ServerUID = {getpass.getuser()}
    ServerGID = {grp.getgrgid(os.getgid()).gr_name}
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
<bind address="127.0.0.1" port="{self.number}" type="clients">
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


class Hybrid(Server):
    name, program = "hybrid", "ircd-hybrid"

    def __init__(self, folder, wrapper=()):
        if os.geteuid() == 0:  # as which it does not run
            self.user = "irc"
            os.chmod(folder, 0o755)
            os.chown(folder, pwd.getpwnam(self.user).pw_uid, -1)
        super().__init__(folder, wrapper)

    def command(self):
        config = self.write("ircd.conf", f"""
serverinfo {{ name = "bench.test"; sid = "0BT"; description = "bench"; network_name = "bench"; hub = no;
    default_max_clients = 100000; max_nick_length = 30; }};
admin {{ name = "bench"; description = "bench"; email = "<bench@localhost>"; }};
class {{ name = "users"; ping_time = 10 minutes; number_per_ip_local = 100000;
    number_per_ip_global = 100000; max_number = 100000; sendq = 1000 megabytes; recvq = 8000 bytes; }};
auth {{ user = "*@*"; class = "users"; flags = exceed_limit, can_flood; }};
listen {{ host = "127.0.0.1"; port = {self.number}; }};
channel {{ max_channels = 100; default_join_flood_count = 0; default_join_flood_time = 0 seconds; }};
general {{ disable_auth = yes; ping_cookie = no; anti_nick_flood = no; throttle_count = 1000000;
    pace_wait = 0 seconds; pace_wait_simple = 0 seconds; default_floodcount = 0; }};
log {{ use_logging = no; }};
""")
        return ["ircd-hybrid", "-foreground", "-configfile", config, "-klinefile", self.folder / "klines",
                "-logfile", self.folder / "ircd.log", "-pidfile", self.folder / "ircd.pid"]
