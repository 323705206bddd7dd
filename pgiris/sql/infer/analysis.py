"""Analysis: what is learnt about a statement, and how its nodes keep it in ``meta``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.coercion import ANY, INT4, INT8, NUMBERS, NUMERIC, STRINGS, UNKNOWN, Kind, assignable, category
from pgiris.sql.postgres import position_of
from pgiris.sql.scope import Field
from pgiris.types import oids
from pgiris.types.codec import ISO_MDY, Oid
from pgiris.types.relation import Snapshot
from pgiris.types.rows import Column
from pgiris.types.table import numeric_typmod, parse_type
from pgiris.types.vector import DENSE, VECTORS

MAX_PARAMETERS = 65535  # PostgreSQL: protocol-message-formats, Bind counts parameters in an Int16


MAX_PRECISION = 1000  # of numeric(p,s)


class Output(NamedTuple):
    """One column of a query's result."""

    name: str
    kind: Kind
    relation: Oid = Oid(0)
    attribute: int = 0
    nullable: bool = True
    collation: str = ""  # IRIS's, of a plain column
    scale: int | None = None  # decimals or characters that PostgreSQL shows of a numeric or char(n) whose typmod does not tell

    def column(self) -> Column:
        shown = -1 if self.scale is None else self.scale + 4  # typmods of character(n) count their own length
        if self.scale is not None and self.kind.oid == oids.NUMERIC:
            shown = numeric_typmod(MAX_PRECISION, self.scale)
        return Column(self.name, self.kind.oid, self.kind.typmod, self.relation, self.attribute, shown)


@dataclass
class Analysis:
    """What is learnt about one statement. parameters: their types so far, 0 for open ones."""

    text: str
    snapshot: Snapshot
    search_path: tuple[str, ...]
    parameters: list[Oid]
    lenient: bool = False  # there is no schema at hand: unknown names pass
    needs_computing: bool = False  # it calls what IRIS has not
    calls_session: bool = False  # and functions of the session
    kept: dict[str, KeptRows] = field(default_factory=dict)  # rows of steps before it, by the names of tables
    date_style: str = ISO_MDY

    def parameter(self, number: int, position: int | None) -> Kind:
        if not 1 <= number <= MAX_PARAMETERS:
            raise PgError(sqlstate.UNDEFINED_PARAMETER, f"there is no parameter ${number}", position=position)
        while len(self.parameters) < number:
            self.parameters.append(Oid(0))
        oid = self.parameters[number - 1]
        return Kind(oid) if oid else UNKNOWN

    def make_alike(self, first: int, last: int) -> None:
        """Parameters of a list have the type of its first one. Raises 42P08 where one has another."""
        self.parameter(last, None)
        oid = self.parameters[first - 1]
        if not oid or any(other not in (0, oid) for other in self.parameters[first:last]):
            raise PgError(sqlstate.AMBIGUOUS_PARAMETER, f"parameters ${first} to ${last} differ in their types")
        self.parameters[first - 1 : last] = [oid] * (last - first + 1)


@dataclass(frozen=True)
class KeptRows:
    """Rows that a step keeps. names: of their columns for IRIS."""

    name: str
    slot: int
    fields: tuple[Field, ...]
    kinds: list[Kind]
    names: list[str]


def parameter_of(node: exp.Expr) -> int:
    """The number of a parameter that may be cast."""
    inner = unwrapped(node)
    return int((unwrapped(inner.this) if isinstance(inner, exp.Cast) else inner).this.name)


def kind_of(node: exp.Expr) -> Kind:
    kind: Kind = node.meta.get("kind", ANY)
    return kind


def set_kind(node: exp.Expr, kind: Kind) -> Kind:
    node.meta["kind"] = kind
    return kind


def fold(identifier: exp.Expr | str | None) -> str:
    """A name as PostgreSQL sees it."""
    if identifier is None:
        return ""
    if isinstance(identifier, str):
        return identifier.lower()
    name: str = identifier.name
    return name if identifier.args.get("quoted") else name.lower()


