"""What lies in the data directory: it outlives the server, and is refused when it cannot be used."""

import json
import resource
import sqlite3
import subprocess

import pytest

from harness import DEADLINE_S, SNUGD
from harness.process import Process, environment
from harness.server import Server

LOG = ".local/state/snugd/log.db"


def refusal(home, ended, *arguments):
    """The one line of a snugd that does not start."""
    process = Process([SNUGD, "--irc", "127.0.0.1:0", *arguments], environment(home), home)
    ended.append(process)
    assert process.wait_exit() == 1
    assert len(process.err) == 1, process.err
    return process.err[0]


def texts(home):
    with sqlite3.connect(home / LOG, timeout=DEADLINE_S) as log:
        return [text for (text,) in log.execute("SELECT text FROM entry WHERE kind = 1 ORDER BY at")]


def test_what_was_shown_outlives_a_kill(server, home, irc):
    ada, bob = irc("ada"), irc("bob")
    ada.send("JOIN #tea", "TOPIC #tea :Stand-up at 10:00")
    ada.send(*(f"PRIVMSG #lobby :line {i}" for i in range(100)))
    bob.wait_for(lambda m: m.command == "PRIVMSG" and m.params[-1] == "line 99")
    server.kill()
    assert texts(home) == [f"line {i}" for i in range(100)]
    server.start()
    cy = irc("cy")
    cy.send("JOIN #tea")
    assert cy.wait_for(lambda m: m.command == "332").params[-1] == "Stand-up at 10:00"


def test_two_servers_do_not_share_a_directory(server, home, ended):
    assert "in use by another snugd" in refusal(home, ended)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_directory_that_others_may_write_to(home, ended, mode):
    (home / "data").mkdir()
    (home / "data").chmod(mode)
    assert "data: others may write there; chmod 700 it" in refusal(home, ended, "--data", str(home / "data"))
    assert list((home / "data").iterdir()) == []


def test_what_is_no_log_is_left_alone(home, ended):
    (home / "data").mkdir()
    (home / "data" / "log.db").write_text("Dear diary, " * 100)
    assert "data/log.db" in refusal(home, ended, "--data", str(home / "data"))
    assert (home / "data" / "log.db").read_text() == "Dear diary, " * 100


@pytest.mark.parametrize("durability", ["power", "process"])
def test_a_log_of_a_newer_server(home, ended, durability):
    server = Server(home, "--irc", "127.0.0.1:0", "--durability", durability)
    ended.append(server)
    assert server.stop() == 0
    with sqlite3.connect(home / LOG) as log:
        log.execute("PRAGMA user_version = 1000")
    assert "newer snugd" in refusal(home, ended)


def damage(log, text):
    """Overwrites the page on which that text lies."""
    content = log.read_bytes()
    page_bytes = int.from_bytes(content[16:18], "big")
    begin = content.index(text) // page_bytes * page_bytes
    log.write_bytes(content[:begin] + bytes(page_bytes) + content[begin + page_bytes:])


def test_a_damaged_page_is_told_to_who_meets_it_and_to_the_log(server, home, irc):
    ada = irc("ada")
    for i in range(100):
        ada.send(f"PRIVMSG #lobby :needle {i} {100 * 'hay '}")
        ada.fence()
    assert server.stop() == 0
    damage(home / LOG, b"needle 20 ")
    server.start()
    ada = irc("ada")
    ada.send(*("CHATHISTORY LATEST #lobby * 100" for _ in range(3)), "CHATHISTORY LATEST #lobby * 10")
    ada.fence()
    fails = [m.params[:2] for m in ada.lines if m.command == "FAIL"]
    assert fails == 3 * [["CHATHISTORY", "MESSAGE_ERROR"]]
    assert ada.said()[-1].startswith("needle 99 ")
    assert server.logged("cannot be read: the log is damaged") == 1
    check = subprocess.run([SNUGD, "check"], env=environment(home), capture_output=True, text=True)
    assert check.returncode == 1
    assert "damaged" in check.stderr


