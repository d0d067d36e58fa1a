"""The manual pages name what there is: every option of --help, every key, every command and what it takes,
and no others.

usage: manuals.py DIRECTORY-OF-THE-PROGRAMS
"""

import os
import re
import subprocess
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))

# program: its manual, the table of its commands, and the section that lists them
PROGRAMS = {
    "snug": ("client/snug.1", "client/model/command.c", "COMMANDS"),
    "snugd": ("server/snugd.1", "server/door/plain/commands.c", "THE PLAIN DOOR"),
}

ROW = re.compile(r'^    \{"(\w+)", ', re.M)


# A key with a help, of the whole program; a letter of what is done with a picked line, or behind C-x.
KEY = re.compile(r'^    \{"([\w-]+)", \w+, *"', re.M)
# Those of the editor that are told of, spelled as there.
EDIT = re.compile(r'^    \{"([\w-]+(?:, [\w-]+)*)", "', re.M)
LETTER = re.compile(r"\{'(\w)', ")


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def section(page, name):
    return re.search(rf"^\.Sh {name}\n(.*?)(?=^\.Sh |\Z)", page, re.S | re.M).group(1)


def without_no(names):
    """A flag may be named by its opposite, too."""
    return {name.removeprefix("no-") for name in names}


def faults(program, directory):
    manual, table, commands_section = PROGRAMS[program]
    page = read(manual)
    said = subprocess.run([os.path.join(directory, program), "--help"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    options = without_no(re.findall(r"^  --([\w-]+)", said, re.M))
    told = without_no(re.findall(r"\bFl -([\w-]+)", section(page, "OPTIONS")))
    commands = set(ROW.findall(read(table)))
    listed = set(re.findall(r"^\.It .*?\B/(\w+)", section(page, commands_section), re.M))
    if not options or not commands:
        yield f"{program}: no options or no commands were found to compare"
    for what, there_are, named in (("--", options, told), ("/", commands, listed)):
        yield from (f"{manual}: does not name {what}{name}" for name in sorted(there_are - named))
        yield from (f"{manual}: there is no {what}{name}" for name in sorted(named - there_are))


def spelled(key):
    """As the manual spells the keys of the table: M-Up is Alt-Up."""
    return re.sub(r"\bS-", "Shift-", re.sub(r"\bM-", "Alt-", key))


def faults_of_keys():
    keys = section(read("client/snug.1"), "KEYS")
    listed = " ".join(re.findall(r"^\.It (.*)", keys, re.M))
    keymap = read("client/model/keymap.c")
    wanted = [spelled(key) for key in KEY.findall(keymap)]
    wanted += [key for names in EDIT.findall(keymap) for key in names.split(", ")]
    chords = LETTER.findall(read("client/model/chord.c"))
    picks = LETTER.findall(read("client/model/pick.c"))
    if not wanted or not chords or not picks:
        yield "client/model: no keys were found to compare"
    yield from (f"client/snug.1: does not name {key}" for key in wanted
                if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", listed))
    yield from (f"client/snug.1: does not name C-x {letter}" for letter in chords
                if not re.search(rf"^\.It C-x .*\b{letter}\b", keys, re.M))
    yield from (f"client/snug.1: does not say what {letter} does with a picked line" for letter in picks
                if not re.search(rf"^\.It Ic {letter}$", keys, re.M))


def faults_of_other_names():
    """What other programs call a command stands above the list of the commands."""
    source = read("client/model/command_other.c").partition("names[] = {")[2].partition("};")[0]
    names = dict(re.findall(r'\{"(\w+)", "(\w+)"\}', source))
    above = section(read("client/snug.1"), "COMMANDS").partition("\n.Bl")[0].partition("\nNames of other")[2]
    listed = {}
    for others, name in re.findall(r"((?:^\.Ic /.*\n|^and\n)+)for\n\.Ic /(\w+)", above, re.M):
        listed |= dict.fromkeys(re.findall(r"/(\w+)", others), name)
    if not names:
        yield "client/model: no names of other programs were found to compare"
    if names != listed:
        yield f"client/snug.1: other names are {sorted(listed.items())}, not {sorted(names.items())}"


def rendered(words):
    """The arguments of a line of mdoc, as the help writes them: Op is good to the end of the line."""
    open_ended = words.count("Op")
    signs = {"Op": "[", "Oo": "[", "Oc": "]", "Ar": "", "Cm": ""}
    return " ".join(signs.get(word, word) for word in words) + "]" * open_ended


def faults_of_arguments():
    """The help and the manual say the same of what a command takes."""
    helped = dict(re.findall(r'^    \{"(\w+)", "(.*?)",', read("client/model/command.c"), re.M))
    lines = re.findall(r"^\.It Ic /(\w+) ?(.*)", section(read("client/snug.1"), "COMMANDS"), re.M)
    told = {name: rendered(words.split()) for name, words in lines}
    if not helped:
        yield "client/model: no arguments were found to compare"
    for name, arguments in helped.items():
        blanks = r"(?<=[\[|])\s+|\s+(?=[\]|])"
        wanted, found = (re.sub(blanks, "", re.sub(r"\s+", " ", text)).lower().strip()
                         for text in (arguments, told.get(name, "")))
        if wanted != found:
            yield f"client/snug.1: /{name} takes {wanted!r}, not {found!r}"


def main():
    found = [fault for program in PROGRAMS for fault in faults(program, sys.argv[1])]
    found += faults_of_keys()
    found += faults_of_other_names()
    found += faults_of_arguments()
    for fault in found:
        print(fault)
    print(f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
