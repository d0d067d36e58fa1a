"""An IRC client of a few rules, against which snug and snugd are measured: what it said is pending
until it comes back, is said again with the same id, and what it missed it asks for by msgid."""

import asyncio

from .irc import parse

CAPS = "batch draft/chathistory echo-message message-tags server-time"
PAGE = 100
RETRY_S = 0.05


def tags_of(message):
    return dict(tag.partition("=")[::2] for tag in message.tags.split(";") if tag)


class Talker:
    """In one room for ever, whatever happens to its connections."""

    def __init__(self, port, nick, room):
        self.port = port
        self.nick = nick
        self.room = room
        self.pending = {}     # id -> text, in the order they were said
        self.view = []        # (msgid, text) as it stands on its screen
        self._known = set()   # msgids in view
        self._said = 0
        self._writer = None   # while it may speak
        self._changed = asyncio.Condition()
        self._task = None

    def start(self):
        self._task = asyncio.ensure_future(self._live())

    async def stop(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def say(self, text):
        self._said += 1
        name = f"{self.nick}-{self._said}"
        self.pending[name] = text
        if self._writer is not None:
            self._send(self._writer, self._speech(name))

    async def wait_for(self, predicate, what, timeout_s):
        async def wait():
            async with self._changed:
                await self._changed.wait_for(lambda: predicate(self))
        try:
            await asyncio.wait_for(wait(), timeout_s)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.nick} waited {timeout_s} s for {what}; pending: "
                                 f"{self.pending}; the last it saw: {self.view[-5:]}") from None

    def _speech(self, name):
        return f"@+snug.chat/id={name} PRIVMSG {self.room} :{self.pending[name]}"

    @staticmethod
    def _send(writer, *lines):
        writer.write("".join(line + "\r\n" for line in lines).encode())

    async def _live(self):
        while True:
            try:
                await self._connection()
            except (OSError, EOFError, ValueError):
                pass
            self._writer = None
            await asyncio.sleep(RETRY_S)

    async def _connection(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        try:
            await self._enter(reader, writer)
            await self._catch_up(reader, writer)
            for name in self.pending:
                self._send(writer, self._speech(name))
            self._writer = writer
            while True:
                await self._hear(self._answer(await self._read(reader), writer))
        finally:
            writer.close()

    @staticmethod
    async def _read(reader):
        line = await reader.readuntil(b"\n")
        return parse(line.decode("utf-8").rstrip("\r\n"))

    def _answer(self, message, writer):
        if message.command == "PING":
            self._send(writer, f"PONG :{message.params[-1]}")
        if message.command in ("FAIL", "404", "ERROR"):
            raise EOFError(message.raw)  # said again on the next connection
        return message

    async def _enter(self, reader, writer):
        """Nobody else may have its name: the server has not noticed the end of the last connection."""
        self._send(writer, "CAP LS 302", f"CAP REQ :{CAPS}", f"NICK {self.nick}",
                   f"USER {self.nick} 0 * :{self.nick}", "CAP END", f"JOIN {self.room}")
        while True:
            message = self._answer(await self._read(reader), writer)
            if message.command == "433":
                raise EOFError("name in use")
            if message.command == "366" and message.params[1] == self.room:
                return

    async def _catch_up(self, reader, writer):
        """All behind the last message known, page by page; what is heard meanwhile comes after."""
        heard = []
        while True:
            since = f"AFTER {self.room} msgid={self.view[-1][0]}" if self.view else f"LATEST {self.room} *"
            self._send(writer, f"CHATHISTORY {since} {PAGE}")
            page = await self._page(reader, writer, heard)
            for message in page:
                await self._hear(message)
            if len(page) < PAGE:
                break
        for message in heard:
            await self._hear(message)

    async def _page(self, reader, writer, heard):
        page, batch = [], None
        while True:
            message = self._answer(await self._read(reader), writer)
            if message.command == "BATCH" and message.params[1:2] == ["chathistory"]:
                batch = message.params[0][1:]
            elif message.command == "BATCH" and batch and message.params[0] == "-" + batch:
                return page
            elif message.command == "PRIVMSG":
                (page if batch and tags_of(message).get("batch") == batch else heard).append(message)

    async def _hear(self, message):
        if message.command != "PRIVMSG" or message.params[0] != self.room:
            return
        tags = tags_of(message)
        if message.source.split("!")[0] == self.nick:
            self.pending.pop(tags.get("+snug.chat/id"), None)
        async with self._changed:
            if tags["msgid"] not in self._known:
                self._known.add(tags["msgid"])
                self.view.append((tags["msgid"], message.params[1]))
            self._changed.notify_all()
