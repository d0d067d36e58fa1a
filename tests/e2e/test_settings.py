"""What is set while the program runs, and input in haste."""

WHEEL_UP = "\x1b[<64;5;5M"


def test_the_wheel_scrolls_where_that_is_wanted(snug):
    ada = snug("ada")
    assert not ada.modes.get("1000")
    ada.type("/set mouse yes")
    ada.key("Enter")
    ada.wait_until(lambda: ada.modes.get("1000") and ada.modes.get("1006"), "reports of the mouse")
    for number in range(40):
        ada.type("/help quit")
        ada.key("Enter")
    ada.send(WHEEL_UP * 3)
    ada.wait_text("below")
    ada.type("/set mouse no")
    ada.key("Enter")
    ada.wait_until(lambda _: not ada.modes.get("1000"), "the mouse given back")


def test_lines_in_haste_are_a_paste(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.send("".join(f"in haste {number}\r" for number in range(30)))
    ada.wait_text("30 messages")
    ada.key("C-c")
    ada.wait_edited("")
    ada.type("the only one")
    ada.key("Enter")
    bob.wait_said("the only one", by="ada")
    assert not any("in haste" in message.raw for message in bob.lines)
