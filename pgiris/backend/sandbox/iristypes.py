"""IrisType: the type of a column or expression, and how SQLite holds its values.

SQLite columns have no declared type. They hold: whole numbers and BIT as INTEGER, DOUBLE as REAL, NUMERIC as canonical decimal
text (decimals.py), dates and times as ISO text, strings as text, binary data as BLOB, vectors as BLOB (vectors.py).
iris-reference 5.1 to 5.4
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

import sqlglot
from sqlglot import exp

from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import IRIS
from pgiris.sql.iris.words import TYPE_NAMES
from pgiris.types.codec import Oid
from pgiris.types.iristypes import from_annotation, from_iris


class Kind(Enum):
    UNTYPED = auto()  # NULL, a parameter without context
    BIT = auto()
    INTEGER = auto()
    NUMERIC = auto()
    DOUBLE = auto()
    STRING = auto()
    STREAM = auto()
    BINARY = auto()
    BINARY_STREAM = auto()
    DATE = auto()
    TIME = auto()
    TIMESTAMP = auto()
    UUID = auto()
    VECTOR = auto()


EXACT, SQLUPPER, SQLSTRING = "EXACT", "SQLUPPER", "SQLSTRING"
UNLIMITED = 3_641_144  # characters of a string; iris-reference 5.2
MAX_SCALE = 18
ENLARGED = 19  # digits before the decimal point plus MAX_SCALE
RANGES = {
    "BIT": (0, 1),
    "TINYINT": (-(2**7), 2**7 - 1),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "MEDIUMINT": (-(2**23), 2**23 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "BIGINT": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True)
class IrisType:
    """ddl: the type as CREATE TABLE says it. length: of strings, binary data and vectors. element: of vectors."""

    kind: Kind
    ddl: str
    length: int | None = None
    precision: int = 0
    scale: int = 0
    collation: str = ""
    element: str = ""
    description: str | None = None

    @property
    def oid(self) -> tuple[Oid, int]:
        """(oid, typmod)"""
        return _oid(self.ddl, self.description)

    @property
    def range(self) -> tuple[int, int]:
        return RANGES.get(self.ddl, RANGES["BIGINT"])

    def collated(self, collation: str) -> IrisType:
        return replace(self, collation=collation)


@lru_cache(4096)
def _oid(ddl: str, description: str | None) -> tuple[Oid, int]:
    return from_annotation(description) or from_iris(ddl)


UNTYPED = IrisType(Kind.UNTYPED, "VARCHAR(4096)", collation=EXACT)
BIT = IrisType(Kind.BIT, "BIT")
INTEGER = IrisType(Kind.INTEGER, "INTEGER")
BIGINT = IrisType(Kind.INTEGER, "BIGINT")
NUMERIC = IrisType(
    Kind.NUMERIC, "NUMERIC(37,18)", precision=ENLARGED + MAX_SCALE, scale=MAX_SCALE, description="pgiris:numeric"
)  # of any precision
DOUBLE = IrisType(Kind.DOUBLE, "DOUBLE")
STRING = IrisType(Kind.STRING, "VARCHAR(4096)", length=UNLIMITED, collation=EXACT)
BINARY = IrisType(Kind.BINARY, "VARBINARY(4096)", length=UNLIMITED)
DATE = IrisType(Kind.DATE, "DATE")
TIME = IrisType(Kind.TIME, "TIME")
TIMESTAMP = IrisType(Kind.TIMESTAMP, "TIMESTAMP")
LIST = IrisType(Kind.BINARY, "VARBINARY(4096)", length=UNLIMITED, element="%List")
VECTOR = IrisType(Kind.VECTOR, "VECTOR", element="FLOAT")

NUMBERS = frozenset((Kind.BIT, Kind.INTEGER, Kind.NUMERIC, Kind.DOUBLE))
STRINGS = frozenset((Kind.STRING, Kind.UUID))
STREAMS = frozenset((Kind.STREAM, Kind.BINARY_STREAM))
MOMENTS = frozenset((Kind.DATE, Kind.TIME, Kind.TIMESTAMP))

T = exp.DType
_WHOLE = {T.TINYINT: "TINYINT", T.SMALLINT: "SMALLINT", T.MEDIUMINT: "MEDIUMINT", T.INT: "INTEGER", T.BIGINT: "BIGINT"}
_PLAIN = {
    T.BIT: BIT,
    **{kind: IrisType(Kind.INTEGER, name) for kind, name in _WHOLE.items()},
    T.SERIAL: IrisType(Kind.INTEGER, "SERIAL"),
    T.ROWVERSION: IrisType(Kind.INTEGER, "ROWVERSION"),
    T.MONEY: IrisType(Kind.NUMERIC, "MONEY", precision=19, scale=4),
    T.SMALLMONEY: IrisType(Kind.NUMERIC, "SMALLMONEY", precision=19, scale=4),
    T.DOUBLE: DOUBLE,
    T.NAME: IrisType(Kind.STRING, "SYSNAME", length=128),
    T.TEXT: IrisType(Kind.STREAM, "LONGVARCHAR"),
    T.BLOB: IrisType(Kind.BINARY_STREAM, "LONGVARBINARY"),
    T.DATE: DATE,
    T.TIMESTAMP: TIMESTAMP,
    T.DATETIME: IrisType(Kind.TIMESTAMP, "DATETIME"),
    T.DATETIME2: IrisType(Kind.TIMESTAMP, "DATETIME2"),
    T.UUID: IrisType(Kind.UUID, "UNIQUEIDENTIFIER", length=36, collation=SQLUPPER),
}


def type_of(node: exp.DataType) -> IrisType:
    """What a type in a statement means. Raises PgError (SQLCODE -1) for arguments that the type does not take."""
    kind = node.this
    arguments = [parameter.this for parameter in node.expressions]
    if kind == T.USERDEFINED:
        return _class_type(node, arguments)
    plain = _PLAIN.get(kind)
    if plain is not None and not (arguments and kind in (T.BIT,)):
        return plain
    if kind in (T.CHAR, T.VARCHAR):
        return _string(TYPE_NAMES[kind], arguments)
    if kind in (T.BINARY, T.VARBINARY):
        return _binary(TYPE_NAMES[kind], arguments)
    if kind == T.DECIMAL:
        return _numeric(arguments)
    if kind == T.TIME:
        digits = _integer(arguments, 0)
        return TIME if digits is None else replace(TIME, ddl=f"TIME({digits})", precision=digits)
    if kind == T.VECTOR:
        return _vector(arguments)
    raise pg_error(-1, f"Data type {node.sql(IRIS)} is not valid here")


_CLASSES = {
    "STRING": IrisType(Kind.STRING, "VARCHAR(50)", length=50),
    "INTEGER": BIGINT,
    "BIGINT": BIGINT,
    "SMALLINT": IrisType(Kind.INTEGER, "SMALLINT"),
    "TINYINT": IrisType(Kind.INTEGER, "TINYINT"),
    "BOOLEAN": BIT,
    "DOUBLE": DOUBLE,
    "FLOAT": DOUBLE,
    "NUMERIC": IrisType(Kind.NUMERIC, f"NUMERIC({ENLARGED + 2},2)", precision=ENLARGED + 2, scale=2),
    "DECIMAL": IrisType(Kind.NUMERIC, f"NUMERIC({ENLARGED},0)", precision=ENLARGED),
    "CURRENCY": _PLAIN[T.MONEY],
    "BINARY": IrisType(Kind.BINARY, "VARBINARY(50)", length=50),
    "UNIQUEIDENTIFIER": _PLAIN[T.UUID],
    "DATE": DATE,
    "TIME": TIME,
    "TIMESTAMP": IrisType(Kind.TIMESTAMP, "DATETIME"),
    "POSIXTIME": TIMESTAMP,
}
_SIZED = {"MAXLEN": {Kind.STRING: "VARCHAR({0})", Kind.BINARY: "VARBINARY({0})"}, "SCALE": {Kind.NUMERIC: "NUMERIC({1},{0})"}}


def _class_type(node: exp.DataType, arguments: list[exp.Expr]) -> IrisType:
    """``%Library.String(MAXLEN=45)``. What the parameters do not say is as the class has it: a %String holds 50 characters."""
    name = node.args["kind"]
    found = _CLASSES.get(name.upper().removeprefix("%LIBRARY.").removeprefix("%"))
    if found is None:
        raise not_supported(f"data type {name} is not known to the sandbox")
    if not arguments:
        return found
    parameter = arguments[0]
    template = _SIZED.get(parameter.this.name, {}).get(found.kind)
    if template is None or len(arguments) > 1 or parameter.expression.is_string or found.ddl == "MONEY":
        raise not_supported(f"parameters of {name} other than MAXLEN and SCALE are not known to the sandbox")
    size = int(parameter.expression.name)
    return type_named(template.format(size, ENLARGED + size))


def _integer(arguments: list[exp.Expr], index: int) -> int | None:
    return int(arguments[index].name) if index < len(arguments) and arguments[index].name.isdigit() else None


def _string(name: str, arguments: list[exp.Expr]) -> IrisType:
    if arguments and arguments[0].name == "MAX":
        return IrisType(Kind.STREAM, f"{name}(MAX)")
    if arguments and arguments[0].name == "":
        return IrisType(Kind.STRING, f"{name}('')", length=UNLIMITED)
    length = _integer(arguments, 0) or 1
    return IrisType(Kind.STRING, f"{name}({length})", length=length)


def _binary(name: str, arguments: list[exp.Expr]) -> IrisType:
    if arguments and arguments[0].name == "MAX":
        return IrisType(Kind.BINARY_STREAM, f"{name}(MAX)")
    length = _integer(arguments, 0) or 1
    return IrisType(Kind.BINARY, f"{name}({length})", length=length)


def _numeric(arguments: list[exp.Expr]) -> IrisType:
    precision, scale = _integer(arguments, 0), _integer(arguments, 1) or 0
    if precision is None:
        return IrisType(Kind.NUMERIC, "NUMERIC", precision=15, scale=0)
    if scale > MAX_SCALE or precision > ENLARGED + scale:
        raise pg_error(-1, f"NUMERIC({precision},{scale}) is larger than IRIS's numbers")
    return IrisType(Kind.NUMERIC, f"NUMERIC({precision},{scale})", precision=precision, scale=scale)


def _vector(arguments: list[exp.Expr]) -> IrisType:
    element = (arguments[0].name.upper() if arguments else "FLOAT").replace("INTEGER", "INT")
    if element == "TIMESTAMP":
        raise pg_error(-1, "VECTOR(TIMESTAMP) is not known to the sandbox")
    length = _integer(arguments, 1)
    name = {"INT": "INTEGER"}.get(element, element)
    ddl = f"VECTOR({name},{length})" if length is not None else f"VECTOR({name})" if arguments else "VECTOR"
    return IrisType(Kind.VECTOR, ddl, length=length, element=name)


@lru_cache(4096)
def type_named(ddl: str) -> IrisType:
    """The type of the dictionary's text."""
    node = sqlglot.parse_one(ddl, into=exp.DataType, dialect=IRIS)
    return type_of(node)
