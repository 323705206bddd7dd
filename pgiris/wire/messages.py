"""Every message of protocol v3, its layout declared by its fields, in both directions.

    @frontend(b"B")
    class Bind: ...
        parameters: tuple[bytes | None, ...] = of(VALUES)

    Bind("", "s1", (0,), (b"1",), ()).encode()        a whole message, tag and length included
    FRONTEND[b"B"].decode(body)                       raises PgError 08P01 for contents that do not fit

PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self, TypeVar, dataclass_transform

from pgiris.wire.fields import (
    BYTE1,
    INT8,
    INT16,
    INT16S,
    INT32,
    OID,
    OIDS,
    RAW_STRING,
    REST,
    STRING,
    STRINGS,
    VALUE,
    VALUES,
    Kind,
    counted,
    group,
    malformed,
    until_zero,
)

M = TypeVar("M", bound="type[Message]")
_LENGTH = struct.Struct("!I")


def of(kind: Kind) -> Any:
    """The layout of one field."""
    return field(metadata={"kind": kind})


class Message:
    """What all messages can do."""

    __slots__ = ()
    tag: ClassVar[bytes] = b""
    code: ClassVar[int] = 0  # Authentication's, and that of startup packets
    kinds: ClassVar[tuple[Kind, ...]] = ()
    names: ClassVar[tuple[str, ...]] = ()

    decode: ClassVar[Callable[[bytes], Self]]  # body, which follows the length -> message. Raises PgError 08P01

    def body(self) -> bytes:
        return b"".join(kind.write(getattr(self, name)) for kind, name in zip(self.kinds, self.names, strict=True))

    def encode(self) -> bytes:
        body = self.body()
        return self.tag + _LENGTH.pack(len(body) + 4) + body


FRONTEND: dict[bytes, type[Message]] = {}
BACKEND: dict[bytes, type[Message]] = {}
AUTHENTICATION: dict[int, type[Message]] = {}
STARTUP: dict[int, type[Message]] = {}


@dataclass_transform(field_specifiers=(of,))
def _message(tag: bytes, code: int, table: dict[Any, type[Message]] | None, key: Any) -> Callable[[M], M]:
    def declare(cls: M) -> M:
        made = dataclass(slots=True)(cls)
        declared = dataclasses.fields(made)  # type: ignore[arg-type]
        made.tag, made.code = tag, code
        made.kinds = tuple(f.metadata["kind"] for f in declared)
        made.names = tuple(f.name for f in declared)
        made.decode = _decoder(made)
        if table is not None:
            table[key] = made
        return made  # type: ignore[return-value]

    return declare


@dataclass_transform(field_specifiers=(of,))
def frontend(tag: bytes) -> Callable[[M], M]:
    return _message(tag, 0, FRONTEND, tag)


@dataclass_transform(field_specifiers=(of,))
def backend(tag: bytes) -> Callable[[M], M]:
    return _message(tag, 0, BACKEND, tag)


@dataclass_transform(field_specifiers=(of,))
def response(name: str) -> Callable[[M], M]:
    """Frontend messages with tag ``p``; what one is depends on what the server asked."""
    return _message(b"p", 0, None, name)


@dataclass_transform(field_specifiers=(of,))
def startup(code: int) -> Callable[[M], M]:
    """Packets without a tag; code is their first Int32."""
    return _message(b"", code, STARTUP, code)


def _decoder(cls: type[Message]) -> Callable[[bytes], Any]:
    """A decoder for one class, its fields unrolled, since it runs for every message: 2 us in place of 5 for a Bind."""
    reads = [f"    {name}, at = read_{name}(body, at)" for name in cls.names]
    lines = [
        "def decode(body):",
        "    at = 0",
        *reads,
        "    if at != len(body):",
        "        raise malformed('invalid message format')",
        f"    return cls({', '.join(cls.names)})",
    ]
    scope: dict[str, Any] = {f"read_{name}": kind.read for name, kind in zip(cls.names, cls.kinds, strict=True)}
    scope |= {"cls": cls, "malformed": malformed}
    exec("\n".join(lines), scope)
    decode: Callable[[bytes], Any] = scope["decode"]
    return decode


class _Startup(Message):
    __slots__ = ()

    def encode(self) -> bytes:
        body = _LENGTH.pack(self.code) + self.body()
        return _LENGTH.pack(len(body) + 4) + body


class _Authentication(Message):
    __slots__ = ()

    def encode(self) -> bytes:
        body = INT32.write(self.code) + self.body()
        return b"R" + _LENGTH.pack(len(body) + 4) + body


@dataclass_transform(field_specifiers=(of,))
def authentication(code: int) -> Callable[[M], M]:
    return _message(b"R", code, AUTHENTICATION, code)


# ---------------------------------------------------------------------------------------------- startup packets


@startup(80877103)
class SSLRequest(_Startup):
    """Asks for TLS; answered by the single byte S or N."""


@startup(80877104)
class GSSENCRequest(_Startup):
    """Asks for GSSAPI encryption; answered by the single byte G or N."""


@startup(80877102)
class CancelRequest(_Startup):
    """Stop what the session with this key runs. secret: 4 bytes, up to 256 since protocol 3.2."""

    pid: int = of(OID)
    secret: bytes = of(REST)


@dataclass(slots=True)
class StartupMessage:
    """Begins a session. version: (major, minor)."""

    version: tuple[int, int]
    parameters: Mapping[str, str]

    def encode(self) -> bytes:
        pairs = b"".join(STRING.write(name) + STRING.write(value) for name, value in self.parameters.items())
        major, minor = self.version
        return _LENGTH.pack(len(pairs) + 9) + struct.pack("!HH", major, minor) + pairs + b"\0"


# ---------------------------------------------------------------------------------------------- frontend


@response("password")
class PasswordMessage(Message):
    password: str = of(STRING)


@response("sasl-initial")
class SASLInitialResponse(Message):
    """response None: the client waits for an empty challenge first."""

    mechanism: str = of(STRING)
    response: bytes | None = of(VALUE)


@response("sasl")
class SASLResponse(Message):
    data: bytes = of(REST)


@frontend(b"Q")
class Query(Message):
    """A simple query, in the client's encoding."""

    raw: bytes = of(RAW_STRING)


