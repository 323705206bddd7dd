"""Cardinality: whether a query may have several rows, where it stands for a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from pgiris.sql.infer.analysis import conjuncts, fold, unwrapped, value_of
from pgiris.sql.scope import unique_keys
from pgiris.sql.trees import all_of


def may_be_several(query: exp.Expr) -> bool:
    """Whether a query, which is analysed and not yet rewritten, may have more than one row."""
    query = unwrapped_query(query)
    if isinstance(query, exp.Values):
        return len(query.expressions) > 1
    if not isinstance(query, exp.Query):
        return False
    if _is_one(query.args.get("limit")):
        return False
    if not isinstance(query, exp.Select):
        return True
    if query.args.get("from_") is None:
        return False
    group = query.args.get("group")
    if group is None and query.meta.get("grouped"):
        return False
    pinned = _Pinned(query)
    if group is not None and all(map(pinned.is_fixed, group.expressions)):
        return False
    return not all(map(pinned.is_single, _entries(query)))


def group_item(query: exp.Expr) -> str:
    """What the only item of a query is of each group: one of its ``keys``, made of its ``rows``, or "" for anything else."""
    group = query.args.get("group") if isinstance(query, exp.Select) else None
    if group is None or len(query.expressions) != 1 or any(query.args.get(clause) for clause in ("having", "distinct", "offset")):
        return ""
    item = unwrapped(value_of(query.expressions[0]))
    if any(item == unwrapped(key) for key in group.expressions):
        return "keys"
    return "" if _is_of_a_row(item) else "rows"


def _is_of_a_row(node: exp.Expr) -> bool:
    """Whether columns stand in it outside of aggregates, or other queries do."""
    if isinstance(node, exp.Column | exp.Query | exp.Window):
        return True
    return not node.meta.get("aggregate") and any(map(_is_of_a_row, node.iter_expressions()))


def unwrapped_query(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Subquery) and not any(node.args.get(clause) for clause in ("limit", "offset")):
        node = node.this
    return node


def _is_one(limit: exp.Expr | None) -> bool:
    count = None if limit is None else unwrapped(limit.expression)
    return isinstance(count, exp.Literal) and count.name in ("0", "1")


def _entries(query: exp.Select) -> Iterator[exp.Expr]:
    """What FROM names."""
    waiting = [query.args["from_"].this, *(join.this for join in query.args.get("joins") or ())]
    for entry in waiting:
        yield entry
        waiting += [join.this for join in entry.args.get("joins") or ()]


@dataclass
class _Pinned:
    """The columns of a query's own tables that its conditions give one value to, as (alias, column)."""

    query: exp.Select
    columns: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        pairs = list(self._pairs())
        count = -1
        while count < len(self.columns):
            count = len(self.columns)
            self.columns |= {name for name, value in pairs if self.is_fixed(value)}

    def _pairs(self) -> Iterator[tuple[tuple[str, str], exp.Expr]]:
        """Columns, and what they are equal to in all rows."""
        for condition, only in self._conditions():
            for part in conjuncts(condition):
                if not isinstance(part, exp.EQ):
                    continue
                for side, other in ((part.this, part.expression), (part.expression, part.this)):
                    name = _own_column(side)
                    if name is not None and only in ("", name[0]):
                        yield name, other

    def _conditions(self) -> Iterator[tuple[exp.Expr, str]]:
        """Conditions; of outer joins, with the table to which they say something."""
        where = self.query.args.get("where")
        if where is not None:
            yield where.this, ""
        for join in self.query.args.get("joins") or ():
            condition, side = join.args.get("on"), (join.args.get("side") or "").upper()
            if condition is not None and side in ("", "LEFT"):
                yield condition, fold(join.this.alias_or_name) if side else ""

    def is_fixed(self, node: exp.Expr) -> bool:
        """Whether an expression has the same value in all rows."""
        if all_of(node, exp.Query, exp.Anonymous):
            return False
        return all(name is None or name in self.columns for name in map(_own_column, all_of(node, exp.Column)))

    def is_single(self, entry: exp.Expr) -> bool:
        """Whether at most one row of an entry of FROM is joined to those before it."""
        relation = entry.meta.get("relation")
        if relation is None:
            return isinstance(entry, exp.Subquery | exp.Values) and not may_be_several(entry)
        joined = entry.parent.args.get("side") if isinstance(entry.parent, exp.Join) else None
        if (joined or "").upper() in ("RIGHT", "FULL"):
            return False
        alias = fold(entry.alias_or_name)
        return any(all((alias, name) in self.columns for name in key) for key in unique_keys(relation))


def _own_column(node: exp.Expr) -> tuple[str, str] | None:
    """None: it is none, or one of a query around this one."""
    node = unwrapped(node)
    source = node.meta.get("source")
    if not isinstance(node, exp.Column) or source is None or node.meta.get("outer"):
        return None
    return source.alias, fold(node.this).lower()