def test_no_server_starts_that_cannot_read_whose_the_names_are(server, home, irc, ended):
    ada = irc("ada")
    ada.send("JOIN #tea")
    ada.fence()
    assert server.stop() == 0
    damage(home / LOG, b"name #tea\nlog #tea\n")
    assert "the log is damaged" in refusal(home, ended)


def test_without_durability_nothing_is_kept(home, ended):
    server = Server(home, "--irc", "127.0.0.1:0", "--durability", "none")
    ended.append(server)
    assert not (home / LOG).exists()


def test_what_was_said_is_the_owners_to_read(home, ended):
    """Wherever it lies: a directory that somebody made before may be open to all."""
    data = home / "open"
    data.mkdir()
    data.chmod(0o755)
    ended.append(Server(home, "--irc", "127.0.0.1:0", "--data", data))
    assert (data / "log.db").exists()
    for file in data.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def tool(home, ended, *arguments):
    """(exit status, lines on standard output, lines on standard error) of a snugd that does not serve."""
    process = Process([SNUGD, *arguments], environment(home), home)
    ended.append(process)
    return process.wait_exit(), process.out, process.err


def speak(irc):
    ada, bob = irc("ada"), irc("bob")
    ada.send("PRIVMSG #lobby :hello \x1b[31m\"world\"", "PRIVMSG #lobby :\x01ACTION waves\x01", "PRIVMSG bob :psst")
    bob.wait_for(lambda m: m.params[-1:] == ["psst"])


def test_export(server, home, irc, ended):
    speak(irc)
    assert tool(home, ended, "export") == (0, ["#lobby", "ada bob"], [])
    status, lines, _ = tool(home, ended, "export", "#Lobby")
    assert status == 0
    assert [line[20:] for line in lines] == ["* ada joined", "* bob joined", '<ada> hello ^[[31m"world"', "* ada waves"]
    status, lines, _ = tool(home, ended, "export", "--json", "Bob", "ada")
    (entry,) = map(json.loads, lines)
    assert (entry["type"], entry["nick"], entry["target"], entry["text"]) == ("text", "ada", "bob", "psst")
    status, lines, errors = tool(home, ended, "export", "#nowhere")
    assert (status, lines, len(errors)) == (1, [], 1)


def test_export_by_the_name_that_a_room_has_now(server, home, irc, ended):
    ada = irc("ada")
    ada.send("CAP REQ :draft/channel-rename", "JOIN #old", "PRIVMSG #old :first", "RENAME #old #new :")
    ada.wait_command("RENAME")
    ada.send("PRIVMSG #new :second", "JOIN #old", "PRIVMSG #old :of another room", "PING end")
    ada.wait_for(lambda m: m.command == "PONG")
    def said(room):
        return [line[20:] for line in tool(home, ended, "export", room)[1] if line[20:].startswith("<")]
    assert said("#New") == ["<ada> first", "<ada> second"]
    assert said("#old") == ["<ada> of another room"]
    _, rooms, _ = tool(home, ended, "export")
    assert rooms[1] == "#new (#old)" and rooms[2].startswith("#old (#old,"), rooms


def test_check(server, home, irc, ended):
    speak(irc)
    assert tool(home, ended, "check") == (0, ["5 entries in 2 logs: sound"], [])
    server.kill()
    with sqlite3.connect(home / LOG) as log:
        log.execute("DELETE FROM entry WHERE text LIKE 'hello%'")
        log.execute("UPDATE entry SET kind = 99 WHERE text = 'psst'")
    status, lines, errors = tool(home, ended, "check")
    assert status == 1 and len(errors) == 1
    assert lines[-1] == "4 entries in 2 logs: 2 faults"


