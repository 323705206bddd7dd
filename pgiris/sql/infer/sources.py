"""Sources: tables, subqueries and joins of FROM."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.infer.analysis import Output, fold
from pgiris.sql.infer.clauses import Clauses
from pgiris.sql.postgres import Unparsable, position_of
from pgiris.sql.scope import Field, Scope, Source, fields_of, find_relation, iris_schema, refuse_catalog, undefined_relation


class Sources(Clauses):
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
                position=self.parenthesis_before(node),
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


def _visible(sources: Sequence[Source]) -> list[str]:
    """The names of the columns that * shows."""
    return [entry.name.lower() for source in sources for entry in source.fields if entry.name.lower() not in source.hidden]
