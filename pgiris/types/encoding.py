"""Client encodings: str <-> the client's bytes.

PostgreSQL: multibyte#MULTIBYTE-CHARSET-SUPPORTED
"""

from __future__ import annotations

import re
from functools import cache

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types.codec import Decode, Encode, Value

# PostgreSQL's name -> Python's codec. SQL_ASCII means "do not convert": the client gets and gives the server's UTF8.
ENCODINGS = {
    "UTF8": "utf-8",
    "SQL_ASCII": "utf-8",
    "LATIN1": "iso8859-1",
    "LATIN2": "iso8859-2",
    "LATIN3": "iso8859-3",
    "LATIN4": "iso8859-4",
    "LATIN5": "iso8859-9",
    "LATIN6": "iso8859-10",
    "LATIN7": "iso8859-13",
    "LATIN8": "iso8859-14",
    "LATIN9": "iso8859-15",
    "LATIN10": "iso8859-16",
    "ISO_8859_5": "iso8859-5",
    "ISO_8859_6": "iso8859-6",
    "ISO_8859_7": "iso8859-7",
    "ISO_8859_8": "iso8859-8",
    "KOI8R": "koi8-r",
    "KOI8U": "koi8-u",
    "WIN866": "cp866",
    "WIN874": "cp874",
    "WIN1250": "cp1250",
    "WIN1251": "cp1251",
    "WIN1252": "cp1252",
    "WIN1253": "cp1253",
    "WIN1254": "cp1254",
    "WIN1255": "cp1255",
    "WIN1256": "cp1256",
    "WIN1257": "cp1257",
    "WIN1258": "cp1258",
    "EUC_JP": "euc_jp",
    "EUC_JIS_2004": "euc_jis_2004",
    "EUC_KR": "euc_kr",
    "EUC_CN": "gb2312",
    "SJIS": "cp932",
    "SHIFT_JIS_2004": "shift_jis_2004",
    "BIG5": "big5",
    "GBK": "gbk",
    "GB18030": "gb18030",
    "UHC": "cp949",
    "JOHAB": "johab",
}

_MULTIBYTE = {
    *("EUC_JP", "EUC_JIS_2004", "EUC_KR", "EUC_CN", "SJIS", "SHIFT_JIS_2004", "BIG5", "GBK", "GB18030", "UHC", "JOHAB"),
}

# Other spellings, without their punctuation and in lower case.
ALIASES = {
    "unicode": "UTF8",
    "alt": "WIN866",
    "abc": "WIN1258",
    "tcvn": "WIN1258",
    "tcvn5712": "WIN1258",
    "vscii": "WIN1258",
    "win": "WIN1251",
    "koi8": "KOI8R",
    "mskanji": "SJIS",
    "shiftjis": "SJIS",
    "win932": "SJIS",
    "windows932": "SJIS",
    "win936": "GBK",
    "windows936": "GBK",
    "win949": "UHC",
    "windows949": "UHC",
    "win950": "BIG5",
    "windows950": "BIG5",
    "iso88591": "LATIN1",
    "iso88592": "LATIN2",
    "iso88593": "LATIN3",
    "iso88594": "LATIN4",
    "iso88599": "LATIN5",
    "iso885910": "LATIN6",
    "iso885913": "LATIN7",
    "iso885914": "LATIN8",
    "iso885915": "LATIN9",
    "iso885916": "LATIN10",
    **{f"windows{page}": f"WIN{page}" for page in (866, 874, *range(1250, 1259))},
}

_PUNCTUATION = re.compile(r"[^a-z0-9]")
_BY_SPELLING = {_PUNCTUATION.sub("", name.lower()): name for name in ENCODINGS} | ALIASES


def find_encoding(spelling: str) -> str | None:
    """PostgreSQL's name of an encoding, however the client spells it: ``utf-8`` -> ``UTF8``."""
    return _BY_SPELLING.get(_PUNCTUATION.sub("", spelling.lower()))


@cache
def text_encoder(client_encoding: str) -> Encode:
    codec = ENCODINGS[client_encoding]

    def encode(value: Value) -> bytes:
        text = value if type(value) is str else text_of(value)
        try:
            return text.encode(codec)
        except UnicodeEncodeError:
            return _encode_again(text, codec, client_encoding)

    return encode


@cache
def text_decoder(client_encoding: str) -> Decode:
    codec = ENCODINGS[client_encoding]

    def decode(raw: bytes) -> str:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError as error:
            raise _undecodable(raw, error.start, client_encoding) from None
        if "\0" in text:
            raise _invalid_sequence(b"\0", client_encoding)
        return text

    return decode


def text_of(value: Value) -> str:
    """A number where text was promised: IRIS reports expressions with poor types (iris-reference 3.5)."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError("bytes where text was promised")
    return str(value)


def _encode_again(text: str, codec: str, client_encoding: str) -> bytes:
    """IRIS keeps UTF-16, so a character may come as its two surrogates. Raises 22P05 or 22021."""
    try:
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        lone = next(c for c in text if "\ud800" <= c <= "\udfff").encode("utf-8", "surrogatepass")
        raise _invalid_sequence(lone, "UTF8") from None
    try:
        return joined.encode(codec)
    except UnicodeEncodeError as error:
        raise _untranslatable(joined[error.start].encode(), "UTF8", client_encoding) from None


def _undecodable(raw: bytes, start: int, client_encoding: str) -> PgError:
    if ENCODINGS[client_encoding] == "utf-8":
        return _invalid_sequence(raw[start : start + _utf8_length(raw[start])], "UTF8")
    if client_encoding in _MULTIBYTE:
        return _invalid_sequence(raw[start : start + 2], client_encoding)
    return _untranslatable(raw[start : start + 1], client_encoding, "UTF8")


def _utf8_length(first: int) -> int:
    """PostgreSQL: src/common/wchar.c, pg_utf_mblen"""
    return 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4 if first < 0xF8 else 1


def _invalid_sequence(sequence: bytes, encoding: str) -> PgError:
    return PgError(sqlstate.CHARACTER_NOT_IN_REPERTOIRE, f'invalid byte sequence for encoding "{encoding}": {_as_hex(sequence)}')


def _untranslatable(sequence: bytes, source: str, target: str) -> PgError:
    return PgError(
        sqlstate.UNTRANSLATABLE_CHARACTER,
        f'character with byte sequence {_as_hex(sequence)} in encoding "{source}" has no equivalent in encoding "{target}"',
    )


def _as_hex(sequence: bytes) -> str:
    return " ".join(f"0x{byte:02x}" for byte in sequence)
