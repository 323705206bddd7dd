"""Derived: queries in FROM of an inner query, made part of it, so that what IRIS cannot say of them is computed of its rows.

``SELECT json_agg(d) FROM (SELECT f(u.a) AS d FROM u WHERE ...) x`` is ``SELECT json_agg(f(u.a)) FROM u WHERE ...``. A query that
orders or limits its rows stays, and gives the columns that its values are computed of.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from sqlglot import exp

from pgiris.sql.infer import Output, fold, kind_of, unwrapped, value_of
from pgiris.sql.infer.analysis import set_column
from pgiris.sql.scope import Field, Source
from pgiris.sql.trees import column, copied, entries, identifier, is_within, walk

_CLAUSES = ("distinct", "group", "having", "windows", "with_", "locks", "laterals", "qualify", "sample")
_ORDERING = ("order", "limit", "offset")


def merged(query: exp.Select) -> exp.Select:
    """A copy of an analysed query, with as much made part of it as can be."""
    query = copied(query)
    _merge(query)
    return query


def _merge(query: exp.Select) -> None:
    for entry in entries(query):
        inner = entry.this if isinstance(entry, exp.Subquery) else None
        if not isinstance(inner, exp.Select) or inner.args.get("from_") is None or not _is_of_rows(inner):
            continue
        _merge(inner)
        _qualify(inner)
        if any(inner.args.get(clause) for clause in _ORDERING):
            _expose(query, entry, inner)
        elif _can_be_spliced(query, entry, inner):
            _replace(query, entry, {output.name: value_of(item) for output, item in _items(inner)})
            _splice(query, entry, inner)


def _qualify(inner: exp.Select) -> None:
    """Elsewhere a name alone may mean another column."""
    for node in inner.find_all(exp.Column):
        if "source" in node.meta and node.args.get("table") is None:
            node.set("table", identifier(node.meta["source"].alias))


def _aliases(query: exp.Select) -> list[str]:
    return [fold(entry.alias_or_name) for entry in entries(query)]


def _is_of_rows(inner: exp.Select) -> bool:
    """Whether each of its rows is made of one row of its FROM."""
    if any(inner.args.get(clause) for clause in _CLAUSES) or inner.meta.get("grouped"):
        return False
    return not any(isinstance(node, exp.Window) for item in inner.expressions for node in walk(item))


def _names(query: exp.Select) -> list[str]:
    """Of all sources in it."""
    tables = query.find_all(exp.Table, exp.Subquery, exp.Lateral)
    return [fold(table.alias_or_name) for table in tables if table.alias_or_name]


def _around(query: exp.Select) -> set[str]:
    """Names of the sources around a query whose columns it names."""
    columns = (node for node in query.find_all(exp.Column) if "source" in node.meta)
    return {node.meta["source"].alias for node in columns if _scope_of(node, query) is None}


def _scope_of(node: exp.Expr, query: exp.Select) -> exp.Select | None:
    """The query, or one in it, from whose FROM a column comes."""
    scope, alias = node.parent, node.meta["source"].alias
    while scope is not None:
        if isinstance(scope, exp.Select) and alias in _aliases(scope):
            return scope
        if scope is query:
            return None
        scope = scope.parent
    return None


# A query that is only rows and values


def _can_be_spliced(query: exp.Select, entry: exp.Expr, inner: exp.Select) -> bool:
    sides = {(join.args.get("side") or "").upper() for join in query.args.get("joins") or ()}
    if sides & {"RIGHT", "FULL"}:
        return False
    names, around = _names(query), _around(query)
    if any(names.count(name) > 1 or name in around for name in _aliases(inner)):
        return False
    if isinstance(entry.parent, exp.From):
        return True
    assert entry.parent is not None
    return not entry.parent.args.get("side") and not inner.args.get("joins")


def _splice(query: exp.Select, entry: exp.Expr, inner: exp.Select) -> None:
    entry.replace(inner.args["from_"].this)
    joins = [*(inner.args.get("joins") or ()), *(query.args.get("joins") or ())]
    query.set("joins", joins or None)
    conditions = [where.this for where in (inner.args.get("where"), query.args.get("where")) if where is not None]
    if conditions:
        query.set("where", exp.Where(this=exp.and_(*conditions, copy=False)))


def _items(inner: exp.Select) -> list[tuple[Output, exp.Expr]]:
    return list(zip(inner.meta["outputs"], inner.expressions, strict=True))


def _replace(query: exp.Select, entry: exp.Expr, values: dict[str, exp.Expr]) -> None:
    """values: what stands for columns of an entry, as expressions of the query's own level."""
    alias = fold(entry.alias_or_name)
    for node in list(query.find_all(exp.Column)):
        source = node.meta.get("source")
        if source is None or source.alias != alias or is_within(node, entry) or _scope_of(node, query) is not query:
            continue
        value = copied(values[fold(node.this)])
        if node.meta.get("outer"):
            for own in _own_columns(value):
                own.meta["outer"] = True
        node.replace(value if isinstance(value, exp.Column) else _grouped(value))


