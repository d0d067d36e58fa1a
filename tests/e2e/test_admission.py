"""Who may come in, who is sent away, and what others learn of somebody."""

import json
import signal
import subprocess

import pytest

from harness import DEADLINE_S, SNUG, SNUGD
from harness.irc import IrcClient
from harness.process import environment
from harness.server import Server
from harness.snug import Snug


SERVER_ARGUMENTS = ("--irc", "127.0.0.1:0", "--oper", "root:secret", "--password", "the-word-of-the-house")


@pytest.fixture
def irc(server):
    clients = []

    def connect(nick=None, **more):
        client = IrcClient(server.port, **more)
        clients.append(client)
        client.send("PASS the-word-of-the-house")
        return client.register(nick) if nick else client

    yield connect
    for client in clients:
        client.close()


def seen_from_outside(server, irc):
    """All that a bystander is sent about ada, whatever he asks, and her address."""
    ada = irc(source="127.0.0.9")
    ada.send("CAP REQ :extended-join message-tags", "CAP END")
    ada.register("ada")
    bob = irc()
    bob.send("CAP REQ :userhost-in-names extended-join server-time batch message-tags draft/chathistory", "CAP END")
    bob.register("bob")
    bob.send("MONITOR + ada", "WHOIS ada", "WHOIS ada ada", "WHO #lobby", "WHO ada %tcuihsnfdlaor,1", "WHO 127.*",
             "USERHOST ada", "NAMES #lobby", "KNOCK #lobby")
    ada.send("JOIN #tea", "PRIVMSG #lobby :here", "PRIVMSG bob :psst", "AWAY :out", "SETNAME :Ada L", "NICK eve",
             "INVITE bob #tea", "PART #lobby", "QUIT :gone")
    ada.wait_closed()
    bob.wait_for(lambda m: m.command == "QUIT" or m.command == "731")
    bob.send("WHOWAS ada", "WHOWAS eve", "CHATHISTORY LATEST #lobby * 50", "CHATHISTORY LATEST ada * 50",
             "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 50")
    bob.fence()
    return [message.raw for message in bob.lines]


def test_nobody_is_sent_an_address(server, irc):
    lines = seen_from_outside(server, irc)
    assert any(".snug" in line for line in lines)
    assert not [line for line in lines if "127.0.0.9" in line]


