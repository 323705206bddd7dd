"""Every message of protocol v3, its layout declared by its fields, in both directions.

    @frontend(b"B")
    class Bind: ...
        parameters: tuple[bytes | None, ...] = of(VALUES)

    Bind("", "s1", (0,), (b"1",), ()).encode()        a whole message, tag and length included
    Bind.decode(body)                                 raises Malformed for contents that do not fit

PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pgiris.errors import PgError, ProtocolError
from pgiris.wire.fields import (
    ARGUMENTS,
    BYTE1,
    INT8,
    INT16,
    INT16S,
    INT32,
    OID,
    OIDS,
    PASSWORD,
    RAW_STRING,
    REST,
    STRING,
    STRINGS,
    VALUE,
    VALUES,
    Malformed,
    counted,
    group,
    subtype,
    until_zero,
)
from pgiris.wire.layout import (
    AUTHENTICATION,
    BACKEND,
    authentication,
    backend,
    frontend,
    of,
    response,
    startup,
)
from pgiris.wire.layout import Message as Message

_ESCAPED = "backslashreplace"
_pack_length = struct.Struct("!I").pack

# ---------------------------------------------------------------------------------------------- startup packets


@startup(80877103, exact=False)
class SSLRequest(Message):
    """Asks for TLS; answered by the single byte S or N."""


@startup(80877104, exact=False)
class GSSENCRequest(Message):
    """Asks for GSSAPI encryption; answered by the single byte G or N."""


@startup(80877102)
class CancelRequest(Message):
    """Stop what the session with this key runs. secret: 4 bytes, up to 256 since protocol 3.2."""

    pid: int = of(OID)
    secret: bytes = of(REST)


@dataclass(slots=True)
class StartupMessage(Message):
    """Begins a session. version: (major, minor).

    The parameters come before an encoding is agreed on: bytes of them that are not UTF-8 become ``\\xff``.
    """

    version: tuple[int, int]
    parameters: Mapping[str, str]

    @staticmethod
    def decode(body: bytes, _: str = "utf-8") -> StartupMessage:
        """body: from the version on. Raises ProtocolError."""
        words = body[4:].split(b"\0")
        names, values = words[:-2:2], words[1:-2:2]
        if words[-2:] != [b"", b""] or len(names) != len(values) or b"" in names:
            raise ProtocolError("invalid startup packet layout: expected terminator as last byte")
        pairs = zip(names, values, strict=True)
        parameters = {name.decode(errors=_ESCAPED): value.decode(errors=_ESCAPED) for name, value in pairs}
        return StartupMessage(protocol_version(int.from_bytes(body[:4], "big")), parameters)

    def encode(self) -> bytes:
        pairs = b"".join(STRING.write(name) + STRING.write(value) for name, value in self.parameters.items())
        major, minor = self.version
        return struct.pack("!IHH", len(pairs) + 9, major, minor) + pairs + b"\0"


def protocol_version(code: int) -> tuple[int, int]:
    """(major, minor) from the first Int32 of a startup packet."""
    return code >> 16, code & 0xFFFF


# ---------------------------------------------------------------------------------------------- frontend


@response("password")
class PasswordMessage(Message):
    password: bytes = of(PASSWORD)


@response("SASL")
class SASLInitialResponse(Message):
    """response None: the client waits for an empty challenge first."""

    mechanism: str = of(STRING)
    response: bytes | None = of(VALUE)


@response("SASL")
class SASLResponse(Message):
    data: bytes = of(REST)


@response("GSS")
class GSSResponse(Message):
    """Of GSSAPI and SSPI."""

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


@frontend(b"D", small=True)
class Describe(Message):
    kind: bytes = of(subtype("DESCRIBE"))  # S statement, P portal
    name: str = of(STRING)


@frontend(b"E", small=True)
class Execute(Message):
    portal: str = of(STRING)
    max_rows: int = of(INT32)  # 0: all


@frontend(b"C", small=True)
class Close(Message):
    kind: bytes = of(subtype("CLOSE"))  # S statement, P portal
    name: str = of(STRING)


@frontend(b"H", small=True)
class Flush(Message):
    pass


@frontend(b"S", small=True)
class Sync(Message):
    pass


@frontend(b"F")
class FunctionCall(Message):
    function: int = of(OID)
    argument_formats: tuple[int, ...] = of(INT16S)
    arguments: tuple[bytes | None, ...] = of(ARGUMENTS)
    result_format: int = of(INT16)


@frontend(b"X", small=True, exact=False)
class Terminate(Message):
    pass


@frontend(b"f", small=True, exact=False)
class CopyFail(Message):
    reason: str = of(STRING)


@frontend(b"d")
class CopyData(Message):
    """Both ways."""

    data: bytes = of(REST)


@frontend(b"c", small=True, exact=False)
class CopyDone(Message):
    """Both ways."""


BACKEND[b"d"], BACKEND[b"c"] = CopyData, CopyDone

# ---------------------------------------------------------------------------------------------- authentication


@authentication(0)
class AuthenticationOk(Message):
    pass


@authentication(2)
class AuthenticationKerberosV5(Message):
    pass


@authentication(3)
class AuthenticationCleartextPassword(Message):
    pass


@authentication(5)
class AuthenticationMD5Password(Message):
    salt: bytes = of(REST)


@authentication(7)
class AuthenticationGSS(Message):
    pass


@authentication(8)
class AuthenticationGSSContinue(Message):
    data: bytes = of(REST)


@authentication(9)
class AuthenticationSSPI(Message):
    pass


@authentication(10)
class AuthenticationSASL(Message):
    mechanisms: tuple[str, ...] = of(until_zero(STRING))


@authentication(11)
class AuthenticationSASLContinue(Message):
    data: bytes = of(REST)


@authentication(12)
class AuthenticationSASLFinal(Message):
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


def decode_backend(tag: bytes, body: bytes, encoding: str = "utf-8") -> Message:
    """A message of the server's, as clients and tests read it. Raises Malformed."""
    cls = AUTHENTICATION.get(int.from_bytes(body[:4], "big")) if tag == b"R" else BACKEND.get(tag)
    if cls is None:
        raise Malformed(f"invalid backend message type {tag!r}")
    return cls.decode(body if cls.code is None else body[4:], encoding)


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
Texts = Callable[[str], bytes]  # into the client's encoding