def test_backup_while_serving(server, home, irc, ended):
    speak(irc)
    copy = home / "copy" / "log.db"
    copy.parent.mkdir()
    assert tool(home, ended, "backup", str(copy)) == (0, [], [])
    assert tool(home, ended, "check", "--data", str(copy.parent)) == (0, ["5 entries in 2 logs: sound"], [])
    status, _, errors = tool(home, ended, "backup", str(copy))
    assert status == 1 and "exists" in errors[0]


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def test_the_tools_on_a_read_only_file_system(server, home, irc, ended):
    """As where a backup lies, or the disk that is left of another machine."""
    speak(irc)
    assert server.stop() == 0
    data = (home / LOG).parent
    data = data.rename(data.with_name("50% of it?"))
    own_mounts = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, str(data)]
    if subprocess.run([*own_mounts, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("nobody may mount anything here")

    def reads(*arguments):
        process = Process([*own_mounts, SNUGD, *arguments, "--data", str(data)], environment(home), home)
        ended.append(process)
        return process.wait_exit(), process.out, process.err

    before = sorted(data.iterdir())
    assert reads("export") == (0, ["#lobby", "ada bob"], [])
    status, lines, _ = reads("check")
    assert status == 0 and lines[0].endswith("sound")
    assert reads("backup", str(home / "copy.db")) == (0, [], [])
    assert (home / "copy.db").exists() and sorted(data.iterdir()) == before
    status, _, errors = reads("--irc", "127.0.0.1:0")
    assert status == 1 and len(errors) == 1 and "Read-only file system" in errors[0]


def test_the_tools_make_nothing(home, ended):
    for arguments in (["export"], ["check"], ["backup", "copy.db"]):
        status, _, errors = tool(home, ended, *arguments, "--data", str(home / "nowhere"))
        assert status == 1 and len(errors) == 1 and "No such file" in errors[0]
    assert not (home / "nowhere").exists() and not (home / "copy.db").exists()


@pytest.mark.parametrize("arguments", [["backup"], ["check", "x"], ["export", "a", "b", "c"], ["nonsense"]])
def test_wrong_usage_of_the_tools(home, ended, arguments):
    status, _, errors = tool(home, ended, *arguments)
    assert status == 2 and len(errors) == 1


def says_that_it_is_not_stored(message):
    return message.command == "FAIL" and "NOT_STORED" in message.params


def assert_recovered(server, ada, bob):
    server.process.wait_until(lambda: any("the log is up" in line for line in server.process.err), "recovery")
    ada.send("PRIVMSG #lobby :after")
    bob.wait_for(lambda m: m.params[-1:] == ["after"])
    assert not any(m.params[-1:] == ["during"] for m in bob.lines)
    assert "during" not in texts(server.home)


def test_locked_by_another_program(server, home, irc):
    ada, bob = irc("ada"), irc("bob")
    with sqlite3.connect(home / LOG, isolation_level=None, timeout=DEADLINE_S) as log:
        log.execute("BEGIN IMMEDIATE")
        ada.send("PRIVMSG #lobby :during")
        bob.send("PING others-are-served")
        bob.wait_for(lambda m: m.command == "PONG")
        ada.wait_for(says_that_it_is_not_stored)
        log.execute("ROLLBACK")
    assert_recovered(server, ada, bob)


def test_a_full_disk(server, home, irc):
    ada, bob = irc("ada"), irc("bob")
    pid = server.process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    ada.send("PRIVMSG #lobby :during")
    ada.wait_for(says_that_it_is_not_stored)
    ada.send("PRIVMSG #lobby :during", "PING end")
    ada.wait_for(lambda m: m.command == "PONG")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert_recovered(server, ada, bob)


def test_entries_that_somebody_removes_cost_only_who_had_yet_to_read_them(server, home, irc):
    """By hand, or a disk that rots, while one reads so slowly that the log is what he is shown from."""
    bob, cy = irc("bob"), irc("cy")
    sleepy = irc("sleepy", receive_buffer_bytes=4096)
    cy.wait_for(lambda m: m.command == "JOIN" and m.source.startswith("sleepy!"))
    for batch in range(40):
        lines = [f"{batch}-{i} {'x' * 380}" for i in range(500)]
        bob.send(*(f"PRIVMSG #lobby :{line}" for line in lines))
        cy.wait_said(lines[-1], by="bob", since=len(cy.lines))
    with sqlite3.connect(home / LOG, timeout=DEADLINE_S) as log:
        assert log.execute("DELETE FROM entry WHERE text LIKE '39-250 %'").rowcount == 1
    sleepy.wait_closed()
    assert "no longer has" in sleepy.lines[-1].raw
    bob.send("PRIVMSG #lobby :still here")
    cy.wait_said("still here", by="bob")
