"""Native: the compiled twin of the hottest loops (native/), where it is installed. Python is the reference.

PGIRIS_ENCODER: ``auto`` (the default) takes the twin if it is there, ``native`` insists on it, ``python`` does without.
A twin knows columns by their kinds: a name, a number, and the Python function whose bytes or values it gives as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, cast, runtime_checkable

from pgiris.types import oids
from pgiris.types.codec import Context, Decode, Encode, Oid, Value
from pgiris.types.datetime import date_binary, iso_utc, time_binary, timestamp_binary
from pgiris.types.encoding import text_encoder
from pgiris.types.numeric import (
    NumericBinary,
    PaddedNumeric,
    float4_binary,
    float8_binary,
    numeric_text,
    shortest4,
    shortest8,
)
from pgiris.types.scalar import (
    INT2,
    INT4,
    INT8,
    PaddedText,
    as_is,
    bool_binary,
    bool_text,
    bytea_hex,
    octets,
    uuid_binary,
    uuid_text,
)
from pgiris.types.table import TYPES
from pgiris.types.vector import vector_binary, vector_text

VARIABLE = "PGIRIS_ENCODER"
CHOICES = ("auto", "native", "python")
SHARE_SQLITE = "pgiris_share_sqlite"  # the entry by which SQLite loads the twin as an extension
_API = 6  # of the twin that this module knows

Rows = Sequence[Sequence[Value]]
Kind = tuple[str, int]
Block = Sequence[tuple[Value, ...]]  # whose rows become values when they are looked at
VectorFunction = Callable[[bytes | None, bytes | None], float | None]
Taken = tuple[bytes, int, bool]  # messages, of how many rows, whether there are no more
_PYTHON: Kind = ("python", 0)


class Taker(Protocol):
    """A writer that reads rows where SQLite has them."""

    def take(self, cursor: Any, rows: int, size: int) -> Taken | None:
        """The messages of up to so many rows, about so many bytes. Raises what the cursor and the columns' functions raise.

        cursor: of apsw, which has given a row. None: it cannot be read here, and nothing has happened.
        """
        ...


class RowWriter(Taker, Protocol):
    """Rows -> DataRow messages. Raises what the columns' Python functions raise."""

    def encode(self, rows: Rows) -> bytes: ...


class TupleWriter(Taker, Protocol):
    """Rows -> CopyData in binary. first: what shares its message with the first row."""

    def encode(self, rows: Rows, first: bytes) -> bytes: ...


@runtime_checkable
class MeasuredRows(Protocol):
    """A block of the compiled twin."""

    def exceeds(self, lengths: list[tuple[int, int]]) -> bool:
        """Whether a text has more characters than its column may. lengths: (column, characters)."""
        ...


class LineDecoder(Protocol):
    """Whole lines -> rows; None leaves them to Python. returns: lines end with CR and LF, not with LF."""

    def decode(self, block: bytes, returns: bool) -> Block | None: ...


class TupleDecoder(Protocol):
    """Tuples from a place on -> rows, and where the first that is not whole begins; None leaves them to Python."""

    def decode(self, data: bytes, start: int) -> tuple[Block, int] | None: ...


class RowBinder(Protocol):
    """Rows -> what is to be bound; None leaves them to Python."""

    def bound(self, rows: Rows) -> list[tuple[Any, ...]] | None: ...


class RowInserter(Protocol):
    """Inserts rows by statements of SQLite that it has prepared, as long as it lives."""

    def insert(self, rows: Rows) -> int:
        """How many were inserted before one that failed or whose values need a closer look: it is Python's then."""
        ...


class MakesInserters(Protocol):
    @staticmethod
    def prepared(connection: Any, binder: RowBinder, one: str, several: tuple[str, int] | None) -> RowInserter | None: ...


