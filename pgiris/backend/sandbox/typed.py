"""Typed: an expression as SQLite SQL with its IRIS type, and how one type's values become another's."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from pgiris.backend.sandbox import decimals, values
from pgiris.backend.sandbox.dictionary import ColumnDef, TableDef
from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DOUBLE,
    EXACT,
    MOMENTS,
    NUMBERS,
    NUMERIC,
    SQLSTRING,
    SQLUPPER,
    STRING,
    STRINGS,
    UNTYPED,
    IrisType,
    Kind,
)
from pgiris.backend.sandbox.values import Convert
from pgiris.backend.sqlcode import pg_error

NOTHING = object()


@dataclass
class Typed:
    """sql: SQLite's text, empty for a bare parameter. literal: its value when it is one. label: what names it in a result."""

    sql: str
    type: IrisType
    literal: Any = NOTHING
    parameter: int | None = None
    column: ColumnDef | None = None
    table: TableDef | None = None
    attribute: int = 0
    label: str = "Expression"
    aggregate: bool = False
    led: bool = False  # a collated string, which has a blank in front where it is shown
    loose: bool = False  # a whole number by its type, but a parameter may make it a fraction
    shifted: bool = False  # a date plus or minus days, which only other dates can be compared with

    @property
    def is_literal(self) -> bool:
        return self.literal is not NOTHING

    @property
    def kind(self) -> Kind:
        return self.type.kind


def quoted(value: Any) -> str:
    """A value as SQLite literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value) if value >= -(2**63) + 1 else "(-9223372036854775807 - 1)"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if "\0" in value:
        return f"CAST(x'{value.encode().hex()}' AS TEXT)"
    text = str(value).replace("'", "''")
    return f"'{text}'"


@dataclass
class Binds:
    """What a compiled statement binds, in the order of SQLite's numbered parameters.

    outside: of the statement around a LATERAL subquery, which passes the subquery's parameters as arguments (their SQL).
    """

    slots: list[tuple[int, Convert | None]] = field(default_factory=list)
    outside: Binds | None = None
    arguments: list[str] = field(default_factory=list)
    _numbers: dict[tuple[int, Convert | None], int] = field(default_factory=dict)

    def add(self, parameter: int, convert: Convert | None) -> str:
        if self.outside is not None:
            return self.argument(self.outside.add(parameter, convert))
        slot = (parameter, convert)
        number = self._numbers.get(slot)
        if number is None:
            self.slots.append(slot)
            number = self._numbers[slot] = len(self.slots)
        return f"?{number}"

    def argument(self, sql: str) -> str:
        """The parameter that stands for SQL of the statement around."""
        if sql not in self.arguments:
            self.arguments.append(sql)
        return f"?{self.arguments.index(sql) + 1}"


def balanced(parts: list[str], operator: str) -> str:
    """Parts joined by an associative operator in a tree of least depth: SQLite's expressions must not be deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({balanced(parts[:middle], operator)} {operator} {balanced(parts[middle:], operator)})"


