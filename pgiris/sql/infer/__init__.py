"""Infer: names and types of a statement, without running it.

In: a tree of postgres.py and the schema. Out: the same tree, whose nodes carry in ``meta`` their ``kind`` (coercion.Kind),
columns their ``field`` (scope.Field), queries their ``outputs``; parameters and literals of unknown type took it from their
context.
Raises what PostgreSQL's parse analysis raises, with the place in the text.
PostgreSQL: typeconv, src/backend/parser/parse_*.c

One class in layers, each built on the next: binder (whole queries), sources (FROM), clauses (GROUP BY, ORDER BY, LIMIT),
predicates, expressions, calls, core.
"""

from pgiris.sql.infer.analysis import (
    Analysis,
    Output,
    cast_target,
    conjuncts,
    fold,
    is_nullable,
    kind_of,
    parameter_of,
    set_column,
    set_kind,
    type_text,
    unwrapped,
    value_of,
)
from pgiris.sql.infer.binder import Binder
from pgiris.sql.infer.calls import NULL_OF
from pgiris.sql.infer.clauses import ordinal
from pgiris.sql.infer.names import column_name

__all__ = [
    "NULL_OF",
    "Analysis",
    "Binder",
    "Output",
    "cast_target",
    "column_name",
    "conjuncts",
    "fold",
    "is_nullable",
    "kind_of",
    "ordinal",
    "parameter_of",
    "set_column",
    "set_kind",
    "type_text",
    "unwrapped",
    "value_of",
]