class Twin(Protocol):
    """The module pgiris_native."""

    API: int

    def DataRows(self, columns: list[tuple[str, int, Encode]]) -> RowWriter: ...
    def CopyTuples(self, columns: list[tuple[str, int, Encode]]) -> TupleWriter: ...
    def CopyLines(
        self,
        columns: list[tuple[str, int, Encode]],
        delimiter: bytes,
        null: bytes,
        quote: bytes | None,
        escape: bytes | None,
        quoted: list[int],
    ) -> RowWriter: ...
    def LineBlocks(
        self, columns: list[tuple[str, int, Decode]], delimiter: int, null: bytes, quote: int | None
    ) -> LineDecoder: ...
    def TupleBlocks(self, columns: list[tuple[str, int, Decode]]) -> TupleDecoder: ...
    def define_vector_functions(self, connection: Any, dot: VectorFunction, cosine: VectorFunction) -> bool: ...
    def Binder(self, slots: list[tuple[int, tuple[str, int, int]]], width: int) -> RowBinder: ...
    @property
    def Inserter(self) -> MakesInserters: ...


def _load() -> tuple[Twin | None, str]:
    """The twin or None, and why."""
    choice = os.environ.get(VARIABLE) or "auto"
    if choice not in CHOICES:
        return None, f"{VARIABLE} is {choice}, which is none of {', '.join(CHOICES)}"
    if choice == "python":
        return None, f"{VARIABLE} is python"
    try:
        found: Twin = cast("Twin", import_module("pgiris_native"))
    except ImportError as error:
        return None, f"pgiris_native cannot be loaded: {error}"
    if found.API != _API:
        return None, f"pgiris_native is of another version ({found.API}, not {_API})"
    return found, ""


twin, reason = _load()


def description() -> str:
    """Which encoder is in use."""
    return "native" if twin is not None else f"Python ({reason})"


def problem() -> str:
    """What is wrong with the choice; empty when it could be followed."""
    choice = os.environ.get(VARIABLE) or "auto"
    return reason if choice not in CHOICES or (choice == "native" and twin is None) else ""


def library() -> str | None:
    """The file of the twin."""
    module = getattr(twin, "pgiris_native", twin)  # a package of its name may hold it
    return getattr(module, "__file__", None)


# Out


def data_rows(encoders: Sequence[Encode]) -> RowWriter | None:
    """encoders: of the columns, in their formats."""
    return None if twin is None else twin.DataRows(_out(encoders))


def copy_tuples(encoders: Sequence[Encode]) -> TupleWriter | None:
    return None if twin is None else twin.CopyTuples(_out(encoders))


def copy_lines(
    encoders: Sequence[Encode], delimiter: bytes, null: bytes, quote: bytes | None, escape: bytes | None, quoted: Sequence[int]
) -> RowWriter | None:
    """Rows -> CopyData in text or, with quote and escape, CSV, in UTF-8. quoted: places that always are."""
    if twin is None:
        return None
    return twin.CopyLines(_out(encoders), delimiter, null, quote, escape, list(quoted))


def _out(encoders: Sequence[Encode]) -> list[tuple[str, int, Encode]]:
    return [(*_kind_out(encode), encode) for encode in encoders]


def _kind_out(encode: Encode) -> Kind:
    if isinstance(encode, PaddedNumeric):
        return "numeric_text", encode.scale
    if isinstance(encode, NumericBinary):
        return "numeric_binary", encode.least_scale
    if isinstance(encode, PaddedText):
        return ("padded", encode.width) if encode.encode is _UTF8 else _PYTHON
    return _OUT.get(encode, _PYTHON)


_CONTEXT = Context()
_UTF8 = text_encoder("UTF8")
_OUT: Mapping[Encode, Kind] = {
    _UTF8: ("text", 0),
    as_is: ("ascii", 0),
    bool_text: ("bool_text", 0),
    bool_binary: ("bool_binary", 0),
    shortest4: ("float4_text", 0),
    float4_binary: ("float4_binary", 0),
    shortest8: ("float8_text", 0),
    float8_binary: ("float8_binary", 0),
    numeric_text: ("numeric_text", 0),
    date_binary: ("date", 0),
    time_binary: ("time", 0),
    timestamp_binary: ("timestamp", 0),
    iso_utc: ("utc", 0),
    bytea_hex: ("hex", 0),
    octets: ("octets", 0),
    uuid_text: ("uuid_text", 0),
    uuid_binary: ("uuid_binary", 0),
    vector_text: ("vector_text", 0),
    vector_binary: ("vector_binary", 0),
    TYPES[oids.OID].codec.text_out(_CONTEXT, -1): ("unsigned", 32),
    **{codec.text_out(_CONTEXT, -1): ("integer", bits) for codec, bits in ((INT2, 16), (INT4, 32), (INT8, 64))},
    **{codec.binary_out(_CONTEXT, -1): (kind, 0) for codec, kind in ((INT2, "int2"), (INT4, "int4"), (INT8, "int8"))},
}

