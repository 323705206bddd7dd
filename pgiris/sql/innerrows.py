"""Inner rows: subqueries that depend on the query around them and that IRIS cannot say, as programs of a row (compute/inner.py).

IRIS chooses the rows of their tables, as one JSON text for each row of the query around; the worker makes the rows of functions
in their FROM, asks the conditions that IRIS cannot say, and makes a value of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from sqlglot import exp

from pgiris.compute.inner import Specification
from pgiris.compute.program import Program, oid_of
from pgiris.sql import derived, gathering
from pgiris.sql.coercion import TEXT, Kind
from pgiris.sql.infer import Output, conjuncts, fold, kind_of, unwrapped, value_of
from pgiris.sql.infer.scales import shown_scale
from pgiris.sql.infer.sources import RowsCall
from pgiris.sql.infer.symbols import SYMBOLS_OF
from pgiris.sql.laterals import BY_WORKER
from pgiris.sql.programs import Builder, Leaf, NotComputable
from pgiris.sql.statement import Statement
from pgiris.sql.tablefunctions import specification, typed_arguments
from pgiris.sql.trees import copied, is_star, is_within
from pgiris.sql.write import template
from pgiris.types import oids
from pgiris.types.vector import DENSE

_TRUE: Program = ("k", oids.BOOL, "true")
_NOTHING: Program = ("k", oids.TEXT, None)
_ALL_ROWS: Program = ("k", oids.INT8, None)
_UNKNOWN = ("distinct", "group", "windows", "with_", "offset", "qualify", "sample", "laterals")


def is_inner(node: exp.Expr) -> bool:
    """Whether an expression is a subquery, or asks one."""
    return isinstance(node, exp.Subquery | exp.Exists) or _query_of(node) is not None


def _query_of(node: exp.Expr) -> exp.Expr | None:
    """The query with whose rows a value is compared: IN, ANY, ALL."""
    if isinstance(node, exp.In):
        query: exp.Expr | None = node.args.get("query")
        return query
    if not isinstance(node, exp.Binary) or not isinstance(node.expression, exp.Any | exp.All):
        return None
    inner = unwrapped(node.expression.this)
    return inner if isinstance(inner, exp.Query | exp.Subquery) else None


def program(
    node: exp.Expr, statement: Statement, outer: Leaf, can: Callable[[exp.Expr], bool], around: frozenset[str] = frozenset()
) -> Program:
    """outer: programs of the columns of the query around, and of what IRIS is asked for each of its rows. can: whether IRIS can
    say it. around: aliases in inner queries around it, whose columns are read beside the query's own. Raises NotComputable.
    """
    query = _query_of(node) or node.this
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or any(query.args.get(clause) for clause in _UNKNOWN):
        raise NotComputable
    if query.args.get("having") is not None or query.find(exp.Window) is not None or query.args.get("from_") is None:
        raise NotComputable
    if not _depends(query):
        raise NotComputable  # it is better asked once, before
    statement.fired("inner_rows")
    query = derived.merged(query)
    inner = _Inner(query, statement, outer, can, around, bool(node.meta.get(BY_WORKER)))
    if isinstance(node, exp.Exists):
        return inner.made("exists", oids.BOOL, _TRUE)
    if len(query.expressions) != 1 or is_star(query.expressions[0]):
        raise NotComputable
    if _query_of(node) is not None:
        return inner.compared(node)
    return inner.value(kind_of(node))


def _depends(query: exp.Expr) -> bool:
    """Whether it names columns of a query around it."""
    columns = [column for column in query.find_all(exp.Column) if "source" in column.meta]
    own = {id(column.meta["source"]) for column in columns if not column.meta.get("outer")}
    return any(column.meta.get("outer") and id(column.meta["source"]) not in own for column in columns)


class _Inner:
    def __init__(
        self,
        query: exp.Select,
        statement: Statement,
        outer: Leaf,
        can: Callable[[exp.Expr], bool],
        around: frozenset[str],
        of_lateral: bool,
    ) -> None:
        self._query, self._statement, self._outer, self._can, self._around = query, statement, outer, can, around
        self._of_lateral = of_lateral
        self._cells: list[exp.Expr] = []  # columns of tables
        self._starts: dict[str, tuple[int, RowsCall]] = {}  # by alias: the place of a function's cells among all of functions
        self._aggregates: list[Program] = []
        self._calls: list[tuple[RowsCall, bool]] = []
        self._tables: list[exp.Join] = []
        self._conditions: list[exp.Expr] = []
        self._split()
        self._width = sum(len(call.kinds) for call, _ in self._calls)
        self._builder = Builder(statement, lambda node: self._leaf(node, self._width))
        pushed, kept = self._parted()
        self._pushed = pushed
        truths = [self._builder.as_type(part, oids.BOOL) for part in kept]
        self._condition = self._builder.call("and", oids.BOOL, *truths) if truths else _TRUE

    # FROM and WHERE

    def _split(self) -> None:
        first = self._query.args["from_"].this
        start = 0
        for join in [exp.Join(this=first), *(self._query.args.get("joins") or ())]:
            entry, side, on = join.this, (join.args.get("side") or "").upper(), join.args.get("on")
            if entry.args.get("joins") or join.args.get("using") or join.args.get("method"):
                raise NotComputable
            call: RowsCall | None = entry.meta.get("rows")
            if call is None:
                if self._calls and side:
                    raise NotComputable
                moved = bool(self._calls) and on is not None  # it may be about what the functions give
                self._tables.append(exp.Join(this=copied(entry)) if moved else join)
                if moved and on is not None:
                    self._conditions.append(on)
                continue
            is_true = on is None or (isinstance(unwrapped(on), exp.Boolean) and bool(unwrapped(on).this))
            if side not in ("", "LEFT") or (side and not is_true):
                raise NotComputable
            if not is_true and on is not None:
                self._conditions.append(on)
            self._starts[call.alias] = (start, call)
            self._calls.append((call, bool(side)))
            start += len(call.kinds)
        where = self._query.args.get("where")
        if where is not None:
            self._conditions.append(where.this)

    def _parted(self) -> tuple[list[exp.Expr], list[exp.Expr]]:
        """The conditions that IRIS can ask of the tables, and the others."""
        parts = [part for condition in self._conditions for part in conjuncts(condition)]
        pushed = [part for part in parts if self._tables and not self._reads_calls(part) and self._can(part)]
        return pushed, [part for part in parts if not any(part is other for other in pushed)]

    def _reads_calls(self, node: exp.Expr) -> bool:
        return any(self._call_of(column) is not None for column in node.find_all(exp.Column))

    def _call_of(self, column: exp.Expr) -> tuple[int, RowsCall] | None:
        source = column.meta.get("source")
        return None if source is None or column.meta.get("outer") else self._starts.get(source.alias)

    # Leaves

    def _leaf(self, node: exp.Expr, width: int) -> Program | None:
        """width: how many cells of functions there are so far."""
        if isinstance(node, exp.Column):
            if "source" not in node.meta:
                raise NotComputable
            if node.meta.get("outer"):
                return self._cell(node, width) if node.meta["source"].alias in self._around else self._outer(node)
            found = self._call_of(node)
            if found is None:
                return self._cell(node, width)
            start, call = found
            scale = shown_scale(node)
            place = start + call.names.index(node.name)
            if place >= width:
                raise NotComputable
            return ("g", kind_of(node).oid, place - width, -1 if scale is None else scale)
        if is_inner(node) or isinstance(node, exp.Window) or node.meta.get("aggregate"):
            if self._tables and not self._reads_calls(node) and is_inner(node) and self._can(node):
                return self._cell(node, width)
            if self._tables and is_inner(node) and width == self._width:
                return self._nested(node)
            raise NotComputable
        return None

    def _nested(self, node: exp.Expr) -> Program:
        """A subquery of a row of this one: what it asks IRIS for is one more cell of that row."""
        aliases = {fold(join.this.alias_or_name) for join in self._tables}

        def outer(part: exp.Expr) -> Program | None:
            return self._outer(part) if isinstance(part, exp.Column) else self._cell(part, self._width)

        return program(node, self._statement, outer, self._can, self._around | aliases)

    def _cell(self, node: exp.Expr, width: int) -> Program:
        if not self._tables:
            raise NotComputable
        kind = kind_of(node)
        if not kind.oid or kind.oid in (oids.BYTEA, *DENSE):
            raise NotComputable
        place = next((place for place, known in enumerate(self._cells) if known == node), len(self._cells))
        if place == len(self._cells):
            self._cells.append(node)
        return ("g", kind.oid, -(width + 1 + place), gathering.decimals(node))

    # What is made of the rows

    def compared(self, node: exp.Expr) -> Program:
        """Whether a comparison is true of any row; of all rows: whether its contrary is true of none."""
        left, item = unwrapped(node.this), value_of(self._query.expressions[0])
        symbol = "=" if isinstance(node, exp.In) else SYMBOLS_OF[type(node)]
        if isinstance(left, exp.Tuple) or self._query.meta.get("grouped") or self._query.args.get("limit"):
            raise NotComputable
        holder = exp.Paren(this=copied(left))

        def leaf(part: exp.Expr) -> Program | None:
            if not is_within(part, holder):
                return self._leaf(part, self._width)
            return self._outer(part) if isinstance(part, exp.Column) else None

        builder = Builder(self._statement, leaf)
        test = builder.operate(symbol, holder, item)
        if not isinstance(node.args.get("expression"), exp.All):
            return self.made("in", oids.BOOL, test)
        return builder.call("not", oids.BOOL, self.made("in", oids.BOOL, builder.call("not", oids.BOOL, test)))

    def value(self, kind: Kind) -> Program:
        query = self._query
        item = value_of(query.expressions[0])
        if query.meta.get("grouped"):
            return self.made("aggregate", kind.oid, Builder(self._statement, self._aggregate).program(item))
        order = query.args.get("order")
        keys, forms = [], []
        for ordered in order.expressions if order is not None else ():
            place = ordered.this.meta.get("item")
            keys.append(self._builder.program(item if place is not None else ordered.this))
            forms.append((bool(ordered.args.get("desc")), bool(ordered.args.get("nulls_first"))))
        return self.made("lateral" if self._of_lateral else "value", kind.oid, self._builder.program(item), keys, forms)

    def _aggregate(self, node: exp.Expr) -> Program | None:
        if not (node.meta.get("aggregate") or node.meta.get("aggregate_call") or isinstance(node, exp.Filter | exp.WithinGroup)):
            if isinstance(node, exp.Subquery) and node.this.args.get("from_") is None:  # of a column around
                node = unwrapped(node.this.expressions[0])
            return self._around_all(node) if isinstance(node, exp.Column) and node.meta.get("outer") else None
        made = gathering.of_rows(node, self._builder.program, Builder(self._statement).program)
        if made is None:
            raise NotComputable
        self._aggregates.append(made)
        return ("g", oid_of(made), -len(self._aggregates), gathering.decimals(node))

    def _around_all(self, column: exp.Column) -> Program | None:
        """A column of the query around, beside aggregates."""
        if column.meta["source"].alias in self._around:
            raise NotComputable
        return self._outer(column)

    def made(
        self, kind: str, oid: int, item: Program, keys: list[Program] | None = None, forms: list[tuple[bool, bool]] | None = None
    ) -> Program:
        rows = list(self._rows())
        table = self._table()
        functions = [(len(call.kinds), outer) for call, outer in self._calls]
        plan = Specification(kind, table is not None, len(self._aggregates), forms or [], functions)
        text = ("k", oids.TEXT, msgspec.json.encode(plan).decode())
        parts = [*self._aggregates, *(keys or []), *rows]
        return ("f", "inner", oid, -1, text, table or _NOTHING, self._condition, item, self._limit(), *parts)

    def _rows(self) -> Iterator[Program]:
        width = 0
        for call, _ in self._calls:
            builder = Builder(self._statement, lambda node, width=width: self._leaf(node, width))  # type: ignore[misc]
            arguments = typed_arguments(call, builder)
            constant = ("k", oids.TEXT, msgspec.json.encode(specification(call)).decode())
            yield ("f", "rows", oids.TEXT, -1, constant, *arguments)
            width += len(call.kinds)

    def _limit(self) -> Program:
        limit = self._query.args.get("limit")
        builder = Builder(self._statement)
        return _ALL_ROWS if limit is None else builder.cast(builder.program(limit.expression), Kind(oids.INT8))

    def _table(self) -> Program | None:
        """The rows of the tables as IRIS gives them; None when there are no tables."""
        if not self._tables:
            return None
        cells = [copied(cell) for cell in self._cells] or [exp.Literal.number(1)]
        row = template("JSON_ARRAY({*} NULL ON NULL)", *cells)
        gathered = template(f"CAST(JSON_ARRAYAGG({{0}}) AS VARCHAR({gathering.LONGEST}))", row, kind=TEXT)
        first, *others = [copied(join) for join in self._tables]
        select = exp.Select(expressions=[gathered])
        select.set("from_", exp.From(this=first.this))
        select.set("joins", others)
        if first.args.get("on") is not None:
            self._pushed.append(first.args["on"])
        if self._pushed:
            select.set("where", exp.Where(this=exp.and_(*(copied(part) for part in self._pushed), copy=False)))
        select.meta["grouped"], select.meta["outputs"] = True, [Output("rows", TEXT)]
        asked = exp.Subquery(this=select)
        asked.meta["kind"] = TEXT
        return self._outer(asked)
