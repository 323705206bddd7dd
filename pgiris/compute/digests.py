"""Digests: bytea, encodings and hashes. PostgreSQL: functions-binarystring"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types.codec import Context
from pgiris.types.scalar import BYTEA

function("md5(text) text")(lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
function("md5(bytea) text")(lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest())
for _name in ("sha224", "sha256", "sha384", "sha512"):
    function(f"{_name}(bytea) bytea")(lambda data, name=_name: hashlib.new(name, data).digest())
_HASHES = frozenset(("md5", "sha1", "sha224", "sha256", "sha384", "sha512"))


def _hash(name: str) -> str:
    """Of pgcrypto, which has more where OpenSSL does."""
    if name.lower() not in _HASHES:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'Cannot use "{name}": No such hash algorithm')
    return name.lower()


@function("digest(bytea, text) bytea", "digest(text, text) bytea")
def _digest(data: bytes | str, name: str) -> bytes:
    return hashlib.new(_hash(name), _octets(data), usedforsecurity=False).digest()


@function("hmac(bytea, bytea, text) bytea", "hmac(text, text, text) bytea")
def _hmac(data: bytes | str, key: bytes | str, name: str) -> bytes:
    return hmac.digest(_octets(key), _octets(data), _hash(name))


def _octets(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


@function("gen_random_bytes(int4) bytea")
def _random_bytes(count: int) -> bytes:
    if not 1 <= count <= _MOST_RANDOM_BYTES:
        raise PgError(sqlstate.EXTERNAL_ROUTINE_INVOCATION_EXCEPTION, "Length not in range")
    return secrets.token_bytes(count)


_MOST_RANDOM_BYTES = 1024  # pgcrypto: pg_random_bytes
function("length(bytea) int4", "octet_length(bytea) int4")(len)
function("bit_length(bytea) int4")(lambda data: 8 * len(data))
function("||(bytea, bytea) bytea")(lambda left, right: left + right)
function("position(bytea, bytea) int4")(lambda data, part: data.find(part) + 1)
function("substring(bytea, int4) bytea", "substr(bytea, int4) bytea")(lambda data, start: data[max(start, 1) - 1 :])


@function("substring(bytea, int4, int4) bytea", "substr(bytea, int4, int4) bytea")
def _substring(data: bytes, start: int, length: int) -> bytes:
    if length < 0:
        raise PgError(sqlstate.SUBSTRING_ERROR, "negative substring length not allowed")
    return data[max(start, 1) - 1 : max(start + length - 1, 0)]


@function("get_byte(bytea, int4) int4")
def _get_byte(data: bytes, place: int) -> int:
    if not 0 <= place < len(data):
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, f"index {place} out of valid range, 0..{len(data) - 1}")
    return data[place]


@function("set_byte(bytea, int4, int4) bytea")
def _set_byte(data: bytes, place: int, value: int) -> bytes:
    _get_byte(data, place)
    return data[:place] + bytes((value & 255,)) + data[place + 1 :]


@function("get_bit(bytea, int8) int4")
def _get_bit(data: bytes, place: int) -> int:
    """The bits of a byte from the lowest on."""
    if not 0 <= place < 8 * len(data):
        raise PgError(sqlstate.ARRAY_SUBSCRIPT_ERROR, f"index {place} out of valid range, 0..{8 * len(data) - 1}")
    return data[place // 8] >> place % 8 & 1


@function("set_bit(bytea, int8, int4) bytea")
def _set_bit(data: bytes, place: int, bit: int) -> bytes:
    if _get_bit(data, place) == bit:
        return data
    if bit not in (0, 1):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "new bit must be 0 or 1")
    at = place // 8
    return data[:at] + bytes((data[at] ^ 1 << place % 8,)) + data[at + 1 :]


function("bit_count(bytea) int8")(lambda data: int.from_bytes(data).bit_count())
function("btrim(bytea, bytea) bytea")(lambda data, characters: data.strip(characters) if characters else data)
function("ltrim(bytea, bytea) bytea")(lambda data, characters: data.lstrip(characters) if characters else data)
function("rtrim(bytea, bytea) bytea")(lambda data, characters: data.rstrip(characters) if characters else data)


def _unknown(name: str) -> PgError:
    return PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized encoding: "{name}"')


@function("encode(bytea, text) text")
def _encode(data: bytes, name: str) -> str:
    match name.lower():
        case "hex":
            return data.hex()
        case "base64":
            text = base64.b64encode(data).decode()
            return "\n".join(text[start : start + 76] for start in range(0, len(text), 76))
        case "escape":
            return re.sub(rb"\\|[\x00\x80-\xff]", lambda m: b"\\\\" if m[0] == b"\\" else b"\\%03o" % m[0][0], data).decode(
                "ascii"
            )
    raise _unknown(name)


@function("decode(text, text) bytea")
def _decode(text: str, name: str) -> bytes:
    match name.lower():
        case "hex":
            return _of_hex(text)
        case "base64":
            return _of_base64(text)
        case "escape":
            return bytes(BYTEA.text_in(Context())(text.encode()))
    raise _unknown(name)


def _of_hex(text: str) -> bytes:
    digits = re.sub(r"[ \t\n\r]", "", text)
    bad = re.search(r"[^0-9a-fA-F]", digits)
    if bad is not None:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid hexadecimal digit: "{bad[0]}"')
    if len(digits) % 2:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits")
    return bytes.fromhex(digits)


def _of_base64(text: str) -> bytes:
    digits = re.sub(r"[ \t\n\r]", "", text)
    bad = re.search(r"[^A-Za-z0-9+/=]", digits)
    if bad is not None:
        message = f'invalid symbol "{bad[0]}" found while decoding base64 sequence'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    try:
        return base64.b64decode(digits, validate=True)
    except binascii.Error:
        hint = "Input data is missing padding, is truncated, or is otherwise corrupted."
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "invalid base64 end sequence", hint=hint) from None


@function("convert_to(text, name) bytea", "convert_to(text, text) bytea")
def _convert_to(text: str, name: str) -> bytes:
    return text.encode(_codec(name))


@function("convert_from(bytea, name) text", "convert_from(bytea, text) text")
def _convert_from(data: bytes, name: str) -> str:
    try:
        return data.decode(_codec(name))
    except UnicodeDecodeError as error:
        shown = " ".join(f"0x{byte:02x}" for byte in data[error.start : error.end])
        message = f'invalid byte sequence for encoding "{name.upper()}": {shown}'
        raise PgError(sqlstate.CHARACTER_NOT_IN_REPERTOIRE, message) from None


def _codec(name: str) -> str:
    known = {"utf8": "utf-8", "utf-8": "utf-8", "latin1": "latin-1", "iso88591": "latin-1", "sql_ascii": "utf-8"}
    found = known.get(name.lower())
    if found is None:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid source encoding name "{name}"')
    return found