def row_description(
    columns: Sequence[Described], formats: Sequence[int], type_length: Callable[[Any], int], encode: Texts = str.encode
) -> bytes:
    """formats: one for each column. type_length: typlen of a type, -1 for variable."""
    parts = [struct.pack("!H", len(columns))]
    for column, code in zip(columns, formats, strict=True):
        parts.append(_text(column.name, encode))
        parts.append(_COLUMN.pack(column.relation, column.attribute, column.oid, type_length(column.oid), column.typmod, code))
    return _message(b"T", b"".join(parts))


def parameter_description(types: Sequence[int]) -> bytes:
    return ParameterDescription(tuple(types)).encode()


def parameter_status(name: str, value: str, encode: Texts = str.encode) -> bytes:
    return _message(b"S", _text(name, encode) + _text(value, encode))


def command_complete(tag: str) -> bytes:
    return _message(b"C", tag.encode() + b"\0")


def ready_for_query(status: bytes) -> bytes:
    return _READY[status]


def error_response(pairs: Iterable[tuple[bytes, str]], encode: Texts = str.encode) -> bytes:
    """pairs: from errors.error_fields()."""
    return _message(b"E", _fields(pairs, encode))


def notice_response(pairs: Iterable[tuple[bytes, str]], encode: Texts = str.encode) -> bytes:
    return _message(b"N", _fields(pairs, encode))


def notification_response(pid: int, channel: str, payload: str, encode: Texts = str.encode) -> bytes:
    return _message(b"A", struct.pack("!I", pid) + _text(channel, encode) + _text(payload, encode))


def _message(tag: bytes, body: bytes) -> bytes:
    return tag + _pack_length(len(body) + 4) + body


def _fields(pairs: Iterable[tuple[bytes, str]], encode: Texts) -> bytes:
    return b"".join([code + _text(value, encode) for code, value in pairs]) + b"\0"


def _text(text: str, encode: Texts) -> bytes:
    """A String whatever the text holds: names and messages of the backend's may hold what a String or an encoding cannot."""
    try:
        raw = encode(text)
    except (UnicodeEncodeError, PgError):
        raw = text.encode("ascii", "backslashreplace")
    return (raw.replace(b"\0", b"") if 0 in raw else raw) + b"\0"