def set_column(node: exp.Column, entry: Field) -> exp.Column:
    node.meta["field"] = entry
    node.meta["kind"] = entry.kind
    return node


def unwrapped(node: exp.Expr) -> exp.Expr:
    """Without parentheses, which change nothing."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def conjuncts(node: exp.Expr) -> list[exp.Expr]:
    """What is joined by AND, without parentheses."""
    inner = unwrapped(node)
    return [*conjuncts(inner.this), *conjuncts(inner.expression)] if isinstance(inner, exp.And) else [inner]


def value_of(item: exp.Expr) -> exp.Expr:
    return item.this if isinstance(item, exp.Alias) else item


def parts_of(node: exp.Expr) -> list[exp.Expr]:
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def is_bare_name(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and not node.args.get("table") and not isinstance(node.this, exp.Star)


def kind_of_parameter(node: exp.Expr, analysis: Analysis) -> Kind | None:
    """The type that a parameter already has; None when it is open, or no parameter."""
    node = unwrapped(node)
    if not isinstance(node, exp.Parameter):
        return None
    oid = analysis.parameters[int(node.this.name) - 1]
    return Kind(oid) if oid else None


def number_kind(digits: str) -> Kind:
    """A numeric constant is the first of integer, bigint and numeric that it fits."""
    if not digits.lstrip("-").isdigit():
        return NUMERIC
    value = int(digits)
    if -(2**31) <= value < 2**31:
        return INT4
    return INT8 if -(2**63) <= value < 2**63 else NUMERIC


def is_nullable(node: exp.Expr) -> bool:
    node = unwrapped(node)
    if "nullable" in node.meta:
        return bool(node.meta["nullable"])
    if isinstance(node, exp.Column):
        found: Field | None = node.meta.get("field")
        return found is None or found.nullable
    if isinstance(node, exp.Literal | exp.Boolean | exp.Exists):
        return False
    if isinstance(node, exp.Cast | exp.Neg | exp.Alias):
        return is_nullable(node.this)
    if isinstance(node, exp.Anonymous) and fold(node.this) in ("count", "row_number", "rank", "dense_rank"):
        return False
    if isinstance(node, exp.Window):
        return is_nullable(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.DPipe | exp.Mod):
        return is_nullable(node.this) or is_nullable(node.expression)
    return True


def cast_target(node: exp.Cast) -> Kind:
    kind: Kind | None = node.meta.get("target")
    if kind is None:
        try:
            kind = Kind(*parse_type(type_text(node.to)))
        except PgError as error:
            error.position = error.position or position_of(node)
            raise
        node.meta["target"] = kind
    return kind


def type_text(node: exp.Expr) -> str:
    """A type as parse_type reads it."""
    plain = isinstance(node.this, exp.DType) and not any(value for key, value in node.args.items() if key != "this")
    return _plain_type_text(node.this) if plain else node.sql(dialect="postgres")


@cache
def _plain_type_text(kind: exp.DType) -> str:
    return exp.DataType(this=kind).sql(dialect="postgres")


def castable(source: Oid, target: Oid) -> bool:
    """Whether an explicit cast exists. PostgreSQL: catalog-pg-cast; strings convert by way of every type's text form."""
    if oids.CHAR in (source, target):
        return {source, target} <= STRINGS | {oids.INT4}
    if assignable(source, target) or source in STRINGS or target in STRINGS:
        return True
    pairs = {(oids.INT4, oids.BOOL), (oids.BOOL, oids.INT4)}
    if (source, target) in pairs:
        return True
    if source in (oids.TIMESTAMP, oids.TIMESTAMPTZ) and target in (oids.DATE, oids.TIME, oids.TIMETZ):
        return True
    if source == oids.JSONB and (target in NUMBERS or target == oids.BOOL):
        return True
    if source in VECTORS or target in VECTORS:
        return source in DENSE and target == oids.FLOAT4_ARRAY
    return category(source) == category(target) == "A"


CONSTRUCTS = frozenset(("coalesce", "nullif", "greatest", "least"))  # by PostgreSQL's grammar: they keep a type's modifier
