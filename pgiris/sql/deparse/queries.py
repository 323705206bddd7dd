"""Queries: trees of postgres.py -> Query. PostgreSQL: analyze.c, parse_clause.c, parse_relation.c, parse_target.c"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlglot import exp

from pgiris.sql.coercion import Kind
from pgiris.sql.deparse import signatures
from pgiris.sql.deparse.expressions import Expressions, once, var
from pgiris.sql.deparse.nodes import (
    Call,
    Const,
    Form,
    Grouping,
    Join,
    Node,
    Order,
    Query,
    Setop,
    Source,
    Target,
    Unsure,
    Var,
    With,
)
from pgiris.sql.deparse.signatures import Context
from pgiris.sql.infer import Output, column_name, fold, unwrapped
from pgiris.types import oids
from pgiris.types.codec import Context as Settings
from pgiris.types.codec import Oid


class Found(NamedTuple):
    """A relation by the names that PostgreSQL shows. columns: name, type, typmod."""

    schema: str
    name: str
    columns: Sequence[tuple[str, Oid, int]]


Find = Callable[[str, str], Found | None]  # of a schema, "" for none, and a name
Tree = Join | Source
_CLAUSES = frozenset(
    ("with_", "expressions", "distinct", "from_", "joins", "where", "group", "having", "windows", "order", "limit", "offset")
)
_SETOPS: dict[type[exp.Expr], str] = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}
_PLAIN_NAMES = frozenset(("this", "alias", "db", "only", "joins"))


class Queries:
    def __init__(self, find: Find, settings: Settings) -> None:
        self._find, self._settings = find, settings

    def query(self, tree: exp.Expr, parent: Query | None = None, outer: Query | None = None, settles: bool = True) -> Query:
        """settles: literals without a type become text."""
        tree = _bare(tree)
        made = Query([], parent=parent, outer=outer)
        self._with(tree, made)
        if isinstance(tree, exp.SetOperation):
            self._setop_query(tree, made)
        elif isinstance(tree, exp.Values):
            self._values(tree, made)
        elif isinstance(tree, exp.Select):
            _Select(self, made, tree, settles).read()
        else:
            raise Unsure(f"a query of this kind: {type(tree).__name__}")
        return made

    # WITH

    def _with(self, tree: exp.Expr, query: Query) -> None:
        clause = tree.args.get("with_")
        if clause is None:
            return
        query.recursive = bool(clause.args.get("recursive"))
        for cte in clause.expressions:
            self._cte(cte, query)

    def _cte(self, cte: exp.CTE, query: Query) -> None:
        alias = cte.args["alias"]
        name, columns = fold(alias.this), tuple(fold(column) for column in alias.args.get("columns") or ())
        if any(cte.args.get(part) for part in ("scalar", "key_expressions")):
            raise Unsure("WITH of this kind")
        body = _bare(cte.this)
        materialized = cte.args.get("materialized")
        if query.recursive and isinstance(body, exp.SetOperation) and not body.args.get("with_"):
            made = self._recursive(body, query, name, columns, materialized)
        else:
            made = self.query(body, query, query.outer)
            query.ctes.append(With(name, made, columns, materialized, _renamed(made.output, columns)))
        if len(made.output) != len(made.targets):
            raise Unsure("columns of one name")

    def _recursive(
        self, body: exp.SetOperation, query: Query, name: str, columns: tuple[str, ...], materialized: bool | None
    ) -> Query:
        """A query whose second part may read its own rows, which have the columns of the first."""
        made = Query([], parent=query, outer=query.outer)
        known = With(name, made, columns, materialized, {})
        query.ctes.append(known)

        def learn(left: Setop | Query) -> None:
            known.output = _renamed(_first_leaf(left).output, columns)

        self._setop_query(body, made, learn)
        known.output = _renamed(made.output, columns)
        return made

    def cte(self, name: str, query: Query | None) -> With | None:
        while query is not None:
            found = next((cte for cte in reversed(query.ctes) if cte.name == name), None)
            if found is not None:
                return found
            query = query.parent
        return None

    # UNION

    def _setop_query(self, tree: exp.SetOperation, query: Query, learn: Callable[[Setop | Query], None] | None = None) -> None:
        query.setop, types = self._setop(tree, query, learn)
        first = _first_leaf(query.setop)
        query.targets = [
            Target(Const(oid, typmod=typmod, text=None), target.name)
            for (oid, typmod), target in zip(types, first.targets, strict=True)
        ]
        order = tree.args.get("order")
        query.order = [self._numbered(item, query) for item in (order.expressions if order is not None else ())]
        reader = Expressions(query, self._settings)
        query.limit, query.offset = _limit(tree, reader)

    def _setop(
        self, tree: exp.Expr, query: Query, learn: Callable[[Setop | Query], None] | None = None
    ) -> tuple[Setop, list[tuple[Oid, int]]]:
        word = _SETOPS.get(type(tree))
        if word is None or any(tree.args.get(part) for part in ("by_name", "side", "kind", "on", "match_by")):
            raise Unsure("UNION of this kind")
        left, ours = self._part(tree.this, query)
        if learn is not None:
            learn(left)
        right, theirs = self._part(tree.expression, query)
        if len(ours) != len(theirs):
            raise Unsure("parts with different numbers of columns")
        types = []
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            chosen = signatures.common_type([one[0], other[0]])
            if chosen is None:
                raise Unsure("parts with different types")
            for part in (left, right):
                _settle(part, place, chosen, Expressions(query, self._settings))
            same = one[1] == other[1] and one[0] == other[0]
            types.append((chosen, one[1] if same else -1))
        return Setop(word, not tree.args.get("distinct"), left, right), types

    def _part(self, tree: exp.Expr, query: Query) -> tuple[Setop | Query, list[tuple[Oid, int]]]:
        inner = _bare(tree)
        if isinstance(inner, exp.SetOperation) and not any(inner.args.get(key) for key in ("with_", "order", "limit", "offset")):
            return self._setop(inner, query)
        made = self.query(inner, query, query.outer, settles=False)
        return made, [(target.expression.type, target.expression.typmod) for target in made.targets]

    def _numbered(self, item: exp.Expr, query: Query) -> Order:
        """A key of a UNION: one of its columns, which is printed by its number."""
        if not isinstance(item, exp.Ordered):
            raise Unsure("ORDER BY of this kind")
        key = unwrapped(item.this)
        names = [target.name for target in query.targets]
        if isinstance(key, exp.Literal) and key.name.isdigit() and not key.is_string:
            place = int(key.name)
        elif isinstance(key, exp.Column) and not key.args.get("table") and names.count(fold(key.this)) == 1:
            place = names.index(fold(key.this)) + 1
        else:
            raise Unsure("ORDER BY of this kind")
        number = Const(oids.INT4, text=str(place))
        return Order(number, bool(item.args.get("desc")), bool(item.args.get("nulls_first")))

    # VALUES

    def _values(self, tree: exp.Values, query: Query) -> None:
        if any(tree.args.get(part) for part in ("order", "limit", "offset")):
            raise Unsure("VALUES of this kind")
        reader = self.reader(query)
        rows = [[reader.node(item) for item in row.expressions] for row in tree.expressions]
        if len({len(row) for row in rows}) != 1:
            raise Unsure("VALUES of several lengths")
        unified = [reader.unify(column) for column in zip(*rows, strict=True)]
        query.values = list(zip(*(made for _, _, made in unified), strict=True))
        query.targets = [
            Target(Const(oid, typmod=typmod, text=None), f"column{number}") for number, (oid, typmod, _) in enumerate(unified, 1)
        ]

    def reader(self, query: Query) -> _Reader:
        return _Reader(self, query, self._settings)

    def relation(self, schema: str, name: str) -> Found | None:
        return self._find(schema, name)


class _Reader(Expressions):
    """Expressions of a query, which may have queries in them."""

    fixes_moments = True

    def __init__(self, queries: Queries, query: Query, settings: Settings) -> None:
        super().__init__(query, settings)
        self._queries = queries

    def subquery(self, tree: exp.Expr) -> Query:
        made = self._queries.query(tree, self.query, self.query)
        outputs = [Output(target.name, Kind(target.expression.type)) for target in made.targets]
        for node in (tree, _bare(tree)):
            node.meta["outputs"] = outputs
        return made


class _Select:
    """Reads one SELECT."""

    def __init__(self, queries: Queries, query: Query, tree: exp.Select, settles: bool) -> None:
        self._queries, self._query, self._tree, self._settles = queries, query, tree, settles
        self._reader = queries.reader(query)

    def read(self) -> None:
        tree, query, reader = self._tree, self._query, self._reader
        if any(value for key, value in tree.args.items() if key not in _CLAUSES):
            raise Unsure("a SELECT of this kind")
        self._from()
        query.windows = [reader.window(window, fold(window.this)) for window in tree.args.get("windows") or ()]
        for item in tree.expressions:
            query.targets += self._targets(item)
        where, having = tree.args.get("where"), tree.args.get("having")
        query.where = reader.boolean(where.this) if where is not None else None
        query.having = reader.boolean(having.this) if having is not None else None
        self._group()
        order = tree.args.get("order")
        query.order = list(once([self._ordered(item) for item in (order.expressions if order is not None else ())]))
        self._distinct()
        query.limit, query.offset = _limit(tree, reader)

    # FROM

    def _from(self) -> None:
        clause = self._tree.args.get("from_")
        if clause is not None:
            self._query.tree = self._trees(clause.this, self._tree.args.get("joins") or ())

    def _trees(self, first: exp.Expr, joins: Sequence[exp.Join]) -> list[Tree]:
        trees = [self._tree_of(first)]
        for join in joins:
            if _is_comma(join):
                trees.append(self._tree_of(join.this))
            else:
                trees[-1] = self._join(trees[-1], join)
        return trees

    def _join(self, left: Tree, join: exp.Join) -> Join:
        known = ("this", "side", "kind", "method", "on", "using")
        if any(value for key, value in join.args.items() if key not in known):
            raise Unsure("a JOIN of this kind")
        right = self._tree_of(join.this)
        side, kind = (str(join.args.get(part) or "").upper() for part in ("side", "kind"))
        if side not in ("", "LEFT", "RIGHT", "FULL") or kind not in ("", "INNER", "OUTER", "CROSS"):
            raise Unsure("a JOIN of this kind")
        made = Join(left, right, side or "INNER")
        method = str(join.args.get("method") or "").upper()
        names = tuple(fold(name) for name in join.args.get("using") or ())
        if method == "NATURAL":
            theirs = {name for name, _ in self._columns(right)}
            names = tuple(name for name, _ in self._columns(left) if name in theirs)
        elif method:
            raise Unsure("a JOIN of this kind")
        for name in names:
            self._merge(made, name)
        made.using = names
        on = join.args.get("on")
        if on is not None:
            made.on = self._reader.boolean(unwrapped(on))
        return made

    def _merge(self, join: Join, name: str) -> None:
        """A column of JOIN USING is that of one side. PostgreSQL: buildMergedJoinVar() in parse_clause.c"""
        one, other = (_only(self._columns(side), name) for side in (join.left, join.right))
        if join.kind == "FULL" or (one.type, one.typmod) != (other.type, other.typmod):
            raise Unsure("USING of this kind")
        self._query.merged[name] = other if join.kind == "RIGHT" else one

    def _columns(self, tree: Tree) -> list[tuple[str, Node]]:
        """What * stands for."""
        if isinstance(tree, Source):
            return [(name, var(tree, name)) for name in tree.columns]
        left, right = self._columns(tree.left), self._columns(tree.right)
        merged = [(name, self._query.merged[name]) for name in tree.using]
        return merged + [pair for pair in left + right if pair[0] not in tree.using]

    def _tree_of(self, tree: exp.Expr) -> Tree:
        if tree.args.get("joins"):
            (made,) = self._trees(_without_joins(tree), tree.args["joins"])
            return made
        if isinstance(tree, exp.Subquery) and _is_join(tree.this):
            if tree.args.get("alias") is not None:
                raise Unsure("a join with an alias")
            return self._tree_of(tree.this)
        source = self._source(tree)
        if any(other.name == source.name for other in self._query.sources):
            raise Unsure("tables of one name")
        self._query.sources.append(source)
        return source

    def _source(self, tree: exp.Expr) -> Source:
        alias = tree.args.get("alias")
        name = fold(alias.this) if alias is not None and alias.this is not None else ""
        columns = tuple(fold(column) for column in alias.args.get("columns") or ()) if alias is not None else ()
        if isinstance(tree, exp.Lateral):
            made = self._source_of(tree.this, name, columns)
            made.lateral = True
            return made
        return self._source_of(tree, name, columns)

    def _source_of(self, tree: exp.Expr, name: str, columns: tuple[str, ...]) -> Source:
        if isinstance(tree, exp.Table) and isinstance(tree.this, exp.Identifier):
            return self._relation(tree, name, columns)
        if isinstance(tree, exp.Unnest):
            if tree.args.get("offset") or len(tree.expressions) != 1:
                raise Unsure("unnest of this kind")
            return self._function(exp.Anonymous(this="unnest", expressions=list(tree.expressions)), name, columns)
        if isinstance(tree, exp.Table) and isinstance(tree.this, exp.Anonymous):
            return self._function(tree.this, name, columns)
        if isinstance(tree, exp.Anonymous):
            return self._function(tree, name, columns)
        is_values = isinstance(tree, exp.Table) and isinstance(tree.this, exp.Values)
        if is_values or isinstance(tree, exp.Subquery | exp.Values):
            is_lateral = isinstance(tree.parent, exp.Lateral)
            outer = self._query if is_lateral else self._query.outer
            inner = _without_alias(tree) if isinstance(tree, exp.Values) else tree.this
            made = self._queries.query(inner, self._query, outer)
            if len(made.output) != len(made.targets) or not name:
                raise Unsure("a subquery of this kind")
            return Source(name, _renamed(made.output, columns), query=made, has_alias=True, renames=bool(columns))
        raise Unsure("FROM of this kind")

    def _relation(self, tree: exp.Table, name: str, columns: tuple[str, ...]) -> Source:
        if any(value for key, value in tree.args.items() if key not in _PLAIN_NAMES) or tree.args.get("only"):
            raise Unsure("a table of this kind")
        schema, own = fold(tree.args.get("db")), fold(tree.this)
        cte = None if schema else self._queries.cte(own, self._query)
        if cte is not None:
            known = _renamed(cte.output, columns)
            return Source(name or own, known, cte=cte.name, has_alias=bool(name), renames=bool(columns))
        found = self._queries.relation(schema, own)
        if found is None or self._queries.cte(found.name, self._query) is not None:
            raise Unsure(f"which table {own} is meant")
        known = {column: (oid, typmod) for column, oid, typmod in found.columns}
        renames = any(new != old for new, old in zip(columns, known, strict=False))
        return Source(
            name or found.name,
            _renamed(known, columns),
            relation=(found.schema, found.name),
            has_alias=bool(name),
            renames=renames,
        )

    def _function(self, tree: exp.Anonymous, name: str, columns: tuple[str, ...]) -> Source:
        reader = self._queries.reader(self._query)
        made = reader.node(tree)
        if not isinstance(made, Call) or made.type == oids.RECORD or len(columns) > 1:
            raise Unsure("a function of this kind in FROM")
        own = name or made.name
        column = columns[0] if columns else own
        found = Source(own, {column: (made.type, made.typmod)}, function=made, has_alias=True, renames=True)
        found.lateral = not reader.named.isdisjoint(self._query.sources)
        return found

    # Targets

    def _targets(self, item: exp.Expr) -> list[Target]:
        inner = item.this if isinstance(item, exp.Alias) else item
        if isinstance(inner, exp.Star):
            if any(value for value in inner.args.values()) or not self._query.tree:
                raise Unsure("* of this kind")
            return [Target(node, name) for tree in self._query.tree for name, node in self._columns(tree)]
        if isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star):
            table = fold(inner.args.get("table"))
            found = [source for source in self._query.sources if source.name == table]
            if len(found) != 1 or inner.args.get("db") is not None:
                raise Unsure("* of this kind")
            return [Target(node, name) for name, node in self._columns(found[0])]
        node = self._reader.node(inner)
        name = fold(item.args["alias"]) if isinstance(item, exp.Alias) else self._named(inner, node)
        return [Target(self._reader.settle(node) if self._settles else node, name)]

    def _named(self, tree: exp.Expr, node: Node) -> str:
        return node.name if isinstance(node, Var) else column_name(tree)

    # Keys

    def _group(self) -> None:
        group = self._tree.args.get("group")
        if group is None:
            return
        if any(value for key, value in group.args.items() if key != "expressions"):
            raise Unsure("GROUP BY of this kind")
        self._query.groups = list(dict.fromkeys(self._grouping(item) for item in group.expressions))

    def _grouping(self, item: exp.Expr) -> Grouping:
        words: dict[type[exp.Expr], str] = {exp.Rollup: "ROLLUP", exp.Cube: "CUBE", exp.GroupingSets: "GROUPING SETS"}
        word = words.get(type(item))
        if word is not None:
            return Grouping(word, tuple(self._set(part) for part in item.expressions))
        return Grouping("", (self._key(item, by_output=False),))

    def _set(self, item: exp.Expr) -> Grouping:
        if type(item) in (exp.Rollup, exp.Cube, exp.GroupingSets):
            return self._grouping(item)
        if isinstance(item, exp.Tuple):
            return Grouping("SET", tuple(self._key(part, by_output=False) for part in item.expressions))
        is_set = isinstance(item, exp.Paren)
        return Grouping("SET" if is_set else "", (self._key(item, by_output=False),))

    def _key(self, item: exp.Expr, by_output: bool) -> Node:
        """by_output: a name is a column of the result before it is one of FROM. PostgreSQL: findTargetlistEntrySQL92()"""
        key = unwrapped(item)
        targets = self._query.targets
        if isinstance(key, exp.Literal) and not key.is_string:
            if not key.name.isdigit() or not 1 <= int(key.name) <= len(targets):
                raise Unsure("a key that is a constant")
            return targets[int(key.name) - 1].expression
        if isinstance(key, exp.Column) and not key.args.get("table"):
            named = [target.expression for target in targets if target.name == fold(key.this)]
            if by_output and named:
                if any(node != named[0] for node in named):
                    raise Unsure("a key of several meanings")
                return named[0]
            try:
                return self._reader.node(key)
            except Unsure:
                if len(named) != 1:
                    raise
                return named[0]
        return self._reader.settle(self._reader.node(key))

    def _ordered(self, item: exp.Expr) -> Order:
        if not isinstance(item, exp.Ordered):
            raise Unsure("ORDER BY of this kind")
        return Order(self._key(item.this, by_output=True), bool(item.args.get("desc")), bool(item.args.get("nulls_first")))

    def _distinct(self) -> None:
        distinct = self._tree.args.get("distinct")
        if distinct is None:
            return
        on = distinct.args.get("on")
        if on is None:
            self._query.distinct = True
            return
        items = on.expressions if isinstance(on, exp.Tuple) else [on]
        keys = tuple(self._key(item, by_output=True) for item in items)
        leading = [order.expression for order in self._query.order[: len(keys)]]
        if leading != list(keys)[: len(leading)]:
            raise Unsure("DISTINCT ON in another order")
        self._query.distinct = keys


def _bare(tree: exp.Expr) -> exp.Expr:
    """A query without parentheses around it."""
    while isinstance(tree, exp.Paren) or (
        isinstance(tree, exp.Subquery) and not any(value for key, value in tree.args.items() if key != "this")
    ):
        tree = tree.this
    return tree


def _renamed(columns: dict[str, tuple[Oid, int]], names: tuple[str, ...]) -> dict[str, tuple[Oid, int]]:
    made = dict(zip([*names, *list(columns)[len(names) :]], columns.values(), strict=True))
    if len(made) != len(columns):
        raise Unsure("columns of one name")
    return made


def _is_join(tree: exp.Expr) -> bool:
    """What stands in parentheses in FROM, and is no query."""
    return isinstance(tree, exp.Table) or (
        isinstance(tree, exp.Subquery) and (bool(tree.args.get("joins")) or _is_join(tree.this))
    )


def _without_joins(tree: exp.Expr) -> exp.Expr:
    made = type(tree)(**{key: value for key, value in tree.args.items() if key != "joins"})
    made.meta.update(tree.meta)
    return made


def _without_alias(values: exp.Values) -> exp.Values:
    return exp.Values(expressions=values.expressions)


def _is_comma(join: exp.Join) -> bool:
    return not any(join.args.get(part) for part in ("side", "kind", "method", "on", "using"))


def _only(columns: list[tuple[str, Node]], name: str) -> Node:
    found = [node for other, node in columns if other == name]
    if len(found) != 1:
        raise Unsure(f"which column {name} is meant")
    return found[0]


def _first_leaf(part: Setop | Query) -> Query:
    while isinstance(part, Setop):
        part = part.left
    return part


def _settle(part: Setop | Query, place: int, chosen: Oid, reader: Expressions) -> None:
    """Literals of a part that have no type yet take that of the column. PostgreSQL: transformSetOperationTree()"""
    if isinstance(part, Setop):
        return
    target = part.targets[place]
    if target.expression.type == oids.UNKNOWN:
        made = replace(target, expression=reader.coerce(target.expression, chosen))
        part.targets[place] = made


def _limit(tree: exp.Expr, reader: Expressions) -> tuple[Node | None, Node | None]:
    limit, offset = tree.args.get("limit"), tree.args.get("offset")
    made: list[Node | None] = []
    for clause in (limit, offset):
        if clause is None:
            made.append(None)
            continue
        value = clause.expression if not isinstance(clause, exp.Fetch) else clause.args.get("count")
        options = clause.args.get("limit_options") if isinstance(clause, exp.Fetch) else None
        if options is not None and (options.args.get("with_ties") or options.args.get("percent")):
            raise Unsure("FETCH of this kind")
        if value is None or isinstance(value, exp.Var) or clause.args.get("expressions"):
            raise Unsure("LIMIT of this kind")
        made.append(reader.convert(reader.node(unwrapped(value)), oids.INT8, -1, Context.ASSIGNMENT, Form.IMPLICIT))
    return made[0], made[1]
