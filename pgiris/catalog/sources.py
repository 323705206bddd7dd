"""Sources: the FROM clause of a catalog query.

PostgreSQL: queries-table-expressions
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import calls, computed, operators
from pgiris.catalog.casts import bound
from pgiris.catalog.empty import EMPTY
from pgiris.catalog.functions import OUT_NAMES, RECORDS, RELATION_FUNCTIONS, ROW_FUNCTIONS
from pgiris.catalog.names import SCHEMAS, Scope, Source, find_relation
from pgiris.catalog.relations import RELATIONS, CatalogRelation
from pgiris.catalog.typed import Field, Typed, element_of, is_array
from pgiris.compute.rowsets import ROW_SETS
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import INT8, Kind
from pgiris.sql.infer import fold
from pgiris.sql.infer.analysis import type_text
from pgiris.sql.infer.sources import is_comma
from pgiris.sql.postgres import position_of
from pgiris.sql.scope import undefined_relation
from pgiris.sql.trees import copied
from pgiris.types import oids
from pgiris.types.table import parse_type

if TYPE_CHECKING:
    from pgiris.catalog.queries import Queries


class Sources:
    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    def clause(self, node: exp.Select, scope: Scope) -> str:
        """The FROM clause with its joins; the scope gets its sources."""
        clause = node.args.get("from_")
        if clause is None:
            return ""
        sql = " FROM " + self._item(clause.this, scope, lateral=False)
        return sql + self._joins(node.args.get("joins") or (), scope, 0)

    def _joins(self, joins: Sequence[exp.Join], scope: Scope, start: int) -> str:
        """start: the place of the first source that the first of the joins joins to."""
        sql = ""
        for join in joins:
            place = len(scope.sources)
            sql += self._join(join, scope, start)
            if is_comma(join):
                start = place
        return sql

    def _join(self, join: exp.Join, scope: Scope, start: int) -> str:
        place, empty = len(scope.sources), scope.empty
        scope.empty = False
        item = self._item(join.this, scope, lateral=True)
        before, added = scope.sources[start:place], scope.sources[place:]
        side = join.args.get("side") or ""
        scope.empty = _is_empty(side.upper(), empty, scope.empty)
        using = [fold(c.this if isinstance(c, exp.Column) else c) for c in join.args.get("using") or ()]
        if (join.args.get("method") or "").upper() == "NATURAL":
            theirs = {field.name for source in added for field in source.shown()}
            using = [field.name for source in before for field in source.shown() if field.name in theirs]
        on: exp.Expr | None = join.args.get("on")
        if on is None and not using:
            return f", {item}" if is_comma(join) else f" CROSS JOIN {item}"
        words = " ".join(word for word in (side.upper(), "JOIN") if word)
        if on is None:
            return f" {words} {item} ON {self._using(using, before, added, side.upper())}"
        return f" {words} {item} ON {self._queries.expressions.condition(on, scope, 'JOIN/ON')}"

    def _using(self, names: Sequence[str], before: Sequence[Source], added: Sequence[Source], side: str) -> str:
        expressions, conditions, merged = self._queries.expressions, [], []
        for name in names:
            one, other = _common_column(name, before, "left"), _common_column(name, added, "right")
            one, other = operators.matched(expressions, one, other, "=", exp.Null())
            conditions.append(f"{one.sql} = {other.sql}")
            if side == "FULL":
                merged.append(Field(name, Typed(f"coalesce({one.sql}, {other.sql})", one.kind)))
            else:
                merged.append(Field(name, other if side == "RIGHT" else one))
        for source in (*before, *added):
            source.hidden.update(names)
            source.merged = [field for field in source.merged if field.name not in names]
        before[0].merged = merged + before[0].merged
        return " AND ".join(conditions)

    def _item(self, node: exp.Expr, scope: Scope, lateral: bool) -> str:
        if isinstance(node, exp.Lateral):
            alias = node.args.get("alias")
            inner = copied(node.this) if alias is not None else node.this
            if alias is not None:
                inner.set("alias", copied(alias))
            if isinstance(inner, exp.Anonymous):
                inner = exp.Table(this=node.this, alias=alias)
            return (
                self._item(inner, scope, lateral=True)
                if not isinstance(inner, exp.Subquery)
                else self._subquery(inner, scope, True)
            )
        if isinstance(node, exp.Unnest):
            return self._unnest(node, scope, lateral)
        if isinstance(node, exp.Table):
            return self._table(node, scope, lateral)
        if _is_join(node):
            return self._nested_join(node, scope)
        if isinstance(node, exp.Subquery | exp.Values):
            return self._subquery(node, scope, False) + self._joins(node.args.get("joins") or (), scope, 0)
        raise not_supported(f"{node.key.upper()} in FROM is not supported in a catalog query")

    def _nested_join(self, node: exp.Expr, scope: Scope) -> str:
        inner = Scope(scope.parent, ctes=scope.ctes)
        sql = self._item(node.this, inner, lateral=False) + self._joins(node.args.get("joins") or (), inner, 0)
        alias, columns = _alias(node, "")
        if alias:  # hides the names of the tables
            fields = [field for source in inner.sources for field in source.shown()]
            inner.sources = [Source(alias, _renamed(fields, columns, alias))]
        for source in inner.sources:
            scope.add(source)
        scope.empty |= inner.empty
        return f"({sql})"

    # Tables

    def _table(self, node: exp.Table, scope: Scope, lateral: bool) -> str:
        if node.args.get("rows_from"):
            return self._rows_from(node, scope, lateral)
        if isinstance(node.this, exp.Anonymous):
            sql = self._function(node, scope, lateral)
        elif isinstance(node.this, exp.Identifier):
            sql = self._relation(node, scope)
        else:
            raise not_supported("this form of table is not supported in a catalog query")
        joins = node.args.get("joins")
        return f"({sql}{self._joins(joins, scope, len(scope.sources) - 1)})" if joins else sql

    def _relation(self, node: exp.Table, scope: Scope) -> str:
        schema, name = fold(node.args.get("db")), fold(node.this)
        cte = scope.cte(name) if not schema else None
        alias, columns = _alias(node, name)
        sql_name = self._queries.name("t")
        if cte is not None:
            fields = [_column(sql_name, number, field) for number, field in enumerate(cte.fields, 1)]
            scope.add(Source(alias, _renamed(fields, columns, alias)))
            return f"{cte.sql} AS {sql_name}"
        relation = find_relation(schema, name)
        if relation is None:
            raise undefined_relation(schema, name, position_of(node))
        if node.args.get("sample"):
            raise not_supported("TABLESAMPLE is not supported in a catalog query")
        self._queries.relations.add(relation)
        scope.empty |= relation.name in EMPTY and relation.schema == "pg_catalog"
        fields = relation_fields(relation, sql_name)
        scope.add(Source(alias, _renamed(fields, columns, alias), schema or relation.schema, relation))
        return f"{relation.duckdb} AS {sql_name}"

    def _subquery(self, node: exp.Expr, scope: Scope, lateral: bool) -> str:
        alias, columns = _alias(node, "")
        inner: exp.Expr
        if isinstance(node, exp.Subquery) and (node.args.get("order") or node.args.get("limit") or node.args.get("with_")):
            inner = copied(node)
            inner.set("alias", None)
        else:
            inner = node if isinstance(node, exp.Values) else node.this
        outer = scope if lateral else Scope(scope.parent, ctes=scope.ctes)
        sql, fields = self._queries.query(inner, outer)
        sql_name = self._queries.name("t")
        shown = [_column(sql_name, number, field) for number, field in enumerate(fields, 1)]
        scope.add(Source(alias, _renamed(shown, columns, alias)))
        return f"{'LATERAL ' if lateral else ''}({sql}) AS {sql_name}"

    # Functions

    def _unnest(self, node: exp.Unnest, scope: Scope, lateral: bool) -> str:
        arrays = []
        for item in node.expressions:
            array = self._queries.expressions.typed(item, scope)
            if array.open:
                array = self._queries.expressions.coerce(array, Kind(oids.TEXT_ARRAY))
            if not is_array(array.oid):
                raise not_supported("unnest() of what is no array is not supported")
            arrays.append(array)
        fields = [Field("unnest", Typed(f"unnest({array.sql})", Kind(element_of(array.oid)))) for array in arrays]
        ordinality = ""
        offset = node.args.get("offset")
        alias, columns = _alias(node, "unnest")
        if offset:
            longest = f"greatest({', '.join(f'len({array.sql})' for array in arrays)})"
            ordinality = f"unnest(generate_series(1, {longest}))"
            if isinstance(offset, exp.Identifier):
                columns.append(fold(offset))
        return self._set_of(fields, ordinality, alias, columns, scope, lateral)

    def _set_of(
        self,
        fields: list[Field],
        ordinality: str,
        alias: str,
        columns: Sequence[str],
        scope: Scope,
        lateral: bool,
        own_name: str = "",
    ) -> str:
        """A subquery whose columns are sets. own_name: what the function calls its only column."""
        scalar = len(fields) == 1
        if scalar and not columns:
            fields = [Field(own_name or alias, fields[0].value)]
        if ordinality:
            fields.append(Field("ordinality", Typed(ordinality, INT8)))
        cells = ", ".join(f"{field.value.sql} AS c{number}" for number, field in enumerate(fields, 1))
        sql_name = self._queries.name("t")
        shown = [_column(sql_name, number, field) for number, field in enumerate(fields, 1)]
        scope.add(Source(alias, _renamed(shown, columns, alias), scalar=scalar))
        return f"{'LATERAL ' if lateral else ''}(SELECT {cells}) AS {sql_name}"

    def _function(self, node: exp.Table, scope: Scope, lateral: bool) -> str:
        call = node.this
        name = fold(call.this)
        schema = fold(node.args.get("db"))
        if schema and schema not in SCHEMAS:
            raise PgError(sqlstate.UNDEFINED_FUNCTION, f"function {schema}.{name}() does not exist")
        if name in RECORDS or (name in ROW_SETS and not calls.is_known(name)):
            return self._computed(node, name, scope, lateral)
        alias, columns = _alias(node, name)
        if name in RELATION_FUNCTIONS:
            return self._relation_function(RELATION_FUNCTIONS[name], alias, columns, scope)
        if name in ROW_FUNCTIONS:
            return self._row_function(node, name, alias, columns, scope, lateral)
        made = self._queries.expressions.typed(call, scope)
        if made.fields is not None:
            return self._set_of(list(made.fields), _ordinality(node), alias, columns, scope, lateral)
        ordinality = f"unnest(generate_series(1, len({made.sql[7:-1]})))" if made.srf and node.args.get("ordinality") else ""
        return self._set_of([Field(name, made)], ordinality, alias, columns, scope, lateral, OUT_NAMES.get(name, ""))

    def _computed(self, node: exp.Table, name: str, scope: Scope, lateral: bool) -> str:
        """A function of compute/rowsets.py, of records too, whose columns stand behind it."""
        expressions, alias = self._queries.expressions, node.args.get("alias")
        record = self._record(node, name) if name in RECORDS else []
        label, given = (fold(alias.this) or name, []) if record and alias is not None else _alias(node, name)
        arguments = [expressions.typed(item, scope) for item in node.this.expressions]
        found = computed.row_set(expressions, name, arguments, record, bool(node.args.get("ordinality")))
        if found is None:
            raise calls.undefined(name, arguments, position_of(node.this))
        sql_name = self._queries.name("t")
        kinds = [kind for _, kind in found.columns]
        values = [Typed(bound(f"r[{n}]", kind.oid, expressions.path), Kind(kind.oid)) for n, kind in enumerate(kinds, 1)]
        cells = [
            f"{(expressions.cast(value, kind) if kind.typmod >= 0 else value).sql} AS c{n}"
            for n, (value, kind) in enumerate(zip(values, kinds, strict=True), 1)
        ]
        fields = [Field(column or label, Typed(f"{sql_name}.c{n}", kind)) for n, (column, kind) in enumerate(found.columns, 1)]
        scope.add(Source(label, _renamed(fields, given, label), scalar=len(fields) == 1 and not record))
        sql = f"SELECT {', '.join(cells)} FROM (SELECT unnest({found.sql}) AS r)"
        return f"{'LATERAL ' if lateral else ''}({sql}) AS {sql_name}"

    def _record(self, node: exp.Table, name: str) -> list[tuple[str, Kind]]:
        """The columns of a record, which the query defines: ``AS t (a int, b text)``. Raises 42601."""
        alias = node.args.get("alias")
        columns = (alias.args.get("columns") or ()) if alias is not None else ()
        record = [
            (fold(column.this), Kind(*parse_type(type_text(column.args["kind"]))))
            for column in columns
            if isinstance(column, exp.ColumnDef)
        ]
        if not record:
            message = 'a column definition list is required for functions returning "record"'
            raise PgError(sqlstate.SYNTAX_ERROR, message, position=position_of(node.this))
        if node.args.get("ordinality"):
            raise PgError(sqlstate.SYNTAX_ERROR, "WITH ORDINALITY cannot be used with a column definition list")
        return record

    def _relation_function(self, name: str, alias: str, columns: Sequence[str], scope: Scope) -> str:
        """What a view of the catalog shows in PostgreSQL."""
        relation = RELATIONS["pg_catalog", name]
        self._queries.relations.add(relation)
        sql_name = self._queries.name("t")
        fields = [
            Field(column.name, Typed(f'{sql_name}."{column.name}"', Kind(column.oid, column.typmod)))
            for column in relation.columns
        ]
        scope.add(Source(alias, _renamed(fields, columns, alias)))
        return f"{relation.duckdb} AS {sql_name}"

    def _rows_from(self, node: exp.Table, scope: Scope, lateral: bool) -> str:
        """ROWS FROM (f(), g()): the sets side by side."""
        alias, columns = _alias(node, "")
        fields: list[Field] = []
        for table in node.args["rows_from"]:
            made = self._queries.expressions.typed(table.this, scope)
            fields += made.fields or [Field(fold(table.this.this), made)]
        if node.args.get("ordinality"):
            raise not_supported("ROWS FROM (...) WITH ORDINALITY is not supported in a catalog query")
        return self._set_of(list(fields), "", alias, columns, scope, lateral)

    def _row_function(self, node: exp.Table, name: str, alias: str, columns: Sequence[str], scope: Scope, lateral: bool) -> str:
        """A function that gives rows of several columns."""
        function = ROW_FUNCTIONS[name]
        arguments = [self._queries.expressions.typed(item, scope) for item in node.this.expressions]
        if len(arguments) != len(function.arguments):
            raise PgError(sqlstate.UNDEFINED_FUNCTION, f"function {name} does not exist with {len(arguments)} arguments")
        given = [
            self._queries.expressions.coerce(argument, Kind(oid)).sql
            for argument, oid in zip(arguments, function.arguments, strict=True)
        ]
        sql_name = self._queries.name("t")
        fields = [
            Field(column, Typed(f"{sql_name}.c{number}", Kind(oid))) for number, (column, oid) in enumerate(function.columns, 1)
        ]
        scope.add(Source(alias, _renamed(fields, columns, alias)))
        names = ", ".join(f"c{number}" for number in range(1, len(fields) + 1))
        return f"{'LATERAL ' if lateral and given else ''}({function.body.format(*given)}) AS {sql_name}({names})"


def _is_join(node: exp.Expr) -> bool:
    """Tables or named queries with their joins, in parentheses, which may be several."""
    if not isinstance(node, exp.Subquery | exp.Paren):
        return False
    first = node.this
    return isinstance(first, exp.Table) or (isinstance(first, exp.Subquery) and bool(first.args.get("joins"))) or _is_join(first)


def _is_empty(side: str, left: bool, right: bool) -> bool:
    """Whether a join has no row, when one side has none."""
    return {"LEFT": left, "RIGHT": right, "FULL": left and right}.get(side, left or right)


def _common_column(name: str, sources: Sequence[Source], which: str) -> Typed:
    """The column that a JOIN USING names. Raises 42703 and 42702."""
    found = [value for source in sources for value in source.visible(name)]
    if not found:
        message = f'column "{name}" specified in USING clause does not exist in {which} table'
        raise PgError(sqlstate.UNDEFINED_COLUMN, message)
    if len(found) > 1:
        message = f'common column name "{name}" appears more than once in {which} table'
        raise PgError(sqlstate.AMBIGUOUS_COLUMN, message)
    return found[0]


def _ordinality(node: exp.Table) -> str:
    if node.args.get("ordinality"):
        raise not_supported("WITH ORDINALITY of this function is not supported in a catalog query")
    return ""


def _alias(node: exp.Expr, default: str) -> tuple[str, list[str]]:
    alias = node.args.get("alias")
    if alias is None:
        return default, []
    if any(isinstance(column, exp.ColumnDef) for column in alias.args.get("columns") or ()):
        message = 'a column definition list is only allowed for functions returning "record"'
        raise PgError(sqlstate.SYNTAX_ERROR, message)
    columns = [fold(column) for column in alias.args.get("columns") or ()]
    return (fold(alias.this) if alias.this is not None else default), columns


def _renamed(fields: list[Field], names: Sequence[str], table: str) -> list[Field]:
    from pgiris.catalog.queries import renamed

    return renamed(fields, names, table) if names else fields


def _column(sql_name: str, number: int, field: Field) -> Field:
    value = field.value
    made = Typed(
        f"{sql_name}.c{number}",
        value.kind,
        relation=value.relation,
        attribute=value.attribute,
        from_zero=value.from_zero,
        mixed=value.mixed,
    )
    if value.fields is not None:
        parts = tuple(
            Field(part.name, Typed(f"{made.sql}[{place}]", part.value.kind)) for place, part in enumerate(value.fields, 1)
        )
        made = Typed(made.sql, made.kind, fields=parts)
    return Field(field.name, made)


def relation_fields(relation: CatalogRelation, sql_name: str) -> list[Field]:
    return [
        Field(
            column.name, Typed(f'{sql_name}."{column.name}"', Kind(column.oid, column.typmod), relation=relation.oid, attribute=n)
        )
        for n, column in enumerate(relation.columns, 1)
    ]
