"""Casts: PostgreSQL's ``::`` for IRIS, whose CAST never complains and truncates where PostgreSQL rounds.

iris-reference 4.21. A cast that IRIS would answer with 0 or 1840-12-31 where PostgreSQL raises an error is refused.
"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import ANY, FLOATS, INTEGERS, NUMBERS, STRINGS, VECTOR, Kind
from pgiris.sql.infer import is_nullable, kind_of, unwrapped
from pgiris.sql.plan import SessionValue
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import Computed, Value, template
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.enums import is_enum
from pgiris.types.numeric import scale_of
from pgiris.types.rows import held_decoder
from pgiris.types.table import LONG_BINARY, LONG_TEXT, type_name
from pgiris.types.vector import DENSE, VECTORS

# What an expression is cast to when IRIS must know its type.
IRIS_TYPES: dict[Oid, str] = {
    oids.BOOL: "BIT",
    oids.INT2: "SMALLINT",
    oids.INT4: "INTEGER",
    oids.INT8: "BIGINT",
    oids.OID: "BIGINT",
    oids.NUMERIC: "NUMERIC(37,18)",  # the widest with IRIS's largest scale. iris-reference 5.2
    oids.FLOAT4: "DOUBLE",
    oids.FLOAT8: "DOUBLE",
    oids.DATE: "DATE",
    oids.TIME: "TIME",
    oids.TIMESTAMP: "TIMESTAMP",
    oids.TIMESTAMPTZ: "TIMESTAMP",
    oids.BYTEA: LONG_BINARY,
}
HALF_EVEN = "CASE WHEN ABS({0} - {{fn TRUNCATE({0}, 0)}}) = .5 THEN 2 * ROUND({0} / 2, 0) ELSE ROUND({0}, 0) END"

_LONGER = frozenset((oids.INT4, oids.INT8, oids.NUMERIC, oids.FLOAT8))  # than the 24 bits of a real
_PLAIN_TEXT = frozenset(
    (*STRINGS, oids.UUID, oids.JSON, oids.JSONB, oids.XML, oids.TIMETZ, oids.INTERVAL, oids.CIDR, oids.SPARSEVEC)
)


def iris_type(kind: Kind) -> str:
    if kind.oid == oids.NUMERIC and kind.typmod >= 0:
        scale = scale_of(kind.typmod)
        if 0 <= scale <= 18:
            return f"NUMERIC({min((kind.typmod - 4) >> 16, 19 + scale)},{scale})"
    return IRIS_TYPES.get(kind.oid, LONG_TEXT)


def cast(node: exp.Cast, statement: Statement) -> exp.Expr:
    target = kind_of(node)
    inner = unwrapped(node.this)
    source = kind_of(inner)
    if target.oid == oids.FLOAT4 and source.oid in _LONGER and inner.find(exp.Column) is not None:
        raise not_supported(f"cast of {type_name(source.oid)} to real is not supported here")  # IRIS has no single precision
    if target.oid == oids.BPCHAR and isinstance(inner, exp.Literal) and inner.name.endswith(" "):
        inner.set("this", inner.name.rstrip(" "))  # as IRIS keeps and compares it
        inner.meta["pin"] = True
    if target.oid == oids.UUID and source.oid in STRINGS and isinstance(node.find_ancestor(exp.Join, exp.Select), exp.Join):
        made: exp.Expr = template("LOWER({0})", inner)  # only IRIS joins: what is no UUID is equal to none
    else:
        made = convert(inner, source, target, statement)
    if node.meta.get("decimals") is not None and source.oid in INTEGERS:
        made = template(f"CAST({{0}} AS NUMERIC({19 + node.meta['decimals']},{node.meta['decimals']}))", inner)
    if made is inner and inner.meta.get("kind") != target:
        made = template("{0}", inner)
    made.meta["kind"] = target
    made.meta["nullable"] = is_nullable(inner)
    return made


def convert(node: exp.Expr, source: Kind, target: Kind, statement: Statement) -> exp.Expr:
    """An expression of one type as another. Raises 0A000 for what IRIS cannot convert as PostgreSQL does."""
    if isinstance(node, exp.Null):
        return node
    if target.oid in VECTORS:
        return _vector(node, source, target)
    if not source.oid:
        return template(f"CAST({{0}} AS {iris_type(target)})", node)
    if source.oid == target.oid:
        return _same_type(node, source, target)
    if {source.oid, target.oid} == {oids.INT4, oids.CHAR}:
        raise not_supported(f"cast of {type_name(source.oid)} to {type_name(target.oid)} is not supported here")
    if target.oid in STRINGS:
        return _shortened(to_text(node, statement), target)
    if source.oid == oids.BOOL and target.oid in INTEGERS:
        return node
    if target.oid == oids.BOOL and source.oid in INTEGERS:
        return exp.NEQ(this=node, expression=exp.Literal.number(0))
    if source.oid in (*NUMBERS, oids.OID) and target.oid in (*NUMBERS, oids.OID):
        return _number(node, source, target)
    moved = _moment(node, source, target, statement)
    if moved is not None:
        return moved
    if source.oid in STRINGS and target.oid in _PLAIN_TEXT and not node.find(exp.Column):
        return node  # IRIS would take any text of a column for a document, a UUID, an interval ...
    raise not_supported(f"cast of {type_name(source.oid)} to {type_name(target.oid)} is not supported")


def _vector(node: exp.Expr, source: Kind, target: Kind) -> exp.Expr:
    """IRIS neither rounds numbers of vectors nor counts them, and reads other texts as vectors than pgvector does."""
    if isinstance(node, exp.Literal) and source.oid == target.oid and target.typmod > 0:
        checked(node.name, target)
        return node
    is_same = source.oid == target.oid or (source.oid, target.oid) == (oids.HALFVEC, oids.VECTOR)
    if not is_same or (source.oid in VECTORS and target.typmod not in (-1, source.typmod)):
        raise not_supported(f"cast of {type_name(*source)} to {type_name(*target)} is not supported here")
    return node


def _same_type(node: exp.Expr, source: Kind, target: Kind) -> exp.Expr:
    if target.typmod < 0 or (source.typmod == target.typmod and not isinstance(node, exp.Literal | exp.Parameter)):
        return node
    if target.oid in STRINGS:
        return _shortened(node, target)
    if target.oid == oids.NUMERIC:
        return template(f"CAST({{0}} AS {iris_type(target)})", node)
    if target.oid in (oids.TIMESTAMP, oids.TIMESTAMPTZ, oids.TIME, oids.TIMETZ, oids.INTERVAL):
        if target.typmod >= 6:
            return node
        raise not_supported(f"cast to {type_name(*target)} is not supported")
    return node


def _shortened(node: exp.Expr, target: Kind) -> exp.Expr:
    if target.oid == oids.BPCHAR:  # whose blanks are no part of the value: IRIS keeps it without them, clients are shown them
        return template("RTRIM({0})" if target.typmod < 4 else f"RTRIM(SUBSTRING({{0}}, 1, {target.typmod - 4}))", node)
    if target.typmod < 4:
        return node
    return template(f"SUBSTRING({{0}}, 1, {target.typmod - 4})", node)


def _number(node: exp.Expr, source: Kind, target: Kind) -> exp.Expr:
    if target.oid in INTEGERS or target.oid == oids.OID:
        if source.oid in INTEGERS and IRIS_ORDER.index(source.oid) <= IRIS_ORDER.index(
            target.oid if target.oid in IRIS_ORDER else oids.INT8
        ):
            return node
        if source.oid in INTEGERS or source.oid == oids.OID:
            return template(f"CAST({{0}} AS {IRIS_TYPES[target.oid]})", node)
        # CAST alone truncates. A half is rounded away from zero, that of a double to the even neighbour.
        rounded = HALF_EVEN if source.oid in FLOATS else "ROUND({0}, 0)"
        return template(f"CAST({rounded} AS {IRIS_TYPES[target.oid]})", node)
    if target.oid == oids.NUMERIC:
        if target.typmod >= 0:
            return template(f"CAST({{0}} AS {iris_type(target)})", node)
        if source.oid in FLOATS:
            return template("CAST({0} AS NUMERIC(34,15))", node)  # a double has 15 certain digits
        return node
    return template(f"CAST({{0}} AS {IRIS_TYPES[target.oid]})", node)


IRIS_ORDER = (oids.INT2, oids.INT4, oids.INT8)

# now() and its kin as another type: the session's own function of that type, since IRIS knows no time zones.
_LOCAL = {oids.DATE: "current_date", oids.TIMESTAMP: "localtimestamp", oids.TIME: "localtime"}
_NOW = frozenset(("now", "transaction_timestamp", "current_timestamp"))


def _moment(node: exp.Expr, source: Kind, target: Kind, statement: Statement) -> exp.Expr | None:
    if source.oid == oids.TIMESTAMPTZ and target.oid in _LOCAL:
        value = _session_value(node, statement)
        if value is not None and value.function in _NOW and not value.arguments:
            return statement.session_value(SessionValue(_LOCAL[target.oid], (), target.oid))
    if source.oid == oids.TIMESTAMP and target.oid in (oids.DATE, oids.TIME):
        return template(f"CAST({{0}} AS {IRIS_TYPES[target.oid]})", node)
    if source.oid == oids.DATE and target.oid == oids.TIMESTAMP:
        return template("CAST({0} AS TIMESTAMP)", node)
    if oids.TIMESTAMPTZ in (source.oid, target.oid) and {source.oid, target.oid} <= _ZONED:
        if statement.time_zone_is_utc:
            return (
                node
                if target.oid in _STAMPS and source.oid in _STAMPS
                else template(f"CAST({{0}} AS {IRIS_TYPES[target.oid]})", node)
            )
        if (made := _of_constant(node, source, target, statement)) is not None:
            return made
        raise not_supported(
            f"cast of {type_name(source.oid)} to {type_name(target.oid)} is not supported",
            "IRIS has no time zones: it can be done while TimeZone is UTC.",
        )
    return None


_ZONED = frozenset((oids.DATE, oids.TIME, oids.TIMESTAMP, oids.TIMESTAMPTZ))
_STAMPS = frozenset((oids.TIMESTAMP, oids.TIMESTAMPTZ))


def in_zone(node: exp.Expr, statement: Statement) -> exp.Expr:
    """A date or timestamp where a timestamptz is meant, as the moment of the session's time zone. Raises 0A000."""
    kind = kind_of(node)
    if statement.time_zone_is_utc or kind.oid not in (oids.DATE, oids.TIMESTAMP):
        return node
    return convert(unwrapped(node), kind, Kind(oids.TIMESTAMPTZ), statement)


