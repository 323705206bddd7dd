"""Defaults: the DEFAULT of a column as IRIS takes it: literals and a few values that the system supplies. Constants are computed
when the column is defined; what else an expression says pgiris gives, when a row is inserted. iris-reference 4.18"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.program import Program, compiled, oid_of
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import INTEGERS, NUMBERS, STRINGS, Kind, assignable, check_literal
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.infer import Binder, cast_target, fold, unwrapped, value_of
from pgiris.sql.postgres import parse, position_of
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.reader import Reader
from pgiris.sql.scope import Scope, find_relation, undefined_relation
from pgiris.sql.sequences import owner
from pgiris.sql.session_functions import OF_SEQUENCES, WITHOUT_PARENTHESES
from pgiris.sql.statement import Statement
from pgiris.types import oids
from pgiris.types.codec import Context
from pgiris.types.datetime import rounded
from pgiris.types.rows import held_decoder
from pgiris.types.table import TYPES, type_name

# Now, by the column's type: a timestamptz is kept in UTC, the others in the server's local time. iris-reference 4.22
_NOW = {
    oids.TIMESTAMPTZ: "GETUTCDATE({0})",
    oids.TIMESTAMP: "CURRENT_TIMESTAMP({0})",
    oids.DATE: "CURRENT_DATE",
    oids.TIME: "CURRENT_TIME",
}
FINEST = 6  # digits of a second
# What the system supplies, as IRIS shows it.
SUPPLIED = frozenset((*(form.format(digits) for form in _NOW.values() for digits in range(FINEST + 1)), "USER"))
# The functions of the present, and the types of columns that take what they give whole.
_MOMENTS = frozenset((oids.TIMESTAMPTZ, oids.TIMESTAMP, oids.DATE, oids.TIME))
_NOW_FUNCTIONS = {
    **dict.fromkeys(
        (
            "now", "current_timestamp", "localtimestamp", "transaction_timestamp", "statement_timestamp", "clock_timestamp",
        ),
        _MOMENTS,
    ),
    "current_date": frozenset((oids.DATE,)),
    "current_time": frozenset((oids.TIME,)),
    "localtime": frozenset((oids.TIME,)),
}  # fmt: skip
# Casts in between that take nothing from the present, by the column's type.
_NOW_CASTS = {
    oids.TIMESTAMPTZ: frozenset((oids.TIMESTAMPTZ, oids.TIMESTAMP)),
    oids.TIMESTAMP: frozenset((oids.TIMESTAMPTZ, oids.TIMESTAMP)),
    oids.DATE: frozenset((oids.TIMESTAMPTZ, oids.TIMESTAMP, oids.DATE)),
    oids.TIME: frozenset((oids.TIMESTAMPTZ, oids.TIMESTAMP, oids.TIME)),
}
_UTC_NOW = "GETUTCDATE({0})"  # of a timestamp
_NEW_UUIDS = frozenset(("gen_random_uuid", "uuid_generate_v4"))
# IRIS has no SQL function for it in DEFAULT, and makes UUIDs in capitals. iris-reference 4.18, 4.22
NEW_UUID = """OBJECTSCRIPT '$ZCONVERT($SYSTEM.Util.CreateGUID(),"L")'"""
_CONTEXT = Context()
# Types whose values are kept as text in their usual form.
_WRITTEN_ANEW = frozenset(
    (
        oids.DATE, oids.TIME, oids.TIMETZ, oids.TIMESTAMP, oids.TIMESTAMPTZ, oids.INTERVAL, oids.UUID, oids.JSONB, oids.INET,
        oids.CIDR, oids.MACADDR, oids.MACADDR8, *(oid for oid, row in TYPES.items() if row.element),
    )
)  # fmt: skip
_PRESENT = frozenset(("now", "today", "tomorrow", "yesterday"))  # moments that literals may name
_TEXTS = frozenset((oids.TEXT, oids.VARCHAR))
_USERS = frozenset(("current_user", "session_user", "user", "current_role"))


@dataclass(frozen=True)
class Default:
    """sql: what IRIS takes, "" for NULL, which is what a column without a default has. sequence (IRIS's schema, name),
    expression (PostgreSQL's SQL): what pgiris gives itself, the next number of one, or what the other one computes."""

    sql: str = ""
    sequence: tuple[str, str] | None = None
    expression: str = ""

    @property
    def is_noted(self) -> bool:
        return self.sequence is not None or bool(self.expression)


def default(node: exp.Expr, kind: Kind, column: str, statement: Statement) -> Default:
    """Raises what PostgreSQL raises, and 0A000."""
    drawn = drawn_sequence(node, kind, column, statement)
    if drawn is not None:
        return Default(sequence=drawn)
    inner, casts = _without_casts(node)
    if all(_keeps_literals(cast, kind) for cast in casts):
        if isinstance(inner, exp.Null):
            return Default()
        if isinstance(inner, exp.Boolean):
            return Default(_boolean(kind, bool(inner.this), column))
        is_negative = isinstance(inner, exp.Neg)
        literal = inner.this if is_negative else inner
        if isinstance(literal, exp.Literal) and not (is_negative and literal.is_string) and not _is_present(literal):
            text = "-" + literal.name if is_negative else literal.name
            found = _constant(text, literal.is_string, kind, column, inner, statement)
            if found is not None:
                return Default(found)
    supplied = _supplied(inner, casts, kind)
    return Default(supplied) if supplied else _computed(node, kind, column, statement)


def _without_casts(node: exp.Expr) -> tuple[exp.Expr, list[Kind]]:
    """What is cast, and to what, from the outside."""
    inner, casts = unwrapped(node), []
    while isinstance(inner, exp.Cast):
        casts.append(cast_target(inner))
        inner = unwrapped(inner.this)
    if isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Anonymous):  # of a schema
        inner = inner.expression
    return inner, casts


def _keeps_literals(cast: Kind, kind: Kind) -> bool:
    """Whether a literal is the same value of the column's type with that cast as without."""
    return cast.typmod in (-1, kind.typmod) and (cast.oid == kind.oid or {cast.oid, kind.oid} <= _TEXTS)


def _is_present(literal: exp.Literal) -> bool:
    """Whether it means another moment at another time."""
    return literal.is_string and literal.name.strip().lower() in _PRESENT


def _supplied(inner: exp.Expr, casts: Sequence[Kind], kind: Kind) -> str:
    """What IRIS's system supplies; "" for anything else."""
    word = fold(inner.this) if isinstance(inner, exp.Anonymous | exp.Column) else ""
    digits = FINEST if not 0 <= kind.typmod < FINEST else kind.typmod
    if not casts and kind.oid == oids.TIMESTAMP and _is_now_in_utc(inner):
        return _UTC_NOW.format(digits)
    is_now = kind.oid in _NOW_FUNCTIONS.get(word, ()) and _is_whole(inner)
    if is_now and all(cast.typmod < 0 and cast.oid in _NOW_CASTS[kind.oid] for cast in casts):
        return _NOW[kind.oid].format(digits)
    is_text = all(cast.oid in _TEXTS and cast.typmod < 0 for cast in casts)
    if word in _USERS and kind.oid in STRINGS and is_text:
        return "USER"
    if word in _NEW_UUIDS and kind.oid in (oids.UUID, *_TEXTS) and (is_text or casts[0].oid == oids.UUID):
        return NEW_UUID
    return ""


def _is_whole(call: exp.Expr) -> bool:
    """Whether a function of the present is asked for all the digits of a second."""
    arguments = call.expressions if isinstance(call, exp.Anonymous) else []
    return not arguments or arguments[0].name == str(FINEST)


def _is_now_in_utc(node: exp.Expr) -> bool:
    """now() AT TIME ZONE 'utc', also as a function."""
    if isinstance(node, exp.AtTimeZone):
        zone, moment = node.args["zone"], node.this
    elif isinstance(node, exp.Anonymous) and fold(node.this) == "timezone" and len(node.expressions) == 2:
        zone, moment = node.expressions
    else:
        return False
    (zone, _), (moment, casts) = _without_casts(zone), _without_casts(moment)
    word = fold(moment.this) if isinstance(moment, exp.Anonymous | exp.Column) else ""
    is_now = word in _NOW_FUNCTIONS and word not in ("current_date", "current_time", "localtime", "localtimestamp")
    return (
        is_now and not casts and _is_whole(moment) and isinstance(zone, exp.Literal) and zone.name.lower() in ("utc", "etc/utc")
    )


# What IRIS has no words for


def _computed(node: exp.Expr, kind: Kind, column: str, statement: Statement) -> Default:
    """A constant is computed now; anything else for each row, by pgiris."""
    _check_expression(node, column)
    text: str = node.meta["text"]
    query = parse(f"SELECT {text}")
    fresh = statement.fresh()
    (output,) = Binder(fresh.analysis).query(query, Scope())
    is_literal = isinstance(unwrapped(node), exp.Literal)
    if not is_literal and output.kind.oid and not assignable(output.kind.oid, kind.oid):
        raise _mismatch(kind, type_name(output.kind.oid), column)
    item = value_of(query.expressions[0])
    made = _folded(item, kind, column, fresh)
    if made is not None:
        return made
    try:
        Builder(fresh, volatile=True).program(item)
    except NotComputable:
        raise not_supported(f'the DEFAULT of column "{column}" is not supported') from None
    return Default(expression=text)


def _check_expression(node: exp.Expr, column: str) -> None:
    if any(fold(call.this) in OF_SEQUENCES for call in node.find_all(exp.Anonymous)):
        raise not_supported(f'the DEFAULT of column "{column}" is not supported', "nextval() stands there alone.")
    for part in node.find_all(exp.Column, exp.Select):
        if isinstance(part, exp.Select):
            raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, "cannot use subquery in DEFAULT expression")
        if part.args.get("table") or fold(part.this) not in WITHOUT_PARENTHESES:
            message = "cannot use column reference in DEFAULT expression"
            raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, message, position=position_of(part))