def test_addresses_are_shown_where_that_is_wanted(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--cloak", "no", "--data", str(home / "open"))
    ended.append(server)
    ada = IrcClient(server.port, source="127.0.0.9").register("ada")
    bob = IrcClient(server.port).register("bob")
    bob.send("WHOIS ada")
    assert bob.wait_command("311").params[3] == "127.0.0.9"
    ada.close()
    bob.close()


def test_codes_stay_what_they_are(server, irc):
    def code(who):
        who.send("USERHOST " + who.nick)
        return who.wait_command("302").params[1].split("@")[1]

    before = code(irc("ada", source="127.0.0.9"))
    neighbour = code(irc("bob", source="127.0.0.10"))
    assert before != neighbour
    assert before.split(".")[1:] == neighbour.split(".")[1:]
    server.kill()
    server.start()
    assert code(irc("ada", source="127.0.0.9")) == before
    key = next(server.home.rglob("cloak.key"))
    assert key.stat().st_mode & 0o777 == 0o600


def operator(irc, nick="ada", **more):
    client = irc(nick, **more)
    client.send("OPER root secret")
    client.wait_command("381")
    return client


def audit_lines(server, name="audit.log"):
    return [json.loads(line) for line in next(server.home.rglob(name)).read_text().splitlines()]


def test_who_is_banned_stays_out_over_a_restart(server, irc):
    ada = operator(irc)
    bob = irc("bob", source="127.0.0.9")
    ada.send("KLINE 1h bob :too loud")
    assert bob.wait_command("ERROR").params[-1] == "Banned (ada (too loud))"
    bob.wait_closed()
    ada.fence()
    server.kill()
    server.start()
    bob = irc(source="127.0.0.9")
    assert "too loud" in bob.wait_command("465").params[-1]
    bob.wait_closed()
    server.wait_logged("turned 127.0.0.9 away: Banned")
    irc("cy", source="127.0.0.10")
    record = audit_lines(server)[-1]
    assert (record["did"], record["by"], record["whom"], record["why"]) == ("KLINE", "ada", "*!*@127.0.0.9", "too loud")


def test_no_log_holds_what_is_said_or_a_password(server, irc):
    ada = operator(irc)
    bob = irc("bob")
    bob.send("OPER root guessed-word", "REGISTER * * chosen-word", "JOIN #tea", "MODE #tea +k key-word", "MODE #tea +b eve",
             "PRIVMSG #lobby :said-aloud", "PRIVMSG ada :said-quietly", "TOPIC #tea :said-in-topic", "AWAY :said-away",
             "NOTICE #lobby :said-noticed", "TAGMSG #lobby", "NICK :said but no nick", "SAIDUNKNOWN said-unknown",
             "AUTHENTICATE PLAIN", "AUTHENTICATE c2FpZABzYWlkAHNhaWQtc2FzbA==")
    ada.send("KICK #lobby bob :the reason", "REHASH")
    stranger = irc()
    stranger.send("PASS wrong-word", "NICK eve", "USER eve 0 * :said-realname")
    stranger.wait_closed()
    bob.fence()
    ada.fence()
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the configuration again", 2)
    audits = [next(server.home.rglob(name)).read_text() for name in ("audit.log", "rooms.log")]
    assert "BAN" in audits[1]
    logs = "\n".join(server.process.err + audits)
    assert "OPER-FAILED" in logs and "became operator" in logs
    for secret in ["said-", "-word", "secret", "c2Fp"]:
        assert secret not in logs, secret


def tool(server, *arguments):
    """Runs snugd as a tool over the server's data; returns its status and what it said."""
    done = subprocess.run([SNUGD, *arguments], env=environment(server.home), cwd=server.home, capture_output=True,
                          text=True, timeout=DEADLINE_S)
    return done.returncode, done.stdout + done.stderr


def stop(server):
    server.fixed_port = server.port
    server.process.signal(signal.SIGTERM)
    server.process.wait_exit()


def test_names_are_dealt_with_at_the_machine(server, irc):
    bob = irc("bob")
    bob.send("REGISTER * * password")
    bob.wait_command("REGISTER")
    assert tool(server, "admit", "eve")[0] == 1
    stop(server)
    assert tool(server, "admit", "eve") == (0, "eve is admitted\n")
    assert tool(server, "admit", "9lives")[0] == 1
    assert tool(server, "grant", "nobody") == (1, "snugd: nobody is owned by nobody\n")
    assert tool(server, "grant", "bob") == (0, "bob is an operator from the next login on\n")
    server.arguments += ("--require", "known")
    server.start()
    stranger = irc()
    stranger.send("NICK cy", "USER cy 0 * :cy")
    assert stranger.wait_command("FAIL").params[:3] == ["USER", "NOT_ADMITTED", "cy"]
    irc("eve")
    stop(server)
    assert tool(server, "admit", "bob")[0] == 0
    server.start()
    bob = irc()
    bob.send("CAP REQ :sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE AGJvYgBwYXNzd29yZA==", "CAP END")
    bob.register("bob").wait_command("381")
    stop(server)
    assert "too recently" in tool(server, "release", "bob")[1]
    assert tool(server, "release", "--release-after", "0s", "bob") == (0, "bob is nobody's\n")
    server.arguments = server.arguments[:-2]
    server.start()
    bob = irc("bob")
    bob.send("REGISTER * * another")
    assert bob.wait_command("REGISTER").params[0] == "SUCCESS"
    assert [record["did"] for record in audit_lines(server)] == ["ADMIT", "GRANT", "ADMIT", "OPER", "RELEASE"]


def test_snug_has_an_account_where_one_is_wanted(home, ended):
    server = Server(home, "--ircs", "127.0.0.1:0", "--irc", "127.0.0.1:0", "--require", "account",
                    "--data", str(home / "strict"))
    ended.append(server)
    said = subprocess.run([SNUG, "--nick", "ada", "--tls", "--trust-new", "--once", "hello",
                           f"127.0.0.1:{server.port_of('ircs')}"], env=environment(home), cwd=home,
                          capture_output=True, text=True, timeout=DEADLINE_S)
    assert said.returncode == 0, said.stderr
    stranger = IrcClient(server.port_of("irc"))
    stranger.send("NICK eve", "USER eve 0 * :eve")
    assert "REGISTER" in stranger.wait_command("FAIL").params[-1]
    stranger.close()


def test_who_may_come_in_changes_without_anybody_leaving(home, ended):
    config = home / "snugd.conf"
    config.write_text("require = nothing\n")
    server = Server(home, "--irc", "127.0.0.1:0", "--config", str(config), "--data", str(home / "reloaded"))
    ended.append(server)
    ada = IrcClient(server.port).register("ada")
    config.write_text("require = account\n")
    server.process.signal(signal.SIGHUP)
    server.wait_logged("read the configuration again")
    bob = IrcClient(server.port)
    bob.send("NICK bob", "USER bob 0 * :bob")
    assert bob.wait_command("FAIL").params[:2] == ["*", "ACCOUNT_REQUIRED"]
    bob.send("REGISTER * * password")
    bob.wait_command("001")
    ada.fence()
    bob.close()
    ada.close()


def test_an_operator_at_the_client(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--oper", "root:secret")
    ended.append(server)
    bob = IrcClient(server.port, source="127.0.0.9").register("bob")
    ada = Snug(server.port, "ada", home)
    ended.append(ada)
    ada.wait_joined()
    ada.say("/kline 1h bob too loud")
    ada.wait_text("only operators of the server may do that")
    ada.say("/oper root secret")
    ada.wait_text("you are an operator of the server")
    ada.key("Up")
    ada.wait_edited("/kline 1h bob too loud")
    ada.key("Down")
    ada.wait_edited("")
    ada.say("/admit cy")
    ada.wait_text("cy is admitted, and not an operator")
    ada.say("/grant nobody")
    ada.wait_text("Nobody owns that name")
    ada.say("/join #tea")
    ada.wait_text("@ada")
    bob.send("JOIN #tea")
    bob.wait_for(lambda m: m.command == "366" and m.params[1] == "#tea")
    ada.say("/ban bob 10m too loud")
    assert bob.wait_command("KICK").params[-1] == "too loud"
    bob.send("JOIN #tea")
    assert bob.wait_command("474")
    ada.say("/kline 1h bob too loud")
    bob.wait_closed()
    ada.say("/unkline *!*@127.0.0.9")
    ada.wait_text("No longer banned from the server: *!*@127.0.0.9")
    assert [record["did"] for record in audit_lines(server)] == ["OPER", "ADMIT", "KLINE", "UNKLINE"]
    assert [record["did"] for record in audit_lines(server, "rooms.log")] == ["BAN", "KICK"]
    ada.send("/quit\r")
    ada.wait_exit()
    kept = [path for path in (home / ".local/state/snug").rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if b"root secret" in path.read_bytes()]


@pytest.mark.parametrize("time", ["", " 10m"])
def test_a_ban_by_nick_is_one_of_where_he_is(home, ended, time):
    server = Server(home, "--irc", "127.0.0.1:0")
    ended.append(server)
    bob = IrcClient(server.port, source="127.0.0.9").register("bob")
    ada = Snug(server.port, "ada", home)
    ended.append(ada)
    ada.wait_joined()
    ada.say("/join #tea")
    ada.wait_text("@ada")
    ada.say(f"/ban bob{time}")
    ada.wait_text("set +b *!*@")
    bob.send("NICK robert", "JOIN #tea")
    assert bob.wait_command("474")
    ada.say("/unban robert")
    ada.wait_text("set -b *!*@")
    bob.send("JOIN #tea")
    assert bob.wait_for(lambda m: m.command == "366" and m.params[1] == "#tea")