def _of_constant(node: exp.Expr, source: Kind, target: Kind, statement: Statement) -> Computed | None:
    """What constants and parameters alone decide: the worker knows time zones."""
    if statement.inline:
        return None
    builder = Builder(statement)
    try:
        if isinstance(node, Computed):
            program = statement.program_at(node.this)
        elif isinstance(node, Value):
            program = ("v", source.oid, statement.sources[int(node.this)].index)
        elif isinstance(node, exp.Literal | exp.Parameter):
            program = builder.program(node)
        else:
            return None
        made = Computed(this=statement.computed_index(builder.cast(program, target)))
    except NotComputable:
        return None
    made.meta["kind"] = target
    return made


def _session_value(node: exp.Expr, statement: Statement) -> SessionValue | None:
    if not isinstance(node, Value):
        return None
    return statement.session_value_at(statement.sources[int(node.this)].index)


def to_text(node: exp.Expr, statement: Statement) -> exp.Expr:
    """A value as PostgreSQL prints it. Raises 0A000 where IRIS prints it differently."""
    inner = unwrapped(node)
    kind = kind_of(inner)
    if kind.oid in _PLAIN_TEXT or kind.oid in (0, oids.UNKNOWN) or isinstance(inner, exp.Null) or is_enum(kind.oid):
        return node
    if kind.oid in INTEGERS or kind.oid == oids.OID:
        return _text(template("CAST({0} AS VARCHAR(20))", inner), inner)
    if kind.oid == oids.NUMERIC and kind.typmod >= 0 and scale_of(kind.typmod) >= 0:
        scale = scale_of(kind.typmod)
        mask = "FM9999999999999999990" + ("." + "0" * scale if scale else "")
        return _text(template(f"TO_CHAR({{0}}, '{mask}')", inner), inner)
    if isinstance(inner, exp.Literal) and kind.oid == oids.NUMERIC:
        made = exp.Literal.string(inner.name)
        made.meta["kind"] = Kind(oids.TEXT)
        return made
    if kind.oid == oids.BOOL:
        made_case = exp.Case(
            ifs=[
                exp.If(this=inner, true=_word("true")),
                exp.If(this=exp.Not(this=exp.Paren(this=copied(inner))), true=_word("false")),
            ]
        )
        made_case.meta["kind"] = Kind(oids.TEXT)
        return made_case
    if kind.oid == oids.DATE:
        if not statement.analysis.date_style.startswith("ISO"):
            raise not_supported("dates as text are not supported here", "It can be done while DateStyle is ISO.")
        return _text(template("TO_CHAR({0}, 'YYYY-MM-DD')", inner), inner)
    raise not_supported(f"cast of {type_name(kind.oid)} to text is not supported")


