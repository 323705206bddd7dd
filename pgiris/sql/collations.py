"""Collations that columns are declared with. Whatever they say, strings are ordered by code points, as collation C orders them,
or as IRIS's column does. PostgreSQL: collation
"""

from __future__ import annotations

import re

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import STRINGS, Kind
from pgiris.sql.infer import fold
from pgiris.sql.infer.expressions import BY_CHARACTERS
from pgiris.sql.iris.words import COLLATIONS
from pgiris.sql.notices import warning
from pgiris.sql.postgres import position_of
from pgiris.sql.statement import Statement
from pgiris.types.table import type_name

# Names that initdb gives them: of the C library's locales, of ICU's.
_OF_A_LANGUAGE = re.compile(r"([a-z]{2,3}_[A-Z]{2}|C)(\.[\w-]+)?(@\w+)?|[a-z]{2,3}(-\w+)*-x-icu|unicode")


def check(node: exp.Expr, kind: Kind, statement: Statement) -> None:
    """node: what stands behind COLLATE. Raises 42704 and 42804, and 0A000 for IRIS's collations."""
    name = fold(node.this if isinstance(node, exp.Column) else node)
    if kind.oid not in STRINGS:
        message = f"collations are not supported by type {type_name(*kind)}"
        raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))
    if name.upper() in COLLATIONS:
        raise not_supported(f'COLLATE "{name}" is not supported')
    if name.lower() in BY_CHARACTERS:
        return
    if not _OF_A_LANGUAGE.fullmatch(name):
        message = f'collation "{name}" for encoding "UTF8" does not exist'
        raise PgError(sqlstate.UNDEFINED_OBJECT, message, position=position_of(node))
    statement.fired("collation_dropped")
    statement.notices.append(warning(f'collation "{name}" is ignored: strings are ordered by code points'))
