"""Sources: tables, subqueries and joins of FROM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.rowsets import ROW_SETS
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import ANY, INT8, Kind
from pgiris.sql.functions import FUNCTIONS, Sort
from pgiris.sql.infer.analysis import Output, fold, set_kind, type_text, unwrapped
from pgiris.sql.infer.clauses import Clauses
from pgiris.sql.infer.scales import common_scale, has_own_scales, items_of, static_scale
from pgiris.sql.postgres import Unparsable, position_of
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import (
    Field,
    Scope,
    Source,
    fields_of,
    find_relation,
    first_schema,
    refuse_catalog,
    undefined_relation,
)
from pgiris.sql.trees import copied
from pgiris.types import oids
from pgiris.types.table import parse_type


class Sources(Clauses):
    def _from(self, node: exp.Expr, scope: Scope) -> None:
        clause = node.args.get("from_")
        if clause is not None:
            self._add_source(clause.this, scope)
        self._joins(node, scope, 0)

    def _joins(self, node: exp.Expr, scope: Scope, start: int) -> None:
        """start: the first source of the entry of FROM that the joins belong to; a comma begins another entry."""
        for join in node.args.get("joins") or ():
            if is_comma(join):
                start = len(scope.sources)
            self._join(join, scope, start)

    def _join(self, join: exp.Join, scope: Scope, start: int) -> None:
        before = scope.sources[start:]
        self._add_source(join.this, scope)
        added = scope.sources[start + len(before) :]
        if (join.args.get("method") or "").upper() == "NATURAL":
            join.set("method", None)
            shared = [name for name in _visible(before) if name in _visible(added)]
            join.set("using", [exp.to_identifier(name, quoted=True) for name in shared])
            if not shared and join.args.get("side"):
                join.set("on", exp.true())
            elif not shared:
                join.set("kind", "CROSS")
        side = (join.args.get("side") or "").upper()
        merged = self._using(join, before, added, side) if join.args.get("using") else []
        if side in ("LEFT", "FULL"):
            for source in added:
                source.as_nullable()
        if side in ("RIGHT", "FULL"):
            for source in before:
                source.as_nullable()
        if merged:
            scope.sources.insert(start, Source("", merged))
        if join.args.get("on") is not None:
            self.condition(join.args["on"], scope, "JOIN/ON")

    def _using(self, join: exp.Join, before: list[Source], added: list[Source], side: str) -> list[Field]:
        """``a JOIN b USING (x)`` becomes ``ON a.x = b.x``. Out: the shared columns that neither a nor b shows.

        Of an inner or left join the shared column is a's, of a right join b's, of a full join the one that is there.
        """
        conditions: list[exp.Expr] = []
        merged: list[Field] = []
        names = [fold(item.this if isinstance(item, exp.Column) else item) for item in join.args["using"]]
        for name in names:
            left = [source for source in before if name.lower() not in source.hidden and source.find(name)]
            right = [source for source in added if source.find(name)]
            for which, found in (("left", left), ("right", right)):
                if not found:
                    message = f'column "{name}" specified in USING clause does not exist in {which} table'
                    raise PgError(sqlstate.UNDEFINED_COLUMN, message)
                if len(found) > 1:
                    message = f'common column name "{name}" appears more than once in {which} table'
                    raise PgError(sqlstate.AMBIGUOUS_COLUMN, message)
            one, other = (_reference(source, name) for source in (left[0], right[0]))
            conditions.append(exp.EQ(this=copied(one), expression=copied(other)))
            right[0].hidden |= {name.lower()}
            if side in ("RIGHT", "FULL"):
                left[0].hidden |= {name.lower()}
                full = exp.Anonymous(this="coalesce", expressions=[one, other])
                merged.append(Field(name, ANY, value=full if side == "FULL" else other))
        if len(before) == 1 and not merged:
            order = [name.lower() for name in names]
            before[0].fields.sort(key=lambda f: order.index(f.name.lower()) if f.name.lower() in order else len(order))
        join.set("using", None)
        join.set("on", exp.and_(*conditions, copy=False))
        return merged

    def sources(self, node: exp.Expr, scope: Scope) -> None:
        """Another entry of FROM or USING, with its joins."""
        self._add_source(node, scope)

    def _add_source(self, node: exp.Expr, scope: Scope) -> None:
        if isinstance(node, exp.Table):
            if isinstance(node.this, exp.Anonymous | exp.Func) or node.args.get("rows_from"):
                self._add_function(node, node.this, scope)
                return
            if node.args.get("only"):
                node.set("only", None)
            if node.args.get("sample"):
                raise not_supported("TABLESAMPLE is not supported")
            start = len(scope.sources)
            scope.add(self.table(node, scope))
            self._joins(node, scope, start)
        elif isinstance(node, exp.Lateral):
            self._add_lateral(node, scope)
        elif isinstance(node, exp.Unnest):
            self._add_function(node, None, scope)
        elif isinstance(node, exp.Subquery) and (
            isinstance(node.this, exp.Table) or (isinstance(node.this, exp.Subquery) and node.this.args.get("joins"))
        ):
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
                position=self.parenthesis_before(node),
                hint="For example, FROM (SELECT ...) [AS] foo.",
            )
        outer = Scope(scope.parent, level=scope.level, ctes=scope.ctes)  # a subquery in FROM sees no other entry of FROM
        self._add_rows(node, outer, scope)

    def _add_lateral(self, node: exp.Lateral, scope: Scope) -> None:
        """It sees the entries of FROM before it. iris-reference 4.11"""
        if not isinstance(node.this, exp.Subquery):
            self._add_function(node, node.this, scope)
            return
        if node.args.get("alias") is None:
            raise PgError(sqlstate.SYNTAX_ERROR, "subquery in FROM must have an alias")
        self._add_rows(node, scope, scope)

    def _add_function(self, node: exp.Expr, call: exp.Expr | None, scope: Scope) -> None:
        """A function of rows in FROM. call: None for UNNEST of one or several arrays.

        PostgreSQL: queries-table-expressions#QUERIES-TABLEFUNCTIONS
        """
        if isinstance(call, exp.Unnest):
            call = None
        calls: list[exp.Expr] = [call] if call is not None else _unnesting(node)
        columns: list[tuple[str, Kind]] = []
        for one in calls:
            columns += self._function_columns(one, node, scope)
        alias = node.args.get("alias")
        name = fold(alias.this) if alias is not None and alias.this is not None else fold(calls[0].this)
        listed = (alias.args.get("columns") or ()) if alias is not None else ()
        given = [fold(column) for column in listed if not isinstance(column, exp.ColumnDef)]
        ordinality = bool(node.args.get("ordinality") or node.args.get("offset"))
        if ordinality:
            columns.append(("ordinality", INT8))
            if isinstance(node.args.get("offset"), exp.Identifier) and given:
                given.append(fold(node.args["offset"]))
        own = [label or (name if len(calls) == 1 else fold(one.this)) for label, one in _labels(columns, calls)]
        _check_count(given, len(own), name)
        names = [*given, *own[len(given) :]]
        fields = [
            Field(shown, kind, collation="EXACT", scale=_scale_of(call, kind), column=actual if actual != shown else "")
            for shown, actual, (_, kind), (_, call) in zip(
                names, unique_names(names), columns, _labels(columns, calls), strict=True
            )
        ]
        columns_used = (column for one in calls for column in one.find_all(exp.Column))
        depends = any(not column.meta.get("outer") for column in columns_used)
        node.meta["rows"] = RowsCall(calls, [kind for _, kind in columns], unique_names(names), name, ordinality, depends)
        if depends:
            self.analysis.needs_computing = True
        is_scalar = len(calls) == len(columns) - ordinality == 1 and "record" not in calls[0].meta
        scope.add(Source(name, fields, is_scalar=is_scalar))

    def _function_columns(self, call: exp.Expr, node: exp.Expr, scope: Scope) -> list[tuple[str, Kind]]:
        name = fold(call.this) if isinstance(call, exp.Anonymous) else call.key
        candidates = FUNCTIONS.get(name, ())
        if not isinstance(call, exp.Anonymous) or not candidates or candidates[0].sort is not Sort.ROWS:
            raise not_supported(f"function {name}() in FROM is not supported")
        for argument in self._arguments(call, name):
            self.expression(argument, scope)
        kind = self._resolved(call, name, candidates, call.expressions)
        set_kind(call, kind)
        alias = node.args.get("alias")
        record = [column for column in (alias.args.get("columns") or ()) if isinstance(column, exp.ColumnDef)] if alias else []
        if name.endswith(("_to_recordset", "_to_record")):
            call.meta["record"] = [fold(column.this) for column in record]
            return [(fold(column.this), Kind(*parse_type(type_text(column.args["kind"])))) for column in record]
        if record:
            message = 'a column definition list is only allowed for functions returning "record"'
            raise PgError(sqlstate.SYNTAX_ERROR, message)
        resolved = call.meta["call"]
        (found,) = [one for one in ROW_SETS[name] if one.arguments == resolved.function.arguments]
        if len(found.columns) == 1:
            return [(found.columns[0][0], kind)]
        return [(label, Kind(oid)) for label, oid in found.columns]

    def _add_rows(self, node: exp.Expr, seen: Scope, scope: Scope) -> None:
        """A derived table. seen: what its query may see of its surroundings."""
        alias = node.args["alias"]
        inner = node if isinstance(node, exp.Values) else node.this
        if isinstance(node, exp.Lateral):
            inner = inner.this
        outputs = self.query(inner, seen)
        name = fold(alias.this)
        fields = self._renamed(outputs, alias.args.get("columns"), name, inner)
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
                return Source(alias, self._aliased(fields, alias_node, alias))
        kept = self.analysis.kept.get(name) if not schema else None
        if kept is not None:
            node.meta["kept"] = (kept, alias)
            return Source(alias, self._aliased(list(kept.fields), alias_node, alias))
        refuse_catalog(schema, name)
        relation = find_relation(self.analysis.snapshot, self.analysis.search_path, schema, name)
        if relation is None:
            if not self.analysis.lenient:
                raise undefined_relation(schema, name, position_of(node))
            place = schema or first_schema(self.analysis.search_path)
            node.set("db", exp.to_identifier(iris_schema(place)))
            return Source(alias, [], open=True)
        if relation.kind == "sequence":  # those in FROM are queries by now
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'cannot change sequence "{relation.name}"')
        node.set("db", exp.to_identifier(relation.schema))
        node.this.set("this", relation.name)
        node.meta["relation"] = relation
        fields = self._aliased(fields_of(relation), alias_node, alias)
        return Source(alias, fields, relation, schema=relation.schema)

    def _aliased(self, fields: list[Field], alias: exp.Expr | None, name: str) -> list[Field]:
        """With the names that ``AS alias (a, b)`` gives, which IRIS does not hear of."""
        columns = alias.args.get("columns") if alias is not None else None
        if alias is None or not columns:
            return fields
        names = [fold(column) for column in columns]
        _check_count(names, len(fields), name)
        alias.set("columns", None)
        named = [
            replace(entry, name=shown, column=entry.column or entry.name) for entry, shown in zip(fields, names, strict=False)
        ]
        return [*named, *fields[len(names) :]]

    def _renamed(self, outputs: Sequence[Output], columns: Sequence[exp.Expr] | None, name: str, query: exp.Expr) -> list[Field]:
        items = list(query.expressions) if isinstance(query, exp.Select) and query.args.get("distinct") is None else []
        names = [fold(column) for column in columns or ()]
        _check_count(names, len(outputs), name)
        names += [output.name for output in outputs[len(names) :]]
        return [
            Field(
                shown,
                output.kind,
                output.relation,
                output.attribute,
                output.nullable,
                output.collation,
                scale=output.scale,
                column=actual if actual != shown else "",
                item=items[place] if len(items) == len(outputs) else None,
                items=items_of(query, place, output),
                has_own_scales=has_own_scales(query, items[place] if len(items) == len(outputs) else None, output),
            )
            for place, (shown, actual, output) in enumerate(zip(names, unique_names(names), outputs, strict=True))
        ]


def is_comma(join: exp.Join) -> bool:
    """Whether it is the next entry of FROM: only a comma says nothing of how to join."""
    return not any(join.args.get(part) for part in ("kind", "side", "method", "on", "using"))


def _check_count(names: Sequence[str], available: int, table: str) -> None:
    if len(names) > available:
        message = f'table "{table}" has {available} columns available but {len(names)} columns specified'
        raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message)


def unique_names(names: Sequence[str]) -> list[str]:
    """What the columns of a derived table are called: IRIS needs each name once."""
    taken: set[str] = set()
    found = []
    for name in names:
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        found.append(name)
    return found


@dataclass(frozen=True)
class RowsCall:
    """A table of functions: its calls, and the kinds and names of its columns."""

    calls: list[exp.Expr]
    kinds: list[Kind]
    names: list[str]
    alias: str
    ordinality: bool
    depends: bool  # on columns of FROM


def _scale_of(call: exp.Expr, kind: Kind) -> int | None:
    """The decimals of a series of numbers, where its bounds tell them, and of an array's, where all have as many."""
    name = fold(call.this) if isinstance(call, exp.Anonymous) else ""
    if name == "unnest" and isinstance(unwrapped(call.expressions[0]), exp.Array):
        return common_scale(unwrapped(call.expressions[0]).expressions)
    if kind.oid != oids.NUMERIC or name != "generate_series":
        return None
    start, step = static_scale(call.expressions[0]), static_scale(call.expressions[2]) if len(call.expressions) > 2 else 0
    return start if start is not None and step is not None and step <= start else None


def _unnesting(node: exp.Expr) -> list[exp.Expr]:
    """UNNEST of several arrays is one of each, side by side."""
    inner = node.this if isinstance(node, exp.Lateral) else node
    if node.args.get("rows_from"):
        return [
            made for part in node.args["rows_from"] for made in ([part.this] if isinstance(part, exp.Table) else _unnesting(part))
        ]
    return [exp.Anonymous(this="unnest", expressions=[array]) for array in inner.expressions]


def _labels(columns: Sequence[tuple[str, Kind]], calls: Sequence[exp.Expr]) -> list[tuple[str, exp.Expr]]:
    """Each column's own name with the call it is of."""
    return [(label, calls[min(place, len(calls) - 1)]) for place, (label, _) in enumerate(columns)]


def _reference(source: Source, name: str) -> exp.Expr:
    found = source.find(name)
    if found is not None and found.value is not None:
        return copied(found.value)
    return exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(source.alias, quoted=True))


def _visible(sources: Sequence[Source]) -> list[str]:
    """The names of the columns that * shows."""
    return [entry.name.lower() for source in sources for entry in source.fields if entry.name.lower() not in source.hidden]
