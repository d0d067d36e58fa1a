"""What a peer may send in the hope that it reaches somebody's terminal as a control sequence."""

import re
import unicodedata

HOSTILE = ["\x1b]0;owned\x07", "\x1b[2J", "\x1b[31337m", "\x9b31337m", "\x07", "\x08" * 9, "\x7f",
           "\u202e", "\u2066", "\x0e", "\x1bPowned\x1b\\", "\x85", "\x9d0;owned\x9c", "\x90owned\x9c",
           "\x1b]52;c;b3duZWQ=\x07", "\x1b]8;;http://owned/\x07", "\x1bc", "\x1b#8", "\x1b(0", "\u200f",
           "\u2028", "\U000e0041", "\x1b_owned\x1b\\", "\x1b[6n", "\x1b[?1049l"]

# In what a full-screen program writes itself, these have no place.
FORBIDDEN = ["]0;owned\x07", "\x1b[31337m", "\x9b", "\x9d", "\x90", "\u202e", "\u2066", "\x0e",
             "\x1bPowned", "\x1b_", "\x85", "\x7f", "\x1bc", "\x1b#", "\x1b(0", "b3duZWQ=\x07", "\u2028", "\u200f",
             "\U000e0041", "\x1b[6n\x1b[6n"]


def hostile_lines():
    """From a server of the enemy's, in every place that a client might show."""
    for text in HOSTILE:
        yield f":mallory!u@h PRIVMSG #lobby :before {text} after"
        yield f":mallory!u@h PRIVMSG #lobby :\x01ACTION {text}\x01"
        yield f":mallory!u@h PRIVMSG #lobby :http://link/{text}/link"
        yield f":mallory!u@h TOPIC #lobby :topic {text} topic"
        yield f":mallory!u@h NOTICE #lobby :notice {text} notice"
        yield f":mall{text}ory!u@h JOIN #lobby"
        yield f":mallory!u{text}@h{text} JOIN #lobby"
        yield f":mallory!u@h NICK mall{text}ory"
        yield f":mallory!u@h KICK #lobby nobody :kicked {text}"
        yield f":mallory!u@h INVITE ada #{text}"
        yield f":fake 999 ada :numeric {text}"
        yield f":fake 372 ada :{text}"
        yield f":fake 433 ada {text} :{text}"
        yield f":fake 332 ada #lobby :{text}"
        yield f":fake 353 ada = #lobby :ada {text}"
        yield f":fake FAIL {text} {text} {text} :{text}"
        yield f"@time={text};msgid={text};account={text} :mallory!u@h PRIVMSG #lobby :{text}"
        yield f":{text} {text} {text} :{text}"
        yield f":mallory!u@h NOTICE ada :private {text}"  # rings no bell, as a message would
        yield f":mallory!u@h PART #lobby :parted {text}"
        yield f":mallory!u@h QUIT :{text}"
    yield ":mallory!u@h PRIVMSG #lobby :the end"


def forbidden_in(raw):
    return [text for text in FORBIDDEN if text.encode() in raw]


def controls_in(text):
    """All that could act on a terminal, or on the order of what it shows, in text that is to be lines."""
    return [c for c in text if c not in "\n\r" and unicodedata.category(c) == "Cc"
            or c in "\u200e\u200f\u061c\u2028\u2029" or re.match("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", c)]
