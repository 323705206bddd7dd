"""Defaults: the DEFAULT of a column as IRIS takes it: literals and a few values that the system supplies. iris-reference 4.18"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import INTEGERS, NUMBERS, Kind, check_literal
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.infer import fold, unwrapped
from pgiris.sql.postgres import position_of
from pgiris.sql.reader import Reader
from pgiris.sql.scope import find_relation, undefined_relation
from pgiris.sql.sequences import owner
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
_NOW_FUNCTIONS = frozenset(
    (
        "now", "current_timestamp", "localtimestamp", "transaction_timestamp", "statement_timestamp", "clock_timestamp",
        "current_date", "localtime",
    )
)  # fmt: skip
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
_USERS = frozenset(("current_user", "session_user", "user", "current_role"))


def default(node: exp.Expr, kind: Kind, column: str, statement: Statement) -> str:
    """IRIS SQL; "" for NULL, which is what a column without a default has. Raises 0A000 for a computed default."""
    inner = unwrapped(node)
    while isinstance(inner, exp.Cast):
        inner = unwrapped(inner.this)
    if isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Anonymous):  # of a schema
        inner = inner.expression
    if isinstance(inner, exp.Null):
        return ""
    if isinstance(inner, exp.Boolean):
        return _boolean(kind, bool(inner.this), column)
    if isinstance(inner, exp.Literal):
        return _constant(inner.name, inner.is_string, kind, column, inner, statement)
    if isinstance(inner, exp.Neg) and isinstance(inner.this, exp.Literal) and not inner.this.is_string:
        return _constant("-" + inner.this.name, False, kind, column, inner, statement)
    word = fold(inner.this) if isinstance(inner, exp.Anonymous | exp.Column) else ""
    if word in _NOW_FUNCTIONS and kind.oid in _NOW:
        return _NOW[kind.oid].format(kind.typmod if 0 <= kind.typmod < FINEST else FINEST)
    if word in _USERS and kind.oid not in NUMBERS:
        return "USER"
    if word in _NEW_UUIDS and kind.oid in (oids.UUID, oids.TEXT, oids.VARCHAR):
        return NEW_UUID
    raise not_supported(f'the DEFAULT of column "{column}" is not supported', "IRIS takes constants and the present time.")


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


def _constant(text: str, is_string: bool, kind: Kind, column: str, node: exp.Expr, statement: Statement) -> str:
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
        value = _printable(bytes(held_decoder(kind.oid, 0, _CONTEXT)(text.encode())), column)
    if kind.oid in (oids.TIMESTAMP, oids.TIMESTAMPTZ) and 0 <= kind.typmod < FINEST:
        value = rounded(value, kind.typmod)
    quoted = value.replace("'", "''")
    return f"'{quoted}'"


def _printable(value: bytes, column: str) -> str:
    """Bytes as characters. IRIS SQL has no literals of others."""
    text = value.decode("latin-1")
    if not (text.isascii() and text.isprintable()):
        raise not_supported(f'the DEFAULT of column "{column}" is not supported', "IRIS takes bytes of printable ASCII there.")
    return text


def _mismatch(kind: Kind, given: str, column: str) -> PgError:
    message = f'column "{column}" is of type {type_name(kind.oid)} but default expression is of type {given}'
    return PgError(sqlstate.DATATYPE_MISMATCH, message, hint="You will need to rewrite or cast the expression.")