@frontend(b"P")
class Parse(Message):
    """Make a prepared statement."""

    statement: str = of(STRING)
    raw: bytes = of(RAW_STRING)
    parameter_types: tuple[int, ...] = of(OIDS)


@frontend(b"B")
class Bind(Message):
    """Bind values to a statement, which makes a portal."""

    portal: str = of(STRING)
    statement: str = of(STRING)
    parameter_formats: tuple[int, ...] = of(INT16S)
    parameters: tuple[bytes | None, ...] = of(VALUES)  # None is SQL NULL
    result_formats: tuple[int, ...] = of(INT16S)


@frontend(b"D")
class Describe(Message):
    kind: bytes = of(BYTE1)  # S statement, P portal
    name: str = of(STRING)


@frontend(b"E")
class Execute(Message):
    portal: str = of(STRING)
    max_rows: int = of(INT32)  # 0: all


@frontend(b"C")
class Close(Message):
    kind: bytes = of(BYTE1)  # S statement, P portal
    name: str = of(STRING)


@frontend(b"H")
class Flush(Message):
    pass


@frontend(b"S")
class Sync(Message):
    pass


@frontend(b"F")
class FunctionCall(Message):
    function: int = of(OID)
    argument_formats: tuple[int, ...] = of(INT16S)
    arguments: tuple[bytes | None, ...] = of(VALUES)
    result_format: int = of(INT16)


@frontend(b"X")
class Terminate(Message):
    pass


@frontend(b"f")
class CopyFail(Message):
    reason: str = of(STRING)


@frontend(b"d")
class CopyData(Message):
    """Both ways."""

    data: bytes = of(REST)


@frontend(b"c")
class CopyDone(Message):
    """Both ways."""


BACKEND[b"d"], BACKEND[b"c"] = CopyData, CopyDone

# ---------------------------------------------------------------------------------------------- authentication


@authentication(0)
class AuthenticationOk(_Authentication):
    pass


@authentication(2)
class AuthenticationKerberosV5(_Authentication):
    pass


@authentication(3)
class AuthenticationCleartextPassword(_Authentication):
    pass


@authentication(5)
class AuthenticationMD5Password(_Authentication):
    salt: bytes = of(REST)


@authentication(7)
class AuthenticationGSS(_Authentication):
    pass


@authentication(8)
class AuthenticationGSSContinue(_Authentication):
    data: bytes = of(REST)


@authentication(9)
class AuthenticationSSPI(_Authentication):
    pass


@authentication(10)
class AuthenticationSASL(_Authentication):
    mechanisms: tuple[str, ...] = of(until_zero(STRING))


@authentication(11)
class AuthenticationSASLContinue(_Authentication):
    data: bytes = of(REST)


@authentication(12)
class AuthenticationSASLFinal(_Authentication):
    data: bytes = of(REST)


# ---------------------------------------------------------------------------------------------- backend


@backend(b"K")
class BackendKeyData(Message):
    """secret: 4 bytes, up to 256 since protocol 3.2."""

    pid: int = of(OID)
    secret: bytes = of(REST)


@backend(b"v")
class NegotiateProtocolVersion(Message):
    """version: the newest that the server has, as startup packets write it. options: the unknown ``_pq_.`` ones."""

    version: int = of(INT32)
    options: tuple[str, ...] = of(STRINGS)


@backend(b"S")
class ParameterStatus(Message):
    name: str = of(STRING)
    value: str = of(STRING)


