"""Your line is yours: nothing but your keys changes it or moves its cursor."""

LINE = "half typed: caffè, 日本, and more"
LEFT_STEPS = 10


def test_a_half_typed_line_outlives_a_thousand_messages_and_resizes(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.type(LINE)
    end_column, row = ada.cursor()
    ada.key(*["Left"] * LEFT_STEPS)
    ada.wait_screen(lambda _: ada.cursor() == (end_column - LEFT_STEPS, row), "the cursor in the line")
    where = ada.cursor()

    sizes = [(100, 30), (60, 12), (41, 7), (80, 24), (132, 43), (50, 5)]
    for number in range(1000):
        bob.send(f"PRIVMSG #lobby :message {number}")
        if number % 50 == 25:
            ada.resize(*sizes[number // 50 % len(sizes)])
        if number % 100 == 99:
            ada.resize(80, 24)
            # In one and the same frame: what stands there before may be for the size before.
            ada.wait_screen(lambda _, number=number: f"message {number}" in ada.text()
                            and (ada.edited(), ada.cursor()) == (LINE, where), "the message beside the line")

    ada.wait_screen(lambda _: ada.edited() == LINE and ada.cursor() == where, "the line as it was left")
    ada.key("Enter")
    bob.wait_said(LINE, by="ada", to="#lobby")
    ada.wait_edited("")


def test_typing_goes_on_while_messages_arrive(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    typed = "every single key of this line counts"
    for number, letter in enumerate(typed):
        bob.send(*(f"PRIVMSG #lobby :noise {number} {i}" for i in range(20)))
        ada.send(letter)
    ada.wait_edited(typed)
    ada.key("Enter")
    bob.wait_said(typed, by="ada")


def test_undo_is_not_disturbed_by_traffic(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.type("one two")
    ada.key("C-w")
    ada.wait_edited("one")
    bob.send(*(f"PRIVMSG #lobby :noise {i}" for i in range(50)))
    ada.wait_text("noise 49")
    ada.send("\x1f")
    ada.wait_edited("one two")


def test_a_paste_of_many_lines_sends_nothing_until_enter(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    lines = [f"pasted line {i}" for i in range(5)]
    ada.paste("\n".join(lines))
    ada.wait_screen(lambda _: all(line in ada.text() for line in lines), "the pasted lines in the editor")
    bob.fence()
    assert bob.said(by="ada") == []
    ada.key("Enter")
    bob.wait_said(lines[-1], by="ada")
    assert bob.said(by="ada") == lines


def test_a_resize_to_one_cell_and_back_loses_nothing(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("PRIVMSG #lobby :before the squeeze")
    ada.wait_text("before the squeeze")
    ada.type(LINE)
    where = ada.cursor()
    for size in [(1, 1), (2, 1), (1, 2), (3, 3), (1, 24), (80, 1), (200, 60), (1, 1)]:
        ada.resize(*size)
        bob.send(f"PRIVMSG #lobby :at {size[0]}x{size[1]}")
        bob.fence()
    ada.resize(80, 24)
    ada.wait_screen(lambda _: ada.edited() == LINE and ada.cursor() == where, "the line as it was left")
    ada.wait_text("before the squeeze")
    ada.wait_text("at 200x60")
    ada.key("Enter")
    bob.wait_said(LINE, by="ada")


def test_an_unknown_command_is_refused_and_stays_in_the_editor(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    ada.type("/nosuchthing at all")
    ada.key("Enter")
    ada.wait_screen(lambda _: ada.text().count("nosuchthing") > 1, "a refusal that names the command")
    assert ada.edited() == "/nosuchthing at all"
    ada.key("C-c")
    ada.wait_edited("")
    ada.exchange(bob)
    assert bob.said(by="ada") == ["over to you"]


def test_a_room_is_renamed_under_a_half_typed_line(snug, irc):
    ada, bob = snug("ada"), irc("bob")
    bob.send("CAP REQ draft/channel-rename", "JOIN #tea")
    bob.fence()
    ada.say("/join #tea")
    ada.wait_text("#tea ")
    ada.type(LINE)
    ada.key(*["Left"] * LEFT_STEPS)
    bob.send("RENAME #tea #coffee :stronger")
    ada.wait_text("#tea is #coffee now")
    assert ada.edited() == LINE
    ada.send("!")
    ada.key("Enter")
    said = LINE[:-LEFT_STEPS] + "!" + LINE[-LEFT_STEPS:]
    bob.wait_said(said, by="ada", to="#coffee")
