"""Codecs of the types that are one number or one string: bool, integers, oid and its kin, text and its kin, bytea, uuid.

PostgreSQL: src/backend/utils/adt/{bool,int,oid,varlena,varchar,name,char,uuid,tid,pg_lsn}.c
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Callable
from dataclasses import replace
from struct import Struct

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.types import invalid
from pgiris.types.codec import Codec, Context, Decode, Encode, Oid, Value
from pgiris.types.encoding import text_decoder, text_encoder

NAME_BYTES = 63  # PostgreSQL: NAMEDATALEN - 1


def always(function: Encode) -> Callable[[Context, int], Encode]:
    """An encoder that neither settings nor typmod change."""
    return lambda context, typmod: function


class Shown:
    """An encoder of values whose text is ASCII: show makes the text. cells.py calls show alone."""

    __slots__ = ("show",)

    def __init__(self, show: Callable[[Value], str]) -> None:
        self.show = show

    def __call__(self, value: Value) -> bytes:
        return self.show(value).encode("ascii")


def as_is(value: Value) -> bytes:
    """For values that are their own text, all ASCII."""
    text: str = value
    return text.encode("ascii")


def always_in(function: Decode) -> Callable[[Context], Decode]:
    return lambda context: function


# Booleans. IRIS's BIT is 0 or 1; drivers give bool or int, and text where an expression hides the type.

_BOOL_OUT: dict[Value, bytes] = {1: b"t", 0: b"f", "1": b"t", "0": b"f", "t": b"t", "f": b"f"}
_BOOL_IN = {
    **{prefix: True for word in (b"true", b"yes") for prefix in (word[:n] for n in range(1, len(word) + 1))},
    **{prefix: False for word in (b"false", b"no") for prefix in (word[:n] for n in range(1, len(word) + 1))},
    b"on": True,
    b"1": True,
    b"of": False,
    b"off": False,
    b"0": False,
}


def bool_text(value: Value) -> bytes:
    try:
        return _BOOL_OUT[value]
    except KeyError:
        raise invalid.syntax("boolean", str(value)) from None


def bool_binary(value: Value) -> bytes:
    return b"\1" if bool_text(value) == b"t" else b"\0"


def _bool_from_text(raw: bytes) -> bool:
    try:
        return _BOOL_IN[raw.strip().lower()]
    except KeyError:
        raise invalid.syntax("boolean", decoded(raw)) from None


def _bool_from_binary(raw: bytes) -> bool:
    if len(raw) != 1:
        raise invalid.wrong_byte_count(raw, 1)
    return raw != b"\0"


BOOL = Codec(always(bool_text), always(bool_binary), always_in(_bool_from_text), always_in(_bool_from_binary))


# Integers.

_INTEGER = re.compile(rb"[ \t\n\v\f\r]*[+-]?[0-9]+")


def decoded(raw: bytes) -> str:
    """Client text for an error message."""
    return raw.decode("utf-8", "replace")


def whole(value: Value) -> int:
    """An integer, whatever shape a driver gave it."""
    number = int(value)
    if type(value) is not str and number != value:
        raise PgError(sqlstate.INTERNAL_ERROR, f"backend gave {value!r} for an integer")
    return number


def integer(name: str, layout: str) -> Codec:
    """name: the type in messages. layout: struct format of the binary form."""
    struct = Struct(layout)
    unsigned = layout[-1].isupper()
    bits = struct.size * 8 - (not unsigned)
    low, high = 0 if unsigned else -(1 << bits), (1 << bits) - 1

    def from_text(raw: bytes) -> int:
        try:
            value = int(raw)
        except ValueError:
            raise _integer_error(raw, name, low, high) from None
        if not low <= value <= high or b"_" in raw:
            raise _integer_error(raw, name, low, high)
        return value

    def fitting(value: Value) -> int:
        """The backend computes with wider integers than the type that the client was told."""
        number = value if type(value) is int else whole(value)
        if not low <= number <= high:
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, f"{name} out of range")
        return number

    def text(value: Value) -> bytes:
        return b"%d" % fitting(value)

    def binary(value: Value) -> bytes:
        return struct.pack(fitting(value))

    def from_binary(raw: bytes) -> int:
        if len(raw) != struct.size:
            raise invalid.wrong_length(raw, struct.size)
        number: int = struct.unpack(raw)[0]
        return number

    return Codec(always(text), always(binary), always_in(from_text), always_in(from_binary))


def _integer_error(raw: bytes, name: str, low: int, high: int) -> PgError:
    """PostgreSQL reads digit by digit: a number too large is told before the junk behind it."""
    match = _INTEGER.match(raw)
    if match and (len(match[0]) > 40 or not low <= int(match[0]) <= high):
        return invalid.out_of_range(name, decoded(raw))
    return invalid.syntax(name, decoded(raw))


INT2, INT4, INT8 = integer("smallint", "!h"), integer("integer", "!i"), integer("bigint", "!q")


def unsigned(name: str, layout: str = "!I") -> Codec:
    """oid, xid, cid: PostgreSQL takes a negative number as its two's complement."""
    codec = integer(name, layout)
    strict = codec.text_in(Context())
    modulus = 1 << Struct(layout).size * 8

    def from_text(raw: bytes) -> int:
        stripped = raw.strip()
        if stripped.startswith(b"-") and stripped[1:].isdigit() and int(stripped) >= -modulus // 2:
            return int(stripped) % modulus
        value: int = strict(raw)
        return value

    return replace(codec, text_in=always_in(from_text))