@backend(b"Z")
class ReadyForQuery(Message):
    status: bytes = of(BYTE1)  # I idle, T in a transaction block, E in a failed one


@backend(b"T")
class RowDescription(Message):
    """Each column: name, relation, attribute, type, type length, typmod, format."""

    columns: tuple[tuple[Any, ...], ...] = of(counted(group(STRING, OID, INT16, OID, INT16, INT32, INT16)))


@backend(b"D")
class DataRow(Message):
    values: tuple[bytes | None, ...] = of(VALUES)


@backend(b"C")
class CommandComplete(Message):
    command: str = of(STRING)


@backend(b"I")
class EmptyQueryResponse(Message):
    pass


@backend(b"n")
class NoData(Message):
    pass


@backend(b"s")
class PortalSuspended(Message):
    pass


@backend(b"1")
class ParseComplete(Message):
    pass


@backend(b"2")
class BindComplete(Message):
    pass


@backend(b"3")
class CloseComplete(Message):
    pass


@backend(b"t")
class ParameterDescription(Message):
    types: tuple[int, ...] = of(OIDS)


@backend(b"E")
class ErrorResponse(Message):
    """Pairs of a field code and its text."""

    fields: tuple[tuple[bytes, str], ...] = of(until_zero(group(BYTE1, STRING)))


@backend(b"N")
class NoticeResponse(Message):
    fields: tuple[tuple[bytes, str], ...] = of(until_zero(group(BYTE1, STRING)))


@backend(b"A")
class NotificationResponse(Message):
    pid: int = of(OID)
    channel: str = of(STRING)
    payload: str = of(STRING)


@backend(b"V")
class FunctionCallResponse(Message):
    value: bytes | None = of(VALUE)


@backend(b"G")
class CopyInResponse(Message):
    format: int = of(INT8)
    column_formats: tuple[int, ...] = of(INT16S)


@backend(b"H")
class CopyOutResponse(Message):
    format: int = of(INT8)
    column_formats: tuple[int, ...] = of(INT16S)


@backend(b"W")
class CopyBothResponse(Message):
    format: int = of(INT8)
    column_formats: tuple[int, ...] = of(INT16S)


def decode_backend(tag: bytes, body: bytes) -> Message:
    """A message of the server's, as clients and tests read it. Raises PgError 08P01."""
    if tag == b"R":
        code, at = INT32.read(body, 0)
        cls = AUTHENTICATION.get(code)
        body = body[at:]
    else:
        cls = BACKEND.get(tag)
    if cls is None:
        raise malformed(f"invalid backend message type {tag!r}")
    return cls.decode(body)


# ---------------------------------------------------------------------------------------------- replies, ready made

PARSE_COMPLETE = ParseComplete().encode()
BIND_COMPLETE = BindComplete().encode()
CLOSE_COMPLETE = CloseComplete().encode()
NO_DATA = NoData().encode()
PORTAL_SUSPENDED = PortalSuspended().encode()
EMPTY_QUERY_RESPONSE = EmptyQueryResponse().encode()
_READY = {status: ReadyForQuery(status).encode() for status in (b"I", b"T", b"E")}


class Described(Protocol):
    """What row_description() wants to know of a column: types/rows.py's Column."""

    @property
    def name(self) -> str: ...
    @property
    def oid(self) -> Any: ...
    @property
    def typmod(self) -> int: ...
    @property
    def relation(self) -> Any: ...
    @property
    def attribute(self) -> int: ...


_COLUMN = struct.Struct("!IhIhih")


def row_description(columns: Sequence[Described], formats: Sequence[int], type_length: Callable[[Any], int]) -> bytes:
    """formats: one for each column. type_length: typlen of a type, -1 for variable."""
    parts = [struct.pack("!H", len(columns))]
    for column, code in zip(columns, formats, strict=True):
        parts.append(column.name.encode() + b"\0")
        parts.append(_COLUMN.pack(column.relation, column.attribute, column.oid, type_length(column.oid), column.typmod, code))
    body = b"".join(parts)
    return b"T" + _LENGTH.pack(len(body) + 4) + body


def parameter_description(types: Sequence[int]) -> bytes:
    return ParameterDescription(tuple(types)).encode()


def parameter_status(name: str, value: str) -> bytes:
    return ParameterStatus(name, value).encode()


def command_complete(tag: str) -> bytes:
    text = tag.encode()
    return b"C" + _LENGTH.pack(len(text) + 5) + text + b"\0"


def ready_for_query(status: bytes) -> bytes:
    return _READY[status]


def error_response(pairs: Iterable[tuple[bytes, str]]) -> bytes:
    return ErrorResponse(tuple(pairs)).encode()


def notice_response(pairs: Iterable[tuple[bytes, str]]) -> bytes:
    return NoticeResponse(tuple(pairs)).encode()


def notification_response(pid: int, channel: str, payload: str) -> bytes:
    return NotificationResponse(pid, channel, payload).encode()
