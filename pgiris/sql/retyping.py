"""Retyping: ALTER COLUMN TYPE from and to enums. IRIS's column stays one of strings; what it holds pgiris notes.

Rows are looked at first: values that are no labels of the new type are 22P02.
PostgreSQL: sql-altertable. iris-reference 4.19
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import STRINGS, Kind, assignable
from pgiris.sql.ddl import name, qualified
from pgiris.sql.infer import cast_target, fold, unwrapped
from pgiris.sql.infer.analysis import castable
from pgiris.sql.plan import Role, Shaping, Step
from pgiris.sql.statement import Statement
from pgiris.types import enums, oids
from pgiris.types.iristypes import PREFIX, annotation, to_iris
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from pgiris.types.table import TYPES, type_name

_TEXTS = frozenset((oids.TEXT, oids.VARCHAR))


def is_wanted(own: Kind, kind: Kind) -> bool:
    return own.oid != kind.oid and any(enums.find(oid) is not None for oid in (own.oid, kind.oid))


def retyped(relation: Relation, column: RelationColumn, kind: Kind, action: exp.AlterColumn, statement: Statement) -> list[str]:
    """What the column is altered to in IRIS, if it has to be. Raises 42804, 42846, 0A000."""
    own = Kind(column.oid, column.typmod)
    _check_conversion(column, own, kind, action)
    if any(TYPES[oid].is_array for oid in (own.oid, kind.oid)) or not {own.oid, kind.oid} - _TEXTS <= _enums(own, kind):
        raise not_supported(f"changing a column's type from {type_name(*own)} to {type_name(*kind)} is not supported")
    _check_uses(relation, column, statement.analysis.snapshot)
    if column.default is not None and enums.is_enum(kind.oid) and not _drops_default(action):
        message = f'default for column "{column.name}" cannot be cast automatically to type {type_name(*kind)}'
        raise PgError(sqlstate.DATATYPE_MISMATCH, message)
    table, word = qualified(relation.schema, relation.name), name(column.name)
    if enums.is_enum(kind.oid):
        statement.checks.append(_check_of_rows(table, word, kind))
    elif 0 <= kind.typmod - 4 < max(map(len, enums.labels_of(own.oid)), default=0):
        raise not_supported(f"changing a column's type from {type_name(*own)} to {type_name(*kind)} is not supported")
    statement.note("set_type", relation.schema, relation.name, column.name, annotation(*kind) or PREFIX + type_name(*kind))
    return [f"{to_iris(*kind)} COLLATE {'EXACT' if enums.is_enum(kind.oid) else statement.string_collation}"]


def _enums(*kinds: Kind) -> set[int]:
    return {kind.oid for kind in kinds if enums.is_enum(kind.oid)}


def _check_conversion(column: RelationColumn, own: Kind, kind: Kind, action: exp.AlterColumn) -> None:
    """USING is a chain of casts of the column itself."""
    using = action.args.get("using") or None
    if using is None:
        if assignable(own.oid, kind.oid):
            return
        message = f'column "{column.name}" cannot be cast automatically to type {type_name(*kind)}'
        hint = f'You might need to specify "USING {column.name}::{type_name(*kind)}".'
        raise PgError(sqlstate.DATATYPE_MISMATCH, message, hint=hint)
    chain = _casts(using, column.name)
    if chain is None or any(one.oid not in STRINGS or one.typmod >= 0 for one in chain[:-1]):
        raise not_supported("ALTER COLUMN TYPE with USING is not supported", "USING column::text::type is.")
    for source, target in pairwise((own, *chain)):
        if source.oid != target.oid and not castable(source.oid, target.oid):
            message = f"cannot cast type {type_name(source.oid)} to {type_name(target.oid)}"
            raise PgError(sqlstate.CANNOT_COERCE, message)
    result = [own, *chain][-1]
    if not assignable(result.oid, kind.oid):
        message = f'result of USING clause for column "{column.name}" cannot be cast automatically to type {type_name(*kind)}'
        raise PgError(sqlstate.DATATYPE_MISMATCH, message)


def _casts(node: exp.Expr, column: str) -> Sequence[Kind] | None:
    """The types that a column is cast to one after the other; None of another expression."""
    chain: list[Kind] = []
    node = unwrapped(node)
    while isinstance(node, exp.Cast):
        chain.append(cast_target(node))
        node = unwrapped(node.this)
    return chain[::-1] if isinstance(node, exp.Column) and fold(node.this).lower() == column.lower() else None


def _check_uses(relation: Relation, column: RelationColumn, snapshot: Snapshot) -> None:
    word = column.name.lower()
    check_views(relation, snapshot)
    for other in snapshot.relations:
        for key in other.references:
            referring = other is relation and word in map(str.lower, key.columns)
            if referring or (key.is_to(relation) and word in map(str.lower, key.referenced)):
                raise not_supported("changing the type of a column of a foreign key from or to an enum is not supported")


def check_views(relation: Relation, snapshot: Snapshot) -> None:
    for other in snapshot.relations:
        if other.kind == "view" and other.may_name(relation):
            message = "cannot alter type of a column used by a view or rule"
            raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, message, detail=f"View {other.name} may depend on it.")


def _drops_default(action: exp.AlterColumn) -> bool:
    """Whether the same ALTER TABLE does so before."""
    alter = action.find_ancestor(exp.Alter)
    for other in alter.args.get("actions") or () if alter is not None else ():
        if other is action:
            return False
        if isinstance(other, exp.AlterColumn) and other.args.get("drop") and fold(other.this) == fold(action.this):
            return True
    return False


def _check_of_rows(table: str, word: str, kind: Kind) -> Step:
    """Converts each value, and keeps none."""
    program = ("f", "cast", kind.oid, -1, ("c", oids.TEXT, 0, -1))
    return Step(f"SELECT DISTINCT {word} FROM {table}", (), Role.ROWS, rows=Shaping((program,)), kinds=(kind.oid,))
