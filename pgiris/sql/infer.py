"""Infer: names and types of a statement, without running it.

In: a tree of postgres.py and the schema. Out: the same tree, whose nodes carry in ``meta`` their ``kind`` (coercion.Kind),
columns their ``field`` (scope.Field), queries their ``outputs``; parameters and literals of unknown type took it from their
context.
Raises what PostgreSQL's parse analysis raises, with the place in the text.
PostgreSQL: typeconv, src/backend/parser/parse_*.c
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import functions, operators
from pgiris.sql.coercion import (
    ANY,
    BOOL,
    INT4,
    INT8,
    NUMBERS,
    NUMERIC,
    STRINGS,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    Kind,
    assignable,
    category,
    check_literal,
    common,
    implicit,
)
from pgiris.sql.functions import FUNCTIONS, Sort
from pgiris.sql.postgres import Distance, Unparsable, operator_position, position_of
from pgiris.sql.scope import (
    Field,
    Scope,
    Source,
    fields_of,
    find_relation,
    iris_schema,
    refuse_catalog,
    undefined_relation,
)
from pgiris.sql.session_functions import SESSION_FUNCTIONS, WITHOUT_PARENTHESES, SessionFunction
from pgiris.sql.words import BUILT_IN_FUNCTIONS
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.numeric import scale_of
from pgiris.types.relation import Relation, Snapshot
from pgiris.types.rows import Column
from pgiris.types.table import TYPES, numeric_typmod, parse_type, type_name

MAX_PARAMETERS = 65535  # PostgreSQL: protocol-message-formats, Bind counts parameters in an Int16


MAX_PRECISION = 1000  # of numeric(p,s)


class Output(NamedTuple):
    """One column of a query's result."""

    name: str
    kind: Kind
    relation: Oid = Oid(0)
    attribute: int = 0
    nullable: bool = True
    collation: str = ""  # IRIS's, of a plain column
    scale: int | None = None  # decimals that PostgreSQL would show, of a numeric whose typmod does not tell

    def column(self) -> Column:
        shown = -1 if self.scale is None else numeric_typmod(MAX_PRECISION, self.scale)
        return Column(self.name, self.kind.oid, self.kind.typmod, self.relation, self.attribute, shown)


@dataclass
class Analysis:
    """What is learnt about one statement. parameters: their types so far, 0 for open ones."""

    text: str
    snapshot: Snapshot
    search_path: tuple[str, ...]
    parameters: list[Oid]
    lenient: bool = False  # there is no schema at hand: unknown names pass

    def parameter(self, number: int, position: int | None) -> Kind:
        if not 1 <= number <= MAX_PARAMETERS:
            raise PgError(sqlstate.UNDEFINED_PARAMETER, f"there is no parameter ${number}", position=position)
        while len(self.parameters) < number:
            self.parameters.append(Oid(0))
        oid = self.parameters[number - 1]
        return Kind(oid) if oid else UNKNOWN


def kind_of(node: exp.Expr) -> Kind:
    kind: Kind = node.meta.get("kind", ANY)
    return kind


def set_kind(node: exp.Expr, kind: Kind) -> Kind:
    node.meta["kind"] = kind
    return kind


def fold(identifier: exp.Expr | str | None) -> str:
    """A name as PostgreSQL sees it."""
    if identifier is None:
        return ""
    if isinstance(identifier, str):
        return identifier.lower()
    name: str = identifier.name
    return name if identifier.args.get("quoted") else name.lower()


def is_literal(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal | exp.Null)