def _folded(item: exp.Expr, kind: Kind, column: str, statement: Statement) -> Default | None:
    """The value of what is the same at any time, in any session; None for what is not, or cannot be computed."""
    builder = Builder(statement)
    try:
        program = builder.program(item)
        if kind.oid in NUMBERS:
            program = builder.cast(program, kind)
        program = _frozen(builder.cast(program, Kind(oids.TEXT)), statement)
        text = compiled(program, _CONTEXT)((), ())
        found = None if text is None else _constant(str(text), True, kind, column, item, statement)
    except (NotComputable, PgError):  # which INSERT will raise
        return None
    return Default(found or "") if text is None or found is not None else None


def _frozen(program: Program, statement: Statement) -> Program:
    """With its literals as constants."""
    if oid_of(program) in (oids.TIMESTAMPTZ, oids.TIMETZ):
        raise NotComputable
    if program[0] == "v":
        text = statement.literal_at(program[2])
        if text is None or text.strip().lower() in _PRESENT:
            raise NotComputable
        return ("k", program[1], text)
    if program[0] == "f":
        return (*program[:4], *(_frozen(part, statement) for part in program[4:]))
    return program


def drawn_sequence(node: exp.Expr, kind: Kind, column: str, statement: Statement) -> tuple[str, str] | None:
    """The sequence (IRIS's schema, name) whose next number is the default; None for another default. Raises 42P01, 42809."""
    call = unwrapped(node)
    while isinstance(call, exp.Cast):
        call = unwrapped(call.this)
    if not isinstance(call, exp.Anonymous) or fold(call.this) != "nextval" or len(call.expressions) != 1:
        return None
    text = unwrapped(call.expressions[0])
    while isinstance(text, exp.Cast):
        text = unwrapped(text.this)
    if not isinstance(text, exp.Literal) or not text.is_string or kind.oid not in NUMBERS:
        raise not_supported(f'the DEFAULT of column "{column}" is not supported', "nextval() of a name is, for numbers.")
    *_, schema, name = ("", *qualified_name(Reader(text.name, 0)))
    analysis = statement.analysis
    relation = find_relation(analysis.snapshot, analysis.search_path, schema, name)
    if relation is None:
        if owner(analysis.snapshot, analysis.search_path, schema, name) is not None:
            raise not_supported("numbers of a serial or identity column are not supported as a DEFAULT")
        raise undefined_relation(schema, name, position_of(text))
    if relation.kind != "sequence":
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{relation.name}" is not a sequence')
    return relation.schema, relation.name


