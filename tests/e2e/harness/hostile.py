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


# What a server of the enemy's says, a row for each place in which a client might show a part of it: <> is
# the hostile text.
PLACES = """
:mallory!u@h PRIVMSG #lobby :before <> after
:mallory!u@h PRIVMSG #lobby :\x01ACTION <>\x01
:mallory!u@h PRIVMSG #lobby :\x01<> <>\x01
:mallory!u@h PRIVMSG #lobby :http://link/<>/link
:mallory!u@h PRIVMSG #lobby :\x02bold <>\x03<>,<>colour\x04<>
:mall<>ory!u@h PRIVMSG #lobby :said
:mallory!u@h NOTICE #lobby :notice <> notice
:mallory!u@h NOTICE ada :private <>
:mall<>ory!u@h NOTICE ada :private
:mallory!u@h NOTICE #<> :to nowhere
:fake NOTICE * :<>
:mallory!u@h TOPIC #lobby :topic <> topic
:mall<>ory!u@h JOIN #lobby
:mallory!u<>@h<> JOIN #lobby
:mallory!u@h JOIN #lobby <> :<>
:mallory!u@h NICK mall<>ory
:mall<>ory!u@h NICK mallory
:mallory!u@h KICK #lobby nobody :kicked <>
:mallory!u@h KICK #lobby <> :kicked
:mallory!u@h INVITE ada #<>
:mallory!u@h INVITE <> #lobby
:mallory!u@h MODE #lobby +<> <>
:mallory!u@h MODE #lobby +bo <> <>
:mallory!u@h MODE ada :+<>
:mallory!u@h AWAY :<>
:mallory!u@h SETNAME :<>
:mallory!u@h CHGHOST <> <>
:mallory!u@h ACCOUNT <>
:mallory!u@h WALLOPS :<>
:mallory!u@h RENAME #elsewhere #<> :<>
:mallory!u@h REDACT #lobby <> :<>
:mallory!u@h METADATA mallory <> * :<>
:mallory!u@h PART #lobby :parted <>
:mallory!u@h QUIT :<>
:<> <> <> :<>
@time=<>;msgid=<>;account=<> :mallory!u@h PRIVMSG #lobby :<>
@msgid=m<>;+reply=m<> :mallory!u@h PRIVMSG #lobby :an answer
@+draft/react=<>;+reply=m<> :mallory!u@h TAGMSG #lobby
@+typing=active :mall<>ory!u@h TAGMSG #lobby
@+typing=<> :mallory!u@h TAGMSG #lobby
@batch=<> :mallory!u@h PRIVMSG #lobby :of no batch
@label=<> :fake ACK
:fake BATCH +<> <> <>
:fake BATCH -<>
:fake CAP ada NEW :<> draft/<>=<>
:fake CAP ada NAK :<>
:fake CAP ada LIST :<>
:fake CAP ada DEL :<>
:fake CAP ada <> :<>
:fake AUTHENTICATE <>
:fake MARKREAD #lobby timestamp=<>
:fake MARKREAD <> <>
:fake CHATHISTORY TARGETS <> <>
:fake PONG fake :<>
:fake PING :<>
:fake FAIL <> <> <> :<>
:fake WARN <> <> <> :<>
:fake NOTE <> <> <> :<>
:fake FAIL DEVICE <> :<>
:fake NOTE DEVICE CODE <> <> :<>
:fake NOTE DEVICE ENTRY <> <> <> <> <> :<>
:fake 005 ada NETWORK=<> <>=<> ICON=<> :<>
:fake 324 ada #lobby +<> <>
:fake 332 ada #lobby :<>
:fake 333 ada #lobby <> <>
:fake 352 ada #lobby <> <> <> <> H :0 <>
:fake 353 ada = #lobby :ada <>
:fake 367 ada #lobby <> <> <>
:ada!u@h JOIN #a<>b
:fake 332 ada #a<>b :<>
:fake 353 ada = #a<>b :@<> +x<>
:fake 403 ada #a<>b :<>
:mallory!u@h PRIVMSG #a<>b :<>
:ada!u@h PART #a<>b :<>
:ada!u@h NICK a<>da
:a<>da!u@h NICK ada
""".split("\n")[1:-1]

# Those of which each may come with whatever it is about.
NUMERICS = """002 003 004 042 221 251 252 263 265 276 301 302 303 305 306 307 311 312 313 314 317 318 319 320 321 322 323
325 328 329 330 331 335 338 340 341 346 347 348 349 351 364 366 368 369 371 372 374 375 376 378 379 381 382 391 396 400
401 402 404 405 406 407 408 409 410 411 412 413 414 415 417 421 422 431 432 433 436 437 441 442 443 447 451 461 462 464
467 470 471 472 473 474 475 476 477 478 479 480 481 482 489 491 501 502 524 525 531 658 659 670 671 691 696 704 705 706
710 711 712 713 714 716 717 718 723 730 731 732 733 734 742 743 760 761 762 766 770 771 772 774 900 901 902 903 904 905
906 907 908 999""".split()


def hostile_lines():
    """All of them, with each of the texts."""
    for text in HOSTILE:
        yield from (place.replace("<>", text) for place in PLACES)
        yield from (f":fake {numeric} ada {text} {text} :{text}" for numeric in NUMERICS)
        yield from (f":fake {numeric} ada #lobby {text} {text} {text} {text} :{text}" for numeric in NUMERICS)
    yield ":mallory!u@h PRIVMSG #lobby :the end"


def forbidden_in(raw):
    return [text for text in FORBIDDEN if text.encode() in raw]


def controls_in(text):
    """All that could act on a terminal, or on the order of what it shows, in text that is to be lines."""
    return [c for c in text if c not in "\n\r" and unicodedata.category(c) == "Cc"
            or c in "\u200e\u200f\u061c\u2028\u2029" or re.match("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", c)]
