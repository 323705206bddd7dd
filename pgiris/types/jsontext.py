"""Codecs of json and jsonb: json keeps its text, jsonb is brought to PostgreSQL's form.

PostgreSQL: datatype-json, src/backend/utils/adt/jsonb.c
"""

from __future__ import annotations

import json
import re
from typing import Any

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types.codec import Codec, Context, Decode, Encode
from pgiris.types.encoding import text_decoder, text_encoder
from pgiris.types.numeric import NUMERIC
from pgiris.types.scalar import TEXT

JSONB_VERSION = 1

_SURROGATE = re.compile("[\ud800-\udfff]")


class Number(str):
    """A number of a JSON text, as it was written."""


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


_scan = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=_refuse_constant).decode
_BLANK = " \t\n\r"


def checked(text: str) -> Any:
    """The value of a JSON text. Raises 22P02."""
    try:
        return _scan(text.strip(_BLANK)) if text[:1] in _BLANK or text[-1:] in _BLANK else _scan(text)
    except ValueError:
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json") from None
    except RecursionError:
        raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded") from None


def normalised(text: str) -> str:
    """jsonb's form: keys by length and then bytes, the last of equal keys, one blank after ``:`` and ``,``."""
    return canonical(checked(text))


def canonical(value: Any) -> str:
    """A value as jsonb shows it."""
    try:
        return _write(value)
    except RecursionError:
        raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded") from None


_quote = json.JSONEncoder(ensure_ascii=False).encode
_number_in = NUMERIC.text_in(Context())
_CONSTANTS = {True: "true", False: "false", None: "null"}


def _write(value: Any) -> str:
    if isinstance(value, Number):
        number: str = _number_in(value.encode("ascii"))
        return number
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return f"[{', '.join([_write(item) for item in value])}]"
    if isinstance(value, dict):
        members = sorted((len(key.encode("utf-8", "surrogatepass")), key.encode("utf-8", "surrogatepass"), key) for key in value)
        return f"{{{', '.join([f'{_string(key)}: {_write(value[key])}' for _, _, key in members])}}}"
    return _CONSTANTS[value]


def _string(text: str) -> str:
    if "\0" in text:
        detail = "\\u0000 cannot be converted to text."
        raise PgError(sqlstate.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence", detail=detail)
    if _SURROGATE.search(text):
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
    return _quote(text)


def _json_in(context: Context) -> Decode:
    decode = text_decoder(context.client_encoding)

    def from_text(raw: bytes) -> str:
        text: str = decode(raw)
        checked(text)
        return text

    return from_text


def _jsonb_in(context: Context) -> Decode:
    decode = text_decoder(context.client_encoding)
    return lambda raw: normalised(decode(raw))


def _jsonb_binary_out(context: Context, typmod: int) -> Encode:
    encode = text_encoder(context.client_encoding)
    return lambda value: b"\1" + encode(value)


def _jsonb_binary_in(context: Context) -> Decode:
    from_text = _jsonb_in(context)

    def from_binary(raw: bytes) -> str:
        if not raw:
            raise PgError(sqlstate.PROTOCOL_VIOLATION, "insufficient data left in message")
        if raw[0] != JSONB_VERSION:
            raise PgError(sqlstate.INTERNAL_ERROR, f"unsupported jsonb version number {raw[0]}")
        text: str = from_text(raw[1:])
        return text

    return from_binary


JSON = Codec(TEXT.text_out, TEXT.binary_out, _json_in, _json_in)
JSONB = Codec(TEXT.text_out, _jsonb_binary_out, _jsonb_in, _jsonb_binary_in)