# In


def line_blocks(
    types: Sequence[Oid], decoders: Sequence[Decode], delimiter: bytes, null: bytes, quote: bytes | None
) -> LineDecoder | None:
    """Text or, with quote, CSV whose quotes are doubled; in UTF-8."""
    if twin is None:
        return None
    return twin.LineBlocks(_in(types, decoders, _IN), delimiter[0], null, None if quote is None else quote[0])


def tuple_blocks(types: Sequence[Oid], decoders: Sequence[Decode], *, utf8: bool) -> TupleDecoder | None:
    """utf8: texts come in UTF-8."""
    return None if twin is None else twin.TupleBlocks(_in(types, decoders, _PACKED if utf8 else _PACKED_NUMBERS))


def _in(types: Sequence[Oid], decoders: Sequence[Decode], kinds: Mapping[Oid, Kind]) -> list[tuple[str, int, Decode]]:
    return [(*kinds.get(oid, _PYTHON), decode) for oid, decode in zip(types, decoders, strict=True)]


_TEXTS: Mapping[Oid, Kind] = {oids.TEXT: ("text", 0), oids.VARCHAR: ("text", 0), oids.BPCHAR: ("unpadded", 0)}
_INTEGERS = ((oids.INT2, 16), (oids.INT4, 32), (oids.INT8, 64))
_IN: Mapping[Oid, Kind] = {
    **_TEXTS,
    **{oid: ("integer", bits) for oid, bits in _INTEGERS},
    oids.BOOL: ("bool", 0),
    oids.FLOAT8: ("float8", 0),
    oids.NUMERIC: ("numeric", 0),
    oids.DATE: ("date", 0),
    oids.TIMESTAMP: ("timestamp", 0),
    oids.UUID: ("uuid", 0),
    oids.BYTEA: ("hex", 0),
}
_PACKED_NUMBERS: Mapping[Oid, Kind] = {
    **{oid: ("packed", bits) for oid, bits in _INTEGERS},
    oids.BOOL: ("packed_bool", 0),
    oids.FLOAT8: ("packed_float8", 0),
    oids.NUMERIC: ("packed_numeric", 0),
    oids.TIMESTAMP: ("packed_timestamp", 0),
    oids.TIMESTAMPTZ: ("packed_timestamp", 0),
    oids.UUID: ("packed_uuid", 0),
    oids.BYTEA: ("octets", 0),
}
_PACKED: Mapping[Oid, Kind] = {**_TEXTS, **_PACKED_NUMBERS}

# Between


def binder(slots: Sequence[tuple[int, tuple[str, int, int]]], width: int) -> RowBinder | None:
    """slots: places in rows of this width, and the kinds of what columns store there (backend/sandbox/bulk.py)."""
    return None if twin is None else twin.Binder(list(slots), width)


def inserter(connection: Any, binder: RowBinder, one: str, several: tuple[str, int] | None) -> RowInserter | None:
    """connection: apsw's. one: the INSERT of a row that binder knows. several: one of several rows, and of how many."""
    return None if twin is None else twin.Inserter.prepared(connection, binder, one, several)


def define_vector_functions(connection: Any, dot: VectorFunction, cosine: VectorFunction) -> bool:
    """Have SQLite compute products and cosines without Python. connection: apsw's. dot, cosine: for what is not plain."""
    return twin is not None and twin.define_vector_functions(connection, dot, cosine)
