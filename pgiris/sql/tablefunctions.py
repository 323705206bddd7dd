"""Table functions: functions of rows in FROM, whose rows the worker makes and IRIS reads by JSON_TABLE.

In: a node whose ``meta["rows"]`` the analysis has set. Out: a derived table of typed columns.
iris-reference 4.22: JSON_TABLE explodes a JSON array passed as a parameter (since 2024.1). Whether JSON's "" is IRIS's empty
string there is not documented.
"""

from __future__ import annotations

import msgspec
from sqlglot import exp

from pgiris.compute.program import Program, oid_of
from pgiris.compute.rowsets import Specification
from pgiris.errors import not_supported
from pgiris.sql import computing
from pgiris.sql.casts import iris_type
from pgiris.sql.coercion import STRINGS, TEXT, Kind
from pgiris.sql.infer import fold
from pgiris.sql.infer.sources import RowsCall
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.statement import Statement
from pgiris.sql.write import template
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import LONG_TEXT
from pgiris.types.vector import DENSE

SINCE = (2024, 1)


def derived_table(node: exp.Expr, statement: Statement) -> exp.Expr | None:
    if "kept" in node.meta:
        kept, alias = node.meta["kept"]
        return json_table(statement.kept_rows(kept.slot), kept.kinds, kept.names, alias)
    call: RowsCall | None = node.meta.get("rows")
    if call is None:
        return None
    if statement.iris_version < SINCE or statement.inline:
        raise not_supported("functions in FROM are not supported here")
    try:
        arguments = typed_arguments(call, Builder(statement))
    except NotComputable:
        name = fold(call.calls[0].this)
        raise not_supported(f"function {name}() of these arguments in FROM is not supported here") from None
    constant = ("k", oids.TEXT, msgspec.json.encode(specification(call)).decode())
    made = computing.computed(("f", "row_set", oids.TEXT, -1, constant, *arguments), TEXT, statement)
    statement.fired("rows_to_json_table")
    return json_table(made, call.kinds, call.names, call.alias)


def specification(call: RowsCall) -> Specification:
    functions = [(fold(one.this), len(one.expressions)) for one in call.calls]
    names = call.calls[0].meta.get("record", [])
    record = [(name, kind.typmod) for name, kind in zip(names, call.kinds, strict=False)]
    return Specification(functions, [int(kind.oid) for kind in call.kinds], call.ordinality, record)


def typed_arguments(call: RowsCall, builder: Builder) -> list[Program]:
    """Raises NotComputable."""
    pairs = (pair for one in call.calls for pair in zip(one.expressions, one.meta["call"].arguments, strict=True))
    return [_as(builder, argument, oid) for argument, oid in pairs]


def _as(builder: Builder, argument: exp.Expr, oid: Oid) -> Program:
    program = builder.program(argument)
    return program if oid_of(program) == oid or oid in _PSEUDO else builder.cast(program, Kind(oid))


_PSEUDO = (2277, 2283)


def json_table(document: exp.Expr, kinds: list[Kind], names: list[str], alias: str) -> exp.Expr:
    """A derived table of the rows of a JSON array of objects (compute/rowsets.py)."""
    columns = ", ".join(f"c{place} {LONG_TEXT} PATH '$.c{place}'" for place in range(1, len(kinds) + 1))
    items = []
    for place, (kind, name) in enumerate(zip(kinds, names, strict=True), 1):
        column: exp.Expr = exp.column(f"c{place}", table="r")
        if kind.oid in DENSE:
            column = template("TO_VECTOR({0}, FLOAT)", column, kind=kind)
        elif kind.oid not in STRINGS and iris_type(kind) != LONG_TEXT:
            column = template(f"CAST({{0}} AS {iris_type(kind)})", column, kind=kind)
        items.append(exp.alias_(column, name, quoted=True, copy=False))
    query = exp.Select(expressions=items)
    query.set("from_", exp.From(this=template(f"JSON_TABLE({{0}}, '$[*]' COLUMNS ({columns})) AS r", document)))
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
