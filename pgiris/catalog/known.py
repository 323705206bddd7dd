"""Known parts: what each node of a tree may carry. A part that nothing here reads is refused, so that none is lost in silence."""

from __future__ import annotations

from sqlglot import exp

from pgiris.errors import not_supported
from pgiris.sql.trees import walk

_ANYWHERE = frozenset(("this", "expression", "expressions"))
_PARTS: dict[type[exp.Expr], str] = {
    exp.Alias: "alias",
    exp.Array: "value_constructor",
    exp.Between: "low high symmetric",
    exp.Bracket: "offset safe",
    exp.CTE: "alias materialized",  # which changes nothing but the plan
    exp.Case: "ifs default",
    exp.Cast: "to",
    exp.Column: "table db catalog",
    exp.ColumnDef: "kind",
    exp.DPipe: "safe",
    exp.Distinct: "on",
    exp.Div: "typed safe",
    exp.Except: "distinct order limit offset with_",
    exp.Fetch: "count direction limit_options",
    exp.ILike: "negate",
    exp.Identifier: "quoted",
    exp.If: "true",
    exp.In: "query",
    exp.Intersect: "distinct order limit offset with_",
    exp.Is: "negate",
    exp.Join: "kind side method using on",
    exp.Lateral: "alias view outer ordinality",
    exp.LimitOptions: "rows",
    exp.Like: "negate",
    exp.Literal: "is_string",
    exp.Ordered: "desc nulls_first",
    exp.Select: "from_ joins where group having order limit offset distinct with_ windows",
    exp.Subquery: "alias with_ order limit offset joins",
    exp.Table: "alias db catalog joins ordinality only rows_from",  # nothing is inherited
    exp.TableAlias: "columns",
    exp.Union: "distinct order limit offset with_",
    exp.Unnest: "alias offset",
    exp.Values: "alias order limit offset with_",
    exp.Window: "partition_by order over alias spec",
    exp.WindowSpec: "kind start start_side end end_side exclude",
    exp.With: "recursive",
    exp.Operator: "operator",
    exp.AtTimeZone: "zone",
}
_KNOWN = {kind: _ANYWHERE | frozenset(words.split()) for kind, words in _PARTS.items()}
_TYPES = (exp.DataType, exp.DataTypeParam)  # read as text


def check(tree: exp.Expr) -> None:
    """Raises 0A000 for a part of a query that would be lost."""
    for node in walk(tree, above=_TYPES):
        if isinstance(node, _TYPES):
            continue
        for part, value in node.args.items():
            if value and part not in _KNOWN.get(type(node), _ANYWHERE):
                raise not_supported(f"{part.strip('_').upper()} of {node.key.upper()} is not supported in a catalog query")
