# ruff: noqa: RUF012  (a dialect is made of class attributes)
"""Parser: statements of IRIS SQL -> sqlglot trees. Errors are IrisSyntaxError.

iris-reference 4.1, 4.15, 4.16, 7.6
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from pgiris.sql.iris.definitions import Definitions
from pgiris.sql.iris.words import DML_HINTS, words


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
        read = _STATEMENTS.get(word)
        if read is not None:
            self._advance()
            return read(self)
        if word in _COMMANDS:
            return self._command(word)
        raise self.fail(-51, f"SQL statement expected, {self.found()} found")

    def _command(self, word: str) -> exp.Command:
        """A statement that is kept as text after its first word."""
        start = self._curr
        self._advance(self._tokens_size - self._index)
        return exp.Command(this=word, expression=self.sql[start.end + 1 :].strip())

    # INSERT, UPDATE, DELETE

    def _dml_hints(self) -> None:
        while self.word(*DML_HINTS):
            pass

    def insert(self) -> exp.Insert:
        upsert = self.sequence("OR", "UPDATE")
        self._dml_hints()
        self.word("INTO")
        table: exp.Expr = self.table_name()
        insert = exp.Insert(alternative="UPDATE" if upsert else None)
        if self.word("SET"):
            columns, values = zip(*self.listed(self._assignment), strict=True)
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

    def _assignment(self) -> tuple[exp.Identifier, exp.Expr]:
        column = self.identifier()
        self.need_sign(TokenType.EQ, "=")
        return column, self.value()

    def update(self) -> exp.Update:
        self._dml_hints()
        update = exp.Update(this=self._target())
        if self.word("SET"):
            pairs = self.listed(self._assignment)
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
        if self.word("WHERE"):
            update.set("where", exp.Where(this=self.condition()))
        return update

    def delete(self) -> exp.Delete:
        self._dml_hints()
        self.word("FROM")
        delete = exp.Delete(this=self._target())
        if self.word("FROM"):
            delete.set("using", [self._sources().this])
        if self.word("WHERE"):
            delete.set("where", exp.Where(this=self.condition()))
        return delete

    def _target(self) -> exp.Table:
        table = self.table_name()
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
        self._dml_hints()
        return exp.TruncateTable(expressions=[self.table_name()])

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
        return exp.Command(this="SAVEPOINT", expression=self.identifier().name)

    def set_(self) -> exp.Expr:
        if self.word("TRANSACTION"):
            return exp.Command(this="SET TRANSACTION", expression=", ".join(self._transaction_modes()))
        self.need("OPTION")
        name = self.identifier().name.upper()
        self.need_sign(TokenType.EQ, "=")
        value = self._curr.text
        self._advance()
        return exp.Command(this="SET OPTION", expression=f"{name}={value}")


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
}
_COMMANDS = words(
    "BUILD CALL CANCEL COLLECT EXPLAIN FREEZE GRANT LOCK PURGE REVOKE TUNE UNFREEZE UNLOCK USE %CHECKPRIV %INTRANSACTION"
)
