"""A disk whose calls fail when the test says so: for bad_disk.c, which is linked into a snugd of its own."""

import mmap
import struct

from . import BUILD
from .server import Server

SNUGD = str(BUILD / "bin" / "snugd_on_bad_disk")

# As in tests/unit/faulty_vfs.h.
READ, WRITE, SYNC, TRUNCATE, OPEN, LOCK = 1, 2, 4, 8, 16, 32
ANY = 63


class BadDisk:
    """Well until fail() is called, and again from mend() on."""

    def __init__(self, path, seed=1):
        self.path = path
        path.write_bytes(struct.pack("IIII", 0, 0, seed or 1, 0))
        with path.open("r+b") as file:
            self._orders = mmap.mmap(file.fileno(), 0)

    def fail(self, kinds, one_in=1):
        """From now on such calls fail: one in so many, by the dice."""
        struct.pack_into("I", self._orders, 4, one_in)
        struct.pack_into("I", self._orders, 0, kinds)

    def mend(self):
        struct.pack_into("I", self._orders, 0, 0)

    @property
    def failed(self):
        """How many calls have failed so far."""
        return struct.unpack_from("I", self._orders, 12)[0]


class ServerOnBadDisk(Server):
    """snugd with its data on such a disk."""

    program = SNUGD

    def __init__(self, home, *arguments, seed=1):
        self.disk = BadDisk(home / "bad-disk", seed)
        super().__init__(home, *arguments)

    def environment(self):
        return {"SNUG_BAD_DISK": str(self.disk.path)}
