"""A server that does nothing but log clients in, for real drivers to be tried on: TLS, start-up packet, authentication.

It writes its messages by hand from PostgreSQL's page, so that authentication is tested without the rest of pgiris.
PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pgiris.auth.methods import Authenticator, Identity
from pgiris.auth.rules import Request, Rule, Tls, plain_address
from pgiris.auth.verifiers import Verifiers
from pgiris.errors import FatalError, error_fields
from pgiris.server.tls import TlsContext, tls_of
from pgiris.wire.messages import (
    AuthenticationSASL,
    AuthenticationSASLContinue,
    AuthenticationSASLFinal,
    SASLInitialResponse,
    SASLResponse,
)

_SSL_REQUEST, _GSSENC_REQUEST = 80877103, 80877104
_SETTINGS = {"server_version": "15.0", "client_encoding": "UTF8", "integer_datetimes": "on", "TimeZone": "UTC"}


@dataclass
class LoginServer:
    """users: the file of verifiers. logins: who got in; errors: who did not, and why."""

    rules: Sequence[Rule]
    users: Path
    tls: TlsContext | None = None
    end_point: bytes | None = field(default=None)  # instead of the certificate's
    logins: list[Identity] = field(default_factory=list)
    errors: list[FatalError] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[LoginServer]:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._login(reader, writer)
        except FatalError as error:
            self.errors.append(error)
            body = b"".join(code + text.encode() + b"\0" for code, text in error_fields(error)) + b"\0"
            writer.write(_message(b"E", body))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a client that has what it wanted to know goes away
        finally:
            writer.close()

    async def _login(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        packet, encrypted = await self._startup(reader, writer)
        words = packet[4:].split(b"\0")
        parameters = dict(zip(words[::2], words[1::2], strict=False))
        user = parameters[b"user"].decode()
        tls = self._tls_of(writer) if encrypted else None
        peer, here = (plain_address(writer.get_extra_info(name)[0]) for name in ("peername", "sockname"))
        request = Request(user, parameters.get(b"database", b"").decode() or user, peer, here, tls)
        identity = await Authenticator(self.rules, Verifiers(self.users)).authenticate(_Exchange(reader, writer), request)
        self.logins.append(identity)
        settings = (_message(b"S", f"{name}\0{value}\0".encode()) for name, value in _SETTINGS.items())
        writer.write(_message(b"R", struct.pack("!i", 0)) + b"".join(settings) + _message(b"Z", b"I"))
        await reader.read(1)  # Terminate

    async def _startup(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[bytes, bool]:
        encrypted = False
        while True:
            (length,) = struct.unpack("!i", await reader.readexactly(4))
            packet = await reader.readexactly(length - 4)
            (code,) = struct.unpack_from("!i", packet)
            if code == _SSL_REQUEST and self.tls:
                writer.write(b"S")
                await writer.start_tls(self.tls.context)
                encrypted = True
            elif code in (_SSL_REQUEST, _GSSENC_REQUEST):
                writer.write(b"N")
            else:
                return packet, encrypted

    def _tls_of(self, writer: asyncio.StreamWriter) -> Tls:
        assert self.tls is not None
        tls = tls_of(writer.get_extra_info("ssl_object"), self.tls)
        return Tls(self.end_point, tls.certificate) if self.end_point else tls


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


@dataclass
class _Exchange:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, message: object) -> object:
        self.tell(message)
        kind, length = struct.unpack("!ci", await self.reader.readexactly(5))
        body = await self.reader.readexactly(length - 4)
        assert kind == b"p"
        if not isinstance(message, AuthenticationSASL):
            return SASLResponse(body)
        mechanism, rest = body.split(b"\0", 1)
        (size,) = struct.unpack_from("!i", rest)
        return SASLInitialResponse(mechanism.decode(), None if size == -1 else rest[4:])

    def tell(self, message: object) -> None:
        match message:
            case AuthenticationSASL():
                body = struct.pack("!i", 10) + b"".join(name.encode() + b"\0" for name in message.mechanisms) + b"\0"
            case AuthenticationSASLContinue():
                body = struct.pack("!i", 11) + message.data
            case AuthenticationSASLFinal():
                body = struct.pack("!i", 12) + message.data
            case _:
                raise AssertionError(message)
        self.writer.write(_message(b"R", body))