class Binder:
    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._aggregates: list[list[exp.Expr]] = []
        self.open_query: exp.Expr | None = None  # the query of an INSERT, whose columns' types the table decides

    # Queries

    def query(self, node: exp.Expr, scope: Scope) -> list[Output]:
        """A SELECT, VALUES, set operation, or one of them in parentheses. scope: what the query may see of its surroundings."""
        inner = scope.child()
        self._with(node, inner)
        if isinstance(node, exp.Select):
            outputs = self._select(node, inner)
        elif isinstance(node, exp.SetOperation):
            outputs = self._set_operation(node, inner)
        elif isinstance(node, exp.Values):
            outputs = self._values(node, inner)
        elif isinstance(node, exp.Subquery):
            outputs = self.query(node.this, inner)
            self._order_of_names(node, outputs)
            self._limit(node, inner)
        elif isinstance(node, exp.Table):
            raise not_supported("this form of query is not supported")
        else:
            raise not_supported(f"{node.key.upper()} is not supported here")
        node.meta["outputs"] = outputs
        return outputs

    def _with(self, node: exp.Expr, scope: Scope) -> None:
        clause = node.args.get("with_")
        if clause is None:
            return
        if clause.args.get("recursive"):
            raise not_supported("WITH RECURSIVE is not supported")
        for cte in clause.expressions:
            if not isinstance(cte.this, exp.Query | exp.Values):
                raise not_supported("data-modifying statements in WITH are not supported")
            outputs = self.query(cte.this, scope)
            name = fold(cte.args["alias"].this)
            if name in scope.ctes:
                message = f'WITH query name "{name}" specified more than once'
                raise PgError(sqlstate.DUPLICATE_ALIAS, message, position=position_of(cte.args["alias"].this))
            scope.ctes[name] = self._renamed(outputs, cte.args["alias"].args.get("columns"), name)

    def _renamed(self, outputs: Sequence[Output], columns: Sequence[exp.Expr] | None, name: str) -> list[Field]:
        names = [fold(column) for column in columns or ()]
        if len(names) > len(outputs):
            message = f'table "{name}" has {len(outputs)} columns available but {len(names)} columns specified'
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message)
        names += [output.name for output in outputs[len(names) :]]
        return [
            Field(shown, output.kind, output.relation, output.attribute, output.nullable, output.collation, scale=output.scale)
            for shown, output in zip(names, outputs, strict=True)
        ]

    def _select(self, node: exp.Select, scope: Scope) -> list[Output]:
        self._from(node, scope)
        for clause in ("laterals", "connect", "qualify", "sample", "pivots", "match", "into", "hint", "kind"):
            if node.args.get(clause):
                raise not_supported(f"{clause.rstrip('s').upper()} is not supported")
        if node.args.get("windows"):
            raise not_supported("the WINDOW clause is not supported")
        items = self._items(node.expressions, scope)
        node.set("expressions", items)
        self._aggregates.append([])
        for item in items:
            if item.is_star:
                set_kind(item, ANY)  # of a table whose columns are not known
            else:
                self.expression(item, scope)
        for clause in ("where", "having"):
            if node.args.get(clause):
                self.condition(node.args[clause].this, scope, clause.upper())
        distinct = node.args.get("distinct")
        if distinct is not None and distinct.args.get("on") is not None:
            for part in _parts(distinct.args["on"]):
                self._sort_key(part, items, scope, "DISTINCT ON")
        self._group(node, items, scope)
        self._order(node, items, scope)
        self._limit(node, scope)
        aggregates = self._aggregates.pop()
        outputs = [self._output(item, node is self.open_query) for item in items]
        self._check_grouping(node, items, scope, aggregates)
        return outputs

    def _items(self, items: Sequence[exp.Expr], scope: Scope) -> list[exp.Expr]:
        """The select list with its stars expanded."""
        expanded: list[exp.Expr] = []
        for item in items:
            if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
                expanded += self._star(item, scope)
            else:
                expanded.append(item)
        return expanded

    def _star(self, item: exp.Expr, scope: Scope) -> list[exp.Expr]:
        table = fold(item.args.get("table"))
        if any(item.args.get(word) for word in ("except_", "except", "replace", "rename")):
            raise not_supported("* with EXCEPT, REPLACE or RENAME is not supported")
        if table:
            source = scope.source(table)
            if source is None:
                raise self._missing_source(table, item, scope)
            sources = [source]
        else:
            sources = scope.sources
            if not sources:
                message = "SELECT * with no tables specified is not valid"
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(item))
        if any(source.open for source in sources):
            return [item]
        return [
            set_column(exp.column(entry.name, table=source.alias if len(scope.sources) > 1 else None), entry)
            for source in sources
            for entry in source.fields
            if table or entry.name.lower() not in source.hidden
        ]

    def _output(self, item: exp.Expr, is_open: bool = False) -> Output:
        value = item.this if isinstance(item, exp.Alias) else item
        kind = kind_of(value)
        if kind.oid == oids.UNKNOWN and not is_open:
            kind = self.coerce(value, TEXT)
        if isinstance(item, exp.Alias):
            set_kind(item, kind)
        name = fold(item.args["alias"]) if isinstance(item, exp.Alias) else column_name(value)
        found: Field | None = unwrapped(value).meta.get("field")
        if found is not None and isinstance(unwrapped(value), exp.Column):
            return Output(name, kind, found.relation, found.attribute, found.nullable, found.collation, found.scale)
        return Output(name, kind, nullable=is_nullable(value), scale=shown_scale(value))

    def _from(self, node: exp.Expr, scope: Scope) -> None:
        clause = node.args.get("from_")
        if clause is not None:
            self._add_source(clause.this, scope)
        for join in node.args.get("joins") or ():
            self._join(join, scope)

    def _join(self, join: exp.Join, scope: Scope) -> None:
        before = list(scope.sources)
        self._add_source(join.this, scope)
        added = scope.sources[len(before) :]
        if (join.args.get("method") or "").upper() == "NATURAL":
            join.set("method", None)
            shared = [name for name in _visible(before) if name in _visible(added)]
            join.set("using", [exp.to_identifier(name, quoted=True) for name in shared])
            if not shared:
                join.set("kind", "CROSS")
        side = (join.args.get("side") or "").upper()
        if join.args.get("using"):
            self._using(join, before, added)
        if side in ("LEFT", "FULL"):
            for source in added:
                source.as_nullable()
        if side in ("RIGHT", "FULL"):
            for source in before:
                source.as_nullable()
        if join.args.get("on") is not None:
            self.condition(join.args["on"], scope, "JOIN/ON")

    def _using(self, join: exp.Join, before: list[Source], added: list[Source]) -> None:
        """``a JOIN b USING (x)`` becomes ``ON a.x = b.x``; the shared column is a's (b's of a right join)."""
        side = (join.args.get("side") or "").upper()
        if side == "FULL":
            raise not_supported("FULL JOIN with USING is not supported", "Use ON.")
        conditions: list[exp.Expr] = []
        for identifier in join.args["using"]:
            name = fold(identifier.this if isinstance(identifier, exp.Column) else identifier)
            left = [source for source in before if name.lower() not in source.hidden and source.find(name)]
            right = [source for source in added if source.find(name)]
            for which, found in (("left", left), ("right", right)):
                if not found:
                    message = f'column "{name}" specified in USING clause does not exist in {which} table'
                    raise PgError(sqlstate.UNDEFINED_COLUMN, message)
                if len(found) > 1:
                    message = f'common column name "{name}" appears more than once in {which} table'
                    raise PgError(sqlstate.AMBIGUOUS_COLUMN, message)
            condition = exp.EQ(this=exp.column(name, table=left[0].alias), expression=exp.column(name, table=right[0].alias))
            conditions.append(condition)
            loser = left[0] if side == "RIGHT" else right[0]
            loser.hidden |= {name.lower()}
            if side == "RIGHT":  # USING columns come first in *, in the order of the left table
                raise not_supported("RIGHT JOIN with USING is not supported", "Use ON.")
        if len(before) == 1:
            shared = {fold(c.this if isinstance(c, exp.Column) else c).lower() for c in join.args["using"]}
            order = [fold(c.this if isinstance(c, exp.Column) else c).lower() for c in join.args["using"]]
            before[0].fields.sort(key=lambda f: order.index(f.name.lower()) if f.name.lower() in shared else len(order))
        join.set("using", None)
        join.set("on", exp.and_(*conditions, copy=False))

    def sources(self, node: exp.Expr, scope: Scope) -> None:
        """Another entry of FROM or USING, with its joins."""
        self._add_source(node, scope)

    def _add_source(self, node: exp.Expr, scope: Scope) -> None:
        if isinstance(node, exp.Table):
            if isinstance(node.this, exp.Anonymous | exp.Func):
                raise not_supported(f"function {node.this.name.lower()}() in FROM is not supported")
            if node.args.get("only"):
                node.set("only", None)
            if node.args.get("sample"):
                raise not_supported("TABLESAMPLE is not supported")
            scope.add(self.table(node, scope))
            for join in node.args.get("joins") or ():
                self._join(join, scope)
        elif isinstance(node, exp.Lateral):
            raise not_supported("LATERAL is not supported")
        elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
            raise not_supported("joins in parentheses are not supported")
        elif isinstance(node, exp.Subquery | exp.Values | exp.Paren):
            self._add_subquery(node, scope)
        else:
            raise not_supported(f"{node.key.upper()} in FROM is not supported")

    def _add_subquery(self, node: exp.Expr, scope: Scope) -> None:
        if node.args.get("joins"):
            raise not_supported("joins in parentheses are not supported")
        alias = node.args.get("alias")
        if alias is None:
            message = f"{'VALUES' if isinstance(node.this, exp.Values) else 'subquery'} in FROM must have an alias"
            raise PgError(
                sqlstate.SYNTAX_ERROR,
                message,
                position=self._parenthesis_before(node),
                hint="For example, FROM (SELECT ...) [AS] foo.",
            )
        outer = Scope(scope.parent, level=scope.level, ctes=scope.ctes)  # a subquery in FROM sees no other entry of FROM
        inner = node if isinstance(node, exp.Values) else node.this
        outputs = self.query(inner, outer)
        name = fold(alias.this)
        fields = self._renamed(outputs, alias.args.get("columns"), name)
        node.meta["fields"] = fields
        scope.add(Source(name, fields))

    def table(self, node: exp.Table, scope: Scope | None = None) -> Source:
        """Resolve the name of a table; the node gets IRIS's schema and name."""
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            raise Unparsable("not the name of a table")
        schema, name = fold(node.args.get("db")), fold(node.this)
        if node.args.get("catalog") is not None:
            node.set("catalog", None)  # PostgreSQL allows the current database's name here
        alias_node = node.args.get("alias")
        alias = fold(alias_node.this) if alias_node is not None and alias_node.this is not None else name
        if scope is not None and not schema:
            fields = scope.cte(name)
            if fields is not None:
                columns = alias_node.args.get("columns") if alias_node is not None else None
                return Source(alias, self._aliased(fields, columns, alias))
        refuse_catalog(schema, name)
        relation = find_relation(self.analysis.snapshot, self.analysis.search_path, schema, name)
        if relation is None:
            if not self.analysis.lenient:
                raise undefined_relation(schema, name, position_of(node))
            place = schema or self.analysis.search_path[0]
            node.set("db", exp.to_identifier(iris_schema(place)))
            return Source(alias, [], open=True)
        node.set("db", exp.to_identifier(relation.schema))
        node.this.set("this", relation.name)
        node.meta["relation"] = relation
        columns = alias_node.args.get("columns") if alias_node is not None else None
        if columns:
            raise not_supported("column aliases of a table are not supported")
        return Source(alias, fields_of(relation), relation, schema=relation.schema)

    def _aliased(self, fields: list[Field], columns: Sequence[exp.Expr] | None, alias: str) -> list[Field]:
        if not columns:
            return fields
        raise not_supported("column aliases of a WITH query are not supported")

    def _values(self, node: exp.Values, scope: Scope) -> list[Output]:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [_inside(row)] for row in node.expressions]
        width = len(rows[0])
        if not all(rows):
            raise Unparsable("a row without columns")
        for row in rows:
            if len(row) != width:
                message = "VALUES lists must all be the same length"
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(row[0]))
            for item in row:
                self.expression(item, scope)
        outputs = []
        for place in range(width):
            items = [row[place] for row in rows]
            kind = self.unify(items, "VALUES")
            outputs.append(Output(f"column{place + 1}", kind, nullable=any(map(is_nullable, items))))
        self._order_of_names(node, outputs)
        self._limit(node, scope)
        return outputs

    def _set_operation(self, node: exp.SetOperation, scope: Scope) -> list[Output]:
        left = self._leg(node.this, scope)
        right = self._leg(node.expression, scope)
        word = node.key.upper()
        if len(left) != len(right):
            message = f"each {word} query must have the same number of columns"
            raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(node.expression))
        outputs = []
        for place, (one, other) in enumerate(zip(left, right, strict=True)):
            items = [item for leg in (node.this, node.expression) for item in _leg_items(leg, place)]
            kinds = [UNKNOWN if _is_open_item(item) else kind_of(item) for item in items]
            kind = common(kinds, word, position_of(items[-1]))
            for item in items:
                if _is_open_item(item):
                    item.meta["kind"] = UNKNOWN
                    self.coerce(item, kind)
                    item.meta["kind"] = kind
            collation = one.collation if one.collation == other.collation else ""
            outputs.append(Output(one.name, kind, nullable=one.nullable or other.nullable, collation=collation))
        self._order_of_names(node, outputs)
        self._limit(node, scope)
        return outputs

    def _leg(self, node: exp.Expr, scope: Scope) -> list[Output]:
        return self.query(node, scope)

    def _group(self, node: exp.Select, items: Sequence[exp.Expr], scope: Scope) -> None:
        group = node.args.get("group")
        if group is None:
            return
        if any(group.args.get(part) for part in ("grouping_sets", "cube", "rollup", "totals", "all")):
            raise not_supported("GROUPING SETS, CUBE and ROLLUP are not supported")
        keys: list[exp.Expr] = []
        for key in group.expressions:
            if isinstance(key, exp.Cube | exp.Rollup | exp.GroupingSets):
                raise not_supported("GROUPING SETS, CUBE and ROLLUP are not supported")
            place = self._ordinal(key, items, "GROUP BY")
            if place is None and _bare_name(key) and not _resolves(key, scope):
                place = _by_alias(key, items)
            if place is not None:
                group.meta["expanded"] = True
                key = _value(items[place]).copy()
            else:
                self.expression(key, scope)
            self._settle(key)
            keys.append(key)
        group.set("expressions", keys)

    def _order(self, node: exp.Expr, items: Sequence[exp.Expr], scope: Scope) -> None:
        order = node.args.get("order")
        for ordered in order.expressions if order is not None else ():
            if ordered.args.get("with_fill") or isinstance(ordered.this, exp.Ordered):
                raise not_supported("this ORDER BY is not supported")
            distinct = node.args.get("distinct")
            plain = distinct is None or distinct.args.get("on") is not None
            self._sort_key(ordered.this, items, scope, "ORDER BY" if plain else "DISTINCT")

    def _sort_key(self, key: exp.Expr, items: Sequence[exp.Expr], scope: Scope, clause: str) -> None:
        """Notes in ``meta["item"]`` which select item a sort key names."""
        place = self._ordinal(key, items, "ORDER BY" if clause == "DISTINCT" else clause)
        if place is None and _bare_name(key):
            place = _by_alias(key, items)
        if place is not None:
            key.meta["item"] = place
            set_kind(key, kind_of(_value(items[place])))
            return
        self.expression(key, scope)
        self._settle(key)
        same = [index for index, item in enumerate(items) if _value(item) == key]
        if same:
            key.meta["item"] = same[0]
        elif clause == "DISTINCT":
            message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(key))

    def _settle(self, key: exp.Expr) -> None:
        if kind_of(key).oid == oids.UNKNOWN:
            self.coerce(key, TEXT)

    def _ordinal(self, key: exp.Expr, items: Sequence[exp.Expr], clause: str) -> int | None:
        """The index of the select item that a number means."""
        key = _inside(key)
        if isinstance(key, exp.Null | exp.Literal) and not (
            isinstance(key, exp.Literal) and not key.is_string and key.name.isdigit()
        ):
            raise PgError(sqlstate.SYNTAX_ERROR, f"non-integer constant in {clause}", position=position_of(key))
        if not isinstance(key, exp.Literal):
            return None
        place = int(key.name)
        if not 1 <= place <= len(items):
            message = f"{clause} position {place} is not in select list"
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(key))
        return place - 1

    def _order_of_names(self, node: exp.Expr, outputs: Sequence[Output]) -> None:
        """ORDER BY of a set operation or VALUES: only names and places of its columns."""
        order = node.args.get("order")
        for ordered in order.expressions if order is not None else ():
            key = ordered.this
            if isinstance(key, exp.Literal) and not key.is_string and key.name.isdigit():
                place = int(key.name)
                if not 1 <= place <= len(outputs):
                    message = f"ORDER BY position {place} is not in select list"
                    raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(key))
            elif _bare_name(key):
                found = [index for index, output in enumerate(outputs, 1) if output.name == fold(key.this)]
                if not found:
                    raise self._missing_column(fold(key.this), "", key)
                place = found[0]
            else:
                message = f"invalid {node.key.upper()} ORDER BY clause"
                raise PgError(
                    sqlstate.FEATURE_NOT_SUPPORTED,
                    message,
                    detail="Only result column names can be used, not expressions or functions.",
                    hint=f"Add the expression/function to every SELECT, or move the {node.key.upper()} into a FROM clause.",
                    position=position_of(key),
                )
            key.meta["place"] = place
            set_kind(key, outputs[place - 1].kind)

    def _limit(self, node: exp.Expr, scope: Scope) -> None:
        limit, offset = node.args.get("limit"), node.args.get("offset")
        if isinstance(limit, exp.Fetch):
            options = limit.args.get("limit_options")
            if options is not None and (options.args.get("with_ties") or options.args.get("percent")):
                raise not_supported("FETCH FIRST ... WITH TIES is not supported")
            limit = exp.Limit(expression=limit.args.get("count") or exp.Literal.number(1))
            node.set("limit", limit)
        if isinstance(limit, exp.Limit) and (
            isinstance(limit.expression, exp.Null)
            or (isinstance(limit.expression, exp.Column | exp.Var) and limit.expression.name.upper() == "ALL")
        ):
            node.set("limit", None)
            limit = None
        for clause, part in (("LIMIT", limit), ("OFFSET", offset)):
            if part is None:
                continue
            self.expression(part.expression, scope)
            if self.to_type(part.expression, INT8, assignment=True) is None:
                message = f"argument of {clause} must be type bigint, not type {type_name(kind_of(part.expression).oid)}"
                raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(part.expression))
            for column in part.expression.find_all(exp.Column):
                message = f"argument of {clause} must not contain variables"
                raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(column))

    def _check_grouping(self, node: exp.Select, items: Sequence[exp.Expr], scope: Scope, aggregates: Sequence[exp.Expr]) -> None:
        """42803: IRIS would show a column that is not grouped with the value of any row."""
        group, having = node.args.get("group"), node.args.get("having")
        if group is None and having is None and not aggregates:
            return
        node.meta["grouped"] = True
        keys = [_inside(key) for key in group.expressions] if group is not None else []
        whole = {id(source) for source in scope.sources if _has_whole_key(source, keys)}
        trees = [_value(item) for item in items]
        trees += [having.this] if having is not None else []
        order = node.args.get("order")
        trees += [o.this for o in order.expressions if "item" not in o.this.meta] if order is not None else []
        for tree in trees:
            self._check_grouped(tree, keys, scope, whole)

    def _check_grouped(self, node: exp.Expr, keys: Sequence[exp.Expr], scope: Scope, whole: set[int]) -> None:
        if any(node == key for key in keys) or node.meta.get("aggregate"):
            return
        if isinstance(node, exp.Filter) and node.this.meta.get("aggregate"):
            return
        if isinstance(node, exp.Column):
            source = node.meta.get("source")
            found: Field | None = node.meta.get("field")
            if source is None or found is None or source not in scope.sources or id(source) in whole or source.open:
                return
            if any(isinstance(key, exp.Column) and key.meta.get("field") is found for key in keys):
                return
            shown = f"{source.alias}.{found.name}"
            message = f'column "{shown}" must appear in the GROUP BY clause or be used in an aggregate function'
            raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
        for child in node.iter_expressions():
            self._check_grouped(child, keys, scope, whole)

    # Expressions

    def condition(self, node: exp.Expr, scope: Scope, clause: str) -> None:
        self.expression(node, scope)
        self.boolean(node, f"argument of {clause}")

    def boolean(self, node: exp.Expr, what: str) -> None:
        kind = kind_of(node)
        if kind.oid == oids.UNKNOWN:
            self.coerce(node, BOOL)
        elif kind.oid not in (oids.BOOL, 0):
            message = f"{what} must be type boolean, not type {type_name(kind.oid)}"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))

    def expression(self, node: exp.Expr, scope: Scope) -> Kind:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise _unsupported(node)
        return set_kind(node, handler(self, node, scope))

    def coerce(self, node: exp.Expr, kind: Kind) -> Kind:
        """Give an expression of unknown type the type that its context wants."""
        if isinstance(node, exp.Paren | exp.Alias):
            self.coerce(node.this, kind)
        elif isinstance(node, exp.Parameter):
            number = int(node.this.name)
            known = self.analysis.parameter(number, position_of(node))
            if known.oid not in (oids.UNKNOWN, kind.oid):
                raise PgError(
                    sqlstate.AMBIGUOUS_PARAMETER,
                    f"inconsistent types deduced for parameter ${number}",
                    detail=f"{type_name(known.oid)} versus {type_name(kind.oid)}",
                    position=position_of(node),
                )
            self.analysis.parameters[number - 1] = kind.oid
        elif (isinstance(node, exp.Literal) and node.is_string and not node.meta.get("lifted")) or (
            isinstance(node, exp.Literal) and node.is_string
        ):
            check_literal(node.name, kind, position_of(node))
        return set_kind(node, Kind(kind.oid, -1 if isinstance(node, exp.Parameter) else kind.typmod))

    def to_type(self, node: exp.Expr, kind: Kind, *, assignment: bool = False) -> Kind | None:
        """Coerce an unknown, or see whether a known type may be taken for another; None: it may not."""
        own = kind_of(node)
        if own.oid == oids.UNKNOWN:
            return self.coerce(node, kind)
        fits = assignable(own.oid, kind.oid) if assignment else implicit(own.oid, kind.oid)
        return own if fits else None

    def unify(self, nodes: Sequence[exp.Expr], context: str) -> Kind:
        """The common type of expressions; the unknown ones take it."""
        kind = common([kind_of(node) for node in nodes], context, position_of(nodes[-1]))
        for node in nodes:
            if kind_of(node).oid == oids.UNKNOWN:
                self.coerce(node, TEXT if not kind.oid else kind)
        return kind

    def _column(self, node: exp.Column, scope: Scope) -> Kind:
        name = fold(node.this)
        table = fold(node.args.get("table"))
        if not table and name in WITHOUT_PARENTHESES and not node.this.args.get("quoted"):
            return self._bare_function(node, name)
        if table and scope.source(table) is None:
            raise self._missing_source(table, node, scope)
        for place in scope.chain():
            candidates = [source for source in place.sources if not table or source.alias == table]
            found = [
                (source, entry)
                for source in candidates
                if (table or name.lower() not in source.hidden) and (entry := source.find(name)) is not None
            ]
            if len(found) > 1 and any(not source.open for source, _ in found):
                found = [pair for pair in found if not pair[0].open] or found
            if len(found) > 1:
                message = f'column reference "{name}" is ambiguous'
                raise PgError(sqlstate.AMBIGUOUS_COLUMN, message, position=position_of(node))
            if found:
                source, entry = found[0]
                node.meta["source"] = source
                node.meta["outer"] = place is not scope
                if node.args.get("db") is not None:
                    node.set("db", None)
                    node.set("catalog", None)
                if not table and (len(place.sources) > 1 or place is not scope):
                    node.set("table", exp.to_identifier(source.alias))
                set_column(node, entry)
                return entry.kind
            if table and candidates:
                break
        if not table and any(source.alias == name for place in scope.chain() for source in place.sources):
            raise not_supported("references to whole rows are not supported")
        if not table and name in _SYSTEM_COLUMNS:
            raise not_supported(f"system column {name} is not supported")
        raise self._missing_column(name, table, node)

    def _missing_column(self, name: str, table: str, node: exp.Expr) -> PgError:
        shown = f"column {table}.{name}" if table else f'column "{name}"'
        return PgError(sqlstate.UNDEFINED_COLUMN, f"{shown} does not exist", position=position_of(node))

    def _parenthesis_before(self, node: exp.Expr) -> int | None:
        position = position_of(node)
        return None if position is None else self.analysis.text.rfind("(", 0, position) + 1 or None

    def _missing_source(self, table: str, node: exp.Expr, scope: Scope) -> PgError:
        for place in scope.chain():
            for source in place.sources:
                if source.relation is not None and source.relation.name.lower() == table:
                    return PgError(
                        sqlstate.UNDEFINED_TABLE,
                        f'invalid reference to FROM-clause entry for table "{table}"',
                        hint=f'Perhaps you meant to reference the table alias "{source.alias}".',
                        position=position_of(node),
                    )
        message = f'missing FROM-clause entry for table "{table}"'
        return PgError(sqlstate.UNDEFINED_TABLE, message, position=position_of(node))

    def _bare_function(self, node: exp.Expr, name: str) -> Kind:
        call = exp.Anonymous(this=name)
        call.meta.update(node.meta)
        node.replace(call)
        kind = self._session_function(call, SESSION_FUNCTIONS[name], [])
        return set_kind(call, kind)

    def _literal(self, node: exp.Literal, scope: Scope) -> Kind:
        if node.is_string:
            return UNKNOWN
        return number_kind(node.name)

    def _parameter(self, node: exp.Parameter, scope: Scope) -> Kind:
        if not isinstance(node.this, exp.Literal) or node.this.is_string:
            raise PgError(sqlstate.SYNTAX_ERROR, 'syntax error at or near "$"', position=position_of(node))
        return self.analysis.parameter(int(node.this.name), position_of(node))

    def _paren(self, node: exp.Paren, scope: Scope) -> Kind:
        return self.expression(node.this, scope)

    def _alias(self, node: exp.Alias, scope: Scope) -> Kind:
        return self.expression(node.this, scope)

    def _cast(self, node: exp.Cast, scope: Scope) -> Kind:
        kind = cast_target(node)
        inner = node.this
        own = self.expression(inner, scope)
        if own.oid == oids.UNKNOWN:
            # An open parameter takes the type without its modifier; the cast to varchar(n) and its like remains.
            self.coerce(inner, kind)
            return kind
        if own.oid == kind.oid or not own.oid:
            return kind
        if not castable(own.oid, kind.oid):
            message = f"cannot cast type {type_name(own.oid)} to {type_name(kind.oid)}"
            raise PgError(sqlstate.CANNOT_COERCE, message, position=position_of(node))
        return kind

    def _binary(self, node: exp.Binary, scope: Scope) -> Kind:
        symbol = _SYMBOLS[type(node)]
        left, right = node.this, node.expression
        if isinstance(left, exp.Tuple) or isinstance(right, exp.Tuple):
            return self._row_comparison(node, scope)
        one = self.expression(left, scope)
        if isinstance(right, exp.Any | exp.All):
            return self._quantified(node, right, symbol, scope)
        other = self.expression(right, scope)
        return self._operator(node, symbol, left, right, one, other)

    def _operator(self, node: exp.Expr, symbol: str, left: exp.Expr, right: exp.Expr, one: Kind, other: Kind) -> Kind:
        try:
            wanted_left, wanted_right, result = operators.resolve(symbol, one, other)
        except operators.NoOperator as error:
            raise self._no_operator(symbol, one, other, left, error.ambiguous) from None
        for operand, own, wanted in ((left, one, wanted_left), (right, other, wanted_right)):
            if own.oid == oids.UNKNOWN:
                # The second mention of a parameter may have been settled by the first.
                if kind_of_parameter(operand, self.analysis) is None:
                    self.coerce(operand, Kind(wanted.oid))
                else:
                    set_kind(operand, Kind(wanted.oid))
        if symbol in operators.DISTANCES:
            _check_dimensions(left, right)
        return result

    def _no_operator(self, symbol: str, one: Kind, other: Kind, left: exp.Expr, ambiguous: bool) -> PgError:
        shown = f"{type_name(one.oid)} {symbol} {type_name(other.oid)}"
        position = operator_position(self.analysis.text, left)
        if ambiguous:
            hint = "Could not choose a best candidate operator. You might need to add explicit type casts."
            return PgError(sqlstate.AMBIGUOUS_FUNCTION, f"operator is not unique: {shown}", hint=hint, position=position)
        hint = "No operator matches the given name and argument types. You might need to add explicit type casts."
        return PgError(sqlstate.UNDEFINED_FUNCTION, f"operator does not exist: {shown}", hint=hint, position=position)

    def _row_comparison(self, node: exp.Binary, scope: Scope) -> Kind:
        left, right = node.this, node.expression
        if not isinstance(node, exp.EQ | exp.NEQ) or not (isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple)):
            raise not_supported("this comparison of row values is not supported")
        if len(left.expressions) != len(right.expressions):
            raise PgError(sqlstate.SYNTAX_ERROR, "unequal number of entries in row expressions", position=position_of(node))
        for one, other in zip(left.expressions, right.expressions, strict=True):
            kinds = self.expression(one, scope), self.expression(other, scope)
            self._operator(node, _SYMBOLS[type(node)], one, other, *kinds)
        return BOOL

    def _quantified(self, node: exp.Binary, right: exp.Any | exp.All, symbol: str, scope: Scope) -> Kind:
        """``a = ANY (array)`` and ``a = ANY (SELECT ...)``."""
        inner = _inside(right.this)
        left = node.this
        if isinstance(inner, exp.Query | exp.Subquery):
            outputs = self.query(inner, scope)
            self._one_column(outputs, inner)
            self._operator(node, symbol, left, exp.Null(), kind_of(left), outputs[0].kind)
            return BOOL
        own = self.expression(inner, scope)
        one = kind_of(left)
        if own.oid == oids.UNKNOWN:
            element = TEXT.oid if one.oid in (oids.UNKNOWN, oids.VARCHAR, 0) else one.oid
            row = TYPES.get(element)
            if row is None or not row.array:
                raise not_supported(f"arrays of type {type_name(element)} are not supported")
            self.coerce(inner, Kind(row.array))
            own = kind_of(inner)
        row = TYPES.get(own.oid)
        if own.oid and (row is None or not row.element):
            message = "op ANY/ALL (array) requires array on right side"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(right))
        if row is not None:
            probe = exp.Null()
            self._operator(node, symbol, left, probe, one, Kind(row.element))
        set_kind(right, own)
        return BOOL

    def _one_column(self, outputs: Sequence[Output], node: exp.Expr) -> None:
        if len(outputs) != 1:
            raise PgError(sqlstate.SYNTAX_ERROR, "subquery has too many columns")

    def _logical(self, node: exp.Connector, scope: Scope) -> Kind:
        word = node.key.upper()
        for operand in (node.this, node.expression):
            self.expression(operand, scope)
            self.boolean(operand, f"argument of {word}")
        return BOOL

    def _not(self, node: exp.Not, scope: Scope) -> Kind:
        self.expression(node.this, scope)
        self.boolean(node.this, "argument of NOT")
        return BOOL

    def _sign(self, node: exp.Neg, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        if isinstance(node.this, exp.Literal) and not node.this.is_string and kind.oid in (oids.INT8, oids.NUMERIC):
            return set_kind(node.this, number_kind("-" + node.this.name))
        try:
            result = operators.sign_result(kind)
        except operators.NoOperator:
            raise self._no_operator("-", kind, kind, node.this, False) from None
        if kind.oid == oids.UNKNOWN:
            self.coerce(node.this, result)
        return result

    def _is(self, node: exp.Is, scope: Scope) -> Kind:
        self.expression(node.this, scope)
        if isinstance(node.expression, exp.Boolean):
            word = "TRUE" if node.expression.this else "FALSE"
            self.boolean(node.this, f"argument of IS {word}")
            set_kind(node.expression, BOOL)
        elif isinstance(node.expression, exp.Null):
            if not isinstance(unwrapped(node.this), exp.Parameter):
                self._settle(node.this)
            set_kind(node.expression, TEXT)
        elif isinstance(node.expression, exp.Column | exp.Var) and node.expression.name.upper() == "UNKNOWN":
            self.boolean(node.this, "argument of IS UNKNOWN")
            node.set("expression", exp.Null())
        else:
            raise _unsupported(node)
        return BOOL

    def _distinct_from(self, node: exp.Binary, scope: Scope) -> Kind:
        kinds = self.expression(node.this, scope), self.expression(node.expression, scope)
        self._operator(node, "=", node.this, node.expression, *kinds)
        return BOOL

    def _between(self, node: exp.Between, scope: Scope) -> Kind:
        one = self.expression(node.this, scope)
        if node.args.get("symmetric"):
            raise not_supported("BETWEEN SYMMETRIC is not supported")
        for bound, symbol in ((node.args["low"], ">="), (node.args["high"], "<=")):
            self._operator(
                node,
                symbol,
                node.this,
                bound,
                kind_of(node.this) if one.oid != oids.UNKNOWN else one,
                self.expression(bound, scope),
            )
            one = kind_of(node.this)
        return BOOL

    def _in(self, node: exp.In, scope: Scope) -> Kind:
        query = node.args.get("query")
        if isinstance(node.this, exp.Tuple):
            return self._row_in(node, scope)
        one = self.expression(node.this, scope)
        if query is not None:
            inner = query
            outputs = self.query(inner, scope)
            self._one_column(outputs, inner)
            self._operator(node, "=", node.this, exp.Null(), one, outputs[0].kind)
            return BOOL
        if node.args.get("unnest") is not None or node.args.get("field") is not None:
            raise _unsupported(node)
        kinds = [self.expression(item, scope) for item in node.expressions]
        constants = [one, *kinds]
        try:
            target = common(constants, "IN")
        except PgError:
            target = one
        for item, kind in zip(node.expressions, kinds, strict=True):
            if kind.oid == oids.UNKNOWN and target.oid:
                self.coerce(item, Kind(target.oid) if target.oid not in (oids.VARCHAR,) else TEXT)
                kind = kind_of(item)
            self._operator(node, "=", node.this, item, one, kind)
        if one.oid == oids.UNKNOWN and kind_of(node.this).oid == oids.UNKNOWN:
            self.coerce(node.this, target)
        return BOOL

    def _row_in(self, node: exp.In, scope: Scope) -> Kind:
        if node.args.get("query") is not None:
            raise not_supported("row values IN (SELECT ...) are not supported")
        for one in node.this.expressions:
            self.expression(one, scope)
        for item in node.expressions:
            if not isinstance(item, exp.Tuple) or len(item.expressions) != len(node.this.expressions):
                raise PgError(sqlstate.SYNTAX_ERROR, "unequal number of entries in row expressions", position=position_of(node))
            for one, other in zip(node.this.expressions, item.expressions, strict=True):
                self._operator(node, "=", one, other, kind_of(one), self.expression(other, scope))
        return BOOL

    def _like(self, node: exp.Binary, scope: Scope) -> Kind:
        symbol = "~~*" if isinstance(node, exp.ILike) else "~~"
        if isinstance(node.expression, exp.Any | exp.All):
            raise not_supported("LIKE with ANY or ALL is not supported")
        kinds = self.expression(node.this, scope), self.expression(node.expression, scope)
        return self._operator(node, symbol, node.this, node.expression, *kinds)

    def _escape(self, node: exp.Escape, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        self.expression(node.expression, scope)
        if self.to_type(node.expression, TEXT) is None:
            raise _unsupported(node)
        return kind

    def _case(self, node: exp.Case, scope: Scope) -> Kind:
        operand = node.this
        if operand is not None:
            self.expression(operand, scope)
        for branch in node.args["ifs"]:
            if operand is None:
                self.condition(branch.this, scope, "CASE/WHEN")
            else:
                other = self.expression(branch.this, scope)
                self._operator(node, "=", operand, branch.this, kind_of(operand), other)
        # PostgreSQL lets ELSE decide first when the types differ.
        results = [node.args["default"]] if node.args.get("default") is not None else []
        results += [branch.args["true"] for branch in node.args["ifs"]]
        for result in [*results[1:], *results[:1]] if node.args.get("default") is not None else results:
            self.expression(result, scope)
        return self.unify(results, "CASE")

    def _exists(self, node: exp.Exists, scope: Scope) -> Kind:
        self.query(node.this, scope)
        return BOOL

    def _scalar_query(self, node: exp.Expr, scope: Scope) -> Kind:
        outputs = self.query(node, scope)
        if len(outputs) != 1:
            message = "subquery must return only one column"
            raise PgError(sqlstate.SYNTAX_ERROR, message, position=self._parenthesis_before(node))
        return outputs[0].kind

    def _array(self, node: exp.Array, scope: Scope) -> Kind:
        if not node.expressions:
            message = "cannot determine type of empty array"
            raise PgError(
                sqlstate.INDETERMINATE_DATATYPE,
                message,
                hint="Explicitly cast to the desired type, for example ARRAY[]::integer[].",
            )
        for item in node.expressions:
            self.expression(item, scope)
        kind = self.unify(node.expressions, "ARRAY")
        row = TYPES.get(kind.oid)
        if row is None or not row.array:
            raise not_supported("this array is not supported")
        return Kind(row.array)

    def _boolean_constant(self, node: exp.Boolean, scope: Scope) -> Kind:
        return BOOL

    def _null(self, node: exp.Null, scope: Scope) -> Kind:
        return UNKNOWN

    def _collate(self, node: exp.Collate, scope: Scope) -> Kind:
        raise not_supported("COLLATE is not supported")

    def _at_time_zone(self, node: exp.AtTimeZone, scope: Scope) -> Kind:
        """In UTC, in which timestamps with time zone are kept, the value stays what it is."""
        own = self.expression(node.this, scope)
        zone = unwrapped(node.args["zone"])
        if not isinstance(zone, exp.Literal) or zone.name.lower() not in _UTC:
            raise not_supported("AT TIME ZONE is supported with 'UTC' only", "IRIS has no time zones.")
        zone.meta["pin"] = True
        if own.oid == oids.UNKNOWN:
            own = self.coerce(node.this, TIMESTAMPTZ)
        if own.oid not in (oids.TIMESTAMP, oids.TIMESTAMPTZ):
            raise not_supported(f"AT TIME ZONE of {type_name(own.oid)} is not supported")
        return TIMESTAMP if own.oid == oids.TIMESTAMPTZ else TIMESTAMPTZ

    def _dot(self, node: exp.Dot, scope: Scope) -> Kind:
        """``pg_catalog.f(x)``, and functions of a schema."""
        call, schema = node.expression, fold(node.this.this if isinstance(node.this, exp.Column) else node.this)
        if isinstance(call, exp.Anonymous) and schema == "pg_catalog":
            node.replace(call)
            return self.expression(call, scope)
        if isinstance(call, exp.Anonymous):
            for argument in call.expressions:
                self.expression(argument, scope)
                self._settle(argument)
            node.set("this", exp.to_identifier(iris_schema(schema)))
            set_kind(call, ANY)
            return ANY
        raise _unsupported(node)

    # Functions

    def _call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        name = fold(node.this)
        arguments = node.expressions
        if name in SESSION_FUNCTIONS:
            for argument in arguments:
                self.expression(argument, scope)
            return self._session_function(node, SESSION_FUNCTIONS[name], arguments)
        candidates = FUNCTIONS.get(name)
        if candidates is None:
            return self._foreign_function(node, name, scope)
        if candidates[0].sort is Sort.AGGREGATE:
            return self._aggregate(node, name, candidates, scope)
        for argument in arguments:
            self.expression(argument, scope)
        return self._resolved(node, name, candidates, arguments)

    def _session_function(
        self, node: exp.Anonymous, candidates: Sequence[SessionFunction], arguments: Sequence[exp.Expr]
    ) -> Kind:
        for candidate in candidates:
            if len(candidate.arguments) == len(arguments) and all(
                implicit(kind_of(argument).oid, oid) for argument, oid in zip(arguments, candidate.arguments, strict=True)
            ):
                for argument, oid in zip(arguments, candidate.arguments, strict=True):
                    if kind_of(argument).oid == oids.UNKNOWN:
                        self.coerce(argument, Kind(oid))
                node.meta["session"] = candidate
                return Kind(candidate.result)
        raise self._no_function(node, candidates[0].name, arguments)

    def _foreign_function(self, node: exp.Anonymous, name: str, scope: Scope) -> Kind:
        """Not PostgreSQL's: perhaps a function that somebody defined in IRIS."""
        if name in BUILT_IN_FUNCTIONS:
            raise not_supported(f"function {name} is not supported")
        for argument in node.expressions:
            if isinstance(argument, exp.Star):
                raise _unsupported(node)
            self.expression(argument, scope)
            self._settle(argument)
        node.meta["foreign"] = True
        return ANY

    def _aggregate(self, node: exp.Anonymous, name: str, candidates: Sequence[functions.Function], scope: Scope) -> Kind:
        arguments = node.expressions
        if len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            node.set("expressions", [])
            arguments = []
            if name != "count":
                raise PgError(sqlstate.WRONG_OBJECT_TYPE, f"{name}(*) must be used to call a parameterless aggregate function")
        self._nested(node, name)
        self._aggregates.append([])
        plain: list[exp.Expr] = []
        for argument in arguments:
            inner = argument
            if isinstance(inner, exp.Order):
                for ordered in inner.expressions:
                    self.expression(ordered.this, scope)
                inner = inner.this
            if isinstance(inner, exp.Distinct):
                if not inner.expressions:
                    raise Unparsable("DISTINCT of nothing")
                for part in inner.expressions:
                    self.expression(part, scope)
                    plain.append(part)
                set_kind(inner, kind_of(inner.expressions[0]))
                continue
            self.expression(inner, scope)
            plain.append(inner)
        self._aggregates.pop()
        kind = self._resolved(node, name, candidates, plain)
        if not _is_windowed(node):
            node.meta["aggregate"] = True
            if self._aggregates:
                self._aggregates[-1].append(node)
        return kind

    def _nested(self, node: exp.Anonymous, name: str) -> None:
        parent = node.parent
        while parent is not None and not isinstance(parent, exp.Query):
            if isinstance(parent, exp.Where):
                if isinstance(parent.parent, exp.Filter):
                    break
                message = "aggregate functions are not allowed in WHERE"
                raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
            if parent.meta.get("aggregate_call"):
                message = "aggregate function calls cannot be nested"
                raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
            parent = parent.parent
        node.meta["aggregate_call"] = True

    def _resolved(
        self,
        node: exp.Anonymous,
        name: str,
        candidates: Sequence[functions.Function],
        arguments: Sequence[exp.Expr],
    ) -> Kind:
        kinds = [kind_of(argument) for argument in arguments]
        call = functions.choose(candidates, kinds)
        if call is None:
            raise self._no_function(node, name, arguments)
        node.meta["call"] = call
        element = ANY
        same = [a for a, oid in zip(arguments, call.arguments, strict=True) if functions.is_polymorphic(oid)]
        if same:
            element = self._nullif(node, arguments) if name == "nullif" else self.unify(same, name.upper())
        for argument, oid in zip(arguments, call.arguments, strict=True):
            if kind_of(argument).oid == oids.UNKNOWN:
                self.coerce(argument, TEXT if functions.is_any(oid) else Kind(oid))
        result = call.function.result
        if not functions.is_polymorphic(result):
            return Kind(result)
        return element if name in _CONSTRUCTS else Kind(element.oid)

    def _nullif(self, node: exp.Anonymous, arguments: Sequence[exp.Expr]) -> Kind:
        one, other = arguments
        self._operator(node, "=", one, other, kind_of(one), kind_of(other))
        return Kind(kind_of(one).oid, kind_of(one).typmod)

    def _no_function(self, node: exp.Expr, name: str, arguments: Sequence[exp.Expr]) -> PgError:
        if any(not kind_of(argument).oid for argument in arguments):
            return not_supported(f"function {name} of these arguments is not supported")
        shown = ", ".join(type_name(kind_of(argument).oid) for argument in arguments)
        hint = "No function matches the given name and argument types. You might need to add explicit type casts."
        if (
            name in FUNCTIONS
            and name in BUILT_IN_FUNCTIONS
            and any(kind_of(argument).oid not in (oids.UNKNOWN, *NUMBERS, *STRINGS) for argument in arguments)
        ):
            return not_supported(f"function {name}({shown}) is not supported")
        return PgError(
            sqlstate.UNDEFINED_FUNCTION, f"function {name}({shown}) does not exist", hint=hint, position=position_of(node)
        )

    def _filter(self, node: exp.Filter, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        self.condition(node.expression.this, scope, "FILTER")
        if not node.this.meta.get("aggregate_call"):
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, "FILTER specified, but the function is not an aggregate function")
        return kind

    def _window(self, node: exp.Window, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        if node.args.get("alias") or not isinstance(node.this, exp.Anonymous | exp.Filter):
            raise not_supported("this use of OVER is not supported")
        for key in node.args.get("partition_by") or ():
            self.expression(key, scope)
            self._settle(key)
        order = node.args.get("order")
        for ordered in order.expressions if order is not None else ():
            self.expression(ordered.this, scope)
            self._settle(ordered.this)
        spec = node.args.get("spec")
        if spec is not None:
            for side in ("start", "end"):
                value = spec.args.get(side)
                if isinstance(value, exp.Expr) and not isinstance(value, exp.Var):
                    self.expression(value, scope)
        return kind

    def _distance(self, node: Distance, scope: Scope) -> Kind:
        kinds = self.expression(node.this, scope), self.expression(node.expression, scope)
        return self._operator(node, node.symbol, node.this, node.expression, *kinds)

    def _tuple(self, node: exp.Tuple, scope: Scope) -> Kind:
        raise not_supported("row values are not supported here")


_CONSTRUCTS = frozenset(("coalesce", "nullif", "greatest", "least"))  # by PostgreSQL's grammar: they keep a type's modifier
_UTC = frozenset(("utc", "gmt", "etc/utc", "etc/gmt", "z"))
_SYSTEM_COLUMNS = frozenset(("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"))

_SYMBOLS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.Pow: "^",
    exp.DPipe: "||",
}

_HANDLERS: dict[type[exp.Expr], Callable[[Binder, Any, Scope], Kind]] = {
    **dict.fromkeys(_SYMBOLS, Binder._binary),
    **dict.fromkeys(Distance.__subclasses__(), Binder._distance),
    exp.Alias: Binder._alias,
    exp.And: Binder._logical,
    exp.Anonymous: Binder._call,
    exp.Array: Binder._array,
    exp.AtTimeZone: Binder._at_time_zone,
    exp.Between: Binder._between,
    exp.Boolean: Binder._boolean_constant,
    exp.Case: Binder._case,
    exp.Cast: Binder._cast,
    exp.Collate: Binder._collate,
    exp.Column: Binder._column,
    exp.Dot: Binder._dot,
    exp.Escape: Binder._escape,
    exp.Exists: Binder._exists,
    exp.Filter: Binder._filter,
    exp.ILike: Binder._like,
    exp.In: Binder._in,
    exp.Is: Binder._is,
    exp.Like: Binder._like,
    exp.Literal: Binder._literal,
    exp.Neg: Binder._sign,
    exp.Not: Binder._not,
    exp.Null: Binder._null,
    exp.NullSafeEQ: Binder._distinct_from,
    exp.NullSafeNEQ: Binder._distinct_from,
    exp.Or: Binder._logical,
    exp.Parameter: Binder._parameter,
    exp.Paren: Binder._paren,
    exp.Select: Binder._scalar_query,
    exp.Subquery: Binder._scalar_query,
    exp.Tuple: Binder._tuple,
    exp.Union: Binder._scalar_query,
    exp.Window: Binder._window,
}


def _unsupported(node: exp.Expr) -> PgError:
    words = _WORDS.get(type(node)) or node.key.upper()
    error = not_supported(f"{words} is not supported")
    error.position = position_of(node)
    return error


_WORDS: dict[type[exp.Expr], str] = {
    exp.RegexpLike: "the operator ~",
    exp.RegexpILike: "the operator ~*",
    exp.SimilarTo: "SIMILAR TO",
    exp.JSONExtract: "the operator ->",
    exp.JSONExtractScalar: "the operator ->>",
    exp.JSONBExtract: "the operator #>",
    exp.JSONBExtractScalar: "the operator #>>",
    exp.JSONBContains: "the operator ?",
    exp.ArrayContainsAll: "the operator @>",
    exp.ArrayContainedBy: "the operator <@",
    exp.ArrayOverlaps: "the operator &&",
    exp.BitwiseAnd: "the operator &",
    exp.BitwiseOr: "the operator |",
    exp.BitwiseXor: "the operator #",
    exp.BitwiseNot: "the operator ~",
    exp.BitwiseLeftShift: "the operator <<",
    exp.BitwiseRightShift: "the operator >>",
    exp.Bracket: "subscripting of arrays",
    exp.Operator: "OPERATOR()",
    exp.StartsWith: "the operator ^@",
    exp.WithinGroup: "WITHIN GROUP",
}


# Helpers


def _visible(sources: Sequence[Source]) -> list[str]:
    """The names of the columns that * shows."""
    return [entry.name.lower() for source in sources for entry in source.fields if entry.name.lower() not in source.hidden]


def set_column(node: exp.Column, entry: Field) -> exp.Column:
    node.meta["field"] = entry
    node.meta["kind"] = entry.kind
    return node


def unwrapped(node: exp.Expr) -> exp.Expr:
    """Without parentheses, which change nothing."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


_inside = unwrapped


def _value(item: exp.Expr) -> exp.Expr:
    return item.this if isinstance(item, exp.Alias) else item


def _parts(node: exp.Expr) -> list[exp.Expr]:
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def _bare_name(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and not node.args.get("table") and not isinstance(node.this, exp.Star)


def _resolves(key: exp.Expr, scope: Scope) -> bool:
    """Whether a name is a column of FROM, which GROUP BY prefers to the select list's names."""
    name = fold(key.this)
    return any(source.find(name) is not None and not source.open for source in scope.sources)


def _by_alias(key: exp.Expr, items: Sequence[exp.Expr]) -> int | None:
    """The index of the select item with this output name. Raises 42702 when several different ones have it."""
    name = fold(key.this)
    found = [
        index
        for index, item in enumerate(items)
        if (fold(item.args["alias"]) if isinstance(item, exp.Alias) else column_name(item)) == name
    ]
    if not found:
        return None
    if any(_value(items[other]) != _value(items[found[0]]) for other in found[1:]):
        raise PgError(sqlstate.AMBIGUOUS_COLUMN, f'ORDER BY "{name}" is ambiguous', position=position_of(key))
    return found[0]


def _leg_items(node: exp.Expr, place: int) -> list[exp.Expr]:
    """The expressions that make one column of a set operation's leg."""
    if isinstance(node, exp.Subquery):
        return _leg_items(node.this, place)
    if isinstance(node, exp.SetOperation):
        return [item for leg in (node.this, node.expression) for item in _leg_items(leg, place)]
    if isinstance(node, exp.Values):
        return [_parts(_inside(row) if not isinstance(row, exp.Tuple) else row)[place] for row in node.expressions]
    return [_value(node.expressions[place])] if place < len(node.expressions) else []


def _is_open_item(node: exp.Expr) -> bool:
    """Literals of a set operation's legs are typed by the legs together."""
    node = unwrapped(node)
    return isinstance(node, exp.Null) or (isinstance(node, exp.Literal) and node.is_string)


def _has_whole_key(source: Source, keys: Sequence[exp.Expr]) -> bool:
    """Whether the grouping holds the source's primary key, which its other columns depend on."""
    relation: Relation | None = source.relation
    if relation is None or not relation.primary_key:
        return False
    grouped = {fold(key.this).lower() for key in keys if isinstance(key, exp.Column) and key.meta.get("source") is source}
    return {name.lower() for name in relation.primary_key} <= grouped


def _is_windowed(node: exp.Expr) -> bool:
    parent = node.parent
    return isinstance(parent, exp.Window) or (isinstance(parent, exp.Filter) and isinstance(parent.parent, exp.Window))


def kind_of_parameter(node: exp.Expr, analysis: Analysis) -> Kind | None:
    """The type that a parameter already has; None when it is open, or no parameter."""
    node = unwrapped(node)
    if not isinstance(node, exp.Parameter):
        return None
    oid = analysis.parameters[int(node.this.name) - 1]
    return Kind(oid) if oid else None


def number_kind(digits: str) -> Kind:
    """A numeric constant is the first of integer, bigint and numeric that it fits."""
    if not digits.lstrip("-").isdigit():
        return NUMERIC
    value = int(digits)
    if -(2**31) <= value < 2**31:
        return INT4
    return INT8 if -(2**63) <= value < 2**63 else NUMERIC


def is_nullable(node: exp.Expr) -> bool:
    node = unwrapped(node)
    if "nullable" in node.meta:
        return bool(node.meta["nullable"])
    if isinstance(node, exp.Column):
        found: Field | None = node.meta.get("field")
        return found is None or found.nullable
    if isinstance(node, exp.Literal | exp.Boolean | exp.Exists):
        return False
    if isinstance(node, exp.Cast | exp.Neg | exp.Alias):
        return is_nullable(node.this)
    if isinstance(node, exp.Anonymous) and fold(node.this) in ("count", "row_number", "rank", "dense_rank"):
        return False
    if isinstance(node, exp.Window):
        return is_nullable(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.DPipe | exp.Mod):
        return is_nullable(node.this) or is_nullable(node.expression)
    return True


# Aggregates and functions whose result has as many decimals as their argument. PostgreSQL: numeric.c
_KEEP_SCALE = frozenset(("sum", "min", "max", "abs", "lag", "lead", "first_value", "last_value", "nth_value"))
_WHOLE = frozenset(("ceil", "ceiling", "floor"))


def shown_scale(node: exp.Expr) -> int | None:
    """The decimals that PostgreSQL shows of a numeric expression; None where values decide, and for other types."""
    kind = kind_of(node)
    return _scale(node) if kind.oid == oids.NUMERIC and kind.typmod < 0 else None


def _scale(node: exp.Expr) -> int | None:
    node = unwrapped(node)
    kind = kind_of(node)
    if kind.oid in (oids.INT2, oids.INT4, oids.INT8):
        return 0
    if kind.oid != oids.NUMERIC:
        return None
    if kind.typmod >= 4:
        return max(scale_of(kind.typmod), 0)
    if isinstance(node, exp.Literal):
        return len(node.name.partition(".")[2]) if node.name.replace(".", "", 1).isdigit() else None
    if isinstance(node, exp.Column):
        found: Field | None = node.meta.get("field")
        return found.scale if found is not None else None
    if isinstance(node, exp.Neg | exp.Window | exp.Filter | exp.Alias | exp.Cast):
        return _scale(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Mod):
        one, other = _scale(node.this), _scale(node.expression)
        if one is None or other is None:
            return None
        return one + other if isinstance(node, exp.Mul) else max(one, other)
    return _call_scale(node) if isinstance(node, exp.Anonymous) else None


def _call_scale(node: exp.Anonymous) -> int | None:
    name, arguments = fold(node.this), node.expressions
    if not arguments:
        return None
    first = arguments[0].expressions[0] if isinstance(arguments[0], exp.Distinct) else arguments[0]
    if name in _KEEP_SCALE:
        return _scale(first) if len(arguments) < 3 else None
    if name in _WHOLE or (name in ("round", "trunc") and len(arguments) == 1):
        return 0
    if name in ("round", "trunc"):
        digits = unwrapped(arguments[1])
        return int(digits.name) if isinstance(digits, exp.Literal) and digits.name.isdigit() else None
    if name in _CONSTRUCTS:
        scales = {_scale(argument) for argument in arguments if not isinstance(unwrapped(argument), exp.Null)}
        return scales.pop() if len(scales) == 1 else None
    return None


def cast_target(node: exp.Cast) -> Kind:
    kind: Kind | None = node.meta.get("target")
    if kind is None:
        try:
            kind = Kind(*parse_type(type_text(node.to)))
        except PgError as error:
            error.position = error.position or position_of(node)
            raise
        node.meta["target"] = kind
    return kind


def type_text(node: exp.Expr) -> str:
    """A type as parse_type reads it."""
    return node.sql(dialect="postgres")


_FROM_STRING_AND_BACK = frozenset("BNDTSUIA")


def castable(source: Oid, target: Oid) -> bool:
    """Whether an explicit cast exists. PostgreSQL: catalog-pg-cast; strings convert by way of every type's text form."""
    if assignable(source, target) or source in STRINGS or target in STRINGS:
        return True
    pairs = {(oids.INT4, oids.BOOL), (oids.BOOL, oids.INT4)}
    if (source, target) in pairs:
        return True
    if source in (oids.TIMESTAMP, oids.TIMESTAMPTZ) and target in (oids.DATE, oids.TIME, oids.TIMETZ):
        return True
    return category(source) == category(target) == "A"


def _check_dimensions(left: exp.Expr, right: exp.Expr) -> None:
    """22000 when a vector literal has not the column's dimensions."""
    sizes = [_dimensions(left), _dimensions(right)]
    if None not in sizes and sizes[0] != sizes[1]:
        raise PgError(sqlstate.DATA_EXCEPTION, f"different vector dimensions {sizes[0]} and {sizes[1]}")


def _dimensions(node: exp.Expr) -> int | None:
    node = unwrapped(node)
    kind = kind_of(node)
    if isinstance(node, exp.Cast) and kind.typmod < 0:
        node = unwrapped(node.this)
    if kind.typmod > 0:
        return kind.typmod
    if isinstance(node, exp.Literal) and node.is_string:
        node.meta["pin"] = True
        return node.name.count(",") + 1
    return None


def column_name(node: exp.Expr) -> str:
    """The name of a result column without AS. PostgreSQL: FigureColname in parse_target.c"""
    return _figured(node)[0]


def _figured(node: exp.Expr) -> tuple[str, int]:
    """(name, strength): a cast and a CASE give way to a name of strength 2."""
    node = unwrapped(node)
    if isinstance(node, exp.Column):
        return fold(node.this), 2
    if isinstance(node, exp.Window | exp.Filter):
        return _figured(node.this)
    if isinstance(node, exp.Anonymous):
        name = fold(node.this)
        return name, 2
    if isinstance(node, exp.Dot):
        return _figured(node.expression)
    if isinstance(node, exp.Cast):
        inner, strength = _figured(node.this)
        return (inner, 2) if strength == 2 else (_type_column_name(node), 1)
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        inner, strength = _figured(default) if default is not None else ("", 0)
        return (inner, 2) if strength == 2 else ("case", 1)
    if isinstance(node, exp.Exists):
        return "exists", 2
    if isinstance(node, exp.Array):
        return "array", 2
    if isinstance(node, exp.Boolean):
        return "?column?", 0
    if isinstance(node, exp.Subquery | exp.Select):
        return _query_column_name(node)
    if isinstance(node, exp.AtTimeZone):
        return "timezone", 2
    return "?column?", 0


def _query_column_name(node: exp.Expr) -> tuple[str, int]:
    outputs: list[Output] = node.meta.get("outputs", [])
    return (outputs[0].name, 2) if outputs and outputs[0].name != "?column?" else ("?column?", 0)


def _type_column_name(node: exp.Cast) -> str:
    kind = cast_target(node)
    row = TYPES.get(kind.oid)
    if row is None:
        return "?column?"
    return TYPES[row.element].name if row.category == "A" and row.element in TYPES else row.name
