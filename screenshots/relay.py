"""Runs inside the terminal emulator: shows what comes over a socket, passes on what comes back.

usage: relay.py SOCKET
"""

import os
import select
import socket
import sys
import tty


def main(path):
    tty.setraw(0)
    link = socket.socket(socket.AF_UNIX)
    link.connect(path)
    while True:
        ready, _, _ = select.select([0, link], [], [])
        if 0 in ready:
            link.sendall(os.read(0, 4096))
        if link in ready:
            data = link.recv(65536)
            if not data:
                return
            while data:
                data = data[os.write(1, data):]


if __name__ == "__main__":
    main(sys.argv[1])
