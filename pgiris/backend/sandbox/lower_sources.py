"""Lowering of FROM: tables, views, subqueries and joins -> SQLite SQL and the columns that names may mean.

iris-reference 4.7, 4.11
"""

from __future__ import annotations

import json

from sqlglot import exp

from pgiris.backend.sandbox import casts, catalogpriv, information_schema, jsonpaths
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, TableDef
from pgiris.backend.sandbox.failures import refuse_system
from pgiris.backend.sandbox.iristypes import BIGINT, STRING, type_of
from pgiris.backend.sandbox.lower_conditions import LowerConditions
from pgiris.backend.sandbox.privileges import SELECT, Needs
from pgiris.backend.sandbox.scope import Borrowed, Scope, Source
from pgiris.backend.sandbox.tablefunctions import MAX_LATERAL_COLUMNS
from pgiris.backend.sandbox.typed import Binds, Typed, quoted
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import nodes

Named = tuple[str, Typed]  # a result column: name and value


class LowerSources(LowerConditions):
    ctes: dict[str, tuple[str, list[Named]]]  # upper-case name -> SQLite's name and columns

    def query(self, node: exp.Expr) -> tuple[str, list[Named]]:
        """SQL, whose columns are k1, k2 ..., and the columns' names and types."""
        raise NotImplementedError

    def _from(self, node: exp.Expr) -> str:
        from_ = node.args.get("from_")
        if from_ is None:
            return ""
        return f" FROM {self.table_and_joins(from_.this, node.args.get('joins') or [])}"

    def table_and_joins(self, first: exp.Expr, joins: list[exp.Expr]) -> str:
        sql = self._alone(first)
        for join in joins:
            sql += self._join(join)
        return sql

    def _source(self, node: exp.Expr) -> str:
        """An entry of FROM with the joins that belong to it."""
        inner = node.args.get("joins") or []
        sql = self.table_and_joins(node, inner)
        return f"({sql})" if inner else sql

    def _alone(self, node: exp.Expr) -> str:
        if isinstance(node, nodes.OuterJoin):
            return self._source(node.this)
        if isinstance(node, exp.Lateral):
            return self._lateral(node)
        if isinstance(node, exp.Subquery):
            return self._derived(node)
        return self._table(node)

    def _derived(self, node: exp.Subquery) -> str:
        if not isinstance(node.this, (exp.Query, exp.Subquery)) or _is_joined_table(node.this):
            return f"({self._source(node.this)})"
        outer = self.scope
        self.scope = Scope(parent=outer.parent)
        sql, columns = self.query(node.this)
        self.scope = outer
        name = self.next_alias()
        exposed = _exposed(name, columns)
        source = Source(node.alias, name, exposed)
        self._add(source)
        return f"({self._with_vid(node, source, sql)}) AS {name}"

    def _lateral(self, node: exp.Lateral) -> str:
        """A subquery that sees the tables before it; before a table-valued function the word changes nothing."""
        inner = node.this
        if not isinstance(inner, exp.Subquery):
            inner.set("alias", node.args.get("alias"))
            return self._source(inner)
        outer, ctes, binds = self.scope, self.ctes, self.binds
        seen = Binds(outside=binds)
        self.binds = seen
        self.scope = Scope(parent=Borrowed(outer, seen))
        sql, columns = self.query(inner.this)
        self.scope, self.binds = outer, binds
        if any(name in sql for name, _ in ctes.values()):
            raise not_supported("a LATERAL subquery that names a common table expression is not known to the sandbox")
        if len(columns) > MAX_LATERAL_COLUMNS:
            raise not_supported(f"a LATERAL subquery of more than {MAX_LATERAL_COLUMNS} columns is not known to the sandbox")
        name = self.next_alias()
        self._add(Source(node.alias, name, _exposed(name, columns)))
        return f"iris_lateral({quoted(sql)}, iris_pack({', '.join(seen.arguments)})) AS {name}"

    def _json_table(self, node: nodes.JsonTable, label: str) -> str:
        if node.args.get("collection"):
            raise not_supported("collections of documents are not known to the sandbox")
        name = self.next_alias()
        columns: list[Named] = []
        for column in node.expressions:
            if not column.args.get("kind") and not column.args.get("ordinality"):
                raise not_supported("NESTED PATH in JSON_TABLE is not known to the sandbox")
            if column.args.get("ordinality"):
                columns.append((column.name, Typed(f"{name}.number", BIGINT)))
                continue
            kind = column.args["kind"]
            path = column.args["path"].name if column.args.get("path") else f"$.{json.dumps(column.name)}"
            jsonpaths.parsed(path)
            text = Typed(f"iris_json_value({name}.value, {quoted(path)})", STRING)
            columns.append((column.name, casts.cast(self, text, type_of(kind), bool(kind.expressions))))
        jsonpaths.parsed(node.args["path"].name)
        document = self.text(node.this)
        self._add(Source(label, name, columns))
        return f"iris_json_rows({document}, {quoted(node.args['path'].name)}) AS {name}"

    def _table(self, node: exp.Expr) -> str:
        if isinstance(node.this, nodes.JsonTable):
            return self._json_table(node.this, node.alias or "JSON_TABLE")
        if isinstance(node.this, exp.Anonymous):
            if node.this.name.upper().startswith(catalogpriv.PREFIX):
                return self._catalog_query(node.this, node.alias)
            refuse_system(node.this.name)
            raise pg_error(-428, f"Stored procedure '{node.this.name}' not found", constraint=node.this.name)
        cte = self.ctes.get(node.name.upper()) if not node.args.get("db") else None
        name = self.next_alias()
        label = node.alias or node.name
        if cte is not None:
            self._add(Source(label, name, _exposed(name, cte[1])))
            return f"{cte[0]} AS {name}"
        schema = node.text("db") or self.default_schema
        if schema.upper() == "INFORMATION_SCHEMA":
            return self._information(node.name, name, label, schema)
        table = self.table(schema, node.name)
        self.needs.note(table, SELECT)
        if table.query is not None:
            return self._view(table, name, label, node)
        self._add(Source(label, name, table_columns(table, name), table, table.schema))
        return f"{table.storage} AS {name}"

    def _catalog_query(self, call: exp.Expr, label: str) -> str:
        """A query of %Library.SQLCatalogPriv. But for SQLUsers it is for who may do everything. Raises SQLCODE -428."""
        query = call.name.upper().removeprefix(catalogpriv.PREFIX)
        columns, takes = catalogpriv.COLUMNS.get(query), query not in catalogpriv.WITHOUT_ARGUMENT
        if columns is None or len(call.expressions) != takes:
            raise pg_error(-428, f"Stored procedure '{call.name}' not found", constraint=call.name)
        self.needs.everything |= query != "SQLUSERS"
        self.needs.lists = True
        name = self.next_alias()
        arguments = ", ".join(self.text(argument) for argument in call.expressions)
        named = [(column, Typed(f"{name}.k{number}", STRING)) for number, column in enumerate(columns.split(), 1)]
        self._add(Source(label, name, named))
        return f"iris_{query.lower()}({arguments}) AS {name}"

    def _information(self, view: str, name: str, label: str, schema: str) -> str:
        storage, columns = information_schema.view(view)
        shown, hidden = [], {}
        for number, (column, (type_, is_shown)) in enumerate(columns.items(), 1):
            typed = Typed(f"{name}.k{number}", type_, label=column)
            if is_shown:
                shown.append((column, typed))
            else:
                hidden[column.upper()] = typed
        self._add(Source(label, name, shown, schema=schema, hidden=hidden))
        return f"{storage} AS {name}"

    def table(self, schema: str, name: str) -> TableDef:
        refuse_system(schema)
        table = self.dictionary.find(schema or self.default_schema, name)
        if table is None:
            shown = name if (schema or DEFAULT_SCHEMA).upper() == DEFAULT_SCHEMA.upper() else f"{schema}.{name}"
            full = f"{(schema or self.default_schema).upper()}.{name.upper()}"
            raise pg_error(-30, f"Table '{full}' not found", table=shown)
        return table

    def _view(self, table: TableDef, name: str, label: str, node: exp.Expr) -> str:
        outer, ctes, uses, needs = self.scope, self.ctes, self.uses, self.needs
        self.scope, self.ctes, self.uses, self.needs = Scope(), {}, {}, Needs()
        assert table.query is not None
        sql, columns = self.query(self.parse_view(table.query))
        self.scope, self.ctes, self.uses, self.needs = outer, ctes, uses, needs
        exposed = []
        for number, (column, (_, typed)) in enumerate(zip(table.columns, columns, strict=False), 1):
            exposed.append((column.name, Typed(f"{name}.k{number}", typed.type, column=column, table=table, attribute=number)))
        source = Source(label, name, exposed, table, table.schema)
        self._add(source)
        return f"({self._with_vid(node, source, sql)}) AS {name}"

    def _with_vid(self, node: exp.Expr, source: Source, sql: str) -> str:
        """The rows of a subquery or view with their numbers, if the query around it asks for them."""
        if not _asks_for_vid(node):
            return sql
        source.hidden["%VID"] = Typed(f"{source.storage}.vid", BIGINT, label="Literal")
        return f"SELECT *, row_number() OVER () AS vid FROM ({sql})"

    def parse_view(self, query: str) -> exp.Expr:
        raise NotImplementedError

    def _refuse_aggregates(self, where: exp.Expr | None) -> None:
        raise NotImplementedError

    def _add(self, source: Source) -> None:
        if source.name and any(s.name.upper() == source.name.upper() and s.schema == source.schema for s in self.scope.sources):
            raise pg_error(-20, f"Name conflict over label '{source.name}'")
        self.scope.sources.append(source)

    # Joins

    def _join(self, join: exp.Expr) -> str:
        before = list(self.scope.sources)
        side, kind = join.text("side").upper(), join.text("kind").upper()
        sql = self._source(join.this)
        if not side and not kind and not join.args.get("on") and not join.args.get("using") and not join.args.get("method"):
            return f" CROSS JOIN {sql}"
        # SQLite keeps the order of tables in a CROSS JOIN: what reads the tables before it must come after them.
        dependent = isinstance(join.this, exp.Lateral) or isinstance(join.this.this, nodes.JsonTable)
        words = f" {side} JOIN" if side else " CROSS JOIN" if kind == "CROSS" or dependent else " JOIN"
        condition = self._join_condition(join, before, side)
        return f"{words} {sql}{f' ON {condition}' if condition else ''}"

    def _join_condition(self, join: exp.Expr, before: list[Source], side: str) -> str:
        on = join.args.get("on")
        if on is not None:
            self._refuse_aggregates(on)
            if on.find(nodes.Arrow):
                raise pg_error(-67, "Implicit join (arrow syntax) is not allowed in an ON clause")
            return self.condition(on)
        after = [source for source in self.scope.sources if source not in before]
        if join.args.get("using"):
            names = [column.name for column in join.args["using"]]
        elif join.text("method").upper() == "NATURAL":
            left = {name.upper() for source in before for name, _ in source.columns}
            names = [name for source in after for name, _ in source.columns if name.upper() in left]
        else:
            return ""
        tests = [self._merge(name, before, after, side) for name in names]
        return " AND ".join(tests) if tests else "1"

    def _merge(self, name: str, before: list[Source], after: list[Source], side: str) -> str:
        left, right = self._side(name, before), self._side(name, after)
        test = self.compare(exp.EQ, left, right)
        self.scope.merged[name.upper()] = copied(right if side == "RIGHT" else left)
        for source in after:
            source.merged.add(name.upper())
        return test

    def _side(self, name: str, sources: list[Source]) -> Typed:
        if sources is not None and name.upper() in self.scope.merged and len(sources) > 1:
            return copied(self.scope.merged[name.upper()])
        found = [typed for source in sources if (typed := source.find(name)) is not None]
        if len(found) > 1:
            raise pg_error(-27, f"Field '{name}' is ambiguous among the applicable tables", column=name)
        if not found:
            raise pg_error(-29, f"Field '{name.upper()}' not found in the applicable tables", column=name)
        return self.used(found[0])


def _asks_for_vid(node: exp.Expr) -> bool:
    """Whether the query around a subquery asks for the numbers of its rows."""
    select = node.find_ancestor(exp.Select)
    return select is not None and any(column.name.upper() == "%VID" for column in select.find_all(exp.Column))


def copied(typed: Typed) -> Typed:
    return Typed(**{name: getattr(typed, name) for name in typed.__dataclass_fields__})


def _exposed(name: str, columns: list[Named]) -> list[Named]:
    """Columns of a subquery as its user sees them."""
    exposed = []
    for number, (column, typed) in enumerate(columns, 1):
        seen = Typed(f"{name}.k{number}", typed.type, column=typed.column, table=typed.table, attribute=typed.attribute)
        exposed.append((column, seen))
    return exposed


def table_columns(table: TableDef, name: str) -> list[Named]:
    prefix = f"{name}." if name else ""
    return [
        (column.name, Typed(f"{prefix}{column.storage}", column.type, column=column, table=table, attribute=number))
        for number, column in enumerate(table.columns, 1)
    ]


def _is_joined_table(node: exp.Expr) -> bool:
    return isinstance(node, exp.Subquery) and node.args.get("joins") is not None and not isinstance(node.this, exp.Query)
