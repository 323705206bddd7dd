"""Upload: the data of one COPY FROM STDIN on their way from the client to a worker.

At most so many chunks are under way; then nothing more is read from the client, whose socket fills up.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgiris.backend.worker import frames
from pgiris.backend.worker.link import Exchange
from pgiris.session.chunks import Chunks
from pgiris.session.peer import Peer
from pgiris.wire import messages

CHUNK_BYTES = 64 * 1024  # the client's messages, which may be single rows, go together


class _Stop:
    """Handed to the session in place of a message: the worker has failed."""


_STOP = _Stop()


class Upload:
    """room: chunks that may be sent before the worker has taken others."""

    def __init__(self, peer: Peer, exchange: Exchange, room: int) -> None:
        self._peer = peer
        self._chunks = Chunks(exchange, room, self._worker_stopped)
        self._reading = False

    async def run(self) -> None:
        """Send on what the client sends, up to its end or the worker's failure; the exchange's last reply then comes by itself.

        Raises ClientGone, and what the wire says of messages that have no place in a COPY.
        """
        wire = self._peer.wire
        while not self._chunks.stopped:
            await self._send(wire.take_copy_data())
            message: object = wire.next_message()
            if message is None:
                message = await self._next()
            match message:
                case messages.CopyData():
                    await self._send([message.data])
                case messages.CopyDone():
                    self._chunks.tell(frames.CopyEnd())
                    return
                case messages.CopyFail():
                    self._chunks.tell(frames.CopyBroken(message.reason))
                    return

    async def _next(self) -> object:
        """The client's next message, or _STOP."""
        if self._chunks.stopped:
            return _STOP
        self._reading = True
        try:
            return await self._peer.message()
        finally:
            self._reading = False

    async def _send(self, parts: Sequence[bytes]) -> None:
        data = b"".join(parts)
        for start in range(0, len(data), CHUNK_BYTES):
            await self._chunks.wait()
            self._chunks.send(data[start : start + CHUNK_BYTES])

    def _worker_stopped(self) -> None:
        if self._reading:
            self._peer.hand(_STOP)
