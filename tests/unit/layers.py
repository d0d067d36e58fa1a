"""Who may know whom, read from the #include lines; and what may lie where.

A file belongs to the room with the longest matching prefix. Its project includes are written from
the top of the tree and must begin with one of the room's prefixes; a system header in GUARDED may
be included only by the rooms named there.
"""

import os
import re
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))

COMMON = ["common/"]
IRC = ["common/irc/"]
# A session that is kept connected, as what shows it sees it.
CLIENT_LIVE = ["client/session/session.h", "client/uplink.h", "client/clock.h", "client/envvar.h", "client/net/must.h"]

# room: what it may include, besides itself. A prefix means the files of one room, not those of rooms within it.
ROOMS = {
    "common/": [],
    "common/irc/": COMMON,
    "server/core/": ["server/core/rules/"] + COMMON,
    "server/core/rules/": ["server/core/"] + COMMON,
    "server/account/": ["server/core/names.h"] + COMMON,
    "server/door/": ["server/core/"] + COMMON,
    "server/door/irc/": ["server/core/", "server/account/", "server/door/door.h", "server/door/gate.h"] + COMMON + IRC,
    "server/door/plain/": ["server/core/", "server/door/door.h", "server/door/gate.h"] + COMMON,
    "server/net/": ["server/core/types.h"] + COMMON,
    "server/store/": ["server/core/types.h"] + COMMON,
    "server/pump/": ["server/core/hub.h", "server/core/reading.h", "server/door/door.h", "server/door/gate.h",
                     "server/store/store.h", "server/store/entry.h", "server/net/outq.h"] + COMMON,
    "server/config/": ["server/core/hub.h", "server/core/names.h", "server/door/irc/irc.h", "server/door/plain/plain.h",
                       "server/net/address.h", "server/store/store.h", "common/irc/message.h"] + COMMON,
    "server/run/": ["server/config/config.h", "server/core/hub.h", "server/account/accounts.h", "server/net/",
                    "server/pump/pump.h", "server/store/store.h"] + COMMON,
    "server/admin/": ["server/run/", "server/config/config.h", "server/core/types.h", "server/account/accounts.h",
                      "server/door/plain/form.h", "server/pump/pump.h", "server/store/store.h",
                      "server/store/offline.h"] + COMMON,
    # The wiring: it sees all, and nothing's inside.
    "server/": ["server/admin/", "server/run/", "server/config/", "server/core/hub.h", "server/account/",
                "server/door/irc/irc.h", "server/door/plain/plain.h", "server/net/net.h", "server/pump/pump.h",
                "server/store/store.h"] + COMMON,
    "client/model/": COMMON,
    "client/view/": ["client/model/"] + COMMON,
    "client/term/": ["client/view/grid.h", "client/model/key.h"] + COMMON,
    "client/net/": COMMON,
    "client/session/": ["client/model/"] + COMMON + IRC,
    "client/disk/": ["client/model/", "client/view/view.h"] + COMMON,
    "client/config/": ["client/model/", "client/view/theme.h"] + COMMON + ["common/irc/names.h"],
    "client/linemode/": ["client/model/", "client/view/view.h"] + CLIENT_LIVE + COMMON,
    "client/fullscreen/": ["client/model/", "client/view/", "client/term/", "client/disk/autosave.h",
                           "client/disk/logs.h", "client/config/config.h", "client/security.h"] + CLIENT_LIVE + COMMON,
    # main, and what joins session and connection
    "client/": ["client/config/", "client/disk/", "client/fullscreen/", "client/linemode/", "client/model/",
                "client/net/", "client/session/"] + COMMON,
    "tests/": [],  # they may include all
}

# system header: the only rooms that may include it
GUARDED = {
    r"uv\.h": ["server/net/", "server/run/", "server/admin/", "server/",
               "client/net/", "client/fullscreen/", "client/linemode/", "client/"],
    r"(curses|ncurses.*|ncursesw/.*|term)\.h": ["client/term/"],
    r"utf8proc\.h": ["common/"],
    r"ini\.h": ["common/"],
    r"sqlite3\.h": ["server/store/"],
    r"openssl/.*": ["common/", "server/account/"],
    r"unicode/.*": ["server/account/"],
    r"sys/socket\.h|netinet/.*": ["server/net/", "client/net/", "client/linemode/"],
    r"arpa/.*": ["common/", "server/net/", "client/net/", "client/config/"],  # numbers as text
}

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "README.md", "client", "server", "common", "tests",
             "screenshots"}

# Paths of one machine have no place in a project. Written so that this line is none itself.
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:work|root|Users)/\w")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    fitting = [room for room in ROOMS if path.startswith(room)]
    return max(fitting, key=len) if fitting else None


def may_include(room, target):
    if room == "tests/":
        return True
    if os.path.basename(target) == "internal.h" and not room.startswith(os.path.dirname(target)):
        return False  # the inside of a folder is for its own files
    return room_of(target) == room or any(target.startswith(prefix) and room_of(target) == room_of(prefix)
                                          for prefix in ROOMS[room])


def include_faults(path, text):
    room = room_of(path)
    for bracket, target in INCLUDE.findall(text):
        if bracket == '"':
            if not may_include(room, target):
                yield f'{path}: {room} may not know "{target}"'
            continue
        for header, rooms in GUARDED.items():
            if re.fullmatch(header, target) and room not in rooms and not room.startswith("tests/"):
                yield f"{path}: {room} may not include <{target}>"


def project_files():
    for folder, subfolders, names in os.walk(TOP):
        at_top = folder == TOP
        subfolders[:] = [name for name in subfolders
                         if name != "__pycache__" and not (at_top and name.startswith((".", "build")))]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), TOP)


def top_level_faults():
    for name in sorted(os.listdir(TOP)):
        ignored = name.startswith(".") or name.startswith("build") and os.path.isdir(os.path.join(TOP, name))
        if name not in TOP_LEVEL and not ignored and name != "compile_commands.json":
            yield f"{name}: does not belong at the top level"


def text_of(path):
    try:
        with open(os.path.join(TOP, path), encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        return ""


def faults():
    yield from top_level_faults()
    yield from (f"{room}: no folder, for want of a slash" for room in ROOMS if not room.endswith("/"))
    for path in sorted(project_files()):
        text = text_of(path)
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line):
                yield f"{path}:{number}: names a path of one machine"
        if path.endswith((".c", ".h")):
            if room_of(path) is None:
                yield f"{path}: belongs to no room"
            else:
                yield from include_faults(path, text)


def main():
    found = list(faults())
    for fault in found:
        print(fault)
    print(f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