def _word(text: str) -> exp.Literal:
    made = exp.Literal.string(text)
    made.meta["kind"] = Kind(oids.TEXT)
    return made


def _text(made: exp.Expr, node: exp.Expr) -> exp.Expr:
    made.meta["kind"] = Kind(oids.TEXT)
    made.meta["nullable"] = is_nullable(node)
    return made


def checked(text: str, kind: Kind) -> str:
    """A constant vector as IRIS is given it. Raises PgError 22000 for other dimensions, and what its type raises."""
    value: str = held_decoder(kind.oid, 0, Context())(text.encode())
    found = int(value.rpartition("/")[2]) if kind.oid == oids.SPARSEVEC else value.count(",") + 1
    if kind.typmod > 0 and found != kind.typmod:
        raise PgError(sqlstate.DATA_EXCEPTION, f"expected {kind.typmod} dimensions, not {found}")
    return value


def literal_vector(node: exp.Literal, element: str, kind: Kind, statement: Statement) -> exp.Expr:
    if statement.inline:
        return template(f"TO_VECTOR({{0}}, {element})", exp.Literal.string(checked(node.name, kind)), kind=kind)
    return template(f"TO_VECTOR({{0}}, {element})", statement.literal(node, kind), kind=kind)


def to_vector(node: exp.Expr, element: str, statement: Statement) -> exp.Expr:
    """A vector literal or parameter as a vector of the given element type; columns stay."""
    inner = unwrapped(node)
    kind = Kind(inner.meta["kind"].oid) if inner.meta.get("kind", ANY).oid in DENSE else VECTOR
    while inner.meta.get("kind", ANY).oid in DENSE and not inner.meta.get("field"):
        if type(inner).__name__ == "Template" and inner.this == "{0}":
            inner = inner.expressions[0]
        else:
            break
    if isinstance(inner, exp.Literal):
        return literal_vector(inner, element, kind, statement)
    if isinstance(inner, Computed):
        bound = statement.computed_value(inner.this)
        return template(f"TO_VECTOR({{0}}, {element})", bound, kind=kind)
    if isinstance(inner, exp.Parameter):
        bound = statement.parameter(int(inner.this.name))
        return template(f"TO_VECTOR({{0}}, {element})", bound, kind=kind)
    if isinstance(inner, Value):
        return template(f"TO_VECTOR({{0}}, {element})", inner, kind=kind)
    return node


def storable(node: exp.Expr, target: Kind, statement: Statement) -> exp.Expr:
    """An expression as it is stored into a column: PostgreSQL's assignment casts. iris-reference 4.21"""
    inner = unwrapped(node)
    source = kind_of(inner)
    if source.oid in (target.oid, 0) or not target.oid or isinstance(inner, exp.Null):
        return node
    if target.oid in STRINGS:
        if source.oid in STRINGS:
            return node
        return to_text(inner, statement)
    return convert(inner, source, Kind(target.oid), statement)
