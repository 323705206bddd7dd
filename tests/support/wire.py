"""A client that sends exactly the bytes it is told to and shows what comes back.

It is written from PostgreSQL's page alone and shares no code with pgiris, so that the two cannot be wrong together.
PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.servers import DATABASE, USER, Server

PROTOCOL_3_0 = 3 << 16
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
GSSENC_REQUEST = struct.pack("!ii", 8, 80877104)
TEXT, BINARY = 0, 1


# Messages that a client sends


def message(kind: str, body: bytes = b"") -> bytes:
    return kind.encode() + struct.pack("!i", len(body) + 4) + body


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def startup(version: int = PROTOCOL_3_0, **parameters: str) -> bytes:
    body = struct.pack("!i", version) + b"".join(text(k) + text(v) for k, v in parameters.items()) + b"\0"
    return struct.pack("!i", len(body) + 4) + body


def cancel_request(pid: int, key: bytes) -> bytes:
    return struct.pack("!iii", 12 + len(key), 80877102, pid) + key


def query(sql: str) -> bytes:
    return message("Q", text(sql))


def parse(sql: str, name: str = "", oids: Sequence[int] = ()) -> bytes:
    return message("P", text(name) + text(sql) + _counted("I", oids))


def bind(
    values: Sequence[bytes | None] = (),
    *,
    portal: str = "",
    statement: str = "",
    formats: Sequence[int] = (),
    results: Sequence[int] = (),
) -> bytes:
    sent = b"".join(struct.pack("!i", -1) if v is None else struct.pack("!i", len(v)) + v for v in values)
    return message(
        "B",
        text(portal) + text(statement) + _counted("h", formats) + struct.pack("!h", len(values)) + sent + _counted("h", results),
    )


def describe(kind: str, name: str = "") -> bytes:
    """kind: ``S`` for a statement, ``P`` for a portal."""
    return message("D", kind.encode() + text(name))


def execute(portal: str = "", limit: int = 0) -> bytes:
    return message("E", text(portal) + struct.pack("!i", limit))


def close(kind: str, name: str = "") -> bytes:
    return message("C", kind.encode() + text(name))


SYNC, FLUSH, TERMINATE = message("S"), message("H"), message("X")


def _counted(code: str, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"!h{len(numbers)}{code}", len(numbers), *numbers)


# Messages that a server sends


@dataclass(frozen=True)
class Reply:
    kind: str
    body: bytes

    def __str__(self) -> str:
        """One line, in which the servers should not differ: ``T id:23 name:25``, ``D 1 NULL``, ``E 42601``, ``Z I``."""
        return " ".join([self.kind, *_SHOWN.get(self.kind, lambda body: [])(self.body)])

    @property
    def fields(self) -> dict[str, str]:
        """Of an ErrorResponse or NoticeResponse."""
        return {part[:1].decode(): part[1:].decode() for part in self.body.split(b"\0") if part}

    @property
    def columns(self) -> list[tuple[str, int, int, int, int]]:
        """Of a RowDescription: name, type, length, typmod, format."""
        (count,) = struct.unpack_from("!h", self.body)
        found, place = [], 2
        for _ in range(count):
            end = self.body.index(b"\0", place)
            _, _, oid, length, typmod, form = struct.unpack_from("!IhIhih", self.body, end + 1)
            found.append((self.body[place:end].decode(), oid, length, typmod, form))
            place = end + 19
        return found

    @property
    def values(self) -> list[bytes | None]:
        """Of a DataRow."""
        (count,) = struct.unpack_from("!h", self.body)
        found: list[bytes | None] = []
        place = 2
        for _ in range(count):
            (length,) = struct.unpack_from("!i", self.body, place)
            found.append(None if length < 0 else self.body[place + 4 : place + 4 + length])
            place += 4 + max(length, 0)
        assert place == len(self.body)
        return found

    @property
    def numbers(self) -> list[int]:
        """Of a ParameterDescription: types."""
        (count,) = struct.unpack_from("!h", self.body)
        return list(struct.unpack_from(f"!{count}I", self.body, 2))

    @property
    def strings(self) -> list[str]:
        return [part.decode() for part in self.body.rstrip(b"\0").split(b"\0")]


def _shown_value(value: bytes | None) -> str:
    if value is None:
        return "NULL"
    return value.decode() if value.isascii() and value.decode().isprintable() else f"\\x{value.hex()}"


_SHOWN = {
    "T": lambda body: [f"{name}:{oid}" + (":b" if form else "") for name, oid, _, _, form in Reply("T", body).columns],
    "D": lambda body: [_shown_value(value) for value in Reply("D", body).values],
    "C": lambda body: Reply("C", body).strings,
    "E": lambda body: [Reply("E", body).fields["C"]],
    "N": lambda body: [Reply("N", body).fields["C"]],
    "Z": lambda body: [body.decode()],
    "S": lambda body: Reply("S", body).strings[:1],
    "t": lambda body: [str(number) for number in Reply("t", body).numbers],
}


class Wire:
    """A connection. Whatever it waits for must come within ``timeout_s``."""

    def __init__(self, server: Server, *, login: bool = True, timeout_s: float = 20, **parameters: str) -> None:
        self._socket = socket.create_connection((server.host, server.port), timeout=timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self.pid, self.key = 0, b""
        self.parameter_status: dict[str, str] = {}
        if login:
            self.send(startup(**{"user": USER, "database": DATABASE} | parameters))
            for reply in self.until("Z"):
                if reply.kind == "K":
                    self.pid, self.key = struct.unpack_from("!i", reply.body)[0], reply.body[4:]
                elif reply.kind == "S":
                    name, value = reply.strings if len(reply.strings) == 2 else (reply.strings[0], "")
                    self.parameter_status[name] = value

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *messages: bytes) -> None:
        self._socket.sendall(b"".join(messages))

    def send_bytewise(self, *messages: bytes) -> None:
        """One packet per byte, as far as the system lets."""
        for byte in b"".join(messages):
            self._socket.sendall(bytes([byte]))
            time.sleep(0)

    def receive(self) -> Reply:
        """The next message. Raises EOFError when the server closed the connection."""
        kind, length = struct.unpack("!ci", self._take(5))
        return Reply(kind.decode(), self._take(length - 4))

    def receive_byte(self) -> bytes:
        """The answer to an SSLRequest or GSSENCRequest."""
        return self._take(1)

    def until(self, kind: str) -> list[Reply]:
        """All messages up to the next of this kind; at the end of the connection, all there were."""
        return list(self._until(kind))

    def _until(self, kind: str) -> Iterator[Reply]:
        while True:
            try:
                reply = self.receive()
            except EOFError:
                return
            yield reply
            if reply.kind == kind:
                return

    def ask(self, *messages: bytes) -> list[str]:
        """Send, and show everything up to ReadyForQuery."""
        self.send(*messages)
        return [str(reply) for reply in self.until("Z")]

    def closed(self) -> bool:
        """Whether the server has closed the connection, waiting for it if need be."""
        try:
            self.receive()
        except (EOFError, ConnectionResetError):
            return True
        return False

    @property
    def socket(self) -> socket.socket:
        return self._socket

    def _take(self, count: int) -> bytes:
        while len(self._received) < count:
            data = self._socket.recv(65536)
            if not data:
                raise EOFError
            self._received += data
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken
