"""A proxy that cuts connections: after a number of bytes that the dice say, in the middle of a line
or not, and without a good-bye."""

import asyncio
import socket
import struct

READ_BYTES = 4096


class Cutter:
    """Forwards to port. Each connection lives for a random number of bytes, both ways together."""

    def __init__(self, port, dice, least_bytes, most_bytes):
        self._server_port = port
        self._dice = dice
        self._range = least_bytes, most_bytes
        self._server = None
        self.cuts = 0
        self.cutting = True

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        try:
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            self._reset(writer)
            return
        budget = [self._dice.randint(*self._range)]
        ways = [asyncio.ensure_future(self._pump(reader, to_writer, budget)),
                asyncio.ensure_future(self._pump(to_reader, writer, budget))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        self._reset(writer)
        self._reset(to_writer)

    async def _pump(self, reader, writer, budget):
        """Passes bytes on until one side ends or the budget is used up; its last bytes still arrive."""
        while data := await reader.read(READ_BYTES):
            if self.cutting and len(data) >= budget[0]:
                writer.write(data[:budget[0]])
                await writer.drain()
                self.cuts += 1
                return
            budget[0] -= len(data)
            writer.write(data)
            await writer.drain()

    @staticmethod
    def _reset(writer):
        try:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                                       struct.pack("ii", 1, 0))
        except OSError:
            pass  # the other side was faster
        writer.close()