def _own_columns(value: exp.Expr) -> list[exp.Expr]:
    """Those of the level at which the value stands."""
    return [node for node in walk(value, (exp.Query,)) if isinstance(node, exp.Column) and not node.meta.get("outer")]


def _grouped(value: exp.Expr) -> exp.Expr:
    made = exp.Paren(this=value)
    made.meta["kind"] = kind_of(value)
    return made


# A query that orders or limits its rows


def _expose(query: exp.Select, entry: exp.Expr, inner: exp.Select) -> None:
    """Computed values are computed outside, of columns that the query gives for it."""
    if all(isinstance(unwrapped(value_of(item)), exp.Column) for item in inner.expressions):
        return
    if not _around(inner).isdisjoint(_aliases(query)):
        return
    _order_by_values(inner)
    given = _Given(inner, _free_name(query))
    values = {output.name: given.outside(value_of(item)) for output, item in _items(inner)}
    _replace(query, entry, values)
    inner.set("expressions", [exp.alias_(value, f"d{place}", copy=False) for place, value in enumerate(given.columns)])
    inner.meta["outputs"] = [
        Output(field.name, field.kind, nullable=field.nullable, collation=field.collation) for field in given.source.fields
    ]
    entry.set("alias", exp.TableAlias(this=identifier(given.source.alias)))


def _free_name(query: exp.Select) -> str:
    taken = {*_names(query), *_around(query)}
    return next(name for place in count(1) if (name := f"rows{place}") not in taken)


class _Given:
    """Columns that a query gives in the place of its items, and the items said of these."""

    def __init__(self, inner: exp.Select, alias: str) -> None:
        self._own, self.source = inner, Source(alias, [])
        self.columns: list[exp.Expr] = []

    def outside(self, value: exp.Expr) -> exp.Expr:
        holder = exp.Paren(this=copied(value))
        for node, given in list(zip(value.find_all(exp.Column), holder.find_all(exp.Column), strict=True)):
            if "source" in node.meta and _scope_of(node, self._own) is self._own:
                given.replace(self._column(given))
        made: exp.Expr = holder.this
        return made

    def _column(self, node: exp.Expr) -> exp.Expr:
        base = copied(node)
        base.meta["outer"] = False
        place = next((place for place, known in enumerate(self.columns) if known == base), len(self.columns))
        made = column(f"d{place}", self.source.alias)
        if place == len(self.columns):
            self.columns.append(base)
            known: Field = node.meta["field"]
            self.source.fields.append(replace(known, name=made.name, column="", value=None, item=node))
        set_column(made, self.source.fields[place])
        made.meta["source"], made.meta["outer"] = self.source, node.meta.get("outer", False)
        return made


def _order_by_values(inner: exp.Select) -> None:
    """Sort keys that are items of the query become the items' values: the items may go."""
    order = inner.args.get("order")
    for ordered in order.expressions if order is not None else ():
        place = ordered.this.meta.get("item")
        if place is not None:
            ordered.set("this", copied(value_of(inner.expressions[place])))
