"""One client: bytes in, messages to its session, output buffer out, with backpressure both ways.

In: an accepted socket. Out: a session's life from SSLRequest to Terminate.
PostgreSQL: protocol-flow#PROTOCOL-FLOW-START-UP
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from pgiris.auth.rules import Request, Tls, plain_address
from pgiris.errors import FatalError, PgError, ProtocolError, UnansweredError, as_pg_error, error_fields
from pgiris.observe.log import get_logger
from pgiris.server.tls import TlsContext, direct_tls_refusal, tls_of
from pgiris.session.lease import ClientGone
from pgiris.wire import messages
from pgiris.wire.connection import Connection
from pgiris.wire.messages import (
    AuthenticationCleartextPassword,
    AuthenticationSASL,
    AuthenticationSASLContinue,
    CancelRequest,
    GSSENCRequest,
    PasswordMessage,
    SASLInitialResponse,
    SASLResponse,
    SSLRequest,
    StartupMessage,
)

if TYPE_CHECKING:
    from pgiris.server.listener import Front
    from pgiris.session.session import Session

log = get_logger("client")

OUTPUT_HIGH_BYTES = 256 * 1024  # the transport holds so much for a client that does not read, then the session waits
INPUT_HIGH_BYTES = 256 * 1024  # of messages that a busy session has not taken yet; more stays in the kernel
SMALL_BYTES = 16 * 1024  # rows that are cheaper to copy than to write on their own
_RESPONSES = {
    AuthenticationSASL: SASLInitialResponse,
    AuthenticationSASLContinue: SASLResponse,
    AuthenticationCleartextPassword: PasswordMessage,
}
TLS_FIRST_BYTE = 0x16  # RFC 8446 s. 5.1: a handshake record
HALF_CLOSED_S = 2.0  # a client that has closed its side is answered for so long; most of them are gone
LAST_WORDS_S = 0.5  # for a client to close, after an error that ends the connection
LINGER_S = 5.0  # for the last bytes to reach a client, and for TLS to be closed in good order


class Client(asyncio.Protocol):
    def __init__(self, front: Front) -> None:
        self._front = front
        self._loop = asyncio.get_running_loop()  # which asks for the process ID each time
        self._transport: asyncio.Transport
        self.wire = Connection(max_message_bytes=front.config.max_message_bytes)
        self._input: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._reading_paused = False
        self._writing_paused = False
        self._eof = False
        self._lost = False
        self._last_words = False  # the connection ends with an error: what the client sends is dropped
        self._session: Session | None = None
        self._handed: object = None
        self.take: Callable[[], bool] | None = None
        self.occupied = False  # with what take() has taken

    # What a session uses

    async def message(self) -> Any:
        """The next message, or what was handed in. Raises ClientGone at the end, ProtocolError for what is no message."""
        while (message := self._next()) is None:
            if self._lost or (self._eof and not self.occupied):
                raise ClientGone
            if self._reading_paused:
                self._reading_paused = False
                self._transport.resume_reading()
            self._input = self._loop.create_future()
            try:
                await self._input
            finally:
                self._input = None
        return message

    def _next(self) -> object:
        if self._handed is not None:
            handed, self._handed = self._handed, None
            return handed
        return None if self.occupied else self.wire.next_message()

    def hand(self, item: object) -> None:
        self._handed = item
        self.occupied = False
        _wake(self._input)

    def release(self) -> None:
        self.occupied = False
        if self.wire.has_buffered_bytes:
            self._arrived()
        elif self._eof or self._reading_paused:
            _wake(self._input)

    @property
    def is_clear(self) -> bool:
        return self._ssl_object is None

    def lend(self) -> int | None:
        if self._eof or self._lost or self._transport.is_closing() or self._transport.get_write_buffer_size():
            return None
        self._transport.pause_reading()
        self.occupied = True
        descriptor: int = self._transport.get_extra_info("socket").fileno()
        return descriptor

    def take_back(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _arrived(self) -> None:
        """Something is there that nobody is busy with."""
        self.occupied = self.take is not None and self.take()
        if not self.occupied:
            _wake(self._input)

    def write_rows(self, data: bytes) -> None:
        """Rows from a worker, behind what was appended before; few of them wait for what follows."""
        if len(data) < SMALL_BYTES:
            self.wire.append_bytes(data)
            return
        self.flush()
        self._front.metrics.bytes_sent.value += len(data)
        if not self._lost:
            self._transport.write(data)

    def flush(self) -> None:
        """Hand what was appended to the wire's output to the socket."""
        data = self.wire.take()
        if data and not self._lost:
            self._front.metrics.bytes_sent.value += len(data)
            self._transport.write(data)

    @property
    def writable(self) -> bool:
        """Whether the client reads fast enough; when not, drain() before sending more rows."""
        return not self._writing_paused

    async def drain(self) -> None:
        """Wait until the client has read. Raises ClientGone."""
        while self._writing_paused and not self._lost:
            self._room = asyncio.get_running_loop().create_future()
            try:
                await self._room
            finally:
                self._room = None
        if self._lost:
            raise ClientGone

    def abort(self) -> None:
        if not self._lost:
            self._transport.abort()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's transports are no subclasses of it
        self._transport.set_write_buffer_limits(high=OUTPUT_HIGH_BYTES)

    def data_received(self, data: bytes) -> None:
        self._front.metrics.bytes_received.value += len(data)
        if self._last_words:
            return
        self.wire.feed(data)
        if self._input is not None and not self.occupied:
            self._arrived()
        elif not self._reading_paused and self.wire.buffered_bytes > INPUT_HIGH_BYTES:
            self._reading_paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        self._eof = True
        _wake(self._input)
        asyncio.get_running_loop().call_later(HALF_CLOSED_S, self._vanished)
        return self._ssl_object is None  # without TLS, which has no half-closed state, what was sent is still answered

    def connection_lost(self, _: Exception | None) -> None:
        self._lost = True
        _wake(self._input)
        _wake(self._room)
        self._vanished()

    def _vanished(self) -> None:
        if self._session is not None:
            self._session.client_vanished()

    @property
    def in_session(self) -> bool:
        return self._session is not None

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        if not self._transport.is_closing():
            _wake(self._room)

    # Life

    async def serve(self, accepted: socket.socket) -> None:
        """Everything from the first byte to the last. Returns when the connection is closed; raises nothing."""
        try:
            await self._serve(accepted)
        except (ClientGone, ConnectionError, ssl.SSLError, TimeoutError, UnansweredError) as error:
            if isinstance(error, ssl.SSLError):
                self._front.metrics.tls_handshakes["failed"] += 1
            log.debug("connection ended early", reason=str(error) or type(error).__name__)
        except PgError as error:
            self._say(error)
        except Exception as error:
            log.exception("unexpected error in a connection")
            self._say(FatalError(as_pg_error(error).code, as_pg_error(error).message))
        finally:
            await self._close(accepted)

    async def _serve(self, accepted: socket.socket) -> None:
        front = self._front
        async with asyncio.timeout(front.config.startup_deadline_s):
            tls = await self._connect(accepted)
            startup, tls = await self._startup(tls)
            if isinstance(startup, CancelRequest):
                front.metrics.cancels[front.cancel_keys.present(startup.pid, startup.secret)] += 1
                return
            session = await front.open_session(self, startup, self._request(accepted, startup, tls))
        self._session = session
        try:
            await session.run()
        finally:
            self._session = None
            await front.close_session(session)

    async def _connect(self, accepted: socket.socket) -> Tls | None:
        """Make the socket a transport, at once under TLS when the client begins with it."""
        loop = asyncio.get_running_loop()
        context = self._front.tls_context
        direct = context is not None and await _first_byte(accepted) == TLS_FIRST_BYTE
        if not direct or context is None:
            await loop.connect_accepted_socket(lambda: self, accepted)
            return None
        await loop.connect_accepted_socket(lambda: self, accepted, ssl=context.context)
        handshaken = self._handshaken()
        refusal = direct_tls_refusal(handshaken)
        if refusal is not None:
            raise ProtocolError(refusal)
        return tls_of(handshaken, context)

    async def _startup(self, tls: Tls | None) -> tuple[StartupMessage | CancelRequest, Tls | None]:
        """The packet that begins a session, after what the client asks before it."""
        while True:
            packet = await self.message()
            match packet:
                case SSLRequest():
                    context = self._front.tls_context
                    if tls is not None or context is None or not self._is_tcp:
                        self._transport.write(b"N")
                    else:
                        tls = await self._start_tls(context)
                case GSSENCRequest():
                    self._transport.write(b"N")
                case StartupMessage() | CancelRequest():
                    return packet, tls
                case _:
                    raise ProtocolError(f"unexpected message {type(packet).__name__} before the startup packet")

    async def _start_tls(self, context: TlsContext) -> Tls:
        if self.wire.has_buffered_bytes:  # sent in clear before the handshake: somebody in the middle may have put it there
            raise ProtocolError("received unencrypted data after SSL request")
        self._transport.write(b"S")
        transport = await asyncio.get_running_loop().start_tls(self._transport, self, context.context, server_side=True)
        assert transport is not None
        self._transport = transport
        transport.set_write_buffer_limits(high=OUTPUT_HIGH_BYTES)
        return tls_of(self._handshaken(), context)

    def _handshaken(self) -> ssl.SSLObject:
        found = self._ssl_object
        assert found is not None
        self._front.metrics.tls_handshakes["ok"] += 1
        return found

    @property
    def _ssl_object(self) -> ssl.SSLObject | None:
        found: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return found

    @property
    def _is_tcp(self) -> bool:
        return bool(self._transport.get_extra_info("socket").family != socket.AF_UNIX)

    @staticmethod
    def _request(accepted: socket.socket, startup: StartupMessage, tls: Tls | None) -> Request:
        user = startup.parameters.get("user", "")
        database = startup.parameters.get("database") or user
        if accepted.family == socket.AF_UNIX:
            return Request(user, database, None, None, tls)
        here, there = accepted.getsockname()[0], accepted.getpeername()[0]
        return Request(user, database, plain_address(there), plain_address(here), tls)

    def addresses(self) -> tuple[str | None, int | None, str | None, int | None]:
        """The client's address and port, and ours; None for a Unix socket."""
        if not self._is_tcp:
            return None, None, None, None
        (there, there_port, *_), (here, here_port, *_) = map(self._transport.get_extra_info, ("peername", "sockname"))
        return str(plain_address(there)), there_port, str(plain_address(here)), here_port

    async def ask(self, message: object) -> object:
        """auth's Exchange."""
        self.wire.ask(_RESPONSES[type(message)])
        self.tell(message)
        self.flush()
        reply = await self.message()
        return reply

    def tell(self, message: object) -> None:
        """auth's Exchange."""
        assert isinstance(message, messages.Message)
        self.wire.append(message)

    def _say(self, error: PgError) -> None:
        """The last word to the client."""
        if hasattr(self, "_transport"):
            self.wire.append_bytes(messages.error_response(error_fields(error)))
            self.flush()
            self._last_words = True

    async def _close(self, accepted: socket.socket) -> None:
        if not hasattr(self, "_transport"):
            accepted.close()
            return
        if self._last_words:
            await self._read_to_the_end()
        self._transport.close()
        if not self._lost:
            self._room = asyncio.get_running_loop().create_future()  # connection_lost() wakes it
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_S):
                    await self._room
        if not self._lost:
            self._transport.abort()

    async def _read_to_the_end(self) -> None:
        """Drop what the client still sends: to close with unread input would reset the connection, and lose our last words."""
        if self._eof or self._lost or not self._transport.can_write_eof():
            return
        self._transport.write_eof()
        self._transport.resume_reading()
        self._input = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self._input


async def _first_byte(sock: socket.socket) -> int | None:
    """Look at the first byte without taking it; None at the end of the stream."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            data = sock.recv(1, socket.MSG_PEEK)
            return data[0] if data else None
        except BlockingIOError:
            readable: asyncio.Future[None] = loop.create_future()
            loop.add_reader(sock.fileno(), _wake, readable)
            try:
                await readable
            finally:
                loop.remove_reader(sock.fileno())


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
