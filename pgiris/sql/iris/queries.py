"""Grammar of SELECT, WITH and set operations. iris-reference 4.7 to 4.12"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from pgiris.sql.iris import nodes
from pgiris.sql.iris.expressions import Expressions
from pgiris.sql.iris.words import CLAUSE_WORDS, FROM_HINTS, NAMED_FROM_HINTS, SELECT_HINTS

SET_OPERATIONS: dict[str, type[exp.SetOperation]] = {"UNION": exp.Union, "EXCEPT": exp.Except, "INTERSECT": exp.Intersect}
JOIN_WORDS = ("INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "JOIN")


class Queries(Expressions):
    def reset(self) -> None:
        super().reset()
        self.limit_styles: set[str] = set()
        self.in_view = False

    def query(self, nested: bool) -> exp.Query:
        if not self.word("WITH"):
            return self._query_body(nested)
        if self.at("RECURSIVE"):
            raise self.fail(-1, "IDENTIFIER expected, RECURSIVE found: IRIS has no WITH RECURSIVE")
        self.since((2024, 1), -51)
        ctes = self.listed(self._cte)
        names = [cte.alias.upper() for cte in ctes]
        if len(set(names)) < len(names):
            raise self.fail(-382, "Duplicate common table expression name")
        if not self.at("SELECT") and not self.at_sign(TokenType.L_PAREN):
            raise self.fail(-383, f"WITH clause used with a statement other than SELECT: {self.found()}")
        query = self._query_body(nested)
        query.set("with_", exp.With(expressions=ctes))
        return query

    def _cte(self) -> exp.CTE:
        name = self.identifier()
        self.need("AS")
        return exp.CTE(this=self.in_parens(lambda: self.query(nested=True)), alias=exp.TableAlias(this=name))

    def _query_body(self, nested: bool) -> exp.Query:
        query, last = self._set_operation(("UNION", "EXCEPT"))
        combined = isinstance(query, exp.SetOperation)
        ordered = self.sequence("ORDER", "BY")
        if ordered:
            self._check_order(query, nested)
            query.set("order", exp.Order(expressions=self.listed(self.ordered)))
        # Without ORDER BY a LIMIT belongs to the last SELECT of a set operation (iris-reference 4.8).
        target = last if combined and not ordered else query
        if not (nested and ordered):
            self._limit(target)
        return query

    def _check_order(self, query: exp.Query, nested: bool) -> None:
        if nested and not nodes.is_top(query.args.get("limit")):
            code = -143 if self.in_view else -1
            raise self.fail(code, "ORDER BY in a subquery or view needs TOP", self._prev)

    def _set_operation(self, words: tuple[str, ...]) -> tuple[exp.Query, exp.Query]:
        """(the whole, its last SELECT). INTERSECT binds closer than the others."""

        def operand() -> tuple[exp.Query, exp.Query]:
            return self._operand() if words == ("INTERSECT",) else self._set_operation(("INTERSECT",))

        this, last = operand()
        while word := self.word(*words):
            keep = bool(self.word("ALL"))
            parallel = bool(self.word("%PARALLEL"))
            if keep and word != "UNION":
                raise self.fail(-1, f"{word} ALL is not documented for IRIS", self._prev)
            other, last = operand()
            this = SET_OPERATIONS[word](this=this, expression=other, distinct=not keep)
            this.meta["parallel"] = parallel
        return this, last

    def _operand(self) -> tuple[exp.Query, exp.Query]:
        if self.at_sign(TokenType.L_PAREN):
            wrapped = exp.Subquery(this=self.in_parens(lambda: self.query(nested=False)))
            return wrapped, wrapped
        select = self._select()
        return select, select

    def _select(self) -> exp.Select:
        self.need("SELECT")
        hints = []
        while hint := self.word(*SELECT_HINTS):
            hints.append(exp.var(hint))
        select = exp.Select(hint=exp.Hint(expressions=hints) if hints else None, distinct=self._distinct())
        if self.word("TOP"):
            select.set("limit", self._top())
        select.set("expressions", self.listed(self._item))
        if self.word("FROM"):
            self._from(select)
        if self.word("WHERE"):
            select.set("where", exp.Where(this=self.condition()))
        if self.sequence("GROUP", "BY"):
            select.set("group", exp.Group(expressions=self.listed(self.value)))
        if self.word("HAVING"):
            select.set("having", exp.Having(this=self.condition()))
        return select

    def _distinct(self) -> exp.Distinct | None:
        if not self.word("DISTINCT"):
            self.word("ALL")
            return None
        if not self.word("BY"):
            return exp.Distinct()
        return exp.Distinct(on=exp.Tuple(expressions=self.in_parens(lambda: self.listed(self.value))))

    def _item(self) -> exp.Expr:
        if self.sign(TokenType.STAR):
            return exp.Star()
        if self.is_name() and self._next.token_type == TokenType.DOT:
            start = self._index
            table = self.identifier()
            self._advance()
            if self.sign(TokenType.STAR):
                return exp.Column(this=exp.Star(), table=table)
            self._retreat(start)
        this = self.value()
        alias = self._alias()
        return exp.Alias(this=this, alias=alias) if alias else this

    def _alias(self) -> exp.Identifier | None:
        if self.word("AS"):
            return self.identifier()
        if self.is_name() and self.upper not in CLAUSE_WORDS and not self.upper.startswith("%"):
            return self.identifier()
        return None

    # Rows

    def _style(self, style: str) -> None:
        self.limit_styles.add(style)
        if len(self.limit_styles) > 1:
            raise self.fail(-386, "TOP, LIMIT and FETCH must not be mixed in one statement", self._prev)

    def _top(self) -> exp.Limit:
        self._style("TOP")
        return nodes.top(None if self.word("ALL") else self._count())

    def _count(self) -> exp.Expr:
        if self.sign(TokenType.PLACEHOLDER):
            return self.placeholder()
        if self.at_sign(TokenType.L_PAREN):
            return self.in_parens(self._count)
        if self.sign(TokenType.DASH):
            return exp.Neg(this=self.integer())
        return self.integer()

    def _limit(self, query: exp.Query) -> None:
        if self.word("LIMIT"):
            self.since((2025, 1), -25)
            self._style("LIMIT")
            count = exp.var("ALL") if self.word("ALL") else self._count()
            query.set("limit", exp.Limit(expression=count))
            if self.word("OFFSET"):
                query.set("offset", exp.Offset(expression=self._count()))
                self.word("ROW", "ROWS")
            return
        if self.word("OFFSET"):
            self.since((2025, 1), -25)
            query.set("offset", exp.Offset(expression=self._count()))
            self.word("ROW", "ROWS")
            self._style("OFFSET" if not self.at("FETCH") else "FETCH")
        if self.word("FETCH"):
            self.since((2025, 1), -25)
            self._style("FETCH")
            direction = self.word("FIRST", "NEXT") or "FIRST"
            count = exp.Literal.number(1) if self.at("ROW", "ROWS") else self._count()
            self.word("ROW", "ROWS")
            self.word("ONLY")
            query.set("limit", exp.Fetch(direction=direction, count=count))

    # Tables

    def _from(self, target: exp.Expr) -> None:
        hints = self._hints()
        first = self._table()
        joins = self._joins()
        while self.sign(TokenType.COMMA):
            table = self._table()
            inner = self._joins()
            if inner:
                table.set("joins", inner)
            joins.append(exp.Join(this=table))
        target.set("from_", exp.From(this=first, hints=hints))
        if joins:
            target.set("joins", joins)

    def _hints(self) -> list[exp.Expr]:
        hints: list[exp.Expr] = []
        while hint := self.word(*FROM_HINTS):
            hints.append(exp.var(hint))
            if hint in NAMED_FROM_HINTS:
                hints.append(self.table_name())
        return hints

    def _table(self) -> exp.Expr:
        if self.word("LATERAL"):
            table = self._table()
            lateral = exp.Lateral(this=table, alias=table.args.get("alias"))
            table.set("alias", None)
            return lateral
        table = self._unnamed_table()
        alias = self._alias() if not self.at(*JOIN_WORDS, "ON", "SET") else None
        if alias:
            table.set("alias", exp.TableAlias(this=alias))
        return table

    def _unnamed_table(self) -> exp.Expr:
        if self.sign(TokenType.L_PAREN):
            inner = self._table_in_parens()
            self.need_sign(TokenType.R_PAREN, ")")
            return exp.Subquery(this=inner)
        if self.at_sign(TokenType.L_BRACE):
            return self._outer_join()
        if self.at("JSON_TABLE") and self._next.token_type == TokenType.L_PAREN:
            self._advance()
            self.since((2024, 1))
            return exp.Table(this=self.in_parens(self._json_table))
        table = self.table_name()
        if self.at_sign(TokenType.L_PAREN):
            name = ".".join(part.sql() for part in (table.args.get("db"), table.this) if part)
            return exp.Table(this=exp.Anonymous(this=name, expressions=self.in_parens(self._arguments)))
        return table

    def _outer_join(self) -> exp.Expr:
        """``{oj a LEFT OUTER JOIN b ON ...}``"""
        self._advance()
        if not self.word("OJ"):
            raise self.fail(-40, f"ODBC escape extension {self.found()} is not supported")
        table = self._joined_table()
        self.need_sign(TokenType.R_BRACE, "}")
        return nodes.OuterJoin(this=table)

    def _json_table(self) -> exp.Expr:
        this = self.value()
        collection = self.sequence("FORMAT", "COLLECTION")
        self.need_sign(TokenType.COMMA, ",")
        path = self.string()
        return nodes.JsonTable(this=this, path=path, collection=collection, expressions=self._json_columns())

    def _json_columns(self) -> list[exp.Expr]:
        self.need("COLUMNS")
        return self.in_parens(lambda: self.listed(self._json_column))

    def _json_column(self) -> exp.Expr:
        if self.word("NESTED"):
            self.word("PATH")
            path = self.string()
            return nodes.JsonTableColumn(path=path, expressions=self._json_columns())
        name = self.identifier()
        if self.sequence("FOR", "ORDINALITY"):
            return nodes.JsonTableColumn(this=name, ordinality=True)
        kind = self.data_type()
        return nodes.JsonTableColumn(this=name, kind=kind, path=self.string() if self.word("PATH") else None)

    def _table_in_parens(self) -> exp.Expr:
        if self.at("SELECT", "WITH"):
            return self.query(nested=True)
        if self.at_sign(TokenType.L_PAREN):
            return self.attempt((lambda: self.query(nested=True), self._joined_table))
        return self._joined_table()

    def _joined_table(self) -> exp.Expr:
        table = self._table()
        table.set("joins", self._joins())
        return table

    def _joins(self) -> list[exp.Join]:
        joins = []
        while self.at(*JOIN_WORDS):
            joins.append(self._join())
        return joins

    def _join(self) -> exp.Join:
        natural = bool(self.word("NATURAL"))
        side = self.word("LEFT", "RIGHT", "FULL")
        kind = self.word("OUTER") if side else self.word("INNER", "CROSS")
        self.need("JOIN")
        join = exp.Join(this=self._table(), side=side or None, kind=kind or None)
        if natural:
            join.set("method", "NATURAL")
        elif kind != "CROSS":
            self._join_condition(join)
        if side == "FULL" and (natural or join.args.get("using")):
            raise self.fail(-94, "Unsupported usage of outer join: FULL with USING or NATURAL")
        return join

    def _join_condition(self, join: exp.Join) -> None:
        if self.word("USING"):
            join.set("using", self.names_in_parens())
            return
        if not self.word("ON"):
            raise self.expected("ON or USING")
        join.set("on", self.condition())
