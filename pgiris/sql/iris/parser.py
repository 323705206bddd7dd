# ruff: noqa: RUF012  (a dialect is made of class attributes)
"""Parser: statements of IRIS SQL -> sqlglot trees. Errors are IrisSyntaxError.

iris-reference 4.1, 4.15, 4.16, 7.6
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from pgiris.sql.iris import nodes
from pgiris.sql.iris.cursor import IrisSyntaxError
from pgiris.sql.iris.definitions import Definitions
from pgiris.sql.iris.phrases import Phrase, Piece, Read, phrase
from pgiris.sql.iris.utilities import PHRASES, Version
from pgiris.sql.iris.words import DML_HINTS


class Parser(Definitions):
    EXPRESSION_PARSERS = {
        exp.DataType: lambda self: self.data_type(),
        exp.Expr: lambda self: self.value(),
        exp.Condition: lambda self: self.condition(),
        exp.Select: lambda self: self.query(nested=False),
        exp.Identifier: lambda self: self.identifier(),
        exp.Table: lambda self: self.table_name(),
        exp.ColumnDef: lambda self: self.column_definition(),
        exp.Ordered: lambda self: self.ordered(),
    }

    def _parse(self, parse_method: Any, raw_tokens: list[Token], sql: str | None = None) -> list[exp.Expr | None]:
        for token in raw_tokens:
            if token.token_type == TokenType.SEMICOLON:
                self.sql = sql or ""
                raise self.fail(-25, "Input (;) encountered after end of query", token)
        return super()._parse(parse_method, raw_tokens, sql)

    def _parse_statement(self) -> exp.Expr:
        statement = self._statement()
        if self._curr:
            raise self.fail(-25, f"Input ({self._curr.text}) encountered after end of query")
        return statement

    def _statement(self) -> exp.Expr:
        word = self.upper
        if word in ("SELECT", "WITH") or self.at_sign(TokenType.L_PAREN):
            return self.query(nested=False)
        if self.at_sign(TokenType.L_BRACE):
            return self._odbc_call()
        readings = PHRASES.get(word)
        read = _STATEMENTS.get(word)
        if readings:
            return self._phrase(readings, read)
        if read is not None:
            self._advance()
            return read(self)
        raise self.fail(-51, f"SQL statement expected, {self.found()} found")

    def _phrase(self, readings: list[tuple[str, Read, Version | None]], read: Callable[[Parser], exp.Expr] | None) -> exp.Expr:
        """The statement as one of its phrases, else as the grammar for other statements with the same first word reads it."""
        start = self._index
        furthest: IrisSyntaxError | None = None
        for name, reading, since in readings:
            try:
                found = phrase(self, name, reading)
            except IrisSyntaxError as error:
                if furthest is None or error.position > furthest.position:
                    furthest = error
                self._retreat(start)
                continue
            if since is not None and self.dialect.version[:2] < since:
                raise self.fail(-51, f"SQL statement expected, {name} found: it came with IRIS {since[0]}.{since[1]}")
            return found
        assert furthest is not None
        if read is None:
            raise furthest
        self._advance()
        try:
            return read(self)
        except IrisSyntaxError as error:
            raise furthest if furthest.position > error.position else error from None

    def _odbc_call(self) -> exp.Expr:
        """``{call p(...)}``"""
        self._advance()
        if self.sign(TokenType.PLACEHOLDER):
            raise self.fail(-40, "A CALL whose value is a parameter is known to ODBC and JDBC drivers only", self._prev)
        if not self.at("CALL"):
            raise self.fail(-51, f"SQL statement expected, {self.found()} found")
        end = self._tokens_size - 1
        if self._tokens[end].token_type != TokenType.R_BRACE:
            raise self.expected("}")
        del self._tokens[end]
        self._tokens_size -= 1
        return phrase(self, "CALL", PHRASES["CALL"][0][1])

    def explain(self) -> exp.Expr:
        words = []
        while word := self.word("ALT", "ALL", "STAT", "STATS"):
            words.append(exp.var(word))
        if self.at("INSERT"):
            raise self.fail(-481, "EXPLAIN does not support INSERT")
        if self.word("UPDATE"):
            return nodes.Explain(this=self.update(), words=words)
        if self.word("DELETE"):
            return nodes.Explain(this=self.delete(), words=words)
        if not self.at("SELECT", "WITH") and not self.at_sign(TokenType.L_PAREN):
            raise self.fail(-51, f"SQL statement expected, {self.found()} found")
        return nodes.Explain(this=self.query(nested=False), words=words)

    # INSERT, UPDATE, DELETE

    def _dml_hints(self) -> exp.Hint | None:
        found = []
        while word := self.word(*DML_HINTS):
            found.append(exp.var(word))
        return exp.Hint(expressions=found) if found else None

    def insert(self) -> exp.Insert:
        upsert = self.sequence("OR", "UPDATE")
        hint = self._dml_hints()
        self.word("INTO")
        table: exp.Expr = self._changed_table()
        insert = exp.Insert(alternative="UPDATE" if upsert else None, hint=hint)
        if self.word("SET"):
            columns, values = zip(*self.listed(lambda: self._assignment(self._inserted)), strict=True)
            insert.set("this", exp.Schema(this=table, expressions=list(columns)))
            insert.set("expression", exp.Values(expressions=[exp.Tuple(expressions=list(values))]))
            return insert
        if self.sequence("DEFAULT", "VALUES"):
            insert.set("this", table)
            insert.set("default", True)
            return insert
        if self.at_sign(TokenType.L_PAREN):
            table = exp.Schema(this=table, expressions=self.names_in_parens())
        insert.set("this", table)
        if self.word("VALUES"):
            row = exp.Tuple(expressions=self.in_parens(lambda: self.listed(self._inserted)))
            insert.set("expression", exp.Values(expressions=[row]))
        else:
            insert.set("expression", self.query(nested=False))
        return insert

    def _inserted(self) -> exp.Expr:
        start = self._curr
        value = self.value()
        if value.find(exp.Query):
            raise self.fail(-144, "Subqueries are not allowed as inserted values", start)
        return value

    def _assignment(self, value: Callable[[], exp.Expr]) -> tuple[exp.Identifier, exp.Expr]:
        column = self.identifier()
        self.need_sign(TokenType.EQ, "=")
        return column, value()

    def update(self) -> exp.Update:
        update = exp.Update(hint=self._dml_hints(), this=self._target())
        if self.word("SET"):
            pairs = self.listed(lambda: self._assignment(self.value))
        else:
            columns = self.names_in_parens()
            self.need("VALUES")
            values = self.in_parens(lambda: self.listed(self.value))
            if len(columns) != len(values):
                raise self.fail(-116, "Cardinality mismatch in the list of values")
            pairs = list(zip(columns, values, strict=True))
        update.set("expressions", [exp.EQ(this=exp.Column(this=column), expression=value) for column, value in pairs])
        if self.word("FROM"):
            update.set("from_", self._sources())
        update.set("where", self._changed_where())
        return update

    def delete(self) -> exp.Delete:
        hint = self._dml_hints()
        self.word("FROM")
        delete = exp.Delete(hint=hint, this=self._target())
        if self.word("FROM"):
            delete.set("using", [self._sources().this])
        delete.set("where", self._changed_where())
        return delete

    def _changed_where(self) -> exp.Where | None:
        if not self.word("WHERE"):
            return None
        if self.sequence("CURRENT", "OF"):
            raise self.fail(-52, "Cursors are known to Embedded SQL only")
        return exp.Where(this=self.condition())

    def _changed_table(self) -> exp.Expr:
        """A table or view, or a query that could be one."""
        if not self.at_sign(TokenType.L_PAREN) or self._next.text.upper() != "SELECT":
            return self.table_name()
        return exp.Subquery(this=self.in_parens(lambda: self.query(nested=True)))

    def _target(self) -> exp.Expr:
        table = self._changed_table()
        alias = self._alias() if not self.at("SET", "FROM", "WHERE", "VALUES") else None
        if alias:
            table.set("alias", exp.TableAlias(this=alias))
        return table

    def _sources(self) -> exp.From:
        """A further FROM: its joins hang on its first table."""
        holder = exp.Select()
        self._from(holder)
        source: exp.From = holder.args["from_"]
        joins = holder.args.get("joins")
        if joins:
            source.this.set("joins", joins)
        return source

    def truncate(self) -> exp.TruncateTable:
        self.need("TABLE")
        return exp.TruncateTable(hint=self._dml_hints(), expressions=[self.table_name()])

    # Transactions

    def start(self) -> exp.Expr:
        self.need("TRANSACTION")
        modes = self._transaction_modes()
        return exp.Transaction(modes=modes)

    def _transaction_modes(self) -> list[str]:
        modes: list[str] = []
        while self._curr:
            if modes:
                self.need_sign(TokenType.COMMA, ",")
            modes.append(self._transaction_mode())
        return modes

    def _transaction_mode(self) -> str:
        if self.word("%COMMITMODE"):
            return f"%COMMITMODE {self.need('IMPLICIT', 'EXPLICIT', 'NONE')}"
        if self.sequence("ISOLATION", "LEVEL"):
            self.need("READ")
            return f"ISOLATION LEVEL READ {self.need('COMMITTED', 'UNCOMMITTED', 'VERIFIED')}"
        self.need("READ")
        return f"READ {self.need('ONLY', 'WRITE')}"

    def rollback(self) -> exp.Expr:
        self.word("WORK")
        if not self.word("TO"):
            return exp.Rollback()
        self.need("SAVEPOINT")
        return exp.Rollback(savepoint=self.identifier())

    def commit(self) -> exp.Expr:
        self.word("WORK")
        return exp.Commit()

    def savepoint(self) -> exp.Expr:
        if not self.is_name():
            raise self.fail(-301, "Savepoint name is missing or invalid")
        return Phrase(
            this="SAVEPOINT", expressions=[Piece(this=exp.var("SAVEPOINT")), Piece(this=self.identifier(), label="name")]
        )

    def set_(self) -> exp.Expr:
        if self.word("TRANSACTION"):
            return exp.Command(this="SET TRANSACTION", expression=", ".join(self._transaction_modes()))
        raise self.expected("OPTION or TRANSACTION")


_STATEMENTS: dict[str, Callable[[Parser], exp.Expr]] = {
    "INSERT": Parser.insert,
    "UPDATE": Parser.update,
    "DELETE": Parser.delete,
    "TRUNCATE": Parser.truncate,
    "CREATE": Parser.create,
    "ALTER": Parser.alter,
    "DROP": Parser.drop,
    "START": Parser.start,
    "COMMIT": Parser.commit,
    "ROLLBACK": Parser.rollback,
    "SAVEPOINT": Parser.savepoint,
    "SET": Parser.set_,
    "EXPLAIN": Parser.explain,
}
