"""Comparability: types without "=" or "<", which can be neither grouped nor ordered. PostgreSQL: xindex#XINDEX-OPCLASSES"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql import operators
from pgiris.sql.coercion import Kind
from pgiris.sql.infer.analysis import kind_of
from pgiris.sql.postgres import position_of
from pgiris.types.table import type_name


def check_distinguishable(kind: Kind, node: exp.Expr) -> None:
    """42883 of a type without "=", as json is. node: where it stands."""
    if not operators.is_distinguishable(kind.oid):
        raise _no_operator("an equality", kind, node)


def check_sortable(key: exp.Expr) -> None:
    """42883 of a type without "<"."""
    key = key.meta.get("became", key)
    if not operators.is_ordered(kind_of(key).oid):
        raise _no_operator("an ordering", kind_of(key), key)


def _no_operator(which: str, kind: Kind, node: exp.Expr) -> PgError:
    message = f"could not identify {which} operator for type {type_name(kind.oid)}"
    hint = "Use an explicit ordering operator or modify the query." if which == "an ordering" else None
    return PgError(sqlstate.UNDEFINED_FUNCTION, message, hint=hint, position=position_of(node))