def chain(node: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    """The operands of a left-deep chain of one operator."""
    operands: list[exp.Expr] = []
    while type(node) is kind:
        operands.append(node.args["expression"])
        node = node.this
    return [node, *reversed(operands)]


DECIMAL_ORDER = " COLLATE IRIS_DECIMAL"


def key(sql: str, type_: IrisType) -> str:
    """The text whose equality is the equality of the type's collation, as indexes hold it."""
    if type_.kind == Kind.NUMERIC:
        return sql if sql.endswith(DECIMAL_ORDER) else sql + DECIMAL_ORDER
    if type_.kind in STRINGS:
        if type_.collation == SQLUPPER:
            return f"iris_upper({sql})"
        if type_.collation == SQLSTRING:
            return f"rtrim({sql})"
    return sql


def without_order(sql: str, type_: IrisType) -> str:
    """A value that is no number, in whose conditions numbers are compared: SQLite would take over their collation."""
    return f"({sql}) COLLATE BINARY" if type_.kind != Kind.NUMERIC and DECIMAL_ORDER in sql else sql


def key_of(value: Any, type_: IrisType) -> Any:
    """The same for a value."""
    if isinstance(value, str) and type_.kind in STRINGS:
        if type_.collation == SQLUPPER:
            return value.rstrip().upper()
        if type_.collation == SQLSTRING:
            return value.rstrip(" ")
    return value


def order_key(sql: str, type_: IrisType) -> str:
    """The text that sorts as the type does: canonical numbers come first in EXACT strings."""
    if type_.kind in STRINGS:
        return f"iris_exact({sql})" if type_.collation == EXACT else key(sql, type_)
    return key(sql, type_)


def common(types: list[IrisType], what: str = "values") -> IrisType:
    """The type that can hold all of these. Raises SQLCODE -378 when there is none."""
    known = [type_ for type_ in types if type_.kind != Kind.UNTYPED]
    if not known:
        return UNTYPED
    first = known[0]
    kinds = {type_.kind for type_ in known}
    if len(kinds) == 1:
        return _widest(known)
    if kinds <= NUMBERS:
        if Kind.DOUBLE in kinds:
            return DOUBLE
        return NUMERIC if Kind.NUMERIC in kinds else BIGINT
    if kinds == {Kind.DATE, Kind.TIMESTAMP}:
        return next(type_ for type_ in known if type_.kind == Kind.TIMESTAMP)
    strings = [type_ for type_ in known if type_.kind in STRINGS | {Kind.STREAM}]
    if strings and kinds <= STRINGS | NUMBERS | MOMENTS | {Kind.STREAM}:
        return STRING.collated(strings[0].collation or EXACT)
    raise pg_error(-378, f"Datatype mismatch in {what}, explicit CAST is required: {first.ddl} and {known[-1].ddl}")


def _widest(types: list[IrisType]) -> IrisType:
    first = types[0]
    if all(type_.ddl == first.ddl for type_ in types):
        same = all(type_.description == first.description for type_ in types)
        return (
            first
            if same
            else IrisType(first.kind, first.ddl, first.length, first.precision, first.scale, first.collation, first.element)
        )
    if first.kind == Kind.INTEGER:
        return max(types, key=lambda type_: type_.range[1])
    if first.kind == Kind.NUMERIC:
        return NUMERIC
    if first.kind == Kind.STRING:
        return STRING.collated(first.collation)
    return first


# Conversions between kinds: SQL templates.

_CONVERSIONS: dict[Kind, dict[Kind, str]] = {
    Kind.STRING: {
        Kind.BIT: "CAST({} AS TEXT)",
        Kind.INTEGER: "CAST({} AS TEXT)",
        Kind.NUMERIC: "iris_number_text({})",
        Kind.DOUBLE: "iris_number_text(iris_double_text({}))",
        Kind.UUID: "{}",
        Kind.STREAM: "{}",
        Kind.DATE: "{}",
        Kind.TIME: "{}",
        Kind.TIMESTAMP: "{}",
        Kind.BINARY: "iris_latin1({})",
        Kind.BINARY_STREAM: "iris_latin1({})",
        Kind.VECTOR: "iris_vector_text({})",
    },
    Kind.INTEGER: {
        Kind.BIT: "{}",
        Kind.NUMERIC: "iris_whole({})",
        Kind.DOUBLE: "iris_whole({})",
        Kind.STRING: "iris_whole(iris_number({}))",
        Kind.UUID: "iris_whole(iris_number({}))",
    },
    Kind.NUMERIC: {
        Kind.BIT: "CAST({} AS TEXT)",
        Kind.INTEGER: "CAST({} AS TEXT)",
        Kind.DOUBLE: "iris_double_text({})",
        Kind.STRING: "iris_number({})",
        Kind.UUID: "iris_number({})",
    },
    Kind.DOUBLE: {
        Kind.BIT: "CAST({} AS REAL)",
        Kind.INTEGER: "CAST({} AS REAL)",
        Kind.NUMERIC: "CAST({} AS REAL)",
        Kind.STRING: "CAST(iris_number({}) AS REAL)",
        Kind.UUID: "CAST(iris_number({}) AS REAL)",
    },
    Kind.DATE: {Kind.TIMESTAMP: "substr({}, 1, 10)", Kind.STRING: "iris_to_date({})"},
    Kind.TIME: {Kind.TIMESTAMP: "substr({}, 12)", Kind.STRING: "iris_to_time({})"},
    Kind.TIMESTAMP: {Kind.DATE: "({} || ' 00:00:00')", Kind.STRING: "iris_to_timestamp({})"},
    Kind.BINARY: {Kind.STRING: "iris_bytes({})", Kind.BINARY_STREAM: "{}"},
    Kind.BINARY_STREAM: {Kind.BINARY: "{}"},
    Kind.STREAM: {},
    Kind.UUID: {},
    Kind.BIT: {
        Kind.INTEGER: "({} <> 0)",
        Kind.NUMERIC: "({} <> '0')",
        Kind.DOUBLE: "({} <> 0)",
        Kind.STRING: "(iris_number({}) <> '0')",
    },
    Kind.VECTOR: {},
}
_CONVERSIONS[Kind.STREAM] = _CONVERSIONS[Kind.UUID] = {**_CONVERSIONS[Kind.STRING], Kind.STRING: "{}"}


def converted(sql: str, source: IrisType, target: IrisType) -> str:
    """SQL of one kind as SQL of another. Raises SQLCODE -378 when IRIS wants a CAST."""
    if source.kind in (target.kind, Kind.UNTYPED) or target.kind == Kind.UNTYPED:
        return sql
    template = _CONVERSIONS[target.kind].get(source.kind)
    if template is None:
        raise pg_error(-378, f"Datatype mismatch, explicit CAST is required: {source.ddl} and {target.ddl}")
    return template.format(sql)


def literal_as(value: Any, target: IrisType) -> Any:
    """A literal in the representation of a type. Raises -146 or -147 for what is no date or time."""
    convert = values.comparable(target)
    return value if value is None or convert is None else convert(value)


def number_literal(text: str) -> Typed:
    """``12`` is a whole number, ``1.5`` exact, ``1E5`` a double."""
    if "E" in text.upper():
        if math.isinf(float(text)):
            raise pg_error(-7, f"Exponent out of range: {text}")
        return Typed(repr(float(text)), DOUBLE, float(text), label="HostVar")
    if "." in text:
        exact = decimals.canonical(decimals.as_decimal(text))
        return Typed(quoted(exact), NUMERIC, exact, label="HostVar")
    number = int(text)
    if number > 2**63 - 1:
        return Typed(quoted(str(number)), NUMERIC, str(number), label="HostVar")
    type_ = BIGINT if number > 2**31 - 1 else IrisType(Kind.INTEGER, "INTEGER")
    return Typed(str(number), type_, number, label="HostVar")
