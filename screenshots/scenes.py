"""The scenes that screenshots/take can take, each one a picture of the same name."""

import contextlib
import pathlib
import sys
import tempfile

from stage import LIGHT, Stage

from harness.irc import IrcClient
from harness.server import Server


class Play:
    """A stage, a server, and people who speak through it."""

    def __init__(self, stage, port):
        self.stage, self._port, self._people = stage, port, {}

    def enter(self, *nicks):
        for nick in nicks:
            self._people[nick] = IrcClient(self._port).register(nick)

    def say(self, nick, text, to="#lobby"):
        self.do(nick, f"PRIVMSG {to} :{text}")

    def do(self, nick, line):
        self._people[nick].send(line)
        self._people[nick].fence()

    def leave(self, *nicks):
        for nick in nicks:
            self._people.pop(nick).close()

    def snug(self, nick, **how):
        return self.stage.snug(self._port, nick, **how)


@contextlib.contextmanager
def play(width, height, gap=0):
    with tempfile.TemporaryDirectory(prefix="snug-play-") as home, Stage(width, height, gap) as stage:
        server = Server(pathlib.Path(home))
        try:
            yield Play(stage, server.port)
        finally:
            server.end()


def talk(p):
    p.enter("cy", "dot")
    p.do("cy", "TOPIC #lobby :Welcome to the lab. Stand-up at 10:00")


@contextlib.contextmanager
def scene(name, width, height, others=(), **how):
    """Ada's terminal in the middle of a talk; its picture is taken at the end."""
    with play(width, height) as p:
        talk(p)
        ada = p.snug("ada", **how)
        p.enter(*others)
        p.stage.arrange()
        yield p, ada
        p.stage.capture(name)


def two_people_talking():
    """Two clients side by side; ada is in the middle of a line while bob's arrive."""
    with play(1400, 420, gap=8) as p:
        talk(p)
        ada, bob = p.snug("ada"), p.snug("bob")
        p.stage.arrange()
        ada.send("morning! has anyone seen the printer logs?\r")
        bob.wait_text("morning!")
        bob.send("yes, on the share under printer/2026-11-20\r")
        ada.wait_text("on the share")
        p.say("cy", "the toner is mine, sorry")
        ada.type("thanks, I will have a lo")
        bob.send("it jams when the lid is open, so close it gently\r")
        p.say("dot", "coffee is ready")
        bob.wait_text("coffee is ready")
        ada.wait_text("coffee is ready")
        bob.type("coming, two minu")
        p.stage.capture("two-people")


def narrow_terminal():
    with scene("narrow", 330, 420) as (p, ada):
        p.say("cy", "does the new build work on the little board in the corner as well?")
        p.say("dot", "it does, even in a terminal that is not wider than a hand")
        ada.send("I see everything I need to see\r")
        ada.wait_text("everything")
        ada.send("and a longer line simply grows to another row of the ed")
        ada.wait_text("another row")
        ada.wait_text("of the ed")


def wide_characters():
    with scene("wide-characters", 760, 420) as (p, ada):
        p.say("cy", "おはようございます。今日の会議は十時からです")
        p.say("dot", "좋은 아침이에요 ☕ 회의실은 3층입니다")
        ada.send("good morning 👋🏽 the family is here: 👩‍👩‍👧 and a flag 🇯🇵 🇰🇷\r")
        p.say("cy", "naïve café, Zoë, ångström, Việt Nam: combining marks, too")
        p.say("dot", "🎉🎉🎉 the build is green ✅ ship it 🚀")
        ada.wait_text("ship it")
        ada.send("my line: 日本語 👩‍👩‍👧 café stays as I wro")
        ada.wait_text("as I wro")


def busy_talk(p, ada):
    """Ada looks away for a while: somebody speaks to her, others come and go."""
    p.enter("bob", "eve")
    p.say("bob", "the plotter is free again from eleven on")
    p.say("eve", "see https://lab.local/wiki/plotter for the new driver")
    ada.say("good, I have a poster to print")
    p.say("cy", "leave the blue paper where it is, please")
    ada.wait_text("blue paper")
    ada.send("\x1b[O")  # the terminal has lost the focus
    p.enter("fay", "gus", "hal")
    p.leave("gus")
    p.say("dot", "who has the key of the cold room?")
    p.say("eve", "\x02not me\x02, ask \x1dbob\x1d")
    p.say("bob", "ada: I left it on your desk")
    p.say("cy", "and the `rsync` to the new box is done")
    ada.wait_text("is done")


def busy_room():
    with scene("busy", 900, 460) as (p, ada):
        busy_talk(p, ada)
        p.say("eve", "lunch at twelve?", to="ada")
        ada.wait_text("eve 1!")
        ada.type("thank you, bob")


def light_background():
    with scene("light", 900, 460, arguments=("--background", "light"), look=LIGHT) as (p, ada):
        busy_talk(p, ada)
        ada.type("thank you, bob")


def picked_message():
    with scene("picked", 900, 360, others=("bob",)) as (p, ada):
        p.say("cy", "the build of last night is green")
        p.say("bob", "the cake is in the kitchen")
        p.say("dot", "is it the one with cherries?")
        ada.wait_text("cherries")
        ada.key("M-Up", "Up")
        ada.send("e1")
        ada.wait_text("👍")
        ada.key("M-Up", "Up")
        ada.wait_text("reply")


def tiny_terminal():
    with scene("tiny", 192, 102) as (p, ada):
        p.say("cy", "five rows are enough")
        p.say("dot", "for a talk")
        ada.wait_text("for a talk")
        ada.type("indeed")


def linear_mode():
    with scene("linear", 760, 330, arguments=("--linear",)) as (p, ada):
        p.say("cy", "good morning")
        ada.wait_text("good morning")
        ada.say("good morning, all")
        p.say("dot", "ada: the parcel is here")
        p.say("cy", "at the door")
        p.say("dot", "it is heavy", to="ada")
        ada.wait_text("heavy")
        ada.type("I come and fet")


SCENES = {"busy": busy_room, "light": light_background, "picked": picked_message, "tiny": tiny_terminal,
          "linear": linear_mode, "two-people": two_people_talking, "narrow": narrow_terminal, "wide-characters": wide_characters}


def main(names):
    for name in names or SCENES:
        if name not in SCENES:
            raise SystemExit(f"screenshots/take: no scene {name}; there are {', '.join(SCENES)}")
        SCENES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