class NamedOid(int):
    """A value of a reg* type: the OID that binary format sends and the name that text format shows."""

    name: str

    def __new__(cls, oid: int, name: str) -> NamedOid:
        self = super().__new__(cls, oid)
        self.name = name
        return self


def registered(name: str, number_of: Callable[[str], Oid | None] | None = None) -> Codec:
    """regclass, regproc, regtype ... A name in a parameter stays a str: only the catalog, or number_of, can look it up."""
    number = unsigned("oid")
    number_text, number_binary = number.text_out(Context(), -1), number.binary_out(Context(), -1)
    number_in = number.text_in(Context())

    def text_out(context: Context, typmod: int) -> Encode:
        encode = text_encoder(context.client_encoding)

        def text(value: Value) -> bytes:
            if isinstance(value, NamedOid):
                return encode(value.name)
            if isinstance(value, str):
                return encode(value)
            return number_text(value) if value else b"-"

        return text

    def binary(value: Value) -> bytes:
        if isinstance(value, str) and not (value.isascii() and value.isdigit()):
            found = Oid(0) if value == "-" else number_of(value) if number_of is not None else None
            if found is None:
                raise not_supported(f"a value of type {name} whose OID is not known cannot be sent in binary format")
            value = found
        return number_binary(int(value))

    def text_in(context: Context) -> Decode:
        decode = text_decoder(context.client_encoding)

        def from_text(raw: bytes) -> Value:
            return 0 if raw == b"-" else number_in(raw) if raw.isdigit() else decode(raw)

        return from_text

    return Codec(text_out, always(binary), text_in, number.binary_in)


def _tid_parts(raw: bytes) -> tuple[int, int]:
    match = re.fullmatch(rb"\(([0-9]{1,10}),([0-9]{1,5})\)", raw)
    if match is None or int(match[1]) >= 1 << 32 or int(match[2]) >= 1 << 16:
        raise invalid.syntax("tid", decoded(raw))
    return int(match[1]), int(match[2])


def _tid_from_binary(raw: bytes) -> str:
    if len(raw) != 6:
        raise invalid.wrong_length(raw, 6)
    return f"({int.from_bytes(raw[:4], 'big')},{int.from_bytes(raw[4:], 'big')})"


