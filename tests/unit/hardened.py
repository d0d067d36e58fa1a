"""What the linker says of the two programs: at an address of chance, nothing of their tables can be written once
they run, no stack is code, and the C library checks the lengths that the compiler knows.

usage: hardened.py DIRECTORY
"""

import os
import re
import subprocess
import sys

WANTED = {
    "position independent": r"^\s*Type:\s+DYN \(Position-Independent Executable",
    "relocations are read-only": r"^\s*GNU_RELRO\s",
    "all of them, from the start": r"\(FLAGS\).*\bBIND_NOW\b|\(FLAGS_1\).*\bNOW\b",
    "no stack is code": r"^\s*GNU_STACK\s.*\sRW\s",
    "fortified": r"\bUND\s+__\w+_chk@",
    "stacks are guarded": r"\bUND\s+__stack_chk_fail@",
}


def faults(path):
    said = subprocess.run(["readelf", "--wide", "--file-header", "--program-headers", "--dynamic", "--dyn-syms", path],
                          env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=True).stdout
    return [f"{path}: not so: {what}" for what, pattern in WANTED.items() if not re.search(pattern, said, re.M)]


def main():
    found = [fault for name in ("snug", "snugd") for fault in faults(os.path.join(sys.argv[1], name))]
    print("\n".join(found) or "hardened")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
