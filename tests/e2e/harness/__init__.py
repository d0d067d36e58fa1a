"""What the end-to-end tests stand on: a server, IRC clients, and programs in real terminals.

Nothing here sleeps: every wait is for a condition, has a deadline, and on reaching it fails with
what was seen instead. Every process is ended by its own id.
"""

import os
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("SNUG_BUILD", TOP / "build")).resolve()
SNUG = str(BUILD / "bin" / "snug")
SNUGD = str(BUILD / "bin" / "snugd")

# Generous, for a busy machine and sanitizers: only a failing test waits that long.
DEADLINE_S = 90.0