TID = Codec(
    always(as_is),
    always(lambda value: Struct("!IH").pack(*_tid_parts(value.encode()))),
    always_in(lambda raw: "({},{})".format(*_tid_parts(raw))),
    always_in(_tid_from_binary),
)


def _lsn_number(raw: bytes) -> int:
    match = re.fullmatch(rb"([0-9a-fA-F]{1,8})/([0-9a-fA-F]{1,8})", raw)
    if match is None:
        raise invalid.syntax("pg_lsn", decoded(raw))
    return int(match[1], 16) << 32 | int(match[2], 16)


def _lsn_text(number: int) -> str:
    return f"{number >> 32:X}/{number & 0xFFFFFFFF:X}"


def _lsn_from_binary(raw: bytes) -> str:
    if len(raw) != 8:
        raise invalid.wrong_length(raw, 8)
    return _lsn_text(int.from_bytes(raw, "big"))


PG_LSN = Codec(
    always(as_is),
    always(lambda value: _lsn_number(value.encode()).to_bytes(8, "big")),
    always_in(lambda raw: _lsn_text(_lsn_number(raw))),
    always_in(_lsn_from_binary),
)


# Strings.


def _string_out(context: Context, typmod: int) -> Encode:
    return text_encoder(context.client_encoding)


def _string_in(context: Context) -> Decode:
    return text_decoder(context.client_encoding)


TEXT = Codec(_string_out, _string_out, _string_in, _string_in)


def _padded_out(context: Context, typmod: int) -> Encode:
    """character(n): IRIS never pads (iris-reference 5.1), PostgreSQL always shows n characters."""
    encode = text_encoder(context.client_encoding)
    if typmod < 4:
        return encode
    return PaddedText(encode, typmod - 4)


class PaddedText:
    __slots__ = ("encode", "width")

    def __init__(self, encode: Encode, width: int) -> None:
        self.encode, self.width = encode, width

    def __call__(self, value: Value) -> bytes:
        return self.encode(str(value).ljust(self.width))


def _unpadded_in(context: Context) -> Decode:
    """The blanks are no part of a character(n): IRIS keeps the value without, so that equal ones are equal there."""
    decode = text_decoder(context.client_encoding)
    return lambda raw: decode(raw).rstrip(" ")


BPCHAR = Codec(_padded_out, _padded_out, _unpadded_in, _unpadded_in)


def _name_in(context: Context) -> Decode:
    decode = text_decoder(context.client_encoding)

    def from_text(raw: bytes) -> str:
        text: str = decode(raw)
        return text.encode()[:NAME_BYTES].decode("utf-8", "ignore")

    return from_text


NAME = replace(TEXT, text_in=_name_in)


_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")


def _char_out(value: Value) -> bytes:
    """PostgreSQL: charout in char.c"""
    byte = str(value)[:1].encode("latin-1")
    return b"\\%03o" % byte[0] if byte >= b"\x80" else byte


def _char_binary(value: Value) -> bytes:
    return str(value)[:1].encode("latin-1") or b"\0"


def _char_from_text(raw: bytes) -> str:
    octal = _OCTAL.fullmatch(raw)
    byte = bytes((int(octal[1], 8),)) if octal is not None else raw[:1]
    return "" if byte == b"\0" else byte.decode("latin-1")


def char_of(text: str) -> str:
    """The value of type "char" that a text means."""
    return _char_from_text(text.encode())


def char_text(value: str) -> str:
    return _char_out(value).decode()


def _char_from_binary(raw: bytes) -> str:
    if len(raw) != 1:
        raise invalid.wrong_byte_count(raw, 1)
    return "" if raw == b"\0" else raw.decode("latin-1")


CHAR = Codec(always(_char_out), always(_char_binary), always_in(_char_from_text), always_in(_char_from_binary))

VOID = Codec(always(lambda value: b""), always(lambda value: b""), always_in(lambda raw: ""), always_in(lambda raw: ""))


