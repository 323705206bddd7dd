"""Types of PostgreSQL <-> DDL types of IRIS, and the annotation that keeps what IRIS cannot tell back.

iris-reference 5.1 to 5.4. A column whose IRIS type does not lead back to its PostgreSQL type carries
``pgiris:<type name as format_type prints it>`` in its %DESCRIPTION, and an identity column how it was declared
(``pgiris:integer serial``, ``pgiris:bigint generated always as identity``). That of an enum has its number, ``pgiris:enum 17``,
since its name may change: which type that is backend/notes.py knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pgiris.errors import PgError, not_supported
from pgiris.types import enums, oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import scale_of
from pgiris.types.table import TYPES, numeric_typmod, parse_type, type_name
from pgiris.types.vector import DENSE

MAX_SCALE = 18  # iris-reference 5.2
MAX_PRECISION_ABOVE_SCALE = 19
MAX_LENGTH = 3_641_144
UNBOUNDED_LENGTHS = frozenset((4096, 65535, MAX_LENGTH))  # what metadata says of a VARCHAR without limit, and what we declare
DEFAULT_NUMERIC = (15, 0)  # NUMERIC without arguments

# PostgreSQL -> IRIS.


def to_iris(oid: Oid, typmod: int = -1) -> str:
    """The DDL type of a column. Raises PgError 0A000 for a type that IRIS cannot store."""
    row = TYPES.get(oid)
    if row is None or not row.iris:
        raise not_supported(f"columns of type {type_name(oid, typmod)} are not supported")
    writer = _TO_IRIS.get(oid)
    return writer(typmod) if writer is not None and typmod >= 0 else row.iris


def _numeric_to_iris(typmod: int) -> str:
    """IRIS keeps 19 significant digits: a wider precision is declared as wide as IRIS allows, and IRIS refuses what is larger."""
    precision, scale = (typmod - 4) >> 16, scale_of(typmod)
    if not 0 <= scale <= MAX_SCALE:
        raise not_supported(f"IRIS has no numeric type with {scale} decimals", f"It has 0 to {MAX_SCALE}.")
    return f"NUMERIC({min(precision, MAX_PRECISION_ABOVE_SCALE + scale)},{scale})"


_TO_IRIS: dict[Oid, Callable[[int], str]] = {
    oids.VARCHAR: lambda typmod: f"VARCHAR({min(typmod - 4, MAX_LENGTH)})",
    oids.BPCHAR: lambda typmod: f"CHAR({min(typmod - 4, MAX_LENGTH)})",
    oids.NUMERIC: _numeric_to_iris,
    oids.TIME: lambda typmod: f"TIME({typmod})",
    **dict.fromkeys(DENSE, lambda typmod: f"VECTOR(FLOAT,{typmod})"),
}

# IRIS -> PostgreSQL.

_IRIS_TYPE = re.compile(r"\s*([A-Za-z%][A-Za-z0-9 ]*?)\s*(?:\(\s*([^()]*?)\s*\))?\s*")


def from_iris(iris_type: str) -> tuple[Oid, int]:
    """A DDL type with its arguments -> (oid, typmod). What is unknown is shown as text."""
    match = _IRIS_TYPE.fullmatch(iris_type)
    if match is None:
        return oids.TEXT, -1
    word = " ".join(match[1].upper().split())
    arguments = [part.strip() for part in match[2].split(",")] if match[2] else []
    reader = _FROM_IRIS_WITH_ARGUMENTS.get(word)
    if reader is not None:
        return reader(arguments)
    return _FROM_IRIS.get(word, oids.TEXT), -1


def _number(arguments: list[str], index: int) -> int | None:
    return int(arguments[index]) if index < len(arguments) and arguments[index].isdigit() else None


def _string(arguments: list[str]) -> tuple[Oid, int]:
    """Never character(n): IRIS does not pad. Without a length IRIS takes one character; VARCHAR('') and (MAX) have no limit."""
    length = _number(arguments, 0) if arguments else 1
    if length is None or length in UNBOUNDED_LENGTHS or length > MAX_LENGTH:
        return oids.TEXT, -1
    return oids.VARCHAR, length + 4


def _numeric(arguments: list[str]) -> tuple[Oid, int]:
    precision, scale = _number(arguments, 0), _number(arguments, 1)
    if precision is None:
        precision, scale = DEFAULT_NUMERIC
    return oids.NUMERIC, numeric_typmod(precision, scale or 0)


def _time(arguments: list[str]) -> tuple[Oid, int]:
    precision = _number(arguments, 0)
    return oids.TIME, -1 if precision is None or precision >= 6 else precision


def _vector(arguments: list[str]) -> tuple[Oid, int]:
    if arguments and arguments[0].upper() == "TIMESTAMP":
        return oids.TEXT, -1
    length = _number(arguments, 1)
    return oids.VECTOR, -1 if length is None else length


_FROM_IRIS_WITH_ARGUMENTS: dict[str, Callable[[list[str]], tuple[Oid, int]]] = {
    **dict.fromkeys(("VARCHAR", "VARCHAR2", "NVARCHAR", "CHARACTER VARYING", "CHAR VARYING"), _string),
    **dict.fromkeys(("CHAR", "NCHAR", "CHARACTER", "NATIONAL CHAR", "NATIONAL CHARACTER", "NATIONAL VARCHAR"), _string),
    **dict.fromkeys(("NUMERIC", "DECIMAL", "DEC", "NUMBER"), _numeric),
    "SYSNAME": lambda arguments: (oids.VARCHAR, 128 + 4),
    "MONEY": lambda arguments: (oids.NUMERIC, numeric_typmod(19, 4)),
    "SMALLMONEY": lambda arguments: (oids.NUMERIC, numeric_typmod(19, 4)),
    "TIME": _time,
    "VECTOR": _vector,
}
_FROM_IRIS: dict[str, Oid] = {
    word: oid
    for oid, words in {
        oids.BOOL: ("BIT",),
        oids.INT2: ("TINYINT", "SMALLINT"),
        oids.INT4: ("INTEGER", "INT", "MEDIUMINT"),
        oids.INT8: ("BIGINT", "SERIAL", "ROWVERSION", "COUNTER"),
        oids.FLOAT8: ("DOUBLE", "DOUBLE PRECISION", "FLOAT", "REAL"),
        oids.TEXT: ("LONGVARCHAR", "LONG", "CLOB", "TEXT", "NTEXT", "LONGTEXT", "MEDIUMTEXT", "LONG VARCHAR"),
        oids.BYTEA: ("BINARY", "VARBINARY", "BINARY VARYING", "RAW", "LONGVARBINARY", "BLOB", "IMAGE", "LONG BINARY", "LONG RAW"),
        oids.DATE: ("DATE",),
        oids.TIMESTAMP: ("TIMESTAMP", "POSIXTIME", "TIMESTAMP2", "DATETIME", "DATETIME2", "SMALLDATETIME"),
        oids.UUID: ("UNIQUEIDENTIFIER", "GUID"),
        oids.VECTOR: ("EMBEDDING",),
    }.items()
    for word in words
}

# The annotation.

PREFIX = "pgiris:"
_ENUM = re.compile(r"enum ([0-9]+)(\[\])?")


class NotedEnum(NamedTuple):
    """What the annotation of a column says that holds labels of an enum, or arrays of them."""

    number: int
    is_array: bool


GENERATIONS = {  # of identity columns -> how the annotation says it, after the type
    "serial": " serial",
    "always": " generated always as identity",
    "by default": " generated by default as identity",
}


def annotation(oid: Oid, typmod: int = -1, generation: str = "") -> str | None:
    """What a column's %DESCRIPTION must say; None when the IRIS type tells it already."""
    if generation:
        return PREFIX + type_name(oid, typmod) + GENERATIONS[generation]
    if from_iris(to_iris(oid, typmod)) == (oid, typmod):
        return None
    enum = enums.find(oid)
    if enum is not None:
        return PREFIX + enum.noted + ("[]" if oid == enum.array else "")
    return PREFIX + type_name(oid, typmod)