def _boolean(kind: Kind, value: bool, column: str) -> str:
    if kind.oid != oids.BOOL:
        raise _mismatch(kind, "boolean", column)
    return "1" if value else "0"


def _constant(text: str, is_string: bool, kind: Kind, column: str, node: exp.Expr, statement: Statement) -> str | None:
    """None: IRIS SQL has no literal for it."""
    if not is_string and kind.oid in (oids.BOOL, oids.DATE, oids.TIMESTAMP, oids.TIMESTAMPTZ):
        raise _mismatch(kind, "integer", column)
    if not is_string and kind.oid in INTEGERS:
        text = str(Decimal(text).to_integral_value(ROUND_HALF_UP))
    style = statement.analysis.date_style
    check_literal(text, kind, position_of(node), style)
    if kind.oid == oids.BOOL:
        return "1" if held_decoder(kind.oid, 0, _CONTEXT)(text.encode()) else "0"
    if kind.oid in NUMBERS:
        held_decoder(kind.oid, 0, _CONTEXT)(text.encode())
        return text.strip()
    value = text
    if kind.oid in _WRITTEN_ANEW:
        value = str(held_decoder(kind.oid, 0, Context(time_zone=statement.time_zone, date_style=style))(text.encode()))
    if kind.oid == oids.BYTEA:
        value = bytes(held_decoder(kind.oid, 0, _CONTEXT)(text.encode())).decode("latin-1")
        if not (value.isascii() and value.isprintable()):
            return None
    if kind.oid in (oids.TIMESTAMP, oids.TIMESTAMPTZ) and 0 <= kind.typmod < FINEST:
        value = rounded(value, kind.typmod)
    quoted = value.replace("'", "''")
    return f"'{quoted}'"


def _mismatch(kind: Kind, given: str, column: str) -> PgError:
    message = f'column "{column}" is of type {type_name(kind.oid)} but default expression is of type {given}'
    return PgError(sqlstate.DATATYPE_MISMATCH, message, hint="You will need to rewrite or cast the expression.")
