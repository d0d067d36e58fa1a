"""Adds up one JUnit file, as ctest and pytest write it.

Prints "PASSED FAILED SKIPPED" and then the name of each failed test on a line of its own.
"""

import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    # ctest says in an attribute what pytest says in an element.
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def main(path):
    results = [(case.get("name"), outcome(case)) for case in ElementTree.parse(path).iter("testcase")]
    outcomes = [result for _, result in results]
    print(*(outcomes.count(kind) for kind in ("passed", "failed", "skipped")))
    for name, result in results:
        if result == "failed":
            print(name)


if __name__ == "__main__":
    main(sys.argv[1])