def text_only(name: str) -> Codec:
    """Types that pgiris shows and does not know inside."""

    def binary_out(context: Context, typmod: int) -> Encode:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, f"no binary output function available for type {name}")

    def binary_in(context: Context) -> Decode:
        raise PgError(sqlstate.UNDEFINED_FUNCTION, f"no binary input function available for type {name}")

    return Codec(_string_out, binary_out, _string_in, binary_in)


# bytea. PostgreSQL: datatype-binary


def _bytea_out(context: Context, typmod: int) -> Encode:
    return _escaped if context.bytea_output == "escape" else bytea_hex


def bytea_hex(value: Value) -> bytes:
    return b"\\x" + octets(value).hex().encode()


_ESCAPES = [b"\\\\" if byte == 0x5C else bytes((byte,)) if 0x20 <= byte < 0x7F else b"\\%03o" % byte for byte in range(256)]


def _escaped(value: Value) -> bytes:
    return b"".join([_ESCAPES[byte] for byte in octets(value)])


def octets(value: Value) -> bytes:
    """An embedded IRIS session gives binaries as str with one character per byte (iris-reference 5.4)."""
    if isinstance(value, str):
        return value.encode("latin-1")
    return bytes(value)


_HEX_PAIR = re.compile(rb"[ \t\n\r]*(?:([0-9a-fA-F]{2})|$)")
_HEX_DIGIT = re.compile(rb"[ \t\n\r]*[0-9a-fA-F]?")
_ESCAPED_BYTE = re.compile(rb"\\(?:(\\)|([0-3][0-7][0-7])|)")


def _bytea_from_text(raw: bytes) -> bytes:
    if raw[:2] != b"\\x":
        return _ESCAPED_BYTE.sub(_unescape, raw) if b"\\" in raw else raw
    try:
        return unhexlify(raw[2:])
    except ValueError:
        return _bytea_from_loose_hex(raw[2:])


def _bytea_from_loose_hex(digits: bytes) -> bytes:
    """White space may stand between the pairs of digits."""
    pairs, at = list[bytes](), 0
    while at < len(digits):
        match = _HEX_PAIR.match(digits, at)
        if match is None:
            raise _hex_error(digits, at)
        pairs.append(match[1] or b"")
        at = match.end()
    return unhexlify(b"".join(pairs))


def _hex_error(digits: bytes, at: int) -> PgError:
    found = _HEX_DIGIT.match(digits, at)
    assert found is not None
    if found.end() == len(digits):
        return PgError(sqlstate.INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits")
    character = digits[found.end() :].decode("utf-8", "replace")[0]
    return PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid hexadecimal digit: "{character}"')


def _unescape(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return b"\\"
    if match[2]:
        return bytes((int(match[2], 8),))
    raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea")


BYTEA = Codec(_bytea_out, always(octets), always_in(_bytea_from_text), always_in(bytes))


# uuid. PostgreSQL: datatype-uuid. A hyphen may follow any group of four digits, braces may stand around all.

_UUID = re.compile(r"(\{?)" + r"-?".join([r"([0-9a-fA-F]{4})"] * 8) + r"(\}?)")


def _uuid_from_text(raw: bytes) -> str:
    text = decoded(raw)
    match = _UUID.fullmatch(text)
    if match is None or bool(match[1]) != bool(match[10]):
        raise invalid.syntax("uuid", text)
    return hyphenated("".join(match.groups()[1:9]).lower())


def hyphenated(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _uuid_from_binary(raw: bytes) -> str:
    if len(raw) != 16:
        raise invalid.wrong_length(raw, 16)
    return hyphenated(raw.hex())


def uuid_text(value: Value) -> bytes:
    return str(value).lower().encode("ascii")


def uuid_binary(value: Value) -> bytes:
    return unhexlify(str(value).replace("-", ""))


UUID = Codec(always(uuid_text), always(uuid_binary), always_in(_uuid_from_text), always_in(_uuid_from_binary))