def noted_type(oid: Oid) -> str:
    """A type's name for good: enums are known by their number."""
    enum = enums.find(oid)
    return type_name(oid) if enum is None else enum.noted + ("[]" if oid == enum.array else "")


def from_noted(name: str, namespace: str) -> Oid:
    """The type that noted_type() names."""
    match = _ENUM.fullmatch(name)
    return parse_type(name)[0] if match is None else Oid(enums.oid_of(namespace, int(match[1])) + (match[2] is not None))


def generation_of(description: str | None) -> str:
    """Which kind of identity column an annotation remembers: a key of GENERATIONS, or ""."""
    return _noted(description)[1]


def _noted(description: str | None) -> tuple[str, str]:
    """(name of the type, generation) as an annotation says them; ("", "") without one."""
    first = (description or "").lstrip().split("\n", 1)[0].strip()
    if not first.startswith(PREFIX):
        return "", ""
    noted = first.removeprefix(PREFIX)
    for generation, words in GENERATIONS.items():
        if noted.endswith(words):
            return noted.removesuffix(words), generation
    return noted, ""


def from_annotation(description: str | None) -> tuple[Oid, int] | None:
    """The type that a %DESCRIPTION remembers. A user's comment may follow on further lines."""
    name, _ = _noted(description)
    if not name or _ENUM.fullmatch(name):
        return None
    try:
        return parse_type(name)
    except PgError:  # written by a newer pgiris, or by hand
        return None


def enum_of(description: str | None) -> NotedEnum | None:
    match = _ENUM.fullmatch(_noted(description)[0])
    return None if match is None else NotedEnum(int(match[1]), match[2] is not None)


def comment_of(description: str | None) -> str | None:
    """A %DESCRIPTION without its annotation; None when nothing else is there."""
    if from_annotation(description) is None and enum_of(description) is None:
        return description or None
    _, _, rest = (description or "").lstrip().partition("\n")
    return rest.strip("\r\n") or None
